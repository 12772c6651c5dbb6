"""/api/public/{salon}/verifications: a code to a phone number, and what it is exchanged for.

Nothing here tells whether the salon knows the number. Answers that hold a secret are kept nowhere: no key is taken.
"""

from datetime import datetime
from typing import Annotated, Literal, assert_never
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from standby.errors import CodeOver, FieldProblem, Invalid
from standby.tenants import codes, verifications
from standby.tenants.customers import NO_PHONE
from standby.tenants.verifications import Over, Verified, Wrong
from standby.web.api.fields import documented
from standby.web.api.forms import NothingKept, SecretFormRoute
from standby.web.api.shapes import Body
from standby.web.api.visitor import GetVisitor
from standby.web.limits import home_of

router = APIRouter(prefix="/public/{salon}/verifications", tags=["public"], route_class=SecretFormRoute)


class AskBody(Body):
    phone: Annotated[str, documented("string", examples=["+47 412 34 567"])]
    purpose: Literal["booking", "waitlist"] = Field(description="what it is for; the token is good for both")


class AskedView(BaseModel):
    id: UUID
    expires_at: datetime = Field(description="of the code")
    next_after_seconds: int = Field(description="so soon another code can be sent to this number")


class OneTimeCodeBody(Body):
    code: Annotated[
        str, documented("string", examples=["123456"], description="spaces and dashes don't count")
    ]


class VerifiedView(BaseModel):
    token: str = Field(description="to be sent as `verification`, as often as needed")
    expires_at: datetime


@router.post("", status_code=status.HTTP_201_CREATED)
async def ask_code(body: AskBody, visitor: GetVisitor) -> AskedView:
    """Sends a code of six digits to a number, by SMS or WhatsApp. An earlier one is good no longer.

    One a minute to a number, and a few an hour.
    """
    phone = visitor.number(body.phone)
    if phone is None:
        raise Invalid([NO_PHONE])
    if visitor.on_trial:
        raise NothingKept
    address = home_of(visitor.address)
    await visitor.count_write(phone, codes.lines(phone, address, visitor.salon.id))
    async with visitor.transaction() as tx:
        asked = await verifications.ask(tx, phone, body.purpose, now=visitor.web.clock())
    return AskedView(
        id=asked.id,
        expires_at=asked.expires_at,
        next_after_seconds=int(codes.NEXT_AFTER.total_seconds()),
    )


@router.post("/{verification_id}/confirm")
async def confirm_code(verification_id: UUID, body: OneTimeCodeBody, visitor: GetVisitor) -> VerifiedView:
    """Exchanges the code for a token, good for half an hour. There are five tries (422), then it is over (409)."""
    code = codes.read_code(body.code)
    if code is None:
        raise Invalid([FieldProblem("code", f"must be the {codes.DIGITS} digits of the message")])
    await visitor.count_write(str(verification_id))
    async with visitor.transaction() as tx:
        outcome = await verifications.confirm(
            tx, verification_id, code, secret=visitor.web.secret, now=visitor.web.clock()
        )
    match outcome:
        case Verified(token, expires_at):
            return VerifiedView(token=token, expires_at=expires_at)
        case Wrong(tries_left):
            raise Invalid([FieldProblem("code", f"is wrong; tries left: {tries_left}", "wrong_code")])
        case Over():
            raise CodeOver
        case never:
            assert_never(never)
