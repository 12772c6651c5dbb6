"""/app/calendar: a day by staff, or a week of one of them. Its address says which day, which view, and whose."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from standby.accounts.permissions import Permission
from standby.bookings import agenda
from standby.bookings.agenda import Agenda, Colleague
from standby.database.pool import Tx
from standby.web.dashboard import timeline
from standby.web.dashboard.calendar_fields import HERE
from standby.web.dashboard.calendar_view import Looking, Wanted, columns_of, noon, week_of
from standby.web.dashboard.closed_days import LOOK_AHEAD, next_worked, why_closed
from standby.web.dashboard.news import GetDone, news_of
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import day_of, id_of

router = APIRouter(prefix="/app/calendar", include_in_schema=False)

VIEWS: Final = ("day", "week")
DAY: Final = timedelta(days=1)
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_BOOK)]
Writer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_BOOK)]


@dataclass(frozen=True)
class Asked:
    """What of the calendar is asked for; `staff` None: everybody, or in a week the first."""

    day: date
    view: str = "day"
    staff: UUID | None = None

    @property
    def days(self) -> list[date]:
        return week_of(self.day) if self.view == "week" else [self.day]

    @property
    def address(self) -> str:
        told = {"day": self.day.isoformat()}
        if self.view != "day":
            told["view"] = self.view
        if self.staff is not None:
            told["staff"] = str(self.staff)
        return f"{HERE}?{urlencode(told)}"

    def on(self, day: date) -> str:
        """The address of the same on another day."""
        return replace(self, day=day).address


@router.api_route("", methods=["GET", "HEAD"])
async def show_calendar(
    visitor: Reader,
    day: str = "",
    view: str = "day",
    staff: str = "",
    *,
    done: GetDone,
) -> HTMLResponse:
    looking = looking_of(visitor)
    today = looking.now.astimezone(visitor.salon.zone).date()
    chosen = day_of(day)
    asked = Asked(chosen or today, view if view in VIEWS else "day", id_of(staff))
    async with visitor.transaction() as tx:
        book = await agenda.between(tx, *_reach(asked, visitor), asked.staff)
        whose = _whose(book, asked)
        if asked.view == "week" and asked.staff is None and whose:
            asked = replace(asked, staff=whose[0].id)
        news = await news_of(tx, done, visitor)
        closed = await _closed(tx, book, whose, asked, looking) if asked.view == "day" else None
    wanted = [Wanted(one, day) for day in asked.days for one in whose]
    columns = columns_of(book, wanted, looking)
    mine = [row["status"] for row in book.slots if row["staff_id"] in {one.id for one in whose}]
    return visitor.page(
        "salon_calendar.html",
        "calendar",
        status=422 if day and chosen is None else 200,
        asked=asked,
        heading=_heading(asked, looking),
        closed=closed,
        step={
            "before": asked.on(asked.days[0] - DAY if asked.view == "day" else asked.day - 7 * DAY),
            "today": asked.on(today),
            "after": asked.on(asked.day + (DAY if asked.view == "day" else 7 * DAY)),
        },
        is_today=today in asked.days,
        views={
            "day": replace(asked, view="day", staff=None).address,
            "week": replace(asked, view="week").address,
        },
        people=[(one.id, one.name) for one in book.people],
        columns=[one | _title(one, asked, looking, today) for one in columns],
        appointments=sum(one["appointments"] for one in columns),
        open_slots=mine.count("open"),
        held_slots=mine.count("held"),
        may_write=looking.may_write,
        zone=visitor.salon.timezone,
        problem=looking.words("calendar.problem.day_unknown") if day and chosen is None else "",
        typed_day=day if day and chosen is None else asked.day.isoformat(),
        news=news,
    )


def looking_of(visitor: Visitor) -> Looking:
    return Looking(
        visitor.web.clock(),
        visitor.formats,
        visitor.words,
        Permission.WRITE_BOOK in visitor.permissions,
    )


def day_with(when: datetime, visitor: Visitor) -> str:
    """The address of the day in which a moment lies."""
    return Asked(when.astimezone(visitor.salon.zone).date()).address


def _reach(asked: Asked, visitor: Visitor) -> timeline.Stretch:
    zone = visitor.salon.zone
    return timeline.at(asked.days[0], 0, zone), timeline.at(asked.days[-1], 1440, zone)


def _whose(book: Agenda, asked: Asked) -> list[Colleague]:
    """Whose columns are shown: the one who is asked for, if there is one; of a week one alone."""
    chosen = [one for one in book.people if one.id == asked.staff]
    whose = chosen or list(book.people)
    return whose[:1] if asked.view == "week" else whose


async def _closed(
    tx: Tx, book: Agenda, whose: list[Colleague], asked: Asked, looking: Looking
) -> dict[str, str] | None:
    """What is said of a day on which nobody works, and where the next one is; None: somebody does."""
    zone, words, formats = looking.formats.zone, looking.words, looking.formats
    closed = why_closed(asked.day, whose, book.week, book.absences, zone)
    if closed is None:
        return None
    later = timeline.at(asked.day, 1440, zone), timeline.at(asked.day + LOOK_AHEAD * DAY, 1440, zone)
    day = next_worked(asked.day, whose, await agenda.absences(tx, *later, asked.staff), zone)
    return {
        "title": words(f"calendar.closed.{closed.why}"),
        "text": closed.reason or words(f"calendar.closed.{closed.why}.text"),
        "next": words("calendar.closed.next", day=formats.date(noon(day, formats))) if day else "",
        "to": asked.on(day) if day else "",
    }


def _heading(asked: Asked, looking: Looking) -> str:
    formats, today = looking.formats, looking.now.astimezone(looking.formats.zone).date()
    first, last = (noon(day, formats) for day in (asked.days[0], asked.days[-1]))
    year = "" if asked.day.year == today.year else f" {asked.day.year}"
    if asked.view == "day":
        return f"{formats.date(first)}{year}"
    return f"{formats.date(first, short=True)} – {formats.date(last, short=True)}{year}"


def _title(column: dict[str, Any], asked: Asked, looking: Looking, today: date) -> dict[str, Any]:
    """What stands above a column, and where it leads: a person to their week, a day of somebody's to everybody's."""
    if asked.view == "week":
        day = column["day"]
        return {
            "title": looking.formats.date(noon(day, looking.formats), short=True),
            "to": Asked(day).address,
            "is_today": day == today,
        }
    return {
        "title": column["name"],
        "to": Asked(asked.day, "week", column["staff"]).address,
        "is_today": False,
    }
