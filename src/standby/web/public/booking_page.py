"""A customer's page of their own booking: say that they come, move it, cancel it. GET changes nothing.

There is no login: the link in the booking's messages is signed and says which one is meant. What may still be done, and
until when, are the salon's limits; they are asked again when it is done.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta
from http import HTTPStatus
from itertools import groupby
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.bookings import bookings, managing
from standby.bookings.managing import CUSTOMER, DAYS_SHOWN, Managed
from standby.calendars import ical
from standby.calendars.ical import Appointment
from standby.errors import Conflict, Invalid, OutsideBusinessHours, SlotTaken
from standby.formats import formats_for
from standby.signed_links import BOOKING, Linked, read_token
from standby.tenants.scope import tenant_transaction
from standby.web import colours
from standby.web.context import GetWeb, Web
from standby.web.limits import LIMITED
from standby.web.pages import render
from standby.web.public.calendar_feed import CONTENT_TYPE
from standby.web.public.days import day_of
from standby.web.public.reader import Reading, reading_of
from standby.web.reading import moment_of
from standby.web.words import words_accepted, words_for

router = APIRouter(include_in_schema=False)

LONGEST_AHEAD: Final = timedelta(days=366)
REFUSED: Final = {"taken": HTTPStatus.CONFLICT, "nothing": HTTPStatus.UNPROCESSABLE_ENTITY}
WHY: Final = "cancelled by the customer"
LONGEST_WHY: Final = 200


@router.api_route("/b/{token}", methods=["GET", "HEAD"])
async def show(request: Request, token: str, web: GetWeb, moved: str = "") -> HTMLResponse:
    if (linked := read_token(web.accounts.keys, token, BOOKING)) is None:
        return _unknown(request)
    booking = await _booking(web, linked)
    return _page(request, web, "booking.html", booking, token=token, moved=bool(moved))


@router.api_route("/b/{token}/cancel", methods=["GET", "HEAD"])
async def ask(request: Request, token: str, web: GetWeb) -> Response:
    if (linked := read_token(web.accounts.keys, token, BOOKING)) is None:
        return _unknown(request)
    booking = await _booking(web, linked)
    if not booking.may_cancel:
        return _back_to(token)
    return _page(request, web, "booking_cancel.html", booking, token=token)


@router.get("/b/{token}/calendar.ics")
async def in_calendar(request: Request, token: str, web: GetWeb) -> Response:
    """The appointment as a file. It is the same event as the one that mails and feeds tell of."""
    if (linked := read_token(web.accounts.keys, token, BOOKING)) is None:
        return _unknown(request)
    booking = await _booking(web, linked)
    appointment = Appointment(
        tenant_id=linked.tenant_id,
        booking_id=booking.id,
        sequence=booking.sequence,
        cancelled=booking.state == "cancelled",
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        changed_at=booking.changed_at,
        summary=f"{booking.service_name}, {booking.salon_name}",
        location=booking.salon_name,
        description=words_for(booking.locale)("with", staff=booking.staff_name),
        url=f"{web.public_url}/b/{token}",
    )
    headers = {
        "Content-Type": CONTENT_TYPE,
        "Content-Disposition": f'attachment; filename="{booking.slug}.ics"',
    }
    return Response(ical.single(appointment), headers=headers)


@router.get("/b/{token}/confirm")
async def shown_again(token: str) -> Response:
    """Where a browser ends up that loads the page of an answer again: it sees what became of the answer."""
    return _back_to(token)


@router.post("/b/{token}/confirm", dependencies=[LIMITED])
async def confirm(request: Request, token: str, web: GetWeb) -> Response:
    if (linked := read_token(web.accounts.keys, token, BOOKING)) is None:
        return _unknown(request)
    with suppress(Conflict):  # Cancelled at the same moment: its page says what holds.
        async with tenant_transaction(web.pool, linked.tenant_id) as tx:
            if (await managing.show(tx, linked.id, now=web.clock())).state == "coming":
                await bookings.confirm(tx, linked.id, now=web.clock(), actor=CUSTOMER)
    return _back_to(token)


@router.post("/b/{token}/cancel", dependencies=[LIMITED])
async def cancel(request: Request, token: str, web: GetWeb, why: Annotated[str, Form()] = "") -> Response:
    if (linked := read_token(web.accounts.keys, token, BOOKING)) is None:
        return _unknown(request)
    with suppress(Conflict):  # Tapped twice.
        async with tenant_transaction(web.pool, linked.tenant_id) as tx:
            if (await managing.show(tx, linked.id, now=web.clock())).may_cancel:
                await bookings.cancel(
                    tx, linked.id, now=web.clock(), reason=_plain(why) or WHY, actor=CUSTOMER, by="customer"
                )
    return _back_to(token)


@router.api_route("/b/{token}/move", methods=["GET", "HEAD"])
async def choose(
    request: Request,
    token: str,
    web: GetWeb,
    first: Annotated[str, Query(alias="from")] = "",
    whom: Annotated[str, Query(alias="with")] = "",
) -> Response:
    if (linked := read_token(web.accounts.keys, token, BOOKING)) is None:
        return _unknown(request)
    return await _times(request, web, token, linked, first, anyone=bool(whom))


@router.post("/b/{token}/move", dependencies=[LIMITED])
async def move(
    request: Request,
    token: str,
    web: GetWeb,
    starts_at: Annotated[str, Form()] = "",
    first: Annotated[str, Form(alias="from")] = "",
    whom: Annotated[str, Form(alias="with")] = "",
) -> Response:
    if (linked := read_token(web.accounts.keys, token, BOOKING)) is None:
        return _unknown(request)
    anyone = bool(whom)
    at = moment_of(starts_at)
    if at is None:
        return await _times(request, web, token, linked, first, anyone=anyone, problem="nothing")
    try:
        async with tenant_transaction(web.pool, linked.tenant_id) as tx:
            booking = await managing.show(tx, linked.id, now=web.clock())
            if booking.may_move:
                await managing.move(tx, booking, at, anyone=anyone, now=web.clock())
    except (SlotTaken, OutsideBusinessHours, Invalid):
        return await _times(request, web, token, linked, first, anyone=anyone, problem="taken")
    except Conflict:  # It was changed, or became too late, at the same moment: its page says what holds.
        return _back_to(token)
    return _back_to(token, "?moved=1" if booking.may_move else "")


async def _times(
    request: Request, web: Web, token: str, linked: Linked, first: str, *, anyone: bool, problem: str = ""
) -> Response:
    now = web.clock()
    async with tenant_transaction(web.pool, linked.tenant_id) as tx:
        booking = await managing.show(tx, linked.id, now=now)
        if not booking.may_move:
            return _back_to(token)
        today = now.astimezone(booking.zone).date()
        last = today + LONGEST_AHEAD
        begin = min(max(_date(first) or today, today), last)
        free = await managing.times_for(tx, booking, begin, anyone=anyone, now=now)
    words = reading_of(request, booking.locale).words
    formats = formats_for(words.language, booking.timezone)
    days = [
        (day_of(words, formats, times[0], now), [(time.isoformat(), formats.time(time)) for time in times])
        for _, group in groupby(
            (one.starts_at for one in free if one.starts_at != booking.starts_at),
            key=lambda at: at.astimezone(booking.zone).date(),
        )
        if (times := list(group))
    ]
    step = timedelta(days=DAYS_SHOWN)
    return _page(
        request,
        web,
        "booking_move.html",
        booking,
        status=REFUSED.get(problem, HTTPStatus.OK),
        token=token,
        anyone=anyone,
        problem=problem,
        days=days,
        first=begin.isoformat(),
        earlier=max(begin - step, today).isoformat() if begin > today else "",
        later=(begin + step).isoformat() if begin + step <= last else "",
    )


async def _booking(web: Web, linked: Linked) -> Managed:
    async with tenant_transaction(web.pool, linked.tenant_id) as tx:
        return await managing.show(tx, linked.id, now=web.clock())


def _page(
    request: Request,
    web: Web,
    template: str,
    booking: Managed,
    *,
    status: int = HTTPStatus.OK,
    **context: Any,
) -> HTMLResponse:
    reading = reading_of(request, booking.locale)
    facts = _facts(booking, web.clock(), reading)
    page = render(template, status=status, reading=reading, **facts, **context)
    reading.keep(page, secure=web.public_url.startswith("https://"))
    return page


def _facts(booking: Managed, now: datetime, reading: Reading) -> dict[str, Any]:
    """All that the templates need, written for people."""
    words = reading.words
    formats = formats_for(words.language, booking.timezone)
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    return {
        "words": words,
        "state": booking.state,
        "said_yes": booking.said_yes,
        "may_cancel": booking.may_cancel,
        "may_move": booking.may_move,
        "cancelled_by": booking.cancelled_by or "salon",
        "until": formats.moment(booking.until, now),
        "salon": booking.salon_name,
        "home": f"/{booking.slug}",
        "colours": colours.url(booking.slug, booking.accent),
        "name": booking.customer_name.split()[0],
        "service": booking.service_name,
        "staff": booking.staff_name,
        "day": day_of(words, formats, booking.starts_at, now),
        "starts_at": booking.starts_at,
        "times": formats.times(booking.starts_at, booking.ends_at),
        "duration": formats.duration(minutes),
        "price": None if booking.price is None else formats.price(booking.price, booking.currency),
    }


def _plain(why: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in why).split())[:LONGEST_WHY]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _back_to(token: str, query: str = "") -> RedirectResponse:
    return RedirectResponse(f"/b/{quote(token, safe='')}{query}", status_code=303)


def _unknown(request: Request) -> HTMLResponse:
    words = words_accepted(request.headers.get("accept-language", ""))
    return render("trouble.html", status=404, words=words, kind="unknown")
