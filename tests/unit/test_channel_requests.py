"""What the channels ask of the providers, word for word, and what each of the providers' codes means to us."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import aiohttp
import pytest

from standby.channels import sendgrid, whatsapp
from standby.channels.base import (
    Button,
    NeedsTemplate,
    OptedOut,
    Outgoing,
    Permanent,
    Receipt,
    Retry,
    Stopped,
    Template,
)
from standby.channels.twilio import TwilioChannel
from tests.channel_drivers import OFFER, by_sendgrid, by_twilio_sms, by_whatsapp
from tests.fakes import sendgrid as fake_sendgrid
from tests.fakes import twilio as fake_twilio
from tests.fakes import whatsapp as fake_whatsapp
from tests.fakes.serving import Says
from tests.salon import MONDAY_NOON, Clock

SMS: Final = replace(OFFER, channel="sms")
MAIL: Final = replace(OFFER, channel="email", to="kari@example.com")
TALKING: Final = replace(OFFER, in_conversation=True)


def test_out_of_a_conversation_an_offer_is_a_template_with_quick_replies() -> None:
    assert whatsapp.request_for(OFFER) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "4791234567",
        "biz_opaque_callback_data": str(OFFER.id),
        "type": "template",
        "template": {
            "name": "slot_offer",
            "language": {"code": "nb"},
            "components": [
                {
                    "type": "body",
                    "parameters": [{"type": "text", "text": "Kari"}, {"type": "text", "text": "13:00"}],
                },
                {
                    "type": "button",
                    "sub_type": "quick_reply",
                    "index": "0",
                    "parameters": [{"type": "payload", "payload": "yes"}],
                },
                {
                    "type": "button",
                    "sub_type": "quick_reply",
                    "index": "1",
                    "parameters": [{"type": "payload", "payload": "no"}],
                },
            ],
        },
    }


def test_a_template_without_values_and_buttons_has_no_components() -> None:
    plain = replace(OFFER, buttons=(), template=Template("too_late", "en"))
    assert whatsapp.request_for(plain)["template"] == {
        "name": "too_late",
        "language": {"code": "en"},
        "components": [],
    }


@pytest.mark.parametrize(
    ("value", "written"), [("Kari\nNordmann", "Kari Nordmann"), ("a\t     b", "a b"), ("", "-"), (" ", "-")]
)
def test_a_value_of_a_template_is_one_line_and_never_empty(value: str, written: str) -> None:
    message = replace(OFFER, template=Template("slot_offer", "nb", (value,)))
    [body, *_] = whatsapp.request_for(message)["template"]["components"]
    assert body["parameters"] == [{"type": "text", "text": written}]


def test_in_a_conversation_an_offer_is_a_text_with_buttons() -> None:
    request = whatsapp.request_for(TALKING)
    assert request["type"] == "interactive"
    assert request["interactive"] == {
        "type": "button",
        "body": {"text": OFFER.text},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "yes", "title": "Take it"}},
                {"type": "reply", "reply": {"id": "no", "title": "No, thanks"}},
            ]
        },
    }
    assert "template" not in request


def test_what_is_no_template_goes_as_it_is_out_of_a_conversation_too() -> None:
    assert whatsapp.request_for(replace(OFFER, template=None))["type"] == "interactive"


def test_a_message_without_buttons_is_a_text() -> None:
    request = whatsapp.request_for(replace(TALKING, buttons=()))
    assert (request["type"], request["text"]) == ("text", {"body": OFFER.text, "preview_url": False})


def test_whatsapp_gets_never_more_than_three_buttons_nor_longer_titles() -> None:
    many = tuple(Button(str(n), f"{n} is a title that is too long") for n in range(5))
    buttons = whatsapp.request_for(replace(TALKING, buttons=many))["interactive"]["action"]["buttons"]
    assert [button["reply"]["id"] for button in buttons] == ["0", "1", "2"]
    assert buttons[0]["reply"]["title"] == "0 is a title that i…"
    assert all(len(button["reply"]["title"]) <= 20 for button in buttons)


@pytest.mark.parametrize("length", [4095, 4096, 4097, 10_000])
def test_a_text_for_whatsapp_has_at_most_4096_characters(length: int) -> None:
    text = whatsapp.request_for(replace(TALKING, buttons=(), text="x" * length))["text"]["body"]
    assert len(text) == min(length, 4096)
    assert text.endswith("…") == (length > 4096)


@pytest.mark.parametrize("length", [1023, 1024, 1025])
def test_a_text_with_buttons_has_at_most_1024_characters(length: int) -> None:
    text = whatsapp.request_for(replace(TALKING, text="x" * length))["interactive"]["body"]["text"]
    assert len(text) == min(length, 1024)


@pytest.mark.parametrize("message", [OFFER, TALKING, replace(TALKING, buttons=())])
@pytest.mark.parametrize("text", ["x", "x" * 5000])
async def test_whatsapp_takes_each_form(message: Outgoing, text: str) -> None:
    async with by_whatsapp() as driver:
        await driver.channel().send(replace(message, text=text))
        assert list(driver.fake.taken.values()) == [whatsapp.request_for(replace(message, text=text))]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


def form_of(http: aiohttp.ClientSession, message: Outgoing, **settings: Any) -> dict[str, str]:
    told = {
        "base_url": "http://127.0.0.1",
        "account_sid": "AC1",
        "auth_token": "secret",
        "sender": "+15550001",
    }
    return TwilioChannel(http, Clock(), **(told | settings))._form(message, MONDAY_NOON)


async def test_an_sms_goes_from_number_to_number(http: aiohttp.ClientSession) -> None:
    form = form_of(http, replace(SMS, valid_until=None))
    assert form == {"To": "+4791234567", "From": "+15550001", "Body": OFFER.text}


async def test_a_messaging_service_stands_in_the_place_of_a_number(http: aiohttp.ClientSession) -> None:
    form = form_of(http, OFFER, sender="MG1")
    assert form["MessagingServiceSid"] == "MG1"
    assert "From" not in form


async def test_both_numbers_of_a_whatsapp_message_say_so(http: aiohttp.ClientSession) -> None:
    form = form_of(http, OFFER)
    assert (form["To"], form["From"]) == ("whatsapp:+4791234567", "whatsapp:+15550001")


async def test_twilio_fills_in_an_approved_content(http: aiohttp.ClientSession) -> None:
    form = form_of(http, replace(OFFER, template=Template("HX1", "nb", ("Kåre\nA", "", "13:00"))))
    assert form["ContentSid"] == "HX1"
    assert json.loads(form["ContentVariables"]) == {"1": "Kåre A", "2": "-", "3": "13:00"}
    assert "Body" not in form


@pytest.mark.parametrize("message", [SMS, TALKING, replace(OFFER, template=None)])
async def test_an_sms_and_a_conversation_need_no_content(
    http: aiohttp.ClientSession, message: Outgoing
) -> None:
    form = form_of(http, message)
    assert form["Body"] == OFFER.text
    assert not {"ContentSid", "ContentVariables"} & set(form)


@pytest.mark.parametrize(
    ("left", "validity"), [(-60, "1"), (0, "1"), (0.9, "1"), (59.9, "59"), (900, "900"), (90_000, "36000")]
)
async def test_a_message_is_worth_sending_no_longer_than_its_hold(
    http: aiohttp.ClientSession, left: float, validity: str
) -> None:
    form = form_of(http, replace(SMS, valid_until=MONDAY_NOON + timedelta(seconds=left)))
    assert form["ValidityPeriod"] == validity


async def test_the_status_comes_back_with_our_id(http: aiohttp.ClientSession) -> None:
    form = form_of(http, SMS, status_url="https://standby.test/hooks/twilio?salon=1")
    assert form["StatusCallback"] == f"https://standby.test/hooks/twilio?salon=1&message={OFFER.id}"


@pytest.mark.parametrize("length", [1599, 1600, 1601])
async def test_a_text_for_twilio_has_at_most_1600_characters(
    http: aiohttp.ClientSession, length: int
) -> None:
    assert len(form_of(http, replace(SMS, text="x" * length))["Body"]) == min(length, 1600)


@pytest.mark.parametrize("template", ["{long}\n{link}", "{link}\n{long}"])
async def test_what_is_cut_off_is_never_the_link(http: aiohttp.ClientSession, template: str) -> None:
    link = "http://127.0.0.1/o/secret"
    text = template.format(long="word " * 2000, link=link)
    message = replace(OFFER, template=None, text=text, link=link)
    with_buttons = whatsapp.request_for(message)["interactive"]["body"]["text"]
    plain = whatsapp.request_for(replace(message, buttons=()))["text"]["body"]
    by_twilio = form_of(http, message)["Body"]
    for written, most in ((with_buttons, 1024), (plain, 4096), (by_twilio, 1600)):
        assert written.count(link) == 1
        assert ("..." if written == by_twilio else "…") in written
        assert most - 6 <= len(written) <= most


def test_a_mail_is_not_tracked_and_carries_our_ids_and_nothing_else_about_the_customer() -> None:
    assert sendgrid.request_for(MAIL, "Standby <no-reply@standby.test>", "salon-1") == {
        "personalizations": [
            {
                "to": [{"email": "kari@example.com"}],
                "custom_args": {"message_id": str(OFFER.id), "salon": "salon-1"},
            }
        ],
        "from": {"email": "no-reply@standby.test", "name": "Salong Ærlig"},
        "subject": OFFER.subject,
        "content": [
            {"type": "text/plain", "value": OFFER.text},
            {"type": "text/html", "value": OFFER.html},
        ],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
        },
    }


@pytest.mark.parametrize(("salon", "name"), [("Fjord", "Fjord"), ("", "Standby")])
def test_a_mail_comes_from_the_salon_by_name(salon: str, name: str) -> None:
    request = sendgrid.request_for(replace(MAIL, salon=salon), "Standby <no-reply@standby.test>", "salon-1")
    assert request["from"] == {"email": "no-reply@standby.test", "name": name}


WHATSAPP_CODES: Final[dict[type[Receipt], list[int]]] = {
    Retry: [1, 2, 4, 80007, 130429, 131000, 131016],
    NeedsTemplate: [131047],
    OptedOut: [131050],
    Stopped: [0, 10, 190, 200, 299, 368, 131031, 131042, 131048, 132015, 132016],
    Permanent: [131026, 131062, 131049, 100, 131008, 131009, 132000, 132001, 132012, 132018, 987654],
}
TWILIO_CODES: Final[dict[type[Receipt], list[int]]] = {
    Retry: [20429, 21611, 30001, 63018],
    NeedsTemplate: [63016],
    OptedOut: [21610, 63014],
    Stopped: [20003, 20005, 20008, 21212, 21603, 21606, 21660, 63007],
    Permanent: [21211, 21614, 21635, 21604, 21617, 987654],
}
SENDGRID_STATUSES: Final[dict[type[Receipt], list[int]]] = {
    Retry: [429, 500, 502, 503, 504],
    Stopped: [401, 403],
    Permanent: [400, 404, 413],
}


def each(codes: dict[type[Receipt], list[int]]) -> pytest.MarkDecorator:
    pairs = [(code, receipt) for receipt, some in codes.items() for code in some]
    return pytest.mark.parametrize(("code", "expected"), pairs)


@each(WHATSAPP_CODES)
async def test_each_code_of_whatsapp_has_its_meaning(code: int, expected: type[Receipt]) -> None:
    async with by_whatsapp() as driver:
        driver.fake.next(Says(400, fake_whatsapp.error(code, "so it is")))
        receipt = await driver.channel().send(driver.message)
    assert receipt == expected(f"{code}: so it is")


async def test_one_person_is_given_a_pause_where_whatsapp_wants_one() -> None:
    async with by_whatsapp() as driver:
        driver.fake.next(Says(400, fake_whatsapp.error(131056, "pair rate limit")))
        assert await driver.channel().send(driver.message) == Retry("131056: pair rate limit", after=6)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_code_of_whatsapp_that_nobody_knows_is_decided_by_the_status(status: int) -> None:
    async with by_whatsapp() as driver:
        driver.fake.next(Says(status, fake_whatsapp.error(987654, "new")))
        assert isinstance(await driver.channel().send(driver.message), Retry)


@each(TWILIO_CODES)
async def test_each_code_of_twilio_has_its_meaning(code: int, expected: type[Receipt]) -> None:
    async with by_twilio_sms() as driver:
        driver.fake.next(Says(400, fake_twilio.error(code, "so it is")))
        receipt = await driver.channel().send(driver.message)
    assert receipt == expected(f"{code}: so it is")


@each(SENDGRID_STATUSES)
async def test_each_status_of_sendgrid_has_its_meaning(code: int, expected: type[Receipt]) -> None:
    async with by_sendgrid() as driver:
        driver.fake.next(Says(code, fake_sendgrid.error("so it is")))
        receipt = await driver.channel().send(driver.message)
    assert receipt == expected(f"HTTP {code}: so it is")
