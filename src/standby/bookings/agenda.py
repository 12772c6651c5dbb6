"""What stands in the salon's calendar in a stretch of time: of everybody, or of one staff member.

The caller owns the transaction and its tenant. Changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.tenants import catalog
from standby.tenants.opening_hours import Hours

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Colleague:
    """A staff member, with the weeks that limit them: the salon's and their own, as far as those are told."""

    id: UUID
    name: str
    active: bool
    weeks: Sequence[Sequence[Hours]]


@dataclass(frozen=True)
class Agenda:
    """Who works, their appointments, the open and held slots, and when somebody is away; each by its start.

    `week` is the salon's; none: it has told no hours.
    """

    week: Sequence[Hours]
    people: Sequence[Colleague]
    bookings: Sequence[Mapping[str, Any]]
    slots: Sequence[Mapping[str, Any]]
    absences: Sequence[Mapping[str, Any]]


async def between(tx: Tx, starts_at: datetime, ends_at: datetime, staff_id: UUID | None = None) -> Agenda:
    """All that lies in a time; `staff_id`: only of this one. The people are all of them, to choose from."""
    week = await catalog.hours(tx)
    people = await tx.fetch(SQL["agenda_people"], starts_at, ends_at)
    asked = starts_at, ends_at, staff_id
    return Agenda(
        week,
        [_colleague(row, week) for row in people],
        *[
            [dict(row) for row in await tx.fetch(SQL[statement], *asked)]
            for statement in ("agenda_bookings", "agenda_slots", "agenda_absences")
        ],
    )


async def absences(
    tx: Tx, starts_at: datetime, ends_at: datetime, staff_id: UUID | None = None
) -> list[dict[str, Any]]:
    """When somebody is away in a time, as `between` tells it."""
    return [dict(row) for row in await tx.fetch(SQL["agenda_absences"], starts_at, ends_at, staff_id)]


def _colleague(row: asyncpg.Record, salon: Sequence[Hours]) -> Colleague:
    own = [Hours(*opening) for opening in row["hours"] or ()]
    return Colleague(row["id"], row["name"], row["active"], [week for week in (salon, own) if week])
