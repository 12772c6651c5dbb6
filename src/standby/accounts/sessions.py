"""Sessions: a browser's by the cookie that it shows, a program's by its refresh tokens (refreshing.py).

A cookie's token is random and known to the browser alone. It is another one after each sign-in and whenever what may
be done with it changes. A session ends when it was not used for long, and in any case after a while.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from standby.accounts.permissions import Role
from standby.accounts.scope import account_transaction
from standby.database.pool import Pool, Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import SessionNotFound
from standby.waitlist.tokens import hash_token, new_token

SQL: Final = statements_beside(__file__)
SECURE_COOKIE: Final = (
    "__Host-standby"  # Browsers keep one of this name to https, this host and the whole of it.
)
COOKIE: Final = "standby"  # By http, on the machine itself.


@dataclass(frozen=True)
class Life:
    """How long a session lasts: unused, and at all."""

    idle: timedelta
    whole: timedelta


USUAL: Final = Life(timedelta(days=7), timedelta(days=30))
OPERATORS: Final = Life(timedelta(hours=1), timedelta(hours=12))
UNFINISHED: Final = Life(timedelta(minutes=10), timedelta(minutes=10))  # The code is still to come.


@dataclass(frozen=True)
class Where:
    """Where somebody signs in, and with what: for their list of sessions."""

    address: str
    agent: str


@dataclass(frozen=True)
class SignedIn:
    """Who a cookie stands for. No `tenant_id`: they have not chosen a salon, or don't belong to it any more.

    `needs_code`: they are not signed in yet; the password was right, and their second factor is asked for.
    """

    session_id: UUID
    user_id: UUID
    email: str
    locale: str
    is_operator: bool
    needs_code: bool
    tenant_id: UUID | None
    role: Role | None

    @property
    def actor(self) -> str:
        """What history says of them."""
        return f"user:{self.user_id}"


def cookie_name(*, secure: bool) -> str:
    """What the cookie is called."""
    return SECURE_COOKIE if secure else COOKIE


async def begin(
    tx: Tx,
    user_id: UUID,
    where: Where,
    *,
    tenant_id: UUID | None,
    needs_code: bool = False,
    program: bool = False,
    now: datetime,
) -> tuple[UUID, str]:
    """Begins a session of the transaction's account; its id, and the token for its cookie (a `program` has none)."""
    session_id, token = new_id(), new_token()
    operator = await tx.fetchval(SQL["is_operator"], user_id)
    life = UNFINISHED if needs_code else OPERATORS if operator else USUAL
    await tx.execute(
        SQL["insert_session"],
        session_id,
        user_id,
        None if program else hash_token(token),
        tenant_id,
        needs_code,
        where.address[:100],
        where.agent[:300],
        now,
        life.whole if program else life.idle,
        now + life.whole,
    )
    return session_id, token


async def find(pool: Pool, token: str, *, now: datetime, used: bool = True) -> SignedIn | None:
    """Who a cookie stands for; None: nobody (any more). Not `used`: it is only looked up, and ends as early."""
    row = await pool.fetchrow("SELECT * FROM find_session($1, $2, $3)", hash_token(token), now, used)
    if row is None:
        return None
    found = dict(row)
    role = found.pop("role")
    return SignedIn(found.pop("id"), **found, role=Role(role) if role else None)


async def operator_of(pool: Pool, token: str, *, now: datetime) -> SignedIn | None:
    """Who operates the installation, if that is whose cookie this is; None: it is nobody's, or somebody else's."""
    found = await find(pool, token, now=now)
    return found if found is not None and found.is_operator and not found.needs_code else None


async def choose(pool: Pool, session: SignedIn, tenant_id: UUID) -> str | None:
    """The salon that they work in from now on, and a new token for the cookie; None: they don't belong to it."""
    token = new_token()
    async with account_transaction(pool, session.user_id) as tx:
        salons = [row["tenant_id"] for row in await tx.fetch("SELECT * FROM salons_of_account()")]
        if tenant_id not in salons:
            return None
        await tx.execute(SQL["choose_salon"], session.session_id, tenant_id, hash_token(token))
    return token


async def renew(tx: Tx, session_id: UUID) -> str:
    """A new token for the session's cookie; the old one is worth nothing."""
    token = new_token()
    await tx.execute(SQL["renew_session"], session_id, hash_token(token))
    return token


async def listed(tx: Tx, *, now: datetime) -> Sequence[asyncpg.Record]:
    """The account's sessions, the last seen first."""
    return list(await tx.fetch(SQL["list_sessions"], now))


async def end(tx: Tx, session_id: UUID) -> None:
    """Ends one of the account's sessions. Raises SessionNotFound."""
    if await tx.fetchval(SQL["end_session"], session_id) is None:
        raise SessionNotFound


async def end_all(tx: Tx, user_id: UUID, *, but: UUID | None = None) -> None:
    """Ends the account's sessions, all `but` one."""
    await tx.execute(SQL["end_sessions"], user_id, but)
