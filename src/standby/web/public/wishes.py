"""What somebody waits for, as a form has it: days, weekdays and times of day, by the salon's clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from standby.formats import Formats
from standby.waitlist.entries import ALL_WEEK, Wish
from standby.web.public.typed import Typed
from standby.web.words import Words

USUAL_DAYS: Final = 14  # for which somebody waits who says nothing else
END: Final = 1440
HALF_HOURS: Final = range(0, END + 1, 30)
MONDAY: Final = date(2024, 1, 1)
# The form's fields, by those of a wish.
FIELDS: Final = {
    "earliest": "first",
    "latest": "last",
    "weekdays": "day",
    "from_minute": "from_minute",
    "until_minute": "until_minute",
    "service_id": "service",
    "staff_id": "with",
}


@dataclass(frozen=True)
class Times:
    """When somebody could come. `last` is a day that they could still come on."""

    first: date
    last: date
    weekdays: Sequence[int] = ALL_WEEK
    from_minute: int = 0
    until_minute: int = 1440

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when, and until when."""
        return (
            datetime.combine(self.first, time(), zone),
            datetime.combine(self.last + timedelta(days=1), time(), zone),
        )

    def wish(self, zone: ZoneInfo, service_id: UUID, staff_id: UUID | None) -> Wish:
        """As the waitlist takes it, which checks it."""
        earliest, latest = self.moments(zone)
        return Wish(
            service_id,
            earliest,
            latest,
            staff_id,
            self.weekdays,
            self.from_minute,
            self.until_minute,
        )


def changes_of(times: Times, before: Times, zone: ZoneInfo) -> dict[str, Any]:
    """The fields of a wish in which a form says something else than it did when it was shown."""
    earliest, latest = times.moments(zone)
    said: dict[str, tuple[object, object, object]] = {
        "earliest": (times.first, before.first, earliest),
        "latest": (times.last, before.last, latest),
        "weekdays": (set(times.weekdays), set(before.weekdays), times.weekdays),
        "from_minute": (times.from_minute, before.from_minute, times.from_minute),
        "until_minute": (times.until_minute, before.until_minute, times.until_minute),
    }
    return {name: value for name, (now, then, value) in said.items() if now != then}


def usual(first: date) -> Times:
    """What a form proposes, from a day on."""
    return Times(first, first + timedelta(days=USUAL_DAYS))


def times_of(entry: Mapping[str, Any], zone: ZoneInfo) -> Times:
    """What an entry says."""
    return Times(
        entry["earliest"].astimezone(zone).date(),
        (entry["latest"].astimezone(zone) - timedelta(microseconds=1)).date(),
        entry["weekdays"],
        entry["from_minute"],
        entry["until_minute"],
    )


def read(typed: Typed, otherwise: Times) -> tuple[Times, dict[str, str]]:
    """What a form says, and what of it can't be read (keys of words, by field); `otherwise` stands in for that."""
    first, last = typed.date("first"), typed.date("last")
    from_minute, until_minute = typed.number("from_minute"), typed.number("until_minute")
    weekdays = [int(one) for one in typed.all("day") if one in {"1", "2", "3", "4", "5", "6", "7"}]
    problems = {
        name: f"wait.problem.{name}" for name, value in (("first", first), ("last", last)) if value is None
    }
    if not weekdays:
        problems["day"] = "wait.problem.day"
    if first and last and last < first:
        problems["last"] = "wait.problem.order"
    times = Times(
        first or otherwise.first,
        last or max(first or otherwise.first, otherwise.last),
        weekdays,
        otherwise.from_minute if from_minute is None else from_minute,
        otherwise.until_minute if until_minute is None else until_minute,
    )
    if times.until_minute <= times.from_minute:
        problems["until_minute"] = "wait.problem.until_minute"
    return times, problems


def shown(times: Times, formats: Formats, words_any: tuple[str, str]) -> dict[str, Any]:
    """What the form's fields show. `words_any`: any time from the day's beginning, until its end."""
    return {
        "first": times.first.isoformat(),
        "last": times.last.isoformat(),
        "weekdays": [
            {"number": number, "name": formats.weekday(number), "chosen": number in times.weekdays}
            for number in ALL_WEEK
        ],
        "from_minute": times.from_minute,
        "until_minute": times.until_minute,
        "begins": _hours(times.from_minute, formats, words_any[0])[:-1],
        "ends": _hours(times.until_minute, formats, words_any[1])[1:],
    }


def said(times: Times, words: Words, formats: Formats) -> str:
    """Mon 23 Nov – Sun 6 Dec; Tue, Thu; 09:00–17:00"""
    zone = formats.zone
    days = " – ".join(
        formats.date(datetime.combine(day, time(12), zone), short=True) for day in (times.first, times.last)
    )
    weekdays = (
        words("wait.said.any_day")
        if set(times.weekdays) == set(ALL_WEEK)
        else ", ".join(formats.weekday(number) for number in sorted(times.weekdays))
    )
    midnight = datetime.combine(MONDAY, time(), zone)
    begins, ends = (
        formats.time(midnight + timedelta(minutes=minute))
        for minute in (times.from_minute, times.until_minute)
    )
    match times.from_minute > 0, times.until_minute < END:
        case True, True:
            hours = f"{begins}–{ends}"
        case True, False:
            hours = words("wait.said.after", time=begins)
        case False, True:
            hours = words("wait.said.before", time=ends)
        case _:
            hours = words("wait.any")
    return f"{days} · {weekdays} · {hours}"


def _hours(chosen: int, formats: Formats, any_time: str) -> list[tuple[int, str]]:
    """Every half hour, and the one that is chosen if it is none of those; the ends of the day are any time."""
    midnight = datetime.combine(MONDAY, time(), formats.zone)
    ends = (0, END)
    return [
        (minute, any_time if minute in ends else formats.time(midnight + timedelta(minutes=minute)))
        for minute in sorted({*HALF_HOURS, chosen})
    ]
