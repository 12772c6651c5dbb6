"""One salon's public addresses are flooded; how much slower is it for the customers of another?

The other salon's traffic three times: alone; while the flooding process is busy with a server of no worth, for on a
small machine it takes processor time from everybody; and while it floods ours.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, astuple, dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

import aiohttp
import psutil

from benchmarks import databases, ours
from benchmarks.cpu import used
from benchmarks.figures import Figures, spread, until
from benchmarks.flooder import EACH, Ask
from benchmarks.loading import SQL, Loader, Shape, service_id, staff_id, tenant_id, token
from benchmarks.ordinary import CLOSES, OPEN_DAYS, OPENS, ROUND, Customers, Salon, times
from benchmarks.processes import Child, Provider, ServerOptions, child, provider, server
from benchmarks.stage import Ground, loaded, reading
from benchmarks.tally import tally
from standby import clock
from standby.bookings import bookings
from standby.signed_links import BOOKING, UNSUBSCRIBE, Linked, Purpose, token_for
from standby.tenants import catalog
from standby.tenants.customers import Person
from standby.tenants.opening_hours import Hours
from standby.tenants.scope import tenant_transaction
from standby.tenants.sign_in import Identity, issue_token

LISTS: Final = (5, 6, 7, 8)  # The other salon's; the flooded one has the first four.
FLOODED, OTHER = tenant_id(1), tenant_id(2)
SHAPE: Final = Shape(2, len(LISTS))
CONNECTIONS: Final = 64
ADDRESSES: Final = 20
WARM_UP: Final = 3.0
NOBODY: Final = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Options:
    """`rate`: what the other salon is asked a second; `flood`: the flooded one. `seconds`: of each of the three."""

    seconds: float = 30.0
    rate: float = 10.0
    flood: float = 200.0
    per_day: int = 12


async def run(ground: Ground, options: Options) -> Figures:
    first = clock.now().date() + timedelta(days=30)
    used = _used_up(options)

    async def load(rows: Loader) -> None:
        offers = 2 * used  # Every list gets as many, and there are those of two salons.
        await rows.offered(offers, ends_in=timedelta(hours=2))
        await rows.waiting(3 * offers, first=offers + 1)
        await rows.year(len(LISTS), options.per_day, first)
        await rows.connection.execute(SQL["insert_verified"], used, OTHER)

    async with loaded(ground, SHAPE, load) as url, provider() as messages:
        salon = await _salon(url, first, used)
        asks = await _everything(url, first)
        await databases.settle(url)
        async with _standby(url, messages) as (address, processes), aiohttp.ClientSession() as session:
            customers = Customers(session, address, salon)
            await _warm_up(session, address, customers, asks, options)
            quiet = await _measured(url, customers, messages, processes, options)
            async with provider() as of_no_worth, _crowd(of_no_worth.address, asks, options):
                beside = await _measured(url, customers, messages, processes, options)
            async with _crowd(address, asks, options) as crowd:
                flooded = await _measured(url, customers, messages, processes, options)
                told = await crowd.ask("what was answered?")
    return {
        "params": asdict(options) | {"addresses": ADDRESSES, "connections": CONNECTIONS},
        "quiet": quiet,
        "beside_a_busy_process": beside,
        "flooded": flooded,
        "p99_times_quiet": _times(flooded, quiet),
        "p99_times_beside_a_busy_process": _times(flooded, beside),
        "flood": _answered(told, options),
    }


def _used_up(options: Options) -> int:
    """More than are accepted, cancelled, or come with a number of their own."""
    calls = (3 * options.seconds + WARM_UP) * options.rate
    return (int(calls / len(ROUND) * 2) // len(LISTS) + 2) * len(LISTS)


async def _salon(url: str, first: date, used: int) -> Salon:
    """The other salon, with bookings to be cancelled."""
    booked: list[UUID] = []
    identity = Identity(OTHER, "benchmark")
    async with ours.opened(url, NOBODY) as parts:
        for each in (FLOODED, OTHER):
            async with tenant_transaction(parts.pool, each) as tx:
                await catalog.set_hours(tx, [Hours(day, OPENS, CLOSES) for day in OPEN_DAYS])
        for number, (in_list, at) in enumerate(islice(times(LISTS, first + timedelta(days=90)), used)):
            person = Person("Customer", f"+479{5_000_000 + number}")
            what = staff_id(in_list), service_id(in_list), at
            async with tenant_transaction(parts.pool, OTHER) as tx:
                booked.append(
                    await bookings.create(tx, person, *what, now=clock.now(), actor="loading", notify=False)
                )
    # Offers are dealt out to both salons in turn, a round of lists each.
    offers = [token(n) for n in range(1, 2 * used + 1) if SHAPE.tenant(n) == OTHER]
    return Salon(
        slug="salon-2",
        bearer=issue_token(ours.SECRET.encode(), identity, now=clock.now(), lifetime=timedelta(hours=2)),
        first=first,
        lists=LISTS,
        offers=iter(offers[1:]),
        bookings=iter(booked[1:]),
        people=iter(range(1, used + 1)),
        shown_offer=offers[0],
        shown_booking=_link(OTHER, booked[0], BOOKING),
    )


async def _everything(url: str, first: date) -> list[Ask]:
    """What the flooded salon can be asked for by anybody: with links that are good, and with made-up ones."""
    async with reading(url) as database:
        booking = await database.fetchval("SELECT id FROM bookings WHERE tenant_id = $1 LIMIT 1", FLOODED)
        customer = await database.fetchval("SELECT id FROM customers WHERE tenant_id = $1 LIMIT 1", FLOODED)
    salon = "/api/public/salon-1"
    own, mail, offer = _link(FLOODED, booking, BOOKING), _link(FLOODED, customer, UNSUBSCRIBE), token(1)
    form = (
        f'{{"customer": {{"name": "Kari", "phone": "+479{EACH}"}}, "verification": "made-up", "consent": "2026-11", '
        f'"service_id": "{service_id(1)}", "staff_id": "{staff_id(1)}", '
    )
    day = f'"{first}T09:00:00Z"'
    signing_in = f'{{"email": "{EACH}@example.com", "password": "correct horse battery"}}'
    return [
        Ask("GET", salon),
        Ask("GET", f"{salon}/services"),
        Ask("GET", f"{salon}/staff"),
        Ask("GET", f"{salon}/free-times?service_id={service_id(1)}&date={first}&days=31"),
        Ask("POST", f"{salon}/verifications", f'{{"phone": "+479{EACH}", "purpose": "booking"}}'),
        Ask("POST", f"{salon}/verifications/{booking}/confirm", '{"code": "123456"}'),
        Ask("POST", f"{salon}/bookings", f'{form} "starts_at": {day}}}'),
        Ask("POST", f"{salon}/waitlist", f'{form} "earliest": {day}, "latest": "2100-01-01T00:00:00Z"}}'),
        Ask("GET", f"/o/{offer}"),
        Ask("GET", f"/o/made-up-{EACH}"),
        Ask("POST", f"/o/made-up-{EACH}/accept"),
        Ask("GET", f"/api/offers/{offer}"),
        Ask("POST", f"/api/confirm/made-up-{EACH}"),
        Ask("POST", f"/api/decline/made-up-{EACH}"),
        Ask("POST", f"/api/stay/made-up-{EACH}"),
        Ask("GET", f"/b/{own}"),
        Ask("GET", f"/b/{own}/move"),
        Ask("POST", f"/b/{own}/confirm"),
        Ask("GET", f"/b/made-up-{EACH}"),
        Ask("GET", f"/u/{mail}"),
        Ask("POST", f"/u/{mail}", "List-Unsubscribe=One-Click"),
        Ask("POST", f"/webhooks/twilio?salon={FLOODED}", "AccountSid=AC1&From=%2B4790000000&MessageSid=SM1"),
        Ask("POST", f"/webhooks/sendgrid?salon={FLOODED}", "[]"),
        Ask("POST", "/webhooks/whatsapp", "{}"),
        Ask("GET", f"/calendars/made-up-{EACH}.ics"),
        Ask("GET", "/sign-in"),
        Ask("POST", "/api/auth/sign-in", signing_in),
        Ask("POST", "/api/auth/token", signing_in),
        Ask("POST", "/api/auth/forgot", f'{{"email": "{EACH}@example.com"}}'),
    ]


async def _warm_up(
    session: aiohttp.ClientSession, address: str, customers: Customers, asks: Sequence[Ask], options: Options
) -> None:
    """All that will be asked for has been before: what a process does once only is not what is measured."""
    for number, ask in enumerate(asks):
        headers = {"x-forwarded-for": f"192.0.2.{number + 1}", "content-type": ask.content_type}
        url = address + ask.path.replace(EACH, "0000000")
        async with session.request(
            ask.method, url, data=ask.body, headers=headers, allow_redirects=False
        ) as answer:
            await answer.read()
        await asyncio.sleep(1 / options.rate)
    await customers.come(min(WARM_UP, options.seconds), options.rate)


def _link(salon: UUID, what: UUID, purpose: Purpose) -> str:
    return token_for(ours.SECRET.encode(), Linked(salon, what), purpose)


@asynccontextmanager
async def _standby(url: str, messages: Provider) -> AsyncIterator[tuple[str, Sequence[psutil.Process]]]:
    """The address of a web server with the default limits, and it and a worker, each a process of its own."""
    async with (
        server(ServerOptions(url, messages.address, web=False, worker=True)) as worker,
        server(ServerOptions(url, messages.address, web=True, worker=False, limited=True)) as web,
    ):
        yield web.ready["address"], [web.process, worker.process]


@asynccontextmanager
async def _crowd(address: str, asks: list[Ask], options: Options) -> AsyncIterator[Child]:
    async with child(
        "flooder", address=address, rate=options.flood, connections=CONNECTIONS, addresses=ADDRESSES,
        asks=[astuple(ask) for ask in asks],
    ) as crowd:  # fmt: skip
        yield crowd


async def _measured(
    url: str, customers: Customers, messages: Provider, processes: Sequence[psutil.Process], options: Options
) -> Figures:
    """The other salon's traffic: `all_ms` is every call, `cancel_to_provider_ms` what comes of cancellations."""
    await messages.clear()
    async with reading(url) as database:
        before = await used(processes, database)
        seen = await customers.come(options.seconds, options.rate)
        cpu = (await used(processes, database)).since(before, options.seconds)
    arrived: dict[UUID, float] = {}

    async def all_there() -> bool:
        nonlocal arrived
        arrived = {
            slot: at for slot, (at, _) in (await tally(url, await messages.log())).first_for_slot.items()
        }
        return seen.freed.keys() <= arrived.keys()

    complete = await until(all_there, every=0.25)
    return {
        "complete": complete,
        "not_served": len(seen.refused),
        "first_not_served": seen.refused[:1],
        "all_ms": spread(one for calls in seen.calls.values() for one in calls),
        "cancel_to_provider_ms": spread(
            arrived[slot] - at for slot, at in seen.freed.items() if slot in arrived
        ),
        "cpu_ms_per_s": cpu,
        "by_kind_ms": {kind: spread(calls) for kind, calls in sorted(seen.calls.items())},
    }


def _times(figures: Figures, beside: Figures) -> Figures:
    """How many times as long the slowest of a hundred take."""
    return {
        what: round(figures[what]["p99"] / beside[what]["p99"], 2)
        for what in ("all_ms", "cancel_to_provider_ms")
    }


def _answered(told: Figures, options: Options) -> Figures:
    statuses: Counter[int] = Counter()
    by_endpoint: dict[str, dict[str, int]] = defaultdict(dict)
    for endpoint, status, times_ in told["answers"]:
        statuses[status] += times_
        by_endpoint[endpoint][str(status)] = times_
    answered = statuses.total()
    return {
        "answered_per_s": round(answered / options.seconds, 1),
        "refused_pct": round(100 * statuses[429] / answered, 1) if answered else 0,
        "failed": sum(times_ for status, times_ in statuses.items() if status >= 500 or status == 0),
        "held_back": told["held_back"],
        "by_endpoint": by_endpoint,
    }
