"""/app/welcome: how a new salon gets ready, in five steps, and how far it is. No scripts.

How far it is stands nowhere: it is seen from what is there. Who wants no guide keeps that in a cookie, salon by salon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.accounts.permissions import Permission
from standby.database.pool import Tx
from standby.errors import Invalid, NameTaken
from standby.exporting.book import count_rows
from standby.importing import imports
from standby.importing.sample import sample_book
from standby.messages import senders
from standby.tenants import catalog, tenants
from standby.web.dashboard.back import back
from standby.web.dashboard.typed import NEW, Form
from standby.web.dashboard.visitor import GUIDED, Visitor, asks

router = APIRouter(prefix="/app/welcome", include_in_schema=False)

COOKIE: Final = "standby_guide"  # the salon whose guide is not wanted any more
MONTHS: Final = 180 * 24 * 3600
Guided: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_SALON)]


@dataclass(frozen=True)
class Step:
    """One thing to do, on which page, and whether it is done."""

    page: str
    done: bool


@router.api_route("", methods=["GET", "HEAD"])
async def show_guide(visitor: Guided, said: str = "") -> HTMLResponse:
    return await _page(visitor, said="renamed" if said == "renamed" else "")


@router.post("/address")
async def rename(visitor: Annotated[Visitor, asks(Permission.NAME_SALON)], request: Request) -> Response:
    """Gives the salon another name in addresses; the old one leads nowhere then."""
    async with request.form() as sent:
        form = Form.sent(NEW, sent, visitor.words)
    try:
        async with visitor.transaction() as tx:
            await tenants.rename(tx, form["slug"])
    except Invalid as invalid:
        reserved = any(one.code == "reserved" for one in invalid.problems)
        form.wrong("slug", "welcome.problem.taken" if reserved else "welcome.problem.slug")
    except NameTaken:
        form.wrong("slug", "welcome.problem.taken")
    return await _page(visitor, form=form, status=422) if form.problems else back("welcome", "renamed")


async def _page(
    visitor: Visitor, *, said: str = "", problem: str = "", form: Form | None = None, status: int = 200
) -> HTMLResponse:
    async with visitor.transaction() as tx:
        found, is_empty = await steps(tx, visitor), await _is_empty(tx)
    following = next((one.page for one in found if not one.done), "")
    page = visitor.page(
        "welcome.html",
        "welcome",
        status=status,
        said=said,
        problem=problem,
        is_empty=is_empty,
        form=form or Form(NEW, visitor.words, {"slug": visitor.salon.slug}),
        open=form is not None,
        may_name=Permission.NAME_SALON in visitor.permissions,
        steps=found,
        done=sum(one.done for one in found),
        following=following,
        public_url=f"{visitor.web.public_url}/{visitor.salon.slug}",
    )
    if following:
        page.set_cookie(GUIDED, str(visitor.salon.id), **_kept(visitor))
    else:
        page.delete_cookie(GUIDED, path="/app")
    return page


@router.post("/sample")
async def bring_sample(visitor: Annotated[Visitor, asks(Permission.PERSONAL_DATA)]) -> Response:
    """Has a sample book looked at, as any import is, if the salon has none of its own yet."""
    now = visitor.web.clock()
    async with visitor.transaction() as tx:
        if not await _is_empty(tx):
            return await _page(visitor, problem="not_empty", status=409)
        files = sample_book(visitor.session.locale, now.astimezone(visitor.salon.zone))
        await imports.start(tx, files, visitor.author, now=now)
    return back("import")


@router.post("/later")
async def dismiss(visitor: Guided) -> RedirectResponse:
    """The guide stays where it is; nobody is led to it any more."""
    answer = RedirectResponse("/app/settings", status_code=303)
    answer.set_cookie(COOKIE, str(visitor.salon.id), max_age=MONTHS, **_kept(visitor))
    answer.delete_cookie(GUIDED, path="/app")
    return answer


def _kept(visitor: Visitor) -> Any:
    """How its cookies are kept."""
    return {"path": "/app", "secure": visitor.web.accounts.secure, "httponly": True, "samesite": "lax"}


async def _is_empty(tx: Tx) -> bool:
    return not (await catalog.services(tx) or await catalog.staff(tx) or any((await count_rows(tx)).values()))


async def steps(tx: Tx, visitor: Visitor) -> list[Step]:
    """What a salon needs before customers can book with it, in the order in which one does it best."""
    services = [row for row in await catalog.services(tx) if row["active"]]
    working = [row for row in await catalog.staff(tx) if row["active"] and row["services"]]
    own = await senders.appointed(tx, now=visitor.web.clock())
    return [
        Step("hours", bool(await catalog.hours(tx))),
        Step("services", bool(services)),
        Step("staff", bool(working)),
        Step("channels", bool(own or visitor.web.senders.installation)),
    ]


def is_wanted(request: Request, visitor: Visitor, found: Sequence[Step]) -> bool:
    """Whether the salon isn't ready yet, and nobody has put the guide away."""
    put_away = request.cookies.get(COOKIE) == str(visitor.salon.id)
    return not put_away and not all(one.done for one in found)
