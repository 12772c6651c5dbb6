"""What somebody at the salon answers a customer in their own words.

It goes by one channel, by the rules of all messages (docs/sending.md). Only who has written is written to; WhatsApp
takes free text for 24 hours after they last wrote there.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias
from uuid import UUID

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import CannotAnswer, CustomerNotFound, FieldProblem, Invalid, KeyUsedBefore
from standby.tenants.names import NOT_PLAIN

SQL = statements_beside(__file__)

LONGEST: Final = 600  # characters: four SMS
WINDOW: Final = timedelta(hours=24)  # Meta's, after the customer's last message by WhatsApp

WhyNot: TypeAlias = Literal["never_wrote", "closed", "window_over"]


@dataclass(frozen=True)
class Way:
    """A channel, and why the customer can't be answered by it; None: they can."""

    channel: str
    why_not: WhyNot | None


@dataclass(frozen=True)
class Correspondent:
    """A customer as somebody at the salon writes to them. `reply_id` is the last thing that they wrote."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    vip: bool
    channels: list[str]
    wrote_whatsapp_at: datetime | None
    reply_id: UUID | None
    wrote_by: str | None
    wrote_at: datetime | None

    def ways(self, now: datetime) -> list[Way]:
        """By what they can be answered, and by what not; the channel that they wrote by comes first."""
        order = dict.fromkeys(filter(None, (self.wrote_by, "whatsapp", "sms", "email")))
        return [Way(channel, self._why_not(channel, now)) for channel in order]

    def usual_way(self, now: datetime) -> str | None:
        """The channel that they wrote by, or else the first that is open; None: there is none."""
        return next((way.channel for way in self.ways(now) if way.why_not is None), None)

    def _why_not(self, channel: str, now: datetime) -> WhyNot | None:
        if self.reply_id is None:
            return "never_wrote"
        if channel not in self.channels or (self.email if channel == "email" else self.phone) is None:
            return "closed"
        if channel == "whatsapp" and not (self.wrote_whatsapp_at and now < self.wrote_whatsapp_at + WINDOW):
            return "window_over"
        return None


@dataclass(frozen=True)
class Written:
    """The answer is on its way; `again`: it was so before."""

    message_id: UUID
    channel: str
    again: bool


async def find(tx: Tx, customer_id: UUID) -> Correspondent:
    """A customer and how they can be answered. Raises CustomerNotFound."""
    row = await tx.fetchrow(SQL["find_correspondent"], customer_id)
    if row is None:
        raise CustomerNotFound
    return Correspondent(**row)


async def answer(
    tx: Tx,
    customer_id: UUID,
    text: str,
    *,
    channel: str | None = None,
    seen: UUID | None = None,
    message_id: UUID | None = None,
    now: datetime,
    actor: str,
) -> Written:
    """Writes an answer by that channel, or by the one that they wrote by, and enqueues its sending.

    What they wrote up to the reply `seen` is handled with it. The same `message_id` is written once.
    Raises CustomerNotFound, Invalid, CannotAnswer, and KeyUsedBefore, if another answer was written by that id.
    """
    customer = await find(tx, customer_id)
    text = _checked(text)
    chosen = channel or customer.usual_way(now) or customer.wrote_by or "sms"
    why_not = next((way.why_not for way in customer.ways(now) if way.channel == chosen), "closed")
    if why_not is not None:
        raise CannotAnswer(channel=chosen, why=why_not)
    message_id = message_id or new_id()
    details = {"text": text, "by": actor}
    written = await tx.fetchval(
        SQL["insert_by_hand"], message_id, customer_id, customer.reply_id, chosen, details, now
    )
    if not written and not await tx.fetchval(SQL["is_by_hand"], message_id, customer_id, text, channel):
        raise KeyUsedBefore
    if seen is not None:
        await tx.execute(SQL["mark_read_up_to"], customer_id, seen, now, actor)
    return Written(message_id, chosen, again=not written)


def _checked(text: str) -> str:
    """The text with its ends trimmed. Raises Invalid."""
    said = text.replace("\r\n", "\n").strip()
    problem = None
    if not said:
        problem = FieldProblem("text", "is missing", "missing")
    elif len(said) > LONGEST:
        problem = FieldProblem("text", f"is {len(said)} characters long; {LONGEST} are the most", "too_long")
    elif any(unicodedata.category(letter) in NOT_PLAIN and letter != "\n" for letter in said):
        problem = FieldProblem("text", "has control characters; write plain text", "not_plain")
    if problem:
        raise Invalid([problem])
    return said
