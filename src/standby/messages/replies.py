"""What is kept of customers' replies: each once, with what followed. Those that somebody has to read are the inbox."""

from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from standby.channels.events import Reply
from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import ReplyNotFound
from standby.messages import outbox
from standby.messages.outbox import Heard

SQL = statements_beside(__file__)

UNDERSTOOD: Final = "standby"  # who has handled a reply that nobody need read


async def keep(tx: Tx, channel: str, reply: Reply, customer_id: UUID | None, *, now: datetime) -> UUID | None:
    """Keeps a reply; its id, or None: it had come before."""
    kept: UUID | None = await tx.fetchval(
        SQL["insert_reply"],
        new_id(),
        channel,
        reply.dedupe_key,
        customer_id,
        reply.sender,
        reply.text,
        reply.button,
        min(reply.at, now),
        now,
    )
    return kept


async def done(tx: Tx, heard: Heard, outcome: str, offer_id: UUID | None = None) -> str:
    """What followed, which nobody need read."""
    await tx.execute(SQL["end_reply"], heard.id, outcome, offer_id, UNDERSTOOD)
    return outcome


async def left_to_the_salon(tx: Tx, reply_id: UUID, outcome: str) -> str:
    """Somebody has to read it."""
    await tx.execute(SQL["end_reply"], reply_id, outcome, None, None)
    return outcome


async def not_understood(tx: Tx, heard: Heard, outcome: str, now: datetime) -> str:
    """Somebody has to read it; the customer is told what they can do.

    Once a day at most: two machines that answer each other would not stop.
    """
    await outbox.answer(tx, heard, "help", once=f"help_{heard.customer_id}_{now.date()}", now=now)
    return await left_to_the_salon(tx, heard.id, outcome)


async def page(
    tx: Tx, *, unread: bool, before: tuple[datetime, UUID] | None, limit: int
) -> list[asyncpg.Record]:
    """What customers wrote, the newest first; `unread`: only what somebody at the salon has to read."""
    at, reply_id = before or (None, None)
    return list(await tx.fetch(SQL["page_of_replies"], unread, at, reply_id, limit))


async def count_unread(tx: Tx, *, most: int) -> int:
    """How many replies somebody at the salon has to read; `most`, if there are as many or more."""
    count: int = await tx.fetchval(SQL["count_unread"], most)
    return count


async def mark_read(tx: Tx, reply_id: UUID, *, now: datetime, actor: str) -> None:
    """Takes a reply out of the inbox; who did it first stays written down. Raises ReplyNotFound."""
    if await tx.fetchval(SQL["mark_read"], reply_id, now, actor) is None:
        raise ReplyNotFound
