"""A salon's changes as they happen: to whom they come, what of them is told, and how streams begin, go on and end."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from standby.accounts import sessions
from standby.accounts.permissions import Role
from standby.channels.events import Reply
from standby.live.listening import CHANNEL
from standby.live.streams import MOST_WAITING, Change, Streams
from standby.messages import inbound
from standby.runtime import serve
from standby.tenants import closures
from standby.waitlist import history
from standby.web.app import create_app
from standby.wiring import System
from tests.accounts import browsing, sign_in, somebody
from tests.api import error_of, token_for
from tests.salon import Clock, Shop, open_shop, open_system

ROOT = Path(__file__).parents[2]
SOON = 10.0  # seconds that nothing here takes


@dataclass(frozen=True)
class Site:
    """A web server of a salon's. `stop` ends it."""

    url: str
    shop: Shop
    stop: asyncio.Event
    serving: asyncio.Task[None]

    def bearer(self, role: Role = Role.OWNER) -> dict[str, str]:
        return {"Authorization": f"Bearer {token_for(self.shop, role)}"}


@dataclass(frozen=True)
class Told:
    """One event as a browser takes it."""

    name: str
    place: str
    data: dict[str, Any]


class Reader:
    """Somebody who reads a stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._events = self._read()

    async def next(self) -> Told | None:
        """The next event; None: the stream has ended."""
        async with asyncio.timeout(SOON):
            return await anext(self._events, None)

    async def _read(self) -> AsyncIterator[Told]:
        fields: dict[str, str] = {}
        async for line in self.answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif "data" in fields:
                yield Told(fields["event"], fields["id"], json.loads(fields["data"]))
                fields = {}


@asynccontextmanager
async def served(parts: System, clock: Clock) -> AsyncIterator[Site]:
    stop, listening = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        serve(create_app(parts.web), "127.0.0.1", 0, stop, ready=listening.set_result)
    )
    yield Site(await listening, await open_shop(parts, clock), stop, serving)
    stop.set()
    await serving


@pytest.fixture
async def site(database_url: str, clock: Clock) -> AsyncIterator[Site]:
    async with (
        open_system(database_url, clock, live_streams=2, live_check_seconds=0.05) as parts,
        served(parts, clock) as site,
    ):
        yield site


@asynccontextmanager
async def reading(site: Site, **headers: str) -> AsyncIterator[Reader]:
    """A stream that has told that everything is to be looked at, as it begins."""
    async with (
        httpx.AsyncClient(base_url=site.url, headers=headers or site.bearer(), timeout=SOON) as client,
        client.stream("GET", "/api/events") as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        yield Reader(answer)


async def reload_comes(reader: Reader) -> str:
    """It is told that anything may have changed; the place where that is."""
    told = await reader.next()
    assert told is not None
    assert (told.name, told.data) == ("reload", {"type": "reload"})
    return told.place


async def test_who_reads_a_salon_is_told_of_its_changes_and_never_of_anothers(site: Site) -> None:
    theirs = await open_shop(site.shop.system, site.shop.clock, slug="theirs")
    of_them = {"Authorization": f"Bearer {token_for(theirs)}"}
    async with reading(site) as one, reading(site) as two, reading(site, **of_them) as stranger:
        for reader in (one, two, stranger):
            await reload_comes(reader)
        their_booking = await theirs.book()
        booking = await site.shop.book()
        for reader in (one, two):
            slot, booked = await reader.next(), await reader.next()
            assert slot is not None
            assert booked is not None
            assert booked.name == f"waitlist:salon:{site.shop.salon.id}"
            assert booked.data.keys() == {"type", "id", "at"}
            assert (slot.data["type"], booked.data["type"]) == ("slot.booked", "booking.confirmed")
            assert booked.data["id"] == str(booking)
        await stranger.next()
        seen = await stranger.next()
        assert seen is not None
        assert (seen.data["id"], seen.name) == (str(their_booking), f"waitlist:salon:{theirs.salon.id}")


async def test_a_time_away_is_told_of_when_it_is_added_and_when_it_is_taken_back(site: Site) -> None:
    shop, at = site.shop, site.shop.tomorrow()
    async with reading(site) as reader:
        await reload_comes(reader)
        async with shop.transaction() as tx:
            closure = await closures.add(tx, None, at, at + timedelta(hours=1), "closed", now=shop.clock())
        added = await reader.next()
        async with shop.transaction() as tx:
            await closures.remove(tx, closure)
        removed = await reader.next()
        for told in (added, removed):
            assert told is not None
            assert (told.data["type"], told.data["id"]) == ("closure.changed", str(closure))


async def test_who_comes_back_is_told_what_they_missed_or_to_look_at_everything(site: Site) -> None:
    async with reading(site) as reader:
        place = await reload_comes(reader)
    booking = await site.shop.book()
    async with reading(site, **site.bearer(), **{"Last-Event-ID": place}) as reader:
        told = [await reader.next(), await reader.next()]
        assert [one.data["type"] for one in told if one] == ["slot.booked", "booking.confirmed"]
        assert told[1] is not None
        assert told[1].data["id"] == str(booking)
    for unknown in ("0123456789ab-1", place.replace("-", "-9"), "nonsense", f"{place}x"):
        async with reading(site, **site.bearer(), **{"Last-Event-ID": unknown}) as reader:
            await reload_comes(reader)


async def test_a_lost_connection_is_made_anew_and_everybody_told_to_look(
    site: Site, database_url: str
) -> None:
    async with reading(site) as reader:
        before = await reload_comes(reader)
        owner = await asyncpg.connect(database_url)
        ended = await owner.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE application_name = 'standby live' AND datname = current_database()"
        )
        await owner.close()
        assert ended == 1
        assert await reload_comes(reader) != before
        await site.shop.join()
        told = await reader.next()
        assert told is not None
        assert told.data["type"] == "entry.waiting"


async def test_a_stream_ends_with_what_opened_it(site: Site) -> None:
    async with AsyncExitStack() as open_:
        client = await open_.enter_async_context(httpx.AsyncClient(base_url=site.url, headers=site.bearer()))
        made = await client.post("/api/api-keys", json={"name": "wall", "scopes": ["book:read"]})
        by_key = await open_.enter_async_context(reading(site, Authorization=f"Bearer {made.json()['key']}"))
        await somebody(site.shop)
        browser = await open_.enter_async_context(browsing(site.shop))
        await sign_in(browser)
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        by_cookie = await open_.enter_async_context(reading(site, Cookie=cookie))
        for reader in (by_key, by_cookie):
            await reload_comes(reader)
        assert (await client.delete(f"/api/api-keys/{made.json()['id']}")).status_code == 204
        assert await by_key.next() is None
        assert (await browser.post("/api/auth/sign-out")).status_code == 204
        assert await by_cookie.next() is None


async def test_being_asked_after_does_not_keep_a_session_from_ending_unused(shop: Shop) -> None:
    await somebody(shop)
    async with browsing(shop) as browser:
        await sign_in(browser)
        [token] = browser.cookies.values()
    pool, clock = shop.system.pool, shop.clock
    assert await sessions.find(pool, token, now=clock.forward(days=6), used=False) is not None
    assert await sessions.find(pool, token, now=clock.forward(days=2), used=False) is None


async def test_a_salon_has_so_many_streams_and_the_next_is_refused(site: Site) -> None:
    async with reading(site) as one, reading(site) as two:
        for reader in (one, two):
            await reload_comes(reader)
        async with httpx.AsyncClient(base_url=site.url, headers=site.bearer()) as client:
            refused = await client.get("/api/events")
            assert error_of(refused, 429)["code"] == "TOO_MANY_STREAMS"
            assert refused.headers["Retry-After"] == "60"
    streams = site.shop.system.web.live.streams
    async with asyncio.timeout(SOON):
        while streams.count:  # noqa: ASYNC110 - the server notices when it does, and tells nobody
            await asyncio.sleep(0.01)
    async with reading(site) as again:
        await reload_comes(again)


async def test_a_stopping_server_ends_its_streams_at_once(site: Site) -> None:
    async with reading(site) as reader:
        await reload_comes(reader)
        site.stop.set()
        async with asyncio.timeout(2):  # uvicorn would wait for three seconds.
            assert await reader.next() is None
            await site.serving


async def test_who_may_not_read_messages_is_not_told_of_them(site: Site) -> None:
    async with reading(site) as owner, reading(site, **site.bearer(Role.VIEWER)) as viewer:
        for reader in (owner, viewer):
            await reload_comes(reader)
        async with site.shop.transaction() as tx:
            reply = Reply("SM1", site.shop.clock(), None, "+4790000000", "Hello?", None, None, None)
            await inbound.take(tx, "sms", reply, now=site.shop.clock())
        await site.shop.join()
        first, joined = await owner.next(), await viewer.next()
        assert first is not None
        assert joined is not None
        assert (first.data["type"], joined.data["type"]) == ("reply.received", "entry.waiting")


async def test_how_a_message_fares_is_told_to_those_who_may_read_it_and_to_no_other_salon(site: Site) -> None:
    shop = site.shop
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    of_them = {"Authorization": f"Bearer {token_for(theirs)}"}
    async with (
        reading(site) as owner,
        reading(site, **site.bearer(Role.VIEWER)) as viewer,
        reading(site, **of_them) as stranger,
    ):
        for reader in (owner, viewer, stranger):
            await reload_comes(reader)
        await shop.book(notify=True)
        await shop.run_jobs()
        for state in ("sent", "delivered", "read"):
            await _reported(shop, state)
        await shop.join()
        await theirs.join()
        assert [await _type(owner) for _ in range(7)] == [
            "slot.booked",
            "booking.confirmed",
            "message.queued",
            "message.sent",
            "message.delivered",
            "message.read",
            "entry.waiting",
        ]
        assert [await _type(viewer) for _ in range(3)] == [
            "slot.booked",
            "booking.confirmed",
            "entry.waiting",
        ]
        assert await _type(stranger) == "entry.waiting"


async def _type(reader: Reader) -> str | None:
    told = await reader.next()
    return told.data["type"] if told else None


async def _reported(shop: Shop, state: str) -> None:
    """The provider says what became of the one message."""
    async with shop.transaction() as tx:
        await tx.execute(
            "SELECT note_delivery(id, channel, provider, provider_id, $1, '', '', $2, $2) FROM messages",
            state,
            shop.clock(),
        )


async def test_every_state_of_a_message_that_is_told_stands_in_the_docs(shop: Shop) -> None:
    rows = await shop.all(
        "SELECT pg_get_constraintdef(oid) AS says FROM pg_constraint "
        "WHERE conname IN ('messages_status_check', 'messages_delivery_check')"
    )
    states = {state for row in rows for state in re.findall(r"'(\w+)'", row["says"])}
    documented = set(re.findall(r"`message\.(\w+)`", (ROOT / "docs/events.md").read_text()))
    assert documented == states - {"sending"}


async def test_a_transaction_tells_of_a_change_once_and_of_fifty_rows_at_most(
    shop: Shop, database_url: str
) -> None:
    async def tell(rows: Sequence[UUID]) -> None:
        async with shop.transaction() as tx:
            for row in rows:
                await history.record(
                    tx, "entry", row, reason="test", actor="test", at=shop.clock(), details={}
                )

    heard: list[str] = []
    connection = await asyncpg.connect(database_url)
    await connection.add_listener(CHANNEL, lambda *told: heard.append(told[-1]))
    row = uuid4()
    await tell([row, row])
    await tell([uuid4() for _ in range(60)])
    await connection.execute("SELECT 1")
    await connection.close()
    assert heard[0].startswith(f"{shop.salon.id} entry.changed {row} ")
    assert len(heard) == 1 + 50 + 1
    assert heard[-1] == f"{shop.salon.id} reload"


async def test_a_reader_who_is_too_far_behind_is_told_to_look_anew_and_let_go() -> None:
    salon, streams = UUID(int=1), Streams(most=1)
    with streams.opened(salon, None) as stream:
        assert (await stream.next(0)) is not None
        for number in range(MOST_WAITING + 1):
            streams.tell(Change(salon, "booking.created", UUID(int=number), "2026-11-23T12:00:00+00:00"))
        last = await stream.next(0)
        assert last is not None
        assert last.change == Change(salon, "reload")
        assert stream.over
        assert await stream.next(0) is None
    with streams.opened(salon, last.place) as stream:  # What it begins with again it has seen.
        streams.tell(Change(salon, "slot.opened", UUID(int=5), "2026-11-23T12:00:01+00:00"))
        told = await stream.next(0)
        assert told is not None
        assert told.change.type == "slot.opened"


async def test_who_missed_more_than_a_stream_keeps_is_told_once_to_look_anew_and_stays() -> None:
    salon, streams = UUID(int=1), Streams(most=1)
    with streams.opened(salon, None) as stream:
        first = await stream.next(0)
    assert first is not None
    for number in range(MOST_WAITING * 3):
        streams.tell(Change(salon, "booking.created", UUID(int=number), "2026-11-23T12:00:00+00:00"))
    with streams.opened(salon, first.place) as stream:
        told = await stream.next(0)
        assert told is not None
        assert told.change == Change(salon, "reload")
        assert not stream.over
        assert await stream.next(0) is None
    with streams.opened(salon, told.place) as stream:
        assert await stream.next(0) is None
