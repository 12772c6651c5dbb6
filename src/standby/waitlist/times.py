"""A staff member's time: whether it can be worked, and what an appointment takes of it.

A service's buffers keep its appointments apart from others of the same staff member; they may lie outside opening
hours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid, OutsideBusinessHours, SlotTaken
from standby.tenants import catalog, tenants
from standby.waitlist.lifecycle import SlotState

SQL = statements_beside(__file__)

LONGEST = timedelta(hours=24)  # of a slot; the tables' CHECKs say it too, and find_overlap.sql relies on it
FARTHEST = timedelta(days=731)  # ahead: two years


@dataclass(frozen=True)
class Time:
    """A piece of a staff member's time for a service; with buffers it takes more of it (None: it has none)."""

    staff_id: UUID
    service_id: UUID
    starts_at: datetime
    ends_at: datetime
    blocked_from: datetime | None = None
    blocked_until: datetime | None = None

    @property
    def taken(self) -> tuple[datetime, datetime]:
        """From when to when nobody else has the staff member."""
        return self.blocked_from or self.starts_at, self.blocked_until or self.ends_at

    def named(self) -> dict[str, str]:
        """The time as an error's details name it."""
        return {
            "service_id": str(self.service_id),
            "staff_id": str(self.staff_id),
            "starts_at": self.starts_at.isoformat(),
        }


@dataclass(frozen=True)
class Moving:
    """A booking that leaves its slot. Its service need not be offered any more; one that `stays` where it is, and only
    lasts until another end, may have begun.
    """

    slot_id: UUID
    service_id: UUID
    stays: bool = False


async def check(
    tx: Tx,
    staff_id: UUID,
    service_id: UUID,
    starts_at: datetime,
    length: timedelta | None = None,
    *,
    now: datetime,
    taken_by: tuple[SlotState, ...] = (SlotState.OPEN, SlotState.HELD, SlotState.BOOKED),
    moving: Moving | None = None,
) -> Time:
    """A time that can be worked; `length` None: as long as the service takes.

    Slots in the states `taken_by` stand in the way, but not that of a booking which is `moving`.
    Raises Invalid, OutsideBusinessHours, SlotTaken.
    """
    facts = await tx.fetchrow(
        SQL["check_time"], service_id, staff_id, moving is not None and moving.service_id == service_id
    )
    problems = []
    if facts is None or facts["duration_minutes"] is None:
        problems.append(FieldProblem("service_id", "there is no such service in this salon", "not_found"))
    if facts is None or not facts["staff"]:
        problems.append(FieldProblem("staff_id", "there is no such staff member in this salon", "not_found"))
    if not problems and facts is not None and not facts["fits"]:
        problems.append(
            FieldProblem("staff_id", "this staff member does not offer this service", "does_not_fit")
        )
    if moving is None or not moving.stays:
        problems += _problems_of_start(starts_at, now)
    if length is not None and length <= timedelta(0):
        problems.append(FieldProblem("ends_at", "must be after starts_at"))
    elif length is not None and length > LONGEST:
        problems.append(FieldProblem("ends_at", "must be at most 24 hours after starts_at", "too_long"))
    if problems or facts is None:
        raise Invalid(problems)
    ends_at = starts_at + (length or timedelta(minutes=facts["duration_minutes"]))
    before, after = facts["buffer_before_minutes"], facts["buffer_after_minutes"]
    time = Time(
        staff_id,
        service_id,
        starts_at,
        ends_at,
        starts_at - timedelta(minutes=before) if before else None,
        ends_at + timedelta(minutes=after) if after else None,
    )
    salon = await tenants.find(tx)
    if not await catalog.is_open(tx, staff_id, starts_at, ends_at, salon.zone):
        raise OutsideBusinessHours(**time.named(), ends_at=ends_at.isoformat())
    other = await tx.fetchval(
        SQL["find_overlap"], staff_id, *time.taken, list(taken_by), moving and moving.slot_id
    )
    if other is not None:
        raise SlotTaken(slot_id=str(other), **time.named())
    return time


def _problems_of_start(starts_at: datetime, now: datetime) -> list[FieldProblem]:
    if starts_at <= now:
        return [FieldProblem("starts_at", "is in the past; give a time that is still to come", "in_the_past")]
    if starts_at > (latest := now + FARTHEST):
        return [
            FieldProblem(
                "starts_at", f"is more than two years ahead; give a time before {latest:%Y-%m-%d}", "too_far"
            )
        ]
    return []
