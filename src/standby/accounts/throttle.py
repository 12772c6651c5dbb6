"""Attempts to sign in are slowed down, by account and by address; the counts are in the database, for all processes.

Who fails often waits, longer each time, but never longer than `Limit.longest`: nobody is locked out for good. Failures
from elsewhere hardly slow down whoever signs in at their own place: strictest is what one address does to one account.

Counts stand under keyed hashes: whoever reads the database alone can't try whose they are. A new key begins them anew.
"""

import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from standby.database.pool import Pool
from standby.errors import TooManyAttempts


@dataclass(frozen=True)
class Limit:
    """How many may fail in a day without a wait, and how long one has to wait at most."""

    free: int
    longest: timedelta


@dataclass(frozen=True)
class Counted:
    """What attempts are counted by. Of what is not `cleared` by a success only the last one is given back."""

    key: bytes
    limit: Limit
    cleared: bool


OF_ACCOUNT_AT_ADDRESS: Final = Limit(5, timedelta(minutes=15))
OF_ADDRESS: Final = Limit(30, timedelta(minutes=15))
OF_ACCOUNT: Final = Limit(50, timedelta(minutes=1))
LETTERS_TO_EMAIL: Final = Limit(3, timedelta(minutes=15))
LETTERS_OF_ADDRESS: Final = Limit(20, timedelta(minutes=15))


def of_sign_in(secret: bytes, email: str, address: str) -> list[Counted]:
    """What counts for an attempt to sign in."""
    place = place_of(address)
    return [
        Counted(_key(secret, "account at address", email, place), OF_ACCOUNT_AT_ADDRESS, cleared=True),
        Counted(_key(secret, "account", email), OF_ACCOUNT, cleared=True),
        Counted(_key(secret, "address", place), OF_ADDRESS, cleared=False),
    ]


def of_letter(secret: bytes, email: str, address: str) -> list[Counted]:
    """What counts for asking for a mail. It always counts: nothing tells whether there was anything to send."""
    return [
        Counted(_key(secret, "letters to", email), LETTERS_TO_EMAIL, cleared=False),
        Counted(_key(secret, "letters of", place_of(address)), LETTERS_OF_ADDRESS, cleared=False),
    ]


async def take(pool: Pool, counted: Sequence[Counted], *, now: datetime) -> None:
    """Counts an attempt as failed, until it is forgiven. Raises TooManyAttempts."""
    until = await pool.fetchval(
        "SELECT take_attempt($1, $2, $3, $4)",
        [one.key for one in counted],
        [one.limit.free for one in counted],
        [one.limit.longest for one in counted],
        now,
    )
    if until is not None:
        raise TooManyAttempts(retry_after_seconds=int((until - now).total_seconds()) + 1)


async def forgive(pool: Pool, counted: Sequence[Counted]) -> None:
    """The attempt has succeeded."""
    cleared = [one.key for one in counted if one.cleared]
    await pool.execute(
        "SELECT forgive_attempt($1, $2)", cleared, [one.key for one in counted if not one.cleared]
    )


def place_of(address: str) -> str:
    """Where an address is counted: of IPv6 the network of 64 bits, which is what one customer of a provider has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def _key(secret: bytes, *parts: str) -> bytes:
    return hmac.digest(secret, "\0".join(("standby attempt", *parts)).encode(), "sha256")
