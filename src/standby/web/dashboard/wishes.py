"""What somebody waits for, as staff read it: until when, on which days, at what time. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from standby.formats import Formats
from standby.web.words import Words

A_WEEK: Final = (1, 2, 3, 4, 5, 6, 7)
WORKDAYS: Final = (1, 2, 3, 4, 5)
WEEKEND: Final = (6, 7)
MIDNIGHT: Final = 1440
A_MOMENT: Final = timedelta(seconds=1)  # So that what ends at midnight ends on the day before.


def window(entry: Mapping[str, Any], formats: Formats, words: Words, now: datetime) -> str:
    """Until Sun 6 Dec; Mon 23 Nov – Sun 6 Dec while its first day is still to come."""
    last = formats.date(entry["latest"] - A_MOMENT, short=True)
    if entry["earliest"] <= now:
        return words("wish.until", last=last)
    return words("wish.window", first=formats.date(entry["earliest"], short=True), last=last)


def hours(entry: Mapping[str, Any], formats: Formats, words: Words) -> str:
    """Mon–Fri, from 12:00; "": at any time."""
    parts = [_days(tuple(entry["weekdays"]), formats, words), _times(entry, formats, words)]
    return ", ".join(part for part in parts if part)


def _days(weekdays: tuple[int, ...], formats: Formats, words: Words) -> str:
    match weekdays:
        case one if one == A_WEEK:
            return ""
        case one if one == WORKDAYS:
            return words("wish.workdays")
        case one if one == WEEKEND:
            return words("wish.weekend")
        case _:
            return ", ".join(formats.weekday(day) for day in weekdays)


def _times(entry: Mapping[str, Any], formats: Formats, words: Words) -> str:
    begin, end = entry["from_minute"], entry["until_minute"]
    if end == MIDNIGHT:
        return words("wish.from", time=formats.minute(begin)) if begin else ""
    if not begin:
        return words("wish.to", time=formats.minute(end))
    return f"{formats.minute(begin)}–{formats.minute(end)}"
