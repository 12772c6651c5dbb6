"""/api/closures: when the salon, or one staff member, is away."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from standby.tenants import closures
from standby.web.api import shapes
from standby.web.api.caller import GetCaller
from standby.web.api.fields import Moment, Reason
from standby.web.api.forms import FormRoute

router = APIRouter(prefix="/closures", tags=["salon"], route_class=FormRoute)


class ClosureBody(shapes.Body):
    staff_id: UUID | None = Field(default=None, description="null: the whole salon")
    starts_at: Moment
    ends_at: Moment
    reason: Reason = "closed"


class ClosureView(shapes.View):
    id: UUID
    staff_id: UUID | None
    staff_name: str | None
    starts_at: datetime
    ends_at: datetime
    reason: str


class AffectedView(shapes.View):
    id: UUID
    starts_at: datetime
    customer_name: str
    staff_name: str


class ClosedView(shapes.View):
    id: UUID
    bookings: list[AffectedView] = Field(
        description="appointments that lie in it, up to 1,000: they stay; move or cancel them"
    )


@router.get("")
async def list_closures(caller: GetCaller, ending_after: Moment | None = None) -> list[ClosureView]:
    """The closures that end after a moment (now, unless another is given), by start; at most 1,000."""
    async with caller.transaction() as tx:
        rows = await closures.ending_after(tx, ending_after or caller.web.clock())
    return [ClosureView(**row) for row in rows]


@router.post("", status_code=status.HTTP_201_CREATED)
async def add_closure(body: ClosureBody, caller: GetCaller) -> ClosedView:
    """Closes a stretch of time: nothing is offered or booked in it."""
    async with caller.transaction() as tx:
        closure_id = await closures.add(
            tx, body.staff_id, body.starts_at, body.ends_at, body.reason, now=caller.web.clock()
        )
        affected = await closures.bookings_within(tx, body.staff_id, body.starts_at, body.ends_at)
    return ClosedView(id=closure_id, bookings=[AffectedView(**row) for row in affected])


@router.delete("/{closure_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_closure(closure_id: UUID, caller: GetCaller) -> None:
    """Opens that time again."""
    async with caller.transaction() as tx:
        await closures.remove(tx, closure_id)
