"""Filling a slot: the best-placed person is offered it, and when that ends without a booking, the next.

One call of `fill` makes at most one offer. What ends an offer (an answer, a deadline) enqueues the next call in its own
transaction, so the cascade goes on by itself and survives any crash.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import EntryNotWaiting, SlotTaken, WishDoesNotFit
from standby.waitlist import policy as rules
from standby.waitlist.foreseen import withheld_until
from standby.waitlist.lifecycle import Event
from standby.waitlist.policy import Policy
from standby.waitlist.ranking import Candidate, Duty, Score, Slot, refused_by_hand, score

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Offered:
    """Somebody is offered the slot."""

    offer_id: UUID
    entry_id: UUID
    customer_id: UUID


@dataclass(frozen=True)
class Unfilled:
    """Nobody is: the slot stays open. `why` is no_candidate, time_held, or a key of ranking.WITHHELD."""

    why: str


@dataclass(frozen=True)
class NotOpen:
    """There was nothing to fill."""


Outcome: TypeAlias = Offered | Unfilled | NotOpen


async def fill(tx: Tx, slot_id: UUID, *, now: datetime) -> Outcome:
    """Offers an open slot to the best candidate; in quiet hours to nobody, but to the best one when they end."""
    found = await lock_open_slot(tx, slot_id)
    if found is None:
        return NotOpen()
    slot, policy = found
    withheld, fill_at = withheld_until(policy, slot.timezone, slot.starts_at, slot.duty, now)
    if withheld is not None:
        return await _leave_open(tx, slot, withheld, now, fill_at=fill_at)
    while (best := await _best_candidate(tx, slot, policy, now)) is not None:
        offer = await _hold_for(tx, best, slot, policy, now=now, event=Event.OFFERED, actor="cascade")
        if offer is not None:  # else a rival slot took this person a moment ago; look again
            return offer
    return await _leave_open(tx, slot, "no_candidate", now)


async def first_in_line(tx: Tx, slot: Slot, policy: Policy, *, now: datetime) -> tuple[str, str] | None:
    """Who would be offered a time now, and by which channel; None: nobody whom it suits waits. Changes nothing."""
    best = await _best_candidate(tx, slot, policy, now)
    if best is None:
        return None
    row = await tx.fetchrow(SQL["who_is_asked"], best.customer_id, list(policy.channel_order))
    return None if row is None else (row["name"], row["channel"])


async def give_up(tx: Tx, slot_id: UUID, *, now: datetime) -> None:
    """What becomes of an open slot whose time the database refused to hold, for somebody has it.

    Booked by somebody else: it is closed. Only held: it stays open, for the hold may end without a booking; reconcile
    looks at it again.
    """
    found = await lock_open_slot(tx, slot_id)
    if found is None:
        return
    slot, _ = found
    if await tx.fetchval(SQL["is_booked_over"], slot_id):
        await tx.execute(SQL["close_slot"], slot_id, "booked_directly", "cascade", now)
    else:
        await _leave_open(tx, slot, "time_held", now)


async def notify_by_hand(
    tx: Tx, candidate: Candidate, slot: Slot, policy: Policy, *, now: datetime, actor: str
) -> Offered:
    """Offers a locked open slot to the entry that staff chose, whatever its rank.

    Raises WishDoesNotFit, EntryNotWaiting, SlotTaken.
    """
    if refused := refused_by_hand(candidate, slot, now):
        raise WishDoesNotFit(rules=refused)
    if policy.prefer_favourites:
        pairs = await tx.fetchval(SQL["favourites_of"], candidate.customer_id)
        candidate = replace(candidate, favourites=favourites_of(pairs))
    try:
        offer = await _hold_for(
            tx, candidate, slot, policy, now=now, event=Event.NOTIFIED_BY_HAND, actor=actor
        )
    except asyncpg.ExclusionViolationError as error:
        raise SlotTaken from error
    if offer is None:
        raise EntryNotWaiting
    return offer


async def lock_open_slot(tx: Tx, slot_id: UUID) -> tuple[Slot, Policy] | None:
    """The slot, locked, and the rules that hold for it; None: it isn't open."""
    row = await tx.fetchrow(SQL["lock_open_slot"], slot_id)
    if row is None:
        return None
    return slot_of(row), rules.resolve(row["salon_policy"], row["service_policy"])


def slot_of(row: asyncpg.Record) -> Slot:
    """A row of slots, joined with its salon's time zone, as ranking sees it."""
    return Slot(
        id=row["id"],
        service_id=row["service_id"],
        staff_id=row["staff_id"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        timezone=ZoneInfo(row["timezone"]),
        freed_by=row["freed_by_customer_id"],
        duty=duty_of(row),
    )


def duty_of(row: asyncpg.Record) -> Duty:
    """What a row says of whether a time can be worked."""
    return Duty(row["staff_active"], row["service_active"], row["closed"])


def favourites_of(pairs: Sequence[Sequence[str]] | None) -> frozenset[tuple[str, str]] | None:
    """Favourites as a row has them: aspect and value; None: they weren't asked."""
    return None if pairs is None else frozenset((aspect, value) for aspect, value in pairs)


async def _best_candidate(tx: Tx, slot: Slot, policy: Policy, now: datetime) -> Candidate | None:
    row = await tx.fetchrow(
        SQL["best_by_habit" if policy.prefer_favourites else "best_candidate"],
        slot.service_id,
        slot.staff_id,
        slot.starts_at,
        slot.ends_at,
        slot.weekday,
        slot.from_minute,
        slot.until_minute,
        now,
        slot.id,
        slot.freed_by,
        list(policy.channel_order),
        policy.messages_per_day,
    )
    if row is None:
        return None
    return Candidate(
        entry_id=row["id"],
        customer_id=row["customer_id"],
        service_id=slot.service_id,
        staff_id=row["staff_id"],
        earliest=slot.starts_at,
        latest=slot.ends_at,
        weekdays=frozenset({slot.weekday}),
        from_minute=slot.from_minute,
        until_minute=slot.until_minute,
        vip=row["vip"],
        priority_override=row["priority_override"],
        joined_at=row["joined_at"],
        favourites=favourites_of(row.get("favourites")),
    )


async def _hold_for(
    tx: Tx, candidate: Candidate, slot: Slot, policy: Policy, *, now: datetime, event: Event, actor: str
) -> Offered | None:
    chosen: Score = score(candidate, slot, now)
    offer_id = new_id()
    row = await tx.fetchrow(
        SQL["hold_for"],
        candidate.entry_id,
        slot.id,
        offer_id,
        new_id(),
        now,
        rules.hold_until(policy, now, slot.starts_at),
        chosen.total,
        dict(chosen.breakdown),
        event,
        actor,
        policy.offer_window_seconds,
        policy.reminder_lead_seconds,
        policy.cooldown_seconds,
        policy.max_misses,
        list(policy.channel_order),
    )
    return None if row is None else Offered(offer_id, candidate.entry_id, row["customer_id"])


async def _leave_open(
    tx: Tx, slot: Slot, why: str, now: datetime, *, fill_at: datetime | None = None
) -> Unfilled:
    await tx.execute(SQL["note_unfilled"], slot.id, now, why, fill_at)
    return Unfilled(why)
