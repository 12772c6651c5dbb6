"""Reads a calendar in a process of its own: python -m standby.calendars.busy_times_process.

On its input: one line of JSON that says what to read it for, then the calendar. On its output: one line of JSON. A
calendar that takes it too long, or too much memory, ends it, and nothing else.
"""

import asyncio
import json
import resource
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from standby.calendars.base import Busy, Window
from standby.calendars.busy_times import Unreadable, Whose, busy_times

CPU_SECONDS: Final = 20
WAIT_SECONDS: Final = 120.0  # By the clock on the wall, for others need the machine too.
MEMORY: Final = 1 << 30
TOO_MUCH: Final = "Its events recur so often, or are so many, that it can't be read."


async def read_apart(written: bytes, whose: Whose, window: Window) -> list[Busy]:
    """The busy times, read by another process. Raises Unreadable; TimeoutError: the machine had no time for it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # Nothing that lies in the working directory is taken for ours.
        "-m",
        __spec__.name,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    asked = {
        "cpu_seconds": CPU_SECONDS,
        "tenant_id": str(whose.tenant_id),
        "zone": whose.zone.key,
        "starts_at": window.starts_at.isoformat(),
        "ends_at": window.ends_at.isoformat(),
    }
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            said, _ = await process.communicate(json.dumps(asked).encode() + b"\n" + written)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode != 0:  # It was ended, or had no memory left; maybe in the middle of its answer.
        raise Unreadable(TOO_MUCH)
    try:
        answer = json.loads(said)
    except ValueError as error:
        raise Unreadable(TOO_MUCH) from error
    if wrong := answer.get("wrong"):
        raise Unreadable(wrong)
    return [Busy(name, *map(datetime.fromisoformat, times)) for name, *times in answer["busy"]]


def main() -> None:
    """The other process."""
    asked = json.loads(sys.stdin.buffer.readline())
    _limit(resource.RLIMIT_CPU, asked["cpu_seconds"])
    _limit(resource.RLIMIT_AS, MEMORY)
    json.dump(_answer(asked, sys.stdin.buffer.read()), sys.stdout)


def _answer(asked: dict[str, Any], written: bytes) -> dict[str, Any]:
    whose = Whose(UUID(asked["tenant_id"]), ZoneInfo(asked["zone"]))
    window = Window(datetime.fromisoformat(asked["starts_at"]), datetime.fromisoformat(asked["ends_at"]))
    try:
        found = busy_times(written, whose, window)
    except Unreadable as error:
        return {"wrong": str(error)}
    except MemoryError:
        return {"wrong": TOO_MUCH}
    except Exception as error:  # noqa: BLE001 - the libraries raise anything for a calendar that is broken
        return {"wrong": f"It can't be read: {type(error).__name__}: {str(error)[:200]}"}
    return {"busy": [(one.event_id, one.starts_at.isoformat(), one.ends_at.isoformat()) for one in found]}


def _limit(what: int, most: int) -> None:
    with suppress(ValueError, OSError):  # Not every system has each of them.
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
