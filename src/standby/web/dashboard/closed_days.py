"""Days on which nobody works: why, and which is the next one that somebody does. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from standby.bookings.agenda import Colleague
from standby.tenants.opening_hours import Hours
from standby.web.dashboard import timeline
from standby.web.dashboard.timeline import Stretch

LOOK_AHEAD: Final = 60  # days
Absences: TypeAlias = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Closed:
    """By the salon's week, by closures of the whole salon (`reason`: as it was told), or because everybody is away."""

    why: Literal["week", "closure", "away"]
    reason: str = ""


def why_closed(
    day: date, whose: Sequence[Colleague], week: Sequence[Hours], absences: Absences, zone: ZoneInfo
) -> Closed | None:
    """Why nobody of these works on a day; None: somebody does, or nobody is there who could."""
    if not any(one.active for one in whose) or is_worked(day, whose, absences, zone):
        return None
    opens = timeline.openings(day, [week] if week else [], zone)
    if not opens:
        return Closed("week")
    of_salon = [row for row in absences if row["staff_id"] is None and row["id"] is not None]
    if not timeline.without(opens, _stretches(of_salon)):
        return Closed("closure", next((_told(row) for row in of_salon if _told(row)), ""))
    return Closed("away")


def next_worked(day: date, whose: Sequence[Colleague], absences: Absences, zone: ZoneInfo) -> date | None:
    """The next day on which somebody of these works; None: none in the next `LOOK_AHEAD`."""
    later = (day + timedelta(days=number) for number in range(1, LOOK_AHEAD + 1))
    return next((one for one in later if is_worked(one, whose, absences, zone)), None)


def is_worked(day: date, whose: Sequence[Colleague], absences: Absences, zone: ZoneInfo) -> bool:
    """Whether anybody of these works at any time of a day."""
    return any(
        timeline.without(
            timeline.openings(day, one.weeks, zone),
            _stretches(row for row in absences if row["staff_id"] in (None, one.id)),
        )
        for one in whose
        if one.active
    )


def _stretches(absences: Iterable[Mapping[str, Any]]) -> list[Stretch]:
    return [(row["starts_at"], row["ends_at"]) for row in absences]


def _told(row: Mapping[str, Any]) -> str:
    """An API's closure without a reason says "closed"."""
    return "" if row["reason"] == "closed" else str(row["reason"])
