"""One cell's text: every form it may have means the same value, and anything else is refused with a reason."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standby.importing import cells, times
from standby.importing.cells import BadCell
from standby.importing.times import Calendar, DateOrder

OSLO = ZoneInfo("Europe/Oslo")
CALENDAR = Calendar(OSLO, datetime(2026, 12, 1, 12, tzinfo=UTC))  # a Tuesday; 13:00 in Oslo


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in December 2026."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-24T14:30+01:00", "2026-12-24T13:30Z", "2026-12-24T13:30:00.000Z", "2026-12-24 14:30",
        "2026-12-24T14:30:00", "2026-12-24 2:30 PM", "24.12.2026 14:30", "24.12.26 14.30", "24/12/2026 14:30",
        "24-12-2026, 14:30", "24.12.2026 kl. 14:30", "24/12/26 2:30 pm", "+23 14:30", "tor+3 14:30", "Thursday+3 14:30",
    ],
)  # fmt: skip
def test_a_moment_has_many_forms(text: str) -> None:
    assert times.instant(text, CALENDAR) == utc(24, 13, 30)


def test_month_first_needs_to_be_asked_for() -> None:
    mdy = Calendar(OSLO, CALENDAR.now, "mdy")
    assert times.instant("12/24/2026 2:30 PM", mdy) == utc(24, 13, 30)
    assert times.instant("24.12.2026 14:30", mdy) == utc(24, 13, 30), "dots are day first everywhere"
    with pytest.raises(BadCell, match="has no month 24; if the month comes first, say --month-first"):
        times.instant("12/24/2026 2:30 PM", CALENDAR)
    with pytest.raises(BadCell, match="has no month 24; if the day comes first, leave --month-first out"):
        times.instant("24/12/2026 14:30", mdy)


def test_a_time_that_does_not_exist_says_what_to_write() -> None:
    with pytest.raises(BadCell, match=r"02:30 does not exist on 2027-03-28 .* write 2027-03-28T03:30\+02:00"):
        times.instant("28.03.2027 02:30", CALENDAR)
    assert times.instant("2027-03-28T03:30+02:00", CALENDAR) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_time_that_exists_twice_says_what_to_write() -> None:
    with pytest.raises(
        BadCell, match=r"exists twice .* write 2027-10-31T02:30\+02:00 .* or 2027-10-31T02:30\+01:00"
    ):
        times.instant("31.10.2027 02:30", CALENDAR)
    assert times.instant("2027-10-31T02:30+01:00", CALENDAR) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_day_begins_with_its_first_moment_even_where_midnight_does_not_exist() -> None:
    beirut = Calendar(ZoneInfo("Asia/Beirut"), datetime(2026, 3, 1, tzinfo=UTC))
    assert times.day_start("2026-03-29", beirut) == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert times.day_end("2026-03-28", beirut) == datetime(2026, 3, 28, 22, tzinfo=UTC)


def test_a_weekday_and_a_number_count_from_the_coming_one_today_included() -> None:
    days = {
        text: times.day_start(text, CALENDAR).astimezone(OSLO).day
        for text in ("tue+0", "tir+1", "mon+0", "wed+0")
    }
    assert days == {"tue+0": 1, "tir+1": 8, "mon+0": 7, "wed+0": 2}
    assert times.day_start("tue-1", CALENDAR).astimezone(OSLO).date() == date(2026, 11, 24)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.sampled_from(["dmy", "mdy"]))  # noqa: DTZ001  # Local times.
@example(datetime(2027, 3, 28, 2, 30), "dmy")  # noqa: DTZ001
@example(datetime(2027, 10, 31, 2, 30), "mdy")  # noqa: DTZ001
def test_every_form_of_a_local_time_means_the_same_moment_or_is_refused(
    local: datetime, order: DateOrder
) -> None:
    local = local.replace(second=0, microsecond=0)
    calendar = Calendar(OSLO, CALENDAR.now, order)
    slashes = "%m/%d/%Y %I:%M %p" if order == "mdy" else "%d/%m/%Y %H:%M"
    forms = [
        local.strftime(form) for form in ("%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%d.%m.%y kl. %H.%M", slashes)
    ]
    found = {_moment(text, calendar) for text in forms}
    assert len(found) == 1
    moments = {local.replace(tzinfo=OSLO, fold=fold).astimezone(UTC) for fold in (0, 1)}
    assert found == (moments if len(moments) == 1 else {None})


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_a_moment_with_an_offset_is_read_as_written(moment: datetime) -> None:
    assert times.instant(moment.isoformat(), CALENDAR) == moment.astimezone(UTC)


PARSERS = (
    cells.clock, cells.duration, cells.price, cells.weekdays, cells.spans, cells.channels, cells.email, cells.status,
    lambda text: cells.phone(text, "NO"), lambda text: times.instant(text, CALENDAR),
)  # fmt: skip


@pytest.mark.parametrize("parse", PARSERS)
@given(text=st.text(max_size=25) | st.from_regex(r"[0-9+:. ,/-]{1,20}", fullmatch=True))
def test_any_text_is_a_value_or_a_bad_cell(parse: Callable[[str], Any], text: str) -> None:
    with suppress(BadCell):
        parse(text)


def _moment(text: str, calendar: Calendar) -> datetime | None:
    try:
        return times.instant(text, calendar)
    except BadCell:
        return None


@given(
    st.integers(0, 999_999).map(lambda number: f"40{number:06}"),
    st.sampled_from(["E164", "INTERNATIONAL", "NATIONAL", "RFC3966"]),
)
def test_every_way_to_write_a_phone_number_means_the_same(number: str, form: str) -> None:
    parsed = phonenumbers.parse(number, "NO")
    assert (
        cells.phone(phonenumbers.format_number(parsed, getattr(phonenumbers.PhoneNumberFormat, form)), "NO")
        == f"+47{number}"
    )
    assert cells.phone(f"0047 {number}", "NO") == f"+47{number}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("450", "450"), ("450,00", "450"), ("450.50", "450.5"), ("kr 450", "450"), ("450,-", "450"), ("NOK 450", "450"),
        ("1 250", "1250"), ("1.250,50", "1250.5"), ("1,250.50", "1250.5"), ("1.250", "1250"), ("1250", "1250"),
        ("0", "0"), ("€12,5", "12.5"), ("99 999 999,99", "99999999.99"),
    ],
)  # fmt: skip
def test_a_price_has_many_forms(text: str, expected: str) -> None:
    assert cells.price(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["free", "-450", "4.5.0", "1.250.50", "450,123,4", "100 000 000", "kr"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        cells.price(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("45", 45), ("45 min", 45), ("45min.", 45), ("1:30", 90), ("1 h 30 min", 90), ("1t", 60), ("2 timer", 120),
     ("1h30m", 90), ("0:45", 45)],
)  # fmt: skip
def test_a_duration_has_many_forms(text: str, minutes: int) -> None:
    assert cells.duration(text) == minutes


@pytest.mark.parametrize(
    ("text", "minute"),
    [("14:30", 870), ("14.30", 870), ("9", 540), ("kl 9", 540), ("2:30 PM", 870), ("12 am", 0), ("12:15 p.m.", 735),
     ("24:00", 1440), ("00:00", 0), ("14:30:00", 870)],
)  # fmt: skip
def test_a_time_of_day_has_many_forms(text: str, minute: int) -> None:
    assert cells.clock(text) == minute


@pytest.mark.parametrize(
    ("text", "days"),
    [("monday", (1,)), ("man", (1,)), ("Tirsdag", (2,)), ("laurdag", (6,)), ("mon, wed", (1, 3)),
     ("man–fre", (1, 2, 3, 4, 5)), ("fre-man", (1, 5, 6, 7)), ("hverdager", (1, 2, 3, 4, 5)),
     ("helg og mandag", (1, 6, 7)), ("all", (1, 2, 3, 4, 5, 6, 7))],
)  # fmt: skip
def test_weekdays_have_many_forms(text: str, days: tuple[int, ...]) -> None:
    assert cells.weekdays(text) == days


@pytest.mark.parametrize(
    ("text", "yes"),
    [("yes", True), ("JA", True), ("x", True), ("1", True), ("nei", False), ("No", False), ("0", False)],
)
def test_yes_and_no_have_many_forms(text: str, yes: bool) -> None:  # noqa: FBT001  # The expected value.
    assert cells.yes_no(text) is yes


@pytest.mark.parametrize("text", ["Kari\nNordmann", "Kari\0", " ", "x" * 201])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        cells.name(text)
