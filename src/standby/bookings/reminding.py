"""The reminders of a booking as they stand: those that were written, and those to come by the rules that hold now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from standby.bookings.reminders import coming
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import BookingNotFound
from standby.tenants import tenants

SQL = statements_beside(__file__)

# A message's state → what a job in it is called (seed 002, "Reminder Status for Booking"), as far as it has a word.
STATES: Final = {"queued": "waiting", "sending": "active", "sent": "completed"}
WRITTEN: Final = 50  # of those that were written, at most
COUNTED: Final = 1000  # of those to come, at most: each has to be looked for in its night


@dataclass(frozen=True)
class Reminder:
    """One of a booking's. `state`: waiting, active, completed, failed, dropped or uncertain."""

    number: int
    state: str
    scheduled_for: datetime


@dataclass(frozen=True)
class Reminders:
    """The last that were written and the first to come, in order; `total` counts all, but at most COUNTED to come."""

    items: list[Reminder]
    total: int


async def of_booking(tx: Tx, booking_id: UUID, *, limit: int) -> Reminders:
    """At most `limit` reminders of a booking. Raises BookingNotFound."""
    booking = await tx.fetchrow(SQL["next_reminder"], booking_id)
    if booking is None:
        raise BookingNotFound
    rows = await tx.fetch(SQL["written_reminders"], booking_id, min(limit, WRITTEN))
    written = [
        Reminder(row["number"], STATES.get(row["status"], row["status"]), row["scheduled_for"])
        for row in reversed(rows)
    ]
    to_come: list[datetime] = []
    if booking["remind_at"] is not None:
        salon = await tenants.find(tx)
        policy = await tenants.get_policy(tx, booking["service_id"])
        before = booking["remind_at"] - timedelta.resolution
        times = coming(policy, salon.zone, booking["reminders_since"], booking["starts_at"], before)
        to_come = list(islice(times, COUNTED))
    ahead = [Reminder(number, "waiting", at) for number, at in enumerate(to_come, booking["reminder_number"])]
    return Reminders(written + ahead[: limit - len(written)], booking["written"] + len(ahead))
