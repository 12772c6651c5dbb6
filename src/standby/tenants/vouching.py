"""What somebody writes who shows in the same breath that a number is theirs: code and write are one transaction.

So a form that is sent twice is done once: the second waits for the first's code, and is told what came of it. The
caller owns the transaction, and commits it whatever comes of it: a wrong code has to be counted.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, TypeAlias
from uuid import UUID

from standby.database.pool import Tx
from standby.errors import StandbyError, VerificationNotFound
from standby.tenants import request_keys, verifications
from standby.tenants.request_keys import Answered
from standby.tenants.verifications import Over, Verified, Wrong

CREATED: Final = 201


@dataclass(frozen=True)
class Shown:
    """What is shown for a number: the code that was sent to it, or the token that this code was exchanged for."""

    verification_id: UUID | None = None
    code: str | None = None
    token: str = ""


@dataclass(frozen=True)
class Done:
    """It is written, now or before: what has this id."""

    id: UUID


@dataclass(frozen=True)
class Failed:
    """The number is theirs, by this token, but what they want can't be; nothing of it was done."""

    error: StandbyError
    token: str


@dataclass(frozen=True)
class Unshown:
    """Nothing shows (any more) that the number is theirs."""


Outcome: TypeAlias = Done | Failed | Wrong | Over | Unshown


async def write(
    tx: Tx,
    phone: str,
    shown: Shown,
    what: str,
    act: Callable[[], Awaitable[UUID]],
    *,
    secret: bytes,
    now: datetime,
) -> Outcome:
    """Does `act` for a number (E.164), once for the same code and `what`. Of a StandbyError's nothing is kept.

    A code that went to another number is a wrong one.
    """
    what = f"{phone} {what}"  # Whoever shows another number finds nothing of what was done for this one.
    if shown.token and await verifications.is_verified(tx, shown.token, phone, now=now):
        return await _once(tx, _key(shown.token, what), shown.token, act, now)
    if shown.verification_id is None or shown.code is None:
        return Unshown()
    # Whoever knows both knew the code while it was good.
    key = _key(f"{shown.verification_id} {shown.code}", what)
    try:
        confirmed = await verifications.confirm(
            tx, shown.verification_id, shown.code, phone=phone, secret=secret, now=now
        )
    except VerificationNotFound:
        return Over()
    match confirmed:
        case Verified(token):
            return await _once(tx, key, token, act, now)
        case Over():
            before = await request_keys.find(tx, key)
            return Over() if before is None else Done(UUID(bytes=before.body))
        case other:
            return other


def _key(secret: str, what: str) -> str:
    return f"page {sha256(f'{secret} {what}'.encode()).hexdigest()}"


async def _once(
    tx: Tx, key: str, token: str, act: Callable[[], Awaitable[UUID]], now: datetime
) -> Done | Failed:
    await tx.execute("SAVEPOINT vouched")
    before = await request_keys.take(tx, key, sha256(key.encode()).digest(), now=now)
    if before is not None:
        return Done(UUID(bytes=before.body))
    try:
        done = await act()
    except StandbyError as error:
        await tx.execute("ROLLBACK TO vouched")
        return Failed(error, token)
    await request_keys.keep(tx, key, Answered(CREATED, done.bytes))
    return Done(done)
