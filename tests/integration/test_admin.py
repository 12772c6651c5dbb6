"""What operators and load balancers ask over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from standby.database.pool import Pool
from standby.jobs import readiness
from standby.jobs.gate import Gate
from standby.jobs.presence import Presence
from standby.jobs.queues import QUEUES
from standby.operators import Operator, issue_token
from tests.api import app_of, error_of, token_for
from tests.salon import SECRET, Shop


def operator_token(shop: Shop, **lifetime: float) -> str:
    lasts = timedelta(**lifetime or {"days": 1})
    return issue_token(SECRET.encode(), Operator("Ada"), now=shop.clock(), lifetime=lasts)


@pytest.fixture
async def admin(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app_of(shop.system.web), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {operator_token(shop)}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://standby.test", headers=headers
    ) as client:
        yield client


async def failed_jobs(pool: Pool, count: int, job: str = "message.send") -> list[int]:
    rows = await pool.fetch(
        "INSERT INTO pgqueuer (priority, entrypoint, payload, status) SELECT 1, $1, '{}', 'failed' "
        "FROM generate_series(1, $2) RETURNING id",
        job,
        count,
    )
    return [row["id"] for row in rows]


async def test_queue_health_is_what_the_seed_says(shop: Shop, admin: httpx.AsyncClient) -> None:
    health = (await admin.get("/api/admin/queue-health")).json()
    assert health["healthy"] is True
    assert set(health["queues"]) == {queue.short for queue in QUEUES}
    assert {"expiry", "notification"} <= set(health["queues"])
    assert set(health["queues"]["expiry"]) == {"waiting", "active", "completed", "failed", "delayed"}
    await failed_jobs(shop.system.worker_pool, 99)
    assert (await admin.get("/api/admin/queue-health")).json()["healthy"] is True
    await failed_jobs(shop.system.worker_pool, 1)
    health = (await admin.get("/api/admin/queue-health")).json()
    assert (health["healthy"], health["queues"]["notification"]["failed"]) == (False, 100)


async def test_operators_see_pause_retry_and_delete(shop: Shop, admin: httpx.AsyncClient) -> None:
    first, second, third = await failed_jobs(shop.system.worker_pool, 3)
    queue = "/api/admin/queues/waitlist.notification"
    page = (await admin.get(f"{queue}/jobs", params={"limit": 2})).json()
    assert ([one["id"] for one in page["items"]], page["next_cursor"]) == ([third, second], second)
    page = (await admin.get(f"{queue}/jobs", params={"limit": 2, "cursor": second})).json()
    assert ([one["id"] for one in page["items"]], page["next_cursor"]) == ([first], None)
    assert (await admin.get(f"/api/admin/jobs/{first}")).json()["state"] == "failed"
    assert (await admin.post(f"{queue}/retry", json={"ids": [first]})).json() == {"count": 1}
    assert (await admin.post(f"{queue}/delete", json={})).json() == {"count": 2}
    assert (await admin.get(f"/api/admin/jobs/{third}")).json()["state"] == "deleted"
    paused = (await admin.post("/api/admin/queues/notification/pause")).json()
    assert paused == {"queue": "waitlist.notification", "paused": True, "changed": True}
    queues = (await admin.get("/api/admin/queues")).json()["items"]
    assert [(one["name"], one["paused_by"]) for one in queues if one["paused_at"]] == [
        ("waitlist.notification", "Ada")
    ]
    assert (await admin.post("/api/admin/queues/notification/resume")).json()["changed"] is True
    assert (await admin.post(f"{queue}/clean", json={})).json() == {"count": 0}
    assert error_of(await admin.get("/api/admin/queues/none/jobs"), 404)["code"] == "QUEUE_NOT_FOUND"
    assert error_of(await admin.get("/api/admin/jobs/999999999"), 404)["code"] == "JOB_NOT_FOUND"


async def test_who_retried_deleted_or_cleaned_stands_in_the_log_with_the_jobs(
    shop: Shop, admin: httpx.AsyncClient
) -> None:
    first, second, third, fourth = await failed_jobs(shop.system.worker_pool, 4)
    api, pages = (f"{begin}/queues/waitlist.notification" for begin in ("/api/admin", "/admin"))
    with capture_logs() as logged:
        await admin.post(f"{api}/retry", json={"ids": [first]})
        await admin.post(f"{api}/delete", json={"ids": [second, first]})  # The first has not failed any more.
        await admin.post(f"{api}/clean", json={})
        await admin.post(f"{pages}/retry", data={"ids": [third]})
        await admin.post(f"{pages}/delete", data={"every": "true"})
        await admin.post(f"{pages}/clean")
    told = [one for one in logged if one["event"].startswith("queue_")]
    assert {(one["operator"], one["queue"]) for one in told} == {("Ada", "waitlist.notification")}
    assert [(one["event"], one["count"], one.get("jobs")) for one in told] == [
        ("queue_retried", 1, [first]),
        ("queue_deleted", 1, [second]),
        ("queue_cleaned", 0, None),
        ("queue_retried", 1, [third]),
        ("queue_deleted", 1, [fourth]),
        ("queue_cleaned", 0, None),
    ]


async def test_only_operators_operate_and_salons_are_closed_to_them(
    shop: Shop, admin: httpx.AsyncClient
) -> None:
    for token in (token_for(shop), operator_token(shop, seconds=-1), "x", ""):
        answer = await admin.get("/api/admin/queues", headers={"Authorization": f"Bearer {token}"})
        assert error_of(answer, 401)["code"] == "NOT_AUTHENTICATED"
    assert (await admin.get("/api/waitlist")).status_code == 401


async def test_a_process_lives_whatever_the_database_does(shop: Shop, admin: httpx.AsyncClient) -> None:
    await shop.system.worker_pool.close()
    assert (await admin.get("/health/live")).json() == {"status": "live"}
    answer = await admin.get("/health/ready", headers={"Authorization": ""})
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"database": {"ready": False, "says": "does not answer"}}


async def test_an_installation_is_ready_when_every_part_is(shop: Shop, admin: httpx.AsyncClient) -> None:
    answer = await admin.get("/health/ready")
    assert (answer.status_code, answer.json()["parts"]["workers"]) == (
        503,
        {"ready": False, "says": "0 at work"},
    )
    pages = await admin.get("/health/ready?part=database&part=migrations")
    assert (pages.status_code, pages.json()["ready"]) == (200, True)
    await Presence(shop.system.worker_pool, shop.clock, Gate()).beat()
    answer = await admin.get("/health/ready")
    assert answer.status_code == 200, answer.text
    assert set(answer.json()["parts"]) == {"database", "migrations", "workers", "providers"}
    shop.clock.forward(seconds=11)
    assert (await admin.get("/health/ready")).json()["parts"]["workers"]["says"] == "0 at work, 1 silent"


async def test_a_database_that_lacks_a_migration_is_not_ready(
    shop: Shop, admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pending() -> list[str]:
        return ["0099_later"]

    monkeypatch.setattr(shop.system.web.readiness, "pending", pending)
    answer = await admin.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["parts"]["migrations"] == {"ready": False, "says": "missing: 0099_later"}
    assert (await admin.get("/health/ready?part=workers")).status_code == 503  # Nobody can know.


async def test_paused_providers_make_nobody_unready_until_all_are(shop: Shop) -> None:
    pool, now = shop.system.worker_pool, shop.clock()
    owner = await asyncpg.connect(shop.system.url, server_settings={"search_path": "standby"})
    for channel in ("sms", "email"):
        await owner.execute(
            "INSERT INTO senders (tenant_id, channel, provider, address, options, secrets, version, changed_at) "
            "VALUES ($1, $2, 'twilio', '+4740000001', '{}', '', gen_random_uuid(), $3)",
            shop.salon.id,
            channel,
            now,
        )
    pause = "SELECT pause_channel($1, $2, true, 'refused', $3)"
    seen = []
    for channel in ("sms", "email"):
        await owner.execute(pause, shop.salon.id, channel, now)
        seen.append((await shop.system.web.readiness.parts(now=now))["providers"])
    await owner.close()
    assert seen == [
        readiness.Part(ready=True, says="1 of 2 senders paused"),
        readiness.Part(ready=False, says="2 of 2 senders paused"),
    ]
    assert sum(one.paused for one in await readiness.provider_pauses(pool, now=now)) == 2
