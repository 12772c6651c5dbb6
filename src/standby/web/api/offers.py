"""/api/offers, /api/confirm, /api/decline, /api/stay: an offer by its link's token, which is all the right it takes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from standby.errors import OfferNotFound
from standby.tenants.scope import offer_transaction
from standby.waitlist import entries, offers
from standby.waitlist.offers import Accepted, Declined, OfferView, Over, Standing
from standby.waitlist.tokens import hash_token
from standby.web.api import shapes
from standby.web.context import GetWeb
from standby.web.limits import LIMITED
from standby.web.outcome import outcome_of, told

router = APIRouter(tags=["offers"])

CUSTOMER = "customer"


@router.get("/offers/{token}")
async def get_offer(token: str, web: GetWeb) -> shapes.OfferView:
    """What is offered, and for how long; afterwards what became of it. Changes nothing."""
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            raise OfferNotFound
        offer, standing = await offers.show(tx, offer_id), await offers.standing(tx, offer_id)
    now = web.clock()
    left = max(0, int((offer.expires_at - now).total_seconds())) if offer.status == "pending" else 0
    return shapes.OfferView(**vars(offer), seconds_left=left, **_standing(offer, standing, now))


@router.post("/confirm/{token}", dependencies=[LIMITED])
async def confirm(token: str, web: GetWeb) -> shapes.OfferAnswerView:
    """Takes the offered time. A second time answers with the first one's booking."""
    now = web.clock()
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            raise OfferNotFound
        match await offers.accept(tx, offer_id, now=now, actor=CUSTOMER):
            case Accepted(booking_id, again):
                return _booked(booking_id, again=again)
            case Over(why):
                offer, standing = await offers.show(tx, offer_id), await offers.standing(tx, offer_id)
                return shapes.OfferAnswerView(outcome="over", why=why, **_standing(offer, standing, now))


@router.post("/decline/{token}", dependencies=[LIMITED])
async def decline(token: str, web: GetWeb) -> shapes.OfferAnswerView:
    """Passes the offered time on to the next. The customer stays on the list."""
    now = web.clock()
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            raise OfferNotFound
        answer = await offers.decline(tx, offer_id, now=now, actor=CUSTOMER)
        offer, standing = await offers.show(tx, offer_id), await offers.standing(tx, offer_id)
    stands = _standing(offer, standing, now)
    match answer:
        case Declined(again):
            return shapes.OfferAnswerView(outcome="declined", again=again, **stands)
        case Over(why):
            return shapes.OfferAnswerView(outcome="over", why=why, **stands)


@router.post("/stay/{token}", dependencies=[LIMITED])
async def stay(token: str, web: GetWeb) -> shapes.OfferStandingView:
    """Puts the customer back on the list with the same wish, if the offer has ended and they may be (`can_stay`).

    Otherwise nothing changes. The answer says where they stand.
    """
    now = web.clock()
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            raise OfferNotFound
        offer, standing = await offers.show(tx, offer_id), await offers.standing(tx, offer_id)
        if outcome_of(offer, standing, now).can_stay:
            await entries.rejoin(tx, offer.entry_id, now=now, actor=CUSTOMER)
            standing = await offers.standing(tx, offer_id)
    return shapes.OfferStandingView(**_standing(offer, standing, now))


def _booked(booking_id: UUID, *, again: bool) -> shapes.OfferAnswerView:
    return shapes.OfferAnswerView(
        outcome="booked",
        again=again,
        booking_id=booking_id,
        message="The time is yours.",
        still_on_list=False,
        quiet_until=None,
        can_stay=False,
    )


def _standing(offer: OfferView, standing: Standing, now: datetime) -> dict[str, Any]:
    outcome = outcome_of(offer, standing, now)
    return {
        "message": told(offer, outcome, now),
        "still_on_list": outcome.still_on_list,
        "quiet_until": outcome.quiet_until,
        "can_stay": outcome.can_stay,
    }
