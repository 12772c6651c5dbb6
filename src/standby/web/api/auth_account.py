"""/api/auth/email, /api/auth/delete: another email for one's account, and its end."""

from fastapi import APIRouter, Request, Response, status

from standby.accounts import links, signing_in, users
from standby.accounts.scope import account_transaction
from standby.web.api.auth import ExactBody, Password
from standby.web.api.auth_codes import ConfirmedBody
from standby.web.api.auth_links import LinkToken
from standby.web.api.forms import SecretFormRoute
from standby.web.api.members import Email
from standby.web.context import GetWeb
from standby.web.signed_in import GetSignedIn, author_of, take_cookie, where_of

router = APIRouter(prefix="/auth", tags=["accounts"], route_class=SecretFormRoute)


class EmailBody(ExactBody):
    email: Email
    password: Password


class EmailLinkBody(ExactBody):
    token: LinkToken


@router.put("/email", status_code=status.HTTP_202_ACCEPTED)
async def ask_email(body: EmailBody, request: Request, session: GetSignedIn, web: GetWeb) -> None:
    """Asks for another email. It holds once the link that is sent there is opened; the present one is told.

    Whether the address has an account already can't be told.
    """
    where = where_of(request, web)
    await signing_in.check_password(web.accounts, session.email, body.password, where)
    await links.ask_email(web.accounts, session.user_id, session.email, body.email, session.locale, where)


@router.post("/email/confirm", status_code=status.HTTP_204_NO_CONTENT)
async def confirm_email(body: EmailLinkBody, web: GetWeb) -> None:
    """Gives the account the email that this link went to."""
    await links.confirm_email(web.accounts, body.token)


@router.post("/delete", status_code=status.HTTP_204_NO_CONTENT)
async def delete_account(
    body: ConfirmedBody, request: Request, session: GetSignedIn, response: Response, web: GetWeb
) -> None:
    """Deletes one's account, at once and for ever. Whoever is a salon's only owner has to find another one first."""
    await signing_in.check_password(web.accounts, session.email, body.password, where_of(request, web))
    async with account_transaction(web.pool, session.user_id) as tx:
        await users.delete(tx, author_of(request, session, web))
    take_cookie(response, web)
