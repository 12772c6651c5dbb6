"""The best candidate of a long list, by the full score; and joining it. One call at a time, on an idle program."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks import ours
from benchmarks.clients import Client, InProcess, over_http
from benchmarks.figures import Figures, now_ms, spread
from benchmarks.loading import Loader, Shape, service_id, staff_id, tenant_id
from benchmarks.processes import ServerOptions, server
from benchmarks.stage import Ground, Via, loaded
from standby import clock
from standby.database.pool import Tx, new_id
from standby.tenants.customers import Person
from standby.tenants.scope import tenant_transaction
from standby.waitlist import cascade, slots
from standby.waitlist.cascade import Offered
from standby.waitlist.entries import Wish
from standby.waitlist.ranking import Slot
from standby.waitlist.times import Time
from standby.wiring import System

INDEX = "waitlist_entries_ranked"
CALLS_TO_JOIN = 20
FIRST_DAY = datetime(2030, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Options:
    """`waiting`: the sizes of the lists, one salon each, all in one table."""

    waiting: tuple[int, ...] = (1000, 100_000, 1_000_000)
    iterations: int = 2000
    claims: int = 500


async def run(ground: Ground, via: Via, options: Options) -> Figures:
    started = now_ms()
    took = 0.0

    async def load(rows: Loader) -> None:
        nonlocal took
        first = 1
        for number, size in enumerate(options.waiting, 1):
            await rows.crowd(size, number, first=first)
            first += size

    shape = Shape(len(options.waiting), 1)
    async with loaded(ground, shape, load) as url:
        took = now_ms() - started
        async with ours.opened(url, "http://127.0.0.1:9") as parts:
            if via == "inprocess":
                sizes = [
                    await _by_size(parts, InProcess(parts), n, size, options)
                    for n, size in _numbered(options)
                ]
            else:
                web = ServerOptions(url, "http://127.0.0.1:9", web=True, worker=False)
                async with (
                    server(web) as process,
                    over_http(process.ready["address"], shape.tenants(), connections=1) as caller,
                ):
                    sizes = [
                        {"waiting": size, "join_ms": await _join(caller, n)} for n, size in _numbered(options)
                    ]
            plan = await _plan(parts, len(options.waiting))
    return {
        "params": {
            "waiting": list(options.waiting),
            "iterations": options.iterations,
            "claims": options.claims,
            "claim": "locked",
        },
        "load_s": round(took / 1000, 1),
        "sizes": sizes,
        "uses_index": INDEX in plan and "Seq Scan on waitlist_entries" not in plan,
    }


def _numbered(options: Options) -> list[tuple[int, int]]:
    return list(enumerate(options.waiting, 1))


async def _by_size(parts: System, client: Client, salon: int, size: int, options: Options) -> Figures:
    statements: list[float] = []

    async def find() -> None:
        slot = random_slot(salon)
        async with tenant_transaction(parts.pool, tenant_id(salon)) as tx:
            at = now_ms()
            await tx.fetchrow(cascade.SQL["best_candidate"], *_question(slot))
            statements.append(now_ms() - at)

    await _sample(5000 if salon == 1 and options.iterations >= 1000 else options.iterations // 2, find)
    statements.clear()
    found = await _sample(options.iterations, find)
    marked = await _find_and_mark(parts, salon, min(options.claims, size))
    return {
        "waiting": size,
        "find_ms": found,
        "find_statement_ms": spread(statements, 3),
        "find_and_mark_ms": marked,
        "join_ms": await _join(client, salon),
    }


async def _sample(count: int, task: Callable[[], Awaitable[object]]) -> Figures:
    times = []
    for _ in range(count):
        at = now_ms()
        await task()
        times.append(now_ms() - at)
    return spread(times, 3)


async def _find_and_mark(parts: System, salon: int, count: int) -> Figures:
    """Fills fresh open slots, each in a transaction; offers are found, written, and their messages enqueued."""
    times = []
    for number in range(count):
        slot = random_slot(salon, number)
        async with tenant_transaction(parts.pool, tenant_id(salon)) as tx:
            slot_id = await _open(tx, salon, slot)
        at = now_ms()
        async with tenant_transaction(parts.pool, tenant_id(salon)) as tx:
            outcome = await cascade.fill(tx, slot_id, now=clock.now())
        if isinstance(outcome, Offered):  # In a short list there may be nobody for that time.
            times.append(now_ms() - at)
    return spread(times, 3)


async def _open(tx: Tx, salon: int, slot: Slot) -> Any:
    opening = await slots.open_time(
        tx,
        Time(staff_id(salon), service_id(salon), slot.starts_at, slot.ends_at),
        now=clock.now(),
        reason="created",
        actor="benchmark",
    )
    return opening.slot_id


async def _join(client: Client, salon: int) -> Figures:
    numbers = iter(range(CALLS_TO_JOIN + 5))

    async def join() -> None:
        now = clock.now()
        person = Person(f"Somebody {next(numbers)}", f"+4790{random.randrange(10**6):06}")
        await client.join(tenant_id(salon), person, Wish(service_id(salon), now, now + timedelta(days=30)))

    await _sample(5, join)
    return await _sample(CALLS_TO_JOIN, join)


def random_slot(salon: int, number: int | None = None) -> Slot:
    """Half an hour of January 2030, between 9 and 17 o'clock UTC; with a number: not overlapping any other number."""
    day, half_hour = divmod(random.randrange(25 * 16) if number is None else number, 16)
    starts_at = FIRST_DAY + timedelta(days=day, hours=9, minutes=30 * half_hour)
    zone = ZoneInfo("Europe/Oslo")
    return Slot(
        new_id(), service_id(salon), staff_id(salon), starts_at, starts_at + timedelta(minutes=30), zone
    )


def _question(slot: Slot) -> tuple[Any, ...]:
    return (
        slot.service_id, slot.staff_id, slot.starts_at, slot.ends_at, slot.weekday, slot.from_minute,
        slot.until_minute, clock.now(), slot.id, None, ["sms"], 1_000_000,
    )  # fmt: skip


async def _plan(parts: System, salon: int) -> str:
    """How the database finds the candidate once the statement is prepared for good."""
    async with tenant_transaction(parts.pool, tenant_id(salon)) as tx:
        await tx.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        lines = await tx.fetch(f"EXPLAIN {cascade.SQL['best_candidate']}", *_question(random_slot(salon)))
    return "\n".join(line[0] for line in lines)
