"""Whether an installation can do its work right now, part by part, for load balancers and whoever watches."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from standby.database.pool import CONNECTION_LOST, Pool
from standby.jobs import monitor

PATIENCE = 2.0  # seconds that the database may take to answer
LOOK_AGAIN = timedelta(seconds=30)  # a database that was complete stays so: nothing takes migrations back


@dataclass(frozen=True)
class Part:
    """One thing that is needed, whether it is there, and in a few words how it is. No secrets: everybody may see it."""

    ready: bool
    says: str


@dataclass(frozen=True)
class Pauses:
    """Of one provider and channel: how many senders salons have there, and how many channels are paused."""

    provider: str
    channel: str
    senders: int
    paused: int


@dataclass
class Readiness:
    """`pool` acts as the worker's role; `pending` says what of the database is missing."""

    pool: Pool
    pending: Callable[[], Awaitable[Sequence[str]]]
    _complete_at: datetime | None = field(default=None, init=False)

    async def parts(self, *, now: datetime) -> dict[str, Part]:
        """database, migrations, workers, providers; without a database nothing is known of the others."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self.pool.fetchval("SELECT 1")
                return {"database": Part(ready=True, says="answers"), **await self._others(now)}
        except (*CONNECTION_LOST, TimeoutError):
            return {"database": Part(ready=False, says="does not answer")}

    async def _others(self, now: datetime) -> dict[str, Part]:
        migrations = await self._migrations(now)
        if not migrations.ready:
            return {"migrations": migrations}
        return {
            "migrations": migrations,
            "workers": _of_workers(await monitor.workers(self.pool, now=now)),
            "providers": _of_providers(await provider_pauses(self.pool, now=now)),
        }

    async def _migrations(self, now: datetime) -> Part:
        if self._complete_at is None or now - self._complete_at > LOOK_AGAIN:
            if missing := await self.pending():
                return Part(ready=False, says=f"missing: {', '.join(missing)}")
            self._complete_at = now
        return Part(ready=True, says="up to date")


async def provider_pauses(pool: Pool, *, now: datetime) -> list[Pauses]:
    """The senders of all salons by provider and channel, and how many channels are paused."""
    return [Pauses(**dict(row)) for row in await pool.fetch("SELECT * FROM count_provider_pauses($1)", now)]


def _of_workers(workers: Sequence[monitor.Worker]) -> Part:
    alive = sum(worker.alive for worker in workers)
    silent = len(workers) - alive
    return Part(ready=alive > 0, says=f"{alive} at work" + (f", {silent} silent" if silent else ""))


def _of_providers(pauses: Sequence[Pauses]) -> Part:
    """One salon's wrong password is no reason to turn all away: it takes every sender that salons have."""
    senders = sum(one.senders for one in pauses)
    paused = sum(min(one.paused, one.senders) for one in pauses)
    others = sum(one.paused - one.senders for one in pauses if one.provider == "installation")
    says = f"{paused} of {senders} senders paused" + (
        f", {others} salons without one paused" if others else ""
    )
    return Part(ready=not senders or paused < senders, says=says)
