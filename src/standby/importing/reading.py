"""A salon's files, to a checked book. Reads the files and nothing else: no database, no clock, and it writes nothing.

The kinds are read in the order in which they refer to each other, whatever the order of the files.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from standby.importing import rows
from standby.importing.book import (
    Book,
    BookingRow,
    CustomerRow,
    HoursRow,
    KnownBook,
    RowProblem,
    Rows,
    ServiceRow,
    StaffRow,
    WaitlistRow,
    folded,
)
from standby.importing.checking import Diary, Queue, Skills, Week
from standby.importing.names import Names
from standby.importing.people import People
from standby.importing.reasons import Reason
from standby.importing.rows import Reader, Surroundings
from standby.importing.tables import Table, read_table
from standby.importing.times import Calendar, DateOrder

R = TypeVar("R")


def read_book(
    files: list[Path],
    *,
    timezone: ZoneInfo,
    country: str,
    now: datetime,
    known: KnownBook,
    date_order: DateOrder = "dmy",
) -> Book:
    """Reads and checks the files as one book; `.rows` are the good ones, `.problems` all that is wrong, file by file.

    `timezone` and `country` are the salon's: of local times, and of phone numbers without a country code. `known` is
    what the database has, which rows may refer to.
    """
    found = [_open(path) for path in files]
    return _checked(found, timezone=timezone, country=country, now=now, known=known, date_order=date_order)


def read_contents(
    files: Mapping[str, bytes],
    *,
    timezone: ZoneInfo,
    country: str,
    now: datetime,
    known: KnownBook,
    date_order: DateOrder = "dmy",
) -> Book:
    """The same of files that somebody sent, by their names."""
    found = [read_table(name, content) for name, content in files.items()]
    return _checked(found, timezone=timezone, country=country, now=now, known=known, date_order=date_order)


def _checked(
    found: Sequence[Table | RowProblem],
    *,
    timezone: ZoneInfo,
    country: str,
    now: datetime,
    known: KnownBook,
    date_order: DateOrder,
) -> Book:
    problems = [one for one in found if isinstance(one, RowProblem)]
    tables = [one for one in found if isinstance(one, Table)]
    unusable = [one.file for one in problems] + [table.name for table in tables if not table.usable]
    problems += [problem for table in tables for problem in table.problems]
    notes = [note for table in tables for note in table.notes]
    around = Surroundings(
        calendar=Calendar(timezone, now, date_order),
        staff=Names(Reason("staff member"), "staff", (one.name for one in known.staff.values())),
        services=Names(Reason("service"), "services", (one.name for one in known.services.values())),
        people=People(known.customers, country),
        durations={one.name: one.duration for one in known.services.values()},
    )
    good = _rows(tables, around, known, problems)
    order = {one.file if isinstance(one, RowProblem) else one.name: n for n, one in enumerate(found)}
    problems.sort(key=lambda problem: (order[problem.file], problem.line))
    return Book(good, problems, notes + _remarks(good, known), known, unusable)


def _open(path: Path) -> Table | RowProblem:
    try:
        content = path.read_bytes()
    except OSError as error:
        return RowProblem(str(path), 1, "", "", Reason("can't be read: {why}", why=error.strerror or error))
    return read_table(str(path), content)


def _rows(tables: list[Table], around: Surroundings, known: KnownBook, problems: list[RowProblem]) -> Rows:
    def each(kind: str, read_one: Callable[[Reader], R | None]) -> tuple[R, ...]:
        read = (read_one(reader) for reader in _readers(tables, kind, problems))
        return tuple(row for row in read if row is not None)

    week = Week()
    services: tuple[ServiceRow, ...] = each("services", lambda read: rows.service(read, around))
    staff: tuple[StaffRow, ...] = each("staff", lambda read: rows.staff(read, around))
    hours: tuple[list[HoursRow], ...] = each("hours", lambda read: _week(read, week))
    customers: tuple[CustomerRow, ...] = each("customers", lambda read: rows.customer(read, around))
    skills = _skills(staff, around, known)
    diary = Diary(known, skills, around.calendar)
    queue = Queue(known, skills, around.calendar.now)
    bookings: tuple[BookingRow, ...] = each("bookings", lambda read: _booking(read, around, diary))
    waitlist: tuple[WaitlistRow, ...] = each("waitlist", lambda read: _wish(read, around, queue))
    return Rows(services, staff, tuple(row for day in hours for row in day), customers, bookings, waitlist)


def _readers(tables: Iterable[Table], kind: str, problems: list[RowProblem]) -> Iterator[Reader]:
    for table in tables:
        if table.kind.name == kind:
            yield from (Reader(table, record, problems) for record in table.records)


def _week(read: Reader, week: Week) -> list[HoursRow]:
    days = rows.hours(read)
    admitted = [week.admit(read, day) for day in days]
    return days if all(admitted) else []


def _booking(read: Reader, around: Surroundings, diary: Diary) -> BookingRow | None:
    return diary.admit(read, rows.booking(read, around))


def _wish(read: Reader, around: Surroundings, queue: Queue) -> WaitlistRow | None:
    return queue.admit(read, rows.wish(read, around))


def _skills(staff: Iterable[StaffRow], around: Surroundings, known: KnownBook) -> Skills:
    """Who does what: as the files say, or else the database; somebody new of whom nothing is said does everything."""
    names = {one.id: one.name for one in known.services.values()}
    skills: dict[str, set[str]] = {
        one.name: {names[service] for service in one.services if service in names}
        for one in known.staff.values()
    }
    for row in staff:
        if row.services is not None:
            skills[row.name] = set(row.services)
        elif folded(row.name) not in known.staff:
            skills[row.name] = set(around.services)
    return skills


def _remarks(good: Rows, known: KnownBook) -> list[Reason]:
    """What stops nothing, but will surprise."""
    consent = {row.key: row.consent for row in good.customers}
    silent = 0
    for row in good.waitlist:
        customer = known.customers[row.customer] if not isinstance(row.customer, str) else None
        agreed = (
            row.consent
            | consent.get(row.customer, frozenset())
            | (customer.channels if customer else frozenset())
        )
        silent += not (agreed - (customer.withdrawn if customer else frozenset()))
    if not silent:
        return []
    return [
        Reason(
            "{count} on the waitlist have agreed to no channel, so nothing can be offered to them (column consent)",
            count=silent,
        )
    ]
