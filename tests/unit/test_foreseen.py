"""What the rules come to, foreseen and told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from standby.formats import formats_for
from standby.waitlist.foreseen import MOST, foreseen
from standby.waitlist.policy import Policy
from standby.web.dashboard.rules_told import Example, told
from standby.web.words import words_for

OSLO = ZoneInfo("Europe/Oslo")
OURS = Policy()
FRIDAY_14 = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
BEFORE = FRIDAY_14 - timedelta(hours=2)


def at(hour: int, minute: int = 0, *, day: int = 27) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=OSLO)


def test_one_is_asked_after_the_other_until_it_is_too_late() -> None:
    plan = foreseen(OURS, OSLO, FRIDAY_14, at(12))
    assert [ask.at for ask in plan.asks] == [at(12) + n * timedelta(minutes=15) for n in range(7)]
    first, last = plan.asks[0], plan.asks[-1]
    assert (first.until, first.reminded_at) == (at(12, 15), at(12, 5))
    assert (last.at, plan.ends_by, plan.waits_for) == (at(13, 30), "too_soon", "")


def test_at_night_the_first_is_asked_in_the_morning_and_one_evening_ends_before_the_night() -> None:
    plan = foreseen(OURS, OSLO, FRIDAY_14, at(22, 30, day=26))
    assert (plan.asks[0].at, plan.waits_for) == (at(8), "night")
    plan = foreseen(OURS, OSLO, FRIDAY_14, at(20, 50, day=26))
    # Held beyond nine, when nobody is reminded any more; the next one is asked in the morning.
    assert [(ask.at, ask.reminded_at) for ask in plan.asks[:2]] == [
        (at(20, 50, day=26), at(20, 55, day=26)),
        (at(8), at(8, 5)),
    ]
    late = foreseen(replace(OURS, reminder_lead_seconds=60), OSLO, FRIDAY_14, at(20, 50, day=26))
    assert late.asks[0].reminded_at is None


def test_nobody_is_asked_of_what_begins_too_soon_or_before_the_night_is_over() -> None:
    assert foreseen(OURS, OSLO, FRIDAY_14, at(13, 31)).ends_by == "too_soon"
    plan = foreseen(OURS, OSLO, at(8, 15), at(23, day=26))
    assert (plan.asks, plan.ends_by) == ((), "quiet_hours")


def test_a_grace_is_waited_for_and_far_ahead_no_end_is_told() -> None:
    plan = foreseen(replace(OURS, grace_seconds=600), OSLO, FRIDAY_14, at(12))
    assert (plan.asks[0].at, plan.waits_for) == (at(12, 10), "grace")
    plan = foreseen(OURS, OSLO, FRIDAY_14 + timedelta(days=30), at(12))
    assert (len(plan.asks), plan.ends_by) == (MOST, "")


def test_a_hold_ends_with_the_start_of_its_time() -> None:
    policy = replace(OURS, offer_window_seconds=3600, minimum_notice_seconds=0)
    plan = foreseen(policy, OSLO, FRIDAY_14, at(13, 30))
    assert [(ask.until, ask.reminded_at) for ask in plan.asks] == [(FRIDAY_14, at(13, 50))]
    assert plan.ends_by == "start_passed"


def test_the_story_is_told_in_sentences_of_each_language() -> None:
    example = Example(FRIDAY_14, at(12), "Haircut")
    story = told(
        OURS, example, ("Ingrid Berg", "whatsapp"), formats_for("en", "Europe/Oslo"), words_for("en")
    )
    assert story == [
        "Friday 27 November 14:00 (Haircut) is cancelled at 12:00.",
        "As things are now, Ingrid Berg is asked first: by WhatsApp, at 12:00.",
        "The time is held for 15 mins, until 12:15. With a yes it is booked at once.",
        "A reminder goes out at 12:05, 10 mins before the end.",
        (
            "After a no or silence the next is asked. If nobody answers, that is at 12:15, and so on, one by one: "
            "7 people at most, the last at 13:30."
        ),
        "Who says no or nothing is left in peace for 1 hr.",
        "Who doesn’t answer 3 times in a row is taken off the list.",
    ]
    late = told(
        replace(OURS, cooldown_seconds=0, max_misses=1),
        replace(example, cancelled_at=at(13, 45)),
        None,
        formats_for("nb", "Europe/Oslo"),
        words_for("nb"),
    )
    assert late[1:] == [
        "Det er mindre enn 30 min før den begynner: ingen spørres lenger.",
        "Du kan fortsatt tilby den til noen for hånd.",
    ]
