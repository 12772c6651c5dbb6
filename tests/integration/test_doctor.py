"""What the doctor sees of clocks and of work that nobody does."""

from datetime import timedelta

import asyncpg
import pytest

from standby.doctor.findings import FINE, PROBLEM, WARNING, Level
from standby.doctor.surroundings import clocks
from tests.integration.test_channels import report


@pytest.mark.parametrize(
    ("seconds", "level", "said"),
    [
        (0.4, FINE, "agrees"),
        (-0.9, FINE, "agrees"),
        (1.5, WARNING, "1.5 s ahead of"),
        (-29.0, WARNING, "29.0 s behind"),
        (30.0, PROBLEM, "30.0 s ahead of"),
    ],
)
def test_a_clock_that_is_wrong_is_a_warning_and_one_that_is_very_wrong_a_problem(
    seconds: float, level: Level, said: str
) -> None:
    found = clocks(timedelta(seconds=seconds))
    assert found.level is level
    assert said in found.what


async def test_work_that_waits_for_too_long_or_failed_for_good_is_told_with_the_remedy(
    database_url: str,
) -> None:
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    await owner.execute("""
        INSERT INTO pgqueuer (priority, status, entrypoint, payload, execute_after)
        VALUES (0, 'queued', 'calendar.read', '\\x7b7d', now() - interval '5 minutes'),
               (0, 'failed', 'message.send', '\\x7b7d', now())
    """)
    await owner.close()
    told = await report(database_url)
    assert "calendar.read is behind: 1 job waiting, the oldest for 30" in told
    assert "waitlist.notification: 1 job failed for good" in told
    assert "standby queue retry waitlist.notification --all" in told
    assert "The clock agrees with the database's" in told
    assert "No worker is running" in told
