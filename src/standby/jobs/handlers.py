"""What each kind of job does: opens the transaction, calls one domain function. Each looks at the row's state first."""

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from standby.bookings import preferences
from standby.clock import Clock
from standby.database.pool import Pool
from standby.jobs.queue import FILL, PREFERENCE, READ, SEND, Handler
from standby.messages import callbacks
from standby.messages.delivery import Asked, Delivery
from standby.tenants.scope import tenant_transaction
from standby.waitlist import cascade

COUNTING: Final = (
    2  # customers at once (seed 001), so that an import leaves connections to those who wait for an answer
)

log = structlog.get_logger()


def handlers(pool: Pool, delivery: Delivery, clock: Clock) -> Mapping[str, Handler]:
    """Entrypoint → handler."""

    async def fill(tenant_id: UUID, slot_id: UUID) -> None:
        try:
            async with tenant_transaction(pool, tenant_id) as tx:
                outcome = await cascade.fill(tx, slot_id, now=clock())
        except asyncpg.ExclusionViolationError:
            # Somebody booked over this open slot between our look and our hold: the constraint had the last word.
            async with tenant_transaction(pool, tenant_id) as tx:
                await cascade.give_up(tx, slot_id, now=clock())
            return
        log.debug("filled", tenant_id=str(tenant_id), slot_id=str(slot_id), outcome=outcome)

    async def send(tenant_id: UUID, message_id: UUID) -> None:
        await delivery.deliver(Asked(tenant_id, message_id))

    async def read(tenant_id: UUID, callback_id: UUID) -> None:
        await callbacks.read(pool, tenant_id, callback_id, clock=clock)

    seats = asyncio.Semaphore(COUNTING)

    async def count(tenant_id: UUID, customer_id: UUID) -> None:
        async with seats, tenant_transaction(pool, tenant_id) as tx:
            await preferences.count(tx, customer_id)

    return {FILL: fill, SEND: send, READ: read, PREFERENCE: count}
