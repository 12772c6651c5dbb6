"""What is said about how long it takes: no more than the salon's history says."""

import pytest

from standby.web.public.estimates import ENOUGH, estimate


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, ("unknown", 0)),
        (0.2, ("days", 1)),
        (1.0, ("days", 1)),
        (3.1, ("days", 4)),
        (13.9, ("days", 14)),
        (14.0, ("weeks", 2)),
        (30.0, ("weeks", 4)),
        (56.0, ("weeks", 8)),
        (57.0, ("long", 8)),
    ],
)
def test_a_time_is_told_as_roughly_as_it_is_known(days: float | None, said: tuple[str, int]) -> None:
    assert estimate(days, ENOUGH) == said


def test_a_short_history_says_nothing() -> None:
    assert estimate(2.0, ENOUGH - 1) == ("unknown", 0)
