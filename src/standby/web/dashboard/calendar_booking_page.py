"""/app/calendar/bookings/…: one appointment; moved, stretched, cancelled, put back, and how it went."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from standby.bookings import bookings, undo
from standby.bookings.bookings import Changes
from standby.bookings.undo import Known
from standby.database.pool import Tx
from standby.errors import BookingNotConfirmed, Conflict, FieldProblem, Invalid, OutsideBusinessHours
from standby.formats import phone_number
from standby.tenants import catalog, names
from standby.waitlist import slots
from standby.waitlist.lifecycle import BookingState
from standby.web.dashboard.calendar_fields import HERE, Reading, back_of
from standby.web.dashboard.calendar_page import Reader, Writer, day_with, looking_of
from standby.web.dashboard.news import can_stand_again, told
from standby.web.dashboard.visitor import Visitor
from standby.web.reading import moment_of

router = APIRouter(prefix=f"{HERE}/bookings", include_in_schema=False)

MINUTE: Final = timedelta(minutes=1)
LONGEST_WHY: Final = 200
# How it is told that an appointment stands again, by what its customer knows.
KNOWN: Final[Mapping[Known, str]] = {
    "nothing": "put_back",
    "told_again": "put_back_told",
    "to_be_called": "put_back_call",
}


class Move(BaseModel):
    """Where a booking is to go. By hand: day and time of the salon's clock; by the calendar's script: `starts_at`."""

    day: str = ""
    time: str = ""
    starts_at: str = ""
    minutes: str = ""
    staff: str = ""
    sequence: str = ""
    notify: str = ""
    back: str = ""


class Cancel(BaseModel):
    why: str = ""
    by: str = ""
    notify: str = ""
    offer: str = ""
    back: str = ""


@router.api_route("/{booking_id}", methods=["GET", "HEAD"])
async def show_booking(visitor: Reader, booking_id: UUID, said: str = "") -> HTMLResponse:
    return await _page(visitor, booking_id, said=said if said in ("booked", "moved") else "")


@router.post("/{booking_id}/move")
async def move(visitor: Writer, booking_id: UUID, typed: Annotated[Move, Form()]) -> Response:
    """Moves it, or makes it last until another end, if it still is as whoever looked saw it."""
    reading = Reading(visitor.words, visitor.salon.zone)
    async with visitor.transaction() as tx:
        people = await catalog.staff(tx)
    starts_at = moment_of(typed.starts_at) or reading.moment(typed.day, typed.time)
    length = reading.minutes(typed.minutes)
    staff_id = reading.choice("staff_id", typed.staff, [row["id"] for row in people])
    if starts_at and length and staff_id and not reading.problems:
        try:
            async with visitor.transaction() as tx:
                await bookings.change(
                    tx,
                    booking_id,
                    Changes(starts_at, staff_id, ends_at=starts_at + length),
                    now=visitor.web.clock(),
                    actor=visitor.session.actor,
                    notify=bool(typed.notify),
                    sequence=_number(typed.sequence),
                )
                row = await bookings.find(tx, booking_id)
            return _back(typed.back, row, "moved", visitor)
        except (Invalid, Conflict) as refused:
            reading.refused(refused)
    return await _page(visitor, booking_id, reading=reading, typed=typed.model_dump(), form="move")


@router.post("/{booking_id}/undo")
async def undo_move(visitor: Writer, booking_id: UUID, typed: Annotated[Move, Form()]) -> Response:
    """Puts it back where it was before its last move."""
    reading = Reading(visitor.words, visitor.salon.zone)
    try:
        async with visitor.transaction() as tx:
            await undo.move(
                tx,
                booking_id,
                _number(typed.sequence),
                now=visitor.web.clock(),
                actor=visitor.session.actor,
            )
            row = await bookings.find(tx, booking_id)
    except (Invalid, Conflict) as refused:
        reading.refused(refused)
        return await _page(visitor, booking_id, reading=reading, form="move")
    return _back(typed.back, row, "undone", visitor)


@router.post("/{booking_id}/cancel")
async def cancel(visitor: Writer, booking_id: UUID, typed: Annotated[Cancel, Form()]) -> Response:
    """Cancels it; with `offer` its time goes to the waitlist, and the answer leads to who is asked."""
    reading = Reading(visitor.words, visitor.salon.zone)
    why = typed.why.strip()
    if len(why) > LONGEST_WHY or not names.is_plain(why):
        reading.add([FieldProblem("reason", "is too long")])
        return await _page(visitor, booking_id, reading=reading, typed=typed.model_dump(), form="cancel")
    now, actor = visitor.web.clock(), visitor.session.actor
    try:
        async with visitor.transaction() as tx:
            freed = await bookings.cancel(
                tx,
                booking_id,
                now=now,
                reason=why or "cancelled",
                actor=actor,
                by="customer" if typed.by == "customer" else "salon",
                within_limits=False,
                notify=bool(typed.notify),
            )
            row = await bookings.find(tx, booking_id)
            if freed.opening is not None and not typed.offer:
                await slots.take_back(tx, freed.opening.slot_id, now=now, reason="not_offered", actor=actor)
    except BookingNotConfirmed as refused:  # It was cancelled twice, or somebody was faster.
        reading.refused(refused)
        return await _page(visitor, booking_id, reading=reading, form="cancel")
    if freed.opening is not None and typed.offer:
        news = _news_of(row, "cancelled")
        return RedirectResponse(f"{HERE}/slots/{freed.opening.slot_id}?{news}", status_code=303)
    return _back(typed.back, row, "cancelled", visitor)


@router.post("/{booking_id}/put-back")
async def put_back(visitor: Writer, booking_id: UUID, typed: Annotated[Move, Form()]) -> Response:
    """Undoes a cancellation: it stands again, if nobody has its time. The answer tells what its customer knows."""
    reading = Reading(visitor.words, visitor.salon.zone)
    now, actor = visitor.web.clock(), visitor.session.actor
    try:
        async with visitor.transaction() as tx:
            known = await undo.cancel(tx, booking_id, _number(typed.sequence), now=now, actor=actor)
            row = await bookings.find(tx, booking_id)
    except OutsideBusinessHours:
        reading.stands_against("closed_since")
        return await _page(visitor, booking_id, reading=reading, form="put_back")
    except (Invalid, Conflict) as refused:
        reading.refused(refused)
        return await _page(visitor, booking_id, reading=reading, form="put_back")
    return _back(typed.back, row, KNOWN[known], visitor)


@router.post("/{booking_id}/end/{became}")
async def end(
    visitor: Writer,
    booking_id: UUID,
    became: Literal["completed", "no_show"],
    back: Annotated[str, Form()] = "",
) -> Response:
    """Says how it went."""
    reading = Reading(visitor.words, visitor.salon.zone)
    try:
        async with visitor.transaction() as tx:
            await bookings.end(tx, booking_id, became, now=visitor.web.clock(), actor=visitor.session.actor)
            row = await bookings.find(tx, booking_id)
    except Conflict as refused:
        reading.refused(refused)
        return await _page(visitor, booking_id, reading=reading, form="end")
    return _back(back, row, became, visitor)


def _back(back: str, row: Any, said: str, visitor: Visitor) -> RedirectResponse:
    """To where somebody came from; without that, to the appointment's day."""
    address = back_of(back)
    if address == HERE:
        address = day_with(row["starts_at"], visitor)
    return RedirectResponse(
        f"{address}{'&' if '?' in address else '?'}{_news_of(row, said)}", status_code=303
    )


def _news_of(row: Any, said: str) -> str:
    return urlencode({"said": said, "booking": row["id"], "sequence": row["sequence"]})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


async def _page(
    visitor: Visitor,
    booking_id: UUID,
    *,
    said: str = "",
    reading: Reading | None = None,
    typed: dict[str, str] | None = None,
    form: str = "",
) -> HTMLResponse:
    """The appointment as it stands; `form` is the one with the problems."""
    looking = looking_of(visitor)
    async with visitor.transaction() as tx:
        row = await bookings.find(tx, booking_id)
        people = await _who_could(tx, row)
    zone = visitor.salon.zone
    local = row["starts_at"].astimezone(zone)
    day = day_with(row["starts_at"], visitor)
    there = {
        "day": local.date().isoformat(),
        "time": f"{local:%H:%M}",
        "minutes": str((row["ends_at"] - row["starts_at"]) // MINUTE),
        "staff": str(row["staff_id"]),
        "notify": "1",
        "offer": "1",
        "by": "customer",
        "why": "",
        "back": day,
    }
    confirmed = row["status"] == BookingState.CONFIRMED
    kept = {name: value for name, value in (typed or {}).items() if name in there} if typed else {}
    return visitor.page(
        "salon_booking.html",
        "calendar",
        status=reading.status if reading else 200,
        booking=dict(row),
        phone=phone_number(row["phone"]) if row["phone"] else "",
        about=told(row, visitor),
        when=f"{visitor.formats.date(row['starts_at'])}, "
        f"{visitor.formats.times(row['starts_at'], row['ends_at'])}",
        day=day,
        people=people,
        typed=there | kept,
        form=form,
        problems=reading.problems if reading else {},
        said=said,
        may_move=looking.may_write and confirmed and row["ends_at"] > looking.now,
        may_end=looking.may_write and confirmed and row["starts_at"] <= looking.now,
        may_cancel=looking.may_write and confirmed,
        may_put_back=can_stand_again(row, visitor),
    )


async def _who_could(tx: Tx, row: Any) -> list[tuple[str, str]]:
    """Who could take it over, and who has it."""
    return [
        (str(one["id"]), one["name"])
        for one in await catalog.staff(tx)
        if one["id"] == row["staff_id"] or (one["active"] and row["service_id"] in one["services"])
    ]
