"""What a text looks like before it is sent: a made-up message of the salon's, as its customer would read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from standby.channels.base import Template
from standby.channels.limits import WHATSAPP_TEXT, Segments, segments, shortened, shortened_sms
from standby.database.pool import Tx
from standby.messages import mail, words
from standby.messages.catalogue import CATALOGUES, falls_back, language_for
from standby.messages.kinds import KINDS
from standby.messages.texts import Text, checked
from standby.messages.words import Choice, Facts
from standby.signed_links import LENGTH
from standby.tenants import tenants
from standby.tenants.tenants import Salon

PRICE: Final = Decimal(650)
HOUR: Final = 14  # of tomorrow, on the salon's clock
TOKEN: Final = "x" * 43  # as long as a real one


@dataclass(frozen=True)
class Preview:
    """What a made-up customer would read. `cut`: which of the channels would get less than all of it."""

    language: str
    falls_back: bool
    whatsapp: str
    template: Template | None
    sms: str
    segments: Segments
    subject: str
    html: str
    text: str
    cut: list[str]


async def show(tx: Tx, kind: str, language: str, text: Text, *, public_url: str, now: datetime) -> Preview:
    """What a made-up customer of the salon would read; nothing is kept. Raises Invalid with every problem."""
    text = checked(kind, language, text)
    salon = await tenants.find(tx)
    facts = _sample(salon, kind, language, text, public_url, now)
    unsubscribe_url = f"{public_url}/u/{TOKEN}"
    whole = {"whatsapp": words.text(facts), "sms": words.sms(facts)}
    whatsapp = shortened(whole["whatsapp"], WHATSAPP_TEXT, link=facts.link)
    sms = shortened_sms(whole["sms"], link=facts.link)
    return Preview(
        language=language,
        falls_back=falls_back(salon.locale),
        whatsapp=whatsapp,
        template=words.template_for(facts),
        sms=sms,
        segments=segments(sms),
        subject=words.subject(facts),
        html=mail.html(facts, unsubscribe_url),
        text=mail.text(facts, unsubscribe_url),
        cut=[channel for channel, said in (("whatsapp", whatsapp), ("sms", sms)) if said != whole[channel]],
    )


def _sample(salon: Salon, kind: str, language: str, text: Text, public_url: str, now: datetime) -> Facts:
    """A made-up message of the salon's, with everything in it that any kind tells."""
    texts = CATALOGUES[language]
    own_locale = not falls_back(salon.locale) and language_for(salon.locale) == language
    tomorrow = now.astimezone(salon.zone) + timedelta(days=1)
    starts_at = tomorrow.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    service, staff = texts["sample.service"], texts["sample.staff"]
    return Facts(
        kind=kind,
        customer_name=texts["sample.customer"],
        salon_name=salon.name,
        timezone=salon.timezone,
        locale=salon.locale if own_locale else language,
        currency=salon.currency,
        service_name=service,
        staff_name=staff,
        starts_at=starts_at,
        previous_starts_at=starts_at - timedelta(hours=3),
        price=PRICE,
        window_minutes=15,
        expires_at=now + timedelta(minutes=15),
        reason="taken",
        link=_link(kind, public_url),
        choices=(Choice(service, staff, starts_at), Choice(service, staff, starts_at + timedelta(days=1))),
        code="123456",
        valid_minutes=10,
        text=texts["sample.text"],
        own={language: text.given()},
    )


def _link(kind: str, public_url: str) -> str | None:
    match KINDS[kind].opens:
        case "offer":
            return f"{public_url}/o/{TOKEN}"
        case "booking":
            return f"{public_url}/b/{'x' * LENGTH}"
        case None:
            return None
