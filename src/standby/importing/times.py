"""One cell's text, to a moment. Pure.

Local times are on the salon's clock. One that doesn't exist, or exists twice, because the clocks change is refused
with what to write instead. The forms, which docs/import.md shows too:

    2026-12-24T14:30+01:00  2026-12-24 14:30  2026-12-24     ISO 8601, with or without an offset
    24.12.2026 14:30  24.12.26 kl. 14.30  24/12/2026 2:30 PM  day first; with date order mdy the slash is month first
    +3 10:30                                                 the third day from today; -3 is three days ago
    thu+0 10:30  tor+1 10:30                                 the coming Thursday, today included; a week after that
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from standby.importing.cells import BadCell, clock, weekday

DateOrder: TypeAlias = Literal["dmy", "mdy"]

YEARS_AROUND: Final = 20  # A date farther from today than this is a slip of the pen.
REST: Final = r"(?:[T ,]+(?P<clock>.+))?"
ISO: Final = re.compile(rf"(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}}){REST}", re.IGNORECASE)
NUMBERS: Final = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<mark>[./-])\s?(?P<b>\d{{1,2}})(?P=mark)\s?(?P<y>\d{{4}}|\d{{2}}){REST}"
)
DAYS_ON: Final = re.compile(rf"(?P<days>[+-]\d{{1,4}}){REST}")
WEEKDAY_ON: Final = re.compile(rf"(?P<day>[^\W\d]{{3,}})(?P<weeks>[+-]\d{{1,3}}){REST}")


@dataclass(frozen=True)
class Calendar:
    """Where and when a file is read: the salon's zone, the present moment, and what 1/2/2027 means."""

    timezone: ZoneInfo
    now: datetime
    date_order: DateOrder = "dmy"

    @property
    def today(self) -> date:
        return self.now.astimezone(self.timezone).date()


def instant(text: str, calendar: Calendar) -> datetime:
    """A day and a time of day, as a moment in UTC."""
    found = _read(text, calendar)
    if isinstance(found, datetime):
        return found
    day, minute = found
    if minute is None:
        raise BadCell("has no time of day; write it like 2026-12-24 14:30 or 24.12.2026 14:30")
    return on(day, minute, calendar)


def day_start(text: str, calendar: Calendar) -> datetime:
    """As `instant`; a day without a time means its beginning."""
    found = _read(text, calendar)
    return found if isinstance(found, datetime) else _at(found, calendar, days=0)


def day_end(text: str, calendar: Calendar) -> datetime:
    """As `instant`; a day without a time means its end."""
    found = _read(text, calendar)
    return found if isinstance(found, datetime) else _at(found, calendar, days=1)


def instant_after(text: str, starts_at: datetime | None, calendar: Calendar) -> datetime | None:
    """As `instant`; a time of day alone is on the local day of `starts_at`, and None if that isn't known."""
    try:
        minute = clock(text)
    except BadCell:
        return instant(text, calendar)
    return on(starts_at.astimezone(calendar.timezone).date(), minute, calendar) if starts_at else None


def on(day: date, minute: int, calendar: Calendar) -> datetime:
    """The moment when the salon's clock shows `minute` minutes after midnight on that day, in UTC."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    first, second = (local.replace(tzinfo=calendar.timezone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    shown = first.astimezone(UTC).astimezone(calendar.timezone)
    if shown.replace(tzinfo=None) != local:
        raise BadCell(
            "{clock} does not exist on {day} in {zone}: the clocks go forward then; "
            "if the salon's clock shows {shown}, write {exact}",
            **_told(local, calendar),
            shown=f"{shown:%H:%M}",
            exact=shown.isoformat(timespec="minutes"),
        )
    raise BadCell(
        "{clock} exists twice on {day} in {zone}: the clocks go back then; "
        "write {first} for the first or {second} for the second",
        **_told(local, calendar),
        first=first.isoformat(timespec="minutes"),
        second=second.isoformat(timespec="minutes"),
    )


def _told(local: datetime, calendar: Calendar) -> dict[str, str]:
    return {"clock": f"{local:%H:%M}", "day": f"{local:%Y-%m-%d}", "zone": calendar.timezone.key}


def _at(found: tuple[date, int | None], calendar: Calendar, *, days: int) -> datetime:
    day, minute = found
    if minute is not None:
        return on(day, minute, calendar)
    # Where clocks change at midnight, a day begins with the first moment that there is.
    midnight = datetime.combine(day + timedelta(days=days), time(), calendar.timezone)
    return midnight.astimezone(UTC)


def _read(text: str, calendar: Calendar) -> datetime | tuple[date, int | None]:
    """A moment in UTC if the text has an offset; else a local day and, if there is one, the minute of it."""
    text = text.strip()
    if ISO.fullmatch(text):
        try:
            exact = datetime.fromisoformat(text)
        except ValueError:
            exact = None
        if exact is not None and exact.tzinfo is not None:
            _near_today(exact.date(), calendar)
            return exact.astimezone(UTC)
    for form, day_of in (
        (ISO, _iso_day),
        (NUMBERS, _numbered_day),
        (DAYS_ON, _day_on),
        (WEEKDAY_ON, _weekday_on),
    ):
        if match := form.fullmatch(text):
            day = day_of(match, calendar)
            _near_today(day, calendar)
            return day, clock(match["clock"]) if match["clock"] else None
    raise BadCell("is no date and time; write it like 2026-12-24 14:30 or 24.12.2026 14:30")


def _iso_day(match: re.Match[str], calendar: Calendar) -> date:  # noqa: ARG001  # One signature for all forms.
    return _date(int(match["y"]), int(match["m"]), int(match["d"]))


def _numbered_day(match: re.Match[str], calendar: Calendar) -> date:
    year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
    month_first = calendar.date_order == "mdy" and match["mark"] == "/"
    day, month = (match["b"], match["a"]) if month_first else (match["a"], match["b"])
    if int(month) > 12 >= int(day) and match["mark"] == "/":
        if month_first:
            raise BadCell(
                "has no month {month}; if the day comes first, leave --month-first out", month=month
            )
        raise BadCell("has no month {month}; if the month comes first, say --month-first", month=month)
    return _date(year, int(month), int(day))


def _day_on(match: re.Match[str], calendar: Calendar) -> date:
    return calendar.today + timedelta(days=int(match["days"]))


def _weekday_on(match: re.Match[str], calendar: Calendar) -> date:
    days = (weekday(match["day"]) - calendar.today.isoweekday()) % 7 + 7 * int(match["weeks"])
    return calendar.today + timedelta(days=days)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        form = "there is no day {day} of month {month} in the year {year}"
        raise BadCell(form, day=day, month=month, year=year) from None


def _near_today(day: date, calendar: Calendar) -> None:
    if abs(day.year - calendar.today.year) > YEARS_AROUND:
        raise BadCell(
            "is in the year {year}, more than {most} years from today; is the year right?",
            year=day.year,
            most=YEARS_AROUND,
        )
