"""Channels by which a calendar tells us that it has changed, so that we needn't wait until we ask.

A channel ends by itself after some days. It is renewed by a reading, of which there is one an hour at least: the new
one is there before the old one is stopped. Who calls us shows the channel's token, which we know as a hash.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from standby.calendars.base import Link, Watched
from standby.calendars.calendars import Calendars
from standby.database.pool import new_id
from standby.database.statements import statements_beside
from standby.tenants.scope import tenant_transaction
from standby.waitlist.tokens import hash_token, new_token

SQL = statements_beside(__file__)

LASTS: Final = timedelta(days=7)
RENEWED_BEFORE: Final = timedelta(days=1)

log = structlog.get_logger()


async def keep_watching(calendars: Calendars, kind: str, link: Link) -> bool:
    """Whether the calendar will tell us of changes; asks it to if it won't for another day."""
    watching = calendars.watching.get(kind)
    if watching is None:
        return False
    now = calendars.clock()
    async with tenant_transaction(calendars.pool, link.tenant_id) as tx:
        if await tx.fetchval(SQL["has_push"], link.id, now + RENEWED_BEFORE):
            return True
        channel_id, token = new_id(), new_token()
        await tx.execute(SQL["delete_unanswered_pushes"], link.id)
        old = await tx.fetch(SQL["pushes_of"], link.id)
        await tx.execute(SQL["insert_push"], channel_id, link.id, hash_token(token), now)
    watched = await watching.watch(link, channel_id, token, now + LASTS)
    if not isinstance(watched, Watched):
        log.info("calendar_not_watched", link_id=str(link.id), reason=watched.reason)
        return False
    async with tenant_transaction(calendars.pool, link.tenant_id) as tx:
        await tx.execute(SQL["note_push"], channel_id, watched.resource, watched.expires_at)
        await tx.execute(SQL["delete_pushes"], [row["id"] for row in old])
    for row in old:
        if row["resource"] is not None and row["expires_at"] > now:
            await watching.unwatch(link, row["id"], row["resource"])
    return True


async def hear(calendars: Calendars, channel_id: UUID, token: str) -> bool:
    """Has the calendar read that a channel tells of; False: that is no channel of ours."""
    now: datetime = calendars.clock()
    known: bool = await calendars.worker_pool.fetchval(
        "SELECT hear_push($1, $2, $3)", channel_id, hash_token(token), now
    )
    return known
