"""The customer's page of an offer. GET shows and changes nothing; POST acts and leads back to GET.

There is no login: whoever has the link may answer, so the token is never logged or sent on.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.errors import Invalid, WaitlistLimitExceeded
from standby.tenants.scope import offer_transaction
from standby.waitlist import entries, offers
from standby.waitlist.offers import OfferView
from standby.waitlist.tokens import hash_token
from standby.web.context import GetWeb
from standby.web.formats import Formats, formats_for
from standby.web.pages import render
from standby.web.words import Words, words_accepted, words_for

router = APIRouter(include_in_schema=False)

CUSTOMER: Final = "customer"

# What became of the offer, for the customer.
State: TypeAlias = Literal[
    "open", "booked", "past", "cancelled", "declined", "expired", "taken", "withdrawn", "left"
]
# What became of their place on the list, when the offer ended without an appointment. "settling": a moment from now.
Listed: TypeAlias = Literal[
    "waiting", "cooldown", "newer", "booked", "left", "expired", "over", "back", "limit", "settling"
]
LISTED: Final[Mapping[str, Listed]] = {
    "waiting": "waiting",
    "cooldown": "cooldown",
    "booked": "booked",
    "cancelled": "left",
}
CAME_OF_STAYING: Final[Mapping[str, Listed]] = {"back": "back", "limit": "limit"}


@router.api_route("/o/{token}", methods=["GET", "HEAD"])
async def show(request: Request, token: str, web: GetWeb, stay: str = "") -> HTMLResponse:
    """`stay` is what came of asking for a place on the list again: back or limit."""
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            return _unknown(request)
        offer = await offers.show(tx, offer_id)
        entry = await entries.find(tx, offer.entry_id)
    now = web.clock()
    listed = listed_as(offer, latest=entry["latest"], now=now, stay=stay)
    return render("offer.html", token=token, **_facts(offer, listed, entry["cooldown_until"], now))


@router.post("/o/{token}/accept")
async def accept(request: Request, token: str, web: GetWeb) -> Response:
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            return _unknown(request)
        await offers.accept(tx, offer_id, now=web.clock(), actor=CUSTOMER)
    return _back_to(token)


@router.post("/o/{token}/decline")
async def decline(request: Request, token: str, web: GetWeb) -> Response:
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            return _unknown(request)
        await offers.decline(tx, offer_id, now=web.clock(), actor=CUSTOMER)
    return _back_to(token)


@router.post("/o/{token}/stay")
async def stay(request: Request, token: str, web: GetWeb) -> Response:
    try:
        async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
            if offer_id is None:
                return _unknown(request)
            offer = await offers.show(tx, offer_id)
            if offer.entry_status == "expired":
                await entries.rejoin(tx, offer.entry_id, now=web.clock(), actor=CUSTOMER)
    except Invalid:  # Too late for their wish, which the page says by itself.
        return _back_to(token)
    except WaitlistLimitExceeded:
        return _back_to(token, "?stay=limit")
    return _back_to(token, "?stay=back")


def state_of(offer: OfferView, now: datetime) -> State:
    """What the page shows. The deadline counts, not whether its timer has noticed yet."""
    match offer.status:
        case "pending":
            return "open" if now < offer.expires_at else "expired"
        case "accepted":
            if offer.booking_status == "cancelled":
                return "cancelled"
            return "past" if now >= offer.ends_at else "booked"
        case "declined":
            return "declined"
        case "expired":
            return "expired"
        case _:
            return _withdrawn(offer)


def listed_as(offer: OfferView, *, latest: datetime, now: datetime, stay: str) -> Listed:
    """Where the customer stands. `latest` is the last time that suits them."""
    if offer.entry_status == "notified":
        return "settling" if offer.status == "pending" else "newer"
    if offer.entry_status in LISTED:
        return LISTED[offer.entry_status]
    return "over" if latest <= now else CAME_OF_STAYING.get(stay, "expired")


def _withdrawn(offer: OfferView) -> State:
    if offer.reason == "lost_to_rival":
        return "taken"
    return "left" if offer.entry_status == "cancelled" else "withdrawn"


def _facts(
    offer: OfferView, listed: Listed, cooldown_until: datetime | None, now: datetime
) -> dict[str, Any]:
    """All that the template needs, written for people."""
    words, formats = words_for(offer.locale), formats_for(offer.locale, offer.timezone)
    seconds_left = max(0.0, (offer.expires_at - now).total_seconds())
    return {
        "words": words,
        "state": state_of(offer, now),
        "listed": listed,
        "salon": offer.salon_name,
        "name": offer.customer_name.split()[0],
        "service": offer.service_name,
        "staff": offer.staff_name,
        "day": _day(words, formats, offer.starts_at, now),
        "starts_at": offer.starts_at,
        "times": formats.times(offer.starts_at, offer.ends_at),
        "duration": formats.duration(offer.duration_minutes),
        "price": None if offer.price is None else formats.price(offer.price, offer.currency),
        "held_until": _moment(formats, offer.expires_at, now),
        "quiet_until": "" if cooldown_until is None else _moment(formats, cooldown_until, now),
        "seconds_left": seconds_left,
        "window_seconds": max(offer.window_seconds, seconds_left),
    }


def _day(words: Words, formats: Formats, when: datetime, now: datetime) -> str:
    """Tomorrow, Tuesday 3 June"""
    date = formats.date(when)
    relative = {0: "today", 1: "tomorrow"}.get(formats.days_ahead(when, now))
    return words("day.soon", relative=words(relative), date=date) if relative else date


def _moment(formats: Formats, when: datetime, now: datetime) -> str:
    """14:35, and its date unless that is today's."""
    time = formats.time(when)
    return time if formats.days_ahead(when, now) == 0 else f"{formats.date(when)} {time}"


def _back_to(token: str, query: str = "") -> RedirectResponse:
    return RedirectResponse(f"/o/{quote(token, safe='')}{query}", status_code=303)


def _unknown(request: Request) -> HTMLResponse:
    words = words_accepted(request.headers.get("accept-language", ""))
    return render("unknown_link.html", status=404, words=words)
