"""/api/inbox and /api/messages: what customers wrote, what they were sent, what became of it, and answers to them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import AfterValidator, Field, WithJsonSchema

from standby.messages import by_hand, outbox, replies
from standby.messages.kinds import KINDS
from standby.messages.outbox import Wanted
from standby.web.api.caller import GetCaller
from standby.web.api.cursors import Cursor, cursor_of, position_in
from standby.web.api.fields import Channel, documented
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import Body, Page, View

router = APIRouter(tags=["messages"], route_class=FormRoute)


def _a_kind(text: str) -> str:
    if text not in KINDS:
        raise ValueError(f"is none of {', '.join(KINDS)}")
    return text


Limit = Annotated[int, Query(ge=1, le=200)]
State = Literal["queued", "sent", "delivered", "read", "failed", "uncertain", "dropped"]
Kind = Annotated[str, AfterValidator(_a_kind), WithJsonSchema({"type": "string", "enum": list(KINDS)})]


class ReplyView(View):
    id: UUID
    channel: str
    customer_id: UUID | None
    customer_name: str | None
    sender: str | None
    text: str
    outcome: str
    offer_id: UUID | None
    received_at: datetime
    handled_at: datetime | None
    handled_by: str | None


class MessageView(View):
    id: UUID
    kind: str
    customer_id: UUID | None = Field(
        description="null: a code went to a number, which need not be a customer's"
    )
    customer_name: str | None
    offer_id: UUID | None
    booking_id: UUID | None
    status: str
    delivery: str | None
    state: str
    channel: str | None
    provider: str | None
    reason: str
    text: str | None = Field(
        description="what somebody wrote by hand; null: it is said in the texts of its kind"
    )
    created_at: datetime
    sent_at: datetime | None


class AnswerBody(Body):
    text: Annotated[str, documented("string", minLength=1, maxLength=by_hand.LONGEST)]
    channel: Channel | None = Field(default=None, description="left out: the one that they wrote by")


class AnsweredView(View):
    message_id: UUID
    channel: str


@router.get("/inbox")
async def list_replies(
    caller: GetCaller,
    of: Annotated[
        Literal["unread", "all"], Query(description="unread: what somebody has to read; all: every answer")
    ] = "unread",
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Page[ReplyView]:
    """What customers wrote or tapped, the newest first; `outcome` says what followed."""
    async with caller.transaction() as tx:
        rows = await replies.page(tx, unread=of == "unread", before=position_in(cursor), limit=limit + 1)
    shown = [ReplyView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items=shown, next_cursor=cursor_of(shown[-1].received_at, shown[-1].id) if more else None)


@router.post("/inbox/{reply_id}/read", status_code=status.HTTP_204_NO_CONTENT)
async def mark_read(reply_id: UUID, caller: GetCaller) -> None:
    """Takes a reply out of the inbox. Twice is once: who did it first stays written down."""
    async with caller.transaction() as tx:
        await replies.mark_read(tx, reply_id, now=caller.web.clock(), actor=caller.actor)


@router.get("/messages")
async def list_messages(
    caller: GetCaller,
    customer_id: UUID | None = None,
    state: State | None = None,
    channel: Channel | None = None,
    kind: Kind | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Page[MessageView]:
    """Messages to customers, the newest first. `status` is how far we are, `delivery` what the provider says since, and
    `state` both as one.
    """
    wanted = Wanted(customer_id=customer_id, state=state, channel=channel, kind=kind)
    async with caller.transaction() as tx:
        rows = await outbox.page(tx, wanted, before=position_in(cursor), limit=limit + 1)
    shown = [MessageView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items=shown, next_cursor=cursor_of(shown[-1].created_at, shown[-1].id) if more else None)


@router.post("/customers/{customer_id}/messages", status_code=status.HTTP_201_CREATED)
async def answer_customer(customer_id: UUID, body: AnswerBody, caller: GetCaller) -> AnsweredView:
    """Answers a customer who wrote, in somebody's own words.

    It goes by one channel that they agreed to, and by the rules of all messages. Refused (CANNOT_ANSWER) for who has
    never written (`never_wrote`), by a channel that is closed (`closed`), and by WhatsApp more than 24 hours after they
    last wrote there (`window_over`); the details say why.
    """
    async with caller.transaction() as tx:
        written = await by_hand.answer(
            tx, customer_id, body.text, channel=body.channel, now=caller.web.clock(), actor=caller.actor
        )
    return AnsweredView.model_validate(written)
