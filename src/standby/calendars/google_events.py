"""Google's events: how we write a booking, and when one of theirs keeps its owner busy. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from standby.calendars.base import Busy, Event

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


def busy_of(item: Mapping[str, Any], zone: ZoneInfo) -> Busy | None:
    """When the event keeps its owner busy; None: it doesn't.

    A day without a time is one of the salon's `zone`. What has no end takes no time (RFC 5545, 3.6.1), or its day.
    """
    if item.get("status") == "cancelled" or item.get("transparency") == "transparent":
        return None
    if item.get("eventType") in NOT_BUSY or _declined(item) or _is_ours(item):
        return None
    try:
        starts_at = _read(item.get("start"), zone)
        ends_at = _read(item.get("end"), zone) or _end_without(item, zone)
    except (ValueError, TypeError, OverflowError, ZoneInfoNotFoundError):
        return None
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return None
    return Busy(item["id"], starts_at, ends_at)


def _moment(at: datetime, zone: ZoneInfo) -> dict[str, str]:
    return {"dateTime": at.astimezone(zone).isoformat(), "timeZone": str(zone)}


def _is_ours(item: Mapping[str, Any]) -> bool:
    """Whether we have written it. What somebody has copied from one of ours has another id, and is theirs."""
    named = ((item.get("extendedProperties") or {}).get("private") or {}).get(OURS)
    try:
        return str(item["id"]).startswith(UUID(named).hex) if named else False
    except ValueError:
        return False


def _declined(item: Mapping[str, Any]) -> bool:
    return any(
        one.get("self") and one.get("responseStatus") == "declined" for one in item.get("attendees") or []
    )


def _read(moment: Mapping[str, Any] | None, zone: ZoneInfo) -> datetime | None:
    if not moment:
        return None
    if day := moment.get("date"):
        return datetime.combine(date.fromisoformat(day), time(), zone)
    at = datetime.fromisoformat(moment["dateTime"]) if moment.get("dateTime") else None
    if at is not None and at.tzinfo is None:
        return at.replace(tzinfo=ZoneInfo(moment["timeZone"]) if moment.get("timeZone") else zone)
    return at


def _end_without(item: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    day = (item.get("start") or {}).get("date")
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), zone) if day else None
