"""The SMTP channel against a real SMTP server on a socket, well-behaved and not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from uuid import UUID

import pytest

from standby.calendars.ical import uid_of
from standby.channels.base import Outgoing, Permanent, Retry, Sent, Stopped, Uncertain
from standby.channels.smtp import SmtpChannel
from tests.fakes.mailbox import Mailbox, mail_server
from tests.salon import MONDAY_NOON, Clock, Shop, open_shop, open_system
from tests.unit.test_ical import HAIRCUT, only_event

OFFER = Outgoing(
    id=UUID(int=7),
    channel="email",
    kind="offer",
    to="kari@example.com",
    salon="Salong Ærlig",
    subject="A time came free – today",
    text="Hei Kari! Blåbær.\nhttp://127.0.0.1/o/secret",
    html="<p>Hei Kari!</p>",
)


@asynccontextmanager
async def raw_server(
    behave: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """Something on a free port that is no mail server."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await behave(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def body_of(mail: EmailMessage, kind: Literal["plain", "html"]) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return "\n".join(part.get_content().splitlines()).strip()


def channel(url: str, timeout: float = 5) -> SmtpChannel:
    return SmtpChannel(url, "Standby <no-reply@standby.test>", Clock(), timeout=timeout)


async def test_a_mail_arrives_whole() -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox) as url:
        receipt = await channel(url).send(OFFER)
    assert isinstance(receipt, Sent)
    [mail] = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("kari@example.com", "A time came free – today")
    assert mail["From"] == "Salong Ærlig <no-reply@standby.test>"
    assert mail["Message-ID"] == f"<{OFFER.id}@standby.test>"
    assert parsedate_to_datetime(mail["Date"]) == MONDAY_NOON
    assert body_of(mail, "plain") == OFFER.text
    assert body_of(mail, "html") == OFFER.html


@pytest.mark.parametrize(("cancelled", "method"), [(False, "REQUEST"), (True, "CANCEL")])
async def test_an_appointment_comes_as_an_alternative_and_as_a_file(*, cancelled: bool, method: str) -> None:
    mailbox = Mailbox()
    appointment = replace(HAIRCUT, cancelled=cancelled)
    async with mail_server(mailbox) as url:
        assert isinstance(await channel(url).send(replace(OFFER, appointment=appointment)), Sent)
    [mail] = mailbox.mails
    assert body_of(mail, "plain") == OFFER.text
    assert body_of(mail, "html") == OFFER.html
    [alternative] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert alternative["Content-Type"].params["method"] == method
    [attached] = mail.iter_attachments()
    assert isinstance(attached, EmailMessage)
    assert (attached.get_filename(), attached.get_content_type()) == ("appointment.ics", "application/ics")
    event = only_event(attached.get_content())
    assert event["UID"] == uid_of(HAIRCUT.tenant_id, HAIRCUT.booking_id)
    assert event["ORGANIZER"] == "mailto:no-reply@standby.test"
    assert event["ATTENDEE"] == "mailto:kari@example.com"
    assert isinstance(alternative, EmailMessage)
    assert alternative.get_content().encode().splitlines() == attached.get_content().splitlines()


async def test_the_same_message_has_the_same_id_each_time() -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox) as url:
        await channel(url).send(OFFER)
        await channel(url).send(OFFER)
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("step", ["rcpt", "data"])
async def test_a_temporary_refusal_is_worth_another_try(step: str) -> None:
    async with mail_server(Mailbox(**{step: "451 busy, try again"})) as url:
        assert await channel(url).send(OFFER) == Retry("451 busy, try again")


@pytest.mark.parametrize("step", ["rcpt", "data"])
async def test_a_permanent_refusal_is_final(step: str) -> None:
    async with mail_server(Mailbox(**{step: "550 no such user"})) as url:
        assert await channel(url).send(OFFER) == Permanent("550 no such user")


@pytest.mark.parametrize(
    "odd",
    [
        {"subject": "A time\ncame free"},
        {"subject": "A time\u2028came free"},
        {"salon": "Salong\r\nBcc: all@example.com"},
        {"to": "kari@example.com\nola@example.com"},
        {"text": "half a \ud800 character"},
    ],
)
async def test_a_mail_that_can_not_be_written_is_not_sent_and_not_tried_again(odd: dict[str, Any]) -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox) as url:
        assert isinstance(await channel(url).send(replace(OFFER, **odd)), Permanent)
    assert mailbox.mails == []


async def test_an_address_beyond_ascii_needs_a_server_that_takes_it() -> None:
    message, mailbox = replace(OFFER, to="ærlig@example.org"), Mailbox()
    async with mail_server(mailbox) as url:
        receipt = await channel(url).send(message)
        assert isinstance(receipt, Permanent)
        assert "SMTPUTF8" in receipt.reason
    assert mailbox.mails == []
    async with mail_server(mailbox, utf8=True) as url:
        assert isinstance(await channel(url).send(message), Sent)
    [mail] = mailbox.mails
    assert (mail["To"], mail["From"]) == ("ærlig@example.org", "Salong Ærlig <no-reply@standby.test>")
    assert body_of(mail, "plain") == OFFER.text


async def test_a_domain_beyond_ascii_is_written_in_ascii() -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox) as url:
        assert isinstance(await channel(url).send(replace(OFFER, to="kari@straße.no")), Sent)
    assert [mail["To"] for mail in mailbox.mails] == ["kari@xn--strae-oqa.no"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_password_that_is_refused_stops_the_sender() -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox, password="right") as url:
        said = [
            await channel(url.replace("//", f"//kari:{password}@")).send(OFFER)
            for password in ("right", "wrong")
        ]
        nothing_said = await channel(url).send(OFFER)
    assert isinstance(said[0], Sent)
    assert isinstance(said[1], Stopped)
    assert isinstance(nothing_said, Stopped)
    assert len(mailbox.mails) == 1


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with mail_server(Mailbox()) as url:
        pass
    assert isinstance(await channel(url).send(OFFER), Retry)
    assert (await channel(url).check() or "").startswith("127.0.0.1:")


async def test_a_server_that_says_nothing_is_tried_again() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw_server(silent) as url:
        assert isinstance(await channel(url, timeout=0.2).send(OFFER), Retry)


async def test_a_connection_that_breaks_before_the_mail_is_tried_again() -> None:
    async def rude(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        await writer.drain()

    async with raw_server(rude) as url:
        assert isinstance(await channel(url).send(OFFER), Retry)


async def test_a_connection_that_breaks_after_the_mail_leaves_it_uncertain() -> None:
    mailbox = Mailbox(data="drop")
    async with mail_server(mailbox) as url:
        assert isinstance(await channel(url).send(OFFER), Uncertain)
    assert len(mailbox.mails) == 1


async def test_a_server_that_is_slow_to_take_the_mail_leaves_it_uncertain() -> None:
    async with mail_server(Mailbox(data="hang")) as url:
        assert isinstance(await channel(url, timeout=0.2).send(OFFER), Uncertain)


async def email_shop(database_url: str, url: str, clock: Clock) -> AsyncIterator[Shop]:
    async with open_system(database_url, clock, channels={"email": channel(url)}) as parts:
        yield await open_shop(parts, clock)


async def test_an_offer_leaves_by_mail_and_its_link_is_the_one_that_counts(database_url: str) -> None:
    mailbox, clock = Mailbox(), Clock()
    async with mail_server(mailbox) as url, asynccontextmanager(email_shop)(database_url, url, clock) as shop:
        await shop.join("Kari", email="kari@example.com")
        slot = await shop.free_slot()
        await shop.run_jobs()
        assert await shop.status_of("slots", slot) == "held"
        row = await shop.one("SELECT status, provider, channel FROM messages")
        assert (row["status"], row["provider"], row["channel"]) == ("sent", "smtp", "email")
        [mail] = mailbox.mails
        assert "Kari" in body_of(mail, "plain")
        assert "/o/" in body_of(mail, "plain")


async def test_a_mail_that_may_have_left_is_sent_once_more_and_told(database_url: str) -> None:
    mailbox, clock = Mailbox(data="drop"), Clock()
    async with mail_server(mailbox) as url, asynccontextmanager(email_shop)(database_url, url, clock) as shop:
        await shop.join("Kari", email="kari@example.com")
        await shop.free_slot()
        await shop.run_jobs()
        assert len(mailbox.mails) == 2
        row = await shop.one("SELECT status, resends FROM messages")
        assert (row["status"], row["resends"]) == ("uncertain", 1)
        assert len(await shop.system.worker_pool.fetch("SELECT * FROM uncertain_messages()")) == 1
        assert await shop.broken() == []
