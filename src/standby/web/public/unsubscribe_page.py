"""The page behind the link that ends all mails. GET asks and changes nothing: mail scanners open every link.

There is no login and no cookie, and none is needed: the token is signed, and says who is meant. A mail program that
offers a button of its own sends the POST itself (RFC 8058), and may not be led elsewhere by the answer.
"""

from typing import Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.messages import consent
from standby.messages.consent import Standing
from standby.signed_links import CUSTOMER, UNSUBSCRIBE, Linked, read_token, token_for
from standby.tenants.scope import tenant_transaction
from standby.web.context import GetWeb, Web
from standby.web.limits import LIMITED, LIMITED_BY_LINK
from standby.web.pages import render
from standby.web.words import words_accepted, words_for

router = APIRouter(include_in_schema=False)

CHANNEL: Final = "email"


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
async def show(request: Request, token: str, web: GetWeb, back: Literal["yes", "no"] = "no") -> HTMLResponse:
    """`back`: they have just taken it back, and are told so."""
    if (subscriber := _whose(web, token)) is None:
        return _unknown(request)
    async with tenant_transaction(web.pool, subscriber.tenant_id) as tx:
        standing = await consent.standing(tx, subscriber.id, CHANNEL)
    return _page(request, web, token, standing, back=back == "yes")


@router.get("/u/{token}/{answer}")
async def shown_again(token: str, answer: Literal["stop", "resume"]) -> Response:  # noqa: ARG001
    """Where a browser ends up that loads the page of an answer again: it sees what became of the answer."""
    return _back_to(token)


@router.post("/u/{token}", dependencies=[LIMITED_BY_LINK])
async def one_click(request: Request, token: str, web: GetWeb) -> Response:
    """What mail programs ask. The body says "One-Click" and decides nothing, so nobody reads it."""
    if (subscriber := _whose(web, token)) is None:
        return _unknown(request)
    return _page(request, web, token, await _withdrawn(web, subscriber))


@router.post("/u/{token}/stop", dependencies=[LIMITED])
async def stop(request: Request, token: str, web: GetWeb) -> Response:
    if (subscriber := _whose(web, token)) is None:
        return _unknown(request)
    await _withdrawn(web, subscriber)
    return _back_to(token)


@router.post("/u/{token}/resume", dependencies=[LIMITED])
async def resume(request: Request, token: str, web: GetWeb) -> Response:
    if (subscriber := _whose(web, token)) is None:
        return _unknown(request)
    async with tenant_transaction(web.pool, subscriber.tenant_id) as tx:
        await consent.grant(tx, subscriber.id, CHANNEL, source="resubscribe", at=web.clock())
    return _back_to(token, "?back=yes")


async def _withdrawn(web: Web, subscriber: Linked) -> Standing | None:
    async with tenant_transaction(web.pool, subscriber.tenant_id) as tx:
        before = await consent.standing(tx, subscriber.id, CHANNEL)
        if before is None or not before.agreed:  # Asked again; one line in their consents is enough.
            return before
        await consent.withdraw(tx, subscriber.id, CHANNEL, source="unsubscribe", at=web.clock())
        return await consent.standing(tx, subscriber.id, CHANNEL)


def _whose(web: Web, token: str) -> Linked | None:
    return read_token(web.accounts.keys, token, UNSUBSCRIBE)


def _page(
    request: Request, web: Web, token: str, standing: Standing | None, *, back: bool = False
) -> HTMLResponse:
    if standing is None or (subscriber := _whose(web, token)) is None:
        return _unknown(request)
    return render(
        "unsubscribe.html",
        words=words_for(standing.locale),
        token=token,
        salon=standing.salon_name,
        state=("back" if back else "ask") if standing.agreed else "out",
        others=standing.others,
        mine=token_for(web.secret, subscriber, CUSTOMER),
    )


def _back_to(token: str, query: str = "") -> RedirectResponse:
    return RedirectResponse(f"/u/{quote(token, safe='')}{query}", status_code=303)


def _unknown(request: Request) -> HTMLResponse:
    words = words_accepted(request.headers.get("accept-language", ""))
    return render("trouble.html", status=404, words=words, kind="unknown")
