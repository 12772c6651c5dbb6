"""The pages of messages: the inbox, every message with its state, and conversations, in which one answers by hand."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from uuid import UUID, uuid4

import httpx
import pytest

from standby.accounts.permissions import Role
from standby.channels.events import Reply
from standby.messages import inbound
from standby.messages.kinds import KINDS
from standby.web.dashboard.messages_told import STATES
from standby.web.words import LANGUAGES
from tests.accounts import browsing, sign_in, somebody
from tests.salon import Shop, at_once, open_shop

ids = count(1)
PHONE = "+4741234567"


@pytest.fixture
async def mia(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A staff member's browser."""
    await somebody(shop, "mia@example.com", Role.STAFF)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client, "mia@example.com")
        yield client


async def writes(shop: Shop, text: str, phone: str = PHONE, channel: str = "whatsapp") -> None:
    reply = Reply(f"wamid.page.{next(ids)}", shop.clock(), phone, "1555", text, None, None, None)
    async with shop.transaction() as tx:
        await inbound.take(tx, channel, reply, now=shop.clock())
    await shop.run_jobs()


async def kari(shop: Shop) -> UUID:
    """Kari waits for a cut; who she is."""
    await shop.join("Kari Nordmann", phone=PHONE)
    customer: UUID = (await shop.one("SELECT id FROM customers WHERE phone = $1", PHONE))["id"]
    return customer


def form_of(page: str) -> dict[str, str]:
    """What the form to answer holds that nobody types."""
    return dict(re.findall(r'type="hidden" name="(form|seen)" value="([^"]+)"', page))


async def test_what_somebody_wrote_is_read_answered_and_handled(shop: Shop, mia: httpx.AsyncClient) -> None:
    assert "No message has gone out yet" in (await mia.get("/app/messages")).text
    customer = await kari(shop)
    await writes(shop, "May I bring my <dog>?")
    shop.clock.forward(minutes=1)
    page = (await mia.get("/app/messages")).text
    assert "May I bring my &lt;dog&gt;?" in page
    assert re.search(r'Messages</span><span class="count">1<', page)
    assert "How to answer" in page  # What Standby told her meanwhile.
    talk = (await mia.get(f"/app/messages/{customer}")).text
    assert "May I bring my &lt;dog&gt;?" in talk
    form = form_of(talk)
    gone = await mia.post(
        f"/app/messages/{customer}/answer", data=form | {"text": "Yes, do!", "channel": "whatsapp"}
    )
    assert gone.headers["location"] == f"/app/messages/{customer}?said=sent"
    talk = (await mia.get(gone.headers["location"])).text
    assert "Your answer is on its way." in talk
    assert "Waiting to go out" in talk
    assert "Mark as handled" not in talk
    await shop.run_jobs()
    assert shop.messages()[-1].message.text == "Yes, do!"
    assert "Nobody waits for an answer" in (await mia.get("/app/messages")).text
    row = await shop.one("SELECT handled_by FROM replies")
    assert row["handled_by"].startswith("user:")


async def test_a_double_click_sends_one_answer(shop: Shop, mia: httpx.AsyncClient) -> None:
    customer = await kari(shop)
    await writes(shop, "Hello?")
    form = form_of((await mia.get(f"/app/messages/{customer}")).text) | {"text": "Hi", "channel": "whatsapp"}
    answers = await at_once(*(mia.post(f"/app/messages/{customer}/answer", data=form) for _ in range(2)))
    assert [one.status_code for one in answers] == [303, 303]
    assert len(await shop.all("SELECT FROM messages WHERE kind = 'by_hand'")) == 1


async def test_an_answer_that_was_changed_since_it_was_sent_is_not_said_to_be_sent(
    shop: Shop, mia: httpx.AsyncClient
) -> None:
    customer = await kari(shop)
    await writes(shop, "Hello?")
    form = form_of((await mia.get(f"/app/messages/{customer}")).text) | {"text": "Hi", "channel": "whatsapp"}
    path = f"/app/messages/{customer}/answer"
    assert (await mia.post(path, data=form)).status_code == 303
    told = await mia.post(path, data=form | {"channel": "sms"})
    assert told.status_code == 409
    told = await mia.post(path, data=form | {"text": "At noon"})
    assert told.status_code == 409
    assert "was sent already" in told.text
    assert ">At noon</textarea>" in told.text
    again = form | {"text": "At noon"} | form_of(told.text)
    assert (await mia.post(path, data=again)).status_code == 303
    sent = await shop.all(
        "SELECT details ->> 'text' AS text FROM messages WHERE kind = 'by_hand' ORDER BY id"
    )
    assert [row["text"] for row in sent] == ["Hi", "At noon"]


async def test_a_reply_is_handled_without_an_answer_and_twice_is_once(
    shop: Shop, mia: httpx.AsyncClient
) -> None:
    customer = await kari(shop)
    await writes(shop, "See you")
    [path] = re.findall(r"/app/messages/replies/[^/]+/handled", (await mia.get("/app/messages")).text)
    assert (await mia.post(path)).headers["location"] == "/app/messages?said=handled"
    gone = await mia.post(path, data={"customer": str(customer)})
    assert gone.headers["location"] == f"/app/messages/{customer}?said=handled"
    gone = await mia.post(f"/app/messages/replies/{uuid4()}/handled", data={"customer": "//evil.example"})
    assert gone.headers["location"] == "/app/messages"


async def test_whoever_nobody_knows_is_read_too(shop: Shop, mia: httpx.AsyncClient) -> None:
    await writes(shop, "Who are you?", phone="+4799999999")
    page = (await mia.get("/app/messages")).text
    assert "Nobody you know by this number" in page
    assert 'href="tel:+4799999999"' in page


async def test_what_cannot_be_sent_is_said_in_place_and_nothing_typed_is_lost(
    shop: Shop, mia: httpx.AsyncClient
) -> None:
    customer = await kari(shop)
    talk = (await mia.get(f"/app/messages/{customer}")).text
    assert "They have not written to you" in talk
    assert "<textarea" not in talk
    await writes(shop, "Hello?")
    path = f"/app/messages/{customer}/answer"
    page = await mia.post(path, data={"text": "  ", "channel": "sms"})
    assert (page.status_code, "Write something first." in page.text) == (422, True)
    assert 'value="sms" checked' in page.text
    page = await mia.post(path, data={"text": "x" * 601, "channel": "sms"})
    assert "600 characters are the most" in page.text
    assert "x" * 601 in page.text
    shop.clock.forward(hours=25)
    talk = (await mia.get(f"/app/messages/{customer}")).text
    assert "within 24 hours of their last message there" in talk
    assert 'value="whatsapp"' not in talk
    page = await mia.post(path, data={"text": "Still there?", "channel": "whatsapp"})
    assert page.status_code == 409
    assert "It is more than 24 hours since they wrote by WhatsApp. Nothing was sent." in page.text
    assert "Still there?" in page.text
    assert await shop.all("SELECT FROM messages WHERE kind = 'by_hand'") == []


async def test_messages_are_found_by_state_channel_kind_day_and_customer(
    shop: Shop, mia: httpx.AsyncClient
) -> None:
    await kari(shop)
    await shop.free_slot()
    await shop.run_jobs()
    shop.clock.forward(days=1)
    await shop.book(notify=True)

    async def found(**asked: str) -> list[str]:
        page = (await mia.get("/app/messages", params=asked)).text
        return re.findall(r'<div class="sent-what">\s*<span>([^<]+)</span>', page)

    assert await found() == ["Booking confirmed", "A time is offered"]
    assert await found(state="queued") == ["Booking confirmed"]
    assert await found(state="sent") == ["A time is offered"]
    assert await found(channel="whatsapp", kind="offer") == ["A time is offered"]
    assert await found(channel="sms") == []
    assert await found(q="kari nord") == ["A time is offered"]
    assert await found(q="412 34 567") == ["A time is offered"]
    assert await found(q="%") == []
    assert await found(q="nobody 41") == []  # Two digits are no phone number,
    assert await found(q="41\N{SUPERSCRIPT TWO}") == []  # and this is none.
    assert await found(**{"from": "2026-11-24"}) == ["Booking confirmed"]
    assert await found(to="2026-11-23") == ["A time is offered"]
    assert await found(state="x", kind="y", before="z") == ["Booking confirmed", "A time is offered"]
    wrong = await mia.get("/app/messages", params={"from": "x"})
    assert (wrong.status_code, "Write a day like" in wrong.text) == (422, True)
    assert "No message is like that" in (await mia.get("/app/messages?state=failed")).text


async def test_the_list_goes_on_where_a_page_ended(shop: Shop, mia: httpx.AsyncClient) -> None:
    customer = await kari(shop)
    async with shop.transaction() as tx:
        await tx.execute(
            "INSERT INTO messages (tenant_id, id, customer_id, kind, dedupe_key, status, channels, channel, reason, "
            "created_at) SELECT current_tenant(), gen_random_uuid(), $2, 'help', n::text, 'dropped', '{sms}', 'sms', "
            "'offer_ended', $1::timestamptz + n * interval '1 second' FROM generate_series(1, 60) AS n",
            shop.clock(),
            customer,
        )
    page = (await mia.get("/app/messages")).text
    assert page.count('class="sent-one"') == 50
    assert "The offer had ended before it could go out." in page
    [older] = re.findall(r'href="(/app/messages\?before=[^"]+)"', page)
    page = (await mia.get(older)).text
    assert page.count('class="sent-one"') == 10
    assert "The newest again" in page
    talk = (await mia.get(f"/app/messages/{customer}")).text
    assert talk.count('class="bubble"') == 40
    [earlier] = re.findall(r'href="(/app/messages/[^"?]+\?before=[^"]+)"', talk)
    talk = (await mia.get(earlier)).text
    assert talk.count('class="bubble"') == 20
    assert "data-live" not in talk.partition("<main")[2]


async def test_why_a_message_did_not_go_out_is_said_in_plain_words_with_what_to_do(
    shop: Shop, mia: httpx.AsyncClient
) -> None:
    await kari(shop)
    await shop.free_slot()
    await shop.run_jobs()
    for status, reason, said in (
        ("failed", "no_open_channel", "any channel that they agreed to. Give them a call."),
        ("failed", "quota", "This month’s quota is used up."),
        (
            "failed",
            "131026: not on WhatsApp",
            "check the number or address, or give them a call. It said: 131026: not on",
        ),
        (
            "uncertain",
            "its worker is gone",
            "The connection ended while it was sent. If it matters, ask them.",
        ),
    ):
        async with shop.transaction() as tx:
            await tx.execute("UPDATE messages SET status = $1, reason = $2, sent_at = NULL", status, reason)
        assert said in (await mia.get("/app/messages")).text
    async with shop.transaction() as tx:
        await tx.execute(
            "UPDATE messages SET status = 'queued', reason = 'quiet_hours', next_attempt_at = $1, not_before = $1",
            shop.clock() + timedelta(hours=2),
        )
    assert "Your quiet hours: it goes out at 15:00." in (await mia.get("/app/messages")).text


async def test_nobody_sees_another_salons_customers_or_answers_them(
    shop: Shop, mia: httpx.AsyncClient
) -> None:
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    customer = await kari(theirs)
    await writes(theirs, "A secret")
    assert (await mia.get(f"/app/messages/{customer}")).status_code == 404
    assert (await mia.post(f"/app/messages/{customer}/answer", data={"text": "x"})).status_code == 404
    assert "secret" not in (await mia.get("/app/messages")).text
    reply = (await theirs.one("SELECT id FROM replies"))["id"]
    await mia.post(f"/app/messages/replies/{reply}/handled")
    assert (await theirs.one("SELECT handled_at FROM replies"))["handled_at"] is None


async def test_a_viewer_sees_no_messages(shop: Shop) -> None:
    await somebody(shop, "per@example.com", Role.VIEWER)
    async with browsing(shop, Accept="text/html") as per:
        await sign_in(per, "per@example.com")
        for path in ("/app/messages", f"/app/messages/{uuid4()}"):
            assert (await per.get(path)).status_code == 403


def test_every_kind_and_state_has_its_words() -> None:
    for words in LANGUAGES.values():
        assert {f"messages.kind.{kind}" for kind in KINDS} <= words.keys()
        assert {f"messages.state.{state}" for state in STATES} <= words.keys()
