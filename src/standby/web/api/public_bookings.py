"""/api/public/{salon}/bookings: customers book for themselves."""

import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, status
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from standby.bookings import bookings
from standby.signed_links import BOOKING, Linked, token_for
from standby.tenants.customers import Person
from standby.web.api import shapes
from standby.web.api.alternatives import or_the_next
from standby.web.api.fields import Moment
from standby.web.api.visitor import (
    NOT_TAKEN_OVER,
    GetVisitor,
    VisitorRoute,
    VouchedBody,
    grant_named,
    kept_of,
    vouched,
)
from standby.web.context import Web


class BookedRoute(VisitorRoute):
    """What is kept of an answer for who asks again holds no link: it is made anew each time that it is given."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_with_link(request: Request) -> Response:
            response = await handle(request)
            return _with_link(response, request.state.salon_id, request.app.state.web)

        return handle_with_link


router = APIRouter(prefix="/public/{salon}/bookings", tags=["public"], route_class=BookedRoute)


class PublicBookingBody(VouchedBody):
    staff_id: UUID
    service_id: UUID
    starts_at: Moment


class PublicBookingView(BaseModel):
    id: UUID
    service_name: str
    staff_name: str
    starts_at: datetime
    ends_at: datetime
    not_taken_over: list[str] = Field(description=NOT_TAKEN_OVER)
    manage_url: str = Field(default="", description="the page where they can move or cancel it; theirs alone")


@router.post("", status_code=status.HTTP_201_CREATED)
async def book(body: PublicBookingBody, visitor: GetVisitor) -> PublicBookingView:
    """Books a free time. One that can't be had is answered with the next three that can."""
    now = visitor.web.clock()
    await visitor.count_write(visitor.number(body.customer.phone))
    time = body.staff_id, body.service_id, body.starts_at
    waitlist = f"/api/public/{visitor.salon.slug}/waitlist"
    async with (
        or_the_next(visitor, waitlist=waitlist, with_notice=True),
        visitor.transaction() as tx,
    ):
        with shapes.of_customer():

            async def check(person: Person) -> None:
                await bookings.check(tx, person, *time, now=now)

            person = await vouched(tx, visitor, body, check)
            booking_id = await bookings.create(tx, person, *time, now=now, actor=visitor.actor)
            await grant_named(tx, visitor, person)
        booked = await bookings.find(tx, booking_id)
        kept = await kept_of(tx, visitor, person)
    return PublicBookingView(**booked, not_taken_over=kept)


def _with_link(response: Response, salon_id: UUID, web: Web) -> Response:
    booked = json.loads(bytes(response.body))
    token = token_for(web.secret, Linked(salon_id, UUID(booked["id"])), BOOKING)
    booked["manage_url"] = f"{web.public_url}/b/{token}"
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return JSONResponse(booked, response.status_code, headers)
