"""What every command needs: the settings, a database, a loop to run in, and plain words when something is wrong."""

import asyncio
import errno
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from standby.database.pool import Tx
from standby.errors import Invalid, StandbyError
from standby.settings import Settings, SettingsError, load

T = TypeVar("T")

out = Console()
err = Console(stderr=True)


def read_settings(**options: object) -> Settings:
    """The settings, with a command's options before all. Ends the command when they can't be used."""
    try:
        return load(**{name: value for name, value in options.items() if value is not None})
    except SettingsError as error:
        fail(str(error))


@contextmanager
def database(settings: Settings, *, migrated: bool = False, keep: bool = False) -> Iterator[str]:
    """The database's address, with a server behind it. `keep`: our own server stays up afterwards."""
    from standby.database.backup import BackupError
    from standby.database.embedded import EmbeddedServerError
    from standby.database.migrate import MigrationError, ensure_migrated
    from standby.database.server import serving

    try:
        with _leaving_by_signals(), serving(settings, keep=keep) as url:
            if migrated:
                asyncio.run(ensure_migrated(url))
            yield url
    except (BackupError, EmbeddedServerError, MigrationError) as error:
        fail(str(error))


@contextmanager
def _leaving_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP leave the block as Ctrl-C does, so that a database of our own is not left behind."""

    def leave(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    handled = [
        number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_DFL
    ]
    for number in handled:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, signal.SIG_DFL)


def run(work: Coroutine[Any, Any, T], *, listening: Settings | None = None) -> T:
    """Runs to the end; what a user can mend is said in a line, without a traceback. `listening`: it is to, there."""
    import uvloop

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except Exception as error:  # noqa: BLE001 - raised again unless it can be explained
        _explain(error, listening)


@asynccontextmanager
async def of_salon(url: str, slug: str) -> AsyncIterator[Tx]:
    """A transaction in the salon; what it changes is audited as the command line's. Raises TenantNotFound."""
    from standby import clock
    from standby.database.pool import APP, open_pool
    from standby.errors import TenantNotFound
    from standby.tenants.scope import Author, named_transaction

    async with (
        open_pool(url, role=APP, size=1, name="standby cli") as pool,
        named_transaction(pool, slug, Author("command line", clock.now())) as (tx, tenant_id),
    ):
        if tenant_id is None:
            raise TenantNotFound(f"There is no salon called {slug}")
        yield tx


def _explain(error: Exception, listening: Settings | None) -> NoReturn:
    from standby.database.embedded import EmbeddedServerError
    from standby.database.migrate import MigrationError

    first = error
    while isinstance(
        first, ExceptionGroup
    ):  # Of loops that run side by side: one failed, the others ended with it.
        first = first.exceptions[0]
    match first:
        case Invalid():
            fail("\n".join([first.message, *(f"  {one.field}: {one.message}" for one in first.problems)]))
        case StandbyError() | EmbeddedServerError() | MigrationError():
            fail(str(first))
        case OSError(errno=errno.EADDRINUSE) if listening:
            fail(
                f"Port {listening.port} of {listening.host} is taken by another program. "
                "Choose another one with --port, or any free one with --port 0."
            )
        case OSError():
            fail(f"That did not work: {first}")
        case _:
            raise error


def fail(message: str) -> NoReturn:
    """Ends the command with 1, saying why."""
    err.print(f"[red]✗[/] {escape(message)}", soft_wrap=True)
    raise typer.Exit(1)
