"""/api/webhooks/{webhook_id}/deliveries: what a webhook was told, and what became of it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import Field

from standby.web.api.caller import GetCaller
from standby.web.api.cursors import Cursor, cursor_of, position_in
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import Page, View
from standby.webhooks import deliveries

router = APIRouter(prefix="/webhooks/{webhook_id}/deliveries", tags=["webhooks"], route_class=FormRoute)

Status = Literal["pending", "delivered", "failed", "dropped"]


class DeliveryView(View):
    id: UUID = Field(description="what it was sent as: the header webhook-id")
    event: str
    at: datetime = Field(description="when it happened")
    status: Status = Field(
        description="pending: it waits, for the first time or again; failed: it was tried for a day; "
        "dropped: the webhook was switched off"
    )
    attempts: int
    next_attempt_at: datetime | None
    attempted_at: datetime | None
    status_code: int | None = Field(description="of the last attempt; null: nothing came back")
    milliseconds: int | None
    error: str | None = Field(description="why the last attempt was no success")


class DeliveryStoryView(DeliveryView):
    payload: dict[str, Any] = Field(description="what it is told, without the customer's contacts")
    answer: str | None = Field(description="the beginning of what the last attempt was answered")


@router.get("")
async def list_deliveries(
    webhook_id: UUID,
    caller: GetCaller,
    status: Annotated[Status | None, Query(description="only those")] = None,
    cursor: Cursor | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[DeliveryView]:
    """What it was told in the last thirty days, the newest first."""
    async with caller.transaction() as tx:
        rows = await deliveries.page(
            tx, webhook_id, status=status, before=position_in(cursor), limit=limit + 1
        )
    shown = [DeliveryView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items=shown, next_cursor=cursor_of(shown[-1].at, shown[-1].id) if more else None)


@router.get("/{delivery_id}")
async def get_delivery(webhook_id: UUID, delivery_id: UUID, caller: GetCaller) -> DeliveryStoryView:
    """One of them, with its payload and what the last attempt was answered."""
    async with caller.transaction() as tx:
        return DeliveryStoryView(**await deliveries.find(tx, webhook_id, delivery_id))


@router.post("/{delivery_id}/resend", status_code=status.HTTP_202_ACCEPTED)
async def resend_delivery(webhook_id: UUID, delivery_id: UUID, caller: GetCaller) -> DeliveryView:
    """Sends it once more, whatever became of it, under the same id; what fails is tried again for a day."""
    async with caller.transaction() as tx:
        row = await deliveries.resend(tx, webhook_id, delivery_id, now=caller.web.clock())
    return DeliveryView(**row)
