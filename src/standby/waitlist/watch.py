"""What somebody who watches over the salon wants to see: what runs, what filled itself, and what got stuck.

The caller owns the transaction and its tenant.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from standby.database.pool import Tx
from standby.database.statements import statements_beside

SQL = statements_beside(__file__)


async def running(tx: Tx) -> list[asyncpg.Record]:
    """The offers that wait for an answer, the first to end first; at most 50."""
    return list(await tx.fetch(SQL["running_offers"]))


async def filled(tx: Tx, *, since: datetime) -> list[asyncpg.Record]:
    """The bookings that came of the waitlist, the newest first, with when their time came free; at most 2,000."""
    return list(await tx.fetch(SQL["filled_since"], since))


async def unfilled(tx: Tx, *, now: datetime, limit: int) -> list[asyncpg.Record]:
    """Open slots to come that found nobody, by start; `unfilled_reason` as in cascade.Unfilled."""
    return list(await tx.fetch(SQL["unfilled_slots"], now, limit))


async def unreachable(tx: Tx, channels: Sequence[str], *, limit: int) -> list[asyncpg.Record]:
    """Who is on the list and has agreed to none of these channels, so that nothing can be offered to them.

    Of a list of more than a thousand only its head is looked at.
    """
    return list(await tx.fetch(SQL["unreachable_entries"], list(channels), limit))


async def waiting_for(tx: Tx) -> Mapping[UUID, int]:
    """How many wait for each service."""
    return {row["service_id"]: row["many"] for row in await tx.fetch(SQL["count_waiting_for"])}
