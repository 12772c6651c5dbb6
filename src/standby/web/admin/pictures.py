"""What was done, as pictures: bars of how much, lines of how long. Pure; the templates draw them as SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log10
from typing import Final

from standby.jobs.gate import Done, Times
from standby.jobs.monitor import Step

WIDTH: Final = 360
HEIGHT: Final = 140
QUICKEST: Final = (
    0.001  # The foot of the picture of times, in seconds; each power of ten above has the same height.
)
SLOWEST: Final = 100.0


@dataclass(frozen=True)
class Bar:
    """One step's jobs, from the left edge `x`; those that failed stand on those that completed."""

    x: float
    completed: float
    failed: float
    title: str


@dataclass(frozen=True)
class Throughput:
    """`most` is how many the highest bar stands for."""

    bars: Sequence[Bar]
    bar_width: float
    most: int
    total: int
    failed: int


@dataclass(frozen=True)
class Latency:
    """Points of two lines, within which half and 95 % of the jobs were done. Steps without work have none."""

    half: Sequence[tuple[float, float]]
    most: Sequence[tuple[float, float]]
    marks: Sequence[tuple[float, str]]
    says: str


def throughput(steps: Sequence[Step], queues: Sequence[str]) -> Throughput:
    """How much was done in each step, of these queues together."""
    counts = [
        (
            step.at,
            sum(step.done[name].came["completed"] for name in queues if name in step.done),
            sum(step.done[name].came["failed"] for name in queues if name in step.done),
        )
        for step in steps
    ]
    most = max((completed + failed for _, completed, failed in counts), default=0)
    wide, high = WIDTH / max(1, len(counts)), HEIGHT / max(1, most)
    bars = [
        Bar(place * wide, completed * high, failed * high, _title(at, completed, failed))
        for place, (at, completed, failed) in enumerate(counts)
        if completed or failed
    ]
    done = sum(completed for _, completed, _ in counts)
    return Throughput(bars, wide, most, done, sum(failed for *_, failed in counts))


def latency(steps: Sequence[Step], queues: Sequence[str]) -> Latency:
    """How long the work on one job took in each step, of these queues together."""
    by_step = [_together(step, queues, lambda done: done.runs) for step in steps]
    whole = Times()
    for one in by_step:
        whole.merge(one)
    half, most = whole.within(0.5), whole.within(0.95)
    says = (
        "nothing was done"
        if half is None or most is None
        else f"half within {span(half)}, 95 % within {span(most)}"
    )
    marks = [(_height(10.0**power), span(10.0**power)) for power in (-2, -1, 0, 1)]
    return Latency(_points(by_step, 0.5), _points(by_step, 0.95), marks, says)


def span(seconds: float) -> str:
    """As people write it: 4 ms, 1.2 s, 3 min, 5 h."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s".replace(".0", "")
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _together(step: Step, queues: Sequence[str], which: Callable[[Done], Times]) -> Times:
    times = Times()
    for name in queues:
        if name in step.done:
            times.merge(which(step.done[name]))
    return times


def _points(by_step: Sequence[Times], share: float) -> list[tuple[float, float]]:
    wide = WIDTH / max(1, len(by_step))
    return [
        ((place + 0.5) * wide, _height(within))
        for place, times in enumerate(by_step)
        if (within := times.within(share)) is not None
    ]


def _height(seconds: float) -> float:
    """From the top of the picture, as SVG counts."""
    share = log10(min(max(seconds, QUICKEST), SLOWEST) / QUICKEST) / log10(SLOWEST / QUICKEST)
    return HEIGHT * (1 - share)


def _title(at: datetime, completed: int, failed: int) -> str:
    return f"{at:%H:%M}: {completed} completed, {failed} failed"
