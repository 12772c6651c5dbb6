"""The demo for the person at the keyboard: tells the story as it happens, and does what the keys say."""

import asyncio
from contextlib import ExitStack
from typing import Final

from standby.channels.phones import Phones
from standby.clock import Clock
from standby.demo import keys
from standby.demo.feed import Feed
from standby.demo.scene import Scene
from standby.demo.story import clock_time
from standby.demo.terminal import Terminal
from standby.errors import StandbyError
from standby.waitlist.offers import Accepted, Declined, Over

LOOK_EVERY: Final = 0.3  # seconds


async def play_live(
    terminal: Terminal, scene: Scene, feed: Feed, phones: Phones, clock: Clock, stop: asyncio.Event
) -> None:
    """Cancels a first appointment, and goes on until `stop`, or until somebody presses q, which sets it."""
    at_keyboard = keys.somebody_is_there()
    await feed.begin()
    with ExitStack() as shown:
        if at_keyboard:
            shown.enter_context(keys.single_keys())
        shown.enter_context(terminal.clocks(keys=at_keyboard))
        async with asyncio.TaskGroup() as parts:
            parts.create_task(_tell(terminal, scene, feed, phones, stop))
            if at_keyboard:
                parts.create_task(_obey(terminal, scene, clock, stop))
            await scene.cancel_another()


async def _tell(terminal: Terminal, scene: Scene, feed: Feed, phones: Phones, stop: asyncio.Event) -> None:
    while not stop.is_set():
        terminal.offers = await scene.open_offers()
        if lines := await feed.news():
            terminal.tell(lines)
            phones.nudge()
        try:
            await asyncio.wait_for(stop.wait(), LOOK_EVERY)
        except TimeoutError:
            continue


async def _obey(terminal: Terminal, scene: Scene, clock: Clock, stop: asyncio.Event) -> None:
    async for key in keys.pressed(stop):
        try:
            match key:
                case "q":
                    stop.set()
                case "c":
                    await scene.cancel_another()
                case "a" | "d" | "w":
                    await _answer(key, terminal, scene, clock)
                case _:
                    pass
        except StandbyError as error:  # Somebody was faster, on the page or in time.
            terminal.reply(error.message)


async def _answer(key: str, terminal: Terminal, scene: Scene, clock: Clock) -> None:
    """Accepts or declines the newest open offer, or says what comes of doing neither."""
    open_offers = await scene.open_offers()
    if not open_offers:
        terminal.reply("No offer is open. Press c to cancel an appointment.")
        return
    offer = open_offers[0]
    if key == "w":
        left = clock_time(offer.expires_at - clock())
        following = await scene.next_in_line(offer.slot_id)
        then = f"goes on to {following.name} (score {following.score})" if following else "stays open"
        terminal.reply(
            f"Do nothing, and {offer.customer} is reminded {offer.reminder_lead_seconds} s before the end; "
            f"in {left} the offer ends by itself, and the time {then}."
        )
        return
    match await (scene.accept(offer.id) if key == "a" else scene.decline(offer.id)):
        case Over(why):
            terminal.reply(f"Too late: the offer to {offer.customer} has ended ({why}).")
        case Accepted() | Declined():
            pass  # The story tells it.
