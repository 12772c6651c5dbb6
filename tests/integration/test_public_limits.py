"""Who needs no sign-in may write so often and no oftener, whichever process is asked; and nobody else pays for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi.routing import APIRoute

from standby.jobs.reconcile import KEEP_PERMITS, Keeping, forget
from standby.signed_links import BOOKING, UNSUBSCRIBE, Linked, token_for
from standby.web import limits, public
from standby.web.api import offers
from standby.web.public import account_links_pages, account_pages, book_page, own_account_pages, wait_page
from tests.api import app_of, error_of
from tests.salon import SECRET, Clock, Shop, open_shop, open_system

MARKS = {limits.LIMITED.dependency, limits.LIMITED_BY_LINK.dependency}
KEPT = "SELECT count(*) FROM standby.public_limits"


@asynccontextmanager
async def processes(url: str, clock: Clock, number: int = 2, **rates: Any) -> AsyncIterator[list[Shop]]:
    """So many running systems on one database, and the salon in each of them."""
    async with AsyncExitStack() as stack:
        systems = [await stack.enter_async_context(open_system(url, clock, **rates)) for _ in range(number)]
        first = await open_shop(systems[0], clock)
        yield [
            Shop(parts, clock, first.salon, first.kim, first.alex, first.cut, first.colour)
            for parts in systems
        ]


def browser(shop: Shop, address: str = "1.1.1.1", **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app_of(shop.system.web), client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://salon", headers=headers)


async def post(shop: Shop, path: str, address: str = "1.1.1.1", **headers: str) -> httpx.Response:
    async with browser(shop, address, **headers) as client:
        return await client.post(path)


async def test_two_processes_count_together_and_let_no_more_through_than_both_may(
    database_url: str, clock: Clock
) -> None:
    async with processes(database_url, clock, public_writes_per_address=10) as shops:
        answers = await asyncio.gather(*(post(shops[n % 2], f"/api/confirm/{n}") for n in range(30)))
        assert Counter(one.status_code for one in answers) == {404: 10, 429: 20}
        refused = await post(shops[0], "/api/confirm/x")
        assert error_of(refused, 429)["code"] == "TOO_MANY_REQUESTS"
        assert refused.headers["retry-after"] == "6"

        assert (await post(shops[1], "/api/confirm/x", "2.2.2.2")).status_code == 404  # Somebody else.
        clock.forward(seconds=5.9)
        assert (await post(shops[1], "/api/confirm/x")).status_code == 429
        clock.forward(seconds=0.1)
        assert (await post(shops[1], "/api/confirm/x")).status_code == 404
        assert (await post(shops[0], "/api/confirm/x")).status_code == 429
        clock.forward(minutes=1)
        assert [(await post(shops[0], "/api/confirm/x")).status_code for _ in range(11)] == [404] * 10 + [429]


async def test_a_refused_write_changes_nothing_and_counts_for_nobody_else(
    database_url: str, clock: Clock
) -> None:
    async with processes(
        database_url,
        clock,
        1,
        public_writes_per_address=1,
        public_writes_per_person=1,
        public_writes_per_salon=2,
    ) as [shop]:
        await shop.join()
        await shop.free_slot()
        await shop.run_jobs()
        token = shop.token()
        assert (await post(shop, "/o/x/decline")).status_code == 404
        page = await post(shop, f"/o/{token}/accept", accept="text/html")
        assert page.status_code == 429
        assert "too often" in page.text
        assert int(page.headers["retry-after"]) == 60
        assert await shop.all("SELECT id FROM bookings WHERE status = 'confirmed'") == []
        taken = await post(shop, f"/o/{token}/accept", "2.2.2.2")  # The link's own line is still whole.
        assert taken.status_code == 303
        assert len(await shop.all("SELECT id FROM bookings WHERE status = 'confirmed'")) == 1
        assert (await post(shop, f"/o/{token}/accept", "3.3.3.3")).status_code == 429


async def test_all_customers_of_a_salon_have_a_line_together(database_url: str, clock: Clock) -> None:
    async with processes(database_url, clock, 1, public_writes_per_salon=2) as [shop]:
        links = [
            token_for(SECRET.encode(), Linked(shop.salon.id, await shop.book(at=at)), BOOKING)
            for at in (shop.tomorrow() + timedelta(hours=hours) for hours in range(1, 4))
        ]
        answers = [await post(shop, f"/b/{link}/confirm", f"1.1.1.{n}") for n, link in enumerate(links)]
        assert [one.status_code for one in answers] == [303, 303, 429]


async def test_what_mail_programs_unsubscribe_for_many_is_not_counted_by_their_address(
    database_url: str, clock: Clock
) -> None:
    async with processes(database_url, clock, 1, public_writes_per_address=1) as [shop]:
        for _ in range(3):
            await shop.join(email="kari@example.com")
        links = [
            token_for(SECRET.encode(), Linked(shop.salon.id, person["id"]), UNSUBSCRIBE)
            for person in await shop.all("SELECT id FROM customers")
        ]
        assert [(await post(shop, f"/u/{link}")).status_code for link in links] == [200] * 3
        assert (await post(shop, f"/u/{links[0]}/resume")).status_code == 303
        assert (await post(shop, f"/u/{links[0]}/stop")).status_code == 429


async def test_behind_a_proxy_of_ours_each_customer_has_their_own_line(
    database_url: str, clock: Clock
) -> None:
    rates = {"public_writes_per_address": 1, "trusted_proxies": "10.0.0.0/8"}
    async with processes(database_url, clock, 1, **rates) as [shop]:
        asked = [
            await post(shop, "/api/confirm/x", "10.0.0.1", **{"x-forwarded-for": whom})
            for whom in ("1.1.1.1", "2.2.2.2", "9.9.9.9, 1.1.1.1")
        ]
        assert [one.status_code for one in asked] == [404, 404, 429]


def test_every_write_by_a_customer_s_link_is_limited() -> None:
    """Accounts have limits of their own (accounts/throttle.py); a salon's own forms count by their number."""
    others = {account_pages, account_links_pages, own_account_pages, book_page, wait_page}
    pages = [
        module.router
        for _, module in sorted(vars(public).items())
        if hasattr(module, "router") and module not in others
    ]
    routes = [
        route for router in (*pages, offers.router) for route in router.routes if isinstance(route, APIRoute)
    ]
    found = {
        route.path: any(one.dependency in MARKS for one in route.dependencies)
        for route in routes
        if "POST" in (route.methods or ())
    }
    assert len(found) == 17
    assert [path for path, limited in found.items() if not limited] == []


async def test_lines_say_nothing_of_whom_they_are_about_and_are_forgotten(
    database_url: str, clock: Clock
) -> None:
    async with processes(database_url, clock, 1, public_writes_per_address=5) as [shop]:
        await post(shop, "/api/confirm/x")
        owner = await asyncpg.connect(database_url)
        [key] = [row["key"] for row in await owner.fetch("SELECT key FROM standby.public_limits")]
        assert b"1.1.1.1" not in key
        await forget(shop.system.worker_pool, Keeping(timedelta(days=1000)), now=clock())
        assert await owner.fetchval(KEPT) == 1
        await forget(
            shop.system.worker_pool,
            Keeping(timedelta(days=1000)),
            now=clock() + KEEP_PERMITS + timedelta(minutes=1),
        )
        assert await owner.fetchval(KEPT) == 0
        await owner.close()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_is_no_write(database_url: str, clock: Clock, method: str) -> None:
    async with (
        processes(database_url, clock, 1, public_writes_per_address=1) as [shop],
        browser(shop) as client,
    ):
        for _ in range(3):
            assert (await client.request(method, "/o/x")).status_code == 404


async def test_who_asks_too_often_is_turned_away_before_the_database_is_asked(
    database_url: str, clock: Clock
) -> None:
    rates = {"public_requests_per_address": 1, "trusted_proxies": "10.0.0.0/8"}
    async with (
        processes(database_url, clock, 1, **rates) as [shop],
        browser(shop, "10.0.0.1") as client,
    ):
        asked = [
            ("GET", "/api/public/shop"),
            ("GET", "/o/x"),
            ("GET", "/api/offers/y"),
            ("POST", "/api/confirm/z"),
            ("GET", "/b/x"),
            ("POST", "/u/x/stop"),
            ("POST", "/webhooks/whatsapp"),  # Of these only what nobody has signed counts.
            ("GET", "/calendars/x.ics"),
            ("GET", "/sign-in"),
            ("POST", "/api/auth/sign-in"),
            ("GET", "/shop"),
            ("GET", "/m/x"),
        ]

        async def ask(number: int, **accept: str) -> httpx.Response:
            method, path = asked[number]
            return await client.request(
                method, path, headers={"x-forwarded-for": f"1.1.1.{number}", **accept}
            )

        for number, what in enumerate(asked):
            assert (await ask(number)).status_code not in {429, 500, 503}, what
        await shop.system.pool.close()
        await shop.system.worker_pool.close()
        for number, what in enumerate(asked):
            refused = await ask(number)
            assert error_of(refused, 429)["code"] == "TOO_MANY_REQUESTS", what
            assert int(refused.headers["retry-after"]) in range(50, 1201), what
        assert "too often" in (await ask(8, accept="text/html")).text
        assert (
            await client.get("/o/x", headers={"x-forwarded-for": "2.2.2.2"})
        ).status_code == 429  # The same link.
        assert (await client.get("/o/w", headers={"x-forwarded-for": "2.2.2.2"})).status_code == 503


async def test_a_crowd_at_one_salon_leaves_the_other_alone(database_url: str, clock: Clock) -> None:
    rates = {"public_requests_per_salon": 1, "trusted_proxies": "10.0.0.0/8"}
    async with (
        processes(database_url, clock, 1, **rates) as [shop],
        browser(shop, "10.0.0.1") as client,
    ):
        other = await open_shop(shop.system, clock, slug="other")

        async def ask(path: str, number: int) -> int:
            return (await client.get(path, headers={"x-forwarded-for": f"1.1.1.{number}"})).status_code

        link = token_for(SECRET.encode(), Linked(shop.salon.id, await shop.book()), BOOKING)
        # The first one is counted by the slug alone: it tells whose that is.
        assert [await ask("/api/public/shop/services", number) for number in range(4)] == [200, 200, 429, 429]
        assert await ask("/shop/times", 5) == 429  # Its own pages are no other line.
        assert await ask(f"/b/{link}", 5) == 429  # The same salon by another name.
        assert await ask(f"/api/public/{other.salon.slug}/services", 1) == 200


async def test_one_click_of_many_customers_from_one_server_is_no_crowd(
    database_url: str, clock: Clock
) -> None:
    async with (
        processes(database_url, clock, 1, public_requests_per_address=1) as [shop],
        browser(shop) as client,
    ):
        for _ in range(2):
            await shop.join(email="kari@example.com")
        people = await shop.all("SELECT id FROM customers")
        links = [token_for(SECRET.encode(), Linked(shop.salon.id, one["id"]), UNSUBSCRIBE) for one in people]
        assert [(await client.post(f"/u/{link}")).status_code for link in links] == [200] * len(links)
