"""One PostgreSQL for all tests of a process, and a fresh, migrated database for each test that asks for one.

DATABASE_URL names the server, whose user has to be a superuser, and which takes 250 connections (max_connections);
without it the tests run one of their own.
NO_SKIPS=1 makes a skipped test a failure.

All that tests write lies in memory where there is room for it: a database is 700 files, and a disk's file system takes
longer to make and remove them than most tests last.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg
import pytest
import structlog
from hypothesis import settings

from standby.database import embedded
from standby.database.migrate import migrate

# Tracebacks as in operation: structlog's own default draws the values of all variables, which takes seconds.
structlog.configure(
    processors=[
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    ]
)

settings.register_profile("standby", deadline=None)  # How long an example takes says how busy the machine is.
settings.load_profile("standby")

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest looks whose the directory is that it makes there
ROOM = 4 * 2**30  # bytes; a run needs a tenth of it
if (
    os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > ROOM
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC  # Some tests write a program and run it.
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that databases can be created on; `copying` is how (CREATE DATABASE's STRATEGY)."""

    address: str
    copying: str = "WAL_LOG"

    def url(self, database: str) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}/{quote(database)}?{parts.query}"

    @asynccontextmanager
    async def database(self, template: str = "template1") -> AsyncIterator[str]:
        """The URL of a new copy of the template, which is dropped in the end."""
        name = f"standby_test_{secrets.token_hex(6)}"
        # Names can't be parameters; both are our own.
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY {self.copying}')
        try:
            yield self.url(name)
        finally:
            await self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def hurry(self) -> None:
        """Nothing here outlives a power cut: the disk need not be waited for, which takes most of some tests' time."""
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            await self._execute(f"ALTER SYSTEM SET {setting} = off")
        await self._execute("SELECT pg_reload_conf()")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if given := os.environ.get("DATABASE_URL"):
        yield Server(given)
        return
    own = embedded.start(tmp_path_factory.mktemp("data"))
    server = Server(own.url("postgres"), copying="FILE_COPY")  # Quicker by half where no disk is waited for.
    asyncio.run(server.hurry())
    yield server
    own.stop()


@pytest.fixture(scope="session")
async def migrated(server: Server) -> AsyncIterator[str]:
    """The name of a migrated database that nobody is connected to: the template of the others."""
    async with server.database() as url:
        await migrate(url)
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
async def database_url(server: Server, migrated: str) -> AsyncIterator[str]:
    """A fresh database, migrated and empty, as its owner."""
    async with server.database(template=migrated) as url:
        yield url


@pytest.fixture
async def bare_database_url(server: Server) -> AsyncIterator[str]:
    """A fresh database in which there is nothing at all."""
    async with server.database() as url:
        yield url


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With NO_SKIPS=1: a test that didn't run has proved nothing, so it counts as a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NO_SKIPS") != "1" or reporter is None:
        return
    if skipped := reporter.stats.get("skipped", []):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.section("skipped, although NO_SKIPS=1", red=True)
        for report in skipped:
            reporter.line(f"{report.nodeid}: {report.longrepr[-1]}")
