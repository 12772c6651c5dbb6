"""/api/usage, /api/quotas: what the salon has sent each month, what that costs, and how much it may."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, StringConstraints

from standby.messages import usage
from standby.web.api import shapes
from standby.web.api.caller import GetCaller
from standby.web.api.fields import Channel, in_reach
from standby.web.api.forms import FormRoute

router = APIRouter(tags=["sending"], route_class=FormRoute)


def _a_month(text: str) -> str:
    in_reach(date.fromisoformat(f"{text}-01"))
    return text


Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$"), AfterValidator(_a_month)]


@router.get("/usage")
async def get_usage(
    caller: GetCaller,
    month: Annotated[Month | None, Query(description="like 2026-11; left out: this month")] = None,
) -> shapes.UsageView:
    """What went out in a month of the salon's calendar, by channel, with its quota."""
    async with caller.transaction() as tx:
        if month is None:
            first = await usage.current_month(tx, now=caller.web.clock())
        else:
            first = date.fromisoformat(f"{month}-01")
        channels = await usage.of_month(tx, first)
    return shapes.UsageView.model_validate({"month": f"{first:%Y-%m}", "channels": channels})


@router.put("/quotas/{channel}")
async def set_quota(channel: Channel, body: shapes.QuotaBody, caller: GetCaller) -> shapes.QuotaView:
    """Sets how many messages may go out by a channel each month, and what one costs.

    A channel that is used up gives way to the customer's next. What was counted already keeps the price it had.
    """
    quota = usage.Quota(body.limit, body.unit_cost, body.currency)
    async with caller.transaction() as tx:
        await usage.set_quota(tx, channel, quota)
    return shapes.QuotaView(channel=channel, **vars(quota))
