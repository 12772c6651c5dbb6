"""Brings a database to what this version of Standby needs: roles, migrations, PgQueuer's tables, functions.

Four parts, each of them safe to repeat, under one lock, so that any number of processes may begin by calling this:

    migrations/*.sql    applied once each, in the order of their dependencies, each in a transaction of its own
    PgQueuer's tables   installed or upgraded by PgQueuer itself, in the schema standby
    functions/*.sql     replaced together when one of them, or anything above, has changed; rights.sql comes last
"""

import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
from pgqueuer.queries import Queries
from pogo_core.error import BadMigrationError
from pogo_core.migration import topological_sort
from pogo_core.util import migrate as pogo
from pogo_core.util import sql as pogo_tables

from standby.database.pool import WORKER
from standby.database.statements import statements_beside

MIGRATIONS: Final = Path(__file__).parent / "migrations"
FUNCTIONS: Final = Path(__file__).parent / "functions"
SCHEMA: Final = "standby"
OLDEST: Final = 15
LOCK: Final = 0x5354_414E_4442  # "STANDB"; any number, but the same for everyone.
SQL: Final = statements_beside(__file__)

log = logging.getLogger(__name__)


class MigrationError(Exception):
    """The database can't be brought to this version."""


async def migrate(url: str, *, migrations: Path = MIGRATIONS, functions: Path = FUNCTIONS) -> list[str]:
    """Applies what is missing and returns its names, in order: migrations, then "pgqueuer", then "functions".

    `url` is the address as somebody who may create schemas in that database and, the first time, roles.
    Raises MigrationError; everything before the part that failed stays applied.
    """
    async with _connected(url) as connection:
        # One at a time in this database. The lock ends with the connection, however that ends.
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute(SQL["ensure_roles"])
        await connection.execute("CREATE SCHEMA IF NOT EXISTS standby")
        done = await _apply_migrations(connection, migrations)
        done += await _install_pgqueuer(connection)
        done += await _install_functions(connection, functions, changed=bool(done))
        return done


async def ensure_migrated(url: str) -> None:
    """Migrates when something is missing. A login that may not is enough while nothing is.

    Raises MigrationError.
    """
    try:
        missing = await pending(url, role=WORKER)
    except MigrationError:
        missing = [
            "everything"
        ]  # The first time there is no such role; `migrate` says it if it's something else.
    if missing:
        await migrate(url)


async def pending(
    url: str, *, role: str | None = None, migrations: Path = MIGRATIONS, functions: Path = FUNCTIONS
) -> list[str]:
    """What `migrate` would apply now, as the login or as a role that it may take. Changes nothing."""
    async with _connected(url, role=role) as connection:
        missing = await _missing_migrations(connection, migrations)
        queries = Queries.from_asyncpg_connection(connection)
        if not await queries.schema_is_installed() or (await queries.plan_upgrade()).statements:
            missing.append("pgqueuer")
        if missing or await _installed_functions(connection) != _digest(functions):
            missing.append("functions")
        return missing


@asynccontextmanager
async def _connected(url: str, *, role: str | None = None) -> AsyncIterator[asyncpg.Connection]:
    settings = {"search_path": SCHEMA, "application_name": "standby migrate"} | (
        {"role": role} if role else {}
    )
    try:
        connection: asyncpg.Connection = await asyncpg.connect(url, server_settings=settings)
    except (OSError, ValueError, asyncpg.PostgresError) as error:  # ValueError: the URL makes no sense
        raise MigrationError(f"The database can't be reached: {error}") from error
    try:
        version = connection.get_server_version()
        if version.major < OLDEST:
            raise MigrationError(f"This is PostgreSQL {version.major}; Standby needs {OLDEST} or later.")
        yield connection
    except asyncpg.PostgresError as error:
        raise MigrationError(f"The database refused: {error}") from error
    finally:
        await connection.close()


async def _missing_migrations(connection: asyncpg.Connection, folder: Path) -> list[str]:
    known = connection if await pogo_tables.get_pogo_version(connection) is not None else None
    found = await pogo_tables.read_migrations(folder, known, schema_name=SCHEMA)
    return [one.id for one in topological_sort([one.load() for one in found]) if not one.applied]


async def _apply_migrations(connection: asyncpg.Connection, folder: Path) -> list[str]:
    missing = await _missing_migrations(connection, folder)
    try:
        await pogo.apply(connection, folder, schema_name=SCHEMA, logger=log)
    except BadMigrationError as error:
        raise MigrationError(f"{error}: {error.__cause__}") from error
    return missing


async def _install_pgqueuer(connection: asyncpg.Connection) -> list[str]:
    queries = Queries.from_asyncpg_connection(connection)
    if not await queries.schema_is_installed():
        async with connection.transaction():
            await queries.install(create_schema=False)
        return ["pgqueuer"]
    upgraded = await queries.apply_upgrade()
    return ["pgqueuer"] if upgraded.statements else []


async def _install_functions(connection: asyncpg.Connection, folder: Path, *, changed: bool) -> list[str]:
    digest = _digest(folder)
    if not changed and await _installed_functions(connection) == digest:
        return []
    async with connection.transaction():
        # They may call each other in any order.
        await connection.execute("SET LOCAL check_function_bodies = off")
        for path in _function_files(folder):
            await connection.execute(path.read_text())
        await connection.execute(SQL["record_functions"], digest)
    return ["functions"]


async def _installed_functions(connection: asyncpg.Connection) -> str | None:
    digest: str | None = await connection.fetchval(SQL["installed_functions"])
    return digest


def _digest(folder: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in _function_files(folder))).hexdigest()


def _function_files(folder: Path) -> list[Path]:
    """In the order of their names, but rights.sql, which names the others, last."""
    return sorted(folder.glob("*.sql"), key=lambda path: (path.stem == "rights", path.name))
