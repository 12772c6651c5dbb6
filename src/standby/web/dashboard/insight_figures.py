"""A salon's figures as its page and its files show them: each a number, a picture and a table. Pure.

docs/insights.md says how each is counted, and so does the page: words `insights.<figure>.how`.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias, TypedDict

from standby.exporting.formulas import harmless
from standby.formats import Formats
from standby.insights.analytics import FILLED_AFTER, WAITED, Answers, Figures, Insights, NoShows, Opened
from standby.insights.periods import Period
from standby.web.dashboard.charts import Columns, Fields, Step, columns, fields
from standby.web.words import Words

Value: TypeAlias = str | int | float | Decimal | date | None

WEEKDAYS: Final = range(1, 8)


@dataclass(frozen=True)
class Cell:
    """One field of a table: as people read it, and as programs do."""

    shown: str
    value: Value


@dataclass(frozen=True)
class Table:
    """Rows below their headings; a row's first cell says what it is of."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Figure:
    """One of the figures. `name` is what its file is called; `number` is all of it in one, "" if there is none such,
    and `compared` says what it was before. `full` and `hollow` are what a column's parts are.
    """

    name: str
    number: str
    compared: str
    says: str
    table: Table
    columns: Columns | None = None
    fields: Fields | None = None
    full: str = ""
    hollow: str = ""


class _Answered(TypedDict):
    table: Table
    columns: Columns
    full: str
    hollow: str


@dataclass(frozen=True)
class Writer:
    """Makes the figures of a period in somebody's language."""

    found: Insights
    period: Period
    currency: str
    words: Words
    formats: Formats

    def figures(self) -> list[Figure]:
        """All of them, in the order of the page."""
        return [
            self._fill_rate(),
            self._revenue(),
            self._time_to_fill(),
            self._waiting(),
            self._by_channel(),
            self._by_hour(),
            self._no_shows(),
            self._gaps(),
        ]

    def _fill_rate(self) -> Figure:
        steps = self._steps()
        now = self.found.now.fills
        return Figure(
            "fill-rate",
            *self._rate(lambda one: one.fills.rate),
            says=self._said("fill-rate", filled=now.filled, opened=now.opened, still_open=now.still_open),
            table=Table(
                self._heads("when", "opened", "filled", "share"),
                [
                    [
                        Cell(name, first.isoformat()),
                        *self._counts(one.opened, one.filled),
                        self._share(one.filled / one.opened if one.opened else None),
                    ]
                    for first, name, one in steps
                ],
            ),
            columns=self._columns(
                [
                    Step(
                        name,
                        self._said("fill-rate.step", when=name, filled=one.filled, opened=one.opened),
                        one.filled,
                        one.opened - one.filled,
                    )
                    for _, name, one in steps
                ]
            ),
            full=self.words("insights.filled"),
            hollow=self.words("insights.unfilled"),
        )

    def _revenue(self) -> Figure:
        now, before = self.found.now.fills, self.found.before.fills
        steps = self._steps()
        return Figure(
            "revenue",
            self._money(now.earned) if now.kept else self.words("insights.none"),
            self._compared(
                float(now.earned) if now.kept else None,
                float(before.earned) if before.kept else None,
                self._money,
            ),
            self._said(
                "revenue.without_price" if now.without_price else "revenue",
                kept=now.kept,
                without=now.without_price,
            ),
            Table(
                [*self._heads("when"), f"{self.words('insights.head.earned')} ({self.currency})"],
                [
                    [Cell(name, first.isoformat()), Cell(self._money(one.earned), one.earned)]
                    for first, name, one in steps
                ],
            ),
            columns(
                [
                    Step(name, f"{name}: {self._money(one.earned)}", float(one.earned))
                    for _, name, one in steps
                ],
                self.formats.rough,
                whole=False,
            ),
        )

    def _time_to_fill(self) -> Figure:
        now, before = self.found.now.fills.filled_after, self.found.before.fills.filled_after
        return self._lengths(
            "time-to-fill", now.half, now.most, before.half, FILLED_AFTER, self.found.fill_classes
        )

    def _waiting(self) -> Figure:
        now, before = self.found.now.fills.waited, self.found.before.fills.waited
        return self._lengths("waiting-time", now.half, now.most, before.half, WAITED, self.found.wait_classes)

    def _lengths(
        self,
        name: str,
        half: float | None,
        most: float | None,
        before: float | None,
        bounds: Sequence[float],
        classes: Sequence[int],
    ) -> Figure:
        span = self.formats.span
        lower, upper = [0.0, *bounds], [*bounds, None]
        named = [
            (self._between(first, last), f"< {span(last)}" if last else f"≥ {span(first)}")
            for first, last in zip(lower, upper, strict=True)
        ]
        return Figure(
            name,
            self.words("insights.none") if half is None else span(half),
            self._compared(half, before, span),
            "" if most is None else self._said(name, most=span(most)),
            Table(
                self._heads(name, "filled"),
                [
                    [Cell(told, told), *self._counts(number)]
                    for (told, _), number in zip(named, classes, strict=True)
                ],
            ),
            self._columns(
                [
                    Step(short, f"{told}: {self.formats.number(number)}", number)
                    for (told, short), number in zip(named, classes, strict=True)
                ]
            ),
        )

    def _by_channel(self) -> Figure:
        all_of, names = self.found.now.answers, self.found.by_channel
        rows = [(self.words(f"channel.{name}"), name, one) for name, one in names.items()]
        return Figure(
            "acceptance",
            *self._rate(lambda one: one.answers.rate),
            says=self._said("acceptance", accepted=all_of.accepted, all=all_of.all),
            **self._answered("channel", rows),
        )

    def _by_hour(self) -> Figure:
        found = self.found.by_hour
        hours = range(min(found), max(found) + 1) if found else ()
        rows = [(f"{hour:02}:00", f"{hour:02}:00", found.get(hour, Answers())) for hour in hours]
        best = max(found.items(), key=lambda one: (one[1].rate or 0, one[1].all), default=None)
        return Figure(
            "acceptance-by-hour",
            "" if found else self.words("insights.none"),
            "",
            self._said(
                "acceptance-by-hour", hour=f"{best[0]:02}:00", accepted=best[1].accepted, all=best[1].all
            )
            if best
            else "",
            **self._answered("hour", rows),
        )

    def _answered(self, head: str, rows: Sequence[tuple[str, str, Answers]]) -> _Answered:
        return {
            "table": Table(
                self._heads(head, "offers", "accepted", "declined", "unanswered", "share"),
                [
                    [
                        Cell(shown, value),
                        *self._counts(one.all, one.accepted, one.declined, one.unanswered),
                        self._share(one.rate),
                    ]
                    for shown, value, one in rows
                ],
            ),
            "columns": self._columns(
                [
                    Step(
                        shown,
                        self._said("acceptance.step", what=shown, accepted=one.accepted, all=one.all),
                        one.accepted,
                        one.all - one.accepted,
                    )
                    for shown, _, one in rows
                ]
            ),
            "full": self.words("insights.accepted"),
            "hollow": self.words("insights.not_accepted"),
        }

    def _no_shows(self) -> Figure:
        now = self.found.now.no_shows
        days = [(self.formats.weekday(day), day, self.found.no_shows.get(day, NoShows())) for day in WEEKDAYS]
        return Figure(
            "no-shows",
            *self._rate(lambda one: one.no_shows.rate),
            says=self._said("no-shows", no_shows=now.no_shows, ended=now.ended),
            table=Table(
                self._heads("weekday", "ended", "no_shows", "share"),
                [
                    [Cell(name, day), *self._counts(one.ended, one.no_shows), self._share(one.rate)]
                    for name, day, one in days
                ],
            ),
            columns=self._columns(
                [
                    Step(
                        name,
                        self._said("no-shows.step", weekday=name, no_shows=one.no_shows, ended=one.ended),
                        one.no_shows,
                        one.ended - one.no_shows,
                    )
                    for name, _, one in days
                ]
            ),
            full=self.words("insights.no_shows"),
            hollow=self.words("insights.came"),
        )

    def _gaps(self) -> Figure:
        found = self.found.gaps
        hours = sorted({hour for _, hour in found})
        most = sorted(found.items(), key=lambda one: (-one[1].opened, one[0]))
        number = ""
        if most:
            (weekday, hour), _ = most[0]
            number = f"{self.formats.weekday(weekday)} {hour:02}:00"

        def title(weekday: int, hour: int, _: int) -> str:
            one = found.get((weekday, hour), Opened())
            when = f"{self.formats.weekday(weekday)} {hour:02}:00"
            return self._said("fill-rate.step", when=when, filled=one.filled, opened=one.opened)

        return Figure(
            "busiest-gaps",
            number or self.words("insights.none"),
            "",
            self._said("busiest-gaps", opened=most[0][1].opened) if most else "",
            Table(
                self._heads("weekday", "hour", "opened", "filled"),
                [
                    [
                        Cell(self.formats.weekday(weekday), weekday),
                        Cell(f"{hour:02}:00", f"{hour:02}:00"),
                        *self._counts(one.opened, one.filled),
                    ]
                    for (weekday, hour), one in most
                ],
            ),
            fields=fields(
                {place: one.opened for place, one in found.items()},
                {day: self.formats.weekday(day) for day in WEEKDAYS},
                {hour: f"{hour:02}:00" for hour in range(hours[0], hours[-1] + 1)} if hours else {},
                title,
            ),
        )

    def _steps(self) -> list[tuple[date, str, Opened]]:
        """The period's steps, with what opened in each."""
        steps = []
        for step in self.period.steps():
            days = [one for day, one in self.found.by_day.items() if step.first <= day <= step.last]
            together = Opened(
                sum(one.opened for one in days),
                sum(one.filled for one in days),
                sum((one.earned for one in days), Decimal(0)),
            )
            steps.append((step.first, self.formats.day(step.first), together))
        return steps

    def _columns(self, steps: Sequence[Step]) -> Columns:
        return columns(steps, self.formats.number)

    def _rate(self, of: Callable[[Figures], float | None]) -> tuple[str, str]:
        """A share as a number, and what it was before."""
        now, before = of(self.found.now), of(self.found.before)
        if now is None:
            return self.words("insights.none"), ""
        return self.formats.percent(now), self._compared(now, before, self.formats.percent)

    def _compared(self, now: float | None, before: float | None, said: Callable[[float], str]) -> str:
        """In words, for an arrow alone is nothing that can be read aloud."""
        if now is None or before is None:
            return ""
        if said(now) == said(before):
            return self.words("insights.same")
        return self.words("insights.up" if now > before else "insights.down", before=said(before))

    def _between(self, first: float, last: float | None) -> str:
        span = self.formats.span
        if not first and last:
            return self.words("insights.under", last=span(last))
        if last is None:
            return self.words("insights.over", first=span(first))
        return self.words("insights.between", first=span(first), last=span(last))

    def _heads(self, *names: str) -> list[str]:
        return [self.words(f"insights.head.{name}") for name in names]

    def _counts(self, *amounts: int) -> list[Cell]:
        return [Cell(self.formats.number(amount), amount) for amount in amounts]

    def _share(self, rate: float | None) -> Cell:
        return Cell("–", None) if rate is None else Cell(self.formats.percent(rate), round(rate, 4))

    def _money(self, amount: Decimal | float) -> str:
        return self.formats.price(Decimal(amount), self.currency)

    def _said(self, key: str, **values: str | int) -> str:
        shown = {
            name: self.formats.number(one) if isinstance(one, int) else one for name, one in values.items()
        }
        return self.words(f"insights.{key}.says", **shown)


def csv_of(table: Table) -> str:
    """The table as a file for spreadsheets: they take it for UTF-8 by its first sign."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(harmless(head) for head in table.heads)
    writer.writerows([_written(cell.value) for cell in row] for row in table.rows)
    return f"\ufeff{file.getvalue()}"


def _written(value: Value) -> Value:
    return harmless(value) if isinstance(value, str) else value
