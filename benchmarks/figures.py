"""Figures and what they are computed with: nearest-rank percentiles, medians of runs, bounded concurrency."""

import asyncio
import math
import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from platform import python_version
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")
Figures = dict[str, Any]


def now_ms() -> float:
    """Milliseconds on CLOCK_MONOTONIC, which every process of the machine shares."""
    return time.monotonic_ns() / 1e6


def spread(values: Iterable[float], digits: int = 2) -> Figures:
    """n, p50, p99 and max; percentiles are nearest rank."""
    ranked = sorted(values)
    if not ranked:
        return {"n": 0}
    return {
        "n": len(ranked),
        "p50": round(_nearest_rank(ranked, 50), digits),
        "p99": round(_nearest_rank(ranked, 99), digits),
        "max": round(ranked[-1], digits),
    }


def _nearest_rank(ranked: Sequence[float], percent: float) -> float:
    return ranked[max(0, math.ceil(percent / 100 * len(ranked)) - 1)]


def per_second(count: float, milliseconds: float, digits: int = 1) -> float:
    """A rate, from a count and the time that it took."""
    return round(count / milliseconds * 1000, digits) if milliseconds > 0 else 0.0


def shuffled(values: Iterable[T], seed: int = 1) -> list[T]:
    """In an order that looks random and is the same in every run."""
    mixed = list(values)
    random.Random(seed).shuffle(mixed)
    return mixed


async def in_flight(items: Sequence[T], width: int, task: Callable[[T], Awaitable[object]]) -> None:
    """Runs `task` over all items, at most `width` at a time."""
    rest = iter(items)

    async def lane() -> None:
        for item in rest:
            await task(item)

    async with asyncio.TaskGroup() as lanes:
        for _ in range(min(width, len(items))):
            lanes.create_task(lane())


async def until(check: Callable[[], Awaitable[bool]], *, every: float = 0.02, limit: float = 50) -> bool:
    """Asks again and again; True as soon as the answer is yes, False after `limit` seconds."""
    end = time.monotonic() + limit
    while not await check():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(every)
    return True


async def machine(url: str, load: float) -> Figures:
    """What the figures were made on."""
    connection = await asyncpg.connect(url)
    try:
        [server] = await connection.fetch(
            "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync, "
            "current_setting('synchronous_commit') AS synchronous_commit"
        )
    finally:
        await connection.close()
    return {
        "cpus": os.cpu_count(),
        "load_at_start": round(load, 2),
        "python": python_version(),
        "pgqueuer": version("pgqueuer"),
        "asyncpg": version("asyncpg"),
        "fastapi": version("fastapi"),
        "postgres": server["version"].split(" ")[0],
        "fsync": server["fsync"],
        "synchronous_commit": server["synchronous_commit"],
    }


def median_of(runs: Sequence[Mapping[str, Any]]) -> Figures:
    """The figures of several runs as one: the median of every number, the first run's word for the rest."""
    return {name: _middle([run.get(name) for run in runs]) for name in runs[0]}


def _middle(values: list[Any]) -> Any:
    first = values[0]
    if isinstance(first, Mapping):
        return median_of([value for value in values if isinstance(value, Mapping)])
    if isinstance(first, list) and first and isinstance(first[0], Mapping):
        return [median_of(same) for same in zip(*values, strict=False)]
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return statistics.median(values)
    return first
