"""Private feeds: addresses where calendar programs read a staff member's bookings, or the salon's.

Whoever has the address may read, so it is shown once, when it is made; the database knows its token's hash alone.
The caller owns the transaction and its tenant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from standby.calendars import ical
from standby.calendars.ical import Appointment
from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import FeedNotFound, FieldProblem, Invalid
from standby.waitlist.tokens import hash_token, new_token

SQL = statements_beside(__file__)

PAST: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=366)
FORM: Final = (
    "1"  # Another one when the same bookings are written otherwise: nobody keeps what was written before.
)


@dataclass(frozen=True)
class Feed:
    """A feed; of the whole salon if `staff_id` is None."""

    id: UUID
    staff_id: UUID | None
    contacts: bool
    created_at: datetime


@dataclass(frozen=True)
class Reading:
    """What a feed shows now; `etag` is its version. No `appointments`: the caller has them, or asked for that only."""

    name: str
    etag: str
    appointments: list[Appointment] | None

    def written(self) -> bytes:
        """The calendar."""
        return ical.feed(self.name, self.appointments or ())


async def make(tx: Tx, staff_id: UUID | None, *, contacts: bool, now: datetime) -> tuple[Feed, str]:
    """The feed of a staff member or of the salon, and its token; an earlier token ends. Raises Invalid."""
    token = new_token()
    try:
        [row] = await tx.fetch(SQL["keep_feed"], new_id(), staff_id, hash_token(token), contacts, now)
    except asyncpg.ForeignKeyViolationError as error:
        raise Invalid([FieldProblem("staff_id", "is no staff member of this salon", "not_found")]) from error
    return Feed(**row), token


async def all_of(tx: Tx) -> list[Feed]:
    """The salon's feeds."""
    return [Feed(**row) for row in await tx.fetch(SQL["list_feeds"])]


async def end(tx: Tx, feed_id: UUID) -> None:
    """Ends a feed. Raises FeedNotFound."""
    if await tx.fetchrow(SQL["end_feed"], feed_id) is None:
        raise FeedNotFound


async def read(tx: Tx, feed_id: UUID, *, known: Sequence[str], wanted: bool, now: datetime) -> Reading:
    """The feed. `known` are the ETags that the caller has; not `wanted`: they want to know the ETag only."""
    versions = [etag.removeprefix(f"{FORM}-") for etag in known if etag.startswith(f"{FORM}-")]
    first, *rows = await tx.fetch(SQL["feed_events"], feed_id, now - PAST, now + AHEAD, versions, wanted)
    of_salon, tenant_id, salon = first["staff_id"] is None, first["tenant_id"], first["salon_name"]
    fresh = wanted and first["version"] not in versions
    return Reading(
        salon if of_salon else f"{first['feed_staff_name']} – {salon}",
        f"{FORM}-{first['version']}",
        [_appointment(row, tenant_id, salon, of_salon=of_salon) for row in rows] if fresh else None,
    )


def _appointment(row: asyncpg.Record, tenant_id: UUID, salon: str, *, of_salon: bool) -> Appointment:
    summary = f"{row['customer_name']}, {row['service_name']}"
    return Appointment(
        tenant_id=tenant_id,
        booking_id=row["id"],
        sequence=row["sequence"],
        cancelled=row["cancelled"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        changed_at=row["changed_at"],
        summary=f"{row['staff_name']}: {summary}" if of_salon else summary,
        location=salon,
        description=row["phone"] or "",
    )
