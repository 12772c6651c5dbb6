"""One story that plays by itself, over HTTP as customers and salons do it: a no, a silence, a yes.

Then it looks in the database whether all is as it should be.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

import aiohttp

from standby.channels.base import Outgoing
from standby.channels.phones import Phones
from standby.demo.checks import SQL, examine
from standby.demo.feed import Feed
from standby.demo.scene import Chance, Scene
from standby.demo.story import Line, Mood
from standby.demo.terminal import Terminal
from standby.errors import StandbyError
from standby.tenants.scope import tenant_transaction
from standby.wiring import System

PATIENCE: Final = 20  # seconds for the whole story
LOOK_EVERY: Final = 0.05  # seconds

T = TypeVar("T")


class StoryWentWrong(StandbyError):
    """The story did not go as it should."""


@dataclass
class Story:
    """One performance; `address` and `token` are those of the running web server."""

    terminal: Terminal
    scene: Scene
    feed: Feed
    system: System
    address: str
    token: str
    lines: list[Line] = field(default_factory=list)

    async def play(self, stop: asyncio.Event) -> None:
        """Plays it, prints it and checks it. Raises StoryWentWrong when something is not as expected."""
        chance = await self.scene.find_story()
        await self.feed.begin()
        ended = asyncio.Event()
        telling = asyncio.create_task(self._tell(ended))
        try:
            slot_id = await _until_stopped(stop, self._perform(chance))
        finally:
            ended.set()
            await telling
        cancelled = next(line for line in self.lines if line.mood is Mood.CANCELLED)
        self.terminal.timeline(self.lines, cancelled.at)
        await self._check(chance, slot_id)

    async def _perform(self, chance: Chance) -> UUID:
        """The appointment is cancelled, the first says no, the second nothing, the third yes. Returns the slot."""
        phones = self.system.phones
        async with aiohttp.ClientSession(self.address) as browser:
            slot_id = await self._cancel(browser, chance.booking_id)
            await _answer(browser, await _arrival(phones, "offer", 1), "decline")
            await _arrival(phones, "offer", 2)
            await _answer(browser, await _arrival(phones, "offer", 3), "accept")
            await _arrival(phones, "booked", 1)
        await self._all_recorded(slot_id)
        return slot_id

    async def _cancel(self, browser: aiohttp.ClientSession, booking_id: UUID) -> UUID:
        path, by_salon = f"/api/bookings/{booking_id}/cancel", {"Authorization": f"Bearer {self.token}"}
        async with browser.post(path, headers=by_salon) as answer:
            if answer.status != 200:
                raise StoryWentWrong(f"POST {path} answered {answer.status}: {await answer.text()}")
            return UUID((await answer.json())["slot"]["slot_id"])

    async def _all_recorded(self, slot_id: UUID) -> None:
        """Waits until what was sent is written down as sent."""
        while True:
            async with tenant_transaction(self.system.pool, self.scene.salon.id) as tx:
                rows = await tx.fetch(SQL["messages_of_slot"], slot_id)
            if all(row["status"] not in ("queued", "sending") for row in rows):
                return
            await asyncio.sleep(LOOK_EVERY)

    async def _tell(self, ended: asyncio.Event) -> None:
        over = False
        while not over:
            over = ended.is_set()  # and then one last look
            news = await self.feed.news()
            self.terminal.tell(news)
            self.lines += news
            await asyncio.sleep(0 if over else LOOK_EVERY)

    async def _check(self, chance: Chance, slot_id: UUID) -> None:
        system = self.system
        async with tenant_transaction(system.pool, self.scene.salon.id) as tx:
            checks = await examine(tx, system.worker_pool, chance, slot_id, system.clock())
        self.terminal.checks(checks)
        if wrong := [check for check in checks if not check.good]:
            raise StoryWentWrong(f"{len(wrong)} of {len(checks)} checks failed")
        self.terminal.good(f"All {len(checks)} checks are good")


async def _until_stopped(stop: asyncio.Event, performance: Coroutine[Any, Any, T]) -> T:
    """The result, unless somebody stops it or it takes too long: then StoryWentWrong."""
    playing, stopping = asyncio.create_task(performance), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({playing, stopping}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if playing.done():
            return playing.result()
        raise StoryWentWrong("Stopped" if stop.is_set() else f"The story had no end within {PATIENCE} s")
    finally:
        for task in (playing, stopping):
            task.cancel()


async def _arrival(phones: Phones, kind: str, number: int) -> Outgoing:
    """Waits for the first, second … message of a kind on the phones."""
    while len(found := [one.message for one in phones.messages if one.message.kind == kind]) < number:
        await phones.next_arrival()
    return found[number - 1]


async def _answer(browser: aiohttp.ClientSession, offer: Outgoing, how: str) -> None:
    """Opens the offer's page, as its customer does, and presses the button."""
    page = "/o/" + (offer.link or "").rpartition("/")[2]
    for answer in (browser.get(page), browser.post(f"{page}/{how}")):
        async with answer as shown:
            if shown.status != 200:
                raise StoryWentWrong(f"{shown.method} {shown.url.path} answered {shown.status}")
