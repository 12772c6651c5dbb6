"""What the demo's phones show: a chat with buttons, text messages, an inbox; out of what was delivered and answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from standby.channels.base import Button
from standby.channels.phones import Delivered, Said, Speaker
from standby.formats import phone_number
from standby.waitlist.offers import OfferView

CHANNELS: Final = {"whatsapp": "WhatsApp", "sms": "Text message", "email": "Email"}
# Kinds of messages that ask for an answer.
ASKS: Final = frozenset({"offer", "offer_reminder"})
TOLD: Final = {
    "offer": "was offered",
    "offer_reminder": "was reminded of",
    "booked": "has booked",
    "too_late": "was too late for",
    "passed_on": "passed on",
}


@dataclass(frozen=True)
class Bubble:
    """One message as the page shows it; `asks`: it is the phone's newest, and waits for an answer.

    `at` is on the salon's clock. `told`: the newest in a few words, for who can't see it arrive. `by`: whose
    words they are, if not the salon's.
    """

    id: str
    at: datetime
    text: str
    subject: str = ""
    link: str | None = None
    asks: bool = False
    told: str = ""
    buttons: tuple[Button, ...] = ()
    by: Speaker | None = None


@dataclass(frozen=True)
class Phone:
    """One customer's messages by one channel, oldest first. `offer`: the newest that they were told of."""

    address: str
    name: str
    number: str
    offer: OfferView | None
    salon: str
    channel: str
    bubbles: list[Bubble]

    @property
    def asks(self) -> bool:
        return any(bubble.asks for bubble in self.bubbles)

    @property
    def app(self) -> str:
        return CHANNELS.get(self.channel, self.channel)

    @property
    def id(self) -> str:
        return f"{self.channel}-{self.address}"


def by_phone(messages: Iterable[Delivered]) -> list[list[Delivered]]:
    """The messages sorted by address and channel; who got one last comes first."""
    lying: dict[tuple[str, str], list[Delivered]] = {}
    for one in messages:
        key = one.message.to, one.message.channel
        # Taken out and put back, so that its phone is the last one so far.
        lying[key] = [*lying.pop(key, []), one]
    return list(reversed(lying.values()))


def phone_of(
    messages: Sequence[Delivered], said: Iterable[Said], offer: OfferView | None, now: datetime
) -> Phone:
    """One phone's screen; `said`: what was said on it beside our messages."""
    newest = messages[-1]
    zone = ZoneInfo(offer.timezone) if offer else UTC
    number = phone_number(newest.message.to)
    bubbles = {one.number: _bubble(one, offer, now, newest=one is newest) for one in messages} | {
        one.number: Bubble(
            id=f"said-{one.number}",
            at=one.at.astimezone(zone),
            text=one.text,
            told=one.text if one.by == "provider" else "",
            by=one.by,
        )
        for one in said
    }
    return Phone(
        address=newest.message.to,
        name=offer.customer_name if offer else number,
        number=number,
        offer=offer,
        salon=newest.message.salon,
        channel=newest.message.channel,
        bubbles=[bubbles[number] for number in sorted(bubbles)],
    )


def _bubble(delivered: Delivered, offer: OfferView | None, now: datetime, *, newest: bool) -> Bubble:
    message = delivered.message
    open_now = offer is not None and offer.status == "pending" and now < offer.expires_at
    zone = ZoneInfo(offer.timezone) if offer else UTC
    return Bubble(
        id=str(message.id),
        at=delivered.at.astimezone(zone),
        # The link ends what there is to say; the page makes a button of it.
        text=(message.text.partition(message.link)[0] if message.link else message.text).rstrip(),
        subject=message.subject,
        link=message.link,
        asks=newest and message.kind in ASKS and open_now,
        told=_told(message.kind, offer, zone) if newest and offer else "",
        buttons=message.buttons,
    )


def _told(kind: str, offer: OfferView, zone: tzinfo) -> str:
    """Oda Nygård was offered 12:30"""
    if kind == "reminder":  # Of a booking that needn't be this offer's.
        return f"{offer.customer_name} was reminded of a booking"
    if kind == "verify_code":
        return f"{offer.customer_name} was sent a code"
    if kind not in TOLD:
        return f"{offer.customer_name} has got an answer"
    return f"{offer.customer_name} {TOLD[kind]} {offer.starts_at.astimezone(zone):%H:%M}"
