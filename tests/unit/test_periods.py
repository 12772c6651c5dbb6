"""Which days a salon's figures are of."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from standby.errors import Invalid
from standby.insights import periods
from standby.insights.periods import Period, Span

OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday, 13:00 in Oslo


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type,misc]  # - year, month, day and so on


@pytest.mark.parametrize(
    ("name", "first", "starts"),
    [
        ("7d", date(2026, 11, 17), utc(2026, 11, 16, 23)),
        ("30d", date(2026, 10, 25), utc(2026, 10, 24, 22)),  # Summer time ends that day.
        ("90d", date(2026, 8, 26), utc(2026, 8, 25, 22)),
        ("month", date(2026, 11, 1), utc(2026, 10, 31, 23)),
    ],
)
def test_a_named_period_ends_now_and_begins_at_the_salons_midnight(
    name: periods.Named, first: date, starts: datetime
) -> None:
    period = periods.named(name, zone=OSLO, now=NOON)
    assert (period.first, period.last) == (first, date(2026, 11, 23))
    assert period.span == Span(starts, NOON)


def test_the_one_before_has_as_many_days_and_has_come_as_far_into_its_last_one() -> None:
    period = periods.named("7d", zone=OSLO, now=NOON)
    assert period.before == Span(utc(2026, 11, 9, 23), utc(2026, 11, 16, 12))


def test_days_that_are_over_are_counted_whole_also_when_the_clocks_change() -> None:
    period = periods.between(date(2026, 10, 25), date(2026, 10, 25), zone=OSLO, now=NOON)
    assert period.span == Span(utc(2026, 10, 24, 22), utc(2026, 10, 25, 23))
    assert period.span.ends - period.span.starts == timedelta(hours=25)
    assert period.before == Span(utc(2026, 10, 23, 22), utc(2026, 10, 24, 22))
    week = periods.between(date(2026, 10, 26), date(2026, 11, 1), zone=OSLO, now=NOON)
    assert week.before.ends == week.span.starts
    assert week.before.ends - week.before.starts == timedelta(days=7, hours=1)


def test_what_is_no_period_is_said_all_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        periods.between(date(2027, 1, 2), date(2027, 1, 1), zone=OSLO, now=NOON)
    assert [(one.field, one.code) for one in refused.value.problems] == [("to", "order"), ("to", "to_come")]
    with pytest.raises(Invalid) as refused:
        periods.between(date(2025, 1, 1), date(2026, 1, 2), zone=OSLO, now=NOON)
    assert [(one.field, one.code) for one in refused.value.problems] == [("from", "too_long")]


@pytest.mark.parametrize(
    ("days", "steps", "second"), [(31, 31, 2), (32, 5, 5), (184, 27, 5), (185, 7, 32), (366, 13, 32)]
)
def test_a_picture_shows_days_or_weeks_or_months_and_none_twice(days: int, steps: int, second: int) -> None:
    first = date(2026, 1, 1)  # a Thursday
    last = first + timedelta(days=days - 1)
    shown = Period(first, last, OSLO, datetime(2028, 1, 1, tzinfo=UTC)).steps()
    assert len(shown) == steps
    assert (shown[0].first, shown[-1].last) == (first, last)
    assert shown[1].first == first + timedelta(days=second - 1)
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(shown))
