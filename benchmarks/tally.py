"""Which slot, entry and offer each arrived message was about."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from benchmarks.loading import SQL
from benchmarks.provider import Arrival
from benchmarks.stage import reading


@dataclass
class Tally:
    """Offers as the provider saw them. Times: milliseconds, monotonic and wall clock."""

    first_for_slot: dict[UUID, tuple[float, float]] = field(default_factory=dict)
    slots_of_entry: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    sends: Counter[UUID] = field(default_factory=Counter)  # by message

    @property
    def sent_twice(self) -> int:
        return sum(count > 1 for count in self.sends.values())

    @property
    def offered_two_slots(self) -> int:
        return sum(len(slots) > 1 for slots in self.slots_of_entry.values())


async def tally(url: str, log: Iterable[Arrival]) -> Tally:
    """Joins what arrived with what the database says that it was."""
    async with reading(url) as database:
        about = {row["id"]: row for row in await database.fetch(SQL["offer_messages"])}
    seen = Tally()
    for reference, monotonic_ns, wall_ms in log:
        row = about.get(UUID(reference))
        if row is None:  # It was about something else than an offer.
            continue
        seen.first_for_slot.setdefault(row["slot_id"], (monotonic_ns / 1e6, wall_ms))
        seen.slots_of_entry[row["entry_id"]].add(row["slot_id"])
        seen.sends[row["id"]] += 1
    return seen
