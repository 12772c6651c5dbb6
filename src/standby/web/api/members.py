"""/api/members, /api/invitations: who belongs to the salon, and as what."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from standby.accounts import members
from standby.accounts.permissions import Role
from standby.tenants import tenants
from standby.web.api.caller import GetCaller
from standby.web.api.fields import documented
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import Body, View

router = APIRouter(tags=["members"], route_class=FormRoute)

RoleName = Literal["owner", "manager", "staff", "viewer"]
Email = Annotated[str, documented("string", format="email")]


class MemberView(View):
    user_id: UUID
    email: str
    role: RoleName
    created_at: datetime = Field(description="since when they belong to it")


class RoleBody(Body):
    role: RoleName


class InvitationBody(Body):
    email: Email
    role: RoleName


class InvitationView(View):
    id: UUID
    email: str
    role: RoleName
    invited_by: str
    created_at: datetime
    ends_at: datetime = Field(description="from then on its link is good for nothing")


@router.get("/members")
async def list_members(caller: GetCaller) -> list[MemberView]:
    """Who belongs to the salon, by email."""
    async with caller.transaction() as tx:
        return [MemberView.model_validate(dict(row)) for row in await members.all_of(tx)]


@router.patch("/members/{user_id}", status_code=status.HTTP_204_NO_CONTENT)
async def set_role(user_id: UUID, body: RoleBody, caller: GetCaller) -> None:
    """Makes a member something else, from their next request on. A salon keeps an owner."""
    async with caller.transaction() as tx:
        await members.set_role(tx, user_id, Role(body.role))


@router.delete("/members/{user_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_member(user_id: UUID, caller: GetCaller) -> None:
    """They belong to the salon no more, from their next request on. A salon keeps an owner."""
    async with caller.transaction() as tx:
        await members.remove(tx, user_id)


@router.get("/invitations")
async def list_invitations(caller: GetCaller) -> list[InvitationView]:
    """Who is invited and has not come yet, the newest first."""
    async with caller.transaction() as tx:
        return [InvitationView.model_validate(one) for one in await members.invitations(tx)]


@router.post("/invitations", status_code=status.HTTP_201_CREATED)
async def invite(body: InvitationBody, caller: GetCaller) -> InvitationView:
    """Invites somebody by a mail with a link, good for 7 days. Invited again, only the newest is good.

    20 a day go out of a salon, and 3 to one address: 429.
    """
    async with caller.transaction() as tx:
        salon = await tenants.find(tx)
        invitation = await members.invite(
            tx,
            body.email,
            Role(body.role),
            secret=caller.web.secret,
            locale=salon.locale,
            by=caller.actor,
            now=caller.web.clock(),
        )
    return InvitationView.model_validate(invitation)


@router.delete("/invitations/{invitation_id}", status_code=status.HTTP_204_NO_CONTENT)
async def take_back(invitation_id: UUID, caller: GetCaller) -> None:
    """Takes an invitation back: its link is good for nothing."""
    async with caller.transaction() as tx:
        await members.take_back(tx, invitation_id)
