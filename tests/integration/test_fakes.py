"""The fakes refuse what the providers refuse: one that takes everything would prove nothing."""

from dataclasses import replace
from typing import Any, Final

import pytest
from aiohttp import encode_basic_auth

from standby.channels import sendgrid, whatsapp
from standby.channels.base import Template
from tests.channel_drivers import OFFER, SECRET, HttpDriver, by_sendgrid, by_twilio_sms, by_whatsapp

TEXT: Final = {"messaging_product": "whatsapp", "to": "4791234567", "type": "text", "text": {"body": "Hei"}}
SMS: Final = {"To": "+4791234567", "From": "+15550001", "Body": "Hei"}
BY_WHATSAPP: Final = {"To": "whatsapp:+4791234567", "From": "whatsapp:+15550001", "ContentSid": "HX1"}
MAIL: Final = sendgrid.request_for(OFFER, "no-reply@standby.test", "salon-1") | {
    "personalizations": [{"to": [{"email": "kari@example.com"}]}]
}


async def post(driver: HttpDriver, path: str, **request: Any) -> tuple[int, Any]:
    async with driver.http.post(driver.fake.url + path, **request) as answer:
        return answer.status, await answer.json()


def with_buttons(*buttons: tuple[str, str], text: str = "Hei") -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": name, "title": title}} for name, title in buttons]
    interactive = {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}
    return TEXT | {"type": "interactive", "interactive": interactive}


def template(name: str, *values: str, buttons: int = 2) -> dict[str, Any]:
    message = replace(OFFER, template=Template(name, "nb", values), buttons=OFFER.buttons[:buttons])
    return whatsapp.request_for(message)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 100),
        (TEXT | {"messaging_product": "sms"}, 100),
        (TEXT | {"to": "kari"}, 100),
        (TEXT | {"type": "song"}, 100),
        (TEXT | {"type": "interactive"}, 100),
        (TEXT | {"text": {"body": ""}}, 100),
        (TEXT | {"text": {"body": "x" * 4097}}, 100),
        (TEXT | {"biz_opaque_callback_data": "x" * 513}, 100),
        (with_buttons(), 100),
        (with_buttons(*[(str(n), str(n)) for n in range(4)]), 100),
        (with_buttons(("a", "x" * 21)), 100),
        (with_buttons(("a" * 257, "x")), 100),
        (with_buttons(("a", "x"), ("b", "x")), 100),
        (with_buttons(("a", "x"), ("a", "y")), 100),
        (with_buttons(("a", "x"), text="x" * 1025), 100),
        (template("unheard_of", "Kari", "13:00"), 132001),
        (template("slot_offer", "Kari"), 132000),
        (template("slot_offer", "Kari", "13:00", buttons=1), 100),
    ],
)
async def test_whatsapp_refuses(body: dict[str, Any], code: int) -> None:
    bearer = {"Authorization": f"Bearer {SECRET}"}
    async with by_whatsapp() as driver:
        status, said = await post(driver, "/v23.0/1555/messages", json=body, headers=bearer)
        assert (status, said["error"]["code"]) == (400, code)
        assert driver.given() == []


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, 21604),
        (SMS | {"To": "91234567"}, 21211),
        ({"To": SMS["To"], "Body": "Hei"}, 21603),
        (SMS | {"From": "+15559999"}, 21606),
        (SMS | {"From": "whatsapp:+15550001"}, 21910),
        (SMS | {"Body": ""}, 21602),
        (SMS | {"Body": "x" * 1601}, 21617),
        (SMS | {"ValidityPeriod": "0"}, 20001),
        (SMS | {"ValidityPeriod": "36001"}, 20001),
        (SMS | {"ValidityPeriod": "1.5"}, 20001),
        (BY_WHATSAPP | {"ContentSid": "HX2"}, 21655),
        (BY_WHATSAPP, 21656),
        (BY_WHATSAPP | {"ContentVariables": "Kari"}, 21656),
        (BY_WHATSAPP | {"ContentVariables": '{"1": "Kari", "2": ""}'}, 21656),
    ],
)
async def test_twilio_refuses(form: dict[str, str], code: int) -> None:
    basic = {"Authorization": encode_basic_auth("AC1", SECRET)}
    async with by_twilio_sms() as driver:
        path = "/2010-04-01/Accounts/AC1/Messages.json"
        status, said = await post(driver, path, data=form, headers=basic)
        assert (status, said["code"], said["status"]) == (400, code, 400)
        assert driver.given() == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"personalizations": []}, 400),
        ({"personalizations": [{"to": []}]}, 400),
        ({"personalizations": [{"to": [{"email": "kari"}]}]}, 400),
        ({"personalizations": [{"to": [{"email": "kari@example.com"}], "custom_args": {"id": 7}}]}, 400),
        ({"from": {}}, 400),
        ({"from": {"email": "somebody@else.test"}}, 403),
        ({"subject": ""}, 400),
        ({"content": []}, 400),
        ({"content": [{"type": "text/plain", "value": ""}]}, 400),
        ({"content": list(reversed(MAIL["content"]))}, 400),
    ],
)
async def test_sendgrid_refuses(change: dict[str, Any], status: int) -> None:
    bearer = {"Authorization": f"Bearer {SECRET}"}
    async with by_sendgrid() as driver:
        got, said = await post(driver, "/v3/mail/send", json=MAIL | change, headers=bearer)
        assert got == status
        assert said["errors"][0]["message"]
        assert driver.given() == []
