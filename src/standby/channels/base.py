"""What every channel is: something that takes a message and says honestly what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias
from uuid import UUID

from standby.calendars.ical import Appointment


@dataclass(frozen=True)
class Button:
    """One answer that a customer can tap; `id` comes back with it."""

    id: str
    title: str


@dataclass(frozen=True)
class Template:
    """The message as one that the provider has approved before: its name there, language, and the values to fill in."""

    name: str
    language: str  # en, nb
    values: tuple[str, ...] = ()
    code: str | None = None  # what its button copies; the provider has words of its own for such a one


@dataclass(frozen=True)
class Outgoing:
    """A message, written and addressed."""

    id: UUID  # ours; goes to the provider as correlation
    channel: str  # whatsapp, sms or email
    kind: str  # one of messages/kinds.py
    to: str  # a phone number in E.164, or an email address
    salon: str
    subject: str  # of a mail
    text: str
    html: str
    link: str | None = None  # where the customer can answer
    unsubscribe_url: str | None = None  # of a mail: where a POST ends all mails to them
    valid_until: datetime | None = None  # worthless afterwards
    buttons: tuple[Button, ...] = ()
    template: Template | None = None
    in_conversation: bool = False  # they wrote to this sender within the last 24 hours
    segments: int = 0  # how many SMS it takes; 0: it is none
    appointment: Appointment | None = None  # of a mail: goes along for the customer's calendar


@dataclass(frozen=True)
class Sent:
    """The provider has taken it."""

    provider_id: str


@dataclass(frozen=True)
class Retry:
    """Not taken, may be later; after so many seconds if the provider says."""

    reason: str
    after: float | None = None


@dataclass(frozen=True)
class Permanent:
    """This channel won't take this message, now or later."""

    reason: str


@dataclass(frozen=True)
class NeedsTemplate:
    """The provider takes only an approved template for this customer now, and the message was none."""

    reason: str


@dataclass(frozen=True)
class OptedOut:
    """The customer has told the provider that they want no messages from this sender."""

    reason: str


@dataclass(frozen=True)
class Stopped:
    """The provider refuses the sender, whatever the message: credentials, payment, policy. Somebody has to act."""

    reason: str


@dataclass(frozen=True)
class Uncertain:
    """It may have been taken or not: the connection ended between."""

    reason: str


Receipt: TypeAlias = Sent | Retry | Permanent | NeedsTemplate | OptedOut | Stopped | Uncertain


class Channel(Protocol):
    """One way to reach a customer. Raises nothing: every failure is a Receipt."""

    name: str

    async def send(self, message: Outgoing) -> Receipt:
        """Hands one message to the provider."""

    async def check(self) -> str | None:
        """What is wrong with the connection to the provider; None: nothing."""

    async def close(self) -> None:
        """Lets go of connections."""
