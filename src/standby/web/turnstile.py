"""How often somebody may ask, counted in the memory of this process. Pure: the time is told, in seconds of any clock.

By the generic cell rate algorithm, as tenants/permits.py in the database: all that is kept of a line is when it will be
whole again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

AT_ONCE: Final = 2.0  # So many seconds' worth of a rate may come at once.
MOST_LINES: Final = 20_000


@dataclass(frozen=True)
class Line:
    """Somebody who may ask `rate` times a minute; this once it counts as `cost`."""

    who: str
    rate: int
    cost: int = 1

    @property
    def every(self) -> float:
        return 60 / self.rate

    @property
    def ahead(self) -> float:
        """How many seconds of it may be used up already when one more comes."""
        return max(0.0, AT_ONCE - self.every)


@dataclass(frozen=True)
class Entered:
    """They may go on. `used`: how many seconds' worth of their most used line had come already."""

    used: float


@dataclass(frozen=True)
class TurnedAway:
    """They have asked too often."""

    wait: float


class Turnstile:
    """Holds twice MOST_LINES at most; when there are more, the oldest begin anew."""

    def __init__(self) -> None:
        self._whole_at: dict[str, float] = {}
        self._older: dict[str, float] = {}

    def enter(self, lines: Sequence[Line], now: float) -> Entered | TurnedAway:
        """Counts in each of the lines, or in none.

        Who is turned away is not punished: the wait doesn't grow by asking.
        """
        wait = max((self._used(line, now) - line.ahead for line in lines), default=0.0)
        if wait > 0:
            return TurnedAway(wait)
        used = max((self._used(line, now) for line in lines), default=0.0)
        for line in lines:
            self.count(line, now)
        return Entered(used)

    def count(self, line: Line, now: float) -> None:
        """Counts in a line, also more than is left in it."""
        used = self._used(line, now)
        if len(self._whole_at) >= MOST_LINES and line.who not in self._whole_at:
            self._older, self._whole_at = self._whole_at, {}
        self._whole_at[line.who] = now + used + line.cost * line.every

    def _used(self, line: Line, now: float) -> float:
        """The seconds until it is whole."""
        return max(0.0, self._whole_at.get(line.who, self._older.get(line.who, now)) - now)
