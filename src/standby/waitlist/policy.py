"""A salon's rules for its waitlist, resolved: what a service says, else what the salon says. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

CHANNELS = ("whatsapp", "sms", "email")


@dataclass(frozen=True)
class Policy:
    """Every rule with its default. Durations are in seconds; sources: the design's section 3 and seed 004."""

    offer_window_seconds: int = 15 * 60  # how long an offer is held, from the moment a provider took it
    reminder_lead_seconds: int = 10 * 60  # before the end, if that is longer ahead when it is sent; 0: never
    cooldown_seconds: int = 60 * 60  # no offers for this long after a decline or silence
    max_misses: int = 3  # unanswered offers in a row that end an entry
    max_active_entries: int = 3  # per phone number
    minimum_notice_seconds: int = 30 * 60  # nothing is offered that starts sooner than this
    grace_seconds: int = 0  # between a slot's opening and its first offer
    messages_per_minute: int = (
        10  # of the salon: so many at once, then one at a time; the rest waits its turn
    )
    messages_per_day: int = 10  # that one customer gets at most in 24 hours before an offer passes them by
    channel_order: tuple[str, ...] = CHANNELS  # the first that the customer agreed to is used
    quiet_from_minute: int = (
        21 * 60
    )  # of the salon's day: nobody is asked or reminded of anything from here …
    quiet_until_minute: int = 8 * 60  # … to here, if need be past midnight; the same twice: no quiet hours
    change_notice_seconds: int = (
        24 * 60 * 60
    )  # until so long before it a customer may cancel or move a booking
    max_customer_moves: int = 3  # of one booking, by its customer
    time_step_minutes: int = 15  # free times are offered at this rhythm after midnight
    reminders: str = "every_2_hours"  # or none, 24h_and_2h, or minutes before the appointment: 2880,120
    prefer_favourites: bool = False  # ties in ranking go to whom the slot suits by habit
    max_future_bookings: int = 3  # of a phone number that books another without signing in

    @property
    def minimum_notice(self) -> timedelta:
        return timedelta(seconds=self.minimum_notice_seconds)

    @property
    def change_notice(self) -> timedelta:
        return timedelta(seconds=self.change_notice_seconds)


RULES = tuple(field.name for field in fields(Policy))
NO_QUIET_HOURS: Final[Mapping[str, int]] = {"quiet_from_minute": 0, "quiet_until_minute": 0}
# Rules of the salon that can't differ by service: its messages have one rate and one night, a number one limit.
OF_THE_SALON = ("messages_per_minute", "max_future_bookings", *NO_QUIET_HOURS)


def resolve(salon: Mapping[str, Any], service: Mapping[str, Any] | None = None) -> Policy:
    """The rules that hold for a service. A missing or empty rule falls back: service, salon, default."""
    rules = asdict(Policy())
    for layer in (salon, service or {}):
        rules |= {name: layer[name] for name in RULES if layer.get(name) is not None}
    rules["channel_order"] = tuple(rules["channel_order"])
    return Policy(**rules)


def quiet_until(policy: Policy, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The end of the quiet hours that `now` lies in; None: it lies in none."""
    night = quiet_hours(policy, zone, now)
    return None if night is None else night[1]


def quiet_hours(policy: Policy, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime] | None:
    """Begin and end of the quiet hours that `now` lies in; None: it lies in none.

    A time that the salon's clock shows twice is its last; one that it skips is as if it had not been moved.
    """
    begins, ends = policy.quiet_from_minute, policy.quiet_until_minute
    if begins == ends:
        return None
    today = now.astimezone(zone).date()
    for first in (today - timedelta(days=1), today):  # Those that began yesterday may last until today.
        last = first + timedelta(days=1) if ends < begins else first
        night = _at(first, begins, zone), _at(last, ends, zone)
        if night[0] <= now < night[1]:
            return night
    return None


def first_offer_at(policy: Policy, zone: ZoneInfo, starts_at: datetime, now: datetime) -> datetime | None:
    """When a new slot's first offer is made: after its grace, and after the night unless it is too late. None: now."""
    grace_ends = now + timedelta(seconds=policy.grace_seconds)
    morning = quiet_until(policy, zone, grace_ends)
    if morning is not None and morning <= starts_at - policy.minimum_notice:
        return morning
    return grace_ends if policy.grace_seconds else None


def hold_until(policy: Policy, sent_at: datetime, starts_at: datetime) -> datetime:
    """When an offer ends that was sent at `sent_at`: a window later, never after the slot's own start."""
    return min(sent_at + timedelta(seconds=policy.offer_window_seconds), starts_at)


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, time(minute // 60, minute % 60), zone)
    return max(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))
