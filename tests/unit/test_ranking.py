"""Who is next, and why: the score, the order, and each rule that excludes."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standby.waitlist import ranking
from standby.waitlist.ranking import (
    Candidate,
    Duty,
    Slot,
    excluded_by,
    rank,
    refused_by_hand,
    score,
    withheld_by,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KIM, CUT = UUID(int=1), UUID(int=2)
OSLO = ZoneInfo("Europe/Oslo")
SLOT = Slot(UUID(int=3), CUT, KIM, NOW + timedelta(days=1), NOW + timedelta(days=1, minutes=45), OSLO)
ANY_DAY = frozenset(range(1, 8))


def candidate(**given: Any) -> Candidate:
    """Somebody eligible for SLOT."""
    usual: dict[str, Any] = {
        "entry_id": uuid4(),
        "customer_id": uuid4(),
        "service_id": CUT,
        "staff_id": None,
        "earliest": NOW,
        "latest": NOW + timedelta(days=7),
        "weekdays": ANY_DAY,
        "from_minute": 0,
        "until_minute": 1440,
        "vip": False,
        "priority_override": None,
        "joined_at": NOW - timedelta(days=1),
    }
    return Candidate(**usual | given)


eligible = st.builds(
    candidate,
    entry_id=st.uuids(),
    staff_id=st.sampled_from([None, KIM]),
    vip=st.booleans(),
    priority_override=st.none() | st.integers(0, 1000),
    joined_at=st.timedeltas(timedelta(0), timedelta(weeks=60)).map(lambda ago: NOW - ago),
)


@pytest.mark.parametrize(
    ("somebody", "total"),
    [
        (candidate(), 45),
        (candidate(vip=True), 60),
        (candidate(staff_id=KIM), 55),
        (candidate(joined_at=NOW - timedelta(days=6, hours=23)), 45),
        (candidate(joined_at=NOW - timedelta(days=7)), 46),
        (candidate(joined_at=NOW - timedelta(weeks=19, days=6)), 64),
        (candidate(joined_at=NOW - timedelta(weeks=52)), 65),
        (candidate(vip=True, staff_id=KIM, joined_at=NOW - timedelta(weeks=30)), 90),
        (candidate(joined_at=NOW + timedelta(weeks=2)), 45),
        (candidate(vip=True, priority_override=3), 3),
        (candidate(priority_override=0), 0),
    ],
)
def test_the_score_is_the_documented_sum(somebody: Candidate, total: int) -> None:
    assert score(somebody, SLOT, NOW).total == total


@given(eligible)
def test_the_parts_explain_the_total_and_the_total_stays_in_its_bounds(somebody: Candidate) -> None:
    judged = score(somebody, SLOT, NOW)
    assert sum(judged.parts.values()) == judged.total
    if somebody.priority_override is None:
        assert 20 <= judged.total <= 90


@given(st.lists(eligible, max_size=20, unique_by=lambda one: one.entry_id), st.randoms())
def test_the_order_is_by_score_then_by_waiting_and_never_by_chance(
    people: list[Candidate], random: Any
) -> None:
    ranked = rank(people, SLOT, NOW).eligible
    shuffled = list(people)
    random.shuffle(shuffled)
    assert rank(shuffled, SLOT, NOW).eligible == ranked
    for (one, first), (other, second) in itertools.pairwise(ranked):
        assert first.total >= second.total
        if first.total == second.total:
            assert one.joined_at <= other.joined_at


@given(st.lists(eligible, min_size=1, max_size=20), st.integers(0, 19))
def test_waiting_longer_never_makes_it_worse(people: list[Candidate], index: int) -> None:
    somebody = people[index % len(people)]
    longer = replace(somebody, joined_at=somebody.joined_at - timedelta(weeks=1))
    assert score(longer, SLOT, NOW).total >= score(somebody, SLOT, NOW).total


@pytest.mark.parametrize(
    ("somebody", "part"),
    [
        (candidate(service_id=uuid4()), "service"),
        (candidate(latest=SLOT.ends_at - timedelta(seconds=1)), "window"),
        (candidate(earliest=SLOT.starts_at + timedelta(seconds=1)), "window"),
        (candidate(weekdays=ANY_DAY - {SLOT.weekday}), "window"),
        (candidate(until_minute=SLOT.until_minute - 1), "window"),
        (candidate(), "staff"),
    ],
)
def test_what_does_not_match_scores_nothing(somebody: Candidate, part: str) -> None:
    judged = score(somebody, SLOT, NOW)
    assert {name for name, points in judged.parts.items() if not points} == {part, "vip", "wait", "staff"}
    assert sum(judged.parts.values()) == judged.total


WITHHELD = {
    "start_passed": (NOW, Duty()),
    "staff_inactive": (NOW + timedelta(days=1), Duty(staff_active=False)),
    "service_inactive": (NOW + timedelta(days=1), Duty(service_active=False)),
    "closed": (NOW + timedelta(days=1), Duty(closed=True)),
    "taken": (NOW + timedelta(days=1), Duty()),
    "too_soon": (NOW + timedelta(minutes=59), Duty()),
    "quiet_hours": (NOW + timedelta(days=1), Duty()),
}


@pytest.mark.parametrize("rule", ranking.WITHHELD)
def test_each_rule_alone_withholds_a_time(rule: str) -> None:
    at, duty = WITHHELD[rule]
    taken, quiet = rule == "taken", rule == "quiet_hours"
    notice = timedelta(hours=1)
    assert withheld_by(at, duty, NOW, minimum_notice=notice, taken=taken, quiet=quiet) == rule


def test_a_time_at_the_edge_of_the_notice_is_offered() -> None:
    assert withheld_by(NOW + timedelta(hours=1), Duty(), NOW, minimum_notice=timedelta(hours=1)) is None


@pytest.mark.parametrize("rule", sorted({*ranking.RULES} - {"freed_it"}))
def test_staff_may_overrule_what_the_customer_can_be_asked_about(rule: str) -> None:
    refused = refused_by_hand(EXCLUDED[rule], SLOT, NOW)
    assert set(refused) == ({rule} if rule in ("other_service", "other_staff") else set())


def test_nobody_can_overrule_the_clock() -> None:
    assert set(refused_by_hand(candidate(), SLOT, SLOT.starts_at)) == {"start_passed"}
    assert not refused_by_hand(candidate(), SLOT, SLOT.starts_at - timedelta(microseconds=1))


EXCLUDED = {
    "not_waiting": candidate(status="notified"),
    "cooldown": candidate(status="cooldown"),
    "other_service": candidate(service_id=uuid4()),
    "other_staff": candidate(staff_id=uuid4()),
    "outside_window": candidate(latest=SLOT.ends_at - timedelta(seconds=1)),
    "other_weekday": candidate(weekdays=ANY_DAY - {SLOT.weekday}),
    "other_time_of_day": candidate(until_minute=SLOT.until_minute - 1),
    "declined_it": candidate(declined_it=True),
    "undeliverable": candidate(undeliverable=True),
    "no_channel": candidate(reachable=False),
    "message_cap": candidate(under_message_cap=False),
    "busy": candidate(busy=True),
}


@pytest.mark.parametrize("rule", EXCLUDED)
def test_each_rule_alone_excludes(rule: str) -> None:
    assert excluded_by(EXCLUDED[rule], SLOT) == rule
    assert rank([EXCLUDED[rule]], SLOT, NOW).eligible == []


def test_who_gave_the_time_back_does_not_get_it_back() -> None:
    somebody = candidate()
    assert excluded_by(somebody, replace(SLOT, freed_by=somebody.customer_id)) == "freed_it"
    assert excluded_by(somebody, replace(SLOT, freed_by=uuid4())) is None


def test_every_rule_has_an_explanation_and_a_test() -> None:
    assert set(ranking.RULES) == {*EXCLUDED, "freed_it"}


@pytest.mark.parametrize(
    "somebody",
    [
        candidate(earliest=SLOT.starts_at, latest=SLOT.ends_at),
        candidate(weekdays=frozenset({SLOT.weekday})),
        candidate(from_minute=SLOT.from_minute, until_minute=SLOT.until_minute),
        candidate(staff_id=KIM),
    ],
)
def test_the_edges_of_a_wish_belong_to_it(somebody: Candidate) -> None:
    assert excluded_by(somebody, SLOT) is None


@pytest.mark.parametrize(
    ("zone", "starts", "minutes", "weekday", "from_minute", "until_minute"),
    [
        # Spring in Oslo: at 02:00 it becomes 03:00. 00:30 UTC is 01:30, an hour later it is 03:30.
        ("Europe/Oslo", datetime(2027, 3, 28, 0, 30, tzinfo=UTC), 60, 7, 90, 210),
        # Autumn in Oslo: 02:30 comes twice. 00:30 UTC is the first one, 01:30 UTC the second.
        ("Europe/Oslo", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 60, 7, 150, 150),
        # New York changes on other days.
        ("America/New_York", datetime(2027, 3, 14, 6, 30, tzinfo=UTC), 60, 7, 90, 210),
        # Past midnight the end counts on.
        ("Europe/Oslo", datetime(2026, 11, 23, 22, 30, tzinfo=UTC), 60, 1, 1410, 1470),
        # Another day there than in UTC.
        ("Pacific/Auckland", datetime(2026, 11, 23, 20, 0, tzinfo=UTC), 60, 2, 540, 600),
    ],
)
def test_wishes_are_read_on_the_salons_own_clock(
    *, zone: str, starts: datetime, minutes: int, weekday: int, from_minute: int, until_minute: int
) -> None:
    slot = replace(
        SLOT, starts_at=starts, ends_at=starts + timedelta(minutes=minutes), timezone=ZoneInfo(zone)
    )
    assert (slot.weekday, slot.from_minute, slot.until_minute) == (weekday, from_minute, until_minute)
