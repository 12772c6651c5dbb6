"""/app/calendars: calendars elsewhere that say when staff are busy, and feeds that show appointments there. No scripts.

Somebody's consent at Google is a link that they open: a form may not lead to another site.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.calendars import feed_links, feeds, google_connect, links
from standby.calendars.google_connect import PRIMARY
from standby.errors import (
    CalendarNotFound,
    CalendarToReconnect,
    FeedNotFound,
    GoogleNotSetUp,
    Invalid,
    TooManyCalendars,
)
from standby.tenants import catalog
from standby.web.dashboard.back import back
from standby.web.dashboard.typed import Form
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import id_of

router = APIRouter(prefix="/app/calendars", include_in_schema=False)

DONE: Final = ("linked", "read", "unlinked", "ended", "reconnect")
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_CALENDARS)]
Changer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_CALENDARS)]


@router.api_route("", methods=["GET", "HEAD"])
async def show_calendars(visitor: Reader, said: str = "") -> HTMLResponse:
    return await _page(visitor, said=said if said in DONE else "")


@router.post("/ical")
async def link_feed(visitor: Changer, request: Request) -> Response:
    """The same address again is read anew."""
    form, web = Form.sent("ical", await request.form(), visitor.words), visitor.web
    try:
        async with visitor.transaction() as tx:
            await feed_links.link(tx, _staff(form), form["url"], seal=web.calendars.seal, now=web.clock())
    except Invalid as invalid:
        for one in invalid.problems:
            form.wrong(one.field, f"calendars.problem.{one.field}")
        return await _page(visitor, form=form, status=422)
    except TooManyCalendars:
        form.wrong("url", "calendars.problem.many")
        return await _page(visitor, form=form, status=409)
    return back("calendars", "linked")


@router.post("/google")
async def connect_google(visitor: Changer, request: Request) -> Response:
    form, web = Form.sent("google", await request.form(), visitor.words), visitor.web
    try:
        async with visitor.transaction() as tx:
            consent = await google_connect.begin(tx, web.calendars, _staff(form), PRIMARY, now=web.clock())
    except GoogleNotSetUp:
        return back("calendars")
    except Invalid:
        form.wrong("staff_id", "calendars.problem.staff_id")
        return await _page(visitor, form=form, status=422)
    except TooManyCalendars:
        form.wrong("staff_id", "calendars.problem.many")
        return await _page(visitor, form=form, status=409)
    return await _page(visitor, form=form, consent=consent)


@router.post("/feeds")
async def make_feed(visitor: Changer, request: Request) -> Response:
    """The address stands in this answer alone; an earlier one of the same feed ends."""
    form, web = Form.sent("feed", await request.form(), visitor.words), visitor.web
    staff_id = form.one_or_all("staff_id", "calendars.problem.staff_id")
    if form.problems:
        return await _page(visitor, form=form, status=422)
    try:
        async with visitor.transaction() as tx:
            _, token = await feeds.make(tx, staff_id, contacts=form["contacts"] == "on", now=web.clock())
    except Invalid:
        form.wrong("staff_id", "calendars.problem.staff_id")
        return await _page(visitor, form=form, status=422)
    return await _page(visitor, made=f"{web.public_url}/calendars/{token}.ics")


@router.post("/feeds/{feed_id}/end")
async def end_feed(visitor: Changer, feed_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            await feeds.end(tx, feed_id)
    except FeedNotFound:  # Somebody was faster.
        return back("calendars")
    return back("calendars", "ended")


@router.post("/{calendar_id}/read")
async def read_now(visitor: Changer, calendar_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            await links.read_soon(tx, calendar_id, now=visitor.web.clock())
    except CalendarNotFound:
        return back("calendars")
    except CalendarToReconnect:
        return back("calendars", "reconnect")
    return back("calendars", "read")


@router.post("/{calendar_id}/unlink")
async def unlink(visitor: Changer, calendar_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            await links.remove(tx, calendar_id)
    except CalendarNotFound:
        return back("calendars")
    return back("calendars", "unlinked")


def _staff(form: Form) -> UUID:
    """Whose calendar it is; nobody's, if none of ours was chosen."""
    return id_of(form["staff_id"]) or UUID(int=0)


async def _page(
    visitor: Visitor,
    *,
    said: str = "",
    made: str = "",
    consent: str = "",
    form: Form | None = None,
    status: int = 200,
) -> HTMLResponse:
    words = visitor.words
    async with visitor.transaction() as tx:
        linked = [_shown(dict(row), visitor) for row in await links.listed(tx)]
        ours = await feeds.all_of(tx)
        people = [(str(row["id"]), row["name"]) for row in await catalog.staff(tx)]
    named = dict(people)
    return visitor.page(
        "calendars.html",
        "calendars",
        status=status,
        linked=linked,
        feeds=[
            {
                "id": one.id,
                "whose": named.get(str(one.staff_id), words("calendars.salon")),
                "told": words(f"calendars.feed.{'contacts' if one.contacts else 'names'}"),
                "since": visitor.moment(one.created_at),
            }
            for one in ours
        ],
        people=people,
        forms={
            key: form if form and form.key == key else Form(key, words, {})
            for key in ("ical", "google", "feed")
        },
        google=visitor.web.calendars.google is not None,
        consent=consent,
        made=made,
        may_change=Permission.WRITE_CALENDARS in visitor.permissions,
        said=said,
    )


def _shown(row: Mapping[str, Any], visitor: Visitor) -> dict[str, Any]:
    words = visitor.words
    read = row["read_at"]
    told = [words("calendars.read", when=visitor.moment(read)) if read else words("calendars.unread")]
    if row["pending_writes"]:
        told.append(words("calendars.pending", count=str(row["pending_writes"])))
    return {
        "id": row["id"],
        "staff": row["staff_name"],
        "kind": words(f"calendars.kind.{row['kind']}"),
        "address": row["address"],
        "state": row["state"],
        "failure": row["failure"] if row["state"] != "active" else row["write_failure"],
        "told": " · ".join(told),
    }
