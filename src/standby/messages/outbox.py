"""The messages to customers, as a list; and those that answer what one wrote: back by the same channel, at once.

The others are written in the statement that makes the change which they tell of (waitlist/sql/hold_for.sql …).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside

SQL = statements_beside(__file__)

MOST_CUSTOMERS: Final = 100
FEWEST_DIGITS: Final = 3  # of a phone number that is searched for


@dataclass(frozen=True)
class Heard:
    """A reply that is being answered."""

    id: UUID
    customer_id: UUID
    channel: str


@dataclass(frozen=True)
class Wanted:
    """Which messages are asked for; None: whatever it is. `search` is in the customer's name or phone number."""

    customer_id: UUID | None = None
    state: str | None = None
    channel: str | None = None
    kind: str | None = None
    at_from: datetime | None = None
    at_before: datetime | None = None
    search: str | None = None


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
    tx: Tx, wanted: Wanted, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[asyncpg.Record]:
    """Messages, the newest first; `state` is how far one is: its status, or what its provider says since.

    A name or number that many customers have finds those of a hundred of them.
    """
    at, message_id = before or (None, None)
    filters = (wanted.state, wanted.channel, wanted.kind, wanted.at_from, wanted.at_before)
    if wanted.customer_id is None and wanted.search is None:
        picked = await tx.fetch(SQL["pick_messages"], at, message_id, limit, *filters)
    else:
        of = await _customers(tx, wanted)
        picked = await tx.fetch(SQL["pick_messages_of"], at, message_id, limit, *filters, of)
    return list(await tx.fetch(SQL["show_messages"], [row["id"] for row in picked]))


async def about_offers(tx: Tx, offer_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """What was written about these offers, and how far it is, the newest first; at most 500."""
    return list(await tx.fetch(SQL["about_offers"], list(offer_ids)))


async def _customers(tx: Tx, wanted: Wanted) -> list[UUID]:
    if wanted.search is None:
        return [wanted.customer_id] if wanted.customer_id else []
    digits = "".join(letter for letter in wanted.search if letter in "0123456789")
    number = digits if len(digits) >= FEWEST_DIGITS else None
    rows = await tx.fetch(SQL["customers_named"], wanted.search, number, MOST_CUSTOMERS)
    found = [row["id"] for row in rows]
    return found if wanted.customer_id is None else [one for one in found if one == wanted.customer_id]
