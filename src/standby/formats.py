"""Dates, times and money as the salon's customers write them, always in the salon's own time zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_skeleton, format_time
from babel.numbers import format_currency, get_currency_symbol
from babel.units import format_unit

# An `en` alone says nothing of the country. Ours writes 3 June and 15:30.
ENGLISH = Locale("en", "GB")
# Amounts that people write without ,00.
WHOLE = frozenset({"DKK", "ISK", "NOK", "SEK"})
NO_BREAK = "\N{NO-BREAK SPACE}"


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


def is_short(window: timedelta) -> bool:
    """Whether the seconds count at the end of so short a time; in a demo they do."""
    return window < timedelta(minutes=5)


def formats_for(locale: str, timezone: str) -> Formats:
    """The formats of a salon, by its locale (en, nb, en_US …) and time zone as the database has them."""
    return Formats(_known(locale), ZoneInfo(timezone))


def _known(locale: str) -> Locale:
    try:
        found = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return ENGLISH
    return ENGLISH if str(found) == "en" else found
