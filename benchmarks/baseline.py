"""The other side: the same workflow on BullMQ, Redis and PostgreSQL, run from a copy of its folder."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import databases
from benchmarks.figures import Figures

NEEDED = {
    "node": "Node 20 or later: https://nodejs.org, or `apt install nodejs npm`",
    "npm": "npm, which comes with Node: `apt install npm`",
    "redis-server": "a Redis server, started by itself on a free port: `apt install redis-server`",
}
SEND = Path(__file__).parent / "baseline_send.mjs"


class NotThere(Exception):
    """Something is missing that the baseline needs; the message says what, and how to get it."""


@dataclass(frozen=True)
class Baseline:
    """A prepared copy of the folder, a Redis and a database of its own."""

    folder: Path
    environment: dict[str, str]

    async def run(self, arguments: Sequence[str]) -> Figures:
        """One of its commands; what it printed."""
        script = (
            SEND.name if arguments[0] == "send" else "bench.mjs"
        )  # The baseline measures all but that itself.
        process = await asyncio.create_subprocess_exec(
            "node", script, *arguments, cwd=self.folder, env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=1 << 24,
        )  # fmt: skip
        out, said = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"the baseline's {arguments[0]} failed: {said.decode()[-2000:]}")
        figures: Figures = json.loads(out.decode().strip().splitlines()[-1])
        return figures


def check(folder: Path) -> None:
    """Raises NotThere unless everything is there that the baseline needs."""
    missing = [how for program, how in NEEDED.items() if shutil.which(program) is None]
    missing += [
        f"the file {name} in {folder}"
        for name in ("bench.mjs", "package.json")
        if not (folder / name).is_file()
    ]
    if missing:
        raise NotThere("\n  ".join(["The comparison with the baseline needs", *missing]))


@asynccontextmanager
async def prepared(folder: Path, server_url: str) -> AsyncIterator[Baseline]:
    """A copy with its packages installed; ends its Redis and drops its database afterwards."""
    with tempfile.TemporaryDirectory(prefix="standby-baseline-") as temporary:
        copy = Path(temporary, "baseline")
        _copy(folder, copy)
        shutil.copy(SEND, copy)
        await _install(copy)
        async with _redis(Path(temporary)) as redis_url, databases.fresh(server_url, migrated=False) as url:
            yield Baseline(copy, os.environ | {"DATABASE_URL": url, "REDIS_URL": redis_url})


def _copy(folder: Path, copy: Path) -> None:
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("node_modules"))
    for path in [copy, *copy.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)  # The original may be read-only.


async def _install(folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        "npm", "install", "--no-audit", "--no-fund", cwd=folder,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise NotThere(f"npm could not install the baseline's packages:\n{said.decode()[-2000:]}")


@asynccontextmanager
async def _redis(directory: Path) -> AsyncIterator[str]:
    """A Redis on a free port, without persistence, as the baseline allows itself."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        "redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no",
        "--dir", str(directory), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await _answering(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        with suppress(ProcessLookupError):  # Ctrl-C reaches it too.
            process.terminate()
        await process.wait()


async def _answering(port: int) -> None:
    for _ in range(200):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.write(b"PING\r\n")
        answer = await reader.readline()
        writer.close()
        if answer.startswith(b"+PONG"):
            return
        await asyncio.sleep(0.05)
    raise NotThere("redis-server was started but does not answer")
