"""Preferences: what each customer usually books, counted from their visits; shown, and suggested when they join.

The caller owns the transaction and its tenant. What counts and how much is decided in habits.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from standby.bookings.habits import (
    Aspect,
    Habit,
    Habits,
    Tally,
    Visit,
    counted,
    favourites,
    percent,
    total,
    visit,
)
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import CustomerNotFound, FieldProblem, Invalid
from standby.tenants import customers

SQL = statements_beside(__file__)

MINUTES: Final = 1440  # of a day


@dataclass(frozen=True)
class Liked:
    """Something that a customer has booked, as a share of all their visits in percent, newer ones counting for more.

    `value` is an id, an ISO weekday or an hour; `name` that of the service or staff member.
    """

    aspect: Aspect
    value: str
    name: str | None
    visits: int
    percent: int
    favourite: bool


@dataclass(frozen=True)
class Preferences:
    """A customer's habits, the most liked first within an aspect, and the visits that they come from."""

    customer_id: UUID
    customer_name: str
    visits: int
    first_at: datetime | None
    last_at: datetime | None
    liked: Sequence[Liked]

    def of(self, aspect: Aspect) -> list[Liked]:
        """Those of one aspect."""
        return [one for one in self.liked if one.aspect == aspect]

    def favourites(self, aspect: Aspect) -> list[Liked]:
        """The favourites among those."""
        return [one for one in self.of(aspect) if one.favourite]


@dataclass(frozen=True)
class Suggestion:
    """What to fill a wish's form with. Nothing of it is assumed of somebody who leaves it out.

    `because` are the favourites that it was made of; empty: everything is as if nothing were known.
    """

    staff_id: UUID | None = None
    weekdays: Sequence[int] = (1, 2, 3, 4, 5, 6, 7)
    from_minute: int = 0
    until_minute: int = MINUTES
    visits: int = 0
    because: Sequence[Liked] = ()


async def count(tx: Tx, customer_id: UUID) -> None:
    """Counts what has changed of a customer's visits since they were last counted; safe to repeat."""
    customer = await tx.fetchrow(SQL["lock_habits"], customer_id)
    if customer is None:
        return
    rows = await tx.fetch(SQL["uncounted_visits"], customer_id)
    if not rows:
        return
    zone = ZoneInfo(customer["timezone"])
    new = {
        row["id"]: (row["starts_at"], visit(row["service_id"], row["staff_id"], row["starts_at"], zone))
        for row in rows
        if row["counts"]
    }
    before = await _counted(tx, customer_id)
    after = counted(
        before,
        [one for _, one in new.values()],
        [_as_counted(row) for row in rows if row["weight"] is not None],
    )
    await tx.execute(
        SQL["note_visits"],
        customer_id,
        list(new),
        [one.service_id for _, one in new.values()],
        [one.staff_id for _, one in new.values()],
        [starts_at for starts_at, _ in new.values()],
        [one.weekday for _, one in new.values()],
        [one.hour for _, one in new.values()],
        [one.weight for _, one in new.values()],
        [row["id"] for row in rows if not row["counts"]],
    )
    await _save(tx, customer_id, before, after)


async def of_customer(tx: Tx, customer_id: UUID) -> Preferences:
    """What a customer usually books. Raises CustomerNotFound."""
    seen = await tx.fetchrow(SQL["visits_of"], customer_id)
    if seen is None:
        raise CustomerNotFound
    rows = await tx.fetch(SQL["list_preferences"], customer_id)
    habits = _habits(rows)
    liked = [
        Liked(
            row["aspect"],
            row["value"],
            row["name"],
            row["visits"],
            percent(habits[row["aspect"], row["value"]], total(habits, row["aspect"])),
            row["favourite"],
        )
        for row in rows
    ]
    return Preferences(seen["id"], seen["name"], seen["visits"], seen["first_at"], seen["last_at"], liked)


async def suggest(tx: Tx, phone: str, service_id: UUID) -> Suggestion:
    """What somebody with this phone number will want of a service, by their favourites.

    Who is unknown, or has no favourites, is suggested anyone at any time. Raises Invalid.
    """
    number = customers.e164(phone, await customers.country(tx))
    [facts] = await tx.fetch(SQL["facts_of_wish"], service_id, number)
    problems = []
    if number is None:
        problems.append(FieldProblem("phone", "is no valid phone number; write it like +47 412 34 567"))
    if facts["minutes"] is None:
        problems.append(FieldProblem("service_id", "there is no such service in this salon", "not_found"))
    if problems:
        raise Invalid(problems)
    if facts["customer_id"] is None:
        return Suggestion()
    known = await of_customer(tx, facts["customer_id"])
    return _suggested(known, facts["minutes"], facts["staff"] or ())


def _suggested(known: Preferences, minutes: int, staff: Sequence[UUID]) -> Suggestion:
    """With the best liked of those who offer the service, and for a whole appointment that begins at a usual hour."""
    usual = Suggestion()
    liked = next((one for one in known.favourites("staff") if UUID(one.value) in staff), None)
    weekdays, hours = known.favourites("weekday"), known.favourites("hour")
    numbers = [int(one.value) for one in hours]
    return Suggestion(
        UUID(liked.value) if liked else None,
        sorted(int(one.value) for one in weekdays) or usual.weekdays,
        min(numbers) * 60 if numbers else usual.from_minute,
        min(MINUTES, max(numbers) * 60 + 60 + minutes) if numbers else usual.until_minute,
        known.visits,
        [*([liked] if liked else []), *weekdays, *hours],
    )


async def _counted(tx: Tx, customer_id: UUID) -> Habits:
    return _habits(await tx.fetch(SQL["list_preferences"], customer_id))


def _habits(rows: Sequence[asyncpg.Record]) -> Habits:
    return {(row["aspect"], row["value"]): Tally(row["visits"], int(row["weight"])) for row in rows}


def _as_counted(row: asyncpg.Record) -> Visit:
    return Visit(row["old_service_id"], row["old_staff_id"], row["weekday"], row["hour"], int(row["weight"]))


async def _save(tx: Tx, customer_id: UUID, before: Habits, after: Habits) -> None:
    """A favourite may cease to be one without having changed itself: the others did."""
    were, are = favourites(before), favourites(after)
    changed: list[Habit] = [
        habit
        for habit in {**before, **after}
        if before.get(habit) != after.get(habit) or (habit in were) != (habit in are)
    ]
    tallies = [after.get(habit, Tally()) for habit in changed]
    await tx.execute(
        SQL["save_preferences"],
        customer_id,
        [aspect for aspect, _ in changed],
        [value for _, value in changed],
        [tally.visits for tally in tallies],
        [tally.weight for tally in tallies],
        [habit in are for habit in changed],
    )
