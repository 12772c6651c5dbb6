"""/api/bookings/{id}/reminders and /api/queue/stats: what is to be sent, and what became of it (seed 002)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from standby.bookings import reminding
from standby.messages import standing
from standby.web.api.caller import GetCaller
from standby.web.api.shapes import View

router = APIRouter(tags=["sending"])

SHOWN = 100


class ReminderView(BaseModel):
    jobId: str = Field(examples=["booking_0190b0a6-7c9f-7d3e-8a51-3f6f2c1d9e77-reminder-1"])  # noqa: N815 - the seed's
    state: Literal["waiting", "active", "completed", "failed", "dropped", "uncertain"] = Field(
        description="dropped: it was not sent, for its booking was cancelled or moved, or its time had passed; "
        "uncertain: nobody knows whether it was sent, and it is not sent again"
    )
    scheduledFor: datetime  # noqa: N815 - the seed's


class SalonQueueView(View):
    waiting: int = Field(description="messages that may go out now")
    active: int = Field(description="messages that are being sent")
    completed: int = Field(description="messages sent within the last 24 hours")
    failed: int = Field(description="of a week's messages: not sent, or nobody knows whether they were")
    delayed: int = Field(
        description="deadlines to come: messages that wait for their time, the next reminder of each booking, open "
        "offers, cooldowns, and slots whose first offer is put off"
    )


@router.get("/bookings/{booking_id}/reminders")
async def list_reminders(booking_id: UUID, caller: GetCaller, response: Response) -> list[ReminderView]:
    """A booking's reminders: the last 50 that were written, then those to come by today's rules.

    At most 100; the header X-Total-Count says how many there are, of those to come at most 1,000.
    """
    async with caller.transaction() as tx:
        found = await reminding.of_booking(tx, booking_id, limit=SHOWN)
    response.headers["X-Total-Count"] = str(found.total)
    return [
        ReminderView.model_validate(
            {
                "jobId": f"booking_{booking_id}-reminder-{one.number}",
                "state": one.state,
                "scheduledFor": one.scheduled_for,
            }
        )
        for one in found.items
    ]


@router.get("/queue/stats")
async def show_queue(caller: GetCaller) -> SalonQueueView:
    """How the salon's messages and deadlines stand."""
    async with caller.transaction() as tx:
        return SalonQueueView(**await standing.counts(tx, now=caller.web.clock()))
