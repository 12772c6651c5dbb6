"""The database sets reminders as bookings/reminders.py says, for every rule, night, zone and moment."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from standby.bookings.reminders import schedule
from standby.waitlist.policy import Policy

ZONES = ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/St_Johns"]
NEXT = "SELECT next_reminder($1, $2, $3, $4, $5, $6, $7)"
SPRING = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    yield connection
    await connection.close()


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(
        ["every_2_hours", "every_2_hours", "24h_and_2h", "none", "120", "2880,120", "1,600,60,90"]
    ),
    zone=st.sampled_from(ZONES),
    begins=st.integers(0, 1439),
    ends=st.integers(0, 1439),
    since=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
    | st.sampled_from([SPRING, AUTUMN]),
    ahead=st.timedeltas(timedelta(minutes=1), timedelta(days=4)),
    after=st.timedeltas(-timedelta(hours=3), timedelta(days=5)),
)
@example("every_2_hours", "Europe/Oslo", 180, 150, SPRING, timedelta(days=1), timedelta())
@example("every_2_hours", "Europe/Oslo", 1260, 480, SPRING, timedelta(hours=11), timedelta(hours=2))
@example("every_2_hours", "Europe/Oslo", 1260, 480, AUTUMN, timedelta(hours=20), timedelta(hours=3))
async def test_the_database_and_the_program_remind_at_the_same_times(
    owner: asyncpg.Connection,
    rule: str,
    zone: str,
    begins: int,
    ends: int,
    since: datetime,
    ahead: timedelta,
    after: timedelta,
) -> None:
    policy = Policy(reminders=rule, quiet_from_minute=begins, quiet_until_minute=ends)
    starts_at = since + ahead
    left = [at for at in schedule(policy, ZoneInfo(zone), since, starts_at) if at > since + after]
    said = await owner.fetchval(NEXT, rule, since, starts_at, zone, begins, ends, since + after)
    assert said == next(iter(left), None)


@pytest.mark.parametrize("night", [(1260, 480), (60, 150), (150, 1260), (1380, 120), (0, 0)])
async def test_they_agree_reminder_by_reminder_when_clocks_change(
    owner: asyncpg.Connection, night: tuple[int, int]
) -> None:
    policy = Policy(quiet_from_minute=night[0], quiet_until_minute=night[1])
    for since in (SPRING, AUTUMN):
        for starts_at in (since + timedelta(hours=hour, minutes=20) for hour in range(1, 40, 3)):
            told, after = [], since
            while at := await owner.fetchval(
                NEXT, "every_2_hours", since, starts_at, "Europe/Oslo", *night, after
            ):
                told.append(at)
                after = at
            assert told == schedule(policy, ZoneInfo("Europe/Oslo"), since, starts_at)
