"""The fakes call back as the providers do, and remember what customers have said; our readers take what they tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web

from standby.channels import sendgrid_callbacks, twilio_callbacks, whatsapp_callbacks
from standby.channels.base import NeedsTemplate, OptedOut, Sent
from standby.channels.events import Reply, Status
from tests.channel_drivers import (
    OFFER,
    SECRET,
    SendGridDriver,
    TwilioDriver,
    WhatsAppDriver,
    by_sendgrid,
    by_twilio_sms,
    by_twilio_whatsapp,
    by_whatsapp,
)
from tests.fakes.callbacks import Callback, deliver
from tests.salon import MONDAY_NOON

KARI = OFFER.to
US = "+15550001"
OUR_URL = "https://standby.test/hooks/twilio"


@dataclass
class Got:
    """A request, as the receiver saw it."""

    path: str
    raw: bytes
    headers: Any


@asynccontextmanager
async def receiver() -> AsyncIterator[tuple[str, list[Got]]]:
    """Somebody who can be called back, at this address, and what they got."""
    got: list[Got] = []

    async def receive(request: web.Request) -> web.Response:
        got.append(Got(request.raw_path, await request.read(), request.headers))
        return web.Response(text="<Response/>", content_type="text/xml")

    app = web.Application()
    app.router.add_post("/{path:.*}", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    yield f"http://{host}:{port}", got
    await runner.cleanup()


async def taken(driver: WhatsAppDriver | TwilioDriver | SendGridDriver, **change: Any) -> str:
    """The provider's id of a message that it has taken."""
    receipt = await driver.channel().send(replace(driver.message, **change))
    assert isinstance(receipt, Sent)
    return receipt.provider_id


def heard(callback: Callback) -> Status | Reply:
    """What Meta tells, if it is one thing."""
    assert whatsapp_callbacks.signed(callback.body, callback.headers["X-Hub-Signature-256"], "app secret")
    [(number, event)] = whatsapp_callbacks.events(callback.body)
    assert number == "1555"
    return event


def form_of(callback: Callback) -> dict[str, str]:
    """What Twilio tells, after a look at the signature."""
    form = dict(parse_qsl(callback.body.decode(), keep_blank_values=True, strict_parsing=True))
    assert twilio_callbacks.signed(callback.url, form, callback.headers["X-Twilio-Signature"], SECRET)
    return form


async def test_callbacks_arrive_in_the_order_and_as_often_as_asked_for() -> None:
    async with by_whatsapp() as driver, receiver() as (url, got):
        driver.fake.hook = f"{url}/hooks/whatsapp"
        wamid = await taken(driver)
        sent, read = driver.fake.report(wamid, "sent"), driver.fake.report(wamid, "read")
        assert got == []
        answers = await deliver(read, sent, sent)
        assert [(answer.status, answer.kind) for answer in answers] == [(200, "text/xml")] * 3
        assert [one.raw for one in got] == [read.body, sent.body, sent.body]
        assert got[0].headers["Content-Type"] == "application/json"
        assert got[0].path == "/hooks/whatsapp"


async def test_many_may_come_at_once_and_through_a_proxy() -> None:
    async with by_twilio_sms() as driver, receiver() as (url, got):
        sid = await taken(driver)
        reports = [driver.fake.report(sid, word) for word in ("queued", "sent", "delivered")]
        await asyncio.gather(*[deliver(report, via=url) for report in reports])
        assert {one.raw for one in got} == {report.body for report in reports}
        assert {one.path for one in got} == {f"/hooks/twilio?salon=1&message={OFFER.id}"}
        assert form_of(reports[0])["MessageSid"] == sid  # Signed for the public address.


async def test_metas_reports_are_signed_and_bring_our_id_back() -> None:
    async with by_whatsapp() as driver:
        wamid = await taken(driver)
        for word in ("sent", "delivered", "read"):
            said = heard(driver.fake.report(wamid, word))
            assert said == Status(wamid, OFFER.id, word, MONDAY_NOON, f"{wamid}:{word}")
        failed = heard(driver.fake.report(wamid, "failed", 131026, "Message undeliverable"))
        assert isinstance(failed, Status)
        assert (failed.state, failed.reason) == ("failed", "131026: Message undeliverable")


async def test_what_a_stranger_signs_is_told_apart() -> None:
    async with by_whatsapp() as whatsapp, by_twilio_sms() as twilio, by_sendgrid() as sendgrid:
        by_meta = whatsapp.fake.writes(KARI, "Hei")
        assert not whatsapp_callbacks.signed(
            by_meta.forged().body, by_meta.forged().headers["X-Hub-Signature-256"], "app secret"
        )
        heard(by_meta)
        sms = twilio.fake.writes(KARI, "Hei", to=US)
        forged = sms.forged().headers["X-Twilio-Signature"]
        assert not twilio_callbacks.signed(sms.url, form_of(sms), forged, SECRET)
        mail = sendgrid.fake.telling(sendgrid.fake.event(await taken(sendgrid), "delivered"))
        assert is_sendgrids(sendgrid, mail)
        assert not is_sendgrids(sendgrid, mail.forged())


async def test_a_reply_opens_whatsapps_window_for_a_day() -> None:
    async with by_whatsapp() as driver:
        free = replace(OFFER, in_conversation=True)
        driver.clock.forward(hours=24)
        assert isinstance(await driver.channel().send(free), NeedsTemplate)
        said = heard(driver.fake.writes(KARI, "Ja takk"))
        assert isinstance(said, Reply)
        assert (said.sender, said.text, said.at) == (KARI, "Ja takk", driver.clock())
        assert isinstance(await driver.channel().send(free), Sent)


async def test_a_tap_on_a_button_says_which_one_and_under_what() -> None:
    async with by_whatsapp() as driver:
        for in_conversation in (True, False):
            wamid = await taken(driver, in_conversation=in_conversation)
            said = heard(driver.fake.taps(wamid, "no"))
            assert isinstance(said, Reply)
            assert (said.button, said.in_reply_to, said.sender) == ("no", wamid, KARI)
            with pytest.raises(ValueError, match="not enough"):
                driver.fake.taps(wamid, "maybe")


async def test_meta_leaves_stop_to_us_but_has_a_switch_of_its_own() -> None:
    async with by_whatsapp() as driver:
        heard(driver.fake.writes(KARI, "STOP"))
        assert isinstance(await driver.channel().send(OFFER), Sent)
        assert whatsapp_callbacks.events(driver.fake.stops_marketing(KARI).body) == []
        assert isinstance(await driver.channel().send(OFFER), OptedOut)


async def test_meta_may_tell_several_things_at_once() -> None:
    async with by_whatsapp() as driver:
        wamid = await taken(driver)
        both = driver.fake.together(driver.fake.report(wamid, "read"), driver.fake.writes(KARI, "Ja"))
        assert [type(event) for _, event in whatsapp_callbacks.events(both.body)] == [Status, Reply]


@pytest.mark.parametrize("by_twilio", [by_twilio_sms, by_twilio_whatsapp])
async def test_twilios_reports_go_where_the_message_said(by_twilio: Any) -> None:
    async with by_twilio() as driver:
        sid = await taken(driver)
        delivered = driver.fake.report(sid, "delivered")
        assert delivered.url == f"{OUR_URL}?salon=1&message={OFFER.id}"
        said = twilio_callbacks.status(form_of(delivered), message_id=str(OFFER.id), at=MONDAY_NOON)
        assert said == Status(sid, OFFER.id, "delivered", MONDAY_NOON, f"{sid}:delivered")
        failed = form_of(driver.fake.report(sid, "undelivered", 30003, "Unreachable destination handset"))
        said = twilio_callbacks.status(failed, message_id=None, at=MONDAY_NOON)
        assert said is not None
        assert said.reason == "30003: Unreachable destination handset"
        assert twilio_callbacks.channel(failed) == driver.message.channel


async def test_twilio_heeds_stop_and_start_itself() -> None:
    async with by_twilio_sms() as driver:
        for text, kind in (("Stop ", OptedOut), ("start", Sent)):
            said = twilio_callbacks.reply(form_of(driver.fake.writes(KARI, text, to=US)), at=MONDAY_NOON)
            assert said is not None
            assert (said.sender, said.address, said.text) == (KARI, US, text.strip())
            assert said.opt is None
            assert isinstance(await driver.channel().send(driver.message), kind)


@pytest.mark.parametrize(("text", "opt"), [("STOP", "out"), ("START", "in"), ("HELP", None), ("Hei", None)])
async def test_twilios_advanced_opt_out_says_what_it_did(text: str, opt: str | None) -> None:
    async with by_twilio_sms() as driver:
        driver.fake._advanced_opt_out = True
        said = twilio_callbacks.reply(form_of(driver.fake.writes(KARI, text, to=US)), at=MONDAY_NOON)
        assert said is not None
        assert said.opt == opt


async def test_twilios_whatsapp_has_the_window_and_buttons() -> None:
    async with by_twilio_whatsapp() as driver:
        free = replace(driver.message, in_conversation=True)
        driver.clock.forward(hours=24)
        assert isinstance(await driver.channel().send(free), NeedsTemplate)
        sid = await taken(driver)
        form = form_of(driver.fake.taps(sid, "yes", "Take it", to=US))
        said = twilio_callbacks.reply(form, at=MONDAY_NOON)
        assert said is not None
        assert (said.button, said.text, said.in_reply_to, said.sender) == ("yes", "Take it", sid, KARI)
        assert isinstance(await driver.channel().send(free), Sent)


def is_sendgrids(driver: SendGridDriver, callback: Callback) -> bool:
    name = "X-Twilio-Email-Event-Webhook"
    return sendgrid_callbacks.signed(
        callback.body,
        callback.headers[f"{name}-Signature"],
        callback.headers[f"{name}-Timestamp"],
        driver.fake.public_key,
        now=driver.clock(),
        oldest=timedelta(minutes=5),
    )


@pytest.mark.parametrize(
    ("word", "state", "closes"),
    [
        ("processed", "sent", False),
        ("deferred", "sent", False),
        ("delivered", "delivered", False),
        ("open", "read", False),
        ("click", "read", False),
        ("bounce", "failed", True),
        ("blocked", "failed", False),
        ("dropped", "failed", False),
        ("spamreport", "delivered", True),
        ("unsubscribe", "delivered", True),
    ],
)
async def test_sendgrid_tells_what_happened_to_a_mail(word: str, state: str, *, closes: bool) -> None:
    async with by_sendgrid() as driver:
        message_id = await taken(driver)
        told = driver.fake.telling(driver.fake.event(message_id, word))
        assert is_sendgrids(driver, told)
        [(_, said)] = sendgrid_callbacks.events(told.body)
        assert (said.provider_id, said.message_id, said.at) == (message_id, OFFER.id, MONDAY_NOON)
        assert (said.state, said.closes) == (state, closes)


@pytest.mark.parametrize("word", ["bounce", "spamreport", "unsubscribe"])
async def test_sendgrid_takes_and_drops_what_goes_to_an_address_on_its_lists(word: str) -> None:
    async with by_sendgrid() as driver:
        first = await taken(driver)
        assert [event["event"] for event in driver.fake.fate(first)] == ["processed", "delivered"]
        driver.fake.event(first, word)
        second = await taken(driver)
        [(_, said)] = sendgrid_callbacks.events(driver.fake.telling(*driver.fake.fate(second)).body)
        assert (said.state, said.closes) == ("failed", True)


async def test_no_two_events_of_sendgrid_have_the_same_id() -> None:
    async with by_sendgrid() as driver:
        message_id = await taken(driver)
        events = [driver.fake.event(message_id, "deferred") for _ in range(3)]
        assert len({event["sg_event_id"] for event in events}) == 3
