"""/app/calendar/slots/…: a time that the waitlist is asked for, with its cascade; and closures, which end there too."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.database.pool import Tx
from standby.errors import ClosureNotFound, Conflict, CustomerNotFound, Invalid
from standby.tenants import closures, customers
from standby.waitlist import slots, undo
from standby.waitlist.lifecycle import SlotState
from standby.web.dashboard.calendar_fields import HERE, Reading
from standby.web.dashboard.calendar_page import Asked, Reader, Writer, looking_of
from standby.web.dashboard.calendar_view import WHY_UNFILLED, Looking, clock_of
from standby.web.dashboard.news import Done, can_be_offered_again, may_close, news_of
from standby.web.dashboard.visitor import Visitor

router = APIRouter(prefix=HERE, include_in_schema=False)

JUDGED: Final = 200  # of those who wait, to tell why nobody is asked
NEXT_SHOWN: Final = 3


@router.api_route("/slots/{slot_id}", methods=["GET", "HEAD"])
async def show_slot(visitor: Reader, slot_id: UUID, done: Annotated[Done, Depends()]) -> HTMLResponse:
    return await _page(visitor, slot_id, done=done)


@router.post("/slots/{slot_id}/open")
async def ask_now(visitor: Writer, slot_id: UUID) -> Response:
    """Asks the first one now, whatever grace the time has."""
    try:
        async with visitor.transaction() as tx:
            await slots.open_again(tx, slot_id)
    except Conflict as refused:
        return await _page(visitor, slot_id, refused=refused)
    return RedirectResponse(f"{HERE}/slots/{slot_id}?said=opened", status_code=303)


@router.post("/slots/{slot_id}/take-back")
async def take_back(visitor: Writer, slot_id: UUID) -> Response:
    """Doesn't offer it any more; who was asked keeps their place."""
    now, actor = visitor.web.clock(), visitor.session.actor
    try:
        async with visitor.transaction() as tx:
            row = await slots.find(tx, slot_id)
            await slots.take_back(tx, slot_id, now=now, reason="taken_back", actor=actor)
    except Conflict as refused:
        return await _page(visitor, slot_id, refused=refused)
    day = _day_of(row["starts_at"], visitor)
    return RedirectResponse(f"{day}&said=taken_back&slot={slot_id}", status_code=303)


@router.post("/slots/{slot_id}/put-back")
async def put_back(visitor: Writer, slot_id: UUID) -> Response:
    """Offers it again after it was taken back, if nobody has its time."""
    try:
        async with visitor.transaction() as tx:
            await undo.take_back(tx, slot_id, now=visitor.web.clock(), actor=visitor.session.actor)
    except (Conflict, Invalid) as refused:
        return await _page(visitor, slot_id, refused=refused)
    return RedirectResponse(f"{HERE}/slots/{slot_id}?said=offered_again", status_code=303)


@router.api_route("/closures/{closure_id}", methods=["GET", "HEAD"])
async def show_closure(visitor: Reader, closure_id: UUID) -> HTMLResponse:
    async with visitor.transaction() as tx:
        row = await closures.find(tx, closure_id)
    return visitor.page(
        "salon_closure.html",
        "calendar",
        closure=dict(row),
        starts=visitor.moment(row["starts_at"]),
        ends=visitor.moment(row["ends_at"]),
        day=_day_of(row["starts_at"], visitor),
        may_remove=may_close(row, visitor),
    )


@router.post("/closures/{closure_id}/remove")
async def remove_closure(visitor: Writer, closure_id: UUID) -> Response:
    """Opens that time again; the whole salon's only whoever may close it."""
    try:
        async with visitor.transaction() as tx:
            row = await closures.find(tx, closure_id)
            if not may_close(row, visitor):
                return RedirectResponse(f"{HERE}/closures/{closure_id}", status_code=303)
            await closures.remove(tx, closure_id)
    except ClosureNotFound:  # Somebody was faster.
        return RedirectResponse(f"{HERE}?said=unblocked", status_code=303)
    day = _day_of(row["starts_at"], visitor)
    return RedirectResponse(f"{day}&said=unblocked&closure={closure_id}", status_code=303)


@router.post("/closures/{closure_id}/put-back")
async def put_closure_back(visitor: Writer, closure_id: UUID) -> Response:
    """Undoes that it was removed."""
    try:
        async with visitor.transaction() as tx:
            row = await closures.removed(tx, closure_id)
            if row is not None and not may_close(row, visitor):
                return RedirectResponse(HERE, status_code=303)
            if row is not None:
                await closures.put_back(tx, row, now=visitor.web.clock())
            row = row or await closures.find(tx, closure_id)  # It was sent twice.
    except Invalid:
        return RedirectResponse(f"{HERE}?said=too_late", status_code=303)
    return RedirectResponse(f"{_day_of(row['starts_at'], visitor)}&said=blocked", status_code=303)


def _day_of(when: datetime, visitor: Visitor) -> str:
    return Asked(when.astimezone(visitor.salon.zone).date()).address


async def _page(
    visitor: Visitor, slot_id: UUID, *, done: Done | None = None, refused: Conflict | Invalid | None = None
) -> HTMLResponse:
    looking, formats = looking_of(visitor), visitor.formats
    reading = Reading(visitor.words, visitor.salon.zone)
    if refused is not None:
        reading.refused(refused)
    async with visitor.transaction() as tx:
        row = await slots.find(tx, slot_id)
        asked = await slots.asked(tx, slot_id)
        freed_by = await _name_of(tx, row["freed_by_customer_id"])
        judged = await _judged(tx, row, looking)
        news = await news_of(tx, done, visitor) if done else None
    is_open = row["status"] == SlotState.OPEN
    why = row["unfilled_reason"] if row["unfilled_reason"] in WHY_UNFILLED and is_open else None
    return visitor.page(
        "salon_slot.html",
        "calendar",
        status=reading.status if refused else 200,
        slot=dict(row),
        about=looking.words("calendar.slot.title", service=row["service_name"], staff=row["staff_name"]),
        when=f"{formats.date(row['starts_at'])}, {formats.times(row['starts_at'], row['ends_at'])}",
        day=_day_of(row["starts_at"], visitor),
        until=clock_of(row["hold_expires_at"], looking) if row["hold_expires_at"] else None,
        begins=formats.moment(row["fill_at"], looking.now)
        if row["fill_at"] and row["fill_at"] > looking.now
        else "",
        freed_by=freed_by,
        why=why,
        checked=formats.moment(row["checked_at"], looking.now) if row["checked_at"] and is_open else "",
        asked=[_asked(one, looking) for one in asked],
        judged=judged,
        is_open=is_open,
        news=news,
        problems=list(reading.problems.values()),
        may_open=looking.may_write and is_open and row["starts_at"] > looking.now,
        may_take_back=looking.may_write and row["status"] in (SlotState.OPEN, SlotState.HELD),
        may_put_back=can_be_offered_again(row, visitor),
    )


def _asked(row: Any, looking: Looking) -> dict[str, Any]:
    """One who was asked."""
    formats = looking.formats
    pending = row["status"] == "pending"
    return {
        "name": row["customer_name"],
        "status": row["status"],
        "score": row["score"],
        "asked_at": formats.moment(row["offered_at"], looking.now),
        "channel": row["channel"],
        "sent": row["sent_at"] is not None,
        "clock": clock_of(row["expires_at"], looking) if pending else None,
        "ended_at": formats.moment(row["ended_at"], looking.now) if row["ended_at"] else "",
        "booking": row["booking_id"],
        "since_cancelled": row["booking_status"] == "cancelled",
    }


async def _name_of(tx: Tx, customer_id: UUID | None) -> str | None:
    if customer_id is None:
        return None
    try:
        return (await customers.find(tx, customer_id)).name
    except CustomerNotFound:
        return None


async def _judged(tx: Tx, row: Any, looking: Looking) -> dict[str, Any] | None:
    """Of a time that is open: who would be next, and by which rules how many of the others are left out."""
    if row["status"] != SlotState.OPEN:
        return None
    judged = await slots.candidates(tx, row["id"], now=looking.now, limit=JUDGED)
    ranked = judged.ranked
    return {
        "next": [(judged.names[one.entry_id], score.total) for one, score in ranked.eligible[:NEXT_SHOWN]],
        "excluded": Counter(rule for _, rule in ranked.excluded).most_common(),
        "left_out": judged.left_out,
        "withheld": judged.withheld,
    }
