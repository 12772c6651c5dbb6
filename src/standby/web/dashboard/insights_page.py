"""/app/insights: what became of the times that came free in a period, beside the one before; figures as files too."""

from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.errors import Invalid, NotFound
from standby.insights import analytics, periods
from standby.insights.periods import NAMED, USUAL, Period
from standby.web.dashboard.days import days_of
from standby.web.dashboard.insight_figures import Figure, Writer, csv_of
from standby.web.dashboard.visitor import Visitor, asks

router = APIRouter(prefix="/app/insights", include_in_schema=False)

Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_INSIGHTS)]
Asked: TypeAlias = Annotated[str, Query(max_length=20)]
From: TypeAlias = Annotated[str, Query(alias="from", max_length=20)]
OWN: Final = "own"  # from a day to a day


@dataclass(frozen=True)
class Choice:
    """Which period somebody asked for: as they typed it, what is wrong with that, and what they get."""

    name: str
    typed: dict[str, str]
    problems: dict[str, str]
    period: Period

    @property
    def address(self) -> str:
        """The end of an address that asks for the same."""
        if self.name != OWN:
            return urlencode({"period": self.name})
        return urlencode({"from": self.period.first, "to": self.period.last})


@router.api_route("", methods=["GET", "HEAD"])
async def show_insights(
    visitor: Reader, period: Asked = "", first: From = "", to: Asked = ""
) -> HTMLResponse:
    """`period` is one of the named ones; `from` and `to` are days, and come first."""
    choice = _chosen(visitor, period, first.strip(), to.strip())
    found, figures = await _figures(visitor, choice.period)
    return visitor.page(
        "insights.html",
        "insights",
        status=422 if choice.problems else 200,
        choice=choice,
        names=NAMED,
        days=_told(visitor, choice.period),
        nothing=found.now.none,
        figures=figures,
    )


@router.api_route("/{name}.csv", methods=["GET", "HEAD"])
async def download(
    visitor: Reader, name: str, period: Asked = "", first: From = "", to: Asked = ""
) -> Response:
    """One figure's table, as a file that spreadsheets open."""
    choice = _chosen(visitor, period, first.strip(), to.strip())
    _, figures = await _figures(visitor, choice.period)
    figure = next((one for one in figures if one.name == name), None)
    if figure is None or choice.problems:
        raise NotFound
    days = f"{choice.period.first.isoformat()}-{choice.period.last.isoformat()}"
    headers = {
        "Content-Disposition": f'attachment; filename="{visitor.salon.slug}-{name}-{days}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(csv_of(figure.table), media_type="text/csv; charset=utf-8", headers=headers)


async def _figures(visitor: Visitor, period: Period) -> tuple[analytics.Insights, list[Figure]]:
    async with visitor.transaction() as tx:
        found = await analytics.of(tx, period)
    writer = Writer(found, period, visitor.salon.currency, visitor.words, visitor.formats)
    return found, writer.figures()


def _chosen(visitor: Visitor, name: str, first: str, last: str) -> Choice:
    zone, now, words = visitor.salon.zone, visitor.web.clock(), visitor.words
    known = next((one for one in NAMED if one == name), USUAL)
    usual = periods.named(known, zone=zone, now=now)
    typed = {"from": first, "to": last}
    if not (first or last):
        return Choice(known, {"from": usual.first.isoformat(), "to": usual.last.isoformat()}, {}, usual)
    days, problems = days_of(first, last, words)
    for day, said in typed.items():
        if not said:
            problems[day] = words("app.problem.day")
    if not problems:
        try:
            return Choice(OWN, typed, {}, periods.between(days["from"], days["to"], zone=zone, now=now))
        except Invalid as invalid:
            problems = {one.field: words(f"insights.problem.{one.code}") for one in invalid.problems}
    return Choice(OWN, typed, problems, usual)


def _told(visitor: Visitor, period: Period) -> str:
    """1 Nov – 22 Nov 2026"""
    return f"{visitor.formats.day(period.first)} – {visitor.formats.day(period.last)} {period.last.year}"
