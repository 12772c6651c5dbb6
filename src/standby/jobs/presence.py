"""A worker says twice a second that it lives, what it has in hand and what it has done, and hears what is paused.

Everything that operators see of workers comes from here. What a killed worker did in its last half second is missing in
the statistics, and nowhere else.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from standby import __version__
from standby.clock import Clock
from standby.database.pool import CONNECTION_LOST, Pool, new_id
from standby.database.statements import statements_beside
from standby.jobs.gate import Done, Gate, Times

SQL = statements_beside(__file__)
EVERY: Final = timedelta(seconds=0.5)
PATIENCE: Final = 2.0  # seconds for the good-bye of a worker that stops
SILENT: Final = timedelta(seconds=10)  # A worker that said nothing for so long is taken for dead.

log = structlog.get_logger()


@dataclass
class Presence:
    """Of one worker; `pool` acts as the worker's role."""

    pool: Pool
    clock: Clock
    gate: Gate
    id: UUID = field(default_factory=new_id)
    started_at: datetime | None = None

    async def beat(self) -> None:
        """Says it once. Afterwards the gate knows what is paused."""
        now = self.clock()
        self.started_at = self.started_at or now
        rows = await self.pool.fetch(
            SQL["beat"],
            self.id,
            socket.gethostname(),
            os.getpid(),
            __version__,
            self.started_at,
            now,
            self.gate.in_hand,
        )
        self.gate.paused = frozenset(row["queue"] for row in rows)
        await self._record(now)

    async def _record(self, now: datetime) -> None:
        done, late = self.gate.told()
        if not done and not late:
            return
        works = {**done, **{timer: Done(waits=times) for timer, times in late.items()}}
        try:
            await self.pool.execute(
                SQL["record_work"],
                now.replace(second=0, microsecond=0),
                list(works),
                *([one.came[came] for one in works.values()] for came in ("completed", "failed", "retried")),
                [one.runs.seconds for one in works.values()],
                [_array(one.runs) for one in works.values()],
                [one.waits.seconds for one in works.values()],
                [_array(one.waits) for one in works.values()],
            )
        except BaseException:
            self.gate.tell_again(done, late)
            raise

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Beats while the block runs, the first time before it begins; says good-bye in the end."""
        await self.beat()
        beating = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            with suppress(*CONNECTION_LOST, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self.beat()
                    await self.pool.execute(SQL["leave"], self.id)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            try:
                await self.beat()
            except (*CONNECTION_LOST, TimeoutError):
                continue  # The loops find out that the database is gone.
            except Exception:  # A worker that stopped beating would obey no pause any more.
                log.exception("heartbeat_failed")


def _array(times: Times) -> str:
    return "{" + ",".join(map(str, times.counts)) + "}"
