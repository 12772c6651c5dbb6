"""The gaps in a staff member's day that an appointment fits into. Pure.

Moments are seconds since 1970, for a week of twenty people is some thousand comparisons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from standby.tenants.opening_hours import Hours, within_hours


@dataclass(frozen=True)
class Wanted:
    """An appointment: how long it takes, and what it needs before and after, in minutes."""

    minutes: int
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Worker:
    """A staff member: the weeks that limit them (the salon's, their own), and the stretches when they can't.

    `away` is no time for an appointment, `taken` (held or booked, with its buffers) not for its buffers either.
    """

    staff_id: UUID
    weeks: Sequence[Sequence[Hours]]
    away: Sequence[tuple[float, float]]
    taken: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Day:
    """A day of the salon's clock, and the rhythm in minutes after midnight at which appointments begin."""

    date: date
    zone: ZoneInfo
    step: int

    @cached_property
    def changes_clock(self) -> bool:
        """Whether its wall clock is moved in its course."""
        midnight = datetime.combine(self.date, time(), self.zone)
        return midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset()

    @cached_property
    def midnight(self) -> int:
        """When it begins, unless its clock is moved."""
        return int(datetime.combine(self.date, time(), self.zone).timestamp())

    @cached_property
    def minutes(self) -> Sequence[tuple[int, int]]:
        """All its moments at which appointments may begin, each with its minute on the wall clock, one by one."""
        noon_before = int(datetime.combine(self.date, time(), UTC).timestamp()) - 12 * 3600
        local = ((at, _local(at, self.zone)) for at in range(noon_before, noon_before + 48 * 3600, 60))
        minutes = [(at, then.hour * 60 + then.minute) for at, then in local if then.date() == self.date]
        return [(at, minute) for at, minute in minutes if minute % self.step == 0]


def starts(days: Sequence[Day], wanted: Wanted, worker: Worker) -> list[int]:
    """When on those days, which follow each other, the appointment can begin with this staff member; in order."""
    moments = [at for day in days for at in _within_weeks(day, wanted, worker)]
    return _outside(_barred(wanted, worker), moments)


def stretches(
    days: Sequence[Day], worker: Worker, *, shortest: int, earliest: float
) -> list[tuple[float, float]]:
    """What they work of those days and have free from `earliest` on, in pieces of `shortest` minutes or more.

    Of somebody whose hours nobody has told nothing is known.
    """
    busy = sorted([*worker.away, *worker.taken])
    found: list[tuple[float, float]] = []
    for day in days:
        for begin, end in _worked(day, worker):
            found += _between(max(begin, earliest), end, busy)
    return [(begin, end) for begin, end in found if end - begin >= shortest * 60]


def _worked(day: Day, worker: Worker) -> list[tuple[float, float]]:
    windows = [(0, 1440)] if worker.weeks else []
    for week in worker.weeks:
        openings = [
            (one.opens_minute, one.closes_minute) for one in week if one.weekday == day.date.isoweekday()
        ]
        windows = [(max(a, c), min(b, d)) for a, b in windows for c, d in openings if max(a, c) < min(b, d)]
    midnight = datetime.combine(day.date, time())
    return [
        (
            (midnight + timedelta(minutes=opens)).replace(tzinfo=day.zone).timestamp(),
            (midnight + timedelta(minutes=closes)).replace(tzinfo=day.zone).timestamp(),
        )
        for opens, closes in sorted(windows)
    ]


def _between(begin: float, end: float, busy: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """What is left of a stretch beside those that are busy (in order)."""
    free = []
    for starts, ends in busy:
        if starts >= end:
            break
        if starts > begin:
            free.append((begin, starts))
        begin = max(begin, ends)
    return [*free, (begin, end)] if begin < end else free


def _within_weeks(day: Day, wanted: Wanted, worker: Worker) -> list[int]:
    if day.changes_clock:
        length = timedelta(minutes=wanted.minutes)
        return [
            at
            for at, _ in day.minutes
            if all(
                within_hours(week, start := _local(at, day.zone), _later(start, length), day.zone)
                for week in worker.weeks
            )
        ]
    windows = [(0, 1439)]  # from the first to the last minute at which it can begin
    for week in worker.weeks:
        openings = [
            (one.opens_minute, one.closes_minute - wanted.minutes)
            for one in week
            if one.weekday == day.date.isoweekday()
        ]
        windows = [(max(a, c), min(b, d)) for a, b in windows for c, d in openings]
    minutes = {
        minute
        for first, last in windows
        for minute in range(-(-first // day.step) * day.step, last + 1, day.step)
    }
    return [day.midnight + minute * 60 for minute in sorted(minutes)]


def _barred(wanted: Wanted, worker: Worker) -> list[tuple[float, float]]:
    """The open stretches in which the appointment can't begin, by their first ends."""
    length, before, after = wanted.minutes * 60, wanted.before * 60, wanted.after * 60
    return sorted(
        [(begin - length, end) for begin, end in worker.away]
        + [(begin - length - after, end + before) for begin, end in worker.taken]
    )


def _outside(barred: Sequence[tuple[float, float]], moments: Sequence[int]) -> list[int]:
    """Those of the moments (in order) that lie in none of the stretches."""
    free = []
    until, number = float("-inf"), 0
    for at in moments:
        while number < len(barred) and barred[number][0] < at:
            until = max(until, barred[number][1])
            number += 1
        if at >= until:
            free.append(at)
    return free


def _local(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at, zone)


def _later(start: datetime, length: timedelta) -> datetime:
    """So much real time later: on a wall clock that is moved, adding is another thing."""
    return (start.astimezone(UTC) + length).astimezone(start.tzinfo)
