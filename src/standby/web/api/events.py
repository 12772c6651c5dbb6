"""/api/events: what changes in the salon, as it changes (Server-Sent Events; docs/events.md)."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from time import monotonic
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from standby.accounts.permissions import Permission
from standby.database.pool import CONNECTION_LOST
from standby.live.streams import RELOAD, News, Stream
from standby.tenants.sign_in import Identity
from standby.web.api.caller import GetCaller, still_allowed
from standby.web.api.shapes import View
from standby.web.context import GetWeb
from standby.web.errors import ANSWERS_IN_JSON

router = APIRouter(tags=["events"])

RETRY_MILLISECONDS: Final = 2000
# What more one has to be allowed to be told of changes whose type begins so.
NEEDED: Final[Mapping[str, Permission]] = {
    "message": Permission.READ_MESSAGES,
    "reply": Permission.READ_MESSAGES,
    "notice": Permission.READ_SALON,
}

Place = Annotated[str | None, Query(max_length=40, description="the `id` up to which everything was seen")]
LastPlace = Annotated[str | None, Header(alias="Last-Event-ID", max_length=40)]


class ChangeView(View):
    """A row that has changed. What it says now, the row's own address tells."""

    type: str = Field(
        description="booking, entry, slot, offer or message, and the state that it has got, or changed; "
        "closure.changed, reply.received, reply.handled, notice.added"
    )
    id: UUID
    at: datetime = Field(description="of changes of one row and type, those with one `at` are one change")


async def _opened(
    caller: GetCaller, web: GetWeb, after: Place = None, last_event_id: LastPlace = None
) -> AsyncIterator[Stream]:
    await web.live.begin()
    with web.live.streams.opened(caller.identity.tenant_id, last_event_id or after) as stream:
        yield stream


@router.get("/events", response_class=EventSourceResponse, responses=ANSWERS_IN_JSON)
async def stream_changes(
    request: Request, caller: GetCaller, web: GetWeb, stream: Annotated[Stream, Depends(_opened)]
) -> AsyncIterator[ServerSentEvent]:
    """What changes in the salon, as Server-Sent Events, until who reads them may no more.

    `waitlist:salon:{salon id}` tells of a row; `reload` says that anything may have changed.
    """
    yield ServerSentEvent(retry=RETRY_MILLISECONDS)
    identity: Identity | None = caller.identity
    name, asked_at = f"waitlist:salon:{caller.identity.tenant_id}", monotonic()
    while identity is not None:
        news = await stream.next(web.live.check_seconds)
        if news is None and stream.over:
            return
        if monotonic() - asked_at >= web.live.check_seconds:
            identity, asked_at = await _same(request, caller.identity, web), monotonic()
        if news is not None and identity is not None and _may_hear(identity, news):
            yield _written(name, news)


async def _same(request: Request, before: Identity, web: GetWeb) -> Identity | None:
    """Who reads now; None: nobody who may, or somebody who has gone to another salon, or it can't be known."""
    try:
        identity = await still_allowed(request, web)
    except CONNECTION_LOST:
        return None
    return identity if identity is not None and identity.tenant_id == before.tenant_id else None


def _may_hear(identity: Identity, news: News) -> bool:
    needed = NEEDED.get(news.change.type.partition(".")[0])
    return needed is None or needed in identity.permissions


def _written(name: str, news: News) -> ServerSentEvent:
    change = news.change
    if change.row_id is None or change.at is None:
        return ServerSentEvent(event=RELOAD, id=news.place, data={"type": RELOAD})
    told = ChangeView(type=change.type, id=change.row_id, at=datetime.fromisoformat(change.at))
    return ServerSentEvent(event=name, id=news.place, data=told)
