"""/api/bookings: book, look, cancel."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status

from standby.bookings import bookings
from standby.web.api import shapes
from standby.web.api.caller import GetCaller
from standby.web.api.cursors import Cursor, cursor_of, position_in
from standby.web.api.fields import Moment
from standby.web.api.forms import FormRoute

router = APIRouter(prefix="/bookings", tags=["bookings"], route_class=FormRoute)


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_booking(body: shapes.BookingBody, caller: GetCaller) -> shapes.BookingView:
    """Books a free time for a customer."""
    async with caller.transaction() as tx:
        with shapes.of_customer():
            booking_id = await bookings.create(
                tx,
                body.customer.given(),
                body.staff_id,
                body.service_id,
                body.starts_at,
                now=caller.web.clock(),
                actor=caller.actor,
            )
        return shapes.BookingView(**await bookings.find(tx, booking_id))


@router.get("")
async def list_bookings(
    caller: GetCaller,
    starts_from: Moment | None = None,
    starts_before: Moment | None = None,
    staff_id: UUID | None = None,
    status: Literal["confirmed", "cancelled", "completed", "no_show"] | None = None,
    cursor: Cursor | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> shapes.Page[shapes.BookingView]:
    """Bookings by start."""
    async with caller.transaction() as tx:
        rows = await bookings.page(
            tx,
            starts_from=starts_from,
            starts_before=starts_before,
            staff_id=staff_id,
            status=status,
            after=position_in(cursor),
            limit=limit + 1,
        )
    shown = [shapes.BookingView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return shapes.Page(
        items=shown, next_cursor=cursor_of(shown[-1].starts_at, shown[-1].id) if more else None
    )


@router.get("/{booking_id}")
async def get_booking(booking_id: UUID, caller: GetCaller) -> shapes.BookingView:
    """One booking."""
    async with caller.transaction() as tx:
        return shapes.BookingView(**await bookings.find(tx, booking_id))


@router.post("/{booking_id}/cancel")
async def cancel_booking(
    booking_id: UUID, caller: GetCaller, body: shapes.CancelBody | None = None
) -> shapes.CancelledView:
    """Cancels a booking. Its time is offered to the waitlist at once, if it can still be worked."""
    reason = (body or shapes.CancelBody()).reason
    async with caller.transaction() as tx:
        cancelled = await bookings.cancel(
            tx, booking_id, now=caller.web.clock(), reason=reason, actor=caller.actor
        )
    slot = shapes.OpeningView.model_validate(cancelled.opening) if cancelled.opening else None
    return shapes.CancelledView(
        booking_id=booking_id, slot=slot, not_offered=shapes.withheld(cancelled.withheld)
    )
