"""When an event of Google's keeps somebody busy, and how a booking is written there."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standby.calendars.base import Busy, Event
from standby.calendars.google_events import body_of, busy_of

OSLO = ZoneInfo("Europe/Oslo")
BOOKING = UUID("0193e5a0-1111-7000-8000-00000000000b")
AT_ONE = {
    "start": {"dateTime": "2026-11-24T13:00:00+01:00"},
    "end": {"dateTime": "2026-11-24T14:00:00+01:00"},
}
MARK = {"extendedProperties": {"private": {"standby": str(BOOKING)}}}


def span(item: Any) -> tuple[str, str] | None:
    busy = busy_of({"id": "event", **item}, OSLO)
    return None if busy is None else (busy.starts_at.isoformat(), busy.ends_at.isoformat())


@pytest.mark.parametrize(
    ("item", "busy"),
    [
        (AT_ONE, ("2026-11-24T12:00:00+00:00", "2026-11-24T13:00:00+00:00")),
        # The clock goes back in that night: the day has 25 hours, and is the salon's.
        ({"start": {"date": "2026-10-25"}, "end": {"date": "2026-10-26"}},
         ("2026-10-24T22:00:00+00:00", "2026-10-25T23:00:00+00:00")),
        ({"start": {"date": "2026-11-24"}}, ("2026-11-23T23:00:00+00:00", "2026-11-24T23:00:00+00:00")),
        ({"start": {"dateTime": "2026-11-24T13:00:00", "timeZone": "America/New_York"},
          "end": {"dateTime": "2026-11-24T14:00:00", "timeZone": "America/New_York"}},
         ("2026-11-24T18:00:00+00:00", "2026-11-24T19:00:00+00:00")),
        ({"start": {"dateTime": "2026-11-24T13:00:00Z"}}, None),
        ({"start": AT_ONE["end"], "end": AT_ONE["start"]}, None),
        ({"end": AT_ONE["end"]}, None),
        ({"start": {"dateTime": "soon"}, "end": AT_ONE["end"]}, None),
        ({"start": {"dateTime": "0001-01-01T00:00:00+10:00"}, "end": AT_ONE["end"]}, None),
        (AT_ONE | {"status": "tentative"}, ("2026-11-24T12:00:00+00:00", "2026-11-24T13:00:00+00:00")),
        (AT_ONE | {"eventType": "outOfOffice"}, ("2026-11-24T12:00:00+00:00", "2026-11-24T13:00:00+00:00")),
        (AT_ONE | {"eventType": "birthday"}, None),
    ],
)  # fmt: skip
def test_an_event_keeps_its_owner_busy_from_its_begin_to_its_end(
    item: dict[str, Any], busy: tuple[str, str] | None
) -> None:
    assert span(item) == busy


def test_what_we_have_written_keeps_nobody_busy_but_a_copy_of_it_does() -> None:
    assert busy_of({"id": f"{BOOKING.hex}00", **AT_ONE, **MARK}, OSLO) is None
    copy = busy_of({"id": "copied00", **AT_ONE, **MARK}, OSLO)
    assert copy is not None
    assert copy.ends_at - copy.starts_at == timedelta(hours=1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "start", "end", "date", "dateTime", "timeZone", "attendees", "self", "private"]), inner
    ),
    max_leaves=15,
)  # fmt: skip


@given(
    JSON,
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(["start", "end", "attendees", "extendedProperties"], JSON)
    ),
)
def test_whatever_an_event_is_it_can_be_read(junk: Any, parts: dict[str, Any]) -> None:
    for item in (junk, {"id": "event", **AT_ONE, **parts}):
        assert isinstance(busy_of(item, OSLO), Busy | None)


def test_a_booking_is_written_in_the_salon_s_time_with_no_more_of_the_customer_than_a_first_name() -> None:
    at = datetime(2026, 7, 1, 9, 0, tzinfo=OSLO)
    event = Event(
        name="x", booking_id=BOOKING, sequence=0, starts_at=at, ends_at=at + timedelta(minutes=45), zone=OSLO,
        service="Haircut", first_name="", salon="Fjord", gone=False, changed_at=at,
    )  # fmt: skip
    assert body_of(event) == {
        "summary": "Haircut",
        "start": {"dateTime": "2026-07-01T09:00:00+02:00", "timeZone": "Europe/Oslo"},
        "end": {"dateTime": "2026-07-01T09:45:00+02:00", "timeZone": "Europe/Oslo"},
        "status": "confirmed",
        "transparency": "opaque",
        "extendedProperties": {"private": {"standby": str(BOOKING)}},
    }
