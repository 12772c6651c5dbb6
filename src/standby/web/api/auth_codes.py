"""/api/auth/totp: one's second factor, codes of an authenticator."""

from fastapi import APIRouter, Request, Response, status
from pydantic import Field

from standby.accounts import second_factor, sessions, signing_in
from standby.accounts.scope import account_transaction
from standby.web.api.auth import ExactBody, Password, SecondFactorBody
from standby.web.api.forms import SecretFormRoute
from standby.web.api.shapes import View
from standby.web.context import GetWeb
from standby.web.signed_in import GetSignedIn, give_cookie, where_of

router = APIRouter(prefix="/auth/totp", tags=["accounts"], route_class=SecretFormRoute)


class ConfirmedBody(ExactBody):
    password: Password = Field(description="once more: it is still you")


class EnrolmentView(View):
    secret: str = Field(description="to type into the authenticator. It is shown this once")
    uri: str = Field(description="the same for a QR code: otpauth://totp/…")


class RecoveryView(View):
    recovery_codes: list[str] = Field(
        description="each good once in place of a code. They are shown this once"
    )


@router.post("", status_code=status.HTTP_201_CREATED)
async def enrol(body: ConfirmedBody, request: Request, session: GetSignedIn, web: GetWeb) -> EnrolmentView:
    """Begins; codes are asked for once one was confirmed."""
    await signing_in.check_password(web.accounts, session.email, body.password, where_of(request, web))
    async with account_transaction(web.pool, session.user_id) as tx:
        enrolment = await second_factor.enrol(tx, session.user_id, session.email, seal=web.accounts.seal())
    return EnrolmentView.model_validate(enrolment)


@router.post("/confirm")
async def confirm(
    body: SecondFactorBody, session: GetSignedIn, response: Response, web: GetWeb
) -> RecoveryView:
    """From now on sign-in asks for a code. All other sessions end, and this one's cookie is another one then."""
    async with account_transaction(web.pool, session.user_id) as tx:
        codes = await second_factor.confirm(
            tx, session.user_id, body.code, seal=web.accounts.seal(), now=web.clock()
        )
        await sessions.end_all(tx, session.user_id, but=session.session_id)
        token = await sessions.renew(tx, session.session_id)
    give_cookie(response, web, token)
    return RecoveryView(recovery_codes=codes)


@router.post("/remove", status_code=status.HTTP_204_NO_CONTENT)
async def remove(
    body: ConfirmedBody, request: Request, session: GetSignedIn, response: Response, web: GetWeb
) -> None:
    """Sign-in asks for no code any more."""
    await signing_in.check_password(web.accounts, session.email, body.password, where_of(request, web))
    async with account_transaction(web.pool, session.user_id) as tx:
        await second_factor.remove(tx, session.user_id)
        token = await sessions.renew(tx, session.session_id)
    give_cookie(response, web, token)
