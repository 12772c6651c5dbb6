"""Reads a linked calendar and keeps when its owner is busy there.

load (a transaction) ──▶ ask the calendar (none) ──▶ keep what it said (a transaction). Two readings at once do no harm:
the second to end finds that the place has moved on, and is forgotten. Whatever goes wrong, what is known stays.
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from standby.calendars import pushing
from standby.calendars.base import (
    Busy,
    Changes,
    Link,
    NotModified,
    Place,
    Reading,
    Reconnect,
    Refused,
    Retry,
    Whole,
    Window,
)
from standby.calendars.calendars import Calendars, wait_after
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.messages.sealing import CannotOpen
from standby.tenants.scope import tenant_transaction

SQL = statements_beside(__file__)

EVERY: Final = timedelta(minutes=10)
EVERY_WHEN_TOLD: Final = timedelta(hours=1)  # A push may be lost.
BEHIND: Final = timedelta(days=1)
AHEAD: Final = timedelta(days=365)
LONGEST_SECONDS: Final = 240.0  # of one reading, all its pages

log = structlog.get_logger()


async def read(calendars: Calendars, tenant_id: UUID, link_id: UUID) -> None:
    """Reads one calendar, unless it is gone or has to be connected anew."""
    async with tenant_transaction(calendars.pool, tenant_id) as tx:
        row = await tx.fetchrow(SQL["load_link"], link_id)
    if row is None:
        return
    outcome, every = await _asked(calendars, tenant_id, row)
    async with tenant_transaction(calendars.pool, tenant_id) as tx:
        await _keep(tx, row, outcome, now=calendars.clock(), every=every)
    log.debug("calendar_read", link_id=str(link_id), outcome=type(outcome).__name__)


async def put_back(calendars: Calendars, tenant_id: UUID, link_id: UUID, *, after: timedelta) -> None:
    """Has it read after that time; what was to be read now comes from the loops again."""
    now = calendars.clock()
    async with tenant_transaction(calendars.pool, tenant_id) as tx:
        await tx.execute(SQL["put_back"], link_id, now + after)
        await tx.execute("SELECT announce_deadline($1, $2)", now + after, now)


async def _asked(calendars: Calendars, tenant_id: UUID, row: asyncpg.Record) -> tuple[Reading, timedelta]:
    """What the calendar says, and how soon to ask again if that was well."""
    calendar = calendars.kinds.get(row["kind"])
    if calendar is None:
        return Refused(f"Nothing here reads calendars of the kind {row['kind']}."), EVERY
    try:
        secrets = calendars.seal().open(row["secrets"]) if row["secrets"] else {}
    except CannotOpen as error:
        return Refused(str(error)), EVERY
    zone = ZoneInfo(row["timezone"])
    link = Link(tenant_id, row["id"], row["staff_id"], row["address"], zone, secrets, row["place"])
    now = calendars.clock()
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            outcome = await calendar.read(link, Window(now - BEHIND, now + AHEAD))
            if isinstance(outcome, Whole | Changes | NotModified):
                tells = await pushing.keep_watching(calendars, row["kind"], link)
                return outcome, EVERY_WHEN_TOLD if tells else EVERY
    except TimeoutError:
        return Retry(f"It was not read within {LONGEST_SECONDS:.0f} seconds."), EVERY
    return outcome, EVERY


async def _keep(tx: Tx, row: asyncpg.Record, outcome: Reading, *, now: datetime, every: timedelta) -> None:
    match outcome:
        case Whole(busy, place):
            if await _noted(tx, row, place, now, every):
                await _replace(tx, row, None, busy, now)
        case Changes(event_ids, busy, place):
            if await _noted(tx, row, place, now, every):
                await _replace(tx, row, event_ids, busy, now)
        case NotModified():
            await _noted(tx, row, row["place"], now, every)
        case Retry(reason, after):
            wait = max(wait_after(row["failures"] + 1), timedelta(seconds=after or 0))
            await _failed(tx, row, reason, now + wait, now)
        case Refused(reason):
            await _failed(tx, row, reason, now + wait_after(5), now, tell=True)
        case Reconnect(reason):
            await _failed(tx, row, reason, None, now)


async def _noted(tx: Tx, row: asyncpg.Record, place: Place, now: datetime, every: timedelta) -> bool:
    """Whether what was read still follows what is known."""
    noted = await tx.fetchval(
        SQL["note_read"],
        row["id"],
        row["place"],
        dict(place),
        now + every,
        row["next_read_at"],
        now,
        row["secrets"],
    )
    return noted is not None


async def _replace(
    tx: Tx, row: asyncpg.Record, event_ids: Collection[str] | None, busy: Sequence[Busy], now: datetime
) -> None:
    """Puts these busy times in the place of those of the events, or of all (None)."""
    gone = None if event_ids is None else list(event_ids)
    await tx.execute(SQL["forget_busy"], row["id"], gone, now - BEHIND)
    await tx.execute(
        SQL["insert_busy"],
        row["id"],
        row["staff_id"],
        [one.event_id for one in busy],
        [one.starts_at for one in busy],
        [one.ends_at for one in busy],
    )


async def _failed(
    tx: Tx, row: asyncpg.Record, reason: str, again: datetime | None, now: datetime, *, tell: bool = False
) -> None:
    await tx.execute(SQL["fail_calendar"], row["id"], row["secrets"], reason, again, tell, now)
