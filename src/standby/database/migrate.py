"""Brings a database to what this version of Standby needs: roles, migrations, PgQueuer's tables, functions.

Four parts, each of them safe to repeat, under one lock, so that any number of processes may begin by calling this:

    migrations/*.sql    applied once each, in the order of their dependencies, each in a transaction of its own
    PgQueuer's tables   installed or upgraded by PgQueuer itself, in the schema standby
    functions/*.sql     replaced together when one of them, or anything above, has changed; rights.sql comes last

A process of the version before may begin when a newer one's migrations are in place already. It leaves what is newer
alone; going back is `standby migrate` of the older version.
"""

import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
from pgqueuer.queries import Queries
from pogo_core.error import BadMigrationError
from pogo_core.migration import topological_sort
from pogo_core.util import migrate as pogo
from pogo_core.util import sql as pogo_tables

from standby.database.pool import APP, WORKER
from standby.database.statements import statements_beside

MIGRATIONS: Final = Path(__file__).parent / "migrations"
FUNCTIONS: Final = Path(__file__).parent / "functions"
SCHEMA: Final = "standby"
OLDEST: Final = 15
LOCK: Final = 0x5354_414E_4442  # "STANDB"; any number, but the same for everyone.
SQL: Final = statements_beside(__file__)

log = logging.getLogger(__name__)


class _Calm(logging.LoggerAdapter[logging.Logger]):
    """Tells as information what pogo gives out as a warning: that a migration is being applied."""

    def warning(self, msg: object, *args: object, **more: Any) -> None:
        self.info(msg, *args, **more)


class MigrationError(Exception):
    """The database can't be brought to this version."""


class NotAllowed(MigrationError):
    """The login may not do that."""


class NoRoles(MigrationError):
    """No database of this server has been migrated yet: there is no role to act as."""


async def migrate(url: str, *, migrations: Path = MIGRATIONS, functions: Path = FUNCTIONS) -> list[str]:
    """Applies what is missing and returns its names, in order: migrations, then "pgqueuer", then "functions".

    `url` is the address as somebody who may create schemas in that database and, the first time, roles; while nothing
    is missing, a login that may take the role standby_worker is enough.
    Raises MigrationError; everything before the part that failed stays applied.
    """
    try:
        return await _migrate(url, migrations, functions)
    except NotAllowed as refused:
        missing = await pending(url, role=WORKER, migrations=migrations, functions=functions)
        if not missing:
            return []
        said = str(refused.__cause__).partition("\n")[0]  # The server's details come after.
        raise MigrationError(
            f"The database lacks {', '.join(missing)}, and this login may not add it ({said}). "
            "Run `standby migrate` as the database's owner"
        ) from refused


async def _migrate(url: str, migrations: Path, functions: Path) -> list[str]:
    async with connected(url) as connection:
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
    except NotAllowed:  # It may not act as that role yet; who may migrate can change that.
        missing = ["roles"]
    if missing:
        await migrate(url)


async def pending(
    url: str, *, role: str | None = None, migrations: Path = MIGRATIONS, functions: Path = FUNCTIONS
) -> list[str]:
    """What this version needs and the database lacks, as the login or as a role that it may take. Changes nothing.

    A database that a newer version has migrated lacks nothing. Raises MigrationError.
    """
    try:
        async with connected(url, role=role) as connection:
            return await _missing(connection, migrations, functions)
    except NoRoles:
        return await everything(migrations)


async def everything(migrations: Path = MIGRATIONS) -> list[str]:
    """What `migrate` applies to a database in which there is nothing."""
    return [*await _missing_migrations(None, migrations), "pgqueuer", "functions"]


def unreachable(error: Exception) -> str:
    """Why a connection was refused, and what to do; `error` is what connecting raised."""
    match error:
        case asyncpg.InvalidCatalogNameError():
            return f"The server has been reached, but {error}: create it, or correct DATABASE_URL"
        case asyncpg.InvalidAuthorizationSpecificationError():  # A wrong password too.
            return f"The server has been reached, but refuses the login in DATABASE_URL: {error}"
        case _:
            return f"The database can't be reached: {error}. Check DATABASE_URL, and that the server runs"


@asynccontextmanager
async def connected(url: str, *, role: str | None = None) -> AsyncIterator[asyncpg.Connection]:
    """A connection of somebody who looks after the database, whose refusals are said in plain words.

    Raises MigrationError.
    """
    settings = {"search_path": SCHEMA, "application_name": "standby migrate"} | (
        {"role": role} if role else {}
    )
    try:
        connection: asyncpg.Connection = await asyncpg.connect(url, server_settings=settings)
    except asyncpg.InsufficientPrivilegeError as error:
        advice = f"As the database's owner: GRANT {APP}, {WORKER} TO it" if role else "Check DATABASE_URL"
        raise NotAllowed(f"The login in DATABASE_URL may not do that: {error}. {advice}") from error
    except asyncpg.InvalidParameterValueError as error:
        no_role = role is not None and role in str(error)
        raise (NoRoles if no_role else MigrationError)(unreachable(error)) from error
    except (OSError, ValueError, asyncpg.PostgresError) as error:  # ValueError: the URL makes no sense
        raise MigrationError(unreachable(error)) from error
    try:
        version = connection.get_server_version()
        if version.major < OLDEST:
            raise MigrationError(f"This is PostgreSQL {version.major}; Standby needs {OLDEST} or later.")
        yield connection
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotAllowed(f"The database refused: {error}") from error
    except asyncpg.PostgresError as error:
        raise MigrationError(f"The database refused: {error}") from error
    finally:
        await connection.close()


async def _missing(connection: asyncpg.Connection, migrations: Path, functions: Path) -> list[str]:
    try:
        missing = await _missing_migrations(connection, migrations)
        queries = Queries.from_asyncpg_connection(connection)
        if not await queries.schema_is_installed() or (await queries.plan_upgrade()).statements:
            missing.append("pgqueuer")
        if missing or not await connection.fetchval(SQL["knows_functions"], _digest(functions)):
            missing.append("functions")
    except (
        asyncpg.InsufficientPrivilegeError
    ):  # The last of the functions, rights.sql, is what lets a role look.
        return ["functions"]
    return missing


async def _missing_migrations(connection: asyncpg.Connection | None, folder: Path) -> list[str]:
    """None: of a database in which there is nothing."""
    known = connection and (
        connection if await pogo_tables.get_pogo_version(connection) is not None else None
    )
    found = await pogo_tables.read_migrations(folder, known, schema_name=SCHEMA)
    if all(one.applied for one in found):  # Reading them takes a third of a second, and each process asks.
        return []
    return [one.id for one in topological_sort([one.load() for one in found]) if not one.applied]


async def _apply_migrations(connection: asyncpg.Connection, folder: Path) -> list[str]:
    missing = await _missing_migrations(connection, folder)
    try:
        await pogo.apply(connection, folder, schema_name=SCHEMA, logger=_Calm(log))
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
