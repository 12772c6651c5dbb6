"""A customer joins the waitlist when no free time suits, with what was chosen filled in; and is told their place."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.bookings.managing import CUSTOMER
from standby.database.pool import Tx, new_id
from standby.errors import EntryNotFound, Invalid, StandbyError, WaitlistLimitExceeded
from standby.messages import consent
from standby.signed_links import ENTRY, Linked, read_token, token_for
from standby.tenants import catalog, tenants
from standby.tenants.vouching import Done, Failed
from standby.waitlist import entries
from standby.waitlist.lifecycle import ACTIVE
from standby.web.public import vouched, wishes
from standby.web.public.estimates import estimate
from standby.web.public.guest import GetGuest, Guest
from standby.web.public.person_form import checked_person, code_page, form_page, problems_by_field
from standby.web.public.typed import Typed, in_address, in_form
from standby.web.public.vouched import EDIT, AskCode, TooOften
from standby.web.public.wishes import FIELDS, Times

router = APIRouter(prefix="/{salon}", include_in_schema=False)

HIDDEN: Final = (
    *("service", "with", "first", "last", "day", "from_minute", "until_minute"),
    *("name", "phone", "email", "channel", "consent"),
)
KEPT: Final = ("times", "email")


@router.api_route("/wait", methods=["GET", "HEAD"])
async def ask(request: Request, guest: GetGuest) -> Response:
    return await _form(guest, in_address(request), {})


@router.post("/wait")
async def join(request: Request, guest: GetGuest) -> Response:
    typed = await in_form(request)
    if typed("step") == EDIT or guest.reading.chosen:
        back_to_code = typed("asked") and typed("step") != EDIT
        asked = AskCode(typed.id("verification") or new_id())
        return _code(guest, typed, asked) if back_to_code else await _form(guest, typed, {})
    channels = _channels(typed)
    person, problems = checked_person(guest, typed, channels)
    times, unread = wishes.read(typed, _usual(guest, typed))
    wish = times.wish(guest.salon.zone, typed.id("service") or UUID(int=0), typed.id("with"))
    problems = await _problems_of_wish(guest, typed, wish) | unread | problems
    if not channels:
        problems["channel"] = "wait.problem.channel"
    if problems or person.phone is None:
        return await _form(guest, typed, problems)

    async def act(tx: Tx) -> UUID:
        joined = await entries.join(tx, person, wish, now=guest.now, actor=CUSTOMER)
        await consent.grant_named(tx, person, channels, at=guest.now)
        return joined.entry_id

    what = " ".join(["waitlist", *(value for name in HIDDEN[:7] for value in typed.all(name))])
    match await vouched.step(guest, typed, person.phone, "waitlist", what, act):
        case Done(entry_id):
            linked = Linked(guest.salon.id, entry_id)
            token = token_for(guest.web.secret, linked, ENTRY)
            kept = await _kept(guest, entry_id, times, person.email if "email" in channels else None)
            return guest.go_to(f"/joined/{token}", visit=vouched.visit_to(guest, linked), kept=" ".join(kept))
        case Failed(error, token):
            return await _form(guest, typed, _why(error), proof=token)
        case TooOften(seconds):
            return await _form(guest, typed, {"": "visit.problem.often"}, wait=seconds)
        case AskCode() as asked:
            return _code(guest, typed, asked)


@router.api_route("/joined/{token}", methods=["GET", "HEAD"])
async def show(guest: GetGuest, token: str, visit: str = "", kept: str = "") -> Response:
    """How an entry stands; `visit`: they have just shown a code, and are led to their own page.

    `kept`: what of their form the salon knew otherwise, and left as it is (KEPT).
    """
    linked = read_token(guest.web.accounts.keys, token, ENTRY)
    if linked is None or linked.tenant_id != guest.salon.id:
        raise EntryNotFound
    async with guest.visitor.reading() as tx:
        entry = dict(await entries.find(tx, linked.id))
        place = await entries.place(tx, linked.id, now=guest.now)
        rules = await tenants.get_policy(tx, entry["service_id"])
    kind, number = estimate(place.estimated_days, place.filled)
    mine = vouched.own_page(guest, visit, linked, entry["customer_id"])
    minutes = round(rules.offer_window_seconds / 60) or 1
    return guest.page(
        "visit_joined.html",
        name=entry["customer_name"].split()[0],
        active=entry["status"] in ACTIVE,
        service=entry["service_name"],
        staff=entry["staff_name"] or guest.words("visit.times.anyone"),
        when=wishes.said(wishes.times_of(entry, guest.salon.zone), guest.words, guest.formats),
        kept=[one for one in KEPT if one in kept.split()],
        silent=bool(mine) and not entry["channels"],
        position=str(place.position),
        at_least=place.at_least,
        first=place.position == 1,
        estimate=guest.words(f"wait.estimate.{kind}" + (".one" if number == 1 else ""), number=str(number)),
        held=guest.words("wait.next.2" + (".one" if minutes == 1 else ""), minutes=str(minutes)),
        mine=mine,
        change=f"{mine}/wait/{linked.id}" if mine else "",
    )


async def _kept(guest: Guest, entry_id: UUID, times: Times, email: str | None) -> list[str]:
    """In what their entry, and what the salon knows of them, differ from the form that has changed neither.

    `email`: the address that they want to be written to.
    """
    async with guest.visitor.reading() as tx:
        entry = dict(await entries.find(tx, entry_id))
    zone = guest.salon.zone
    differs = {
        "times": bool(wishes.changes_of(times, wishes.times_of(entry, zone), zone)),
        "email": email is not None and email != entry["email"],
    }
    return [one for one in KEPT if differs[one]]


def _channels(typed: Typed) -> list[str]:
    """The channels that they agree to; email is none without an address."""
    return [
        one
        for one in typed.all("channel")
        if one in {"sms", "whatsapp"} or (one == "email" and typed("email"))
    ]


def _usual(guest: Guest, typed: Typed) -> Times:
    today = guest.now.astimezone(guest.salon.zone).date()
    return wishes.usual(max(typed.date("from") or today, today))


async def _problems_of_wish(guest: Guest, typed: Typed, wish: entries.Wish) -> dict[str, str]:
    if typed.id("service") is None:
        return {"service": "wait.problem.service"}
    async with guest.visitor.reading() as tx:
        found = problems_by_field(await entries.problems_of(tx, wish, guest.now))
    problems = {FIELDS.get(field, field): key for field, key in found.items()}
    if "last" in problems:
        problems["last"] = "visit.problem.in_the_past"
    return problems


async def _form(
    guest: Guest, typed: Typed, problems: Mapping[str, str], *, proof: str = "", wait: int = 0
) -> Response:
    async with guest.visitor.reading() as tx:
        services = [row for row in await catalog.services(tx) if row["active"]]
        staff = [row for row in await catalog.staff(tx) if row["active"]]
        offered = (await tenants.get_policy(tx)).channel_order
    begun = bool(typed("verification"))  # Else it is the first look, and everything is as usual.
    times, _ = wishes.read(typed, _usual(guest, typed)) if begun else (_usual(guest, typed), {})
    service_id = typed.id("service")
    words = guest.words
    return form_page(
        guest,
        "visit_wait.html",
        typed,
        problems,
        proof=proof,
        wait=wait,
        services=([] if service_id else [("", words("wait.choose"))])
        + [(row["id"], row["name"]) for row in services],
        staff=[("", words("visit.times.anyone"))]
        + [(row["id"], row["name"]) for row in staff if service_id is None or service_id in row["services"]],
        times=wishes.shown(times, guest.formats, (words("wait.any"), words("wait.any"))),
        channels=[
            {"name": one, "chosen": not begun or one in typed.all("channel")}
            for one in ("sms", "whatsapp", "email")
            if one in offered
        ],
        today=guest.now.astimezone(guest.salon.zone).date().isoformat(),
        last_day=(guest.now + timedelta(days=366)).date().isoformat(),
        times_url=guest.address("/times", service=service_id, **{"with": typed("with")})
        if service_id
        else guest.address(),
    )


def _code(guest: Guest, typed: Typed, asked: AskCode) -> HTMLResponse:
    return code_page(guest, typed, asked, action=guest.address("/wait"), hidden=HIDDEN, lead="")


def _why(error: StandbyError) -> dict[str, Any]:
    """What stands against the joining of somebody who has shown who they are."""
    match error:
        case WaitlistLimitExceeded():
            return {"": "wait.problem.many"}
        case Invalid(problems=problems):
            return {FIELDS.get(one, one): key for one, key in problems_by_field(problems).items()}
        case _:
            raise error
