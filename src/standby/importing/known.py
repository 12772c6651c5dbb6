"""What the database knows of a salon already, for rows to be compared with."""

from operator import itemgetter
from typing import Any

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.importing.book import (
    KnownBook,
    KnownBooking,
    KnownCustomer,
    KnownEntry,
    KnownService,
    KnownStaff,
    Wish,
    folded,
)
from standby.tenants import catalog, tenants

SQL = statements_beside(__file__)


async def known_book(tx: Tx) -> KnownBook:
    """The book of the salon that this transaction works for. Until it ends, other imports of this salon wait."""
    await tx.execute(SQL["lock_salon"])
    policy = await tenants.get_policy(tx)
    taken = [
        (row["staff_id"], row["starts_at"], row["ends_at"]) for row in await tx.fetch(SQL["taken_times"])
    ]
    return KnownBook(
        staff=await _staff(tx),
        services=await _services(tx),
        hours=await _hours(tx),
        customers={row["id"]: _customer(dict(row)) for row in await tx.fetch(SQL["known_customers"])},
        bookings=tuple(KnownBooking(**row) for row in await tx.fetch(SQL["known_bookings"])),
        taken=tuple(taken),
        entries=tuple(_entry(dict(row)) for row in await tx.fetch(SQL["active_entries"])),
        max_active_entries=policy.max_active_entries,
    )


# Of names that differ in case only, rows mean the active one.


async def _staff(tx: Tx) -> dict[str, KnownStaff]:
    return {
        folded(row["name"]): KnownStaff(row["id"], row["name"], row["active"], frozenset(row["services"]))
        for row in sorted(await catalog.staff(tx), key=itemgetter("active"))
    }


async def _services(tx: Tx) -> dict[str, KnownService]:
    return {
        folded(row["name"]): KnownService(
            row["id"], row["name"], row["duration_minutes"], row["price"], row["active"]
        )
        for row in sorted(await catalog.services(tx), key=itemgetter("active"))
    }


async def _hours(tx: Tx) -> dict[int, tuple[tuple[int, int], ...]]:
    hours: dict[int, tuple[tuple[int, int], ...]] = {}
    for opening in await catalog.hours(tx):
        span = (opening.opens_minute, opening.closes_minute)
        hours[opening.weekday] = (*hours.get(opening.weekday, ()), span)
    return hours


def _customer(row: dict[str, Any]) -> KnownCustomer:
    return KnownCustomer(**row | {name: frozenset(row[name]) for name in ("channels", "withdrawn")})


def _entry(row: dict[str, Any]) -> KnownEntry:
    ids = {name: row.pop(name) for name in ("id", "customer_id", "service_id", "staff_id")}
    return KnownEntry(**ids, wish=Wish(**row | {"weekdays": tuple(sorted(row["weekdays"]))}))
