"""The form of a place on the waitlist: what was typed, and what the domain is told of it. Pure.

What can't be understood is named as a problem, and something harmless is told in its place, so that the domain can say
what else is wrong at the same time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from standby.errors import FieldProblem
from standby.tenants.customers import Person
from standby.waitlist.entries import ALL_WEEK, Wish
from standby.web.reading import day_of, id_of

NOBODY: Final = UUID(int=0)  # Is no service and no staff member: the domain says so.
DAY: Final = timedelta(days=1)
YEARS: Final = range(2000, 3000)
MIDNIGHT: Final = 1440
USUAL: Final = timedelta(days=14)  # how long somebody waits, unless they say otherwise
# What the domain calls it, and the form's field.
FIELDS: Final[Mapping[str, str]] = {
    "service_id": "service",
    "staff_id": "staff",
    "earliest": "first",
    "latest": "last",
    "weekdays": "days",
    "from_minute": "from",
    "until_minute": "until",
}
BY_CODE: Final = {("staff", "does_not_fit"), ("last", "in_the_past")}  # have words of their own


@dataclass(frozen=True)
class Typed:
    """The fields as they were typed; days are ISO numbers."""

    name: str = ""
    phone: str = ""
    email: str = ""
    vip: bool = False
    service: str = ""
    staff: str = ""
    first: str = ""
    last: str = ""
    days: Sequence[int] = ALL_WEEK
    begin: str = ""
    end: str = ""
    instead_of: str = ""  # the name that the salon has for this number, once its reader was told

    @property
    def person(self) -> Person:
        return Person(self.name, self.phone.strip() or None, self.email.strip() or None)


def blank(today: date) -> Typed:
    """A new form."""
    return Typed(first=today.isoformat(), last=(today + USUAL).isoformat())


def of_entry(entry: Mapping[str, Any], zone: ZoneInfo) -> Typed:
    """An entry's wish as the form has it. A day that it ends in the midst of is its last."""
    last = (entry["latest"] - timedelta(microseconds=1)).astimezone(zone).date()
    return Typed(
        service=str(entry["service_id"]),
        staff=str(entry["staff_id"] or ""),
        first=entry["earliest"].astimezone(zone).date().isoformat(),
        last=last.isoformat(),
        days=list(entry["weekdays"]),
        begin=_clock(entry["from_minute"]) if entry["from_minute"] else "",
        end=_clock(entry["until_minute"]) if entry["until_minute"] != MIDNIGHT else "",
    )


def wish_of(typed: Typed, zone: ZoneInfo, now: datetime) -> tuple[Wish, list[FieldProblem]]:
    """What they wait for: from the first day's begin (or now) to the last one's end."""
    problems: list[FieldProblem] = []

    def day(name: str, text: str) -> date | None:
        if (found := day_of(text)) is None:
            problems.append(FieldProblem(name, "is no day"))
        return found

    def minute(name: str, text: str, otherwise: int) -> int:
        try:
            at = time.fromisoformat(text.strip()) if text.strip() else None
        except ValueError:
            problems.append(FieldProblem(name, "is no time of day"))
            return otherwise
        return otherwise if at is None else at.hour * 60 + at.minute

    first = day("earliest", typed.first) if typed.first.strip() else None
    last = day("latest", typed.last)
    earliest = now if first is None else max(now, datetime.combine(first, time(), zone))
    latest = max(now, earliest) + USUAL if last is None else datetime.combine(last + DAY, time(), zone)
    begin, end = minute("from_minute", typed.begin, 0), minute("until_minute", typed.end, MIDNIGHT)
    wish = Wish(
        id_of(typed.service) or NOBODY,
        earliest,
        latest,
        (id_of(typed.staff) or NOBODY) if typed.staff else None,
        sorted(set(typed.days)),
        begin,
        end or MIDNIGHT,
    )
    return wish, problems


def changes_of(typed: Typed, before: Typed, wish: Wish) -> dict[str, Any]:
    """The fields of the wish in which the form says something else than it did when it was shown."""
    said = {
        "service_id": (typed.service, before.service),
        "staff_id": (typed.staff, before.staff),
        "earliest": (typed.first, before.first),
        "latest": (typed.last, before.last),
        "weekdays": (sorted(set(typed.days)), sorted(set(before.days))),
        "from_minute": (typed.begin, before.begin),
        "until_minute": (typed.end, before.end),
    }
    return {name: getattr(wish, name) for name, (now, then) in said.items() if now != then}


def moment_of(day: str, at: str, zone: ZoneInfo) -> datetime | None:
    """A time on the salon's clock; None: it is none."""
    try:
        found = datetime.combine(date.fromisoformat(day.strip()), time.fromisoformat(at.strip()), zone)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def keys_of(problems: Sequence[FieldProblem]) -> dict[str, str]:
    """By the form's field what is wrong with it, as the end of a key of words; the first problem of each counts."""
    told: dict[str, str] = {}
    for problem in problems:
        field = FIELDS.get(problem.field, problem.field)
        known = (field, problem.code) in BY_CODE
        told.setdefault(field, f"{field}.{problem.code}" if known else field)
    return told


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
