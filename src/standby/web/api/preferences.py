"""What customers usually book: shown, and suggested for the form of somebody who joins."""

import calendar
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from standby.bookings import preferences
from standby.bookings.preferences import Liked, Suggestion
from standby.web.api import shapes
from standby.web.api.caller import GetCaller
from standby.web.api.fields import documented
from standby.web.api.forms import FormRoute

router = APIRouter(tags=["customers"], route_class=FormRoute)


class LikedView(shapes.View):
    visits: int
    percent: int = Field(description="of all visits; one counts half as much as another 180 days later")
    favourite: bool = Field(description="at least two visits, and at least one in three by weight")


class LikedThing(LikedView):
    id: UUID = Field(validation_alias="value")
    name: str


class LikedWeekday(LikedView):
    weekday: int = Field(validation_alias="value", description="ISO: Monday is 1")


class LikedHour(LikedView):
    hour: int = Field(validation_alias="value", description="0 to 23, by the salon's clock")


class PreferencesView(shapes.View):
    """What a customer usually books, the most liked first; a visit is a booking that was kept or is still to come."""

    customer_id: UUID
    customer_name: str
    visits: int
    first_at: datetime | None = Field(description="the first of these visits; null: there is none")
    last_at: datetime | None = Field(description="the last, which may be still to come")
    services: list[LikedThing]
    staff: list[LikedThing]
    weekdays: list[LikedWeekday]
    hours: list[LikedHour]


class WhoBody(shapes.Body):
    phone: Annotated[str, documented("string", examples=["+47 412 34 567"])]
    service_id: UUID


class SuggestionView(shapes.View):
    """Fields of a wish, to be shown to whoever fills it in."""

    staff_id: UUID | None = Field(description="null: anyone")
    weekdays: list[int]
    from_minute: int
    until_minute: int
    why: list[str] = Field(description="what it was made of; empty: they are new, or have no favourites")


@router.get("/customers/{customer_id}/preferences")
async def get_preferences(customer_id: UUID, caller: GetCaller) -> PreferencesView:
    """Favourite services, staff members, weekdays and hours of a customer. Counted in the background."""
    async with caller.transaction() as tx:
        known = await preferences.of_customer(tx, customer_id)
    return PreferencesView(
        customer_id=known.customer_id,
        customer_name=known.customer_name,
        visits=known.visits,
        first_at=known.first_at,
        last_at=known.last_at,
        services=[LikedThing.model_validate(one) for one in known.of("service")],
        staff=[LikedThing.model_validate(one) for one in known.of("staff")],
        weekdays=[LikedWeekday.model_validate(one) for one in known.of("weekday")],
        hours=[LikedHour.model_validate(one) for one in known.of("hour")],
    )


@router.post("/waitlist/suggestion")
async def suggest_wish(body: WhoBody, caller: GetCaller) -> SuggestionView:
    """What to fill the form with for somebody who wants to wait for a service, by what they usually book.

    Changes nothing, and nothing of it is assumed where POST /api/waitlist leaves it out. It is a POST because addresses
    are written to logs, where no phone number belongs.
    """
    async with caller.transaction() as tx:
        suggestion = await preferences.suggest(tx, body.phone, body.service_id)
    return SuggestionView(
        staff_id=suggestion.staff_id,
        weekdays=list(suggestion.weekdays),
        from_minute=suggestion.from_minute,
        until_minute=suggestion.until_minute,
        why=[_why(one, suggestion) for one in suggestion.because],
    )


def _why(liked: Liked, suggestion: Suggestion) -> str:
    """Kim at 5 of 6 visits."""
    match liked.aspect:
        case "weekday":
            what = f"on a {calendar.day_name[int(liked.value) - 1]}"
        case "hour":
            what = f"from {liked.value}:00 to {liked.value}:59"
        case _:
            what = f"with {liked.name}"
    return f"{what} at {liked.visits} of {suggestion.visits} visits"
