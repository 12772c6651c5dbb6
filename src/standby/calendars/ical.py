"""Bookings as calendar programs read them: iCalendar (RFC 5545).

Times are written in UTC. A booking is one moment and no series, so nothing is lost by that, and nothing can go wrong: a
local time needs its zone's rules beside it (VTIMEZONE), which every program takes otherwise: Outlook has names of its
own for zones, some trust their own rules more than the file's, and an old file has old ones. All of them show a UTC
time by the clock of whoever looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from urllib.parse import quote
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress

REFRESH: Final = timedelta(
    hours=1
)  # until a program looks again, if it heeds that; Outlook has a name of its own for it
# Control characters, which no text may hold; and what no parameter's value may, though it is quoted.
_IN_NO_TEXT: Final = dict.fromkeys((*range(9), *range(11, 32), 127))
_IN_NO_NAME: Final = {ord('"'): "'", ord("\n"): " ", ord("\t"): " "}


@dataclass(frozen=True)
class Appointment:
    """A booking as a calendar shows it. The same `tenant_id` and `booking_id` are the same event, in every calendar."""

    tenant_id: UUID
    booking_id: UUID
    sequence: int  # grows with each change that matters to calendars
    cancelled: bool
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    summary: str
    location: str
    description: str = ""
    url: str | None = None


@dataclass(frozen=True)
class Mailbox:
    """Whom a mail is from."""

    name: str
    address: str


def uid_of(tenant_id: UUID, booking_id: UUID) -> str:
    """The booking's name among all events of the world."""
    return f"{booking_id}{_domain(tenant_id)}"


def is_own(uid: str, tenant_id: UUID) -> bool:
    """Whether an event is one of this salon's bookings. Another salon's is no less busy than anything else."""
    return uid.strip().lower().endswith(_domain(tenant_id))


def feed(name: str, appointments: Iterable[Appointment]) -> bytes:
    """A calendar to subscribe to. Takes nearly half a millisecond for each appointment."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", _name(name))
    calendar.add("x-wr-calname", _name(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for appointment in appointments:
        calendar.add_component(_event(appointment))
    written: bytes = calendar.to_ical()
    return written


def single(appointment: Appointment) -> bytes:
    """A file with one appointment, for its customer to put into their own calendar."""
    calendar = _calendar("PUBLISH")
    calendar.add_component(_event(appointment))
    written: bytes = calendar.to_ical()
    return written


def invitation(appointment: Appointment, *, organizer: Mailbox, attendee: str) -> bytes:
    """The booking as a mail carries it from its sender to the customer's address.

    As an invitation, and its end as a cancellation (RFC 5546): that is what makes programs find the event of an earlier
    mail again and change it or take it away, where of what is merely published some make a second one. The customer has
    booked, so they take part already, and no answer is asked for: nobody reads what comes to the sender's address.
    """
    event = _event(appointment)
    event.add("organizer", _address(organizer.address), parameters={"CN": _name(organizer.name)})
    taking_part = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    event.add("attendee", _address(attendee), parameters=taking_part)
    calendar = _calendar(method_of(appointment))
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def method_of(appointment: Appointment) -> Literal["REQUEST", "CANCEL"]:
    """What its invitation asks of the calendar."""
    return "CANCEL" if appointment.cancelled else "REQUEST"


def _domain(tenant_id: UUID) -> str:
    return f"@{tenant_id}.standby"


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Standby//Standby//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _event(appointment: Appointment) -> Event:
    event, changed = Event(), appointment.changed_at.astimezone(UTC)
    event.add("uid", uid_of(appointment.tenant_id, appointment.booking_id))
    event.add("dtstamp", changed)  # Not the time of writing: what hasn't changed reads the same each time.
    event.add("last-modified", changed)
    event.add("sequence", appointment.sequence)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if appointment.cancelled else "OPAQUE")
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", _plain(appointment.summary))
    event.add("location", _plain(appointment.location))
    if appointment.description:
        event.add("description", _plain(appointment.description))
    if appointment.url is not None:
        event.add("url", appointment.url)
    return event


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").translate(_IN_NO_TEXT)


def _name(text: str) -> str:
    return _plain(text).translate(_IN_NO_NAME)


def _address(mailbox: str) -> vCalAddress:
    return vCalAddress(f"mailto:{quote(mailbox, safe='@+')}")
