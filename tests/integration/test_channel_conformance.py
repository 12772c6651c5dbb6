"""What every channel promises, each against its own provider on a socket."""

import asyncio
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, Final, get_args

import pytest

from standby.channels.base import (
    NeedsTemplate,
    OptedOut,
    Permanent,
    Receipt,
    Retry,
    Sent,
    Stopped,
    Uncertain,
)
from tests.channel_drivers import (
    SECRET,
    Driver,
    HttpDriver,
    RemoteDriver,
    TwilioDriver,
    WhatsAppDriver,
    asking_to_wait,
    by_console,
    by_sendgrid,
    by_smtp,
    by_twilio_sms,
    by_twilio_whatsapp,
    by_whatsapp,
)
from tests.fakes.serving import Cuts, Dawdles, Drips, Echoes, Misdeed, Says

Opening = Callable[[], AbstractAsyncContextManager[Driver]]

WHATSAPPS: Final[list[Opening]] = [by_whatsapp, by_twilio_whatsapp]
WITH_OPT_OUT: Final[list[Opening]] = [*WHATSAPPS, by_twilio_sms]
HTTP: Final[list[Opening]] = [*WITH_OPT_OUT, by_sendgrid]
REMOTE: Final[list[Opening]] = [*HTTP, by_smtp]
ALL: Final[list[Opening]] = [*REMOTE, by_console]
RECEIPTS: Final = get_args(Receipt)

NONSENSE: Final[list[Any]] = [
    "",
    "<html>Welcome to the hotel's network</html>",
    "{",
    "[" * 100_000,
    "null",
    "7",
    '"x"',
    [],
    {},
    {"messages": None, "sid": None},
    {"messages": ["x"], "sid": 7},
    {"messages": {"0": 1}, "sid": {}},
    {"messages": [{"id": 7}], "sid": [1]},
    {"messages": [{"id": "\ud800"}], "sid": "\x00"},
]
ODD_ERRORS: Final[list[Any]] = [
    *NONSENSE,
    {"error": None, "errors": None, "code": None, "message": None},
    {"error": "x", "errors": "x", "code": "x", "message": 7},
    {"error": [], "errors": [], "code": [], "message": []},
    {"error": {}, "errors": {}, "code": {}, "message": {}},
    {"error": {"code": {}, "error_data": 7}, "errors": [7], "code": 1.5},
    {"error": {"code": "190", "message": []}, "errors": [{"message": None}], "code": 10**30},
    {
        "error": {"code": 987654, "message": "\x00\ud800"},
        "errors": [{"message": "\x00\ud800"}],
        "code": 987654,
        "message": "\x00\ud800",
    },
]
ODD_WAITS: Final = ["soon", "", "-1", "²", "1e9", "9" * 400, "Mon, 01 Jan 2026 00:00:00 +9999999999999999999"]


@pytest.fixture
async def driver(request: pytest.FixtureRequest) -> AsyncIterator[Driver]:
    async with request.param() as driver:
        yield driver


def through(openings: list[Opening]) -> pytest.MarkDecorator:
    names = [getattr(opening, "__name__", "") for opening in openings]
    return pytest.mark.parametrize("driver", openings, indirect=True, ids=names)


def writable(receipt: Receipt) -> bool:
    """Whether a receipt can be stored: PostgreSQL takes neither NUL nor half a character."""
    said = receipt.provider_id if isinstance(receipt, Sent) else receipt.reason
    return "\x00" not in said and said == said.encode(errors="replace").decode()


@pytest.fixture
def deserted_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@through(ALL)
async def test_a_message_is_taken_and_its_id_comes_back(driver: Driver) -> None:
    receipt = await driver.channel().send(driver.message)
    [given] = driver.given()
    assert receipt == Sent(given)


@through(ALL)
async def test_our_id_reaches_the_provider(driver: Driver) -> None:
    await driver.channel().send(driver.message)
    [correlation] = driver.correlations()
    assert str(driver.message.id) in correlation


@through(ALL)
async def test_a_channel_whose_provider_answers_is_well(driver: Driver) -> None:
    assert await driver.channel().check() is None


@through(ALL)
async def test_a_closed_channel_leaves_what_it_shares_with_others_open(driver: Driver) -> None:
    await driver.channel().close()
    assert isinstance(await driver.channel().send(driver.message), Sent)


@through(REMOTE)
async def test_a_provider_that_is_not_there_is_tried_again(driver: RemoteDriver, deserted_port: int) -> None:
    channel = driver.channel(port=deserted_port)
    assert isinstance(await channel.send(driver.message), Retry)
    assert await channel.check()


@through(REMOTE)
async def test_a_busy_provider_is_tried_again_when_it_said(driver: RemoteDriver) -> None:
    driver.busy()
    receipt = await driver.channel().send(driver.message)
    assert isinstance(receipt, Retry)
    assert receipt.after == driver.wait


@through(REMOTE)
async def test_a_refusal_of_the_message_is_final(driver: RemoteDriver) -> None:
    driver.refusing()
    assert isinstance(await driver.channel().send(driver.message), Permanent)
    assert driver.given() == []


@through([by_whatsapp, by_twilio_whatsapp, by_sendgrid, by_smtp])
async def test_a_connection_that_ends_after_the_message_leaves_it_uncertain(driver: RemoteDriver) -> None:
    driver.cutting()
    assert isinstance(await driver.channel().send(driver.message), Uncertain)
    assert len(driver.correlations()) == 1


@through(REMOTE)
async def test_an_answer_that_takes_too_long_leaves_it_uncertain(driver: RemoteDriver) -> None:
    driver.dawdling()
    assert isinstance(await driver.channel(patience=0.2).send(driver.message), Uncertain)


@through(HTTP)
async def test_a_check_that_takes_too_long_says_so(driver: HttpDriver) -> None:
    driver.fake.next(Dawdles(takes=False))
    assert await driver.channel(patience=0.2).check()


@through(HTTP)
async def test_an_answer_that_never_ends_is_too_slow(
    driver: HttpDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standby.channels.http.CONNECT_SECONDS", 0.2)
    driver.fake.next(Drips())
    assert isinstance(await driver.channel(patience=0.1).send(driver.message), Uncertain)


@through(HTTP)
@pytest.mark.parametrize("address", ["nowhere", "ftp://127.0.0.1"])
async def test_an_address_that_is_none_reaches_nobody(driver: HttpDriver, address: str) -> None:
    driver.fake.url = address
    assert isinstance(await driver.channel().send(driver.message), Retry)
    assert await driver.channel().check()


@through([by_whatsapp, by_twilio_whatsapp, by_sendgrid])
async def test_a_connection_that_ends_before_the_message_is_read_leaves_it_uncertain(
    driver: HttpDriver,
) -> None:
    driver.fake.next(Cuts(takes=False))
    assert isinstance(await driver.channel().send(driver.message), Uncertain)


@through(HTTP)
async def test_a_provider_that_is_out_of_order_is_tried_again_when_it_said(driver: HttpDriver) -> None:
    driver.fake.next(Says(503, "<html>Service Unavailable</html>", asking_to_wait()))
    receipt = await driver.channel().send(driver.message)
    if driver.message.channel == "whatsapp" and isinstance(driver, TwilioDriver):
        assert isinstance(receipt, Uncertain)  # It may be there, and can't be recognised.
    else:
        assert isinstance(receipt, Retry)
        assert receipt.after == driver.wait


@through(HTTP)
@pytest.mark.parametrize("status", [429, 500])
@pytest.mark.parametrize("wait", ODD_WAITS)
async def test_a_wait_that_makes_no_sense_is_none(driver: HttpDriver, status: int, wait: str) -> None:
    driver.fake.next(Says(status, "", {"Retry-After": wait, "X-RateLimit-Reset": wait}))
    receipt = await driver.channel().send(driver.message)
    assert isinstance(receipt, Retry | Uncertain)
    if isinstance(receipt, Retry):
        assert receipt.after is None or 0 <= receipt.after <= 86_400


@through(HTTP)
async def test_what_answers_in_another_protocol_leaves_it_uncertain(driver: HttpDriver) -> None:
    async def gibberish(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff HTTP? \x00\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(gibberish, "127.0.0.1", 0)
    async with server:
        channel = driver.channel(port=server.sockets[0].getsockname()[1])
        receipt = await channel.send(driver.message)
        assert isinstance(receipt, Uncertain)
        assert writable(receipt)
        assert await channel.check()


@through(HTTP)
async def test_wrong_credentials_stop_the_sender(driver: HttpDriver) -> None:
    channel = driver.channel(secret="EAAGoutdated")
    receipt = await channel.send(driver.message)
    assert isinstance(receipt, Stopped)
    said = await channel.check()
    assert said
    assert "EAAGoutdated" not in receipt.reason + said


@through(HTTP)
@pytest.mark.parametrize("status", [401, 403])
async def test_a_stranger_that_turns_us_away_stops_the_sender(driver: HttpDriver, status: int) -> None:
    for body in ("<html>Forbidden</html>", {"error": {"code": 987654, "message": "no"}, "code": 987654}):
        driver.fake.next(Says(status, body))
        assert isinstance(await driver.channel().send(driver.message), Stopped)


@through(WITH_OPT_OUT)
async def test_a_customer_who_opted_out_is_told_apart(driver: HttpDriver) -> None:
    driver.opt_out()
    assert isinstance(await driver.channel().send(driver.message), OptedOut)
    assert driver.given() == []


@through(WHATSAPPS)
async def test_out_of_a_conversation_a_template_passes_and_nothing_else(driver: HttpDriver) -> None:
    assert isinstance(driver, WhatsAppDriver | TwilioDriver)
    driver.clock.forward(hours=25)  # since they wrote
    free = replace(driver.message, in_conversation=True)  # So we think; WhatsApp knows better.
    assert isinstance(await driver.channel().send(free), NeedsTemplate)
    assert isinstance(await driver.channel().send(driver.message), Sent)


@through(WHATSAPPS)
async def test_in_a_conversation_no_template_is_needed(driver: HttpDriver) -> None:
    assert isinstance(await driver.channel().send(replace(driver.message, in_conversation=True)), Sent)


@through([by_twilio_sms])
async def test_an_sms_without_an_answer_is_found_in_the_list(driver: TwilioDriver) -> None:
    for misdeed in (Cuts(takes=True), Dawdles(takes=True), Says(502, "", takes=True)):
        driver.fake.next(misdeed)
        receipt = await driver.channel(patience=0.2).send(driver.message)
        assert receipt == Sent(driver.given()[-1])
    assert len(driver.given()) == 3


@through([by_twilio_sms])
@pytest.mark.parametrize("misdeed", [Cuts(takes=False), Says(500, "")])
async def test_an_sms_that_is_not_in_the_list_is_tried_again(driver: TwilioDriver, misdeed: Misdeed) -> None:
    driver.fake.next(misdeed)
    assert isinstance(await driver.channel().send(driver.message), Retry)


@through([by_twilio_sms])
async def test_an_sms_of_before_is_not_taken_for_one_with_the_same_words(driver: TwilioDriver) -> None:
    await driver.channel().send(driver.message)
    driver.clock.forward(hours=1)
    driver.fake.next(Cuts(takes=False))
    assert isinstance(await driver.channel().send(driver.message), Retry)


@through([by_twilio_sms])
async def test_an_sms_stays_uncertain_when_the_list_makes_no_sense(driver: TwilioDriver) -> None:
    for body in NONSENSE:
        driver.fake.next(Cuts(takes=False), Says(200, body))
        assert isinstance(await driver.channel().send(driver.message), Uncertain), body


@through(HTTP)
async def test_nonsense_instead_of_an_id_leaves_it_uncertain(driver: HttpDriver) -> None:
    for body in NONSENSE:
        driver.fake.next(Says(200, body))
        receipt = await driver.channel().send(driver.message)
        assert isinstance(receipt, Uncertain), body
        assert writable(receipt), body


@through(HTTP)
@pytest.mark.parametrize("status", [302, 400, 401, 404, 413, 429, 500])
async def test_whatever_an_error_says_there_is_a_receipt(driver: HttpDriver, status: int) -> None:
    for body in ODD_ERRORS:
        driver.fake.next(Says(status, body))
        receipt = await driver.channel().send(driver.message)
        assert isinstance(receipt, RECEIPTS), body
        assert not isinstance(receipt, Sent), body
        assert writable(receipt), body


@through(HTTP)
@pytest.mark.parametrize("status", [302, 400, 401, 404, 413, 429, 500])
async def test_whatever_an_error_says_the_check_tells_of_it(driver: HttpDriver, status: int) -> None:
    for body in ODD_ERRORS:
        driver.fake.next(Says(status, body))
        assert await driver.channel().check(), body


@through(ALL)
@pytest.mark.parametrize("text", ["half a \ud800 character", "\x00", "", "🎉" * 5000])
async def test_whatever_a_message_says_there_is_a_receipt(driver: Driver, text: str) -> None:
    message = replace(driver.message, text=text, subject="A time\ncame free", template=None)
    assert isinstance(await driver.channel().send(message), RECEIPTS)


@through(HTTP)
@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_no_receipt_tells_a_secret(driver: HttpDriver, status: int) -> None:
    driver.fake.next(Echoes(status), Echoes(status))  # Twilio is asked twice when its answer is lost.
    receipt = await driver.channel().send(driver.message)
    assert not isinstance(receipt, Sent)
    assert SECRET not in receipt.reason
    assert b64encode(f"AC1:{SECRET}".encode()).decode() not in receipt.reason
