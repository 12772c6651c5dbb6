"""The days that a page's filters name: read, and what is wrong with them. Pure."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from standby.web.reading import day_of
from standby.web.words import Words

DAY: Final = timedelta(days=1)


def days_of(first: str, last: str, words: Words) -> tuple[dict[str, date], dict[str, str]]:
    """The days that were named, as `from` and `to`, and what is wrong with them."""
    days: dict[str, date] = {}
    problems: dict[str, str] = {}
    for name, typed in (("from", first), ("to", last)):
        if not typed:
            continue
        if (day := day_of(typed)) is not None:
            days[name] = day
        else:
            problems[name] = words("app.problem.day")
    if len(days) == 2 and days["to"] < days["from"]:
        problems["to"] = words("app.problem.order")
    return days, problems


def midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    """When the day begins there; None of no day."""
    return None if day is None else datetime.combine(day, time(), zone)
