"""What the installation's operator does about accounts, on the command line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from standby.accounts import members, users
from standby.accounts.permissions import Role
from standby.database.pool import Pool, Tx, new_id
from standby.errors import MemberAlready
from standby.waitlist.tokens import hash_token, new_token

LINK_LIVES: Final = timedelta(days=1)


@dataclass(frozen=True)
class Listed:
    """An account, in a list. `salons` is to be read: shop: owner, other: staff."""

    email: str
    is_operator: bool
    second_factor: bool
    has_password: bool
    salons: str


async def add(tx: Tx, email: str, role: Role, *, locale: str, now: datetime) -> str:
    """Makes somebody a member of the transaction's salon; the token of a link by which they choose a password.

    Raises Invalid, MemberAlready.
    """
    address = users.address_of(email)
    user_id = await tx.fetchval("SELECT enter_account_named($1)", address)
    if user_id is None:
        user_id = await users.add(tx, address, None, locale=locale, now=now)
    if not await members.add(tx, user_id, role, now=now):
        raise MemberAlready
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


async def set_operator(pool: Pool, email: str, *, is_operator: bool) -> bool:
    """Whether there is such an account. `pool` acts as the worker's role. Raises Invalid."""
    return bool(await pool.fetchval("SELECT set_operator($1, $2)", users.address_of(email), is_operator))


async def listed(pool: Pool) -> list[Listed]:
    """Everybody. `pool` acts as the worker's role."""
    return [Listed(**row) for row in await pool.fetch("SELECT * FROM list_users()")]
