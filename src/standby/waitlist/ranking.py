"""Who is next, and why. Pure.

Score: an integer, 20 to 90, or the override of 0 to 1000 that replaces it; seed 003, "Priority Scoring Algorithm".
Ties go to the longer wait, then to the smaller id, so that the order is total. Where the salon wants it, they go first
to whom the slot suits by habit: of those who tie, the MOST_TIED who have waited longest are compared by how much of the
slot is a favourite of theirs, so that it takes no longer when half the list ties. Habit is no part of the score.

The fill of a slot doesn't score everybody: all of the score but the wait is the same for entries of one tier (override,
VIP, the rest) and one staff wish, and the wait only grows with time since joining, so the best candidate is the head of
one of six ranges of an index (sql/best_candidate.sql), or by habit one of the first MOST_TIED of each
(sql/best_by_habit.sql). This module says what those statements must find; a property test holds them together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

BASE = 20
VIP = 15
SERVICE_MATCH = 15
STAFF_MATCH = 10
WINDOW_MATCH = 10
MOST_WEEKS = 20
MOST_TIED = 50

# Rules that exclude, in the order in which they are asked; the first that fails is the reason given.
RULES: Mapping[str, str] = {
    "not_waiting": "has an open offer, or has ended",
    "cooldown": "is cooling down after a decline or an unanswered offer",
    "other_service": "waits for another service",
    "other_staff": "waits for another staff member",
    "outside_window": "can't come then: outside the earliest and latest time",
    "other_weekday": "can't come on that weekday",
    "other_time_of_day": "can't come at that time of day",
    "freed_it": "gave this appointment back",
    "declined_it": "has declined this slot",
    "undeliverable": "could not be reached about this slot",
    "no_channel": "has agreed to no channel that the salon uses",
    "message_cap": "has had as many messages in 24 hours as the salon allows",
    "busy": "has another appointment or offer at that time",
}

# What staff who offer a slot by hand can't overrule; the other rules they can, for they have talked to the customer.
NOT_BY_HAND = ("other_service", "other_staff")

# Why a time is offered to nobody, whatever their wish; in the order in which they are asked.
WITHHELD: Mapping[str, str] = {
    "start_passed": "it has begun already",
    "staff_inactive": "its staff member does not work here any more",
    "service_inactive": "its service is not offered any more",
    "closed": "the salon or its staff member is away at that time",
    "taken": "another appointment has some of that time",
    "too_soon": "it starts sooner than the salon's minimum notice",
    "quiet_hours": "the salon's quiet hours: nobody is asked before they end, unless staff do it by hand",
}


@dataclass(frozen=True)
class Duty:
    """Whether a staff member's time can be worked as things are now."""

    staff_active: bool = True
    service_active: bool = True
    closed: bool = False


@dataclass(frozen=True)
class Slot:
    """What is offered, in the salon's clock where people's wishes are."""

    id: UUID
    service_id: UUID
    staff_id: UUID
    starts_at: datetime
    ends_at: datetime
    timezone: ZoneInfo
    freed_by: UUID | None = None
    duty: Duty = field(default_factory=Duty)

    @property
    def habits(self) -> Mapping[str, str]:
        """What of it can be a favourite of somebody: aspect → value, as bookings/habits.py counts them."""
        return {
            "service": str(self.service_id),
            "staff": str(self.staff_id),
            "weekday": str(self.weekday),
            "hour": str(self.from_minute // 60),
        }

    @property
    def weekday(self) -> int:
        """ISO: Monday is 1."""
        return self.starts_at.astimezone(self.timezone).isoweekday()

    @property
    def from_minute(self) -> int:
        """Minutes on the salon's wall clock after midnight, at the start."""
        local = self.starts_at.astimezone(self.timezone)
        return local.hour * 60 + local.minute

    @property
    def until_minute(self) -> int:
        """The same at the end; past 1440 when the slot crosses midnight."""
        start, end = (at.astimezone(self.timezone) for at in (self.starts_at, self.ends_at))
        return end.hour * 60 + end.minute + 1440 * (end.date() - start.date()).days


@dataclass(frozen=True)
class Candidate:
    """A waitlist entry as far as ranking asks.

    `favourites` are pairs of aspect and value; None: the salon's policy doesn't ask for habits.
    """

    entry_id: UUID
    customer_id: UUID
    service_id: UUID
    staff_id: UUID | None
    earliest: datetime
    latest: datetime
    weekdays: frozenset[int]
    from_minute: int
    until_minute: int
    vip: bool
    priority_override: int | None
    joined_at: datetime
    status: str = "waiting"
    declined_it: bool = False
    undeliverable: bool = False
    reachable: bool = True
    under_message_cap: bool = True
    busy: bool = False
    favourites: frozenset[tuple[str, str]] | None = None


@dataclass(frozen=True)
class Score:
    """A total and the parts that it is the sum of (or the override that stands for it).

    Apart from them `habit`: the aspects of the slot that are favourites of theirs; None: the salon doesn't ask.
    """

    total: int
    parts: Mapping[str, int]
    habit: tuple[str, ...] | None = None

    @property
    def breakdown(self) -> Mapping[str, int]:
        """The parts, and how many aspects are favourites, if that was asked: what is kept with the offer."""
        return self.parts if self.habit is None else {**self.parts, "habit": len(self.habit)}


@dataclass(frozen=True)
class Ranked:
    """Everybody, judged for one slot: the eligible best first, the others with the rule that excluded them."""

    eligible: list[tuple[Candidate, Score]] = field(default_factory=list)
    excluded: list[tuple[Candidate, str]] = field(default_factory=list)


def rank(candidates: Iterable[Candidate], slot: Slot, now: datetime) -> Ranked:
    """Judges everybody for a slot."""
    ranked = Ranked()
    for candidate in candidates:
        rule = excluded_by(candidate, slot)
        if rule is None:
            ranked.eligible.append((candidate, score(candidate, slot, now)))
        else:
            ranked.excluded.append((candidate, rule))
    ranked.eligible.sort(key=lambda pair: (-pair[1].total, pair[0].joined_at, pair[0].entry_id))
    by_total = groupby(ranked.eligible, key=lambda pair: pair[1].total)
    ranked.eligible[:] = [pair for _, tied in by_total for pair in _by_habit(list(tied))]
    return ranked


def score(candidate: Candidate, slot: Slot, now: datetime) -> Score:
    """The score of somebody for a slot. Who is eligible has all of the parts for service and window."""
    habit = _habit(candidate, slot)
    if candidate.priority_override is not None:
        return Score(candidate.priority_override, {"override": candidate.priority_override}, habit)
    parts = {
        "base": BASE,
        "vip": VIP if candidate.vip else 0,
        "service": SERVICE_MATCH if candidate.service_id == slot.service_id else 0,
        "staff": STAFF_MATCH if candidate.staff_id == slot.staff_id else 0,
        "window": WINDOW_MATCH if not any(_outside(candidate, slot).values()) else 0,
        "wait": _weeks(candidate.joined_at, now),
    }
    return Score(sum(parts.values()), parts, habit)


def standing(*, vip: bool, override: int | None, joined_at: datetime, now: datetime) -> int:
    """The score of an entry for any slot that suits it, without the points for a staff wish."""
    if override is not None:
        return override
    return BASE + SERVICE_MATCH + WINDOW_MATCH + (VIP if vip else 0) + _weeks(joined_at, now)


def excluded_by(candidate: Candidate, slot: Slot) -> str | None:
    """The first rule that excludes somebody from a slot, a key of RULES; None: eligible."""
    return next((rule for rule, excluded in _tests(candidate, slot).items() if excluded), None)


def refused_by_hand(candidate: Candidate, slot: Slot, now: datetime) -> Mapping[str, str]:
    """The rules, explained, that stand even against an offer that staff make by hand; empty: they may."""
    tests = _tests(candidate, slot)
    refused = {rule: RULES[rule] for rule in NOT_BY_HAND if tests[rule]}
    return refused | ({"start_passed": WITHHELD["start_passed"]} if slot.starts_at <= now else {})


def withheld_by(
    starts_at: datetime,
    duty: Duty,
    now: datetime,
    *,
    taken: bool = False,
    minimum_notice: timedelta = timedelta(0),
    quiet: bool = False,
) -> str | None:
    """The first rule by which a time is offered to nobody, a key of WITHHELD; None: it may be."""
    tests = {
        "start_passed": starts_at <= now,
        "staff_inactive": not duty.staff_active,
        "service_inactive": not duty.service_active,
        "closed": duty.closed,
        "taken": taken,
        "too_soon": starts_at < now + minimum_notice,
        "quiet_hours": quiet,
    }
    return next((rule for rule, withheld in tests.items() if withheld), None)


def _weeks(joined_at: datetime, now: datetime) -> int:
    return min(MOST_WEEKS, max(0, (now - joined_at) // timedelta(weeks=1)))


def _by_habit(tied: list[tuple[Candidate, Score]]) -> list[tuple[Candidate, Score]]:
    """Who have the same total and stand in the order of their wait; sorting keeps it among equals."""
    first, rest = tied[:MOST_TIED], tied[MOST_TIED:]
    return sorted(first, key=lambda pair: -len(pair[1].habit or ())) + rest


def _habit(candidate: Candidate, slot: Slot) -> tuple[str, ...] | None:
    if candidate.favourites is None:
        return None
    return tuple(aspect for aspect, value in slot.habits.items() if (aspect, value) in candidate.favourites)


def _tests(candidate: Candidate, slot: Slot) -> Mapping[str, bool]:
    return {
        "not_waiting": candidate.status not in ("waiting", "cooldown"),
        "cooldown": candidate.status == "cooldown",
        "other_service": candidate.service_id != slot.service_id,
        "other_staff": candidate.staff_id not in (None, slot.staff_id),
        **_outside(candidate, slot),
        "freed_it": slot.freed_by is not None and candidate.customer_id == slot.freed_by,
        "declined_it": candidate.declined_it,
        "undeliverable": candidate.undeliverable,
        "no_channel": not candidate.reachable,
        "message_cap": not candidate.under_message_cap,
        "busy": candidate.busy,
    }


def _outside(candidate: Candidate, slot: Slot) -> Mapping[str, bool]:
    return {
        "outside_window": not (candidate.earliest <= slot.starts_at and slot.ends_at <= candidate.latest),
        "other_weekday": slot.weekday not in candidate.weekdays,
        "other_time_of_day": not (
            candidate.from_minute <= slot.from_minute and slot.until_minute <= candidate.until_minute
        ),
    }
