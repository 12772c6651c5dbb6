"""Times when the salon, or one staff member, is away although the week's hours say open: holidays, illness."""

from datetime import datetime
from uuid import UUID

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import ClosureNotFound, FieldProblem, Invalid, KeyUsedBefore

SQL = statements_beside(__file__)


async def add(
    tx: Tx,
    staff_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    *,
    now: datetime,
    closure_id: UUID | None = None,
) -> UUID:
    """Closes a stretch of time (`staff_id` None: the whole salon). Appointments in it stay: see `bookings_within`.

    `closure_id`: the id that it is to have; the same again with that id is none more.
    Raises Invalid with every problem, and KeyUsedBefore, if something else is closed by that id.
    """
    problems = []
    if ends_at <= starts_at:
        problems.append(FieldProblem("ends_at", "must be after starts_at"))
    elif ends_at <= now:
        problems.append(
            FieldProblem("ends_at", "is in the past; a closure must end in the future", "in_the_past")
        )
    if staff_id is not None and not await tx.fetchval(SQL["is_staff"], staff_id):
        problems.append(FieldProblem("staff_id", "there is no such staff member in this salon", "not_found"))
    if problems:
        raise Invalid(problems)
    closure_id = closure_id or new_id()
    closure = (closure_id, staff_id, starts_at, ends_at, reason)
    if not await tx.fetchval(SQL["insert_closure"], *closure) and not await tx.fetchval(
        SQL["is_closure"], *closure
    ):
        raise KeyUsedBefore
    return closure_id


async def find(tx: Tx, closure_id: UUID) -> asyncpg.Record:
    """One closure, with its staff member's name. Raises ClosureNotFound."""
    row = await tx.fetchrow(SQL["find_closure"], closure_id)
    if row is None:
        raise ClosureNotFound
    return row


async def remove(tx: Tx, closure_id: UUID) -> None:
    """Opens that time again. Raises ClosureNotFound."""
    if await tx.fetchval(SQL["remove_closure"], closure_id) is None:
        raise ClosureNotFound


async def removed(tx: Tx, closure_id: UUID) -> asyncpg.Record | None:
    """One that somebody has removed, as it was. None: it is there, or never was."""
    return await tx.fetchrow(SQL["find_removed_closure"], closure_id)


async def put_back(tx: Tx, row: asyncpg.Record, *, now: datetime) -> None:
    """Closes that time again, as it was: a row of `removed`. Raises Invalid, when it is over."""
    times = row["starts_at"], row["ends_at"]
    await add(tx, row["staff_id"], *times, row["reason"], now=now, closure_id=row["id"])


async def lie_in(tx: Tx, staff_id: UUID, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the salon, or this staff member, is away at any moment of that time: here, or by a linked calendar."""
    closed: bool = await tx.fetchval(SQL["is_closed"], staff_id, starts_at, ends_at)
    return closed


async def ending_after(tx: Tx, after: datetime) -> list[asyncpg.Record]:
    """The closures that end after a moment, by start; at most 1,000."""
    return list(await tx.fetch(SQL["list_closures"], after))


async def bookings_within(
    tx: Tx, staff_id: UUID | None, starts_at: datetime, ends_at: datetime
) -> list[asyncpg.Record]:
    """The appointments that lie in a time when nobody can keep them; at most 1,000."""
    return list(await tx.fetch(SQL["bookings_within"], staff_id, starts_at, ends_at))
