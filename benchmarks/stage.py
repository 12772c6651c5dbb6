"""What most benchmarks stand on: a fresh loaded database, a provider, processes of ours and a caller."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import asyncpg
import psutil

from benchmarks import databases, ours
from benchmarks.clients import Client, InProcess, over_http
from benchmarks.loading import Loader, Shape, loader
from benchmarks.processes import Provider, ServerOptions, provider, server

Via = Literal["http", "inprocess"]
Workers = Literal["inline", "child", "none"]


@dataclass(frozen=True)
class Ground:
    """Where a run happens: a server, and whether its database is kept afterwards."""

    server_url: str
    keep: bool = False


@dataclass(frozen=True)
class Stage:
    """A run's database, provider and caller."""

    url: str
    provider: Provider
    client: Client
    processes: Sequence[psutil.Process]  # Those of Standby.


@asynccontextmanager
async def loaded(
    ground: Ground, shape: Shape, load: Callable[[Loader], Awaitable[object]]
) -> AsyncIterator[str]:
    """A fresh database with the salons of `shape` and what `load` adds."""
    async with databases.fresh(ground.server_url, keep=ground.keep) as url:
        async with loader(url, shape) as rows:
            await rows.salons()
            await load(rows)
        await databases.settle(url)
        yield url


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the database's owner, to see what became of things."""
    connection: asyncpg.Connection = await asyncpg.connect(url, server_settings={"search_path": "standby"})
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def stage(
    url: str, shape: Shape, *, via: Via, workers: Workers, connections: int, latency_ms: float = 0.0
) -> AsyncIterator[Stage]:
    """The parts, running. `workers` inline: in the process that takes the calls; child: in one of their own."""
    async with provider(latency_ms) as messages, other_worker(url, messages.address, workers) as other:
        inline = workers == "inline"
        if via == "http":
            options = ServerOptions(url, messages.address, web=True, worker=inline)
            async with (
                server(options) as web,
                over_http(web.ready["address"], shape.tenants(), connections=connections) as caller,
            ):
                yield Stage(url, messages, caller, [web.process, *other])
        else:
            async with ours.opened(url, messages.address) as parts:
                here = Stage(url, messages, InProcess(parts), [psutil.Process(), *other])
                if inline:
                    async with ours.working(parts):
                        yield here
                else:
                    yield here


@asynccontextmanager
async def other_worker(url: str, address: str, workers: Workers) -> AsyncIterator[list[psutil.Process]]:
    """A worker in a process of its own, if `workers` is child; it sends to the provider at `address`."""
    if workers != "child":
        yield []
        return
    async with server(ServerOptions(url, address, web=False, worker=True)) as worker:
        yield [worker.process]
