"""/api/calendars: calendars elsewhere that belong to staff members."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import AfterValidator, BaseModel, Field

from standby.calendars import google_connect, links
from standby.calendars.google_connect import PRIMARY
from standby.web.api.caller import GetCaller
from standby.web.api.fields import plain
from standby.web.api.forms import SecretFormRoute
from standby.web.api.shapes import Body, View

router = APIRouter(prefix="/calendars", tags=["calendars"], route_class=SecretFormRoute)


class GoogleBody(Body):
    staff_id: UUID
    calendar: Annotated[str, Field(min_length=1, max_length=254), AfterValidator(plain)] = Field(
        default=PRIMARY,
        description="which of their calendars, by its id at Google; it has to be one that they own",
    )


class GoogleConsentView(BaseModel):
    url: str = Field(description="where they allow it, within ten minutes; it works once")


class CalendarView(View):
    id: UUID
    staff_id: UUID
    staff_name: str
    kind: Literal["google", "ical", "caldav"]
    address: str = Field(description="the calendar's name at Google, or its address")
    writes: bool = Field(description="true: the staff member's bookings are written there")
    state: Literal["active", "failing", "reconnect"] = Field(
        description="failing: it is tried again by itself; reconnect: somebody has to connect it anew"
    )
    failure: str | None = Field(description="what went wrong the last time")
    failing_since: datetime | None
    read_at: datetime | None = Field(description="when it was last known who is busy when")
    next_read_at: datetime | None
    pending_writes: int = Field(description="bookings that it doesn't show as they are")
    write_failure: str | None = Field(description="why, if not only because they are new")


@router.get("")
async def list_calendars(caller: GetCaller) -> list[CalendarView]:
    """The linked calendars, and how they are."""
    async with caller.transaction() as tx:
        return [CalendarView.model_validate(dict(row)) for row in await links.listed(tx)]


@router.post("/google", status_code=status.HTTP_201_CREATED)
async def connect_google(body: GoogleBody, caller: GetCaller) -> GoogleConsentView:
    """Begins to link a staff member's Google Calendar, or to connect it anew: they open `url` and allow it there."""
    async with caller.transaction() as tx:
        url = await google_connect.begin(
            tx, caller.web.calendars, body.staff_id, body.calendar, now=caller.web.clock()
        )
    return GoogleConsentView(url=url)


@router.post("/{calendar_id}/read-now", status_code=status.HTTP_202_ACCEPTED)
async def read_now(calendar_id: UUID, caller: GetCaller) -> None:
    """Has it read at once, and whatever waits to be written to it, written."""
    async with caller.transaction() as tx:
        await links.read_soon(tx, calendar_id, now=caller.web.clock())


@router.delete("/{calendar_id}", status_code=status.HTTP_204_NO_CONTENT)
async def unlink_calendar(calendar_id: UUID, caller: GetCaller) -> None:
    """Lets go of it: it is read and written no more, and its busy times are forgotten.

    Bookings that were written to it stay there as they are.
    """
    async with caller.transaction() as tx:
        await links.remove(tx, calendar_id)
