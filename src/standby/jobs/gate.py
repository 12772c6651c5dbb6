"""What one worker process has in hand, queue by queue: no more than may be, and nothing more of a paused queue.

PgQueuer's own limits by kind of job would make the taking of every job slower, and hold across all processes, where
those of the seeds are of one worker. So a worker counts what it has, and doesn't ask for more of a queue that is full.
"""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, Literal, TypeAlias

from standby.jobs.queues import QUEUE_OF

# Upper bounds in seconds of the classes in which times are counted; what took longer is in one more.
BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
UNLIMITED: Final = 1_000_000
Came: TypeAlias = Literal["completed", "failed", "retried"]


@dataclass
class Times:
    """How long something took, counted by class."""

    seconds: float = 0.0
    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, seconds: float) -> None:
        self.seconds += seconds
        self.counts[bisect_left(BOUNDS, seconds)] += 1

    def merge(self, more: "Times") -> None:
        self.seconds += more.seconds
        self.counts = [mine + theirs for mine, theirs in zip(self.counts, more.counts, strict=True)]

    def within(self, share: float) -> float | None:
        """The seconds within which this share of all was done, as well as the classes tell; None: there was nothing."""
        if not (total := sum(self.counts)):
            return None
        left = share * total
        for low, high, count in zip((0.0, *BOUNDS), (*BOUNDS, BOUNDS[-1]), self.counts, strict=True):
            if count and left <= count:
                return low + (high - low) * left / count
            left -= count
        return BOUNDS[-1]


@dataclass
class Done:
    """What became of a queue's jobs since it was last told; `waits` are from when a job was due until it began."""

    came: Counter[Came] = field(default_factory=Counter)
    runs: Times = field(default_factory=Times)
    waits: Times = field(default_factory=Times)


class Gate:
    """Lets so many jobs of each queue run at a time; a queue without a limit runs what comes."""

    def __init__(self, limits: Mapping[str, int] | None = None) -> None:
        self._limits = dict(limits or {})
        self._turns = {queue: asyncio.Semaphore(limit) for queue, limit in self._limits.items()}
        self._in_hand: Counter[str] = Counter()
        self._done: dict[str, Done] = {}
        self._late: dict[str, Times] = {}
        self.paused: frozenset[str] = frozenset()

    @property
    def in_hand(self) -> dict[str, int]:
        """Queue → how many of its jobs are in hand, those that wait for their turn included."""
        return {queue: count for queue, count in self._in_hand.items() if count}

    def pauses(self, works: Iterable[str]) -> frozenset[str]:
        """Those of the jobs or timers that are not to be taken, for their queue is paused."""
        return frozenset(work for work in works if QUEUE_OF.get(work) in self.paused)

    def open_for(self, jobs: Collection[str]) -> set[str]:
        """Those kinds of jobs of which one more may be taken."""
        return {job for job in jobs if self._room(job) > 0}

    def room(self, jobs: Collection[str], most: int, *, ahead: bool) -> int:
        """How many jobs to take at once, so that no queue gets more than it has room for.

        `ahead`: as many again as may run, which are at hand when those are done.
        """
        rooms = [room for job in jobs if (room := self._room(job, ahead=ahead)) > 0]
        return min(most, *rooms) if rooms else 0

    def _room(self, job: str, *, ahead: bool = False) -> int:
        queue = QUEUE_OF.get(job, job)
        if queue in self.paused:
            return 0
        limit = self._limits.get(queue)
        if limit is None:
            return UNLIMITED
        in_hand = self._in_hand[queue]
        return 0 if in_hand >= limit else (2 * limit if ahead else limit) - in_hand

    @asynccontextmanager
    async def turn(self, job: str, *, waited: float = 0.0) -> AsyncIterator[None]:
        """The block runs when it is this job's turn. `waited`: how many seconds it was due when it was taken."""
        queue = QUEUE_OF.get(job, job)
        self._in_hand[queue] += 1
        taken = perf_counter()
        try:
            async with self._turns.get(queue) or nullcontext():
                self._of(queue).waits.add(max(0.0, waited) + perf_counter() - taken)
                yield
        finally:
            self._in_hand[queue] -= 1

    def note(self, job: str, came: Came, seconds: float) -> None:
        """A job ended like this after so many seconds of work."""
        done = self._of(QUEUE_OF.get(job, job))
        done.came[came] += 1
        done.runs.add(seconds)

    def note_late(self, timer: str, seconds: float) -> None:
        """A timer took what was due by so many seconds."""
        self._late.setdefault(timer, Times()).add(max(0.0, seconds))

    def told(self) -> tuple[dict[str, Done], dict[str, Times]]:
        """What was noted since this was last asked: by queue, and how late, by timer."""
        done, late = self._done, self._late
        self._done, self._late = {}, {}
        return done, late

    def tell_again(self, done: Mapping[str, Done], late: Mapping[str, Times]) -> None:
        """Takes back what could not be kept, to be told the next time."""
        for queue, one in done.items():
            mine = self._of(queue)
            mine.came += one.came
            mine.runs.merge(one.runs)
            mine.waits.merge(one.waits)
        for timer, times in late.items():
            self._late.setdefault(timer, Times()).merge(times)

    def _of(self, queue: str) -> Done:
        return self._done.setdefault(queue, Done())
