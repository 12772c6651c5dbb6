"""What the customer of a booking may see and do with the link in its messages.

The caller owns the transaction and its tenant.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from standby.bookings import bookings, free_times
from standby.bookings.bookings import Changes
from standby.bookings.free_times import FreeTime
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import BookingNotFound, SlotTaken
from standby.waitlist.lifecycle import BookingState
from standby.waitlist.policy import resolve

SQL = statements_beside(__file__)

CUSTOMER: Final = "customer"
DAYS_SHOWN: Final = 7

State: TypeAlias = Literal["coming", "past", "cancelled"]


@dataclass(frozen=True)
class Managed:
    """A booking as its customer sees it; `until` is when they may last change it."""

    id: UUID
    slot_id: UUID
    staff_id: UUID
    service_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: State
    cancelled_by: str | None
    said_yes: bool
    until: datetime
    may_cancel: bool
    may_move: bool
    customer_name: str
    service_name: str
    staff_name: str
    salon_name: str
    price: Decimal | None
    timezone: str
    locale: str
    currency: str
    sequence: int
    changed_at: datetime
    customer_id: UUID
    slug: str  # the salon's
    accent: str | None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


async def show(tx: Tx, booking_id: UUID, *, now: datetime) -> Managed:
    """What the customer sees. Changes nothing. Raises BookingNotFound."""
    row = await tx.fetchrow(SQL["show_booking"], booking_id)
    if row is None:
        raise BookingNotFound
    facts = dict(row)
    rules = resolve(facts.pop("salon_policy"), facts.pop("service_policy"))
    status, moves, offered = (facts.pop(name) for name in ("status", "customer_moves", "offered"))
    state: State = "coming"
    if status == BookingState.CANCELLED:
        state = "cancelled"
    elif status != BookingState.CONFIRMED or row["starts_at"] <= now:
        state = "past"
    until = row["starts_at"] - rules.change_notice
    in_time = state == "coming" and now <= until
    return Managed(
        **facts,
        state=state,
        until=until,
        may_cancel=in_time,
        may_move=in_time and offered and moves < rules.max_customer_moves,
    )


async def times_for(tx: Tx, booking: Managed, first: date, *, anyone: bool, now: datetime) -> list[FreeTime]:
    """The times of some days that the booking could move to, with the same staff member or anyone."""
    return await free_times.on_days(
        tx,
        booking.service_id,
        first,
        DAYS_SHOWN,
        staff_id=None if anyone else booking.staff_id,
        now=now,
        with_notice=True,
        but=booking.slot_id,
    )


async def move(tx: Tx, booking: Managed, starts_at: datetime, *, anyone: bool, now: datetime) -> None:
    """Moves it to one of those times. With anyone who has it; their own staff member, if they do.

    Raises SlotTaken when it isn't free (any more), and what bookings.change raises.
    """
    day = starts_at.astimezone(booking.zone).date()
    free = await times_for(tx, booking, day, anyone=anyone, now=now)
    staff = next((one.staff for one in free if one.starts_at == starts_at), None)
    if staff is None:
        raise SlotTaken
    staff_id = booking.staff_id if booking.staff_id in staff else staff[0]
    changes = Changes(starts_at=starts_at, staff_id=staff_id)
    await bookings.change(tx, booking.id, changes, now=now, actor=CUSTOMER, by="customer")
