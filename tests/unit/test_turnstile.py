"""Who asks too often is turned away, for as long as it takes and no longer, and nobody else is."""

from hypothesis import given
from hypothesis import strategies as st

from standby.web import turnstile
from standby.web.turnstile import Entered, Line, TurnedAway, Turnstile

KIM, ALEX = Line("kim", 60), Line("alex", 60)  # One a second, two at once.


def test_two_seconds_worth_may_come_at_once_and_then_one_at_a_time() -> None:
    door = Turnstile()
    assert [door.enter([KIM], 100.0) for _ in range(3)] == [Entered(0.0), Entered(1.0), TurnedAway(1.0)]
    assert door.enter([KIM], 100.5) == TurnedAway(0.5)  # Asking has made the wait no longer.
    assert door.enter([KIM], 101.0) == Entered(1.0)
    assert door.enter([ALEX], 101.0) == Entered(0.0)
    assert door.enter([KIM], 200.0) == Entered(0.0)


def test_who_is_turned_away_in_one_line_counts_in_none() -> None:
    door = Turnstile()
    for _ in range(2):
        door.enter([KIM], 100.0)
    assert door.enter([ALEX, KIM], 100.0) == TurnedAway(1.0)
    assert door.enter([ALEX], 100.0) == Entered(0.0)


def test_what_leads_nowhere_counts_more_and_what_counts_nothing_is_turned_away_with_the_rest() -> None:
    door = Turnstile()
    asking = Line("kim", 60, cost=0)
    assert [door.enter([asking], 100.0) for _ in range(9)] == [Entered(0.0)] * 9
    door.count(Line("kim", 60, cost=10), 100.0)
    assert door.enter([asking], 100.0) == TurnedAway(9.0)


def test_the_rarest_rate_lets_one_through() -> None:
    door, rare = Turnstile(), Line("kim", 1)
    assert [door.enter([rare], at) for at in (0.0, 30.0, 60.0)] == [
        Entered(0.0),
        TurnedAway(30.0),
        Entered(0.0),
    ]


@given(
    rate=st.integers(1, 6000),
    pauses=st.lists(st.floats(0, 3), min_size=1, max_size=200),
)
def test_no_more_come_in_than_the_rate_lets_and_two_seconds_worth(rate: int, pauses: list[float]) -> None:
    door, now, entered = Turnstile(), 0.0, 0
    for pause in pauses:
        now += pause
        entered += isinstance(door.enter([Line("kim", rate)], now), Entered)
    assert entered <= max(1, rate / 60 * turnstile.AT_ONCE) + rate / 60 * now + 1e-6


def test_no_number_of_addresses_fills_the_memory() -> None:
    door = Turnstile()
    for number in range(3 * turnstile.MOST_LINES):
        door.enter([Line(str(number), 60)], 100.0)
    assert sum(len(lines) for lines in (door._whole_at, door._older)) <= 2 * turnstile.MOST_LINES
