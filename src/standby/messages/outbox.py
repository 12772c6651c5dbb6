"""The messages to customers, as a list; and those that answer what one wrote: back by the same channel, at once.

The others are written in the statement that makes the change which they tell of (waitlist/sql/hold_for.sql …).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Heard:
    """A reply that is being answered."""

    id: UUID
    customer_id: UUID
    channel: str


async def answer(
    tx: Tx,
    heard: Heard,
    kind: str,
    *,
    now: datetime,
    offer_id: UUID | None = None,
    booking_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> bool:
    """Writes the answer and enqueues its sending; not if there is one of the name `once` already. False: there was."""
    return bool(
        await tx.fetchval(
            SQL["insert_answer"],
            new_id(),
            heard.customer_id,
            heard.id,
            heard.channel,
            kind,
            once or f"reply_{heard.id}-{kind}",
            offer_id,
            dict(details or {}),
            now,
            booking_id,
        )
    )


async def confirm_by(tx: Tx, heard: Heard, offer_id: UUID) -> None:
    """Has the confirmation of an accepted offer go back the way that the customer's answer came."""
    await tx.execute(SQL["confirm_by"], offer_id, heard.channel, heard.id)


async def page(
    tx: Tx, *, customer_id: UUID | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[asyncpg.Record]:
    """Messages, the newest first."""
    at, message_id = before or (None, None)
    return list(await tx.fetch(SQL["page_of_messages"], customer_id, at, message_id, limit))
