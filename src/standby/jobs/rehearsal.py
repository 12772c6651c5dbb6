"""A rehearsal on every connection before a process takes its first work, so that nobody waits for a cold one.

PostgreSQL reads its catalogue, compiles functions and plans statements once for each connection, when they are first
needed: that makes the first offer of a connection ten times as slow as the next. So a made-up salon plays the whole
story on each of them, in a transaction that is rolled back.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import asyncpg

from standby.bookings import bookings, free_times
from standby.clock import Clock
from standby.database.pool import Pool, Tx, new_id
from standby.tenants import catalog, tenants
from standby.tenants.customers import Person
from standby.tenants.scope import tenant_transaction
from standby.tenants.tenants import Salon
from standby.waitlist import cascade, entries, offers
from standby.waitlist.cascade import Offered
from standby.waitlist.entries import Wish
from standby.waitlist.policy import NO_QUIET_HOURS

ACTOR = "rehearsal"


class _Over(Exception):
    """The rehearsal came to its end: nothing of it is kept."""


async def rehearse(pool: Pool, clock: Clock) -> None:
    """Plays the story on all connections of the pool at once; afterwards they are warm, and nothing has changed."""
    await asyncio.gather(*(_rehearse_on_one(pool, clock()) for _ in range(pool.get_max_size())))


async def _rehearse_on_one(pool: Pool, now: datetime) -> None:
    tenant_id = new_id()
    salon = Salon(tenant_id, str(tenant_id), "Rehearsal", "UTC", "en", "NOK", "NO")
    # A server that has no connection left for us: those that we have do.
    with suppress(_Over, asyncpg.TooManyConnectionsError):
        async with tenant_transaction(pool, tenant_id) as tx:
            await _play(tx, salon, now)
            raise _Over


async def _play(tx: Tx, salon: Salon, now: datetime) -> None:
    await tenants.add(tx, salon, now=now)
    await tenants.change_policy(tx, None, NO_QUIET_HOURS)  # It rehearses at night, too.
    service = await catalog.add_service(tx, "Service", 30, None, now=now)
    staff = await catalog.add_staff(tx, "Staff", [service], now=now)
    wish = Wish(service, now, now + timedelta(days=2))
    for phone in ("+4740000001", "+4740000002"):
        await entries.join(tx, Person("Customer", phone), wish, now=now, actor=ACTOR)
    await free_times.on_days(tx, service, now.date(), 7, now=now)
    at = now + timedelta(days=1)
    booking = await bookings.create(
        tx, Person("Customer", "+4740000003"), staff, service, at, now=now, actor=ACTOR, notify=False
    )
    freed = await bookings.cancel(tx, booking, now=now, reason="", actor=ACTOR, notify=False)
    if freed.opening is None:
        return
    for answer in (offers.decline, offers.accept):
        offered = await cascade.fill(tx, freed.opening.slot_id, now=now)
        if isinstance(offered, Offered):
            await answer(tx, offered.offer_id, now=now, actor=ACTOR)
