"""How a salon's messages and deadlines stand, counted (seed 002, "Queue Statistics")."""

from datetime import datetime

import asyncpg

from standby.database.pool import Tx
from standby.database.statements import statements_beside

SQL = statements_beside(__file__)


async def counts(tx: Tx, *, now: datetime) -> asyncpg.Record:
    """waiting, active, completed, failed, delayed; the statement says what each counts."""
    row = await tx.fetchrow(SQL["count_standing"], now)
    assert row is not None  # noqa: S101 - it counts
    return row


async def undelivered(tx: Tx, *, since: datetime, limit: int) -> list[asyncpg.Record]:
    """What has not arrived of what was written since then, the newest first."""
    return list(await tx.fetch(SQL["undelivered_since"], since, limit))
