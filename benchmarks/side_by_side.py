"""Everything measured, several times, with the baseline's runs between ours when its folder is given."""

import asyncio
import json
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from benchmarks import page
from benchmarks.baseline import Baseline, NotThere, check, prepared
from benchmarks.figures import Figures, median_of
from benchmarks.measurements import MEASUREMENTS, Measurement
from benchmarks.processes import ROOT

OURS, THEIRS = "standby", "baseline"
Results = dict[
    tuple[str, str], list[Figures]
]  # (measurement, http | inprocess | worker | baseline) → its runs


async def run(
    server_url: str, err: Console, *, baseline: Path | None, runs: int, only: str, output: Path
) -> int:
    """Writes the page; each run's figures go to stdout as they come. Returns the exit code."""
    wanted = [measurement for measurement in MEASUREMENTS if only in measurement.name]
    try:
        if baseline is not None:
            check(baseline)
        async with _other_side(baseline, server_url, err) as theirs:
            results = await _measure(server_url, err, theirs, wanted, runs)
    except NotThere as missing:
        err.print(f"[red]✗[/] {missing}", soft_wrap=True)
        return 1
    medians = {key: median_of(figures) for key, figures in results.items()}
    page.write(output, medians, runs=runs, compared=baseline is not None)
    err.print(f"[green]✓[/] The medians stand in {output}")
    return 0


@asynccontextmanager
async def _other_side(baseline: Path | None, server_url: str, err: Console) -> AsyncIterator[Baseline | None]:
    if baseline is None:
        err.print("Only Standby is measured; --baseline FOLDER sets it beside the baseline.")
        yield None
        return
    with err.status("Installing the baseline's packages …"):
        preparing = prepared(baseline, server_url)
        theirs = await preparing.__aenter__()
    try:
        yield theirs
    finally:
        await preparing.__aexit__(None, None, None)


async def _measure(
    server_url: str, err: Console, theirs: Baseline | None, wanted: list[Measurement], runs: int
) -> Results:
    results: Results = defaultdict(list)
    steps = [
        (number, measurement)
        for number in range(1, runs + 1)
        for measurement in wanted
        if number == 1 or not measurement.once
    ]
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=err,
    ) as progress:  # fmt: skip
        task = progress.add_task("", total=len(steps))
        for number, measurement in steps:
            progress.update(task, description=f"{measurement.name}, run {number} of {runs}")
            for figures in await _ours(server_url, measurement):
                _tell(number, measurement, OURS, figures)
                results[measurement.name, figures.get("via", "worker")].append(figures)
            if theirs is not None and not measurement.alone:
                figures = await theirs.run([measurement.command, *measurement.arguments])
                _tell(number, measurement, THEIRS, figures)
                results[measurement.name, THEIRS].append(figures)
            progress.advance(task)
    return results


async def _ours(server_url: str, measurement: Measurement) -> list[Figures]:
    """In a process of its own, as the baseline's are."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks", measurement.command, *measurement.arguments, cwd=ROOT,
        env=os.environ | {"DATABASE_URL": server_url},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=1 << 24,
    )  # fmt: skip
    out, said = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{measurement.name} failed: {said.decode()[-2000:]}")
    return [json.loads(line) for line in out.decode().strip().splitlines()]


def _tell(number: int, measurement: Measurement, side: str, figures: Figures) -> None:
    sys.stdout.write(json.dumps({"run": number, "name": measurement.name, "of": side} | figures) + "\n")
    sys.stdout.flush()
