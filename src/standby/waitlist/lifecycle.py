"""The states of entries, slots, offers and bookings, and what leads from one to the next. Pure.

The tables below are the rules; docs/lifecycle.md is drawn from them, and the database repeats them (table transitions
and the trigger record_change), so that no path around this module exists: what a timer's statement decides by itself is
held to them by tests/integration/test_lifecycle_in_database.py. Rule source: seed 004, "Lifecycle State Machine", as
decided in the design's section 3.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class EntryState(StrEnum):
    WAITING = "waiting"
    NOTIFIED = "notified"
    BOOKED = "booked"
    COOLDOWN = "cooldown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class SlotState(StrEnum):
    OPEN = "open"
    HELD = "held"
    BOOKED = "booked"
    CANCELLED = "cancelled"


class OfferState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class BookingState(StrEnum):
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    NO_SHOW = "no_show"


class Event(StrEnum):
    """What happens to an entry, a slot, an offer or a booking."""

    OFFERED = "offered"
    NOTIFIED_BY_HAND = "notified_by_hand"
    ACCEPTED = "accepted"
    CONVERTED = "converted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    LAST_MISS = "last_miss"
    COOLDOWN_OVER = "cooldown_over"
    WITHDRAWN = "withdrawn"
    LATEST_PASSED = "latest_passed"
    START_PASSED = "start_passed"
    CANCELLED = "cancelled"
    OFFER_ENDED = "offer_ended"
    COMPLETED = "completed"
    NOT_SHOWN = "not_shown"
    PUT_BACK = "put_back"


ENTRY: Mapping[tuple[EntryState, Event], EntryState] = MappingProxyType(
    {
        (EntryState.WAITING, Event.OFFERED): EntryState.NOTIFIED,
        (EntryState.WAITING, Event.NOTIFIED_BY_HAND): EntryState.NOTIFIED,
        (EntryState.WAITING, Event.CANCELLED): EntryState.CANCELLED,
        (EntryState.WAITING, Event.LATEST_PASSED): EntryState.EXPIRED,
        (EntryState.NOTIFIED, Event.ACCEPTED): EntryState.BOOKED,
        (EntryState.NOTIFIED, Event.CONVERTED): EntryState.BOOKED,
        (EntryState.NOTIFIED, Event.DECLINED): EntryState.COOLDOWN,
        (EntryState.NOTIFIED, Event.NO_ANSWER): EntryState.COOLDOWN,
        (EntryState.NOTIFIED, Event.LAST_MISS): EntryState.EXPIRED,
        (EntryState.NOTIFIED, Event.CANCELLED): EntryState.CANCELLED,
        (EntryState.NOTIFIED, Event.WITHDRAWN): EntryState.WAITING,
        (EntryState.COOLDOWN, Event.COOLDOWN_OVER): EntryState.WAITING,
        (EntryState.COOLDOWN, Event.CANCELLED): EntryState.CANCELLED,
    }
)

SLOT: Mapping[tuple[SlotState, Event], SlotState] = MappingProxyType(
    {
        (SlotState.OPEN, Event.OFFERED): SlotState.HELD,
        (SlotState.OPEN, Event.CANCELLED): SlotState.CANCELLED,
        (SlotState.OPEN, Event.START_PASSED): SlotState.CANCELLED,
        (SlotState.HELD, Event.ACCEPTED): SlotState.BOOKED,
        (SlotState.HELD, Event.OFFER_ENDED): SlotState.OPEN,
        (SlotState.HELD, Event.CANCELLED): SlotState.CANCELLED,
        (SlotState.BOOKED, Event.CANCELLED): SlotState.CANCELLED,
        (SlotState.CANCELLED, Event.PUT_BACK): SlotState.OPEN,
    }
)

OFFER: Mapping[tuple[OfferState, Event], OfferState] = MappingProxyType(
    {
        (OfferState.PENDING, Event.ACCEPTED): OfferState.ACCEPTED,
        (OfferState.PENDING, Event.DECLINED): OfferState.DECLINED,
        (OfferState.PENDING, Event.NO_ANSWER): OfferState.EXPIRED,
        (OfferState.PENDING, Event.WITHDRAWN): OfferState.WITHDRAWN,
    }
)

BOOKING: Mapping[tuple[BookingState, Event], BookingState] = MappingProxyType(
    {
        (BookingState.CONFIRMED, Event.CANCELLED): BookingState.CANCELLED,
        (BookingState.CONFIRMED, Event.COMPLETED): BookingState.COMPLETED,
        (BookingState.CONFIRMED, Event.NOT_SHOWN): BookingState.NO_SHOW,
        (BookingState.CANCELLED, Event.PUT_BACK): BookingState.CONFIRMED,
    }
)

# Where each begins.
ENTRY_STARTS = frozenset({EntryState.WAITING})
SLOT_STARTS = frozenset({SlotState.OPEN, SlotState.BOOKED})
OFFER_STARTS = frozenset({OfferState.PENDING})
BOOKING_STARTS = frozenset({BookingState.CONFIRMED})

ACTIVE = frozenset({EntryState.WAITING, EntryState.NOTIFIED, EntryState.COOLDOWN})


def after_silence(misses: int, max_misses: int) -> Event:
    """What an unanswered offer is to its entry. `misses` counts those before this one.

    The database function expire_due_offers decides the same; a test holds the two together.
    """
    return Event.LAST_MISS if misses + 1 >= max_misses else Event.NO_ANSWER
