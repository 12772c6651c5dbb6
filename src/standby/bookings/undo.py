"""Undo of what was done to a booking by mistake: it goes back to where it was, or stands again.

The caller owns the transaction and its tenant.
"""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import asyncpg

from standby.bookings import bookings
from standby.bookings.bookings import Changes, Freed
from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import (
    BookingChanged,
    BookingNotCancelled,
    FieldProblem,
    Invalid,
    OutsideBusinessHours,
    SlotHasAppointment,
    SlotNotOpen,
    SlotTaken,
)
from standby.tenants import closures
from standby.waitlist import slots
from standby.waitlist.lifecycle import BookingState
from standby.waitlist.times import Time

SQL = statements_beside(__file__)

# What the customer knows of a cancellation that is undone: nothing; or all, and they are told that the booking stands
# again, or no message reaches them.
Known: TypeAlias = Literal["nothing", "told_again", "to_be_called"]


async def move(tx: Tx, booking_id: UUID, sequence: int, *, now: datetime, actor: str) -> Freed:
    """Puts a booking back where it was before its last change, which made it `sequence`; its customer is told.

    The slot that it left closes, and who is offered that waits on. The time where it was meanwhile opens only if it was
    open before.
    Raises what `bookings.change` raises: its old time may be somebody else's by now.
    """
    booking = await bookings.locked(tx, booking_id)
    moved = await tx.fetchrow(SQL["last_move"], booking_id)
    if moved is None or booking["sequence"] != sequence:
        raise BookingChanged
    before = {name: both["from"] for name, both in moved["details"].items()}
    changes = Changes(
        starts_at=_moment(before.get("starts_at")),
        staff_id=UUID(before["staff_id"]) if "staff_id" in before else None,
        service_id=UUID(before["service_id"]) if "service_id" in before else None,
        ends_at=_moment(before.get("ends_at")),
    )
    staff_id, starts_at = changes.staff_id or booking["staff_id"], changes.starts_at or booking["starts_at"]
    left = await tx.fetchval(
        SQL["slot_left_by_move"], booking["customer_id"], moved["at"], staff_id, starts_at
    )
    if left is not None:
        await _close(tx, left, now=now, actor=actor)
    there = booking["staff_id"], booking["starts_at"], booking["ends_at"]
    was_open = await tx.fetchval(SQL["was_open_before_move"], *there, moved["at"])
    freed = await bookings.change(tx, booking_id, changes, now=now, actor=actor)
    if freed.opening is not None and not was_open:
        await _close(tx, freed.opening.slot_id, now=now, actor=actor)
        return Freed(booking_id, None)
    return freed


async def cancel(tx: Tx, booking_id: UUID, sequence: int, *, now: datetime, actor: str) -> Known:
    """A cancelled booking stands again, as it was: the slot that it left closes, and who is offered that waits on.

    `sequence`: as its cancellation left it. What has not been sent of that yet isn't; who was told is told again.
    One that stands already is left as it is.
    Raises BookingNotCancelled, BookingChanged; SlotTaken when somebody has its time by now, OutsideBusinessHours when
    that was closed since, Invalid when it is over.
    """
    told: bool = await tx.fetchval(SQL["unsay_cancelled"], booking_id, now)  # Messages are locked first.
    booking = await bookings.locked(tx, booking_id)
    if booking["status"] == BookingState.CONFIRMED:
        return "nothing"
    if booking["status"] != BookingState.CANCELLED:
        raise BookingNotCancelled(status=booking["status"])
    if booking["sequence"] != sequence:
        raise BookingChanged
    if booking["ends_at"] <= now:
        raise Invalid([FieldProblem("starts_at", "is over", "in_the_past")])
    freed = await tx.fetchval(SQL["slot_freed_by"], booking_id)
    if freed is not None:  # Else it could not be worked when it was cancelled, and stood all the same.
        await _check_open(tx, bookings.time_of(booking))
        await _close(tx, freed, now=now, actor=actor)
    await tx.execute(
        SQL["close_open_slots"], booking["staff_id"], *bookings.time_of(booking).taken, actor, now
    )
    try:
        again = await tx.fetchval(SQL["put_back_booking"], booking_id, new_id(), actor, now)
    except asyncpg.ExclusionViolationError as error:
        raise SlotTaken from error
    if again is None:
        raise BookingNotCancelled(status=booking["status"])
    if not told:
        return "nothing"
    reached = await bookings.tell(tx, booking_id, "booking_confirmed", f"confirmed-{again}", now)
    return "told_again" if reached else "to_be_called"


async def _check_open(tx: Tx, time: Time) -> None:
    """The calendar books nobody into a time when somebody is away, either."""
    if await closures.lie_in(tx, time.staff_id, time.starts_at, time.ends_at):
        raise OutsideBusinessHours(**time.named(), ends_at=time.ends_at.isoformat())


async def _close(tx: Tx, slot_id: UUID, *, now: datetime, actor: str) -> None:
    """The slot that the booking left, and whoever is offered it. Raises SlotTaken."""
    try:
        await slots.take_back(tx, slot_id, now=now, reason="booking_put_back", actor=actor)
    except SlotHasAppointment as error:
        raise SlotTaken from error
    except SlotNotOpen:
        pass  # It was taken back before.


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
