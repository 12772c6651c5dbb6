"""A full outbox: how many messages a second does one worker hand to the provider?"""

from dataclasses import dataclass

from benchmarks.figures import Figures, per_second, until
from benchmarks.loading import SQL, Loader, Shape
from benchmarks.processes import CONCURRENCY, Provider, ServerOptions, provider, server
from benchmarks.stage import Ground, loaded
from benchmarks.tally import tally

SLOWEST_SECONDS = 0.02  # for a message; then the wait is given up


@dataclass(frozen=True)
class Options:
    """How many messages wait in the outbox when the worker starts."""

    messages: int = 5000
    salons: int = 50
    services: int = 4
    provider_latency: float = 0.0
    concurrency: int = CONCURRENCY


async def run(ground: Ground, options: Options) -> Figures:
    async def load(rows: Loader) -> None:
        await rows.offered(options.messages, message="queued")
        await rows.connection.execute(SQL["enqueue_messages"])

    async with (
        loaded(ground, Shape(options.salons, options.services), load) as url,
        provider(options.provider_latency) as outside,
        server(
            ServerOptions(url, outside.address, web=False, worker=True, concurrency=options.concurrency)
        ) as worker,
    ):

        async def there(messages: int) -> bool:
            return await until(
                lambda: _at_least(outside, messages), limit=max(50.0, messages * SLOWEST_SECONDS)
            )

        await there(options.messages // 10)
        early = worker.process.memory_info().rss
        complete = await there(options.messages)
        late = worker.process.memory_info().rss
        log = await outside.log()
        seen = await tally(url, log)
    times = [monotonic_ns / 1e6 for _, monotonic_ns, _ in log]
    return {
        "params": {
            "messages": options.messages,
            "provider_latency_ms": options.provider_latency,
            "concurrency": options.concurrency,
        },
        "complete": complete,
        "messages_per_s": per_second(len(log), max(times) - min(times)),
        "messages": len(log),
        "messages_sent_twice": seen.sent_twice,
        "worker_rss_mb_at_a_tenth": round(early / 2**20, 1),
        "worker_rss_mb_at_the_end": round(late / 2**20, 1),
        "worker_rss_mb_more": round((late - early) / 2**20, 1),
    }


async def _at_least(outside: Provider, messages: int) -> bool:
    return await outside.count() >= messages
