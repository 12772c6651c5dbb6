"""Bookings: made, cancelled, listed. A cancelled one frees its time for the waitlist in the same transaction.

The caller owns the transaction and its tenant.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import BookingNotConfirmed, BookingNotFound, Invalid, SlotTaken, TooLateToChange
from standby.tenants import customers, tenants
from standby.tenants.customers import Person
from standby.waitlist import history, slots
from standby.waitlist.lifecycle import SlotState
from standby.waitlist.slots import Opening, Withheld

SQL = statements_beside(__file__)

By: TypeAlias = Literal["customer", "salon"]


@dataclass(frozen=True)
class Cancelled:
    """A booking that is no more, and the slot that it freed; or None and why, a key of ranking.WITHHELD."""

    booking_id: UUID
    opening: Opening | None
    withheld: str | None = None


async def create(
    tx: Tx,
    person: Person,
    staff_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    *,
    now: datetime,
    actor: str,
) -> UUID:
    """Books a free time. An open slot there is taken; a held or booked one stands in the way.

    Raises Invalid with every problem of the request, OutsideBusinessHours, SlotTaken.
    """
    person, problems = customers.checked(person, default_country=await customers.country(tx))
    try:
        ends_at = await slots.check_time(
            tx, staff_id, service_id, starts_at, None, now=now, taken_by=(SlotState.HELD, SlotState.BOOKED)
        )
    except Invalid as invalid:
        raise Invalid(problems + invalid.problems) from None
    if problems:
        raise Invalid(problems)
    customer = await customers.remember(tx, person, now=now, source=actor)
    booking_id = new_id()
    try:
        await tx.execute(SQL["close_open_slots"], staff_id, starts_at, ends_at, actor, now)
        await tx.execute(
            SQL["insert_booking"],
            booking_id,
            new_id(),
            customer.id,
            staff_id,
            service_id,
            starts_at,
            ends_at,
            actor,
            now,
        )
    except asyncpg.ExclusionViolationError as error:
        raise SlotTaken from error
    return booking_id


async def cancel(
    tx: Tx, booking_id: UUID, *, now: datetime, reason: str, actor: str, by: By = "salon"
) -> Cancelled:
    """Cancels a booking. Its time opens as a new slot, not for the same customer, unless it can't be worked now.

    Raises BookingNotConfirmed, and for a customer (`by`) who is too late TooLateToChange.
    """
    if by == "customer":
        await _check_notice(tx, booking_id, now)
    booking = await tx.fetchrow(SQL["cancel_booking"], booking_id, reason, actor, now, by)
    if booking is None:
        there = await find(tx, booking_id)
        raise BookingNotConfirmed(status=there["status"])
    match await slots.open_freed_time(tx, booking, now=now, reason="booking_cancelled", actor=actor):
        case Opening() as opening:
            return Cancelled(booking_id, opening)
        case Withheld(rule):
            return Cancelled(booking_id, None, rule)


async def confirm(tx: Tx, booking_id: UUID, *, now: datetime, actor: str) -> bool:
    """Writes down that the customer says they come. False: they have said so of this time already."""
    if await tx.fetchval(SQL["confirm_booking"], booking_id, now) is None:
        return False
    await history.record(
        tx, "booking", booking_id, reason="confirmed_by_customer", actor=actor, at=now, details={}
    )
    return True


async def find(tx: Tx, booking_id: UUID) -> asyncpg.Record:
    """One booking with its names."""
    row = await tx.fetchrow(SQL["find_booking"], booking_id)
    if row is None:
        raise BookingNotFound
    return row


async def page(
    tx: Tx,
    *,
    starts_from: datetime | None,
    starts_before: datetime | None,
    staff_id: UUID | None,
    status: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Bookings by start, from a cursor on."""
    starts_at, booking_id = after or (None, None)
    return list(
        await tx.fetch(
            SQL["page_of_bookings"],
            starts_from,
            starts_before,
            staff_id,
            status,
            starts_at,
            booking_id,
            limit,
        )
    )


async def _check_notice(tx: Tx, booking_id: UUID, now: datetime) -> None:
    booking = await find(tx, booking_id)
    until = booking["starts_at"] - (await tenants.get_policy(tx, booking["service_id"])).change_notice
    if now > until:
        raise TooLateToChange(until=until.isoformat())
