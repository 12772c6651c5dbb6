"""Writes docs/lifecycle.md anew from the transition tables: `make lifecycle`. A test compares the two."""

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from standby.waitlist import lifecycle
from standby.waitlist.lifecycle import Event

DOCUMENT = Path(__file__).parent.parent / "docs" / "lifecycle.md"

INTRODUCTION = """\
# Lifecycle

What a waitlist entry, a slot, an offer and a booking can be, and what leads from one state to the next. Drawn from the
tables in `src/standby/waitlist/lifecycle.py` by `make lifecycle`; the database holds the same tables and refuses every
other step, whoever tries it.

Misses and cooldown are an entry's: a customer who is on the list with two wishes and lets one rest still waits with the
other. A decline of a slot is the person's: no entry of theirs, and none that they add later, is offered it again.
"""

MACHINES = (
    ("Waitlist entry", lifecycle.ENTRY, lifecycle.ENTRY_STARTS),
    ("Slot", lifecycle.SLOT, lifecycle.SLOT_STARTS),
    ("Offer", lifecycle.OFFER, lifecycle.OFFER_STARTS),
    ("Booking", lifecycle.BOOKING, lifecycle.BOOKING_STARTS),
)

WORDS = {
    Event.OFFERED: "offered",
    Event.NOTIFIED_BY_HAND: "notified by hand",
    Event.ACCEPTED: "accepted",
    Event.CONVERTED: "converted by staff",
    Event.DECLINED: "declined",
    Event.NO_ANSWER: "no answer",
    Event.LAST_MISS: "no answer, for the last time",
    Event.COOLDOWN_OVER: "cooldown over",
    Event.WITHDRAWN: "withdrawn, no fault of the customer",
    Event.LATEST_PASSED: "latest time passed",
    Event.START_PASSED: "start passed",
    Event.CANCELLED: "cancelled",
    Event.OFFER_ENDED: "offer ended without a booking",
    Event.COMPLETED: "completed",
    Event.NOT_SHOWN: "did not come",
    Event.PUT_BACK: "put back",
}


def document() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_machine(*machine) for machine in MACHINES)])


def _machine(name: str, table: Mapping[tuple[StrEnum, Event], StrEnum], starts: frozenset[StrEnum]) -> str:
    steps: dict[tuple[StrEnum, StrEnum], list[str]] = defaultdict(list)
    for (before, event), after in table.items():
        steps[before, after].append(WORDS[event])
    ends = set(table.values()) - {before for before, _ in table}
    lines = [f"    [*] --> {start}" for start in sorted(starts)]
    lines += [f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in steps.items()]
    lines += [f"    {end} --> [*]" for end in sorted(ends)]
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])
    rows = "\n".join(f"| {before} | {WORDS[event]} | {after} |" for (before, event), after in table.items())
    return f"## {name}\n\n{diagram}\n\n| from | when | to |\n|---|---|---|\n{rows}\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    print(f"Wrote {DOCUMENT.name}")
