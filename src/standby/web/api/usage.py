"""/api/usage, /api/quotas: what the salon has sent each month, what that costs, and how much it may."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from standby.messages import usage
from standby.web.api.caller import GetCaller
from standby.web.api.fields import Channel, documented, in_reach
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import Body, View

router = APIRouter(tags=["sending"], route_class=FormRoute)


def _a_month(text: str) -> str:
    in_reach(date.fromisoformat(f"{text}-01"))
    return text


Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$"), AfterValidator(_a_month)]


class CostView(View):
    amount: Decimal
    currency: str


class ChannelUsageView(View):
    channel: str
    messages: int
    segments: int = Field(description="as the provider counts: a long SMS is several")
    costs: list[CostView] = Field(description="estimated, by the quota's price at the time of sending")
    limit: int | None = Field(description="messages a month; null: any number")
    left: int | None


class UsageView(View):
    month: str
    channels: list[ChannelUsageView]


class QuotaBody(Body):
    limit: Annotated[int, documented("integer", minimum=0)] | None = Field(
        description="messages a month; null: any number"
    )
    unit_cost: Annotated[Decimal, documented("number", minimum=0)] = Field(
        default=Decimal(0), description="of one segment, for the estimate"
    )
    currency: Annotated[str, documented("string", examples=["NOK"])]


class QuotaView(BaseModel):
    channel: str
    limit: int | None
    unit_cost: Decimal
    currency: str


@router.get("/usage")
async def get_usage(
    caller: GetCaller,
    month: Annotated[Month | None, Query(description="like 2026-11; left out: this month")] = None,
) -> UsageView:
    """What went out in a month of the salon's calendar, by channel, with its quota."""
    async with caller.transaction() as tx:
        if month is None:
            first = await usage.current_month(tx, now=caller.web.clock())
        else:
            first = date.fromisoformat(f"{month}-01")
        channels = await usage.of_month(tx, first)
    return UsageView.model_validate({"month": f"{first:%Y-%m}", "channels": channels})


@router.put("/quotas/{channel}")
async def set_quota(channel: Channel, body: QuotaBody, caller: GetCaller) -> QuotaView:
    """Sets how many messages may go out by a channel each month, and what one costs.

    A channel that is used up gives way to the customer's next. What was counted already keeps the price it had.
    """
    quota = usage.Quota(body.limit, body.unit_cost, body.currency)
    async with caller.transaction() as tx:
        await usage.set_quota(tx, channel, quota)
    return QuotaView(channel=channel, **vars(quota))
