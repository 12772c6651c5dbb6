"""A message as a mail: the same as its text, laid out, with one button, and a way to get no more. See mail.html."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from standby.messages import words
from standby.messages.words import Facts, language_of, subject, values_of

FONT: Final = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;"

LEADS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "offer": "Hi {first_name}! This time came free, and we hold it for you until {until}.",
        "offer_reminder": "Hi {first_name}, this time is still held for you until {until}. "
        "The link here replaces the earlier one.",
        "booked": "You're booked, {first_name}. See you then!",
        "too_late": "Sorry, {first_name}: this time is not available any more. You keep your place on the list.",
    },
    "nb": {
        "offer": "Hei {first_name}! Denne timen er blitt ledig, og vi holder den av til deg til {until}.",
        "offer_reminder": "Hei {first_name}, denne timen holdes fortsatt av til deg til {until}. "
        "Lenken her erstatter den forrige.",
        "booked": "Timen er din, {first_name}. Velkommen!",
        "too_late": "Beklager, {first_name}: denne timen er ikke ledig lenger. Du beholder plassen din på ventelisten.",
    },
}
LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "when": "When",
        "service": "What",
        "staff": "With",
        "price": "Price",
        "action": "See the time and answer",
        "otherwise": "Or open this address:",
        "why": "{salon} writes to you because you agreed to email.",
        "unsubscribe": "No more email",
        "no_more": "No more email from {salon}:",
    },
    "nb": {
        "when": "Når",
        "service": "Hva",
        "staff": "Hos",
        "price": "Pris",
        "action": "Se timen og svar",
        "otherwise": "Eller åpne denne adressen:",
        "why": "{salon} skriver til deg fordi du har sagt ja til e-post.",
        "unsubscribe": "Ingen flere e-poster",
        "no_more": "Ingen flere e-poster fra {salon}:",
    },
}

_templates: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def text(facts: Facts, unsubscribe_url: str) -> str:
    """The mail's text part: the message, and below it the way to get no more."""
    no_more = LABELS[language_of(facts)]["no_more"].format(salon=facts.salon_name)
    return f"{words.text(facts)}\n\n{no_more}\n{unsubscribe_url}"


def html(facts: Facts, unsubscribe_url: str) -> str:
    """The mail's HTML part."""
    language, values = language_of(facts), values_of(facts)
    labels = LABELS[language]
    told = values | {"price": values["price"].removeprefix(", ")}
    return _templates.get_template("mail.html").render(
        language=language,
        font=FONT,
        salon=facts.salon_name,
        subject=subject(facts),
        lead=LEADS[language][facts.kind].format(**values),
        facts=[(labels[name], told[name]) for name in ("when", "service", "staff", "price") if told[name]],
        link=facts.link,
        action=labels["action"],
        otherwise=labels["otherwise"],
        why=labels["why"].format(salon=facts.salon_name),
        unsubscribe=labels["unsubscribe"],
        unsubscribe_url=unsubscribe_url,
    )
