"""/app/settings: where the pages are on which the salon is set up. /app: leads to the first page that one may see."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from standby.accounts.permissions import Permission, permissions_of
from standby.tenants import catalog
from standby.tenants.scope import tenant_transaction
from standby.web.context import GetWeb
from standby.web.dashboard import welcome_page
from standby.web.dashboard.visitor import PAGES, SETTINGS, Visitor, asks, pages_for
from standby.web.signed_in import session_of

router = APIRouter(prefix="/app", include_in_schema=False)


@router.api_route("", methods=["GET", "HEAD"])
async def begin(request: Request, web: GetWeb) -> RedirectResponse:
    """Who isn't signed in does so; who has chosen no salon does that; whose salon is empty is led to the guide."""
    session = await session_of(request, web)
    if session is None or session.needs_code:
        return RedirectResponse("/sign-in", status_code=303)
    if session.tenant_id is None or session.role is None:
        return RedirectResponse("/account", status_code=303)
    put_away = request.cookies.get(welcome_page.COOKIE) == str(session.tenant_id)
    if Permission.WRITE_SALON in permissions_of(session.role) and not put_away:
        async with tenant_transaction(web.pool, session.tenant_id) as tx:
            if not await catalog.services(tx):
                return RedirectResponse("/app/welcome", status_code=303)
    pages = pages_for(session, PAGES | SETTINGS)
    return RedirectResponse(f"/app/{pages[0]}" if pages else "/account", status_code=303)


@router.api_route("/settings", methods=["GET", "HEAD"])
async def show_settings(
    visitor: Annotated[Visitor, asks(Permission.READ_SALON)], request: Request
) -> HTMLResponse:
    steps = []
    if Permission.WRITE_SALON in visitor.permissions:
        async with visitor.transaction() as tx:
            steps = await welcome_page.steps(tx, visitor)
    return visitor.page(
        "settings.html",
        "settings",
        guide=welcome_page.is_wanted(request, visitor, steps),
        done=sum(one.done for one in steps),
        count=len(steps),
    )
