"""Undo of a slot that was taken back: it is offered again. The caller owns the transaction and its tenant."""

from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import EntryNotWaiting, SlotHasAppointment, SlotNotOpen, SlotTaken, WishDoesNotFit
from standby.tenants import tenants
from standby.waitlist import entries, policy, slots, times
from standby.waitlist.lifecycle import SlotState

SQL = statements_beside(__file__)

OFFERED: Final = (SlotState.OPEN, SlotState.HELD)


async def take_back(tx: Tx, slot_id: UUID, *, now: datetime, actor: str) -> None:
    """Offers it again: by hand to whom it was offered by hand, if they still wait; else to the first in line.

    It is the same slot, so who has declined it is not asked again. One that is offered already is left as it is.
    Raises SlotNotOpen when it ended otherwise, and what `slots.create` raises: its time may be somebody else's by now.
    """
    row = await slots.find(tx, slot_id)
    if row["status"] in OFFERED:
        return
    if row["status"] == SlotState.BOOKED:
        raise SlotHasAppointment
    by_hand = await tx.fetchval(SQL["last_by_hand"], slot_id)
    length = row["ends_at"] - row["starts_at"]
    try:
        await times.check(tx, row["staff_id"], row["service_id"], row["starts_at"], length, now=now)
    except SlotTaken:
        if (await slots.find(tx, slot_id))["status"] in OFFERED:  # By itself: somebody was faster.
            return
        raise
    rules = policy.resolve(row["salon_policy"], row["service_policy"])
    first_offer_at = policy.first_offer_at(rules, (await tenants.find(tx)).zone, row["starts_at"], now)
    if await tx.fetchrow(SQL["reopen_slot"], slot_id, actor, now, first_offer_at) is None:
        raise SlotNotOpen(status=row["status"])
    if by_hand is not None:
        with suppress(EntryNotWaiting, WishDoesNotFit):
            await entries.notify(tx, by_hand, slot_id, now=now, actor=actor)
