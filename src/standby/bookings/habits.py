"""What somebody usually books: which service, with whom, on which weekday, at which hour. Pure.

A visit is a booking that was kept or is still to come; it counts once for each aspect. Newer visits count for more: the
weight of one doubles with every HALF_LIFE that it is later, counted from a fixed day. So a weight never changes, the
shares are the same whenever they are looked at, and visits can be counted in any order. Weights are whole numbers: what
is taken back leaves nothing behind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

HALF_LIFE: Final = 180  # days in which a visit comes to count for half of a new one
FIRST_DAY: Final = date(1990, 1, 1)  # Before it a visit weighs 1 …
LAST_DAY: Final = date(2450, 1, 1)  # … and after it no more than then: floats end at 2 to the power of 1024.
LEAST_VISITS: Final = 2  # Once is no habit.
ONE_IN: Final = 3  # by weight, at least; so an aspect has three favourites at most

Aspect: TypeAlias = Literal["service", "staff", "weekday", "hour"]
Habit: TypeAlias = tuple[Aspect, str]  # an id, an ISO weekday or an hour of 0 to 23


@dataclass(frozen=True)
class Visit:
    """What one visit counts for; weekday (ISO) and hour by the salon's clock."""

    service_id: UUID
    staff_id: UUID
    weekday: int
    hour: int
    weight: int

    @property
    def habits(self) -> Sequence[Habit]:
        return (
            ("service", str(self.service_id)),
            ("staff", str(self.staff_id)),
            ("weekday", str(self.weekday)),
            ("hour", str(self.hour)),
        )


@dataclass(frozen=True)
class Tally:
    """How many visits had something in common, and the sum of their weights."""

    visits: int = 0
    weight: int = 0


Habits: TypeAlias = Mapping[Habit, Tally]


def visit(service_id: UUID, staff_id: UUID, starts_at: datetime, zone: ZoneInfo) -> Visit:
    """A booking as it counts, in a salon of that time zone."""
    local = starts_at.astimezone(zone)
    return Visit(service_id, staff_id, local.isoweekday(), local.hour, weight_on(local.date()))


def weight_on(day: date) -> int:
    """What a visit on that day weighs; at least 1."""
    return int(2.0 ** ((min(max(day, FIRST_DAY), LAST_DAY) - FIRST_DAY).days / HALF_LIFE))


def counted(habits: Habits, added: Iterable[Visit], taken_back: Iterable[Visit] = ()) -> Habits:
    """The habits with some more visits, and without some that were counted before."""
    tallies = dict(habits)
    for visits, sign in ((added, 1), (taken_back, -1)):
        for one in visits:
            for habit in one.habits:
                was = tallies.get(habit, Tally())
                tallies[habit] = Tally(was.visits + sign, was.weight + sign * one.weight)
    return {habit: tally for habit, tally in tallies.items() if tally.visits}


def favourites(habits: Habits) -> frozenset[Habit]:
    """What they have had at least twice, and at least one time in three, by weight."""
    whole = {aspect: total(habits, aspect) for aspect, _ in habits}
    return frozenset(
        habit
        for habit, tally in habits.items()
        if tally.visits >= LEAST_VISITS and tally.weight * ONE_IN >= whole[habit[0]]
    )


def total(habits: Habits, aspect: Aspect) -> int:
    """The weight of all visits."""
    return sum(tally.weight for habit, tally in habits.items() if habit[0] == aspect)


def percent(tally: Tally, whole: int) -> int:
    """A tally's share of the whole weight, rounded."""
    return (200 * tally.weight + whole) // (2 * whole)
