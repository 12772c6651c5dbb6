"""The operators' pages of queues, in a real browser."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from standby.jobs import monitor
from standby.jobs.gate import Gate
from standby.jobs.presence import Presence
from standby.jobs.queues import BY_NAME
from standby.operators import Operator, issue_token
from tests.browser.conftest import Site
from tests.browser.looks import DESK, PHONE, fits, is_accessible, opened
from tests.salon import SECRET

NOTIFICATION = BY_NAME["waitlist.notification"]
SEEN = [(PHONE, "dark"), (DESK, "light")]
SHOTS = os.environ.get("SCREENSHOTS")  # A folder: what is seen is kept there.


def signed_in(site: Site) -> dict[str, str]:
    token = issue_token(SECRET.encode(), Operator("Ada"), now=site.shop.clock(), lifetime=timedelta(days=1))
    return {"Authorization": f"Bearer {token}"}


async def busy(site: Site) -> list[int]:
    """A worker that has done something, and three failed jobs; their numbers."""
    shop, gate = site.shop, Gate({"waitlist.notification": 10})
    pool = shop.system.worker_pool
    now = shop.clock()
    for minute in range(50):
        shop.clock.at = now - timedelta(minutes=50 - minute)
        for _ in range(5 + minute % 7):
            gate.note("message.send", "completed", 0.02 * (1 + minute % 5))
            gate.note("waitlist.fill", "completed", 0.004)
        if minute % 11 == 0:
            gate.note("message.send", "failed", 2.0)
        await Presence(pool, shop.clock, gate).beat()
    shop.clock.at = now
    await pool.execute("DELETE FROM workers")
    await Presence(pool, shop.clock, gate).beat()
    rows = await pool.fetch(
        "INSERT INTO pgqueuer (priority, entrypoint, payload, status) "
        "SELECT 5, 'message.send', convert_to($1, 'UTF8'), 'failed' FROM generate_series(1, 3) RETURNING id",
        json.dumps({"tenant": str(shop.salon.id), "id": str(shop.salon.id), "phone": "+4740000001"}),
    )
    ids = [row["id"] for row in rows]
    told = {
        "exception_type": "TimeoutError",
        "exception_message": "no answer for Kari Nordmann +47 400 00 001 from https://api.example.com/messages",
        "traceback": 'Traceback (most recent call last):\n  File "delivery.py", line 1, in send\nTimeoutError',
    }
    for job in ids:
        await pool.execute(
            "INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint, traceback) "
            "VALUES ($1, 'failed', 5, 'message.send', $2)",
            job,
            told,
        )
    await pool.execute(
        "INSERT INTO pgqueuer_log (job_id, status, priority, entrypoint, created) "
        "SELECT 100000 + n, 'successful', 5, 'message.send', $1 FROM generate_series(1, 60) AS n",
        datetime.now(UTC),  # noqa: TID251 - PgQueuer's lines have the server's time
    )
    await monitor.pause(pool, BY_NAME["calendar.sync"], by="Ada", now=now)
    return ids


async def test_every_page_is_accessible_everywhere(site: Site, browser: Browser) -> None:
    [first, *_] = await busy(site)
    pages = {
        "/admin/queues?span=day": "Queues",
        "/admin/queues/waitlist.notification": "waitlist.notification",
        "/admin/queues/waitlist.notification?state=completed&did=retried&count=2": "waitlist.notification",
        "/admin/queues/calendar.sync": "calendar.sync",
        f"/admin/jobs/{first}": f"Job {first}",
    }
    for place, (path, heading) in enumerate(pages.items()):
        for viewport, scheme in SEEN:
            async with opened(
                browser,
                site.url + path,
                viewport=viewport,
                color_scheme=scheme,
                extra_http_headers=signed_in(site),
            ) as page:
                await expect(page.get_by_role("heading", level=1)).to_have_text(heading)
                if SHOTS:
                    name = f"{place}-{viewport['width']}-{scheme}.png"
                    await page.screenshot(path=Path(SHOTS) / name, full_page=True)
                await is_accessible(page)
                await fits(page)
                assert "+47" not in await page.content()


@pytest.mark.parametrize("scripts", [True, False])
async def test_an_operator_retries_deletes_and_pauses(site: Site, browser: Browser, *, scripts: bool) -> None:
    first, second, _ = await busy(site)
    pool = site.shop.system.worker_pool
    async with opened(
        browser,
        f"{site.url}/admin/queues",
        java_script_enabled=scripts,
        extra_http_headers=signed_in(site),
    ) as page:
        await page.get_by_role("link", name="waitlist.notification").click()
        await page.get_by_label(f"Job {first}").check()
        await page.get_by_role("button", name="Retry those ticked").click()
        await expect(page.get_by_role("status")).to_have_text("Queued again: 1 job")
        await page.get_by_role("link", name=str(second), exact=True).click()
        await page.get_by_role("button", name="Delete").click()
        await expect(page.get_by_role("status")).to_have_text("Deleted: 1 job")
        await page.get_by_text("Delete all 1…").click()
        await page.get_by_role("button", name="Yes, delete all 1").click()
        await expect(page.get_by_text("No failed jobs.")).to_be_visible()
        await page.get_by_role("button", name="Pause").click()
        await expect(page.get_by_text("Paused by Ada")).to_be_visible()
        assert NOTIFICATION.name in await monitor.paused(pool)
        await page.get_by_role("button", name="Resume").click()
        await expect(page.get_by_role("button", name="Pause")).to_be_visible()
        assert NOTIFICATION.name not in await monitor.paused(pool)
        await page.get_by_role("link", name="Completed").click()
        await page.get_by_role("button", name="Forget the completed").click()
        await expect(page.get_by_role("status")).to_have_text("Forgotten: 60 jobs")
