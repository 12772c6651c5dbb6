"""What a salon offers: staff, services, who does what, and when it is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid, NameTaken
from standby.tenants import names

SQL = statements_beside(__file__)

NO_SUCH_SERVICE: Final = FieldProblem("services", "one of them is no service of this salon", "not_found")


@dataclass(frozen=True)
class Hours:
    """One opening of a weekday (ISO number), in minutes after local midnight."""

    weekday: int
    opens_minute: int
    closes_minute: int


async def add_staff(tx: Tx, name: str, services: Sequence[UUID], *, now: datetime) -> UUID:
    """Adds a staff member who does these services. Raises Invalid with every problem at once, and NameTaken."""
    problems = []
    if wrong := names.problem_of(name):
        problems.append(FieldProblem("name", wrong))
    if not {row["id"] for row in await tx.fetch(SQL["list_services"])} >= set(services):
        problems.append(NO_SUCH_SERVICE)
    if problems:
        raise Invalid(problems)
    staff_id = new_id()
    await _add(tx, "insert_staff", staff_id, name, now)
    await set_services_of(tx, staff_id, services)
    return staff_id


async def add_service(
    tx: Tx, name: str, duration_minutes: int, price: Decimal | None, *, now: datetime
) -> UUID:
    """Adds a service. Raises Invalid and NameTaken."""
    if wrong := names.problem_of(name):
        raise Invalid([FieldProblem("name", wrong)])
    service_id = new_id()
    await _add(tx, "insert_service", service_id, name, duration_minutes, price, now)
    return service_id


async def set_services_of(tx: Tx, staff_id: UUID, services: Sequence[UUID]) -> None:
    """Says what a staff member does; replaces what was said before."""
    try:
        await tx.execute(SQL["clear_services_of"], staff_id)
        await tx.execute(SQL["add_services_of"], staff_id, list(set(services)))
    except asyncpg.ForeignKeyViolationError as error:
        raise Invalid([NO_SUCH_SERVICE]) from error


async def staff(tx: Tx) -> list[asyncpg.Record]:
    """All staff members, with the ids of their services."""
    return list(await tx.fetch(SQL["list_staff"]))


async def services(tx: Tx) -> list[asyncpg.Record]:
    """All services."""
    return list(await tx.fetch(SQL["list_services"]))


async def hours(tx: Tx) -> list[Hours]:
    """The week's opening hours, by weekday and time."""
    return [Hours(**row) for row in await tx.fetch(SQL["list_hours"])]


async def set_hours(tx: Tx, week: Sequence[Hours]) -> None:
    """Says when the salon is open; replaces the whole week. Raises Invalid when two openings overlap."""
    ordered = sorted(week, key=lambda opening: (opening.weekday, opening.opens_minute))
    problems = [
        FieldProblem(f"hours[{number}]", "must open before it closes, within one day, on a weekday of 1 to 7")
        for number, opening in enumerate(week)
        if not (1 <= opening.weekday <= 7 and 0 <= opening.opens_minute < opening.closes_minute <= 1440)
    ]
    problems += [
        FieldProblem("hours", f"two openings overlap on weekday {one.weekday}")
        for one, other in pairwise(ordered)
        if one.weekday == other.weekday and other.opens_minute < one.closes_minute
    ]
    if problems:
        raise Invalid(problems)
    await tx.execute(SQL["clear_hours"])
    for opening in ordered:
        await tx.execute(
            SQL["insert_hours"], new_id(), opening.weekday, opening.opens_minute, opening.closes_minute
        )


async def is_open(tx: Tx, staff_id: UUID, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> bool:
    """Whether the salon is open for the whole of that time, and neither it nor the staff member is away.

    A salon that has told no hours at all is taken to be open always.
    """
    if await tx.fetchval(SQL["is_closed"], staff_id, starts_at, ends_at):
        return False
    week = await hours(tx)
    return not week or within_hours(week, starts_at, ends_at, zone)


def within_hours(week: Sequence[Hours], starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> bool:
    """Whether a time lies within one opening, by the salon's wall clock. Pure; right on days the clock changes."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    from_minute = start.hour * 60 + start.minute
    until_minute = end.hour * 60 + end.minute + (1 if end.second or end.microsecond else 0)
    if end.date() == start.date() + timedelta(days=1) and until_minute == 0:
        until_minute = 1440
    elif end.date() != start.date():
        return False
    return any(
        opening.weekday == start.isoweekday()
        # Both ends are looked at: in the hour that comes twice, the end can seem to lie before the start.
        and opening.opens_minute <= from_minute < opening.closes_minute
        and opening.opens_minute < until_minute <= opening.closes_minute
        for opening in week
    )


async def _add(tx: Tx, statement: str, *values: object) -> None:
    try:
        await tx.execute(SQL[statement], *values)
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(name=values[1]) from error
