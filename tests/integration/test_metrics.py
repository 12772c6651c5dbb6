"""What Prometheus reads, and the files that read it: every name in the dashboard and the alerts is one of ours."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from standby.jobs import story
from standby.jobs.gate import Gate
from standby.jobs.presence import Presence
from standby.web.app import create_app
from tests.salon import Shop, open_system

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "docs" / "deploy" / "grafana-dashboard.json"
ALERTS = ROOT / "docs" / "deploy" / "alerts.yml"
RUNBOOK = ROOT / "docs" / "operations.md"


async def asked(shop: Shop, *, host: str = "127.0.0.1", **headers: str) -> httpx.Response:
    app = create_app(shop.system.web)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(host, 123))
    async with httpx.AsyncClient(transport=transport, base_url="http://standby.test") as client:
        await client.get("/health/live")
        return await client.get(
            "/metrics", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Name and labels' values, in the order of the labels' names → value."""
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def test_a_scrape_tells_the_seeds_series_and_ours(shop: Shop) -> None:
    pool, clock, gate = shop.system.worker_pool, shop.clock, Gate()
    await story.count(pool, now=clock.forward(minutes=1))
    clock.forward(minutes=1)
    await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    gate.note("waitlist.fill", "completed", 0.004)
    gate.note_late("expire_due_offers", 0.03)
    await Presence(pool, clock, gate).beat()
    await shop.pass_time(minutes=16)
    for _ in range(2):  # Ten minutes at most are counted at once.
        await story.count(pool, now=clock.forward(seconds=20))
    await Presence(pool, clock, gate).beat()
    told = samples((await asked(shop)).text)
    assert told["bullmq_jobs_total", "waitlist.expiry", "completed"] == 1
    assert told["bullmq_jobs_duration_seconds_bucket", "0.005", "waitlist.expiry"] == 1
    assert told["bullmq_jobs_duration_seconds_count", "waitlist.expiry"] == 1
    assert told["bullmq_jobs_waiting", "waitlist.expiry"] == 0
    assert told["bullmq_jobs_active", "waitlist.notification"] == 0
    assert told["bullmq_jobs_delayed", "waitlist.expiry"] >= 1  # The cooldown.
    assert told["standby_offers_total", "expired"] == 1
    assert told["standby_offers_total", "accepted"] == 0
    assert told["standby_cancel_to_message_seconds_count",] == 1
    assert told["standby_deadline_lateness_seconds_bucket", "0.05", "expire_due_offers"] == 1
    assert (told["standby_workers", "alive"], told["standby_workers", "silent"]) == (1, 1)
    assert told["standby_database_pool_connections", "app", "most"] == 10
    assert told["standby_http_request_seconds_count", "GET", "/health/live", "2xx"] == 1


async def test_no_metric_names_a_salon(shop: Shop) -> None:
    text = (await asked(shop)).text
    assert str(shop.salon.id) not in text
    assert "tenant" not in text


async def test_scrapes_within_some_seconds_are_told_the_same(shop: Shop) -> None:
    web = shop.system.web
    first = await web.measuring.measures(now=shop.clock())
    assert await web.measuring.measures(now=shop.clock.forward(seconds=4)) is first
    assert await web.measuring.measures(now=shop.clock.forward(seconds=1)) is not first


async def test_without_a_token_only_this_machine_may_ask(shop: Shop) -> None:
    assert (await asked(shop)).status_code == 200
    assert (await asked(shop, host="::1")).status_code == 200
    assert (await asked(shop, host="10.0.0.7")).status_code == 401
    assert (await asked(shop, x_forwarded_for="10.0.0.7")).status_code == 401


async def test_with_a_token_whoever_has_it_may_ask(shop: Shop) -> None:
    token = "a token of metrics"
    async with open_system(shop.system.url, shop.clock, metrics_token=token) as parts:
        told = Shop(parts, shop.clock, shop.salon, shop.kim, shop.alex, shop.cut, shop.colour)
        for given, status in ((f"Bearer {token}", 200), ("Bearer x", 401), (token, 401)):
            answer = await asked(told, host="10.0.0.7", authorization=given)
            assert answer.status_code == status
        assert (await asked(told)).status_code == 401


async def test_monitoring_can_be_switched_off(shop: Shop) -> None:
    async with open_system(shop.system.url, shop.clock, queue_monitoring_enabled=False) as parts:
        transport = httpx.ASGITransport(create_app(parts.web))
        async with httpx.AsyncClient(transport=transport, base_url="http://standby.test") as client:
            for path in ("/metrics", "/api/admin/queues", "/admin/queues"):
                assert (await client.get(path)).status_code == 404, path


def used_in(expression: str) -> set[str]:
    return set(re.findall(r"\b((?:bullmq|standby)_[a-z_]+)", expression))


@pytest.fixture
async def known(shop: Shop) -> set[str]:
    """Every name that a scrape may have."""
    families = text_string_to_metric_families((await asked(shop)).text)
    names: set[str] = set()
    for one in families:
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}[one.type]
        names |= {one.name.removesuffix("_total") + end for end in ends}
    return names


def test_every_metric_of_the_dashboard_exists(known: set[str]) -> None:
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    panels: list[dict[str, Any]] = [panel for panel in board["panels"] if panel["type"] != "row"]
    used = {name for panel in panels for target in panel["targets"] for name in used_in(target["expr"])}
    assert len(used) >= 12
    assert used - known == set()
    assert all(panel["title"] and panel["targets"] for panel in panels)
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)


def test_every_metric_of_the_alerts_exists_and_every_alert_has_its_paragraph(known: set[str]) -> None:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len(rules) >= 8
    titles = set(re.findall(r"^### (.+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE))
    for rule in rules:
        assert used_in(rule["expr"]) <= known, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        link = rule["annotations"]["runbook"]
        page, _, anchor = link.partition("#")
        assert page == "docs/operations.md"
        assert anchor in {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}
    paragraphs = RUNBOOK.read_text(encoding="utf-8").split("\n### ")[1:]
    named = {rule["annotations"]["runbook"].partition("#")[2] for rule in rules}
    for paragraph in paragraphs:
        title = re.sub(r"[^a-z0-9 -]", "", paragraph.splitlines()[0].lower()).replace(" ", "-")
        if title in named:
            assert [
                word for word in ("**Sign.**", "**Look.**", "**Mend.**") if word not in paragraph
            ] == [], title
