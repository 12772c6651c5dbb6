"""What all linked calendars have in common, with one that lies on the table: read, written, failing, mended."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import httpx
import pytest
from cryptography.fernet import Fernet

from standby import clock as wall_clock
from standby.calendars import links
from standby.calendars.base import (
    Busy,
    Changes,
    Event,
    Link,
    NotModified,
    Reading,
    Reconnect,
    Refused,
    Retry,
    Whole,
    Window,
    Writing,
    Written,
)
from standby.calendars.links import Found
from standby.calendars.reading import BEHIND, read
from standby.calendars.writing import LEASE, write
from standby.jobs.readings import LATER, OF_ONE_SALON, Readings
from standby.jobs.timers import take_due
from standby.messages.sealing import Seal
from standby.runtime import work
from tests.api import calling, error_of
from tests.salon import MONDAY_NOON, Clock, Shop, at_once, open_shop, open_system

T = TypeVar("T")
KEY = Fernet.generate_key().decode()
HOUR = timedelta(hours=1)
WANTED = "SELECT id, link_id, written, wanted, attempts, next_attempt_at, failure, place FROM calendar_events"


class WallClock(Clock):
    """The real time, for what has to wait for it."""

    def __call__(self) -> datetime:
        return wall_clock.now()


class Killed(BaseException):
    """The worker died."""


@dataclass
class Paper:
    """A calendar on the table: says what it is told to say, and keeps what it is given."""

    says: deque[Reading | BaseException] = field(default_factory=deque)
    does: deque[Writing | BaseException] = field(default_factory=deque)
    reads: list[tuple[Link, Window]] = field(default_factory=list)
    events: dict[tuple[str, str], Event] = field(default_factory=dict)
    writes: list[Event] = field(default_factory=list)
    waiting: asyncio.Event | None = None  # A write holds until it is set.
    began: asyncio.Event = field(default_factory=asyncio.Event)  # A write did.
    asked: asyncio.Event = field(default_factory=asyncio.Event)  # A reading was.

    async def read(self, link: Link, window: Window) -> Reading:
        self.reads.append((link, window))
        self.asked.set()
        usual: Reading = NotModified()
        return self._next(self.says, usual)

    async def write(self, link: Link, event: Event) -> Writing:
        self.writes.append(event)
        self.began.set()
        if self.waiting is not None:
            await self.waiting.wait()
        usual: Writing = Written({"at": event.starts_at.isoformat()})
        outcome = self._next(self.does, usual)
        if isinstance(outcome, Written):
            self._show(link, event)
        return outcome

    def _show(self, link: Link, event: Event) -> None:
        if event.gone:
            self.events.pop((link.address, event.name), None)
        else:
            self.events[link.address, event.name] = event

    def shown(self, address: str = "kim") -> list[datetime]:
        return sorted(event.starts_at for (where, _), event in self.events.items() if where == address)

    @staticmethod
    def _next(told: deque[T | BaseException], usual: T) -> T:
        outcome = told.popleft() if told else usual
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


@dataclass(frozen=True)
class World:
    shop: Shop
    paper: Paper

    async def link(
        self, *, staff: UUID | None = None, address: str = "kim", writes: bool = True, secrets: str = "hush"
    ) -> UUID:
        found = Found(staff or self.shop.kim, "caldav", address, {"password": secrets}, writes=writes)
        async with self.shop.transaction() as tx:
            return await links.connect(
                tx, found, seal=self.shop.system.calendars.seal(), now=self.shop.clock()
            )

    async def busy(self) -> list[tuple[str, datetime, datetime]]:
        return [tuple(row) for row in await self.shop.all(
            "SELECT event_id, starts_at, ends_at FROM busy_times ORDER BY starts_at"
        )]  # fmt: skip

    async def state(self) -> Any:
        return await self.shop.one("SELECT * FROM calendar_links")


@pytest.fixture
async def world(database_url: str, clock: Clock) -> AsyncIterator[World]:
    paper = Paper()
    async with open_system(database_url, clock, calendars={"caldav": paper}, sealing_keys=KEY) as parts:
        yield World(await open_shop(parts, clock), paper)


@pytest.fixture
async def api(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(world.shop) as client:
        yield client


def busy_at(event_id: str, at: datetime, lasts: timedelta = HOUR) -> Busy:
    return Busy(event_id, at, at + lasts)


# Reading.


async def test_a_linked_calendar_is_read_at_once_and_again_every_ten_minutes(world: World) -> None:
    at = world.shop.tomorrow()
    world.paper.says.append(Whole([busy_at("dentist", at)], {"token": "1"}))
    await world.link()
    await world.shop.pass_time(seconds=0)
    assert await world.busy() == [("dentist", at, at + HOUR)]
    [(link, window)] = world.paper.reads
    assert (link.address, link.secrets, link.place) == ("kim", {"password": "hush"}, {})
    assert window.starts_at < world.shop.clock() < at < window.ends_at
    row = await world.state()
    assert (row["state"], row["read_at"], row["place"]) == ("active", world.shop.clock(), {"token": "1"})
    assert b"hush" not in row["secrets"]

    await world.shop.pass_time(minutes=9)
    assert len(world.paper.reads) == 1
    await world.shop.pass_time(minutes=1)
    assert [link.place for link, _ in world.paper.reads] == [{}, {"token": "1"}]
    assert await world.busy() == [("dentist", at, at + HOUR)]  # Nothing has changed.


async def test_changes_touch_the_events_that_they_name_and_a_whole_reading_all(world: World) -> None:
    at = world.shop.tomorrow()
    said: Sequence[Reading] = (
        Whole([busy_at("a", at), busy_at("b", at), busy_at("b", at + 2 * HOUR)], {"n": 1}),
        Changes(["b", "c"], [busy_at("c", at + HOUR)], {"n": 2}),
        Whole([busy_at("d", at)], {"n": 3}),
    )
    await world.link()
    seen = []
    for one in said:
        world.paper.says.append(one)
        await world.shop.pass_time(minutes=10)
        seen.append(sorted(event_id for event_id, _, _ in await world.busy()))
    assert seen == [["a", "b", "b"], ["a", "c"], ["d"]]


async def test_what_is_over_is_forgotten(world: World) -> None:
    at = world.shop.tomorrow()
    world.paper.says.append(Whole([busy_at("a", at)], {"n": 1}))
    await world.link()
    await world.shop.pass_time(seconds=0)
    world.paper.says.append(Changes([], [], {"n": 2}))
    await world.shop.pass_time(days=2, hours=2)
    assert await world.busy() == []
    assert timedelta(days=2) > BEHIND


async def test_a_failing_calendar_is_tried_less_and_less_often_and_keeps_what_is_known(world: World) -> None:
    at = world.shop.tomorrow()
    world.paper.says += [Whole([busy_at("a", at)], {}), *([Retry("HTTP 503")] * 6)]
    await world.link()
    await world.shop.pass_time(seconds=0)
    waits = []
    await world.shop.pass_time(minutes=10)
    for _ in range(6):
        row = await world.state()
        assert (row["state"], row["failure"]) == ("failing", "HTTP 503")
        waits.append((row["next_read_at"] - world.shop.clock()) / timedelta(minutes=1))
        await world.shop.pass_time(minutes=waits[-1])
    assert waits == [1, 2, 5, 15, 60, 60]
    assert await world.busy() == [("a", at, at + HOUR)]
    row = await world.state()
    assert (row["state"], row["failure"], row["failures"], row["failing_since"]) == ("active", None, 0, None)
    [notice] = await world.shop.all("SELECT kind, details FROM notices")
    assert notice["kind"] == "calendar_failing"
    assert (notice["details"]["failure"], notice["details"]["calendar"]) == ("HTTP 503", "caldav")

    world.paper.says += [Retry("HTTP 500")] * 3  # Another spell: the salon is told again.
    await world.shop.pass_time(minutes=10)
    await world.shop.pass_time(minutes=1)
    assert len(await world.shop.all("SELECT FROM notices")) == 1
    await world.shop.pass_time(minutes=2)
    assert len(await world.shop.all("SELECT FROM notices")) == 2


async def test_the_calendar_may_ask_for_a_longer_wait_and_a_refusal_is_told_at_once(world: World) -> None:
    world.paper.says += [Retry("slow down", after=7200), Refused("That is no calendar.")]
    await world.link()
    await world.shop.pass_time(seconds=0)
    assert (await world.state())["next_read_at"] == world.shop.clock() + 2 * HOUR
    assert await world.shop.all("SELECT FROM notices") == []
    await world.shop.pass_time(hours=2)
    assert (await world.state())["next_read_at"] == world.shop.clock() + HOUR
    assert len(await world.shop.all("SELECT FROM notices")) == 1


async def test_of_two_readings_at_once_the_one_that_ends_later_is_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = world.shop.tomorrow()
    link_id = await world.link()
    began, older, newer = asyncio.Event(), asyncio.Event(), Whole([busy_at("new", at)], {"n": 2})

    async def says(_link: Link, _window: Window) -> Reading:
        if began.is_set():
            return newer
        began.set()
        await older.wait()
        return Whole([busy_at("old", at)], {"n": 1})

    monkeypatch.setattr(world.paper, "read", says)
    calendars, tenant_id = world.shop.system.calendars, world.shop.salon.id
    slow = asyncio.create_task(read(calendars, tenant_id, link_id))
    await began.wait()
    await read(calendars, tenant_id, link_id)
    older.set()
    await slow
    assert [event_id for event_id, _, _ in await world.busy()] == ["new"]
    assert (await world.state())["place"] == {"n": 2}


async def test_a_reading_that_was_lost_with_its_worker_comes_back(world: World) -> None:
    world.paper.says.append(Killed())
    link_id = await world.link()
    with pytest.raises(Killed):
        await read(world.shop.system.calendars, world.shop.salon.id, link_id)
    await world.shop.pass_time(seconds=0)
    assert (await world.state())["read_at"] == world.shop.clock()


# Writing.


async def test_coming_bookings_are_written_and_past_ones_are_not(world: World) -> None:
    past = world.shop.clock() + HOUR
    await world.shop.book(at=past)
    await world.shop.pass_time(hours=3)
    coming = world.shop.tomorrow()
    await world.shop.book(at=coming, phone="+4790000001")
    gone = await world.shop.book(at=coming + HOUR)
    await world.shop.cancel(gone)
    await world.shop.book(at=coming, staff=world.shop.alex)
    await world.link()
    await world.shop.pass_time(seconds=0)
    assert world.paper.shown() == [coming]
    [event] = world.paper.events.values()
    assert (event.service, event.first_name, event.salon) == ("Haircut", "Booked", "Shop")
    assert (str(event.zone), event.ends_at - event.starts_at) == ("Europe/Oslo", timedelta(minutes=45))
    assert set(event.name) <= set("0123456789abcdef")

    later = coming + 2 * HOUR
    await world.shop.book(at=later)
    await world.shop.pass_time(seconds=0)
    assert world.paper.shown() == [coming, later]


async def test_a_booking_that_moves_or_is_cancelled_does_so_in_its_calendars(world: World) -> None:
    await world.link()
    await world.link(staff=world.shop.alex, address="alex")
    at = world.shop.tomorrow()
    booking = await world.shop.book(at=at)
    await world.shop.pass_time(seconds=0)
    assert (world.paper.shown("kim"), world.paper.shown("alex")) == ([at], [])

    move = (
        "UPDATE bookings SET staff_id = $2, starts_at = $3::timestamptz, "
        "ends_at = $3::timestamptz + interval '45 minutes', "
        "sequence = sequence + 1, changed_at = $4 WHERE id = $1 RETURNING id"
    )
    await world.shop.one(move, booking, world.shop.kim, at + HOUR, world.shop.clock())
    await world.shop.pass_time(seconds=0)
    assert (world.paper.shown("kim"), world.paper.shown("alex")) == ([at + HOUR], [])
    assert world.paper.writes[-1].place == {"at": at.isoformat()}
    assert world.paper.writes[-1].sequence == 1

    await world.shop.one(move, booking, world.shop.alex, at, world.shop.clock())
    await world.shop.pass_time(seconds=0)
    assert (world.paper.shown("kim"), world.paper.shown("alex")) == ([], [at])

    await world.shop.one(move, booking, world.shop.kim, at, world.shop.clock())
    await world.shop.pass_time(seconds=0)
    assert (world.paper.shown("kim"), world.paper.shown("alex")) == ([at], [])

    await world.shop.cancel(booking)
    await world.shop.pass_time(seconds=0)
    assert world.paper.events == {}
    assert await world.shop.broken() == []


async def test_a_change_that_no_calendar_shows_is_not_written(world: World) -> None:
    await world.link()
    booking = await world.shop.book()
    await world.shop.pass_time(seconds=0)
    await world.shop.one(
        "UPDATE bookings SET status = 'completed', customer_confirmed_at = $2 WHERE id = $1 RETURNING id",
        booking,
        world.shop.clock(),
    )
    await world.shop.pass_time(hours=1)
    assert len(world.paper.writes) == 1


async def test_who_dies_between_the_write_and_its_record_leaves_one_event(world: World) -> None:
    await world.link()
    await world.shop.book()
    [row] = await world.shop.all(WANTED)
    original = world.paper.write

    async def dies(link: Link, event: Event) -> Writing:
        await original(link, event)
        raise Killed

    world.paper.write = dies  # type: ignore[method-assign]
    calendars, tenant_id = world.shop.system.calendars, world.shop.salon.id
    with pytest.raises(Killed):
        await write(calendars, tenant_id, row["id"])
    world.paper.write = original  # type: ignore[method-assign]
    await write(calendars, tenant_id, row["id"])
    assert len(world.paper.writes) == 1  # Its lease lasts.
    await world.shop.pass_time(minutes=LEASE / timedelta(minutes=1))
    first, again = world.paper.writes
    assert first == again
    assert len(world.paper.events) == 1
    [row] = await world.shop.all(WANTED)
    assert (row["written"], row["wanted"], row["next_attempt_at"]) == (1, 1, None)


async def test_two_workers_at_once_write_an_event_once(world: World) -> None:
    await world.link()
    await world.shop.book()
    [row] = await world.shop.all(WANTED)
    calendars, tenant_id = world.shop.system.calendars, world.shop.salon.id
    assert await at_once(*(write(calendars, tenant_id, row["id"]) for _ in range(4))) == [None] * 4
    assert len(world.paper.writes) == 1


async def test_what_changes_while_it_is_written_is_written_again(world: World) -> None:
    await world.link()
    booking = await world.shop.book()
    [row] = await world.shop.all(WANTED)
    world.paper.waiting = asyncio.Event()
    writing = asyncio.create_task(write(world.shop.system.calendars, world.shop.salon.id, row["id"]))
    await world.paper.began.wait()
    await world.shop.cancel(booking)
    await world.shop.pass_time(seconds=0)  # Somebody is at it.
    world.paper.waiting.set()
    await writing
    assert len(world.paper.events) == 1
    await world.shop.pass_time(seconds=0)
    assert world.paper.events == {}
    assert [event.gone for event in world.paper.writes] == [False, True]


async def test_a_write_that_fails_is_tried_again_and_never_stands_in_a_booking_s_way(
    world: World, api: httpx.AsyncClient
) -> None:
    world.paper.does += [Retry("HTTP 503"), Retry("rate", after=600), Refused("HTTP 400")]
    await world.link()
    booking = await world.shop.book()
    await world.shop.pass_time(seconds=0)
    assert await world.shop.status_of("bookings", booking) == "confirmed"
    [row] = await world.shop.all(WANTED)
    assert (row["failure"], row["next_attempt_at"]) == ("HTTP 503", world.shop.clock() + HOUR / 60)
    [shown] = (await api.get("/api/calendars")).json()
    assert (shown["pending_writes"], shown["write_failure"]) == (1, "HTTP 503")
    await world.shop.pass_time(minutes=1)
    [row] = await world.shop.all(WANTED)
    assert row["next_attempt_at"] == world.shop.clock() + HOUR / 6
    await world.shop.pass_time(minutes=10)
    [row] = await world.shop.all(WANTED)
    assert (row["failure"], row["next_attempt_at"]) == ("HTTP 400", None)
    assert [one["kind"] for one in await world.shop.all("SELECT kind FROM notices")] == ["calendar_failing"]

    await api.post(f"/api/calendars/{shown['id']}/read-now")
    await world.shop.pass_time(seconds=0)
    assert len(world.paper.events) == 1
    [shown] = (await api.get("/api/calendars")).json()
    assert (shown["pending_writes"], shown["write_failure"]) == (0, None)


@pytest.mark.parametrize("by", ["reading", "writing"])
async def test_one_that_must_be_connected_anew_rests_until_it_is_and_then_has_everything(
    world: World, api: httpx.AsyncClient, by: str
) -> None:
    link_id = await world.link()
    await world.shop.pass_time(seconds=0)
    refused = Reconnect("Google says that the access was taken back.")
    at = world.shop.tomorrow()
    if by == "reading":
        world.paper.says.append(refused)
        await world.shop.pass_time(minutes=10)
    else:
        world.paper.does.append(refused)
    first = await world.shop.book(at=at)
    await world.shop.pass_time(seconds=0)
    tried = (len(world.paper.reads), len(world.paper.writes))
    await world.shop.book(at=at + HOUR)
    await world.shop.cancel(first)
    await world.shop.pass_time(hours=3)
    assert (len(world.paper.reads), len(world.paper.writes)) == tried
    [shown] = (await api.get("/api/calendars")).json()
    assert (shown["state"], shown["failure"]) == ("reconnect", refused.reason)
    assert shown["pending_writes"] == 2
    assert [one["kind"] for one in await world.shop.all("SELECT kind FROM notices")] == ["calendar_reconnect"]
    refusal = error_of(await api.post(f"/api/calendars/{link_id}/read-now"), 409)
    assert refusal["code"] == "CALENDAR_TO_RECONNECT"

    assert await world.link(secrets="new") == link_id
    await world.shop.pass_time(seconds=0)
    assert world.paper.shown() == [at + HOUR]
    assert (await world.state())["state"] == "active"
    assert world.paper.reads[-1][0].secrets == {"password": "new"}


async def test_writes_that_are_refused_together_put_the_calendar_to_rest_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in range(4):
        await world.shop.book(at=world.shop.tomorrow() + hours * HOUR)
    calendars, tenant_id = world.shop.system.calendars, world.shop.salon.id
    for _ in range(3):  # Anew each time: which of them come at once is chance.
        await world.link()
        together = asyncio.Barrier(4)

        async def refuses(_link: Link, _event: Event, all_are_here: asyncio.Barrier = together) -> Writing:
            async with asyncio.timeout(10):
                await all_are_here.wait()
            return Reconnect("invalid_grant")

        monkeypatch.setattr(world.paper, "write", refuses)
        rows = await world.shop.all(WANTED)
        assert await at_once(*(write(calendars, tenant_id, row["id"]) for row in rows)) == [None] * 4
        assert (await world.state())["state"] == "reconnect"
        assert [row["next_attempt_at"] for row in await world.shop.all(WANTED)] == [None] * 4


async def test_many_bookings_that_change_at_once_are_one_statement(world: World) -> None:
    await world.link()
    await world.shop.one(
        "WITH person AS (INSERT INTO customers (tenant_id, id, name, phone, channels, created_at) "
        "VALUES (current_tenant(), gen_random_uuid(), 'C', '+4790000000', '{}', $1) RETURNING id), "
        "one AS MATERIALIZED (SELECT gen_random_uuid() AS id, $1::timestamptz + n * interval '1 hour' AS at "
        "FROM generate_series(1, 2000) n), "
        "slot AS (INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, "
        "changed_at, created_at) SELECT current_tenant(), id, $2, $3, at, at + interval '45 minutes', 'booked', 't', "
        "'t', $1, $1 FROM one RETURNING id, starts_at, ends_at), "
        "booked AS (INSERT INTO bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, "
        "ends_at, status, "
        "source, reason, actor, changed_at, created_at) SELECT current_tenant(), slot.id, slot.id, person.id, "
        "$2, $3, slot.starts_at, slot.ends_at, 'confirmed', 'import', 't', 't', $1, $1 FROM slot, person RETURNING id) "
        "SELECT count(*) FROM booked",
        world.shop.clock(),
        world.shop.kim,
        world.shop.cut,
    )
    [count] = await world.shop.all("SELECT count(*) FROM calendar_events WHERE wanted = 1")
    assert count["count"] == 2000
    async with world.shop.transaction() as tx:
        took = await tx.fetchval("SELECT clock_timestamp()")
        await tx.execute(
            "UPDATE bookings SET starts_at = starts_at + interval '1 minute', ends_at = ends_at + interval '1 minute', "
            "changed_at = $1",
            world.shop.clock(),
        )
        took = await tx.fetchval("SELECT clock_timestamp()") - took
    [count] = await world.shop.all("SELECT count(*) FROM calendar_events WHERE wanted = 2")
    assert count["count"] == 2000
    assert took < timedelta(seconds=5), took


# By the API.


async def test_a_calendar_is_listed_read_at_once_and_let_go(world: World, api: httpx.AsyncClient) -> None:
    at = world.shop.tomorrow()
    world.paper.says.append(Whole([busy_at("a", at)], {}))
    link_id = await world.link()
    await world.shop.book()
    [shown] = (await api.get("/api/calendars")).json()
    assert (shown["id"], shown["staff_name"], shown["kind"]) == (str(link_id), "Kim", "caldav")
    assert (shown["state"], shown["read_at"], shown["pending_writes"]) == ("active", None, 1)
    assert "hush" not in str(shown)
    await world.shop.pass_time(seconds=0)
    assert (await api.post(f"/api/calendars/{link_id}/read-now")).status_code == 202
    await world.shop.pass_time(seconds=0)
    assert len(world.paper.reads) == 2

    assert (await api.delete(f"/api/calendars/{link_id}")).status_code == 204
    assert (await api.get("/api/calendars")).json() == []
    assert await world.busy() == []
    await world.shop.book(at=at + 5 * HOUR)
    await world.shop.pass_time(hours=1)
    assert len(world.paper.writes) == 1
    for method, path in (("POST", "/read-now"), ("DELETE", "")):
        answer = await api.request(method, f"/api/calendars/{link_id}{path}")
        assert error_of(answer, 404)["code"] == "CALENDAR_NOT_FOUND"


async def test_a_link_keeps_its_event_s_name_when_it_is_made_again(world: World) -> None:
    link_id = await world.link()
    await world.shop.book()
    await world.shop.pass_time(seconds=0)
    async with world.shop.transaction() as tx:
        await links.remove(tx, link_id)
    await world.link()
    await world.shop.pass_time(seconds=0)
    assert len(world.paper.writes) == 2
    assert len(world.paper.events) == 1


# Between two moments.


async def test_a_reading_that_is_asked_for_during_a_reading_follows_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    link_id = await world.link()

    async def says(_link: Link, _window: Window) -> Reading:
        async with world.shop.transaction() as tx:
            await links.read_soon(tx, link_id, now=world.shop.clock.forward(seconds=1))
        return Whole([], {})

    with monkeypatch.context() as patched:
        patched.setattr(world.paper, "read", says)
        await read(world.shop.system.calendars, world.shop.salon.id, link_id)
    assert (await world.state())["next_read_at"] == world.shop.clock()
    await world.shop.pass_time(seconds=0)
    assert len(world.paper.reads) == 1


@pytest.mark.parametrize("said", [Reconnect("invalid_grant"), Whole([busy_at("x", MONDAY_NOON)], {"n": 1})])
async def test_what_another_account_has_said_says_nothing_of_one_that_was_connected_since(
    world: World, monkeypatch: pytest.MonkeyPatch, said: Reading
) -> None:
    link_id = await world.link()

    async def says(_link: Link, _window: Window) -> Reading:
        await world.link(secrets="new")
        return said

    with monkeypatch.context() as patched:
        patched.setattr(world.paper, "read", says)
        await read(world.shop.system.calendars, world.shop.salon.id, link_id)
    row = await world.state()
    assert (row["state"], row["place"], row["read_at"]) == ("active", {}, None)
    assert await world.busy() == []


async def test_a_worker_reads_and_writes_calendars_beside_its_other_work(database_url: str) -> None:
    """As a process does it: by its loops, and the queue manager that calendars have of their own."""
    paper = Paper()
    clock = WallClock()
    async with open_system(database_url, clock, calendars={"caldav": paper}, sealing_keys=KEY) as parts:
        world = World(await open_shop(parts, clock), paper)
        stop = asyncio.Event()
        working = asyncio.create_task(work(parts, stop))
        await world.link()
        await world.shop.book()
        for done in (paper.began, paper.asked):
            await asyncio.wait_for(done.wait(), 20)
        stop.set()
        await asyncio.wait_for(working, 20)
        assert len(paper.writes) == 1
        assert len(paper.reads) == 1
        assert await world.shop.all("SELECT FROM calendar_events WHERE written < wanted") == []


async def test_calendars_that_hang_keep_neither_a_booking_from_being_written_nor_a_worker_from_its_stop(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper, clock = Paper(), WallClock()
    hanging: list[str] = []

    async def hangs(link: Link, _window: Window) -> Reading:
        hanging.append(link.address)
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(paper, "read", hangs)
    async with open_system(database_url, clock, calendars={"caldav": paper}, sealing_keys=KEY) as parts:
        world = World(await open_shop(parts, clock), paper)
        for number in range(6):
            await world.link(address=str(number), writes=number == 0)
        stop = asyncio.Event()
        working = asyncio.create_task(work(parts, stop))
        await world.shop.book()
        await asyncio.wait_for(paper.began.wait(), 20)
        stop.set()
        await asyncio.wait_for(working, 20)
        assert len(hanging) <= OF_ONE_SALON
        assert await world.shop.all("SELECT FROM calendar_events WHERE written < wanted") == []


async def test_of_one_salon_two_calendars_are_read_at_a_time_and_none_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging: asyncio.Queue[str] = asyncio.Queue()

    async def hangs(link: Link, _window: Window) -> Reading:
        await hanging.put(link.address)
        await asyncio.Event().wait()
        raise AssertionError

    link_ids = [await world.link(address=str(number)) for number in range(3)]
    async with world.shop.system.worker_pool.acquire() as connection:
        await take_due(connection, world.shop.clock)
    stop, now = asyncio.Event(), world.shop.clock()
    readings = Readings(world.shop.system.calendars, stop)
    with monkeypatch.context() as patched:
        patched.setattr(world.paper, "read", hangs)
        under_way = [asyncio.create_task(readings.read(world.shop.salon.id, one)) for one in link_ids[:2]]
        assert {await hanging.get(), await hanging.get()} == {"0", "1"}
        await asyncio.wait_for(readings.read(world.shop.salon.id, link_ids[2]), 20)
        stop.set()
        await asyncio.gather(*under_way)
    due = await world.shop.all("SELECT next_read_at FROM calendar_links ORDER BY address")
    assert [row["next_read_at"] for row in due] == [now, now, now + LATER]


async def test_a_staff_member_may_have_ten_calendars(world: World, api: httpx.AsyncClient) -> None:
    for number in range(links.MOST):
        await world.link(address=str(number))
    one_more = {"staff_id": str(world.shop.kim), "url": "https://calendar.example/kim.ics"}
    refusal = error_of(await api.post("/api/calendars/ical", json=one_more), 409)
    assert refusal["code"] == "TOO_MANY_CALENDARS"
    await world.link(address="0", secrets="new")  # Connected anew.
    await world.link(address="hers", staff=world.shop.alex)


async def test_secrets_are_sealed_anew_with_those_of_the_senders(world: World) -> None:
    await world.link()
    old = (await world.state())["secrets"]
    new = Fernet.generate_key().decode()
    assert await links.reseal(world.shop.system.worker_pool, Seal([new, KEY])) == 1
    resealed = (await world.state())["secrets"]
    assert resealed != old
    assert Seal([new]).open(resealed) == {"password": "hush"}
