"""Open offers are accepted, each of a slot of its own."""

from dataclasses import dataclass

from benchmarks.cpu import used
from benchmarks.figures import Figures, in_flight, now_ms, per_second, shuffled, spread
from benchmarks.loading import Loader, Shape, token
from benchmarks.stage import Ground, Stage, Via, loaded, reading, stage


@dataclass(frozen=True)
class Options:
    """`slots` is how many are accepted and measured. No worker runs, as messages are not what is measured."""

    slots: int = 2000
    salons: int = 50
    services: int = 4
    in_flight: int = 16
    warmup: int = 1000


async def run(ground: Ground, via: Via, options: Options) -> Figures:
    shape = Shape(options.salons, options.services)
    every = options.slots + options.warmup

    async def load(rows: Loader) -> None:
        await rows.offered(every)

    async with (
        loaded(ground, shape, load) as url,
        stage(url, shape, via=via, workers="none", connections=options.in_flight) as on,
    ):
        order = shuffled(range(1, every + 1))
        await in_flight(order[: options.warmup], options.in_flight, lambda n: on.client.accept(token(n)))
        return await _measure(on, options, order[options.warmup :])


async def _measure(on: Stage, options: Options, numbers: list[int]) -> Figures:
    calls: list[float] = []

    async def accept(n: int) -> None:
        at = now_ms()
        assert await on.client.accept(token(n))
        calls.append(now_ms() - at)

    async with reading(on.url) as database:
        before = await used(on.processes, database)
        started = now_ms()
        await in_flight(numbers, options.in_flight, accept)
        wall = now_ms() - started
        cpu = (await used(on.processes, database)).since(before, len(numbers))
        made = await database.fetchval("SELECT count(*) FROM bookings WHERE source = 'waitlist'")
        left = await database.fetchval("SELECT count(*) FROM offers WHERE status = 'pending'")
    return {
        "params": {
            "slots": options.slots,
            "in_flight": options.in_flight,
            "mode": "locked",
            "warmup": options.warmup,
        },
        "accepts_per_s": per_second(options.slots, wall),
        "accept_call_ms": spread(calls),
        "cpu_ms_per_accept": cpu,
        "wall_s": round(wall / 1000, 3),
        "bookings_made": made - options.warmup,
        "timers_left": left,
    }
