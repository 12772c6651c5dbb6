"""What providers call us back with: who signed it, and what it tells. A hostile body breaks nothing."""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any, Final
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import example, given
from hypothesis import strategies as st

from standby.channels import callbacks, sendgrid_callbacks, twilio_callbacks, whatsapp_callbacks
from standby.channels.events import ORDER, Reply, State, Status, Unreadable, furthest

OUR_ID: Final = UUID("0190b0a6-7c9f-7d3e-8a51-3f6f2c1d9e77")
SECONDS: Final = 1_795_600_000
AT: Final = datetime.fromtimestamp(SECONDS, UTC)
HOSTILE_HEADERS: Final = ["", "sha256=", "é", "\ud800", "\x00", "=" * 10_000, "sha256=" + "0" * 64]


# Whatever they report: states only move forward.


@pytest.mark.parametrize("order", [*permutations(["sent", "delivered", "read"])])
def test_reports_out_of_order_end_with_the_furthest(order: tuple[State, ...]) -> None:
    one, two, three = order
    assert furthest(furthest(one, two), three) == "read"


def test_a_failure_counts_unless_the_message_has_arrived() -> None:
    assert furthest("sent", "failed") == furthest("failed", "sent") == "failed"
    assert furthest("failed", "delivered") == furthest("delivered", "failed") == "delivered"


# WhatsApp


def by_meta(*values: dict[str, Any]) -> bytes:
    entry = [{"id": "1", "changes": [{"field": "messages", "value": value}]} for value in values]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def value_of(number: str = "1055", **what: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, **what}


def status_of(word: str, **more: Any) -> dict[str, Any]:
    return {"id": "wamid.1", "status": word, "timestamp": str(SECONDS), "recipient_id": "4791234567", **more}


def message_of(kind: str, content: Any, **more: Any) -> dict[str, Any]:
    return {
        "from": "4791234567",
        "id": "wamid.2",
        "timestamp": str(SECONDS),
        "type": kind,
        kind: content,
        **more,
    }


def whatsapp_reply(message: dict[str, Any]) -> Reply:
    ((number, reply),) = whatsapp_callbacks.events(by_meta(value_of(messages=[message])))
    assert isinstance(reply, Reply)
    assert number == reply.address == "1055"
    return reply


def whatsapp_status(status: dict[str, Any]) -> Status:
    ((_, event),) = whatsapp_callbacks.events(by_meta(value_of(statuses=[status])))
    assert isinstance(event, Status)
    return event


def test_meta_signs_the_raw_body_with_the_apps_secret() -> None:
    raw = '{"text":"\\u00e5 å"}'.encode()
    header = "sha256=" + hmac.new(b"secret", raw, hashlib.sha256).hexdigest()
    assert whatsapp_callbacks.signed(raw, header, "secret")
    assert not whatsapp_callbacks.signed(raw + b" ", header, "secret")
    assert not whatsapp_callbacks.signed(raw, header, "another")
    assert not whatsapp_callbacks.signed(raw, header.removeprefix("sha256="), "secret")


def test_without_a_secret_nothing_is_signed() -> None:
    empty = "sha256=" + hmac.new(b"", b"{}", hashlib.sha256).hexdigest()
    assert not whatsapp_callbacks.signed(b"{}", empty, "")


@pytest.mark.parametrize("header", [None, *HOSTILE_HEADERS])
def test_metas_signature_is_not_just_anything(header: str | None) -> None:
    assert not whatsapp_callbacks.signed(b"{}", header, "secret")


def test_meta_gets_its_challenge_back_for_the_right_token_alone() -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "tøken", "hub.challenge": "1158201444"}
    assert whatsapp_callbacks.challenge(asked, "tøken") == "1158201444"
    assert whatsapp_callbacks.challenge(asked, "token") is None
    assert whatsapp_callbacks.challenge(asked | {"hub.mode": "unsubscribe"}, "tøken") is None
    assert whatsapp_callbacks.challenge({"hub.mode": "subscribe", "hub.challenge": "1"}, "tøken") is None
    assert whatsapp_callbacks.challenge(asked | {"hub.verify_token": ""}, "") is None
    assert whatsapp_callbacks.challenge(asked | {"hub.verify_token": "\ud800"}, "tøken") is None


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("played", "read"),
        ("failed", "failed"),
    ],
)
def test_every_status_of_whatsapp_is_known(word: str, state: State) -> None:
    said = whatsapp_status(status_of(word, biz_opaque_callback_data=str(OUR_ID)))
    assert said == Status("wamid.1", OUR_ID, state, AT, f"wamid.1:{word}")


@pytest.mark.parametrize(
    ("code", "closes"), [(131050, True), (131026, False), (131049, False), (131047, False)]
)
def test_whatsapps_failure_says_why_and_whether_they_opted_out(code: int, *, closes: bool) -> None:
    error = {"code": code, "title": "No", "message": "No", "error_data": {"details": "They said no."}}
    said = whatsapp_status(status_of("failed", errors=[error]))
    assert (said.reason, said.closes) == (f"{code}: They said no.", closes)


def test_one_body_of_meta_may_be_about_several_numbers() -> None:
    raw = by_meta(
        value_of("1", statuses=[status_of("sent"), status_of("read")]),
        value_of("2", messages=[message_of("text", {"body": "Hei"})]),
    )
    told = [(number, type(event).__name__) for number, event in whatsapp_callbacks.events(raw)]
    assert told == [("1", "Status"), ("1", "Status"), ("2", "Reply")]


def test_a_customer_writes_by_whatsapp() -> None:
    reply = whatsapp_reply(message_of("text", {"body": "Ja takk!"}, context={"id": "wamid.1"}))
    assert reply == Reply("wamid.2", AT, "+4791234567", "1055", "Ja takk!", None, "wamid.1", None)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("button", {"payload": "waitlist_book_1", "text": "Book"}),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "waitlist_book_1", "title": "Book"}}),
    ],
)
def test_a_customer_taps_a_button_of_a_template_or_of_a_message(kind: str, content: dict[str, Any]) -> None:
    reply = whatsapp_reply(message_of(kind, content))
    assert (reply.text, reply.button) == ("Book", "waitlist_book_1")


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("image", {"id": "1", "caption": "my hair"}, "[image] my hair"),
        ("sticker", {"id": "1"}, "[sticker]"),
        ("reaction", {"emoji": "👍", "message_id": "wamid.1"}, "[reaction]"),
        ("unsupported", None, "[unsupported]"),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "A"}}, "[interactive]"),
        ("contacts", [{}], "[contacts]"),
    ],
)
def test_what_is_not_text_is_named(kind: str, content: object, text: str) -> None:
    reply = whatsapp_reply(message_of(kind, content))
    assert (reply.text, reply.button) == (text, None)


def test_a_change_of_number_is_nothing_that_a_customer_wrote() -> None:
    raw = by_meta(value_of(messages=[message_of("system", {"body": "Kari changed to …"})]))
    assert whatsapp_callbacks.events(raw) == []


@pytest.mark.parametrize("sender", [None, "", "NO.1234567890", "12", "٤٧٩١٢٣٤٥٦٧", ["4791234567"]])
def test_a_customer_of_whatsapp_may_have_no_number(sender: object) -> None:
    assert whatsapp_reply(message_of("text", {"body": "Hei"}) | {"from": sender}).sender is None


def test_texts_are_bounded_and_fit_into_a_database() -> None:
    reply = whatsapp_reply(message_of("text", {"body": "a\x00b\ud800c\nd\x1b[0m" + "x" * 10_000}))
    assert reply.text.startswith("ab\ufffdc\nd[0mx")
    assert len(reply.text) <= 4096
    assert reply.text.encode()


@pytest.mark.parametrize(
    "broken",
    [
        {"id": None}, {"id": "x" * 600}, {"id": "wamid\x00"}, {"id": ["wamid.1"]},
        {"timestamp": "9" * 4000}, {"status": {}},
        {"timestamp": None}, {"timestamp": -1}, {"timestamp": True}, {"timestamp": 1e300}, {"status": "warned"},
    ],
)  # fmt: skip
def test_one_unreadable_item_does_not_hide_the_others(broken: dict[str, Any]) -> None:
    items: list[Any] = [status_of("sent") | broken, None, 7, status_of("read")]
    told = whatsapp_callbacks.events(by_meta(value_of(statuses=items)))
    assert [event.dedupe_key for _, event in told] == ["wamid.1:read"]


# Twilio. The token, the address and the signatures are those of its documentation and its libraries' tests.

TOKEN: Final = "12345"
URL: Final = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL: Final = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "To": "+18005551212"}
DOCUMENTED: Final = CALL | {"Caller": "+12349013030", "From": "+12349013030"}
TESTED: Final = CALL | {"Caller": "+14158675309", "From": "+14158675309"}


def test_twilios_documented_signature_is_right() -> None:
    assert twilio_callbacks.signed(URL, DOCUMENTED, "0/KCTR6DLpKmkAf8muzZqo1nDgQ=", TOKEN)
    assert twilio_callbacks.signed(URL, [*DOCUMENTED.items()], "0/KCTR6DLpKmkAf8muzZqo1nDgQ=", TOKEN)


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:1234"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),  # signed with :443
        (URL.replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),  # signed with :80
        (URL.replace("https", "http").replace(".com", ".com:1234"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_twilio_signs_with_the_port_or_without(url: str, signature: str) -> None:
    assert twilio_callbacks.signed(url, TESTED, signature, TOKEN)


@pytest.mark.parametrize("digits", [["5678", "1234"], ["1234", "5678", "1234"]])
def test_a_field_that_occurs_twice_is_signed_once_for_each_value(digits: list[str]) -> None:
    form = [("Sid", "CA123"), ("SidAccount", "AC123"), *[("Digits", digit) for digit in digits]]
    assert twilio_callbacks.signed(URL, form, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", TOKEN)


def test_a_form_that_was_changed_is_not_twilios() -> None:
    signature = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    assert not twilio_callbacks.signed(URL, DOCUMENTED | {"Digits": "1"}, signature, TOKEN)
    assert not twilio_callbacks.signed(URL, DOCUMENTED | {"More": "1"}, signature, TOKEN)
    assert not twilio_callbacks.signed(URL, DOCUMENTED | {"More": b"file"}, signature, TOKEN)
    assert not twilio_callbacks.signed(URL, DOCUMENTED | {"More": "\ud800"}, signature, TOKEN)
    assert not twilio_callbacks.signed(URL + "3", DOCUMENTED, signature, TOKEN)
    assert not twilio_callbacks.signed(URL, DOCUMENTED, signature, "another")
    unkeyed = b64encode(hmac.new(b"", URL.encode(), hashlib.sha1).digest()).decode()
    assert not twilio_callbacks.signed(URL, {}, unkeyed, "")


@pytest.mark.parametrize("header", [None, *HOSTILE_HEADERS])
def test_twilios_signature_is_not_just_anything(header: str | None) -> None:
    assert not twilio_callbacks.signed(URL, DOCUMENTED, header, TOKEN)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("accepted", "sent"), ("scheduled", "sent"), ("queued", "sent"), ("sending", "sent"), ("sent", "sent"),
        ("delivered", "delivered"), ("read", "read"), ("undelivered", "failed"), ("failed", "failed"),
        ("canceled", "failed"),
    ],
)  # fmt: skip
def test_every_status_of_twilio_is_known(word: str, state: State) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": word}
    said = twilio_callbacks.status(form, message_id=str(OUR_ID), at=AT)
    assert said == Status("SM1", OUR_ID, state, AT, f"SM1:{word}")
    assert twilio_callbacks.reply(form | {"From": "+15005550006", "To": "+4791234567"}, at=AT) is None


@pytest.mark.parametrize(
    ("code", "closes"),
    [
        ("21610", True), ("63014", True), ("21211", True), ("21614", True), ("21635", True), ("30006", True),
        ("30003", False), ("30008", False), ("63016", False), ("63024", False), ("x" * 5000, False),
        ("9" * 5000, False),
    ],
)  # fmt: skip
def test_twilios_failure_says_whether_it_is_for_good(code: str, *, closes: bool) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": code, "ErrorMessage": "No"}
    said = twilio_callbacks.status(form, message_id=None, at=AT)
    assert said is not None
    assert said.closes is closes
    assert said.reason == (f"{code}: No" if len(code) == 5 else "No")


@pytest.mark.parametrize("given", [None, "", "1", str(OUR_ID).upper(), "\ud800", f"{{{OUR_ID}}}"])
def test_an_id_that_we_never_wrote_is_not_ours(given: str | None) -> None:
    said = twilio_callbacks.status({"MessageSid": "SM1", "MessageStatus": "sent"}, message_id=given, at=AT)
    assert said is not None
    assert said.message_id is None


def test_a_customer_writes_by_sms() -> None:
    form = {"MessageSid": "SM2", "SmsStatus": "received", "From": "+4791234567", "To": "+4759440000"}
    said = twilio_callbacks.reply(form | {"Body": " Ja \x00", "NumMedia": "0"}, at=AT)
    assert said == Reply("SM2", AT, "+4791234567", "+4759440000", "Ja", None, None, None)
    assert twilio_callbacks.channel(form) == "sms"
    assert twilio_callbacks.status(form, message_id=None, at=AT) is None


def test_a_customer_taps_a_button_by_twilios_whatsapp() -> None:
    form = {"MessageSid": "SM2", "From": "whatsapp:+4791234567", "To": "whatsapp:+4759440000", "Body": "Book"}
    tapped = {"ButtonText": "Book", "ButtonPayload": "waitlist_book_1", "OriginalRepliedMessageSid": "SM1"}
    said = twilio_callbacks.reply(form | tapped, at=AT)
    assert said == Reply("SM2", AT, "+4791234567", "+4759440000", "Book", "waitlist_book_1", "SM1", None)
    assert twilio_callbacks.channel(form) == "whatsapp"


@pytest.mark.parametrize(("kind", "opt"), [("STOP", "out"), ("START", "in"), ("HELP", None), ("", None)])
def test_twilio_says_what_it_did_about_an_opt_out(kind: str, opt: str | None) -> None:
    form = {
        "MessageSid": "SM2",
        "From": "+4791234567",
        "To": "+4759440000",
        "Body": "Avslutt",
        "OptOutType": kind,
    }
    said = twilio_callbacks.reply(form, at=AT)
    assert said is not None
    assert said.opt == opt


def test_a_picture_and_a_short_code_are_replies_too() -> None:
    form = {
        "MessageSid": "MM2",
        "From": "12345",
        "To": "+4759440000",
        "Body": "",
        "MediaContentType0": "image/jpeg",
    }
    said = twilio_callbacks.reply(form, at=AT)
    assert said is not None
    assert (said.sender, said.text) == (None, "[image]")


# SendGrid. The key and the signature are those of the tests of its library.

KEY: Final = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dA"
    "fSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
)
OTHER_KEY: Final = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIb"
    "sd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA=="
)
SIGNATURE: Final = (
    "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
)
OTHER_SIGNATURE: Final = (
    "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3j/0="
)
SIGNED_AT: Final = "1600112502"
DROPPED: Final = {
    "email": "hello@world.com",
    "event": "dropped",
    "reason": "Bounced Address",
    "sg_event_id": "ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",
    "sg_message_id": "LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",
    "smtp-id": "<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>",
    "timestamp": 1600112492,
}
SIGNED: Final = json.dumps([DROPPED], separators=(",", ":")).encode() + b"\r\n"
NOW: Final = datetime.fromtimestamp(1600112502, UTC) + timedelta(minutes=4)


def by_sendgrid(
    raw: bytes = SIGNED,
    signature: str | None = SIGNATURE,
    at: str | None = SIGNED_AT,
    key: str = KEY,
    now: datetime = NOW,
) -> bool:
    return sendgrid_callbacks.signed(raw, signature, at, key, now=now, oldest=timedelta(minutes=5))


def event_of(word: str, **more: Any) -> dict[str, Any]:
    ours = {"message_id": str(OUR_ID), "sg_message_id": "abc.recvd-1.0", "sg_event_id": "e1"}
    return {"email": "kari@example.com", "timestamp": SECONDS, "event": word, **ours, **more}


def sendgrid_status(event: dict[str, Any]) -> Status:
    [(_, status)] = sendgrid_callbacks.events(json.dumps([event]).encode())
    return status


def test_sendgrids_own_test_vector_is_right() -> None:
    assert by_sendgrid()


def test_what_sendgrid_did_not_sign_is_not_its_own() -> None:
    assert not by_sendgrid(raw=SIGNED.rstrip())
    assert not by_sendgrid(signature=OTHER_SIGNATURE)
    assert not by_sendgrid(key=OTHER_KEY)
    assert not by_sendgrid(at="1600112503")
    assert not by_sendgrid(at="0" + SIGNED_AT)


def test_an_old_body_that_comes_again_is_refused() -> None:
    assert not by_sendgrid(now=NOW + timedelta(minutes=2))
    assert not by_sendgrid(now=NOW - timedelta(minutes=10))


@pytest.mark.parametrize("value", [None, *HOSTILE_HEADERS, "AAAA", "MEUCIQ", "9" * 5000, "-1", "1_0", "٣"])
def test_sendgrids_headers_are_not_just_anything(value: str | None) -> None:
    assert not by_sendgrid(signature=value)
    assert not by_sendgrid(at=value)
    assert not by_sendgrid(key=value or "")


def test_a_key_of_another_kind_verifies_nothing() -> None:
    stronger = ec.generate_private_key(ec.SECP384R1())
    signature = b64encode(stronger.sign(SIGNED_AT.encode() + SIGNED, ec.ECDSA(SHA256()))).decode()
    for key in (stronger.public_key(), rsa.generate_private_key(65537, 2048).public_key()):
        der = b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
        assert not by_sendgrid(key=der, signature=signature)


@pytest.mark.parametrize(
    ("word", "state", "closes"),
    [
        ("processed", "sent", False), ("deferred", "sent", False), ("delivered", "delivered", False),
        ("open", "read", False), ("click", "read", False), ("bounce", "failed", False), ("dropped", "failed", False),
        ("spamreport", "delivered", True), ("unsubscribe", "delivered", True), ("group_unsubscribe", "delivered", True),
    ],
)  # fmt: skip
def test_every_event_of_sendgrid_is_known(word: str, state: State, *, closes: bool) -> None:
    said = sendgrid_status(event_of(word))
    assert said == Status("abc", OUR_ID, state, AT, "e1", word if closes else "", closes)


@pytest.mark.parametrize(
    ("word", "more", "closes"),
    [
        ("bounce", {"type": "bounce", "reason": "550 5.1.1 unknown user"}, True),
        ("bounce", {"type": "blocked", "reason": "550 5.7.1 listed"}, False),
        ("dropped", {"reason": "Bounced Address"}, True),
        ("dropped", {"reason": "Unsubscribed Address"}, True),
        ("dropped", {"reason": "Spam Reporting Address"}, True),
        ("dropped", {"reason": "Invalid"}, True),
        ("dropped", {"reason": "Spam Content"}, False),
        ("dropped", {"reason": "Recipient List over Package Quota"}, False),
    ],
)
def test_a_failed_email_says_whether_it_is_for_good(word: str, more: dict[str, str], *, closes: bool) -> None:
    said = sendgrid_status(event_of(word, **more))
    assert (said.state, said.closes, said.reason) == ("failed", closes, more["reason"])


def test_a_mail_program_that_fetches_by_itself_has_read_nothing() -> None:
    assert sendgrid_status(event_of("open", sg_machine_open=True)).state == "delivered"
    assert sendgrid_status(event_of("open", sg_machine_open=False)).state == "read"


def test_an_email_is_known_by_the_id_that_sendgrid_gave_at_first() -> None:
    [(_, said)] = sendgrid_callbacks.events(SIGNED)
    assert (said.provider_id, said.message_id) == ("LRzXl_NHStOGhQ4kofSm_A", None)


@pytest.mark.parametrize(
    "broken", [{"sg_event_id": None}, {"timestamp": "x"}, {"event": []}, {"event": "group_resubscribe"}]
)
def test_one_unreadable_event_does_not_hide_the_others(broken: dict[str, Any]) -> None:
    raw = json.dumps([event_of("open") | broken, None, "x", event_of("click")]).encode()
    assert [said.state for _, said in sendgrid_callbacks.events(raw)] == ["read"]
    neither = {"message_id": None, "sg_message_id": None}
    assert sendgrid_callbacks.events(json.dumps([event_of("open", **neither)]).encode()) == []


# Whatever comes: nothing raises but Unreadable.

PARSERS: Final[list[Callable[[bytes], object]]] = [whatsapp_callbacks.events, sendgrid_callbacks.events]
json_values: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800\x00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
any_text: Final = st.text(alphabet=st.characters())


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"1", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000, b"{",
     b'{"entry":{}}']
)  # fmt: skip
def test_a_body_that_is_none_is_unreadable(parse: Callable[[bytes], object], raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(raw)


@given(raw=st.binary())
def test_no_bytes_break_a_parser(raw: bytes) -> None:
    for parse in PARSERS:
        with suppress(Unreadable):
            parse(raw)


@given(data=st.data(), replaced=json_values)
def test_a_value_of_the_wrong_kind_anywhere_breaks_no_parser(data: st.DataObject, replaced: object) -> None:
    error = {"code": 131050, "title": "x", "error_data": {"details": "x"}}
    tapped = message_of("interactive", {"button_reply": {"id": "1", "title": "x"}}, context={"id": "wamid.1"})
    value = value_of(statuses=[status_of("failed", errors=[error])], messages=[tapped])
    whole = json.loads(by_meta(value))
    for parse, body in (
        (whatsapp_callbacks.events, whole),
        (sendgrid_callbacks.events, [event_of("bounce")]),
    ):
        path = data.draw(st.sampled_from(list(paths(body))))
        raw = json.dumps(with_replaced(body, path, replaced)).encode()
        with suppress(Unreadable):
            assert str(parse(raw)).encode(errors="strict") is not None


@given(
    form=st.dictionaries(
        st.sampled_from([*DOCUMENTED, "MessageSid", "MessageStatus", "Body", "ErrorCode"]), any_text
    )
)
@example({"MessageSid": "SM1", "From": "whatsapp:", "To": "whatsapp:\ud800"})
def test_no_form_breaks_twilios(form: dict[str, str]) -> None:
    twilio_callbacks.status(form, message_id=form.get("Body"), at=AT)
    twilio_callbacks.reply(form, at=AT)
    twilio_callbacks.channel(form)


@given(raw=st.binary(), first=any_text, second=any_text, third=any_text)
def test_no_header_breaks_a_signature(raw: bytes, first: str, second: str, third: str) -> None:
    assert not whatsapp_callbacks.signed(raw, first, second)
    assert not twilio_callbacks.signed(third, {first: second}, first, third)
    assert not by_sendgrid(raw, first, second, third)
    whatsapp_callbacks.challenge({"hub.verify_token": first, "hub.challenge": second}, third)


@given(st.lists(st.sampled_from(ORDER), min_size=1))
def test_the_order_of_reports_never_matters(states: list[State]) -> None:
    forwards = backwards = states[0]
    for state in states:
        forwards = furthest(forwards, state)
    for state in reversed(states):
        backwards = furthest(state, backwards)
    assert forwards == backwards


def paths(whole: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inside = whole.items() if isinstance(whole, dict) else enumerate(whole) if isinstance(whole, list) else ()
    return [here, *[path for key, value in inside for path in paths(value, (*here, key))]]


def with_replaced(whole: Any, path: tuple[Any, ...], value: object) -> Any:
    """The same with another value there."""
    if not path:
        return value
    copy = whole.copy()
    copy[path[0]] = with_replaced(whole[path[0]], path[1:], value)
    return copy


def test_a_report_of_twilio_s_that_we_do_not_know_is_no_answer_of_a_customer() -> None:
    body = b"MessageSid=SM1&MessageStatus=partially_delivered&From=%2B4790000000&To=%2B4741234567"
    request = callbacks.Request("twilio", "", "salon=1&message=2", body, {})
    assert callbacks.told(request, "AC1", at=AT) == []
