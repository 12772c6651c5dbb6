"""What a salon is told: a quota that is used up, a sender that its provider refuses, a calendar that fails, a webhook
that was ended.

They are written where it happens (database/functions/tell_salon.sql), once for each thing. The caller owns the
transaction.
"""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import asyncpg

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import NoticeNotFound

SQL = statements_beside(__file__)

Position: TypeAlias = tuple[bool, datetime, UUID]  # seen, at, id


async def page(tx: Tx, *, after: Position | None, limit: int) -> list[asyncpg.Record]:
    """Notices, the unseen before the seen and the newest first, from a position on."""
    seen, at, notice_id = after or (None, None, None)
    return list(await tx.fetch(SQL["page_of_notices"], seen, at, notice_id, limit))


async def mark_seen(tx: Tx, notice_id: UUID, *, now: datetime) -> None:
    """Notes that somebody has read it; the first time counts. Raises NoticeNotFound."""
    if await tx.fetchval(SQL["see_notice"], notice_id, now) is None:
        raise NoticeNotFound
