"""/api/bookings: book, look, move, cancel, and say what became of it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel, Field

from standby.bookings import bookings
from standby.bookings.bookings import By, Changes, Filter, Freed
from standby.web.api import shapes
from standby.web.api.alternatives import or_the_next
from standby.web.api.caller import Caller, GetCaller
from standby.web.api.cursors import Cursor, cursor_of, position_in
from standby.web.api.fields import Given, Moment, Reason
from standby.web.api.forms import FormRoute

router = APIRouter(prefix="/bookings", tags=["bookings"], route_class=FormRoute)

Notify = Annotated[bool, Field(description="false: the customer is told nothing")]


class BookingBody(shapes.Body):
    customer: shapes.Person
    staff_id: UUID
    service_id: UUID
    starts_at: Moment
    notify: Notify = True


class ChangeBookingBody(shapes.Body):
    """What to change; fields that are left out stay. Another service takes its own time, the same one as long as
    before, unless `ends_at` says until when.
    """

    starts_at: Given[Moment] = None
    ends_at: Given[Moment] = None
    staff_id: Given[UUID] = None
    service_id: Given[UUID] = None
    sequence: Annotated[int, Field(ge=0, lt=2**31)] | None = Field(
        default=None, description="as it was when you looked: 409 if somebody else has changed it since"
    )
    notify: Notify = True


class CancelBody(shapes.Body):
    reason: Reason = "cancelled"
    by: By = Field(default="salon", description="who wanted it; the salon's limits don't hold here")
    notify: Notify = True


class WantedBookings(BaseModel):
    starts_from: Moment | None = None
    starts_before: Moment | None = None
    staff_id: UUID | None = None
    service_id: UUID | None = None
    customer_id: UUID | None = None
    status: Literal["confirmed", "cancelled", "completed", "no_show"] | None = None


class BookingView(shapes.View):
    id: UUID
    slot_id: UUID
    customer_id: UUID
    customer_name: str
    phone: str | None
    staff_id: UUID
    staff_name: str
    service_id: UUID
    service_name: str
    starts_at: datetime
    ends_at: datetime
    status: str
    source: str
    cancelled_at: datetime | None
    cancelled_by: str | None
    reason: str
    created_at: datetime
    changed_at: datetime
    customer_confirmed_at: datetime | None = Field(description="when they last said that they come")
    customer_moves: int = Field(description="how often they moved it themselves")
    sequence: int = Field(description="how often it was changed")


class CancelledView(BaseModel):
    booking_id: UUID
    status: str = "cancelled"
    slot: shapes.OpeningView | None = Field(description="the time that came free; null: see not_offered")
    not_offered: shapes.RuleView | None = Field(description="why the time is offered to nobody; null: it is")


class ChangedView(BaseModel):
    booking: BookingView
    slot: shapes.OpeningView | None = Field(description="the time that it left; null: see not_offered")
    not_offered: shapes.RuleView | None = Field(
        description="why that time is offered to nobody; null: it is, or the booking stayed where it was"
    )


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_booking(body: BookingBody, caller: GetCaller) -> BookingView:
    """Books a free time for a customer. One that can't be had is answered with the next three that can."""
    async with or_the_next(caller), caller.transaction() as tx:
        with shapes.of_customer():
            booking_id = await bookings.create(
                tx,
                body.customer.given(),
                body.staff_id,
                body.service_id,
                body.starts_at,
                now=caller.web.clock(),
                actor=caller.actor,
                notify=body.notify,
            )
        return BookingView(**await bookings.find(tx, booking_id))


@router.get("")
async def list_bookings(
    caller: GetCaller,
    wanted: Annotated[WantedBookings, Query()],
    cursor: Cursor | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> shapes.Page[BookingView]:
    """Bookings by start."""
    chosen = Filter(**wanted.model_dump())
    async with caller.transaction() as tx:
        rows = await bookings.page(tx, chosen, after=position_in(cursor), limit=limit + 1)
    shown = [BookingView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return shapes.Page(
        items=shown, next_cursor=cursor_of(shown[-1].starts_at, shown[-1].id) if more else None
    )


@router.get("/{booking_id}")
async def get_booking(booking_id: UUID, caller: GetCaller) -> BookingView:
    """One booking."""
    async with caller.transaction() as tx:
        return BookingView(**await bookings.find(tx, booking_id))


@router.patch("/{booking_id}")
async def change_booking(booking_id: UUID, body: ChangeBookingBody, caller: GetCaller) -> ChangedView:
    """Moves a booking to another time, staff member or service. The time that it leaves is offered to the waitlist."""
    changes = Changes(body.starts_at, body.staff_id, body.service_id, body.ends_at)
    async with or_the_next(caller), caller.transaction() as tx:
        freed = await bookings.change(
            tx,
            booking_id,
            changes,
            now=caller.web.clock(),
            actor=caller.actor,
            notify=body.notify,
            sequence=body.sequence,
        )
        booking = BookingView(**await bookings.find(tx, booking_id))
    return ChangedView(booking=booking, slot=_slot(freed), not_offered=shapes.withheld(freed.withheld))


@router.post("/{booking_id}/cancel")
async def cancel_booking(
    booking_id: UUID, caller: GetCaller, body: CancelBody | None = None
) -> CancelledView:
    """Cancels a booking. Its time is offered to the waitlist at once, if it can still be worked."""
    return await _cancelled(booking_id, caller, body or CancelBody())


@router.delete("/{booking_id}")
async def delete_booking(
    booking_id: UUID, caller: GetCaller, how: Annotated[CancelBody, Query()]
) -> CancelledView:
    """Cancels a booking, as POST …/cancel does; it stays in the list as cancelled."""
    return await _cancelled(booking_id, caller, how)


@router.post("/{booking_id}/complete")
async def complete_booking(booking_id: UUID, caller: GetCaller) -> BookingView:
    """Says that the appointment took place."""
    return await _ended(booking_id, caller, "completed")


@router.post("/{booking_id}/no-show")
async def miss_booking(booking_id: UUID, caller: GetCaller) -> BookingView:
    """Says that the customer didn't come."""
    return await _ended(booking_id, caller, "no_show")


async def _cancelled(booking_id: UUID, caller: Caller, body: CancelBody) -> CancelledView:
    async with caller.transaction() as tx:
        freed = await bookings.cancel(
            tx,
            booking_id,
            now=caller.web.clock(),
            reason=body.reason,
            actor=caller.actor,
            by=body.by,
            within_limits=False,
            notify=body.notify,
        )
    return CancelledView(
        booking_id=booking_id, slot=_slot(freed), not_offered=shapes.withheld(freed.withheld)
    )


async def _ended(booking_id: UUID, caller: Caller, became: Literal["completed", "no_show"]) -> BookingView:
    async with caller.transaction() as tx:
        await bookings.end(tx, booking_id, became, now=caller.web.clock(), actor=caller.actor)
        return BookingView(**await bookings.find(tx, booking_id))


def _slot(freed: Freed) -> shapes.OpeningView | None:
    return shapes.OpeningView.model_validate(freed.opening) if freed.opening else None
