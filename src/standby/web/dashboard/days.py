"""The days that a page's filters name: read, and what is wrong with them. Pure."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from standby.web.words import Words

YEARS: Final = range(2000, 3000)
DAY: Final = timedelta(days=1)


def days_of(first: str, last: str, words: Words) -> tuple[dict[str, date], dict[str, str]]:
    """The days that were named, as `from` and `to`, and what is wrong with them."""
    days: dict[str, date] = {}
    problems: dict[str, str] = {}
    for name, typed in (("from", first), ("to", last)):
        if not typed:
            continue
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            problems[name] = words("app.problem.day")
            continue
        if day.year in YEARS:
            days[name] = day
        else:
            problems[name] = words("app.problem.day")
    if len(days) == 2 and days["to"] < days["from"]:
        problems["to"] = words("app.problem.order")
    return days, problems


def midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    """When the day begins there; None of no day."""
    return None if day is None else datetime.combine(day, time(), zone)
