"""People who sign in: added, and found by their email."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import email_validator

from standby.accounts.passwords import SAID, problem_of
from standby.accounts.permissions import Role
from standby.accounts.scope import enter_account
from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid, OnlyOwner
from standby.tenants.scope import Author

SQL: Final = statements_beside(__file__)


@dataclass(frozen=True)
class Belongs:
    """A salon that somebody belongs to, and as what."""

    tenant_id: UUID
    slug: str
    name: str
    role: Role


def address_of(text: str) -> str:
    """An email as accounts are known by it: two that differ in capitals are one. Raises Invalid."""
    try:
        found = email_validator.validate_email(text.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        raise Invalid([FieldProblem("email", "is no email address, like name@example.com")]) from error
    return found.normalized.lower()


def check_password(password: str, email: str) -> None:
    """Raises Invalid if this can't be chosen as a password."""
    if problem := problem_of(password, email):
        raise Invalid([FieldProblem("password", SAID[problem], f"password_{problem}")])


async def add(tx: Tx, email: str, password_hash: str | None, *, locale: str, now: datetime) -> UUID | None:
    """Adds somebody whose mailbox this is, and goes on in their account; None: there is such an account already."""
    user_id = new_id()
    await enter_account(tx, user_id)
    added: UUID | None = await tx.fetchval(SQL["insert_user"], user_id, email, password_hash, now, locale)
    return added


async def set_password(tx: Tx, user_id: UUID, password_hash: str, *, now: datetime) -> None:
    """Gives them another password. All their sessions end, and so do the links that would give them yet another,
    or another email.
    """
    await tx.execute(SQL["save_password"], user_id, password_hash)
    await tx.execute(SQL["end_sessions"], user_id, None)
    await tx.execute("SELECT close_letters('reset', $1)", now)
    await tx.execute("SELECT close_letters('email', $1)", now)


async def set_email(tx: Tx, user_id: UUID, email: str, *, now: datetime) -> bool:
    """Gives them another email, which they have shown to be theirs; False: it is somebody's already."""
    try:
        async with tx.transaction():
            await tx.execute(SQL["change_email"], user_id, email, now)
    except asyncpg.UniqueViolationError:
        return False
    await tx.execute("SELECT close_letters('email', $1)", now)
    return True


async def set_locale(tx: Tx, user_id: UUID, locale: str) -> None:
    """The language that they read in, and that is written to them in."""
    await tx.execute(SQL["set_locale"], user_id, locale)


async def delete(tx: Tx, author: Author) -> None:
    """Deletes the transaction's account, as its `author`. Raises OnlyOwner."""
    left = [row["delete_account"] for row in await tx.fetch("SELECT delete_account($1)", author.told)]
    if left:
        raise OnlyOwner(salons=left)


async def salons(tx: Tx) -> list[Belongs]:
    """The salons that this transaction's account belongs to."""
    rows = await tx.fetch("SELECT * FROM salons_of_account()")
    return [Belongs(row["tenant_id"], row["slug"], row["name"], Role(row["role"])) for row in rows]
