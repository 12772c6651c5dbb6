"""/api/free-times: when a service can be had, and from whom."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from standby.bookings import free_times
from standby.bookings.free_times import MOST_DAYS
from standby.web.api import shapes
from standby.web.api.caller import GetCaller
from standby.web.api.fields import Date
from standby.web.api.forms import FormRoute

router = APIRouter(prefix="/free-times", tags=["bookings"], route_class=FormRoute)


class FreeTimeView(shapes.View):
    starts_at: datetime
    ends_at: datetime
    staff: list[UUID]


@router.get("")
async def list_free_times(
    caller: GetCaller,
    service_id: UUID,
    date: Annotated[Date, Query(description="the first day, by the salon's clock")],
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 1,
    staff_id: Annotated[UUID | None, Query(description="left out: anyone who does it")] = None,
) -> list[FreeTimeView]:
    """The free times of a service that are still to come, by start."""
    async with caller.transaction() as tx:
        free = await free_times.on_days(tx, service_id, date, days, staff_id=staff_id, now=caller.web.clock())
    return [FreeTimeView.model_validate(one) for one in free]
