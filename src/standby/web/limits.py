"""How often anybody may write who needs no sign-in: by address, by person and by salon (tenants/permits.py counts)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Literal, TypeAlias

from fastapi import Depends, Request

from standby.accounts.throttle import place_of
from standby.errors import TooManyRequests
from standby.signed_links import BOOKING, CUSTOMER, UNSUBSCRIBE, read_token
from standby.tenants import permits
from standby.tenants.permits import Rate
from standby.web.client_address import client_address
from standby.web.context import GetWeb, Web

Of: TypeAlias = Literal["address", "person", "salon"]


async def check(web: Web, of: Mapping[Of, str], also: Mapping[str, Rate] | None = None) -> None:
    """Counts a write, by all of these who are known; raises TooManyRequests if one of them has written too much.

    A person is known by their phone number, or by a link that only they have. What is refused counts for nobody.
    `also`: lines of this kind of write alone.
    """
    lines = {
        f"{kind} {who}": Rate.a_minute(rate)
        for kind, who in of.items()
        if who and (rate := web.rates.get(kind, 0))
    } | dict(also or {})
    if not lines:
        return
    wait = await permits.take(web.pool, lines, secret=web.secret, now=web.clock())
    if wait:
        raise TooManyRequests(retry_after_seconds=-(-wait // timedelta(seconds=1)))


def home_of(address: str) -> str:
    """What an address is counted as, as attempts to sign in are; "": nobody knows it."""
    return place_of(address) if address else ""


async def _by_link_and_address(request: Request, web: GetWeb) -> None:
    await check(
        web, {"address": home_of(client_address(request, web.trusted_proxies)), **_by_link(request, web)}
    )


async def _by_link_alone(request: Request, web: GetWeb) -> None:
    await check(web, _by_link(request, web))


def _by_link(request: Request, web: Web) -> Mapping[Of, str]:
    token = str(request.path_params["token"])
    found = (read_token(web.accounts.keys, token, purpose) for purpose in (BOOKING, UNSUBSCRIBE, CUSTOMER))
    linked = next((one for one in found if one), None)
    return {"person": token, "salon": str(linked.tenant_id) if linked else ""}


# For a route of a customer's link, as one of its `dependencies`.
LIMITED: Final = Depends(_by_link_and_address)
# For what mail programs' servers ask on behalf of very many people, whom the law lets unsubscribe.
LIMITED_BY_LINK: Final = Depends(_by_link_alone)
