"""A salon to test with: made, peopled and worked in a few words, on a real database, with a clock that can be set."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from pgqueuer.types import QueueExecutionMode

from standby.accounts.passwords import Passwords
from standby.bookings import bookings
from standby.bookings.bookings import By, Changes, Freed
from standby.calendars.base import Calendar
from standby.channels.base import Channel
from standby.channels.phones import Delivered
from standby.database.pool import WORKER, Tx, connect
from standby.jobs.handlers import handlers
from standby.jobs.queue import build_queue
from standby.jobs.timers import take_due
from standby.settings import Settings
from standby.tenants import catalog, tenants
from standby.tenants.customers import Person
from standby.tenants.scope import tenant_transaction
from standby.tenants.tenants import Salon
from standby.waitlist import entries
from standby.waitlist.entries import Joined, Wish
from standby.waitlist.policy import NO_QUIET_HOURS
from standby.wiring import System, system

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRET = "x" * 40
# All of a test's customers write from one address.
NO_LIMITS = dict.fromkeys(
    (
        "public_writes_per_address",
        "public_writes_per_person",
        "public_writes_per_salon",
        "public_requests_per_address",
        "public_requests_per_salon",
    ),
    0,
)
WAITING = (
    "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE NOT granted AND datname = current_database()"
)


@dataclass
class Clock:
    """Time as the test says."""

    at: datetime = MONDAY_NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **much: float) -> datetime:
        self.at += timedelta(**much)
        return self.at


@dataclass
class Shop:
    """One salon: Kim and Alex cut and colour."""

    system: System
    clock: Clock
    salon: Salon
    kim: UUID
    alex: UUID
    cut: UUID
    colour: UUID
    _numbers: Any = field(default_factory=lambda: iter(range(40_000_000, 50_000_000)))

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        return tenant_transaction(self.system.pool, self.salon.id)

    def phone(self) -> str:
        """A Norwegian mobile number that nobody has had yet."""
        return f"+47{next(self._numbers)}"

    async def join(
        self,
        name: str = "Kari",
        *,
        phone: str | None = None,
        email: str | None = None,
        vip: bool = False,
        **wish: Any,
    ) -> Joined:
        """Puts somebody on the list for a cut by anyone, the next two weeks, unless told otherwise."""
        now = self.clock()
        given: dict[str, Any] = {
            "service_id": self.cut,
            "earliest": now,
            "latest": now + timedelta(days=14),
        } | wish
        async with self.transaction() as tx:
            person = Person(name, phone or self.phone(), email)
            return await entries.join(tx, person, Wish(**given), now=now, actor="test", vip=vip)

    async def book(
        self,
        *,
        at: datetime | None = None,
        staff: UUID | None = None,
        phone: str | None = None,
        notify: bool = False,
    ) -> UUID:
        """Books a cut, tomorrow at the same time unless told otherwise; nobody is told of it unless they are to be."""
        async with self.transaction() as tx:
            return await bookings.create(
                tx,
                Person("Booked Customer", phone or self.phone()),
                staff or self.kim,
                self.cut,
                at or self.tomorrow(),
                now=self.clock(),
                actor="test",
                notify=notify,
            )

    def tomorrow(self) -> datetime:
        """The same time tomorrow; some hours before, if an appointment then would not end by midnight.

        Nobody waits for a time that lasts into the next day, and some tests run by the real clock.
        """
        at = self.clock() + timedelta(days=1)
        return at - timedelta(hours=4) if at.astimezone(self.salon.zone).hour >= 22 else at

    async def cancel(self, booking_id: UUID) -> UUID:
        """Cancels a booking; returns the slot that opened."""
        async with self.transaction() as tx:
            cancelled = await bookings.cancel(
                tx, booking_id, now=self.clock(), reason="ill", actor="test", notify=False
            )
        assert cancelled.opening is not None
        return cancelled.opening.slot_id

    async def change(
        self,
        booking_id: UUID,
        *,
        by: By = "salon",
        notify: bool = False,
        sequence: int | None = None,
        **to: Any,
    ) -> Freed:
        """Moves a booking."""
        async with self.transaction() as tx:
            changes = Changes(**to)
            return await bookings.change(
                tx,
                booking_id,
                changes,
                now=self.clock(),
                actor="test",
                by=by,
                notify=notify,
                sequence=sequence,
            )

    async def free_slot(self, **booking: Any) -> UUID:
        """A slot that a cancellation opened; not filled yet."""
        return await self.cancel(await self.book(**booking))

    async def run_jobs(self) -> None:
        """Works until the queue is empty."""
        await run_jobs(self.system)

    async def pass_time(self, **much: float) -> None:
        """Moves the clock, takes what is due then, and works until the queue is empty."""
        self.clock.forward(**much)
        async with self.system.worker_pool.acquire() as connection:
            while (await take_due(connection, self.clock))[0]:
                pass
        await self.run_jobs()

    async def one(self, statement: str, *values: object) -> asyncpg.Record:
        """A row of this salon, read as the application's role."""
        async with self.transaction() as tx:
            [row] = await tx.fetch(statement, *values)
        return row

    async def all(self, statement: str, *values: object) -> list[asyncpg.Record]:
        async with self.transaction() as tx:
            return list(await tx.fetch(statement, *values))

    async def status_of(self, table: str, row_id: UUID) -> str:
        """The state of one row."""
        return str((await self.one(f'SELECT status FROM "{table}" WHERE id = $1', row_id))["status"])  # noqa: S608

    def messages(self) -> list[Delivered]:
        """All that lies on the phones, oldest first."""
        return list(self.system.phones.messages)

    async def reminders(self, rule: str, **more: Any) -> None:
        """The salon's rule of reminders from now on; what follows from it for bookings that are there is done."""
        async with self.transaction() as tx:
            await tenants.change_policy(tx, None, {"reminders": rule, **more})
        await self.pass_time()

    def token(self, index: int = -1) -> str:
        """The secret in the link of a delivered offer."""
        links = [one.message.link or "" for one in self.messages()]
        return [link for link in links if "/o/" in link][index].rpartition("/")[2]

    async def broken(self) -> list[asyncpg.Record]:
        """The broken invariants; a good system has none."""
        return list(
            await self.system.worker_pool.fetch(
                "SELECT * FROM broken_invariants($1, $2)", self.clock(), timedelta(seconds=1)
            )
        )


async def waiting(watching: Tx, sessions: int) -> None:
    """Until so many sessions of this database wait for a lock that another one holds. Not to be in a transaction."""
    while await watching.fetchval(WAITING) < sessions:  # noqa: ASYNC110 - who has to wait sends no signal
        await asyncio.sleep(0.01)


async def run_jobs(parts: System) -> None:
    """Works until the queue is empty."""
    async with connect(parts.url, role=WORKER, name="test worker") as connection:
        manager = build_queue(
            connection,
            handlers(parts.pool, parts.delivery, parts.clock, parts.calendars, parts.webhooks, parts.mailing),
        )
        await manager.run(mode=QueueExecutionMode.drain, batch_size=10)


@asynccontextmanager
async def open_system(
    url: str,
    clock: Clock,
    *,
    channels: Mapping[str, Channel] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
    **settings: Any,
) -> AsyncIterator[System]:
    """A whole system on a migrated database, with the demo's phones for a provider."""
    given: dict[str, Any] = {
        "database_url": url,
        "secret_key": SECRET,
        "cron_key": "cron" * 5,
        "live_streams": 0,  # Who walks all addresses would wait for ever at the one that never ends.
    }
    given |= NO_LIMITS | settings
    async with system(
        Settings(**given),
        url,
        clock=clock,
        demo=True,
        channels=channels,
        calendars=calendars,
        passwords=Passwords(memory_kib=8, passes=1),
    ) as parts:
        yield parts


async def open_shop(
    parts: System, clock: Clock, *, slug: str = "shop", timezone: str = "Europe/Oslo"
) -> Shop:
    """A salon with two staff members and two services, open always, without quiet hours and without reminders: what a
    test sees must not depend on when it runs.
    """
    salon = await tenants.create(
        parts.pool,
        slug.title(),
        slug=slug,
        timezone=timezone,
        currency="NOK",
        country="NO",
        locale="en",
        now=clock(),
    )
    async with tenant_transaction(parts.pool, salon.id) as tx:
        await tenants.change_policy(tx, None, {**NO_QUIET_HOURS, "reminders": "none"})
        cut = await catalog.add_service(tx, "Haircut", 45, Decimal(650), now=clock())
        colour = await catalog.add_service(tx, "Colour", 90, Decimal(1450), now=clock())
        kim = await catalog.add_staff(tx, "Kim", [cut, colour], now=clock())
        alex = await catalog.add_staff(tx, "Alex", [cut], now=clock())
    async with parts.worker_pool.acquire() as connection:
        await take_due(connection, clock)  # It has seen the rules: nothing is due any more.
    return Shop(parts, clock, salon, kim, alex, cut, colour)


async def at_once(*work: Any) -> list[Any]:
    """Runs all of it at the same time; exceptions are returned with the results."""
    return list(await asyncio.gather(*work, return_exceptions=True))
