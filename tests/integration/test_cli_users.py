"""The commands about users, as an operator types them for somebody who can't sign in."""

import asyncio
from typing import Any

import httpx
import pyotp
import pytest

from standby.accounts.scope import account_transaction
from tests.accounts import EMAIL, PASSWORD, browsing, sign_in, somebody
from tests.api import error_of
from tests.salon import Shop

NEW = "an entirely new one"


@pytest.fixture(autouse=True)
def same_clock(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standby.clock.now", shop.clock)


async def said(standby: Any, *words: str, code: int = 0) -> str:
    result = await asyncio.to_thread(standby, "user", *words)
    assert result.exit_code == code, result.output
    return str(result.output)


async def token(standby: Any, *words: str) -> str:
    """Of the link that the command prints."""
    return (await said(standby, *words)).rpartition("/reset/")[2].strip()


async def test_another_link_chooses_a_password_and_ends_the_one_before(shop: Shop, standby: Any) -> None:
    first = await token(standby, "add", EMAIL, "--salon", shop.salon.slug)
    second = await token(standby, "link", EMAIL.upper())
    async with browsing(shop) as browser:

        async def choose(token: str) -> httpx.Response:
            return await browser.post("/api/auth/reset", json={"token": token, "password": NEW})

        error_of(await choose(first), 404)
        assert (await choose(second)).status_code == 204
        assert (await sign_in(browser, password=NEW)).status_code == 200
    assert "Nobody has an account" in await said(standby, "link", "nobody@example.com", code=1)


async def test_who_has_lost_the_second_factor_signs_in_without_it_and_anew(shop: Shop, standby: Any) -> None:
    user_id = await somebody(shop)
    async with browsing(shop) as browser:
        await sign_in(browser)
        enrolled = (await browser.post("/api/auth/totp", json={"password": PASSWORD})).json()
        code = {"code": pyotp.TOTP(enrolled["secret"]).at(shop.clock())}
        recovery = (await browser.post("/api/auth/totp/confirm", json=code)).json()["recovery_codes"]
        assert len(recovery) == 10
        assert (await browser.get("/api/auth/me")).status_code == 200

        assert "without a second factor" in await said(standby, "no-second-factor", EMAIL)
        error_of(await browser.get("/api/auth/me"), 401)
        assert (await sign_in(browser)).json() == {"needs_code": False}
        assert (await browser.get("/api/auth/me")).json()["email"] == EMAIL
    async with account_transaction(shop.system.pool, user_id) as tx:
        assert await tx.fetch("SELECT FROM recovery_codes") == []
    owned = await shop.system.worker_pool.fetch("SELECT * FROM list_users()")
    assert [row["second_factor"] for row in owned] == [False]
    assert "Nobody has an account" in await said(standby, "no-second-factor", "nobody@example.com", code=1)
