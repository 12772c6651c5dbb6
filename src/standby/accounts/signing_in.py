"""Signing in with email and password, and a code where the account has a second factor.

Whether there is such an account can't be told: neither from the answer, nor from the time that it takes.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from standby.accounts import second_factor, sessions, throttle, users
from standby.accounts.accounts import Accounts
from standby.accounts.scope import account_transaction, named_account
from standby.accounts.sessions import SignedIn, Where
from standby.database.statements import statements_beside
from standby.errors import Invalid, SecondFactorNeeded, WrongCode, WrongCredentials

SQL: Final = statements_beside(__file__)


@dataclass(frozen=True)
class Known:
    """Somebody whose password was right."""

    user_id: UUID
    email: str
    has_factor: bool


@dataclass(frozen=True)
class Begun:
    """A session has begun; its cookie's token. `needs_code`: it is good for nothing until the code is shown.

    `in_salon`: they work in one; else they have none, or have to choose.
    """

    token: str
    needs_code: bool
    in_salon: bool


async def sign_in(
    accounts: Accounts, email: str, password: str, code: str | None, where: Where, *, old: str | None
) -> Begun:
    """Begins a browser's session; the one that it had (`old`) ends.

    Raises WrongCredentials, WrongCode, CodesUnavailable, TooManyAttempts.
    """
    known = await check_password(accounts, email, password, where)
    if known.has_factor and code is not None:
        await check_code(accounts, known.user_id, known.email, code, where)
    needs_code = known.has_factor and code is None
    return await begin(accounts, known.user_id, where, old=old, needs_code=needs_code)


async def finish(accounts: Accounts, unfinished: SignedIn, token: str, code: str, where: Where) -> Begun:
    """The second step of a sign-in that needs a code. Raises as check_code does."""
    await check_code(accounts, unfinished.user_id, unfinished.email, code, where)
    return await begin(accounts, unfinished.user_id, where, old=token)


async def identify(accounts: Accounts, email: str, password: str, code: str | None, where: Where) -> Known:
    """Who a program signs in as, in one step.

    Raises WrongCredentials, SecondFactorNeeded, WrongCode, CodesUnavailable, TooManyAttempts.
    """
    known = await check_password(accounts, email, password, where)
    if known.has_factor:
        if code is None:
            raise SecondFactorNeeded
        await check_code(accounts, known.user_id, known.email, code, where)
    return known


async def check_password(accounts: Accounts, email: str, password: str, where: Where) -> Known:
    """Raises WrongCredentials, TooManyAttempts."""
    address = _address_of(email)
    counted = throttle.of_sign_in(accounts.keys[0], address, where.address)
    await throttle.take(accounts.pool, counted, now=accounts.clock())
    async with named_account(accounts.pool, address) as (tx, user_id):
        row = await tx.fetchrow(SQL["find_user"], user_id)
    kept = row["password_hash"] if row is not None else None
    if not await accounts.passwords.is_right(kept, password) or row is None or kept is None:
        raise WrongCredentials
    # With a second factor to come, what counts against the account stays until that is right too: else who has the
    # password could try one code after the other.
    await throttle.forgive(accounts.pool, [one for one in counted if not (one.cleared and row["has_factor"])])
    if accounts.passwords.is_outdated(kept):
        again = await accounts.passwords.hashed(password)
        async with account_transaction(accounts.pool, row["id"]) as tx:
            await tx.execute(SQL["rehash_password"], row["id"], kept, again)
    return Known(row["id"], row["email"], row["has_factor"])


async def check_code(accounts: Accounts, user_id: UUID, email: str, code: str, where: Where) -> None:
    """Uses up a code of theirs. Raises WrongCode, CodesUnavailable, TooManyAttempts."""
    counted = [one for one in throttle.of_sign_in(accounts.keys[0], email, where.address) if one.cleared]
    await throttle.take(accounts.pool, counted, now=accounts.clock())
    async with account_transaction(accounts.pool, user_id) as tx:
        right = await second_factor.is_right(tx, user_id, code, seal=accounts.seal(), now=accounts.clock())
    if not right:
        raise WrongCode
    await throttle.forgive(accounts.pool, counted)


async def begin(
    accounts: Accounts, user_id: UUID, where: Where, *, old: str | None, needs_code: bool = False
) -> Begun:
    """A browser's session of somebody who has shown who they are; the one that it had (`old`) ends.

    They go on in the salon where they were last, as far as that is known, or in the only one that they have.
    """
    now = accounts.clock()
    before = await sessions.find(accounts.pool, old, now=now) if old else None
    if before is not None:
        async with account_transaction(accounts.pool, before.user_id) as tx:
            await tx.fetchval(SQL["end_session"], before.session_id)
    async with account_transaction(accounts.pool, user_id) as tx:
        salons = [one.tenant_id for one in await users.salons(tx)]
        last = await tx.fetchval(SQL["last_salon"], salons)
        if before is not None and before.user_id == user_id and before.tenant_id is not None:
            last = before.tenant_id
        salon = salons[0] if len(salons) == 1 else last
        _, token = await sessions.begin(tx, user_id, where, tenant_id=salon, needs_code=needs_code, now=now)
    return Begun(token, needs_code, in_salon=salon is not None)


def _address_of(email: str) -> str:
    """What can be no address is nobody's; it takes as long to find out."""
    try:
        return users.address_of(email)
    except Invalid:
        return "nobody"
