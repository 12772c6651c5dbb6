"""So many dashboards are open on one web process: what each costs, and how soon all know of a change. One at a time."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import UUID

import aiohttp

from benchmarks import ours
from benchmarks.databases import settle
from benchmarks.figures import Figures, now_ms, spread
from benchmarks.loading import Loader, Shape, service_id, staff_id, tenant_id
from benchmarks.ordinary import times
from benchmarks.processes import Child, ServerOptions, server
from benchmarks.stage import Ground, loaded
from standby import clock
from standby.bookings import bookings
from standby.tenants.customers import Person
from standby.tenants.scope import tenant_transaction
from standby.tenants.sign_in import Identity, issue_token

NOBODY: Final = "http://127.0.0.1:9"
SALON: Final = tenant_id(1)
PATIENCE: Final = 20.0  # Seconds until a change that not everybody has heard of is given up.


@dataclass(frozen=True)
class Options:
    """All of them look at one salon, which is the worst case; `changes` are cancellations."""

    dashboards: int = 500
    changes: int = 100


class _Listeners:
    """When which change was heard of: one time for each listener."""

    def __init__(self) -> None:
        self.heard: dict[str, list[float]] = {}
        self.ready = 0
        self._more = asyncio.Event()

    def hear(self, data: bytes) -> None:
        told = json.loads(data)
        if told["type"] == "reload":
            self.ready += 1
        elif told["type"] == "booking.cancelled":
            self.heard.setdefault(told["id"], []).append(now_ms())
        self._more.set()

    async def all_ready(self, count: int) -> None:
        while self.ready < count:
            await self._next()

    async def all_heard(self, booking: UUID, count: int) -> list[float]:
        """Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while len(self.heard.get(str(booking), ())) < count:
                await self._next()
        return self.heard[str(booking)]

    async def _next(self) -> None:
        self._more.clear()
        await self._more.wait()


async def run(ground: Ground, options: Options) -> Figures:
    async def load(_: Loader) -> None:
        return

    identity = Identity(SALON, "benchmark")
    bearer = issue_token(ours.SECRET.encode(), identity, now=clock.now(), lifetime=timedelta(hours=2))
    async with loaded(ground, Shape(1, 4), load) as url:
        booked = await _booked(url, options.changes)
        await settle(url)
        async with (
            server(ServerOptions(url, NOBODY, web=True, worker=False)) as web,
            aiohttp.ClientSession(
                web.ready["address"],
                headers={"authorization": f"Bearer {bearer}"},
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=None),
            ) as session,
        ):
            listeners = _Listeners()
            async with _opened(session, 1, listeners):  # What a process does for the first one alone.
                before = _memory(web)
                async with _opened(session, options.dashboards, listeners):
                    after = _memory(web)
                    calls, first, last = await _changes(session, booked, listeners, 1 + options.dashboards)
    return {
        "params": {"dashboards": options.dashboards, "changes": options.changes},
        "bytes_per_dashboard": round(max(0, after - before) / options.dashboards),
        "web_rss_mb": round(after / 2**20, 1),
        "call_ms": spread(calls),
        "first_knows_ms": spread(first),
        "all_know_ms": spread(last),
    }


async def _booked(url: str, count: int) -> list[UUID]:
    made: list[UUID] = []
    begins = clock.now().date() + timedelta(days=30)
    async with ours.opened(url, NOBODY) as parts:
        for number, (in_list, at) in enumerate(islice(times((1, 2, 3, 4), begins), count)):
            person = Person("Customer", f"+479{5_000_000 + number}")
            what = staff_id(in_list), service_id(in_list), at
            async with tenant_transaction(parts.pool, SALON) as tx:
                made.append(
                    await bookings.create(tx, person, *what, now=clock.now(), actor="loading", notify=False)
                )
    return made


@asynccontextmanager
async def _opened(session: aiohttp.ClientSession, count: int, listeners: _Listeners) -> AsyncIterator[None]:
    """So many streams, each of which has said that it begins."""
    before = listeners.ready
    async with AsyncExitStack() as streams, asyncio.TaskGroup() as reading:
        readers = [
            reading.create_task(
                _read(await streams.enter_async_context(session.get("/api/events")), listeners)
            )
            for _ in range(count)
        ]
        await listeners.all_ready(before + count)
        yield
        for one in readers:
            one.cancel()


async def _read(answer: aiohttp.ClientResponse, listeners: _Listeners) -> None:
    answer.raise_for_status()
    async for line in answer.content:
        if line.startswith(b"data: "):
            listeners.hear(line[6:])


async def _changes(
    session: aiohttp.ClientSession, booked: list[UUID], listeners: _Listeners, count: int
) -> tuple[list[float], list[float], list[float]]:
    """The call itself, and from its beginning until the first listener knows of it and until all do, in ms."""
    calls, first, last = [], [], []
    for booking in booked:
        began = now_ms()
        async with session.post(f"/api/bookings/{booking}/cancel", json={"notify": False}) as answer:
            await answer.read()
            answer.raise_for_status()
        calls.append(now_ms() - began)
        heard = await listeners.all_heard(booking, count)
        first.append(heard[0] - began)
        last.append(heard[-1] - began)
    return calls, first, last


def _memory(web: Child) -> int:
    return int(web.process.memory_info().rss)
