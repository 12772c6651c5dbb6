"""What providers call us back with: kept once if they signed it, read by a job, and told to nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from standby.channels.events import Reply
from standby.errors import Invalid
from standby.jobs.reconcile import heal, prune
from standby.messages import consent, inbound, senders
from standby.messages.sealing import Seal
from standby.messages.senders import Sender
from standby.settings import Settings
from standby.waitlist.answers import book_button
from standby.web.webhooks import verify_token
from standby.wiring import system
from tests.api import app_of
from tests.approved import APPROVED
from tests.fakes.callbacks import Callback
from tests.fakes.sendgrid import FakeSendGrid
from tests.fakes.twilio import FakeTwilio
from tests.fakes.whatsapp import FakeWhatsApp
from tests.salon import NO_LIMITS, SECRET, Clock, Shop, at_once, open_shop, waiting

KEY = Fernet.generate_key().decode()
NUMBER = "+4790000000"
PHONE = "+4741234567"
EMAIL = "kari@example.com"
HOOKS = "http://127.0.0.1:8000/webhooks"


@dataclass
class World:
    """A salon that sends by fake providers, and its web server."""

    shop: Shop
    web: httpx.AsyncClient
    whatsapp: FakeWhatsApp
    twilio: FakeTwilio
    sendgrid: FakeSendGrid

    async def appoint(self, *channels: str) -> None:
        for channel in channels:
            await appoint(self.shop, channel, self.sender(channel))

    def sender(self, channel: str) -> Sender:
        match channel:
            case "whatsapp":
                secrets = {"token": "t", "app_secret": "app secret"}
                return Sender("whatsapp", NUMBER, {"phone_number_id": "1555"}, secrets)
            case "sms":
                return Sender("twilio", NUMBER, {"account_sid": "AC1"}, {"auth_token": "t"})
            case _:
                key = {"verification_key": self.sendgrid.public_key}
                return Sender("sendgrid", "post@example.com", key, {"api_key": "t"})

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

    async def booked(self) -> int:
        rows = await self.shop.all("SELECT FROM bookings WHERE status = 'confirmed'")
        return len(rows)

    async def kept(self) -> int:
        return len(await self.shop.all("SELECT FROM callbacks"))

    async def called(self, *callbacks: Callback) -> list[int]:
        """The answers' states; what the callbacks set off is done."""
        answers = [
            await self.web.post(one.path, content=one.body, headers=dict(one.headers)) for one in callbacks
        ]
        await self.shop.run_jobs()
        return [answer.status_code for answer in answers]

    async def status(self, word: str, code: int | None = None, wamid: str | None = None) -> int:
        """WhatsApp says what became of the (offer's) message."""
        sent = wamid or (await self.message())["provider_id"]
        [answer] = await self.called(self.whatsapp.report(sent, word, code))
        return answer


async def appoint(shop: Shop, channel: str, sender: Sender) -> None:
    async with shop.transaction() as tx:
        await senders.appoint(tx, channel, sender, seal=Seal([KEY]), now=shop.clock())


@pytest.fixture
async def world(database_url: str, clock: Clock) -> AsyncIterator[World]:
    whatsapp = FakeWhatsApp(
        number_id="1555", token="t", templates=APPROVED, clock=clock, hook=f"{HOOKS}/whatsapp"
    )
    twilio = FakeTwilio(
        account="AC1",
        token="t",
        senders={NUMBER},
        contents={"HX1": "Hi {{1}}! {{2}} {{3}} {{4}} {{5}} {{6}} {{7}}"},
        clock=clock,
        hook=f"{HOOKS}/twilio",
    )
    sendgrid = FakeSendGrid(key="t", senders={"post@example.com"}, clock=clock, hook=f"{HOOKS}/sendgrid")
    async with whatsapp.served(), twilio.served(), sendgrid.served():
        given_settings: dict[str, Any] = {"sealing_keys": KEY}
        chosen = Settings(
            database_url=database_url,
            secret_key=SecretStr(SECRET),
            whatsapp_api=whatsapp.url,
            twilio_api=twilio.url,
            sendgrid_api=sendgrid.url,
            **(NO_LIMITS | given_settings),
        )
        async with system(chosen, database_url, clock=clock) as parts:
            shop = await open_shop(parts, clock)
            transport = httpx.ASGITransport(app_of(parts.web), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://standby.test") as web:
                yield World(shop, web, whatsapp, twilio, sendgrid)


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
    await world.status("failed", 131026)
    row = await world.message()
    assert (row["status"], row["channel"], row["failed_channels"]) == ("sent", "sms", ["whatsapp"])
    offer = await world.shop.one("SELECT status, sent_at, expires_at FROM offers")
    now = world.shop.clock()
    assert tuple(offer) == ("pending", now, now + timedelta(minutes=15))
    assert await world.events() == ["sent", "undelivered", "sent"]
    assert await world.shop.broken() == []
    # What is still told of the first send changes nothing.
    [first] = world.whatsapp.taken
    await world.status("sent", wamid=first)
    assert (await world.message())["channel"] == "sms"


async def test_an_offer_that_failed_late_holds_for_a_whole_window_when_it_goes_out_again(
    world: World,
) -> None:
    await world.appoint("whatsapp", "sms")
    await world.offer()
    world.shop.clock.forward(minutes=14, seconds=50)
    await world.status("failed", 131026)
    [sent] = world.twilio.taken.values()
    assert sent.form["ValidityPeriod"] == str(15 * 60)
    assert "until 13:29" in sent.form["Body"]  # 12:14:50 and a quarter of an hour, in Oslo
    assert await world.shop.broken() == []


async def test_an_answer_and_a_report_that_closes_its_channel_do_not_wait_for_each_other(
    world: World,
) -> None:
    await world.appoint("whatsapp", "sms")
    sent = await world.offer()
    now, customer_id = world.shop.clock(), sent["customer_id"]
    tapped = Reply("w", now, PHONE, "1555", "", book_button(sent["offer_id"]), sent["provider_id"], None)
    async with world.shop.transaction() as answering:
        async with world.shop.transaction() as telling:
            await telling.execute(
                "SELECT note_delivery($1, 'whatsapp', 'whatsapp', $2, 'failed', '', '131050', $3, $3)",
                sent["id"], sent["provider_id"], now,
            )  # fmt: skip
            answer = asyncio.create_task(inbound.take(answering, "whatsapp", tapped, now=now))
            async with world.shop.system.worker_pool.acquire() as watching:
                await waiting(watching, 1)
            await consent.withdraw(telling, customer_id, "whatsapp", source="provider:whatsapp", at=now)
        assert await answer == "booked"


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
    await world.status("delivered", wamid=sent["provider_id"])
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
    await world.status("delivered", wamid=sent["provider_id"])
    assert (await world.message())["status"] == "sending"
    await world.shop.system.worker_pool.execute(
        "SELECT record_outcomes($1, $2, $3, '{uncertain}', '{whatsapp}', '{NULL}', '{cut}', '{NULL}', $4, '{1}')",
        [sent["tenant_id"]], [sent["id"]], [lease], [now],
    )  # fmt: skip
    row = await world.message()
    assert (row["status"], row["provider_id"], row["delivery"]) == ("sent", sent["provider_id"], "delivered")


async def test_an_answer_by_whatsapp_books_the_time(world: World) -> None:
    await world.appoint("whatsapp")
    sent = await world.offer()
    answer = world.whatsapp.taps(sent["provider_id"], book_button(sent["offer_id"]))
    assert await world.called(answer, answer, answer) == [200, 200, 200]
    assert await world.kept() == 1
    assert await world.booked() == 1
    await world.shop.pass_time(seconds=1)  # One a second by one number.
    last = list(world.whatsapp.taken.values())[-1]
    assert last["type"] == "text"  # They have written: no template is needed.
    assert "You're booked" in last["text"]["body"]


async def test_while_they_talk_an_offer_has_its_buttons_without_a_template(world: World) -> None:
    await world.appoint("whatsapp")
    await world.shop.join("Kari", phone=PHONE)
    await world.called(world.whatsapp.writes(PHONE, "Hei"))
    await world.shop.free_slot()
    await world.shop.run_jobs()
    await world.shop.pass_time(seconds=1)
    sent = await world.message()
    assert world.whatsapp.taken[sent["provider_id"]]["type"] == "interactive"
    await world.called(world.whatsapp.taps(sent["provider_id"], book_button(sent["offer_id"])))
    assert await world.booked() == 1


async def test_a_conversation_that_whatsapp_has_closed_goes_on_with_a_template(world: World) -> None:
    await world.appoint("whatsapp")
    await world.shop.join("Kari", phone=PHONE)
    await world.called(world.whatsapp.writes(PHONE, "Hei"))
    world.whatsapp.last_word.clear()
    await world.shop.free_slot()
    await world.shop.run_jobs()
    for _ in range(2):
        await world.shop.pass_time(seconds=1)
    sent = await world.message()
    assert (sent["status"], sent["channel"]) == ("sent", "whatsapp")
    assert world.whatsapp.taken[sent["provider_id"]]["type"] == "template"
    assert "needs_template" in await world.events()


async def test_an_answer_by_text_message_books_the_time(world: World) -> None:
    await world.appoint("sms")
    await world.offer()
    assert await world.called(world.twilio.writes(PHONE, "Ja!", to=NUMBER)) == [200]
    assert await world.booked() == 1
    row = await world.shop.one("SELECT heard_at FROM senders")
    assert row["heard_at"] == world.shop.clock()


async def test_whatsapp_by_twilio_sends_contents_and_hears_their_buttons(world: World) -> None:
    contents = {f"standby_offer/{language}": "HX1" for language in ("en", "nb")}
    options = {"account_sid": "AC1"} | contents
    await appoint(world.shop, "whatsapp", replace(world.sender("sms"), options=options))
    await world.offer()
    [(sid, message)] = world.twilio.taken.items()
    assert (message.form["ContentSid"], message.form["From"]) == ("HX1", f"whatsapp:{NUMBER}")
    assert await world.called(world.twilio.taps(sid, "1", "Yes, book it", to=NUMBER)) == [200]
    assert await world.booked() == 1
    await world.shop.pass_time(seconds=1)
    assert "You're booked" in list(world.twilio.taken.values())[-1].form["Body"]


async def test_a_template_without_a_content_takes_the_next_channel(world: World) -> None:
    await appoint(world.shop, "whatsapp", world.sender("sms"))
    await world.appoint("sms")
    await world.offer()
    row = await world.message()
    assert (row["channel"], row["failed_channels"]) == ("sms", ["whatsapp"])


async def test_who_may_answer_by_text_is_told_so_once_an_answer_has_come(world: World) -> None:
    await world.appoint("sms")
    await world.offer()
    await world.called(world.twilio.writes(PHONE, "nei", to=NUMBER))
    await world.shop.join("Ola", phone="+4741234568")
    await world.shop.free_slot(at=world.shop.clock() + timedelta(hours=30))
    for _ in range(3):
        await world.shop.pass_time(seconds=1)
    first, *_, last = [one.form["Body"] for one in world.twilio.taken.values()]
    assert "YES" not in first
    assert "YES" in last


async def test_twilio_is_told_where_to_report_and_its_report_finds_its_way_back(world: World) -> None:
    await world.appoint("sms")
    await world.offer()
    [sid] = world.twilio.taken
    assert await world.called(world.twilio.report(sid, "delivered")) == [200]
    assert (await world.message())["delivery"] == "delivered"
    assert (await world.shop.one("SELECT heard_at FROM senders"))["heard_at"] is None


async def test_a_bounce_closes_the_address_until_they_open_it_again(world: World) -> None:
    await world.appoint("email", "sms")
    async with world.shop.transaction() as tx:
        await tx.execute("UPDATE policies SET channel_order = '{email,sms}'")
    sent = await world.offer()
    bounce = world.sendgrid.event(sent["provider_id"], "bounce")
    assert await world.called(world.sendgrid.telling(bounce)) == [200]
    row = await world.message()
    assert (row["channel"], row["failed_channels"]) == ("sms", ["email"])
    customer = await world.shop.one("SELECT channels FROM customers WHERE email = $1", EMAIL)
    assert set(customer["channels"]) == {"whatsapp", "sms"}
    word = await world.shop.one("SELECT channel, source FROM consents WHERE NOT granted")
    assert tuple(word) == ("email", "provider:sendgrid")


async def test_a_sender_that_is_refused_afterwards_is_paused_and_the_salon_told(world: World) -> None:
    await world.appoint("whatsapp", "sms")
    await world.offer()
    await world.status("failed", 131042)
    row = await world.message()
    assert (row["status"], row["channel"], row["failed_channels"]) == ("sent", "sms", [])
    pause = await world.shop.one("SELECT channel, refused FROM channel_pauses")
    assert tuple(pause) == ("whatsapp", True)
    notice = await world.shop.one("SELECT kind FROM notices")
    assert notice["kind"] == "sender_refused"


async def test_a_message_that_came_after_the_conversation_had_ended_goes_out_as_a_template(
    world: World,
) -> None:
    await world.appoint("whatsapp")
    await world.shop.join("Kari", phone=PHONE)
    await world.called(world.whatsapp.writes(PHONE, "Hei"))
    await world.shop.free_slot()
    await world.shop.run_jobs()
    await world.shop.pass_time(seconds=1)
    await world.status("failed", 131047)
    for _ in range(3):
        await world.shop.pass_time(seconds=1)
    row = await world.message()
    assert (row["status"], row["channel"], row["failed_channels"]) == ("sent", "whatsapp", [])
    assert world.whatsapp.taken[row["provider_id"]]["type"] == "template"
    await world.status("failed", 131047)  # A template too: never again and again.
    assert (await world.message())["failed_channels"] == ["whatsapp"]


async def test_a_bounce_says_nothing_of_an_address_that_they_gave_since(world: World) -> None:
    await world.appoint("email")
    async with world.shop.transaction() as tx:
        await tx.execute("UPDATE policies SET channel_order = '{email}'")
    sent = await world.offer()
    async with world.shop.transaction() as tx:
        await tx.execute("UPDATE customers SET email = 'new@example.com' WHERE phone = $1", PHONE)
    await world.called(world.sendgrid.telling(world.sendgrid.event(sent["provider_id"], "bounce")))
    customer = await world.shop.one("SELECT channels FROM customers WHERE phone = $1", PHONE)
    assert "email" in customer["channels"]


async def test_a_late_report_of_twilio_s_does_not_close_what_was_opened_since(world: World) -> None:
    await world.appoint("sms")
    await world.offer()
    [sid] = world.twilio.taken
    report = world.twilio.report(sid, "undelivered", 30006, "Landline")
    world.shop.clock.forward(hours=1)
    await world.called(world.twilio.writes(PHONE, "STOP", to=NUMBER))
    await world.called(world.twilio.writes(PHONE, "START", to=NUMBER))
    await world.called(report)
    customer = await world.shop.one("SELECT channels FROM customers WHERE phone = $1", PHONE)
    assert "sms" in customer["channels"]


async def test_a_settled_send_that_is_recorded_late_is_used_once(world: World) -> None:
    await world.appoint("whatsapp")
    await world.offer()
    sent, now, lease = await world.message(), world.shop.clock(), uuid4()
    pool = world.shop.system.worker_pool
    async with world.shop.transaction() as tx:
        await tx.execute(
            "UPDATE messages SET status = 'uncertain', sent_at = NULL, provider_id = NULL, lease_id = NULL"
        )
    await world.status("delivered", wamid=sent["provider_id"])
    await pool.execute(
        "SELECT record_outcomes($1, $2, $3, '{sent}', '{whatsapp}', $4, '{\"\"}', '{NULL}', $5, '{1}')",
        [sent["tenant_id"]], [sent["id"]], [lease], [sent["provider_id"]], [now],
    )  # fmt: skip
    used = await world.shop.one("SELECT sum(messages) AS messages FROM usage")
    assert used["messages"] == 2  # as it was sent, before this test made it uncertain; and as it was settled


async def test_one_thing_that_can_t_be_done_keeps_nothing_else_in_its_request(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.appoint("whatsapp")
    sent = await world.offer()
    told = world.whatsapp.together(
        world.whatsapp.report(sent["provider_id"], "read"),
        world.whatsapp.taps(sent["provider_id"], book_button(sent["offer_id"])),
    )

    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr("standby.messages.callbacks._note", broken)
    assert await world.called(told) == [200]
    assert await world.booked() == 1
    assert len(await world.shop.all("SELECT FROM callbacks WHERE read_at IS NULL")) == 1


async def test_a_number_is_one_salon_s(world: World) -> None:
    await world.appoint("sms", "whatsapp")
    other = await open_shop(world.shop.system, world.shop.clock, slug="other")
    for channel in ("sms", "whatsapp"):
        with pytest.raises(Invalid, match="errors"):
            await appoint(other, channel, world.sender(channel))


async def test_nothing_is_kept_that_its_provider_has_not_signed(world: World) -> None:
    await world.appoint("whatsapp", "sms", "email")
    sent = await world.offer()
    mail = await world.shop.one("SELECT id, tenant_id FROM messages")
    bounce = {"event": "bounce", "type": "bounce", "sg_event_id": "e", "timestamp": 1,
              "message_id": str(mail["id"]), "salon": str(mail["tenant_id"])}  # fmt: skip
    yes = world.twilio.writes(PHONE, "YES", to=NUMBER)
    old = world.sendgrid.telling(bounce)
    tapped = world.whatsapp.taps(sent["provider_id"], book_button(sent["offer_id"]))
    world.shop.clock.forward(hours=1)
    refused = [
        tapped.forged(),
        yes.forged(),
        replace(yes, url=yes.url + "?salon=1"),
        replace(yes, body=yes.body.replace(b"YES", b"NO")),
        old,
        world.sendgrid.telling(bounce).forged(),
        replace(tapped, body=b"{}"),
        world.twilio.writes(PHONE, "YES", to="+4790000001"),
    ]
    assert set(await world.called(*refused)) == {403}
    assert (await world.web.post("/webhooks/nobody", content=b"{}")).status_code == 422
    assert await world.kept() == 0
    assert await world.shop.all("SELECT FROM replies") == []


async def test_a_reply_that_is_a_week_old_is_an_old_request_again(world: World) -> None:
    await world.appoint("whatsapp")
    stop = world.whatsapp.writes(PHONE, "STOP")
    world.shop.clock.forward(days=8)
    assert await world.called(stop) == [200]
    assert await world.shop.all("SELECT FROM replies") == []


async def test_of_two_salons_that_share_a_provider_s_account_each_hears_what_is_said_to_it(
    world: World,
) -> None:
    other = await open_shop(world.shop.system, world.shop.clock, slug="other")
    await world.appoint("sms")
    await appoint(other, "sms", replace(world.sender("sms"), address="+4790000001"))
    assert await world.called(world.twilio.writes(PHONE, "Hei", to="+4790000001")) == [200]
    assert await world.shop.all("SELECT FROM replies") == []
    assert len(await other.all("SELECT FROM replies")) == 1


async def test_the_same_request_many_times_at_once_is_read_once(world: World) -> None:
    await world.appoint("sms")
    await world.offer()
    no = world.twilio.writes(PHONE, "nei", to=NUMBER)
    assert await at_once(*(world.called(no) for _ in range(8))) == [[200]] * 8
    assert await world.kept() == 1
    assert len(await world.shop.all("SELECT FROM replies")) == 1
    assert len(await world.shop.all("SELECT FROM messages WHERE kind = 'passed_on'")) == 1


async def test_reports_and_answers_in_one_request_are_all_done(world: World) -> None:
    await world.appoint("whatsapp")
    sent = await world.offer()
    told = world.whatsapp.together(
        world.whatsapp.report(sent["provider_id"], "read"),
        world.whatsapp.taps(sent["provider_id"], book_button(sent["offer_id"])),
        world.whatsapp.report(sent["provider_id"], "delivered"),
    )
    assert await world.called(told, told) == [200, 200]
    assert await world.booked() == 1
    assert (await world.message())["delivery"] == "read"


async def test_a_request_whose_job_was_lost_is_read_all_the_same_and_forgotten_after_a_month(
    world: World,
) -> None:
    await world.appoint("sms")
    await world.offer()
    yes = world.twilio.writes(PHONE, "ja", to=NUMBER)
    await world.web.post(yes.path, content=yes.body, headers=dict(yes.headers))
    pool = world.shop.system.worker_pool
    await pool.execute("DELETE FROM pgqueuer")
    now = world.shop.clock.forward(seconds=31)
    assert await heal(pool, now=now) == 1
    await world.shop.run_jobs()
    assert await world.booked() == 1
    await prune(pool, world.shop.system.settings.queue_rules(), now=now + timedelta(days=31))
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
    assert await world.called(world.whatsapp.writes(PHONE, "x" * 100_000)) == [200]
    answer = await world.web.post("/webhooks/whatsapp", content=b"x" * 3_000_001)
    assert answer.status_code == 413


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
FUZZ = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


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
    assert await world.called(world.whatsapp._callback(told)) == [200]
    assert await world.shop.all("SELECT FROM callbacks WHERE read_at IS NULL") == []
    parked = await world.shop.system.worker_pool.fetch("SELECT FROM pgqueuer")
    assert parked == []


async def test_an_account_that_no_database_can_hold_is_nobody_s(world: World) -> None:
    await world.appoint("sms")
    answer = await world.web.post("/webhooks/twilio", content=b"AccountSid=%00&From=x")
    assert answer.status_code == 403
