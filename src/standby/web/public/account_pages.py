"""Signing in and out, and one's own account. Without JavaScript; what changes something comes by a form of ours."""

from contextlib import suppress
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from standby.accounts import second_factor, sessions, signing_in, users
from standby.accounts.permissions import Permission
from standby.accounts.scope import account_transaction
from standby.accounts.sessions import SignedIn
from standby.accounts.signing_in import Begun
from standby.errors import (
    CodesUnavailable,
    ForeignRequest,
    SessionNotFound,
    TooManyAttempts,
    WrongCode,
    WrongCredentials,
)
from standby.formats import formats_for
from standby.web import account_forms
from standby.web.account_forms import CODE, EMAIL, HEADERS, PASSWORD, note_page
from standby.web.browsers import agent_of
from standby.web.context import GetWeb, Web
from standby.web.dashboard.visitor import PAGES, pages_for
from standby.web.pages import render
from standby.web.same_site import local_path, refuse_foreign
from standby.web.signed_in import cookie_of, give_cookie, session_of, take_cookie, where_of
from standby.web.words import LANGUAGES, Words, words_accepted, words_for

router = APIRouter(include_in_schema=False)

HOME: Final = "/account"
WORK: Final = "/app"  # what somebody signs in for, unless they wanted something else
OF_NO_SALON: Final = (HOME, "/admin")
Typed = Annotated[str, Form()]
NOTES: Final = ("reset", "joined", "begun", "email")
DONE: Final = ("email", "password", "factor_off", "ended", "language")


def sign_in_form(next_path: str) -> account_forms.Form:
    """Email and password."""
    return account_forms.Form(
        "sign-in",
        "/sign-in",
        (EMAIL, PASSWORD),
        links=("forgot", "sign-up"),
        hidden={"next": local_path(next_path, WORK)},
    )


def code_form(next_path: str) -> account_forms.Form:
    """The second factor."""
    return account_forms.Form(
        "code", "/sign-in/code", (CODE,), links=("sign-in",), hidden={"next": local_path(next_path, WORK)}
    )


@router.api_route("/", methods=["GET", "HEAD"])
async def begin() -> RedirectResponse:
    """Leads to one's salon, and who isn't signed in to sign in."""
    return go_to(WORK)


@router.api_route("/sign-in", methods=["GET", "HEAD"])
async def show_sign_in(request: Request, next: str = WORK, said: str = "") -> Response:  # noqa: A002 - its name in addresses
    return sign_in_form(next).shown(words_of(request), note=said if said in NOTES else "")


@router.post("/sign-in")
async def sign_in(
    request: Request,
    web: GetWeb,
    email: Typed = "",
    password: Typed = "",
    next: Typed = WORK,  # noqa: A002
) -> Response:
    words = words_of(request)
    if is_foreign(request, web, sure=False):
        return note_page(words, "foreign", status=403)
    try:
        begun = await signing_in.sign_in(
            web.accounts, email, password, None, where_of(request, web), old=cookie_of(request, web)
        )
    except (WrongCredentials, TooManyAttempts) as error:
        return sign_in_form(next).typed(email=email).shown(words, error)
    return _gone_on(web, begun, local_path(next, WORK))


@router.api_route("/sign-in/code", methods=["GET", "HEAD"])
async def show_code(request: Request, next: str = WORK) -> Response:  # noqa: A002
    return code_form(next).shown(words_of(request))


@router.post("/sign-in/code")
async def take_code(request: Request, web: GetWeb, code: Typed = "", next: Typed = WORK) -> Response:  # noqa: A002
    words = words_of(request)
    if is_foreign(request, web, sure=True):
        return note_page(words, "foreign", status=403)
    session, token = await session_of(request, web), cookie_of(request, web)
    if session is None or token is None or not session.needs_code:
        return go_to("/sign-in")
    try:
        begun = await signing_in.finish(web.accounts, session, token, code, where_of(request, web))
    except (WrongCode, CodesUnavailable, TooManyAttempts) as error:
        return code_form(next).shown(words, error)
    return _gone_on(web, begun, local_path(next, WORK))


@router.post("/sign-out")
async def sign_out(request: Request, web: GetWeb) -> Response:
    if is_foreign(request, web, sure=True):
        return note_page(words_of(request), "foreign", status=403)
    session = await session_of(request, web)
    if session is not None:
        async with account_transaction(web.pool, session.user_id) as tx:
            await sessions.end(tx, session.session_id)
    answer = go_to("/sign-in")
    take_cookie(answer, web)
    return answer


@router.api_route("/account", methods=["GET", "HEAD"])
async def show_account(request: Request, web: GetWeb, next: str = WORK, said: str = "") -> Response:  # noqa: A002
    session = await signed_in(request, web)
    if session is None:
        return go_to("/sign-in?next=/account")
    async with account_transaction(web.pool, session.user_id) as tx:
        salons = await users.salons(tx)
        listed = await sessions.listed(tx, now=web.clock())
        factor = await second_factor.is_there(tx, session.user_id)
    words, formats = words_for(session.locale), formats_for(session.locale, "UTC")
    page = render(
        "account.html",
        words=words,
        email=session.email,
        salons=salons,
        chosen=session.tenant_id,
        pages=pages_for(session, PAGES | {"settings": Permission.READ_SALON}),
        next=local_path(next, WORK),
        operates=session.is_operator,
        languages=tuple(LANGUAGES),
        said=said if said in DONE else "",
        signing=(
            ("email", session.email, "change"),
            ("password", words("account.signing.hidden"), "change"),
            (
                "second-factor",
                words("account.signing.on" if factor else "account.signing.off"),
                "end" if factor else "begin",
            ),
        ),
        sessions=[
            dict(row)
            | {
                "current": row["id"] == session.session_id,
                "agent": _called(row["agent"], words),
                "seen": f"{formats.date(row['seen_at'])}, {formats.time(row['seen_at'])} UTC",
            }
            for row in listed
        ],
    )
    page.headers.update(HEADERS)
    return page


def _called(said: str, words: Words) -> str:
    agent = agent_of(said)
    if agent.browser and agent.system:
        return words("account.sessions.on", browser=agent.browser, system=agent.system)
    return agent.browser or agent.system or words("account.sessions.unknown")


@router.post("/account/salon")
async def choose_salon(request: Request, web: GetWeb, salon: Typed = "", next: Typed = WORK) -> Response:  # noqa: A002
    if is_foreign(request, web, sure=True):
        return note_page(words_of(request), "foreign", status=403)
    session = await signed_in(request, web)
    if session is None:
        return go_to("/sign-in?next=/account")
    async with account_transaction(web.pool, session.user_id) as tx:
        named = [one.tenant_id for one in await users.salons(tx) if one.slug == salon]
    token = await sessions.choose(web.pool, session, named[0]) if named else None
    answer = go_to(local_path(next, WORK))
    if token is not None:
        give_cookie(answer, web, token)
    return answer


@router.post("/account/sessions/{session_id}/end")
async def end_session(request: Request, session_id: UUID, web: GetWeb) -> Response:
    if is_foreign(request, web, sure=True):
        return note_page(words_of(request), "foreign", status=403)
    session = await signed_in(request, web)
    if session is not None:
        with suppress(SessionNotFound):  # It has ended by itself.
            async with account_transaction(web.pool, session.user_id) as tx:
                await sessions.end(tx, session_id)
    return go_to(HOME)


def _gone_on(web: Web, begun: Begun, target: str) -> Response:
    """To where they wanted; by way of the code, or of the choice of a salon, if that is still to come."""
    if begun.needs_code:
        answer = go_to(f"/sign-in/code?next={quote(target)}")
    elif begun.in_salon or target.startswith(OF_NO_SALON):
        answer = go_to(target)
    else:
        answer = go_to(f"{HOME}?next={quote(target)}")
    give_cookie(answer, web, begun.token)
    return answer


async def signed_in(request: Request, web: Web) -> SignedIn | None:
    """Who looks at the page; None: nobody who has signed in. Raises ForeignRequest."""
    session = await session_of(request, web)
    return session if session is not None and not session.needs_code else None


def is_foreign(request: Request, web: Web, *, sure: bool) -> bool:
    """Whether a page elsewhere has sent this form."""
    try:
        refuse_foreign(request, web.public_url, sure=sure and cookie_of(request, web) is not None)
    except ForeignRequest:
        return True
    return False


def words_of(request: Request) -> Words:
    """The words of whoever isn't known yet."""
    return words_accepted(request.headers.get("accept-language", ""))


def go_to(path: str) -> RedirectResponse:
    """The answer to a form: another page."""
    return RedirectResponse(path, status_code=303, headers=HEADERS)
