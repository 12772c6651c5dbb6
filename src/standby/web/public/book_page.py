"""A customer books: who they are, the words that they agree to, a code to their number, and the ticket.

GET shows and changes nothing. What a POST does leads to a page that can be loaded again; what it can't do is answered
in place, with everything that was typed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.bookings import bookings, free_times, managing
from standby.bookings.managing import CUSTOMER
from standby.database.pool import Tx, new_id
from standby.errors import (
    BookingNotFound,
    Invalid,
    OutsideBusinessHours,
    ServiceNotFound,
    SlotTaken,
    StandbyError,
    TooManyBookings,
)
from standby.signed_links import BOOKING, Linked, read_token, token_for
from standby.tenants.vouching import Done, Failed
from standby.web.public import vouched
from standby.web.public.days import day_of
from standby.web.public.guest import GetGuest, Guest
from standby.web.public.person_form import UNCHOSEN, checked_person, code_page, form_page, problems_by_field
from standby.web.public.salon_page import chosen_service, price_of, staff_for
from standby.web.public.typed import Typed, in_address, in_form
from standby.web.public.vouched import EDIT, AskCode, TooOften

router = APIRouter(prefix="/{salon}", include_in_schema=False)

TAKEN: Final = "visit.problem.taken"
OTHERS: Final = 6  # times that are shown to whose own has gone
GONE: Final = (SlotTaken, OutsideBusinessHours, ServiceNotFound)


@router.api_route("/book", methods=["GET", "HEAD"])
async def ask(request: Request, guest: GetGuest) -> Response:
    return await _form(guest, in_address(request), {})


@router.post("/book")
async def book(request: Request, guest: GetGuest) -> Response:
    typed = await in_form(request)
    if typed("step") == EDIT or guest.reading.chosen:
        return await _as_it_is(guest, typed)
    person, problems = checked_person(guest, typed)
    problems |= await _against_time(guest, typed)
    if problems or person.phone is None:
        return await _form(guest, typed, problems)

    async def act(tx: Tx) -> UUID:
        at, service_id, whom = typed.moment("at"), typed.id("service"), await _who_has(tx, guest, typed)
        if at is None or service_id is None or whom is None:
            raise SlotTaken
        return await bookings.create(tx, person, whom, service_id, at, now=guest.now, actor=CUSTOMER)

    what = " ".join(["booking", typed("service"), typed("with"), typed("at")])
    match await vouched.step(guest, typed, person.phone, "booking", what, act):
        case Done(booking_id):
            linked = Linked(guest.salon.id, booking_id)
            token = token_for(guest.web.secret, linked, BOOKING)
            return guest.go_to(f"/booked/{token}", visit=vouched.visit_to(guest, linked))
        case Failed(error, token):
            return await _form(guest, typed, _why(error), proof=token)
        case TooOften(seconds):
            return await _form(guest, typed, {"": "visit.problem.often"}, wait=seconds)
        case AskCode() as asked:
            return _code(guest, typed, asked)


@router.api_route("/booked/{token}", methods=["GET", "HEAD"])
async def show(guest: GetGuest, token: str, visit: str = "") -> Response:
    """What they booked; `visit`: they have just shown a code, and are led to their own page."""
    linked = read_token(guest.web.accounts.keys, token, BOOKING)
    if linked is None or linked.tenant_id != guest.salon.id:
        raise BookingNotFound
    async with guest.visitor.reading() as tx:
        booking = await managing.show(tx, linked.id, now=guest.now)
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    return guest.page(
        "visit_booked.html",
        name=booking.customer_name.split()[0],
        state=booking.state,
        manage=f"/b/{token}",
        mine=vouched.own_page(guest, visit, linked, booking.customer_id),
        service=booking.service_name,
        staff=booking.staff_name,
        day=day_of(guest.words, guest.formats, booking.starts_at, guest.now),
        starts_at=booking.starts_at,
        times=guest.formats.times(booking.starts_at, booking.ends_at),
        duration=guest.formats.duration(minutes),
        price=price_of(guest, booking.price),
        until=guest.formats.moment(booking.until, guest.now),
        may_cancel=booking.may_cancel,
    )


async def _as_it_is(guest: Guest, typed: Typed) -> Response:
    """The page that they are at once more, in another language, or the form before it to be changed."""
    if typed("asked") and typed("step") != EDIT:
        return _code(guest, typed, AskCode(typed.id("verification") or new_id()))
    return await _form(guest, typed, {})


async def _against_time(guest: Guest, typed: Typed) -> dict[str, str]:
    """Whether nobody can give them the time. A form that comes with its code may have booked it: that is seen later."""
    if not typed("at") and typed("lost"):
        return {"at": UNCHOSEN}
    if vouched.shows_something(typed):
        return {}
    async with guest.visitor.reading() as tx:
        return {} if await _who_has(tx, guest, typed) else {"at": TAKEN}


def _code(guest: Guest, typed: Typed, asked: AskCode) -> HTMLResponse:
    hidden = ("service", "with", "at", "name", "phone", "email", "consent")
    at = typed.moment("at")
    lead = guest.formats.moment(at, guest.now) if at else ""
    return code_page(guest, typed, asked, action=guest.address("/book"), hidden=hidden, lead=lead)


async def _form(
    guest: Guest, typed: Typed, problems: Mapping[str, str], *, proof: str = "", wait: int = 0
) -> Response:
    """The form for a time; when that has gone, with the next ones to choose from."""
    at = _at(typed)
    async with guest.visitor.reading() as tx:
        service = await chosen_service(tx, typed.id("service"))
        if service is None or at is None:
            return guest.go_to("")
        staff = {row["id"]: row["name"] for row in await staff_for(tx, service["id"])}
        whom = await _who_has(tx, guest, typed)
        wanted = typed.id("with")
        problems = {**({} if whom else {"at": TAKEN}), **problems}
        free = await _next(tx, guest, service["id"], wanted, at) if "at" in problems else []
    if not free and problems.get("at") == UNCHOSEN:
        problems["at"] = TAKEN
    over = at <= guest.now
    if over and problems.get("at") == TAKEN:
        problems["at"] = "visit.problem.over"
    return form_page(
        guest,
        "visit_book.html",
        typed,
        problems,
        proof=proof,
        wait=wait,
        lost=at.isoformat(),
        over=over,
        unchosen=problems.get("at") == UNCHOSEN,
        others=[
            {"value": one.isoformat(), "label": guest.formats.moment(one, guest.now, short=True)}
            for one in free
        ],
        times_url=guest.address("/times", service=service["id"], **{"with": wanted}),
        wait_url=guest.address("/wait", service=service["id"], **{"with": wanted}),
        service=service["name"],
        staff=staff.get(whom or wanted) or guest.words("visit.times.anyone"),
        day=day_of(guest.words, guest.formats, at, guest.now),
        starts_at=at,
        times=guest.formats.times(at, at + timedelta(minutes=service["duration_minutes"])),
        duration=guest.formats.duration(service["duration_minutes"]),
        price=price_of(guest, service["price"]),
    )


def _at(typed: Typed) -> datetime | None:
    """The time that they chose; of who is yet to choose another: the one that has gone."""
    return typed.moment("at") or typed.moment("lost")


async def _who_has(tx: Tx, guest: Guest, typed: Typed) -> UUID | None:
    """Who can give them the time that they chose; None: nobody (any more)."""
    at, service_id = _at(typed), typed.id("service")
    if at is None or service_id is None:
        return None
    try:
        return await free_times.who_has(tx, service_id, at, staff_id=typed.id("with"), now=guest.now)
    except (ServiceNotFound, Invalid):
        return None


async def _next(tx: Tx, guest: Guest, service_id: UUID, whom: UUID | None, at: datetime) -> list[datetime]:
    """The next free times after one that has gone."""
    first = max(at, guest.now).astimezone(guest.salon.zone).date()
    try:
        free = await free_times.on_days(
            tx, service_id, first, free_times.LOOK_AHEAD, staff_id=whom, now=guest.now, with_notice=True
        )
    except Invalid:
        return []
    after = [one.starts_at for one in free if one.starts_at >= at]
    return (after or [one.starts_at for one in free])[:OTHERS]


def _why(error: StandbyError) -> dict[str, str]:
    """What stands against a booking of somebody's who has shown who they are."""
    match error:
        case TooManyBookings():
            return {"": "visit.problem.many"}
        case Invalid(problems=problems):
            found = problems_by_field(problems)
            return {("at" if field == "starts_at" else field): key for field, key in found.items()}
        case _ if isinstance(error, GONE):
            return {"at": TAKEN}
        case _:
            raise error
