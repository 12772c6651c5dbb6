"""Requests of providers: taken if they are genuine, kept, and read by a job.

take: whom is it about? ──▶ signed? ──▶ kept once, with its job (one statement) ──▶ 200
read: each thing that it tells in a transaction of its own; done twice it changes nothing
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg
import structlog

from standby.channels.callbacks import (
    OLDEST_REPLY,
    Request,
    concerns,
    genuine,
    routes,
    salon_of,
    shows_that_we_hear,
    told,
)
from standby.channels.events import Reply, Status, Unreadable
from standby.clock import Clock
from standby.database.pool import CONNECTION_LOST, Pool, Tx
from standby.database.statements import statements_beside
from standby.messages import consent, inbound
from standby.messages.sealing import CannotOpen, Seal
from standby.tenants.scope import tenant_transaction

SQL = statements_beside(__file__)

TELL_EVERY: Final = timedelta(minutes=1)
Told: TypeAlias = tuple[str, Status | Reply]  # by which channel, and what

log = structlog.get_logger()


class Callbacks:
    """Takes the requests of providers. `pool` acts as the worker's role, `seal` opens the salons' secrets."""

    def __init__(self, pool: Pool, seal: Callable[[], Seal], *, clock: Clock) -> None:
        self._pool = pool
        self._seal = seal
        self._clock = clock
        self._told: dict[str, datetime] = {}  # by provider: when a refusal was last logged

    async def take(self, request: Request) -> bool:
        """Keeps the request for each salon that it tells something; False: no sender of ours has signed it."""
        ways, now = routes(request), self._clock()
        if not ways:
            self._log_refused(request, [], now)
            return False
        rows = await self._pool.fetch(
            SQL["callback_senders"], request.provider, list(ways), salon_of(request)
        )
        senders = [row for row in rows if self._is_for(request, row, now)]
        if not senders:
            self._log_refused(request, rows, now)
            return False
        await self._pool.execute(
            SQL["store_callback"],
            [row["tenant_id"] for row in senders],
            [row["route"] for row in senders],
            [row["channel"] for row in senders],
            request.provider,
            hashlib.sha256(request.query.encode() + b"\n" + request.raw).digest(),
            request.query,
            request.raw,
            shows_that_we_hear(request),
            now,
        )
        return True

    def _log_refused(self, request: Request, rows: Sequence[asyncpg.Record], now: datetime) -> None:
        """Once a minute for each provider: who has mistyped a secret has to see it, strangers must not fill the log."""
        if now - self._told.get(request.provider, now - TELL_EVERY) < TELL_EVERY:
            return
        self._told[request.provider] = now
        log.warning(
            "callback_refused",
            provider=request.provider,
            reason="no sender's secret fits its signature" if rows else "it names no sender that we know",
            tenants=[str(row["tenant_id"]) for row in rows[:10]],
        )

    def _is_for(self, request: Request, row: asyncpg.Record, now: datetime) -> bool:
        if not concerns(request, channel=row["channel"], address=row["address"]):
            return False
        try:
            secrets = self._seal().open(row["secrets"])
        except CannotOpen as error:
            log.warning("callback_not_checked", tenant_id=str(row["tenant_id"]), reason=str(error))
            return False
        return genuine(request, row["options"], secrets, now=now)


async def read(pool: Pool, tenant_id: UUID, callback_id: UUID, *, clock: Clock) -> None:
    """Does what a kept request tells. `pool` acts as the application's role."""
    async with tenant_transaction(pool, tenant_id) as tx:
        row = await tx.fetchrow(SQL["unread_callback"], callback_id)
        if row is None:
            return
        request = Request(row["provider"], "", row["query"], bytes(row["body"]), {})
        events = _told(request, row["sender"], row["received_at"])
        if len(events) == 1:  # As most have. All in one, then.
            await _apply(tx, request.provider, events[0], now=clock())
        if len(events) <= 1:
            await tx.execute(SQL["end_callback"], callback_id, clock())
            return
    await _each(pool, tenant_id, request.provider, events, clock)
    async with tenant_transaction(pool, tenant_id) as tx:
        await tx.execute(SQL["end_callback"], callback_id, clock())


async def _each(pool: Pool, tenant_id: UUID, provider: str, events: Sequence[Told], clock: Clock) -> None:
    """Does each, also when another can't be done; raises what that raised in the end, so that it is tried again."""
    failed: Exception | None = None
    for one in events:
        try:
            async with tenant_transaction(pool, tenant_id) as tx:
                await _apply(tx, provider, one, now=clock())
        except CONNECTION_LOST:
            raise
        except Exception as error:  # noqa: BLE001 - raised below
            failed = failed or error
    if failed is not None:
        raise failed


def _told(request: Request, sender: str, at: datetime) -> list[Told]:
    try:
        return told(request, sender, at=at)
    except Unreadable:  # It was readable when it was taken: by code that has changed since.
        log.exception("callback_unreadable", provider=request.provider)
        return []


async def _apply(tx: Tx, provider: str, one: Told, *, now: datetime) -> None:
    channel, event = one
    match event:
        case Status():
            await _note(tx, channel, provider, event, now)
        case Reply() if now - event.at <= OLDEST_REPLY:
            await inbound.take(tx, channel, event, now=now)
        case Reply():
            log.warning(
                "old_reply_ignored", channel=channel, provider=provider, written_at=event.at.isoformat()
            )


async def _note(tx: Tx, channel: str, provider: str, status: Status, now: datetime) -> None:
    if status.message_id is None:
        return
    [noted] = await tx.fetch(
        SQL["note_delivery"],
        status.message_id,
        channel,
        provider,
        status.provider_id,
        status.state,
        status.fault,
        status.reason,
        status.at,
        now,
    )
    at = min(status.at, now)
    if status.closes and noted["customer"] is not None:
        # Twilio's reports have no time of their own: what they say was so when the message was sent.
        closed_at = noted["taken_at"] or at if provider == "twilio" else at
        source = f"provider:{provider}"
        await consent.withdraw(tx, noted["customer"], channel, source=source, at=closed_at)
    if noted["settled"]:
        await tx.execute(SQL["count_settled"], status.message_id, provider, at)
