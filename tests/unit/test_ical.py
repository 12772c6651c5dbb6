"""Bookings as iCalendar: what the icalendar library reads is what was meant, and the form is RFC 5545's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from standby.calendars.ical import Appointment, Mailbox, feed, invitation, is_own, uid_of

SALON, BOOKING = UUID(int=1), UUID(int=7)
STARTS = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HAIRCUT = Appointment(
    tenant_id=SALON,
    booking_id=BOOKING,
    sequence=2,
    cancelled=False,
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=45),
    changed_at=STARTS - timedelta(days=1),
    summary="Kari, Haircut",
    location="Salong Ærlig",
)
SHOP, KARI = Mailbox("Salong Ærlig", "no-reply@standby.test"), "kari+cut@example.com"
# What RFC 5545, 3.6 wants of a calendar and of an event, once each.
OF_CALENDAR = ("PRODID", "VERSION", "METHOD")
OF_EVENT = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "LAST-MODIFIED")
HOSTILE = [
    "Kari; DROP, TABLE",
    "back\\slash \\n \\",
    "two\nlines\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    'quote " and : and ;',
    "Ærlig Ødegård 💇‍♀️ " * 20,
    "tab\there",
]


def read(written: bytes) -> Calendar:
    """The calendar, if its form is right."""
    assert written.endswith(b"END:VCALENDAR\r\n")
    for line in written.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode()  # No letter is parted in two.
    calendar = Calendar.from_ical(written)
    assert calendar.errors == []
    for part, wanted in ((calendar, OF_CALENDAR), *((event, OF_EVENT) for event in calendar.events)):
        assert part.errors == []
        for name in wanted:
            assert name in part, name
            assert not isinstance(part[name], list), name
    return calendar


def only_event(written: bytes) -> Event:
    [event] = read(written).events
    return event


def test_an_event_says_when_what_and_where_the_booking_is() -> None:
    event = only_event(feed("Kim", [HAIRCUT]))
    assert event["UID"] == uid_of(SALON, BOOKING)
    assert (event.start, event.end) == (HAIRCUT.starts_at, HAIRCUT.ends_at)
    assert event["DTSTART"].to_ical() == b"20261124T120000Z"
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CONFIRMED")
    assert (event["SUMMARY"], event["LOCATION"]) == ("Kari, Haircut", "Salong Ærlig")
    assert event.last_modified == event.stamp == HAIRCUT.changed_at


def test_a_cancelled_booking_is_the_same_event_and_takes_no_time() -> None:
    cancelled = only_event(feed("Kim", [replace(HAIRCUT, cancelled=True, sequence=3)]))
    assert cancelled["UID"] == only_event(feed("Kim", [HAIRCUT]))["UID"]
    assert (cancelled["STATUS"], cancelled["SEQUENCE"], cancelled["TRANSP"]) == (
        "CANCELLED",
        3,
        "TRANSPARENT",
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    event = only_event(feed(text, [replace(HAIRCUT, summary=text, location=text, description=text)]))
    said = text.replace("\r\n", "\n")
    assert [event["SUMMARY"], event["LOCATION"], event["DESCRIPTION"]] == [said] * 3
    event = only_event(invitation(HAIRCUT, organizer=replace(SHOP, name=text), attendee=KARI))
    assert event["ORGANIZER"] == "mailto:no-reply@standby.test"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_read_as_it_was_written_but_for_control_characters(text: str) -> None:
    written = feed("Kim", [replace(HAIRCUT, summary=text)])
    plain = "".join(
        letter
        for letter in text.replace("\r\n", "\n")
        if letter in "\t\n" or not (ord(letter) < 32 or ord(letter) == 127)
    )
    assert only_event(written)["SUMMARY"] == plain


def test_an_invitation_asks_for_no_answer_and_its_cancellation_means_the_same_event() -> None:
    added = read(invitation(HAIRCUT, organizer=SHOP, attendee=KARI))
    cancelled = read(invitation(replace(HAIRCUT, cancelled=True, sequence=3), organizer=SHOP, attendee=KARI))
    assert (added["METHOD"], cancelled["METHOD"]) == ("REQUEST", "CANCEL")
    [first], [last] = added.events, cancelled.events
    assert first["UID"] == last["UID"]
    assert last["STATUS"] == "CANCELLED"
    for event in (first, last):
        assert event["ORGANIZER"] == "mailto:no-reply@standby.test"
        assert event["ORGANIZER"].params["CN"] == "Salong Ærlig"
        assert event["ATTENDEE"] == "mailto:kari+cut@example.com"
        assert event["ATTENDEE"].params["RSVP"] == "FALSE"
        assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_the_salons_own_events_are_known_and_another_salons_are_not() -> None:
    assert is_own(uid_of(SALON, BOOKING), SALON)
    assert is_own(uid_of(SALON, BOOKING).upper() + " ", SALON)
    assert not is_own(uid_of(UUID(int=2), BOOKING), SALON)
    assert not is_own("dentist@example.com", SALON)
