"""What else there is for somebody who can't have the time that they asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from standby.bookings import free_times
from standby.errors import OutsideBusinessHours, SlotTaken
from standby.web.api.caller import Caller


@asynccontextmanager
async def or_the_next(
    caller: Caller, *, waitlist: str = "/api/waitlist", with_notice: bool = False
) -> AsyncIterator[None]:
    """Who can't have a time is told the next ones that are free, and how to wait for one.

    `with_notice`: the salon's minimum notice holds for them.
    """
    try:
        yield
    except (SlotTaken, OutsideBusinessHours) as refused:
        told = refused.details
        service_id, staff_id = (UUID(told[name]) for name in ("service_id", "staff_id"))
        wanted_at, now = datetime.fromisoformat(told["starts_at"]), caller.web.clock()
        async with caller.reading() as tx:
            free = await free_times.next_after(
                tx, service_id, staff_id, wanted_at, now=now, with_notice=with_notice
            )
        next_free = [{"starts_at": one.starts_at.isoformat(), "staff_id": str(one.staff[0])} for one in free]
        wait = {"address": waitlist, "service_id": str(service_id), "staff_id": str(staff_id)}
        raise type(refused)(**told, next_free=next_free, waitlist=wait) from refused
