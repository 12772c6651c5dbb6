"""/app/members: who belongs to the salon, and who is invited. Managers see it, owners change it; no scripts."""

from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.accounts import members
from standby.accounts.permissions import SALON_ROLES, Permission, Role
from standby.errors import (
    Invalid,
    InvitationNotFound,
    LastOwner,
    MemberAlready,
    MemberNotFound,
    TooManyInvitations,
)
from standby.web.dashboard.visitor import Visitor, asks

router = APIRouter(prefix="/app/members", include_in_schema=False)

HERE: Final = "/app/members"
DONE: Final = ("invited", "changed", "removed", "taken_back")
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_MEMBERS)]
Changer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_MEMBERS)]
Typed = Annotated[str, Form()]


@router.api_route("", methods=["GET", "HEAD"])
async def show_members(visitor: Reader, said: str = "") -> HTMLResponse:
    return await _page(visitor, said=said if said in DONE else "")


@router.post("/invite")
async def invite(visitor: Changer, email: Typed = "", role: Typed = "") -> Response:
    """Sends an invitation, or another one that takes the place of the first."""
    problems = {} if role in SALON_ROLES else {"role": visitor.words("members.problem.role")}
    try:
        async with visitor.transaction() as tx:
            chosen = Role(role) if not problems else Role.VIEWER
            await members.invite(
                tx,
                email,
                chosen,
                secret=visitor.web.secret,
                locale=visitor.salon.locale,
                by=visitor.session.actor,
                now=visitor.web.clock(),
            )
            if problems:
                raise Invalid([])  # What has been done so far is undone.
    except Invalid as invalid:
        if invalid.problems:
            problems["email"] = visitor.words("account.problem.email")
    except MemberAlready:
        problems["email"] = visitor.words("members.problem.already")
    except TooManyInvitations as refused:
        page = await _page(
            visitor,
            typed={"email": email, "role": role},
            problems={"email": visitor.words("members.problem.many")},
            status=429,
        )
        page.headers["Retry-After"] = str(refused.details["retry_after_seconds"])
        return page
    if problems:
        return await _page(visitor, typed={"email": email, "role": role}, problems=problems, status=422)
    return _back("invited")


@router.post("/{user_id}/role")
async def set_role(visitor: Changer, user_id: UUID, role: Typed = "") -> Response:
    if role not in SALON_ROLES:
        return _back()
    try:
        async with visitor.transaction() as tx:
            await members.set_role(tx, user_id, Role(role))
    except MemberNotFound:
        return _back()
    except LastOwner:
        return await _page(visitor, problem=visitor.words("members.problem.last_owner"), status=409)
    return _back("changed")


@router.post("/{user_id}/remove")
async def remove(visitor: Changer, user_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            await members.remove(tx, user_id)
    except MemberNotFound:  # Somebody was faster.
        return _back()
    except LastOwner:
        return await _page(visitor, problem=visitor.words("members.problem.last_owner"), status=409)
    return _back("removed")


@router.post("/invitations/{invitation_id}/end")
async def take_back(visitor: Changer, invitation_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            await members.take_back(tx, invitation_id)
    except InvitationNotFound:  # They have come, or somebody was faster.
        return _back()
    return _back("taken_back")


async def _page(
    visitor: Visitor,
    *,
    status: int = 200,
    said: str = "",
    problem: str = "",
    problems: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    async with visitor.transaction() as tx:
        there, invited = await members.all_of(tx), await members.invitations(tx)
    now = visitor.web.clock()
    return visitor.page(
        "members.html",
        "members",
        status=status,
        members=there,
        me=visitor.session.user_id,
        invitations=[
            {"id": one.id, "email": one.email, "role": one.role, "until": visitor.moment(one.ends_at)}
            for one in invited
            if one.ends_at > now
        ],
        roles=[role.value for role in SALON_ROLES],
        may_change=Permission.WRITE_MEMBERS in visitor.permissions,
        said=said,
        problem=problem,
        problems=problems or {},
        typed={"email": "", "role": Role.STAFF.value} | (typed or {}),
    )


def _back(said: str = "") -> RedirectResponse:
    return RedirectResponse(f"{HERE}?said={said}" if said else HERE, status_code=303)
