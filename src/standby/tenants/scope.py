"""A transaction that works for one tenant. There is no other way to a tenant's rows."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from standby.database.pool import Pool, Tx
from standby.origin import saying


@dataclass(frozen=True)
class Author:
    """Whose changes a transaction makes, for the audit log: who, when, and from where (None: a command)."""

    actor: str
    at: datetime
    address: str | None = None
    request_id: str | None = None

    @property
    def told(self) -> dict[str, str | None]:
        """As the database is told."""
        return {
            "actor": self.actor,
            "at": self.at.isoformat(),
            "address": self.address,
            "request_id": self.request_id,
        }


@asynccontextmanager
async def tenant_transaction(pool: Pool, tenant_id: UUID, author: Author | None = None) -> AsyncIterator[Tx]:
    """Commits when the block ends, rolls back when it raises. Says its tenant in the same round trip as BEGIN.

    And where it began (origin.py), for the jobs that it adds. What it changes is written into the audit log when it has
    an author.
    """
    async with pool.acquire() as connection:
        # SET takes no parameters; a UUID prints as hex digits and dashes only.
        beginning = f"BEGIN; SET LOCAL standby.tenant = '{UUID(str(tenant_id))}'{saying()}"
        await connection.execute(beginning if author is None else f"{beginning}; {_said(author)}")
        async with _ended_well(connection):
            yield connection


@asynccontextmanager
async def offer_transaction(pool: Pool, token_hash: bytes) -> AsyncIterator[tuple[Tx, UUID | None]]:
    """A transaction in the tenant of the offer that has this token, and the offer's id; None: no such token."""
    async with _entered(pool, "SELECT enter_tenant_of_offer($1)", token_hash) as entered:
        yield entered


@asynccontextmanager
async def feed_transaction(pool: Pool, token_hash: bytes) -> AsyncIterator[tuple[Tx, UUID | None]]:
    """A transaction in the tenant of the calendar feed that has this token, and the feed's id; None: no such token."""
    async with _entered(pool, "SELECT enter_tenant_of_feed($1)", token_hash) as entered:
        yield entered


@asynccontextmanager
async def request_transaction(pool: Pool, state_hash: bytes) -> AsyncIterator[tuple[Tx, UUID | None]]:
    """A transaction in the salon that sent somebody to a provider with this state, and its id; None: nobody was."""
    async with _entered(pool, "SELECT enter_tenant_of_request($1)", state_hash) as entered:
        yield entered


@asynccontextmanager
async def named_transaction(
    pool: Pool, slug: str, author: Author | None = None
) -> AsyncIterator[tuple[Tx, UUID | None]]:
    """A transaction in the salon of this slug, and the salon's id; None: no such salon."""
    async with _entered(pool, "SELECT enter_tenant_named($1)", slug) as entered:
        if author is not None:
            await entered[0].execute(_said(author))
        yield entered


def _said(author: Author) -> str:
    # JSON in ASCII: nothing in it but a quote can end a literal.
    return "SET LOCAL standby.author = '{}'".format(json.dumps(author.told).replace("'", "''"))


@asynccontextmanager
async def _entered(pool: Pool, enter: str, key: bytes | str) -> AsyncIterator[tuple[Tx, UUID | None]]:
    """A transaction in the tenant that `enter` finds by the key, and what it found."""
    async with pool.acquire() as connection:
        await connection.execute(f"BEGIN{saying()}")
        async with _ended_well(connection):
            yield connection, await connection.fetchval(enter, key)


@asynccontextmanager
async def _ended_well(connection: Tx) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        if not connection.is_closed():
            await connection.execute("ROLLBACK")
        raise
    await connection.execute("COMMIT")
