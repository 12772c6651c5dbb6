"""What each page weighs with all that it loads, in how many requests, and how long the server takes to make it.

One salon with a long waitlist, a year of appointments and offers under way; one request at a time. Weight is what goes
over the line without compression, which a proxy adds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import aiohttp

from benchmarks import ours
from benchmarks.databases import settle
from benchmarks.figures import Figures, now_ms, spread
from benchmarks.loading import Loader, Shape, service_id, staff_id, tenant_id, token
from benchmarks.ordinary import CLOSES, OPEN_DAYS, OPENS
from benchmarks.processes import ServerOptions, server
from benchmarks.stage import Ground, loaded, reading
from standby import clock
from standby.accounts import members, users
from standby.accounts.permissions import Role
from standby.accounts.scope import account_in_salon
from standby.database.pool import new_id
from standby.signed_links import BOOKING, CUSTOMER, Linked, Purpose, token_for
from standby.tenants import catalog
from standby.tenants.opening_hours import Hours
from standby.tenants.scope import tenant_transaction

NOBODY: Final = "http://127.0.0.1:9"
SALON: Final = tenant_id(1)
EMAIL, PASSWORD = "owner@example.com", "four plain words here"
LOADED: Final = re.compile(r'(?:href|src)="(/static/[^"]+|/[^"]+\.css[^"]*)"')
WARM: Final = 5
# Each page's name and its address, with what is filled in.
PAGES: Final[Mapping[str, str]] = {
    "customer: services": "/salon-1",
    "customer: free times": "/salon-1/times?service={service}&staff={staff}",
    "customer: join the waitlist": "/salon-1/wait?service={service}&staff={staff}",
    "customer: offer": "/o/{offer}",
    "customer: my place": "/m/{customer}",
    "customer: booking": "/b/{booking}",
    "salon: today": "/app/today",
    "salon: waitlist": "/app/waitlist",
    "salon: an entry": "/app/waitlist/{entry}",
    "salon: calendar, day": "/app/calendar?day={day}",
    "salon: calendar, week": "/app/calendar?view=week&staff={staff}&day={day}",
    "salon: a slot": "/app/calendar/slots/{slot}",
    "salon: messages": "/app/messages",
    "salon: insights": "/app/insights",
    "salon: settings": "/app/settings",
    "salon: changes": "/app/audit",
}


@dataclass(frozen=True)
class Options:
    """`waiting`: entries of the salon's waitlist; `visits`: of each page that are measured."""

    waiting: int = 10_000
    visits: int = 50
    staff: int = 6
    per_day: int = 12


async def run(ground: Ground, options: Options) -> Figures:
    first = clock.now().date() - timedelta(days=180)

    async def load(rows: Loader) -> None:
        await rows.offered(20, ends_in=timedelta(hours=2))
        await rows.waiting(options.waiting, first=21)
        await rows.year(options.staff, options.per_day, first)

    async with loaded(ground, Shape(1, options.staff), load) as url:
        await _owner_and_hours(url)
        names = await _filled_in(url)
        await settle(url)
        async with (
            server(ServerOptions(url, NOBODY, web=True, worker=False)) as web,
            aiohttp.ClientSession(
                web.ready["address"],
                headers={"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "gzip"},
                auto_decompress=False,  # Weighed as it comes; pages come as they are.
            ) as session,
        ):
            session.headers["Cookie"] = await _signed_in(session)
            measured = {
                name: await _visited(session, path.format(**names), options.visits)
                for name, path in PAGES.items()
            }
    return {
        "params": {"waiting": options.waiting, "visits": options.visits, "staff": options.staff},
        "pages": measured,
        "heaviest_kb": max(one["kb"] for one in measured.values()),
        "slowest_p50_ms": max(one["server_ms"]["p50"] for one in measured.values()),
    }


async def _owner_and_hours(url: str) -> None:
    now = clock.now()
    async with ours.opened(url, NOBODY) as parts:
        hashed = await parts.web.accounts.passwords.hashed(PASSWORD)
        async with account_in_salon(parts.pool, new_id(), SALON) as tx:
            user_id = await users.add(tx, EMAIL, hashed, locale="en", now=now)
            assert user_id is not None
            await members.add(tx, user_id, Role.OWNER, now=now)
        async with tenant_transaction(parts.pool, SALON) as tx:
            await catalog.set_hours(tx, [Hours(day, OPENS, CLOSES) for day in OPEN_DAYS])


async def _filled_in(url: str) -> Mapping[str, object]:
    """What the pages' addresses name."""
    async with reading(url) as database:
        entry = await database.fetchval("SELECT id FROM waitlist_entries WHERE status = 'waiting' LIMIT 1")
        customer = await database.fetchval("SELECT customer_id FROM waitlist_entries WHERE id = $1", entry)
        booking = await database.fetchval("SELECT id FROM bookings WHERE starts_at > now() LIMIT 1")
        slot = await database.fetchval("SELECT slot_id FROM offers LIMIT 1")
    return {
        "service": service_id(1),
        "staff": staff_id(1),
        "offer": token(1),
        "customer": _link(customer, CUSTOMER),
        "booking": _link(booking, BOOKING),
        "entry": entry,
        "slot": slot,
        "day": clock.now().date(),
    }


async def _signed_in(session: aiohttp.ClientSession) -> str:
    """The owner's cookie, which a browser would send by https only."""
    async with session.post("/api/auth/sign-in", json={"email": EMAIL, "password": PASSWORD}) as answer:
        answer.raise_for_status()
        return answer.headers["Set-Cookie"].partition(";")[0]


async def _visited(session: aiohttp.ClientSession, path: str, visits: int) -> Figures:
    times, text = [], ""
    for _ in range(WARM + visits):
        at = now_ms()
        async with session.get(path, allow_redirects=False) as answer:
            text = await answer.text()
        times.append(now_ms() - at)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    files = set(LOADED.findall(text))
    weights = [len(text.encode())]
    for file in files:
        async with session.get(file) as answer:
            weights.append(len(await answer.read()))
    return {
        "kb": round(sum(weights) / 1000, 1),
        "html_kb": round(weights[0] / 1000, 1),
        "requests": len(weights),
        "server_ms": spread(times[WARM:]),
    }


def _link(what: UUID, purpose: Purpose) -> str:
    return token_for(ours.SECRET.encode(), Linked(SALON, what), purpose)
