"""Every state with every event: what the tables allow, and nothing else."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from standby.waitlist.lifecycle import (
    ACTIVE,
    BOOKING,
    ENTRY,
    OFFER,
    SLOT,
    BookingState,
    EntryState,
    Event,
    OfferState,
    SlotState,
    after_silence,
)

# What the design allows, written out once more by hand: (from, to) of each machine.
LEGAL = {
    "entry": {
        ("waiting", "notified"), ("waiting", "cancelled"), ("waiting", "expired"),
        ("notified", "booked"), ("notified", "cooldown"), ("notified", "expired"), ("notified", "cancelled"),
        ("notified", "waiting"), ("cooldown", "waiting"), ("cooldown", "cancelled"),
    },
    "slot": {
        ("open", "held"), ("open", "cancelled"), ("held", "booked"), ("held", "open"), ("held", "cancelled"),
        ("booked", "cancelled"),
    },
    "offer": {
        ("pending", "accepted"), ("pending", "declined"), ("pending", "expired"), ("pending", "withdrawn"),
    },
    "booking": {("confirmed", "cancelled"), ("confirmed", "completed"), ("confirmed", "no_show")},
}  # fmt: skip
TABLES: Mapping[str, tuple[Any, Any]] = {
    "entry": (EntryState, ENTRY),
    "slot": (SlotState, SLOT),
    "offer": (OfferState, OFFER),
    "booking": (BookingState, BOOKING),
}
PAIRS = [
    (name, state, event) for name, (states, _) in TABLES.items() for state, event in product(states, Event)
]


@pytest.mark.parametrize(("machine", "state", "event"), PAIRS)
def test_a_state_and_an_event_lead_where_the_design_says_or_nowhere(
    machine: str, state: StrEnum, event: Event
) -> None:
    after = TABLES[machine][1].get((state, event))
    assert after is None or (state, after) in LEGAL[machine]


@pytest.mark.parametrize("machine", TABLES)
def test_every_step_that_the_design_allows_has_an_event(machine: str) -> None:
    assert {(before.value, after.value) for (before, _), after in TABLES[machine][1].items()} == LEGAL[
        machine
    ]


@pytest.mark.parametrize("machine", TABLES)
def test_nothing_leads_out_of_a_final_state(machine: str) -> None:
    states, table = TABLES[machine]
    final = {state for state in states if not any(before == state for before, _ in table)}
    assert {str(state) for state in final} == {
        "entry": {"booked", "expired", "cancelled"},
        "slot": {"cancelled"},
        "offer": {"accepted", "declined", "expired", "withdrawn"},
        "booking": {"cancelled", "completed", "no_show"},
    }[machine]


def test_an_active_entry_is_one_that_something_can_still_happen_to() -> None:
    assert {before for before, _ in ENTRY} == ACTIVE


@pytest.mark.parametrize(
    ("misses", "allowed", "event"),
    [(0, 3, Event.NO_ANSWER), (1, 3, Event.NO_ANSWER), (2, 3, Event.LAST_MISS), (5, 3, Event.LAST_MISS),
     (0, 1, Event.LAST_MISS)],
)  # fmt: skip
def test_the_last_allowed_miss_is_the_last(misses: int, allowed: int, event: Event) -> None:
    assert after_silence(misses, allowed) is event
