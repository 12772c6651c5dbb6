"""Linked calendars: made, listed, read at once, let go. The caller owns the transaction and its tenant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from standby.database.pool import Pool, Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import CalendarNotFound, CalendarToReconnect, TooManyCalendars
from standby.messages.sealing import Seal

SQL = statements_beside(__file__)

MOST: Final = 10  # of one staff member


@dataclass(frozen=True)
class Found:
    """A calendar that a staff member has, with what it takes to get there. `writes`: their bookings go there."""

    staff_id: UUID
    kind: str
    address: str
    secrets: Mapping[str, str] = field(repr=False)
    writes: bool


async def connect(tx: Tx, found: Found, *, seal: Seal, now: datetime) -> UUID:
    """Links the calendar, or connects it anew: it is read, and the coming bookings are written, at once.

    Raises TooManyCalendars.
    """
    await check_room(tx, found.staff_id, found.kind, found.address)
    sealed = seal.close(found.secrets) if found.secrets else None
    link_id: UUID = await tx.fetchval(
        SQL["save_link"], new_id(), found.staff_id, found.kind, found.address, sealed, found.writes, now
    )
    if found.writes:
        await tx.execute(SQL["fill_link"], link_id, now)
    await tx.execute("SELECT announce_deadline($1, $1)", now)
    return link_id


async def check_room(tx: Tx, staff_id: UUID, kind: str, address: str) -> None:
    """Whether the staff member may link this calendar too, or has it already. Raises TooManyCalendars.

    It bounds what is read every ten minutes: that two at once may both find room does no harm.
    """
    if await tx.fetchval(SQL["count_links"], staff_id, kind, address) >= MOST:
        raise TooManyCalendars


async def listed(tx: Tx) -> list[asyncpg.Record]:
    """The salon's linked calendars, without their secrets."""
    return list(await tx.fetch(SQL["list_links"]))


async def read_soon(tx: Tx, link_id: UUID, *, now: datetime) -> None:
    """Has it read, and what waits to be written, written, at once. Raises CalendarNotFound, CalendarToReconnect."""
    if await tx.fetchval(SQL["read_soon"], link_id, now) is None:
        if await tx.fetchval(SQL["find_link"], link_id) is None:
            raise CalendarNotFound
        raise CalendarToReconnect
    await tx.execute("SELECT announce_deadline($1, $1)", now)


async def remove(tx: Tx, link_id: UUID) -> None:
    """Forgets it, with its busy times; what was written to it stays there. Raises CalendarNotFound."""
    if await tx.fetchval(SQL["delete_link"], link_id) is None:
        raise CalendarNotFound


async def reseal(pool: Pool, seal: Seal) -> int:
    """Seals the secrets of all salons' calendars anew with the first key; how many. `pool` acts as the worker's role.

    Raises CannotOpen, and then nothing is changed.
    """
    rows = await pool.fetch("SELECT tenant_id, id, secrets FROM sealed_calendars()")
    for row, secrets in [(row, seal.open(row["secrets"])) for row in rows]:
        await pool.execute(
            "SELECT reseal_calendar($1, $2, $3, $4)",
            row["tenant_id"],
            row["id"],
            row["secrets"],
            seal.close(secrets),
        )
    return len(rows)
