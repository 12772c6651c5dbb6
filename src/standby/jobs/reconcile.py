"""Self-healing: finds what no job is watching, and enqueues it.

Offers, messages, cooldowns and entries need no search: their deadlines are columns, which the timers find whatever
crashed. What is left is a slot that is open although somebody could have it, a hold without an offer, and a provider's
request that nobody has read.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from standby.clock import Clock
from standby.database.pool import Pool
from standby.database.statements import statements_beside

LOOK_AGAIN = timedelta(seconds=30)  # the soonest that one slot is looked at twice
KEEP_LOG = timedelta(hours=24)  # of PgQueuer's own log, which it never prunes
KEEP_PARKED = timedelta(days=7)  # seed 001, "Job Retention": failed jobs
KEEP_REQUEST_KEYS = timedelta(hours=24)
KEEP_PERMITS = timedelta(hours=1)  # Lines that were empty for so long limit nobody.
KEEP_CALLBACKS = timedelta(days=30)  # Providers repeat themselves for a week at most.

SQL = statements_beside(__file__)

log = structlog.get_logger()


async def heal(pool: Pool, *, now: datetime, look_again: timedelta = LOOK_AGAIN) -> int:
    """Enqueues a look at what may be lost; returns at how much. `pool` acts as the worker's role."""
    found: int = await pool.fetchval("SELECT taken FROM reconcile($1, $2)", now, look_again)
    unread: int = await pool.fetchval("SELECT reread_callbacks($1, $2)", now, look_again)
    if found or unread:
        log.debug("reconciled", slots=found, callbacks=unread)
    return found + unread


@dataclass(frozen=True)
class Keeping:
    """How long what is known of people is kept; None: until somebody erases them."""

    audit: timedelta
    customers: timedelta | None = None


async def prune(pool: Pool, keeping: Keeping, *, now: datetime) -> None:
    """Forgets what is done: finished jobs after a day, parked ones after a week (and of one that failed again all but
    the last), providers' requests after a month, keys of requests after a day, what has ended of accounts, and people
    as long as they are kept.
    """
    await pool.execute("DELETE FROM pgqueuer_log WHERE created < $1", now - KEEP_LOG)
    await pool.execute(SQL["prune_parked_jobs"], now - KEEP_PARKED)
    await pool.execute("SELECT forget_callbacks($1)", now - KEEP_CALLBACKS)
    await pool.execute("SELECT forget_request_keys($1)", now - KEEP_REQUEST_KEYS)
    await pool.execute("SELECT forget_audit($1)", now - keeping.audit)
    if keeping.customers is not None:
        while await pool.fetchval("SELECT erase_idle_customers($1, $2)", now - keeping.customers, now):
            pass
    await pool.execute("SELECT forget_permits($1)", now - KEEP_PERMITS)
    await pool.execute("SELECT forget_accounts($1)", now)


async def keep_healing(
    pool: Pool, clock: Clock, keeping: Keeping, *, every: float, stop: asyncio.Event
) -> None:
    """Heals every so many seconds until `stop`, and prunes now and then."""
    rounds = 0
    while not stop.is_set():
        await heal(pool, now=clock())
        if rounds % 720 == 0:
            await prune(pool, keeping, now=clock())
        rounds += 1
        try:
            await asyncio.wait_for(stop.wait(), every)
        except TimeoutError:
            continue
