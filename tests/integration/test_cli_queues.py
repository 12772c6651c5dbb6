"""The commands about queues, as an operator types them."""

import asyncio
import json
from typing import Any

from structlog.testing import capture_logs

from standby.clock import now
from standby.database.pool import WORKER, connect
from standby.jobs.queues import QUEUES
from standby.operators import read_token
from tests.salon import SECRET


async def failed_jobs(url: str, count: int) -> list[int]:
    async with connect(url, role=WORKER, name="test") as connection:
        rows = await connection.fetch(
            "INSERT INTO pgqueuer (priority, entrypoint, payload, status) "
            "SELECT 1, 'waitlist.fill', '{}', 'failed' FROM generate_series(1, $1) RETURNING id",
            count,
        )
    return [row["id"] for row in rows]


async def test_the_queues_are_shown_paused_retried_and_cleaned(standby: Any, database_url: str) -> None:
    first, second, third = await failed_jobs(database_url, 3)

    async def said(*words: str, code: int = 0) -> str:
        result = await asyncio.to_thread(standby, *words)
        assert result.exit_code == code, result.output
        return str(result.output)

    assert str(third) in await said("queue", "failed", "expiry")
    assert "1 queued again" in await said("queue", "retry", "waitlist.expiry", str(first))
    assert "1 deleted" in await said("queue", "delete", "expiry", str(second))
    assert "say --all" in await said("queue", "retry", "expiry", code=1)
    assert "1 queued again" in await said("queue", "retry", "expiry", "--all")
    assert "is paused" in await said("queue", "pause", "expiry", "--by", "Ada")
    assert "paused by Ada" in await said("queue", "stats")
    told = json.loads(await said("queue", "stats", "--json"))
    assert told["queues"]["waitlist.expiry"]["waiting"] == 2
    assert told["queues"]["waitlist.expiry"]["paused_by"] == "Ada"
    assert "expiry runs" in await said("queue", "resume", "expiry")
    assert "Name a queue" in await said("queue", "pause", code=1)
    assert (await said("queue", "pause", "--all")).count("is paused") == len(QUEUES)
    assert "booking.reminder runs" in await said("queue", "resume", "--all")
    assert "0 forgotten" in await said("queue", "clean", "expiry")
    assert "There is no queue none" in await said("queue", "pause", "none", code=1)


async def test_what_is_done_to_failed_jobs_is_logged_with_who_did_it(standby: Any, database_url: str) -> None:
    first, second = await failed_jobs(database_url, 2)
    with capture_logs() as logged:
        await asyncio.to_thread(standby, "queue", "retry", "expiry", str(first), "--by", "Ada")
        await asyncio.to_thread(standby, "queue", "delete", "expiry", "--all", "--by", "Ada")
        await asyncio.to_thread(standby, "queue", "clean", "expiry")
    told = [(one["event"], one["operator"], one["queue"], one["count"], one.get("jobs")) for one in logged]
    assert told == [
        ("queue_retried", "Ada", "waitlist.expiry", 1, [first]),
        ("queue_deleted", "Ada", "waitlist.expiry", 1, [second]),
        ("queue_cleaned", "cli", "waitlist.expiry", 0, None),
    ]


async def test_an_operators_token_is_printed(standby: Any) -> None:
    result = await asyncio.to_thread(standby, "operator", "token", "Ada")
    token = result.stdout.strip()
    assert read_token([SECRET.encode()], token, now=now()).name == "Ada"
