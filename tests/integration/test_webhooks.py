"""What providers call us back with: kept once if they signed it, read by a job, and told to nobody else."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import asyncpg
import httpx
import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from standby.jobs.reconcile import heal, prune
from standby.messages import senders
from standby.messages.sealing import Seal
from standby.messages.senders import Sender
from standby.settings import Settings
from standby.web.app import create_app
from standby.web.webhooks import verify_token
from standby.wiring import system
from tests.approved import APPROVED
from tests.fakes.sendgrid import FakeSendGrid
from tests.fakes.twilio import FakeTwilio
from tests.fakes.whatsapp import FakeWhatsApp
from tests.salon import SECRET, Clock, Shop, at_once, open_shop

KEY = Fernet.generate_key().decode()
NUMBER = "+4790000000"
PHONE = "+4741234567"
EMAIL = "kari@example.com"
APP_SECRET = "app secret"
SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())
VERIFICATION = b64encode(
    SENDGRID_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
SENDERS = {
    "whatsapp": Sender(
        "whatsapp", NUMBER, {"phone_number_id": "1555"}, {"token": "t", "app_secret": APP_SECRET}
    ),
    "sms": Sender("twilio", NUMBER, {"account_sid": "AC1"}, {"auth_token": "t"}),
    "email": Sender("sendgrid", "post@example.com", {"verification_key": VERIFICATION}, {"api_key": "t"}),
}


@dataclass
class World:
    """A salon that sends by fake providers, and its web server."""

    shop: Shop
    web: httpx.AsyncClient
    whatsapp: FakeWhatsApp
    twilio: FakeTwilio
    sendgrid: FakeSendGrid

    async def appoint(self, *channels: str) -> None:
        async with self.shop.transaction() as tx:
            for channel in channels:
                await senders.appoint(tx, channel, SENDERS[channel], seal=Seal([KEY]), now=self.shop.clock())

    async def offer(self) -> asyncpg.Record:
        """Kari is offered a time; the message."""
        await self.shop.join("Kari", phone=PHONE, email=EMAIL)
        await self.shop.free_slot()
        await self.shop.run_jobs()
        return await self.message()

    async def message(self) -> asyncpg.Record:
        return await self.shop.one("SELECT * FROM messages WHERE kind = 'offer' ORDER BY created_at LIMIT 1")

    async def events(self) -> list[str]:
        rows = await self.shop.all("SELECT event FROM message_events ORDER BY id")
        return [row["event"] for row in rows]

    async def kept(self) -> int:
        return len(await self.shop.all("SELECT FROM callbacks"))

    async def by_whatsapp(self, value: Mapping[str, Any], *, secret: str = APP_SECRET) -> int:
        told = {"metadata": {"phone_number_id": "1555"}} | dict(value)
        raw = json.dumps({"entry": [{"changes": [{"value": told}]}]}).encode()
        return await self.post("whatsapp", raw, {"X-Hub-Signature-256": meta_signature(raw, secret)})

    async def status(self, word: str, **more: Any) -> int:
        """WhatsApp says what became of the offer's message."""
        sent = await self.message()
        usual = {
            "id": sent["provider_id"],
            "biz_opaque_callback_data": str(sent["id"]),
            "timestamp": str(int(self.shop.clock().timestamp())),
            "status": word,
        }
        return await self.by_whatsapp({"statuses": [usual | more]})

    async def by_twilio(self, form: Mapping[str, str], query: str = "", *, secret: str = "t") -> int:
        url = "http://127.0.0.1:8000/webhooks/twilio" + query
        text = url + "".join(name + form[name] for name in sorted(form))
        signature = b64encode(hmac.new(secret.encode(), text.encode(), "sha1").digest()).decode()
        headers = {
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return await self.post("twilio" + query, urlencode(form).encode(), headers)

    async def by_sendgrid(self, *events: Mapping[str, Any], age: float = 0) -> int:
        raw = json.dumps(list(events)).encode()
        at = str(int(self.shop.clock().timestamp() - age))
        signature = b64encode(SENDGRID_KEY.sign(at.encode() + raw, ec.ECDSA(SHA256()))).decode()
        headers = {
            "X-Twilio-Email-Event-Webhook-Signature": signature,
            "X-Twilio-Email-Event-Webhook-Timestamp": at,
        }
        return await self.post("sendgrid", raw, headers)

    async def post(self, where: str, raw: bytes, headers: Mapping[str, str]) -> int:
        """The answer's status; what it set off is done."""
        answer = await self.web.post(f"/webhooks/{where}", content=raw, headers=dict(headers))
        await self.shop.run_jobs()
        return answer.status_code


def meta_signature(raw: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


@pytest.fixture
async def world(database_url: str, clock: Clock) -> AsyncIterator[World]:
    whatsapp = FakeWhatsApp(number_id="1555", token="t", templates=APPROVED)
    twilio = FakeTwilio(account="AC1", token="t", senders={NUMBER}, contents={}, clock=clock)
    sendgrid = FakeSendGrid(key="t", senders={"post@example.com"})
    async with whatsapp.served(), twilio.served(), sendgrid.served():
        given_settings: dict[str, Any] = {"sealing_keys": KEY}
        chosen = Settings(
            database_url=database_url,
            secret_key=SecretStr(SECRET),
            whatsapp_api=whatsapp.url,
            twilio_api=twilio.url,
            sendgrid_api=sendgrid.url,
            **given_settings,
        )
        async with system(chosen, database_url, clock=clock) as parts:
            shop = await open_shop(parts, clock)
            transport = httpx.ASGITransport(create_app(parts.web), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://standby.test") as web:
                yield World(shop, web, whatsapp, twilio, sendgrid)


def reply(text: str, **more: Any) -> dict[str, Any]:
    usual = {
        "id": "wamid.reply",
        "from": PHONE[1:],
        "timestamp": "1795435200",
        "type": "text",
        "text": {"body": text},
    }
    return {"messages": [usual | more]}


async def test_what_became_of_a_message_is_written_down(world: World) -> None:
    await world.appoint("whatsapp")
    await world.offer()
    assert [await world.status(word) for word in ("sent", "delivered", "read")] == [200, 200, 200]
    assert (await world.message())["delivery"] == "read"
    assert await world.events() == ["sent", "delivered", "read"]


async def test_states_move_forward_only_in_whatever_order_they_come(world: World) -> None:
    await world.appoint("whatsapp")
    await world.offer()
    for word in ("read", "sent", "delivered", "failed", "read"):
        await world.status(word)
    row = await world.message()
    assert (row["delivery"], row["status"], row["channel"]) == ("read", "sent", "whatsapp")
    assert await world.events() == ["sent", "read"]


async def test_a_message_that_did_not_arrive_goes_out_by_the_next_channel_with_a_new_clock(
    world: World,
) -> None:
    await world.appoint("whatsapp", "sms")
    await world.offer()
    world.shop.clock.forward(minutes=3)
    await world.status("failed", errors=[{"code": 131026, "title": "Message undeliverable"}])
    row = await world.message()
    assert (row["status"], row["channel"], row["failed_channels"]) == ("sent", "sms", ["whatsapp"])
    offer = await world.shop.one("SELECT status, sent_at, expires_at FROM offers")
    now = world.shop.clock()
    assert tuple(offer) == ("pending", now, now + timedelta(minutes=15))
    assert await world.events() == ["sent", "undelivered", "sent"]
    assert await world.shop.broken() == []
    # What is still told of the first send changes nothing.
    [first] = world.whatsapp.taken
    await world.status("sent", id=first)
    assert (await world.message())["channel"] == "sms"


async def test_nobody_can_be_told_the_offer_is_withdrawn_and_no_miss_counted(world: World) -> None:
    await world.appoint("whatsapp")
    await world.offer()
    await world.status("failed")
    offer = await world.shop.one("SELECT status, reason FROM offers")
    assert tuple(offer) == ("withdrawn", "undelivered")
    entry = await world.shop.one("SELECT status, misses FROM waitlist_entries")
    assert tuple(entry) == ("waiting", 0)


@pytest.mark.parametrize("status", ["uncertain", "queued"])
async def test_a_report_settles_a_send_of_which_nobody_knew(world: World, status: str) -> None:
    await world.appoint("whatsapp")
    await world.offer()
    sent = await world.message()
    async with world.shop.transaction() as tx:
        await tx.execute(
            "UPDATE messages SET status = $1, sent_at = NULL, provider_id = NULL, resends = 1,"
            " next_attempt_at = CASE WHEN $1 = 'queued' THEN $2::timestamptz END,"
            " not_before = $2",
            status,
            world.shop.clock() + timedelta(seconds=5),
        )
        await tx.execute("UPDATE offers SET sent_at = NULL")
    await world.status("delivered", id=sent["provider_id"])
    row = await world.message()
    assert (row["status"], row["provider_id"], row["delivery"]) == ("sent", sent["provider_id"], "delivered")
    assert (await world.shop.one("SELECT sent_at FROM offers"))["sent_at"] == world.shop.clock()
    await world.shop.pass_time(seconds=10)
    assert len(world.whatsapp.taken) == 1


async def test_a_report_that_is_faster_than_our_own_record_is_not_lost(world: World) -> None:
    await world.appoint("whatsapp")
    await world.offer()
    sent = await world.message()
    now, lease = world.shop.clock(), uuid4()
    async with world.shop.transaction() as tx:
        await tx.execute(
            "UPDATE messages SET status = 'sending', sent_at = NULL, provider_id = NULL, lease_id = $1,"
            " lease_expires_at = $2",
            lease,
            now + timedelta(seconds=5),
        )
        await tx.execute("UPDATE offers SET sent_at = NULL")
    await world.status("delivered", id=sent["provider_id"])
    assert (await world.message())["status"] == "sending"
    await world.shop.system.worker_pool.execute(
        "SELECT record_outcomes($1, $2, $3, '{uncertain}', '{whatsapp}', '{NULL}', '{cut}', '{NULL}', $4)",
        [sent["tenant_id"]], [sent["id"]], [lease], [now],
    )  # fmt: skip
    row = await world.message()
    assert (row["status"], row["provider_id"], row["delivery"]) == ("sent", sent["provider_id"], "delivered")


async def test_an_answer_by_whatsapp_books_the_time(world: World) -> None:
    await world.appoint("whatsapp")
    sent = await world.offer()
    tapped = {"type": "button", "button": {"payload": f"waitlist_book_{sent['offer_id']}", "text": "Book it"}}
    answer = reply("", **tapped, context={"id": sent["provider_id"]})
    assert [await world.by_whatsapp(answer) for _ in range(3)] == [200, 200, 200]
    assert await world.kept() == 1
    assert len(await world.shop.all("SELECT FROM bookings WHERE status = 'confirmed'")) == 1
    last = list(world.whatsapp.taken.values())[-1]
    assert last["type"] == "text"  # They have written: no template is needed.
    assert "You're booked" in last["text"]["body"]


async def test_an_answer_by_text_message_books_the_time(world: World) -> None:
    await world.appoint("sms")
    await world.offer()
    form = {"MessageSid": "SM9", "AccountSid": "AC1", "From": PHONE, "To": NUMBER, "Body": "Ja!"}
    assert await world.by_twilio(form) == 200
    assert len(await world.shop.all("SELECT FROM bookings WHERE status = 'confirmed'")) == 1
    row = await world.shop.one("SELECT heard_at FROM senders")
    assert row["heard_at"] == world.shop.clock()


async def test_twilio_is_told_where_to_report_and_its_report_finds_its_way_back(world: World) -> None:
    await world.appoint("sms")
    await world.offer()
    [(sid, message)] = world.twilio.taken.items()
    url = message.form["StatusCallback"]
    query = url.removeprefix("http://127.0.0.1:8000/webhooks/twilio")
    form = {
        "MessageSid": sid,
        "AccountSid": "AC1",
        "MessageStatus": "delivered",
        "From": NUMBER,
        "To": PHONE,
    }
    assert await world.by_twilio(form, query) == 200
    assert (await world.message())["delivery"] == "delivered"
    assert (await world.shop.one("SELECT heard_at FROM senders"))["heard_at"] is None


async def test_a_bounce_closes_the_address_until_they_open_it_again(world: World) -> None:
    await world.appoint("email", "sms")
    async with world.shop.transaction() as tx:
        await tx.execute("UPDATE policies SET channel_order = '{email,sms}'")
    sent = await world.offer()
    [request] = world.sendgrid.taken.values()
    ours = request["personalizations"][0]["custom_args"]
    event = {
        "event": "bounce", "type": "bounce", "reason": "550 no such user", "sg_event_id": "e1",
        "sg_message_id": f"{sent['provider_id']}.recvd", "timestamp": int(world.shop.clock().timestamp()), **ours,
    }  # fmt: skip
    assert await world.by_sendgrid(event) == 200
    row = await world.message()
    assert (row["channel"], row["failed_channels"]) == ("sms", ["email"])
    customer = await world.shop.one("SELECT channels FROM customers WHERE email = $1", EMAIL)
    assert set(customer["channels"]) == {"whatsapp", "sms"}
    word = await world.shop.one("SELECT channel, source FROM consents WHERE NOT granted")
    assert tuple(word) == ("email", "provider:sendgrid")


async def test_nothing_is_kept_that_its_provider_has_not_signed(world: World) -> None:
    await world.appoint("whatsapp", "sms", "email")
    sent = await world.offer()
    ours = {"message_id": str(sent["id"]), "salon": str(sent["tenant_id"])}
    event = {"event": "bounce", "type": "bounce", "sg_event_id": "e", "timestamp": 1, **ours}
    form = {"MessageSid": "SM9", "AccountSid": "AC1", "From": PHONE, "To": NUMBER, "Body": "YES"}
    assert await world.by_whatsapp(reply("YES"), secret="guessed") == 403
    assert await world.by_twilio(form, secret="guessed") == 403
    assert await world.by_twilio({**form, "AccountSid": "AC2"}) == 403
    assert await world.by_twilio({**form, "To": "+4790000001"}) == 403
    assert await world.by_sendgrid(event, age=3600) == 403
    assert (
        await world.post("whatsapp", b"{}", {"X-Hub-Signature-256": meta_signature(b"{}", APP_SECRET)}) == 403
    )
    assert await world.post("nobody", b"{}", {}) == 422
    assert await world.kept() == 0
    assert await world.shop.all("SELECT FROM replies") == []


async def test_a_reply_that_is_a_week_old_is_an_old_request_again(world: World) -> None:
    await world.appoint("whatsapp")
    assert await world.by_whatsapp(reply("STOP", timestamp="1794000000")) == 200
    assert await world.shop.all("SELECT FROM replies") == []


async def test_of_two_salons_that_share_a_provider_s_account_each_hears_what_is_said_to_it(
    world: World,
) -> None:
    other = await open_shop(world.shop.system, world.shop.clock, slug="other")
    await world.appoint("sms")
    theirs = Sender("twilio", "+4790000001", {"account_sid": "AC1"}, {"auth_token": "t"})
    async with other.transaction() as tx:
        await senders.appoint(tx, "sms", theirs, seal=Seal([KEY]), now=other.clock())
    form = {"MessageSid": "SM9", "AccountSid": "AC1", "From": PHONE, "To": "+4790000001", "Body": "Hei"}
    assert await world.by_twilio(form) == 200
    assert await world.shop.all("SELECT FROM replies") == []
    assert len(await other.all("SELECT FROM replies")) == 1


async def test_the_same_request_many_times_at_once_is_read_once(world: World) -> None:
    await world.appoint("sms")
    await world.offer()
    form = {"MessageSid": "SM9", "AccountSid": "AC1", "From": PHONE, "To": NUMBER, "Body": "nei"}
    assert await at_once(*(world.by_twilio(form) for _ in range(8))) == [200] * 8
    assert await world.kept() == 1
    assert len(await world.shop.all("SELECT FROM replies")) == 1
    assert len(await world.shop.all("SELECT FROM messages WHERE kind = 'passed_on'")) == 1


async def test_a_request_whose_job_was_lost_is_read_all_the_same_and_forgotten_after_a_month(
    world: World,
) -> None:
    await world.appoint("sms")
    await world.offer()
    form = {"MessageSid": "SM9", "AccountSid": "AC1", "From": PHONE, "To": NUMBER, "Body": "ja"}
    text = "http://127.0.0.1:8000/webhooks/twilio" + "".join(name + form[name] for name in sorted(form))
    signature = b64encode(hmac.new(b"t", text.encode(), "sha1").digest()).decode()
    headers = {"X-Twilio-Signature": signature}
    await world.web.post("/webhooks/twilio", content=urlencode(form).encode(), headers=headers)
    pool = world.shop.system.worker_pool
    await pool.execute("DELETE FROM pgqueuer")
    now = world.shop.clock.forward(seconds=31)
    assert await heal(pool, now=now) == 1
    await world.shop.run_jobs()
    assert len(await world.shop.all("SELECT FROM bookings WHERE status = 'confirmed'")) == 1
    await prune(pool, now=now + timedelta(days=31))
    assert await world.kept() == 0


async def test_meta_is_told_that_the_address_is_ours_and_nobody_else_is(world: World) -> None:
    asked = {
        "hub.mode": "subscribe",
        "hub.challenge": "1158201444",
        "hub.verify_token": verify_token(SECRET.encode()),
    }
    answer = await world.web.get("/webhooks/whatsapp", params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    refused = await world.web.get("/webhooks/whatsapp", params=asked | {"hub.verify_token": "guess"})
    assert refused.status_code == 403


async def test_a_request_may_be_longer_than_a_form(world: World) -> None:
    await world.appoint("whatsapp")
    assert await world.by_whatsapp(reply("x" * 100_000)) == 200
    answer = await world.web.post("/webhooks/whatsapp", content=b"x" * 3_000_001)
    assert answer.status_code == 413


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(
    provider=st.sampled_from(["whatsapp", "twilio", "sendgrid"]),
    raw=st.binary(max_size=400) | JSON.map(lambda value: json.dumps(value).encode()),
    header=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=80),
    query=st.text(max_size=40),
)
async def test_whatever_strangers_send_is_refused_and_nothing_is_kept(
    *, world: World, provider: str, raw: bytes, header: str, query: str
) -> None:
    names = ("X-Hub-Signature-256", "X-Twilio-Signature", "X-Twilio-Email-Event-Webhook-Signature",
             "X-Twilio-Email-Event-Webhook-Timestamp")  # fmt: skip
    answer = await world.web.post(
        f"/webhooks/{provider}", params={"salon": query}, content=raw, headers=dict.fromkeys(names, header)
    )
    assert answer.status_code == 403
    assert await world.kept() == 0


@FUZZ
@given(
    value=st.dictionaries(st.sampled_from(["statuses", "messages", "contacts"]), JSON, max_size=3), more=JSON
)
async def test_whatever_a_provider_has_signed_is_taken_and_read_without_a_failure(
    world: World, value: dict[str, Any], more: Any
) -> None:
    await world.appoint("whatsapp")
    item = {
        "id": "x",
        "timestamp": "1795435200",
        "type": "text",
        "status": "read",
        "text": more,
        "errors": more,
    }
    told = value | {
        "statuses": [value.get("statuses"), item],
        "messages": [value.get("messages"), item, more],
    }
    assert await world.by_whatsapp(told) == 200
    assert await world.shop.all("SELECT FROM callbacks WHERE read_at IS NULL") == []
    parked = await world.shop.system.worker_pool.fetch("SELECT FROM pgqueuer")
    assert parked == []
