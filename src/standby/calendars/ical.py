"""Bookings as calendar programs read them: iCalendar (RFC 5545). Pure.

Times are written in UTC. A booking is one moment and no series, so nothing is lost by that, and nothing can go wrong: a
local time needs its zone's rules beside it (VTIMEZONE), which every program takes otherwise: Outlook has names of its
own for zones, some trust their own rules more than the file's, and an old file has old ones. All of them show a UTC
time by the clock of whoever looks.

Written by hand: the icalendar library takes ten times as long, which is seconds for 10,000 events. It reads what is
written here in the tests, and what others write (busy_times.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal
from urllib.parse import quote
from uuid import UUID

LINE_OCTETS: Final = 75  # RFC 5545, 3.1, without the line's end
REFRESH: Final = "PT1H"  # How often a program should look again, if it heeds that.
_ESCAPED: Final = str.maketrans(
    {"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"}
    | {chr(code): None for code in (*range(9), *range(11, 32), 127)}  # CONTROL, which no text may hold
)
# A parameter's value is quoted: it may hold all of that, but no quote.
_QUOTED: Final = str.maketrans({'"': "'"} | {chr(code): " " for code in (*range(32), 127)})


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
    """A calendar to subscribe to."""
    lines = [
        *_head("PUBLISH"),
        _text("NAME", name),
        _text("X-WR-CALNAME", name),
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    for appointment in appointments:
        lines += _event(appointment)
    return _written([*lines, "END:VCALENDAR"])


def invitation(appointment: Appointment, *, organizer: Mailbox, attendee: str) -> bytes:
    """The booking as a mail carries it from its sender to the customer's address.

    As an invitation, and its end as a cancellation (RFC 5546): that is what makes programs find the event of an earlier
    mail again and change it or take it away, where of what is merely published some make a second one. The customer has
    booked, so they take part already, and no answer is asked for: nobody reads what comes to the sender's address.
    """
    method = method_of(appointment)
    return _written(
        [
            *_head(method),
            *_event(
                appointment,
                f"ORGANIZER;CN={_quoted(organizer.name)}:{_mailto(organizer.address)}",
                f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:{_mailto(attendee)}",
            ),
            "END:VCALENDAR",
        ]
    )


def method_of(appointment: Appointment) -> Literal["REQUEST", "CANCEL"]:
    """What its invitation asks of the calendar."""
    return "CANCEL" if appointment.cancelled else "REQUEST"


def _domain(tenant_id: UUID) -> str:
    return f"@{tenant_id}.standby"


def _head(method: str) -> list[str]:
    return [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Standby//Standby//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
    ]


def _event(appointment: Appointment, *people: str) -> Iterator[str]:
    changed = _moment(appointment.changed_at)
    yield "BEGIN:VEVENT"
    yield f"UID:{uid_of(appointment.tenant_id, appointment.booking_id)}"
    yield f"DTSTAMP:{changed}"  # Not the time of writing: what hasn't changed reads the same each time.
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{appointment.sequence}"
    yield f"STATUS:{'CANCELLED' if appointment.cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if appointment.cancelled else 'OPAQUE'}"
    yield f"DTSTART:{_moment(appointment.starts_at)}"
    yield f"DTEND:{_moment(appointment.ends_at)}"
    yield _text("SUMMARY", appointment.summary)
    yield _text("LOCATION", appointment.location)
    if appointment.description:
        yield _text("DESCRIPTION", appointment.description)
    if appointment.url is not None:
        yield f"URL:{appointment.url}"
    yield from people
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(name: str, value: str) -> str:
    plain = value.replace("\r\n", "\n")
    return f"{name}:{plain.translate(_ESCAPED)}"


def _quoted(value: str) -> str:
    return f'"{value.translate(_QUOTED)}"'


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@+')}"


def _written(lines: Iterable[str]) -> bytes:
    return b"".join(_folded(line.encode()) for line in lines)


def _folded(line: bytes) -> bytes:
    """The line with its end, in pieces of 75 octets at most, each a whole number of letters."""
    pieces = []
    while len(line) > LINE_OCTETS:
        cut = LINE_OCTETS
        while line[cut] & 0xC0 == 0x80:  # in the middle of a letter
            cut -= 1
        pieces.append(line[:cut])
        line = b" " + line[cut:]
    return b"\r\n".join([*pieces, line, b""])
