"""/api/customers/{id}/export and …/erase: what the law lets every customer ask for."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, status

from standby.privacy import personal_data
from standby.web.api.caller import GetCaller
from standby.web.api.forms import SecretFormRoute

# Answers that are kept for a repeated request would keep what was just erased.
router = APIRouter(prefix="/customers", tags=["customers"], route_class=SecretFormRoute)


@router.post("/{customer_id}/export")
async def export_customer(customer_id: UUID, caller: GetCaller) -> dict[str, Any]:
    """All that the salon knows of a customer: who they are, consents, waitlist, offers, bookings, messages, replies,
    preferences. The audit log says who asked for it.
    """
    async with caller.transaction() as tx:
        return await personal_data.export(tx, customer_id)


@router.post("/{customer_id}/erase", status_code=status.HTTP_204_NO_CONTENT)
async def erase_customer(customer_id: UUID, caller: GetCaller) -> None:
    """Takes a customer off the waitlist and out of everything, for good; that somebody booked and was written to stays.

    Who has appointments to come is not erased before those are cancelled.
    """
    async with caller.transaction() as tx:
        await personal_data.erase(tx, customer_id, now=caller.web.clock(), actor=caller.actor)
