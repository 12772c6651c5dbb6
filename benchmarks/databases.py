"""The server that is measured on, and a fresh database in it for each run."""

import logging
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from standby.database import embedded
from standby.database.migrate import migrate


@contextmanager
def server(data_dir: Path) -> Iterator[str]:
    """The server's address: DATABASE_URL's, or else that of one of our own with its files in `data_dir`."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / ".gitignore").write_text("*\n")
    own = embedded.start(data_dir)
    try:
        yield own.url("postgres")
    finally:
        own.stop()


@asynccontextmanager
async def fresh(server_url: str, *, migrated: bool = True, keep: bool = False) -> AsyncIterator[str]:
    """The address of a new database, which is dropped in the end unless it is to be kept."""
    name = f"standby_benchmark_{secrets.token_hex(6)}"
    # A name can't be a parameter; this one is hex digits of our own.
    await _execute(server_url, f'CREATE DATABASE "{name}"')
    url = _with_database(server_url, name)
    try:
        if migrated:
            logging.getLogger("standby.database.migrate").setLevel(logging.ERROR)  # It names each migration.
            await migrate(url)
        yield url
    finally:
        if not keep:
            await _execute(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def settle(url: str) -> None:
    """Fresh statistics, no dead rows, nothing left to write: so that runs begin alike."""
    await _execute(url, "VACUUM ANALYZE")
    with suppress(asyncpg.InsufficientPrivilegeError):  # It only steadies the figures.
        await _execute(url, "CHECKPOINT")


def _with_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{quote(name)}" + (f"?{parts.query}" if parts.query else "")


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
