"""/app/calendar/slots/…: a time that the waitlist is asked for, with its cascade; and closures, which end there too."""

from collections import Counter
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.accounts.permissions import Permission
from standby.database.pool import Tx
from standby.errors import ClosureNotFound, CustomerNotFound, SlotHasAppointment, SlotNotOpen
from standby.tenants import closures, customers
from standby.waitlist import slots
from standby.waitlist.lifecycle import SlotState
from standby.web.dashboard.calendar_fields import HERE
from standby.web.dashboard.calendar_page import Asked, Reader, Writer, looking_of
from standby.web.dashboard.calendar_view import WHY_UNFILLED, Looking, clock_of
from standby.web.dashboard.visitor import Visitor

router = APIRouter(prefix=HERE, include_in_schema=False)

JUDGED: Final = 200  # of those who wait, to tell why nobody is asked
NEXT_SHOWN: Final = 3
SAID: Final = ("cancelled", "opened")


@router.api_route("/slots/{slot_id}", methods=["GET", "HEAD"])
async def show_slot(visitor: Reader, slot_id: UUID, said: str = "") -> HTMLResponse:
    return await _page(visitor, slot_id, said=said if said in SAID else "")


@router.post("/slots/{slot_id}/open")
async def ask_now(visitor: Writer, slot_id: UUID) -> Response:
    """Asks the first one now, whatever grace the time has."""
    try:
        async with visitor.transaction() as tx:
            await slots.open_again(tx, slot_id)
    except SlotNotOpen:
        return await _page(visitor, slot_id, problem="slot_over")
    return RedirectResponse(f"{HERE}/slots/{slot_id}?said=opened", status_code=303)


@router.post("/slots/{slot_id}/take-back")
async def take_back(visitor: Writer, slot_id: UUID) -> Response:
    """Doesn't offer it any more; who was asked keeps their place."""
    try:
        async with visitor.transaction() as tx:
            row = await slots.find(tx, slot_id)
            await slots.take_back(
                tx, slot_id, now=visitor.web.clock(), reason="taken_back", actor=visitor.session.actor
            )
    except SlotHasAppointment:
        return await _page(visitor, slot_id, problem="slot_booked")
    except SlotNotOpen:
        return await _page(visitor, slot_id, problem="slot_over")
    return RedirectResponse(f"{_day_of(row['starts_at'], visitor)}&said=taken_back", status_code=303)


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
        may_remove=_may_remove(visitor, row),
    )


@router.post("/closures/{closure_id}/remove")
async def remove_closure(visitor: Writer, closure_id: UUID) -> Response:
    """Opens that time again; the whole salon's only whoever may close it."""
    try:
        async with visitor.transaction() as tx:
            row = await closures.find(tx, closure_id)
            if not _may_remove(visitor, row):
                return RedirectResponse(f"{HERE}/closures/{closure_id}", status_code=303)
            await closures.remove(tx, closure_id)
    except ClosureNotFound:  # Somebody was faster.
        return RedirectResponse(f"{HERE}?said=unblocked", status_code=303)
    return RedirectResponse(f"{_day_of(row['starts_at'], visitor)}&said=unblocked", status_code=303)


def _may_remove(visitor: Visitor, row: Any) -> bool:
    needs = Permission.WRITE_SALON if row["staff_id"] is None else Permission.WRITE_BOOK
    return needs in visitor.permissions


def _day_of(when: datetime, visitor: Visitor) -> str:
    return Asked(when.astimezone(visitor.salon.zone).date()).address


async def _page(visitor: Visitor, slot_id: UUID, *, said: str = "", problem: str = "") -> HTMLResponse:
    looking, formats = looking_of(visitor), visitor.formats
    async with visitor.transaction() as tx:
        row = await slots.find(tx, slot_id)
        asked = await slots.asked(tx, slot_id)
        freed_by = await _name_of(tx, row["freed_by_customer_id"])
        judged = await _judged(tx, row, looking)
    is_open = row["status"] == SlotState.OPEN
    why = row["unfilled_reason"] if row["unfilled_reason"] in WHY_UNFILLED and is_open else None
    return visitor.page(
        "salon_slot.html",
        "calendar",
        status=409 if problem else 200,
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
        said=said,
        problem=looking.words(f"calendar.problem.{problem}") if problem else "",
        may_open=looking.may_write and is_open and row["starts_at"] > looking.now,
        may_take_back=looking.may_write and row["status"] in (SlotState.OPEN, SlotState.HELD),
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
