"""Slots: a staff member's time that is free to be offered. Created, opened, taken back, listed, explained.

The caller owns the transaction and its tenant.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import SlotHasAppointment, SlotNotFound, SlotNotOpen, TenantNotFound
from standby.tenants import tenants
from standby.waitlist import offers, policy, times
from standby.waitlist.cascade import duty_of, slot_of
from standby.waitlist.entries import candidate_of
from standby.waitlist.lifecycle import SlotState
from standby.waitlist.ranking import Ranked, rank, withheld_by
from standby.waitlist.times import Time

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Opening:
    """What is known at once when a slot opens: how many wait for its service (up to 100), and when filling starts."""

    slot_id: UUID
    waiting: int
    fill_at: datetime | None


@dataclass(frozen=True)
class Withheld:
    """A time that came free and is offered to nobody; `rule` is a key of ranking.WITHHELD."""

    rule: str


@dataclass(frozen=True)
class Judged:
    """Everybody on the list, judged for a slot; `left_out` is how many were too many to look at.

    `withheld`, a key of ranking.WITHHELD, is why not even the first of them is offered it; None: they are.
    """

    ranked: Ranked
    withheld: str | None
    names: dict[UUID, str]
    left_out: int


async def create(
    tx: Tx,
    staff_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    ends_at: datetime | None,
    *,
    now: datetime,
    actor: str,
) -> Opening:
    """Opens a new slot, inside business hours and free, and starts to fill it.

    `ends_at` None: by the service's duration.

    Raises Invalid, OutsideBusinessHours, SlotTaken.
    """
    length = None if ends_at is None else ends_at - starts_at
    time = await times.check(tx, staff_id, service_id, starts_at, length, now=now)
    return await open_time(tx, time, now=now, reason="created", actor=actor)


async def open_time(tx: Tx, time: Time, *, now: datetime, reason: str, actor: str) -> Opening:
    """Opens a slot for a time that is known to be free and worked, and starts to fill it."""
    rules = await tenants.get_policy(tx, time.service_id)
    first_offer_at = policy.first_offer_at(rules, (await tenants.find(tx)).zone, time.starts_at, now)
    return await _open(tx, time, first_offer_at, now=now, reason=reason, actor=actor, freed_by=None)


async def open_freed_time(
    tx: Tx, time: Time, *, freed_by: UUID, now: datetime, reason: str, actor: str
) -> Opening | Withheld:
    """Opens a time that a booking has left for everybody but its customer, unless it can't be worked any more."""
    facts = await tx.fetchrow(
        SQL["check_freed_time"], time.service_id, time.staff_id, time.starts_at, time.ends_at, *time.taken
    )
    if facts is None:
        raise TenantNotFound
    if (rule := withheld_by(time.starts_at, duty_of(facts), now, taken=facts["taken"])) is not None:
        return Withheld(rule)
    first_offer_at = policy.first_offer_at(
        policy.resolve(facts["salon_policy"], facts["service_policy"]),
        ZoneInfo(facts["timezone"]),
        time.starts_at,
        now,
    )
    return await _open(tx, time, first_offer_at, now=now, reason=reason, actor=actor, freed_by=freed_by)


async def open_again(tx: Tx, slot_id: UUID) -> Opening:
    """Starts to fill an open slot now, whatever grace it had. Raises SlotNotOpen when it is held, booked or ended."""
    row = await find(tx, slot_id)
    waiting = await tx.fetchval(SQL["fill_now"], slot_id)
    if waiting is None:
        raise SlotNotOpen(status=row["status"])
    return Opening(slot_id, waiting, None)


async def take_back(tx: Tx, slot_id: UUID, *, now: datetime, reason: str, actor: str) -> None:
    """Closes an open or held slot. Who was offered it waits on, without a miss."""
    while True:
        row = await find(tx, slot_id)
        if row["status"] == SlotState.BOOKED:
            raise SlotHasAppointment
        if row["status"] == SlotState.CANCELLED:
            raise SlotNotOpen(status=row["status"])
        for offer in await tx.fetch(SQL["pending_offers_of_slot"], slot_id):
            await offers.withdraw_with_slot(tx, offer["id"], now=now, reason=reason, actor=actor)
        row = await find(tx, slot_id)
        if row["status"] == SlotState.CANCELLED:
            return
        if await tx.fetchval(SQL["close_slot"], slot_id, reason, actor, now) is not None:
            return
        # It was offered, or answered, between the two looks: look again.


async def find(tx: Tx, slot_id: UUID) -> asyncpg.Record:
    """One slot with its names and its open offer."""
    row = await tx.fetchrow(SQL["find_slot"], slot_id)
    if row is None:
        raise SlotNotFound
    return row


async def asked(tx: Tx, slot_id: UUID) -> list[asyncpg.Record]:
    """The slot's cascade: who was asked, in order, and what became of it; at most the last 200."""
    return list(await tx.fetch(SQL["asked_for_slot"], slot_id))


async def page(
    tx: Tx,
    *,
    starts_from: datetime,
    starts_before: datetime,
    staff_id: UUID | None,
    status: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[asyncpg.Record]:
    """The slots of a stretch of time by start, from a cursor on."""
    starts_at, slot_id = after or (None, None)
    return list(
        await tx.fetch(
            SQL["page_of_slots"], starts_from, starts_before, staff_id, status, starts_at, slot_id, limit
        )
    )


async def open_for(tx: Tx, service_id: UUID, staff_id: UUID | None, *, now: datetime) -> list[asyncpg.Record]:
    """The open slots to come of a service (and a staff member), by start; at most 20."""
    return list(await tx.fetch(SQL["open_slots_for"], service_id, staff_id, now))


async def candidates(tx: Tx, slot_id: UUID, *, now: datetime, limit: int = 1000) -> Judged:
    """Everybody on the list judged for a slot, with each score's parts, and for the others the rule that excluded them.

    Looks at the first `limit` active entries: those for the same service first, the longest wait first.
    """
    row = await find(tx, slot_id)
    slot = slot_of(row)
    rules = policy.resolve(row["salon_policy"], row["service_policy"])
    people = await tx.fetch(
        SQL["list_candidates"],
        slot.id,
        slot.service_id,
        slot.starts_at,
        slot.ends_at,
        now,
        list(rules.channel_order),
        rules.messages_per_day,
        limit + 1,
        rules.prefer_favourites,
    )
    seen = people[:limit]
    total = await tx.fetchval(SQL["count_active"]) if len(people) > limit else len(seen)
    names = {person["id"]: person["customer_name"] for person in seen}
    withheld = withheld_by(
        slot.starts_at,
        slot.duty,
        now,
        minimum_notice=rules.minimum_notice,
        quiet=policy.quiet_until(rules, slot.timezone, now) is not None,
    )
    return Judged(rank(map(candidate_of, seen), slot, now), withheld, names, total - len(seen))


async def _open(
    tx: Tx,
    time: Time,
    fill_at: datetime | None,
    *,
    now: datetime,
    reason: str,
    actor: str,
    freed_by: UUID | None,
) -> Opening:
    """Fills it at once, or (`fill_at`) later."""
    slot_id = new_id()
    waiting = await tx.fetchval(
        SQL["open_slot"],
        slot_id,
        time.staff_id,
        time.service_id,
        time.starts_at,
        time.ends_at,
        freed_by,
        reason,
        fill_at,
        actor,
        now,
        time.blocked_from,
        time.blocked_until,
    )
    return Opening(slot_id, waiting, fill_at)
