"""A checked book, to the database, in the caller's transaction: all of it, or (when that rolls back) nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

import asyncpg

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.errors import Conflict
from standby.importing.book import (
    Book,
    BookingRow,
    CustomerKey,
    CustomerRow,
    HoursRow,
    ServiceRow,
    StaffRow,
    WaitlistRow,
    Wish,
    folded,
)
from standby.importing.checking import default_wish
from standby.tenants import catalog
from standby.waitlist.policy import CHANNELS

SQL = statements_beside(__file__)
BATCH: Final = 1000

T = TypeVar("T")
Progress: TypeAlias = Callable[[int, int], None]  # rows done, rows in all


class BookChanged(Conflict):
    """The salon's book was changed while it was being imported; start the import again."""


@dataclass
class Counts:
    """What became of the rows of one kind."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass
class ImportReport:
    """What an import did, by kind of file. `opt_outs`: consents not taken over, for the customer said no since."""

    kinds: dict[str, Counts] = field(default_factory=dict)
    opt_outs: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was written at all."""
        return any(counts.new or counts.updated for counts in self.kinds.values())


async def write_book(tx: Tx, book: Book, *, now: datetime, progress: Progress) -> ImportReport:
    """Writes the good rows. `tx` is the transaction that `book.known` was read in.

    `progress` is called with the rows done and the rows in all. Raises BookChanged when somebody else has taken one of
    the times, added one of the people, or joined the waitlist too often, in between; the transaction is spoilt then.
    """
    writing = _Writing(tx, book, now, progress)
    try:
        return await writing.run()
    except (
        asyncpg.ExclusionViolationError,
        asyncpg.UniqueViolationError,
        asyncpg.DeadlockDetectedError,
    ) as error:
        raise BookChanged from error


class _Writing:
    """One import: what is to be written, and the ids that names and customers have got so far."""

    def __init__(self, tx: Tx, book: Book, now: datetime, progress: Progress) -> None:
        self.tx = tx
        self.rows = book.rows
        self.known = book.known
        self.now = now
        self.report = ImportReport()
        self.services = {name: one.id for name, one in book.known.services.items()}
        self.staff = {name: one.id for name, one in book.known.staff.items()}
        self.customers: dict[CustomerKey, UUID] = {key: key for key in book.known.customers}
        self.vips: dict[CustomerKey, bool] = {key: one.vip for key, one in book.known.customers.items()}
        self.gained = self._gained()
        self._progress = progress
        self._done = 0
        self._total = sum(len(rows) for rows in vars(book.rows).values())

    async def run(self) -> ImportReport:
        self._progress(0, self._total)
        await self._write_services(self.rows.services)
        await self._write_staff(self.rows.staff)
        await self._write_hours(self.rows.hours)
        await self._write_customers(self.rows.customers)
        await self._grant_channels()
        await self._write_bookings(self.rows.bookings)
        await self._write_waitlist(self.rows.waitlist)
        return self.report

    def _gained(self) -> dict[CustomerKey, frozenset[str]]:
        """The channels that each customer agrees to by this import. An opt-out stands until they take it back."""
        asked: dict[CustomerKey, frozenset[str]] = defaultdict(frozenset)
        for customer in self.rows.customers:
            asked[customer.key] |= customer.consent
        for entry in self.rows.waitlist:
            asked[entry.customer] |= entry.consent
        for key, channels in asked.items():
            known = self.known.customers[key] if isinstance(key, UUID) else None
            if known is not None:
                self.report.opt_outs += len((channels & known.withdrawn) - known.channels)
                asked[key] = channels - known.channels - known.withdrawn
        return {key: channels for key, channels in asked.items() if channels}

    async def _write_services(self, rows: Sequence[ServiceRow]) -> None:
        new, changed = [], []
        for row in rows:
            known = self.known.services.get(folded(row.name))
            if known is None:
                self.services[folded(row.name)] = new_id()
                new.append((self.services[folded(row.name)], row.name, row.duration, row.price, row.active))
            elif _differs((row.duration, row.price, row.active), (known.duration, known.price, known.active)):
                changed.append((known.id, row.duration, row.price, row.active))
        await self._execute("insert_services", new, self.now)
        await self._execute("update_services", changed)
        self._count("services", len(rows), len(new), len(changed))

    async def _write_staff(self, rows: Sequence[StaffRow]) -> None:
        new, changed, updated = [], [], 0
        skills: dict[UUID, frozenset[UUID]] = {}
        for row in rows:
            known = self.known.staff.get(folded(row.name))
            said = (
                None
                if row.services is None
                else frozenset(self.services[folded(one)] for one in row.services)
            )
            if known is None:
                staff_id = self.staff[folded(row.name)] = new_id()
                new.append((staff_id, row.name, row.active))
                skills[staff_id] = frozenset(self.services.values()) if said is None else said
                continue
            if _differs((row.active,), (known.active,)):
                changed.append((known.id, row.active))
            if said is not None and said != known.services:
                skills[known.id] = said
            updated += _differs((row.active, said), (known.active, known.services))
        await self._execute("insert_staff", new, self.now)
        await self._execute("update_staff", changed)
        for staff_id, services in skills.items():
            await catalog.set_services_of(self.tx, staff_id, sorted(services))
        self._count("staff", len(rows), len(new), updated)

    async def _write_hours(self, rows: Sequence[HoursRow]) -> None:
        """A weekday that the files name gets the hours that they say; the others keep theirs."""
        days: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row in rows:
            days[row.weekday] += row.spans
        other = {
            day: sorted(spans)
            for day, spans in days.items()
            if tuple(sorted(spans)) != self.known.hours.get(day, ())
        }
        await self.tx.execute(SQL["clear_hours"], list(other))
        openings = [(new_id(), day, opens, closes) for day, spans in other.items() for opens, closes in spans]
        await self._execute("insert_hours", openings)
        new = sum(row.weekday in other and row.weekday not in self.known.hours for row in rows)
        self._count("hours", len(rows), new, sum(row.weekday in other for row in rows) - new)

    async def _write_customers(self, rows: Sequence[CustomerRow]) -> None:
        new, changed, updated = [], [], 0
        for row in rows:
            known = self.known.customers[row.key] if isinstance(row.key, UUID) else None
            if row.vip is not None or known is None:
                self.vips[row.key] = bool(row.vip)
            if known is None:
                self.customers[row.key] = new_id()
                new.append((self.customers[row.key], row.name, row.phone, row.email, row.vip))
                continue
            said = (row.name, row.phone, row.email, row.vip)
            if differs := _differs(said, (known.name, known.phone, known.email, known.vip)):
                changed.append((known.id, *said))
            updated += differs or bool(row.consent & self.gained.get(row.key, frozenset()))
        await self._execute("insert_customers", new, self.now)
        await self._execute("update_customers", changed)
        self._count("customers", len(rows), len(new), updated)

    async def _grant_channels(self) -> None:
        gained = [
            (new_id(), self.customers[key], channel)
            for key, channels in self.gained.items()
            for channel in CHANNELS
            if channel in channels
        ]
        await self._execute("grant_channels", gained, self.now)

    async def _write_bookings(self, rows: Sequence[BookingRow]) -> None:
        """Cancelled ones first and in waves, for each is confirmed for a moment, and takes its time as long."""
        new = [row for row in rows if row.known is None]
        ended = [row for row in rows if row.known is not None and row.known.status != row.status]
        await self._execute(
            "end_bookings", [(row.known.id, row.status) for row in ended if row.known], self.now
        )
        self._count("bookings", len(rows) - len(new), 0, len(ended))
        lasting = [row for row in new if row.status != "cancelled"]
        taken = [(self.staff[folded(row.staff)], row.starts_at, row.ends_at) for row in lasting]
        await self._execute("close_open_slots", taken, self.now)
        for wave in (*_waves([row for row in new if row.status == "cancelled"]), lasting):
            for batch in _batches(wave):
                await self._add_bookings(batch)
                self._count("bookings", len(batch), len(batch), 0)

    async def _add_bookings(self, rows: Sequence[BookingRow]) -> None:
        ids = [new_id() for _ in rows]
        values = [
            (
                booking_id,
                new_id(),
                self.customers[row.customer],
                self.staff[folded(row.staff)],
                self.services[folded(row.service)],
                row.starts_at,
                row.ends_at,
            )
            for booking_id, row in zip(ids, rows, strict=True)
        ]
        await self._execute("insert_bookings", values, self.now)
        ended = [(one, row.status) for one, row in zip(ids, rows, strict=True) if row.status != "confirmed"]
        await self._execute("end_bookings", ended, self.now)

    async def _write_waitlist(self, rows: Sequence[WaitlistRow]) -> None:
        for batch in _batches(rows):
            new, changed, updated = [], [], 0
            for row in batch:
                if row.known is None:
                    wish = row.wish(default_wish(row, vip=self.vips[row.customer], now=self.now))
                    staff_id = self.staff[folded(row.staff)] if row.staff is not None else None
                    who = (self.customers[row.customer], self.services[folded(row.service)], staff_id)
                    new.append((new_id(), *who, *_values(wish)))
                    continue
                wish = row.wish(row.known.wish)
                if wish != row.known.wish:
                    changed.append((row.known.id, *_values(wish)))
                updated += wish != row.known.wish or bool(
                    row.consent & self.gained.get(row.customer, frozenset())
                )
            await self._insert_entries(new)
            await self._execute("update_entries", changed, self.now)
            await self._execute("refill_entries", [one[:1] for one in (*new, *changed)], self.now)
            self._count("waitlist", len(batch), len(new), updated)

    async def _insert_entries(self, new: Sequence[tuple[Any, ...]]) -> None:
        """The rows were counted when the book was read; who has joined since counts too."""
        customers = sorted({one[1] for one in new})
        await self.tx.execute(SQL["lock_customers"], customers)
        await self._execute("insert_entries", new, self.now)
        if await self.tx.fetchval(SQL["has_too_many_entries"], customers, self.known.max_active_entries):
            raise BookChanged

    async def _execute(self, statement: str, values: Sequence[tuple[Any, ...]], *more: Any) -> None:
        """Runs a statement on batches of rows, a parameter for each column."""
        for batch in _batches(values):
            await self.tx.execute(
                SQL[statement], *(list(column) for column in zip(*batch, strict=True)), *more
            )

    def _count(self, kind: str, rows: int, new: int, updated: int) -> None:
        if not rows:
            return
        counts = self.report.kinds.setdefault(kind, Counts())
        counts.new += new
        counts.updated += updated
        counts.unchanged += rows - new - updated
        self._done += rows
        self._progress(self._done, self._total)


def _differs(said: Sequence[object], known: Sequence[object]) -> bool:
    """Whether something is said (not None) that isn't known."""
    return any(one is not None and one != other for one, other in zip(said, known, strict=True))


def _values(wish: Wish) -> tuple[object, ...]:
    """The wish's values as the statements take them: arrays of arrays don't exist, so weekdays go as text."""
    days = "{" + ",".join(str(day) for day in wish.weekdays) + "}"
    return tuple(days if name == "weekdays" else value for name, value in vars(wish).items())


def _waves(rows: Sequence[BookingRow]) -> list[list[BookingRow]]:
    """The rows in groups within which no staff member's times overlap."""
    waves: list[list[BookingRow]] = []
    ends: Mapping[str, list[datetime]] = defaultdict(list)  # by staff member, of each wave
    for row in sorted(rows, key=lambda one: one.starts_at):
        own = ends[row.staff]
        number = next((index for index, end in enumerate(own) if end <= row.starts_at), len(own))
        own[number : number + 1] = [row.ends_at]
        if number == len(waves):
            waves.append([])
        waves[number].append(row)
    return waves


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
