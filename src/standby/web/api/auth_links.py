"""/api/auth/sign-up, /forgot and what the links of their mails open. Nothing here tells whether there is an account."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, status
from pydantic import Field

from standby.accounts import links
from standby.accounts.links import SigningUp
from standby.web.api.auth import ExactBody, Password
from standby.web.api.forms import SecretFormRoute
from standby.web.api.members import Email
from standby.web.api.shapes import Body
from standby.web.context import GetWeb
from standby.web.same_site import refuse_foreign
from standby.web.signed_in import where_of

router = APIRouter(prefix="/auth", tags=["accounts"], route_class=SecretFormRoute)

Locale = Literal["en", "nb"]
LinkToken = Annotated[str, Field(max_length=200, description="the last part of the link in the mail")]
NewPassword = Annotated[
    Password | None, Field(description="12 to 128 characters, any; only if the address has no account yet")
]


class SignUpBody(Body):
    email: Email
    salon: str = Field(description="its name, as customers read it")
    timezone: str = "Europe/Oslo"
    currency: str = Field(default="NOK", description="three letters")
    country: str = Field(default="NO", description="of phone numbers without a prefix, in two letters")
    locale: Locale = Field(default="en", description="of the salon, and of mails to you")


class ForgotBody(Body):
    email: Email
    locale: Locale = "en"


class LinkBody(ExactBody):
    token: LinkToken
    password: NewPassword = None


class ResetBody(ExactBody):
    token: LinkToken
    password: Password = Field(description="12 to 128 characters, any")


@router.post("/sign-up", status_code=status.HTTP_202_ACCEPTED)
async def sign_up(body: SignUpBody, request: Request, web: GetWeb) -> None:
    """Signs a salon up: a mail brings a link, good for 24 hours, behind which the salon is made."""
    refuse_foreign(request, web.public_url, sure=False)
    await links.ask_sign_up(web.accounts, SigningUp(**body.model_dump()), where_of(request, web))


@router.post("/verify", status_code=status.HTTP_204_NO_CONTENT)
async def verify(body: LinkBody, web: GetWeb) -> None:
    """Makes the salon that was signed up, and the account of its owner if there is none."""
    await links.begin_salon(web.accounts, body.token, body.password)


@router.post("/forgot", status_code=status.HTTP_202_ACCEPTED)
async def forgot(body: ForgotBody, request: Request, web: GetWeb) -> None:
    """Sends a link to choose another password, good for an hour, if the address has an account."""
    refuse_foreign(request, web.public_url, sure=False)
    await links.ask_reset(web.accounts, body.email, body.locale, where_of(request, web))


@router.post("/reset", status_code=status.HTTP_204_NO_CONTENT)
async def reset(body: ResetBody, web: GetWeb) -> None:
    """Chooses another password. All sessions of the account end."""
    await links.reset_password(web.accounts, body.token, body.password)


@router.post("/join", status_code=status.HTTP_204_NO_CONTENT)
async def join(body: LinkBody, web: GetWeb) -> None:
    """Takes an invitation to a salon."""
    await links.join_salon(web.accounts, body.token, body.password)
