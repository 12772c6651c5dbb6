"""The waitlist as staff look through it: filtered, in an order, page by page; and the views of it that a salon keeps.

The caller owns the transaction and its tenant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias, get_args
from uuid import UUID

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid
from standby.tenants import names
from standby.waitlist.ranking import standing

SQL = statements_beside(__file__)

Order: TypeAlias = Literal["score", "wait", "end", "newest"]
ORDERS: Final[tuple[Order, ...]] = get_args(Order)
ANYONE: Final = UUID(int=0)  # a staff wish that names nobody
MOST_VIEWS: Final = 30
LONGEST_NAME: Final = 60
FEWEST_DIGITS: Final = 3  # of a phone number that is searched for


@dataclass(frozen=True)
class Wanted:
    """Which entries are asked for. `status` is a state, `active` or `all`; ANYONE: who named no staff member.

    By score, wait and end are only those that are on the list.
    """

    status: str = "active"
    service_id: UUID | None = None
    staff_id: UUID | None = None
    text: str = ""
    order: Order = "score"


@dataclass(frozen=True)
class Position:
    """Where a page ended: the entry by what the list is ordered by. Scores are as they were at `as_of`."""

    at: datetime
    id: UUID
    score: int
    as_of: datetime


async def page(
    tx: Tx, wanted: Wanted, *, after: Position | None, limit: int, now: datetime
) -> tuple[list[asyncpg.Record], Position | None]:
    """Entries with their names, and where the next page begins; None: this is the last one."""
    as_of = after.as_of if after else now
    text = wanted.text.strip().lower()
    digits = "".join(letter for letter in text if letter in "0123456789")
    asked: list[Any] = [
        wanted.status,
        wanted.service_id,
        wanted.staff_id,
        text or None,
        digits if len(digits) >= FEWEST_DIGITS else None,
    ]
    cursor: list[Any] = [after.at, after.id] if after else [None, None]
    if wanted.order == "score":
        cursor = [as_of, after.score if after else None, *cursor]
    name = "list_newest" if wanted.order == "newest" else f"list_by_{wanted.order}"
    ids = [row["id"] for row in await tx.fetch(SQL[name], *asked, *cursor, limit + 1)]
    rows = await named(tx, ids[:limit])
    if len(ids) <= limit:
        return rows, None
    last = rows[-1]
    at = last["latest"] if wanted.order == "end" else last["joined_at"]
    return rows, Position(at, last["id"], score_of(dict(last), as_of), as_of)


async def named(tx: Tx, entry_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """These entries, with the names that people know them by."""
    return list(await tx.fetch(SQL["entries_named"], list(entry_ids)))


async def counts(tx: Tx) -> Mapping[str, int]:
    """How many are on the list in each of its states."""
    return {row["status"]: row["many"] for row in await tx.fetch(SQL["count_by_status"])}


def score_of(entry: Mapping[str, Any], now: datetime) -> int:
    """What an entry has for any slot that suits it."""
    return standing(
        vip=entry["vip"], override=entry["priority_override"], joined_at=entry["joined_at"], now=now
    )


async def views(tx: Tx) -> list[asyncpg.Record]:
    """The salon's saved views."""
    return list(await tx.fetch(SQL["list_views"]))


async def save_view(tx: Tx, name: str, filters: Mapping[str, str], *, now: datetime) -> None:
    """Keeps filters under a name; one of that name gives way. Raises Invalid."""
    name = name.strip()
    if wrong := names.problem_of(name):
        raise Invalid([FieldProblem("name", wrong)])
    if len(name) > LONGEST_NAME:
        raise Invalid([FieldProblem("name", f"may have {LONGEST_NAME} characters", "too_long")])
    saved = await tx.fetchval(SQL["save_view"], new_id(), name, dict(filters), now, MOST_VIEWS)
    if saved is None:
        raise Invalid([FieldProblem("name", f"there are {MOST_VIEWS} views already", "too_many")])


async def delete_view(tx: Tx, view_id: UUID) -> None:
    """Forgets a view; one that is gone already is none."""
    await tx.execute(SQL["delete_view"], view_id)
