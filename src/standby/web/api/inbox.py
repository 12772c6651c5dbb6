"""/api/inbox and /api/messages: what customers wrote, what they were sent, and what became of it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import Field

from standby.messages import outbox, replies
from standby.web.api.caller import GetCaller
from standby.web.api.cursors import Cursor, cursor_of, position_in
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import Page, View

router = APIRouter(tags=["messages"], route_class=FormRoute)

Limit = Annotated[int, Query(ge=1, le=200)]


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
    channel: str | None
    provider: str | None
    reason: str
    created_at: datetime
    sent_at: datetime | None


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
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Page[MessageView]:
    """Messages to customers, the newest first. `status` is how far we are, `delivery` what the provider says since."""
    async with caller.transaction() as tx:
        rows = await outbox.page(tx, customer_id=customer_id, before=position_in(cursor), limit=limit + 1)
    shown = [MessageView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items=shown, next_cursor=cursor_of(shown[-1].created_at, shown[-1].id) if more else None)
