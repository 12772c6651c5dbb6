"""Standby's own processes, started and ended as an operator does it: by the console script, signals and process ids.

Nothing here sleeps: a process is waited for by what it says or by its end, the database by what it holds.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

STANDBY = Path(sys.executable).with_name("standby")
PATIENCE = 60.0  # seconds that anything may take before the test fails, on a machine with much else to do
LOOK_EVERY = 0.02  # seconds between two looks at the database
SECRET = "a secret that only the tests use, 32 bytes and more"


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams with every run of white space as one blank: where lines were wrapped doesn't matter."""
        return " ".join((self.out + self.err).split())


class Running:
    """A process that goes on until it is told to end. `lines` is what it has said on standard error so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.lines: list[str] = []
        self._process = process
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @property
    def pid(self) -> int:
        return self._process.pid

    async def says(self, event: str, *, times: int = 1) -> dict[str, Any]:
        """Waits for the line of the log that tells of this event for the first time, or the second and so on.

        Fails with the whole log when the process ends before.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    self._news.clear()
                    told = [one for one in map(_parsed, self.lines) if one.get("event") == event]
                    if len(told) >= times:
                        return told[times - 1]
                    assert not self._reading.done(), f"ended without {event!r}:\n{self.log}"
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"never said {event!r}:\n{self.log}") from None

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    async def kill(self) -> None:
        """Ends it as a power cut does: by SIGKILL."""
        self.send(signal.SIGKILL)
        await self.ends()

    async def stop(self) -> int:
        """Asks it to end (SIGTERM); returns its exit code."""
        self.send(signal.SIGTERM)
        return await self.ends()

    def send(self, number: signal.Signals) -> None:
        os.kill(self._process.pid, number)

    async def ends(self) -> int:
        """Waits for its end; returns its exit code (minus the signal that killed it)."""
        async with asyncio.timeout(PATIENCE):
            code = await self._process.wait()
            await self._reading
        return code

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def _read(self) -> None:
        assert self._process.stderr
        async for line in self._process.stderr:
            self.lines.append(line.decode().rstrip("\n"))
            self._news.set()
        self._news.set()


@asynccontextmanager
async def running(*arguments: str, cwd: Path, env: dict[str, str]) -> AsyncIterator[Running]:
    """`standby` with these arguments; killed at the end of the block unless it has ended by then."""
    process = Running(
        await asyncio.create_subprocess_exec(
            STANDBY, *arguments, cwd=cwd, env=_surroundings() | env, stderr=asyncio.subprocess.PIPE
        )
    )
    try:
        yield process
    finally:
        if process.running:
            await process.kill()


async def run(*arguments: str, cwd: Path, env: dict[str, str], given: str | None = None) -> Finished:
    """`standby` with these arguments, to its end; `given` is its input."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        STANDBY, *arguments, cwd=cwd, env=_surroundings() | env,
        stdin=None if given is None else pipe, stdout=pipe, stderr=pipe,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate(None if given is None else given.encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return Finished(process.returncode, out.decode(), err.decode())


def settings(data_dir: Path, **more: object) -> dict[str, str]:
    """Environment variables for a process of the test's own; DATABASE_URL among `more` names a server."""
    given = {"DATA_DIR": data_dir, "SECRET_KEY": SECRET, "LOG_FORMAT": "json"} | more
    return {
        name if name == "DATABASE_URL" else f"STANDBY_{name}": str(value) for name, value in given.items()
    }


async def until(connection: asyncpg.Connection, statement: str, *values: object) -> float:
    """Waits until the statement's first value is true; returns in how many seconds. It is the database that waits."""
    clock = asyncio.get_running_loop().time
    began = clock()
    while not await connection.fetchval(statement, *values):
        assert clock() < began + PATIENCE, f"not in {PATIENCE} s: {statement} {values}"
        await connection.execute("SELECT pg_sleep($1)", LOOK_EVERY)
    return clock() - began


def _surroundings() -> dict[str, str]:
    """The test's own environment without what would set up Standby."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STANDBY_") and name != "DATABASE_URL"
    }


def _parsed(line: str) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
