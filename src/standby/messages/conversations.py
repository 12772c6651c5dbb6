"""What a customer was sent and what they wrote, as one conversation."""

from datetime import datetime
from uuid import UUID

import asyncpg

from standby.database.pool import Tx
from standby.database.statements import statements_beside

SQL = statements_beside(__file__)


async def page(
    tx: Tx, customer_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[asyncpg.Record]:
    """What was said, the newest first. Of our own messages there is the text of those only that somebody wrote."""
    at, said_id = before or (None, None)
    return list(await tx.fetch(SQL["page_of_conversation"], customer_id, at, said_id, limit))
