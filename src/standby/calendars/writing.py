"""Writes one booking to one linked calendar: what it is now, whatever the calendar shows.

claim with a lease (a transaction) ──▶ write (none) ──▶ record (a transaction). A worker that dies in between leaves the
lease, and who comes after it writes the same event again, under the same name: a calendar has it once.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from standby.calendars.base import Event, Link, Reconnect, Refused, Retry, Writing, Written
from standby.calendars.calendars import Calendars, wait_after
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.messages.sealing import CannotOpen
from standby.tenants.scope import tenant_transaction

SQL = statements_beside(__file__)

LEASE: Final = timedelta(minutes=2)
LONGEST_SECONDS: Final = 90.0  # of one write: shorter than its lease
TELL_AT: Final = 5  # the attempt whose failure the salon is told of

log = structlog.get_logger()


async def write(calendars: Calendars, tenant_id: UUID, event_id: UUID) -> None:
    """Writes one event, unless there is nothing to write or somebody is at it."""
    async with tenant_transaction(calendars.pool, tenant_id) as tx:
        now = calendars.clock()
        row = await tx.fetchrow(SQL["claim_event"], event_id, now, now + LEASE)
    if row is None:
        return
    outcome = await _written(calendars, tenant_id, row)
    async with tenant_transaction(calendars.pool, tenant_id) as tx:
        await _record(tx, row, outcome, now=calendars.clock())
    log.debug("calendar_written", event_id=str(event_id), outcome=type(outcome).__name__)


async def _written(calendars: Calendars, tenant_id: UUID, row: asyncpg.Record) -> Writing:
    calendar = calendars.kinds.get(row["kind"])
    if calendar is None:
        return Refused(f"Nothing here writes to calendars of the kind {row['kind']}.")
    try:
        secrets = calendars.seal().open(row["secrets"]) if row["secrets"] else {}
    except CannotOpen as error:
        return Retry(str(error))
    zone = ZoneInfo(row["timezone"])
    link = Link(tenant_id, row["link_id"], row["staff_id"], row["address"], zone, secrets)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await calendar.write(link, _event_in(row, zone))
    except TimeoutError:
        return Retry(f"It was not written within {LONGEST_SECONDS:.0f} seconds.")


def _event_in(row: asyncpg.Record, zone: ZoneInfo) -> Event:
    return Event(
        # The same for the same calendar linked again, and another for each of two staff members who share one.
        name=row["booking_id"].hex + row["staff_id"].hex,
        booking_id=row["booking_id"],
        sequence=row["sequence"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        zone=zone,
        service=row["service_name"],
        first_name=next(iter(row["customer_name"].split()), ""),
        salon=row["salon_name"],
        gone=row["gone"],
        changed_at=row["changed_at"],
        place=row["event_place"],
    )


async def _record(tx: Tx, row: asyncpg.Record, outcome: Writing, *, now: datetime) -> None:
    match outcome:
        case Written(place):
            if await tx.fetchval(SQL["note_written"], row["id"], row["wanted"], dict(place), now):
                await tx.execute("SELECT announce_deadline($1, $1)", now)
        case Retry(reason, after):
            wait = max(wait_after(row["attempts"]), timedelta(seconds=after or 0))
            await _unwritten(tx, row, reason, now + wait, now, tell=row["attempts"] >= TELL_AT)
        case Refused(reason):
            await _unwritten(tx, row, reason, None, now, tell=True)
        case Reconnect(reason):
            # The link before its events, as everybody takes them.
            await tx.execute(SQL["fail_calendar"], row["link_id"], row["secrets"], reason, None, True, now)
            await _unwritten(tx, row, reason, None, now)


async def _unwritten(
    tx: Tx, row: asyncpg.Record, reason: str, again: datetime | None, now: datetime, *, tell: bool = False
) -> None:
    await tx.execute(SQL["note_unwritten"], row["id"], row["wanted"], reason, again, now)
    if tell:
        await tx.execute("SELECT tell_of_unwritten($1, $2, $3)", row["link_id"], reason, now)
