"""Dates, times and money as the salon's customers write them, always in the salon's own time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_skeleton, format_time, format_timedelta, get_day_names
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
)
from babel.units import format_unit

# An `en` alone says nothing of the country. Ours writes 3 June and 15:30.
ENGLISH = Locale("en", "GB")
# Amounts that people write without ,00.
WHOLE = frozenset({"DKK", "ISK", "NOK", "SEK"})
NO_BREAK = "\N{NO-BREAK SPACE}"
Day: TypeAlias = date  # Formats has a method of that name.


@dataclass(frozen=True)
class Formats:
    """How one salon writes."""

    locale: Locale
    zone: ZoneInfo

    def time(self, when: datetime, *, seconds: bool = False) -> str:
        """15:30, or 15:30:45; what is smaller is left out, so it is never later than the time itself."""
        return format_time(when, "medium" if seconds else "short", tzinfo=self.zone, locale=self.locale)

    def times(self, start: datetime, end: datetime) -> str:
        """15:30–16:15"""
        return f"{self.time(start)}–{self.time(end)}"

    def date(self, when: datetime, *, short: bool = False) -> str:
        """Tuesday 3 June, or Tue 3 Jun"""
        # One skeleton for both would shorten the weekday in most languages.
        weekday = format_datetime(when, "EEE" if short else "EEEE", tzinfo=self.zone, locale=self.locale)
        day = format_skeleton("MMMd" if short else "MMMMd", when, tzinfo=self.zone, locale=self.locale)
        return f"{weekday} {day}"

    def moment(self, when: datetime, now: datetime, *, seconds: bool = False, short: bool = False) -> str:
        """15:30, and its date unless that is today's."""
        time = self.time(when, seconds=seconds)
        return time if self.days_ahead(when, now) == 0 else f"{self.date(when, short=short)} {time}"

    def days_ahead(self, when: datetime, now: datetime) -> int:
        """0 today, 1 tomorrow, by the salon's calendar."""
        return (when.astimezone(self.zone).date() - now.astimezone(self.zone).date()).days

    def price(self, amount: Decimal, currency: str) -> str:
        """£45.00, NOK 650, 650 kr"""
        pattern = self.locale.currency_formats["standard"].pattern
        symbol = get_currency_symbol(currency, self.locale)
        if pattern.startswith("¤#") and symbol[-1].isalpha():
            pattern = pattern.replace("¤", f"¤{NO_BREAK}")
        without_cents = currency in WHOLE and amount == amount.to_integral_value()
        if without_cents:
            pattern = pattern.replace("0.00", "0")
        return format_currency(
            amount, currency, pattern, locale=self.locale, currency_digits=not without_cents
        )

    def duration(self, minutes: int) -> str:
        """45 min; 1 hr 30 min"""
        hours, rest = divmod(minutes, 60)
        parts = [(hours, "duration-hour"), (rest, "duration-minute")]
        return " ".join(format_unit(n, unit, "short", locale=self.locale) for n, unit in parts if n)

    def span(self, seconds: float) -> str:
        """48 sec; 12 mins; 5 hrs 20 mins; 3 days 4 hrs: what somebody would say of a time that has passed."""
        if seconds < 60:
            return format_unit(round(seconds), "duration-second", "short", locale=self.locale)
        if seconds < 86_400:
            return self.duration(round(seconds / 60))
        days, hours = divmod(round(seconds / 3600), 24)
        parts = [(days, "duration-day"), (hours if days < 7 else 0, "duration-hour")]
        return " ".join(format_unit(n, unit, "short", locale=self.locale) for n, unit in parts if n)

    def percent(self, share: float) -> str:
        """62%, 62 %"""
        return format_percent(round(share, 2), locale=self.locale)

    def number(self, amount: float | Decimal) -> str:
        """1,250; 1 250"""
        return str(format_decimal(amount, locale=self.locale))

    def rough(self, amount: float) -> str:
        """950; 1.5K, 1,5k: as much as a scale has room for."""
        return str(format_compact_decimal(amount, fraction_digits=1, locale=self.locale))

    def day(self, day: Day) -> str:
        """23 Nov, of a day of the calendar: it is in no time zone."""
        return str(format_skeleton("MMMd", datetime.combine(day, time()), locale=self.locale))

    def roughly(self, length: timedelta) -> str:
        """3 weeks; 5 minutes: how long it is, more or less."""
        rounded = max(length, timedelta(minutes=1))
        return format_timedelta(rounded, granularity="minute", threshold=1.2, locale=self.locale)

    def relative(self, when: datetime, now: datetime) -> str:
        """In 12 minutes; 3 days ago"""
        away = when - now
        away = max(away, timedelta(minutes=1)) if away > timedelta() else min(away, timedelta(minutes=-1))
        return format_timedelta(
            away, granularity="minute", threshold=1.2, add_direction=True, locale=self.locale
        )

    def weekday(self, number: int) -> str:
        """Mon, by its ISO number."""
        names = get_day_names("abbreviated", context="stand-alone", locale=self.locale)
        return str(names[number - 1]).rstrip(".")

    def minute(self, minute: int) -> str:
        """13:30, of a minute of the day, 0 to 1439."""
        return format_time(time(minute // 60, minute % 60), "short", locale=self.locale)


def is_short(window: timedelta) -> bool:
    """Whether the seconds count at the end of so short a time; in a demo they do."""
    return window < timedelta(minutes=5)


def phone_number(address: str) -> str:
    """+47 412 34 567; what is no number (an email address) as it is."""
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return address
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def formats_for(locale: str, timezone: str) -> Formats:
    """The formats of a salon, by its locale (en, nb, en_US …) and time zone as the database has them."""
    return Formats(_known(locale), ZoneInfo(timezone))


def _known(locale: str) -> Locale:
    try:
        found = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return ENGLISH
    return ENGLISH if str(found) == "en" else found
