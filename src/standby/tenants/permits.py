"""Permits for what anybody may write or have sent: so many in each line, counted by all processes together.

Lines are known by keyed hashes: neither addresses nor numbers are kept.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from standby.database.pool import Pool, Tx
from standby.database.statements import statements_beside

SQL = statements_beside(__file__)

MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Rate:
    """So many at once, and then one every so often."""

    at_once: int
    every: timedelta

    @classmethod
    def a_minute(cls, number: int) -> "Rate":
        """So many at once, and then evenly as many a minute."""
        return cls(number, MINUTE / number)


async def take(pool: Pool | Tx, lines: Mapping[str, Rate], *, secret: bytes, now: datetime) -> timedelta:
    """Takes a place in each of the lines, or in none; how long to wait for that, or zero.

    Within a transaction the places are taken when that is committed.
    """
    names = sorted(lines)
    wait: timedelta = await pool.fetchval(
        SQL["take_permit"],
        [hmac.digest(secret, f"standby permit {name}".encode(), "sha256") for name in names],
        [lines[name].every for name in names],
        [lines[name].at_once for name in names],
        now,
    )
    return wait
