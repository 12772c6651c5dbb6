"""One real message, sent as a salon would, to see whether its sender works. It leaves no trace in the database."""

from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from standby.channels.base import Outgoing, Sent, Template
from standby.database.pool import new_id
from standby.messages.senders import Senders, is_mailbox
from standby.tenants import customers
from standby.tenants.tenants import Salon

WORDS: Final = "This is a test message from {salon}. It works."
EVERYBODYS: Final = "hello_world/en_US"  # a template that each account of WhatsApp's has


@dataclass(frozen=True)
class Tried:
    """What came of it; `why` it was not taken: no_address, no_sender, or refused by the provider, as it `said`."""

    why: Literal["", "no_address", "no_sender", "refused"]
    said: str

    @property
    def taken(self) -> bool:
        return not self.why


async def send(senders: Senders, salon: Salon, channel: str, to: str, template: str = EVERYBODYS) -> Tried:
    """Sends the message. Raises CannotOpen."""
    address = to.strip() if channel == "email" else customers.e164(to, salon.country)
    if address is None or (channel == "email" and not is_mailbox(address)):
        said = "mail address" if channel == "email" else "phone number; write it like +47 412 34 567"
        return Tried("no_address", f"{to} is no valid {said}.")
    sender = await senders.of(salon.id, channel)
    if sender is None:
        return Tried("no_sender", f"Nobody sends by {channel} for {salon.slug}; see standby channel set.")
    name, _, language = template.partition("/")
    text = WORDS.format(salon=salon.name)
    receipt = await sender.send(
        Outgoing(
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
    )
    if isinstance(receipt, Sent):
        return Tried("", f"{sender.name} took it for {address}, as {receipt.provider_id}")
    return Tried("refused", f"{sender.name}: {type(receipt).__name__.lower()}: {receipt.reason}")
