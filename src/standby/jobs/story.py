"""What became of offers and messages, counted for /metrics as it goes: a scrape reads a few rows and no history."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from standby.database.pool import Pool
from standby.database.statements import statements_beside
from standby.jobs.gate import BOUNDS

SETTLED: Final = timedelta(seconds=10)  # What is older than this is committed.
# Upper bounds in seconds, from a second to two days: how long a free time stays free.
LONG_BOUNDS: Final = (
    *(1.0, 10.0, 60.0, 300.0, 900.0, 1800.0),
    *(3600.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0),
)

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Total:
    """How much of something there was since counting began; of times, their sum and the counts by class."""

    metric: str
    labels: tuple[str, ...]
    amount: int
    seconds: float
    counts: tuple[int, ...]


async def count(pool: Pool, *, now: datetime) -> None:
    """Counts what has come since the last time. `pool` acts as the worker's role."""
    await pool.execute("SELECT count_story($1, $2, $3)", now - SETTLED, list(BOUNDS), list(LONG_BOUNDS))


async def totals(pool: Pool) -> list[Total]:
    """All that was counted."""
    return [
        Total(row["metric"], tuple(row["labels"]), row["amount"], row["seconds"], tuple(row["counts"]))
        for row in await pool.fetch(SQL["story_totals"])
    ]
