"""A backup of the whole installation in one file, and its way back into an empty database.

PostgreSQL's own pg_dump, pg_restore and psql do the work; the wheel of the embedded server brings them. What they don't
know is ours to see to: roles belong to the server and not to the database, functions have to belong to the role whose
rights they work with, and a login that rows are hidden from would make a backup without salons in it.

The server may be older than these programs. They can read from it, but what they write is for servers of their own
version or later (so says pg_dump's documentation). So the backup comes back as SQL, without the lines that some servers
don't know.
"""

import asyncio
import os
import re
import subprocess
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from standby.database.embedded import PROGRAMS
from standby.database.migrate import connected, migrate
from standby.database.statements import statements_beside

SQL: Final = statements_beside(__file__)

# A setting that PostgreSQL 17 brought, and what some servers note of a column for themselves (Debian's 15.20 does; its
# own pg_dump leaves it out). No row of a table looks like that: it has a tab between its columns.
UNKNOWN_ELSEWHERE: Final = re.compile(
    rb"SET transaction_timeout = 0;\n|ALTER TABLE [^\t]+ ALTER COLUMN [^\t]+ SET \(pg_attver=\d+\);\n"
)


class BackupError(Exception):
    """The backup could not be made, or not be read back."""


def back_up(url: str, file: Path) -> int:
    """Writes the database as it is at this moment; returns the file's size in bytes.

    Everybody goes on working meanwhile. The file is its owner's alone, and is there only when it is whole; one that is
    there already is left alone. Raises BackupError and MigrationError.
    """
    if file.exists():
        raise BackupError(f"There is a file {file} already: name another one, or take it away first")
    asyncio.run(_check_that_all_is_seen(url))
    part = file.with_name(f"{file.name}.part")
    try:
        part.touch(mode=0o600)
        _dump(url, part)
        part.replace(file)
    except OSError as error:
        raise BackupError(f"The backup can't be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path) -> datetime | None:
    """Fills an empty database; returns when the newest thing in it happened (None: nothing that is known).

    What a newer version of Standby needs is added. Nobody is to work with the database meanwhile.
    Raises BackupError, also when there is something in the database, and MigrationError.
    """
    if not file.is_file():
        raise BackupError(f"There is no file {file}")
    asyncio.run(_make_ready(url))
    _read_back(url, file)
    return asyncio.run(_complete(url))


async def _check_that_all_is_seen(url: str) -> None:
    async with connected(url) as connection:
        if not await connection.fetchval(SQL["has_an_installation"]):
            raise BackupError("There is no installation in this database")
        if not await connection.fetchval(SQL["sees_everything"]):
            raise BackupError(
                "This login sees no salon's rows, so its backup would have none. Use a superuser in "
                "DATABASE_URL, or a login with BYPASSRLS"
            )


async def _make_ready(url: str) -> None:
    async with connected(url) as connection:
        if await connection.fetchval(SQL["has_an_installation"]):
            raise BackupError(
                "There is an installation in this database already. Restore into an empty one: name another "
                "database in DATABASE_URL, or another directory in STANDBY_DATA_DIR"
            )
        await connection.execute(SQL["ensure_roles"])


async def _complete(url: str) -> datetime | None:
    async with connected(url) as connection:
        await connection.execute(
            SQL["forget_functions"]
        )  # They are its login's now, and are to be standby_system's.
    await migrate(url)
    async with connected(url) as connection:
        newest: datetime | None = await connection.fetchval(SQL["newest_history"])
        return newest


def _dump(url: str, file: Path) -> None:
    address, environment = _reached(url)
    done = subprocess.run(
        [PROGRAMS / "pg_dump", "--format=custom", f"--file={file}", f"--dbname={address}"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"pg_dump refused: {done.stderr.strip()}")


def _read_back(url: str, file: Path) -> None:
    """All of it or, after the first error, nothing: what ends before COMMIT is forgotten by the server."""
    address, environment = _reached(url)
    from_file: list[str | Path] = [PROGRAMS / "pg_restore", "--format=custom", "--no-owner", "--file=-", file]
    to_server: list[str | Path] = [
        PROGRAMS / "psql",
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        f"--dbname={address}",
    ]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with tempfile.TemporaryFile() as said:
        with (
            suppress(BrokenPipeError),  # psql has ended, and has said why.
            subprocess.Popen(from_file, stdin=nothing, stdout=pipe, stderr=said) as reading,
            subprocess.Popen(to_server, stdin=pipe, stdout=nothing, stderr=said, env=environment) as writing,
        ):
            assert reading.stdout is not None  # noqa: S101 - both are pipes
            assert writing.stdin is not None  # noqa: S101
            writing.stdin.write(b"BEGIN;\n")
            writing.stdin.writelines(line for line in reading.stdout if not UNKNOWN_ELSEWHERE.fullmatch(line))
            if reading.wait() == 0:
                writing.stdin.write(b"COMMIT;\n")
        if reading.returncode or writing.returncode:
            said.seek(0)
            raise BackupError(
                f"The backup can't be read back: {said.read().decode(errors='replace').strip()}"
            )


def _reached(url: str) -> tuple[str, dict[str, str]]:
    """The database's address and the environment for a program that goes there.

    The password is in the environment: everybody on the machine sees a program's arguments.
    """
    parts = urlsplit(url)
    login, _, host = parts.netloc.rpartition("@")
    name, _, password = login.partition(":")
    address = parts._replace(netloc=f"{name}@{host}" if name else host).geturl()
    return address, os.environ | ({"PGPASSWORD": unquote(password)} if password else {})
