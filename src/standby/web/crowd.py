"""Those who come faster than others, served after one another and with pauses: next is always who has had least.

The pauses leave most of the process's time, and of the database's, to everybody else, whatever it is that they ask for.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from itertools import count
from typing import Final

PAUSE: Final = 6  # times as long as the turn before
LONGEST_PAUSE: Final = 0.1  # Seconds; one that took long is not made up for by all who come after it.
LONGEST_TURN: Final = 1.0  # Who sends what they ask for letter by letter doesn't keep the others.
MOST_WAITING: Final = 50


class Crowd:
    """All of them who are in this process."""

    def __init__(self) -> None:
        self._busy = False
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @property
    def has_room(self) -> bool:
        """Whether one more may wait."""
        return len(self._waiting) < MOST_WAITING

    @asynccontextmanager
    async def turn(self, had: float) -> AsyncIterator[None]:
        """One's turn, which comes before those of all who have `had` more."""
        loop = asyncio.get_running_loop()
        if self._busy:
            called = loop.create_future()
            heappush(self._waiting, (had, next(self._numbers), called))
            try:
                await called
            except asyncio.CancelledError:
                if called.done() and not called.cancelled():
                    self._call_next()
                raise
        self._busy = True
        began, is_over = loop.time(), False

        def end() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                self._call_next()

        loop.call_later(LONGEST_TURN, end)
        try:
            yield
        finally:
            loop.call_later(min(PAUSE * (loop.time() - began), LONGEST_PAUSE), end)

    def _call_next(self) -> None:
        """Between two turns it is never free, so that nobody gets in between."""
        while self._waiting:
            *_, called = heappop(self._waiting)
            if not called.done():
                called.set_result(None)
                return
        self._busy = False
