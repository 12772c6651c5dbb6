"""Salons to measure with, written in a few statements each; the triggers see every row.

A shape says how many salons there are and how many waiting lists (services) each has. The n-th slot and the n-th entry
belong to list (n - 1) % lists + 1, and ids are computed from n, so nothing has to be read back.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import asyncpg

from standby.database.pool import Connection, connect
from standby.database.statements import statements_beside

SQL = statements_beside(__file__)
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
WAITING = (4, "+474")  # Customers: the kind of their ids, and what their phone numbers begin with.
BOOKED = (11, "+479")


@dataclass(frozen=True)
class Shape:
    """How many salons, how many lists each, and their rule of reminders."""

    salons: int
    services: int
    reminders: str = "none"

    @property
    def lists(self) -> int:
        return self.salons * self.services

    def tenant(self, n: int) -> UUID:
        """The salon that the n-th slot, booking or entry belongs to."""
        return tenant_id((n - 1) % self.lists // self.services + 1)

    def tenants(self) -> list[UUID]:
        return [tenant_id(n) for n in range(1, self.salons + 1)]


def _id(kind: int, n: int) -> UUID:
    return UUID(int=(kind << 96) | n)


def tenant_id(n: int) -> UUID:
    return _id(1, n)


def service_id(n: int) -> UUID:
    return _id(2, n)


def staff_id(n: int) -> UUID:
    return _id(3, n)


def slot_id(n: int) -> UUID:
    return _id(5, n)


def booking_id(n: int) -> UUID:
    return _id(6, n)


def offer_id(n: int) -> UUID:
    return _id(8, n)


def token(n: int) -> str:
    """The secret in the link of the n-th offer."""
    return f"benchmark-{n}"


class Loader:
    """Writes rows of a shape, as the role that may cross tenants."""

    def __init__(self, connection: Connection, shape: Shape) -> None:
        self.connection = connection
        self.shape = shape
        self._lists = (shape.lists, shape.services)

    async def salons(self) -> None:
        """Salons with their rules, services and staff."""
        await self.connection.execute(SQL["insert_tenants"], self.shape.salons)
        await self.connection.execute(SQL["insert_policies"], self.shape.salons, self.shape.reminders)
        for part in ("services", "staff", "staff_services"):
            await self.connection.execute(SQL[f"insert_{part}"], *self._lists)

    async def waiting(self, count: int, *, first: int = 1) -> None:
        """So many entries, each of a customer of its own."""
        await self.connection.execute(SQL["insert_customers"], *self._lists, first, count, *WAITING)
        await self.connection.execute(SQL["insert_entries"], *self._lists, first, count)

    async def booked(self, count: int) -> None:
        """So many booked slots, by customers who wait for nothing."""
        await self.connection.execute(SQL["insert_customers"], *self._lists, 1, count, *BOOKED)
        await self.connection.execute(SQL["insert_slots"], *self._lists, count, "booked")
        await self.connection.execute(SQL["insert_bookings"], *self._lists, count, BOOKED[0])

    async def year(self, staff: int, per_day: int, first: date) -> int:
        """A year of appointments of the first salon's staff members from a day on; how many those are."""
        await self.connection.execute(SQL["insert_customers"], *self._lists, 1, 1, *BOOKED)
        done: str = await self.connection.execute(SQL["insert_year"], staff, per_day, first)
        return int(done.rpartition(" ")[2])

    async def offered(
        self,
        slots: int,
        *,
        per_slot: int = 1,
        ends_in: timedelta = QUARTER,
        reminded: bool = True,
        message: str = "sent",
    ) -> None:
        """So many held slots, each offered to so many waiting entries."""
        offers = slots * per_slot
        await self.waiting(offers)
        await self.connection.execute(SQL["insert_slots"], *self._lists, slots, "open")
        await self.connection.execute(SQL["hold_slots"], ends_in)
        await self.connection.execute(SQL["notify_entries"], offers)
        await self.connection.execute(SQL["insert_offers"], *self._lists, offers, per_slot, ends_in, reminded)
        await self.connection.execute(SQL["insert_offer_tokens"], offers)
        await self.connection.execute(SQL["insert_messages"], message)

    async def crowd(self, count: int, salon: int, *, first: int) -> None:
        """So many different entries for the one list of a salon; without history, where the server lets us."""
        with suppress(asyncpg.InsufficientPrivilegeError):
            await self.connection.execute(SQL["without_triggers"])
        await self.connection.execute(SQL["insert_crowd"], count, salon, first)


@asynccontextmanager
async def loader(url: str, shape: Shape) -> AsyncIterator[Loader]:
    """A loader with its own connection, for a database without salons."""
    async with connect(url, role="standby_system", name="benchmark loader", durable=False) as connection:
        await connection.execute(SQL["bench_id"])
        yield Loader(connection, shape)
