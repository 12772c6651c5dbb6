"""When a booking's customer is reminded of it, by the salon's rule. Pure.

`every_2_hours` is seed 002's: every two hours from booking until the appointment, none at or after it. `24h_and_2h`
is so long before it, and so is a list of minutes, like `2880,120`. A reminder that falls into quiet hours comes at
their end; if the appointment begins by then, shortly before they begin; and not at all if that is not ahead any more.

The database says the same for thousands at once (database/functions/next_reminder.sql); a property test compares them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from standby.waitlist.policy import Policy, quiet_hours, quiet_until

EVERY: Final = timedelta(hours=2)
BEFORE_THE_NIGHT: Final = timedelta(minutes=15)  # Time for many to go out, each in its turn.


def schedule(policy: Policy, zone: ZoneInfo, since: datetime, starts_at: datetime) -> list[datetime]:
    """When reminders are due of an appointment that was booked, or moved, at `since`; in order, each in between."""
    due = {_by_day(policy, zone, at, starts_at) for at in _by_rule(policy.reminders, since, starts_at)}
    return sorted(at for at in due if at is not None and at > since)


def _by_rule(rule: str, since: datetime, starts_at: datetime) -> Iterator[datetime]:
    match rule:
        case "none":
            return
        case "every_2_hours":
            at = since + EVERY
            while at < starts_at:
                yield at
                at += EVERY
        case _:
            before = "1440,120" if rule == "24h_and_2h" else rule
            times = (starts_at - timedelta(minutes=int(minutes)) for minutes in before.split(","))
            yield from (at for at in times if at > since)


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
