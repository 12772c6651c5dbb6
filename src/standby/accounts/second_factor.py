"""The second factor: a code of six digits that an authenticator makes every 30 seconds (TOTP, RFC 6238).

What makes the codes is kept sealed and shown once. A code is good once, and so is each of the recovery codes.
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
import structlog

from standby.database.pool import Pool, Tx
from standby.database.statements import statements_beside
from standby.errors import CodesUnavailable, FieldProblem, Invalid, SecondFactorThere
from standby.messages.sealing import CannotOpen, Seal
from standby.waitlist.tokens import hash_token

SQL: Final = statements_beside(__file__)
ISSUER: Final = "Standby"
RECOVERY_CODES: Final = 10
SECRET: Final = re.compile(r"[A-Z2-7]{32}")
DRIFT: Final = (0, -1, 1)  # A clock may be off by half a minute.

log = structlog.get_logger()


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator is to be told: typed in, or as the address in a QR code."""

    secret: str
    uri: str


async def enrol(tx: Tx, user_id: UUID, email: str, *, seal: Seal) -> Enrolment:
    """Begins; no code is asked for until one was confirmed. Raises SecondFactorThere."""
    secret = pyotp.random_base32()
    if await tx.fetchval(SQL["enrol_factor"], user_id, seal.close({"totp": secret})) is None:
        raise SecondFactorThere
    return Enrolment(secret, _uri(secret, email))


async def confirm(tx: Tx, user_id: UUID, code: str, *, seal: Seal, now: datetime) -> list[str]:
    """From now on a code is asked for; the recovery codes, which are shown this once.

    Raises Invalid if this code isn't the authenticator's, SecondFactorThere, CodesUnavailable.
    """
    row = await tx.fetchrow(SQL["find_factor"], user_id)
    if row is not None and row["totp_since"] is not None:
        raise SecondFactorThere
    if (
        row is None
        or row["totp_secret"] is None
        or not await _is_code(tx, user_id, row["totp_secret"], code, seal, now)
    ):
        raise Invalid([FieldProblem("code", "is not the code that the authenticator shows now")])
    await tx.execute(SQL["confirm_factor"], user_id, now)
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    await tx.execute(SQL["insert_recovery_codes"], user_id, [hash_token(_plain(one)) for one in codes])
    return codes


async def is_there(tx: Tx, user_id: UUID) -> bool:
    """Whether a code is asked for."""
    row = await tx.fetchrow(SQL["find_factor"], user_id)
    return row is not None and row["totp_since"] is not None


def enrolment_of(secret: str, email: str) -> Enrolment | None:
    """What an authenticator is told by this secret; None: it is no secret."""
    if not SECRET.fullmatch(secret):
        return None
    return Enrolment(secret, _uri(secret, email))


async def remove(tx: Tx, user_id: UUID) -> None:
    """No code is asked for any more."""
    await tx.execute(SQL["remove_factor"], user_id)
    await tx.execute(SQL["remove_recovery_codes"], user_id)


async def is_right(tx: Tx, user_id: UUID, code: str, *, seal: Seal, now: datetime) -> bool:
    """Whether this is a code of theirs, or a recovery code; it is used up then.

    Raises CodesUnavailable if it is no recovery code, and what makes the others can't be opened.
    """
    row = await tx.fetchrow(SQL["find_factor"], user_id)
    if row is None or row["totp_secret"] is None:
        return False
    if await tx.fetchval(SQL["use_recovery_code"], user_id, hash_token(_plain(code)), now) is not None:
        return True
    return await _is_code(tx, user_id, row["totp_secret"], code, seal, now)


async def reseal(pool: Pool, seal: Seal) -> int:
    """Seals everybody's secret anew with the first key; how many there are. `pool` acts as the worker's role.

    Raises CannotOpen, and then nothing is changed.
    """
    rows = await pool.fetch("SELECT * FROM sealed_factors()")
    for row, opened in [(row, seal.open(row["secret"])) for row in rows]:
        await pool.execute("SELECT reseal_factor($1, $2, $3)", row["id"], row["secret"], seal.close(opened))
    return len(rows)


async def _is_code(tx: Tx, user_id: UUID, sealed: bytes, code: str, seal: Seal, now: datetime) -> bool:
    try:
        totp = pyotp.TOTP(seal.open(sealed)["totp"])
    except CannotOpen as error:
        log.error("second_factor_cannot_be_opened", user_id=str(user_id), error=str(error))  # noqa: TRY400  # It says all.
        raise CodesUnavailable from None
    given, current = code.replace(" ", ""), totp.timecode(now)
    for counter in (current + drift for drift in DRIFT):
        if hmac.compare_digest(totp.generate_otp(counter).encode(), given.encode("utf-8", "replace")):
            return await tx.fetchval(SQL["use_counter"], user_id, counter) is not None
    return False


def _uri(secret: str, email: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[place : place + 4] for place in range(0, 16, 4))


def _plain(code: str) -> str:
    return code.strip().lower().replace("-", "").replace(" ", "")
