"""The customer's page of an offer. GET shows and changes nothing; POST acts and leads back to GET.

There is no login: whoever has the link may answer, so the token is never logged or sent on.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.errors import EntryEnded, Invalid, WaitlistLimitExceeded
from standby.formats import formats_for
from standby.signed_links import BOOKING, Linked, token_for
from standby.tenants.scope import offer_transaction
from standby.waitlist import entries, offers
from standby.waitlist.offers import OfferView
from standby.waitlist.tokens import hash_token
from standby.web import colours
from standby.web.context import GetWeb
from standby.web.limits import LIMITED
from standby.web.outcome import Outcome, held_until, outcome_of
from standby.web.pages import render
from standby.web.public.days import day_of
from standby.web.public.reader import Reading, reading_of
from standby.web.words import words_accepted

router = APIRouter(include_in_schema=False)

CUSTOMER: Final = "customer"


@router.api_route("/o/{token}", methods=["GET", "HEAD"])
async def show(request: Request, token: str, web: GetWeb) -> HTMLResponse:
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            return _unknown(request)
        offer, standing = await offers.show(tx, offer_id), await offers.standing(tx, offer_id)
    now, reading = web.clock(), reading_of(request, offer.locale)
    outcome = outcome_of(offer, standing, now)
    page = render(
        "offer.html", token=token, reading=reading, **_facts(offer, outcome, now, web.secret, reading)
    )
    reading.keep(page, secure=web.public_url.startswith("https://"))
    return page


@router.get("/o/{token}/{answer}")
async def shown_again(token: str, answer: Literal["accept", "decline", "stay", "leave"]) -> Response:  # noqa: ARG001
    """Where a browser ends up that loads the page of an answer again: it sees what became of the answer."""
    return _back_to(token)


@router.post("/o/{token}/accept", dependencies=[LIMITED])
async def accept(request: Request, token: str, web: GetWeb) -> Response:
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            return _unknown(request)
        await offers.accept(tx, offer_id, now=web.clock(), actor=CUSTOMER)
    return _back_to(token)


@router.post("/o/{token}/decline", dependencies=[LIMITED])
async def decline(request: Request, token: str, web: GetWeb) -> Response:
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            return _unknown(request)
        await offers.decline(tx, offer_id, now=web.clock(), actor=CUSTOMER)
    return _back_to(token)


@router.post("/o/{token}/stay", dependencies=[LIMITED])
async def stay(request: Request, token: str, web: GetWeb) -> Response:
    """Puts the customer back on the list. When they may not be, or are already, the page says so by itself."""
    now = web.clock()
    # At the same moment they joined for something else, were erased, or it is offered no more.
    with suppress(WaitlistLimitExceeded, EntryEnded, Invalid):
        async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
            if offer_id is None:
                return _unknown(request)
            offer, standing = await offers.show(tx, offer_id), await offers.standing(tx, offer_id)
            if outcome_of(offer, standing, now).can_stay:
                await entries.rejoin(tx, offer.entry_id, now=now, actor=CUSTOMER)
    return _back_to(token)


@router.post("/o/{token}/leave", dependencies=[LIMITED])
async def leave(request: Request, token: str, web: GetWeb) -> Response:
    """Takes this one wish of theirs off the list; an offer that is open for it goes to the next."""
    with suppress(EntryEnded):  # Pressed twice, or booked at the same moment: the page says how it stands.
        async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
            if offer_id is None:
                return _unknown(request)
            if (entry_id := (await offers.standing(tx, offer_id)).entry_id) is not None:
                await entries.leave(tx, entry_id, now=web.clock(), reason="left_by_customer", actor=CUSTOMER)
    return _back_to(token)


def _facts(
    offer: OfferView, outcome: Outcome, now: datetime, secret: bytes, reading: Reading
) -> dict[str, Any]:
    """All that the template needs, written for people.

    `manage`: the token of the booking's own page. None of the customer's: people pass the link of an offer on.
    """
    booked = offer.booking_id if outcome.state == "booked" else None
    manage = None if booked is None else token_for(secret, Linked(offer.tenant_id, booked), BOOKING)
    words = reading.words
    formats = formats_for(words.language, offer.timezone)
    seconds_left = max(0.0, (offer.expires_at - now).total_seconds())
    return {
        "words": words,
        "state": outcome.state,
        "listed": outcome.listed,
        "can_stay": outcome.can_stay,
        "salon": offer.salon_name,
        "name": offer.customer_name.split()[0],
        "service": offer.service_name,
        "staff": offer.staff_name,
        "day": day_of(words, formats, offer.starts_at, now),
        "starts_at": offer.starts_at,
        "times": formats.times(offer.starts_at, offer.ends_at),
        "duration": formats.duration(offer.duration_minutes),
        "price": None if offer.price is None else formats.price(offer.price, offer.currency),
        "held_until": held_until(offer, formats, now),
        "manage": manage,
        "home": f"/{offer.slug}",
        "colours": colours.url(offer.slug, offer.accent),
        "wait": f"/{offer.slug}/wait" + (f"?service={offer.service_id}" if outcome.listed != "gone" else ""),
        "quiet_until": formats.moment(outcome.quiet_until, now) if outcome.quiet_until else "",
        "seconds_left": seconds_left,
        "window_seconds": max(offer.window_seconds, seconds_left),
    }


def _back_to(token: str) -> RedirectResponse:
    return RedirectResponse(f"/o/{quote(token, safe='')}", status_code=303)


def _unknown(request: Request) -> HTMLResponse:
    words = words_accepted(request.headers.get("accept-language", ""))
    return render("trouble.html", status=404, words=words, kind="unknown")
