"""What a page elsewhere has a browser send, with its cookie, changes nothing; and nobody is led to another site."""

import re
from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from hypothesis import given
from hypothesis import strategies as st

from standby.web.same_site import SAFE, local_path
from tests.accounts import EMAIL, PASSWORD, browsing, sign_in, somebody
from tests.api import app_of
from tests.salon import Shop

# What reads no cookie: the right to it stands in the address or the body, where no page elsewhere has it from.
WITHOUT = {
    "/o/{token}/": "the link of an offer",
    "/b/{token}/": "the link of a booking",
    "/m/{token}": "the link of a customer",
    "/u/{token}": "the link that ends mails",
    "/reset/{token}": "the link of a letter; it signs nobody in",
    "/verify/{token}": "the link of a letter; it signs nobody in",
    "/invitation/{token}": "the link of a letter; it signs nobody in",
    "/email/{token}": "the link of a letter; it signs nobody in",
    "/{salon}/": "a number that a code has shown to be theirs; nobody signs in",
    "/api/public/": "a number that a code has shown to be theirs; nobody signs in",
    "/api/confirm/": "the link of an offer",
    "/api/decline/": "the link of an offer",
    "/api/stay/": "the link of an offer",
    "/api/auth/verify": "the link of a letter",
    "/api/auth/reset": "the link of a letter",
    "/api/auth/join": "the link of a letter",
    "/api/auth/email/confirm": "the link of a letter",
    "/api/auth/token": "a password; it answers with tokens and gives no cookie",
    "/api/auth/refresh": "a refresh token",
    "/api/lifecycle/process": "the installation's cron key",
    "/webhooks/": "a provider's signature, or its channel's token",
    "/demo/": "there is no sign-in to a demo, and nothing in it is anybody's",
}
# Open to programs too, which say nothing of where they are; but to no page elsewhere.
BEFORE_SIGNING_IN = {
    "/sign-in",
    "/sign-up",
    "/forgot",
    "/api/auth/sign-in",
    "/api/auth/sign-up",
    "/api/auth/forgot",
}
# Bodies that can be read, where they are read before anybody asks where they come from.
SIGN_UP = {
    "salon": "S",
    "email": "a@example.com",
    "timezone": "Europe/Oslo",
    "country": "NO",
    "currency": "NOK",
}
BODIES = {
    "/api/auth/sign-in": {"email": "a@example.com", "password": "x"},
    "/api/auth/code": {"code": "123456"},
    "/api/auth/email": {"password": "x", "email": "b@example.com"},
    "/api/auth/delete": {"password": "x"},
    "/api/auth/salon": {"tenant_id": str(uuid4())},
    "/api/auth/password": {"password": "x", "new_password": "four plain words"},
    "/api/auth/sign-up": SIGN_UP | {"locale": "en"},
    "/api/auth/forgot": {"email": "a@example.com", "locale": "en"},
}
ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://standby.test"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://standby.test.evil.example"},
    {"Origin": "null"},
)
UNKNOWN: dict[str, str] = {}


def writes(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of everything that may change something, in the API's description or not; the ends come last."""
    found = [
        (method, str(route.path))
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute)
        for method in sorted((route.methods or set()) - SAFE)
    ]
    return sorted(found, key=lambda one: "sign-out" in one[1])


@pytest.fixture
async def browser(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """Of an owner who operates the installation too: they may do anything."""
    await somebody(shop)
    await shop.system.worker_pool.execute("SELECT set_operator($1, true)", EMAIL)
    async with browsing(shop) as browser:
        assert (await sign_in(browser)).status_code == 200
        del browser.headers["Sec-Fetch-Site"]
        yield browser


async def test_nothing_that_a_page_elsewhere_sends_with_a_cookie_is_done(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    wrong, asked = [], 0
    for method, path in writes(app_of(shop.system.web)):
        if path.startswith(tuple(WITHOUT)):
            continue
        parts = [str(uuid4()) if one.endswith("_id}") else one.strip("{}") for one in path.split("/")]
        body = BODIES.get(path)
        if "sign-out" in path:
            shop.clock.forward(days=1)  # Wrong passwords are forgiven.
            assert (await sign_in(browser)).status_code == 200
        told = (*ELSEWHERE, UNKNOWN) if path not in BEFORE_SIGNING_IN else ELSEWHERE
        for headers in told:
            answer = await browser.request(method, "/".join(parts), headers=headers, json=body)
            if answer.status_code != 403 or "set-cookie" in answer.headers:
                wrong.append((method, path, headers, answer.status_code))
        # It is nothing else that is refused.
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = await browser.request(method, "/".join(parts), headers=headers, json=body)
        if answer.status_code in {401, 403} and path not in {
            "/sign-in",
            "/api/auth/sign-in",
            "/api/auth/code",
            "/api/auth/email",
            "/api/auth/delete",
        }:
            wrong.append((method, path, headers, answer.status_code))
        asked += 1
    assert wrong == []
    assert asked > 70


# -- Where answers lead ------------------------------------------------------------------------------------------

AWAY = (
    "//evil.example", "///evil.example", "https://evil.example", "https:evil.example", "HTTPS:\\\\evil.example",
    "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
    "/ /evil.example", "/\r\nLocation: https://evil.example", "/%0d%0aLocation:%20https://evil.example",
    "%2f%2fevil.example", "/%2f/evil.example", "/%5cevil.example", "javascript:alert(1)", "data:text/html,x",
    "//evil.example@standby.test", "http://standby.test@evil.example", "?//evil.example", "evil.example", "",
    "/\u2028/evil.example", "/.//evil.example", "/..//evil.example",
)  # fmt: skip


async def test_nobody_is_led_to_another_site(shop: Shop, browser: httpx.AsyncClient) -> None:
    browser.headers["Sec-Fetch-Site"] = "same-origin"
    for target in AWAY:
        led = await browser.post("/account/salon", data={"salon": shop.salon.slug, "next": target})
        assert led.status_code == 303
        assert led.headers.get_list("location") == [led.headers["location"]]
        stays(led.headers["location"])
        for path in ("/sign-in", "/sign-in/code"):
            page = await browser.get(path, params={"next": target})
            [there] = re.findall(r'name="next" value="([^"]*)"', page.text)
            stays(unescape(there))
    again = {"email": EMAIL, "password": PASSWORD, "next": "https:evil.example"}
    stays((await browser.post("/sign-in", data=again)).headers["location"])


@given(st.text(alphabet="/\\.:@?#%evil \t\r\n") | st.text())
def test_what_a_path_of_ours_is_leads_nowhere_else_however_a_browser_reads_it(target: str) -> None:
    stays(local_path(target, "/account"))


def stays(location: str) -> None:
    """As browsers read it: without tabs and line breaks, or blanks around it, and with / for every backslash."""
    read = re.sub(r"[\t\r\n]", "", location).strip("".join(map(chr, range(33)))).replace("\\", "/")
    assert urlsplit(urljoin("https://standby.test/sign-in", read))[:2] == ("https", "standby.test"), location
    assert not re.match(r"/{2,}", read), location


async def test_an_address_with_a_slash_too_many_is_unknown_and_leads_nowhere(
    browser: httpx.AsyncClient,
) -> None:
    for path in ("/sign-in/", "/api/staff/", "//evil.example/../x", "/static/../../evil.example"):
        answer = await browser.get(path, headers={"Host": "evil.example", "Accept": "text/html"})
        assert answer.status_code == 404, path
        assert "location" not in answer.headers, path
