"""What we say to customers, by kind and language. Plain text; the link stands on a line of its own.

A language that is missing falls back to English.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from string import Formatter

from standby.channels.base import Template
from standby.formats import Formats, formats_for, is_short


@dataclass(frozen=True)
class Facts:
    """All that a message may tell. `window_minutes` is how long an offer stands, more or less; `expires_at` says it."""

    kind: str
    customer_name: str
    salon_name: str
    service_name: str
    staff_name: str
    starts_at: datetime | None
    timezone: str
    locale: str
    currency: str
    price: Decimal | None
    window_minutes: int
    expires_at: datetime | None
    link: str | None
    can_answer: bool = False  # by writing back


SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "offer": "A time came free at {salon}",
        "offer_reminder": "Still yours until {until}: your time at {salon}",
        "booked": "Booked: {service} at {salon}",
        "too_late": "That time at {salon} is gone",
        "passed_on": "The time at {salon} goes on to the next",
        "help": "What you can answer {salon}",
        "which_one": "Which time do you mean?",
        "stopped": "No more messages from {salon}",
        "started": "Messages from {salon} again",
    },
    "nb": {
        "offer": "En time er blitt ledig hos {salon}",
        "offer_reminder": "Holdes fortsatt til {until}: timen din hos {salon}",
        "booked": "Bekreftet: {service} hos {salon}",
        "too_late": "Timen hos {salon} er tatt",
        "passed_on": "Timen hos {salon} går videre",
        "help": "Hva du kan svare {salon}",
        "which_one": "Hvilken time mener du?",
        "stopped": "Ingen flere meldinger fra {salon}",
        "started": "Meldinger fra {salon} igjen",
    },
}

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "offer": "Hi {first_name}! A time came free at {salon}: {service} with {staff}, {when}{price}. "
        "We hold it for you until {until}.",
        "offer_reminder": "Hi {first_name}, {service} with {staff}, {when}, is still held for you until {until}. "
        "This link replaces the earlier one.",
        "booked": "You're booked, {first_name}: {service} with {staff} at {salon}, {when}. See you then!",
        "too_late": "Sorry, {first_name}: {service}, {when}, is not available any more. "
        "You keep your place on the list at {salon}.",
        "passed_on": "Thank you, {first_name}. The time goes on to the next; you keep your place at {salon}.",
        "help": "YES takes the time that you were offered, NO passes it on, STOP ends messages from {salon}.",
        "which_one": "Which time do you mean, {first_name}? Answer YES or NO and its number.",
        "stopped": "You get no more messages here from {salon}. START opens this again.",
        "started": "Welcome back: {salon} may write to you here again.",
    },
    "nb": {
        "offer": "Hei {first_name}! En time er blitt ledig hos {salon}: {service} hos {staff}, {when}{price}. "
        "Vi holder den av til deg til {until}.",
        "offer_reminder": "Hei {first_name}, {service} hos {staff}, {when}, holdes fortsatt av til deg til {until}. "
        "Denne lenken erstatter den forrige.",
        "booked": "Timen er din, {first_name}: {service} hos {staff} på {salon}, {when}. Velkommen!",
        "too_late": "Beklager, {first_name}: {service}, {when}, er ikke ledig lenger. "
        "Du beholder plassen din på ventelisten hos {salon}.",
        "passed_on": "Takk, {first_name}. Timen går videre; du beholder plassen din på ventelisten hos {salon}.",
        "help": "JA tar timen du fikk tilbud om, NEI sender den videre, STOPP avslutter meldinger fra {salon}.",
        "which_one": "Hvilken time mener du, {first_name}? Svar JA eller NEI og nummeret.",
        "stopped": "Du får ikke flere meldinger her fra {salon}. START åpner igjen.",
        "started": "Velkommen tilbake: {salon} kan skrive til deg her igjen.",
    },
}

# What ends a template, which may not end with a value of ours.
CLOSING: Mapping[str, str] = {"en": "Open the link to answer.", "nb": "Åpne lenken for å svare."}
WITH_LINK = frozenset({"offer", "offer_reminder"})

BUTTONS: Mapping[str, tuple[str, str]] = {"en": ("Book it", "No, thanks"), "nb": ("Ta timen", "Nei takk")}

WHEN: Mapping[str, str] = {"en": "{date} at {time}", "nb": "{date} kl. {time}"}


def subject(facts: Facts) -> str:
    """One line, for email."""
    return _said(SUBJECTS, facts)


def text(facts: Facts) -> str:
    """The message, with its link on the last line."""
    said = _said(TEXTS, facts)
    return f"{said}\n{facts.link}" if facts.link else said


def template_for(facts: Facts) -> Template:
    """The message as a template that WhatsApp has approved for the salon; `template_text` is what it approves."""
    language, values = language_of(facts), values_of(facts)
    if "{price}" in TEXTS[language][facts.kind]:
        values["when"] += values["price"]
    return Template(
        template_name(facts.kind),
        language,
        tuple(_plain(values[name]) for name in _places(facts.kind, language)),
    )


def template_name(kind: str) -> str:
    """What the salon's template has to be called."""
    return f"standby_{kind}"


def template_text(kind: str, language: str) -> str:
    """The text to have approved by WhatsApp, its values numbered: {{1}}."""
    places = {name: f"{{{{{number}}}}}" for number, name in enumerate(_places(kind, language), 1)}
    text = TEXTS[language][kind].format_map(places | {"price": ""})
    return f"{text}\n{places['link']}\n{CLOSING[language]}" if kind in WITH_LINK else text


def _places(kind: str, language: str) -> list[str]:
    """The values of a template, in the order in which its text has them. The price stands with the time."""
    named = [name for _, name, _, _ in Formatter().parse(TEXTS[language][kind]) if name and name != "price"]
    return list(dict.fromkeys(named)) + (["link"] if kind in WITH_LINK else [])


def _said(catalogue: Mapping[str, Mapping[str, str]], facts: Facts) -> str:
    return _plain(catalogue[language_of(facts)][facts.kind].format(**values_of(facts)))


def values_of(facts: Facts) -> dict[str, str]:
    """What stands in the places of a text, by name; a price follows a comma, and is empty when there is none."""
    formats = formats_for(language := language_of(facts), facts.timezone)
    at = facts.starts_at
    return {
        "first_name": facts.customer_name.split()[0],
        "salon": facts.salon_name,
        "service": facts.service_name,
        "staff": facts.staff_name,
        "when": WHEN[language].format(date=formats.date(at), time=formats.time(at)) if at else "",
        "price": f", {formats.price(facts.price, facts.currency)}" if facts.price is not None else "",
        "until": _until(facts.expires_at, facts.window_minutes, formats) if facts.expires_at else "",
        "link": facts.link or "",
    }


def _plain(text: str) -> str:
    """A text message with any letter that isn't in its small alphabet holds less than half as many."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def _until(end: datetime, window_minutes: int, formats: Formats) -> str:
    """The end of an offer, with its date if that is not the day on which the offer was made."""
    window = timedelta(minutes=window_minutes)
    return formats.moment(end, end - window, seconds=is_short(window))


def language_of(facts: Facts) -> str:
    """The language that the message is written in."""
    return facts.locale if facts.locale in TEXTS else "en"


def button_titles(facts: Facts) -> tuple[str, str]:
    """What the buttons of an offer say: to take it, and to pass it on."""
    return BUTTONS[language_of(facts)]
