"""Standby as it is measured: its own wiring and loops, with the stand-in provider behind every channel."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any

import uvloop

from benchmarks.channel import BenchmarkChannel
from benchmarks.processes import CONCURRENCY, LEASE, ServerOptions
from standby import runtime
from standby.clock import Clock
from standby.database.pool import Tx
from standby.jobs import timers
from standby.jobs.gate import Gate
from standby.logs import log_to_stderr
from standby.settings import Settings
from standby.web.app import create_app
from standby.wiring import System, system

SECRET = "benchmarks only, so it may be known"  # noqa: S105 - protects made-up people
SEALING_KEY = "YmVuY2htYXJrcyBvbmx5LCBzbyBpdCBtYXkgYmUga24="  # As the other one.
PUBLIC_URL = "https://standby.test"


def settings(
    url: str, *, lease_seconds: float = LEASE, concurrency: int = CONCURRENCY, limited: bool = False
) -> Settings:
    """The defaults, and what the environment sets (STANDBY_POOL_SIZE, …)."""
    given: dict[str, Any] = {
        "database_url": url,
        "secret_key": SECRET,
        "sealing_keys": SEALING_KEY,
        "public_url": PUBLIC_URL,
        "log_level": "warning",
        "message_lease_seconds": lease_seconds,
        "waitlist_notification_concurrency": concurrency,
        "live_streams": 100_000,
    }
    if limited:
        given["trusted_proxies"] = "127.0.0.1"
    else:  # All of a benchmark's customers answer from one address.
        given |= {
            "public_writes_per_address": 0,
            "public_requests_per_address": 0,
            "public_requests_per_salon": 0,
        }
    return Settings(**given)


def opened(
    url: str,
    provider: str,
    *,
    lease_seconds: float = LEASE,
    concurrency: int = CONCURRENCY,
    limited: bool = False,
) -> AbstractAsyncContextManager[System]:
    """A system on a migrated database."""
    chosen = settings(url, lease_seconds=lease_seconds, concurrency=concurrency, limited=limited)
    log_to_stderr(chosen)
    channel = BenchmarkChannel(provider)
    return system(chosen, url, channels={"whatsapp": channel, "sms": channel, "email": channel})


@asynccontextmanager
async def working(parts: System) -> AsyncIterator[None]:
    """A worker in this process while the block runs."""
    stop = asyncio.Event()
    worker = asyncio.create_task(runtime.work(parts, stop))
    try:
        yield
    finally:
        stop.set()
        await worker


async def serve(options: ServerOptions) -> None:
    """The role `_server`: the loops that `standby serve`, `web` and `work` run, until standard input ends."""
    stop = asyncio.Event()
    taken: list[tuple[float, float]] = []
    _watch_timers(taken)
    async with (
        opened(
            options.url,
            options.provider,
            lease_seconds=options.lease_seconds,
            concurrency=options.concurrency,
            limited=options.limited,
        ) as parts,
        asyncio.TaskGroup() as loops,
    ):
        app = create_app(parts.web) if options.web else None
        runtime.settle(app)
        if options.worker:
            loops.create_task(runtime.work(parts, stop))
        else:
            await runtime.warm(parts)
        if app is not None:
            loops.create_task(runtime.serve(app, "127.0.0.1", 0, stop, ready=_tell_address))
        else:
            _say({})
        await _answer_questions(taken)
        stop.set()


async def _answer_questions(taken: list[tuple[float, float]]) -> None:
    while await asyncio.to_thread(sys.stdin.readline):
        _say({"taken": taken})
        taken.clear()


def _tell_address(address: str) -> None:
    _say({"address": address})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _watch_timers(taken: list[tuple[float, float]]) -> None:
    """Notes for each round of the timers that took something: the time it decided by, and the time it had committed.

    A row that it took says the former (offers.ended_at), which leads from the row to the latter.
    """
    take_due = timers.take_due

    async def watched(
        connection: Tx, clock: Clock, paused: Collection[str] = (), *, gate: Gate | None = None
    ) -> tuple[int, float | None]:
        times: list[datetime] = []

        def read() -> datetime:
            times.append(clock())
            return times[-1]

        result = await take_due(connection, read, paused, gate=gate)
        if result[0]:
            taken.append((times[0].timestamp(), clock().timestamp()))
        return result

    timers.take_due = watched


if __name__ == "__main__":
    uvloop.run(serve(ServerOptions(**json.loads(sys.argv[1]))))
