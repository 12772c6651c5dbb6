"""Slots: a staff member's time that is free to be offered. Created, opened, taken back, listed, explained.

The caller owns the transaction and its tenant.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import (
    FieldProblem,
    Invalid,
    OutsideBusinessHours,
    SlotHasAppointment,
    SlotNotFound,
    SlotNotOpen,
    SlotTaken,
    TenantNotFound,
)
from standby.tenants import catalog, tenants
from standby.waitlist import offers, policy
from standby.waitlist.cascade import duty_of, slot_of
from standby.waitlist.entries import candidate_of
from standby.waitlist.lifecycle import SlotState
from standby.waitlist.policy import Policy
from standby.waitlist.ranking import Ranked, rank, withheld_by

SQL = statements_beside(__file__)

LONGEST = timedelta(hours=24)  # of a slot; the tables' CHECKs say it too, and find_overlap.sql relies on it


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
    ends_at = await check_time(tx, staff_id, service_id, starts_at, ends_at, now=now)
    return await open_time(
        tx, staff_id, service_id, starts_at, ends_at, now=now, reason="created", actor=actor
    )


async def check_time(
    tx: Tx,
    staff_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    ends_at: datetime | None,
    *,
    now: datetime,
    taken_by: tuple[SlotState, ...] = (SlotState.OPEN, SlotState.HELD, SlotState.BOOKED),
) -> datetime:
    """Whether a time can be worked: returns its end. Slots in the states `taken_by` stand in the way.

    Raises Invalid, OutsideBusinessHours, SlotTaken.
    """
    facts = await tx.fetchrow(SQL["check_time"], service_id, staff_id)
    problems = []
    if facts is None or facts["duration_minutes"] is None:
        problems.append(FieldProblem("service_id", "there is no such service in this salon", "not_found"))
    if facts is None or not facts["staff"]:
        problems.append(FieldProblem("staff_id", "there is no such staff member in this salon", "not_found"))
    if not problems and facts is not None and not facts["fits"]:
        problems.append(
            FieldProblem("staff_id", "this staff member does not offer this service", "does_not_fit")
        )
    if starts_at <= now:
        problems.append(
            FieldProblem("starts_at", "is in the past; give a time that is still to come", "in_the_past")
        )
    if ends_at is not None and ends_at <= starts_at:
        problems.append(FieldProblem("ends_at", "must be after starts_at"))
    elif ends_at is not None and ends_at - starts_at > LONGEST:
        problems.append(FieldProblem("ends_at", "must be at most 24 hours after starts_at", "too_long"))
    if problems or facts is None:
        raise Invalid(problems)
    ends_at = ends_at or starts_at + timedelta(minutes=facts["duration_minutes"])
    salon = await tenants.find(tx)
    if not await catalog.is_open(tx, staff_id, starts_at, ends_at, salon.zone):
        raise OutsideBusinessHours(starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat())
    if (
        other := await tx.fetchval(SQL["find_overlap"], staff_id, starts_at, ends_at, list(taken_by))
    ) is not None:
        raise SlotTaken(slot_id=str(other))
    return ends_at


async def open_time(
    tx: Tx,
    staff_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
    reason: str,
    actor: str,
) -> Opening:
    """Opens a slot for a time that is known to be free and worked, and starts to fill it."""
    rules = await tenants.get_policy(tx, service_id)
    zone = (await tenants.find(tx)).zone
    return await _open(
        tx,
        _first_offer_at(rules, zone, starts_at, now),
        staff_id,
        service_id,
        starts_at,
        ends_at,
        now=now,
        reason=reason,
        actor=actor,
        freed_by=None,
    )


async def open_freed_time(
    tx: Tx, booking: asyncpg.Record, *, now: datetime, reason: str, actor: str
) -> Opening | Withheld:
    """Opens the time of a cancelled booking for everybody but its customer, unless it can't be worked any more."""
    staff_id, service_id, starts_at, ends_at = (
        booking[name] for name in ("staff_id", "service_id", "starts_at", "ends_at")
    )
    facts = await tx.fetchrow(SQL["check_freed_time"], service_id, staff_id, starts_at, ends_at)
    if facts is None:
        raise TenantNotFound
    if (rule := withheld_by(starts_at, duty_of(facts), now)) is not None:
        return Withheld(rule)
    return await _open(
        tx,
        _first_offer_at(
            policy.resolve(facts["salon_policy"], facts["service_policy"]),
            ZoneInfo(facts["timezone"]),
            starts_at,
            now,
        ),
        staff_id,
        service_id,
        starts_at,
        ends_at,
        now=now,
        reason=reason,
        actor=actor,
        freed_by=booking["customer_id"],
    )


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


def _first_offer_at(rules: Policy, zone: ZoneInfo, starts_at: datetime, now: datetime) -> datetime | None:
    """When a new slot's first offer is made: after its grace, and after the night unless it is too late. None: now."""
    grace_ends = now + timedelta(seconds=rules.grace_seconds)
    morning = policy.quiet_until(rules, zone, grace_ends)
    if morning is not None and morning <= starts_at - rules.minimum_notice:
        return morning
    return grace_ends if rules.grace_seconds else None


async def _open(  # noqa: PLR0913 - a slot's own columns
    tx: Tx,
    fill_at: datetime | None,
    staff_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
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
        staff_id,
        service_id,
        starts_at,
        ends_at,
        freed_by,
        reason,
        fill_at,
        actor,
        now,
    )
    return Opening(slot_id, waiting, fill_at)
