"""Self-healing: finds what no job is watching, and enqueues it.

Offers, messages, cooldowns and entries need no search: their deadlines are columns, which the timers find whatever
crashed. What is left is a slot that is open although somebody could have it, a hold without an offer, and a provider's
request that nobody has read.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from standby.clock import Clock
from standby.database.pool import Pool
from standby.database.statements import statements_beside
from standby.jobs import story
from standby.jobs.queues import QUEUES, Rules

LOOK_AGAIN = timedelta(seconds=30)  # the soonest that one slot is looked at twice
KEEP_WORK = timedelta(days=2)  # what was done, by minute
KEEP_SILENT = timedelta(days=1)  # workers that died
PRUNE_EVERY = 12  # rounds of healing: a minute, unless it is set otherwise
FORGET_EVERY = 720  # an hour
KEEP_REQUEST_KEYS = timedelta(hours=24)
KEEP_VERIFICATIONS = timedelta(hours=24)
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


async def prune(pool: Pool, rules: Mapping[str, Rules], *, now: datetime) -> None:
    """Forgets what is done: jobs as the settings say (seed 001, "Job Retention"; of those that failed again all but the
    last), providers' requests after a month, keys of requests and codes after a day, and what was done by minute after
    two.

    One worker at a time does it, the others pass.
    """
    async with pool.acquire() as connection, connection.transaction():
        if not await connection.fetchval(SQL["may_prune"]):
            return
        for queue in QUEUES:
            completed, failed = rules[queue.name].completed, rules[queue.name].failed
            await connection.execute(SQL["prune_parked_jobs"], queue.jobs, now - failed.age, failed.most)
            await connection.execute(
                SQL["prune_finished_jobs"], queue.jobs, now - completed.age, completed.most
            )
        await connection.execute(SQL["prune_work"], now - KEEP_WORK)
        await connection.execute(SQL["prune_workers"], now - KEEP_SILENT)
        await connection.execute("SELECT forget_callbacks($1)", now - KEEP_CALLBACKS)
        await connection.execute("SELECT forget_request_keys($1)", now - KEEP_REQUEST_KEYS)
        await connection.execute("SELECT forget_verifications($1)", now - KEEP_VERIFICATIONS)


async def forget(pool: Pool, keeping: Keeping, *, now: datetime) -> None:
    """Forgets people: what has ended of accounts, who wrote how often, who changed what, and customers, as long as they
    are kept.
    """
    await pool.execute("SELECT forget_accounts($1)", now)
    await pool.execute("SELECT forget_permits($1)", now - KEEP_PERMITS)
    await pool.execute("SELECT forget_audit($1)", now - keeping.audit)
    if keeping.customers is not None:
        while await pool.fetchval("SELECT erase_idle_customers($1, $2)", now - keeping.customers, now):
            pass


async def keep_healing(
    pool: Pool,
    clock: Clock,
    rules: Mapping[str, Rules],
    keeping: Keeping,
    *,
    every: float,
    stop: asyncio.Event,
) -> None:
    """Heals every so many seconds until `stop`, and prunes now and then."""
    rounds = 0
    while not stop.is_set():
        await heal(pool, now=clock())
        await story.count(pool, now=clock())
        if rounds % PRUNE_EVERY == 0:
            await prune(pool, rules, now=clock())
        if rounds % FORGET_EVERY == 0:
            await forget(pool, keeping, now=clock())
        rounds += 1
        try:
            await asyncio.wait_for(stop.wait(), every)
        except TimeoutError:
            continue
