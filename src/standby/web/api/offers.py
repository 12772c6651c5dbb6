"""/api/offers, /api/confirm, /api/decline: an offer by its link's token, which is all the right that it takes."""

from fastapi import APIRouter

from standby.errors import OfferNotFound
from standby.tenants.scope import offer_transaction
from standby.waitlist import offers
from standby.waitlist.lifecycle import ACTIVE
from standby.waitlist.offers import Accepted, Declined, Over
from standby.waitlist.tokens import hash_token
from standby.web.api import shapes
from standby.web.context import GetWeb

router = APIRouter(tags=["offers"])

WHY_OVER = {
    "expired": "The time was held for you until it ran out; it has gone to the next in line.",
    "declined": "You have declined this time; it has gone to the next in line.",
    "taken": "Somebody else was faster; this time is taken.",
    "withdrawn": "The salon has taken this time back.",
    "accepted": "You have booked this time already.",
}


@router.get("/offers/{token}")
async def get_offer(token: str, web: GetWeb) -> shapes.OfferView:
    """What is offered, and for how long. Changes nothing."""
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            raise OfferNotFound
        view = await offers.show(tx, offer_id)
    left = max(0, int((view.expires_at - web.clock()).total_seconds())) if view.status == "pending" else 0
    return shapes.OfferView(**vars(view), seconds_left=left)


@router.post("/confirm/{token}")
async def confirm(token: str, web: GetWeb) -> shapes.OfferAnswerView:
    """Takes the offered time. A second time answers with the first one's booking."""
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            raise OfferNotFound
        answer = await offers.accept(tx, offer_id, now=web.clock(), actor="customer")
        if isinstance(answer, Accepted):
            return shapes.OfferAnswerView(
                outcome="booked",
                again=answer.again,
                booking_id=answer.booking_id,
                message="The time is yours.",
                still_on_list=False,
            )
        view = await offers.show(tx, offer_id)
    return _over(answer, view.entry_status)


@router.post("/decline/{token}")
async def decline(token: str, web: GetWeb) -> shapes.OfferAnswerView:
    """Passes the offered time on to the next. The customer stays on the list."""
    async with offer_transaction(web.pool, hash_token(token)) as (tx, offer_id):
        if offer_id is None:
            raise OfferNotFound
        answer = await offers.decline(tx, offer_id, now=web.clock(), actor="customer")
        view = await offers.show(tx, offer_id)
    if isinstance(answer, Declined):
        return shapes.OfferAnswerView(
            outcome="declined",
            again=answer.again,
            message="The time has gone to the next in line. You keep your place on the list.",
            still_on_list=view.entry_status in ACTIVE,
        )
    return _over(answer, view.entry_status)


def _over(answer: Over, entry_status: str) -> shapes.OfferAnswerView:
    stays = entry_status in ACTIVE
    after = " You are still on the list." if stays else ""
    return shapes.OfferAnswerView(
        outcome="over", why=answer.why, message=WHY_OVER[answer.why] + after, still_on_list=stays
    )
