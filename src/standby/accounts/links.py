"""What the links in mails about accounts open: a salon's beginning, a new password, a place in a salon.

Each is good once, and shows that whoever opens it reads the mails of its address. Passwords are chosen here, behind the
link, and never before it: nobody can leave one in an account of somebody else's address.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Final
from uuid import UUID

import asyncpg

from standby.accounts import letters, members, throttle, users
from standby.accounts.accounts import Accounts
from standby.accounts.letters import Kind
from standby.accounts.permissions import Role
from standby.accounts.scope import account_transaction, letter_transaction
from standby.accounts.sessions import Where
from standby.database.pool import Tx
from standby.errors import FieldProblem, Invalid, LinkNotFound, NameTaken
from standby.tenants import tenants
from standby.tenants.tenants import Salon
from standby.waitlist.tokens import hash_token

LONGEST_SLUG: Final = 63
LINK: Final = re.compile(r"://|www\.", re.IGNORECASE)  # Invitations carry a salon's name to anybody.


@dataclass(frozen=True)
class Opened:
    """What a link is about. `role` and `salon` are what it leads to; `is_new`: they have to choose a password."""

    email: str
    locale: str
    is_new: bool
    salon: str | None
    role: Role | None


@dataclass(frozen=True)
class Used:
    """Whose link it was. `is_new`: they have just chosen their password."""

    user_id: UUID
    is_new: bool


@dataclass(frozen=True)
class SigningUp:
    """A salon that somebody would like to have, and their email."""

    email: str
    salon: str
    timezone: str
    currency: str
    country: str
    locale: str


async def ask_sign_up(accounts: Accounts, wanted: SigningUp, where: Where) -> None:
    """Sends a link to go on with. Nothing is made before it is opened.

    Raises Invalid with every problem, TooManyAttempts.
    """
    problems: list[FieldProblem] = []
    rest = {name: getattr(wanted, name) for name in ("timezone", "currency", "country")}
    try:
        tenants.planned(wanted.salon, locale=wanted.locale, **rest)
    except Invalid as invalid:
        named = {"name": "salon", "slug": "salon"}
        problems += [replace(one, field=named.get(one.field, one.field)) for one in invalid.problems]
    if LINK.search(wanted.salon):
        problems.append(FieldProblem("salon", "has a web address in it; write the name alone"))
    try:
        users.address_of(wanted.email)
    except Invalid as invalid:
        problems += invalid.problems
    if problems:
        raise Invalid(problems)
    await _ask(
        accounts, "sign_up", wanted.email, wanted.locale, rest | {"salon": wanted.salon.strip()}, where
    )


async def ask_reset(accounts: Accounts, email: str, locale: str, where: Where) -> None:
    """Sends a link to choose a password, if there is such an account. Raises Invalid, TooManyAttempts."""
    await _ask(accounts, "reset", email, locale, {}, where)


async def ask_email(
    accounts: Accounts, user_id: UUID, email: str, wanted: str, locale: str, where: Where
) -> None:
    """Sends a link to the address that the account is to have, and tells the one that it has (`email`).

    Whether the new one is somebody's already can't be told. Raises Invalid, TooManyAttempts.
    """
    address, now = users.address_of(wanted), accounts.clock()
    if address == email:
        raise Invalid([FieldProblem("email", "is the one that your account has", "email_same")])
    await throttle.take(accounts.pool, throttle.of_letter(accounts.keys[0], address, where.address), now=now)
    async with account_transaction(accounts.pool, user_id) as tx:
        await tx.execute("SELECT close_letters('email', $1)", now)
        details = {"account": str(user_id)}
        await letters.ask(tx, "email", address, locale=locale, details=details, now=now)
        await letters.ask(tx, "email_asked", email, locale=locale, details={}, now=now)


async def confirm_email(accounts: Accounts, token: str) -> None:
    """From now on the account is known by the address that the link went to. Raises LinkNotFound."""
    now = accounts.clock()
    async with letter_transaction(accounts.pool, hash_token(token), "email", use=True, now=now) as (
        tx,
        letter,
    ):
        user_id = letter["user_id"]
        if user_id is None or not await users.set_email(tx, user_id, letter["email"], now=now):
            raise LinkNotFound


async def open_link(accounts: Accounts, kind: Kind, token: str) -> Opened:
    """What a link is about; changes nothing. Raises LinkNotFound."""
    now = accounts.clock()
    async with letter_transaction(accounts.pool, hash_token(token), kind, use=False, now=now) as (tx, letter):
        salon, role = letter["details"].get("salon"), None
        if kind == "invitation":
            invitation = await _invitation(tx, letter, now)
            salon, role = (await tenants.find(tx)).name, invitation.role
        return Opened(letter["email"], letter["locale"], not letter["has_password"], salon, role)


async def begin_salon(accounts: Accounts, token: str, password: str | None) -> Used:
    """Makes the salon that was signed up, with whoever did so as its owner. Raises LinkNotFound, Invalid."""
    now = accounts.clock()
    chosen = await _chosen(accounts, "sign_up", token, password)
    async with letter_transaction(accounts.pool, hash_token(token), "sign_up", use=True, now=now) as (
        tx,
        letter,
    ):
        user_id = await _account(tx, letter, chosen, now)
        details = dict(letter["details"])
        salon = tenants.planned(details.pop("salon"), locale=letter["locale"], **details)
        await _enter_tenant(tx, salon.id)
        await _add_salon(tx, salon, now)
        await members.add(tx, user_id, Role.OWNER, now=now)
    return Used(user_id, chosen is not None)


async def join_salon(
    accounts: Accounts, token: str, password: str | None, *, locale: str | None = None
) -> Used:
    """Takes an invitation; a new account reads in `locale` (None: as the salon does). Raises LinkNotFound, Invalid."""
    now = accounts.clock()
    chosen = await _chosen(accounts, "invitation", token, password)
    async with letter_transaction(accounts.pool, hash_token(token), "invitation", use=True, now=now) as (
        tx,
        letter,
    ):
        user_id = await _account(tx, letter, chosen, now, locale=locale)
        invitation = await _invitation(tx, letter, now)
        await members.take_back(tx, invitation.id)
        await members.add(tx, user_id, invitation.role, now=now)
    return Used(user_id, chosen is not None)


async def reset_password(accounts: Accounts, token: str, password: str) -> None:
    """Gives the link's account another password; all its sessions end. Raises LinkNotFound, Invalid."""
    now = accounts.clock()
    opened = await open_link(accounts, "reset", token)
    users.check_password(password, opened.email)
    hashed = await accounts.passwords.hashed(password)
    async with letter_transaction(accounts.pool, hash_token(token), "reset", use=True, now=now) as (
        tx,
        letter,
    ):
        if letter["user_id"] is None:
            raise LinkNotFound
        await users.set_password(tx, letter["user_id"], hashed, now=now)


async def _ask(
    accounts: Accounts, kind: Kind, email: str, locale: str, details: dict[str, str], where: Where
) -> None:
    address = users.address_of(email)
    await throttle.take(
        accounts.pool, throttle.of_letter(accounts.keys[0], address, where.address), now=accounts.clock()
    )
    await letters.ask(accounts.pool, kind, address, locale=locale, details=details, now=accounts.clock())


async def _chosen(accounts: Accounts, kind: Kind, token: str, password: str | None) -> str | None:
    """The hash of the password that they had to choose; None: they have one."""
    opened = await open_link(accounts, kind, token)
    if not opened.is_new:
        return None
    if password is None:
        raise Invalid([FieldProblem("password", "is needed", "missing")])
    users.check_password(password, opened.email)
    return await accounts.passwords.hashed(password)


async def _account(
    tx: Tx, letter: asyncpg.Record, chosen: str | None, now: datetime, *, locale: str | None = None
) -> UUID:
    """The account of the letter's address, made if there was none."""
    user_id: UUID | None = letter["user_id"]
    if user_id is None:
        user_id = await users.add(tx, letter["email"], chosen, locale=locale or letter["locale"], now=now)
    elif chosen is not None:
        await users.set_password(tx, user_id, chosen, now=now)
    if user_id is None:  # Their account has come to be this moment, by another link.
        raise LinkNotFound
    return user_id


async def _invitation(tx: Tx, letter: asyncpg.Record, now: datetime) -> members.Invitation:
    """The invitation that the letter brings; from here on the transaction works for its salon."""
    await _enter_tenant(tx, UUID(letter["details"]["tenant"]))
    invitation = await members.find_invitation(tx, UUID(letter["details"]["invitation"]), now=now)
    if invitation is None:
        raise LinkNotFound
    return invitation


async def _add_salon(tx: Tx, salon: Salon, now: datetime) -> None:
    """Adds it by its own name in addresses, or if that is another's with a number behind it."""
    for number in count(2):
        try:
            async with tx.transaction():
                await tenants.add(tx, salon, now=now)
        except NameTaken:
            ending = f"-{number}"
            base = tenants.slug_of(salon.name)[: LONGEST_SLUG - len(ending)].rstrip("-")
            salon = replace(salon, slug=base + ending)
        else:
            return


async def _enter_tenant(tx: Tx, tenant_id: UUID) -> None:
    await tx.execute("SELECT set_config('standby.tenant', $1, true)", str(tenant_id))
