"""Queues, workers, and what waits for them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from rich.markup import escape

from standby import clock
from standby.database.pool import Pool
from standby.doctor.findings import FINE, PROBLEM, WARNING, Finding, counted
from standby.jobs import monitor

STUCK: Final = timedelta(minutes=1)  # that a job has been due for, as the alert "A queue is behind" has it


async def of_work(pool: Pool) -> AsyncIterator[Finding]:
    """What failed for good, what is paused, what waits for too long, and who works."""
    for one in await monitor.standings(pool, now=clock.now()):
        name = one.queue.name
        if one.failed:
            yield Finding(
                WARNING,
                f"{name}: {counted(one.failed, 'job')} failed for good",
                f"Why: standby queue failed {name}. Once that is mended: standby queue retry {name} --all",
            )
        if one.paused_at is not None:
            yield Finding(
                WARNING,
                escape(f"{name} is paused by {one.paused_by} since {one.paused_at:%F %T %Z}"),
                f"To let it run: standby queue resume {name}",
            )
        elif one.oldest_seconds > STUCK.total_seconds():
            yield Finding(
                WARNING,
                f"{name} is behind: {counted(one.waiting, 'job')} waiting, the oldest for {one.oldest_seconds:.0f} s",
                "docs/operations.md, “A queue is behind”, says what to look at.",
            )
    working = await pool.fetchval(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = 'standby timers' AND datname = current_database()"
    )
    if working:
        yield Finding(FINE, f"{counted(working, 'worker')} at work")
    else:
        yield Finding(
            PROBLEM, "No worker is running: nothing is offered or sent", "Run: standby serve (or work)"
        )
