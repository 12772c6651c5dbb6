"""A week's hours, as a form asks for them and as a line tells them. Pure.

Each weekday has fields for its openings: opens-1-0 and closes-1-0 are Monday's first. What lies between two is a break.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from babel import Locale

from standby.tenants.opening_hours import Hours, overlapping
from standby.web.dashboard.typed import Form
from standby.web.words import Words

WEEKDAYS: Final = range(1, 8)
SHOWN: Final = 2  # openings of a day that there are fields for at least
MOST: Final = 6
# What a form begins with where nothing is known yet.
USUAL: Final = (*(Hours(day, 9 * 60, 17 * 60) for day in range(1, 6)), Hours(6, 10 * 60, 15 * 60))


@dataclass(frozen=True)
class Day:
    """The fields of a weekday; `openings` are the ends of their names."""

    name: str
    openings: Sequence[str]


def read(form: Form) -> list[Hours]:
    """The week that was typed; a day without times is closed. Notes what is wrong beside the day's times."""
    week: list[Hours] = []
    for weekday in WEEKDAYS:
        for number in range(MOST):
            name = f"{weekday}-{number}"
            if not (form[f"opens-{name}"] or form[f"closes-{name}"]):
                continue
            opens, closes = form.minute(f"opens-{name}"), form.minute(f"closes-{name}") or 1440
            if form.problems.keys() & {f"opens-{name}", f"closes-{name}"}:
                form.wrong(name, "week.problem.time")
            elif closes <= opens:
                form.wrong(name, "week.problem.order")
            else:
                week.append(Hours(weekday, opens, closes))
    for weekday in overlapping(week):
        form.wrong(f"{weekday}-0", "week.problem.overlap")
    return week


def typed_as(week: Sequence[Hours]) -> dict[str, str]:
    """The fields that hold a week."""
    typed = {}
    for weekday, openings in groupby(week, lambda one: one.weekday):
        for number, opening in enumerate(openings):
            typed[f"opens-{weekday}-{number}"] = clock(opening.opens_minute)
            typed[f"closes-{weekday}-{number}"] = clock(opening.closes_minute % 1440)
    return typed


def fields_for(form: Form, locale: Locale) -> list[Day]:
    """The week's fields: one opening more than there are, so that another can be added."""
    days = day_names(locale)
    found = []
    for weekday in WEEKDAYS:
        used = [n for n in range(MOST) if form[f"opens-{weekday}-{n}"] or form[f"closes-{weekday}-{n}"]]
        more = used[-1] + 2 if len(used) >= SHOWN else SHOWN
        names = [f"{weekday}-{number}" for number in range(min(more, MOST))]
        found.append(Day(days[weekday], names))
    return found


def told(week: Sequence[Hours], locale: Locale, words: Words) -> str:
    """Mon–Fri 09:00–17:00 · Sat 10:00–15:00; "" for no hours."""
    days = day_names(locale, "abbreviated")
    times = {
        weekday: ", ".join(
            f"{clock(one.opens_minute)}–{clock(one.closes_minute)}" for one in week if one.weekday == weekday
        )
        for weekday in WEEKDAYS
    }
    parts = []
    for said, same in groupby(WEEKDAYS, lambda weekday: times[weekday]):
        span = list(same)
        if said:
            named = days[span[0]] if len(span) == 1 else f"{days[span[0]]}–{days[span[-1]]}"
            parts.append(words("week.days", days=named, times=said))
    return " · ".join(parts)


def day_names(locale: Locale, width: str = "wide") -> Mapping[int, str]:
    """The weekdays by their ISO number."""
    named = locale.days["stand-alone"][width]
    return {weekday: named[weekday - 1].rstrip(".").capitalize() for weekday in WEEKDAYS}


def clock(minute: int) -> str:
    """09:00, as fields and people write it; the day's end is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"
