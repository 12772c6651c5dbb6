"""Free times: when a service can be had, and from whom.

A time is free when the staff member offers the service and works then (the salon's hours and their own, nobody away),
and when no held or booked slot takes any of it, buffers on both sides included. Times begin at the salon's rhythm
(`time_step_minutes`) after midnight by its wall clock.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from standby.bookings.gaps import Day, Wanted, Worker, starts, stretches
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid, ServiceNotFound
from standby.tenants import catalog
from standby.tenants.opening_hours import Hours
from standby.waitlist.policy import resolve
from standby.waitlist.times import FARTHEST

SQL = statements_beside(__file__)

MOST_DAYS: Final = 31  # that can be asked for at once
LOOK_AHEAD: Final = 14  # days in which the next free times are looked for
QUARTER: Final = 15 * 60  # of an hour, in seconds


@dataclass(frozen=True)
class FreeTime:
    """A time that can be had, and by whom."""

    starts_at: datetime
    ends_at: datetime
    staff: Sequence[UUID]


@dataclass(frozen=True)
class Gap:
    """A stretch in which a staff member works and has nothing to do."""

    staff_id: UUID
    staff_name: str
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


async def gaps(tx: Tx, first: date, days: int, *, zone: ZoneInfo, now: datetime) -> list[Gap]:
    """The gaps of some days that a service of theirs fits into, the longest first; what is over is none.

    A gap that has begun already goes on from the next quarter of an hour.
    """
    midnight = datetime.combine(first, time(), UTC)
    rows = await tx.fetch(
        SQL["all_workers"], midnight - timedelta(days=1), midnight + timedelta(days=days + 1)
    )
    salon = await catalog.hours(tx)
    asked = [Day(first + timedelta(days=number), zone, 1) for number in range(days)]
    earliest = -(-now.timestamp() // QUARTER) * QUARTER
    found = [
        Gap(row["id"], row["name"], datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC))
        for row in rows
        if row["shortest"] is not None
        for begin, end in stretches(asked, _worker(row, salon), shortest=row["shortest"], earliest=earliest)
    ]
    return sorted(found, key=lambda gap: (-gap.minutes, gap.starts_at, gap.staff_name))


async def on_days(
    tx: Tx,
    service_id: UUID,
    first: date,
    days: int = 1,
    *,
    staff_id: UUID | None = None,
    now: datetime,
    with_notice: bool = False,
    but: UUID | None = None,
) -> list[FreeTime]:
    """The free times of a service on some days of the salon's clock, by start; with one staff member, or (None) any.

    Each is still to come; `with_notice`: by as much as the salon's minimum notice. The slot `but` is in nobody's way.
    Raises Invalid, ServiceNotFound.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Invalid([FieldProblem("days", f"must be 1 to {MOST_DAYS}", "out_of_range")])
    if first > (latest := (now + FARTHEST).date()):
        raise Invalid(
            [FieldProblem("date", f"is more than two years ahead; ask for {latest} at the latest", "too_far")]
        )
    facts = await tx.fetchrow(SQL["facts_of_service"], service_id)
    if facts is None:
        raise ServiceNotFound
    rules = resolve(facts["salon_policy"], facts["service_policy"])
    wanted = Wanted(facts["duration_minutes"], facts["buffer_before_minutes"], facts["buffer_after_minutes"])
    # A day's wall clock begins and ends some hours off the same day of UTC, and an appointment may last into the next.
    midnight = datetime.combine(first, time(), UTC)
    reach = midnight - timedelta(days=1), midnight + timedelta(days=days + 2)
    rows = await tx.fetch(SQL["workers"], service_id, staff_id, *reach, but)
    salon = _week(facts["hours"] or ())
    workers = [_worker(row, salon) for row in rows]
    by_start: dict[int, list[UUID]] = defaultdict(list)
    zone = ZoneInfo(facts["timezone"])
    asked = [Day(first + timedelta(days=number), zone, rules.time_step_minutes) for number in range(days)]
    for worker in workers:
        for at in starts(asked, wanted, worker):
            by_start[at].append(worker.staff_id)
    earliest = (now + rules.minimum_notice).timestamp() if with_notice else now.timestamp()
    length = timedelta(minutes=wanted.minutes)
    return [
        FreeTime(start := datetime.fromtimestamp(at, UTC), start + length, staff)
        for at, staff in sorted(by_start.items())
        if (at >= earliest if with_notice else at > earliest)
    ]


async def who_has(
    tx: Tx, service_id: UUID, starts_at: datetime, *, staff_id: UUID | None, now: datetime
) -> UUID | None:
    """Who can give a customer the service at this very time: the staff member, or (None) whoever can; None: nobody.

    Raises ServiceNotFound, and Invalid for a time out of reach.
    """
    zone = ZoneInfo(await tx.fetchval(SQL["salon_timezone"]))
    day = starts_at.astimezone(zone).date()
    free = await on_days(tx, service_id, day, staff_id=staff_id, now=now, with_notice=True)
    return next((one.staff[0] for one in free if one.starts_at == starts_at), None)


async def next_after(
    tx: Tx,
    service_id: UUID,
    staff_id: UUID,
    after: datetime,
    *,
    now: datetime,
    many: int = 3,
    with_notice: bool = False,
) -> list[FreeTime]:
    """The next free times from a moment on, within two weeks: with this staff member, then with anybody."""
    zone = ZoneInfo(await tx.fetchval(SQL["salon_timezone"]))
    first = max(after, now).astimezone(zone).date()
    found: list[FreeTime] = []
    for whom in (staff_id, None):
        free = await on_days(
            tx, service_id, first, LOOK_AHEAD, staff_id=whom, now=now, with_notice=with_notice
        )
        known = {one.starts_at for one in found}
        found += [one for one in free if one.starts_at >= after and one.starts_at not in known]
        if len(found) >= many:
            break
    return found[:many]


def _worker(row: asyncpg.Record, salon: Sequence[Hours]) -> Worker:
    """Only weeks that are told limit anybody."""
    weeks = [week for week in (salon, _week(row["hours"] or ())) if week]
    return Worker(
        row["id"],
        weeks,
        _stretches(row["away_from"], row["away_until"]),
        _stretches(row["taken_from"], row["taken_until"]),
    )


def _week(rows: Sequence[Sequence[int]]) -> list[Hours]:
    return [Hours(*row) for row in rows]


def _stretches(begins: Sequence[float] | None, ends: Sequence[float] | None) -> list[tuple[float, float]]:
    return list(zip(begins or (), ends or (), strict=True))
