"""`standby demo`, as somebody starts it: by itself, at a keyboard, and where there is none."""

import asyncio
import os
import pty
import re
import signal
import sys
import termios
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.acceptance.processes import PATIENCE, STANDBY, run
from tests.conftest import Server

LONG = 3 * PATIENCE  # seconds: with a first start of PostgreSQL, and on a busy machine
WIDE = {"COLUMNS": "120", "TERM": "xterm-256color"}

# Only one silence is allowed, so the silent one leaves the list instead of cooling down.
STRICT = """
from standby.demo import playing
playing.ONCE = playing.ONCE | {"max_misses": 1, "offer_window_seconds": 2, "reminder_lead_seconds": 1}
from standby.cli import main
main()
"""


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with a short name, for there will be a Unix socket in it."""
    return tmp_path_factory.mktemp("demo")


async def test_once_plays_a_story_checks_it_and_leaves_nothing_running(folder: Path) -> None:
    done = await run("demo", "--once", cwd=folder, env=WIDE)
    assert done.code == 0, done.said
    told = r"cancelled:.* offered to (.+?), .* \1 declined .* offered to (.+?), .* \2 let it pass .* booked by (.+?),"
    assert re.search(told, done.said)
    timeline = done.out.partition("The story")[2].partition("In the database")[0]
    lines = re.findall(r"\d\d:\d\d:\d\d\.\d{3}\s+([\d ]+\d)(.+)", timeline)
    # Whether whoever cancelled can be told of it, is another on another day.
    assert len([text for _, text in lines if "word that it is cancelled" not in text.lower()]) == 12
    after = [int(ms.replace(" ", "")) for ms, _ in lines]
    assert after[0] == 0
    assert after == sorted(after)
    assert "All 11 checks are good" in done.said
    assert re.search("the offer to .+, a reminder to .+, the confirmation to ", done.said)
    assert "offer_reminder" not in done.said
    assert not done.err
    assert not is_running(folder)


async def test_a_story_that_goes_another_way_says_what_was_expected_and_found(
    folder: Path, server: Server
) -> None:
    address = server.url("postgres")
    env = without_settings() | WIDE | {"DATABASE_URL": address}
    async with started(sys.executable, "-c", STRICT, "demo", "--once", cwd=folder, env=env) as demo:
        said = await demo.to_the_end()
        assert await demo.ends() == 1
    assert "expected: cooldown, cooldown, booked" in said
    assert "cooldown, expired, booked" in said
    assert "of 11 checks failed" in said
    assert not (folder / ".demo").exists()
    connection = await asyncpg.connect(address)
    assert await connection.fetch("SELECT FROM pg_database WHERE datname LIKE 'standby_demo%'") == []
    await connection.close()


async def test_without_a_keyboard_it_goes_on_until_a_signal_and_leaves_nothing_running(folder: Path) -> None:
    env = without_settings() | WIDE
    async with started(STANDBY, "demo", "--port", "0", cwd=folder, env=env) as demo:
        address = (await demo.says(r"(http://127\.0\.0\.1:\d+)/demo"))[1]
        await demo.says("the offer to")
        file = (await demo.says(r"TOKEN=\$\(cat (\S+)\), or:"))[1]
        token = (await demo.says(r"(?m), or:\r?\n([\w-]+\.[\w-]+\.[\w-]+)\r?$"))[1]
        assert (folder / file).read_text() == token + "\n"
        async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as browser:
            page = await browser.get("/demo")
            assert page.status_code == 200
            assert "The day at Salon Fjord" in page.text
            [offer] = re.findall(r'href="#(offer-[\w-]+)"', page.text)
            assert f'id="{offer}"' in page.text
            cancel = re.findall(r'action="(/demo/cancel/[\w-]+)"', page.text)
            assert (await browser.post(cancel[0])).status_code == 303
            await demo.says("(?s)cancelled:.*cancelled:")
            async with browser.stream(
                "GET", "/demo/events"
            ) as events:  # A page that is open doesn't keep it.
                assert events.status_code == 200
                demo.send(signal.SIGINT)
                assert await demo.ends() == 0
    assert "Stopped" in demo.said
    assert not (folder / file).exists()
    assert "Cancel" not in demo.said
    assert not is_running(folder)


async def test_at_a_keyboard_keys_answer_and_the_terminal_is_given_back_as_it_was(folder: Path) -> None:
    keyboard, terminal = pty.openpty()
    before = termios.tcgetattr(terminal)
    env = without_settings() | WIDE
    async with started(STANDBY, "demo", "--port", "0", cwd=folder, env=env, stdin=terminal) as demo:
        await demo.says("offered to")
        for key, answer in (("w", "Do nothing, and"), ("d", "declined"), ("a", "booked by")):
            os.write(keyboard, key.encode())
            await demo.says(answer)
        os.write(keyboard, b"q")
        assert await demo.ends() == 0
    assert termios.tcgetattr(terminal) == before
    os.close(keyboard)
    os.close(terminal)


async def test_a_terminal_that_closes_ends_it_and_leaves_nothing_running(folder: Path) -> None:
    keyboard, terminal = pty.openpty()
    env = without_settings() | WIDE
    async with started(STANDBY, "demo", "--port", "0", cwd=folder, env=env, stdin=terminal) as demo:
        await demo.says("offered to")
        os.close(keyboard)
        os.close(terminal)
        demo.send(signal.SIGHUP)
        assert await demo.ends() == 0, demo.said
    assert not is_running(folder)


async def test_two_demos_at_once_are_in_nobody_s_way(folder: Path) -> None:
    both = await asyncio.gather(*(run("demo", "--once", cwd=folder, env=WIDE) for _ in range(2)))
    assert [done.code for done in both] == [0, 0]
    assert not is_running(folder)


class Demo:
    """A running demo; `said` is what it has printed so far, on both streams."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.said = ""
        self._process = process
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def says(self, pattern: str) -> re.Match[str]:
        """Waits until it has said this."""
        async with asyncio.timeout(LONG):
            while (found := re.search(pattern, self.said)) is None:
                assert not self._reading.done(), f"ended without {pattern!r}:\n{self.said}"
                self._news.clear()
                await self._news.wait()
        return found

    async def to_the_end(self) -> str:
        """All that it says, with every run of white space as one blank."""
        async with asyncio.timeout(LONG):
            await self._reading
        return " ".join(self.said.split())

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ends(self) -> int:
        """Waits for its end; returns its exit code."""
        async with asyncio.timeout(PATIENCE):
            await self._reading
            return await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout
        while part := await self._process.stdout.read(4096):
            self.said += part.decode(errors="replace")
            self._news.set()
        self._news.set()


@asynccontextmanager
async def started(
    *command: str | Path, cwd: Path, env: Mapping[str, str], stdin: int = asyncio.subprocess.DEVNULL
) -> AsyncIterator[Demo]:
    """The command, running; killed at the end of the block unless it has ended by then."""
    pipe, one_stream = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=env, stdin=stdin, stdout=pipe, stderr=one_stream
    )
    try:
        yield Demo(process)
    finally:
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)  # process.kill() would take the exit code away from wait().
            await process.wait()


def without_settings() -> dict[str, str]:
    """The test's own environment without what would set up Standby."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STANDBY_") and name != "DATABASE_URL"
    }


def is_running(folder: Path) -> bool:
    """Whether the demo's own PostgreSQL is."""
    assert (folder / ".demo" / "postgres").exists()
    return (folder / ".demo" / "postgres" / "postmaster.pid").exists()
