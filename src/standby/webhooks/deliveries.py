"""What a webhook was told, and what became of it. The caller owns the transaction and its tenant."""

from datetime import datetime
from uuid import UUID

import asyncpg

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import DeliveryNotFound, WebhookInactive
from standby.webhooks import endpoints

SQL = statements_beside(__file__)


async def page(
    tx: Tx, endpoint_id: UUID, *, status: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[asyncpg.Record]:
    """Deliveries to a webhook, the newest first. Raises WebhookNotFound."""
    await endpoints.find(tx, endpoint_id)
    at, delivery_id = before or (None, None)
    return list(await tx.fetch(SQL["page_of_deliveries"], endpoint_id, status, at, delivery_id, limit))


async def find(tx: Tx, endpoint_id: UUID, delivery_id: UUID) -> asyncpg.Record:
    """One of them, with its payload and the last answer. Raises WebhookNotFound, DeliveryNotFound."""
    await endpoints.find(tx, endpoint_id)
    row = await tx.fetchrow(SQL["find_delivery"], endpoint_id, delivery_id)
    if row is None:
        raise DeliveryNotFound
    return row


async def resend(tx: Tx, endpoint_id: UUID, delivery_id: UUID, *, now: datetime) -> asyncpg.Record:
    """Has it sent again at once, under the same id and with all retries to come; not what is being sent right now.

    Raises WebhookNotFound, DeliveryNotFound, WebhookInactive.
    """
    await find(tx, endpoint_id, delivery_id)
    if not (await endpoints.find(tx, endpoint_id))["active"]:
        raise WebhookInactive
    await tx.execute(SQL["send_again"], delivery_id, now)
    await tx.execute("SELECT announce_deadline($1, $1)", now)
    return await find(tx, endpoint_id, delivery_id)
