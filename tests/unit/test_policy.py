"""A salon's rules: what a service says, else the salon, else the default."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from standby.waitlist.policy import RULES, Policy, hold_until, resolve

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
