"""A salon's webhooks: where its own systems want to be told of what. The caller owns the transaction and its tenant."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

import asyncpg

from standby.database.pool import Pool, Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid, SecretThere, TooManyWebhooks, WebhookNotFound
from standby.messages.sealing import CannotOpen, Seal
from standby.tenants import names
from standby.webhooks.addresses import Addresses
from standby.webhooks.signing import BOTH_SIGN, new_secret

SQL = statements_beside(__file__)

MOST: Final = 10  # of one salon


@dataclass(frozen=True)
class Changes:
    """What of a webhook is to be another; None stays."""

    url: str | None = None
    description: str | None = None
    events: Sequence[str] | None = None
    contacts: bool | None = None
    active: bool | None = None


async def create(
    tx: Tx,
    wanted: Changes,
    *,
    addresses: Addresses,
    seal: Seal,
    now: datetime,
    endpoint_id: UUID | None = None,
) -> tuple[asyncpg.Record, str]:
    """Adds a webhook; it as `find` shows it, and its secret, which nobody is shown again.

    Raises Invalid with every problem, TooManyWebhooks, and SecretThere if the salon has one with this id.
    """
    url = _checked(wanted, addresses)
    endpoint_id = endpoint_id or new_id()
    if await tx.fetchrow(SQL["list_endpoints"], endpoint_id) is not None:
        raise SecretThere
    if await tx.fetchval(SQL["count_endpoints"]) >= MOST:  # That two at once both find room does no harm.
        raise TooManyWebhooks
    secret = new_secret()
    inserted = await tx.fetchval(
        SQL["insert_endpoint"],
        endpoint_id,
        url,
        wanted.description or "",
        _once(wanted.events or ()),
        bool(wanted.contacts),
        seal.close({"secret": secret}),
        wanted.active is not False,
        now,
    )
    if inserted is None:
        raise SecretThere
    return await find(tx, endpoint_id), secret


async def listed(tx: Tx) -> list[asyncpg.Record]:
    """The salon's webhooks, oldest first, without their secrets."""
    return list(await tx.fetch(SQL["list_endpoints"], None))


async def find(tx: Tx, endpoint_id: UUID) -> asyncpg.Record:
    """One of them. Raises WebhookNotFound."""
    row = await tx.fetchrow(SQL["list_endpoints"], endpoint_id)
    if row is None:
        raise WebhookNotFound
    return row


async def change(tx: Tx, endpoint_id: UUID, to: Changes, *, addresses: Addresses) -> asyncpg.Record:
    """Changes it. Switched off, it drops what waits; switched on, it begins anew, whatever it did before.

    Raises Invalid with every problem, WebhookNotFound.
    """
    url = _checked(to, addresses)
    events = None if to.events is None else _once(to.events)
    changed = await tx.fetchval(
        SQL["change_endpoint"], endpoint_id, url, to.description, events, to.contacts, to.active
    )
    if changed is None:
        raise WebhookNotFound
    if to.active is False:
        await tx.execute(SQL["drop_waiting"], endpoint_id)
    return await find(tx, endpoint_id)


async def remove(tx: Tx, endpoint_id: UUID) -> None:
    """Forgets it, with all that it was told. Raises WebhookNotFound."""
    if await tx.fetchval(SQL["delete_endpoint"], endpoint_id) is None:
        raise WebhookNotFound


async def marks(tx: Tx) -> dict[UUID, str]:
    """What tells the secret of each webhook from its next one."""
    return {row["id"]: row["mark"] for row in await tx.fetch(SQL["secret_marks"])}


async def rotate(
    tx: Tx, endpoint_id: UUID, *, seal: Seal, now: datetime, instead_of: str = ""
) -> tuple[asyncpg.Record, str]:
    """Gives it a new secret; the one before signs too for a day, if it can be opened.

    `instead_of`: the mark of the secret that is to be replaced ("": any). Raises WebhookNotFound, SecretThere.
    """
    sealed = await tx.fetchval(SQL["lock_secrets"], endpoint_id)
    if sealed is None:
        raise WebhookNotFound
    if instead_of not in ("", sha256(sealed).hexdigest()):
        raise SecretThere
    secret = new_secret()
    secrets = {"secret": secret}
    with suppress(CannotOpen):  # Its key is lost: a new secret is the way out.
        secrets["former"] = seal.open(sealed)["secret"]
    former_until = now + BOTH_SIGN if "former" in secrets else None
    await tx.execute(SQL["save_secrets"], endpoint_id, seal.close(secrets), former_until)
    return await find(tx, endpoint_id), secret


async def reseal(pool: Pool, seal: Seal) -> int:
    """Seals the secrets of all salons' webhooks anew with the first key; how many. `pool` acts as the worker's role.

    Raises CannotOpen, and then nothing is changed.
    """
    rows = await pool.fetch("SELECT tenant_id, id, secrets FROM sealed_webhooks()")
    for row, secrets in [(row, seal.open(row["secrets"])) for row in rows]:
        await pool.execute(
            "SELECT reseal_webhook($1, $2, $3, $4)",
            row["tenant_id"],
            row["id"],
            row["secrets"],
            seal.close(secrets),
        )
    return len(rows)


def _checked(wanted: Changes, addresses: Addresses) -> str | None:
    """The address as it is kept. Raises Invalid with every problem of what is wanted."""
    problems, url = [], None
    if wanted.url is not None:
        try:
            url = str(addresses.read(wanted.url))
        except ValueError as error:
            problems.append(FieldProblem("url", str(error)))
    if wanted.description and (wrong := names.problem_of(wanted.description)):
        problems.append(FieldProblem("description", wrong))
    if problems:
        raise Invalid(problems)
    return url


def _once(events: Sequence[str]) -> list[str]:
    return sorted(set(events))
