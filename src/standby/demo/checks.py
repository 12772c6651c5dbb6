"""What must be true in the database when the story has been played."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from standby.bookings import bookings
from standby.database.pool import Pool, Tx
from standby.database.statements import statements_beside
from standby.demo.scene import Chance
from standby.demo.story import MESSAGES
from standby.waitlist import slots

SQL = statements_beside(__file__)

LATE: Final = timedelta(seconds=1)  # the most that an end by silence may come after its deadline


@dataclass(frozen=True)
class Check:
    """One thing that was looked up."""

    what: str
    expected: str
    found: str

    @property
    def good(self) -> bool:
        return self.expected == self.found


async def examine(tx: Tx, worker_pool: Pool, chance: Chance, slot_id: UUID, now: datetime) -> list[Check]:
    """Looks everything up. `slot_id` is the slot that the cancellation opened."""
    names = [heir.name for heir in chance.heirs[:3]]
    made = await tx.fetch(SQL["offers_of_slot"], slot_id)
    taken = await tx.fetch(SQL["bookings_at"], slot_id)
    sent = await tx.fetch(SQL["messages_of_slot"], slot_id)
    cancelled = await bookings.find(tx, chance.booking_id)
    slot = await slots.find(tx, slot_id)
    broken = await worker_pool.fetch("SELECT * FROM broken_invariants($1, $2)", now, LATE)
    return [
        Check("The cancelled appointment", "cancelled", cancelled["status"]),
        Check("Its time", "booked", slot["status"]),
        Check("Who was asked, in this order", _list(names), _list(one["customer"] for one in made)),
        Check(
            "What became of the offers",
            _list(["declined", "expired", "accepted"]),
            _list(one["status"] for one in made),
        ),
        Check(
            "Where they stand on the waitlist",
            _list(["cooldown", "cooldown", "booked"]),
            _list(one["entry_status"] for one in made),
        ),
        Check("Offers they left unanswered", "0, 1, 0", _list(str(one["misses"]) for one in made)),
        _on_time(made),
        Check("Confirmed appointments at that time", names[2], _list(_whose(taken, made))),
        Check("Messages", _list(_expected_messages(names)), _list(map(_told, sent))),
        Check("Messages not sent", "none", _list(_told(one) for one in sent if one["status"] != "sent")),
        Check("Broken promises (standby doctor)", "none", _list(one["invariant"] for one in broken)),
    ]


def _expected_messages(names: Sequence[str]) -> list[str]:
    first, second, third = names
    return [
        f"the offer to {first}",
        f"the offer to {second}",
        f"a reminder to {second}",
        f"the offer to {third}",
        f"the confirmation to {third}",
    ]


def _told(message: asyncpg.Record) -> str:
    return f"{MESSAGES[message['kind']]} to {message['customer']}"


def _on_time(made: Sequence[asyncpg.Record]) -> Check:
    late = [one["late"] for one in made if one["late"] is not None]
    good = len(late) == 1 and timedelta() <= late[0] <= LATE
    found = _list(f"{one / timedelta(milliseconds=1):.0f} ms after its deadline" for one in late)
    return Check("Silence was noticed", found if good else f"within {LATE.seconds} s", found)


def _whose(taken: Sequence[asyncpg.Record], made: Sequence[asyncpg.Record]) -> list[str]:
    names = {one["customer_id"]: one["customer"] for one in made}
    return [names.get(one["customer_id"], "somebody else") for one in taken]


def _list(words: object) -> str:
    return ", ".join(words) or "none"  # type: ignore[arg-type]
