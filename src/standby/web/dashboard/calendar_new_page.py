"""/app/calendar/new: an appointment, a time for the waitlist, or a time that is blocked. Each form does it once."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from standby.accounts.permissions import Permission
from standby.bookings import bookings
from standby.database.pool import Tx, new_id
from standby.errors import Conflict, CustomerNotFound, FieldProblem, Invalid, KeyUsedBefore
from standby.formats import phone_number
from standby.tenants import catalog, closures, customers, names
from standby.tenants.customers import Person
from standby.waitlist import slots
from standby.web.dashboard.calendar_fields import HERE, Reading, done_before, keep_done
from standby.web.dashboard.calendar_page import Writer, day_with
from standby.web.dashboard.visitor import Visitor
from standby.web.reading import id_of, moment_of

router = APIRouter(prefix=f"{HERE}/new", include_in_schema=False)

KINDS: Final = ("booking", "slot", "closure")
LONGEST_WHY: Final = 200
HOUR: Final = timedelta(hours=1)
WHOLE_SALON: Final = "salon"


class New(BaseModel):
    """All that the three forms ask for. `do`: find somebody, or take over who was found (their id).

    `form` is its own id, by which it is done once.
    """

    day: str = ""
    time: str = ""
    until_day: str = ""
    until: str = ""
    minutes: str = ""
    staff: str = ""
    service: str = ""
    find: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    why: str = ""
    notify: str = ""
    form: str = ""
    do: str = ""
    instead_of: str = ""  # the name that the salon has for this number, once its reader was told


@router.api_route("", methods=["GET", "HEAD"])
async def show_form(
    visitor: Writer, kind: str = "", day: str = "", time: str = "", at: str = "", staff: str = ""
) -> HTMLResponse:
    """`at`: a moment; or `day` and `time` of the salon's clock; without a time the next full hour, or nine."""
    zone, now = visitor.salon.zone, visitor.web.clock()
    moment = moment_of(at)
    if moment is None:
        today = now.astimezone(zone)
        same = day in ("", today.date().isoformat())
        hour = f"{(today + HOUR).replace(minute=0):%H:%M}" if same else "09:00"
        typed = {"day": day or today.date().isoformat(), "time": time or hour}
    else:
        local = moment.astimezone(zone)
        typed = {"day": local.date().isoformat(), "time": f"{local:%H:%M}"}
    typed |= {"staff": staff, "notify": "1", "form": str(new_id())}
    return await _page(visitor, kind if kind in KINDS else "booking", typed)


@router.post("/booking")
async def book(visitor: Writer, typed: Annotated[New, Form()]) -> Response:
    if typed.do == "find" or (typed.find.strip() and not typed.name.strip() and not typed.do):
        return await _page(visitor, "booking", typed.model_dump(), found=True)
    if typed.do:
        return await _page(visitor, "booking", await _with_customer(visitor, typed))
    reading = Reading(visitor.words, visitor.salon.zone)
    now, person = visitor.web.clock(), Person(typed.name, typed.phone, typed.email.strip() or None)
    async with visitor.transaction() as tx:
        starts_at, staff_id, service_id = await _wanted(tx, reading, typed)
        country = await customers.country(tx)
        known_as = await customers.other_name(tx, person)
    if known_as not in ("", typed.instead_of):
        reading.stands_against("other_name", "name", known=known_as, name=typed.name.strip())
    if not (starts_at and staff_id and service_id) or reading.problems:
        reading.add(customers.checked(person, default_country=country)[1])
        return await _page(visitor, "booking", typed.model_dump() | {"instead_of": known_as}, reading)
    try:
        async with visitor.transaction() as tx:
            if (done := await _done(tx, "booking", typed, now=now)) is not None:
                return RedirectResponse(done, status_code=303)
            booking_id = await bookings.create(
                tx,
                person,
                staff_id,
                service_id,
                starts_at,
                now=now,
                actor=visitor.session.actor,
                notify=bool(typed.notify),
            )
            address = _day_of(starts_at, visitor, "booked", booking=booking_id)
            await keep_done(tx, typed.form, address)
    except (Invalid, Conflict) as refused:
        reading.add(customers.checked(person, default_country=country)[1])
        return await _refused(visitor, "booking", typed, reading, refused)
    return RedirectResponse(address, status_code=303)


@router.post("/slot")
async def offer(visitor: Writer, typed: Annotated[New, Form()]) -> Response:
    """Opens a slot: the answer leads to who is asked."""
    reading, now = Reading(visitor.words, visitor.salon.zone), visitor.web.clock()
    async with visitor.transaction() as tx:
        starts_at, staff_id, service_id = await _wanted(tx, reading, typed)
    length = reading.minutes(typed.minutes) if typed.minutes.strip() else None
    if not (starts_at and staff_id and service_id) or reading.problems:
        return await _page(visitor, "slot", typed.model_dump(), reading)
    try:
        async with visitor.transaction() as tx:
            if (done := await _done(tx, "slot", typed, now=now)) is not None:
                return RedirectResponse(done, status_code=303)
            opening = await slots.create(
                tx,
                staff_id,
                service_id,
                starts_at,
                starts_at + length if length else None,
                now=now,
                actor=visitor.session.actor,
            )
            address = f"{HERE}/slots/{opening.slot_id}?said=opened"
            await keep_done(tx, typed.form, address)
    except (Invalid, Conflict) as refused:
        return await _refused(visitor, "slot", typed, reading, refused)
    return RedirectResponse(address, status_code=303)


@router.post("/closure")
async def block(visitor: Writer, typed: Annotated[New, Form()]) -> Response:
    """Blocks a time of one staff member's, or, by whoever may close it, of the whole salon."""
    reading, now = Reading(visitor.words, visitor.salon.zone), visitor.web.clock()
    async with visitor.transaction() as tx:
        people = [row["id"] for row in await catalog.staff(tx)]
    whole = typed.staff == WHOLE_SALON and Permission.WRITE_SALON in visitor.permissions
    staff_id = None if whole else reading.choice("staff_id", typed.staff, people)
    starts_at = reading.moment(typed.day, typed.time)
    ends_at = reading.moment(typed.until_day or typed.day, typed.until, at=("until_day", "until"))
    why = typed.why.strip()
    if len(why) > LONGEST_WHY or not names.is_plain(why):
        reading.add([FieldProblem("reason", "is too long")])
    if starts_at is None or ends_at is None or reading.problems:
        return await _page(visitor, "closure", typed.model_dump(), reading)
    try:
        async with visitor.transaction() as tx:
            if (done := await _done(tx, "closure", typed, now=now)) is not None:
                return RedirectResponse(done, status_code=303)
            closure_id = await closures.add(tx, staff_id, starts_at, ends_at, why or "closed", now=now)
            address = _day_of(starts_at, visitor, "blocked", closure=closure_id)
            await keep_done(tx, typed.form, address)
    except (Invalid, Conflict) as refused:
        return await _refused(visitor, "closure", typed, reading, refused)
    return RedirectResponse(address, status_code=303)


async def _done(tx: Tx, kind: str, typed: New, *, now: datetime) -> str | None:
    """Where it led, if the same was done by this form before. Raises KeyUsedBefore."""
    fields = typed.model_dump(exclude={"form", "do", "find", "instead_of"})
    return await done_before(tx, typed.form, kind, fields, now=now)


async def _refused(
    visitor: Visitor, kind: str, typed: New, reading: Reading, error: Invalid | Conflict
) -> HTMLResponse:
    """The form with what stands against it; sent again after it did something else, it does this too."""
    reading.refused(error)
    fresh = {"form": str(new_id())} if isinstance(error, KeyUsedBefore) else {}
    return await _page(visitor, kind, typed.model_dump() | fresh, reading)


async def _wanted(tx: Tx, reading: Reading, typed: New) -> tuple[datetime | None, UUID | None, UUID | None]:
    """When, with whom and what, as far as it can be read."""
    return (
        reading.moment(typed.day, typed.time),
        reading.choice("staff_id", typed.staff, [row["id"] for row in await catalog.staff(tx)]),
        reading.choice("service_id", typed.service, [row["id"] for row in await catalog.services(tx)]),
    )


async def _with_customer(visitor: Visitor, typed: New) -> dict[str, str]:
    """What was typed, with the customer who was chosen."""
    chosen = id_of(typed.do)
    if chosen is None:
        return typed.model_dump()
    try:
        async with visitor.transaction() as tx:
            person = await customers.find(tx, chosen)
    except CustomerNotFound:
        return typed.model_dump()
    return typed.model_dump() | {
        "find": "",
        "name": person.name,
        "phone": phone_number(person.phone) if person.phone else "",
        "email": person.email or "",
    }


def _day_of(starts_at: datetime, visitor: Visitor, said: str, **made: UUID) -> str:
    return f"{day_with(starts_at, visitor)}&{urlencode({'said': said} | made)}"


async def _page(
    visitor: Visitor,
    kind: str,
    typed: dict[str, str],
    reading: Reading | None = None,
    *,
    found: bool = False,
) -> HTMLResponse:
    async with visitor.transaction() as tx:
        people = [row for row in await catalog.staff(tx) if row["active"]]
        services = [row for row in await catalog.services(tx) if row["active"]]
        matches = await customers.search(tx, typed["find"]) if found else []
    blank: dict[str, Any] = dict.fromkeys(New.model_fields, "")
    return visitor.page(
        "salon_new.html",
        "calendar",
        status=reading.status if reading else 200,
        kind=kind,
        kinds=[(one, f"{HERE}/new?{_same(one, typed)}") for one in KINDS],
        typed=blank | typed,
        people=[(str(row["id"]), row["name"]) for row in people],
        services=[
            (str(row["id"]), f"{row['name']} ({visitor.formats.duration(row['duration_minutes'])})")
            for row in services
        ],
        found=found,
        matches=[dict(row) | {"phone": phone_number(row["phone"])} for row in matches],
        problems=reading.problems if reading else {},
        may_close=Permission.WRITE_SALON in visitor.permissions,
        back=f"{HERE}?{urlencode({'day': typed['day']})}" if typed.get("day") else HERE,
    )


def _same(kind: str, typed: dict[str, str]) -> str:
    """The same day and staff member, for another kind."""
    return urlencode(
        {"kind": kind} | {name: typed[name] for name in ("day", "time", "staff") if typed.get(name)}
    )
