"""What will happen to a time that comes free, by the rules alone: who is asked when, if nobody answers. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from standby.waitlist import policy as rules
from standby.waitlist.policy import Policy
from standby.waitlist.ranking import Duty, withheld_by

MOST: Final = 100  # asks that are looked ahead
ON_DUTY: Final = Duty(staff_active=True, service_active=True, closed=False)


@dataclass(frozen=True)
class Ask:
    """Somebody is asked, and the time is held for them until they answer or `until`."""

    at: datetime
    until: datetime
    reminded_at: datetime | None


@dataclass(frozen=True)
class Foreseen:
    """The asks, one after the other, if nobody answers; at most `MOST`.

    `waits_for`: what the first one waits for, "night" or "grace"; "": nothing. `ends_by`: why there is none after the
    last: too_soon or quiet_hours (keys of ranking.WITHHELD), or start_passed; "": there may be more.
    """

    asks: tuple[Ask, ...]
    waits_for: str
    ends_by: str


def foreseen(policy: Policy, zone: ZoneInfo, starts_at: datetime, cancelled_at: datetime) -> Foreseen:
    """What follows when an appointment at `starts_at` is cancelled, and each message is taken at once."""
    asks: list[Ask] = []
    first = rules.first_offer_at(policy, zone, starts_at, cancelled_at)
    at, waits_for = first or cancelled_at, ""
    if first is not None:
        grace = timedelta(seconds=policy.grace_seconds)
        waits_for = "grace" if first == cancelled_at + grace else "night"
    while len(asks) < MOST:
        withheld, later = withheld_until(policy, zone, starts_at, ON_DUTY, at)
        if withheld is not None and later is None:
            return Foreseen(tuple(asks), waits_for, withheld)
        at = later or at
        asks.append(_ask(policy, zone, at, starts_at))
        at = asks[-1].until
    return Foreseen(tuple(asks), waits_for, "")


def withheld_until(
    policy: Policy, zone: ZoneInfo, starts_at: datetime, duty: Duty, now: datetime
) -> tuple[str | None, datetime | None]:
    """By which rule (a key of ranking.WITHHELD) a time is offered to nobody now, and until when; None: to its end.

    No rule: it may be offered.
    """
    morning = rules.quiet_until(policy, zone, now)
    withheld = withheld_by(
        starts_at, duty, now, minimum_notice=policy.minimum_notice, quiet=morning is not None
    )
    in_time = morning is not None and starts_at >= morning + policy.minimum_notice
    return withheld, morning if withheld == "quiet_hours" and in_time else None


def _ask(policy: Policy, zone: ZoneInfo, at: datetime, starts_at: datetime) -> Ask:
    until = rules.hold_until(policy, at, starts_at)
    reminded_at = until - timedelta(seconds=policy.reminder_lead_seconds)
    reminded = policy.reminder_lead_seconds > 0 and reminded_at > at
    by_night = rules.quiet_until(policy, zone, reminded_at) is not None
    return Ask(at, until, reminded_at if reminded and not by_night else None)
