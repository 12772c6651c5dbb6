"""Signing in, staying signed in, and being signed out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256

import asyncpg
import httpx
import pyotp
import pytest
from cryptography.fernet import Fernet
from structlog.testing import capture_logs

from standby.accounts import first_accounts, second_factor, sessions, throttle
from standby.accounts.passwords import Passwords
from standby.accounts.permissions import Role
from standby.accounts.scope import account_transaction
from standby.messages.sealing import Seal
from tests.accounts import EMAIL, PASSWORD, browsing, sign_in, somebody
from tests.api import error_of
from tests.salon import SECRET, Clock, Shop, open_shop, open_system

WRONG = "four other words here"


@pytest.fixture
async def browser(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with browsing(shop) as client:
        yield client


async def test_who_signs_in_works_in_their_salon_and_history_says_who(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    user_id = await somebody(shop)
    answer = await sign_in(browser, "Kim@Example.com")
    assert answer.json() == {"needs_code": False}
    flags = answer.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=lax" in flags
    me = (await browser.get("/api/auth/me")).json()
    assert (me["email"], me["salon"]) == (EMAIL, "shop")
    booking = await shop.book()
    assert (await browser.post(f"/api/bookings/{booking}/cancel")).status_code == 200
    told = await shop.one(
        "SELECT actor FROM history WHERE entity_id = $1 AND to_state = 'cancelled'", booking
    )
    assert told["actor"] == f"user:{user_id}"


async def test_the_database_knows_no_token(shop: Shop, browser: httpx.AsyncClient, database_url: str) -> None:
    await somebody(shop)
    await sign_in(browser)
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    try:
        kept = await owner.fetchval("SELECT token_hash FROM sessions")
        hashed = await owner.fetchval("SELECT password_hash FROM users")
    finally:
        await owner.close()
    assert kept == sha256(browser.cookies["standby"].encode()).digest()
    assert hashed.startswith("$argon2id$")


async def test_by_https_the_cookie_is_bound_to_the_host(database_url: str, clock: Clock) -> None:
    async with open_system(database_url, clock, public_url="https://book.example.com") as parts:
        shop = await open_shop(parts, clock)
        await somebody(shop)
        async with browsing(shop) as browser:
            browser.base_url = httpx.URL("https://book.example.com")
            name, *flags = (await sign_in(browser)).headers["set-cookie"].split("; ")
            assert name.startswith("__Host-standby=")
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(flags)
            assert not [flag for flag in flags if flag.startswith("Domain")]
            assert (await browser.get("/api/auth/me")).status_code == 200


async def test_a_role_holds_for_cookies_too_and_from_the_next_request_on(
    shop: Shop, browser: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    await somebody(shop, "owner@example.com")
    user_id = await somebody(shop, role=Role.MANAGER)
    await sign_in(browser)
    assert (await browser.post("/api/staff", json={"name": "Mia", "services": []})).status_code == 201
    assert (await api.patch(f"/api/members/{user_id}", json={"role": "viewer"})).status_code == 204
    error_of(await browser.post("/api/staff", json={"name": "Per", "services": []}), 403)
    assert (await browser.get("/api/staff")).status_code == 200
    assert (await api.delete(f"/api/members/{user_id}")).status_code == 204
    error = error_of(await browser.get("/api/staff"), 403)
    assert error["code"] == "NO_SALON_CHOSEN"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 201),
        ({"sec-fetch-site": "none"}, 201),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://standby.test"}, 403),
        ({"origin": "http://standby.test"}, 201),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
async def test_what_a_page_elsewhere_sends_with_the_cookie_changes_nothing(
    shop: Shop, browser: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    await somebody(shop)
    await sign_in(browser)
    del browser.headers["sec-fetch-site"]
    answer = await browser.post("/api/staff", json={"name": "Mia", "services": []}, headers=headers)
    assert answer.status_code == status
    assert (await browser.get("/api/staff", headers=headers)).status_code == 200


async def test_a_page_elsewhere_signs_nobody_in(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    browser.headers["sec-fetch-site"] = "cross-site"
    error_of(await sign_in(browser), 403)
    assert not browser.cookies


async def test_a_cookie_is_another_one_after_each_sign_in_and_the_old_one_is_worth_nothing(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await sign_in(browser)
    first = browser.cookies["standby"]
    await sign_in(browser)
    assert browser.cookies["standby"] != first
    assert await sessions.find(shop.system.pool, first, now=shop.clock()) is None
    assert len((await browser.get("/api/auth/sessions")).json()) == 1


async def test_a_session_ends_when_it_was_not_used_for_a_week_and_after_thirty_days_at_all(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await sign_in(browser)
    for _ in range(4):
        shop.clock.forward(days=7, seconds=-1)
        assert (await browser.get("/api/auth/me")).status_code == 200
    shop.clock.forward(days=3)
    error_of(await browser.get("/api/auth/me"), 401)
    await sign_in(browser)
    shop.clock.forward(days=7)
    error_of(await browser.get("/api/auth/me"), 401)
    await shop.system.worker_pool.execute("SELECT forget_accounts($1)", shop.clock())
    await sign_in(browser)
    assert len((await browser.get("/api/auth/sessions")).json()) == 1


async def test_sessions_are_listed_and_ended_one_by_one_or_all(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await somebody(shop, "else@example.com")
    async with browsing(shop, **{"User-Agent": "phone"}) as phone, browsing(shop) as other:
        await sign_in(browser)
        await sign_in(phone)
        await sign_in(other, "else@example.com")
        listed = (await browser.get("/api/auth/sessions")).json()
        assert {(one["agent"] == "phone", one["current"]) for one in listed} == {(True, False), (False, True)}
        [theirs] = (await other.get("/api/auth/sessions")).json()
        error_of(await browser.delete(f"/api/auth/sessions/{theirs['id']}"), 404)
        [on_phone] = [one["id"] for one in listed if one["agent"] == "phone"]
        assert (await browser.delete(f"/api/auth/sessions/{on_phone}")).status_code == 204
        error_of(await phone.get("/api/auth/me"), 401)
        await sign_in(phone)
        assert (await browser.delete("/api/auth/sessions")).status_code == 204
        error_of(await phone.get("/api/auth/me"), 401)
        assert (await other.get("/api/auth/me")).status_code == 200
        assert (await browser.post("/api/auth/sign-out")).status_code == 204
    assert not browser.cookies


async def test_who_belongs_to_several_salons_chooses_one(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    second = await open_shop(shop.system, shop.clock, slug="second")
    async with second.transaction() as tx:
        await first_accounts.add(tx, EMAIL, Role.VIEWER, locale="en", now=shop.clock())
    await open_shop(shop.system, shop.clock, slug="third")
    await sign_in(browser)
    assert error_of(await browser.get("/api/staff"), 403)["code"] == "NO_SALON_CHOSEN"
    before = browser.cookies["standby"]
    assert (await browser.put("/api/auth/salon", json={"salon": "second"})).status_code == 204
    assert browser.cookies["standby"] != before
    assert str(second.kim) in (await browser.get("/api/staff")).text
    error_of(await browser.put("/api/auth/salon", json={"salon": "third"}), 403)


async def test_a_wrong_password_and_an_unknown_address_are_told_alike_and_cost_the_same(
    shop: Shop, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await somebody(shop)
    checked: list[str | None] = []
    original = Passwords._matches

    def watched(self: Passwords, kept: str | None, password: str) -> bool:
        checked.append(kept)
        return original(self, kept, password)

    monkeypatch.setattr(Passwords, "_matches", watched)
    wrong = await sign_in(browser, password=WRONG)
    unknown = await sign_in(browser, "nobody@example.com", WRONG)
    nonsense = await sign_in(browser, "nobody", WRONG)
    assert wrong.status_code == 401
    assert wrong.json() == unknown.json() == nonsense.json()
    assert len(checked) == 3


async def test_failures_make_one_wait_longer_each_time_but_never_for_good(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    for _ in range(5):
        error_of(await sign_in(browser, password=WRONG), 401)
    waits = []
    for _ in range(12):
        refused = await sign_in(browser)
        assert error_of(refused, 429)["code"] == "TOO_MANY_ATTEMPTS"
        waits.append(int(refused.headers["retry-after"]))
        shop.clock.forward(seconds=waits[-1])
        error_of(await sign_in(browser, password=WRONG), 401)
    assert waits[:4] == [2, 3, 5, 9]
    assert max(waits) == 15 * 60 + 1
    shop.clock.forward(minutes=15, seconds=1)
    assert (await sign_in(browser)).status_code == 200
    error_of(await sign_in(browser, password=WRONG), 401)
    assert (await sign_in(browser)).status_code == 200


async def test_who_has_the_database_alone_can_not_try_whose_attempts_are_counted(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    error_of(await sign_in(browser, password=WRONG), 401)
    owner = await asyncpg.connect(shop.system.url, server_settings={"search_path": "standby"})
    try:
        kept = {row["key"] for row in await owner.fetch("SELECT key FROM attempts")}
    finally:
        await owner.close()
    mine, anothers = (
        {one.key for one in throttle.of_sign_in(secret.encode(), EMAIL, "127.0.0.1")}
        for secret in (SECRET, "another")
    )
    assert kept == mine
    assert not kept & anothers


async def test_failures_at_one_address_do_not_keep_the_account_from_its_own_place(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    for _ in range(6):
        await sign_in(browser, password=WRONG)
    assert (await sign_in(browser)).status_code == 429
    transport = httpx.ASGITransport(browser._transport.app, client=("192.0.2.9", 1))  # type: ignore[attr-defined]
    async with httpx.AsyncClient(transport=transport, base_url="http://standby.test") as elsewhere:
        assert (await sign_in(elsewhere)).status_code == 200


async def test_a_changed_password_ends_all_other_sessions(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    async with browsing(shop) as phone:
        await sign_in(browser)
        await sign_in(phone)
        body = {"current": WRONG, "password": "an entirely new one"}
        error_of(await browser.put("/api/auth/password", json=body), 401)
        short = await browser.put("/api/auth/password", json={"current": PASSWORD, "password": "short"})
        assert error_of(short, 422)["details"]["errors"][0]["code"] == "password_short"
        body["current"] = PASSWORD
        assert (await browser.put("/api/auth/password", json=body)).status_code == 204
        assert (await browser.get("/api/auth/me")).status_code == 200
        error_of(await phone.get("/api/auth/me"), 401)
        assert (await sign_in(phone, password="an entirely new one")).status_code == 200


async def test_a_password_is_hashed_anew_when_the_parameters_have_changed(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    user_id = await somebody(shop)
    older = await Passwords(memory_kib=16, passes=1).hashed(PASSWORD)
    async with account_transaction(shop.system.pool, user_id) as tx:
        await tx.execute("UPDATE users SET password_hash = $1", older)
    await sign_in(browser)
    async with account_transaction(shop.system.pool, user_id) as tx:
        now = await tx.fetchval("SELECT password_hash FROM users")
    assert "m=8," in now
    assert (await sign_in(browser)).status_code == 200


async def test_a_program_gets_tokens_and_the_next_ones_until_one_comes_twice(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop, role=Role.VIEWER)
    asked = {"email": EMAIL, "password": PASSWORD, "salon": "shop"}
    first = (await browser.post("/api/auth/token", json=asked)).json()
    second = (await browser.post("/api/auth/refresh", json={"refresh_token": first["refresh_token"]})).json()
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    assert (await browser.get("/api/staff", headers=headers)).status_code == 200
    error_of(await browser.post("/api/staff", headers=headers, json={"name": "Mia"}), 403)
    shop.clock.forward(minutes=15)
    error_of(await browser.get("/api/staff", headers=headers), 401)
    stolen = await browser.post("/api/auth/refresh", json={"refresh_token": first["refresh_token"]})
    error_of(stolen, 401)
    error_of(await browser.post("/api/auth/refresh", json={"refresh_token": second["refresh_token"]}), 401)
    error_of(await browser.post("/api/auth/refresh", json={"refresh_token": "made up"}), 401)


async def test_a_program_that_is_signed_out_gets_no_next_token(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    tokens = (await browser.post("/api/auth/token", json={"email": EMAIL, "password": PASSWORD})).json()
    await sign_in(browser)
    assert {one["program"] for one in (await browser.get("/api/auth/sessions")).json()} == {True, False}
    await browser.delete("/api/auth/sessions")
    error_of(await browser.post("/api/auth/refresh", json={"refresh_token": tokens["refresh_token"]}), 401)


async def test_the_second_factor_is_asked_for_and_each_code_is_good_once(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await sign_in(browser)
    error_of(await browser.post("/api/auth/totp", json={"password": WRONG}), 401)
    enrolled = (await browser.post("/api/auth/totp", json={"password": PASSWORD})).json()
    totp = pyotp.TOTP(enrolled["secret"])
    error_of(await browser.post("/api/auth/totp/confirm", json={"code": "000000"}), 422)
    code = totp.at(shop.clock())
    cookie = browser.cookies["standby"]
    recovery = (await browser.post("/api/auth/totp/confirm", json={"code": code})).json()["recovery_codes"]
    assert browser.cookies["standby"] != cookie
    assert len(set(recovery)) == 10
    error_of(await browser.post("/api/auth/totp", json={"password": PASSWORD}), 409)

    async with browsing(shop) as again:
        assert (await sign_in(again)).json() == {"needs_code": True}
        error_of(await again.get("/api/auth/me"), 401)
        error_of(await again.get("/api/staff"), 401)
        error_of(await again.post("/api/auth/code", json={"code": code}), 401)
        code = totp.at(shop.clock() + timedelta(seconds=30))
        assert (await again.post("/api/auth/code", json={"code": code})).status_code == 200
        assert (await again.get("/api/staff")).status_code == 200
        await sign_in(again)
        assert (await again.post("/api/auth/code", json={"code": recovery[0].upper()})).status_code == 200
        await sign_in(again)
        error_of(await again.post("/api/auth/code", json={"code": recovery[0]}), 401)
    token = {"email": EMAIL, "password": PASSWORD}
    assert error_of(await browser.post("/api/auth/token", json=token), 401)["code"] == "SECOND_FACTOR_NEEDED"
    assert (await browser.post("/api/auth/token", json=token | {"code": recovery[1]})).status_code == 200
    assert (await browser.post("/api/auth/totp/remove", json={"password": PASSWORD})).status_code == 204
    assert (await sign_in(browser)).json() == {"needs_code": False}


async def test_codes_that_no_key_can_check_are_refused_with_the_reason_and_a_recovery_code_works(
    shop: Shop, browser: httpx.AsyncClient, database_url: str
) -> None:
    await somebody(shop)
    await sign_in(browser)
    enrolled = (await browser.post("/api/auth/totp", json={"password": PASSWORD})).json()
    totp = pyotp.TOTP(enrolled["secret"])
    confirmed = await browser.post("/api/auth/totp/confirm", json={"code": totp.at(shop.clock())})
    recovery = confirmed.json()["recovery_codes"]
    lost = Seal([Fernet.generate_key().decode()]).close({"totp": enrolled["secret"]})
    owner = await asyncpg.connect(database_url)
    await owner.execute("UPDATE standby.users SET totp_secret = $1", lost)
    await owner.close()
    code = totp.at(shop.clock() + timedelta(seconds=30))
    await sign_in(browser)
    with capture_logs() as logged:
        error = error_of(await browser.post("/api/auth/code", json={"code": code}), 503)
    assert (error["code"], "recovery code" in error["message"]) == ("CODES_UNAVAILABLE", True)
    assert [one["event"] for one in logged if one["log_level"] == "error"] == [
        "second_factor_cannot_be_opened"
    ]
    assert not [secret for secret in (code, enrolled["secret"], EMAIL) if secret in str(logged)]
    page = await browser.post("/sign-in/code", data={"code": code})
    assert (page.status_code, "Use a recovery code" in page.text) == (503, True)
    assert (await browser.post("/api/auth/code", json={"code": recovery[0]})).status_code == 200


async def test_what_makes_the_codes_is_sealed_anew_with_a_new_key(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    user_id = await somebody(shop)
    await sign_in(browser)
    enrolled = (await browser.post("/api/auth/totp", json={"password": PASSWORD})).json()
    new = Fernet.generate_key().decode()
    both = Seal([new, *shop.system.settings.seal_keys()])
    assert await second_factor.reseal(shop.system.worker_pool, both) == 1
    async with account_transaction(shop.system.pool, user_id) as tx:
        sealed = await tx.fetchval("SELECT totp_secret FROM users")
    assert enrolled["secret"].encode() not in sealed
    assert Seal([new]).open(sealed) == {"totp": enrolled["secret"]}


async def test_who_knows_the_password_cannot_try_one_code_after_the_other(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await sign_in(browser)
    enrolled = (await browser.post("/api/auth/totp", json={"password": PASSWORD})).json()
    code = pyotp.TOTP(enrolled["secret"]).at(shop.clock())
    await browser.post("/api/auth/totp/confirm", json={"code": code})
    shop.clock.forward(days=1)
    tried = []
    async with browsing(shop) as thief:
        for _ in range(4):
            tried.append((await sign_in(thief)).status_code)
            tried.append((await thief.post("/api/auth/code", json={"code": "000000"})).status_code)
    assert tried[-1] == 429
    assert tried.count(401) <= 3


async def test_an_operators_cookie_is_known_as_one_and_lasts_hours(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await sign_in(browser)
    pool = shop.system.pool
    assert await sessions.operator_of(pool, browser.cookies["standby"], now=shop.clock()) is None
    assert await first_accounts.set_operator(shop.system.worker_pool, EMAIL.upper(), is_operator=True)
    assert await sessions.find(pool, browser.cookies["standby"], now=shop.clock()) is None
    await sign_in(browser)
    operator = await sessions.operator_of(pool, browser.cookies["standby"], now=shop.clock())
    assert operator is not None
    assert operator.email == EMAIL
    shop.clock.forward(hours=1)
    assert await sessions.operator_of(pool, browser.cookies["standby"], now=shop.clock()) is None
    assert not await first_accounts.set_operator(
        shop.system.worker_pool, "nobody@example.com", is_operator=True
    )


async def test_no_request_can_make_an_operator(shop: Shop) -> None:
    user_id = await somebody(shop)
    async with account_transaction(shop.system.pool, user_id) as tx:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tx.execute("UPDATE users SET is_operator = true")


async def test_an_account_sees_its_own_rows_only(shop: Shop, browser: httpx.AsyncClient) -> None:
    ours, theirs = await somebody(shop), await somebody(shop, "else@example.com")
    await sign_in(browser, "else@example.com")
    async with browsing(shop) as own:
        await sign_in(own)
    async with account_transaction(shop.system.pool, ours) as tx:
        assert [row["id"] for row in await tx.fetch("SELECT id FROM users")] == [ours]
        assert [row["user_id"] for row in await tx.fetch("SELECT user_id FROM sessions")] == [ours]
        assert await tx.execute("DELETE FROM sessions WHERE user_id = $1", theirs) == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tx.execute("UPDATE sessions SET user_id = $1", theirs)
    async with shop.system.pool.acquire() as connection:
        assert await connection.fetch("SELECT FROM users") == []
