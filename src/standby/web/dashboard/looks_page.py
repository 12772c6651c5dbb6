"""/app/salon: what the salon is called, in which language it writes, where it is found, and its colour. No scripts."""

from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.errors import Invalid, NameTaken
from standby.tenants import tenants
from standby.tenants.tenants import COLOUR
from standby.web import colours
from standby.web.colours import Look
from standby.web.dashboard.back import back
from standby.web.dashboard.typed import Form
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.words import LANGUAGES

router = APIRouter(prefix="/app/salon", include_in_schema=False)

DONE: Final = ("name", "colour", "address")
OURS: Final = "#0b6b53"  # --accent in standby.css
VERY_EASY: Final = 7.0  # WCAG's AAA
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_SALON)]
Owner: TypeAlias = Annotated[Visitor, asks(Permission.NAME_SALON)]


@router.api_route("", methods=["GET", "HEAD"])
async def show_salon(visitor: Reader, request: Request, said: str = "") -> HTMLResponse:
    """`own` and `accent`: a colour that is looked at before it is saved."""
    form = _colour(visitor)
    if "accent" in request.query_params:
        form = Form.sent("colour", request.query_params, visitor.words)
        _accent(form)
    return _page(visitor, colour=form, said=said if said in DONE else "")


@router.api_route("/look.css", methods=["GET", "HEAD"])
async def look(visitor: Reader, accent: str = "") -> Response:  # noqa: ARG001 - for who may see the page
    """The colour `accent` (without #), on what the page shows of the salon's pages."""
    written = f"#{accent}"
    css = colours.preview(written) if COLOUR.fullmatch(written) else ""
    return Response(css, media_type="text/css")


@router.post("/name")
async def call(visitor: Owner, request: Request) -> Response:
    """What the salon is called, and the language of its messages."""
    form = Form.sent("name", await request.form(), visitor.words)
    form.name("name")
    if form["locale"] not in LANGUAGES:
        form.wrong("locale", "salon.problem.language")
    if form.problems:
        return _page(visitor, name=form, status=422)
    async with visitor.transaction() as tx:
        await tenants.call(tx, form["name"])
        await tenants.speak(tx, form["locale"])
    return back("salon", "name")


@router.post("/colour")
async def colour(visitor: Owner, request: Request) -> Response:
    form = Form.sent("colour", await request.form(), visitor.words)
    accent = _accent(form)
    if form.problems:
        return _page(visitor, colour=form, status=422)
    async with visitor.transaction() as tx:
        await tenants.colour(tx, accent)
    return back("salon", "colour")


@router.post("/address")
async def rename(visitor: Owner, request: Request) -> Response:
    """The old address leads nowhere from then on."""
    form = Form.sent("address", await request.form(), visitor.words)
    try:
        async with visitor.transaction() as tx:
            await tenants.rename(tx, form["slug"])
    except NameTaken:
        form.wrong("slug", "salon.problem.taken")
        return _page(visitor, address=form, status=409)
    except Invalid as invalid:
        reserved = any(one.code == "reserved" for one in invalid.problems)
        form.wrong("slug", "salon.problem.taken" if reserved else "salon.problem.slug")
        return _page(visitor, address=form, status=422)
    return back("salon", "address")


def _colour(visitor: Visitor) -> Form:
    accent = visitor.salon.accent
    return Form("colour", visitor.words, {"own": "on" if accent else "", "accent": accent or OURS})


def _accent(form: Form) -> str | None:
    """The colour that the form asks for; None: Standby's own."""
    if form["own"] != "on":
        return None
    accent = form["accent"].lower()
    if not COLOUR.fullmatch(accent):
        form.wrong("accent", "salon.problem.colour")
        return None
    return accent


def _page(
    visitor: Visitor,
    *,
    name: Form | None = None,
    colour: Form | None = None,
    address: Form | None = None,
    said: str = "",
    status: int = 200,
) -> HTMLResponse:
    salon, words = visitor.salon, visitor.words
    colour = colour or _colour(visitor)
    accent = _accent(colour) or OURS
    may_change = Permission.NAME_SALON in visitor.permissions
    return visitor.page(
        "salon.html",
        "salon",
        status=status,
        name=name or Form("name", words, {"name": salon.name, "locale": salon.locale}),
        languages=[(one, words(f"salon.language.{one}")) for one in LANGUAGES],
        colour=colour,
        address=address or Form("address", words, {"slug": salon.slug}),
        public_url=visitor.web.public_url,
        slug=salon.slug,
        is_saved=_accent(colour) == salon.accent,
        accent=accent[1:],
        looks=[
            {"name": name, "told": _told(name, one, visitor)} for name, one in colours.looks(accent).items()
        ],
        facts=({} if may_change else {"language": words(f"salon.language.{salon.locale}")})
        | {
            "zone": salon.timezone,
            "currency": salon.currency,
            "country": salon.country,
        },
        may_change=may_change,
        said=said,
    )


def _told(name: str, look: Look, visitor: Visitor) -> list[str]:
    words = visitor.words

    def contrast(key: str, much: float) -> str:
        how = words("salon.very_easy" if much >= VERY_EASY else "salon.easy")
        return words(key, much=visitor.formats.number(int(much * 10) / 10), how=how)

    changed: dict[str, Any] = {} if look.as_chosen else {"colour": look.accent}
    return [
        words(f"salon.{name}.changed", **changed) if changed else words(f"salon.{name}.as_chosen"),
        contrast("salon.on_page", look.on_page),
        contrast("salon.on_button", look.on_button),
    ]
