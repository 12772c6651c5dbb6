"""Every channel beside the provider that it talks to, under one set of handles for the conformance suite."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import aiohttp

from standby.channels.base import Button, Channel, Outgoing, Template
from standby.channels.console import ConsoleChannel
from standby.channels.phones import Phones
from standby.channels.sendgrid import SendGridChannel
from standby.channels.smtp import SmtpChannel
from standby.channels.twilio import TwilioChannel
from standby.channels.whatsapp import WhatsAppChannel
from tests.fakes import sendgrid, twilio, whatsapp
from tests.fakes.mailbox import Mailbox, mail_server
from tests.fakes.serving import Cuts, Dawdles, FakeProvider, Misdeed, Says
from tests.salon import MONDAY_NOON, Clock

SECRET: Final = "EAAGsecret0123"  # also what stands for a password
WAIT: Final = 7.0  # seconds that a provider asks for when it is busy
OFFER: Final = Outgoing(
    id=UUID(int=7),
    channel="whatsapp",
    kind="offer",
    to="+4791234567",
    salon="Salong Ærlig",
    subject="A time came free – today",
    text="Hei Kari! Blåbær.\nhttp://127.0.0.1/o/secret",
    html="<p>Hei Kari!</p>",
    valid_until=MONDAY_NOON + timedelta(minutes=15),
    buttons=(Button("yes", "Take it"), Button("no", "No, thanks")),
    template=Template("slot_offer", "nb", ("Kari", "13:00")),
)


class Driver(ABC):
    """A channel's provider, to be told how to behave and asked what it got. `wait`: what it asks for when busy."""

    message: Outgoing
    wait: float | None = None

    @abstractmethod
    def channel(self, *, patience: float = 5, secret: str = SECRET, port: int | None = None) -> Channel:
        """The channel; to another port than the provider's, if one is given."""

    @abstractmethod
    def given(self) -> list[str]:
        """The ids that the channel should report, oldest message first."""

    @abstractmethod
    def correlations(self) -> list[str]:
        """Where our own ids should stand in what the provider took, oldest first."""


class RemoteDriver(Driver):
    """A provider on the other end of a connection."""

    @abstractmethod
    def busy(self) -> None:
        """The next message is refused, for now."""

    @abstractmethod
    def refusing(self) -> None:
        """The next message is refused for good."""

    @abstractmethod
    def cutting(self) -> None:
        """The next message is taken, and the connection ends before that is said."""

    @abstractmethod
    def dawdling(self) -> None:
        """The next message stays unanswered."""


@dataclass
class HttpDriver(RemoteDriver):
    """`fake` and `http` are open."""

    fake: FakeProvider
    http: aiohttp.ClientSession
    clock: Clock
    too_busy: Misdeed
    refusal: Misdeed
    message: Outgoing = OFFER
    wait = WAIT

    def address(self, port: int | None) -> str:
        return self.fake.url if port is None else f"http://127.0.0.1:{port}"

    def busy(self) -> None:
        self.fake.next(self.too_busy)

    def refusing(self) -> None:
        self.fake.next(self.refusal)

    def cutting(self) -> None:
        self.fake.next(Cuts(takes=True))

    def dawdling(self) -> None:
        self.fake.next(Dawdles(takes=False))

    @abstractmethod
    def opt_out(self) -> None:
        """The customer wants nothing from this sender, and the provider knows."""


class WhatsAppDriver(HttpDriver):
    fake: whatsapp.FakeWhatsApp

    def channel(self, *, patience: float = 5, secret: str = SECRET, port: int | None = None) -> Channel:
        return WhatsAppChannel(
            self.http,
            self.clock,
            base_url=self.address(port),
            version="v23.0",
            phone_number_id="1555",
            token=secret,
            answer_seconds=patience,
        )

    def given(self) -> list[str]:
        return list(self.fake.taken)

    def correlations(self) -> list[str]:
        return [body["biz_opaque_callback_data"] for body in self.fake.taken.values()]

    def opt_out(self) -> None:
        self.fake.opted_out.add(self.message.to)


class TwilioDriver(HttpDriver):
    fake: twilio.FakeTwilio

    def channel(self, *, patience: float = 5, secret: str = SECRET, port: int | None = None) -> Channel:
        return TwilioChannel(
            self.http,
            self.clock,
            base_url=self.address(port),
            account_sid="AC1",
            auth_token=secret,
            sender="+15550001",
            status_url="https://standby.test/hooks/twilio?salon=1",
            answer_seconds=patience,
        )

    def given(self) -> list[str]:
        return list(self.fake.taken)

    def correlations(self) -> list[str]:
        return [taken.form["StatusCallback"] for taken in self.fake.taken.values()]

    def opt_out(self) -> None:
        self.fake.opted_out.add(self.message.to)


class SendGridDriver(HttpDriver):
    fake: sendgrid.FakeSendGrid

    def channel(self, *, patience: float = 5, secret: str = SECRET, port: int | None = None) -> Channel:
        return SendGridChannel(
            self.http,
            self.clock,
            base_url=self.address(port),
            api_key=secret,
            sender="Standby <no-reply@standby.test>",
            salon="salon-1",
            answer_seconds=patience,
        )

    def given(self) -> list[str]:
        return list(self.fake.taken)

    def correlations(self) -> list[str]:
        return [mail["personalizations"][0]["custom_args"]["message_id"] for mail in self.fake.taken.values()]

    def opt_out(self) -> None:
        raise NotImplementedError("SendGrid takes the mail and drops it later")


@dataclass
class SmtpDriver(RemoteDriver):
    """SMTP has no word for how long to wait."""

    mailbox: Mailbox
    port: int
    message = replace(OFFER, channel="email", to="kari@example.com")

    def channel(self, *, patience: float = 5, secret: str = SECRET, port: int | None = None) -> Channel:
        assert secret == SECRET, "this server asks for no password"
        url = f"smtp://127.0.0.1:{port or self.port}"
        return SmtpChannel(url, "Standby <no-reply@standby.test>", Clock(), timeout=patience)

    def given(self) -> list[str]:
        return [f"{self.message.id} taken" for _ in self.mailbox.mails]

    def correlations(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mailbox.mails]

    def busy(self) -> None:
        self.mailbox.answers["data"] = "451 busy, try again"

    def refusing(self) -> None:
        self.mailbox.answers["rcpt"] = "550 no such user"

    def cutting(self) -> None:
        self.mailbox.answers["data"] = "drop"

    def dawdling(self) -> None:
        self.mailbox.answers["data"] = "hang"


class ConsoleDriver(Driver):
    message = OFFER

    def __init__(self) -> None:
        self.phones = Phones()

    def channel(self, *, patience: float = 5, secret: str = SECRET, port: int | None = None) -> Channel:
        del patience, secret, port  # There is nobody to wait for.
        return ConsoleChannel(self.phones, Clock())

    def given(self) -> list[str]:
        return [f"console-{delivered.message.id}" for delivered in self.phones.messages]

    def correlations(self) -> list[str]:
        return [str(delivered.message.id) for delivered in self.phones.messages]


@asynccontextmanager
async def by_whatsapp() -> AsyncIterator[WhatsAppDriver]:
    templates = {("slot_offer", "nb"): whatsapp.Approved(values=2, buttons=2)}
    clock = Clock()
    fake = whatsapp.FakeWhatsApp(number_id="1555", token=SECRET, templates=templates, clock=clock)
    fake.writes(OFFER.to, "Hei")
    busy = Says(429, whatsapp.error(130429, "Rate limit hit"), asking_to_wait())
    refusal = Says(400, whatsapp.error(131026, "Message undeliverable"))
    async with fake.served(), aiohttp.ClientSession() as http:
        yield WhatsAppDriver(fake, http, clock, busy, refusal)


@asynccontextmanager
async def by_twilio_sms() -> AsyncIterator[TwilioDriver]:
    async with _twilio(replace(OFFER, channel="sms", template=None, buttons=())) as driver:
        yield driver


@asynccontextmanager
async def by_twilio_whatsapp() -> AsyncIterator[TwilioDriver]:
    async with _twilio(replace(OFFER, template=Template("HX1", "nb", ("Kari", "13:00")))) as driver:
        yield driver


@asynccontextmanager
async def _twilio(message: Outgoing) -> AsyncIterator[TwilioDriver]:
    clock = Clock()
    fake = twilio.FakeTwilio(
        account="AC1",
        token=SECRET,
        senders={"+15550001", "MG1"},
        contents={"HX1": "Hei {{1}}! En time er ledig kl. {{2}}."},
        clock=clock,
    )
    fake.writes_by_whatsapp(message.to, "Hei", to="+15550001")
    busy = Says(429, twilio.error(20429, "Too Many Requests", 429), asking_to_wait())
    refusal = Says(400, twilio.error(21211, "Invalid 'To' Phone Number"))
    async with fake.served(), aiohttp.ClientSession() as http:
        yield TwilioDriver(fake, http, clock, busy, refusal, message)


@asynccontextmanager
async def by_sendgrid() -> AsyncIterator[SendGridDriver]:
    clock = Clock()
    fake = sendgrid.FakeSendGrid(key=SECRET, senders={"no-reply@standby.test"}, clock=clock)
    resets = {"X-RateLimit-Reset": str(int(MONDAY_NOON.timestamp() + WAIT))}
    busy = Says(429, sendgrid.error("too many requests"), resets)
    refusal = Says(400, sendgrid.error("Does not contain a valid address.", "personalizations.0.to.0.email"))
    message = replace(OFFER, channel="email", to="kari@example.com")
    async with fake.served(), aiohttp.ClientSession() as http:
        yield SendGridDriver(fake, http, clock, busy, refusal, message)


@asynccontextmanager
async def by_smtp() -> AsyncIterator[SmtpDriver]:
    mailbox = Mailbox()
    async with mail_server(mailbox) as url:
        yield SmtpDriver(mailbox, int(url.rpartition(":")[2]))


@asynccontextmanager
async def by_console() -> AsyncIterator[ConsoleDriver]:
    yield ConsoleDriver()


def asking_to_wait() -> dict[str, Any]:
    return {"Retry-After": str(int(WAIT))}
