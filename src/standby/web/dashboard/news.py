"""What the page before has done, as the calendar's pages tell it, with the way back while there is one."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import Depends

from standby.accounts.permissions import Permission
from standby.bookings import bookings
from standby.database.pool import Tx
from standby.errors import BookingNotFound, ClosureNotFound, SlotNotFound
from standby.tenants import closures
from standby.waitlist import slots
from standby.waitlist.lifecycle import BookingState, SlotState
from standby.web.dashboard.calendar_fields import HERE
from standby.web.dashboard.visitor import Visitor
from standby.web.reading import id_of

SAID: Final = frozenset(
    {
        "booked",
        "moved",
        "undone",
        "cancelled",
        "put_back",
        "put_back_told",
        "put_back_call",
        "completed",
        "no_show",
        "blocked",
        "unblocked",
        "opened",
        "offered_again",
        "taken_back",
        "too_late",
    }
)


@dataclass(frozen=True)
class Done:
    """What was done, and to what, as the address of the page says it that is to tell it."""

    said: str
    booking: str
    sequence: str
    slot: str
    closure: str


async def _done(
    said: str = "", booking: str = "", sequence: str = "", slot: str = "", closure: str = ""
) -> Done:
    return Done(said, booking, sequence, slot, closure)


GetDone: TypeAlias = Annotated[Done, Depends(_done)]


@dataclass(frozen=True)
class News:
    """How it is told. `undo`: where the form leads that undoes it; "": nothing does. `sequence` goes with it."""

    words: str
    about: str = ""
    undo: str = ""
    sequence: int | None = None


async def news_of(tx: Tx, done: Done, visitor: Visitor) -> News | None:
    """None: there is nothing to tell."""
    if done.said not in SAID:
        return None
    words = visitor.words(f"calendar.said.{done.said}")
    if (booking_id := id_of(done.booking)) is not None:
        return await _of_booking(tx, booking_id, done, words, visitor)
    undo = ""
    if done.said == "blocked" and (closure_id := id_of(done.closure)) is not None:
        return await _of_closure(tx, closure_id, words, visitor)
    if done.said == "taken_back" and (slot_id := id_of(done.slot)) is not None:
        undo = await _slot_again(tx, slot_id, visitor)
    elif done.said == "unblocked" and (closure_id := id_of(done.closure)) is not None:
        undo = await _closure_again(tx, closure_id, visitor)
    return News(words, undo=undo)


async def _of_booking(tx: Tx, booking_id: UUID, done: Done, words: str, visitor: Visitor) -> News:
    """Only what is as it was left can be undone."""
    try:
        row = await bookings.find(tx, booking_id)
    except BookingNotFound:
        return News(words)
    about = told(row, visitor)
    as_left = str(row["sequence"]) == done.sequence and Permission.WRITE_BOOK in visitor.permissions
    if as_left and done.said == "moved" and row["status"] == BookingState.CONFIRMED:
        return News(words, about, f"{HERE}/bookings/{booking_id}/undo", row["sequence"])
    if as_left and done.said == "cancelled" and can_stand_again(row, visitor):
        return News(words, about, f"{HERE}/bookings/{booking_id}/put-back", row["sequence"])
    return News(words, about)


async def _of_closure(tx: Tx, closure_id: UUID, words: str, visitor: Visitor) -> News:
    try:
        row = await closures.find(tx, closure_id)
    except ClosureNotFound:
        return News(words)
    whose = row["staff_name"] or visitor.words("calendar.whole_salon")
    about = f"{visitor.moment(row['starts_at'])} – {visitor.moment(row['ends_at'])}, {whose}"
    return News(words, about, f"{HERE}/closures/{closure_id}/remove" if may_close(row, visitor) else "")


async def _slot_again(tx: Tx, slot_id: UUID, visitor: Visitor) -> str:
    try:
        row = await slots.find(tx, slot_id)
    except SlotNotFound:
        return ""
    return f"{HERE}/slots/{slot_id}/put-back" if can_be_offered_again(row, visitor) else ""


async def _closure_again(tx: Tx, closure_id: UUID, visitor: Visitor) -> str:
    row = await closures.removed(tx, closure_id)
    if row is None or row["ends_at"] <= visitor.web.clock() or not may_close(row, visitor):
        return ""
    return f"{HERE}/closures/{closure_id}/put-back"


def can_stand_again(row: Any, visitor: Visitor) -> bool:
    """Whether a cancelled booking may be put back, if its time is free."""
    may = Permission.WRITE_BOOK in visitor.permissions and row["ends_at"] > visitor.web.clock()
    return may and row["status"] == BookingState.CANCELLED


def can_be_offered_again(row: Any, visitor: Visitor) -> bool:
    """Whether a slot that was taken back may be offered again, if its time is free."""
    may = Permission.WRITE_BOOK in visitor.permissions and row["starts_at"] > visitor.web.clock()
    return may and row["status"] == SlotState.CANCELLED and row["reason"] == "taken_back"


def may_close(row: Any, visitor: Visitor) -> bool:
    """Whether somebody may close that time, and open it: the whole salon's only who may change the salon."""
    needs = Permission.WRITE_SALON if row["staff_id"] is None else Permission.WRITE_BOOK
    return needs in visitor.permissions


def told(row: Any, visitor: Visitor) -> str:
    """Kari Nordmann, Tue 24 Nov 10:15–11:00, Kim"""
    formats = visitor.formats
    when = f"{formats.date(row['starts_at'], short=True)} {formats.times(row['starts_at'], row['ends_at'])}"
    return f"{row['customer_name']}, {when}, {row['staff_name']}"
