"""One record of a file, to a row. Pure.

Each function reads every cell of its record, so that all that is wrong with a row is told at once; None: it has
problems, and the caller's list has them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from standby.importing import cells, times
from standby.importing.book import (
    BookingRow,
    BookingStatus,
    CustomerKey,
    CustomerRow,
    HoursRow,
    RowProblem,
    ServiceRow,
    StaffRow,
    WaitlistRow,
)
from standby.importing.cells import ALL, BadCell
from standby.importing.names import Names
from standby.importing.people import CHANNELS_BY, People
from standby.importing.reasons import Reason
from standby.importing.tables import Record, Table, shown
from standby.importing.times import Calendar

T = TypeVar("T")

LONGEST = timedelta(days=1)
NO_TIME = "leaves no time: earliest must be before latest"
NO_TIME_OF_DAY = "leaves no time of day: from must be before until"


class Reader:
    """The cells of one record, and the problems found in them."""

    def __init__(self, table: Table, record: Record, problems: list[RowProblem]) -> None:
        self.place = record.place
        self.problems = problems
        self._noted: list[RowProblem] = []
        self._headers = table.headers
        self._cells = record.cells

    def maybe(self, column: str, parse: Callable[[str], T]) -> T | None:
        """The column's value; None if the cell is blank, or bad, or there is no such column."""
        text = self._cells.get(column, "")
        if not text:
            return None
        try:
            return parse(text)
        except BadCell as problem:
            self._note(column, problem.reason)
            return None

    def must(self, column: str, parse: Callable[[str], T]) -> T | None:
        """As `maybe`, but a blank cell is a problem."""
        if not self._cells.get(column):
            self.bad(column, "is empty, but needed")
        return self.maybe(column, parse)

    def good(self) -> bool:
        """Whether no problem has been noted so far."""
        return not self._noted

    def says(self, column: str) -> bool:
        """Whether the record has anything in that column."""
        return bool(self._cells.get(column))

    def unclear(self, column: str, value: object) -> bool:
        """Whether the record has something in that column that can't be understood."""
        return self.says(column) and value is None

    def bad(self, column: str, form: str, **values: object) -> None:
        """Notes a problem."""
        self._note(column, Reason(form, **values))

    def _note(self, column: str, reason: Reason) -> None:
        header = self._headers.get(column, column)
        value = shown(self._cells.get(column, ""))
        problem = RowProblem(self.place.file, self.place.line, header, value, reason)
        if problem not in self._noted:
            self._noted.append(problem)
            self.problems.append(problem)


@dataclass(frozen=True)
class Surroundings:
    """What rows are read against."""

    calendar: Calendar
    staff: Names
    services: Names
    people: People
    durations: dict[str, int]  # service → minutes


@dataclass(frozen=True)
class Unclear:
    """What can be read of an appointment or a wish that has problems; it is held against the rules all the same."""

    customer: CustomerKey | None
    service: str | None
    staff: str | None
    anyone: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    cancelled: bool = False


def service(read: Reader, around: Surroundings) -> ServiceRow | None:
    """A service; its name and duration are remembered for the rows that refer to it."""
    name = read.must("name", cells.name)
    duration = read.must("duration", cells.duration)
    price = read.maybe("price", cells.price)
    active = read.maybe("active", cells.yes_no)
    if read.good() and name is not None and duration is not None:
        spelled = read.maybe("name", lambda text: around.services.claim(read.place, text))
        if spelled is not None:
            around.durations[spelled] = duration
            return ServiceRow(read.place, spelled, duration, price, active)
    elif name is not None:
        read.maybe("name", around.services.check)
    around.services.note_broken(read.place, name)
    return None


def staff(read: Reader, around: Surroundings) -> StaffRow | None:
    """A staff member; all services must have been read before."""
    name = read.must("name", cells.name)
    services = read.maybe("services", lambda text: _services(text, around.services))
    active = read.maybe("active", cells.yes_no)
    if read.good() and name is not None:
        spelled = read.maybe("name", lambda text: around.staff.claim(read.place, text))
        if spelled is not None:
            return StaffRow(read.place, spelled, services, active)
    elif name is not None:
        read.maybe("name", around.staff.check)
    around.staff.note_broken(read.place, name)
    return None


def hours(read: Reader) -> list[HoursRow]:
    """The hours of a weekday, or of several: mon-fri."""
    weekdays = read.must("weekday", cells.weekdays)
    spans = read.must("hours", cells.spans)
    if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(spans or ()))):
        read.bad("hours", "has hours that overlap")
    if weekdays is None or spans is None:
        return []
    return [HoursRow(read.place, weekday, spans) for weekday in weekdays]


def customer(read: Reader, around: Surroundings) -> CustomerRow | None:
    """A customer with a phone or an email, whom no other row describes."""
    name = read.must("name", cells.name)
    phone = read.maybe("phone", around.people.phone)
    email = read.maybe("email", cells.email)
    vip = read.maybe("vip", cells.yes_no)
    consent = read.maybe("consent", cells.channels) or frozenset()
    if not (read.says("phone") or read.says("email")):
        read.bad("phone", "has neither a phone number nor an email address; one of them is needed")
    else:
        # An address that can't be understood is one all the same.
        unclear = [one for one, value in (("phone", phone), ("email", email)) if read.unclear(one, value)]
        reachable = around.people.channels(phone, email).union(*(CHANNELS_BY[one] for one in unclear))
        _check_consent(read, consent, reachable)
    column = "phone" if phone else "email"
    if not read.good() and (phone or email):
        read.maybe(column, lambda _: around.people.check(phone, email))
    elif read.good() and name is not None:
        key = read.maybe(column, lambda _: around.people.claim(read.place, phone, email))
        if key is not None:
            return CustomerRow(read.place, key, name, phone, email, vip, consent)
    around.people.note_broken(read.place, phone, email)
    return None


def booking(read: Reader, around: Surroundings) -> BookingRow | Unclear:
    """An appointment; a past one is completed unless it says otherwise."""
    calendar = around.calendar
    customer = read.must("customer", around.people.find)
    service = read.must("service", around.services.find)
    staff = read.must("staff", around.staff.find)
    starts_at = read.must("start", lambda text: times.instant(text, calendar))
    duration = read.maybe("duration", cells.duration)
    ends_at = read.maybe("end", lambda text: times.instant_after(text, starts_at, calendar))
    minutes = None if read.unclear("duration", duration) else duration or around.durations.get(service or "")
    if starts_at is not None and minutes is not None and not read.says("end"):
        ends_at = starts_at + timedelta(minutes=minutes)
    status = read.maybe("status", cells.status)
    if starts_at is not None and ends_at is not None:
        _check_length(read, starts_at, ends_at, duration)
    if status in ("completed", "no_show") and ends_at is not None and ends_at > calendar.now:
        read.bad("status", "can't be known yet, for the appointment isn't over; leave it empty")
    if (
        not read.good()
        or customer is None
        or service is None
        or staff is None
        or starts_at is None
        or ends_at is None
    ):
        cancelled = status == "cancelled" or read.unclear("status", status)
        return Unclear(customer, service, staff, starts_at=starts_at, ends_at=ends_at, cancelled=cancelled)
    status = _became(status, ends_at, calendar.now)
    says_end = read.says("end") or duration is not None
    return BookingRow(read.place, customer, staff, service, starts_at, ends_at, status, says_end)


def wish(read: Reader, around: Surroundings) -> WaitlistRow | Unclear:
    """A place on the waitlist, for a time that isn't over yet."""
    calendar = around.calendar
    customer = read.must("customer", around.people.find)
    service = read.must("service", around.services.find)
    anyone = read.maybe("staff", lambda text: text.casefold() in ALL) is not False
    staff = None if anyone else read.maybe("staff", around.staff.find)
    latest = read.must("latest", lambda text: times.day_end(text, calendar))
    row = WaitlistRow(
        place=read.place,
        customer=customer or "",
        service=service or "",
        staff=staff,
        latest=latest or calendar.now,
        earliest=read.maybe("earliest", lambda text: times.day_start(text, calendar)),
        weekdays=read.maybe("weekdays", cells.weekdays),
        from_minute=read.maybe("from", cells.clock),
        until_minute=read.maybe("until", cells.clock),
        vip=read.maybe("vip", cells.yes_no),
        priority=read.maybe("priority", cells.priority),
        joined=read.maybe("joined", lambda text: times.day_start(text, calendar)),
        consent=read.maybe("consent", cells.channels) or frozenset(),
    )
    if row.joined is not None and row.joined > calendar.now:
        read.bad("joined", "is in the future; leave it empty to join now")
    if customer is not None:
        _check_consent(read, row.consent, around.people.channels_of(customer))
    _check_times(read, latest, row, calendar.now)
    return row if read.good() else Unclear(customer, service, staff, anyone)


def _services(text: str, services: Names) -> tuple[str, ...]:
    if text.casefold() in ALL:
        return tuple(services)
    found = [services.find(one.strip()) for one in text.replace("|", ";").split(";") if one.strip()]
    return tuple(dict.fromkeys(found))


def _check_consent(read: Reader, consent: frozenset[str], reachable: frozenset[str]) -> None:
    for channel in sorted(consent - reachable):
        if channel == "email":
            read.bad("consent", "has email, but the customer has no email address")
        else:
            read.bad("consent", "has {channel}, but the customer has no phone number", channel=channel)


def _check_times(read: Reader, latest: datetime | None, row: WaitlistRow, now: datetime) -> None:
    """What the row itself says of times; `Queue` looks at the rest of the wish."""
    if latest is not None and latest <= now:
        read.bad("latest", "is in the past; nobody can be offered a time before now")
    elif latest is not None and row.earliest is not None and row.earliest >= latest:
        read.bad("earliest", NO_TIME)
    if row.from_minute is not None and row.until_minute is not None and row.from_minute >= row.until_minute:
        read.bad("from" if row.from_minute else "until", NO_TIME_OF_DAY)


def _check_length(read: Reader, starts_at: datetime, ends_at: datetime, duration: int | None) -> None:
    if ends_at <= starts_at:
        read.bad("end", "is not after the start")
    elif ends_at - starts_at > LONGEST:
        read.bad("end", "is more than a day after the start; is the date right?")
    elif duration is not None and ends_at - starts_at != timedelta(minutes=duration):
        form = "does not fit the duration of {duration} minutes; leave one of the two empty"
        read.bad("end", form, duration=duration)


def _became(status: BookingStatus | None, ends_at: datetime, now: datetime) -> BookingStatus:
    return "completed" if status in (None, "confirmed") and ends_at <= now else status or "confirmed"
