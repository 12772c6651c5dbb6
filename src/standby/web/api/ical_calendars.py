"""/api/calendars/ical: feeds that staff members keep elsewhere, read for when they are busy."""

from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from standby.calendars import feed_links
from standby.web.api.calendars import CalendarView
from standby.web.api.caller import GetCaller
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import Body

router = APIRouter(prefix="/calendars", tags=["calendars"], route_class=FormRoute)


class IcalBody(Body):
    staff_id: UUID = Field(description="whose calendar it is")
    url: str = Field(description="where it is: https://…, http://… or webcal://…")


@router.post("/ical", status_code=status.HTTP_201_CREATED)
async def link_feed(body: IcalBody, caller: GetCaller) -> CalendarView:
    """Links a feed: whoever it belongs to is taken for busy when it says so. It is read at once, and every 10 minutes.

    What is wrong with it, if anything is, `state` and `failure` say then. The same address again is read anew.
    """
    async with caller.transaction() as tx:
        row = await feed_links.link(
            tx, body.staff_id, body.url, seal=caller.web.calendars.seal, now=caller.web.clock()
        )
        return CalendarView.model_validate(dict(row))
