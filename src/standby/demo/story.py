"""What happened, told in plain words. Pure: a happening in, a line out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from standby.waitlist.ranking import WITHHELD


@dataclass(frozen=True)
class Happening:
    """One thing that happened, with all that may be told of it. `what` is like offer.declined; see demo/sql."""

    id: int | str
    what: str
    from_state: str | None
    reason: str
    actor: str
    at: datetime
    customer: str | None = None
    service: str | None = None
    staff: str | None = None
    slot_id: UUID | None = None
    starts_at: datetime | None = None
    opened_at: datetime | None = None
    source: str | None = None
    score: int | None = None
    breakdown: Mapping[str, int] | None = None
    expires_at: datetime | None = None
    max_misses: int | None = None
    misses: int | None = None
    entry_status: str | None = None
    channel: str | None = None


class Mood(StrEnum):
    """What a line is like; terminal.py gives each a sign and a colour."""

    CANCELLED = "cancelled"
    OPENED = "opened"
    OFFERED = "offered"
    MESSAGE = "message"
    DECLINED = "declined"
    SILENT = "silent"
    BOOKED = "booked"
    STUCK = "stuck"
    QUIET = "quiet"


@dataclass(frozen=True)
class Line:
    """One line of the story. `more` stands below it, less loud; `about` is whose time it is of, and when."""

    at: datetime
    mood: Mood
    text: str
    more: str = ""
    about: tuple[str, datetime] | None = None


CHANNELS: Final = {"whatsapp": "WhatsApp", "sms": "SMS", "email": "email"}
PARTS: Final = {
    "override": "set by hand",
    "base": "base",
    "vip": "VIP",
    "service": "service",
    "staff": "stylist",
    "window": "time",
    "wait": "weeks waited",
}
MESSAGES: Final = {
    "offer": "the offer",
    "offer_reminder": "a reminder",
    "booked": "the confirmation",
    "too_late": "word that it is gone",
    "passed_on": "word that it goes on",
    "booking_confirmed": "the confirmation",
    "reminder": "a reminder of the appointment",
    "changed": "word of the new time",
    "cancelled": "word that it is cancelled",
    "help": "help",
    "help_booking": "the way to cancel",
    "call_salon": "word that it is too late to cancel",
    "which_one": "the question which one is meant",
    "stopped": "word that no more comes",
    "started": "word that more comes",
    "verify_code": "a code",
    "by_hand": "an answer that somebody wrote",
}
UNFILLED: Final = {
    **WITHHELD,
    "no_candidate": "nobody else on the list can come then",
    "too_soon": "it is too soon for anybody to come",
    "time_held": "its time is held for somebody else",
}


def tell(happening: Happening, zone: ZoneInfo) -> Line | None:
    """The line for a happening; None: it goes without saying, for another line tells it."""
    teller = TELLERS.get(happening.what)
    told = teller(happening, zone) if teller else None
    if told is None:
        return None
    mood, text, *more = told
    of_a_time = happening.staff is not None and happening.starts_at is not None
    about = (happening.staff or "", happening.starts_at or happening.at) if of_a_time else None
    return Line(happening.at, Mood(mood), text, "".join(more), about)


def appointment(service: str | None, staff: str | None, starts_at: datetime | None, zone: ZoneInfo) -> str:
    """Dameklipp with Mona Kvalheim, Mon 24 Nov 10:30"""
    return f"{service} with {staff}, {starts_at.astimezone(zone):%a %-d %b %H:%M}" if starts_at else ""


def why(breakdown: Mapping[str, int]) -> str:
    """The parts of a score that count: base 20, VIP 15."""
    return ", ".join(f"{name} {breakdown[part]}" for part, name in PARTS.items() if breakdown.get(part))


def clock_time(much: timedelta) -> str:
    """0:48; 1:02:03"""
    minutes, seconds = divmod(max(0, round(much.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _cancelled(it: Happening, zone: ZoneInfo) -> tuple[str, ...]:
    return "cancelled", f"{it.customer} cancelled: {_appointment(it, zone)}"


def _booked_directly(it: Happening, zone: ZoneInfo) -> tuple[str, ...] | None:
    if it.source == "waitlist":
        return None
    return "booked", f"{it.customer} booked: {_appointment(it, zone)}"


def _opened(it: Happening, zone: ZoneInfo) -> tuple[str, ...] | None:
    if it.from_state is not None or it.reason == "booking_cancelled":
        return None
    return "opened", f"A time opened: {_appointment(it, zone)}"


def _closed(it: Happening, zone: ZoneInfo) -> tuple[str, ...] | None:
    if it.from_state == "booked":
        return None
    return "stuck", f"Closed: {_appointment(it, zone)} ({_plain(it.reason)})"


def _unfilled(it: Happening, zone: ZoneInfo) -> tuple[str, ...]:
    why_not = UNFILLED.get(it.reason, _plain(it.reason))
    return "stuck", f"It stays open: {why_not}", _appointment(it, zone)


def _offered(it: Happening, zone: ZoneInfo) -> tuple[str, ...]:
    until = f"{it.expires_at.astimezone(zone):%H:%M:%S}" if it.expires_at else ""
    by_hand = ", chosen by hand" if it.reason == "notified_by_hand" else ""
    return (
        "offered",
        f"offered to {it.customer}, held until {until}{by_hand}",
        f"score {it.score}: {why(it.breakdown or {})}",
    )


def _declined(it: Happening, _: ZoneInfo) -> tuple[str, ...]:
    return "declined", f"{it.customer} declined"


def _silent(it: Happening, _: ZoneInfo) -> tuple[str, ...]:
    off = ", and is off the list" if it.entry_status == "expired" else ""
    return "silent", f"{it.customer} let it pass ({it.misses} of {it.max_misses}){off}"


def _accepted(it: Happening, zone: ZoneInfo) -> tuple[str, ...]:
    after = f"{clock_time(it.at - it.opened_at)} after it came free" if it.opened_at else ""
    who = f"booked by staff for {it.customer}" if it.reason == "converted" else f"booked by {it.customer}"
    return "booked", f"{who}, {after}", _appointment(it, zone)


def _withdrawn(it: Happening, _: ZoneInfo) -> tuple[str, ...]:
    return "stuck", f"{it.customer}’s offer was taken back ({_plain(it.reason)})"


def _waiting(it: Happening, _: ZoneInfo) -> tuple[str, ...] | None:
    match it.from_state:
        case None:
            return "quiet", f"{it.customer} joined the waitlist for {it.service}"
        case "cooldown":
            return "quiet", f"{it.customer} may be asked again"
        case _:
            return None


def _left(it: Happening, _: ZoneInfo) -> tuple[str, ...]:
    return "quiet", f"{it.customer} left the waitlist"


def _sent(it: Happening, _: ZoneInfo) -> tuple[str, ...]:
    return "message", f"{CHANNELS.get(it.channel or '', it.channel)}: {MESSAGES[it.reason]} to {it.customer}"


def _not_sent(it: Happening, _: ZoneInfo) -> tuple[str, ...]:
    return "stuck", f"{MESSAGES[it.reason].capitalize()} to {it.customer} was not sent: {it.actor}"


def _appointment(it: Happening, zone: ZoneInfo) -> str:
    return appointment(it.service, it.staff, it.starts_at, zone)


def _plain(reason: str) -> str:
    return reason.replace("_", " ")


TELLERS: Final[Mapping[str, Callable[[Happening, ZoneInfo], tuple[str, ...] | None]]] = {
    "booking.cancelled": _cancelled,
    "booking.confirmed": _booked_directly,
    "slot.open": _opened,
    "slot.cancelled": _closed,
    "slot.unfilled": _unfilled,
    "offer.pending": _offered,
    "offer.declined": _declined,
    "offer.expired": _silent,
    "offer.accepted": _accepted,
    "offer.withdrawn": _withdrawn,
    "entry.waiting": _waiting,
    "entry.cancelled": _left,
    "message.sent": _sent,
    "message.failed": _not_sent,
    "message.dropped": _not_sent,
}
