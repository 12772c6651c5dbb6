"""Tells webhooks what waits for them: one endpoint's events one after another, the oldest first.

claim with a lease (a transaction) ──▶ post (none) ──▶ record (a transaction). A worker that dies in between leaves the
lease, and who comes after it sends the same event again, under the same id: at least once.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
import structlog

from standby import __version__
from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import WebhookNotFound
from standby.messages.sealing import CannotOpen
from standby.outside import Answer, NoAnswer
from standby.tenants.scope import tenant_transaction
from standby.webhooks.events import TEST
from standby.webhooks.schedule import ENDS_AFTER, rest_after, wait_after
from standby.webhooks.signing import signing
from standby.webhooks.webhooks import Webhooks

SQL = statements_beside(__file__)

SECONDS: Final = 15.0  # that an answer may take
LEASE: Final = timedelta(seconds=60)
TURN: Final = timedelta(seconds=15)  # after so long others have theirs
KEEPS: Final = 2_000  # bytes of an answer
BUSY: Final = frozenset({429, 502, 503, 504})  # Not now, says who may say so of everything.

log = structlog.get_logger()


@dataclass(frozen=True)
class Came:
    """What came of an attempt; `error` None: it was taken. `busy`: the next one would fare no better right now."""

    error: str | None
    status_code: int | None = None
    answer: str | None = None
    busy: bool = False


async def send_next(webhooks: Webhooks, tenant_id: UUID, endpoint_id: UUID) -> Came | None:
    """Sends what has waited longest for an endpoint; None: nothing is due, or it is left alone for now."""
    async with tenant_transaction(webhooks.pool, tenant_id) as tx:
        now = webhooks.clock()
        row = await tx.fetchrow(SQL["claim_delivery"], endpoint_id, now, now + LEASE)
    if row is None:
        return None
    return await _attempt(webhooks, tenant_id, row)


async def send_test(webhooks: Webhooks, tenant_id: UUID, endpoint_id: UUID) -> UUID:
    """Sends a test at once, also to a webhook that is switched off; returns its delivery, which is tried no more.

    Raises WebhookNotFound.
    """
    delivery_id = new_id()
    async with tenant_transaction(webhooks.pool, tenant_id) as tx:
        now = webhooks.clock()
        payload = {"type": TEST, "timestamp": now.isoformat(), "data": {"webhook_id": str(endpoint_id)}}
        row = await tx.fetchrow(SQL["insert_test"], endpoint_id, delivery_id, payload, now, now + LEASE)
    if row is None:
        raise WebhookNotFound
    await _attempt(webhooks, tenant_id, row)
    return delivery_id


async def call_again(webhooks: Webhooks, tenant_id: UUID, endpoint_id: UUID, *, after: timedelta) -> None:
    """Has the timers look, after that time, for what is due by then."""
    async with tenant_transaction(webhooks.pool, tenant_id) as tx:
        now = webhooks.clock()
        at = await tx.fetchval(SQL["call_again"], endpoint_id, now + after)
        if at is not None:
            await tx.execute("SELECT announce_deadline($1, $2)", at, now)


async def _attempt(webhooks: Webhooks, tenant_id: UUID, row: asyncpg.Record) -> Came:
    began = webhooks.clock()
    came = await _post(webhooks, row, began)
    now = webhooks.clock()
    again = _again_at(row, came, now, webhooks.chance())
    async with tenant_transaction(webhooks.pool, tenant_id) as tx:
        counts = row["event"] != TEST
        if counts:  # The endpoint is locked before its deliveries, as everybody does.
            await _note_endpoint(tx, row, came, now)
        await tx.execute(
            SQL["note_attempt"],
            row["id"],
            row["lease_until"],
            "delivered" if came.error is None else "pending" if again else "failed",
            again,
            came.status_code,
            came.answer,
            came.error,
            max(0, (now - began) // timedelta(milliseconds=1)),
            now,
        )
        if again is not None:
            await tx.execute("SELECT announce_deadline($1, $2)", again, now)
        elif counts and (why := _ending(row, came, now)):
            await tx.execute("SELECT end_webhook($1, $2, $3, $4)", row["endpoint_id"], why, came.error, now)
    log.debug("webhook_sent", delivery_id=str(row["id"]), webhook_event=row["event"], error=came.error)
    return came


async def _post(webhooks: Webhooks, row: asyncpg.Record, now: datetime) -> Came:
    try:
        secrets = webhooks.seal().open(row["secrets"])
    except CannotOpen as error:
        return Came(str(error), busy=True)
    keys = [secrets["secret"]]
    if row["former_until"] is not None and now < row["former_until"]:
        keys.append(secrets["former"])
    body = _body(row)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Standby/{__version__}",
        **signing(keys, row["id"], now, body),
    }
    answer = await webhooks.outside.post(
        row["url"], body.encode(), headers=headers, largest=KEEPS, seconds=SECONDS
    )
    match answer:
        case NoAnswer(reason):
            return Came(reason, busy=True)
        case Answer(status, _, said):
            return Came(_refusal(status), status, _text(said), busy=status in BUSY)


def _body(row: asyncpg.Record) -> str:
    payload: dict[str, Any] = row["payload"]
    if row["customer"] is not None:
        payload = {**payload, "data": {**payload["data"], "customer": row["customer"]}}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _refusal(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return f"It answers {status}: it leads elsewhere, and what is posted follows no redirect."
    return f"It answers {status}."


def _text(said: bytes) -> str:
    """As a database can keep it."""
    return said.decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _again_at(row: asyncpg.Record, came: Came, now: datetime, chance: float) -> datetime | None:
    """When it is tried again; None: never."""
    if came.error is None or came.status_code == HTTPStatus.GONE or row["event"] == TEST:
        return None
    wait = wait_after(row["attempts"], chance)
    return now + wait if wait is not None else None


async def _note_endpoint(tx: Tx, row: asyncpg.Record, came: Came, now: datetime) -> None:
    if came.error is None:
        await tx.execute(SQL["note_success"], row["endpoint_id"])
        return
    rest = now + rest_after(now - (row["failing_since"] or now)) if came.busy else None
    await tx.execute(SQL["note_failure"], row["endpoint_id"], now, rest)


def _ending(row: asyncpg.Record, came: Came, now: datetime) -> Literal["gone", "failing"] | None:
    """Why the endpoint is told nothing more, now that the last attempt has been made; None: it is."""
    if came.error is None:
        return None
    if came.status_code == HTTPStatus.GONE:
        return "gone"
    return "failing" if now - (row["failing_since"] or now) >= ENDS_AFTER else None
