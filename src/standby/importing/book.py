"""What is read from a salon's files, what is known of it already, and what is wrong. Pure.

None in a row means: the file doesn't say; what is known stays, and what is new gets the default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias
from uuid import UUID

from standby.importing.reasons import Reason

BookingStatus: TypeAlias = Literal["confirmed", "cancelled", "completed", "no_show"]
# Somebody the database knows, by id; anybody else by the phone (E.164) or else the email (small letters) of their row.
CustomerKey: TypeAlias = UUID | str


def folded(name: str) -> str:
    """A name as names are compared: without case, and with single spaces."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True)
class RowProblem:
    """One thing to mend: where it is, what stands there, and what to do. `line` counts from 1, as editors do."""

    file: str
    line: int
    column: str
    value: str
    reason: Reason

    def __str__(self) -> str:
        cell = " ".join([self.column, *([f'"{self.value}"'] if self.value else [])]).strip()
        return f"{self.file}, line {self.line}{f', {cell}' if cell else ''}: {self.reason}"


@dataclass(frozen=True)
class Place:
    """Where a row stands."""

    file: str
    line: int

    @property
    def said(self) -> Reason:
        """As a reason names it."""
        return Reason("line {line} of {file}", line=self.line, file=self.file)


@dataclass(frozen=True)
class StaffRow:
    """A staff member. `services`: names of services as the book knows them; a new one without any does them all."""

    place: Place
    name: str
    services: tuple[str, ...] | None
    active: bool | None


@dataclass(frozen=True)
class ServiceRow:
    """A service. `duration` is in minutes."""

    place: Place
    name: str
    duration: int
    price: Decimal | None
    active: bool | None


@dataclass(frozen=True)
class HoursRow:
    """When the salon opens on a weekday (ISO), in pairs of minutes after midnight; none: it is closed."""

    place: Place
    weekday: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class CustomerRow:
    """A customer; with a phone or an email or both."""

    place: Place
    key: CustomerKey
    name: str
    phone: str | None
    email: str | None
    vip: bool | None
    consent: frozenset[str]


@dataclass(frozen=True)
class BookingRow:
    """An appointment. `says_end`: the row itself says when it ends; else the service's duration does."""

    place: Place
    customer: CustomerKey
    staff: str
    service: str
    starts_at: datetime
    ends_at: datetime
    status: BookingStatus
    says_end: bool = False
    known: "KnownBooking | None" = None


@dataclass(frozen=True)
class WaitlistRow:
    """A wish to be offered a time. `staff` None: anyone."""

    place: Place
    customer: CustomerKey
    service: str
    staff: str | None
    earliest: datetime | None
    latest: datetime
    weekdays: tuple[int, ...] | None
    from_minute: int | None
    until_minute: int | None
    vip: bool | None
    priority: int | None
    joined: datetime | None
    consent: frozenset[str]
    known: "KnownEntry | None" = None

    def wish(self, base: "Wish") -> "Wish":
        """What the row says; what it doesn't say, as in `base`."""
        said = {field.name: getattr(self, field.name) for field in fields(Wish)}
        return replace(base, **{name: value for name, value in said.items() if value is not None})


Row: TypeAlias = StaffRow | ServiceRow | HoursRow | CustomerRow | BookingRow | WaitlistRow


@dataclass(frozen=True)
class Rows:
    """The rows that are good, by kind, in the order of the files."""

    services: tuple[ServiceRow, ...] = ()
    staff: tuple[StaffRow, ...] = ()
    hours: tuple[HoursRow, ...] = ()
    customers: tuple[CustomerRow, ...] = ()
    bookings: tuple[BookingRow, ...] = ()
    waitlist: tuple[WaitlistRow, ...] = ()


@dataclass(frozen=True)
class KnownStaff:
    """A staff member in the database. `services`: ids."""

    id: UUID
    name: str
    active: bool
    services: frozenset[UUID]


@dataclass(frozen=True)
class KnownService:
    """A service in the database."""

    id: UUID
    name: str
    duration: int
    price: Decimal | None
    active: bool


@dataclass(frozen=True)
class KnownCustomer:
    """A customer in the database. `withdrawn`: channels that they have said no to since they said yes."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    vip: bool
    channels: frozenset[str]
    withdrawn: frozenset[str] = frozenset()


@dataclass(frozen=True)
class KnownBooking:
    """A booking in the database."""

    id: UUID
    customer_id: UUID
    staff_id: UUID
    service_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: BookingStatus


@dataclass(frozen=True)
class Wish:
    """When somebody who waits can come, and how they are ranked. Each field is one of WaitlistRow too."""

    earliest: datetime
    latest: datetime
    weekdays: tuple[int, ...]
    from_minute: int
    until_minute: int
    vip: bool
    priority: int | None
    joined: datetime


@dataclass(frozen=True)
class KnownEntry:
    """An active waitlist entry in the database."""

    id: UUID
    customer_id: UUID
    service_id: UUID
    staff_id: UUID | None
    wish: Wish


@dataclass(frozen=True)
class KnownBook:
    """What the database knows of a salon. The mappings by name have folded names for keys."""

    staff: Mapping[str, KnownStaff] = field(default_factory=dict)
    services: Mapping[str, KnownService] = field(default_factory=dict)
    hours: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    customers: Mapping[UUID, KnownCustomer] = field(default_factory=dict)
    bookings: tuple[KnownBooking, ...] = ()
    taken: tuple[tuple[UUID, datetime, datetime], ...] = ()  # staff, from, until: held or booked
    entries: tuple[KnownEntry, ...] = ()
    max_active_entries: int = 3


@dataclass(frozen=True)
class Book:
    """What the files say, checked. `notes` are remarks that stop nothing; `unusable`: files of which no row is read."""

    rows: Rows
    problems: list[RowProblem]
    notes: list[Reason]
    known: KnownBook
    unusable: list[str] = field(default_factory=list)
