"""What we say to customers, by kind and language: a salon's own text, or ours (catalogue.py). The link stands last.

A text of a salon's that can't be filled in stops no message: ours takes its place.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import structlog
from babel.units import format_unit

from standby.channels.base import Template
from standby.formats import Formats, formats_for, is_short
from standby.messages.catalogue import CATALOGUES, language_for
from standby.messages.kinds import KINDS
from standby.messages.places import can_be_filled, filled, numbered, of_template

log = structlog.get_logger()


@dataclass(frozen=True)
class Choice:
    """One of several open offers."""

    service_name: str
    staff_name: str
    starts_at: datetime


@dataclass(frozen=True)
class Facts:
    """All that a message may tell; what a kind doesn't tell (kinds.py) may be left out.

    `window_minutes` is how long an offer stands, more or less; `expires_at` says it. `reason` is why it was too late.
    `can_answer`: the customer can answer by the channel that the message goes out by. `own` are the salon's own texts
    of this kind, by language and part. `text` is what somebody at the salon wrote by hand.
    """

    kind: str
    customer_name: str
    salon_name: str
    timezone: str
    locale: str
    currency: str
    service_name: str = ""
    staff_name: str = ""
    starts_at: datetime | None = None
    previous_starts_at: datetime | None = None
    price: Decimal | None = None
    window_minutes: int = 0
    expires_at: datetime | None = None
    reason: str | None = None
    link: str | None = None
    can_answer: bool = False
    choices: Sequence[Choice] = ()
    code: str | None = None
    valid_minutes: int | None = None
    text: str | None = None
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


BUTTONS: Final[Mapping[str, tuple[str, str]]] = {
    "offer": ("accept", "decline"),
    "offer_reminder": ("accept", "decline"),
    "reminder": ("confirm", "cancel"),
}
# The body of each kind, in each language.
TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    language: {kind: texts[f"{kind}.body"] for kind in KINDS} for language, texts in CATALOGUES.items()
}


def language_of(facts: Facts) -> str:
    """The language that the message is written in."""
    return language_for(facts.locale)


def subject(facts: Facts) -> str:
    """One line, for email."""
    return " ".join(_said(facts, "subject").split())


def text(facts: Facts) -> str:
    """The message for WhatsApp, and a mail's text, with its link on the last line."""
    return _with_link(facts, _said(facts, "body"))


def sms(facts: Facts) -> str:
    """The message for SMS: shorter, with its link on the last line."""
    return _with_link(facts, _said(facts, "sms", short=True))


def lead(facts: Facts) -> str:
    """What a mail says above its table: the salon's own body, or our lead."""
    values = values_of(facts)
    own = _own(facts, "body", values)
    return filled(_ours(facts, "lead") if own is None else own, values)


def buttons(kind: str, language: str) -> tuple[str, ...]:
    """The titles of the buttons of a kind: yes and no, or I come and cancel."""
    return tuple(CATALOGUES[language][f"button.{name}"] for name in BUTTONS.get(kind, ()))


def template_for(facts: Facts) -> Template | None:
    """The message as a template that WhatsApp has approved for the salon; `template_text` is what it approves.

    None for an answer to what the customer just wrote. A code goes out in WhatsApp's own words (authentication).
    """
    kind, values = KINDS[facts.kind], values_of(facts)
    if kind.is_answer:
        return None
    if facts.code is not None and "code" in kind.needed:
        return Template(template_name(facts.kind), language_of(facts), (facts.code,), facts.code)
    own = _own(facts, "body", values)
    places = of_template(_ours(facts, "body") if own is None else own)
    said = [_plain(filled(place, values)) for place in places]
    return Template(
        template_name(facts.kind, own),
        language_of(facts),
        (*said, facts.link or "") if kind.opens else tuple(said),
    )


def template_name(kind: str, own: str | None = None) -> str:
    """What the salon's template has to be called.

    One of an own text is named after its values too: approved ones never get the values of another text.
    """
    if own is None:
        return f"standby_{kind}"
    return f"standby_{kind}_{hashlib.sha256(''.join(of_template(own)).encode()).hexdigest()[:8]}"


def template_text(kind: str, language: str, own: str | None = None) -> str:
    """The text to have approved by WhatsApp, its values numbered: {{1}}."""
    body = TEXTS[language][kind] if own is None else own
    opens = KINDS[kind].opens
    if opens is None:
        return numbered(body)
    # It may not end with a value of ours.
    return numbered(f"{body}\n{{link}}\n{CATALOGUES[language][f'closing.{opens}']}")


def values_of(facts: Facts, *, short: bool = False) -> dict[str, str]:
    """What stands in the places of a text, by name; a price follows a comma, and is empty when there is none."""
    language = language_of(facts)
    formats = _formats(facts, language)
    said = {"first_name": next(iter(facts.customer_name.split()), ""), "salon": facts.salon_name}
    if facts.starts_at is not None:
        said |= {
            "service": facts.service_name,
            "staff": facts.staff_name,
            "when": _when(facts.starts_at, formats, language, short=short),
            "price": f", {formats.price(facts.price, facts.currency)}" if facts.price is not None else "",
            "why": _why(facts.reason, language),
        }
    if facts.previous_starts_at is not None:
        said["previously"] = _when(facts.previous_starts_at, formats, language, short=short)
    if facts.expires_at is not None:
        said["until"] = _until(facts.expires_at, facts.window_minutes, formats, short=short)
    if facts.code is not None and facts.valid_minutes is not None:
        valid = format_unit(facts.valid_minutes, "duration-minute", "long", locale=formats.locale)
        said |= {"code": facts.code, "minutes": valid}
    if facts.text is not None:
        said["text"] = facts.text
    if facts.choices:
        said["choices"] = _numbered(facts.choices, formats, language, short=short)
    return said


def _said(facts: Facts, part: str, *, short: bool = False) -> str:
    values = values_of(facts, short=short)
    own = _own(facts, part, values)
    return _plain(filled(_ours(facts, part) if own is None else own, values))


def _ours(facts: Facts, part: str) -> str:
    return CATALOGUES[language_of(facts)][f"{facts.kind}.{part}"]


def _own(facts: Facts, part: str, values: Mapping[str, str]) -> str | None:
    """The salon's own text, if it has one that can be filled in."""
    own = facts.own.get(language_of(facts), {}).get(part)
    if own is None or can_be_filled(own, values):
        return own
    log.error("own_text_unusable", salon=facts.salon_name, kind=facts.kind, part=part)
    return None


def _with_link(facts: Facts, said: str) -> str:
    if facts.can_answer and KINDS[facts.kind].opens == "offer":
        said = f"{said} {CATALOGUES[language_of(facts)]['answers']}"
    return f"{said}\n{facts.link}" if facts.link else said


def _formats(facts: Facts, language: str) -> Formats:
    """The salon's, or those of the language that takes the place of its own."""
    known = facts.locale.replace("-", "_").partition("_")[0].lower() == language
    return formats_for(facts.locale if known else language, facts.timezone)


def _when(at: datetime, formats: Formats, language: str, *, short: bool) -> str:
    form = CATALOGUES[language]["when.short" if short else "when"]
    return filled(form, {"date": formats.date(at, short=short), "time": formats.time(at)})


def _until(end: datetime, window_minutes: int, formats: Formats, *, short: bool) -> str:
    """The end of an offer, with its date if that is not the day on which the offer was made."""
    window = timedelta(minutes=window_minutes)
    return formats.moment(end, end - window, seconds=is_short(window), short=short)


def _why(reason: str | None, language: str) -> str:
    texts = CATALOGUES[language]
    return texts.get(f"why.{reason}", texts["why.other"])


def _numbered(choices: Sequence[Choice], formats: Formats, language: str, *, short: bool) -> str:
    return "\n".join(
        filled(
            CATALOGUES[language]["choice"],
            {
                "number": str(number),
                "service": choice.service_name,
                "staff": choice.staff_name,
                "when": _when(choice.starts_at, formats, language, short=short),
            },
        )
        for number, choice in enumerate(choices, 1)
    )


def _plain(text: str) -> str:
    """A text message with any letter that isn't in its small alphabet holds less than half as many."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
