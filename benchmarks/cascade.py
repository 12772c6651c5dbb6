"""A booking is cancelled; how soon has the provider the message of the next in line?"""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from benchmarks import databases
from benchmarks.cpu import used
from benchmarks.figures import Figures, in_flight, now_ms, per_second, shuffled, spread, until
from benchmarks.loading import SQL, Loader, Shape, booking_id
from benchmarks.stage import Ground, Stage, Via, Workers, loaded, reading, stage
from benchmarks.tally import tally


@dataclass(frozen=True)
class Options:
    """`waiting` is entries per slot, `slots` the bookings that are cancelled and measured."""

    salons: int = 50
    slots: int = 2000
    waiting: int = 20
    services: int = 4
    in_flight: int = 16
    warmup: int = 1000
    provider_latency: float = 0.0
    workers: Workers = "inline"


async def run(ground: Ground, via: Via, options: Options) -> Figures:
    shape = Shape(options.salons, options.services)
    every = options.slots + options.warmup

    async def load(rows: Loader) -> None:
        await rows.waiting(every * options.waiting)
        await rows.booked(every)

    async with (
        loaded(ground, shape, load) as url,
        stage(
            url, shape, via=via, workers=options.workers, connections=options.in_flight,
            latency_ms=options.provider_latency,
        ) as on,
    ):  # fmt: skip
        order = shuffled(range(1, every + 1))
        await _warm_up(on, shape, options, order[: options.warmup])
        return _parameters(options) | await _measure(on, shape, options, order[options.warmup :])


async def _warm_up(on: Stage, shape: Shape, options: Options, numbers: list[int]) -> None:
    """Connections, prepared statements, compiled code; not measured."""
    await in_flight(numbers, options.in_flight, lambda n: on.client.cancel(shape.tenant(n), booking_id(n)))

    async def all_there() -> bool:
        return await on.provider.count() >= len(numbers)

    await until(all_there)
    await on.provider.clear()
    await databases.settle(on.url)
    await asyncio.sleep(0.3)


async def _measure(on: Stage, shape: Shape, options: Options, numbers: list[int]) -> Figures:
    called: dict[UUID, float] = {}
    calls: list[float] = []

    async def cancel(n: int) -> None:
        at = now_ms()
        slot = await on.client.cancel(shape.tenant(n), booking_id(n))
        calls.append(now_ms() - at)
        called[slot] = at

    async def all_there() -> bool:
        return await on.provider.count() >= len(numbers)

    async with reading(on.url) as database:
        before = await used(on.processes, database)
        started = now_ms()
        await in_flight(numbers, options.in_flight, cancel)
        cancelled = now_ms()
        complete = await until(all_there)
        cpu = (await used(on.processes, database)).since(before, len(numbers))
    await asyncio.sleep(0.2)
    log = await on.provider.log()
    seen = await tally(on.url, log)
    arrived = {slot: at for slot, (at, _) in seen.first_for_slot.items() if slot in called}
    last = max(arrived.values(), default=started)
    return {
        "complete": complete,
        "cancel_to_provider_ms": spread(at - called[slot] for slot, at in arrived.items()),
        "cancel_call_ms": spread(calls),
        "cancels_per_s": per_second(len(numbers), cancelled - started),
        "offers_per_s": per_second(len(numbers), last - started),
        "cpu_ms_per_offer": cpu,
        "wall_s": round((last - started) / 1000, 3),
        "messages": len(log),
        "slots_without_message": len(called) - len(arrived),
        "messages_sent_twice": seen.sent_twice,
        "customers_offered_two_slots": seen.offered_two_slots,
        "offers_without_timer": len(numbers) - await _watched(on.url, list(called)),
    }


async def _watched(url: str, slots: list[UUID]) -> int:
    """How many of these slots have an open offer with a deadline that is still to come."""
    async with reading(url) as database:
        return int(await database.fetchval(SQL["count_watched"], slots))


def _parameters(options: Options) -> Figures:
    return {
        "params": {
            "salons": options.salons,
            "slots": options.slots,
            "waiting_per_slot": options.waiting,
            "services_per_salon": options.services,
            "in_flight": options.in_flight,
            "claim": "locked",
            "workers": options.workers,
            "provider_latency_ms": options.provider_latency,
            "warmup": options.warmup,
        }
    }
