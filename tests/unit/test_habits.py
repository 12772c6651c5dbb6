"""What somebody usually books: counted in any order, newer visits for more, and when something is a favourite."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standby.bookings.habits import (
    HALF_LIFE,
    Tally,
    Visit,
    counted,
    favourites,
    percent,
    total,
    visit,
    weight_on,
)

CUT, COLOUR, KIM, ALEX = (UUID(int=n) for n in range(1, 5))
OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # a Monday; 12:00 in Oslo

visits = st.builds(
    visit,
    st.sampled_from([CUT, COLOUR]),
    st.sampled_from([KIM, ALEX]),
    st.integers(-10 * 365, 999 * 365).map(
        lambda days: datetime(1990, 1, 1, 11, tzinfo=UTC) + timedelta(days=days)
    ),
    st.just(OSLO),
)


@given(st.lists(st.tuples(visits, st.booleans())), st.data())
def test_counted_one_by_one_in_any_order_they_are_what_counting_at_once_makes_of_those_that_are_left(
    story: list[tuple[Visit, bool]], data: st.DataObject
) -> None:
    """Whoever goes again is named twice in the order: a visit comes the first time, and goes the second."""
    named = [number for number, (_, goes) in enumerate(story) for _ in range(1 + goes)]
    habits, come = counted({}, []), set()
    for number in data.draw(st.permutations(named)):
        one = story[number][0]
        habits = counted(habits, [], [one]) if number in come else counted(habits, [one])
        come.add(number)
    assert habits == counted({}, [one for one, goes in story if not goes])


@given(visits, st.integers(1, 10))
def test_a_visit_weighs_twice_as_much_as_one_half_a_life_before(one: Visit, lives: int) -> None:
    day = date(2026, 11, 23)
    earlier = weight_on(day - timedelta(days=HALF_LIFE * lives))
    assert weight_on(day) == pytest.approx(earlier * 2**lives, rel=1e-3)
    assert one.weight >= 1


def test_weekday_and_hour_are_those_of_the_salons_clock() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    one = visit(CUT, KIM, late, OSLO)
    assert (one.weekday, one.hour) == (2, 0)  # Half past midnight on Tuesday.


def test_a_favourite_is_what_they_had_twice_and_one_time_in_three() -> None:
    def had(staff: UUID, weeks_ago: int) -> Visit:
        return visit(CUT, staff, NOON - timedelta(weeks=weeks_ago), OSLO)

    def favourite(*those: Visit) -> set[str]:
        return {value for aspect, value in favourites(counted({}, those)) if aspect == "staff"}

    assert favourite(had(KIM, 0)) == set()
    assert favourite(had(KIM, 0), had(KIM, 1), had(ALEX, 0)) == {str(KIM)}
    assert favourite(*[had(KIM, 0)] * 2, *[had(ALEX, 0)] * 2) == {str(KIM), str(ALEX)}
    assert favourite(*[had(KIM, 0)] * 2, *[had(ALEX, 0)] * 4) == {str(KIM), str(ALEX)}
    assert favourite(*[had(KIM, 0)] * 2, *[had(ALEX, 0)] * 5) == {str(ALEX)}
    # Twice lately is more than five times two years ago.
    assert favourite(*[had(KIM, 100)] * 5, *[had(ALEX, 0)] * 2) == {str(ALEX)}


def test_shares_are_percentages_of_all_visits_by_weight() -> None:
    recent, old = visit(CUT, KIM, NOON, OSLO), visit(CUT, ALEX, NOON - timedelta(days=HALF_LIFE), OSLO)
    habits = counted({}, [recent, old])
    whole = total(habits, "staff")
    assert whole == recent.weight + old.weight
    assert percent(habits["staff", str(KIM)], whole) == 67
    assert percent(habits["staff", str(ALEX)], whole) == 33
    assert percent(habits["service", str(CUT)], total(habits, "service")) == 100
    assert percent(Tally(1, 1), 200) == 1
    assert percent(Tally(1, 1), 201) == 0
