"""Processes that a benchmark starts: each is a module of its own (`provider`, `ours`), and ends with us.

They talk in lines of JSON: the first line on stdout says that the process is ready; a line on stdin asks for figures;
the end of stdin asks it to leave.
"""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import aiohttp
import psutil

from benchmarks.provider import Arrival
from standby.settings import Settings

ROOT = Path(__file__).parents[1]
LEASE: float = Settings.model_fields["message_lease_seconds"].default
CONCURRENCY = 32  # messages at a time: a provider that takes 100 ms must not be what is measured
LINE = 1 << 26  # Bytes; the longest answer.


class Child:
    """A process of ours, and only ever this one is signalled."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self._process = process
        self.ready = ready

    @classmethod
    async def start(cls, module: str, **options: object) -> Self:
        """Starts a module and waits until it says that it is ready. Raises RuntimeError when it ends instead."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", f"benchmarks.{module}", json.dumps(options), cwd=ROOT, limit=LINE,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        return cls(process, await _line_of(process))

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self._process.pid)

    async def ask(self, question: str) -> dict[str, Any]:
        """The process's answer to a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(question.encode() + b"\n")
        return await _line_of(self._process)

    async def stop(self) -> None:
        """Ends it gracefully; after 20 s the hard way."""
        if self._process.returncode is None and self._process.stdin is not None:
            self._process.stdin.close()
            try:
                await asyncio.wait_for(self._process.wait(), 20)
            except TimeoutError:
                await self.kill()

    async def kill(self) -> None:
        """SIGKILL, as an out-of-memory killer or a power cut would end it."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()


async def _line_of(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError(f"a process of the benchmark ended with {await process.wait()}")
    answer: dict[str, Any] = json.loads(line)
    return answer


@asynccontextmanager
async def child(module: str, **options: object) -> AsyncIterator[Child]:
    """A process that lives as long as the block."""
    process = await Child.start(module, **options)
    try:
        yield process
    finally:
        await process.stop()


@dataclass(frozen=True)
class Provider:
    """The stand-in provider, in a process of its own."""

    address: str
    _session: aiohttp.ClientSession

    async def count(self) -> int:
        return int((await self._call("GET", "/count"))["count"])

    async def log(self) -> list[Arrival]:
        return [tuple(arrival) for arrival in await self._call("GET", "/log")]

    async def clear(self) -> None:
        await self._call("DELETE", "/log")

    async def _call(self, method: str, path: str) -> Any:
        async with self._session.request(method, self.address + path) as response:
            return await response.json()


@asynccontextmanager
async def provider(latency_ms: float = 0) -> AsyncIterator[Provider]:
    """A provider that takes so many milliseconds to answer."""
    async with child("provider", latency_ms=latency_ms) as process, aiohttp.ClientSession() as session:
        yield Provider(process.ready["address"], session)


@dataclass(frozen=True)
class ServerOptions:
    """What a server process of ours is to be: web server, worker, or both as in `standby serve`.

    `limited`: with the default limits of what anybody may ask, and this machine is the proxy that says who asks.
    """

    url: str
    provider: str
    web: bool
    worker: bool
    lease_seconds: float = LEASE
    concurrency: int = CONCURRENCY
    limited: bool = False


@asynccontextmanager
async def server(options: ServerOptions) -> AsyncIterator[Child]:
    """A process of Standby."""
    async with child("ours", **asdict(options)) as process:
        yield process
