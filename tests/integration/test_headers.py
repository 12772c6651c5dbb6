"""What every answer tells the browser to forbid, whatever kind of answer it is and whoever made it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import httpx
import pytest

from standby.accounts.permissions import Role
from standby.web.context import Web
from standby.web.headers import CONTENT_SECURITY_POLICY
from standby.wiring import System
from tests.api import app_of, token_for
from tests.salon import Clock, Shop, open_shop, open_system

HTTPS = "https://book.example.com"
PAGE = {"Accept": "text/html"}


@asynccontextmanager
async def browsing(web: Web) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app_of(web), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=web.public_url) as browser:
        yield browser


@pytest.fixture
async def shop(database_url: str, clock: Clock) -> AsyncIterator[Shop]:
    async with open_system(database_url, clock, public_url=HTTPS) as parts:
        yield await open_shop(parts, clock)


def forbids(answer: httpx.Response) -> None:
    told = answer.headers
    where = (answer.request.method, str(answer.request.url), answer.status_code)
    for name in ("content-security-policy", "x-content-type-options", "strict-transport-security"):
        assert len(told.get_list(name)) == 1, (where, name)
    assert told["content-security-policy"] == CONTENT_SECURITY_POLICY, where
    assert told["x-content-type-options"] == "nosniff", where
    assert told["x-frame-options"] == "DENY", where
    assert told["referrer-policy"] in {"no-referrer", "same-origin"}, where
    assert told["strict-transport-security"] == "max-age=63072000", where
    assert told["x-request-id"], where


def test_the_policy_allows_nothing_inline_and_no_frame() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    told = dict(one.split(" ", 1) for one in CONTENT_SECURITY_POLICY.split("; "))
    assert told["default-src"] == told["frame-ancestors"] == told["base-uri"] == "'none'"
    assert told["script-src"] == told["style-src"] == told["form-action"] == "'self'"


async def test_every_kind_of_answer_says_what_is_forbidden(shop: Shop) -> None:
    owner = {"Authorization": f"Bearer {token_for(shop)}"}
    async with browsing(shop.system.web) as browser:
        style = (await browser.get("/docs")).text.split('href="/docs-files/')[1].partition('"')[0]
        for status, method, path, more in (
            (200, "GET", "/sign-in", PAGE),
            (200, "HEAD", "/sign-in", PAGE),
            (200, "GET", "/docs", PAGE),
            (200, "GET", f"/docs-files/{style}", {}),
            (200, "GET", "/static/standby.css", {}),
            (200, "GET", "/api/openapi.json", {}),
            (200, "GET", "/api/staff", owner),
            (200, "GET", "/health/live", {}),
            (303, "GET", "/account", PAGE),
            (303, "GET", "/admin/queues", PAGE),
            (401, "GET", "/api/staff", {}),
            (200, "GET", "/metrics", {}),
            (403, "POST", "/sign-in", {"Sec-Fetch-Site": "cross-site"}),
            (403, "POST", "/api/staff", {"Authorization": f"Bearer {token_for(shop, Role.VIEWER)}"}),
            (404, "GET", "/nowhere", PAGE),
            (404, "GET", "/api/nowhere", {}),
            (404, "GET", "/static/nowhere", {}),
            (404, "GET", "/o/nobody", PAGE),
            (404, "GET", "/calendars/nobody.ics", {}),
            (405, "DELETE", "/api/staff", owner),
            (422, "POST", "/api/staff", owner),
        ):
            answer = await browser.request(method, path, headers=more)
            assert answer.status_code == status, (method, path)
            forbids(answer)
        answer = await browser.post("/api/staff", headers=owner, json={"name": "x" * 64_001})
        assert answer.status_code == 413
        forbids(answer)


async def test_only_who_is_reached_by_https_says_never_otherwise(parts: System) -> None:
    assert parts.web.public_url.startswith("http://")
    async with browsing(parts.web) as browser:
        for path in ("/sign-in", "/api/staff", "/static/standby.css", "/nowhere"):
            assert "strict-transport-security" not in (await browser.get(path)).headers, path


async def test_an_answer_says_so_too_when_something_broke(shop: Shop) -> None:
    def broken() -> datetime:
        raise RuntimeError("a clock that has stopped")

    owner = {"Authorization": f"Bearer {token_for(shop)}"}
    async with browsing(replace(shop.system.web, clock=broken)) as browser:
        for headers in (owner, owner | PAGE):
            answer = await browser.get("/api/staff", headers=headers)
            assert answer.status_code == 500
            forbids(answer)
        page = await browser.get("/admin/queues", headers=owner | PAGE)
        assert page.status_code == 500
        assert page.headers["content-type"].startswith("text/html")
        forbids(page)


async def test_files_come_packed_to_who_can_unpack_them_and_pages_never_do(parts: System) -> None:
    async with browsing(parts.web) as browser:
        whole = await browser.get("/static/standby.css", headers={"Accept-Encoding": "identity"})
        packed = await browser.get("/static/standby.css", headers={"Accept-Encoding": "gzip"})
        page = await browser.get("/sign-in", headers=PAGE | {"Accept-Encoding": "gzip"})
    assert packed.text == whole.text
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(whole.headers["content-length"]) / 2
    assert packed.headers["vary"] == whole.headers["vary"] == "Accept-Encoding"
    assert packed.headers["cache-control"] == whole.headers["cache-control"]
    assert "content-encoding" not in page.headers
