"""The audit log: who changed what in the salon, when, from where, and what it was before.

The database writes it (functions audit_change.sql, note_….sql) in the transaction of the change; nothing else may.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from standby.database.pool import Tx
from standby.database.statements import statements_beside

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Wanted:
    """Which changes; None: any."""

    actor: str | None = None
    entity: str | None = None
    entity_id: UUID | None = None
    at_from: datetime | None = None
    at_before: datetime | None = None


async def note_trial(tx: Tx, channel: str) -> None:
    """Somebody has sent a test by this channel."""
    await tx.execute("SELECT note_trial($1)", channel)


async def page(tx: Tx, wanted: Wanted, *, before: int | None, limit: int) -> list[asyncpg.Record]:
    """Changes, the newest first, from the one before a number on."""
    return list(
        await tx.fetch(
            SQL["page_of_audit"],
            before,
            limit,
            wanted.actor,
            wanted.entity,
            wanted.entity_id,
            wanted.at_from,
            wanted.at_before,
        )
    )
