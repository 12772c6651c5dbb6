"""Who sends for a salon by which channel: its own number or mailbox with a provider, or else the installation's.

The salon's are rows of table `senders`; the installation's come from the settings, and serve who has none of their own.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import email_validator

from standby.channels import sendgrid_callbacks
from standby.channels.base import Channel
from standby.database.pool import Pool, Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid
from standby.messages.sealing import Seal
from standby.tenants import customers

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Needs:
    """What a provider has to be told, by name, and which channels it serves. `address` says what `is_address` takes."""

    channels: tuple[str, ...]
    is_address: Callable[[str], bool]
    address: str
    options: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    may_have: tuple[str, ...] = ()  # options that have a default


def _is_number(address: str) -> bool:
    return customers.e164(address, None) == address


def _is_number_or_service(address: str) -> bool:
    return _is_number(address) or re.fullmatch("MG[0-9a-zA-Z]+", address) is not None


def is_mailbox(address: str) -> bool:
    """Whether mail could be for it: name@example.com, also with a name before it."""
    try:
        email_validator.validate_email(parseaddr(address)[1], check_deliverability=False)
    except email_validator.EmailNotValidError:
        return False
    return True


def _is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_rate(text: str) -> bool:
    return re.fullmatch(r"\d{1,4}(\.\d{1,2})?", text) is not None and 0.01 <= float(text) <= 1000


PROVIDERS: Final[Mapping[str, Needs]] = {
    "whatsapp": Needs(
        ("whatsapp",),
        _is_number,
        "the number, like +4741234567",
        ("phone_number_id",),
        ("token", "app_secret"),
        ("per_second",),
    ),
    "twilio": Needs(
        ("sms", "whatsapp"),
        _is_number_or_service,
        "like +4741234567, or MG… of a service",
        ("account_sid",),
        ("auth_token",),
        ("per_second",),
    ),
    "sendgrid": Needs(
        ("email",), is_mailbox, "name@example.com", (), ("api_key",), may_have=("verification_key",)
    ),
    "smtp": Needs(("email",), is_mailbox, "name@example.com", (), ("url",)),
}


@dataclass(frozen=True)
class Sender:
    """A salon's sender, opened. `options` may be known to everybody, `secrets` to nobody."""

    provider: str
    address: str
    options: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)


async def appoint(tx: Tx, channel: str, sender: Sender, *, seal: Seal, now: datetime) -> None:
    """Makes this the salon's sender for the channel, in place of another. Raises Invalid with every problem."""
    if problems := _problems(channel, sender):
        raise Invalid(problems)
    try:
        await tx.execute(
            SQL["appoint_sender"],
            channel,
            sender.provider,
            sender.address,
            dict(sender.options),
            seal.close(sender.secrets),
            new_id(),
            now,
        )
    except asyncpg.UniqueViolationError as error:
        said = "is another salon's sender already; what customers answer to a number can reach one salon only"
        raise Invalid([FieldProblem("address", said)]) from error
    await _wake(tx, now)


async def dismiss(tx: Tx, channel: str, *, now: datetime) -> bool:
    """Takes the salon's own sender away; whether there was one."""
    there = await tx.fetchval(SQL["dismiss_sender"], channel) is not None
    await _wake(tx, now)
    return there


async def appointed(tx: Tx, *, now: datetime) -> list[asyncpg.Record]:
    """The salon's own senders, without their secrets, and what pauses them."""
    return list(await tx.fetch(SQL["list_senders"], now))


async def reseal(pool: Pool, seal: Seal) -> int:
    """Seals all salons' secrets anew with the first key; how many there are. `pool` acts as the worker's role.

    Raises CannotOpen, and then nothing is changed.
    """
    rows = await pool.fetch(SQL["sealed_senders"], None, None)
    for row, secrets in [(row, seal.open(row["secrets"])) for row in rows]:
        await pool.execute(
            SQL["reseal_sender"], row["tenant_id"], row["channel"], row["version"], seal.close(secrets)
        )
    return len(rows)


class Senders:
    """The channels of all salons, as a worker needs them. `pool` acts as the worker's role.

    `seal` is asked for when there is something to open, `serving` makes the channel of an opened sender; that is kept
    until the sender changes. `hears`: the installation's channels by which answers of customers reach us.
    """

    def __init__(
        self,
        pool: Pool,
        seal: Callable[[], Seal],
        installation: Mapping[str, Channel],
        serving: Callable[[UUID, Sender], Channel],
        hears: Collection[str] = (),
    ) -> None:
        self.installation = installation
        self.hears = hears
        self._pool = pool
        self._seal = seal
        self._serving = serving
        self._kept: dict[tuple[UUID, str], tuple[UUID, Channel]] = {}

    async def channel(self, tenant_id: UUID, channel: str, version: UUID | None) -> Channel | None:
        """What sends for the salon; `version` None: the installation's. None: nothing does (any more).

        Raises CannotOpen.
        """
        if version is None:
            return self.installation.get(channel)
        kept = self._kept.get((tenant_id, channel))
        if kept is not None and kept[0] == version:
            return kept[1]
        return await self._own(tenant_id, channel)

    async def own(self) -> list[asyncpg.Record]:
        """Every salon's own senders: tenant_id, slug, channel, provider, address, paused_until and its reason."""
        return list(await self._pool.fetch(SQL["sealed_senders"], None, None))

    async def of(self, tenant_id: UUID, channel: str) -> Channel | None:
        """What would send for the salon now. Raises CannotOpen."""
        return await self._own(tenant_id, channel) or self.installation.get(channel)

    async def _own(self, tenant_id: UUID, channel: str) -> Channel | None:
        row = await self._pool.fetchrow(SQL["sealed_senders"], tenant_id, channel)
        if row is None:
            return None
        opened = Sender(row["provider"], row["address"], row["options"], self._seal().open(row["secrets"]))
        made = self._serving(tenant_id, opened)
        self._kept[tenant_id, channel] = (row["version"], made)
        return made


async def _wake(tx: Tx, now: datetime) -> None:
    await tx.execute(SQL["wake_paused"], now)
    await tx.execute("SELECT announce_deadline($1, $1)", now)


def _is_content(sender: Sender, name: str) -> bool:
    """Twilio's name (HX…) for one of the templates that `standby channel templates` prints: standby_offer/en=HX…"""
    is_named = re.fullmatch("standby_[a-z0-9_]+/[a-z]{2}", name) is not None
    return sender.provider == "twilio" and is_named and sender.options[name].startswith("HX")


def _problems(channel: str, sender: Sender) -> list[FieldProblem]:
    needs = PROVIDERS.get(sender.provider)
    if needs is None:
        return [FieldProblem("provider", f"is none of {', '.join(PROVIDERS)}")]
    problems = []
    if channel not in needs.channels:
        problems.append(
            FieldProblem("channel", f"{sender.provider} sends {' and '.join(needs.channels)} only")
        )
    if not needs.is_address(sender.address):
        problems.append(FieldProblem("address", f"should be {needs.address}"))
    if (url := sender.secrets.get("url")) and not _is_mail_server(url):
        problems.append(
            FieldProblem("url", "should be like smtp://user:password@host:587?starttls=1 (%2F for /)")
        )
    if (rate := sender.options.get("per_second")) is not None and not _is_rate(rate):
        problems.append(FieldProblem("per_second", "should be a number of messages, 0.01 to 1000"))
    if (key := sender.options.get("verification_key")) is not None and not sendgrid_callbacks.is_key(key):
        problems.append(
            FieldProblem(
                "verification_key",
                "should be the Verification Key of SendGrid's signed event webhook, in one line like MFkwEwYHKoZIzj0…",
            )
        )
    for given, wanted, may_have, what in (
        (sender.options, needs.options, needs.may_have, "option"),
        (sender.secrets, needs.secrets, (), "secret"),
    ):
        problems += [FieldProblem(name, f"is missing ({what})") for name in wanted if not given.get(name)]
        problems += [
            FieldProblem(name, f"{sender.provider} has no such {what}")
            for name in sorted(set(given) - {*wanted, *may_have})
            if not (what == "option" and _is_content(sender, name))
        ]
    return problems
