"""What a customer wrote or tapped, and what follows: the time is booked or passed on, a channel closed or opened.

What isn't understood beyond doubt is the salon's to read, and the customer is told what they can do. Whoever has
several open offers and doesn't say which one they mean is asked. Every reply counts once, however often it comes.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from standby.channels.events import Reply
from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import ReplyNotFound
from standby.messages import consent, outbox
from standby.messages.outbox import Heard
from standby.waitlist import offers
from standby.waitlist.answers import Meant, meant_by
from standby.waitlist.offers import Accepted, Declined, Over

SQL = statements_beside(__file__)

CUSTOMER: Final = "customer"
UNDERSTOOD: Final = "standby"  # who has handled a reply that nobody need read
# Providers' clocks are not ours, and some tell whole seconds only: an offer may be so much younger than its answer.
CLOCKS_DIFFER: Final = timedelta(seconds=5)
RECENT: Final = timedelta(hours=24)  # An answer that comes so late is still one to the last offer.


async def take(tx: Tx, channel: str, reply: Reply, *, now: datetime) -> str | None:
    """Does what a reply asks for, in the caller's transaction, and returns what that was; None: it had come before."""
    meant = _meant(reply)
    customer_id = await _customer_of(tx, reply, meant)
    heard_id = new_id()
    first = await tx.fetchval(
        SQL["insert_reply"],
        heard_id,
        channel,
        reply.dedupe_key,
        customer_id,
        reply.sender,
        reply.text,
        reply.button,
        min(reply.at, now),
        now,
    )
    if first is None:
        return None
    if customer_id is None:  # Nobody whom we may write to.
        return await _left_to_the_salon(tx, heard_id, "unknown_sender")
    became = await _followed(tx, Heard(heard_id, customer_id, channel), meant, reply, now)
    if channel == "whatsapp":  # Last: customers are locked after slots, offers and entries.
        await tx.execute(SQL["note_conversation"], customer_id, min(reply.at, now))
    return became


async def inbox(
    tx: Tx, *, unread: bool, before: tuple[datetime, UUID] | None, limit: int
) -> list[asyncpg.Record]:
    """What customers wrote, the newest first; `unread`: only what somebody at the salon has to read."""
    at, reply_id = before or (None, None)
    return list(await tx.fetch(SQL["page_of_replies"], unread, at, reply_id, limit))


async def mark_read(tx: Tx, reply_id: UUID, *, now: datetime, actor: str) -> None:
    """Takes a reply out of the inbox; who did it first stays written down. Raises ReplyNotFound."""
    if await tx.fetchval(SQL["mark_read"], reply_id, now, actor) is None:
        raise ReplyNotFound


def _meant(reply: Reply) -> Meant | None:
    """What the reply means. What the provider has made of it counts, but for a YES, which it takes for START."""
    meant = meant_by(reply.text, reply.button)
    if reply.opt == "in" and (meant is None or meant.word != "yes"):
        return Meant("start")
    return Meant("stop") if reply.opt == "out" else meant


async def _customer_of(tx: Tx, reply: Reply, meant: Meant | None) -> UUID | None:
    """Who wrote: known by their number, or because they answered a message that only they have got."""
    offer = meant.offer if meant is not None else None
    found: UUID | None = await tx.fetchval(SQL["customer_of_reply"], reply.sender, reply.in_reply_to, offer)
    return found


async def _followed(tx: Tx, heard: Heard, meant: Meant | None, reply: Reply, now: datetime) -> str:
    match meant:
        case Meant("stop" | "start"):
            return await _consent(tx, heard, meant, reply, now)
        case Meant("yes") if reply.opt == "in":
            return await _yes_and_start(tx, heard, meant, reply, now)
        case Meant():
            return await _answer(tx, heard, meant, reply, now)
        case None:
            return await _not_understood(tx, heard, "not_understood", now)


async def _yes_and_start(tx: Tx, heard: Heard, meant: Meant, reply: Reply, now: datetime) -> str:
    """Twilio takes YES for START. It is both, if there is an offer that it may be about."""
    if not any(row["open"] for row in await _asked(tx, heard, meant, reply, now)):
        return await _consent(tx, heard, Meant("start"), reply, now)
    became = await _answer(tx, heard, meant, reply, now)
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
    return await _done(tx, heard, kind)


async def _answer(tx: Tx, heard: Heard, meant: Meant, reply: Reply, now: datetime) -> str:
    asked = await _asked(tx, heard, meant, reply, now)
    open_ones = [row for row in asked if row["open"]]
    named = [row for row in asked if row["named"]]
    if meant.offer is not None and not named:
        return await _not_understood(tx, heard, "no_such_offer", now)
    if named:
        return await _settle(tx, heard, meant, named[0]["id"], now)
    if meant.number is not None:
        return await _numbered(tx, heard, meant, reply, open_ones, now)
    if len(open_ones) > 1:
        return await _ask(tx, heard, open_ones, now)
    late = [row for row in asked if row["ended_at"] is not None and row["ended_at"] > now - RECENT]
    for row in open_ones or late:
        return await _settle(tx, heard, meant, row["id"], now)
    return await _not_understood(tx, heard, "nothing_to_answer", now)


async def _asked(tx: Tx, heard: Heard, meant: Meant, reply: Reply, now: datetime) -> list[asyncpg.Record]:
    wrote = min(reply.at, now)
    return list(
        await tx.fetch(
            SQL["offers_to_answer"],
            heard.customer_id,
            wrote + CLOCKS_DIFFER,
            now,
            meant.offer,
            reply.in_reply_to,
        )
    )


async def _settle(tx: Tx, heard: Heard, meant: Meant, offer_id: UUID, now: datetime) -> str:
    if meant.word == "yes":
        accepted = await offers.accept(tx, offer_id, now=now, actor=CUSTOMER)
        match accepted:
            case Accepted(again=False):
                await outbox.confirm_by(tx, heard, offer_id)
                return await _done(tx, heard, "booked", offer_id)
            case Accepted():
                return await _told(tx, heard, "booked", offer_id, now)
            case Over(why):
                return await _told(tx, heard, "too_late", offer_id, now, why)
    refused = await offers.decline(tx, offer_id, now=now, actor=CUSTOMER)
    match refused:
        case Declined() | Over("declined" | "expired" | "taken" | "withdrawn"):
            return await _told(tx, heard, "passed_on", offer_id, now)
        case Over():  # They have the time: a NO that comes after the YES takes nothing back by itself.
            await outbox.answer(tx, heard, "booked", offer_id=offer_id, now=now)
            return await _left_to_the_salon(tx, heard.id, "no_after_yes")


async def _numbered(
    tx: Tx, heard: Heard, meant: Meant, reply: Reply, open_ones: list[asyncpg.Record], now: datetime
) -> str:
    """YES 2: the second of those that we had asked about last when they wrote."""
    wrote = min(reply.at, now)
    known = (wrote + CLOCKS_DIFFER, wrote - RECENT)
    choices = await tx.fetchval(SQL["last_choices"], heard.customer_id, *known) or []
    if meant.number is not None and meant.number <= len(choices):
        return await _settle(tx, heard, meant, UUID(choices[meant.number - 1]["offer"]), now)
    if open_ones:
        return await _ask(tx, heard, open_ones, now)
    return await _not_understood(tx, heard, "nothing_to_answer", now)


async def _ask(tx: Tx, heard: Heard, open_ones: list[asyncpg.Record], now: datetime) -> str:
    choices = [
        {
            "offer": str(row["id"]),
            "service": row["service_name"],
            "staff": row["staff_name"],
            "starts_at": row["starts_at"].isoformat(),
        }
        for row in open_ones
    ]
    await outbox.answer(tx, heard, "which_one", details={"choices": choices}, now=now)
    return await _done(tx, heard, "which_one")


async def _told(
    tx: Tx, heard: Heard, kind: str, offer_id: UUID, now: datetime, why: str | None = None
) -> str:
    details = {} if why is None else {"why": why}
    await outbox.answer(tx, heard, kind, offer_id=offer_id, details=details, now=now)
    return await _done(tx, heard, kind, offer_id)


async def _not_understood(tx: Tx, heard: Heard, outcome: str, now: datetime) -> str:
    """Told once a day at most: two machines that answer each other would not stop."""
    await outbox.answer(tx, heard, "help", once=f"help_{heard.customer_id}_{now.date()}", now=now)
    return await _left_to_the_salon(tx, heard.id, outcome)


async def _left_to_the_salon(tx: Tx, heard_id: UUID, outcome: str) -> str:
    await tx.execute(SQL["end_reply"], heard_id, outcome, None, None)
    return outcome


async def _done(tx: Tx, heard: Heard, outcome: str, offer_id: UUID | None = None) -> str:
    await tx.execute(SQL["end_reply"], heard.id, outcome, offer_id, UNDERSTOOD)
    return outcome
