"""When customers are reminded: by the seed's rule, by the ones salons use, and never at night or too late."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standby.bookings.reminders import coming, schedule
from standby.waitlist.policy import NO_QUIET_HOURS, Policy, quiet_hours, quiet_until, resolve

OSLO = ZoneInfo("Europe/Oslo")
AWAKE = resolve(NO_QUIET_HOURS)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=OSLO)
HOUR = timedelta(hours=1)


def rule(reminders: str, **quiet: int) -> Policy:
    return resolve({"reminders": reminders, **NO_QUIET_HOURS, **quiet})


def hours(times: list[datetime], since: datetime) -> list[float]:
    return [(at - since) / HOUR for at in times]


def test_the_seed_s_example_has_four_reminders_and_none_at_the_appointment() -> None:
    """Seed 002: booked at midnight for 10:00."""
    assert hours(schedule(AWAKE, OSLO, MIDNIGHT, MIDNIGHT + 10 * HOUR), MIDNIGHT) == [2, 4, 6, 8]


@pytest.mark.parametrize(("away", "times"), [(119, []), (120, []), (121, [2]), (240, [2]), (241, [2, 4])])
def test_an_appointment_less_than_two_hours_away_has_none(away: int, times: list[float]) -> None:
    starts = MIDNIGHT + timedelta(minutes=away)
    assert hours(schedule(AWAKE, OSLO, MIDNIGHT, starts), MIDNIGHT) == times


def test_a_day_and_two_hours_before_as_far_as_they_are_ahead() -> None:
    usual, starts = rule("24h_and_2h"), MIDNIGHT + 72 * HOUR
    assert hours(schedule(usual, OSLO, MIDNIGHT, starts), starts) == [-24, -2]
    assert hours(schedule(usual, OSLO, starts - 24 * HOUR, starts), starts) == [-2]
    assert schedule(usual, OSLO, starts - 2 * HOUR, starts) == []


def test_a_salon_says_its_own_minutes_in_any_order() -> None:
    starts = MIDNIGHT + 72 * HOUR
    assert hours(schedule(rule("120,2880,120"), OSLO, MIDNIGHT, starts), starts) == [-48, -2]
    assert schedule(rule("none"), OSLO, MIDNIGHT, starts) == []


def test_the_night_s_reminders_are_one_in_the_morning() -> None:
    night = Policy()  # 21 to 8
    booked = datetime(2026, 11, 23, 18, 0, tzinfo=OSLO)
    starts = datetime(2026, 11, 24, 11, 0, tzinfo=OSLO)
    told = [at.astimezone(OSLO).strftime("%H:%M") for at in schedule(night, OSLO, booked, starts)]
    assert told == ["20:00", "08:00", "10:00"]


@pytest.mark.parametrize(
    ("booked_at", "told"), [(12, ["20:45"]), (20, ["20:45"]), (21, [])], ids=["noon", "evening", "night"]
)
def test_one_that_would_come_after_the_appointment_comes_before_the_night_if_that_is_ahead(
    booked_at: int, told: list[str]
) -> None:
    booked = datetime(2026, 11, 23, booked_at, 0, tzinfo=OSLO)
    times = schedule(
        rule("120", quiet_from_minute=1260, quiet_until_minute=480), OSLO, booked, MIDNIGHT + 8 * HOUR
    )
    assert [at.astimezone(OSLO).strftime("%H:%M") for at in times] == told


def test_two_hours_are_two_hours_also_when_the_clock_is_put_back() -> None:
    since = datetime(2026, 10, 25, 0, 0, tzinfo=OSLO)
    starts = datetime(2026, 10, 25, 8, 0, tzinfo=OSLO).astimezone(UTC)
    assert hours(schedule(AWAKE, OSLO, since.astimezone(UTC), starts), since.astimezone(UTC)) == [2, 4, 6, 8]


RULES = st.sampled_from(["every_2_hours", "24h_and_2h", "none"]) | st.lists(
    st.integers(1, 20_000), min_size=1, max_size=10
).map(lambda minutes: ",".join(map(str, minutes)))
ZONES = st.sampled_from(["Europe/Oslo", "America/St_Johns", "Australia/Lord_Howe", "UTC"]).map(ZoneInfo)


@given(
    reminders=RULES,
    zone=ZONES,
    begins=st.integers(0, 1439),
    asleep=st.integers(0, 1200),
    since=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    ahead=st.timedeltas(timedelta(minutes=1), timedelta(days=12)),
    after=st.timedeltas(-timedelta(days=1), timedelta(days=13)),
)
def test_every_reminder_is_between_booking_and_appointment_and_in_nobody_s_sleep(
    *,
    reminders: str,
    zone: ZoneInfo,
    begins: int,
    asleep: int,
    since: datetime,
    ahead: timedelta,
    after: timedelta,
) -> None:
    policy = rule(reminders, quiet_from_minute=begins, quiet_until_minute=(begins + asleep) % 1440)
    times = schedule(policy, zone, since, since + ahead)
    assert times == sorted(set(times))
    assert all(since < at < since + ahead for at in times)
    assert all(quiet_until(policy, zone, at) is None for at in times)
    assert list(coming(policy, zone, since, since + ahead, since + after)) == [
        at for at in times if at > since + after
    ]
    planned = schedule(rule(reminders), zone, since, since + ahead)
    # None comes of nothing, and none gets lost but to a night.
    assert len(times) <= len(planned)
    awake = [at for at in planned if quiet_hours(policy, zone, at) is None]
    assert set(awake) <= set(times)
