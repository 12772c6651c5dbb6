"""Pictures of numbers: columns, and fields in rows. Pure: numbers in, places out; templates/charts.html draws them.

Nothing is told by colour alone: of a column's two parts one is full and one hollow, and a field has its number in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final

# In the units in which a letter is twelve high: a phone shows about 310 of them in its width, a desk 430.
WIDTH: Final = 360.0
HEIGHT: Final = 140.0
LEFT: Final = 44.0  # for the words of the scale
TOP: Final = 16.0
BOTTOM: Final = 24.0  # for the words below the columns
GAP: Final = 0.28  # of a column's place
WIDEST: Final = 64.0  # one column
LETTER: Final = 6.5

FIELD_LEFT: Final = 50.0
FIELD_TOP: Final = 22.0
FIELD_WIDTH: Final = 44.0
FIELD_HEIGHT: Final = 22.0


@dataclass(frozen=True)
class Step:
    """One column to draw: `full` stands below, `hollow` on it. `label` is for below it, `title` says all of it."""

    label: str
    title: str
    full: float
    hollow: float = 0


@dataclass(frozen=True)
class Column:
    """A column's place: from the left edge `x`; both parts by their upper edge and height. `label` may be none;
    else its middle is at `label_at`, where nothing of it is cut off.
    """

    x: float
    label_at: float
    full: tuple[float, float]
    hollow: tuple[float, float]
    label: str
    title: str


@dataclass(frozen=True)
class Columns:
    """`marks` are the lines of the scale, by height and word."""

    columns: Sequence[Column]
    column_width: float
    marks: Sequence[tuple[float, str]]
    width: float = WIDTH
    height: float = HEIGHT + TOP + BOTTOM
    left: float = LEFT
    foot: float = HEIGHT + TOP


@dataclass(frozen=True)
class Field:
    """One field: its place, its number, and how strong it is, 0 to 1."""

    x: float
    y: float
    amount: int
    strength: float
    title: str


@dataclass(frozen=True)
class Fields:
    """Fields in rows and columns, each with its word."""

    fields: Sequence[Field]
    columns: Sequence[tuple[float, str]]
    rows: Sequence[tuple[float, str]]
    width: float
    height: float
    field_width: float = FIELD_WIDTH - 3
    field_height: float = FIELD_HEIGHT - 3


def columns(steps: Sequence[Step], said: Callable[[float], str], *, whole: bool = True) -> Columns:
    """One column a step. `said`: how the scale writes a number. `whole`: it counts things."""
    upper = _round_above(max((step.full + step.hollow for step in steps), default=0), whole=whole)
    place = (WIDTH - LEFT) / max(1, len(steps))
    wide = min(WIDEST, place * (1 - GAP))
    longest = max((len(step.label) for step in steps), default=0)
    every = ceil((longest * LETTER + 6) / place)
    high = HEIGHT / upper
    foot = HEIGHT + TOP
    return Columns(
        [
            Column(
                x=LEFT + (number + 0.5) * place - wide / 2,
                label_at=min(LEFT + (number + 0.5) * place, WIDTH - len(step.label) * LETTER / 2),
                full=(foot - step.full * high, step.full * high),
                hollow=(foot - (step.full + step.hollow) * high, step.hollow * high),
                label=step.label if number % every == 0 else "",
                title=step.title,
            )
            for number, step in enumerate(steps)
        ],
        wide,
        [
            (foot - mark * high, said(mark))
            for mark in (upper, upper / 2, 0)
            if not whole or mark == int(mark)
        ],
    )


def fields(
    amounts: Mapping[tuple[int, int], int],
    column_words: Mapping[int, str],
    row_words: Mapping[int, str],
    title: Callable[[int, int, int], str],
) -> Fields:
    """A field for each column and row that has a word; `amounts` and `title` are by column and row."""
    most = max(amounts.values(), default=0) or 1
    across = {one: FIELD_LEFT + number * FIELD_WIDTH for number, one in enumerate(column_words)}
    down = {one: FIELD_TOP + number * FIELD_HEIGHT for number, one in enumerate(row_words)}
    return Fields(
        [
            Field(x, y, amount, amount / most, title(column, row, amount))
            for row, y in down.items()
            for column, x in across.items()
            for amount in (amounts.get((column, row), 0),)
        ],
        [(across[one] + (FIELD_WIDTH - 3) / 2, word) for one, word in column_words.items()],
        [(down[one] + FIELD_HEIGHT / 2, word) for one, word in row_words.items()],
        FIELD_LEFT + len(across) * FIELD_WIDTH,
        FIELD_TOP + len(down) * FIELD_HEIGHT,
    )


def _round_above(amount: float, *, whole: bool) -> float:
    """The next of 1, 2, 4, 6, 10, 20, 40 …: it and its half are easy to read."""
    if amount <= 0:
        return 2 if whole else 1
    base = 10.0 ** floor(log10(amount))
    return next(factor * base for factor in (1, 2, 4, 6, 10) if amount <= factor * base)
