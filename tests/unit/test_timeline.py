"""Where things lie in the calendar's columns."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from standby.tenants.opening_hours import Hours
from standby.web.dashboard import timeline
from standby.web.dashboard.timeline import (
    USUAL,
    Place,
    Stretch,
    at,
    column,
    gaps,
    hours_shown,
    lanes,
    openings,
)

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = date(2026, 11, 23)


def span(opens: int, closes: int, day: date = MONDAY) -> Stretch:
    """From one hour to another on the salon's clock."""
    return at(day, opens * 60, OSLO), at(day, closes * 60, OSLO)


def test_a_thing_lies_at_its_time_and_what_goes_beyond_the_column_is_cut_off() -> None:
    whole = column(MONDAY, (9, 17), OSLO)
    assert whole.rows == 96
    assert whole.place(span(10, 12)) == Place(12, 24)
    assert whole.place(span(7, 10)) == Place(0, 12)
    assert whole.place(span(16, 19)) == Place(84, 12)
    assert Place(30, 9).classes == "h2 m6 lm9"
    assert [f"{hour:%H}" for hour in whole.hours(OSLO)[:2]] == ["09", "10"]
    at_an_odd_minute = at(MONDAY, 9 * 60, OSLO) + timedelta(minutes=7)
    assert whole.place((at_an_odd_minute, at_an_odd_minute + timedelta(minutes=1))) == Place(1, 1)


@pytest.mark.parametrize(
    ("day", "hours", "row_of_four"), [(date(2026, 3, 29), 23, 36), (date(2026, 10, 25), 25, 60)]
)
def test_a_day_on_which_the_clock_changes_is_as_long_as_it_is(
    day: date, hours: int, row_of_four: int
) -> None:
    whole = column(day, (0, 24), OSLO)
    assert whole.rows == hours * 12
    assert len(whole.hours(OSLO)) == hours
    assert whole.place(span(4, 5, day)) == Place(row_of_four, 12)


def test_somebody_works_when_the_salon_and_their_own_week_say_so() -> None:
    salon, own = [Hours(1, 540, 1020)], [Hours(1, 480, 720), Hours(1, 780, 1080), Hours(2, 0, 60)]
    assert openings(MONDAY, [salon, own], OSLO) == [span(9, 12), span(13, 17)]
    assert openings(MONDAY, [], OSLO) == [span(0, 24)]
    assert openings(MONDAY + timedelta(days=2), [salon], OSLO) == []


def test_the_hours_shown_hold_all_openings_and_whatever_lies_beyond_them() -> None:
    assert hours_shown([MONDAY], [span(9, 17)], [], OSLO) == (9, 17)
    early = (at(MONDAY, 445, OSLO), at(MONDAY, 470, OSLO))
    assert hours_shown([MONDAY], [span(9, 17)], [early], OSLO) == (7, 17)
    past_midnight = (at(MONDAY, 1400, OSLO), at(MONDAY, 1500, OSLO))
    assert hours_shown([MONDAY], [span(9, 17)], [past_midnight], OSLO) == (9, 24)
    assert hours_shown([MONDAY + timedelta(days=1)], [], [past_midnight], OSLO) == (0, 1)
    assert hours_shown([MONDAY], [], [], OSLO) == USUAL


def test_what_is_free_is_worked_not_taken_still_to_come_and_long_enough() -> None:
    taken = [span(10, 11), (at(MONDAY, 670, OSLO), at(MONDAY, 900, OSLO))]
    now = datetime(2026, 11, 23, 8, 31, 7, tzinfo=UTC)  # 09:31 in Oslo
    free = gaps([span(9, 17)], taken, now)
    assert free == [(at(MONDAY, 575, OSLO), at(MONDAY, 600, OSLO)), span(15, 17)]


def test_things_at_the_same_time_lie_side_by_side() -> None:
    assert lanes([span(9, 10), span(10, 11)]) == ["11", "11"]
    assert lanes([span(9, 11), span(10, 12), span(11, 13), span(14, 15)]) == ["21", "22", "21", "11"]
    assert timeline.without([span(9, 17)], [span(8, 9), span(12, 13)]) == [span(9, 12), span(13, 17)]
