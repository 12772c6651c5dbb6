"""One cell's text, to a value. Pure. Each function raises BadCell with what is wrong and what to write instead."""

import difflib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import email_validator

from standby.importing.book import BookingStatus, folded
from standby.importing.reasons import Because, Reason
from standby.tenants.customers import e164
from standby.tenants.names import LONGEST, is_plain
from standby.waitlist.policy import CHANNELS

YES: Final = frozenset({"yes", "y", "true", "1", "x", "ja", "j"})
NO: Final = frozenset({"no", "n", "false", "0", "nei"})
CLOSED: Final = frozenset({"closed", "stengt", "lukket", "-", "–"})
ALL: Final = frozenset({"all", "any", "anyone", "alle", "*"})

WEEKDAYS: Final = {  # English, Bokmål and Nynorsk; three letters are enough
    1: ("monday", "mandag", "måndag"),
    2: ("tuesday", "tirsdag", "tysdag"),
    3: ("wednesday", "onsdag"),
    4: ("thursday", "torsdag"),
    5: ("friday", "fredag"),
    6: ("saturday", "lørdag", "lordag", "laurdag"),
    7: ("sunday", "søndag", "sondag", "sundag"),
}
DAY_GROUPS: Final = {
    **dict.fromkeys(("weekdays", "hverdager", "kvardagar"), (1, 2, 3, 4, 5)),
    **dict.fromkeys(("weekend", "weekends", "helg", "helger"), (6, 7)),
    **dict.fromkeys(sorted(ALL), (1, 2, 3, 4, 5, 6, 7)),
}
STATUSES: Final[Mapping[BookingStatus, frozenset[str]]] = {
    "confirmed": frozenset({"confirmed", "booked", "bekreftet", "bestilt"}),
    "cancelled": frozenset({"cancelled", "canceled", "avbestilt", "avlyst", "kansellert"}),
    "completed": frozenset({"completed", "done", "fullført", "ferdig", "gjennomført"}),
    "no_show": frozenset({"noshow", "uteblitt", "ikkemøtt"}),
}
AND: Final = r"\s*(?:[,;|&+]|\bog\b|\band\b)\s*"
TO: Final = r"\s*(?:-|–|—|\bto\b|\btil\b)\s*"
CURRENCY: Final = r"(?:kr\.?|nok|sek|dkk|eur|usd|gbp|€|£|\$)"
CLOCK: Final = re.compile(
    r"(?:kl\.?\s*)?(\d{1,2})(?:[:.](\d{2})(?::(\d{2}))?)?(?:\s*([ap])\.?m\.?)?", re.IGNORECASE
)
MINUTES: Final = r"(?:m|min\.?|minutes|minutter)"
DURATIONS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<m>\d{{1,4}})\s*{MINUTES}?",
        r"(?P<h>\d{1,2}):(?P<m>[0-5]\d)",
        rf"(?P<h>\d{{1,2}})\s*(?:h|t|hours?|timer?)\s*(?:(?P<m>\d{{1,2}})\s*{MINUTES}?)?",
    )
)


class BadCell(Because):
    """A cell can't be understood; the message says why and what to write instead."""


def name(text: str) -> str:
    """A name of at most 200 characters."""
    if not text.strip():
        raise BadCell("is missing")
    if len(text) > LONGEST:
        raise BadCell("is {length} characters long; a name may have {most}", length=len(text), most=LONGEST)
    if not is_plain(text):
        raise BadCell("has control characters or line breaks; write plain text")
    return text


def yes_no(text: str) -> bool:
    """Yes or no, in English or Norwegian."""
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise BadCell("is neither yes nor no; write yes, no, ja, nei or x")


def phone(text: str, country: str) -> str:
    """A phone number in E.164; one without a country code is a number of `country`."""
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", text, re.IGNORECASE):
        raise BadCell(
            "was turned into a rounded number by a spreadsheet; format the column as text and enter it again"
        )
    if (number := e164(text, country)) is None:
        raise BadCell(
            "is no valid phone number in {country}; begin numbers of other countries with + and their code",
            country=country,
        )
    return number


def email(text: str) -> str:
    """An email address, normalised."""
    try:
        return email_validator.validate_email(text, check_deliverability=False).normalized
    except email_validator.EmailNotValidError as error:
        raise BadCell("is no valid email address: {why}", why=error) from error


def price(text: str) -> Decimal:
    """An amount with at most two decimals: 450, 450,00, kr 450, 1 250,50, 1.250,-."""
    bare = re.sub(rf"^{CURRENCY}|{CURRENCY}$", "", text.strip(), flags=re.IGNORECASE).strip()
    bare = re.sub(r"[,.][-–]$", "", bare)
    match = re.fullmatch(
        r"(\d{1,3}(?:(?P<mark>[ .,'’])\d{3}(?:(?P=mark)\d{3})*)|\d{1,8})(?:([.,])(\d{1,2}))?", bare
    )
    if match is None or match["mark"] == match[3] is not None:
        raise BadCell("is no price; write it like 450, 450,00 or kr 450")
    amount = Decimal(f"{re.sub(r'[^0-9]', '', match[1])}.{match[4] or '0'}")
    if amount >= 10**8:
        raise BadCell("is too high a price")
    return amount


def duration(text: str) -> int:
    """Minutes, 5 to 1440: 45, 45 min, 1:30, 1 h 30 min, 1 t."""
    for form in DURATIONS:
        if match := form.fullmatch(text.strip()):
            hours, rest = match.groupdict("0").get("h", "0"), match.groupdict("0").get("m", "0")
            minutes = int(hours) * 60 + int(rest)
            break
    else:
        raise BadCell("is no duration; write minutes like 45 or 45 min, or hours and minutes like 1:30")
    if not 5 <= minutes <= 1440:
        raise BadCell("is {minutes} minutes; a duration is 5 to 1440", minutes=minutes)
    return minutes


def clock(text: str) -> int:
    """A time of day, in minutes after midnight, 0 to 1440: 14:30, 14.30, kl. 14, 2:30 PM, 24:00."""
    match = CLOCK.fullmatch(text.strip())
    if match is None:
        raise BadCell("is no time of day; write it like 14:30")
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[4] or "").lower()
    if half and not 1 <= hour <= 12:
        raise BadCell("is no time of day: an hour before am or pm is 1 to 12, not {hour}", hour=hour)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if minute > 59 or hour * 60 + minute > 1440:
        raise BadCell("is no time of day; the last is 24:00")
    if int(match[3] or 0):
        raise BadCell("has seconds; write hours and minutes only")
    return hour * 60 + minute


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Opening hours of one day: 09:00-17:00, or several with a comma between; closed: none."""
    if text.casefold() in CLOSED:
        return ()
    return tuple(_span(one) for one in _listed(text))


def _span(text: str) -> tuple[int, int]:
    ends = re.split(TO, text, flags=re.IGNORECASE)
    if len(ends) != 2:
        raise BadCell("is no pair of times; write opening hours like 09:00-17:00, or closed")
    opens, closes = clock(ends[0]), clock(ends[1])
    if closes <= opens:
        raise BadCell(
            "{text} closes before it opens; hours that pass midnight aren't supported, end them at 24:00",
            text=text,
        )
    return opens, closes


def weekday(text: str) -> int:
    """A day of the week, 1 (Monday) to 7, by its English or Norwegian name or the first three letters of it."""
    short = text.strip().rstrip(".").casefold()
    for number, names in WEEKDAYS.items():
        if len(short) >= 3 and any(one.startswith(short) for one in names):
            return number
    raise BadCell("{text!r} is no day of the week; write it like Monday, mon, mandag or man", text=text)


def weekdays(text: str) -> tuple[int, ...]:
    """Days of the week: mon, wed · tir-fre · hverdager · weekend · all."""
    found: set[int] = set()
    for part in _listed(text):
        if part.casefold() in DAY_GROUPS:
            found.update(DAY_GROUPS[part.casefold()])
            continue
        first, *last = (weekday(one) for one in re.split(TO, part, maxsplit=1, flags=re.IGNORECASE))
        until = last[0] if last else first
        found.update((first - 1 + step) % 7 + 1 for step in range((until - first) % 7 + 1))
    return tuple(sorted(found))


def channels(text: str) -> frozenset[str]:
    """Channels that somebody agreed to: whatsapp, sms, email; or none."""
    found = {re.sub(r"[\W_]", "", one).casefold() for one in _listed(text)}
    found = {"email" if one == "epost" else one for one in found} - {"none", "ingen", "no", "nei"}
    if unknown := sorted(found - set(CHANNELS)):
        known = ", ".join(CHANNELS)
        raise BadCell(
            "{unknown} is no channel; the channels are {known}", unknown=", ".join(unknown), known=known
        )
    return frozenset(found)


def status(text: str) -> BookingStatus:
    """What became of an appointment."""
    word = re.sub(r"[\W_]+", "", text).casefold()
    for found, words in STATUSES.items():
        if word in words:
            return found
    raise BadCell("is no status; write confirmed, completed, no_show or cancelled")


def priority(text: str) -> int:
    """A score that replaces the computed one, 0 to 1000."""
    if not re.fullmatch(r"\d{1,4}", text) or int(text) > 1000:
        raise BadCell("is no priority; write a whole number from 0 to 1000, or nothing")
    return int(text)


def _listed(text: str) -> list[str]:
    return [one for one in re.split(AND, text.strip(), flags=re.IGNORECASE) if one]


def near(text: str, names: Iterable[str]) -> Reason | None:
    """A hint at what was probably meant, as the end of a sentence; None if nothing is like it."""
    by_fold = {folded(one): one for one in names}
    found = difflib.get_close_matches(folded(text), by_fold, n=1, cutoff=0.6)
    return Reason("; did you mean {name}?", name=by_fold[found[0]]) if found else None
