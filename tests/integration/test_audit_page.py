"""The page of changes: who may see it, what can be asked of it, and how a change reads."""

import re
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from standby.accounts.permissions import Role
from standby.web.dashboard import audit_page
from standby.web.dashboard.changes import ENTITIES
from tests.accounts import EMAIL, browsing, sign_in, somebody
from tests.salon import Shop, open_shop


@pytest.fixture
async def browser(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    await somebody(shop)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


def titles(page: httpx.Response) -> list[str]:
    assert page.status_code == 200
    return re.findall(r"<h2>(.*?)</h2>", page.text)


async def test_a_change_reads_as_a_table_of_what_was_and_what_is(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    assert "Nobody has changed anything yet" in (await browser.get("/app/audit")).text
    await browser.patch(f"/api/services/{shop.cut}", json={"name": "Cut & <go>", "active": False})
    page = await browser.get("/app/audit")
    assert titles(page) == ["Service changed"]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', page.text)
    assert ("name", "Haircut", "Cut &amp; &lt;go&gt;") in rows
    assert ("active", "yes", "no") in rows
    assert EMAIL in page.text
    assert "Mon 23 Nov 2026, 13:00" in page.text


async def test_changes_are_found_by_who_what_and_when(shop: Shop, browser: httpx.AsyncClient) -> None:
    made = await browser.post("/api/api-keys", json={"name": "till", "scopes": ["salon:write"]})
    shop.clock.forward(days=1)
    key = {"Authorization": f"Bearer {made.json()['key']}"}
    async with browsing(shop, **key) as till:
        await till.post("/api/staff", json={"name": "Mia", "services": []})
    assert titles(await browser.get("/app/audit")) == ["Staff member added", "API key added"]
    by_key = await browser.get("/app/audit", params={"who": f"key:{made.json()['prefix']}"})
    assert titles(by_key) == ["Staff member added"]
    assert re.search(r"<option [^>]*selected>API key till</option>", by_key.text)
    assert titles(await browser.get("/app/audit?what=api_key")) == ["API key added"]
    assert titles(await browser.get("/app/audit?from=2026-11-24")) == ["Staff member added"]
    assert titles(await browser.get("/app/audit?from=2026-11-23&to=2026-11-23")) == ["API key added"]
    nothing = await browser.get("/app/audit?to=2026-11-22")
    assert "Nothing like that was changed" in nothing.text


async def test_a_day_that_is_none_is_said_beside_its_field_and_kept(browser: httpx.AsyncClient) -> None:
    for typed, said in (
        ("from=soon&to=9999-12-31", "Write a day like 2026-11-23."),
        ("from=2026-11-24&to=2026-11-23", "This day is before the first one."),
    ):
        page = await browser.get(f"/app/audit?{typed}&what=booking")
        assert page.status_code == 422
        assert said in page.text
        assert f'value="{typed.partition("=")[2].partition("&")[0]}"' in page.text
        assert '<option value="booking" selected>' in page.text
    for odd in ("before=x", "before=-1", "before=" + "9" * 30, "what=nothing", "who=nobody"):
        assert (await browser.get(f"/app/audit?{odd}")).status_code == 200


async def test_older_changes_are_a_page_further(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_page, "SHOWN", 2)
    for name in ("Mia", "Per", "Una"):
        await browser.post("/api/staff", json={"name": name, "services": []})
    first = await browser.get("/app/audit?what=staff")
    assert re.findall(r"<td>(Mia|Per|Una)</td>", first.text) == ["Una", "Per"]
    [older] = re.findall(r'href="(/app/audit\?[^"]*before=\d+)"', first.text)
    second = await browser.get(older.replace("&amp;", "&"))
    assert re.findall(r"<td>(Mia|Per|Una)</td>", second.text) == ["Mia"]
    assert 'href="/app/audit?what=staff"' in second.text


async def test_the_page_is_for_who_may_read_the_log_of_this_salon(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    await somebody(theirs, "owner@theirs.example")
    async with browsing(shop, Accept="text/html") as stranger:
        gone = await stranger.get("/app/audit")
        assert (gone.status_code, gone.headers["location"]) == (303, "/sign-in?next=%2Fapp%2Faudit")
        await sign_in(stranger, "owner@theirs.example")
        await browser.post("/api/staff", json={"name": "Mia", "services": []})
        assert titles(await stranger.get("/app/audit")) == []
    await somebody(shop, "staff@example.com", Role.STAFF)
    async with browsing(shop, Accept="text/html") as staff:
        await sign_in(staff, "staff@example.com")
        assert (await staff.get("/app/audit")).status_code == 403
    await shop.all("DELETE FROM memberships RETURNING user_id")
    gone = await browser.get("/app/audit")
    assert (gone.status_code, gone.headers["location"]) == (303, "/account?next=%2Fapp%2Faudit")


async def test_the_page_has_a_word_for_all_that_the_log_may_tell_of(database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    rows = await owner.fetch(
        "SELECT DISTINCT split_part(encode(tgargs, 'escape'), '\\000', 1) AS entity FROM pg_trigger "
        "WHERE tgfoid = 'standby.audit_change'::regproc"
    )
    await owner.close()
    assert {row["entity"] for row in rows} == set(ENTITIES)
