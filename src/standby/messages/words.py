"""What we say to customers, by kind and language. Plain text; the link stands on a line of its own.

A language that is missing falls back to English.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Facts:
    """All that a message may tell."""

    kind: str
    customer_name: str
    salon_name: str
    service_name: str
    staff_name: str
    starts_at: datetime
    timezone: str
    locale: str
    currency: str
    price: Decimal | None
    window_minutes: int
    expires_at: datetime | None
    link: str | None


SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "offer": "A time came free at {salon}",
        "offer_reminder": "Still yours until {until}: your time at {salon}",
        "booked": "Booked: {service} at {salon}",
        "too_late": "That time at {salon} is gone",
    },
    "nb": {
        "offer": "En time er blitt ledig hos {salon}",
        "offer_reminder": "Holdes fortsatt til {until}: timen din hos {salon}",
        "booked": "Bekreftet: {service} hos {salon}",
        "too_late": "Timen hos {salon} er tatt",
    },
}

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "offer": "Hi {first_name}! A time came free at {salon}: {service} with {staff}, {when}{price}. "
        "We hold it for you for {window}.",
        "offer_reminder": "Hi {first_name}, {service} with {staff}, {when}, is still held for you until {until}. "
        "This link replaces the earlier one.",
        "booked": "You're booked, {first_name}: {service} with {staff} at {salon}, {when}. See you then!",
        "too_late": "Sorry, {first_name}: {service}, {when}, is not available any more. "
        "You keep your place on the list at {salon}.",
    },
    "nb": {
        "offer": "Hei {first_name}! En time er blitt ledig hos {salon}: {service} hos {staff}, {when}{price}. "
        "Vi holder den av til deg i {window}.",
        "offer_reminder": "Hei {first_name}, {service} hos {staff}, {when}, holdes fortsatt av til deg til {until}. "
        "Denne lenken erstatter den forrige.",
        "booked": "Timen er din, {first_name}: {service} hos {staff} på {salon}, {when}. Velkommen!",
        "too_late": "Beklager, {first_name}: {service}, {when}, er ikke ledig lenger. "
        "Du beholder plassen din på ventelisten hos {salon}.",
    },
}

WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "nb": ("man", "tir", "ons", "tor", "fre", "lør", "søn"),
}
MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "nb": ("jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des."),
}


def subject(facts: Facts) -> str:
    """One line, for email."""
    return _said(SUBJECTS, facts)


def text(facts: Facts) -> str:
    """The message, with its link on the last line."""
    said = _said(TEXTS, facts)
    return f"{said}\n{facts.link}" if facts.link else said


def html(facts: Facts) -> str:
    """The same as a small HTML page for email."""
    link = f'<p><a href="{escape(facts.link)}">{escape(facts.link)}</a></p>' if facts.link else ""
    return (
        f'<!doctype html><html lang="{_language(facts)}"><body style="font-family:sans-serif;font-size:16px">'
        f"<p>{escape(_said(TEXTS, facts))}</p>{link}</body></html>"
    )


def _said(catalogue: Mapping[str, Mapping[str, str]], facts: Facts) -> str:
    language = _language(facts)
    zone = ZoneInfo(facts.timezone)
    return catalogue[language][facts.kind].format(
        first_name=facts.customer_name.split()[0],
        salon=facts.salon_name,
        service=facts.service_name,
        staff=facts.staff_name,
        when=_when(facts.starts_at.astimezone(zone), language),
        price=f", {_amount(facts.price)} {facts.currency}" if facts.price is not None else "",
        window=_minutes(facts.window_minutes, language),
        until=facts.expires_at.astimezone(zone).strftime("%H:%M") if facts.expires_at else "",
    )


def _when(local: datetime, language: str) -> str:
    weekday, month = WEEKDAYS[language][local.weekday()], MONTHS[language][local.month - 1]
    if language == "nb":
        return f"{weekday} {local.day}. {month} kl. {local:%H:%M}"
    return f"{weekday} {local.day} {month} at {local:%H:%M}"


def _amount(price: Decimal) -> str:
    """790, and 790.50"""
    return f"{price:.0f}" if price == price.to_integral_value() else f"{price:.2f}"


def _minutes(number: int, language: str) -> str:
    one, more = {"en": ("minute", "minutes"), "nb": ("minutt", "minutter")}[language]
    return f"{number} {one if number == 1 else more}"


def _language(facts: Facts) -> str:
    return facts.locale if facts.locale in TEXTS else "en"
