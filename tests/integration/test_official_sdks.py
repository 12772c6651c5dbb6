"""The providers' own libraries take our fakes for the providers, and ask for the same things as our channels do.

What the fakes take and answer is thereby what the libraries' authors took for true, and not only what we did.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
import python_http_client.exceptions as sendgrid_errors
import pywa
import pywa.errors
import yarl
from hypothesis import given
from hypothesis import strategies as st
from pywa import types as wa
from pywa.types.templates import BodyText, CopyCodeOTPButton, QuickReplyButton, TemplateLanguage
from pywa.utils import webhook_updates_validator
from sendgrid import SendGridAPIClient
from sendgrid.helpers import mail as sg
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client as TwilioClient

from standby.calendars.ical import Mailbox, invitation
from standby.channels import sendgrid_callbacks, twilio_callbacks, whatsapp_callbacks
from standby.channels.base import Button, Outgoing, Sent, Template
from standby.channels.sendgrid import request_for as mail_request
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
from tests.fakes import sendgrid as fake_sendgrid
from tests.fakes import twilio as fake_twilio
from tests.fakes import whatsapp as fake_whatsapp
from tests.fakes.callbacks import Callback
from tests.fakes.serving import Says
from tests.salon import MONDAY_NOON
from tests.unit.test_callbacks import KEY, NOW, SIGNATURE, SIGNED, SIGNED_AT
from tests.unit.test_ical import HAIRCUT

US: Final = "+15550001"
SENDER: Final = "Standby <no-reply@standby.test>"
TALKING: Final = replace(OFFER, in_conversation=True)
APP_SECRET: Final = "app secret"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """The libraries would heed a proxy that the machine has set."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


async def by_sdk(work: Callable[[], Any]) -> Any:
    """The libraries block: they work beside the fake's loop."""
    return await asyncio.to_thread(work)


# WhatsApp, by pywa.


class Meta:
    """pywa's client, whose address is the fake's; and what it heard."""

    def __init__(self, driver: WhatsAppDriver | None = None, *, token: str = SECRET) -> None:
        self._http = httpx.Client()
        self.client = pywa.WhatsApp(
            phone_id="1555", token=token, session=self._http, api_version="23.0", app_secret=APP_SECRET
        )
        if driver is not None:
            self._http.base_url = httpx.URL(f"{driver.fake.url}/v23.0")
        self.heard: list[Any] = []
        for listen in (
            self.client.on_message,
            self.client.on_callback_button,
            self.client.on_message_status,
            self.client.on_user_marketing_preferences,
        ):
            listen(lambda _, update: self.heard.append(update))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def hears(self, callback: Callback) -> Any:
        """The update that pywa makes of a request, if it is Meta's."""
        header = callback.headers["X-Hub-Signature-256"]
        assert self.client.webhook_update_validator(callback.body, header) is None
        assert self.client.webhook_update_handler(callback.body) == ("ok", 200)
        return self.heard.pop()


def by_pywa(meta: Meta, message: Outgoing) -> Any:
    """The same message, sent by pywa."""
    to, tracker = message.to.removeprefix("+"), str(message.id)
    if message.template is not None and not message.in_conversation:
        values = BodyText.params(*message.template.values) if message.template.values else None
        buttons = [
            QuickReplyButton.params(callback_data=button.id, index=place)
            for place, button in enumerate(message.buttons)
        ]
        if message.template.code is not None:
            buttons = [CopyCodeOTPButton.params(otp=message.template.code)]
        return meta.client.send_template(
            to,
            message.template.name,
            TemplateLanguage(message.template.language),
            params=[*([values] if values else []), *buttons],
            tracker=tracker,
        )
    buttons = [wa.Button(button.title, callback_data=button.id) for button in message.buttons]
    return meta.client.send_message(to, message.text, buttons=buttons or None, tracker=tracker)


def as_we_write_it(body: dict[str, Any]) -> dict[str, Any]:
    """Pywa writes BODY, QUICK_REPLY and an index as a number, we as Meta's examples have it; Meta takes both."""
    for part in body.get("template", {}).get("components", []):
        part["type"] = part["type"].lower()
        if part["type"] == "button":
            part |= {"sub_type": part["sub_type"].lower(), "index": str(part["index"])}
    return body


@pytest.mark.parametrize(
    "message",
    [
        OFFER,
        TALKING,
        replace(TALKING, buttons=()),
        replace(TALKING, buttons=(Button("yes", "x" * 20), Button("y" * 256, "No"), Button("?", "Ask us"))),
        replace(TALKING, text="x" * 1024),
        replace(TALKING, text="x" * 4096, buttons=()),
        replace(OFFER, template=Template("plain", "en"), buttons=()),
        replace(OFFER, template=Template("code", "en", ("012345",), "012345"), buttons=()),
    ],
)
async def test_pywa_asks_whatsapp_for_the_same_as_we_do(message: Outgoing) -> None:
    async with by_whatsapp() as driver:
        driver.fake._templates["plain", "en"] = fake_whatsapp.Approved(values=0, buttons=0)
        driver.fake._templates["code", "en"] = fake_whatsapp.Approved(values=1, buttons=1, is_code=True)
        with Meta(driver) as meta:
            theirs = await by_sdk(lambda: by_pywa(meta, message))
        ours = await driver.channel().send(message)
        assert isinstance(ours, Sent)
        assert list(driver.fake.taken) == [theirs.id, ours.provider_id]
        assert as_we_write_it(driver.fake.taken[theirs.id]) == driver.fake.taken[ours.provider_id]
        assert theirs.chat.id == OFFER.to.removeprefix("+")


async def test_pywa_reads_what_the_fake_says_of_its_number() -> None:
    async with by_whatsapp() as driver:
        with Meta(driver) as meta:
            number = await by_sdk(meta.client.get_business_phone_number)
        assert (number.id, number.verified_name, number.quality_rating) == ("1555", "Fjord", "GREEN")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (131026, pywa.errors.MessageUndeliverable),
        (131047, pywa.errors.ReEngagementMessage),
        (131050, pywa.errors.WhatsAppError),
        (130429, pywa.errors.WhatsAppError),
        (190, pywa.errors.ExpiredAccessToken),
        (132001, pywa.errors.TemplateNotExists),
        (132000, pywa.errors.TemplateParamCountMismatch),
    ],
)
async def test_pywa_reads_the_fakes_errors(code: int, error: type[pywa.errors.WhatsAppError]) -> None:
    async with by_whatsapp() as driver:
        driver.fake.next(Says(400, fake_whatsapp.error(code, "so it is"), {"Retry-After": "7"}))
        with Meta(driver) as meta, pytest.raises(error) as raised:
            await by_sdk(lambda: by_pywa(meta, OFFER))
        assert raised.value.code == code
        assert raised.value.details == "so it is"
        assert raised.value.raw_response is not None
        assert raised.value.raw_response.headers["Retry-After"] == "7"


async def test_the_fake_refuses_pywa_what_it_refuses_us() -> None:
    async with by_whatsapp() as driver:
        with Meta(driver, token="outdated") as meta, pytest.raises(pywa.errors.WhatsAppError) as raised:
            await by_sdk(lambda: by_pywa(meta, OFFER))
        assert raised.value.code == 190
        driver.clock.forward(hours=25)
        with Meta(driver) as meta, pytest.raises(pywa.errors.ReEngagementMessage):
            await by_sdk(lambda: by_pywa(meta, TALKING))
        with Meta(driver) as meta, pytest.raises(pywa.errors.TemplateNotExists):
            await by_sdk(lambda: by_pywa(meta, replace(OFFER, template=Template("none", "nb"))))


async def test_pywa_takes_the_fakes_reports_for_metas() -> None:
    async with by_whatsapp() as driver:
        for message, category in ((OFFER, "utility"), (TALKING, "service")):
            receipt = await driver.channel().send(message)
            assert isinstance(receipt, Sent)
            wamid = receipt.provider_id
            with Meta() as meta:
                for word in ("sent", "delivered", "read"):
                    status = meta.hears(driver.fake.report(wamid, word))
                    assert isinstance(status, wa.MessageStatus)
                    assert (status.id, status.status, status.tracker) == (wamid, word, str(OFFER.id))
                    assert status.from_user.wa_id == OFFER.to.removeprefix("+")
                    assert status.timestamp == MONDAY_NOON
                    assert status.metadata.phone_number_id == "1555"
                    if word != "read":
                        assert status.pricing is not None
                        assert status.conversation is not None
                        assert status.pricing.category == status.conversation.category == category
                failed = meta.hears(driver.fake.report(wamid, "failed", 131026, "Not on WhatsApp"))
                assert isinstance(failed.error, pywa.errors.MessageUndeliverable)
                assert failed.error.details == "Not on WhatsApp"


async def test_pywa_takes_the_fakes_replies_for_metas() -> None:
    async with by_whatsapp() as driver:
        receipts = [await driver.channel().send(message) for message in (OFFER, TALKING)]
        template, interactive = [one.provider_id for one in receipts if isinstance(one, Sent)]
        with Meta() as meta:
            text = meta.hears(driver.fake.writes(OFFER.to, "Ja, blåbær!", name="Kåre", answering=template))
            assert isinstance(text, wa.Message)
            assert (text.text, text.from_user.name) == ("Ja, blåbær!", "Kåre")
            assert text.from_user.wa_id == OFFER.to.removeprefix("+")
            assert text.reply_to_message is not None
            assert text.reply_to_message.id == template
            quick = meta.hears(driver.fake.taps(template, "yes"))
            assert isinstance(quick, wa.CallbackButton)
            assert (quick.data, quick.is_quick_reply) == ("yes", True)
            tapped = meta.hears(driver.fake.taps(interactive, "no"))
            assert isinstance(tapped, wa.CallbackButton)
            assert (tapped.data, tapped.title, tapped.is_quick_reply) == ("no", "No, thanks", False)
            assert tapped.reply_to_message is not None
            assert tapped.reply_to_message.id == interactive
            wish = meta.hears(driver.fake.stops_marketing(OFFER.to))
            assert isinstance(wish, wa.UserMarketingPreferences)


async def test_pywa_refuses_what_a_stranger_signed() -> None:
    async with by_whatsapp() as driver:
        forged = driver.fake.writes(OFFER.to, "Hei").forged()
        with Meta() as meta:
            said = meta.client.webhook_update_validator(forged.body, forged.headers["X-Hub-Signature-256"])
        assert said == ("Forbidden", 403)


@given(st.binary(), st.text(min_size=1, alphabet=st.characters(codec="utf-8")), st.binary(max_size=3))
def test_pywa_and_we_agree_on_metas_signature(raw: bytes, secret: str, change: bytes) -> None:
    header = fake_whatsapp._signature(raw, secret)["X-Hub-Signature-256"]
    for body in (raw, raw + change, change):
        theirs = webhook_updates_validator(app_secret=secret, request_body=body, x_hub_signature=header)
        assert whatsapp_callbacks.signed(body, header, secret) == theirs
    assert whatsapp_callbacks.signed(raw, header, secret)


# Twilio


def twilio_of(driver: TwilioDriver, *, token: str = SECRET) -> TwilioClient:
    """Twilio's client, whose address is the fake's. It keeps no connection open."""
    client = TwilioClient("AC1", token, http_client=TwilioHttpClient(pool_connections=False))
    client.api.base_url = driver.fake.url
    return client


def asked_of_twilio(message: Outgoing, sender: str) -> dict[str, Any]:
    """The same message, as Twilio's client is told."""
    prefix = "whatsapp:" if message.channel == "whatsapp" else ""
    asked: dict[str, Any] = {"to": prefix + message.to, "validity_period": 900}
    asked["status_callback"] = str(
        yarl.URL("https://standby.test/hooks/twilio").with_query(salon="1", message=str(message.id))
    )
    if sender.startswith("MG"):
        asked["messaging_service_sid"] = sender
    else:
        asked["from_"] = prefix + sender
    if prefix and message.template is not None and not message.in_conversation:
        return asked | {"content_sid": "HX1", "content_variables": '{"1": "Kari", "2": "13:00"}'}
    return asked | {"body": message.text}


@pytest.mark.parametrize("by_twilio", [by_twilio_sms, by_twilio_whatsapp])
@pytest.mark.parametrize("sender", [US, "MG1"])
@pytest.mark.parametrize(
    "change", [{}, {"in_conversation": True}, {"text": "x" * 1600, "in_conversation": True}]
)
async def test_twilios_client_asks_for_the_same_as_we_do(
    by_twilio: Any, sender: str, change: dict[str, Any]
) -> None:
    async with by_twilio() as driver:
        message = replace(driver.message, **change)
        client = twilio_of(driver)
        theirs = await by_sdk(lambda: client.messages.create(**asked_of_twilio(message, sender)))
        channel = driver.channel()
        channel._sender = sender
        ours = await channel.send(message)
        assert isinstance(ours, Sent)
        assert list(driver.fake.taken) == [theirs.sid, ours.provider_id]
        assert driver.fake.taken[theirs.sid] == driver.fake.taken[ours.provider_id]


async def test_twilios_client_reads_what_the_fake_took() -> None:
    async with by_twilio_sms() as driver:
        await driver.channel().send(driver.message)
        client = twilio_of(driver)
        [there] = await by_sdk(lambda: client.messages.list(to=OFFER.to, page_size=50, limit=50))
        assert there.sid == driver.given()[0]
        assert (there.to, there.from_, there.body, there.status) == (OFFER.to, US, OFFER.text, "queued")
        assert there.date_created == MONDAY_NOON
        assert there.error_code is None
        assert await by_sdk(lambda: client.messages.list(to="+4790000000", limit=50)) == []
        assert (await by_sdk(client.balance.fetch)).currency == "USD"


@pytest.mark.parametrize("code", [21610, 63016, 21211, 20429, 30001])
async def test_twilios_client_reads_the_fakes_errors(code: int) -> None:
    async with by_twilio_sms() as driver:
        status = HTTPStatus.TOO_MANY_REQUESTS if code == 20429 else HTTPStatus.BAD_REQUEST
        driver.fake.next(Says(status, fake_twilio.error(code, "so it is", status), {"Retry-After": "7"}))
        client = twilio_of(driver)
        with pytest.raises(TwilioRestException) as raised:
            await by_sdk(lambda: client.messages.create(**asked_of_twilio(driver.message, US)))
        assert (raised.value.code, raised.value.status) == (code, status)
        assert "so it is" in raised.value.msg
        assert client.http_client._test_only_last_response.headers["Retry-After"] == "7"


async def test_the_fake_refuses_twilios_client_what_it_refuses_us() -> None:
    async with by_twilio_sms() as driver:
        wrong, client = twilio_of(driver, token="outdated"), twilio_of(driver)
        driver.fake.writes(OFFER.to, "STOP", to=US)
        for one, change, code in (
            (wrong, {}, 20003),
            (client, {}, 21610),
            (client, {"to": "91234567"}, 21211),
            (client, {"from_": "+15559999"}, 21606),
            (client, {"body": "x" * 1601}, 21617),
            (client, {"validity_period": 36_001}, 20001),
        ):
            asked = asked_of_twilio(driver.message, US) | change
            with pytest.raises(TwilioRestException) as raised:
                await by_sdk(lambda one=one, asked=asked: one.messages.create(**asked))  # type: ignore[misc]
            assert raised.value.code == code


@pytest.mark.parametrize("by_twilio", [by_twilio_sms, by_twilio_whatsapp])
async def test_twilios_validator_takes_the_fakes_callbacks_for_twilios(by_twilio: Any) -> None:
    async with by_twilio() as driver:
        receipt = await driver.channel().send(driver.message)
        assert isinstance(receipt, Sent)
        fake, validator = driver.fake, RequestValidator(SECRET)
        for callback in (
            fake.report(receipt.provider_id, "delivered"),
            fake.report(receipt.provider_id, "undelivered", 30003, "Unreachable"),
            fake.writes(OFFER.to, "Blåbær & co?", to=US),
            fake.writes_by_whatsapp(OFFER.to, "Ja", to=US, answering=receipt.provider_id),
            fake.taps(receipt.provider_id, "yes", "Take it", to=US),
        ):
            form = dict(parse_qsl(callback.body.decode(), keep_blank_values=True))
            assert validator.validate(callback.url, form, callback.headers["X-Twilio-Signature"])
            forged = callback.forged().headers["X-Twilio-Signature"]
            assert not validator.validate(callback.url, form, forged)


NAMES: Final = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
VALUES: Final = st.text(st.characters(codec="utf-8"), max_size=20)


@st.composite
def web_addresses(draw: st.DrawFn) -> str:
    """https://standby.test:8443/hooks/twilio?message=1&to=%C3%A5"""
    scheme = draw(st.sampled_from(["http", "https"]))
    host = draw(st.from_regex(r"[a-z][a-z0-9-]{0,10}(\.[a-z]{2,5}){1,2}", fullmatch=True))
    port = draw(st.none() | st.sampled_from([80, 443, 8443]) | st.integers(1, 65535))
    path = draw(st.from_regex(r"(/[A-Za-z0-9._~-]{1,8}){0,3}/?", fullmatch=True))
    query = urlencode(draw(st.lists(st.tuples(NAMES, VALUES), max_size=3)))
    return f"{scheme}://{host}{f':{port}' if port else ''}{path}{f'?{query}' if query else ''}"


class Form(dict[str, list[str]]):
    """A form as Django has it, in which a field may occur twice."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


@given(web_addresses(), st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=3), max_size=6))
def test_twilios_validator_and_we_agree_on_every_form_and_address(
    url: str, fields: dict[str, list[str]]
) -> None:
    validator, form = RequestValidator(SECRET), Form(fields)
    pairs = [(name, value) for name, values in fields.items() for value in values]
    for signature in (
        validator.compute_signature(url, form),
        RequestValidator("another").compute_signature(url, form),
        validator.compute_signature(f"{url}x", form),
    ):
        theirs = validator.validate(url, form, signature)
        assert twilio_callbacks.signed(url, pairs, signature, SECRET) == theirs
    assert twilio_callbacks.signed(url, pairs, validator.compute_signature(url, form), SECRET)


@given(web_addresses())
def test_twilios_validator_and_we_agree_on_addresses_with_their_port_and_without(url: str) -> None:
    validator, form = RequestValidator(SECRET), {"Body": "Ja"}
    address = yarl.URL(url, encoded=True)
    for signed_for in (url, url.replace(f":{address.port}", "", 1), str(address.with_port(address.port))):
        signature = validator.compute_signature(signed_for, form)
        theirs = validator.validate(url, form, signature)
        assert twilio_callbacks.signed(url, form, signature, SECRET) == theirs


# SendGrid


MAIL: Final = replace(
    OFFER,
    channel="email",
    to="kari@example.com",
    html="<p>Hei Kari, blåbær!</p>",
    unsubscribe_url="https://standby.test/u/token",
)


def sendgrid_of(driver: SendGridDriver, *, key: str = SECRET) -> SendGridAPIClient:
    return SendGridAPIClient(key, host=driver.fake.url)


def by_its_helpers(message: Outgoing) -> Any:
    """The same mail, as SendGrid's library builds it."""
    person = sg.Personalization()
    person.add_to(sg.To(message.to))
    person.add_custom_arg(sg.CustomArg("message_id", str(message.id)))
    person.add_custom_arg(sg.CustomArg("salon", "salon-1"))
    mail = sg.Mail(from_email=sg.From("no-reply@standby.test", message.salon), subject=message.subject)
    mail.add_personalization(person)
    mail.add_content(sg.Content("text/plain", message.text))
    mail.add_content(sg.Content("text/html", message.html))
    if message.unsubscribe_url is not None:
        mail.add_header(sg.Header("List-Unsubscribe", f"<{message.unsubscribe_url}>"))
        mail.add_header(sg.Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    if message.appointment is not None:
        ours = Mailbox(message.salon, "no-reply@standby.test")
        calendar = invitation(message.appointment, organizer=ours, attendee=message.to)
        mail.add_attachment(
            sg.Attachment(
                sg.FileContent(b64encode(calendar).decode()),
                sg.FileName("appointment.ics"),
                sg.FileType("text/calendar"),
                sg.Disposition("attachment"),
            )
        )
    mail.tracking_settings = sg.TrackingSettings(
        click_tracking=sg.ClickTracking(enable=False, enable_text=False),
        open_tracking=sg.OpenTracking(enable=False),
        subscription_tracking=sg.SubscriptionTracking(enable=False),
    )
    return mail


@pytest.mark.parametrize(
    "message", [MAIL, replace(MAIL, unsubscribe_url=None), replace(MAIL, appointment=HAIRCUT)]
)
async def test_sendgrids_library_asks_for_the_same_mail_as_we_do(message: Outgoing) -> None:
    async with by_sendgrid() as driver:
        mail = by_its_helpers(message)
        answer = await by_sdk(lambda: sendgrid_of(driver).send(mail))
        ours = await driver.channel().send(message)
        assert isinstance(ours, Sent)
        assert list(driver.fake.taken) == [answer.headers["X-Message-Id"], ours.provider_id]
        theirs, mine = driver.fake.taken.values()
        assert answer.status_code == HTTPStatus.ACCEPTED
        assert theirs == mine == mail_request(message, SENDER, "salon-1")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, sendgrid_errors.BadRequestsError),
        (401, sendgrid_errors.UnauthorizedError),
        (403, sendgrid_errors.ForbiddenError),
        (413, sendgrid_errors.PayloadTooLargeError),
        (429, sendgrid_errors.TooManyRequestsError),
        (500, sendgrid_errors.InternalServerError),
    ],
)
async def test_sendgrids_library_reads_the_fakes_errors(status: int, error: type[Exception]) -> None:
    async with by_sendgrid() as driver:
        driver.fake.next(Says(status, fake_sendgrid.error("so it is", "from"), {"X-RateLimit-Reset": "1"}))
        with pytest.raises(error) as raised:
            await by_sdk(lambda: sendgrid_of(driver).send(by_its_helpers(MAIL)))
        said: Any = raised.value
        assert said.to_dict["errors"] == [{"message": "so it is", "field": "from", "help": None}]
        assert said.headers["X-RateLimit-Reset"] == "1"


async def test_the_fake_refuses_sendgrids_library_what_it_refuses_us() -> None:
    async with by_sendgrid() as driver:
        with pytest.raises(sendgrid_errors.UnauthorizedError):
            await by_sdk(lambda: sendgrid_of(driver, key="outdated").send(by_its_helpers(MAIL)))
        elsewhere = by_its_helpers(MAIL)
        elsewhere.from_email = sg.From("somebody@else.test")
        with pytest.raises(sendgrid_errors.ForbiddenError):
            await by_sdk(lambda: sendgrid_of(driver).send(elsewhere))
        scopes = await by_sdk(sendgrid_of(driver).client.scopes.get)
        assert scopes.to_dict["scopes"] == ["mail.send"]


def test_sendgrids_published_test_vector_is_right_for_its_library_and_for_us() -> None:
    """The key, signature, moment and payload are those of sendgrid-python's test/unit/test_eventwebhook.py."""
    assert EventWebhook(KEY).verify_signature(SIGNED.decode(), SIGNATURE, SIGNED_AT)
    assert sendgrid_callbacks.signed(SIGNED, SIGNATURE, SIGNED_AT, KEY, now=NOW, oldest=timedelta(minutes=5))


async def test_sendgrids_library_takes_the_fakes_events_for_sendgrids() -> None:
    async with by_sendgrid() as driver:
        receipt = await driver.channel().send(MAIL)
        assert isinstance(receipt, Sent)
        events = driver.fake.fate(receipt.provider_id)
        told = driver.fake.telling(*events, driver.fake.event(receipt.provider_id, "bounce", reason="blåbær"))
        verify = EventWebhook(driver.fake.public_key).verify_signature
        for callback, right in ((told, True), (told.forged(), False)):
            signature = callback.headers[EventWebhookHeader.SIGNATURE]
            timestamp = callback.headers[EventWebhookHeader.TIMESTAMP]
            assert verify(callback.body.decode(), signature, timestamp) is right
            ours = sendgrid_callbacks.signed(
                callback.body,
                signature,
                timestamp,
                driver.fake.public_key,
                now=driver.clock(),
                oldest=timedelta(minutes=5),
            )
            assert ours is right


@pytest.mark.parametrize("text", ["word " * 4000, "🎉" * 5000, "å" * 1601])
@pytest.mark.parametrize("in_conversation", [True, False])
async def test_a_message_of_any_length_stays_within_the_providers_limits(
    text: str, *, in_conversation: bool
) -> None:
    for by_provider in (by_whatsapp, by_twilio_sms, by_twilio_whatsapp, by_sendgrid):
        async with by_provider() as driver:
            many = tuple(Button(f"waitlist_book_{place}", f"{place} {'x' * 30}") for place in range(5))
            message = replace(driver.message, text=text, in_conversation=in_conversation)
            buttons = many if in_conversation else message.buttons
            assert isinstance(await driver.channel().send(replace(message, buttons=buttons)), Sent)
