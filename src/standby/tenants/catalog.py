"""What a salon offers: staff, services, who does what, and when it is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid, NameTaken, ServiceNotFound, StaffNotFound
from standby.tenants import closures, names
from standby.tenants.opening_hours import Hours, overlapping, within_hours

SQL = statements_beside(__file__)

NO_SUCH_SERVICE: Final = FieldProblem("services", "one of them is no service of this salon", "not_found")


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
    tx: Tx,
    name: str,
    duration_minutes: int,
    price: Decimal | None,
    *,
    buffers: tuple[int, int] = (0, 0),
    now: datetime,
) -> UUID:
    """Adds a service; `buffers` are minutes before and after it. Raises Invalid and NameTaken."""
    if wrong := names.problem_of(name):
        raise Invalid([FieldProblem("name", wrong)])
    service_id = new_id()
    await _add(tx, "insert_service", service_id, name, duration_minutes, price, now, *buffers)
    return service_id


async def change_service(tx: Tx, service_id: UUID, changes: Mapping[str, Any]) -> None:
    """Changes what is named of a service; appointments that are made already stay as they are.

    Raises ServiceNotFound, Invalid and NameTaken.
    """
    if "name" in changes and (wrong := names.problem_of(changes["name"])):
        raise Invalid([FieldProblem("name", wrong)])
    written = {
        name: str(value) if name == "price" and value is not None else value
        for name, value in changes.items()
    }
    try:
        changed = await tx.fetchval(SQL["change_service"], service_id, written)
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(name=changes["name"]) from error
    if changed is None:
        raise ServiceNotFound


async def change_staff(tx: Tx, staff_id: UUID, name: str, services: Sequence[UUID], *, active: bool) -> None:
    """Changes a staff member and what they do; appointments that are made already stay as they are.

    Somebody who isn't active is booked and offered no more. Raises StaffNotFound, Invalid and NameTaken.
    """
    if wrong := names.problem_of(name):
        raise Invalid([FieldProblem("name", wrong)])
    try:
        changed = await tx.fetchval(SQL["change_staff"], staff_id, name, active)
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(name=name) from error
    if changed is None:
        raise StaffNotFound
    await set_services_of(tx, staff_id, services)


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


async def hours_of(tx: Tx, staff_id: UUID) -> list[Hours]:
    """A staff member's own week; none: they work when the salon is open. Raises StaffNotFound."""
    await _check_staff(tx, staff_id)
    return [Hours(**row) for row in await tx.fetch(SQL["list_hours_of"], staff_id)]


async def weeks_of_staff(tx: Tx) -> dict[UUID, list[Hours]]:
    """The staff members' own weeks; who isn't named works when the salon is open."""
    weeks: dict[UUID, list[Hours]] = {}
    for row in await tx.fetch(SQL["list_weeks_of_staff"]):
        opening = Hours(row["weekday"], row["opens_minute"], row["closes_minute"])
        weeks.setdefault(row["staff_id"], []).append(opening)
    return weeks


async def set_hours(tx: Tx, week: Sequence[Hours]) -> None:
    """Says when the salon is open; replaces the whole week. Raises Invalid when two openings overlap."""
    ordered = _checked(week)
    await tx.execute(SQL["clear_hours"])
    for opening in ordered:
        await tx.execute(
            SQL["insert_hours"], new_id(), opening.weekday, opening.opens_minute, opening.closes_minute
        )


async def set_hours_of(tx: Tx, staff_id: UUID, week: Sequence[Hours]) -> None:
    """Says when a staff member works, within the salon's hours; what lies between two openings is a break.

    Replaces their whole week. Raises StaffNotFound, and Invalid when two openings overlap.
    """
    await _check_staff(tx, staff_id)
    ordered = _checked(week)
    await tx.execute(SQL["clear_hours_of"], staff_id)
    for opening in ordered:
        await tx.execute(
            SQL["insert_hours_of"], staff_id, opening.weekday, opening.opens_minute, opening.closes_minute
        )


def _checked(week: Sequence[Hours]) -> list[Hours]:
    ordered = sorted(week, key=lambda opening: (opening.weekday, opening.opens_minute))
    problems = [
        FieldProblem(f"hours[{number}]", "must open before it closes, within one day, on a weekday of 1 to 7")
        for number, opening in enumerate(week)
        if not (1 <= opening.weekday <= 7 and 0 <= opening.opens_minute < opening.closes_minute <= 1440)
    ]
    problems += [
        FieldProblem("hours", f"two openings overlap on weekday {weekday}") for weekday in overlapping(week)
    ]
    if problems:
        raise Invalid(problems)
    return ordered


async def _check_staff(tx: Tx, staff_id: UUID) -> None:
    if not await tx.fetchval(SQL["is_staff"], staff_id):
        raise StaffNotFound


async def is_open(tx: Tx, staff_id: UUID, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> bool:
    """Whether the salon is open and the staff member works for the whole of that time, and neither is away.

    A salon that has told no hours at all is taken to be open always, and a staff member to work whenever it is open.
    """
    if await closures.lie_in(tx, staff_id, starts_at, ends_at):
        return False
    weeks: dict[bool, list[Hours]] = {}
    for row in await tx.fetch(SQL["list_weeks"], staff_id):
        opening = Hours(row["weekday"], row["opens_minute"], row["closes_minute"])
        weeks.setdefault(row["own"], []).append(opening)
    return all(within_hours(week, starts_at, ends_at, zone) for week in weeks.values())


async def _add(tx: Tx, statement: str, *values: object) -> None:
    try:
        await tx.execute(SQL[statement], *values)
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(name=values[1]) from error
