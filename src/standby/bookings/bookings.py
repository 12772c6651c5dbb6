"""Bookings: made, moved, cancelled, ended, listed. A time that one leaves is offered to the waitlist at once.

The caller owns the transaction and its tenant. Whoever changes a booking tells its customer in the same transaction,
unless `notify` is False.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import (
    BookingChanged,
    BookingNotBegun,
    BookingNotConfirmed,
    BookingNotFound,
    FieldProblem,
    Invalid,
    MovedTooOften,
    SlotTaken,
    TooLateToChange,
    TooManyBookings,
)
from standby.tenants import customers, tenants
from standby.tenants.customers import Person
from standby.waitlist import history, slots, times
from standby.waitlist.lifecycle import BookingState, SlotState
from standby.waitlist.policy import resolve
from standby.waitlist.slots import Opening, Withheld
from standby.waitlist.times import Moving, Time

SQL = statements_beside(__file__)

By: TypeAlias = Literal["customer", "salon"]
TOO_SOON = FieldProblem("starts_at", "is too soon; choose a later time", "too_soon")
IN_THE_WAY = (SlotState.HELD, SlotState.BOOKED)  # An open slot is taken.


@dataclass(frozen=True)
class Freed:
    """A time that a booking left: the slot that opened, or None and why, a key of ranking.WITHHELD.

    Neither: the booking has left nothing.
    """

    booking_id: UUID
    opening: Opening | None
    withheld: str | None = None


@dataclass(frozen=True)
class Changes:
    """What of a booking is to be another; None stays. Without an end it lasts as long as before, and another service
    takes its own time.
    """

    starts_at: datetime | None = None
    staff_id: UUID | None = None
    service_id: UUID | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Filter:
    """Which bookings are asked for; None: whatever it is."""

    starts_from: datetime | None = None
    starts_before: datetime | None = None
    staff_id: UUID | None = None
    service_id: UUID | None = None
    customer_id: UUID | None = None
    status: str | None = None


async def create(
    tx: Tx,
    person: Person,
    staff_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    *,
    now: datetime,
    actor: str,
    notify: bool = True,
) -> UUID:
    """Books a free time. An open slot there is taken; a held or booked one stands in the way.

    Who books for themselves does so with the salon's notice, and has at most `max_future_bookings` to come.
    Raises Invalid with every problem of the request, OutsideBusinessHours, SlotTaken, TooManyBookings.
    """
    person, time = await check(tx, person, staff_id, service_id, starts_at, now=now)
    customer = await customers.remember(tx, person, now=now, source=actor)
    if person.themselves:
        await _check_number(tx, customer.id, now)
    booking_id = new_id()
    await tx.execute(SQL["close_open_slots"], staff_id, *time.taken, actor, now)
    try:
        await tx.execute(
            SQL["insert_booking"],
            booking_id,
            new_id(),
            customer.id,
            staff_id,
            service_id,
            time.starts_at,
            time.ends_at,
            actor,
            now,
            time.blocked_from,
            time.blocked_until,
        )
    except asyncpg.ExclusionViolationError as error:
        raise SlotTaken(**time.named()) from error
    if notify:
        await tell(tx, booking_id, "booking_confirmed", "confirmed", now)
    return booking_id


async def check(
    tx: Tx,
    person: Person,
    staff_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    *,
    now: datetime,
) -> tuple[Person, Time]:
    """The person, checked, and the time that a booking would take. Whether anybody knows them makes no difference.

    Raises Invalid with every problem, OutsideBusinessHours, SlotTaken.
    """
    person, problems = customers.checked(person, default_country=await customers.country(tx))
    try:
        time = await times.check(tx, staff_id, service_id, starts_at, now=now, taken_by=IN_THE_WAY)
    except Invalid as invalid:
        raise Invalid(problems + invalid.problems) from None
    if person.themselves and starts_at < now + (await tenants.get_policy(tx, service_id)).minimum_notice:
        problems.append(TOO_SOON)
    if problems:
        raise Invalid(problems)
    return person, time


async def change(
    tx: Tx,
    booking_id: UUID,
    changes: Changes,
    *,
    now: datetime,
    actor: str,
    by: By = "salon",
    notify: bool = True,
    sequence: int | None = None,
) -> Freed:
    """Moves a booking to another time, staff member or service, or makes it last until another end; its old time is
    offered to the waitlist. `sequence` is how often it had been changed when somebody looked; None: whatever it is.

    Its customer (`by`) may do so within the salon's limits. Who changes nothing gets what there is. Another end is told
    to nobody: messages speak of the start.
    Raises Invalid with every problem, BookingNotConfirmed, BookingChanged, OutsideBusinessHours, SlotTaken, and for a
    customer TooLateToChange and MovedTooOften.
    """
    booking = await _lock(tx, booking_id)
    if sequence is not None and booking["sequence"] != sequence:
        raise BookingChanged
    if by == "customer":
        _check_limits(booking, now, moves=True)
        _check_notice(booking, changes.starts_at, now)
    old = time_of(booking)
    service_id = changes.service_id or old.service_id
    starts_at, staff_id = changes.starts_at or old.starts_at, changes.staff_id or old.staff_id
    length = old.ends_at - old.starts_at if service_id == old.service_id else None
    if changes.ends_at is not None:
        length = changes.ends_at - starts_at
    stays = (starts_at, staff_id, service_id) == (old.starts_at, old.staff_id, old.service_id)
    if stays and length == old.ends_at - old.starts_at:
        return Freed(booking_id, None)
    new = await times.check(
        tx,
        staff_id,
        service_id,
        starts_at,
        length,
        now=now,
        taken_by=IN_THE_WAY,
        moving=Moving(booking["slot_id"], old.service_id, stays=stays),
    )
    await _put(tx, booking, new, now=now, actor=actor, by=by)
    details = _differences(old, new)
    await history.record(tx, "booking", booking_id, reason="moved", actor=actor, at=now, details=details)
    if notify and not stays:
        key = f"changed-{booking['sequence'] + 1}"
        await tell(tx, booking_id, "changed", key, now, {"previously": old.starts_at.isoformat()})
    return await _free(tx, booking, now=now, reason="booking_moved", actor=actor)


async def cancel(
    tx: Tx,
    booking_id: UUID,
    *,
    now: datetime,
    reason: str,
    actor: str,
    by: By = "salon",
    within_limits: bool = True,
    notify: bool = True,
) -> Freed:
    """Cancels a booking. Its time opens as a new slot, not for the same customer, unless it can't be worked now.

    A customer (`by`) may do so within the salon's limits; whoever in the salon does it for them need not mind those.
    Raises BookingNotConfirmed, and for a customer who is too late TooLateToChange.
    """
    booking = await _lock(tx, booking_id)
    if by == "customer" and within_limits:
        _check_limits(booking, now)
    await tx.execute(SQL["cancel_booking"], booking_id, reason, actor, now, by)
    if notify:
        await tell(tx, booking_id, "cancelled", f"cancelled-{booking['sequence'] + 1}", now)
    return await _free(tx, booking, now=now, reason="booking_cancelled", actor=actor)


async def end(
    tx: Tx, booking_id: UUID, became: Literal["completed", "no_show"], *, now: datetime, actor: str
) -> None:
    """Says what became of an appointment that has begun. Raises BookingNotConfirmed, BookingNotBegun."""
    booking = await _lock(tx, booking_id)
    if now < booking["starts_at"]:
        raise BookingNotBegun(starts_at=booking["starts_at"].isoformat())
    await tx.execute(SQL["end_booking"], booking_id, BookingState(became), actor, now)


async def confirm(tx: Tx, booking_id: UUID, *, now: datetime, actor: str) -> bool:
    """Writes down that the customer says they come. False: they have said so of this time already.

    Raises BookingNotConfirmed.
    """
    await _lock(tx, booking_id)
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
    tx: Tx, wanted: Filter, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[asyncpg.Record]:
    """Bookings by start, from a cursor on."""
    cursor = after or (None, None)
    return list(await tx.fetch(SQL["page_of_bookings"], *astuple(wanted), *cursor, limit))


async def locked(tx: Tx, booking_id: UUID) -> asyncpg.Record:
    """The booking, locked, whatever its state."""
    booking = await tx.fetchrow(SQL["lock_booking"], booking_id)
    if booking is None:
        # Who moved it while we waited gave it a slot that is younger than that look; it is locked now.
        booking = await tx.fetchrow(SQL["lock_booking"], booking_id)
    if booking is None:
        raise BookingNotFound
    return booking


def time_of(booking: asyncpg.Record) -> Time:
    """The time that a locked booking takes."""
    return Time(
        booking["staff_id"],
        booking["service_id"],
        booking["starts_at"],
        booking["ends_at"],
        booking["blocked_from"],
        booking["blocked_until"],
    )


async def tell(
    tx: Tx, booking_id: UUID, kind: str, key: str, now: datetime, details: Mapping[str, Any] | None = None
) -> bool:
    """Writes a message to its customer. False: they agreed to none of the salon's channels."""
    once = f"booking_{booking_id}-{key}"
    return bool(await tx.fetch(SQL["tell"], new_id(), booking_id, kind, once, dict(details or {}), now))


async def _lock(tx: Tx, booking_id: UUID) -> asyncpg.Record:
    booking = await locked(tx, booking_id)
    if booking["status"] != BookingState.CONFIRMED:
        raise BookingNotConfirmed(status=booking["status"])
    return booking


async def _check_number(tx: Tx, customer_id: UUID, now: datetime) -> None:
    """The customer's row is locked by now, so that two bookings at once are counted one after the other."""
    counted = await tx.fetchrow(SQL["count_future_bookings"], customer_id, now)
    limit = resolve(counted["policy"]).max_future_bookings if counted else 0
    if not counted or counted["current"] >= limit:
        raise TooManyBookings(limit=limit)


def _check_limits(booking: asyncpg.Record, now: datetime, *, moves: bool = False) -> None:
    rules = resolve(booking["salon_policy"], booking["service_policy"])
    if now > booking["starts_at"] - rules.change_notice:
        raise TooLateToChange(until=(booking["starts_at"] - rules.change_notice).isoformat())
    if moves and booking["customer_moves"] >= rules.max_customer_moves:
        raise MovedTooOften(moves=booking["customer_moves"])


def _check_notice(booking: asyncpg.Record, starts_at: datetime | None, now: datetime) -> None:
    rules = resolve(booking["salon_policy"], booking["service_policy"])
    if starts_at is not None and starts_at < now + rules.minimum_notice:
        raise Invalid([TOO_SOON])


async def _put(tx: Tx, booking: asyncpg.Record, new: Time, *, now: datetime, actor: str, by: By) -> None:
    """The old slot goes first, so that a booking may move by less than its own length."""
    await tx.execute(SQL["release_slot"], booking["slot_id"], actor, now)
    await tx.execute(SQL["close_open_slots"], new.staff_id, *new.taken, actor, now)
    try:
        await tx.execute(
            SQL["move_booking"],
            booking["id"],
            new_id(),
            new.staff_id,
            new.service_id,
            new.starts_at,
            new.ends_at,
            actor,
            now,
            new.blocked_from,
            new.blocked_until,
            by == "customer",
        )
    except asyncpg.ExclusionViolationError as error:
        raise SlotTaken(**new.named()) from error


async def _free(tx: Tx, booking: asyncpg.Record, *, now: datetime, reason: str, actor: str) -> Freed:
    left = await slots.open_freed_time(
        tx, time_of(booking), freed_by=booking["customer_id"], now=now, reason=reason, actor=actor
    )
    match left:
        case Opening():
            return Freed(booking["id"], left)
        case Withheld(rule):
            return Freed(booking["id"], None, rule)


def _differences(old: Time, new: Time) -> dict[str, Any]:
    """What has changed; of the end only if it lasts longer or shorter, and then even if it ends when it did."""
    names = [
        name for name in ("starts_at", "staff_id", "service_id") if getattr(old, name) != getattr(new, name)
    ]
    if new.ends_at - new.starts_at != old.ends_at - old.starts_at:
        names.append("ends_at")
    return {name: {"from": _plain(getattr(old, name)), "to": _plain(getattr(new, name))} for name in names}


def _plain(value: datetime | UUID) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
