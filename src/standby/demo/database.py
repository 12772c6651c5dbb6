"""A fresh database for one demo, on whatever server there is.

The demo's worker delivers every message to the demo's own phones, so it must never see a real salon: it gets a
database of its own, made anew at the start and dropped at the end. Any number of demos may run at once.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from standby.database.migrate import unreachable
from standby.errors import StandbyError

NAME: Final = "standby_demo"
LOCK: Final = 0x5354_4244  # "STBD"; any number, but the same for every demo


class NoDatabase(StandbyError):
    """The demo can't make a database of its own."""


@asynccontextmanager
async def own_database(server: str) -> AsyncIterator[str]:
    """The address of an empty database while the block runs; `server` is the address of another one on that server.

    Raises NoDatabase with what to do.
    """
    try:
        connection = await asyncpg.connect(server, server_settings={"application_name": "standby demo"})
    except (OSError, asyncpg.PostgresError) as error:
        raise NoDatabase(unreachable(error)) from error
    try:
        name = await _own_name(connection)
        await _create(connection, name)
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            with suppress(
                OSError, asyncpg.PostgresError, asyncpg.InterfaceError
            ):  # Then the next demo does it.
                await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await connection.close(timeout=5)


async def _own_name(connection: asyncpg.Connection) -> str:
    """The first name that no other demo is using; the lock on it ends with this process, however it ends."""
    number = 1
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", LOCK, number):
        number += 1
    return NAME if number == 1 else f"{NAME}_{number}"


async def _create(connection: asyncpg.Connection, name: str) -> None:
    try:
        # Names can't be parameters; this one is our own. One that was killed may have left its database behind.
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}"')
    except asyncpg.InsufficientPrivilegeError as error:
        raise NoDatabase(
            "The demo makes a database of its own, which the login in DATABASE_URL may not do. Give one that may "
            "(ALTER ROLE … CREATEDB CREATEROLE), or none: DATABASE_URL= standby demo"
        ) from error
