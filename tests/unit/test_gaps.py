"""The gaps in a day: found by a sweep, and the same by asking of every single minute."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standby.bookings.gaps import Day, Wanted, Worker, starts, stretches
from standby.tenants.opening_hours import Hours, within_hours

KIM = UUID(int=1)
OSLO = ZoneInfo("Europe/Oslo")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # the days on which Oslo's clock is moved
ZONES = ["Europe/Oslo", "UTC", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"]


def slowly(day: Day, wanted: Wanted, worker: Worker) -> list[int]:
    """Every minute that could lie on the day, asked one by one whether an appointment may begin."""
    first = datetime.combine(day.date, datetime.min.time(), UTC) - timedelta(hours=15)
    return [
        int(start.timestamp())
        for start in (first + timedelta(minutes=minute) for minute in range(54 * 60))
        if may_begin(start, day, wanted, worker)
    ]


def may_begin(start: datetime, day: Day, wanted: Wanted, worker: Worker) -> bool:
    local, end = start.astimezone(day.zone), start + timedelta(minutes=wanted.minutes)
    if local.date() != day.date or (local.hour * 60 + local.minute) % day.step:
        return False
    if not all(within_hours(week, start, end, day.zone) for week in worker.weeks):
        return False
    begins, ends = start.timestamp(), end.timestamp()
    blocked_from, blocked_until = begins - wanted.before * 60, ends + wanted.after * 60
    return not any(begins < until and ends > since for since, until in worker.away) and not any(
        blocked_from < until and blocked_until > since for since, until in worker.taken
    )


def at(day: date, hour: int, minute: int = 0, zone: ZoneInfo = OSLO) -> float:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).timestamp()


def clock(moments: Sequence[int], zone: ZoneInfo = OSLO) -> list[str]:
    return [datetime.fromtimestamp(moment, zone).strftime("%H:%M") for moment in moments]


openings = st.tuples(st.integers(1, 7), st.integers(0, 1439), st.integers(1, 1440)).filter(
    lambda one: one[1] < one[2]
)
weeks = st.lists(openings.map(lambda one: Hours(*one)), min_size=1, max_size=20)


@st.composite
def days(draw: st.DrawFn) -> tuple[Day, Wanted, Worker]:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    moved = [SPRING, AUTUMN, date(2026, 9, 6), date(2026, 4, 5), date(2026, 4, 24), date(2026, 10, 29)]
    on = draw(st.one_of(st.sampled_from(moved), st.dates(date(2026, 1, 1), date(2026, 12, 31))))
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=zone).timestamp()
    stretches = st.lists(
        st.tuples(st.integers(-1500, 1500), st.integers(1, 600)).map(
            lambda one: (noon + one[0] * 60, noon + (one[0] + one[1]) * 60)
        ),
        max_size=6,
    )
    wanted = Wanted(draw(st.integers(5, 300)), draw(st.integers(0, 60)), draw(st.integers(0, 60)))
    worker = Worker(KIM, draw(st.lists(weeks, max_size=2)), draw(stretches), draw(stretches))
    return Day(on, zone, draw(st.integers(5, 240))), wanted, worker


@given(days())
@example((Day(SPRING, OSLO, 15), Wanted(45), Worker(KIM, [], [], [])))
@example((Day(AUTUMN, OSLO, 15), Wanted(45), Worker(KIM, [[Hours(7, 60, 240)]], [], [])))
def test_the_sweep_finds_what_asking_of_every_minute_finds(story: tuple[Day, Wanted, Worker]) -> None:
    day, wanted, worker = story
    week = [replace(day, date=day.date + timedelta(days=number)) for number in range(3)]
    assert starts(week, wanted, worker) == [at for one in week for at in slowly(one, wanted, worker)]


TUESDAY = date(2026, 11, 24)
NINE_TO_TWELVE = [Hours(2, 540, 720)]


def test_an_appointment_ends_when_the_salon_closes_and_not_later() -> None:
    worker = Worker(KIM, [NINE_TO_TWELVE], [], [])
    assert clock(starts([Day(TUESDAY, OSLO, 30)], Wanted(60), worker)) == [
        "09:00", "09:30", "10:00", "10:30", "11:00",
    ]  # fmt: skip


def test_buffers_keep_appointments_apart_and_may_lie_outside_the_hours() -> None:
    taken = [(at(TUESDAY, 10), at(TUESDAY, 10, 30))]
    worker = Worker(KIM, [NINE_TO_TWELVE], [], taken)
    assert clock(starts([Day(TUESDAY, OSLO, 15)], Wanted(30, before=15, after=15), worker)) == [
        "09:00", "09:15", "10:45", "11:00", "11:15", "11:30",
    ]  # fmt: skip


def test_what_lies_between_two_openings_is_a_break() -> None:
    own = [Hours(2, 540, 600), Hours(2, 660, 720)]
    worker = Worker(KIM, [NINE_TO_TWELVE, own], [], [])
    assert clock(starts([Day(TUESDAY, OSLO, 30)], Wanted(30), worker)) == [
        "09:00",
        "09:30",
        "11:00",
        "11:30",
    ]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (SPRING, ["01:00", "01:30", "03:00", "03:30"]),  # Two o'clock is skipped.
        (AUTUMN, ["01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "03:30"]),
    ],
)
def test_an_hour_that_is_skipped_has_no_times_and_one_that_comes_twice_has_them_twice(
    on: date, expected: list[str]
) -> None:
    worker = Worker(KIM, [[Hours(7, 60, 240)]], [], [])
    assert clock(starts([Day(on, OSLO, 30)], Wanted(30), worker)) == expected


def test_who_has_told_no_hours_has_time_round_the_clock() -> None:
    assert len(starts([Day(TUESDAY, OSLO, 15)], Wanted(45), Worker(KIM, [], [], []))) == 96


def free(day: date, worker: Worker, **rest: float) -> list[str]:
    found = stretches(
        [Day(day, OSLO, 1)], worker, shortest=int(rest.get("shortest", 1)), earliest=rest.get("earliest", 0)
    )
    return [f"{begin}–{end}" for begin, end in (clock([int(a), int(b)]) for a, b in found)]


def test_what_is_worked_and_not_taken_is_free_in_pieces_that_are_long_enough() -> None:
    week = [Hours(1, 9 * 60, 12 * 60), Hours(1, 13 * 60, 17 * 60)]
    own = [Hours(1, 10 * 60, 16 * 60)]
    monday = date(2026, 11, 23)
    busy = [(at(monday, 10, 30), at(monday, 11)), (at(monday, 10, 45), at(monday, 11, 15))]
    worker = Worker(KIM, [week, own], away=[(at(monday, 15), at(monday, 18))], taken=busy)
    assert free(monday, worker) == ["10:00–10:30", "11:15–12:00", "13:00–15:00"]
    assert free(monday, worker, shortest=45) == ["11:15–12:00", "13:00–15:00"]
    assert free(monday, worker, earliest=at(monday, 14)) == ["14:00–15:00"]
    assert free(monday, worker, earliest=at(monday, 15)) == []
    assert free(date(2026, 11, 24), worker) == []
    assert free(monday, replace(worker, weeks=[])) == [], "nobody has told their hours"


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_hours_are_free_by_the_wall_clock_on_a_day_that_moves_it(day: date) -> None:
    assert free(day, Worker(KIM, [[Hours(7, 60, 600)]], away=[], taken=[])) == ["01:00–10:00"]
