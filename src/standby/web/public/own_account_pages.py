"""What somebody changes of their own account: email, password, second factor; and its end. All works without scripts.

Each form asks for the password once more: it is still them.
"""

from typing import Annotated, Final
from urllib.parse import quote

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from standby.accounts import links, second_factor, sessions, signing_in, users
from standby.accounts.scope import account_transaction
from standby.accounts.second_factor import Enrolment
from standby.accounts.sessions import SignedIn
from standby.errors import (
    CodesUnavailable,
    FieldProblem,
    Invalid,
    LinkNotFound,
    OnlyOwner,
    SecondFactorThere,
    TooManyAttempts,
    WrongCredentials,
)
from standby.web import account_forms
from standby.web.account_forms import CURRENT, EMAIL, NEW_PASSWORD, NEWEST_CODE, note_page
from standby.web.context import GetWeb, Web
from standby.web.public.account_pages import HOME, go_to, is_foreign, signed_in, words_of
from standby.web.signed_in import author_of, give_cookie, take_cookie, where_of
from standby.web.words import LANGUAGES, words_for

router = APIRouter(include_in_schema=False)

Typed = Annotated[str, Form()]
Refused = (Invalid, TooManyAttempts)


def _form(page: account_forms.Page, path: str, *fields: account_forms.Field) -> account_forms.Form:
    return account_forms.Form(page, f"{HOME}/{path}", fields, links=("account",))


NEW_EMAIL: Final = _form("own-email", "email", account_forms.again(EMAIL, "new_email"), CURRENT)
NEW_SECRET: Final = _form("own-password", "password", CURRENT, NEW_PASSWORD)
FACTOR_ON: Final = _form("factor", "second-factor", CURRENT)
FACTOR_OFF: Final = _form("factor-off", "second-factor/off", CURRENT)
END: Final = _form("delete", "delete", CURRENT)


@router.api_route("/account/email", methods=["GET", "HEAD"])
async def show_email(request: Request, web: GetWeb) -> Response:
    return await _shown(request, web, NEW_EMAIL)


@router.post("/account/email")
async def ask_email(request: Request, web: GetWeb, email: Typed = "", current: Typed = "") -> Response:
    session = await _own(request, web)
    if isinstance(session, Response):
        return session
    words, problems = words_for(session.locale), []
    try:
        problems += await _problems_of(request, web, session, current)
        try:
            users.address_of(email)
        except Invalid as invalid:
            problems += invalid.problems
        _refuse(problems)
        await links.ask_email(
            web.accounts, session.user_id, session.email, email, session.locale, where_of(request, web)
        )
    except Refused as error:
        return NEW_EMAIL.typed(email=email).shown(words, error)
    return note_page(words, "email-asked", to="account")


@router.api_route("/email/{token}", methods=["GET", "HEAD"])
async def show_confirm_email(request: Request, token: str, web: GetWeb) -> Response:
    try:
        opened = await links.open_link(web.accounts, "email", token)
    except LinkNotFound:
        return note_page(words_of(request), "stale", status=404)
    form = account_forms.Form("email-confirm", f"/email/{quote(token)}", (), told={"email": opened.email})
    return form.shown(words_for(opened.locale))


@router.post("/email/{token}")
async def confirm_email(request: Request, token: str, web: GetWeb) -> Response:
    try:
        await links.confirm_email(web.accounts, token)
    except LinkNotFound:
        return note_page(words_of(request), "stale", status=404)
    return go_to(f"{HOME}?said=email" if await signed_in(request, web) else "/sign-in?said=email")


@router.api_route("/account/password", methods=["GET", "HEAD"])
async def show_password(request: Request, web: GetWeb) -> Response:
    return await _shown(request, web, NEW_SECRET)


@router.post("/account/password")
async def change_password(
    request: Request, web: GetWeb, current: Typed = "", password: Typed = ""
) -> Response:
    session = await _own(request, web)
    if isinstance(session, Response):
        return session
    try:
        problems = await _problems_of(request, web, session, current)
        try:
            users.check_password(password, session.email)
        except Invalid as invalid:
            problems += invalid.problems
        _refuse(problems)
    except Refused as error:
        return NEW_SECRET.shown(words_for(session.locale), error)
    hashed, where, now = await web.accounts.passwords.hashed(password), where_of(request, web), web.clock()
    async with account_transaction(web.pool, session.user_id) as tx:
        await users.set_password(tx, session.user_id, hashed, now=now)
        _, token = await sessions.begin(tx, session.user_id, where, tenant_id=session.tenant_id, now=now)
    return _back(web, "password", token)


@router.api_route("/account/second-factor", methods=["GET", "HEAD"])
async def show_factor(request: Request, web: GetWeb) -> Response:
    session = await _own(request, web)
    if isinstance(session, Response):
        return session
    async with account_transaction(web.pool, session.user_id) as tx:
        there = await second_factor.is_there(tx, session.user_id)
    return (FACTOR_OFF if there else FACTOR_ON).shown(words_for(session.locale))


@router.post("/account/second-factor")
async def enrol(request: Request, web: GetWeb, current: Typed = "") -> Response:
    """Shows what an authenticator is to be told; no code is asked for until one was typed."""
    session = await _own(request, web)
    if isinstance(session, Response):
        return session
    try:
        _refuse(await _problems_of(request, web, session, current))
        async with account_transaction(web.pool, session.user_id) as tx:
            enrolment = await second_factor.enrol(
                tx, session.user_id, session.email, seal=web.accounts.seal()
            )
    except Refused as error:
        return FACTOR_ON.shown(words_for(session.locale), error)
    except SecondFactorThere:
        return go_to(f"{HOME}/second-factor")
    return _confirming(enrolment).shown(words_for(session.locale))


@router.post("/account/second-factor/confirm")
async def confirm_factor(request: Request, web: GetWeb, code: Typed = "", secret: Typed = "") -> Response:
    """`secret` is what the page has shown, to be shown again after a slip; what counts is what was kept."""
    session = await _own(request, web)
    if isinstance(session, Response):
        return session
    words = words_for(session.locale)
    try:
        async with account_transaction(web.pool, session.user_id) as tx:
            codes = await second_factor.confirm(
                tx, session.user_id, code, seal=web.accounts.seal(), now=web.clock()
            )
            await sessions.end_all(tx, session.user_id, but=session.session_id)
            token = await sessions.renew(tx, session.session_id)
    except (Invalid, CodesUnavailable) as error:
        shown_before = second_factor.enrolment_of(secret, session.email)
        if shown_before is None:
            return go_to(f"{HOME}/second-factor")
        return _confirming(shown_before).typed(code=code).shown(words, error)
    except SecondFactorThere:
        return go_to(f"{HOME}/second-factor")
    page = account_forms.codes_page(words, codes)
    give_cookie(page, web, token)
    return page


@router.post("/account/second-factor/off")
async def remove_factor(request: Request, web: GetWeb, current: Typed = "") -> Response:
    session = await _own(request, web)
    if isinstance(session, Response):
        return session
    try:
        _refuse(await _problems_of(request, web, session, current))
    except Refused as error:
        return FACTOR_OFF.shown(words_for(session.locale), error)
    async with account_transaction(web.pool, session.user_id) as tx:
        await second_factor.remove(tx, session.user_id)
        token = await sessions.renew(tx, session.session_id)
    return _back(web, "factor_off", token)


@router.api_route("/account/delete", methods=["GET", "HEAD"])
async def show_delete(request: Request, web: GetWeb) -> Response:
    return await _shown(request, web, END)


@router.post("/account/delete")
async def delete_account(request: Request, web: GetWeb, current: Typed = "") -> Response:
    session = await _own(request, web)
    if isinstance(session, Response):
        return session
    words = words_for(session.locale)
    try:
        _refuse(await _problems_of(request, web, session, current))
        async with account_transaction(web.pool, session.user_id) as tx:
            await users.delete(tx, author_of(request, session, web))
    except (*Refused, OnlyOwner) as error:
        return END.shown(words, error)
    answer = note_page(words, "deleted")
    take_cookie(answer, web)
    return answer


@router.post("/account/language")
async def choose_language(request: Request, web: GetWeb, language: Typed = "") -> Response:
    """The language of all pages that they read signed in, and of mails to them; an unknown one changes nothing."""
    session = await _own(request, web)
    if isinstance(session, Response):
        return session
    if language not in LANGUAGES:
        return go_to(HOME)
    async with account_transaction(web.pool, session.user_id) as tx:
        await users.set_locale(tx, session.user_id, language)
    return go_to(f"{HOME}?said=language")


@router.post("/account/sessions/end")
async def end_other_sessions(request: Request, web: GetWeb) -> Response:
    session = await _own(request, web)
    if isinstance(session, Response):
        return session
    async with account_transaction(web.pool, session.user_id) as tx:
        await sessions.end_all(tx, session.user_id, but=session.session_id)
    return go_to(f"{HOME}?said=ended")


async def _own(request: Request, web: Web) -> SignedIn | Response:
    """Whose account it is; or the answer to who isn't signed in, or whose form comes from elsewhere."""
    if is_foreign(request, web, sure=True):
        return note_page(words_of(request), "foreign", status=403)
    session = await signed_in(request, web)
    return session or go_to(f"/sign-in?next={quote(request.url.path if request.method == 'GET' else HOME)}")


async def _shown(request: Request, web: Web, form: account_forms.Form) -> Response:
    session = await _own(request, web)
    return session if isinstance(session, Response) else form.shown(words_for(session.locale))


async def _problems_of(request: Request, web: Web, session: SignedIn, current: str) -> list[FieldProblem]:
    """What is wrong with the password that they have shown. Raises TooManyAttempts."""
    try:
        await signing_in.check_password(web.accounts, session.email, current, where_of(request, web))
    except WrongCredentials:
        return [FieldProblem("current", "is wrong")]
    return []


def _refuse(problems: list[FieldProblem]) -> None:
    if problems:
        raise Invalid(problems)


def _confirming(enrolment: Enrolment) -> account_forms.Form:
    picture = segno.make(enrolment.uri, error="m", micro=False).svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return account_forms.Form(
        "factor-confirm",
        f"{HOME}/second-factor/confirm",
        (NEWEST_CODE,),
        links=("account",),
        hidden={"secret": enrolment.secret},
        picture=picture,
        secret=" ".join(enrolment.secret[place : place + 4] for place in range(0, len(enrolment.secret), 4)),
    )


def _back(web: Web, said: str, token: str) -> Response:
    answer = go_to(f"{HOME}?said={said}")
    give_cookie(answer, web, token)
    return answer
