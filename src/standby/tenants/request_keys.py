"""Requests that carry a key of their sender's: asked again, they are answered as the first time and change nothing.

The key is taken and the answer kept in the transaction of the change itself, so that there is never one without the
other; who asks again while the first is under way waits for it.
"""

from dataclasses import dataclass
from datetime import datetime

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import KeyUsedBefore

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Answered:
    """What the request was answered with the first time."""

    status: int
    body: bytes


async def take(tx: Tx, key: str, fingerprint: bytes, *, now: datetime) -> Answered | None:
    """Takes a key for a request (SHA-256: `fingerprint`); or what it was answered with. Raises KeyUsedBefore."""
    if await tx.fetchval(SQL["take_key"], key, fingerprint, now) is not None:
        return None
    there = await tx.fetchrow(SQL["find_key"], key)
    if there is None or there["fingerprint"] != fingerprint:
        raise KeyUsedBefore
    return Answered(there["status"], there["body"])


async def find(tx: Tx, key: str) -> Answered | None:
    """What the request with this key was answered with; None: there was none, or it has no answer."""
    there = await tx.fetchrow(SQL["find_key"], key)
    return None if there is None or there["status"] is None else Answered(there["status"], there["body"])


async def keep(tx: Tx, key: str, answered: Answered) -> None:
    """Keeps the answer for whoever asks again."""
    await tx.execute(SQL["keep_answer"], key, answered.status, answered.body)
