"""API keys: what a program of a salon's calls with. Shown once; the database knows their hashes alone."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from standby.accounts.permissions import FOR_KEYS, Permission, known
from standby.database.pool import Pool, Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import ApiKeyNotFound, ApiKeyThere, FieldProblem, Invalid
from standby.tenants import names
from standby.tenants.sign_in import Identity
from standby.waitlist.tokens import hash_token

SQL: Final = statements_beside(__file__)
BEGINS: Final = "sk_"
SHOWN: Final = 11  # letters of it that stay known: sk_ and eight


@dataclass(frozen=True)
class Made:
    """A new key, to be shown this once."""

    id: UUID
    prefix: str
    key: str


async def make(
    tx: Tx,
    name: str,
    scopes: Sequence[Permission],
    *,
    ends_at: datetime | None,
    by: str,
    now: datetime,
    key_id: UUID | None = None,
) -> Made:
    """Makes a key of the transaction's salon. Raises Invalid, and ApiKeyThere if it has one with this id."""
    problems = []
    if wrong := names.problem_of(name):
        problems.append(FieldProblem("name", wrong))
    if not scopes:
        problems.append(FieldProblem("scopes", "is empty; a key has to be for something"))
    problems += [
        FieldProblem("scopes", f"{scope} is nothing for a program")
        for scope in scopes
        if scope not in FOR_KEYS
    ]
    if ends_at is not None and ends_at <= now:
        problems.append(FieldProblem("ends_at", "has passed"))
    if problems:
        raise Invalid(problems)
    key = BEGINS + secrets.token_hex(32)
    made = Made(key_id or new_id(), key[:SHOWN], key)
    inserted = await tx.fetchval(
        SQL["insert_api_key"],
        made.id,
        name.strip(),
        made.prefix,
        hash_token(key),
        sorted(set(scopes)),
        by,
        now,
        ends_at,
    )
    if inserted is None:
        raise ApiKeyThere
    return made


async def all_of(tx: Tx) -> list[asyncpg.Record]:
    """The salon's keys, without what would open anything."""
    return list(await tx.fetch(SQL["list_api_keys"]))


async def revoke(tx: Tx, key_id: UUID) -> None:
    """Ends a key at once. Raises ApiKeyNotFound."""
    if await tx.fetchval(SQL["delete_api_key"], key_id) is None:
        raise ApiKeyNotFound


async def identity_of(pool: Pool, key: str, *, now: datetime) -> Identity | None:
    """Whose key this is; None: none of ours, or it has ended."""
    row = await pool.fetchrow("SELECT * FROM find_api_key($1, $2)", hash_token(key), now)
    if row is None:
        return None
    # A permission that keys may not have any more gives no right.
    return Identity(
        row["tenant_id"], f"key:{row['prefix']}", role=None, scopes=known(row["scopes"]) & FOR_KEYS
    )
