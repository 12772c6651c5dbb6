"""/api/insights: what became of the times that came free, for a period, beside the one before."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from standby.errors import FieldProblem, Invalid
from standby.insights import analytics, periods
from standby.insights.analytics import FILLED_AFTER, WAITED, Answers, Figures, NoShows, Opened, Spread
from standby.insights.periods import USUAL, Named, Period, Span
from standby.tenants import tenants
from standby.web.api.caller import GetCaller
from standby.web.api.fields import Date
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import View

router = APIRouter(tags=["insights"], route_class=FormRoute)

Share = Annotated[float | None, Field(description="0 to 1; null: there is nothing to divide by")]
Seconds = Annotated[float | None, Field(description="null: there were none")]


class SpanView(View):
    starts: datetime
    ends: datetime


class SpreadView(View):
    median: Seconds
    p90: Seconds


class AnswersView(View):
    offers: int
    accepted: int
    declined: int
    unanswered: int
    acceptance: Share


class NoShowsView(View):
    ended: int = Field(description="appointments that are over and were not cancelled")
    no_shows: int
    share: Share


class FiguresView(View):
    opened: int = Field(description="times that came free, by a cancellation, a move or a hand")
    filled: int = Field(description="of these, booked through an offer")
    still_open: int
    fill_rate: Share
    seconds_to_fill: SpreadView
    seconds_waited: SpreadView = Field(description="of those who booked, since they had joined the list")
    recovered: Decimal = Field(
        description="what was booked so and neither cancelled nor a no-show, by its services' prices"
    )
    recovered_bookings: int
    answers: AnswersView
    no_shows: NoShowsView


class DayView(View):
    day: date
    opened: int
    filled: int
    recovered: Decimal


class ClassView(View):
    from_seconds: float
    filled: int


class ChannelView(AnswersView):
    channel: str


class HourView(AnswersView):
    hour: int


class WeekdayView(NoShowsView):
    weekday: int = Field(description="ISO: Monday is 1")


class GapView(View):
    weekday: int = Field(description="ISO: Monday is 1")
    hour: int
    opened: int
    filled: int


class InsightsView(View):
    first_day: date
    last_day: date
    timezone: str
    currency: str
    period: SpanView
    before: SpanView = Field(
        description="as many days before; as far into the last of them as this period has come"
    )
    figures: FiguresView
    figures_before: FiguresView
    by_day: list[DayView] = Field(description="days on which none came free are left out")
    time_to_fill: list[ClassView]
    waiting_time: list[ClassView]
    acceptance_by_channel: list[ChannelView]
    acceptance_by_hour: list[HourView]
    no_shows_by_weekday: list[WeekdayView]
    busiest_gaps: list[GapView] = Field(description="when the times begin that came free, the most first")


@router.get("/insights")
async def get_insights(
    caller: GetCaller,
    period: Annotated[
        Named | None, Query(description=f"the last of its days is today; left out: {USUAL}")
    ] = None,
    first: Annotated[
        Date | None, Query(alias="from", description="instead of `period`: a day, with `to`")
    ] = None,
    last: Annotated[Date | None, Query(alias="to", description="that day too; 366 days at most")] = None,
) -> InsightsView:
    """What became of the times that came free in a period of the salon's calendar, and of its appointments.

    docs/insights.md has each figure's formula. Today counts as far as it has come.
    """
    async with caller.transaction() as tx:
        salon = await tenants.find(tx)
        chosen = _period(period, first, last, salon, caller.web.clock())
        found = await analytics.of(tx, chosen)
    return InsightsView(
        first_day=chosen.first,
        last_day=chosen.last,
        timezone=salon.timezone,
        currency=salon.currency,
        period=_span(chosen.span),
        before=_span(chosen.before),
        figures=_figures(found.now),
        figures_before=_figures(found.before),
        by_day=[
            DayView(day=day, opened=one.opened, filled=one.filled, recovered=one.earned)
            for day, one in found.by_day.items()
        ],
        time_to_fill=_classes(FILLED_AFTER, found.fill_classes),
        waiting_time=_classes(WAITED, found.wait_classes),
        acceptance_by_channel=[
            ChannelView(channel=name, **_answers(one)) for name, one in found.by_channel.items()
        ],
        acceptance_by_hour=[HourView(hour=hour, **_answers(one)) for hour, one in found.by_hour.items()],
        no_shows_by_weekday=[
            WeekdayView(weekday=day, **_no_shows(one)) for day, one in found.no_shows.items()
        ],
        busiest_gaps=[
            GapView(weekday=weekday, hour=hour, opened=one.opened, filled=one.filled)
            for (weekday, hour), one in sorted(found.gaps.items(), key=_busiest)
        ],
    )


def _period(
    name: Named | None, first: date | None, last: date | None, salon: tenants.Salon, now: datetime
) -> Period:
    if first is None and last is None:
        return periods.named(name or USUAL, zone=salon.zone, now=now)
    problems = [
        FieldProblem(field, "is needed with the other one", "missing")
        for field, day in (("from", first), ("to", last))
        if day is None
    ]
    if name is not None:
        problems.append(FieldProblem("period", "can't be given together with from and to", "conflict"))
    if problems or first is None or last is None:
        raise Invalid(problems)
    return periods.between(first, last, zone=salon.zone, now=now)


def _figures(one: Figures) -> FiguresView:
    return FiguresView(
        opened=one.fills.opened,
        filled=one.fills.filled,
        still_open=one.fills.still_open,
        fill_rate=one.fills.rate,
        seconds_to_fill=_spread(one.fills.filled_after),
        seconds_waited=_spread(one.fills.waited),
        recovered=one.fills.earned,
        recovered_bookings=one.fills.kept,
        answers=AnswersView(**_answers(one.answers)),
        no_shows=NoShowsView(**_no_shows(one.no_shows)),
    )


def _spread(one: Spread) -> SpreadView:
    return SpreadView(median=one.half, p90=one.most)


def _answers(one: Answers) -> dict[str, Any]:
    return vars(one) | {"offers": one.all, "acceptance": one.rate}


def _no_shows(one: NoShows) -> dict[str, Any]:
    return vars(one) | {"share": one.rate}


def _span(span: Span) -> SpanView:
    return SpanView.model_validate(span)


def _classes(bounds: Sequence[float], filled: Sequence[int]) -> list[ClassView]:
    return [
        ClassView(from_seconds=lower, filled=number)
        for lower, number in zip((0.0, *bounds), filled, strict=True)
    ]


def _busiest(gap: tuple[tuple[int, int], Opened]) -> tuple[int, tuple[int, int]]:
    place, one = gap
    return -one.opened, place
