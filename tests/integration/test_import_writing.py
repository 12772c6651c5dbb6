"""A checked book in the database: all of it at once, the same again changes nothing, and the rules hold."""

import asyncio
import io
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from rich.console import Console

from standby.database.pool import APP, WORKER, Pool, Tx, connect, new_id, open_pool
from standby.errors import WaitlistLimitExceeded
from standby.importing.book import Book
from standby.importing.columns import KINDS
from standby.importing.command import Outcome, import_files
from standby.importing.known import known_book
from standby.importing.reading import read_book
from standby.importing.writing import BookChanged, ImportReport, write_book
from standby.tenants import tenants
from standby.tenants.customers import Person
from standby.tenants.scope import tenant_transaction
from standby.tenants.tenants import Salon
from standby.waitlist import entries
from standby.waitlist.entries import Joined, Wish
from tests.salon import waiting

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday; 13:00 in Oslo
SAMPLE = sorted((Path(__file__).parents[2] / "examples/salon-fjord").glob("*.csv"))

TEXTS = {
    "services": "name,duration,price\nCut,30,450\nColour,2:00,1690\n",
    "staff": "name,services\nAnna,Cut; Colour\nBo,Cut\n",
    "hours": 'weekday,hours\nmon-fri,"09:00-12:00, 13:00-17:00"\nsun,closed\n',
    "customers": (
        'name,phone,email,vip,consent\nKari,400 00 001,kari@example.com,x,"sms, email"\nOla,,ola@example.com,,\n'
    ),
    "bookings": (
        "customer,service,staff,start,status\n"
        "40000001,Cut,Anna,+1 10:00,\n"
        "40000001,Cut,Anna,-1 10:00,\n"
        "40000001,Cut,Anna,-2 10:00,no_show\n"
        "40000001,Cut,Anna,-3 10:00,cancelled\n"
        "ola@example.com,Cut,Anna,-3 10:15,cancelled\n"
        "ola@example.com,Colour,Anna,-3 10:00,\n"
    ),
    "waitlist": (
        "customer,service,staff,latest,weekdays,from,until,vip,priority,joined,consent\n"
        "40000001,Colour,,+14,tir-tor,10,15:30,,,-7 09:00,whatsapp\n"
        "ola@example.com,Cut,Bo,+7,,,,no,500,,\n"
    ),
}


@dataclass
class Desk:
    """A salon that files are imported into."""

    url: str
    pool: Pool
    salon: Salon
    folder: Path

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        return tenant_transaction(self.pool, self.salon.id)

    def files(self, texts: Mapping[str, str]) -> list[Path]:
        for name, text in texts.items():
            (self.folder / f"{name}.csv").write_text(text, encoding="utf-8")
        return [self.folder / f"{name}.csv" for name in texts]

    async def read(self, tx: Tx, files: list[Path], now: datetime = NOW) -> Book:
        known = await known_book(tx)
        return read_book(files, timezone=self.salon.zone, country=self.salon.country, now=now, known=known)

    async def bring(self, texts: Mapping[str, str] | list[Path], now: datetime = NOW) -> ImportReport:
        """Imports files that have no problems, or texts as such files."""
        files = texts if isinstance(texts, list) else self.files(texts)
        async with self.transaction() as tx:
            book = await self.read(tx, files, now)
            assert book.problems == []
            return await write_book(tx, book, now=now, progress=unseen)

    async def all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        async with self.transaction() as tx:
            return [tuple(row) for row in await tx.fetch(statement, *values)]

    async def broken(self, now: datetime = NOW) -> list[asyncpg.Record]:
        """The broken invariants of the whole database; there should be none."""
        async with connect(self.url, role=WORKER, name="test") as connection:
            return list(
                await connection.fetch("SELECT * FROM broken_invariants($1, $2)", now, timedelta(seconds=1))
            )


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_pool(database_url, role=APP, size=2, name="test") as pool:
        salon = await tenants.create(
            pool, "Salon Fjord", timezone="Europe/Oslo", currency="NOK", country="NO", locale="nb", now=NOW
        )
        yield Desk(database_url, pool, salon, tmp_path)


def unseen(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def counts(report: ImportReport) -> dict[str, tuple[int, int, int]]:
    return {kind: (one.new, one.updated, one.unchanged) for kind, one in report.kinds.items()}


async def test_a_whole_book_is_imported(desk: Desk) -> None:
    report = await desk.bring(TEXTS)
    assert counts(report) == {
        "services": (2, 0, 0), "staff": (2, 0, 0), "hours": (5, 0, 1), "customers": (2, 0, 0), "bookings": (6, 0, 0),
        "waitlist": (2, 0, 0),
    }  # fmt: skip
    skills = await desk.all(
        """SELECT s.name, v.name
           FROM staff_services JOIN staff s ON s.id = staff_id JOIN services v ON v.id = service_id ORDER BY 1, 2"""
    )
    assert skills == [("Anna", "Colour"), ("Anna", "Cut"), ("Bo", "Cut")]
    hours = await desk.all(
        "SELECT weekday, opens_minute, closes_minute FROM business_hours WHERE weekday > 4 ORDER BY 2"
    )
    assert hours == [(5, 540, 720), (5, 780, 1020)]
    people = "SELECT name, phone, email, vip, channels FROM customers ORDER BY name"
    assert await desk.all(people) == [
        ("Kari", "+4740000001", "kari@example.com", True, ["whatsapp", "sms", "email"]),
        ("Ola", None, "ola@example.com", False, []),
    ]
    assert await desk.broken() == []


async def test_a_booking_takes_its_slot_and_tells_its_history(desk: Desk) -> None:
    await desk.bring(TEXTS)
    found = await desk.all(
        """SELECT b.starts_at, b.status, s.status, b.source, b.cancelled_at,
                  ARRAY(SELECT to_state FROM history WHERE entity_id = b.id AND reason = 'import' AND actor = 'import'
                        ORDER BY id)
           FROM bookings b JOIN slots s ON s.id = b.slot_id ORDER BY b.starts_at, b.status"""
    )

    def at(days: int, minute: int = 0) -> datetime:
        return NOW.replace(hour=9, minute=minute) + timedelta(days=days)

    assert found == [
        (at(-3), "cancelled", "cancelled", "import", at(-3), ["confirmed", "cancelled"]),
        (at(-3), "completed", "booked", "import", None, ["confirmed", "completed"]),
        (at(-3, 15), "cancelled", "cancelled", "import", at(-3, 15), ["confirmed", "cancelled"]),
        (at(-2), "no_show", "booked", "import", None, ["confirmed", "no_show"]),
        (at(-1), "completed", "booked", "import", None, ["confirmed", "completed"]),
        (at(1), "confirmed", "booked", "import", None, ["confirmed"]),
    ]


async def test_people_wait_as_their_rows_say(desk: Desk) -> None:
    await desk.bring(TEXTS)
    found = await desk.all(
        """SELECT c.name, e.status, s.name, e.earliest, e.latest, e.weekdays, e.from_minute, e.until_minute, e.vip,
                  e.priority_override, e.joined_at
           FROM waitlist_entries e JOIN customers c ON c.id = e.customer_id LEFT JOIN staff s ON s.id = e.staff_id
           ORDER BY c.name"""
    )
    kari = ("Kari", "waiting", None, NOW, utc(15, 23), [2, 3, 4], 600, 930, True, None, utc(-6, 8))
    ola = ("Ola", "waiting", "Bo", NOW, utc(8, 23), [1, 2, 3, 4, 5, 6, 7], 0, 1440, False, 500, NOW)
    assert found == [kari, ola]


def utc(day: int, hour: int) -> datetime:
    """Counted from the first of December 2026; 0 is the day before."""
    return datetime(2026, 12, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)


async def test_consents_are_written_down_once(desk: Desk) -> None:
    await desk.bring(TEXTS)
    await desk.bring(TEXTS)
    statement = "SELECT channel, granted, text_version, source, at FROM consents ORDER BY channel"
    assert await desk.all(statement) == [
        (one, True, "import", "import", NOW) for one in ("email", "sms", "whatsapp")
    ]


async def test_the_same_files_again_change_nothing(desk: Desk) -> None:
    await desk.bring(TEXTS)
    before = await everything(desk)
    report = await desk.bring(TEXTS, NOW + timedelta(minutes=5))
    assert {kind: one[:2] for kind, one in counts(report).items()} == dict.fromkeys(TEXTS, (0, 0))
    assert not report.changed
    assert await everything(desk) == before


async def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("staff", "services", "staff_services", "business_hours", "customers", "consents", "slots", "bookings",
              "waitlist_entries", "history")  # fmt: skip
    return {table: await desk.all(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables}  # noqa: S608


async def test_rows_that_say_something_else_update_what_is_there(desk: Desk) -> None:
    await desk.bring(TEXTS)
    report = await desk.bring(
        {
            "services": "name,duration,price\ncut,45,450\nColour,120,\n",
            "staff": "name,services,active\nAnna,,\nBo,Cut | Colour,no\n",
            "hours": "weekday,hours\nmon,10-15\nsat,10-15\n",
            "customers": "name,phone,email\nKari Nordmann,+47 40 00 00 01,\nOla,40000002,ola@example.com\n",
            "bookings": "customer,service,staff,start,status\n40000002,Colour,Bo,+1 10:00,\n",
            "waitlist": "customer,service,latest,priority\n40000001,Colour,+21,900\n",
        }
    )
    assert counts(report) == {
        "services": (0, 1, 1), "staff": (0, 1, 1), "hours": (1, 1, 0), "customers": (0, 2, 0), "bookings": (1, 0, 0),
        "waitlist": (0, 1, 0),
    }  # fmt: skip
    assert await desk.all("SELECT name, duration_minutes, price FROM services ORDER BY name") == [
        ("Colour", 120, 1690),
        ("Cut", 45, 450),
    ]
    assert await desk.all("SELECT name, phone, email FROM customers ORDER BY name") == [
        ("Kari Nordmann", "+4740000001", "kari@example.com"),
        ("Ola", "+4740000002", "ola@example.com"),
    ]
    assert await desk.all("SELECT name, active FROM staff ORDER BY name") == [("Anna", True), ("Bo", False)]
    changed = (
        "SELECT count(*) FROM history WHERE entity = 'entry' AND reason = 'changed' AND actor = 'import'"
    )
    assert await desk.all(changed) == [(1,)]
    wish = "SELECT latest, weekdays, priority_override FROM waitlist_entries WHERE priority_override = 900"
    assert await desk.all(wish) == [(utc(22, 23), [2, 3, 4], 900)]


async def test_a_confirmed_booking_becomes_completed_once_it_is_over(desk: Desk) -> None:
    texts = TEXTS | {"bookings": "customer,service,staff,start\n40000001,Cut,Anna,2026-12-02 10:00\n"}
    await desk.bring(texts)
    report = await desk.bring({"bookings": texts["bookings"]}, NOW + timedelta(days=2))
    assert counts(report) == {"bookings": (0, 1, 0)}
    assert await desk.all("SELECT status FROM bookings") == [("completed",)]


async def test_a_booking_cancelled_since_stays_cancelled(desk: Desk) -> None:
    await desk.bring(TEXTS)
    async with desk.transaction() as tx:
        await tx.execute(
            "UPDATE bookings SET status = 'cancelled', cancelled_at = $1, changed_at = $1 WHERE status = 'confirmed'",
            NOW,
        )
        await tx.execute("UPDATE slots SET status = 'cancelled' WHERE starts_at > $1", NOW)
    assert not (await desk.bring(TEXTS)).changed


async def test_an_opt_out_outlives_an_import(desk: Desk) -> None:
    await desk.bring(TEXTS)
    async with desk.transaction() as tx:
        [kari] = await tx.fetch("UPDATE customers SET channels = '{email}' WHERE name = 'Kari' RETURNING id")
        for channel in ("sms", "whatsapp"):
            await tx.execute(
                "INSERT INTO consents VALUES (current_tenant(), $1, $2, $3, false, 'stop', 'sms', $4)",
                new_id(), kari["id"], channel, NOW + timedelta(hours=1),
            )  # fmt: skip
    report = await desk.bring(TEXTS, NOW + timedelta(hours=2))
    assert (report.opt_outs, report.changed) == (2, False)
    assert await desk.all("SELECT channels FROM customers WHERE name = 'Kari'") == [(["email"],)]


async def test_an_open_slot_is_tried_for_those_who_join(desk: Desk) -> None:
    await desk.bring({kind: TEXTS[kind] for kind in ("services", "staff", "customers")})
    await open_slot(desk, utc(4, 10))
    await desk.bring({"waitlist": TEXTS["waitlist"]})
    async with connect(desk.url, role=WORKER, name="test") as connection:
        assert (
            await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'waitlist.fill'") == 1
        )


async def test_an_imported_booking_ends_the_open_slot_in_its_place(desk: Desk) -> None:
    await desk.bring({kind: TEXTS[kind] for kind in ("services", "staff", "customers")})
    await open_slot(desk, utc(2, 9))
    await desk.bring({"bookings": TEXTS["bookings"]})
    states = await desk.all("SELECT status FROM slots WHERE starts_at > $1 ORDER BY status", NOW)
    assert states == [("booked",), ("cancelled",)]


async def open_slot(desk: Desk, starts_at: datetime) -> None:
    """One for Colour with Anna."""
    async with desk.transaction() as tx:
        await tx.execute(
            """INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor,
                                  changed_at, created_at)
               SELECT current_tenant(), $1, s.id, v.id, $2, $3, 'open', 'test', 'test', $4, $4
               FROM staff s, services v WHERE s.name = 'Anna' AND v.name = 'Colour'""",
            new_id(), starts_at, starts_at + timedelta(hours=2), NOW,
        )  # fmt: skip


async def test_a_time_taken_meanwhile_spoils_the_whole_import(desk: Desk) -> None:
    await desk.bring({kind: TEXTS[kind] for kind in ("services", "staff", "customers")})
    async with desk.transaction() as tx:
        book = await desk.read(tx, desk.files({"bookings": TEXTS["bookings"]}))
    await desk.bring({"bookings": "customer,service,staff,start\nola@example.com,Cut,Anna,+1 10:15\n"})
    with pytest.raises(BookChanged):
        async with desk.transaction() as tx:
            await write_book(tx, book, now=NOW, progress=unseen)
    assert await desk.all("SELECT count(*) FROM bookings") == [(1,)]


async def join(desk: Desk, service: str, *, anna: bool = False) -> Joined:
    """Kari joins the waitlist by herself."""
    async with desk.transaction() as tx:
        service_id = await tx.fetchval("SELECT id FROM services WHERE name = $1", service)
        staff_id = await tx.fetchval("SELECT id FROM staff WHERE name = 'Anna'") if anna else None
        wish = Wish(service_id, NOW, NOW + timedelta(days=7), staff_id)
        return await entries.join(tx, Person("Kari", "+4740000001"), wish, now=NOW, actor="test")


ONE_MORE = {"waitlist": "customer,service,staff,latest\n40000001,Cut,Anna,+7\n"}


async def test_who_joined_meanwhile_is_counted(desk: Desk) -> None:
    await desk.bring({kind: TEXTS[kind] for kind in ("services", "staff", "customers")})
    await join(desk, "Cut")
    async with desk.transaction() as tx:
        book = await desk.read(tx, desk.files(ONE_MORE))
        assert book.problems == []
    await join(desk, "Colour")
    await join(desk, "Colour", anna=True)
    with pytest.raises(BookChanged):
        async with desk.transaction() as tx:
            await write_book(tx, book, now=NOW, progress=unseen)
    assert await desk.all("SELECT count(*) FROM waitlist_entries") == [(3,)]


async def test_who_joins_while_the_import_writes_waits_for_it_and_is_counted(desk: Desk) -> None:
    await desk.bring({kind: TEXTS[kind] for kind in ("services", "staff", "customers")})
    await join(desk, "Cut")
    await join(desk, "Colour")
    async with connect(desk.url, role=WORKER, name="test") as watching, desk.transaction() as tx:
        await write_book(tx, await desk.read(tx, desk.files(ONE_MORE)), now=NOW, progress=unseen)
        joining = asyncio.create_task(join(desk, "Colour", anna=True))
        await asyncio.wait_for(waiting(watching, 1), 10)
    with pytest.raises(WaitlistLimitExceeded):
        await joining
    assert await desk.all("SELECT count(*) FROM waitlist_entries") == [(3,)]


async def test_cancelled_bookings_may_overlap_in_any_way(desk: Desk) -> None:
    starts = ["10:00", "10:10", "10:20", "10:00", "10:30", "11:00"]
    rows = "".join(f"40000001,Cut,Anna,-3 {at},cancelled\n" for at in starts)
    bookings = f"customer,service,staff,start,status\n{rows}40000001,Cut,Anna,-3 10:05,\n"
    await desk.bring(TEXTS | {"bookings": bookings})
    assert not (await desk.bring(TEXTS | {"bookings": bookings})).changed
    statement = "SELECT status, count(*) FROM bookings GROUP BY 1 ORDER BY 1"
    assert await desk.all(statement) == [("cancelled", 6), ("completed", 1)]


async def test_progress_counts_up_to_every_row(desk: Desk) -> None:
    seen: list[tuple[int, int]] = []
    async with desk.transaction() as tx:
        book = await desk.read(tx, desk.files(TEXTS))
        await write_book(tx, book, now=NOW, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 20)
    assert seen[-1] == (20, 20)
    assert seen == sorted(seen)


async def test_another_salons_book_is_neither_seen_nor_touched(desk: Desk) -> None:
    await desk.bring(TEXTS)
    other = await tenants.create(
        desk.pool, "Other", timezone="Europe/Oslo", currency="NOK", country="NO", locale="nb", now=NOW
    )
    before = await everything(desk)
    elsewhere = Desk(desk.url, desk.pool, other, desk.folder)
    assert all(
        one[0] == sum(one) or kind == "hours" for kind, one in counts(await elsewhere.bring(TEXTS)).items()
    )
    assert await everything(desk) == before


@pytest.mark.parametrize("day", ["2026-12-01", "2027-03-14", "2027-03-28", "2027-10-31", "2028-02-29"])
async def test_the_sample_salon_is_imported_on_any_day(desk: Desk, day: str) -> None:
    now = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    report = await desk.bring(SAMPLE, now)
    assert counts(report)["bookings"] == (517, 0, 0)
    assert counts(report)["waitlist"] == (60, 0, 0)
    assert await desk.broken(now) == []
    assert not (await desk.bring(SAMPLE, now)).changed


async def test_ten_thousand_rows_take_seconds(desk: Desk) -> None:
    people = "".join(f"Person {number},{40000000 + number},sms\n" for number in range(4000))
    staff = "".join(f"Staff {number},Cut\n" for number in range(10))
    bookings = "".join(
        f"{40000000 + number % 4000},Cut,Staff {number % 10},{number // 100 - 30:+} {9 + number % 100 // 10}:00\n"
        for number in range(5000)
    )
    waiters = "".join(f"{40000000 + number},Cut,+14\n" for number in range(1000))
    files = desk.files(
        {
            "services": "name,duration\nCut,30\n",
            "staff": "name,services\n" + staff,
            "customers": "name,phone,consent\n" + people,
            "bookings": "customer,service,staff,start\n" + bookings,
            "waitlist": "customer,service,latest\n" + waiters,
        }
    )
    began = time.monotonic()
    report = await desk.bring(files)
    assert sum(one.new for one in report.kinds.values()) == 10_011
    assert time.monotonic() - began < 30


async def test_whatever_good_rows_are_left_of_a_messy_book_they_can_be_written(desk: Desk) -> None:
    chance = random.Random(7)  # noqa: S311  # Nothing secret is drawn.
    left_out = 0
    for hours in range(0, 60, 5):
        now = NOW + timedelta(hours=hours)
        async with desk.transaction() as tx:
            book = await desk.read(tx, desk.files(messy(chance)), now)
            await write_book(tx, book, now=now, progress=unseen)
        left_out += len(book.problems)
        assert await desk.broken(now) == []
    assert left_out > 100
    assert await desk.all("SELECT count(*) > 10 FROM bookings") == [(True,)]


MESS = {
    "name": ("Cut", "Colour", "cut", "Anna", "Bo", "anna"),
    "service": ("Cut", "cut", "Colour", "Perm"),
    "staff": ("Anna", "Bo", "anna", "Cy"),
    "services": ("", "Cut", "Cut | Colour", "all"),
    "customer": ("40000001", "40000002", "a@example.com", "b@example.com"),
    "phone": ("40000001", "40000002", "40000003", ""),
    "email": ("a@example.com", "B@example.com", "a@Example.com", ""),
    "consent": ("", "sms", "email", "whatsapp, sms"),
    "weekday": ("mon", "tue", "mon-wed"),
    "hours": ("9-12", "13-17", "closed", "9-12, 13-17"),
    "start": tuple(
        f"{day:+} {hour}:{minute}" for day in range(-2, 3) for hour in (9, 10, 11, 12) for minute in ("00", 15)
    ),
    "end": ("", "", "", "13:00"),
    "status": ("", "", "cancelled", "completed", "no_show", "confirmed"),
    "duration": ("30", "60", "2"),
    "earliest": ("", "+1", "+5"),
    "latest": ("+2", "+7", "-1"),
    "from": ("", "9", "15"),
    "until": ("", "12", "24:00"),
    "joined": ("", "-3 10:00"),
    "vip": ("", "x", "no"),
    "priority": ("", "5"),
    "price": ("", "450"),
    "active": ("", "yes"),
    "weekdays": ("", "mon"),
}  # fmt: skip


def messy(chance: random.Random) -> dict[str, str]:
    """Files of every kind, with rows that contradict each other and what has been imported before."""
    texts = {}
    for kind in KINDS.values():
        columns = [column.name for column in kind.columns]
        rows = [
            [f'"{chance.choice(MESS[column])}"' for column in columns] for _ in range(chance.randint(2, 20))
        ]
        texts[kind.name] = "\n".join(",".join(row) for row in [columns, *rows])
    return texts


# --- The command


async def test_the_command_imports_nothing_while_there_is_a_problem(desk: Desk) -> None:
    said = io.StringIO()
    files = desk.files(TEXTS | {"customers": TEXTS["customers"] + "Eva,123,,,\n"})
    assert await import_(desk, files, said, skip_bad=False) == "nothing imported"
    assert 'customers.csv, line 4, phone "123": is no valid phone number in NO' in said.getvalue()
    assert "1 problem in 1 row. Nothing was imported" in said.getvalue()
    assert await desk.all("SELECT count(*) FROM staff") == [(0,)]


async def test_the_command_skips_bad_rows_when_told_to(desk: Desk) -> None:
    said = io.StringIO()
    files = desk.files(TEXTS | {"customers": TEXTS["customers"] + "Eva,123,,,\n"})
    assert await import_(desk, files, said, skip_bad=True) == "rows left out"
    assert "customers: 2 new, 0 updated, 0 unchanged" in said.getvalue()
    assert "those rows were left out" in said.getvalue()
    assert await desk.all("SELECT name FROM customers ORDER BY name") == [("Kari",), ("Ola",)]


@pytest.mark.parametrize(
    "unusable", ["name,vip\nKari,x\n", "", "\0\1\2"], ids=["column missing", "empty", "binary"]
)
async def test_a_file_that_can_t_be_used_at_all_is_no_row_to_skip(desk: Desk, unusable: str) -> None:
    said = io.StringIO()
    files = desk.files(TEXTS | {"customers": unusable})
    assert await import_(desk, files, said, skip_bad=True) == "nothing imported"
    assert "customers.csv can be read. Mend that first: --skip-bad leaves out rows" in said.getvalue()
    assert "Nothing was imported" in said.getvalue()
    assert await desk.all("SELECT count(*) FROM staff") == [(0,)]


async def test_rows_left_out_were_not_here_already(desk: Desk) -> None:
    said = io.StringIO()
    files = desk.files({"customers": TEXTS["customers"]})
    await import_(desk, files, said, skip_bad=True)
    files = desk.files({"customers": TEXTS["customers"] + "Eva,123,,,\n"})
    assert await import_(desk, files, said, skip_bad=True) == "rows left out"
    assert "all of the other rows were here already" in said.getvalue()


async def test_the_command_says_that_nothing_has_changed(desk: Desk) -> None:
    said = io.StringIO()
    files = desk.files({kind: text for kind, text in TEXTS.items() if kind != "bookings"})
    assert await import_(desk, files, said, skip_bad=False) == "imported"
    assert "Nothing has changed" not in said.getvalue()
    assert await import_(desk, files, said, skip_bad=False) == "imported"
    assert "Nothing has changed: all of this was here already." in said.getvalue()


async def import_(desk: Desk, files: list[Path], said: io.StringIO, *, skip_bad: bool) -> Outcome:
    console = Console(file=said, width=80)
    return await import_files(
        desk.url, desk.salon.slug, files, skip_bad=skip_bad, month_first=False, console=console
    )
