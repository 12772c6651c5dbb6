"""YES and NO: which offer they are about, and what becomes of it.

Accepting is the same transaction as by link. Whoever has several open offers and doesn't say which one they mean is
asked; nothing is guessed.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from standby.channels.events import Reply
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.messages import outbox, replies
from standby.messages.outbox import Heard
from standby.waitlist import offers
from standby.waitlist.answers import Meant
from standby.waitlist.offers import Accepted, Declined, Over

SQL = statements_beside(__file__)

CUSTOMER: Final = "customer"
# Providers' clocks are not ours, and some tell whole seconds only: an offer may be so much younger than its answer.
CLOCKS_DIFFER: Final = timedelta(seconds=5)
RECENT: Final = timedelta(hours=24)  # An answer that comes so late is still one to the last offer.


async def has_open_offer(tx: Tx, heard: Heard, meant: Meant, reply: Reply, *, now: datetime) -> bool:
    """Whether there is an offer that the reply may be about."""
    return any(row["open"] for row in await _asked(tx, heard, meant, reply, now))


async def answer(tx: Tx, heard: Heard, meant: Meant, reply: Reply, *, now: datetime) -> str:
    """Does what a YES or NO asks for, in the caller's transaction, and returns what that was."""
    asked = await _asked(tx, heard, meant, reply, now)
    open_ones = [row for row in asked if row["open"]]
    named = [row for row in asked if row["named"]]
    if meant.offer is not None and not named:
        return await replies.not_understood(tx, heard, "no_such_offer", now)
    if named:
        return await _settle(tx, heard, meant, named[0]["id"], now)
    if meant.number is not None:
        return await _numbered(tx, heard, meant, reply, open_ones, now)
    if len(open_ones) > 1:
        return await _ask(tx, heard, open_ones, now)
    late = [row for row in asked if row["ended_at"] is not None and row["ended_at"] > now - RECENT]
    for row in open_ones or late:
        return await _settle(tx, heard, meant, row["id"], now)
    return await replies.not_understood(tx, heard, "nothing_to_answer", now)


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
                return await replies.done(tx, heard, "booked", offer_id)
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
            return await replies.left_to_the_salon(tx, heard.id, "no_after_yes")


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
    return await replies.not_understood(tx, heard, "nothing_to_answer", now)


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
    return await replies.done(tx, heard, "which_one")


async def _told(
    tx: Tx, heard: Heard, kind: str, offer_id: UUID, now: datetime, why: str | None = None
) -> str:
    """Once an hour for each offer: what answers every answer would not stop."""
    details = {} if why is None else {"why": why}
    once = f"offer_{offer_id}-{kind}-{now:%Y-%m-%dT%H}"
    await outbox.answer(tx, heard, kind, offer_id=offer_id, details=details, once=once, now=now)
    return await replies.done(tx, heard, kind, offer_id)
