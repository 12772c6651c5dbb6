"""When somebody is busy, by a calendar that they keep elsewhere (iCalendar).

Others wrote it, and it may say anything: an event for every second, for ever. So it is read by a process of its own
(busy_times_process.py), which ends when it takes too long or too much memory; no thread can be made to. Nor is anything
left for the next calendar: the icalendar library remembers the zones that one has made up.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from standby.calendars.base import Busy, Window
from standby.calendars.ical import is_own

MOST: Final = 20_000  # times in a window
TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY"})
# Without one of these right, an event would seem to be at another time, or never.
TIMES: Final = frozenset(
    {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP"}
)
RECURS: Final = frozenset({"RRULE", "RDATE", "RECURRENCE-ID"})
DAY: Final = timedelta(days=1)


class Unreadable(Exception):
    """The calendar can't be read; why, for people."""


@dataclass(frozen=True)
class Whose:
    """Whose calendar it is: a time without a zone, and a day, are meant in the salon's."""

    tenant_id: UUID
    zone: ZoneInfo


def busy_times(written: bytes, whose: Whose, window: Window) -> list[Busy]:
    """The times in the window that aren't free. Pure. Raises Unreadable.

    Not busy are what is cancelled, what its owner marked as free (TRANSP), what takes no time, and our own bookings.
    """
    found = {
        (busy.event_id, busy.starts_at): busy
        for calendar in _calendars(written, whose, window)
        for event in recurring_ical_events.of(calendar).between(
            # A day more, for what is written without a zone; cut off again below.
            window.starts_at - DAY,
            window.ends_at + DAY,
        )
        if (busy := _busy(event, whose, window)) is not None
    }
    if len(found) > MOST:
        raise Unreadable(f"It has more than {MOST} times in a year.")
    return sorted(found.values(), key=lambda busy: (busy.starts_at, busy.event_id))


def _calendars(written: bytes, whose: Whose, window: Window) -> Iterator[Calendar]:
    try:
        calendars = Calendar.from_ical(written, multiple=True)
    except ValueError as error:
        raise Unreadable("It is no calendar (iCalendar).") from error
    if not calendars or not all(isinstance(calendar, Calendar) for calendar in calendars):
        raise Unreadable("It is no whole calendar (iCalendar).")
    for calendar in calendars:
        for event in calendar.events:
            _check(event)
        calendar.subcomponents = [*calendar.timezones, *_near(calendar.events, whose, window)]
        yield calendar


def _near(events: list[Any], whose: Whose, window: Window) -> Iterator[Any]:
    """The events that may have to do with the window: of an old calendar most are over, and each takes its time."""
    written = Counter(str(event.get("UID", "")) for event in events)
    for event in events:
        once = not RECURS & event.keys() and written[str(event.get("UID", ""))] == 1
        if not once or (
            _moment(event.start, whose.zone) < window.ends_at
            and _moment(event.end, whose.zone) > window.starts_at
        ):
            yield event


def _check(event: Any) -> None:
    name = f"The event {str(event.get('UID', ''))[:80]!r}"
    for field, problem in event.errors:
        if field in TIMES:
            raise Unreadable(f"{name} has a {field} that can't be read: {problem[:100]}.")
    if "DTSTART" not in event:
        raise Unreadable(f"{name} has no beginning.")
    for field in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        zone = event[field].params.get("TZID") if field in event else None
        if zone is not None and isinstance(at := event[field].dt, datetime) and at.tzinfo is None:
            raise Unreadable(f"{name} is in a time zone that nobody knows: {str(zone)[:80]}.")
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if TOO_OFTEN & {str(frequency).upper() for frequency in rule.get("FREQ", [])}:
            raise Unreadable(f"{name} recurs by the minute or second.")


def _busy(event: Any, whose: Whose, window: Window) -> Busy | None:
    uid = str(event.get("UID", ""))
    if (
        str(event.get("STATUS", "")).upper() == "CANCELLED"
        or str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
        or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
        or is_own(uid, whose.tenant_id)
    ):
        return None
    starts_at = max(_moment(event.start, whose.zone), window.starts_at)
    ends_at = min(_moment(event.end, whose.zone), window.ends_at)
    return Busy(_name(uid), starts_at, ends_at) if starts_at < ends_at else None


def _moment(at: date, zone: ZoneInfo) -> datetime:
    """The moment that a time or a day's beginning is."""
    if not isinstance(at, datetime):
        at = datetime.combine(at, time())
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)


def _name(uid: str) -> str:
    """A name for the event that fits into an index, whatever it calls itself."""
    return sha256(uid.encode(errors="replace")).hexdigest()[:32]
