"""A sample book, to look around in: as files that are imported like anybody's. Its people are made up.

They can be written to by email alone, at example.com, which takes no mail (RFC 2606, RFC 7505): no stranger hears it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

Rows = Iterable[Sequence[object]]

DAYS: Final = 14  # that have appointments, from tomorrow on
HOURS: Final = (
    (("mon", "tue", "wed", "thu", "fri"), "09:00-18:00"),
    (("sat",), "10:00-15:00"),
    (("sun",), "closed"),
)
SERVICES: Final = {
    "en": ("Haircut", "Cut and blow-dry", "Beard trim", "Colour"),
    "nb": ("Klipp", "Klipp og føn", "Skjegg", "Farge"),
}
MINUTES: Final = (45, 60, 30, 120)
PRICES: Final = (690, 890, 390, 1690)
STAFF: Final = ("Ida Lund", "Jonas Berg", "Sara Ahmed")
FIRST: Final = (
    "Anna",
    "Bilal",
    "Camilla",
    "David",
    "Eva",
    "Filip",
    "Grete",
    "Hassan",
    "Ingrid",
    "Jakob",
    "Kari",
    "Lars",
)
LAST: Final = ("Dahl", "Moen", "Nguyen", "Solberg")
PEOPLE: Final = [f"{first} {last}" for last in LAST for first in FIRST]
STARTS: Final = (9 * 60 + 30, 11 * 60, 13 * 60, 15 * 60 + 30)  # minutes of the day


def sample_book(locale: str, now: datetime) -> dict[str, bytes]:
    """The files by name: a salon of three with a fortnight's appointments and a waitlist. `now` in the salon's zone."""
    services = SERVICES.get(locale, SERVICES["en"])
    return {
        "services.csv": _csv("name,duration,price", zip(services, MINUTES, PRICES, strict=True)),
        "staff.csv": _csv("name,services", ((name, " | ".join(services)) for name in STAFF)),
        "hours.csv": _csv("weekday,hours", ((day, hours) for days, hours in HOURS for day in days)),
        "customers.csv": _csv(
            "name,email,vip,consent",
            (
                (name, _email(name), "yes" if number % 9 == 0 else "", "email")
                for number, name in enumerate(PEOPLE)
            ),
        ),
        "bookings.csv": _csv("customer,service,staff,start", _bookings(services, now.date())),
        "waitlist.csv": _csv("customer,service,staff,earliest,latest,joined", _waiting(services, now)),
    }


def _bookings(services: Sequence[str], today: date) -> Rows:
    number = 0
    for day in (today + timedelta(days=ahead) for ahead in range(1, DAYS + 1)):
        for staff in STAFF:
            for start in STARTS[: {5: 2, 6: 0}.get(day.weekday(), len(STARTS))]:
                number += 1
                if number % 4:  # Each fourth time is free.
                    at = f"{day} {(start + 60 * (day.weekday() == 5)) // 60:02}:{start % 60:02}"
                    yield _email(PEOPLE[number % len(PEOPLE)]), services[number % 3], staff, at


def _waiting(services: Sequence[str], now: datetime) -> Rows:
    for number, name in enumerate(PEOPLE[::4]):
        joined = now - timedelta(days=3 * number + 1)
        latest = now.date() + timedelta(days=10 + number)
        staff = STAFF[number % 3] if number % 2 else ""
        yield _email(name), services[number % 3], staff, now.date(), latest, f"{joined:%Y-%m-%d %H:%M}"


def _email(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.com"


def _csv(heading: str, rows: Rows) -> bytes:
    written = io.StringIO(newline="")
    write = csv.writer(written)
    write.writerow(heading.split(","))
    write.writerows(rows)
    return written.getvalue().encode()
