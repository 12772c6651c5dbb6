"""No more mails: at once, by one click, without signing in; and back again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from standby.channels.smtp import SmtpChannel
from standby.messages import consent
from standby.signed_links import UNSUBSCRIBE, Linked, token_for
from standby.tenants.customers import CONSENT_TEXT
from standby.wiring import System
from tests.api import calling
from tests.channel_drivers import OFFER, by_sendgrid
from tests.fakes.mailbox import Mailbox, mail_server
from tests.salon import SECRET, Clock, Shop, at_once, open_shop, open_system

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
LINK = "https://standby.test/u/" + "x" * 200


@pytest.fixture
async def kari(shop: Shop) -> UUID:
    """Somebody who agreed to everything, an hour ago."""
    await shop.join("Kari", email="kari@example.com")
    shop.clock.forward(hours=1)
    customer_id: UUID = (await shop.one("SELECT id FROM customers"))["id"]
    return customer_id


@pytest.fixture
async def program(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A mail program or a browser: nobody is signed in."""
    async with calling(shop) as client:
        client.headers.pop("Authorization")
        yield client


def page_of(shop: Shop, customer_id: UUID, *, secret: str = SECRET) -> str:
    token = token_for(secret.encode(), Linked(shop.salon.id, customer_id), UNSUBSCRIBE)
    return f"/u/{token}"


async def channels_of(shop: Shop) -> set[str]:
    return set((await shop.one("SELECT channels FROM customers WHERE name = 'Kari'"))["channels"])


async def words_about(shop: Shop, channel: str = "email") -> list[tuple[bool, str, str]]:
    rows = await shop.all(
        "SELECT granted, source, text_version FROM consents WHERE channel = $1 ORDER BY at, id", channel
    )
    return [(row["granted"], row["source"], row["text_version"]) for row in rows]


async def test_a_mail_carries_its_way_out_and_one_click_on_it_ends_all_mails(
    database_url: str, clock: Clock
) -> None:
    mailbox, public = Mailbox(), "https://standby.test"
    async with mail_server(mailbox) as url:
        by_mail = SmtpChannel(url, "no-reply@standby.test", clock)
        async with open_system(database_url, clock, channels={"email": by_mail}, public_url=public) as parts:
            shop = await open_shop(parts, clock)
            await shop.join("Kari", email="kari@example.com")
            await shop.free_slot()
            await shop.run_jobs()
            [mail] = mailbox.mails
            assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            link = mail["List-Unsubscribe"].strip("<>")
            body = mail.get_body(("plain",))
            assert body is not None
            assert body.get_content().split("\r\n")[-3:] == ["No more email from Shop:", link, ""]
            async with calling(shop) as client:
                assert (await client.post(link.removeprefix(public), data=ONE_CLICK)).status_code == 200
            assert await channels_of(shop) == {"whatsapp", "sms"}
            await shop.pass_time(hours=2)
            await shop.free_slot()
            await shop.run_jobs()
            assert len(mailbox.mails) == 1


async def test_the_links_address_stays_whole_however_long_it_is() -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox) as url:
        message = replace(OFFER, channel="email", to="kari@example.com", unsubscribe_url=LINK)
        await SmtpChannel(url, "no-reply@standby.test", Clock()).send(message)
        await SmtpChannel(url, "no-reply@standby.test", Clock()).send(replace(message, unsubscribe_url=None))
    assert f"List-Unsubscribe: <{LINK}>".encode() in mailbox.raw[0].splitlines()
    assert [mail["Subject"] for mail in mailbox.mails] == [OFFER.subject] * 2
    assert "List-Unsubscribe" not in mailbox.mails[1]


async def test_sendgrid_is_given_the_same_headers() -> None:
    async with by_sendgrid() as driver:
        await driver.channel().send(replace(driver.message, unsubscribe_url=LINK))
        [mail] = driver.fake.taken.values()
        assert mail["headers"]["List-Unsubscribe"] == f"<{LINK}>"
        assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_changes_nothing(
    shop: Shop, program: httpx.AsyncClient, kari: UUID, method: str
) -> None:
    before = await words_about(shop)
    for path in ("", "?back=yes", "/stop", "/resume"):
        answer = await program.request(method, page_of(shop, kari) + path)
        assert answer.status_code in (200, 303, 405)
    assert await channels_of(shop) == {"whatsapp", "sms", "email"}
    assert await words_about(shop) == before


async def test_one_click_is_answered_in_place_and_may_come_again(
    shop: Shop, program: httpx.AsyncClient, kari: UUID
) -> None:
    for _ in range(3):
        answer = await program.post(page_of(shop, kari), data=ONE_CLICK)
        assert answer.status_code == 200  # RFC 8058 forbids to redirect it.
        assert "You get no more email from us" in answer.text
        shop.clock.forward(minutes=1)
    assert await channels_of(shop) == {"whatsapp", "sms"}
    assert await words_about(shop) == [(True, "test", CONSENT_TEXT), (False, "unsubscribe", "")]


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"List-Unsubscribe=One-Click"])
@pytest.mark.parametrize("kind", ["multipart/form-data", "application/json", "text/plain; charset=none"])
async def test_one_click_works_whatever_the_mail_program_puts_into_it(
    shop: Shop, program: httpx.AsyncClient, kari: UUID, body: bytes, kind: str
) -> None:
    answer = await program.post(page_of(shop, kari), content=body, headers={"Content-Type": kind})
    assert answer.status_code == 200
    assert "email" not in await channels_of(shop)


async def test_many_clicks_at_once_count_once(shop: Shop, program: httpx.AsyncClient, kari: UUID) -> None:
    answers = await at_once(*[program.post(page_of(shop, kari)) for _ in range(8)])
    assert [answer.status_code for answer in answers] == [200] * 8
    assert [granted for granted, *_ in await words_about(shop)] == [True, False]


async def test_who_takes_it_back_is_written_to_again(
    shop: Shop, program: httpx.AsyncClient, kari: UUID
) -> None:
    page = page_of(shop, kari)
    assert (await program.post(f"{page}/stop")).headers["location"] == page
    shop.clock.forward(minutes=1)
    for _ in range(2):
        answer = await program.post(f"{page}/resume", follow_redirects=True)
        assert "We’ll write to you by email again" in answer.text
    assert await channels_of(shop) == {"whatsapp", "sms", "email"}
    assert await words_about(shop) == [
        (True, "test", CONSENT_TEXT),
        (False, "unsubscribe", ""),
        (True, "resubscribe", CONSENT_TEXT),
    ]
    await program.post(page)
    assert "email" not in await channels_of(shop)


async def test_a_forged_link_does_nothing_and_says_so(
    shop: Shop, program: httpx.AsyncClient, kari: UUID, parts: System, clock: Clock
) -> None:
    elsewhere = await open_shop(parts, clock, slug="elsewhere")
    for path in (
        page_of(shop, kari, secret="y" * 40),
        page_of(elsewhere, kari),  # Well signed, but she is no customer there.
        page_of(shop, uuid4()),
        "/u/nonsense",
    ):
        assert (await program.get(path)).status_code == 404
        for answer in ("", "/stop", "/resume"):
            said = await program.post(path + answer, follow_redirects=True)
            assert said.status_code == 404, answer
    assert await channels_of(shop) == {"whatsapp", "sms", "email"}


async def test_the_page_speaks_the_salons_language_and_has_the_headers_of_all_pages(
    shop: Shop, program: httpx.AsyncClient, kari: UUID
) -> None:
    async with shop.transaction() as tx:
        await tx.execute("UPDATE tenants SET locale = 'nb'")
    answer = await program.get(page_of(shop, kari), headers={"Accept-Language": "en"})
    assert "Stopp e-postene" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in answer.headers


async def test_the_free_time_that_they_could_not_be_told_of_is_offered_when_they_are_back(
    shop: Shop, kari: UUID
) -> None:
    async with shop.transaction() as tx:
        await tx.execute("UPDATE customers SET channels = '{email}'")
        assert await consent.withdraw(tx, kari, "email", source="test", at=shop.clock())
    slot = await shop.free_slot()
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "open"
    async with shop.transaction() as tx:
        assert await consent.grant(tx, kari, "email", source="test", at=shop.clock.forward(minutes=1))
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "held"


# The last word counts, whichever is heard first.


@pytest.mark.parametrize(
    ("said", "open_in_the_end", "changes"),
    [
        ([("stop", 1)], False, [True]),
        ([("stop", 1), ("stop", 1)], False, [True, False]),
        ([("stop", 1), ("stop", 2)], False, [True, False]),
        ([("start", 1)], True, [False]),
        ([("stop", 1), ("start", 2)], True, [True, True]),
        ([("start", 2), ("stop", 1)], True, [False, False]),
        ([("stop", 2), ("start", 1)], False, [True, False]),
        ([("stop", 1), ("stop", 3), ("start", 2)], False, [True, False, False]),
        ([("start", 1), ("start", 3), ("stop", 2)], True, [False, False, False]),
        ([("stop", 1), ("start", 1)], True, [True, True]),
        ([("stop", 1), ("start", 1), ("stop", 1)], False, [True, True, True]),
        ([("stop", -90)], True, [False]),  # Before they agreed.
    ],
)
async def test_the_last_word_counts_in_whatever_order_they_are_heard(
    shop: Shop, kari: UUID, said: list[tuple[str, int]], *, open_in_the_end: bool, changes: list[bool]
) -> None:
    words = {"stop": consent.withdraw, "start": consent.grant}
    changed = []
    for word, minutes in said:
        async with shop.transaction() as tx:
            at = shop.clock() + timedelta(minutes=minutes)
            changed.append(await words[word](tx, kari, "sms", source="sms", at=at))
    assert changed == changes
    assert await channels_of(shop) == {"whatsapp", "email"} | ({"sms"} if open_in_the_end else set())


async def test_the_same_word_is_written_down_once(shop: Shop, kari: UUID) -> None:
    async with shop.transaction() as tx:
        for _ in range(3):
            await consent.withdraw(tx, kari, "sms", source="sms", at=shop.clock())
    assert await words_about(shop, "sms") == [(True, "test", CONSENT_TEXT), (False, "sms", "")]


async def test_nobody_agrees_to_a_channel_that_we_have_no_address_for(shop: Shop) -> None:
    await shop.join("Kari")
    customer_id = (await shop.one("SELECT id FROM customers"))["id"]
    async with shop.transaction() as tx:
        assert not await consent.grant(tx, customer_id, "email", source="test", at=shop.clock())
        assert not await consent.grant(tx, uuid4(), "sms", source="test", at=shop.clock())
        assert not await consent.withdraw(tx, uuid4(), "sms", source="test", at=shop.clock())
    assert await words_about(shop) == []
