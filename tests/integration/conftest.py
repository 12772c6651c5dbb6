"""A running system and a salon in it, fresh for each test."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from typer.testing import CliRunner, Result

from standby.cli import app
from standby.wiring import System
from tests.api import calling
from tests.salon import SECRET, Clock, Shop, open_shop, open_system


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def parts(database_url: str, clock: Clock) -> AsyncIterator[System]:
    async with open_system(database_url, clock) as parts:
        yield parts


@pytest.fixture
async def shop(parts: System, clock: Clock) -> Shop:
    return await open_shop(parts, clock)


@pytest.fixture
async def api(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(shop) as client:
        yield client


@pytest.fixture
def standby(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Result]]:
    """A command, as an operator types it."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("STANDBY_SECRET_KEY", SECRET)
    # It is for a process of one's own: here it would turn the logs of all tests away from those who look at them.
    monkeypatch.setattr("standby.logs.log_to_stderr", lambda _: None)

    # A command runs in a thread here, which may not handle signals: it leaves alone those that somebody handles.
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGHUP)}

    def call(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    yield call
    for number, handler in before.items():
        signal.signal(number, handler)
