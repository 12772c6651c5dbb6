"""Processes are killed in the middle of 500 cancellations: what is lost, what is sent twice, how soon is all well?

The web server and the worker are processes of their own. Each is killed (SIGKILL) `kills` times at a random instant,
and started again. Cancellations that left no trace in the database are made again by the next process; one that was
committed but never acknowledged is not.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import aiohttp
import asyncpg

from benchmarks.clients import Client, over_http
from benchmarks.figures import Figures, in_flight, now_ms, shuffled, until
from benchmarks.loading import SQL, Loader, Shape, booking_id
from benchmarks.processes import LEASE, Child, Provider, ServerOptions, provider
from benchmarks.stage import Ground, loaded, reading
from benchmarks.tally import tally

JITTER = 0.03  # Seconds within which a kill falls, after the acknowledgement that it waits for.


@dataclass(frozen=True)
class Options:
    """`lock` (ms) is how long a message may be on its way before another worker looks after it."""

    slots: int = 500
    waiting: int = 20
    salons: int = 50
    services: int = 4
    in_flight: int = 16
    provider_latency: float = 20.0
    kills: int = 1
    lock: float = LEASE * 1000


@dataclass
class Course:
    """What happened so far."""

    acknowledged: set[int] = field(default_factory=set)
    unacknowledged: int = 0
    reissued: int = 0
    api_kills: int = 0
    worker_kills: int = 0
    last_worker_kill: float = 0.0


class Play:
    """One run: the processes, and who dies when."""

    def __init__(self, url: str, outside: Provider, shape: Shape, options: Options) -> None:
        self._url = url
        self._outside = outside
        self._shape = shape
        self._options = options
        self._restarting: asyncio.Task[None] | None = None
        self._worker: Child | None = None
        self.course = Course()

    async def perform(self, database: asyncpg.Connection) -> None:
        """All lives of the web server, one after the other, until every booking is cancelled."""
        self._worker = await self._start(web=False)
        todo = await self._confirmed(database)
        for life in range(self._options.kills + 1):
            self.course.reissued += len(todo) if life else 0
            web = await self._start(web=True)
            try:
                await self._live(life, web, todo)
            finally:
                await web.kill()
            await asyncio.sleep(0.3)  # A statement under way may still commit.
            todo = await self._confirmed(database)
            unseen = self._options.slots - len(todo) - len(self.course.acknowledged)
            self.course.unacknowledged = unseen
        if self._restarting is not None:
            await self._restarting

    async def stop(self) -> None:
        if self._worker is not None:
            await self._worker.stop()

    async def _live(self, life: int, web: Child, todo: Sequence[int]) -> None:
        """Cancels what is left, until that is done or the web server is killed."""
        kills, slots = self._options.kills, self._options.slots
        web_dies = slots * (life + 1) // (kills + 1)
        worker_dies = int(slots * (life + 0.5) / (kills + 1))
        killing: list[asyncio.Task[None]] = []

        async with over_http(
            web.ready["address"], self._shape.tenants(), connections=self._options.in_flight
        ) as caller:

            async def cancel(n: int) -> None:
                if not await _cancelled(caller, self._shape, n):
                    return
                self.course.acknowledged.add(n)
                if life == kills:
                    return
                if len(self.course.acknowledged) == worker_dies:
                    self._restarting = asyncio.create_task(self._kill_worker())
                if len(self.course.acknowledged) == web_dies:
                    killing.append(asyncio.create_task(_kill_soon(web)))

            await in_flight(shuffled(todo), self._options.in_flight, cancel)
        for death in killing:
            await death
            self.course.api_kills += 1

    async def _kill_worker(self) -> None:
        assert self._worker is not None
        await _kill_soon(self._worker)
        self.course.last_worker_kill = now_ms()
        self.course.worker_kills += 1
        self._worker = await self._start(web=False)

    async def _start(self, *, web: bool) -> Child:
        options = ServerOptions(
            self._url, self._outside.address, web=web, worker=not web, lease_seconds=self._options.lock / 1000
        )
        return await Child.start("ours", **asdict(options))

    async def _confirmed(self, database: asyncpg.Connection) -> list[int]:
        there = {row["id"] for row in await database.fetch(SQL["confirmed_bookings"])}
        return [n for n in range(1, self._options.slots + 1) if booking_id(n) in there]


async def run(ground: Ground, options: Options) -> Figures:
    shape = Shape(options.salons, options.services)

    async def load(rows: Loader) -> None:
        await rows.waiting(options.slots * options.waiting)
        await rows.booked(options.slots)

    async with (
        loaded(ground, shape, load) as url,
        provider(options.provider_latency) as outside,
        reading(url) as database,
    ):
        play = Play(url, outside, shape, options)
        try:
            await play.perform(database)

            async def drained() -> bool:
                return bool(await database.fetchval(SQL["is_drained"]))

            done = await until(drained, every=0.1, limit=40 + options.lock / 1000)
            await asyncio.sleep(0.2)
            return _parameters(options) | await _outcome(url, database, outside, play.course, drained=done)
        finally:
            await play.stop()


async def _outcome(
    url: str, database: asyncpg.Connection, outside: Provider, course: Course, *, drained: bool
) -> Figures:
    log = await outside.log()
    seen = await tally(url, log)
    freed = {row["id"] for row in await database.fetch(SQL["freed_slots"])}
    offers = await database.fetch(SQL["offer_messages"])
    twice = {message for message, count in seen.sends.items() if count > 1}
    reported = {row["id"] for row in await database.fetch(SQL["reported_uncertain"])}
    last = max(monotonic_ns for _, monotonic_ns, _ in log) / 1e6
    return {
        "api_kills": course.api_kills,
        "worker_kills": course.worker_kills,
        "committed_but_unacknowledged": course.unacknowledged,
        "reissued": course.reissued,
        "queue_drained": drained,
        "cancelled_slots": len(freed),
        "offers_marked": len(offers),
        "messages": len(log),
        "offers_never_sent": sum(row["id"] not in seen.sends for row in offers),
        "notifications_sent_twice": len(twice),
        "sent_twice_and_not_reported_as_uncertain": len(twice - reported),
        "reported_as_uncertain": len(reported),
        "slots_without_offer": sum(slot not in seen.first_for_slot for slot in freed),
        "offers_without_timer": 0,  # offers.expires_at is NOT NULL
        "slots_without_timer": await database.fetchval(SQL["count_unwatched"]),
        "customers_offered_two_slots": seen.offered_two_slots,
        "failed_jobs": await database.fetchval(SQL["count_failed_jobs"]),
        "broken_invariants": await database.fetchval(SQL["count_broken"]),
        "last_message_after_last_worker_kill_s": round((last - course.last_worker_kill) / 1000, 2),
    }


async def _cancelled(caller: Client, shape: Shape, n: int) -> bool:
    """Whether the cancellation was acknowledged; the server may die under it."""
    try:
        await caller.cancel(shape.tenant(n), booking_id(n))
    except aiohttp.ClientError:
        return False
    return True


async def _kill_soon(process: Child) -> None:
    await asyncio.sleep(random.random() * JITTER)
    await process.kill()


def _parameters(options: Options) -> Figures:
    return {
        "params": {
            "slots": options.slots,
            "waiting_per_slot": options.waiting,
            "in_flight": options.in_flight,
            "provider_latency_ms": options.provider_latency,
            "claim": "locked",
            "lock_ms": options.lock,
        }
    }
