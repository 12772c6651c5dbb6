"""A real Chromium, and a salon behind a real server to look at."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, async_playwright

from standby.bookings import bookings
from standby.channels.phones import Phones
from standby.database.pool import APP, Pool, open_pool
from standby.tenants import catalog, tenants
from standby.tenants.customers import Person
from standby.tenants.scope import tenant_transaction
from standby.waitlist import cascade, entries, offers, slots
from standby.waitlist.cascade import Offered
from standby.waitlist.entries import Wish
from standby.waitlist.lifecycle import SlotState
from standby.waitlist.tokens import hash_token, new_token
from standby.web import demo_phones, headers, pages
from standby.web.context import Web
from standby.web.public import offer_page

BROWSERS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium (or your system's package of it)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


class MovableClock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2030, 6, 4, 12, 20, tzinfo=UTC)  # a Tuesday, 14:20 in Oslo

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(frozen=True)
class Held:
    """An offer that its customer has been told of."""

    id: UUID
    token: str


class Salon:
    """One salon that can put an offer into every state there is, by the functions that really do it."""

    def __init__(self, pool: Pool, owner: asyncpg.Connection, id_: UUID, clock: MovableClock) -> None:
        self.pool = pool
        self.owner = owner
        self.id = id_
        self.clock = clock

    async def offer(self, *, window: timedelta = timedelta(minutes=15), misses: int = 3) -> Held:
        """Ingrid waits, a time frees in three hours, and she is told of it."""
        now, token = self.clock(), new_token()
        async with tenant_transaction(self.pool, self.id) as tx:
            rules = {"offer_window_seconds": round(window.total_seconds()), "max_misses": misses}
            await tenants.set_policy(tx, None, rules)
            service = await catalog.add_service(tx, "Cut & blow-dry", 45, Decimal(650), now=now)
            staff = await catalog.add_staff(tx, "Maria Lund", [service], now=now)
            wish = Wish(service, now, now + timedelta(days=14))
            await entries.join(tx, Person("Ingrid Berg", "+4741234567"), wish, now=now, actor="test")
            starts = now + timedelta(hours=3, minutes=10)
            opening = await slots.create(tx, staff, service, starts, None, now=now, actor="test")
            offered = await cascade.fill(tx, opening.slot_id, now=now)
        assert isinstance(offered, Offered)
        await self.owner.execute(
            "UPDATE offers SET token_hash = $2, sent_at = $3 WHERE id = $1",
            offered.offer_id,
            hash_token(token),
            now,
        )
        return Held(offered.offer_id, token)

    async def accepted(self) -> Held:
        held = await self.offer()
        async with tenant_transaction(self.pool, self.id) as tx:
            await offers.accept(tx, held.id, now=self.clock(), actor="customer")
        return held

    async def past(self) -> Held:
        held = await self.accepted()
        self.clock.advance(days=1)
        return held

    async def cancelled(self) -> Held:
        held = await self.accepted()
        async with tenant_transaction(self.pool, self.id) as tx:
            booking_id = (await offers.show(tx, held.id)).booking_id
            assert booking_id is not None
            await bookings.cancel(tx, booking_id, now=self.clock(), reason="asked", actor="staff")
        return held

    async def declined(self) -> Held:
        held = await self.offer()
        async with tenant_transaction(self.pool, self.id) as tx:
            await offers.decline(tx, held.id, now=self.clock(), actor="customer")
        return held

    async def unanswered(self, *, misses: int = 3) -> Held:
        """With `misses` 1 she is off the list for it."""
        held = await self.offer(misses=misses)
        await self.let_pass()
        return held

    async def let_pass(self) -> None:
        """Nobody answers until the offer's time is over."""
        self.clock.advance(minutes=16)
        await self.owner.execute("SELECT expire_due_offers($1)", self.clock())

    async def off_the_list(self) -> Held:
        return await self.unanswered(misses=1)

    async def lost(self) -> Held:
        return await self._withdrawn("lost_to_rival")

    async def taken_back(self) -> Held:
        return await self._withdrawn("slot_closed")

    async def _withdrawn(self, reason: str) -> Held:
        held = await self.offer()
        async with tenant_transaction(self.pool, self.id) as tx:
            await offers.withdraw(
                tx, held.id, now=self.clock(), reason=reason, actor="staff", slot_to=SlotState.CANCELLED
            )
        return held

    async def count(self, table: str, **having: str) -> int:
        """How many rows there are of this status and the like."""
        conditions = "".join(f" AND {column} = '{value}'" for column, value in having.items())
        found: int = await self.owner.fetchval(f"SELECT count(*) FROM {table} WHERE true{conditions}")  # noqa: S608
        return found


@dataclass(frozen=True)
class Site:
    """A running server. `url` has no slash at its end."""

    url: str
    salon: Salon
    phones: Phones

    def link(self, held: Held) -> str:
        return f"{self.url}/o/{held.token}"


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    async with running(database_url) as site:
        yield site


@asynccontextmanager
async def running(database_url: str, locale: str = "en", *, demo: bool = True) -> AsyncIterator[Site]:
    clock, phones = MovableClock(), Phones()
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    pool = await open_pool(database_url, role=APP, size=4, name="test")
    salon = await tenants.create(
        pool, "Salong Nord", timezone="Europe/Oslo", currency="NOK", country="NO", locale=locale, now=clock()
    )
    web = Web(
        pool=pool, clock=clock, secret=b"", public_url="", process=_nothing, phones=phones if demo else None
    )
    async with served(_app(web)) as url:
        yield Site(url, Salon(pool, owner, salon.id, clock), phones)
    await pool.close()
    await owner.close()


async def _nothing() -> tuple[int, int]:
    return 0, 0


def _app(web: Web) -> FastAPI:
    app = FastAPI()
    app.state.web = web
    app.include_router(offer_page.router)
    app.include_router(demo_phones.router)
    app.mount("/static", pages.Static())
    headers.install(app)
    return app


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application on a free port, until the block ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    host, port = listening.getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    await running
    listening.close()
