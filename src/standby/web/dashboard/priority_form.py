"""A priority as staff type it: a number that stands for the score, or nothing, and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from standby.database.pool import Tx
from standby.tenants import names
from standby.waitlist import entries

HIGHEST: Final = 1000
LONGEST_REASON: Final = 500
NUMBER: Final = re.compile("[0-9]{1,9}")


@dataclass(frozen=True)
class Priority:
    """`number` None: the score counts again."""

    number: int | None
    why: str

    async def give(self, tx: Tx, entry_id: UUID, *, now: datetime, actor: str) -> None:
        """Given twice it is written down once. Raises EntryNotFound, EntryEnded."""
        await entries.set_priority(tx, entry_id, self.number, now=now, reason=self.why, actor=actor)


def read(priority: str, reason: str) -> tuple[Priority, Mapping[str, str]]:
    """What is meant, and what is wrong with it: the field and the key of the words that say so."""
    number, why = priority.strip(), reason.strip()
    problems = {}
    right = not number or (NUMBER.fullmatch(number) is not None and int(number) <= HIGHEST)
    if not right:
        problems["priority"] = "entry.problem.priority"
    if not why or len(why) > LONGEST_REASON or not names.is_plain(why):
        problems["reason"] = "entry.problem.reason"
    return Priority(int(number) if number and right else None, why), problems
