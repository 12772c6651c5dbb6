"""The pages of signing in and up: forms that keep what was typed, and lead nowhere but to us."""

import re
from collections.abc import AsyncIterator

import httpx
import pyotp
import pytest

from standby.accounts import first_accounts
from standby.accounts.permissions import Role
from standby.web.same_site import local_path
from tests.accounts import EMAIL, PASSWORD, browsing, link, sign_in, somebody
from tests.salon import Shop, open_shop

NEW = "an entirely new one"
SIGN_UP = {
    "salon": "Ida’s Chair",
    "email": "ida@example.com",
    "timezone": "Europe/Oslo",
    "country": "NO",
    "currency": "NOK",
}


@pytest.fixture
async def browser(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with browsing(shop, Accept="text/html") as client:
        yield client


def heading(page: httpx.Response) -> str:
    [found] = re.findall(r"<h1>(.*?)</h1>", page.text)
    return str(found)


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil", "evil", ""]
)
def test_an_address_elsewhere_is_not_gone_on_to(target: str) -> None:
    assert local_path(target, "/account") == "/account"
    assert local_path("/app/today?day=1", "/account") == "/app/today?day=1"


async def test_who_signs_in_goes_on_to_where_they_wanted(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    page = await browser.get("/sign-in", params={"next": "/account?x=1"})
    assert 'value="/account?x=1"' in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    form = {"email": EMAIL, "password": PASSWORD, "next": "/account?x=1"}
    gone = await browser.post("/sign-in", data=form)
    assert (gone.status_code, gone.headers["location"]) == (303, "/account?x=1")
    gone = await browser.post("/sign-in", data=form | {"next": "//evil.example"})
    assert gone.headers["location"] == "/account"
    page = await browser.get("/account")
    assert EMAIL in page.text
    gone = await browser.post("/sign-out")
    assert gone.headers["location"] == "/sign-in"
    assert (await browser.get("/account")).headers["location"] == "/sign-in?next=/account"


async def test_a_wrong_sign_in_keeps_the_email_and_not_the_password(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    page = await browser.post("/sign-in", data={"email": EMAIL, "password": "four other words here"})
    assert page.status_code == 401
    assert f'value="{EMAIL}"' in page.text
    assert "four other words" not in page.text
    assert "Email or password is wrong." in page.text
    for _ in range(4):
        await browser.post("/sign-in", data={"email": EMAIL, "password": "four other words here"})
    page = await browser.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert page.status_code == 429
    assert page.headers["retry-after"] == "2"
    assert "Try again in 1 min." in page.text


async def test_a_form_from_elsewhere_is_not_taken(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    await sign_in(browser)
    browser.headers["sec-fetch-site"] = "cross-site"
    for path in ("/sign-in", "/sign-up", "/forgot", "/sign-out", "/account/salon", "/sign-in/code"):
        assert (await browser.post(path, data={"email": EMAIL, "password": PASSWORD})).status_code == 403, (
            path
        )
    browser.headers["sec-fetch-site"] = "same-origin"
    assert (await browser.get("/account")).status_code == 200


async def test_a_salon_is_signed_up_and_its_owner_is_in(shop: Shop, browser: httpx.AsyncClient) -> None:
    wrong = await browser.post("/sign-up", data=SIGN_UP | {"salon": "", "email": "ida", "currency": "kr"})
    assert wrong.status_code == 422
    assert wrong.text.count('class="wrong"') == 3
    assert 'value="ida"' in wrong.text
    assert heading(await browser.post("/sign-up", data=SIGN_UP)) == "Look into your mail"
    token = await link(shop, "verify")
    page = await browser.get(f"/verify/{token}")
    assert heading(page) == "Welcome, Ida’s Chair"
    page = await browser.post(f"/verify/{token}", data={"password": "passwordpassword"})
    assert page.status_code == 422
    assert "Many people use this one" in page.text
    gone = await browser.post(f"/verify/{token}", data={"password": NEW})
    assert gone.headers["location"] == "/account"
    assert "Ida’s Chair" in (await browser.get("/account")).text
    assert (await browser.get(f"/verify/{token}")).status_code == 404


async def test_a_password_is_reset_and_the_page_speaks_the_readers_language(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    browser.headers["accept-language"] = "nb-NO,nb;q=0.9"
    assert heading(await browser.get("/forgot")) == "Velg et nytt passord"
    assert heading(await browser.post("/forgot", data={"email": EMAIL})) == "Se etter i e-posten"
    token = await link(shop, "reset")
    page = await browser.post(f"/reset/{token}", data={"password": "kim@example-1"})
    assert "Det inneholder navnet i e-posten din." in page.text
    gone = await browser.post(f"/reset/{token}", data={"password": NEW})
    assert gone.headers["location"] == "/sign-in?said=reset"
    assert "Passordet er endret." in (await browser.get("/sign-in?said=reset")).text
    assert heading(await browser.get(f"/reset/{token}")) == "Denne lenken gjelder ikke lenger"


async def test_who_has_an_account_joins_without_another_password_and_has_to_sign_in(
    shop: Shop, browser: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    second = await open_shop(shop.system, shop.clock, slug="second")
    async with second.transaction() as tx:
        token = await first_accounts.add(tx, "mia@example.com", Role.VIEWER, locale="en", now=shop.clock())
    await browser.post(f"/reset/{token}", data={"password": NEW})
    await api.post("/api/invitations", json={"email": "mia@example.com", "role": "staff"})
    token = await link(shop, "invitation")
    page = await browser.get(f"/invitation/{token}")
    assert heading(page) == "Join Shop"
    assert "password" not in page.text
    gone = await browser.post(f"/invitation/{token}")
    assert gone.headers["location"] == "/sign-in?said=joined"
    assert not browser.cookies
    gone = await browser.post(
        "/sign-in", data={"email": "mia@example.com", "password": NEW, "next": "/docs?x=1"}
    )
    page = await browser.get(gone.headers["location"])
    assert page.text.count("Go there") == 2
    assert page.text.count('name="next" value="/docs?x=1"') == 2
    gone = await browser.post("/account/salon", data={"salon": "shop", "next": "/docs?x=1"})
    assert gone.headers["location"] == "/docs?x=1"
    assert (await browser.get("/api/staff")).status_code == 200
    assert (await browser.get("/account")).text.count("Go there") == 1


async def test_a_code_is_asked_for_on_a_page_of_its_own(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    await sign_in(browser)
    enrolled = (await browser.post("/api/auth/totp", json={"password": PASSWORD})).json()
    totp = pyotp.TOTP(enrolled["secret"])
    await browser.post("/api/auth/totp/confirm", json={"code": totp.at(shop.clock())})
    await browser.post("/sign-out")
    gone = await browser.post("/sign-in", data={"email": EMAIL, "password": PASSWORD, "next": "/account"})
    assert gone.headers["location"] == "/sign-in/code?next=/account"
    assert (await browser.get("/account")).status_code == 303
    page = await browser.post("/sign-in/code", data={"code": "000000"})
    assert page.status_code == 401
    assert "This code is wrong" in page.text
    shop.clock.forward(seconds=60)
    gone = await browser.post("/sign-in/code", data={"code": totp.at(shop.clock())})
    assert gone.headers["location"] == "/account"
    assert (await browser.get("/account")).status_code == 200


async def test_another_session_is_ended_on_the_page(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    await sign_in(browser)
    async with browsing(shop, **{"User-Agent": "phone"}) as phone:
        await sign_in(phone)
        page = await browser.get("/account")
        [ends] = re.findall(r'action="(/account/sessions/[^"]+/end)"', page.text)
        await browser.post(ends)
        assert (await phone.get("/api/auth/me")).status_code == 401
    assert (await browser.get("/account")).status_code == 200
