"""Reminders of bookings that all fall due at once: how many a second does one worker write and hand to the provider?"""

from collections import Counter
from dataclasses import dataclass

from benchmarks.figures import Figures, per_second, until
from benchmarks.loading import SQL, Loader, Shape
from benchmarks.processes import CONCURRENCY, Provider, ServerOptions, provider, server
from benchmarks.stage import Ground, loaded, reading

SLOWEST_SECONDS = 0.02  # for a reminder; then the wait is given up


@dataclass(frozen=True)
class Options:
    """How many bookings have a reminder due when the worker starts."""

    bookings: int = 100_000
    salons: int = 1000
    services: int = 1
    provider_latency: float = 0.0
    concurrency: int = CONCURRENCY


async def run(ground: Ground, options: Options) -> Figures:
    async def load(rows: Loader) -> None:
        await rows.booked(options.bookings)
        await rows.connection.execute(SQL["set_reminders"])

    shape = Shape(options.salons, options.services, reminders="every_2_hours")
    async with (
        loaded(ground, shape, load) as url,
        provider(options.provider_latency) as outside,
        server(
            ServerOptions(url, outside.address, web=False, worker=True, concurrency=options.concurrency)
        ) as worker,
        reading(url) as database,
    ):

        async def there(reminders: int) -> bool:
            return await until(
                lambda: _at_least(outside, reminders), limit=max(50.0, reminders * SLOWEST_SECONDS)
            )

        await there(options.bookings // 10)
        early = worker.process.memory_info().rss
        complete = await there(options.bookings)
        late = worker.process.memory_info().rss
        log = await outside.log()
        numbered = await database.fetchval(SQL["count_reminded"])
    times = [monotonic_ns / 1e6 for _, monotonic_ns, _ in log]
    sends = Counter(reference for reference, *_ in log)
    return {
        "params": {
            "bookings": options.bookings,
            "salons": options.salons,
            "provider_latency_ms": options.provider_latency,
            "concurrency": options.concurrency,
        },
        "complete": complete,
        "reminders_per_s": per_second(len(log), max(times) - min(times)),
        "reminders": len(log),
        "reminders_sent_twice": sum(count > 1 for count in sends.values()),
        "bookings_reminded_once": numbered,
        "worker_rss_mb_at_a_tenth": round(early / 2**20, 1),
        "worker_rss_mb_at_the_end": round(late / 2**20, 1),
        "worker_rss_mb_more": round((late - early) / 2**20, 1),
    }


async def _at_least(outside: Provider, reminders: int) -> bool:
    return await outside.count() >= reminders
