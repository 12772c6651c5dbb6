# ruff: noqa: INP001, SIM905  # A script, in no package; names in quotation marks each are no easier to read.
"""Writes the sample salon in examples/salon-fjord anew; the same seed makes the same files.

    python examples/generate.py

Everybody in it is made up. The phone numbers look like Norwegian mobile numbers, and since Norway sets none aside for
made-up people some may be somebody's: let no real channel send to them. Dates are relative to the day of the import,
by weekday, so that every appointment falls into the salon's hours on whatever day that is.
"""

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

Cells: TypeAlias = tuple[str, ...]

FOLDER: Final = Path(__file__).parent / "salon-fjord"
SEED: Final = 20
CUSTOMERS: Final = 250
WAITERS: Final = 60
PLAIN: Final = str.maketrans("øå ", "oa.") | {ord("æ"): "ae"}  # letters as they stand in email addresses
STEP: Final = 15  # minutes between possible starts

WOMEN: Final = (
    "Anne Inger Kari Marit Ingrid Liv Eva Berit Astrid Bjørg Hilde Randi Solveig Marianne Ida Nina Silje Nora "
    "Emma Sara Camilla Maria Hanne Tone Ellen Maja Thea Frida Sofie Vilde Aurora Oda Selma Åse Ragnhild Synne Amina "
    "Leila Zuzanna"
).split()
MEN: Final = (
    "Jan Per Bjørn Ole Lars Kjell Knut Arne Svein Thomas Hans Geir Tor Morten Terje Odd Erik Martin Andreas John "
    "Magnus Henrik Jonas Emil Oskar Håkon Sindre Eirik Øyvind Vegard Jakob Filip Omar Bilal Tomasz"
).split()
FAMILIES: Final = (
    "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen Berg "
    "Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Lund Moen Strand Solberg Bakken Eide Aas "
    "Fjeld Myhre Sæther Lie Nygård Rønning Tangen Kvam Brekke Vik Ødegård Ahmed Hussain Nguyen Kowalska"
).split()


@dataclass(frozen=True)
class Service:
    """What is done: minutes, kroner, and how often people ask for it."""

    name: str
    minutes: int
    price: int
    weight: int


SERVICES: Final = (
    Service("Dameklipp", 45, 790, 30),
    Service("Herreklipp", 30, 560, 30),
    Service("Barneklipp", 30, 420, 12),
    Service("Pensjonistklipp", 30, 450, 8),
    Service("Vask og føn", 30, 450, 6),
    Service("Klipp, vask og føn", 60, 990, 14),
    Service("Helfarge", 120, 1690, 9),
    Service("Striper", 150, 2190, 10),
    Service("Balayage", 180, 2890, 5),
    Service("Toning", 45, 690, 5),
    Service("Bryn og vipper", 30, 490, 8),
    Service("Brudeoppsett", 90, 2400, 2),
)
CUTS: Final = (
    "Dameklipp",
    "Herreklipp",
    "Barneklipp",
    "Pensjonistklipp",
    "Vask og føn",
    "Klipp, vask og føn",
)
COLOURS: Final = ("Helfarge", "Striper", "Balayage", "Toning")


@dataclass(frozen=True)
class Stylist:
    """Who does what, and on which weekdays (0 is Monday)."""

    name: str
    services: tuple[str, ...]
    days: tuple[int, ...]


STAFF: Final = (
    Stylist("Ingrid Solheim", tuple(one.name for one in SERVICES), (1, 2, 3, 4)),
    Stylist("Mona Kvalheim", (*CUTS, *COLOURS), (0, 1, 2, 3, 4)),
    Stylist("Jonas Bergvik", ("Herreklipp", "Barneklipp", "Pensjonistklipp", "Dameklipp"), (0, 2, 3, 4, 5)),
    Stylist("Yasmin Haddad", (*CUTS, *COLOURS, "Bryn og vipper"), (0, 1, 3, 4, 5)),
    Stylist("Tuva Nesse", (*CUTS, "Toning", "Bryn og vipper"), (1, 2, 3, 4, 5)),
    Stylist("Petter Lindås", CUTS, (0, 1, 2, 4, 5)),
)
DAYS: Final = ("man", "tir", "ons", "tor", "fre", "lør", "søn")
HOURS: Final = {
    "mandag": "10:00-18:00", "tirsdag": "09:00-18:00", "onsdag": "09:00-18:00", "torsdag": "09:00-20:00",
    "fredag": "09:00-18:00", "lørdag": "10:00-15:00", "søndag": "stengt",
}  # fmt: skip


@dataclass(frozen=True)
class Customer:
    """Somebody made up."""

    name: str
    phone: str
    email: str
    vip: bool
    consent: str


def main() -> None:
    """Writes the six files."""
    chance = random.Random(SEED)  # noqa: S311  # Nothing secret is drawn.
    customers = _customers(chance)
    services = [(one.name, f"{one.minutes} min", f"kr {one.price}") for one in SERVICES]
    _write("services", ("name", "duration", "price"), services)
    _write("staff", ("name", "services"), ((one.name, " | ".join(one.services)) for one in STAFF))
    _write("hours", ("weekday", "hours"), HOURS.items())
    _write("customers", ("name", "phone", "email", "vip", "consent"), (_customer(one) for one in customers))
    _write("bookings", ("customer", "service", "staff", "start", "status"), _bookings(chance, customers))
    said = "customer service staff earliest latest weekdays from until vip priority joined"
    _write("waitlist", tuple(said.split()), _waiters(chance, customers))


def _customers(chance: random.Random) -> list[Customer]:
    """People with different names and numbers; nine of ten agree to at least one channel."""
    names = sorted({f"{first} {family}" for first in (*WOMEN, *MEN) for family in FAMILIES})
    chosen = chance.sample(names, CUSTOMERS)
    numbers = chance.sample(range(1000), CUSTOMERS)
    people = []
    for name, number in zip(chosen, numbers, strict=True):
        phone = f"400 00 {number:03}"
        plain = name.lower().translate(PLAIN)
        email = f"{plain}@example.com" if chance.random() < 0.7 else ""
        agreed = chance.choices(
            ("email", "whatsapp, sms", "sms", "whatsapp, sms, email", ""), (10, 3, 27, 45, 15)
        )[0]
        consent = agreed if email else agreed.replace(", email", "").replace("email", "sms")
        people.append(Customer(name, phone, email, chance.random() < 0.06, consent))
    return people


def _customer(one: Customer) -> Cells:
    return one.name, one.phone, one.email, "ja" if one.vip else "", one.consent


def _bookings(chance: random.Random, customers: list[Customer]) -> list[Cells]:
    """The week that has been, the coming one, and the one after, which has more room. Each comes once a week."""
    rows: list[Cells] = []
    for week, fullness in ((-1, 0.75), (0, 0.8), (1, 0.6)):
        guests = iter(chance.sample(customers, len(customers)))
        for day in range(6):
            for stylist in STAFF:
                if day in stylist.days:
                    rows += _day_of(chance, stylist, day, week, fullness, guests)
    return rows


def _day_of(
    chance: random.Random, stylist: Stylist, day: int, week: int, fullness: float, guests: Iterator[Customer]
) -> list[Cells]:
    """One staff member's day: appointments one after the other, with gaps."""
    rows: list[Cells] = []
    minute, closes = (int(at[:2]) * 60 for at in list(HOURS.values())[day].split("-"))
    offered = [one for one in SERVICES if one.name in stylist.services]
    while minute < closes:
        service = chance.choices(offered, [one.weight for one in offered])[0]
        if chance.random() > fullness or minute + service.minutes > closes:
            minute += STEP * chance.choice((2, 4, 6))
            continue
        status = chance.choices(("", "no_show", "avbestilt"), (90, 4, 6))[0] if week < 0 else ""
        start = f"{DAYS[day]}{week:+} {minute // 60:02}:{minute % 60:02}"
        rows.append((next(guests).phone, service.name, stylist.name, start, status))
        minute += service.minutes + STEP * chance.choice((0, 0, 1, 2, 4))
    return rows


def _waiters(chance: random.Random, customers: list[Customer]) -> list[Cells]:
    """Wishes of all sorts; a few people have two. All begin before today and end after it."""
    rows: dict[Cells, Cells] = {}
    waiting = chance.sample(customers, WAITERS - 8)
    for customer in (*waiting, *chance.sample(waiting, 8)):
        service = chance.choices(SERVICES, [one.weight for one in SERVICES])[0]
        able = [one.name for one in STAFF if service.name in one.services]
        staff = chance.choice(able) if chance.random() < 0.35 else ""
        from_, until = chance.choice(
            (("", ""), ("", ""), ("", "12:00"), ("12:00", ""), ("15:00", ""), ("10", "14"))
        )
        rows[customer.phone, service.name, staff] = (
            *(customer.phone, service.name, staff),
            chance.choice(("", "", "", "+1", "+3")),
            f"+{chance.choice((7, 10, 14, 14, 21, 28))}",
            chance.choice(("", "", "hverdager", "man, ons, fre", "tir-tor", "fre, lør", "lør")),
            *(from_, until),
            "ja" if chance.random() < 0.05 else "",
            "500" if chance.random() < 0.03 else "",
            f"-{chance.randint(1, 70)} {chance.randint(9, 20):02}:{chance.randint(0, 59):02}",
        )
    return list(rows.values())


def _write(name: str, header: Cells, rows: Iterable[Cells]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
