"""Which days a salon's figures are of, and the ones before that they are compared with. Pure.

Days are those of the salon's calendar; one on which the clocks change has 23 hours or 25, and is a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from standby.errors import FieldProblem, Invalid

Named: TypeAlias = Literal["7d", "30d", "90d", "month"]
NAMED: Final[Sequence[Named]] = get_args(Named)
USUAL: Final[Named] = "30d"
LONGEST: Final = 366  # days
DAYS: Final = {"7d": 7, "30d": 30, "90d": 90}
DAY: Final = timedelta(days=1)
MOST_BY_DAY: Final = 31  # days that a picture shows one by one; of more it shows weeks, and then months
MOST_BY_WEEK: Final = 184


@dataclass(frozen=True)
class Span:
    """From `starts` until before `ends`, in UTC."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Step:
    """Some days of a period that are shown as one: a day, a week or a month, as far as the period has them."""

    first: date
    last: date


@dataclass(frozen=True)
class Period:
    """`first` to `last`, both of it; today counts as far as it has come by `now`."""

    first: date
    last: date
    zone: ZoneInfo
    now: datetime

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def span(self) -> Span:
        return Span(_midnight(self.first, self.zone), min(_midnight(self.last + DAY, self.zone), self.now))

    @property
    def before(self) -> Span:
        """As many days, just before; as far into the last of them as this period has come into its own."""
        ends = self.span.ends.astimezone(self.zone)
        earlier = datetime.combine(ends.date() - self.days * DAY, ends.time(), self.zone)
        return Span(_midnight(self.first - self.days * DAY, self.zone), earlier.astimezone(UTC))

    def steps(self) -> list[Step]:
        """All of its days, in the steps that a picture shows."""
        found: list[Step] = []
        for number in range(self.days):
            day = self.first + number * DAY
            if found and self._together(found[-1].first, day):
                found[-1] = Step(found[-1].first, day)
            else:
                found.append(Step(day, day))
        return found

    def _together(self, one: date, other: date) -> bool:
        if self.days <= MOST_BY_DAY:
            return False
        if self.days <= MOST_BY_WEEK:
            return one.isocalendar()[:2] == other.isocalendar()[:2]
        return (one.year, one.month) == (other.year, other.month)


def named(name: Named, *, zone: ZoneInfo, now: datetime) -> Period:
    """The last days, or this month; today is the last of them."""
    today = now.astimezone(zone).date()
    first = today.replace(day=1) if name == "month" else today - (DAYS[name] - 1) * DAY
    return Period(first, today, zone, now)


def between(first: date, last: date, *, zone: ZoneInfo, now: datetime) -> Period:
    """From a day to a day, both of it. Raises Invalid with every problem."""
    problems = []
    if last < first:
        problems.append(FieldProblem("to", "is before the first day", "order"))
    elif (last - first).days >= LONGEST:
        problems.append(FieldProblem("from", f"is more than {LONGEST} days before the last one", "too_long"))
    if last > now.astimezone(zone).date():
        problems.append(FieldProblem("to", "is still to come", "to_come"))
    if problems:
        raise Invalid(problems)
    return Period(first, last, zone, now)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
