"""/app/hours: when the salon is open, and when it, or one staff member, is away. Managers change it; no scripts."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.database.pool import Tx, new_id
from standby.errors import ClosureNotFound, Invalid, KeyUsedBefore
from standby.tenants import catalog, closures
from standby.tenants.names import is_plain
from standby.web.dashboard import weeks
from standby.web.dashboard.back import back
from standby.web.dashboard.news import News, may_close
from standby.web.dashboard.typed import NEW, Form
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import id_of

router = APIRouter(prefix="/app/hours", include_in_schema=False)

DONE: Final = ("week", "closed", "opened")
WEEK: Final = "week"
LONGEST_REASON: Final = 500
DAY: Final = timedelta(days=1)
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_SALON)]
Changer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_SALON)]


@router.api_route("", methods=["GET", "HEAD"])
async def show_hours(visitor: Reader, said: str = "", closed: str = "") -> HTMLResponse:
    """`closed`: the closure whose appointments are listed."""
    return await _page(visitor, said=said if said in DONE else "", closed=id_of(closed))


@router.post("/week")
async def set_week(visitor: Changer, request: Request) -> Response:
    """No times at all: the salon is open always."""
    form = Form.sent(WEEK, await request.form(), visitor.words)
    week = weeks.read(form)
    if form.problems:
        return await _page(visitor, form=form, status=422)
    async with visitor.transaction() as tx:
        await catalog.set_hours(tx, week)
    return back("hours", "week")


@router.post("/closures")
async def close(visitor: Changer, request: Request) -> Response:
    """Without times it lasts from the first day's beginning to the last day's end.

    The same `form` closes one stretch; changed meanwhile, it is told that it did.
    """
    form = Form.sent(NEW, await request.form(), visitor.words)
    starts_at, ends_at = _begin(form, visitor), _end(form, visitor)
    if len(form["reason"]) > LONGEST_REASON or not is_plain(form["reason"]):
        form.wrong("reason", "hours.problem.reason")
    wanted = form.one_or_all("staff", "hours.problem.staff")
    closure_id = id_of(form["form"]) or new_id()
    if not form.problems:
        try:
            async with visitor.transaction() as tx:
                await closures.add(
                    tx,
                    wanted,
                    starts_at,
                    ends_at,
                    form["reason"] or "closed",
                    now=visitor.web.clock(),
                    closure_id=closure_id,
                )
        except Invalid as invalid:
            for one in invalid.problems:
                past = one.code == "in_the_past"
                field = {"ends_at": "last", "staff_id": "staff"}[one.field]
                form.wrong(field, f"hours.problem.{'past' if past else field}")
        except KeyUsedBefore:
            form = replace(form, typed={**form.typed, "form": str(new_id())})
            form.wrong("form", "hours.problem.done_before")
            return await _page(visitor, form=form, status=409)
    if form.problems:
        return await _page(visitor, form=form, status=422)
    return back("hours", "closed", closed=str(closure_id))


@router.post("/closures/{closure_id}/open")
async def reopen(visitor: Changer, closure_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            await closures.remove(tx, closure_id)
    except ClosureNotFound:  # Somebody was faster.
        return back("hours")
    return back("hours", "opened", closed=str(closure_id))


@router.post("/closures/{closure_id}/put-back")
async def put_back(visitor: Changer, closure_id: UUID) -> Response:
    """Undoes that it was opened."""
    try:
        async with visitor.transaction() as tx:
            if (row := await closures.removed(tx, closure_id)) is not None:
                await closures.put_back(tx, row, now=visitor.web.clock())
    except Invalid:  # Its time is over.
        return back("hours")
    return back("hours", "closed", closed=str(closure_id))


def _begin(form: Form, visitor: Visitor) -> datetime:
    minute = form.minute("from") if form["from"] else 0
    return datetime.combine(form.day("first"), time(), visitor.salon.zone) + timedelta(minutes=minute)


def _end(form: Form, visitor: Visitor) -> datetime:
    minute = form.minute("until") if form["until"] else 1440
    return datetime.combine(form.day("last"), time(), visitor.salon.zone) + timedelta(minutes=minute)


async def _page(
    visitor: Visitor,
    *,
    said: str = "",
    closed: UUID | None = None,
    form: Form | None = None,
    status: int = 200,
) -> HTMLResponse:
    words, locale = visitor.words, visitor.formats.locale
    async with visitor.transaction() as tx:
        week, staff = await catalog.hours(tx), await catalog.staff(tx)
        coming = await closures.ending_after(tx, visitor.web.clock())
        chosen = next((dict(row) for row in coming if row["id"] == closed), None)
        affected = await _affected(tx, chosen, visitor) if chosen else []
        news = await _news(tx, said, closed, visitor)
    hours = Form(WEEK, words, weeks.typed_as(week or weeks.USUAL))
    hours = form if form is not None and form.key == WEEK else hours
    return visitor.page(
        "hours.html",
        "hours",
        status=status,
        hours=hours,
        days=weeks.fields_for(hours, locale),
        told=weeks.told(week, locale, words),
        closures=[
            {
                "id": row["id"],
                "who": row["staff_name"] or words("hours.everybody"),
                "when": _told(row["starts_at"], row["ends_at"], visitor),
                "reason": row["reason"],
                "chosen": row["id"] == closed,
            }
            for row in coming
        ],
        affected=affected,
        looked=chosen is not None,
        new=form if form is not None and form.key == NEW else Form(NEW, words, {"form": str(new_id())}),
        people=[("", words("hours.everybody")), *((str(row["id"]), row["name"]) for row in staff)],
        may_change=Permission.WRITE_SALON in visitor.permissions,
        news=news,
    )


async def _news(tx: Tx, said: str, closure_id: UUID | None, visitor: Visitor) -> News | None:
    """What was done, with the way back of a time that was opened."""
    if not said:
        return None
    told = visitor.words(f"hours.said.{said}")
    gone = await closures.removed(tx, closure_id) if said == "opened" and closure_id else None
    if gone is None or gone["ends_at"] <= visitor.web.clock() or not may_close(gone, visitor):
        return News(told)
    return News(told, undo=f"/app/hours/closures/{closure_id}/put-back")


async def _affected(tx: Tx, closure: dict[str, Any], visitor: Visitor) -> list[dict[str, str]]:
    """The appointments that lie in a closure."""
    rows = await closures.bookings_within(tx, closure["staff_id"], closure["starts_at"], closure["ends_at"])
    return [
        {
            "when": visitor.moment(row["starts_at"]),
            "customer": row["customer_name"],
            "staff": row["staff_name"],
        }
        for row in rows
    ]


def _told(starts_at: datetime, ends_at: datetime, visitor: Visitor) -> str:
    """Thu 24 Dec – Sat 26 Dec, or with times where it doesn't last for whole days."""
    formats, zone = visitor.formats, visitor.salon.zone
    if starts_at.astimezone(zone).time() == ends_at.astimezone(zone).time() == time():
        first, last = formats.date(starts_at, short=True), formats.date(ends_at - DAY / 2, short=True)
        return first if first == last else f"{first} – {last}"
    if formats.days_ahead(ends_at, starts_at) == 0:
        return f"{formats.date(starts_at, short=True)} {formats.times(starts_at, ends_at)}"
    return f"{visitor.moment(starts_at)} – {visitor.moment(ends_at)}"
