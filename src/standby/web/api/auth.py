"""/api/auth: sign in and out, by cookie or for tokens; and one's own sessions and password."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response, status
from pydantic import Field

from standby.accounts import refreshing, sessions, signing_in, users
from standby.accounts.refreshing import Tokens
from standby.accounts.scope import account_transaction
from standby.accounts.users import Belongs
from standby.errors import Forbidden, NotAuthenticated
from standby.web.api.fields import documented
from standby.web.api.forms import SecretFormRoute
from standby.web.api.members import Email, RoleName
from standby.web.api.shapes import Body, View
from standby.web.context import GetWeb, Web
from standby.web.same_site import refuse_foreign
from standby.web.signed_in import GetSignedIn, cookie_of, give_cookie, session_of, take_cookie, where_of

router = APIRouter(prefix="/auth", tags=["accounts"], route_class=SecretFormRoute)

Password = Annotated[str, Field(max_length=1000), documented("string", format="password")]
Code = Annotated[
    str, Field(min_length=6, max_length=30, description="what the authenticator shows, or a recovery code")
]


class ExactBody(Body):
    """Of secrets every letter counts, also a space at the end."""

    model_config = Body.model_config | {"str_strip_whitespace": False}


class SignInBody(ExactBody):
    email: Email
    password: Password
    code: Code | None = Field(default=None, description="of the second factor, for those who have one")


class ProgramSignInBody(SignInBody):
    salon: str | None = Field(default=None, description="its short name; for those who belong to several")


class RefreshBody(ExactBody):
    refresh_token: str = Field(max_length=200)


class SecondFactorBody(ExactBody):
    code: Code


class SalonBody(Body):
    salon: str = Field(description="its short name")


class PasswordBody(ExactBody):
    current: Password
    password: Password = Field(description="12 to 128 characters, any")


class MySalonView(View):
    slug: str
    name: str
    role: RoleName


class AccountView(View):
    """Who is signed in, and where."""

    email: str
    is_operator: bool
    salon: str | None = Field(description="the short name of the one that they work in; null: choose one")
    salons: list[MySalonView]


class SignedInView(View):
    needs_code: bool = Field(description="true: POST /api/auth/code before anything else")


class TokensView(View):
    access_token: str = Field(description="for the API; Authorization: Bearer …")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - its kind (RFC 6750)
    expires_in: int = Field(description="seconds")
    refresh_token: str = Field(description="for the next of both; good once")


class SessionView(View):
    id: UUID
    current: bool
    program: bool = Field(description="true: it has tokens, not a cookie")
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime = Field(description="to the minute")
    ends_at: datetime


@router.post("/sign-in")
async def sign_in(body: SignInBody, request: Request, response: Response, web: GetWeb) -> SignedInView:
    """Signs a browser in: its answer brings a cookie, with which it may call the API."""
    refuse_foreign(request, web.public_url, sure=False)
    begun = await signing_in.sign_in(
        web.accounts,
        body.email,
        body.password,
        body.code,
        where_of(request, web),
        old=cookie_of(request, web),
    )
    give_cookie(response, web, begun.token)
    return SignedInView(needs_code=begun.needs_code)


@router.post("/code")
async def show_code(
    body: SecondFactorBody, request: Request, response: Response, web: GetWeb
) -> SignedInView:
    """The second step for those who have a second factor; within ten minutes of the first."""
    session, token = await session_of(request, web), cookie_of(request, web)
    if session is None or token is None or not session.needs_code:
        raise NotAuthenticated("Sign in first: POST /api/auth/sign-in")
    begun = await signing_in.finish(web.accounts, session, token, body.code, where_of(request, web))
    give_cookie(response, web, begun.token)
    return SignedInView(needs_code=False)


@router.post("/sign-out", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(session: GetSignedIn, response: Response, web: GetWeb) -> None:
    """Ends this session."""
    async with account_transaction(web.pool, session.user_id) as tx:
        await sessions.end(tx, session.session_id)
    take_cookie(response, web)


@router.get("/me")
async def show_me(session: GetSignedIn, web: GetWeb) -> AccountView:
    """Who is signed in."""
    salons = await _salons(web, session.user_id)
    chosen = next((one.slug for one in salons if one.tenant_id == session.tenant_id), None)
    return AccountView(
        email=session.email,
        is_operator=session.is_operator,
        salon=chosen,
        salons=[MySalonView.model_validate(one) for one in salons],
    )


@router.put("/salon", status_code=status.HTTP_204_NO_CONTENT)
async def choose_salon(body: SalonBody, session: GetSignedIn, response: Response, web: GetWeb) -> None:
    """Works in another salon from now on; the cookie is another one then."""
    chosen = next((one for one in await _salons(web, session.user_id) if one.slug == body.salon), None)
    token = await sessions.choose(web.pool, session, chosen.tenant_id) if chosen else None
    if token is None:
        raise Forbidden(f"You do not belong to a salon called {body.salon}")
    give_cookie(response, web, token)


@router.put("/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(
    body: PasswordBody, request: Request, session: GetSignedIn, response: Response, web: GetWeb
) -> None:
    """Changes one's password. All sessions end but this one, whose cookie is another one then."""
    where = where_of(request, web)
    await signing_in.check_password(web.accounts, session.email, body.current, where)
    users.check_password(body.password, session.email)
    hashed = await web.accounts.passwords.hashed(body.password)
    async with account_transaction(web.pool, session.user_id) as tx:
        await users.set_password(tx, session.user_id, hashed, now=web.clock())
        _, token = await sessions.begin(
            tx, session.user_id, where, tenant_id=session.tenant_id, now=web.clock()
        )
    give_cookie(response, web, token)


@router.get("/sessions")
async def list_sessions(session: GetSignedIn, web: GetWeb) -> list[SessionView]:
    """Where one is signed in, the last seen first."""
    async with account_transaction(web.pool, session.user_id) as tx:
        rows = await sessions.listed(tx, now=web.clock())
    return [SessionView(**dict(row), current=row["id"] == session.session_id) for row in rows]


@router.delete("/sessions", status_code=status.HTTP_204_NO_CONTENT)
async def end_other_sessions(session: GetSignedIn, web: GetWeb) -> None:
    """Ends all sessions but this one."""
    async with account_transaction(web.pool, session.user_id) as tx:
        await sessions.end_all(tx, session.user_id, but=session.session_id)


@router.delete("/sessions/{session_id}", status_code=status.HTTP_204_NO_CONTENT)
async def end_session(session_id: UUID, session: GetSignedIn, web: GetWeb) -> None:
    """Ends one session. A program's access token is good for up to 15 minutes more."""
    async with account_transaction(web.pool, session.user_id) as tx:
        await sessions.end(tx, session_id)


@router.post("/token")
async def get_tokens(body: ProgramSignInBody, request: Request, web: GetWeb) -> TokensView:
    """Signs a program in, for one salon: an access token for 15 minutes, and a refresh token for the next."""
    where = where_of(request, web)
    known = await signing_in.identify(web.accounts, body.email, body.password, body.code, where)
    return _shown(await refreshing.begin(web.accounts, known, body.salon, where))


@router.post("/refresh")
async def refresh(body: RefreshBody, web: GetWeb) -> TokensView:
    """The next tokens. A refresh token that comes twice was stolen: whoever has what came of it is signed out."""
    return _shown(await refreshing.renew(web.accounts, body.refresh_token))


async def _salons(web: Web, user_id: UUID) -> list[Belongs]:
    async with account_transaction(web.pool, user_id) as tx:
        return await users.salons(tx)


def _shown(tokens: Tokens) -> TokensView:
    lasts = int(refreshing.ACCESS.total_seconds())
    return TokensView(access_token=tokens.access, refresh_token=tokens.refresh, expires_in=lasts)
