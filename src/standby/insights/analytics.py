"""How well a salon's freed times are filled, and what that brings: a period's figures, beside those of the one before.

docs/insights.md has each figure's formula and the rows that it is counted from. What there is nothing to divide by is
None, never 0. The caller owns the transaction and its tenant.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import asyncpg

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.insights.periods import Period, Span

SQL = statements_beside(__file__)

# Where classes of times begin, in seconds; below the first is one more.
FILLED_AFTER: Final = (60.0, 300.0, 900.0, 3600.0, 14_400.0, 86_400.0)
WAITED: Final = (86_400.0, 259_200.0, 604_800.0, 1_209_600.0, 2_419_200.0)


@dataclass(frozen=True)
class Spread:
    """Times in seconds: the median, and within which 90 % were; None: there were none."""

    half: float | None
    most: float | None


@dataclass(frozen=True)
class Fills:
    """Times that opened, and what became of them. `kept` are the bookings that `earned`, at their services' prices;
    `without_price` of them have none.
    """

    opened: int
    filled: int
    still_open: int
    filled_after: Spread
    waited: Spread
    kept: int
    earned: Decimal
    without_price: int

    @property
    def rate(self) -> float | None:
        return share(self.filled, self.opened)


@dataclass(frozen=True)
class Answers:
    """How offers ended."""

    accepted: int = 0
    declined: int = 0
    unanswered: int = 0

    @property
    def all(self) -> int:
        return self.accepted + self.declined + self.unanswered

    @property
    def rate(self) -> float | None:
        return share(self.accepted, self.all)

    def __add__(self, other: "Answers") -> "Answers":
        return Answers(
            self.accepted + other.accepted,
            self.declined + other.declined,
            self.unanswered + other.unanswered,
        )


@dataclass(frozen=True)
class NoShows:
    """Appointments that are over."""

    ended: int = 0
    no_shows: int = 0

    @property
    def rate(self) -> float | None:
        return share(self.no_shows, self.ended)


@dataclass(frozen=True)
class Opened:
    """Times of one day, or of one hour of a week."""

    opened: int = 0
    filled: int = 0
    earned: Decimal = Decimal(0)


@dataclass(frozen=True)
class Figures:
    """A period's figures as one number each."""

    fills: Fills
    answers: Answers
    no_shows: NoShows

    @property
    def none(self) -> bool:
        """Whether nothing has happened that could be counted."""
        return not (self.fills.opened or self.answers.all or self.no_shows.ended)


@dataclass(frozen=True)
class Insights:
    """`fill_classes` and `wait_classes` say how many are in each class of FILLED_AFTER and WAITED, the shortest first;
    `gaps` is by weekday (Monday is 1) and hour.
    """

    now: Figures
    before: Figures
    by_day: Mapping[date, Opened]
    fill_classes: Sequence[int]
    wait_classes: Sequence[int]
    by_channel: Mapping[str, Answers]
    by_hour: Mapping[int, Answers]
    no_shows: Mapping[int, NoShows]
    gaps: Mapping[tuple[int, int], Opened]


def share(part: int, whole: int) -> float | None:
    """0 to 1; None of nothing."""
    return part / whole if whole else None


async def of(tx: Tx, period: Period) -> Insights:
    """The period's figures, with those before, and what they are made of."""
    span, before, zone = period.span, period.before, period.zone.key
    answers = await tx.fetch(SQL["answers"], span.starts, span.ends, zone)
    no_shows = await tx.fetch(SQL["no_shows"], span.starts, span.ends, zone)
    fill_classes, wait_classes = await _classes(tx, span)
    return Insights(
        now=Figures(await _fills(tx, span), _together(answers), _ended(no_shows)),
        before=Figures(
            await _fills(tx, before),
            _together(await tx.fetch(SQL["answers"], before.starts, before.ends, zone)),
            _ended(await tx.fetch(SQL["no_shows"], before.starts, before.ends, zone)),
        ),
        by_day={
            row["day"]: Opened(row["opened"], row["filled"], row["earned"])
            for row in await tx.fetch(SQL["fills_by_day"], span.starts, span.ends, zone)
        },
        fill_classes=fill_classes,
        wait_classes=wait_classes,
        by_channel={
            name: _together([row for row in answers if row["channel"] == name])
            for name in dict.fromkeys(row["channel"] for row in answers)
        },
        by_hour={
            hour: _together([row for row in answers if row["hour"] == hour])
            for hour in sorted({row["hour"] for row in answers})
        },
        no_shows={row["weekday"]: NoShows(row["ended"], row["no_shows"]) for row in no_shows},
        gaps={
            (row["weekday"], row["hour"]): Opened(row["opened"], row["filled"])
            for row in await tx.fetch(SQL["gaps"], span.starts, span.ends, zone)
        },
    )


async def _fills(tx: Tx, span: Span) -> Fills:
    row = await tx.fetchrow(SQL["fills"], span.starts, span.ends)
    assert row is not None  # noqa: S101 - it counts
    spreads = {name: Spread(*(row[name] or (None, None))) for name in ("filled_after", "waited")}
    return Fills(**{**dict(row), **spreads})


async def _classes(tx: Tx, span: Span) -> tuple[list[int], list[int]]:
    fills: Counter[int] = Counter()
    waits: Counter[int] = Counter()
    for row in await tx.fetch(
        SQL["fills_by_length"], span.starts, span.ends, list(FILLED_AFTER), list(WAITED)
    ):
        fills[row["fill_class"]] += row["filled"]
        waits[row["wait_class"]] += row["filled"]
    return (
        [fills[number] for number in range(len(FILLED_AFTER) + 1)],
        [waits[number] for number in range(len(WAITED) + 1)],
    )


def _together(rows: Sequence[asyncpg.Record]) -> Answers:
    return sum((Answers(row["accepted"], row["declined"], row["unanswered"]) for row in rows), Answers())


def _ended(rows: Sequence[asyncpg.Record]) -> NoShows:
    return NoShows(sum(row["ended"] for row in rows), sum(row["no_shows"] for row in rows))
