"""What a customer wrote or tapped, and what follows: a time is booked or passed on, a booking confirmed or cancelled,
a channel closed or opened.

What isn't understood beyond doubt is the salon's to read, and the customer is told what they can do. Every reply counts
once, however often it comes.
"""

from datetime import datetime
from uuid import UUID

from standby.channels.events import Reply
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.messages import answering, coming, consent, outbox, replies
from standby.messages.outbox import Heard
from standby.waitlist.answers import Meant, meant_by

SQL = statements_beside(__file__)


async def take(tx: Tx, channel: str, reply: Reply, *, now: datetime) -> str | None:
    """Does what a reply asks for, in the caller's transaction, and returns what that was; None: it had come before."""
    meant = _meant(reply)
    customer_id = await _customer_of(tx, reply)
    heard_id = await replies.keep(tx, channel, reply, customer_id, now=now)
    if heard_id is None:
        return None
    if customer_id is None:  # Nobody whom we may write to.
        return await replies.left_to_the_salon(tx, heard_id, "unknown_sender")
    became = await _followed(tx, Heard(heard_id, customer_id, channel), meant, reply, now)
    if channel == "whatsapp":  # Last: customers are locked after slots, offers and entries.
        await tx.execute(SQL["note_conversation"], customer_id, min(reply.at, now))
    return became


def _meant(reply: Reply) -> Meant | None:
    """What the reply means. What the provider has made of it counts, but for a YES, which it takes for START."""
    meant = meant_by(reply.text, reply.button)
    if reply.opt == "in" and (meant is None or meant.word != "yes"):
        return Meant("start")
    return Meant("stop") if reply.opt == "out" else meant


async def _customer_of(tx: Tx, reply: Reply) -> UUID | None:
    """Who wrote: known by their number, or because they answered a message that only they have got."""
    found: UUID | None = await tx.fetchval(SQL["customer_of_reply"], reply.sender, reply.in_reply_to)
    return found


async def _followed(tx: Tx, heard: Heard, meant: Meant | None, reply: Reply, now: datetime) -> str:
    match meant:
        case Meant("stop" | "start"):
            return await _consent(tx, heard, meant, reply, now)
        case Meant("yes") if reply.opt == "in":
            return await _yes_and_start(tx, heard, meant, reply, now)
        case Meant():
            return await _answered(tx, heard, meant, reply, now)
        case None:
            return await replies.not_understood(tx, heard, "not_understood", now)


async def _answered(tx: Tx, heard: Heard, meant: Meant, reply: Reply, now: datetime) -> str:
    """An offer that is open comes before a reminder, unless the answer itself says that it is about that."""
    asked = await coming.asked_about(tx, heard, meant, reply, now=now)
    if asked is not None and (
        asked.named or not await answering.has_open_offer(tx, heard, meant, reply, now=now)
    ):
        return await coming.answer(tx, heard, meant, asked, now=now)
    if meant.word in ("confirm", "cancel"):
        return await replies.not_understood(tx, heard, "nothing_to_answer", now)
    return await answering.answer(tx, heard, meant, reply, now=now)


async def _yes_and_start(tx: Tx, heard: Heard, meant: Meant, reply: Reply, now: datetime) -> str:
    """Twilio takes YES for START. It is both, if there is an offer or a reminder that it may be about."""
    if not (
        await answering.has_open_offer(tx, heard, meant, reply, now=now)
        or await coming.asked_about(tx, heard, meant, reply, now=now)
    ):
        return await _consent(tx, heard, Meant("start"), reply, now)
    became = await _answered(tx, heard, meant, reply, now)
    await consent.grant(
        tx, heard.customer_id, heard.channel, source=f"reply:{heard.channel}", at=min(reply.at, now)
    )
    return became


async def _consent(tx: Tx, heard: Heard, meant: Meant, reply: Reply, now: datetime) -> str:
    at, source = min(reply.at, now), f"reply:{heard.channel}"
    if meant.word == "stop":
        changed = await consent.withdraw(tx, heard.customer_id, heard.channel, source=source, at=at)
    else:
        changed = await consent.grant(tx, heard.customer_id, heard.channel, source=source, at=at)
    kind = "stopped" if meant.word == "stop" else "started"
    # A provider of text messages says so itself, and lets nothing more of ours through after STOP.
    if changed and heard.channel == "whatsapp":
        await outbox.answer(tx, heard, kind, now=now)
    return await replies.done(tx, heard, kind)
