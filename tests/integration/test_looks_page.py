"""The page where a salon chooses its colour and its address: looked at first, and for the owner alone."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from standby.accounts.permissions import Role
from standby.web import colours
from tests.accounts import browsing, sign_in, somebody
from tests.salon import Shop


@pytest.fixture
async def kim(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An owner's browser."""
    await somebody(shop)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


async def test_a_colour_is_looked_at_saved_and_given_up_again(shop: Shop, kim: httpx.AsyncClient) -> None:
    page = (await kim.get("/app/salon?own=on&accent=%23FFEE00")).text
    assert "How it would look" in page
    darker = colours.light("#ffee00").accent
    assert f"It is made darker, {darker}, so that it can be read." in page
    assert "It is just as you chose it." in page  # On dark pages.
    assert re.search(r"Text in it on the page: contrast 4\.\d to 1, easy to read\.", page)
    assert 'value="#FFEE00"' in page
    [sheet] = re.findall(r'href="(/app/salon/look.css[^"]*)"', page)
    css = await kim.get(sheet)
    assert css.headers["content-type"].startswith("text/css")
    assert f".look-light {{--accent: {darker};" in css.text
    assert ".look-dark {--accent: #ffee00;" in css.text
    assert (await shop.one("SELECT accent FROM tenants"))["accent"] is None
    form = {"own": "on", "accent": "#8A2B5E"}
    assert (await kim.post("/app/salon/colour", data=form)).headers["location"] == "/app/salon?said=colour"
    assert "colours.css?v=8a2b5e" in (await kim.get("/shop")).text
    page = (await kim.get("/app/salon?said=colour")).text
    assert "How it looks" in page
    assert "very easy to read" in page
    await kim.post("/app/salon/colour", data={"accent": "#8a2b5e"})  # `own` isn't ticked.
    assert (await shop.one("SELECT accent FROM tenants"))["accent"] is None


async def test_what_is_no_colour_is_told_beside_the_field(shop: Shop, kim: httpx.AsyncClient) -> None:
    answer = await kim.post("/app/salon/colour", data={"own": "on", "accent": "red; } * {"})
    assert answer.status_code == 422
    assert 'id="colour-accent-problem"' in answer.text
    assert 'value="red; } * {"' in answer.text
    assert (await kim.get("/app/salon/look.css?accent=red;}*{")).text == ""
    assert (await shop.one("SELECT accent FROM tenants"))["accent"] is None


async def test_the_address_is_changed_unless_it_cannot_be_one(kim: httpx.AsyncClient) -> None:
    for slug, status in (("Not One", 422), ("app", 422), ("", 422)):
        answer = await kim.post("/app/salon/address", data={"slug": slug})
        assert answer.status_code == status
        assert 'id="address-slug-problem"' in answer.text
    gone = await kim.post("/app/salon/address", data={"slug": "shop-oslo"})
    assert gone.headers["location"] == "/app/salon?said=address"
    assert (await kim.get("/shop-oslo")).status_code == 200
    assert (await kim.get("/shop")).status_code == 404


async def test_the_salon_gets_another_name_and_language_and_the_audit_log_says_who_gave_it(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    for name, locale, problems in (
        ("  ", "nb", ["name"]),
        ("x" * 201, "sv", ["name", "locale"]),
        ("a\nb", "", ["name", "locale"]),
    ):
        answer = await kim.post("/app/salon/name", data={"name": name, "locale": locale})
        assert answer.status_code == 422
        assert re.findall(r'id="name-(\w+)-problem"', answer.text) == problems
    assert (await shop.one("SELECT name FROM tenants"))["name"] == "Shop"
    new = {"name": " Ærlig & Sønn ", "locale": "nb"}
    assert (await kim.post("/app/salon/name", data=new)).headers["location"] == "/app/salon?said=name"
    page = (await kim.get("/app/salon?said=name")).text
    assert "It is saved" in page
    assert 'value="Ærlig &amp; Sønn"' in page
    assert '<option value="nb" selected>' in page
    customers = await kim.get("/shop", headers={"Accept-Language": "de"})  # The address stays.
    assert "Ærlig &amp; Sønn" in customers.text
    assert '<html lang="nb"' in customers.text
    changes = await shop.all("SELECT actor, before, after FROM audit_log WHERE entity = 'salon' ORDER BY id")
    told = [(row["before"], row["after"]) for row in changes]
    assert ({"name": "Shop"}, {"name": "Ærlig & Sønn"}) in told
    assert all(row["actor"].startswith("user:") for row in changes)


async def test_who_is_no_owner_sees_the_page_and_changes_nothing(shop: Shop) -> None:
    await somebody(shop, "mia@example.com", Role.MANAGER)
    async with browsing(shop, Accept="text/html") as mia:
        await sign_in(mia, "mia@example.com")
        page = (await mia.get("/app/salon")).text
        assert "How it looks" in page
        assert "<form" not in page.partition("<main")[2]
        assert "Language for customers" in page
        for path, form in (
            ("name", {"name": "Mine", "locale": "en"}),
            ("colour", {"own": "on", "accent": "#8a2b5e"}),
            ("address", {"slug": "x"}),
        ):
            assert (await mia.post(f"/app/salon/{path}", data=form)).status_code == 403
