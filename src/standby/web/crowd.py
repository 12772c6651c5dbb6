"""Those who come faster than others, served after one another and with pauses: next is always who has had least.

The pauses leave most of the process's time, and of the database's, to everybody else, whatever it is that they ask for.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Final

PAUSE: Final = 12  # times as long as the turn before
LONGEST_PAUSE: Final = 0.2  # Seconds; one that took long is not made up for by all who come after it.
LONGEST_TURN: Final = 1.0  # Who sends what they ask for letter by letter doesn't keep the others.
MOST_WAITING: Final = 50


class Crowded(Exception):
    """As many wait as may, and none of them has had more."""


class Crowd:
    """All of them who are in this process."""

    def __init__(self) -> None:
        self._busy = False
        self._waiting: list[tuple[float, int, asyncio.Future[bool]]] = []
        self._numbers = count()

    @asynccontextmanager
    async def turn(self, had: float) -> AsyncIterator[None]:
        """One's turn, which comes before those of all who have `had` more. Raises Crowded."""
        loop = asyncio.get_running_loop()
        if self._busy:
            called: asyncio.Future[bool] = loop.create_future()
            self._make_room(had)
            heappush(self._waiting, (had, next(self._numbers), called))
            try:
                is_served = await called
            except asyncio.CancelledError:
                if called.done() and not called.cancelled() and called.result():
                    self._call_next()
                raise
            if not is_served:
                raise Crowded
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

    def _make_room(self, had: float) -> None:
        """Sends away who has had most, if so many wait. Raises Crowded if none of them has had more."""
        self._waiting = [one for one in self._waiting if not one[2].done()]
        heapify(self._waiting)
        if len(self._waiting) < MOST_WAITING:
            return
        most = max(self._waiting)
        if most[0] <= had:
            raise Crowded
        self._waiting.remove(most)
        heapify(self._waiting)
        most[2].set_result(False)

    def _call_next(self) -> None:
        """Between two turns it is never free, so that nobody gets in between."""
        while self._waiting:
            *_, called = heappop(self._waiting)
            if not called.done():
                called.set_result(True)
                return
        self._busy = False
