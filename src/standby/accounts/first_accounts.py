"""What the installation's operator does about accounts, on the command line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from standby.accounts import members, second_factor, users
from standby.accounts.permissions import Role
from standby.accounts.scope import named_account
from standby.database.pool import Pool, Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import MemberAlready
from standby.tenants import tenants
from standby.waitlist.tokens import hash_token, new_token

SQL: Final = statements_beside(__file__)
LINK_LIVES: Final = timedelta(days=1)


@dataclass(frozen=True)
class Listed:
    """An account, in a list. `salons` is to be read: shop: owner, other: staff."""

    email: str
    is_operator: bool
    second_factor: bool
    has_password: bool
    salons: str


async def add(tx: Tx, email: str, role: Role, *, locale: str | None, now: datetime) -> str:
    """Makes somebody a member of the transaction's salon; the token of a link by which they choose a password.

    A new account reads in `locale` (None: as the salon does). Raises Invalid, MemberAlready.
    """
    address = users.address_of(email)
    locale = locale or (await tenants.find(tx)).locale
    user_id = await tx.fetchval("SELECT enter_account_named($1)", address)
    if user_id is None:
        user_id = await users.add(tx, address, None, locale=locale, now=now)
    if not await members.add(tx, user_id, role, now=now):
        raise MemberAlready
    return await _link(tx, locale, now)


async def renew_link(pool: Pool, email: str, *, now: datetime) -> str | None:
    """The token of another link by which they choose a password; those from before end. None: no such account.

    `pool` acts as the application's role. Raises Invalid.
    """
    async with named_account(pool, users.address_of(email)) as (tx, user_id):
        if user_id is None:
            return None
        await tx.execute("SELECT close_letters('reset', $1)", now)
        [user] = await tx.fetch(SQL["find_user"], user_id)
        return await _link(tx, user["locale"], now)


async def remove_second_factor(pool: Pool, email: str) -> bool:
    """They sign in with their password alone, anew everywhere; whether there is such an account.

    `pool` acts as the application's role. Raises Invalid.
    """
    async with named_account(pool, users.address_of(email)) as (tx, user_id):
        if user_id is None:
            return False
        await second_factor.remove(tx, user_id)
        await tx.execute(SQL["end_sessions"], user_id, None)
        return True


async def set_operator(pool: Pool, email: str, *, is_operator: bool) -> bool:
    """Whether there is such an account. `pool` acts as the worker's role. Raises Invalid."""
    return bool(await pool.fetchval("SELECT set_operator($1, $2)", users.address_of(email), is_operator))


async def listed(pool: Pool) -> list[Listed]:
    """Everybody. `pool` acts as the worker's role."""
    return [Listed(**row) for row in await pool.fetch("SELECT * FROM list_users()")]


async def _link(tx: Tx, locale: str, now: datetime) -> str:
    """For the transaction's account."""
    token = new_token()
    await tx.execute(
        "SELECT hand_over_letter($1, $2, $3, $4, $5)",
        new_id(),
        locale,
        hash_token(token),
        now + LINK_LIVES,
        now,
    )
    return token
