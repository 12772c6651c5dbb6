"""What of somebody's own calendar makes them busy, and what can't be read."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from standby.calendars.base import Window
from standby.calendars.busy_times import Unreadable, Whose, busy_times
from standby.calendars.ical import feed, uid_of
from tests.unit.test_ical import BOOKING, HAIRCUT, SALON

OSLO = Whose(SALON, ZoneInfo("Europe/Oslo"))
NOW = datetime(2026, 3, 23, 12, 0, tzinfo=UTC)  # Clocks go forward on the 29th.
WINDOW = Window(NOW - timedelta(days=1), NOW + timedelta(days=365))
ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0530
TZOFFSETTO:+0530
END:STANDARD
END:VTIMEZONE"""


def event(*lines: str, uid: str = "1@example.com") -> str:
    return "\n".join(("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"))


def calendar(*parts: str) -> bytes:
    lines = "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *parts, "END:VCALENDAR", ""))
    return lines.replace("\n", "\r\n").encode()


def times(*parts: str, window: Window = WINDOW) -> list[str]:
    """The busy times in UTC, like 24 10:00 - 24 11:00."""
    found = busy_times(calendar(*parts), OSLO, window)
    return [f"{one.starts_at:%d %H:%M} - {one.ends_at:%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART:20260324T100000Z", "DTEND:20260324T110000Z"), ["24 10:00 - 24 11:00"]),
        (("DTSTART:20260324T100000", "DTEND:20260324T110000"), ["24 09:00 - 24 10:00"]),
        (("DTSTART;TZID=America/New_York:20260324T100000", "DURATION:PT1H"), ["24 14:00 - 24 15:00"]),
        (
            ("DTSTART;TZID=Pacific Standard Time:20260324T100000", "DURATION:PT1H"),
            ["24 17:00 - 24 18:00"],
        ),
        (("DTSTART;VALUE=DATE:20260324",), ["23 23:00 - 24 23:00"]),
        (("DTSTART;VALUE=DATE:20260328", "DTEND;VALUE=DATE:20260330"), ["27 23:00 - 29 22:00"]),
        (("DTSTART:20260324T100000Z",), []),
        (("DTSTART:20260324T100000Z", "DTEND:20260324T100000Z"), []),
        (("DTSTART:20260324T110000Z", "DTEND:20260324T100000Z"), ["24 10:00 - 24 11:00"]),  # Turned round.
        (("DTSTART:20260324T100000Z", "DTEND:20260324T110000Z", "TRANSP:TRANSPARENT"), []),
        (("DTSTART:20260324T100000Z", "DTEND:20260324T110000Z", "STATUS:CANCELLED"), []),
        (("DTSTART:20260324T100000Z", "DTEND:20260324T110000Z", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
        (("DTSTART:20260324T100000Z", "DTEND:20260324T110000Z", "STATUS:TENTATIVE"), ["24 10:00 - 24 11:00"]),
        (("DTSTART:20250324T100000Z", "DTEND:20250324T110000Z"), []),
        (("DTSTART:20280324T100000Z", "DTEND:20280324T110000Z"), []),
        (("DTSTART:20000101T000000Z", "DTEND:20991231T000000Z"), ["22 12:00 - 23 12:00"]),
    ],
)
def test_an_event_is_busy_for_its_time_unless_it_takes_none(
    lines: tuple[str, ...], expected: list[str]
) -> None:
    assert times(event(*lines)) == expected


def test_a_series_goes_on_by_its_own_clock_with_its_exceptions() -> None:
    weekly = event(
        "DTSTART;TZID=Europe/Oslo:20260101T100000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY",
        "EXDATE;TZID=Europe/Oslo:20260409T100000",
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Oslo:20260416T100000",
        "DTSTART;TZID=Europe/Oslo:20260417T120000",
        "DURATION:PT1H",
    )
    dropped = event(
        "RECURRENCE-ID;TZID=Europe/Oslo:20260423T100000",
        "DTSTART;TZID=Europe/Oslo:20260423T100000",
        "DURATION:PT1H",
        "STATUS:CANCELLED",
    )
    month = Window(NOW, NOW + timedelta(days=38))
    assert times(weekly, moved, dropped, window=month) == [
        "26 09:00 - 26 10:00",
        "02 08:00 - 02 09:00",  # In summer time.
        "17 10:00 - 17 11:00",
        "30 08:00 - 30 09:00",
    ]


def test_a_series_without_an_end_stops_at_the_windows() -> None:
    assert len(times(event("DTSTART:20200101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"))) == 366


def test_a_zone_of_the_calendars_own_is_heeded_and_one_that_nobody_knows_is_an_error() -> None:
    local = event("DTSTART;TZID=Customized Time Zone:20260324T100000", "DURATION:PT1H")
    assert times(ZONE, local) == ["24 04:30 - 24 05:30"]
    with pytest.raises(Unreadable, match="time zone that nobody knows: Nowhere"):
        times(event("DTSTART;TZID=Nowhere:20260324T100000", "DURATION:PT1H"))


def test_the_salons_own_bookings_are_not_busy_and_another_salons_are() -> None:
    lines = ("DTSTART:20260324T100000Z", "DTEND:20260324T110000Z")
    assert times(event(*lines, uid=uid_of(SALON, BOOKING))) == []
    assert len(times(event(*lines, uid=uid_of(UUID(int=2), BOOKING)))) == 1
    window = Window(HAIRCUT.starts_at - timedelta(days=1), HAIRCUT.ends_at + timedelta(days=1))
    assert busy_times(feed("Kim", [HAIRCUT]), OSLO, window) == []
    assert len(busy_times(feed("Kim", [HAIRCUT]), Whose(UUID(int=2), OSLO.zone), window)) == 1


def test_an_event_is_named_by_its_uid_however_long_that_is() -> None:
    lines = ("DTSTART:20260324T100000Z", "DTEND:20260324T110000Z")
    [first] = busy_times(calendar(event(*lines, uid="x" * 100_000)), OSLO, WINDOW)
    [second] = busy_times(calendar(event(*lines, uid="y")), OSLO, WINDOW)
    assert len(first.event_id) == len(second.event_id) == 32
    assert first.event_id != second.event_id


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (b"", "no whole calendar"),
        (b"<html>Sign in</html>", "no calendar"),
        (b"\xff\xfe\x00garbage", "no calendar"),
        (calendar(event("DTSTART:20260324T100000Z"))[:-30], "no whole calendar"),
        (event("DTSTART:20260324T100000Z").encode(), "no whole calendar"),
        (calendar(event("DTSTART:tomorrow", "DTEND:20260324T110000Z")), "DTSTART that can't be read"),
        (calendar(event("DTEND:20260324T110000Z")), "has no beginning"),
        (calendar(event("DTSTART:20260324T100000Z", "RRULE:FREQ=NEVER")), "RRULE that can't be read"),
        (calendar(event("DTSTART:20260324T100000Z", "RRULE:FREQ=SECONDLY")), "by the minute or second"),
        (calendar(event("DTSTART:20260324T100000Z", "RRULE:FREQ=MINUTELY")), "by the minute or second"),
    ],
)
def test_what_is_no_calendar_or_says_no_times_can_t_be_read(written: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        busy_times(written, OSLO, WINDOW)


def test_more_times_than_anybody_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standby.calendars.busy_times.MOST", 100)
    daily = ("DTSTART:20260324T100000Z", "DURATION:PT1M")
    assert len(times(event(*daily, "RRULE:FREQ=DAILY;COUNT=100"))) == 100
    with pytest.raises(Unreadable, match="more than 100"):
        times(event(*daily, "RRULE:FREQ=DAILY;COUNT=101"))
