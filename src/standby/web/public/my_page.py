"""A customer's own page: what they wait for, their appointments, how they are reached. GET changes nothing.

There is no login: the link is signed, says who is meant and never expires. It opens all their appointments, so it is
shown only to who has just shown a code (vouched.own_page) and behind the unsubscribe link of their own mail; the pages
of an offer and of an appointment, whose links people pass on, don't lead here. Addresses are veiled; all that is known
of them, and being erased, asks for a code as well (my_data_page.py).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from standby.bookings import bookings
from standby.bookings.bookings import Filter
from standby.bookings.managing import CUSTOMER as ACTOR
from standby.errors import CustomerNotFound, EntryEnded, EntryNotFound, FieldProblem, Invalid
from standby.messages import consent
from standby.signed_links import BOOKING, CUSTOMER, Linked, read_token, token_for
from standby.tenants import customers, tenants
from standby.tenants.customers import Known
from standby.tenants.scope import Author, tenant_transaction
from standby.tenants.sign_in import Identity
from standby.waitlist import entries
from standby.waitlist.entries import Changes
from standby.waitlist.lifecycle import ACTIVE
from standby.web.api.once import WRITES
from standby.web.api.visitor import Visitor
from standby.web.client_address import client_address
from standby.web.context import GetWeb
from standby.web.limits import LIMITED
from standby.web.public import wishes
from standby.web.public.days import day_of
from standby.web.public.estimates import estimate
from standby.web.public.guest import Guest
from standby.web.public.person_form import problems_by_field
from standby.web.public.reader import reading_of
from standby.web.public.typed import in_form
from standby.web.public.wishes import FIELDS, Times

router = APIRouter(prefix="/m/{token}", include_in_schema=False)

MOST: Final = 50  # appointments shown
CHANNELS: Final = ("sms", "whatsapp", "email")
DONE: Final = frozenset({"changed", "left", "channels"})
SOURCE: Final = "own page"


@dataclass(frozen=True)
class Mine:
    """Somebody on their own page."""

    guest: Guest
    person: Known
    token: str

    def address(self, path: str = "") -> str:
        """One of their own pages."""
        return f"/m/{quote(self.token, safe='')}{path}"

    def back(self, said: str = "", *, path: str = "") -> RedirectResponse:
        """The answer to what was done."""
        return RedirectResponse(self.address(path + (f"?said={said}" if said else "")), status_code=303)

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """One of their own pages."""
        return self.guest.page(
            template, status=status, mine=self.address, name=self.person.name.split()[0], **context
        )


async def _mine(request: Request, token: str, web: GetWeb) -> Mine:
    guest, person = await guest_of(request, token, web)
    if person is None:
        raise CustomerNotFound
    return Mine(guest, person, token)


async def guest_of(request: Request, token: str, web: GetWeb) -> tuple[Guest, Known | None]:
    """Who has a link of ours to somebody's own page; None: nothing is known of them any more."""
    linked = read_token(web.accounts.keys, token, CUSTOMER)
    if linked is None:
        raise CustomerNotFound
    now, address = web.clock(), client_address(request, web.trusted_proxies)
    async with tenant_transaction(web.pool, linked.tenant_id) as tx:
        salon, person = await tenants.find(tx), None
        with suppress(CustomerNotFound):
            person = await customers.find(tx, linked.id)
    author = Author(ACTOR, now, address or None, request.state.request_id)
    visitor = Visitor(
        identity=Identity(salon.id, ACTOR, role=None),
        web=web,
        on_trial=False,
        once=None,
        author=author if request.method in WRITES else None,
        salon=salon,
        address=address,
    )
    return Guest(visitor, reading_of(request, salon.locale), now), person


GetMine = Annotated[Mine, Depends(_mine)]


@router.api_route("", methods=["GET", "HEAD"])
async def show(mine: GetMine, said: str = "") -> Response:
    guest = mine.guest
    coming = Filter(starts_from=guest.now, customer_id=mine.person.id, status="confirmed")
    async with guest.visitor.reading() as tx:
        waiting = [dict(row) for row in await entries.of_customer(tx, mine.person.id)]
        places = [await entries.place(tx, row["id"], now=guest.now) for row in waiting]
        booked = [dict(row) for row in await bookings.page(tx, coming, after=None, limit=MOST)]
    return mine.page(
        "my.html",
        said=said if said in DONE else "",
        entries=[
            _entry(guest, row) | _place(guest, place) for row, place in zip(waiting, places, strict=True)
        ],
        bookings=[_booking(guest, row) for row in booked],
        channels=[
            {"name": one, "address": veiled(one, address), "agreed": one in mine.person.channels}
            for one in CHANNELS
            if (address := mine.person.address(one))
        ],
    )


@router.api_route("/wait/{entry_id}", methods=["GET", "HEAD"])
async def choose(mine: GetMine, entry_id: UUID) -> Response:
    entry = await _their_entry(mine, entry_id)
    if entry["status"] not in ACTIVE:
        return mine.back()
    return _form(mine, entry, wishes.times_of(entry, mine.guest.salon.zone), {})


@router.post("/wait/{entry_id}", dependencies=[LIMITED])
async def change(request: Request, mine: GetMine, entry_id: UUID) -> Response:
    guest = mine.guest
    entry = await _their_entry(mine, entry_id)
    before = wishes.times_of(entry, guest.salon.zone)
    times, unread = wishes.read(await in_form(request), before)
    changes = Changes(wishes.changes_of(times, before, guest.salon.zone))
    try:
        async with guest.visitor.transaction() as tx:
            await entries.change(tx, entry_id, changes, now=guest.now, actor=ACTOR)
            if unread:
                raise Invalid([])  # What has been done so far is undone.
    except Invalid as invalid:
        return _form(mine, entry, times, _against(invalid.problems) | unread)
    except EntryEnded:  # It was booked or left at the same moment: the page says how it stands.
        return mine.back()
    return mine.back("changed")


@router.api_route("/leave/{entry_id}", methods=["GET", "HEAD"])
async def ask_leave(mine: GetMine, entry_id: UUID) -> Response:
    entry = await _their_entry(mine, entry_id)
    return (
        mine.page("my_leave.html", entry=_entry(mine.guest, entry))
        if entry["status"] in ACTIVE
        else mine.back()
    )


@router.post("/leave/{entry_id}", dependencies=[LIMITED])
async def leave(mine: GetMine, entry_id: UUID) -> Response:
    await _their_entry(mine, entry_id)
    try:
        async with mine.guest.visitor.transaction() as tx:
            await entries.leave(tx, entry_id, now=mine.guest.now, reason="left_by_customer", actor=ACTOR)
    except EntryEnded:  # Pressed twice, or booked at the same moment.
        return mine.back()
    return mine.back("left")


@router.get("/channels")
async def shown_again(mine: GetMine) -> Response:
    """Where a browser ends up that loads the page of an answer again."""
    return mine.back()


@router.post("/channels", dependencies=[LIMITED])
async def set_channel(
    mine: GetMine, channel: Annotated[str, Form()] = "", agree: Annotated[str, Form()] = ""
) -> Response:
    """Opens or closes a channel; each word of theirs is written down."""
    if channel in CHANNELS:
        tell = consent.grant if agree == "yes" else consent.withdraw
        async with mine.guest.visitor.transaction() as tx:
            await tell(tx, mine.person.id, channel, source=SOURCE, at=mine.guest.now)
    return mine.back("channels")


def _form(mine: Mine, entry: Mapping[str, Any], times: Times, problems: Mapping[str, str]) -> Response:
    guest, words = mine.guest, mine.guest.words
    return mine.page(
        "my_change.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        entry=_entry(guest, entry),
        times=wishes.shown(times, guest.formats, (words("wait.any"), words("wait.any"))),
        problems={field: words(key) for field, key in problems.items()},
        today=guest.now.astimezone(guest.salon.zone).date().isoformat(),
        last_day="2999-12-31",
    )


def _against(found: Sequence[FieldProblem]) -> dict[str, str]:
    """What is wrong with a wish: keys of words, by the form's field. It has none for what they wait for."""
    problems = {FIELDS.get(field, field): key for field, key in problems_by_field(found).items()}
    if problems.keys() & {"service", "with"}:
        return {"": "my.change.gone"}
    return problems


async def _their_entry(mine: Mine, entry_id: UUID) -> dict[str, Any]:
    async with mine.guest.visitor.reading() as tx:
        entry = dict(await entries.find(tx, entry_id))
    if entry["customer_id"] != mine.person.id:
        raise EntryNotFound
    return entry


def _entry(guest: Guest, row: Mapping[str, Any]) -> dict[str, Any]:
    words, formats = guest.words, guest.formats
    times = wishes.times_of(row, guest.salon.zone)
    quiet = row["cooldown_until"]
    return {
        "id": row["id"],
        "service": row["service_name"],
        "staff": row["staff_name"] or words("visit.times.anyone"),
        "when": wishes.said(times, words, formats),
        "status": row["status"],
        "quiet_until": formats.moment(quiet, guest.now) if quiet else "",
    }


def _place(guest: Guest, place: entries.Place) -> dict[str, str]:
    kind, number = estimate(place.estimated_days, place.filled)
    more = "wait.place.more" if place.at_least else "wait.place.number"
    return {
        "place": guest.words(more, number=str(place.position)),
        "estimate": guest.words(
            f"wait.estimate.{kind}" + (".one" if number == 1 else ""), number=str(number)
        ),
    }


def _booking(guest: Guest, row: Mapping[str, Any]) -> dict[str, Any]:
    token = token_for(guest.web.secret, Linked(guest.salon.id, row["id"]), BOOKING)
    return {
        "url": f"/b/{token}",
        "day": day_of(guest.words, guest.formats, row["starts_at"], guest.now),
        "starts_at": row["starts_at"],
        "times": guest.formats.times(row["starts_at"], row["ends_at"]),
        "service": row["service_name"],
        "staff": row["staff_name"],
    }


def veiled(channel: str, address: str) -> str:
    """An address, so that its owner knows it and nobody else learns it."""
    if channel == "email":
        name, _, domain = address.partition("@")
        return f"{name[:1]}…@{domain}"
    return f"… {address[-3:]}"
