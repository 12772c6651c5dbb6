"""Google's events: how we write a booking, and when one of theirs keeps its owner busy. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from standby.calendars.base import Busy, Event
from standby.channels.untrusted import part, parts, uuid_in

LONGEST_ID: Final = 1200
OURS: Final = "standby"  # The private property that says which booking an event is.
NOT_BUSY: Final = frozenset(
    {"workingLocation", "birthday"}
)  # Kinds of events that say where or who somebody is.
# All that we ask for: nothing that says what an event is about, or with whom.
FIELDS: Final = (
    "items(id,status,eventType,transparency,start,end,attendees(self,responseStatus),extendedProperties/private),"
    "nextPageToken,nextSyncToken"
)


def body_of(event: Event) -> dict[str, Any]:
    """A booking as Google takes it. The status makes an event live again that somebody has deleted there."""
    what = f"{event.service}: {event.first_name}" if event.first_name else event.service
    return {
        "summary": what,
        "start": _moment(event.starts_at, event.zone),
        "end": _moment(event.ends_at, event.zone),
        "status": "confirmed",
        "transparency": "opaque",
        "extendedProperties": {"private": {OURS: str(event.booking_id)}},
    }


def busy_of(item: object, zone: ZoneInfo) -> Busy | None:
    """When the event keeps its owner busy; None: it doesn't, or it can't be read.

    A day without a time is one of the salon's `zone`. What has no end takes no time (RFC 5545, 3.6.1), or its day.
    """
    if not is_event(item) or item.get("status") == "cancelled" or item.get("transparency") == "transparent":
        return None
    if item.get("eventType") in NOT_BUSY or _declined(item) or _is_ours(item):
        return None
    try:
        starts_at = _read(part(item, "start"), zone)
        ends_at = _read(part(item, "end"), zone) or _end_without(item, zone)
        if starts_at is None or ends_at is None or ends_at <= starts_at:
            return None
        return Busy(item["id"], starts_at.astimezone(UTC), ends_at.astimezone(UTC))
    except (ValueError, TypeError, OverflowError, ZoneInfoNotFoundError):
        return None


def is_event(item: object) -> TypeGuard[dict[str, Any]]:
    """Whether it has an id that can be kept: 1,024 letters at most, and a date if it is one of several times."""
    name = item.get("id") if isinstance(item, dict) else None
    return isinstance(name, str) and name.isascii() and name.isprintable() and 0 < len(name) <= LONGEST_ID


def _moment(at: datetime, zone: ZoneInfo) -> dict[str, str]:
    return {"dateTime": at.astimezone(zone).isoformat(), "timeZone": str(zone)}


def _is_ours(item: dict[str, Any]) -> bool:
    """Whether we have written it. What somebody has copied from one of ours has another id, and is theirs."""
    named = part(part(item, "extendedProperties"), "private").get(OURS)
    booking = uuid_in(named)
    return booking is not None and item["id"].startswith(booking.hex)


def _declined(item: dict[str, Any]) -> bool:
    return any(
        one.get("self") and one.get("responseStatus") == "declined" for one in parts(item, "attendees")
    )


def _read(moment: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    if day := moment.get("date"):
        return datetime.combine(date.fromisoformat(day), time(), zone)
    at = datetime.fromisoformat(moment["dateTime"]) if moment.get("dateTime") else None
    if at is not None and at.tzinfo is None:
        return at.replace(tzinfo=ZoneInfo(moment["timeZone"]) if moment.get("timeZone") else zone)
    return at


def _end_without(item: dict[str, Any], zone: ZoneInfo) -> datetime | None:
    day = part(item, "start").get("date")
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), zone) if day else None
