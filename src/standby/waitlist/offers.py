"""An offer and its ends: accepted, declined, withdrawn. (Silence ends it in jobs/timers.py.)

Lock order, everywhere: slot, offer, entry. The caller owns the transaction and its tenant.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import IllegalTransition, OfferNotFound
from standby.origin import continued
from standby.tracing import span
from standby.waitlist.lifecycle import (
    ENTRY,
    OFFER,
    SLOT,
    BookingState,
    EntryState,
    Event,
    OfferState,
    SlotState,
)
from standby.waitlist.policy import resolve

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class OfferView:
    """All that an offer's page, its JSON and its messages tell; of a booking that has been changed since, as it is."""

    tenant_id: UUID
    id: UUID
    status: str
    reason: str
    expires_at: datetime
    sent_at: datetime | None
    booking_id: UUID | None
    entry_id: UUID
    slot_id: UUID
    window_seconds: int
    starts_at: datetime
    ends_at: datetime
    service_name: str
    duration_minutes: int
    price: Decimal | None
    staff_name: str
    salon_name: str
    slug: str
    accent: str | None
    timezone: str
    locale: str
    currency: str
    customer_name: str
    customer_id: UUID
    service_id: UUID
    entry_status: str
    booking_status: str | None


@dataclass(frozen=True)
class Standing:
    """Where an offer's customer stands on the list with the same wish, now.

    `status` is that of their active entry (`again`: one that came after the offer's), or that in which the offer's own
    ended; `booked`: by an appointment that still is. `latest` is the last time that suits them; `offered`: the salon
    still does it, with whom they wished for; `room`: they wait for fewer things than one person may. `entry_id`: their
    active entry; None: there is none.
    """

    status: str
    entry_id: UUID | None
    again: bool
    cooldown_until: datetime | None
    latest: datetime
    booked: bool
    offered: bool
    room: bool


@dataclass(frozen=True)
class Accepted:
    """The time is booked; a second accept gets the first one's booking."""

    booking_id: UUID
    again: bool = False


@dataclass(frozen=True)
class Declined:
    """The customer said no; the time went on to the next."""

    again: bool = False


@dataclass(frozen=True)
class Over:
    """The offer had ended before the answer came; `why` is expired, declined, taken, withdrawn or accepted."""

    why: str


Answer: TypeAlias = Accepted | Over
Refusal: TypeAlias = Declined | Over


async def show(tx: Tx, offer_id: UUID) -> OfferView:
    """What the customer sees. Changes nothing."""
    row = await tx.fetchrow(SQL["show_offer"], offer_id)
    if row is None:
        raise OfferNotFound
    return OfferView(**row)


async def standing(tx: Tx, offer_id: UUID) -> Standing:
    """Where the offer's customer stands on the list. Changes nothing."""
    row = await tx.fetchrow(SQL["standing_of"], offer_id)
    if row is None:
        raise OfferNotFound
    return Standing(
        status=row["status"],
        entry_id=row["entry_id"],
        again=bool(row["again"]),
        cooldown_until=row["cooldown_until"],
        latest=row["latest"],
        booked=row["booking_status"] not in (None, BookingState.CANCELLED),
        offered=row["offered"],
        room=row["active"] < resolve(row["policy"]).max_active_entries,
    )


async def of_entry(tx: Tx, entry_id: UUID) -> list[asyncpg.Record]:
    """The offers that an entry was made, the newest first, with the score that was kept; at most 100."""
    return list(await tx.fetch(SQL["offers_of_entry"], entry_id))


async def accept(
    tx: Tx, offer_id: UUID, *, now: datetime, actor: str, event: Event = Event.ACCEPTED
) -> Answer:
    """Books the offered time for the customer, exactly once. `event` is CONVERTED when staff do it for them."""
    offer = await _lock(tx, offer_id)
    if offer["status"] == OfferState.ACCEPTED:
        return Accepted(offer["booking_id"], again=True)
    if offer["status"] != OfferState.PENDING:
        return Over(_why(offer))
    if now >= offer["expires_at"]:
        return Over("expired")
    booking_id = new_id()
    # The answer comes by a request of its own; its span is of the trace in which the time came free.
    with continued(offer["origin"]), span("offer accepted", offer_id=str(offer_id)):
        moved = await tx.fetchrow(SQL["book_offer"], offer_id, booking_id, new_id(), now, actor, event)
    _check_moved(moved, offer_id, event)
    return Accepted(booking_id)


async def decline(tx: Tx, offer_id: UUID, *, now: datetime, actor: str) -> Refusal:
    """Passes the offered time on. The customer stays on the list and is left alone for the cooldown."""
    offer = await _lock(tx, offer_id)
    if offer["status"] == OfferState.DECLINED:
        return Declined(again=True)
    if offer["status"] != OfferState.PENDING:
        return Over(_why(offer))
    if now >= offer["expires_at"]:
        return Over("expired")
    event = Event.DECLINED
    await _end(tx, offer, event, event, now=now, reason="declined", actor=actor)
    return Declined()


async def withdraw_with_slot(tx: Tx, offer_id: UUID, *, now: datetime, reason: str, actor: str) -> None:
    """Ends a pending offer because its slot is taken back; the customer waits on. An ended one is left as it is."""
    offer = await _lock(tx, offer_id)
    if offer["status"] == OfferState.PENDING:
        event, slot = Event.WITHDRAWN, Event.CANCELLED
        await _end(tx, offer, event, event, slot, now=now, reason=reason, actor=actor)


async def withdraw_with_entry(tx: Tx, offer_id: UUID, *, now: datetime, reason: str, actor: str) -> bool:
    """Ends a pending offer because its entry leaves the list. False: the offer had ended before."""
    offer = await _lock(tx, offer_id)
    if offer["status"] != OfferState.PENDING:
        return False
    await _end(tx, offer, Event.WITHDRAWN, Event.CANCELLED, now=now, reason=reason, actor=actor)
    return True


async def _lock(tx: Tx, offer_id: UUID) -> asyncpg.Record:
    offer = await tx.fetchrow(SQL["lock_offer"], offer_id)
    if offer is None:
        raise OfferNotFound
    return offer


def _why(offer: asyncpg.Record) -> str:
    if offer["reason"] == "lost_to_rival":
        return "taken"
    return str(offer["status"])


async def _end(
    tx: Tx,
    offer: asyncpg.Record,
    event: Event,
    to_entry: Event,
    to_slot: Event = Event.OFFER_ENDED,
    *,
    now: datetime,
    reason: str,
    actor: str,
) -> None:
    """Ends a locked pending offer: what happens to it, and what that is to its entry and its slot."""
    entry_state = ENTRY[EntryState.NOTIFIED, to_entry]
    cooldown = timedelta(seconds=offer["cooldown_seconds"])
    moved = await tx.fetchrow(
        SQL["end_offer"],
        offer["id"],
        OFFER[OfferState.PENDING, event],
        entry_state,
        now + cooldown if entry_state is EntryState.COOLDOWN else None,
        now if entry_state is EntryState.CANCELLED else None,
        now,
        reason,
        actor,
        SLOT[SlotState.HELD, to_slot],
    )
    _check_moved(moved, offer["id"], event)


def _check_moved(moved: asyncpg.Record | None, offer_id: UUID, event: Event) -> None:
    """An answer is given only for what was done: one offer and one entry, or the transaction is undone."""
    if moved is None or (moved["offers"], moved["entries"]) != (1, 1):
        raise IllegalTransition(f"The offer {offer_id} could not be {event} as a whole")
