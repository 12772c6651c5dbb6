"""What each kind of job does: opens the transaction, calls one domain function. Each looks at the row's state first."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import asyncpg
import structlog
from structlog.contextvars import bind_contextvars

from standby.accounts.mailing import Mailing
from standby.bookings import preferences
from standby.calendars import reading, writing
from standby.calendars.calendars import Calendars
from standby.clock import Clock
from standby.database.pool import Pool
from standby.importing.running import Imports
from standby.jobs.queue import Handler
from standby.jobs.queues import (
    DELIVER_WEBHOOK,
    FILL,
    IMPORT,
    LETTER,
    PREFERENCE,
    READ,
    READ_CALENDAR,
    REMIND,
    SEND,
    WRITE_CALENDAR,
)
from standby.jobs.webhook_lines import Lines
from standby.messages import callbacks
from standby.messages.delivery import Asked, Delivery
from standby.tenants.scope import tenant_transaction
from standby.waitlist import cascade
from standby.waitlist.cascade import Offered
from standby.webhooks.webhooks import Webhooks

log = structlog.get_logger()


def handlers(
    pool: Pool, delivery: Delivery, clock: Clock, calendars: Calendars, webhooks: Webhooks, mailing: Mailing
) -> Mapping[str, Handler]:
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
        if isinstance(outcome, Offered):
            bind_contextvars(offer_id=str(outcome.offer_id))
        log.debug("filled", tenant_id=str(tenant_id), slot_id=str(slot_id), outcome=outcome)

    async def send(tenant_id: UUID, message_id: UUID) -> None:
        await delivery.deliver(Asked(tenant_id, message_id))

    async def read(tenant_id: UUID, callback_id: UUID) -> None:
        await callbacks.read(pool, tenant_id, callback_id, clock=clock)

    async def read_calendar(tenant_id: UUID, link_id: UUID) -> None:
        await reading.read(calendars, tenant_id, link_id)

    async def write_calendar(tenant_id: UUID, event_id: UUID) -> None:
        await writing.write(calendars, tenant_id, event_id)

    async def count(tenant_id: UUID, customer_id: UUID) -> None:
        async with tenant_transaction(pool, tenant_id) as tx:
            await preferences.count(tx, customer_id)

    async def send_letter(_: UUID, letter_id: UUID) -> None:
        await mailing.send(letter_id)

    return {
        FILL: fill,
        SEND: send,
        REMIND: send,
        READ: read,
        PREFERENCE: count,
        READ_CALENDAR: read_calendar,
        WRITE_CALENDAR: write_calendar,
        DELIVER_WEBHOOK: Lines(webhooks, asyncio.Event()).send,
        LETTER: send_letter,
        IMPORT: Imports(pool, clock, asyncio.Event()).run,
    }
