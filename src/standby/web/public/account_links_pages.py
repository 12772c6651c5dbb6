"""Signing up, and what the links in mails about accounts open. GET changes nothing: mail scanners open every link."""

from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import quote
from zoneinfo import available_timezones

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from standby.accounts import links, signing_in
from standby.accounts.links import Opened, SigningUp, Used
from standby.errors import Invalid, LinkNotFound, TooManyAttempts
from standby.web import account_forms
from standby.web.account_forms import EMAIL, NEW_PASSWORD, Field, note_page
from standby.web.context import GetWeb, Web
from standby.web.public.account_pages import WORK, go_to, is_foreign, words_of
from standby.web.signed_in import cookie_of, give_cookie, where_of
from standby.web.words import words_for, words_read

router = APIRouter(include_in_schema=False)

Chooses: TypeAlias = Literal["sign_up", "reset", "invitation"]  # links behind which a password is chosen
Typed = Annotated[str, Form()]
ZONES: Final = sorted(
    zone
    for zone in available_timezones()
    if zone.startswith(
        ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    )
)
SIGN_UP: Final = account_forms.Form(
    "sign-up",
    "/sign-up",
    (
        Field("salon", autocomplete="organization"),
        EMAIL,
        Field("timezone", value="Europe/Oslo", options=ZONES),
        Field("country", autocomplete="country", value="NO", hint="country"),
        Field("currency", value="NOK", hint="currency"),
    ),
    links=("sign-in",),
)
FORGOT: Final = account_forms.Form("forgot", "/forgot", (EMAIL,), links=("sign-in",))


@router.api_route("/sign-up", methods=["GET", "HEAD"])
async def show_sign_up(request: Request) -> Response:
    return SIGN_UP.shown(words_of(request))


@router.post("/sign-up")
async def sign_up(
    request: Request,
    web: GetWeb,
    salon: Typed = "",
    email: Typed = "",
    timezone: Typed = "",
    country: Typed = "",
    currency: Typed = "",
) -> Response:
    words = words_of(request)
    if is_foreign(request, web, sure=False):
        return note_page(words, "foreign", status=403)
    typed = {"salon": salon, "email": email, "timezone": timezone, "country": country, "currency": currency}
    try:
        wanted = SigningUp(**typed, locale=words.language)
        await links.ask_sign_up(web.accounts, wanted, where_of(request, web))
    except (Invalid, TooManyAttempts) as error:
        return SIGN_UP.typed(**typed).shown(words, error)
    return note_page(words, "asked")


@router.api_route("/forgot", methods=["GET", "HEAD"])
async def show_forgot(request: Request) -> Response:
    return FORGOT.shown(words_of(request))


@router.post("/forgot")
async def forgot(request: Request, web: GetWeb, email: Typed = "") -> Response:
    words = words_of(request)
    if is_foreign(request, web, sure=False):
        return note_page(words, "foreign", status=403)
    try:
        await links.ask_reset(web.accounts, email, words.language, where_of(request, web))
    except (Invalid, TooManyAttempts) as error:
        return FORGOT.typed(email=email).shown(words, error)
    return note_page(words, "asked")


@router.api_route("/reset/{token}", methods=["GET", "HEAD"])
async def show_reset(request: Request, token: str, web: GetWeb) -> Response:
    return await _show(request, web, "reset", token)


@router.post("/reset/{token}")
async def reset(request: Request, token: str, web: GetWeb, password: Typed = "") -> Response:
    opened = await _opened(web, "reset", token)
    if opened is None:
        return note_page(words_of(request), "stale", status=404)
    try:
        await links.reset_password(web.accounts, token, password)
    except LinkNotFound:
        return note_page(words_of(request), "stale", status=404)
    except Invalid as invalid:
        return _form("reset", token, opened).shown(words_for(opened.locale), invalid)
    return go_to("/sign-in?said=reset")


@router.api_route("/verify/{token}", methods=["GET", "HEAD"])
async def show_verify(request: Request, token: str, web: GetWeb) -> Response:
    return await _show(request, web, "sign_up", token)


@router.post("/verify/{token}")
async def verify(request: Request, token: str, web: GetWeb, password: Typed = "") -> Response:
    opened = await _opened(web, "sign_up", token)
    if opened is None:
        return note_page(words_of(request), "stale", status=404)
    try:
        used = await links.begin_salon(web.accounts, token, password)
    except LinkNotFound:
        return note_page(words_of(request), "stale", status=404)
    except Invalid as invalid:
        return _form("sign_up", token, opened).shown(words_for(opened.locale), invalid)
    return await _go_on(request, web, used, "begun")


@router.api_route("/invitation/{token}", methods=["GET", "HEAD"])
async def show_invitation(request: Request, token: str, web: GetWeb) -> Response:
    return await _show(request, web, "invitation", token)


@router.post("/invitation/{token}")
async def join(request: Request, token: str, web: GetWeb, password: Typed = "") -> Response:
    opened = await _opened(web, "invitation", token)
    if opened is None:
        return note_page(words_of(request), "stale", status=404)
    try:
        read = words_read(request.headers.get("accept-language", ""), otherwise=opened.locale).language
        used = await links.join_salon(web.accounts, token, password, locale=read)
    except LinkNotFound:
        return note_page(words_of(request), "stale", status=404)
    except Invalid as invalid:
        return _form("invitation", token, opened).shown(words_for(opened.locale), invalid)
    return await _go_on(request, web, used, "joined")


async def _show(request: Request, web: Web, kind: Chooses, token: str) -> Response:
    opened = await _opened(web, kind, token)
    if opened is None:
        return note_page(words_of(request), "stale", status=404)
    return _form(kind, token, opened).shown(words_for(opened.locale))


async def _opened(web: Web, kind: Chooses, token: str) -> Opened | None:
    try:
        return await links.open_link(web.accounts, kind, token)
    except LinkNotFound:
        return None


def _form(kind: Chooses, token: str, opened: Opened) -> account_forms.Form:
    """Asks for a password only if there is none yet. The email goes along for password managers."""
    told = {"email": opened.email, "salon": opened.salon or ""}
    fields = (NEW_PASSWORD,)
    match kind:
        case "reset":
            first: account_forms.Page = "reset-first" if opened.is_new else "reset"
            return account_forms.Form(first, f"/reset/{quote(token)}", fields, told=told)
        case "sign_up":
            page: account_forms.Page = "verify" if opened.is_new else "verify-more"
            return account_forms.Form(
                page, f"/verify/{quote(token)}", fields if opened.is_new else (), told=told
            )
        case "invitation":
            page = "invitation" if opened.is_new else "invitation-more"
            action = f"/invitation/{quote(token)}"
            return account_forms.Form(page, action, fields if opened.is_new else (), told=told)


async def _go_on(request: Request, web: Web, used: Used, said: str) -> Response:
    """Who has just chosen a password is signed in; who had one has to show it (and their second factor).

    A new salon's owner is led through its first steps (/app).
    """
    if not used.is_new:
        return go_to(f"/sign-in?said={said}")
    begun = await signing_in.begin(
        web.accounts, used.user_id, where_of(request, web), old=cookie_of(request, web)
    )
    answer = go_to(WORK)
    give_cookie(answer, web, begun.token)
    return answer
