"""One real message, sent as a salon would, to see whether its sender works. It leaves no trace in the database."""

from dataclasses import dataclass
from html import escape

from standby import wiring
from standby.channels.base import Outgoing, Sent, Template
from standby.database.pool import new_id
from standby.settings import Settings
from standby.tenants import customers, tenants

WORDS = "This is a test message from {salon}. It works."


@dataclass(frozen=True)
class Tried:
    """What came of it."""

    taken: bool
    said: str


async def try_out(settings: Settings, url: str, slug: str, channel: str, to: str, template: str) -> Tried:
    """Sends the message. Raises TenantNotFound and CannotOpen."""
    async with wiring.system(settings, url) as system:
        salon = await tenants.find_by_slug(system.pool, slug)
        address = to if channel == "email" else customers.e164(to, salon.country)
        if address is None:
            return Tried(taken=False, said=f"{to} is no valid phone number; write it like +47 412 34 567.")
        sender = await system.senders.of(salon.id, channel)
        if sender is None:
            return Tried(taken=False, said=f"Nobody sends by {channel} for {slug}; see standby channel set.")
        name, _, language = template.partition("/")
        text = WORDS.format(salon=salon.name)
        message = Outgoing(
            id=new_id(),
            channel=channel,
            kind="test",
            to=address,
            salon=salon.name,
            subject=f"A test from {salon.name}",
            text=text,
            html=f"<p>{escape(text)}</p>",
            template=Template(name, language or "en_US") if channel == "whatsapp" else None,
        )
        receipt = await sender.send(message)
    if isinstance(receipt, Sent):
        return Tried(taken=True, said=f"{sender.name} took it for {address}, as {receipt.provider_id}")
    return Tried(taken=False, said=f"{sender.name}: {type(receipt).__name__.lower()}: {receipt.reason}")
