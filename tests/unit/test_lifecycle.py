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

# What the design allows, written out once more by hand: machine, state, event, the state after it.
LEGAL = """
entry    waiting    offered           notified
entry    waiting    notified_by_hand  notified
entry    waiting    cancelled         cancelled
entry    waiting    latest_passed     expired
entry    notified   accepted          booked
entry    notified   converted         booked
entry    notified   declined          cooldown
entry    notified   no_answer         cooldown
entry    notified   last_miss         expired
entry    notified   cancelled         cancelled
entry    notified   withdrawn         waiting
entry    cooldown   cooldown_over     waiting
entry    cooldown   cancelled         cancelled
slot     open       offered           held
slot     open       cancelled         cancelled
slot     open       start_passed      cancelled
slot     held       accepted          booked
slot     held       offer_ended       open
slot     held       cancelled         cancelled
slot     booked     cancelled         cancelled
slot     cancelled  put_back          open
offer    pending    accepted          accepted
offer    pending    declined          declined
offer    pending    no_answer         expired
offer    pending    withdrawn         withdrawn
booking  confirmed  cancelled         cancelled
booking  confirmed  completed         completed
booking  confirmed  not_shown         no_show
booking  cancelled  put_back          confirmed
"""
EXPECTED = {
    (machine, state, event): after for machine, state, event, after in map(str.split, LEGAL.split("\n")[1:-1])
}
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
    assert TABLES[machine][1].get((state, event)) == EXPECTED.get((machine, state.value, event.value))


def test_the_design_names_no_state_or_event_that_is_not_there() -> None:
    assert set(EXPECTED) <= {(name, state.value, event.value) for name, state, event in PAIRS}


@pytest.mark.parametrize("machine", TABLES)
def test_nothing_leads_out_of_a_final_state(machine: str) -> None:
    states, table = TABLES[machine]
    final = {state for state in states if not any(before == state for before, _ in table)}
    assert {str(state) for state in final} == {
        "entry": {"booked", "expired", "cancelled"},
        "slot": set(),
        "offer": {"accepted", "declined", "expired", "withdrawn"},
        "booking": {"completed", "no_show"},
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
