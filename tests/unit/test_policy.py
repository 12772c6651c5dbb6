"""A salon's rules: what a service says, else the salon, else the default."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standby.waitlist.policy import RULES, Policy, hold_until, quiet_until, resolve

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
numbers = st.dictionaries(
    st.sampled_from([rule for rule in RULES if rule != "channel_order"]), st.integers(1, 99)
)


def test_without_a_word_the_defaults_hold() -> None:
    assert resolve({}) == Policy()


@given(salon=numbers, service=numbers)
def test_the_service_goes_before_the_salon_and_the_salon_before_the_default(
    salon: dict[str, int], service: dict[str, int]
) -> None:
    assert asdict(resolve(salon, service)) == asdict(Policy()) | salon | service


def test_an_empty_rule_says_nothing() -> None:
    assert resolve({"max_misses": 5}, {"max_misses": None, "cooldown_seconds": 60}).max_misses == 5


def test_a_rule_of_zero_is_a_rule() -> None:
    assert resolve({"cooldown_seconds": 0}).cooldown_seconds == 0


def test_channels_keep_their_order() -> None:
    assert resolve({"channel_order": ["email", "sms"]}).channel_order == ("email", "sms")


def test_a_hold_lasts_the_window_but_never_past_the_start() -> None:
    policy = Policy(offer_window_seconds=900)
    assert hold_until(policy, NOW, NOW + timedelta(hours=2)) == NOW + timedelta(minutes=15)
    assert hold_until(policy, NOW, NOW + timedelta(minutes=5)) == NOW + timedelta(minutes=5)


OSLO = ZoneInfo("Europe/Oslo")
NIGHT = Policy()  # from nine in the evening to eight in the morning
SIESTA = Policy(quiet_from_minute=13 * 60, quiet_until_minute=15 * 60)


def oslo(month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=OSLO, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("policy", "now", "ends"),
    [
        (NIGHT, oslo(11, 23, 20, 59), None),
        (NIGHT, oslo(11, 23, 21), oslo(11, 24, 8)),
        (NIGHT, oslo(11, 24, 0), oslo(11, 24, 8)),
        (NIGHT, oslo(11, 24, 7, 59), oslo(11, 24, 8)),
        (NIGHT, oslo(11, 24, 8), None),
        (SIESTA, oslo(11, 23, 12, 59), None),
        (SIESTA, oslo(11, 23, 13), oslo(11, 23, 15)),
        (SIESTA, oslo(11, 23, 15), None),
        (Policy(quiet_from_minute=300, quiet_until_minute=300), oslo(11, 23, 5), None),
        # The clock goes forward at 2 on 29 March: that night has ten hours.
        (NIGHT, oslo(3, 28, 22), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        # It goes back at 3 on 25 October: that night has twelve.
        (NIGHT, oslo(10, 24, 22), datetime(2026, 10, 25, 7, tzinfo=UTC)),
        (
            Policy(quiet_from_minute=60, quiet_until_minute=150),
            oslo(10, 25, 2, 40),
            oslo(10, 25, 2, 30, fold=1),
        ),
        (Policy(quiet_from_minute=60, quiet_until_minute=150), oslo(10, 25, 2, 40, fold=1), None),
        (Policy(quiet_from_minute=60, quiet_until_minute=150), oslo(3, 29, 3, 10), oslo(3, 29, 3, 30)),
    ],
)
def test_quiet_hours_follow_the_salons_clock(policy: Policy, now: datetime, ends: datetime | None) -> None:
    assert quiet_until(policy, OSLO, now) == ends
