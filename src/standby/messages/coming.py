"""What customers answer to a reminder: that they come, or that they don't.

A button, or an answer to the reminder itself, says which booking is meant; a word alone is about the last message that
asked for one. That somebody comes is written down. A booking is cancelled by what is beyond doubt meant for it, never
by a bare NO, and not within the salon's notice: the salon has to read that, and the customer gets the link, or is asked
to call.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from standby.bookings import bookings
from standby.channels.events import Reply
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import TooLateToChange
from standby.messages import outbox, replies
from standby.messages.outbox import Heard
from standby.waitlist.answers import Meant

SQL = statements_beside(__file__)

CUSTOMER: Final = "customer"
CLOCKS_DIFFER: Final = timedelta(seconds=5)  # Providers' clocks are not ours.


@dataclass(frozen=True)
class Asked:
    """The booking that an answer is about, locked.

    `named`: beyond doubt. `as_told`: it is still at the time that the reminder told.
    """

    booking_id: UUID
    status: str
    starts_at: datetime
    named: bool
    as_told: bool


async def asked_about(tx: Tx, heard: Heard, meant: Meant, reply: Reply, *, now: datetime) -> Asked | None:
    """The booking whose reminder the customer answers; None: they answer none."""
    if meant.offer is not None or meant.number is not None:
        return None
    row = await tx.fetchrow(
        SQL["booking_to_answer"],
        heard.customer_id,
        meant.booking,
        reply.in_reply_to,
        min(reply.at, now) + CLOCKS_DIFFER,
    )
    if row is None:
        return None
    asked = Asked(**row)
    over = asked.status != "confirmed" or asked.starts_at <= now
    return None if over and not asked.named else asked


async def answer(tx: Tx, heard: Heard, meant: Meant, asked: Asked, *, now: datetime) -> str:
    """Does what the answer asks for, in the caller's transaction, and returns what that was."""
    if asked.status != "confirmed" or asked.starts_at <= now:
        return await _over(tx, heard, meant, asked, now)
    if not asked.as_told:  # They answer to a time that isn't theirs any more.
        return await _left(tx, heard, "booking_moved", "booked", asked, now)
    match meant.word:
        case "yes" | "confirm":
            await bookings.confirm(tx, asked.booking_id, now=now, actor=CUSTOMER)
            await _tell(tx, heard, "booked", asked, now)
            return await replies.done(tx, heard, "confirmed")
        case "cancel" if asked.named:
            return await _cancel(tx, heard, asked, now)
        case _:
            return await _left(tx, heard, "no_to_reminder", "help_booking", asked, now)


async def _over(tx: Tx, heard: Heard, meant: Meant, asked: Asked, now: datetime) -> str:
    if asked.status != "cancelled":
        return await replies.left_to_the_salon(tx, heard.id, "booking_over")
    if meant.word in ("yes", "confirm"):
        return await _left(tx, heard, "booking_over", "cancelled", asked, now)
    await _tell(tx, heard, "cancelled", asked, now)
    return await replies.done(tx, heard, "cancelled")


async def _cancel(tx: Tx, heard: Heard, asked: Asked, now: datetime) -> str:
    try:
        await bookings.cancel(
            tx,
            asked.booking_id,
            now=now,
            reason="cancelled_by_customer",
            actor=CUSTOMER,
            by="customer",
            notify=False,  # It is the answer to what they wrote: it goes back the way that came.
        )
    except TooLateToChange:
        return await _left(tx, heard, "too_late_to_cancel", "call_salon", asked, now)
    await outbox.answer(tx, heard, "cancelled", booking_id=asked.booking_id, now=now)
    return await replies.done(tx, heard, "cancelled")


async def _left(tx: Tx, heard: Heard, outcome: str, kind: str, asked: Asked, now: datetime) -> str:
    """Somebody at the salon has to read it; the customer is told how things stand."""
    await _tell(tx, heard, kind, asked, now)
    return await replies.left_to_the_salon(tx, heard.id, outcome)


async def _tell(tx: Tx, heard: Heard, kind: str, asked: Asked, now: datetime) -> None:
    """Once an hour for each booking: what answers every answer would not stop."""
    once = f"booking_{asked.booking_id}-{kind}-{now:%Y-%m-%dT%H}"
    await outbox.answer(tx, heard, kind, booking_id=asked.booking_id, once=once, now=now)
