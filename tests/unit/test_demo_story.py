"""The demo's story: each happening told in plain words, in the salon's time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from standby.demo.story import MESSAGES, TELLERS, Happening, Mood, clock_time, tell, why
from standby.messages.kinds import KINDS

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IT = Happening(
    id=1,
    what="offer.pending",
    from_state=None,
    reason="offered",
    actor="cascade",
    at=NOW,
    customer="Kari Nilsen",
    service="Dameklipp",
    staff="Mona Kvalheim",
    slot_id=UUID(int=1),
    starts_at=NOW + timedelta(days=1),
    opened_at=NOW - timedelta(seconds=48),
    score=60,
    breakdown={"base": 20, "vip": 15, "wait": 0, "service": 15, "window": 10, "staff": 0},
    expires_at=NOW + timedelta(seconds=60),
    max_misses=3,
    misses=1,
)
TIME = "Dameklipp with Mona Kvalheim, Tue 24 Nov 13:00"


@pytest.mark.parametrize(
    ("what", "changes", "mood", "text", "more"),
    [
        ("booking.cancelled", {}, Mood.CANCELLED, f"Kari Nilsen cancelled: {TIME}", ""),
        (
            "offer.pending",
            {},
            Mood.OFFERED,
            "offered to Kari Nilsen, held until 13:01:00",
            "score 60: base 20, VIP 15, service 15, time 10",
        ),
        ("offer.declined", {}, Mood.DECLINED, "Kari Nilsen declined", ""),
        ("offer.expired", {}, Mood.SILENT, "Kari Nilsen let it pass (1 of 3)", ""),
        (
            "offer.expired",
            {"misses": 3, "entry_status": "expired"},
            Mood.SILENT,
            "Kari Nilsen let it pass (3 of 3), and is off the list",
            "",
        ),
        ("offer.accepted", {}, Mood.BOOKED, "booked by Kari Nilsen, 0:48 after it came free", TIME),
        (
            "slot.unfilled",
            {"reason": "no_candidate"},
            Mood.STUCK,
            "It stays open: nobody else on the list can come then",
            TIME,
        ),
        ("entry.waiting", {"from_state": "cooldown"}, Mood.QUIET, "Kari Nilsen may be asked again", ""),
        (
            "message.sent",
            {"reason": "offer_reminder", "channel": "sms"},
            Mood.MESSAGE,
            "SMS: a reminder to Kari Nilsen",
            "",
        ),
    ],
)
def test_a_happening_is_told(what: str, changes: dict[str, object], mood: Mood, text: str, more: str) -> None:
    line = tell(replace(IT, what=what, **changes), OSLO)  # type: ignore[arg-type]  # a test's own table
    assert line is not None
    assert (line.mood, line.text, line.more) == (mood, text, more)


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("booking.confirmed", {"source": "waitlist"}),
        ("slot.open", {"reason": "booking_cancelled"}),
        ("slot.open", {"from_state": "held"}),
        ("slot.cancelled", {"from_state": "booked"}),
        ("slot.held", {}),
        ("entry.notified", {}),
        ("entry.waiting", {"from_state": "notified"}),
    ],
)
def test_what_another_line_tells_is_not_told_again(what: str, changes: dict[str, object]) -> None:
    assert tell(replace(IT, what=what, **changes), OSLO) is None  # type: ignore[arg-type]  # a test's own table


@pytest.mark.parametrize("what", TELLERS)
def test_everything_is_told_without_a_gap(what: str) -> None:
    line = tell(replace(IT, what=what, reason="offer", channel="sms", source="direct"), OSLO)
    assert line is not None
    assert "None" not in line.text + line.more


def test_a_score_set_by_hand_says_so() -> None:
    assert why({"override": 500}) == "set by hand 500"


@pytest.mark.parametrize(("seconds", "shown"), [(-1, "0:00"), (48, "0:48"), (61, "1:01"), (3723, "1:02:03")])
def test_durations_are_read_as_on_a_clock(seconds: int, shown: str) -> None:
    assert clock_time(timedelta(seconds=seconds)) == shown


def test_the_story_has_a_word_for_every_message() -> None:
    assert set(MESSAGES) == set(KINDS)
