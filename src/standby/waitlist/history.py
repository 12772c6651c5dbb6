"""What happened, for ever: written by the database at each change of state, and here for what is no change of state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from standby.database.pool import Tx
from standby.database.statements import statements_beside

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Happening:
    """One line of history."""

    entity: str
    from_state: str | None
    to_state: str | None
    reason: str
    actor: str
    at: datetime
    details: dict[str, Any]


async def record(
    tx: Tx, entity: str, entity_id: UUID, *, reason: str, actor: str, at: datetime, details: dict[str, Any]
) -> None:
    """Writes what changed without a change of state, such as a priority override."""
    await tx.execute(SQL["insert_history"], entity, entity_id, reason, actor, at, details)


async def story_of(tx: Tx, entity_id: UUID) -> list[Happening]:
    """All that happened to one entry, slot, offer or booking, oldest first."""
    return [Happening(**row) for row in await tx.fetch(SQL["story_of"], entity_id)]
