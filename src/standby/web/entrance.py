"""Who asks too often is turned away at the entrance, before anything is done: nothing is read, no database is asked.

Whatever can be asked for without signing in is counted, reading too, by address and by salon. So a crowd that one salon
draws takes no time from another's customers. Each process counts for itself; how often something may be written is
counted besides, by all together (web/limits.py).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Final, cast

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from standby.errors import TooManyRequests
from standby.signed_links import BOOKING, CUSTOMER, UNSUBSCRIBE, Purpose, read_token
from standby.tenants.tenants import RESERVED, SLUG
from standby.web import errors
from standby.web.client_address import client_address
from standby.web.context import Web
from standby.web.crowd import Crowd, Crowded
from standby.web.limits import home_of
from standby.web.turnstile import MOST_LINES, Entered, Line, TurnedAway, Turnstile

SALONS: Final = "/api/public/"
LINKS: Final[Mapping[str, Purpose]] = {  # They say whose they are.
    "/b/": BOOKING,
    "/u/": UNSUBSCRIBE,
    "/m/": CUSTOMER,
}
OFFERS: Final = ("/o/", "/api/offers/", "/api/confirm/", "/api/decline/", "/api/stay/")
ACCOUNTS: Final = (
    "/api/auth/",
    "/sign-in",
    "/sign-up",
    "/forgot",
    "/reset/",
    "/verify/",
    "/email/",
    "/invitation/",
)
FEEDS: Final = "/calendars/"
WEBHOOKS: Final = "/webhooks/"
PUBLIC: Final = (SALONS, *LINKS, *OFFERS, *ACCOUNTS, FEEDS, WEBHOOKS)

# What leads nowhere (a made-up link, a wrong password, no signature) counts as so many: customers don't guess.
STRAY: Final = 20
STRAY_OF_SERVER: Final = 1  # One salon's wrong secret must not shut out what a provider says of others.
STRAYS: Final = frozenset({401, 403, 404})

# Who has had so many seconds' worth of a line in advance waits for their turn in the crowd; who has had less too, when
# so many are being served already. Two who come to a salon at once are no crowd.
CROWDED: Final = 0.25
CROWDED_WHEN_BUSY: Final = 0.11
BUSY: Final = 2


@dataclass
class Door:
    """What a process remembers of who came, and how many are inside. `salons`: their ids, by their slugs."""

    turnstile: Turnstile = field(default_factory=Turnstile)
    crowd: Crowd = field(default_factory=Crowd)
    salons: dict[str, str] = field(default_factory=dict)
    inside: int = 0


def install(app: FastAPI) -> None:
    """Puts the entrance before the app."""
    app.state.door = Door()
    app.add_middleware(Entrance)


class Entrance:
    """Middleware that answers 429 to who asks too often, and serves a crowd after one another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (scope["path"].startswith(PUBLIC) or _slug(scope["path"])):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        web, door = cast("Web", request.app.state.web), cast("Door", request.app.state.door)
        address = _address(request, web)
        lines = [*address, *_asked(request, web, door)]
        match door.turnstile.enter(lines, asyncio.get_running_loop().time()):
            case Entered(used) if used <= (CROWDED if door.inside < BUSY else CROWDED_WHEN_BUSY):
                await self._serve(request, door, address, receive, send)
            case Entered(used):
                try:
                    async with door.crowd.turn(used):
                        await self._serve(request, door, address, receive, send)
                except Crowded:
                    await _refused(request, 1)(scope, receive, send)
            case TurnedAway(wait):
                await _refused(request, wait)(scope, receive, send)

    async def _serve(
        self, request: Request, door: Door, address: Sequence[Line], receive: Receive, send: Send
    ) -> None:
        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in STRAYS:
                for line in address:
                    more = STRAY - line.cost if line.cost else STRAY_OF_SERVER
                    door.turnstile.count(replace(line, cost=more), asyncio.get_running_loop().time())
            await send(message)

        door.inside += 1
        try:
            await self._app(request.scope, receive, send_and_count)
        finally:
            door.inside -= 1
        _learn(request, door)


def _address(request: Request, web: Web) -> list[Line]:
    """The line of the address that asks. Of a server that asks for many only strays count."""
    rate = web.request_rates.get("address", 0)
    address = client_address(request, web.trusted_proxies)
    if not rate or not address:
        return []
    return [Line(f"address {home_of(address)}", rate, 0 if _is_from_server(request) else 1)]


def _asked(request: Request, web: Web, door: Door) -> list[Line]:
    """The line of what is asked for: a salon, or an offer, whose link doesn't say whose it is."""
    rates, path = web.request_rates, str(request.scope["path"])
    if path.startswith(OFFERS) and (rate := rates.get("address", 0)):
        return [Line(f"offer {path.removeprefix('/api').split('/')[2]}", rate)]
    if (rate := rates.get("salon", 0)) and (salon := _salon(path, web, door)):
        return [Line(f"salon {salon}", rate)]
    return []


def _salon(path: str, web: Web, door: Door) -> str:
    """The salon that is asked, by its id or else its slug; "": that can't be told."""
    if slug := _slug(path):
        return door.salons.get(slug, slug)
    if (purpose := LINKS.get(path[:3])) is not None:
        linked = read_token(web.accounts.keys, path.split("/")[2], purpose)
        return str(linked.tenant_id) if linked else ""
    return ""


def _learn(request: Request, door: Door) -> None:
    """Remembers which salon a slug has led to, so that it has one line under both names."""
    salon_id, path = getattr(request.state, "salon_id", None), str(request.scope["path"])
    if salon_id is not None and (slug := _slug(path)):
        if len(door.salons) >= MOST_LINES:
            door.salons.clear()
        door.salons[slug] = str(salon_id)


def _is_from_server(request: Request) -> bool:
    """Whether it is one of few servers that ask on behalf of very many: a provider's, or a mail program's one click."""
    path = str(request.scope["path"])
    return path.startswith(WEBHOOKS) or (
        request.method == "POST" and path.startswith("/u/") and path.count("/") == 2
    )


def _slug(path: str) -> str:
    """The salon that an address names, of the API or of the salon's own pages; "": none."""
    if path.startswith(SALONS):
        return path.removeprefix(SALONS).partition("/")[0]
    first = path[1:].partition("/")[0]
    return first if SLUG.fullmatch(first) and first not in RESERVED else ""


def _refused(request: Request, wait: float) -> Response:
    return errors.refused(request, TooManyRequests(retry_after_seconds=ceil(wait)))
