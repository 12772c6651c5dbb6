"""A transaction that works for one account. There is no other way to the rows of a user."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg

from standby.database.pool import Pool, Tx
from standby.errors import LinkNotFound
from standby.tenants.scope import tenant_transaction


@asynccontextmanager
async def account_transaction(pool: Pool, user_id: UUID) -> AsyncIterator[Tx]:
    """Commits when the block ends, rolls back when it raises."""
    async with pool.acquire() as connection, connection.transaction():
        await enter_account(connection, user_id)
        yield connection


@asynccontextmanager
async def account_in_salon(pool: Pool, user_id: UUID, tenant_id: UUID) -> AsyncIterator[Tx]:
    """A transaction that works for an account and for a salon."""
    async with tenant_transaction(pool, tenant_id) as tx:
        await enter_account(tx, user_id)
        yield tx


@asynccontextmanager
async def named_account(pool: Pool, email: str) -> AsyncIterator[tuple[Tx, UUID | None]]:
    """A transaction in the account of this address, and its id; None: there is none."""
    async with pool.acquire() as connection, connection.transaction():
        yield connection, await connection.fetchval("SELECT enter_account_named($1)", email)


@asynccontextmanager
async def refreshed_account(pool: Pool, token_hash: bytes) -> AsyncIterator[tuple[Tx, UUID | None]]:
    """A transaction in the account that was given this refresh token, and its id; None: nobody was."""
    async with pool.acquire() as connection, connection.transaction():
        yield connection, await connection.fetchval("SELECT enter_account_of_refresh($1)", token_hash)


@asynccontextmanager
async def letter_transaction(
    pool: Pool, token_hash: bytes, kind: str, *, use: bool, now: datetime
) -> AsyncIterator[tuple[Tx, asyncpg.Record]]:
    """A transaction in the account that a letter went to, if there is one, and the letter: email, locale, details,
    user_id and has_password. `use`: its link is good for nothing from here on. Raises LinkNotFound.
    """
    opened = "SELECT * FROM open_letter($1, $2, $3, $4)"
    async with pool.acquire() as connection, connection.transaction():
        letter = await connection.fetchrow(opened, token_hash, kind, use, now)
        if letter is None:
            raise LinkNotFound
        yield connection, letter


async def enter_account(tx: Tx, user_id: UUID) -> None:
    """Makes this transaction work for the account too."""
    await tx.execute("SELECT set_config('standby.account', $1, true)", str(user_id))
