"""Where things lie in a column of the calendar: rows of five minutes from the hour at which it begins. Pure.

All moments are UTC, so that their differences are real time: a column of the day on which the clock changes has 23 or
25 hours, and each thing lies where it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from standby.tenants.opening_hours import Hours

ROW: Final = timedelta(minutes=5)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
SHORTEST_GAP: Final = timedelta(minutes=15)
USUAL: Final = (8, 18)  # hours that are shown when neither hours nor appointments say others
MOST_LANES: Final = 3

Stretch: TypeAlias = tuple[datetime, datetime]


@dataclass(frozen=True)
class Place:
    """Rows of a column: the first, and how many."""

    row: int
    rows: int

    @property
    def classes(self) -> str:
        """As calendar.css names them: hours and rows of the start, hours and rows of the length; 0 needs no name."""
        (h, m), (lh, lm) = divmod(self.row, 12), divmod(self.rows, 12)
        return " ".join(
            f"{name}{many}" for name, many in (("h", h), ("m", m), ("lh", lh), ("lm", lm)) if many
        )


@dataclass(frozen=True)
class Column:
    """A day of somebody's, from one hour of the salon's clock to another."""

    top: datetime
    bottom: datetime

    @property
    def rows(self) -> int:
        return (self.bottom - self.top) // ROW

    def shows(self, one: Stretch) -> bool:
        return one[0] < self.bottom and one[1] > self.top

    def place(self, one: Stretch) -> Place:
        """Where a stretch that it shows lies; what goes beyond is cut off."""
        start, end = max(one[0], self.top), min(one[1], self.bottom)
        row = min((start - self.top) // ROW, self.rows - 1)
        return Place(row, max(1, -(-(end - self.top) // ROW) - row))

    def hours(self, zone: ZoneInfo) -> list[datetime]:
        """The full hours that it shows, by the salon's clock."""
        count = -(-(self.bottom - self.top) // HOUR)
        return [(self.top + number * HOUR).astimezone(zone) for number in range(count)]


def column(day: date, hours: tuple[int, int], zone: ZoneInfo) -> Column:
    """A day from one hour to another; 24 is its end."""
    return Column(*(at(day, hour * 60, zone) for hour in hours))


def at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment at which the salon's clock shows that many minutes after midnight; 1440 is the next midnight."""
    days, minute = divmod(minute, 1440)
    return datetime.combine(day + days * DAY, time(minute // 60, minute % 60), zone).astimezone(UTC)


def openings(day: date, weeks: Iterable[Sequence[Hours]], zone: ZoneInfo) -> list[Stretch]:
    """When somebody works on a day: within each of the weeks that are told; all day if none is."""
    windows = [(0, 1440)]
    for week in weeks:
        told = [(one.opens_minute, one.closes_minute) for one in week if one.weekday == day.isoweekday()]
        windows = [
            (max(a, c), min(b, d)) for a, b in windows for c, d in sorted(told) if max(a, c) < min(b, d)
        ]
    return [(at(day, opens, zone), at(day, closes, zone)) for opens, closes in windows]


def hours_shown(
    days: Sequence[date], openings_of: Iterable[Stretch], things: Iterable[Stretch], zone: ZoneInfo
) -> tuple[int, int]:
    """The hours of the clock between which all openings and things of some days lie, the same for all of them."""
    first, last = 24, 0
    for start, end in (*openings_of, *things):
        local = start.astimezone(zone), end.astimezone(zone)
        if local[0].date() in days:
            first = min(first, local[0].hour)
        if local[1].date() in days:
            last = max(last, local[1].hour + (local[1].minute > 0))
        if local[0].date() < local[1].date():  # It goes on past a midnight.
            last = 24 if local[0].date() in days else last
            first = 0 if local[1].date() in days and local[1].time() > time() else first
    return (first, last) if first < last else USUAL


def without(wholes: Sequence[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """What is left of the stretches."""
    left = list(wholes)
    for start, end in taken:
        parts = [part for one in left for part in ((one[0], min(one[1], start)), (max(one[0], end), one[1]))]
        left = [part for part in parts if part[0] < part[1]]
    return left


def gaps(open_times: Sequence[Stretch], taken: Iterable[Stretch], now: datetime) -> list[Stretch]:
    """The free times that are still to come, and long enough for somebody."""
    epoch = datetime.fromtimestamp(0, UTC)
    next_row = epoch + -(-(now - epoch) // ROW) * ROW
    free = without(open_times, [*taken, (epoch, next_row)])
    return [one for one in free if one[1] - one[0] >= SHORTEST_GAP]


def lanes(things: Sequence[Stretch]) -> list[str]:
    """For each thing (in order of starts) its lane beside those that it overlaps: 11 alone, 21 the first of two, …"""
    found: list[tuple[int, int]] = []  # lane, cluster
    ends: list[datetime] = []
    cluster, until = -1, datetime.min.replace(tzinfo=UTC)
    for start, end in things:
        if start >= until:
            cluster, ends, until = cluster + 1, [], end
        until = max(until, end)
        lane = next((number for number, over in enumerate(ends) if over <= start), len(ends))
        ends[lane : lane + 1] = [end]
        found.append((min(lane, MOST_LANES - 1), cluster))
    widths = {number: 1 + max(lane for lane, of in found if of == number) for _, number in found}
    return [f"{widths[of]}{lane + 1}" for lane, of in found]
