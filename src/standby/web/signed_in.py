"""Who uses the pages and the API by a cookie, and the cookie itself."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.security import APIKeyCookie

from standby.accounts import sessions
from standby.accounts.sessions import COOKIE, SignedIn, Where, cookie_name
from standby.errors import NotAuthenticated
from standby.tenants.scope import Author
from standby.web.client_address import client_address
from standby.web.context import GetWeb, Web
from standby.web.same_site import refuse_foreign


def cookie_of(request: Request, web: Web) -> str | None:
    """The token in the request's cookie; None: it has none."""
    return request.cookies.get(cookie_name(secure=web.accounts.secure))


async def session_of(request: Request, web: Web, *, used: bool = True) -> SignedIn | None:
    """Whose cookie the request carries, signed in or about to be; None: nobody's. Not `used`: see sessions.find.

    Raises ForeignRequest if it may come from a page elsewhere and changes something.
    """
    if (token := cookie_of(request, web)) is None:
        return None
    refuse_foreign(request, web.public_url, sure=True)
    return await sessions.find(web.pool, token, now=web.clock(), used=used)


# For the docs alone; the name is another one by https (`cookie_name`).
cookie = APIKeyCookie(
    name=COOKIE, auto_error=False, description="What POST /api/auth/sign-in gives a browser: its own account."
)


async def _signed_in(request: Request, web: GetWeb, _: Annotated[str | None, Depends(cookie)]) -> SignedIn:
    session = await session_of(request, web)
    if session is None or session.needs_code:
        raise NotAuthenticated("Sign in: POST /api/auth/sign-in")
    return session


GetSignedIn = Annotated[SignedIn, Depends(_signed_in)]


async def operator_of(request: Request, web: Web) -> SignedIn | None:
    """Who operates the installation, if that is whose cookie the request carries; None: nobody's, or somebody else's.

    Raises ForeignRequest as `session_of` does.
    """
    if (token := cookie_of(request, web)) is None:
        return None
    refuse_foreign(request, web.public_url, sure=True)
    return await sessions.operator_of(web.pool, token, now=web.clock())


def where_of(request: Request, web: Web) -> Where:
    """Where the request comes from. Behind a proxy that is the client's, if the proxy is trusted (docs/accounts.md)."""
    return Where(client_address(request, web.trusted_proxies), request.headers.get("user-agent", ""))


def author_of(request: Request, session: SignedIn, web: Web) -> Author:
    """As whom they change something, for the audit log."""
    address = client_address(request, web.trusted_proxies) or None
    return Author(session.actor, web.clock(), address, request.state.request_id)


def give_cookie(response: Response, web: Web, token: str) -> None:
    """Has the browser show this token from now on."""
    response.set_cookie(
        cookie_name(secure=web.accounts.secure),
        token,
        max_age=int(sessions.USUAL.whole.total_seconds()),
        path="/",
        secure=web.accounts.secure,
        httponly=True,
        samesite="lax",
    )


def take_cookie(response: Response, web: Web) -> None:
    """Has the browser forget its token."""
    name = cookie_name(secure=web.accounts.secure)
    response.delete_cookie(name, path="/", secure=web.accounts.secure, httponly=True, samesite="lax")
