"""How a program stays signed in: access tokens of a quarter of an hour, and refresh tokens to get the next one with.

A refresh token is good once. One that comes again was stolen, or its thief's came first: its session ends, and with it
every token that descends from it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from standby.accounts import sessions, users
from standby.accounts.accounts import Accounts
from standby.accounts.scope import account_transaction, refreshed_account
from standby.accounts.sessions import Where
from standby.accounts.signing_in import Known
from standby.accounts.users import Belongs
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid, NotAuthenticated
from standby.tenants.sign_in import Identity, issue_token
from standby.waitlist.tokens import hash_token, new_token

SQL: Final = statements_beside(__file__)
ACCESS: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Tokens:
    """What a program gets: to call with, and to come back with."""

    access: str
    refresh: str


async def begin(accounts: Accounts, known: Known, salon: str | None, where: Where) -> Tokens:
    """Tokens for one salon of theirs: the named one, or the only one. Raises Invalid."""
    now = accounts.clock()
    async with account_transaction(accounts.pool, known.user_id) as tx:
        belongs = _chosen(await users.salons(tx), salon)
        session_id, _ = await sessions.begin(
            tx, known.user_id, where, tenant_id=belongs.tenant_id, program=True, now=now
        )
        return await _tokens(tx, accounts, known.user_id, belongs, session_id, now)


async def renew(accounts: Accounts, refresh_token: str) -> Tokens:
    """The next tokens. Raises NotAuthenticated."""
    now, tokens = accounts.clock(), None
    hashed = hash_token(refresh_token)
    async with refreshed_account(accounts.pool, hashed) as (tx, user_id):
        if user_id is not None:
            session = await tx.fetchrow(SQL["use_refresh_token"], hashed, now)
            there = {belongs.tenant_id: belongs for belongs in await users.salons(tx)}
            if session is None or session["tenant_id"] not in there:
                await tx.execute(SQL["end_session_of_refresh"], hashed)
            else:
                belongs = there[session["tenant_id"]]
                tokens = await _tokens(tx, accounts, user_id, belongs, session["id"], now)
    if tokens is None:  # Raised here, for the session's end has to be kept.
        raise NotAuthenticated("This refresh token is not good (any more); sign in again")
    return tokens


async def _tokens(
    tx: Tx, accounts: Accounts, user_id: UUID, belongs: Belongs, session_id: UUID, now: datetime
) -> Tokens:
    refresh = new_token()
    await tx.execute(SQL["insert_refresh_token"], hash_token(refresh), user_id, session_id)
    identity = Identity(belongs.tenant_id, f"user:{user_id}", role=belongs.role, user_id=user_id)
    return Tokens(issue_token(accounts.keys[0], identity, now=now, lifetime=ACCESS), refresh)


def _chosen(salons: list[Belongs], wanted: str | None) -> Belongs:
    if wanted is None and len(salons) == 1:
        return salons[0]
    found = next((one for one in salons if one.slug == wanted), None)
    if found is None:
        names = ", ".join(one.slug for one in salons) or "none"
        raise Invalid([FieldProblem("salon", f"should be one of yours: {names}", "not_found")])
    return found
