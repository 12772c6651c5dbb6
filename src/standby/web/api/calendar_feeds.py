"""/api/calendar-feeds: private addresses where calendar programs read the bookings."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from standby.calendars import feeds
from standby.web.api.caller import GetCaller
from standby.web.api.forms import SecretFormRoute
from standby.web.api.shapes import Body, View

router = APIRouter(prefix="/calendar-feeds", tags=["calendars"], route_class=SecretFormRoute)


class FeedBody(Body):
    staff_id: UUID | None = Field(default=None, description="whose bookings; null: the whole salon's")
    contacts: bool = Field(
        default=False, description="true: customers' full names and numbers; false: first names"
    )


class FeedView(View):
    id: UUID
    staff_id: UUID | None = Field(description="null: the whole salon's")
    contacts: bool
    created_at: datetime = Field(description="since when it has its address")


class NewFeedView(FeedView):
    url: str = Field(description="the address: whoever has it can read. It is shown this once")


@router.post("", status_code=status.HTTP_201_CREATED)
async def make_feed(caller: GetCaller, body: FeedBody | None = None) -> NewFeedView:
    """Makes the feed, or gives it a new address if there is one already; the old address ends at once."""
    wanted = body or FeedBody()
    async with caller.transaction() as tx:
        feed, token = await feeds.make(tx, wanted.staff_id, contacts=wanted.contacts, now=caller.web.clock())
    return NewFeedView(**vars(feed), url=f"{caller.web.public_url}/calendars/{token}.ics")


@router.get("")
async def list_feeds(caller: GetCaller) -> list[FeedView]:
    """The salon's feeds, without their addresses: nobody knows them but who was shown them."""
    async with caller.transaction() as tx:
        return [FeedView.model_validate(feed) for feed in await feeds.all_of(tx)]


@router.delete("/{feed_id}", status_code=status.HTTP_204_NO_CONTENT)
async def end_feed(feed_id: UUID, caller: GetCaller) -> None:
    """Ends a feed: its address shows nothing any more."""
    async with caller.transaction() as tx:
        await feeds.end(tx, feed_id)
