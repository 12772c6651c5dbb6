"""A customer's own data: all of it as one document, and taken out of everything (GDPR articles 15, 17 and 20).

Erased is who they were; that somebody booked, waited and was written to stays, for the salon's figures and its books.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import CustomerHasAppointments, CustomerNotFound
from standby.waitlist import entries

SQL = statements_beside(__file__)


async def export(tx: Tx, customer_id: UUID) -> dict[str, Any]:
    """All that the salon knows of a customer; that it was asked for is written down. Raises CustomerNotFound."""
    document = await tx.fetchval(SQL["export_customer"], customer_id)
    if document is None:
        raise CustomerNotFound
    await tx.execute("SELECT note_export($1)", customer_id)
    known: dict[str, Any] = json.loads(document)
    return known


async def erase(tx: Tx, customer_id: UUID, *, now: datetime, actor: str) -> None:
    """Takes a customer off the waitlist and out of everything, for good.

    Raises CustomerNotFound, and CustomerHasAppointments: those have to be cancelled first.
    """
    ties = await tx.fetchrow(SQL["ties_of_customer"], customer_id, now)
    if ties is None or not ties["known"]:
        raise CustomerNotFound
    if ties["bookings"]:
        raise CustomerHasAppointments(bookings=[str(booking_id) for booking_id in ties["bookings"]])
    for entry_id in ties["entries"]:
        await entries.leave(tx, entry_id, now=now, reason="customer_erased", actor=actor)
    if not await tx.fetchval("SELECT erase_customer($1, $2)", customer_id, now):
        raise CustomerNotFound
