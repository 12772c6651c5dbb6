"""Waitlist entries: join, change, leave.

The caller owns the transaction and its tenant; times are aware datetimes, minutes count from local midnight.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import (
    EntryEnded,
    EntryNotFound,
    EntryNotNotified,
    FieldProblem,
    Invalid,
    SameWish,
    SlotNotOpen,
    WaitlistLimitExceeded,
)
from standby.tenants import customers
from standby.tenants.customers import Person
from standby.waitlist import history, offers
from standby.waitlist.cascade import Offered, favourites_of, lock_open_slot, notify_by_hand
from standby.waitlist.lifecycle import ACTIVE, Event
from standby.waitlist.offers import Accepted, Over
from standby.waitlist.policy import resolve
from standby.waitlist.ranking import Candidate

SQL = statements_beside(__file__)

ALL_WEEK = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True)
class Wish:
    """What somebody waits for. `staff_id` None is anyone; weekdays are ISO numbers in the salon's time zone."""

    service_id: UUID
    earliest: datetime
    latest: datetime
    staff_id: UUID | None = None
    weekdays: Sequence[int] = ALL_WEEK
    from_minute: int = 0
    until_minute: int = 1440


@dataclass(frozen=True)
class Place:
    """Where an entry stands: `position` counts from 1 and is exact up to `POSITION_LIMIT`, else at least that.

    It counts who waits for the same service and has the higher score (or the same, for longer). The points for a staff
    wish are left out, for they count for that staff member's slots alone: so for a given slot the order may differ
    (`slots.candidates` tells that one), as it does when people can't come at that time.
    `estimated_days` is the position divided by how many places the waitlist filled for this service per day lately;
    None when it filled none. `filled`: how many in the last four weeks.
    """

    position: int
    at_least: bool
    estimated_days: float | None
    filled: int


@dataclass(frozen=True)
class Joined:
    """The outcome of joining; `again` when they waited for this service and staff member already.

    That entry is left as it is: `kept` names the fields of the wish in which it differs from what was asked for now.
    """

    entry_id: UUID
    again: bool
    place: Place
    kept: Sequence[str] = ()


POSITION_LIMIT = 500
TIMES = (
    "earliest",
    "latest",
    "weekdays",
    "from_minute",
    "until_minute",
)  # what a wish says besides what and who


@dataclass(frozen=True)
class Changes:
    """What to change of an entry; a field that is not named here stays."""

    fields: dict[str, Any] = field(default_factory=dict)


async def join(
    tx: Tx, person: Person, wish: Wish, *, now: datetime, actor: str, vip: bool | None = None
) -> Joined:
    """Puts somebody on the list. Who waits for this service and staff member already finds that entry, unchanged.

    Raises Invalid with every problem at once, and WaitlistLimitExceeded.
    """
    person = await check(tx, person, wish, now=now)
    customer = await customers.remember(tx, person, now=now, source=actor, vip=vip)
    if (there := await _same_wish(tx, customer.id, wish)) is not None:
        kept = [name for name in TIMES if _times(_wish_of(there), name) != _times(wish, name)]
        return Joined(there["id"], True, await place(tx, there["id"], now=now), kept)
    entry_id = await _insert(
        tx, customer.id, wish, vip=customer.vip, phone=customer.phone, now=now, actor=actor
    )
    return Joined(entry_id, False, await place(tx, entry_id, now=now))


async def check(tx: Tx, person: Person, wish: Wish, *, now: datetime) -> Person:
    """The person, checked. Raises Invalid with every problem; whether anybody knows them makes no difference."""
    person, problems = customers.checked(person, default_country=await customers.country(tx))
    problems += await problems_of(tx, wish, now)
    if problems:
        raise Invalid(problems)
    return person


async def rejoin(tx: Tx, entry_id: UUID, *, now: datetime, actor: str) -> UUID:
    """Puts the customer of an entry that expired back on the list with the same wish; returns the active entry.

    An entry that is still active, or whose wish is on the list again, is returned as it is.
    Raises Invalid when its latest time has passed or the salon doesn't offer it any more, EntryEnded when the customer
    was erased.
    """
    entry = await find(tx, entry_id)
    if entry["status"] in ACTIVE:
        return entry_id
    wish = _wish_of(entry)
    if problems := await problems_of(tx, wish, now):
        raise Invalid(problems)
    # Locked before looking, so that two who come back at once find one entry.
    if not await tx.fetchval(SQL["lock_customer"], entry["customer_id"]):
        raise EntryEnded(status=entry["status"])
    if (there := await _same_wish(tx, entry["customer_id"], wish)) is not None:
        same: UUID = there["id"]
        return same
    return await _insert(
        tx, entry["customer_id"], wish, vip=entry["vip"], phone=entry["phone"], now=now, actor=actor
    )


async def change(tx: Tx, entry_id: UUID, changes: Changes, *, now: datetime, actor: str) -> None:
    """Changes what an active entry waits for. Its place by waiting time is kept; without a change nothing is written.

    Raises Invalid with every problem at once, EntryEnded, and SameWish when another entry of theirs says the same.
    """
    entry = await _lock(tx, entry_id)
    if entry["status"] not in ACTIVE:
        raise EntryEnded(status=entry["status"])
    wish = replace(_wish_of(entry), **changes.fields)
    if problems := await problems_of(tx, wish, now):
        raise Invalid(problems)
    if not changes.fields:
        return
    try:
        await tx.fetchrow(
            SQL["change_entry"],
            entry_id,
            wish.service_id,
            wish.staff_id,
            wish.earliest,
            wish.latest,
            sorted(set(wish.weekdays)),
            wish.from_minute,
            wish.until_minute,
            now,
        )
    except asyncpg.UniqueViolationError as error:
        raise SameWish from error
    changed = {name: _plain(value) for name, value in changes.fields.items()}
    await history.record(tx, "entry", entry_id, reason="changed", actor=actor, at=now, details=changed)


async def leave(tx: Tx, entry_id: UUID, *, now: datetime, reason: str, actor: str) -> None:
    """Takes an active entry off the list. An open offer ends with it and goes to the next."""
    while True:
        offer_id = await tx.fetchval(SQL["pending_offer_of_entry"], entry_id)
        if offer_id is not None and await offers.withdraw_with_entry(
            tx, offer_id, now=now, reason=reason, actor=actor
        ):
            return
        if await tx.fetchval(SQL["cancel_entry"], entry_id, now, reason, actor) is not None:
            return
        entry = await find(tx, entry_id)
        if entry["status"] not in ACTIVE:
            raise EntryEnded(status=entry["status"])
        # It was offered a slot between the two looks: look again.


async def put_back(tx: Tx, entry_id: UUID, *, now: datetime, actor: str) -> UUID:
    """Undoes that an entry was taken off the list: a new one with its wish and its wait; returns the active entry.

    An offer that it had has gone on. An entry that is active, or whose wish is on the list again, is returned as it is.
    Raises EntryEnded when it ended otherwise, by the customer or with an erased one; Invalid when its latest time has
    passed or the salon doesn't offer it any more, WaitlistLimitExceeded.
    """
    entry = await find(tx, entry_id)
    if entry["status"] in ACTIVE:
        return entry_id
    if not entry["taken_off"]:
        raise EntryEnded(status=entry["status"])
    wish = _wish_of(entry)
    if problems := await problems_of(tx, wish, now):
        raise Invalid(problems)
    # Locked before looking, so that two who do so at once find one entry.
    await tx.fetchrow(SQL["lock_customer"], entry["customer_id"])
    if (there := await _same_wish(tx, entry["customer_id"], wish)) is not None:
        same: UUID = there["id"]
        return same
    await _check_limit(tx, entry["customer_id"], entry["phone"])
    again = new_id()
    if await tx.fetchval(SQL["put_back_entry"], again, entry_id, now, actor) is None:
        raise EntryEnded(status=entry["status"])  # They were erased meanwhile.
    return again


async def former(tx: Tx, entry_id: UUID) -> UUID | None:
    """The entry in whose place this one was put back; None: it is the first."""
    found: UUID | None = await tx.fetchval(SQL["former_of_entry"], entry_id)
    return found


async def notify(tx: Tx, entry_id: UUID, slot_id: UUID, *, now: datetime, actor: str) -> Offered:
    """Offers a concrete open slot to an entry that staff chose by hand (seed 004, "manual notify").

    Staff may overrule the wish's times and the salon's rules, for they have talked to the customer; another service or
    staff member is another wish. The offer's stored score tells the match as it is.
    Raises EntryNotFound, SlotNotOpen, WishDoesNotFit, EntryNotWaiting, SlotTaken.
    """
    found = await lock_open_slot(tx, slot_id)
    candidate = candidate_of(await _lock(tx, entry_id))
    if found is None:
        raise SlotNotOpen
    slot, policy = found
    return await notify_by_hand(tx, candidate, slot, policy, now=now, actor=actor)


async def convert(tx: Tx, entry_id: UUID, *, now: datetime, actor: str) -> Accepted:
    """Staff book the offered time for a notified customer (seed 004, "Convert to booking")."""
    entry = await find(tx, entry_id)
    offer_id = await tx.fetchval(SQL["pending_offer_of_entry"], entry_id)
    if offer_id is None:
        raise EntryNotNotified(status=entry["status"])
    match await offers.accept(tx, offer_id, now=now, actor=actor, event=Event.CONVERTED):
        case Accepted() as accepted:
            return accepted
        case Over(why):
            raise EntryNotNotified(status=entry["status"], offer=why)


async def set_priority(
    tx: Tx, entry_id: UUID, priority: int | None, *, now: datetime, reason: str, actor: str
) -> None:
    """Replaces the score of an entry by a number of 0 to 1000, or (None) takes the override back. Audited.

    What is so already, for the same reason, is written down once. Raises EntryNotFound, EntryEnded.
    """
    entry = await _lock(tx, entry_id)
    if entry["status"] not in ACTIVE:
        raise EntryEnded(status=entry["status"])
    if entry["priority_override"] == priority and (
        priority is None or await tx.fetchval(SQL["why_priority"], entry_id) == reason
    ):
        return
    await tx.execute(SQL["set_priority"], entry_id, priority)
    event = "priority_override_set" if priority is not None else "priority_override_cleared"
    details = {"from": entry["priority_override"], "to": priority, "why": reason}
    await history.record(tx, "entry", entry_id, reason=event, actor=actor, at=now, details=details)


async def find(tx: Tx, entry_id: UUID) -> asyncpg.Record:
    """One entry with its customer, service and staff names."""
    entry = await tx.fetchrow(SQL["find_entry"], entry_id)
    if entry is None:
        raise EntryNotFound
    return entry


async def page(
    tx: Tx,
    *,
    status: str | None,
    service_id: UUID | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Entries, the newest first, from a cursor on."""
    joined, entry_id = before or (None, None)
    return list(await tx.fetch(SQL["page_of_entries"], status, service_id, joined, entry_id, limit))


async def of_customer(tx: Tx, customer_id: UUID) -> list[asyncpg.Record]:
    """What somebody waits for, the longest first."""
    return list(await tx.fetch(SQL["entries_of_customer"], customer_id))


async def place(tx: Tx, entry_id: UUID, *, now: datetime) -> Place:
    """Where an entry stands by score among those who wait for the same service."""
    row = await tx.fetchrow(SQL["place_of_entry"], entry_id, now, POSITION_LIMIT)
    if row is None:
        raise EntryNotFound
    position = row["ahead"] + 1
    per_day = row["filled"] / 28
    return Place(
        position=min(position, POSITION_LIMIT),
        at_least=position > POSITION_LIMIT,
        estimated_days=round(position / per_day, 1) if per_day else None,
        filled=row["filled"],
    )


def candidate_of(row: asyncpg.Record) -> Candidate:
    """An entry as ranking sees it."""
    facts = {
        name: row[name]
        for name in ("declined_it", "undeliverable", "reachable", "under_message_cap", "busy")
        if name in row
    }
    if "favourites" in row:
        facts["favourites"] = favourites_of(row["favourites"])
    return Candidate(
        entry_id=row["id"],
        customer_id=row["customer_id"],
        service_id=row["service_id"],
        staff_id=row["staff_id"],
        earliest=row["earliest"],
        latest=row["latest"],
        weekdays=frozenset(row["weekdays"]),
        from_minute=row["from_minute"],
        until_minute=row["until_minute"],
        vip=row["vip"],
        priority_override=row["priority_override"],
        joined_at=row["joined_at"],
        status=row["status"],
        **facts,
    )


async def _lock(tx: Tx, entry_id: UUID) -> asyncpg.Record:
    entry = await tx.fetchrow(SQL["lock_entry"], entry_id)
    if entry is None:
        raise EntryNotFound
    return entry


async def _same_wish(tx: Tx, customer_id: UUID, wish: Wish) -> asyncpg.Record | None:
    return await tx.fetchrow(SQL["find_same_wish"], customer_id, wish.service_id, wish.staff_id)


def _times(wish: Wish, name: str) -> Any:
    """A field of a wish, comparable."""
    value = getattr(wish, name)
    return set(value) if name == "weekdays" else value


async def _insert(
    tx: Tx, customer_id: UUID, wish: Wish, *, vip: bool, phone: str | None, now: datetime, actor: str
) -> UUID:
    await _check_limit(tx, customer_id, phone)
    entry_id = new_id()
    await tx.fetchrow(
        SQL["insert_entry"],
        entry_id,
        customer_id,
        wish.service_id,
        wish.staff_id,
        wish.earliest,
        wish.latest,
        sorted(set(wish.weekdays)),
        wish.from_minute,
        wish.until_minute,
        vip,
        now,
        actor,
    )
    return entry_id


async def _check_limit(tx: Tx, customer_id: UUID, phone: str | None) -> None:
    """The customer's row is locked by now, so that two joins at once are counted one after the other."""
    counted = await tx.fetchrow(SQL["count_active_entries"], customer_id)
    limit = resolve(counted["policy"]).max_active_entries if counted else 0
    current = counted["current"] if counted else 0
    if current >= limit:
        message = f"Maximum {limit} active waitlist entries allowed per phone number"
        raise WaitlistLimitExceeded(message, current_count=current, phone=phone)


async def problems_of(tx: Tx, wish: Wish, now: datetime) -> list[FieldProblem]:
    """All that is wrong with a wish."""
    problems = []
    if wish.latest <= wish.earliest:
        problems.append(FieldProblem("latest", "must be after earliest"))
    if wish.latest <= now:
        problems.append(
            FieldProblem("latest", "is in the past; give a time that is still to come", "in_the_past")
        )
    if not wish.weekdays or not set(wish.weekdays) <= set(ALL_WEEK):
        problems.append(
            FieldProblem("weekdays", "name at least one weekday, as numbers from 1 (Monday) to 7")
        )
    if not 0 <= wish.from_minute < 1440:
        problems.append(FieldProblem("from_minute", "must be a minute of the day, 0 to 1439"))
    elif not wish.from_minute < wish.until_minute <= 1440:
        problems.append(
            FieldProblem("until_minute", "must be after from_minute; both are minutes of 0 to 1440")
        )
    [facts] = await tx.fetch(SQL["check_wish"], wish.service_id, wish.staff_id)
    if not facts["service"]:
        problems.append(FieldProblem("service_id", "there is no such service in this salon", "not_found"))
    if wish.staff_id is not None and not facts["staff"]:
        problems.append(FieldProblem("staff_id", "there is no such staff member in this salon", "not_found"))
    elif wish.staff_id is not None and facts["service"] and not facts["fits"]:
        problems.append(
            FieldProblem("staff_id", "this staff member does not offer this service", "does_not_fit")
        )
    return problems


def _wish_of(entry: asyncpg.Record) -> Wish:
    return Wish(
        service_id=entry["service_id"],
        earliest=entry["earliest"],
        latest=entry["latest"],
        staff_id=entry["staff_id"],
        weekdays=entry["weekdays"],
        from_minute=entry["from_minute"],
        until_minute=entry["until_minute"],
    )


def _plain(value: Any) -> Any:
    """A value as history's JSON keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
