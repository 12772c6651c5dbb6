"""What no row can see of itself: who does what, times taken twice, wishes said twice. Pure.

Each class holds one rule's memory. Rows come in the order of the files, so of two that contradict each other the later
one has the problem, which names the earlier.
"""

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from standby.importing.book import (
    BookingRow,
    CustomerKey,
    HoursRow,
    KnownBook,
    KnownBooking,
    KnownEntry,
    Place,
    WaitlistRow,
    Wish,
    folded,
)
from standby.importing.reasons import Reason
from standby.importing.rows import NO_TIME, NO_TIME_OF_DAY, Reader, Unclear
from standby.importing.times import Calendar

Skills: TypeAlias = Mapping[str, AbstractSet[str]]  # staff member → services
Times: TypeAlias = list[tuple[datetime, datetime]]  # one staff member's, sorted, none overlapping another


class Week:
    """The opening hours of a weekday don't overlap those of another row, and aren't closed too."""

    def __init__(self) -> None:
        self._rows: dict[int, list[HoursRow]] = defaultdict(list)

    def admit(self, read: Reader, row: HoursRow) -> HoursRow | None:
        """The row, unless it contradicts another."""
        for other in self._rows[row.weekday]:
            if not (row.spans and other.spans):
                read.bad(
                    "hours",
                    "contradicts {place}: a day can't be both open and closed, or closed twice",
                    place=other.place.said,
                )
            elif any(a[0] < b[1] and b[0] < a[1] for a in row.spans for b in other.spans):
                read.bad("hours", "overlaps the hours on {place}", place=other.place.said)
        if not read.good():
            return None
        self._rows[row.weekday].append(row)
        return row


class Diary:
    """A staff member does one thing at a time, and only what they do at all."""

    def __init__(self, known: KnownBook, skills: Skills, calendar: Calendar) -> None:
        self._skills = skills
        self._calendar = calendar
        self._staff_ids = {name: one.id for name, one in known.staff.items()}
        self._service_ids = {name: one.id for name, one in known.services.items()}
        self._known: dict[tuple[CustomerKey, UUID, datetime], list[KnownBooking]] = defaultdict(list)
        for booking in known.bookings:
            self._known[booking.customer_id, booking.staff_id, booking.starts_at].append(booking)
        names = {one.id: name for name, one in known.staff.items()}
        self._stored: dict[str, Times] = defaultdict(list)
        for staff_id, starts_at, ends_at in known.taken:
            if staff_id in names:
                insort(self._stored[names[staff_id]], (starts_at, ends_at))
        self._taken = defaultdict(list, {name: list(times) for name, times in self._stored.items()})
        self._places: dict[tuple[str, datetime], Place] = {}

    def admit(self, read: Reader, row: BookingRow | Unclear) -> BookingRow | None:
        """The row, and which booking of the database it is; None, with its problems noted: it can't be so."""
        if isinstance(row, Unclear):
            self._look_at(read, row)
            return None
        known = self._same(row)
        if known is not None:
            self._places.setdefault((folded(row.staff), row.starts_at), row.place)
            return self._as_known(read, row, known)
        return self._as_new(read, row)

    def _look_at(self, read: Reader, row: Unclear) -> None:
        """It may be a booking of the database, in whose way it isn't; so of times taken only other rows' count."""
        if row.staff is None:
            return
        if row.service is not None:
            _check_skill(read, self._skills, row.staff, row.service)
        if row.starts_at is not None and row.ends_at is not None and not row.cancelled:
            rival = _overlapping(self._taken[folded(row.staff)], row.starts_at, row.ends_at)
            if rival is not None and (folded(row.staff), rival[0]) in self._places:
                self._overlaps(read, row.staff, rival)

    def _same(self, row: BookingRow) -> KnownBooking | None:
        """The booking of the database that a row tells of: same customer, staff and start. Each is found once."""
        staff_id = self._staff_ids.get(folded(row.staff))
        found = self._known.get((row.customer, staff_id, row.starts_at)) if staff_id else None
        if not found:
            return None
        found.sort(key=lambda one: (one.status == "cancelled") != (row.status == "cancelled"))
        return found.pop(0)

    def _as_known(self, read: Reader, row: BookingRow, known: KnownBooking) -> BookingRow | None:
        """What has ended in the database stays as it is there: the file is older news."""
        if known.status != "confirmed":
            return replace(row, status=known.status, ends_at=known.ends_at, known=known)
        if row.status == "cancelled":
            read.bad("status", "is confirmed in Standby; cancel it there, so that the waitlist is asked")
        if self._service_ids.get(folded(row.service)) != known.service_id:
            read.bad("service", "is another service than this appointment has in Standby; change it there")
        if row.says_end and row.ends_at != known.ends_at:
            until = _span(self._calendar, known.starts_at, known.ends_at)
            column = "end" if read.says("end") else "duration"
            read.bad(column, "is {until} in Standby; change it there", until=until)
        # It lasts as long as it does in Standby: until then it can't have been completed or missed.
        status = row.status if known.ends_at <= self._calendar.now else "confirmed"
        return replace(row, status=status, ends_at=known.ends_at, known=known) if read.good() else None

    def _as_new(self, read: Reader, row: BookingRow) -> BookingRow | None:
        _check_skill(read, self._skills, row.staff, row.service)
        staff = folded(row.staff)
        cancelled = row.status == "cancelled"
        rival = _overlapping((self._stored if cancelled else self._taken)[staff], row.starts_at, row.ends_at)
        if rival is not None:
            self._overlaps(read, row.staff, rival)
        if not read.good():
            return None
        if not cancelled:
            insort(self._taken[staff], (row.starts_at, row.ends_at))
            self._places[staff, row.starts_at] = row.place
        return row

    def _overlaps(self, read: Reader, staff: str, rival: tuple[datetime, datetime]) -> None:
        place = self._places.get((folded(staff), rival[0]))
        read.bad(
            "start",
            "overlaps {what} ({staff}, {at}); change one of the two, or leave this row out",
            what=place.said if place else Reason("an appointment or held time in Standby"),
            staff=staff,
            at=_span(self._calendar, *rival),
        )


class Queue:
    """A wish is said once, lies ahead, and nobody has more of them than the salon allows."""

    def __init__(self, known: KnownBook, skills: Skills, now: datetime) -> None:
        self._skills = skills
        self._now = now
        self._most = known.max_active_entries
        self._staff_ids = {name: one.id for name, one in known.staff.items()}
        self._service_ids = {name: one.id for name, one in known.services.items()}
        self._known = {(one.customer_id, one.service_id, one.staff_id): one for one in known.entries}
        self._active: Counter[CustomerKey] = Counter(one.customer_id for one in known.entries)
        self._places: dict[tuple[CustomerKey, str, str | None], Place] = {}

    def admit(self, read: Reader, row: WaitlistRow | Unclear) -> WaitlistRow | None:
        """The row, and which entry of the database it is; None, with its problems noted: it can't be so."""
        if isinstance(row, Unclear):
            if row.service is not None and (row.staff is not None or row.anyone):
                self._check(read, row.customer, row.service, row.staff)
            return None
        wish = (row.customer, row.service, row.staff)
        self._check(read, *wish)
        row = replace(row, known=self._same(row))
        self._check_times(read, row)
        if row.known is None and read.good():
            self._active[row.customer] += 1
            if self._active[row.customer] > self._most:
                read.bad(
                    "customer", "would have more than {most} active places on the waitlist", most=self._most
                )
        if not read.good():
            return None
        self._places[wish] = row.place
        return row

    def _check(self, read: Reader, customer: CustomerKey | None, service: str, staff: str | None) -> None:
        if staff is not None:
            _check_skill(read, self._skills, staff, service)
        elif not any(service in skills for skills in self._skills.values()):
            read.bad("service", "is offered by no staff member")
        if customer is not None and (place := self._places.get((customer, service, staff))):
            read.bad(
                "customer", "waits for the same already on {place}; keep one of the two", place=place.said
            )

    def _same(self, row: WaitlistRow) -> KnownEntry | None:
        staff_id = self._staff_ids.get(folded(row.staff)) if row.staff is not None else None
        service_id = self._service_ids.get(folded(row.service))
        if (
            not isinstance(row.customer, UUID)
            or service_id is None
            or (row.staff is not None and staff_id is None)
        ):
            return None
        return self._known.get((row.customer, service_id, staff_id))

    def _check_times(self, read: Reader, row: WaitlistRow) -> None:
        """With what the row doesn't say; of what it says, its reader has told."""
        wish = row.wish(row.known.wish if row.known else default_wish(row, vip=False, now=self._now))
        if wish.earliest >= wish.latest:
            read.bad("earliest" if row.earliest else "latest", NO_TIME)
        if wish.from_minute >= wish.until_minute:
            read.bad("from" if row.from_minute else "until", NO_TIME_OF_DAY)


def default_wish(row: WaitlistRow, *, vip: bool, now: datetime) -> Wish:
    """What a new wish is, where its row doesn't say: any day, all day, from now on."""
    return Wish(
        earliest=now, latest=row.latest, weekdays=(1, 2, 3, 4, 5, 6, 7), from_minute=0, until_minute=1440,
        vip=vip, priority=None, joined=now,
    )  # fmt: skip


def _check_skill(read: Reader, skills: Skills, staff: str, service: str) -> None:
    if service not in skills[staff]:
        offered = _offered(skills[staff])
        read.bad("staff", "does not offer {service}; {offered}", service=service, offered=offered)


def _overlapping(times: Times, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime] | None:
    after = bisect_right(times, starts_at, key=lambda time: time[0])
    near = times[max(0, after - 1) : after + 1]
    return next((time for time in near if time[0] < ends_at and starts_at < time[1]), None)


def _offered(services: AbstractSet[str]) -> Reason:
    if not services:
        return Reason("they offer nothing yet")
    return Reason("they offer {services}", services=", ".join(sorted(services)))


def _span(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> str:
    start, end = (at.astimezone(calendar.timezone) for at in (starts_at, ends_at))
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"
