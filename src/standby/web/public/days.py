"""A day as the pages for customers say it."""

from datetime import datetime

from standby.formats import Formats
from standby.web.words import Words


def day_of(words: Words, formats: Formats, when: datetime, now: datetime) -> str:
    """Tomorrow, Tuesday 3 June"""
    date = formats.date(when)
    relative = {0: "today", 1: "tomorrow"}.get(formats.days_ahead(when, now))
    return words("day.soon", relative=words(relative), date=date) if relative else date
