"""The pages of signing in and up: forms that keep what was typed, and lead nowhere but to us."""

import re
from collections.abc import AsyncIterator

import httpx
import pyotp
import pytest

from standby.accounts import first_accounts, members
from standby.accounts.permissions import Role
from standby.accounts.scope import account_in_salon
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


async def test_who_knows_no_address_is_led_to_sign_in(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/")).headers["location"] == "/app"
    assert (await browser.get("/app")).headers["location"] == "/sign-in"
    assert (await browser.get("/account")).headers["location"].startswith("/sign-in")


async def test_who_signs_in_goes_on_to_where_they_wanted(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    page = await browser.get("/sign-in", params={"next": "/account?x=1"})
    assert 'value="/account?x=1"' in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    form = {"email": EMAIL, "password": PASSWORD, "next": "/account?x=1"}
    gone = await browser.post("/sign-in", data=form)
    assert (gone.status_code, gone.headers["location"]) == (303, "/account?x=1")
    gone = await browser.post("/sign-in", data=form | {"next": "//evil.example"})
    assert gone.headers["location"] == "/app"
    page = await browser.get("/account")
    assert EMAIL in page.text
    gone = await browser.post("/sign-out")
    assert gone.headers["location"] == "/sign-in"
    assert (await browser.get("/account")).headers["location"] == "/sign-in?next=/account"


async def test_who_wants_nothing_else_lands_in_their_salon_or_in_the_one_where_they_were_last(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    async def landed(client: httpx.AsyncClient, **form: str) -> str:
        page = await client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD} | form)
        while page.is_redirect:
            page = await client.get(page.headers["location"])
        return f"{page.url.path} {heading(page)}"

    user = await somebody(shop)
    page = await browser.get("/sign-in")
    assert 'name="next" value="/app"' in page.text
    assert await landed(browser) == "/app/today Monday 23 November"
    second = await open_shop(shop.system, shop.clock, slug="second")
    async with account_in_salon(shop.system.pool, user, second.salon.id) as tx:
        await members.add(tx, user, Role.STAFF, now=shop.clock())
    await browser.post("/account/salon", data={"salon": "second"})
    assert await landed(browser) == "/app/today Monday 23 November"  # Signed in anew.
    assert str(second.salon.id) in (await browser.get("/app/today")).text
    async with browsing(shop, Accept="text/html") as phone:
        assert await landed(phone) == "/app/today Monday 23 November"
        assert str(second.salon.id) in (await phone.get("/app/today")).text
        assert await landed(phone, next="/account") == "/account Your account"
        assert "/admin/queues" not in (await phone.get("/account")).text
        await first_accounts.set_operator(shop.system.worker_pool, EMAIL, is_operator=True)
        assert await landed(phone, next="/admin/queues") == "/admin/queues Queues"
        assert 'href="/admin/queues"' in (await phone.get("/account")).text
        await phone.post("/account/sessions/end")
        await phone.post("/sign-out")
        assert await landed(phone) == "/account Your account"  # Nobody knows: they choose.
        gone = await phone.post("/account/salon", data={"salon": "shop", "next": "/app"})
        assert gone.headers["location"] == "/app"
        for salon in (shop, second):
            async with account_in_salon(shop.system.pool, user, salon.salon.id) as tx:
                await tx.execute("DELETE FROM memberships WHERE user_id = $1", user)
        assert await landed(phone) == "/account Your account"


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
    assert gone.headers["location"] == "/app"
    assert (await browser.get("/app")).headers["location"] == "/app/welcome"
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


async def test_a_first_password_is_chosen_in_the_salons_language(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await shop.all("UPDATE tenants SET locale = 'nb' RETURNING id")
    async with shop.transaction() as tx:
        token = await first_accounts.add(tx, "mia@example.com", Role.VIEWER, locale=None, now=shop.clock())
    assert heading(await browser.get(f"/reset/{token}")) == "Velg passordet ditt"
    await browser.post(f"/reset/{token}", data={"password": NEW})
    another = await first_accounts.renew_link(shop.system.pool, "mia@example.com", now=shop.clock())
    assert heading(await browser.get(f"/reset/{another}")) == "Velg et nytt passord"


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
    assert gone.headers["location"] == "/app"
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


@pytest.fixture
async def kim(shop: Shop, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    await somebody(shop)
    await sign_in(browser)
    return browser


async def test_a_second_factor_is_set_up_with_a_picture_and_switched_off_with_the_password(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    page = await kim.post("/account/second-factor", data={"current": "not mine at all"})
    assert (page.status_code, heading(page)) == (422, "A second factor")
    assert "This isn’t your password." in page.text
    page = await kim.post("/account/second-factor", data={"current": PASSWORD})
    [secret] = re.findall(r'name="secret" value="([A-Z2-7]{32})"', page.text)
    assert '<svg viewBox="0 0' in page.text
    assert "style=" not in page.text
    wrong = await kim.post("/account/second-factor/confirm", data={"code": "000 000", "secret": secret})
    assert wrong.status_code == 422
    assert 'value="000 000"' in wrong.text
    assert re.findall(r"<svg .*?</svg>", wrong.text) == re.findall(r"<svg .*?</svg>", page.text)
    before = kim.cookies["standby"]
    code = pyotp.TOTP(secret).at(shop.clock())
    codes = await kim.post("/account/second-factor/confirm", data={"code": code, "secret": secret})
    assert len(re.findall(r"<code>(?:[a-z2-7]{4}-){3}[a-z2-7]{4}</code>", codes.text)) == 10
    assert kim.cookies["standby"] != before
    assert "On: a code from your authenticator" in (await kim.get("/account")).text
    assert heading(await kim.get("/account/second-factor")) == "Your second factor is on"
    gone = await kim.post("/account/second-factor", data={"current": PASSWORD})
    assert gone.headers["location"] == "/account/second-factor"
    assert (await kim.post("/account/second-factor/off", data={"current": "x"})).status_code == 422
    gone = await kim.post("/account/second-factor/off", data={"current": PASSWORD})
    assert "No code is asked for any more." in (await kim.get(gone.headers["location"])).text


async def test_what_is_wrong_with_a_change_is_said_at_once_beside_the_fields(kim: httpx.AsyncClient) -> None:
    page = await kim.post("/account/password", data={"current": "wrong", "password": "short"})
    assert page.status_code == 422
    assert re.findall(r'id="(\w+)-problem"', page.text) == ["current", "password"]
    page = await kim.post("/account/email", data={"current": "wrong", "email": "ida"})
    assert re.findall(r'id="(\w+)-problem"', page.text) == ["email", "current"]
    assert 'value="ida"' in page.text
    page = await kim.post("/account/email", data={"current": PASSWORD, "email": EMAIL})
    assert "That is the address that you have." in page.text


async def test_the_email_is_changed_by_its_link_and_the_password_signs_out_everybody_else(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    page = await kim.post("/account/email", data={"current": PASSWORD, "email": "kim@new.example"})
    assert heading(page) == "Look into your new mailbox"
    token = await link(shop, "email")
    assert "kim@new.example" in (await kim.get(f"/email/{token}")).text
    gone = await kim.post(f"/email/{token}")
    assert gone.headers["location"] == "/account?said=email"
    assert (await kim.get(f"/email/{token}")).status_code == 404
    async with browsing(shop) as phone:
        await sign_in(phone, "kim@new.example")
        gone = await kim.post("/account/password", data={"current": PASSWORD, "password": NEW})
        assert "signed out everywhere else" in (await kim.get(gone.headers["location"])).text
        assert (await phone.get("/api/auth/me")).status_code == 401


async def test_sessions_say_where_in_words_and_all_others_end_together(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
    async with browsing(shop, **{"User-Agent": agent}) as other:
        await sign_in(other)
        assert "Firefox on Windows" in (await kim.get("/account")).text
        gone = await kim.post("/account/sessions/end")
        assert gone.headers["location"] == "/account?said=ended"
        assert (await other.get("/api/auth/me")).status_code == 401
    assert "Firefox" not in (await kim.get("/account")).text


async def test_the_language_is_chosen_on_the_page_and_holds_for_the_salons_pages(
    kim: httpx.AsyncClient,
) -> None:
    page = await kim.get("/account")
    assert '<html lang="en">' in page.text
    assert page.text.count('action="/account/language"') == 1
    gone = await kim.post("/account/language", data={"language": "nb"})
    assert gone.headers["location"] == "/account?said=language"
    page = await kim.get(gone.headers["location"])
    assert '<html lang="nb">' in page.text
    assert "Fra nå av er sidene dine på norsk" in page.text
    assert heading(await kim.get("/app/today")) == "mandag 23. november"
    for unknown in ("sv", ""):
        gone = await kim.post("/account/language", data={"language": unknown})
        assert gone.headers["location"] == "/account"
    assert '<html lang="nb">' in (await kim.get("/account")).text


@pytest.mark.parametrize(("browsers", "read"), [("nn-NO,en;q=0.5", "nb"), ("de, en;q=0.5", "en"), ("", "nb")])
async def test_a_new_account_reads_as_its_browser_does_and_else_as_its_salon(
    shop: Shop, kim: httpx.AsyncClient, browsers: str, read: str
) -> None:
    await shop.all("UPDATE tenants SET locale = 'nb' RETURNING id")
    await kim.post("/api/invitations", json={"email": "mia@example.com", "role": "staff"})
    token = await link(shop, "invitation")
    async with browsing(shop, Accept="text/html", **{"Accept-Language": browsers}) as mia:
        gone = await mia.post(f"/invitation/{token}", data={"password": NEW})
        assert gone.headers["location"] == "/app"
        assert f'<html lang="{read}">' in (await mia.get("/app/today")).text


async def test_an_only_owner_is_told_what_to_do_before_the_account_is_deleted(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    page = await kim.post("/account/delete", data={"current": PASSWORD})
    assert page.status_code == 409
    assert "You’re the only owner of Shop." in page.text
    await somebody(shop, "mia@example.com")
    assert (await kim.post("/account/delete", data={"current": "wrong"})).status_code == 422
    assert heading(await kim.post("/account/delete", data={"current": PASSWORD})) == "Your account is deleted"
    assert (await kim.get("/account")).status_code == 303
    assert (await sign_in(kim)).status_code == 401


async def test_the_pages_of_ones_account_want_a_session_and_forms_of_ours(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    forms = ("email", "password", "second-factor", "second-factor/confirm", "second-factor/off", "delete")
    async with browsing(shop) as nobody:
        for path in ("email", "password", "second-factor", "delete"):
            gone = await nobody.get(f"/account/{path}")
            assert gone.headers["location"] == f"/sign-in?next=/account/{path}"
        for path in (*forms, "sessions/end", "language"):
            assert (await nobody.post(f"/account/{path}")).status_code == 303, path
    kim.headers["sec-fetch-site"] = "cross-site"
    for path in (*forms, "sessions/end", "language"):
        page = await kim.post(f"/account/{path}", data={"current": PASSWORD, "password": NEW})
        assert page.status_code == 403, path
