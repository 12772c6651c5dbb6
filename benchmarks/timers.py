"""Deadlines fall due while many others are pending: how late does each take effect?

The effect is the commit: the worker notes, for every round of its timers that took something, the time that it decided
by and the time at which the database had committed and answered. An offer that a round ended carries the former in
`ended_at`, which leads from each offer to the latter.
"""

import asyncio
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import psutil

from benchmarks.figures import Figures, now_ms, spread, until
from benchmarks.loading import DAY, SQL, Loader, Shape, offer_id, slot_id
from benchmarks.processes import Child, Provider, ServerOptions, provider, server
from benchmarks.stage import Ground, loaded, reading
from benchmarks.tally import tally

LEAD = 1.5  # Seconds between setting the deadlines and the first of them.


@dataclass(frozen=True)
class Options:
    """`due` deadlines fall at random within `over` seconds, `pending` others a day later; `idle` is in seconds."""

    due: int = 1000
    over: float = 10.0
    pending: int = 20_000
    idle: float = 5.0
    settle: float = 3.0
    salons: int = 50
    services: int = 4
    provider_latency: float = 0.0


async def run(ground: Ground, options: Options) -> Figures:
    shape = Shape(options.salons, options.services)
    offers = options.due + options.pending

    async def load(rows: Loader) -> None:
        await rows.offered(offers, ends_in=DAY, reminded=False)
        await rows.waiting(options.due * 3, first=offers + 1)

    async with (
        loaded(ground, shape, load) as url,
        provider(options.provider_latency) as messages,
        server(ServerOptions(url, messages.address, web=False, worker=True)) as worker,
        reading(url) as database,
    ):
        await asyncio.sleep(options.settle)
        idle = await _idle(worker, database, options.idle)
        return _parameters(options) | await _fire(url, worker, messages, database, options) | {"idle": idle}


async def _idle(worker: Child, database: asyncpg.Connection, seconds: float) -> Figures:
    before = await _usage(worker, database)
    await asyncio.sleep(seconds)
    return _used(before, await _usage(worker, database))


async def _fire(
    url: str, worker: Child, messages: Provider, database: asyncpg.Connection, options: Options
) -> Figures:
    base = time.time() + LEAD
    draw = random.Random(7)
    due = {offer_id(n): base + draw.random() * options.over for n in range(1, options.due + 1)}
    await database.execute(
        SQL["set_deadlines"], list(due), [datetime.fromtimestamp(at, UTC) for at in due.values()]
    )
    loaded_in_time = time.time() < base
    await asyncio.sleep(max(0, base - time.time()))
    before = await _usage(worker, database)
    await asyncio.sleep(max(0, base + options.over - time.time()))

    async def all_there() -> bool:
        return await messages.count() >= options.due

    await until(all_there, limit=10)
    await asyncio.sleep(0.2)
    firing = _used(before, await _usage(worker, database))
    rounds = {round(decided * 1e6): done for decided, done in (await worker.ask("stats"))["taken"]}
    ended = await database.fetch(SQL["ended_offers"], list(due))
    lateness, processing = [], []
    for row in ended:
        done = rounds[round(row["ended_at"].timestamp() * 1e6)]
        lateness.append((done - row["expires_at"].timestamp()) * 1000)
        processing.append((done - row["ended_at"].timestamp()) * 1000)
    seen = await tally(url, await messages.log())
    due_of_slot = {slot_id(n): due[offer_id(n)] for n in range(1, options.due + 1)}
    following = [wall - due_of_slot[slot] * 1000 for slot, (_, wall) in seen.first_for_slot.items()]
    return {
        "loaded_in_time": loaded_in_time,
        "fired": len(ended),
        "lateness_ms": spread(lateness),
        "expiry_processed_ms": spread(processing),
        "next_offer_lateness_ms": spread(following),
        "customers_offered_two_slots": seen.offered_two_slots,
        "offers_without_timer": options.due - len(ended),
        "firing": firing,
        "worker_errors": 0,
    }


async def _usage(worker: Child, database: asyncpg.Connection) -> dict[str, Any]:
    """What the worker and the database's sessions of its own have used so far."""
    process = worker.process.cpu_times()
    sessions = 0.0
    for row in await database.fetch(SQL["our_sessions"]):
        try:
            used = psutil.Process(row["pid"]).cpu_times()
        except psutil.Error:  # The database is on another machine, or in another container.
            continue
        sessions += used.user + used.system
    commits = await database.fetchval(SQL["count_commits"])
    return {
        "at": now_ms(),
        "worker": (process.user + process.system) * 1000,
        "database": sessions * 1000,
        "commits": commits,
    }


def _used(before: dict[str, Any], after: dict[str, Any]) -> Figures:
    wall = after["at"] - before["at"]
    worker, database = after["worker"] - before["worker"], after["database"] - before["database"]
    return {
        "seconds": round(wall / 1000, 2),
        "worker_cpu_ms": round(worker, 1),
        "worker_cpu_pct": round(100 * worker / wall, 2),
        "database_cpu_ms": round(database, 1),
        "database_cpu_pct": round(100 * database / wall, 2),
        "database_commits": after["commits"] - before["commits"],
    }


def _parameters(options: Options) -> Figures:
    return {
        "params": {
            "due": options.due,
            "over_s": options.over,
            "pending": options.pending,
            "provider_latency_ms": options.provider_latency,
            "claim": "locked",
        }
    }
