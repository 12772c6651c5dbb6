"""When a booking's customer is reminded of it, by the salon's rule. Pure.

`every_2_hours` is seed 002's: every two hours from booking until the appointment, none at or after it. `24h_and_2h`
is so long before it, and so is a list of minutes, like `2880,120`. A reminder that falls into quiet hours comes at
their end; if the appointment begins by then, shortly before they begin; and not at all if that is not ahead any more.

The database says the same for thousands at once (database/functions/next_reminder.sql); a property test compares them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from standby.waitlist.policy import Policy, quiet_hours, quiet_until

EVERY: Final = timedelta(hours=2)
BEFORE_THE_NIGHT: Final = timedelta(minutes=15)  # Time for many to go out, each in its turn.


def schedule(policy: Policy, zone: ZoneInfo, since: datetime, starts_at: datetime) -> list[datetime]:
    """When reminders are due of an appointment that was booked, or moved, at `since`; in order, each in between."""
    return list(coming(policy, zone, since, starts_at, since))


def coming(
    policy: Policy, zone: ZoneInfo, since: datetime, starts_at: datetime, after: datetime
) -> Iterator[datetime]:
    """Those of them after `after`, made as they are asked for: a far appointment has thousands."""
    after = max(after, since)
    in_order: Iterable[datetime]
    if policy.reminders == "every_2_hours":
        moved = ((at, _by_day(policy, zone, at, starts_at)) for at in _every(since, starts_at, after))
        due = (to for at, to in moved if to is not None and to >= at)
        in_order = merge(due, _brought_forward(policy, zone, since, starts_at))
    else:
        times = (_by_day(policy, zone, at, starts_at) for at in _before(policy.reminders, since, starts_at))
        in_order = sorted(at for at in times if at is not None)
    return (at for at, _ in groupby(in_order) if at > after)


def _every(since: datetime, starts_at: datetime, after: datetime) -> Iterator[datetime]:
    """From the last that has passed at `after`: the end of its quiet hours may be still to come."""
    at = since + EVERY * max(1, (after - since) // EVERY)
    while at < starts_at:
        yield at
        at += EVERY


def _brought_forward(policy: Policy, zone: ZoneInfo, since: datetime, starts_at: datetime) -> list[datetime]:
    """The time before the last night that all of that night's are brought forward to, if there are any."""
    last = since + EVERY * -((since - starts_at) // EVERY + 1)
    if last <= since:
        return []
    moved = _by_day(policy, zone, last, starts_at)
    return [moved] if moved is not None and moved < last else []


def _before(rule: str, since: datetime, starts_at: datetime) -> Iterator[datetime]:
    minutes = {"none": [], "24h_and_2h": ["1440", "120"]}.get(rule, rule.split(","))
    times = (starts_at - timedelta(minutes=int(before)) for before in minutes)
    return (at for at in times if at > since)


def _by_day(policy: Policy, zone: ZoneInfo, at: datetime, starts_at: datetime) -> datetime | None:
    """This time, moved out of quiet hours."""
    night = quiet_hours(policy, zone, at)
    if night is None:
        return at
    begins, ends = night
    if ends < starts_at:
        return ends
    before = begins - BEFORE_THE_NIGHT
    before = quiet_until(policy, zone, before) or before  # The salon is awake for less than that.
    return before if before < begins else None
