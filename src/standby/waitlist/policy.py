"""A salon's rules for its waitlist, resolved: what a service says, else what the salon says. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

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

    @property
    def minimum_notice(self) -> timedelta:
        return timedelta(seconds=self.minimum_notice_seconds)


RULES = tuple(field.name for field in fields(Policy))


def resolve(salon: Mapping[str, Any], service: Mapping[str, Any] | None = None) -> Policy:
    """The rules that hold for a service. A missing or empty rule falls back: service, salon, default."""
    rules = asdict(Policy())
    for layer in (salon, service or {}):
        rules |= {name: layer[name] for name in RULES if layer.get(name) is not None}
    rules["channel_order"] = tuple(rules["channel_order"])
    return Policy(**rules)


def hold_until(policy: Policy, sent_at: datetime, starts_at: datetime) -> datetime:
    """When an offer ends that was sent at `sent_at`: a window later, never after the slot's own start."""
    return min(sent_at + timedelta(seconds=policy.offer_window_seconds), starts_at)
