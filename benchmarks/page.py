"""docs/benchmarks.md: the figures between its two marks are written anew; the words around them are people's."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.figures import Figures
from benchmarks.measurements import MEASUREMENTS, ROWS, Figure, Row

BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of the figures -->"
WAYS = {"http": "HTTP", "inprocess": "in process", "worker": "worker"}
Medians = Mapping[tuple[str, str], Figures]


def write(path: Path, medians: Medians, *, runs: int, compared: bool) -> None:
    """Puts the figures into the page, which is made if it isn't there."""
    text = path.read_text() if path.exists() else f"# Benchmarks\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    figures = "\n".join(_figures(medians, runs=runs, compared=compared))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}")


def _figures(medians: Medians, *, runs: int, compared: bool) -> Iterator[str]:
    command = "make bench BASELINE=<folder>" if compared else "make bench"
    command += f' ARGS="--runs {runs}"' if runs != 3 else ""
    yield f"Medians of {runs} run{'s' if runs > 1 else ''} (match: of one), made by `{command}`."
    yield ""
    yield from _machine(medians, compared=compared)
    for measurement in MEASUREMENTS:
        lines = list(_table(measurement.name, medians))
        if lines:
            arguments = " ".join((measurement.command, *measurement.arguments))
            yield from ["", f"### {measurement.name[:1].upper()}{measurement.name[1:]}", ""]
            yield from [f"`python -m benchmarks {arguments}`", "", *lines]


def _machine(medians: Medians, *, compared: bool) -> Iterator[str]:
    facts = next(figures["machine"] for (_, side), figures in medians.items() if side != "baseline")
    yield (
        f"{facts['cpus']} CPUs, PostgreSQL {facts['postgres']} (fsync {facts['fsync']}, synchronous_commit "
        f"{facts['synchronous_commit']}), Python {facts['python']}, PgQueuer {facts['pgqueuer']}, "
        f"asyncpg {facts['asyncpg']}, FastAPI {facts['fastapi']}."
    )
    loads = [figures["machine"]["load_at_start"] for figures in medians.values() if "machine" in figures]
    yield f"Load of the machine when a run began: {min(loads):.1f} to {max(loads):.1f}."
    theirs = [
        figures["machine"]
        for (_, side), figures in medians.items()
        if side == "baseline" and "machine" in figures
    ]
    if compared and theirs:
        [facts, *_] = theirs
        yield (
            f"The baseline: Node {facts['node']}, BullMQ {facts['bullmq']}, Redis {facts['redis']} "
            "without persistence, the same PostgreSQL."
        )


def _table(name: str, medians: Medians) -> Iterator[str]:
    rows = [row for row in ROWS if row.measurement == name]
    ways = [way for way in WAYS if (name, way) in medians]
    if not ways:
        return
    theirs = medians.get((name, "baseline"))
    head = ["", *(f"Standby, {WAYS[way]}" for way in ways)]
    head += ["baseline", *(f"ratio, {WAYS[way]}" for way in ways)] if theirs else []
    head.append("target")
    yield _line(head)
    yield _line(["---", *(["---:"] * (len(head) - 2)), "---"])
    for row in rows:
        yield _line(_cells(row, [medians[name, way] for way in ways], theirs))


def _cells(row: Row, ours: list[Figures], theirs: Figures | None) -> list[str]:
    mine = [_found(row.ours, figures) for figures in ours]
    other = _found(row.theirs, theirs) if theirs is not None and row.theirs is not None else None
    cells = [row.label, *map(_shown, mine)]
    if theirs is not None:
        cells += [_shown(other), *(_ratio(figure, other) for figure in mine)]
    return [*cells, _judged(row, mine, other)]


def _judged(row: Row, mine: list[Figure | None], other: Figure | None) -> str:
    """The target, and whether each way reaches it."""
    if row.reached is None:
        return ""
    verdicts = [row.reached(figure, other) for figure in mine if figure is not None]
    words = [
        "not judged" if verdict is None else "reached" if verdict else "**missed**" for verdict in verdicts
    ]
    return f"{row.target}: {words[0] if len(set(words)) == 1 else ' / '.join(words)}"


def _found(find: object, figures: Figures) -> Figure | None:
    try:
        return find(figures) if callable(find) else None
    except (KeyError, IndexError):
        return None


def _ratio(ours: Figure | None, theirs: Figure | None) -> str:
    if ours is None or not theirs:
        return "–"
    return f"{ours / theirs:.2f} ×"


def _shown(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    return f"{figure:,.0f}" if figure == int(figure) or abs(figure) >= 100 else f"{figure:,.2f}"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
