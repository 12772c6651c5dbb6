"""What a pending timer costs: nothing in any process of ours, and some bytes of the database."""

import asyncio
from dataclasses import dataclass

import asyncpg

from benchmarks import databases
from benchmarks.figures import Figures
from benchmarks.loading import DAY, SQL, Shape, loader
from benchmarks.processes import Child, ServerOptions, provider, server
from benchmarks.stage import Ground, reading


@dataclass(frozen=True)
class Options:
    """How many offers are pending."""

    pending: int = 10_000
    settle: float = 3.0


async def run(ground: Ground, options: Options) -> Figures:
    shape = Shape(50, 4)
    async with (
        databases.fresh(ground.server_url, keep=ground.keep) as url,
        provider() as messages,
        reading(url) as database,
        loader(url, shape) as rows,
    ):
        await rows.salons()
        options_of_worker = ServerOptions(url, messages.address, web=False, worker=True)
        async with server(options_of_worker) as worker:
            await asyncio.sleep(options.settle)
            memory_before, sizes_before = _memory(worker), await _sizes(database)
            async with rows.connection.transaction():  # The worker must not see half of it.
                await rows.offered(options.pending, ends_in=DAY)
            await databases.settle(url)
            await asyncio.sleep(options.settle)
            memory_after, sizes_after = _memory(worker), await _sizes(database)
            pending = await database.fetchval("SELECT count(*) FROM offers WHERE status = 'pending'")
    per_offer = {
        name: round((sizes_after[name] - before) / options.pending, 1)
        for name, before in sizes_before.items()
    }
    return {
        "params": {"pending": options.pending},
        "delayed_jobs": pending,
        "bytes_per_pending_timer_in_process": round(
            max(0, memory_after - memory_before) / options.pending, 1
        ),
        "worker_rss_mb_before": round(memory_before / 2**20, 1),
        "worker_rss_mb_after": round(memory_after / 2**20, 1),
        "database_bytes_per_pending_timer": per_offer["offers_expiry_due"],
        "database_bytes_per_pending_offer": per_offer["offers"],
    }


def _memory(worker: Child) -> int:
    return int(worker.process.memory_info().rss)


async def _sizes(database: asyncpg.Connection) -> dict[str, int]:
    """Bytes on disk of the index that is the timer, and of the offers with everything that belongs to them."""
    [row] = await database.fetch(SQL["sizes"])
    return dict(row)
