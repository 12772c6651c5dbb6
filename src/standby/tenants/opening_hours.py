"""A week's hours by the salon's wall clock. Pure; right on days the clock changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Hours:
    """One opening of a weekday (ISO number), in minutes after local midnight."""

    weekday: int
    opens_minute: int
    closes_minute: int


def within_hours(week: Sequence[Hours], starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> bool:
    """Whether a time lies within one opening."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    from_minute = start.hour * 60 + start.minute
    until_minute = end.hour * 60 + end.minute + (1 if end.second or end.microsecond else 0)
    if end.date() == start.date() + timedelta(days=1) and until_minute == 0:
        until_minute = 1440
    elif end.date() != start.date():
        return False
    return any(
        opening.weekday == start.isoweekday()
        # Both ends are looked at: in the hour that comes twice, the end can seem to lie before the start.
        and opening.opens_minute <= from_minute < opening.closes_minute
        and opening.opens_minute < until_minute <= opening.closes_minute
        for opening in week
    )


def overlapping(week: Sequence[Hours]) -> list[int]:
    """The weekdays on which two openings overlap."""
    ordered = sorted(week, key=lambda opening: (opening.weekday, opening.opens_minute))
    return [
        one.weekday
        for one, other in pairwise(ordered)
        if one.weekday == other.weekday and other.opens_minute < one.closes_minute
    ]
