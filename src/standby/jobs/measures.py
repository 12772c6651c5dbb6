"""What /metrics tells of the installation as a whole. It stands in PostgreSQL, so every process tells the same."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from standby.database.pool import Pool
from standby.jobs import monitor, readiness, story
from standby.jobs.gate import Done

FRESH: Final = timedelta(
    seconds=5
)  # Scrapes that come sooner are told the same: they can't load the database.


@dataclass(frozen=True)
class Measures:
    """All of it at one moment. `done` is by queue and by timer."""

    at: datetime
    standings: Sequence[monitor.Standing]
    workers: Sequence[monitor.Worker]
    done: Mapping[str, Done]
    story: Sequence[story.Total]
    providers: Sequence[readiness.Pauses]


@dataclass
class Measuring:
    """Reads it, and keeps it for some seconds; `pool` acts as the worker's role."""

    pool: Pool
    _last: Measures | None = field(default=None, init=False)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def measures(self, *, now: datetime) -> Measures:
        async with self._one:
            if self._last is None or now - self._last.at >= FRESH:
                self._last = Measures(
                    now,
                    await monitor.standings(self.pool, now=now),
                    await monitor.workers(self.pool, now=now),
                    await monitor.work_totals(self.pool),
                    await story.totals(self.pool),
                    await readiness.provider_pauses(self.pool, now=now),
                )
            return self._last
