"""Who belongs to a salon, and as what; and whom it has invited. The caller owns the transaction and its tenant."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from standby.accounts import letters, users
from standby.accounts.permissions import Role
from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import InvitationNotFound, LastOwner, MemberAlready, MemberNotFound, TooManyInvitations
from standby.tenants import permits
from standby.tenants.permits import Rate

SQL: Final = statements_beside(__file__)

# An invitation is a mail to anybody, so a salon sends few, and few come to one address, whichever salons send them.
OF_SALON: Final = Rate(20, timedelta(days=1) / 20)
TO_EMAIL: Final = Rate(3, timedelta(days=1) / 3)


@dataclass(frozen=True)
class Invitation:
    """Somebody who may join. `ends_at` is when they can't any more."""

    id: UUID
    email: str
    role: Role
    invited_by: str
    created_at: datetime
    ends_at: datetime


async def add(tx: Tx, user_id: UUID, role: Role, *, now: datetime) -> bool:
    """Makes a user a member; False: they are one already, and stay what they are."""
    return await tx.fetchval(SQL["insert_member"], user_id, role, now) is not None


async def all_of(tx: Tx) -> list[asyncpg.Record]:
    """The salon's members: user_id, email, role, created_at."""
    return list(await tx.fetch("SELECT * FROM members_of_salon()"))


async def set_role(tx: Tx, user_id: UUID, role: Role) -> None:
    """Makes a member something else, from their next request on. Raises MemberNotFound, LastOwner."""
    await _keep_an_owner(tx, user_id, stays=role is Role.OWNER)
    await tx.execute(SQL["set_role"], user_id, role)


async def remove(tx: Tx, user_id: UUID) -> None:
    """They belong to the salon no more, from their next request on. Raises MemberNotFound, LastOwner."""
    await _keep_an_owner(tx, user_id, stays=False)
    await tx.execute(SQL["delete_member"], user_id)


async def invite(
    tx: Tx, email: str, role: Role, *, secret: bytes, locale: str, by: str, now: datetime
) -> Invitation:
    """Invites whoever has this mailbox, by a mail with a link; an earlier invitation of theirs gives way to this one.

    `secret` keys the counts. Raises Invalid, MemberAlready, TooManyInvitations.
    """
    address = users.address_of(email)
    if address in {row["email"] for row in await all_of(tx)}:
        raise MemberAlready
    ends_at = now + letters.LIFETIMES["invitation"]
    invitation = Invitation(new_id(), address, role, by, now, ends_at)
    tenant_id = await tx.fetchval(SQL["insert_invitation"], invitation.id, address, role, by, now, ends_at)
    lines = {f"invitations of {tenant_id}": OF_SALON, f"invitations to {address}": TO_EMAIL}
    if wait := await permits.take(tx, lines, secret=secret, now=now):
        raise TooManyInvitations(retry_after_seconds=-(-wait // timedelta(seconds=1)))
    details = {"tenant": str(tenant_id), "invitation": str(invitation.id)}
    await letters.ask(tx, "invitation", address, locale=locale, details=details, now=now)
    return invitation


async def invitations(tx: Tx) -> list[Invitation]:
    """Who is invited and has not come yet, the newest first."""
    return [_invitation(row) for row in await tx.fetch(SQL["list_invitations"])]


async def take_back(tx: Tx, invitation_id: UUID) -> None:
    """The invitation's link is good for nothing any more. Raises InvitationNotFound."""
    if await tx.fetchval(SQL["delete_invitation"], invitation_id) is None:
        raise InvitationNotFound


async def find_invitation(tx: Tx, invitation_id: UUID, *, now: datetime) -> Invitation | None:
    """The invitation; None: it was taken back, has ended, or they have come."""
    row = await tx.fetchrow(SQL["find_invitation"], invitation_id, now)
    return None if row is None else _invitation(row)


async def _keep_an_owner(tx: Tx, user_id: UUID, *, stays: bool) -> None:
    """Owners are locked, in one order: of two who remove each other one waits, and is then the last."""
    owners = [row["user_id"] for row in await tx.fetch(SQL["lock_owners"])]
    if await tx.fetchval(SQL["find_role"], user_id) is None:
        raise MemberNotFound
    if owners == [user_id] and not stays:
        raise LastOwner


def _invitation(row: asyncpg.Record) -> Invitation:
    found = dict(row)
    return Invitation(**found | {"role": Role(found["role"])})
