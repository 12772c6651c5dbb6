"""What mails about accounts bring: a salon's beginning, a new password, a place in a salon."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from standby.accounts import first_accounts, members
from standby.accounts.permissions import Role
from standby.channels.base import Outgoing, Permanent, Receipt, Retry, Sent
from standby.errors import LastOwner
from standby.wiring import System
from tests.accounts import EMAIL, PASSWORD, browsing, link, sign_in, somebody
from tests.api import calling, error_of
from tests.salon import Clock, Shop, at_once, open_shop, open_system

NEW = "an entirely new one"
SIGN_UP = {"email": "Ida@Example.com", "salon": "Ida’s Chair", "timezone": "Europe/Oslo", "locale": "nb"}


@pytest.fixture
async def browser(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with browsing(shop) as client:
        yield client


async def test_a_salon_is_made_when_its_owner_has_opened_the_mail_and_not_before(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    assert (await browser.post("/api/auth/sign-up", json=SIGN_UP)).status_code == 202
    error_of(await sign_in(browser, "ida@example.com"), 401)
    token = await link(shop, "verify")
    mail = shop.messages()[-1].message
    assert (mail.to, mail.subject) == ("ida@example.com", "Bekreft e-postadressen din")
    assert "Ida’s Chair" not in mail.html + mail.text  # Else it would carry anybody's words to anybody.
    short = await browser.post("/api/auth/verify", json={"token": token, "password": "short"})
    assert error_of(short, 422)["details"]["errors"][0]["code"] == "password_short"
    body = {"token": token, "password": NEW}
    assert (await browser.post("/api/auth/verify", json=body)).status_code == 204
    error_of(await browser.post("/api/auth/verify", json=body), 404)
    await sign_in(browser, "ida@example.com", NEW)
    me = (await browser.get("/api/auth/me")).json()
    assert me["salons"] == [{"slug": "ida-s-chair", "name": "Ida’s Chair", "role": "owner"}]
    assert (await browser.get("/api/policies")).status_code == 200


async def test_a_link_that_is_used_twice_at_once_is_used_once(shop: Shop, browser: httpx.AsyncClient) -> None:
    await browser.post("/api/auth/sign-up", json=SIGN_UP)
    body = {"token": await link(shop, "verify"), "password": NEW}
    answers = await at_once(*(browser.post("/api/auth/verify", json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404]
    await sign_in(browser, "ida@example.com", NEW)
    assert len((await browser.get("/api/auth/me")).json()["salons"]) == 1


async def test_a_second_salon_of_the_same_name_and_owner_gets_a_number_and_keeps_the_password(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await browser.post("/api/auth/sign-up", json=SIGN_UP | {"email": EMAIL, "salon": "Shop"})
    token = await link(shop, "verify")
    assert (await browser.post("/api/auth/verify", json={"token": token, "password": NEW})).status_code == 204
    await sign_in(browser)
    salons = (await browser.get("/api/auth/me")).json()["salons"]
    assert [one["slug"] for one in salons] == ["shop", "shop-2"]


async def test_what_is_wrong_with_a_sign_up_is_told_at_once(browser: httpx.AsyncClient) -> None:
    wrong = SIGN_UP | {"email": "ida", "salon": " ", "timezone": "Oslo", "currency": "kr"}
    problems = error_of(await browser.post("/api/auth/sign-up", json=wrong), 422)["details"]["errors"]
    assert {one["field"] for one in problems} == {"email", "salon", "timezone", "currency"}


async def test_who_has_forgotten_their_password_chooses_another_and_is_signed_out_everywhere(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await sign_in(browser)
    assert (await browser.post("/api/auth/forgot", json={"email": EMAIL})).status_code == 202
    token = await link(shop, "reset")
    assert (await browser.post("/api/auth/reset", json={"token": token, "password": NEW})).status_code == 204
    error_of(await browser.get("/api/auth/me"), 401)
    error_of(await sign_in(browser), 401)
    assert (await sign_in(browser, password=NEW)).status_code == 200
    error_of(await browser.post("/api/auth/reset", json={"token": token, "password": NEW}), 404)


async def test_a_new_password_ends_the_other_links_to_choose_one(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await browser.post("/api/auth/forgot", json={"email": EMAIL})
    first = await link(shop, "reset")
    await browser.post("/api/auth/forgot", json={"email": EMAIL})
    second = await link(shop, "reset")
    assert (await browser.post("/api/auth/reset", json={"token": first, "password": NEW})).status_code == 204
    error_of(await browser.post("/api/auth/reset", json={"token": second, "password": PASSWORD}), 404)


@pytest.mark.parametrize(("path", "hours"), [("reset", 1), ("verify", 24)])
async def test_a_link_ends(shop: Shop, browser: httpx.AsyncClient, path: str, hours: int) -> None:
    await somebody(shop)
    await browser.post("/api/auth/forgot", json={"email": EMAIL})
    await browser.post("/api/auth/sign-up", json=SIGN_UP)
    token = await link(shop, path)
    shop.clock.forward(hours=hours)
    error_of(await browser.post(f"/api/auth/{path}", json={"token": token, "password": NEW}), 404)


async def test_asking_tells_nobody_whether_there_is_an_account(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    known = await browser.post("/api/auth/forgot", json={"email": EMAIL})
    unknown = await browser.post("/api/auth/forgot", json={"email": "nobody@example.com"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    await shop.pass_time(seconds=0)
    assert [one.message.to for one in shop.messages()] == [EMAIL]


async def test_mails_that_are_asked_for_are_slowed_down_but_come_again(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    for _ in range(3):
        assert (await browser.post("/api/auth/forgot", json={"email": EMAIL})).status_code == 202
    refused = await browser.post("/api/auth/forgot", json={"email": EMAIL})
    error_of(refused, 429)
    shop.clock.forward(seconds=int(refused.headers["retry-after"]))
    assert (await browser.post("/api/auth/forgot", json={"email": EMAIL})).status_code == 202


async def test_who_is_invited_joins_as_what_they_were_invited_for(
    shop: Shop, browser: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    body = {"email": "Mia@example.com", "role": "staff"}
    invited = (await api.post("/api/invitations", json=body)).json()
    token = await link(shop, "invitation")
    assert (await browser.post("/api/auth/join", json={"token": token, "password": NEW})).status_code == 204
    await sign_in(browser, "mia@example.com", NEW)
    [salon] = (await browser.get("/api/auth/me")).json()["salons"]
    assert salon["role"] == "staff"
    assert (await api.get("/api/invitations")).json() == []
    error_of(await browser.post("/api/auth/join", json={"token": token, "password": NEW}), 404)
    error_of(await api.delete(f"/api/invitations/{invited['id']}"), 404)
    assert error_of(await api.post("/api/invitations", json=body), 409)["code"] == "MEMBER_ALREADY"


async def test_an_invitation_that_was_taken_back_or_replaced_is_good_for_nothing(
    shop: Shop, browser: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    body = {"email": "mia@example.com", "role": "owner"}
    await api.post("/api/invitations", json=body)
    first = await link(shop, "invitation")
    again = (await api.post("/api/invitations", json=body | {"role": "viewer"})).json()
    second = await link(shop, "invitation")
    error_of(await browser.post("/api/auth/join", json={"token": first, "password": NEW}), 404)
    assert (await api.delete(f"/api/invitations/{again['id']}")).status_code == 204
    error_of(await browser.post("/api/auth/join", json={"token": second, "password": NEW}), 404)
    error_of(await sign_in(browser, "mia@example.com", NEW), 401)


async def test_a_salon_sends_so_many_invitations_a_day_and_few_come_to_one_address(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    other = await open_shop(shop.system, shop.clock, slug="other")

    async def invite(email: str, by: httpx.AsyncClient = api) -> httpx.Response:
        return await by.post("/api/invitations", json={"email": email, "role": "viewer"})

    assert [(await invite("mia@example.com")).status_code for _ in range(2)] == [201, 201]
    async with calling(other) as others:
        assert (await invite("Mia@example.com", others)).status_code == 201
        refused = await invite("mia@example.com", others)
    assert error_of(refused, 429)["code"] == "TOO_MANY_INVITATIONS"
    assert int(refused.headers["retry-after"]) == 8 * 3600
    came = await at_once(*(invite(f"{number}@example.com") for number in range(20)))
    assert sorted(one.status_code for one in came) == [201] * 18 + [429] * 2
    assert len((await api.get("/api/invitations")).json()) == 19
    await shop.pass_time(seconds=0)
    assert len([one for one in shop.messages() if "/invitation/" in (one.message.link or "")]) == 21
    shop.clock.forward(hours=8)
    assert (await invite("mia@example.com")).status_code == 201


@pytest.mark.parametrize("name", ["Win at https://x.test", "See WWW.x.test", "One\nline"])
async def test_no_salon_signs_up_with_a_link_in_its_name(browser: httpx.AsyncClient, name: str) -> None:
    refused = error_of(await browser.post("/api/auth/sign-up", json=SIGN_UP | {"salon": name}), 422)
    assert [one["field"] for one in refused["details"]["errors"]] == ["salon"]


async def test_a_link_for_one_thing_is_none_for_another(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    await browser.post("/api/auth/forgot", json={"email": EMAIL})
    token = await link(shop, "reset")
    for path in ("verify", "join"):
        error_of(await browser.post(f"/api/auth/{path}", json={"token": token, "password": NEW}), 404)


async def test_a_salon_keeps_an_owner_even_if_two_remove_each_other(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    first = await somebody(shop)
    error = error_of(await api.delete(f"/api/members/{first}"), 409)
    assert error["code"] == "LAST_OWNER"
    error_of(await api.patch(f"/api/members/{first}", json={"role": "manager"}), 409)
    second = await somebody(shop, "else@example.com")

    async def remove(user_id: object) -> None:
        async with shop.transaction() as tx:
            await members.remove(tx, user_id)  # type: ignore[arg-type]

    came = await at_once(remove(first), remove(second))
    assert [type(one) for one in came if one] == [LastOwner]
    assert len((await api.get("/api/members")).json()) == 1


async def test_the_operator_adds_people_by_a_link_that_chooses_a_password(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    async with shop.transaction() as tx:
        token = await first_accounts.add(tx, "Ola@example.com", Role.MANAGER, locale="nb", now=shop.clock())
    error_of(await sign_in(browser, "ola@example.com", ""), 401)
    assert (await browser.post("/api/auth/reset", json={"token": token, "password": NEW})).status_code == 204
    assert (await sign_in(browser, "ola@example.com", NEW)).status_code == 200
    [listed] = await first_accounts.listed(shop.system.worker_pool)
    assert (listed.email, listed.salons, listed.has_password) == ("ola@example.com", "shop: manager", True)


class Failing:
    """A mail server that says what it is told to."""

    name = "failing"

    def __init__(self, *says: Receipt) -> None:
        self.says = list(says)
        self.got: list[Outgoing] = []

    async def send(self, message: Outgoing) -> Receipt:
        self.got.append(message)
        return self.says.pop(0)

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None


async def test_a_mail_that_could_not_be_sent_is_tried_again_with_a_new_link(
    database_url: str, clock: Clock
) -> None:
    server = Failing(Retry("full"), Sent("1"), Permanent("no such mailbox"))
    async with open_system(database_url, clock, channels={"email": server}) as parts:
        shop = await open_shop(parts, clock)
        async with browsing(shop) as browser:
            await browser.post("/api/auth/sign-up", json=SIGN_UP)
            await shop.pass_time(seconds=0)
            await shop.pass_time(minutes=1)
            await shop.pass_time(minutes=30)
            assert len(server.got) == 2
            first, second = (str(one.link).rpartition("/")[2] for one in server.got)
            body = {"password": NEW}
            error_of(await browser.post("/api/auth/verify", json=body | {"token": first}), 404)
            answer = await browser.post("/api/auth/verify", json=body | {"token": second})
            assert answer.status_code == 204
            await browser.post("/api/auth/sign-up", json=SIGN_UP)
            await shop.pass_time(seconds=0)
            await shop.pass_time(hours=9)
            assert len(server.got) == 3
            assert await waiting(parts) == 0


async def test_without_a_mail_server_letters_wait_for_one(database_url: str, clock: Clock) -> None:
    async with open_system(database_url, clock, channels={}) as parts:
        shop = await open_shop(parts, clock)
        async with browsing(shop) as browser:
            await browser.post("/api/auth/sign-up", json=SIGN_UP)
        await shop.pass_time(seconds=0)
        assert await waiting(parts) == 1
        unsent = await parts.worker_pool.fetchrow("SELECT * FROM unsent_letters($1)", clock())
        assert unsent is not None
        assert tuple(unsent) == (1, "the installation has no mail server")


async def waiting(parts: System) -> int:
    """How many letters are still to be sent."""
    owner = await asyncpg.connect(parts.url, server_settings={"search_path": "standby"})
    try:
        count: int = await owner.fetchval("SELECT count(*) FROM letters WHERE next_attempt_at IS NOT NULL")
        return count
    finally:
        await owner.close()


async def test_another_email_holds_once_its_mailbox_has_confirmed_it_and_the_old_one_is_told(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await sign_in(browser)
    body = {"email": "Kim@New.example", "password": PASSWORD}
    error_of(await browser.put("/api/auth/email", json=body | {"password": NEW}), 401)
    same = await browser.put("/api/auth/email", json=body | {"email": EMAIL.upper()})
    assert error_of(same, 422)["details"]["errors"][0]["code"] == "email_same"
    assert (await browser.put("/api/auth/email", json=body)).status_code == 202
    token = await link(shop, "email")
    told = {one.message.to: one.message for one in shop.messages()}
    assert told.keys() == {"kim@new.example", EMAIL}
    assert str(told[EMAIL].link).endswith("/forgot")
    assert (await browser.get("/api/auth/me")).json()["email"] == EMAIL
    confirmed = [await browser.post("/api/auth/email/confirm", json={"token": token}) for _ in range(2)]
    assert [answer.status_code for answer in confirmed] == [204, 404]
    assert (await browser.get("/api/auth/me")).json()["email"] == "kim@new.example"
    error_of(await sign_in(browser, EMAIL), 401)
    assert (await sign_in(browser, "kim@new.example")).status_code == 200


async def test_an_email_that_has_an_account_is_asked_for_in_vain_and_nothing_tells(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    await somebody(shop)
    await sign_in(browser)
    for email in ("mia@example.com", "ida@example.com"):
        body = {"email": email, "password": PASSWORD}
        assert (await browser.put("/api/auth/email", json=body)).status_code == 202
    token = await link(shop, "email")
    await somebody(shop, "ida@example.com")  # After the mail went out.
    error_of(await browser.post("/api/auth/email/confirm", json={"token": token}), 404)
    sent = len(shop.messages())
    body = {"email": "ida@example.com", "password": PASSWORD}
    assert (await browser.put("/api/auth/email", json=body)).status_code == 202
    await shop.pass_time(seconds=0)
    assert [one.message.to for one in shop.messages()[sent:]] == [EMAIL]


async def test_a_new_password_ends_the_change_of_an_email(shop: Shop, browser: httpx.AsyncClient) -> None:
    await somebody(shop)
    await sign_in(browser)
    await browser.put("/api/auth/email", json={"email": "thief@example.com", "password": PASSWORD})
    token = await link(shop, "email")
    await browser.put("/api/auth/password", json={"current": PASSWORD, "password": NEW})
    error_of(await browser.post("/api/auth/email/confirm", json={"token": token}), 404)


async def test_an_account_is_deleted_but_not_a_salons_only_owner(
    shop: Shop, browser: httpx.AsyncClient, database_url: str
) -> None:
    user_id = await somebody(shop)
    await sign_in(browser)
    refused = error_of(await browser.post("/api/auth/delete", json={"password": PASSWORD}), 409)
    assert (refused["code"], refused["details"]) == ("ONLY_OWNER", {"salons": ["Shop"]})
    await somebody(shop, "mia@example.com")
    await browser.put("/api/auth/email", json={"email": "kim@new.example", "password": PASSWORD})
    error_of(await browser.post("/api/auth/delete", json={"password": NEW}), 401)
    assert (await browser.post("/api/auth/delete", json={"password": PASSWORD})).status_code == 204
    error_of(await browser.get("/api/auth/me"), 401)
    error_of(await sign_in(browser), 401)
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    left = await owner.fetchval(
        "SELECT count(*) FROM (SELECT user_id FROM sessions UNION ALL SELECT user_id FROM memberships) x "
        "WHERE user_id = $1",
        user_id,
    )
    letters = await owner.fetch("SELECT kind FROM letters WHERE email LIKE 'kim@%'")
    await owner.close()
    assert (left, letters) == (0, [])
    told = await shop.one("SELECT actor, action FROM audit_log WHERE entity = 'member'")
    assert (told["actor"], told["action"]) == (f"user:{user_id}", "delete")


async def test_of_two_owners_who_leave_at_once_one_stays(shop: Shop) -> None:
    emails = ("ida@example.com", "mia@example.com")
    async with browsing(shop) as ida, browsing(shop) as mia:
        for browser, email in zip((ida, mia), emails, strict=True):
            await somebody(shop, email)
            await sign_in(browser, email)
        answers = await at_once(
            *(browser.post("/api/auth/delete", json={"password": PASSWORD}) for browser in (ida, mia))
        )
    assert sorted(answer.status_code for answer in answers) == [204, 409]
