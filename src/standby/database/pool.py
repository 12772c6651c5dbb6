"""Connections to PostgreSQL, each in a role that can do no more than its work needs."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
import uuid_utils.compat

Connection: TypeAlias = asyncpg.Connection
Pool: TypeAlias = asyncpg.Pool
# What a function gets that works inside somebody's transaction.
Tx: TypeAlias = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy

# What a query raises when the server is gone, going, or not there yet.
CONNECTION_LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # What asyncpg calls it when the server ended the session between two statements.
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)

# What a query raises that was given a text with a NUL, which PostgreSQL's texts can't hold.
NO_TEXT = asyncpg.CharacterNotInRepertoireError

APP = "standby_app"
WORKER = "standby_worker"

new_id = uuid_utils.compat.uuid7


def open_pool(url: str, *, role: str, size: int, name: str) -> Pool:
    """A pool, to be entered or awaited, whose connections act as `role` from their first statement on.

    `size` connections at most; `name` is what pg_stat_activity shows. JSON columns come and go as Python values.
    """
    return asyncpg.create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        init=_set_up,
        reset=_leave_as_is,
        server_settings=_settings(role, name),
        command_timeout=60,
        # Kept for good: a new connection's first transaction takes ten times as long as its next (jobs/rehearsal.py).
        max_inactive_connection_lifetime=0,
        max_queries=sys.maxsize,
        max_cached_statement_lifetime=0,
    )


@asynccontextmanager
async def connect(url: str, *, role: str, name: str, durable: bool = True) -> AsyncIterator[Connection]:
    """One connection outside a pool: for LISTEN, and for work that holds it long.

    Not `durable`: a commit may be forgotten when the server's machine crashes (not when a process of ours does).
    """
    settings = _settings(role, name) | ({} if durable else {"synchronous_commit": "off"})
    connection: Connection = await asyncpg.connect(url, server_settings=settings)
    try:
        await _set_up(connection)
        yield connection
    finally:
        await connection.close(timeout=5)


@asynccontextmanager
async def all_of(pool: Pool) -> AsyncIterator[Sequence[Tx]]:
    """Every connection that the pool may have, at the same time; or as many as the server has left."""
    got = await asyncio.gather(*(pool.acquire() for _ in range(pool.get_max_size())), return_exceptions=True)
    connections = [one for one in got if not isinstance(one, BaseException)]
    try:
        for error in got:
            if isinstance(error, BaseException) and not isinstance(error, asyncpg.TooManyConnectionsError):
                raise error
        yield connections
    finally:
        for connection in connections:
            await pool.release(connection)


def _settings(role: str, name: str) -> dict[str, str]:
    return {
        "role": role,
        "search_path": "standby",
        "application_name": name,
        "timezone": "UTC",
        "jit": "off",  # Our statements are short: compiling one costs more than running it.
        # And so does planning one anew for each set of values: the best candidate's takes 2 ms, running it 0.3.
        "plan_cache_mode": "force_generic_plan",
        # Not knowing the values, the planner would gather and sort a list to find its first; indexes are in order.
        "enable_bitmapscan": "off",
        # One that waits for long may have been cut off on the way by then, with nobody told.
        "tcp_keepalives_idle": "60",
        # A plan that was made while a table was nearly empty stays when it has grown: every statement has its index.
        "enable_seqscan": "off",
        "enable_hashjoin": "off",
        "enable_mergejoin": "off",
    }


async def _set_up(connection: Any) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _leave_as_is(_: Any) -> None:
    """Saves the round trip that would reset a session: ours only set what ends with its transaction."""
