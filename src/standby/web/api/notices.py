"""/api/notices: what the salon has to know of its sending, its calendars and its webhooks."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import AfterValidator

from standby.messages import notices
from standby.messages.notices import Position
from standby.web.api.caller import GetCaller
from standby.web.api.cursors import cursor_of, position_in, readable
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import Page, View

router = APIRouter(prefix="/notices", tags=["sending"], route_class=FormRoute)


class NoticeView(View):
    id: UUID
    kind: str
    details: dict[str, Any]
    at: datetime
    seen_at: datetime | None


def _readable(cursor: str) -> str:
    part, _, place = cursor.partition(".")
    readable(place if part in {"new", "seen"} else "")
    return cursor


# Says which part of the list the page ended in: what is marked as seen between two pages hides nothing of the next.
NoticeCursor = Annotated[str, AfterValidator(_readable)]


@router.get("")
async def list_notices(
    caller: GetCaller,
    cursor: NoticeCursor | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[NoticeView]:
    """Notices: those that nobody has seen first, then the newest.

    `quota_used_up`: a channel has sent what it may this month; messages take the customer's next. `sender_refused`:
    the provider refuses the salon's number or mailbox; somebody has to act. `reminder_failed`: a customer could not be
    reminded of their appointment. `calendar_failing`: a linked calendar can't be read or written, and is tried again;
    `calendar_reconnect`: it has to be connected anew. `webhook_ended`: a webhook is told nothing more: it is gone or
    has failed for days.
    """
    async with caller.transaction() as tx:
        rows = await notices.page(tx, after=_position_in(cursor), limit=limit + 1)
    shown = [NoticeView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items=shown, next_cursor=_cursor_of(shown[-1]) if more else None)


@router.post("/{notice_id}/seen", status_code=status.HTTP_204_NO_CONTENT)
async def mark_seen(notice_id: UUID, caller: GetCaller) -> None:
    """Notes that somebody has read it."""
    async with caller.transaction() as tx:
        await notices.mark_seen(tx, notice_id, now=caller.web.clock())


def _cursor_of(notice: NoticeView) -> str:
    return f"{'seen' if notice.seen_at else 'new'}.{cursor_of(notice.at, notice.id)}"


def _position_in(cursor: str | None) -> Position | None:
    part, _, place = (cursor or "").partition(".")
    position = position_in(place or None)
    return None if position is None else (part == "seen", *position)
