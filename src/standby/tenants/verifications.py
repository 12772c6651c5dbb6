"""Phone numbers that somebody shows to be theirs, by a code that is sent to them. They need not be known to the salon.

The caller owns the transaction and its tenant. How often codes are sent is limited before (codes.lines).
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import TooManyRequests, VerificationNotFound
from standby.tenants.codes import NEXT_AFTER, TRIES, VALID, VERIFIED, hash_code
from standby.waitlist.tokens import hash_token, new_token

SQL = statements_beside(__file__)

Purpose: TypeAlias = Literal["booking", "waitlist", "data"]


@dataclass(frozen=True)
class Asked:
    """A code is on its way."""

    id: UUID
    expires_at: datetime


@dataclass(frozen=True)
class Verified:
    """The number is theirs: the token says so, in this salon, as often as they like until it expires."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Wrong:
    """That was not the code."""

    tries_left: int


@dataclass(frozen=True)
class Over:
    """The code has expired, was used, was tried too often, or there is a newer one."""


async def ask(tx: Tx, phone: str, purpose: Purpose, *, now: datetime, wanted_id: UUID | None = None) -> Asked:
    """Sends a code to a number (E.164); one that was sent before is good no longer. Raises TooManyRequests.

    It gets the id `wanted_id`, unless another has that: so a form that comes twice can tell that it did.
    """
    taken = wanted_id is None or await tx.fetchval(SQL["is_verification"], wanted_id)
    asked = Asked(new_id() if wanted_id is None or taken else wanted_id, now + VALID)
    await tx.execute(SQL["end_code"], phone, now)
    if not await tx.fetchval(SQL["insert_code"], asked.id, phone, purpose, now, asked.expires_at):
        # Somebody asked at the same moment.
        raise TooManyRequests(retry_after_seconds=int(NEXT_AFTER.total_seconds()))
    return asked


async def is_open(tx: Tx, verification_id: UUID, phone: str, *, now: datetime) -> bool:
    """Whether this code went to this number (E.164) and can still be tried."""
    return bool(await tx.fetchval(SQL["is_open_code"], verification_id, phone, now))


async def confirm(
    tx: Tx, verification_id: UUID, code: str, *, secret: bytes, now: datetime, phone: str | None = None
) -> Verified | Wrong | Over:
    """Takes a code, and counts the try: so the transaction has to be committed, whatever comes of it.

    With `phone` (E.164) a code that went to another number is a wrong one; without, the token says whose number it is.
    Who tries at the same time waits here, so nobody has more tries than there are. Raises VerificationNotFound.
    """
    taken = await tx.fetchrow(SQL["take_try"], verification_id, TRIES, now)
    if taken is None:
        if not await tx.fetchval(SQL["is_verification"], verification_id):
            raise VerificationNotFound
        return Over()
    theirs = phone is None or taken["phone"] == phone
    if not hmac.compare_digest(taken["code_hash"], hash_code(secret, verification_id, code)) or not theirs:
        return Wrong(TRIES - taken["tries"])
    verified = Verified(new_token(), now + VERIFIED)
    await tx.execute(
        SQL["confirm_code"], verification_id, hash_token(verified.token), verified.expires_at, now
    )
    return verified


async def is_verified(tx: Tx, token: str, phone: str, *, now: datetime) -> bool:
    """Whether the token is this number's (E.164) in this salon, and still good."""
    return bool(await tx.fetchval(SQL["is_verified"], hash_token(token), phone, now))
