"""The pages of people and of API keys: what they change, what they refuse, and for whom they are."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from standby.accounts.permissions import FOR_KEYS, Permission, Role
from standby.web.words import LANGUAGES
from tests.accounts import EMAIL, PASSWORD, browsing, link, sign_in, somebody
from tests.salon import Shop, at_once, open_shop

MIA = "mia@example.com"


@pytest.fixture
async def kim(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An owner's browser."""
    await somebody(shop)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


async def test_somebody_is_invited_and_comes_and_an_invitation_is_taken_back(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    for email in (MIA, "per@example.com"):
        gone = await kim.post("/app/members/invite", data={"email": email, "role": "manager"})
        assert gone.headers["location"] == "/app/members?said=invited"
        shop.clock.forward(minutes=1)
    page = (await kim.get("/app/members?said=invited")).text
    assert "The invitation is on its way." in page
    ends = re.findall(r"/app/members/invitations/[^/]+/end", page)
    assert len(ends) == 2
    gone = await kim.post(ends[0])  # The newest first: Per's.
    assert gone.headers["location"] == "/app/members?said=taken_back"
    assert (await kim.post(ends[0])).headers["location"] == "/app/members"
    assert "per@example.com" not in (await kim.get("/app/members")).text
    invited = [one.message for one in shop.messages() if one.message.to == MIA]
    assert invited == []  # Nobody has worked yet.
    await link(shop, "invitation")
    token = next(str(one.message.link) for one in shop.messages() if one.message.to == MIA).rpartition("/")[2]
    async with browsing(shop) as mia:
        await mia.post(f"/invitation/{token}", data={"password": PASSWORD})
        assert "Manager" in (await mia.get("/app/members")).text
    told = await shop.all("SELECT DISTINCT actor FROM audit_log WHERE entity = 'invitation'")
    assert len(told) == 1


async def test_what_is_wrong_with_an_invitation_is_said_at_once_and_nothing_is_sent(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    page = await kim.post("/app/members/invite", data={"email": "mia", "role": "queen"})
    assert page.status_code == 422
    assert "This is no email address." in page.text
    assert "Choose a role." in page.text
    assert 'value="mia"' in page.text
    page = await kim.post("/app/members/invite", data={"email": EMAIL.upper(), "role": "viewer"})
    assert "They belong to the salon already." in page.text
    assert '<option value="viewer" selected>' in page.text
    assert (await kim.post("/app/members/invite", data={"email": MIA, "role": ""})).status_code == 422
    assert await shop.all("SELECT FROM invitations") == []
    for _ in range(3):
        assert (
            await kim.post("/app/members/invite", data={"email": MIA, "role": "staff"})
        ).status_code == 303
    page = await kim.post("/app/members/invite", data={"email": MIA, "role": "owner"})
    assert (page.status_code, page.headers["retry-after"]) == (429, str(8 * 3600))
    assert "as many invitations as go out in a day" in page.text
    assert [row["role"] for row in await shop.all("SELECT role FROM invitations")] == ["staff"]


async def test_roles_are_changed_and_the_last_owner_stays(shop: Shop, kim: httpx.AsyncClient) -> None:
    me = (await shop.one("SELECT user_id FROM memberships"))["user_id"]
    for way, data in (("role", {"role": "viewer"}), ("remove", {})):
        page = await kim.post(f"/app/members/{me}/{way}", data=data)
        assert page.status_code == 409
        assert "A salon needs an owner" in page.text
    mia = await somebody(shop, MIA, Role.STAFF)
    gone = await kim.post(f"/app/members/{mia}/role", data={"role": "viewer"})
    assert gone.headers["location"] == "/app/members?said=changed"
    assert (await shop.one("SELECT role FROM memberships WHERE user_id = $1", mia))["role"] == "viewer"
    assert (await kim.post(f"/app/members/{mia}/role", data={"role": "x"})).status_code == 303
    gone = await kim.post(f"/app/members/{mia}/remove")
    assert gone.headers["location"] == "/app/members?said=removed"
    assert (await kim.post(f"/app/members/{mia}/remove")).headers["location"] == "/app/members"


async def test_managers_see_people_and_change_nothing_and_nobody_elses_are_seen(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    stranger = await somebody(theirs, "owner@theirs.example")
    await somebody(shop, MIA, Role.MANAGER)
    assert "theirs.example" not in (await kim.get("/app/members")).text
    assert (await kim.post(f"/app/members/{stranger}/remove")).headers["location"] == "/app/members"
    assert len(await theirs.all("SELECT FROM memberships")) == 1
    async with browsing(shop, Accept="text/html") as mia:
        await sign_in(mia, MIA)
        page = await mia.get("/app/members")
        assert EMAIL in page.text
        assert "<form" not in page.text
        assert "/app/api-keys" not in page.text
        assert (await mia.post("/app/members/invite", data={"email": "x@example.com"})).status_code == 403
        for method in ("GET", "POST"):
            assert (await mia.request(method, "/app/api-keys")).status_code == 403
    kim.headers["sec-fetch-site"] = "cross-site"
    for path in ("/app/members/invite", f"/app/members/{stranger}/remove", "/app/api-keys"):
        assert (await kim.post(path, data={"email": MIA, "role": "owner"})).status_code == 403


async def test_a_key_is_shown_once_and_revoked(shop: Shop, kim: httpx.AsyncClient) -> None:
    assert "There is no key yet" in (await kim.get("/app/api-keys")).text
    form = {"name": "till", "scopes": ["book:read", "salon:read"], "ends": "2026-11-24"}
    page = await kim.post("/app/api-keys", data=form)
    [key] = re.findall(r"sk_[0-9a-f]{64}", page.text)
    listed = (await kim.get("/app/api-keys")).text
    assert key not in listed
    for said in (key[:11], "last used: never", "good until: Wed 25 Nov 2026, 00:00", "See appointments"):
        assert said in listed
    async with browsing(shop, Authorization=f"Bearer {key}") as till:
        assert (await till.get("/api/bookings")).status_code == 200
        [path] = re.findall(r"/app/api-keys/[^/]+/revoke", listed)
        gone = await kim.post(path)
        assert gone.headers["location"] == "/app/api-keys?said=revoked"
        assert (await till.get("/api/bookings")).status_code == 401
    assert (await kim.post(path)).headers["location"] == "/app/api-keys"


async def test_the_same_form_sent_again_or_twice_at_once_makes_one_key(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    def form_of(page: str) -> dict[str, str]:
        [form] = re.findall(r'name="form" value="([^"]+)"', page)
        return {"name": "till", "scopes": "book:read", "form": form}

    form = form_of((await kim.get("/app/api-keys")).text)
    answers = await at_once(*(kim.post("/app/api-keys", data=form) for _ in range(2)))
    first, again = sorted(answers, key=lambda page: page.status_code)
    assert (first.status_code, again.status_code) == (200, 409)
    [key] = re.findall(r"sk_[0-9a-f]{64}", first.text)
    assert not re.search(r"sk_[0-9a-f]{64}", again.text)
    assert "This key was made already, and is shown only once." in again.text
    [kept] = await shop.all("SELECT id, prefix FROM api_keys")
    assert (str(kept["id"]), kept["prefix"]) == (form["form"], key[:11])
    for page in (first, again):  # Each has a form for another one.
        assert (await kim.post("/app/api-keys", data=form_of(page.text))).status_code == 200
    assert len(await shop.all("SELECT FROM api_keys")) == 3


async def test_what_is_wrong_with_a_key_is_said_at_once_and_nothing_typed_is_lost(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    page = await kim.post("/app/api-keys", data={"name": " ", "ends": "soon"})
    assert page.status_code == 422
    assert re.findall(r'id="(\w+)-problem"', page.text) == ["name", "ends", "scopes"]
    form = {"name": "till", "scopes": ["book:read", "keys:write"], "ends": "2026-11-22"}
    for ends in ("2026-11-22", "9999-12-31", "soon"):
        page = await kim.post("/app/api-keys", data=form | {"ends": ends})
        assert re.findall(r'id="(\w+)-problem"', page.text) == ["ends", "scopes"]
        assert page.status_code == 422
        assert 'value="till"' in page.text
        assert 'value="book:read" checked' in page.text
        assert f'value="{ends}"' in page.text
    assert await shop.all("SELECT FROM api_keys") == []


def test_every_scope_has_its_words_in_each_language() -> None:
    for words in LANGUAGES.values():
        said = {key.removeprefix("scope.") for key in words if key.startswith("scope.")}
        assert said == {Permission(one).value for one in FOR_KEYS}
