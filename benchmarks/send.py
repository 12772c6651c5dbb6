"""A full outbox: how many messages a second does one worker hand to the provider?"""

from dataclasses import dataclass

from benchmarks.figures import Figures, per_second, until
from benchmarks.loading import SQL, Loader, Shape
from benchmarks.processes import ServerOptions, provider, server
from benchmarks.stage import Ground, loaded
from benchmarks.tally import tally


@dataclass(frozen=True)
class Options:
    """How many messages wait in the outbox when the worker starts."""

    messages: int = 5000
    salons: int = 50
    services: int = 4
    provider_latency: float = 0.0


async def run(ground: Ground, options: Options) -> Figures:
    async def load(rows: Loader) -> None:
        await rows.offered(options.messages, message="queued")
        await rows.connection.execute(SQL["enqueue_messages"])

    async with (
        loaded(ground, Shape(options.salons, options.services), load) as url,
        provider(options.provider_latency) as outside,
        server(ServerOptions(url, outside.address, web=False, worker=True)),
    ):

        async def all_there() -> bool:
            return await outside.count() >= options.messages

        complete = await until(all_there)
        log = await outside.log()
        seen = await tally(url, log)
    times = [monotonic_ns / 1e6 for _, monotonic_ns, _ in log]
    return {
        "params": {"messages": options.messages, "provider_latency_ms": options.provider_latency},
        "complete": complete,
        "messages_per_s": per_second(len(log), max(times) - min(times)),
        "messages": len(log),
        "messages_sent_twice": seen.sent_twice,
    }
