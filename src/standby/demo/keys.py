"""Single keys, without Enter. Where there is nobody at a keyboard, there are none."""

import asyncio
import os
import sys
import termios
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress


def somebody_is_there() -> bool:
    """Whether standard input is a terminal, and ours to read (a job in the background must not)."""
    if not sys.stdin or sys.stdin.closed or not sys.stdin.isatty():
        return False
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:  # A terminal that keeps no jobs apart.
        return True


@contextmanager
def single_keys() -> Iterator[None]:
    """The terminal hands over each key at once and doesn't show it, until the block ends, however it ends."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield
    finally:
        with suppress(termios.error):  # The terminal is gone.
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


async def pressed(stop: asyncio.Event) -> AsyncIterator[str]:
    """The keys, one by one, in small letters, until `stop`."""
    loop, terminal = asyncio.get_running_loop(), sys.stdin.fileno()
    waiting: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        try:
            keys = os.read(terminal, 64).decode(errors="ignore")
        except OSError:
            keys = ""
        if not keys:  # The terminal is gone.
            loop.remove_reader(terminal)
        # An arrow or a function key comes as several characters, and means nothing here.
        for key in "" if keys.startswith("\x1b") else keys.lower():
            waiting.put_nowait(key)

    loop.add_reader(terminal, read)
    stopping = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set():
            next_key = asyncio.create_task(waiting.get())
            await asyncio.wait({next_key, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not next_key.done():
                next_key.cancel()
                return
            yield next_key.result()
    finally:
        stopping.cancel()
        loop.remove_reader(terminal)
