"""Reading a salon's files: every bad row is told, with its place and what to do, and no other."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from standby.importing.book import (
    Book,
    KnownBook,
    KnownBooking,
    KnownCustomer,
    KnownEntry,
    KnownService,
    KnownStaff,
    RowProblem,
    Wish,
)
from standby.importing.columns import KINDS
from standby.importing.reading import read_book
from standby.importing.sample import sample_book
from standby.importing.times import DateOrder

ROOT = Path(__file__).parents[2]
OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday; 13:00 in Oslo

SERVICES = "name,duration,price\nCut,30,450\nColour,2:00,1690\n"
STAFF = "name,services\nAnna,Cut; Colour\nBo,Cut\n"
CUSTOMERS = (
    'name,phone,email,vip,consent\nKari,400 00 001,kari@example.com,x,"sms, email"\nOla,,ola@example.com,,\n'
)
BOOKING = "customer,service,staff,start,end,status\n"
WISH = "customer,service,staff,earliest,latest,weekdays,from,until,vip,priority,joined,consent\n"

ANNA, BO, CUT, COLOUR, KARI, SHARED = (UUID(int=number) for number in range(1, 7))
KNOWN = KnownBook(
    staff={"anna": KnownStaff(ANNA, "Anna", active=True, services=frozenset({CUT}))},
    services={"cut": KnownService(CUT, "Cut", 30, Decimal(450), active=True)},
    customers={
        KARI: KnownCustomer(KARI, "Kari", "+4740000001", None, vip=False, channels=frozenset({"sms"}))
    },
)

Read: TypeAlias = Callable[..., Book]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads texts as files, each by its name without the ending; those above are there too if `whole`."""

    def read(
        known: KnownBook | None = None,
        *,
        whole: bool = True,
        date_order: DateOrder = "dmy",
        now: datetime = NOW,
        **texts: str | bytes,
    ) -> Book:
        usual: dict[str, str | bytes] = {"services": SERVICES, "staff": STAFF, "customers": CUSTOMERS}
        paths = []
        for name, text in ((usual if whole else {}) | texts).items():
            path = tmp_path / f"{name}.csv"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            paths.append(path)
        return read_book(
            paths, timezone=OSLO, country="NO", now=now, known=known or KnownBook(), date_order=date_order
        )

    return read


def only(book: Book) -> RowProblem:
    """The one problem that there is."""
    assert len(book.problems) == 1, book.problems
    return book.problems[0]


def said(problem: RowProblem) -> tuple[str, int, str]:
    return Path(problem.file).name, problem.line, problem.column


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in December 2026."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


# --- Files as such


def test_files_may_come_in_any_order_and_rows_refer_across_them(read: Read) -> None:
    book = read(
        whole=False,
        bookings=BOOKING + "40000001,Cut,Anna,24.12.2026 14:30,,\n",
        customers=CUSTOMERS,
        staff=STAFF,
        services=SERVICES,
    )
    assert book.problems == []
    (booking,) = book.rows.bookings
    assert (booking.customer, booking.staff, booking.service) == ("+4740000001", "Anna", "Cut")
    assert (booking.starts_at, booking.ends_at) == (utc(24, 13, 30), utc(24, 14))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiter_and_encoding_are_found_out(read: Read, delimiter: str, encoding: str) -> None:
    text = "navn;varighet;pris\r\nVask og føn;30;450\r\n".replace(";", delimiter)
    book = read(whole=False, tjenester=text.encode(encoding))
    assert book.problems == []
    assert [(row.name, row.duration, row.price) for row in book.rows.services] == [
        ("Vask og føn", 30, Decimal(450))
    ]


def test_a_comma_in_the_first_header_does_not_beat_the_real_delimiter(read: Read) -> None:
    book = read(whole=False, services='name;duration;"price, with VAT, in kroner"\nCut;30;450\n')
    assert [row.duration for row in book.rows.services] == [30]


def test_a_spreadsheets_own_first_line_is_skipped_and_lines_still_count_from_the_top(read: Read) -> None:
    problem = only(read(whole=False, services="sep=;\r\n\r\nname;duration\r\nCut;long\r\n"))
    assert said(problem) == ("services.csv", 4, "duration")


def test_lines_are_those_where_a_record_begins(read: Read) -> None:
    text = 'name,duration\n"Cut\nand\nblow-dry",30\n\n\n"Colour,\nall over",much\nPerm,never\n'
    book = read(whole=False, services=text)
    assert [said(problem) for problem in book.problems] == [
        ("services.csv", 7, "duration"),
        ("services.csv", 9, "duration"),
    ]
    assert [row.name for row in book.rows.services] == ["Cut and blow-dry"]


def test_every_problem_is_told_at_once_with_what_stands_there(read: Read) -> None:
    book = read(whole=False, services="name,duration,price\n,never,free\nCut,30,450\nPerm,3,1\n")
    assert [(*said(problem), problem.value) for problem in book.problems] == [
        ("services.csv", 2, "name", ""),
        ("services.csv", 2, "duration", "never"),
        ("services.csv", 2, "price", "free"),
        ("services.csv", 4, "duration", "3"),
    ]
    assert [row.name for row in book.rows.services] == ["Cut"]


def test_problems_come_in_the_order_of_the_files(read: Read) -> None:
    book = read(whole=False, waitlist="customer\n", staff="name\n\n", services="name,duration\nCut,x\n")
    assert [Path(problem.file).stem for problem in book.problems] == ["waitlist", "waitlist", "services"]


def test_the_column_is_named_as_the_file_names_it(read: Read) -> None:
    assert said(only(read(whole=False, kunder="Navn;Tlf.;E-post\nKari;;kari\n")))[2] == "E-post"


def test_a_missing_column_is_named_together_with_the_unknown_ones(read: Read) -> None:
    problem = only(read(whole=False, services="name,duratoin,colour\nCut,30,red\n"))
    assert said(problem) == ("services.csv", 1, "duration")
    assert problem.reason == (
        "this column is missing; unknown columns are 'duratoin' (did you mean duration?), 'colour'"
    )


def test_customers_need_a_column_to_know_them_by(read: Read) -> None:
    assert said(only(read(whole=False, customers="name,vip\nKari,x\n")))[2] == "phone or email"


def test_an_unknown_column_that_looks_like_an_optional_one_is_a_problem(read: Read) -> None:
    book = read(whole=False, customers="name,phone,consnet\nKari,40000001,sms\n")
    assert only(book).reason == "there is no such column (did you mean consent?)"
    assert len(book.rows.customers) == 1


def test_other_unknown_columns_are_only_noted(read: Read) -> None:
    book = read(whole=False, customers="name,phone,shoe size\nKari,40000001,38\n")
    assert book.problems == []
    assert [re.sub(r"^.*/", "", note) for note in book.notes] == [
        "customers.csv: column 'shoe size' is not used"
    ]


def test_two_columns_that_mean_the_same_are_a_problem(read: Read) -> None:
    assert (
        "2 columns mean email: email, E-post"
        in only(read(whole=False, customers="name,email,E-post\n")).reason
    )


def test_a_row_with_too_many_cells_hints_at_quotation_marks(read: Read) -> None:
    problem = only(read(whole=False, services="name,duration,price\nCut, wash,30,450\nPerm,60\n"))
    assert said(problem) == ("services.csv", 2, "")
    assert "has 4 cells, but there are 3 columns" in problem.reason


def test_a_quotation_mark_that_never_closes_is_found_where_it_opens(read: Read) -> None:
    book = read(whole=False, services='name,duration\nCut,30\n"Perm,60\nColour,90\n')
    assert said(only(book))[:2] == ("services.csv", 3)
    assert [row.name for row in book.rows.services] == ["Cut"]


def test_text_after_a_closing_quotation_mark_spoils_only_its_row(read: Read) -> None:
    book = read(whole=False, services='name,duration\n"The "best" cut",30\nColour,90\n')
    assert said(only(book))[:2] == ("services.csv", 2)
    assert [row.name for row in book.rows.services] == ["Colour"]


@pytest.mark.parametrize("content", ["", "\n\n", ";;\n", '"",""\n'])
def test_an_empty_file_says_what_it_needs(read: Read, content: str) -> None:
    assert "first line must name the columns" in only(read(whole=False, staff=content)).reason


@pytest.mark.parametrize("content", [b"name\n\x81\x8d\n", b"name\nA\0B\n", b"\xff\xfename\n"])
def test_what_is_no_text_is_refused(read: Read, content: bytes) -> None:
    assert "save it as CSV UTF-8" in only(read(whole=False, staff=content)).reason


def test_a_file_that_is_not_there_is_a_problem_like_others(tmp_path: Path) -> None:
    files = [tmp_path / "staff.csv", tmp_path]
    book = read_book(files, timezone=OSLO, country="NO", now=NOW, known=KnownBook())
    assert ["can't be read" in problem.reason for problem in book.problems] == [True, True]


@pytest.mark.parametrize(
    ("name", "header", "kind"),
    [
        ("bookings-2026", "a,b", "bookings"),
        ("Kunder (eksport)", "a,b", "customers"),
        ("waiting list", "a,b", "waitlist"),
        ("export1", "Navn;Varighet;Pris", "services"),
        ("export2", "Navn;Tjenester", "staff"),
        ("export3", "Navn;Telefon", "customers"),
        ("export4", "Dag;Åpningstid", "hours"),
        ("export5", "Kunde;Tjeneste;Ansatt;Start", "bookings"),
        ("export6", "Kunde;Tjeneste;Senest", "waitlist"),
    ],
)
def test_a_files_kind_shows_in_its_name_or_else_in_its_header(
    read: Read, name: str, header: str, kind: str
) -> None:
    book = read(whole=False, **{name: header + "\n"})
    missing = {problem.column for problem in book.problems}
    assert missing <= {*KINDS[kind].required, "phone or email"}
    assert bool(missing) == (header == "a,b")


def test_a_file_of_no_known_kind_is_told_the_kinds(read: Read) -> None:
    assert "name it like bookings.csv" in only(read(whole=False, export="x,y\n1,2\n")).reason


# --- One row


@pytest.mark.parametrize(
    ("kind", "row", "column", "reason"),
    [
        ("services", "Cut,0", "duration", "is 0 minutes; a duration is 5 to 1440"),
        ("services", f"{'x' * 201},30", "name", "201 characters"),
        ("customers", "Kari,400 00 00,,,", "phone", "is no valid phone number in NO"),
        ("customers", 'Kari,"4,79E+09",,,', "phone", "rounded number by a spreadsheet"),
        ("customers", "Kari,,kari@,,", "email", "is no valid email address"),
        ("customers", "Kari,,,,", "phone", "neither a phone number nor an email"),
        ("customers", "Kari,40000009,,maybe,", "vip", "neither yes nor no"),
        ("customers", "Kari,40000009,,,pigeon", "consent", "pigeon is no channel"),
        ("customers", "Kari,40000009,,,email", "consent", "has email, but the customer has no email address"),
        (
            "customers",
            "Kari,,kari@example.com,,sms",
            "consent",
            "has sms, but the customer has no phone number",
        ),
        ("hours", "Caturday,9-17", "weekday", "is no day of the week"),
        ("hours", "mon,9", "hours", "is no pair of times"),
        ("hours", "mon,17-9", "hours", "closes before it opens"),
        ("hours", "mon,9-25", "hours", "the last is 24:00"),
        ("hours", 'mon,"9-12, 11-17"', "hours", "overlap"),
    ],
)
def test_a_bad_cell_is_explained(read: Read, kind: str, row: str, column: str, reason: str) -> None:
    header = {
        "services": "name,duration",
        "customers": "name,phone,email,vip,consent",
        "hours": "weekday,hours",
    }[kind]
    problem = only(read(whole=False, **{kind: f"{header}\n{row}\n"}))
    assert said(problem) == (f"{kind}.csv", 2, column)
    assert reason in problem.reason


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("40000009,Cut,Anna,+1 10:00,,", "customer", "is no customer; add a row"),
        ("40000001,Cot,Anna,+1 10:00,,", "service", "is no service; did you mean Cut?"),
        ("40000001,Cut,Anne,+1 10:00,,", "staff", "is no staff member; did you mean Anna?"),
        ("40000001,Cut,Zebedee,+1 10:00,,", "staff", "add a row to the staff file"),
        ("40000001,Colour,Bo,+1 10:00,,", "staff", "does not offer Colour; they offer Cut"),
        ("40000001,Cut,Anna,tomorrow,,", "start", "is no date and time"),
        ("40000001,Cut,Anna,24.12.2026,,", "start", "has no time of day"),
        ("40000001,Cut,Anna,31.11.2026 10:00,,", "start", "there is no day 31 of month 11"),
        ("40000001,Cut,Anna,24.12.2206 10:00,,", "start", "is the year right?"),
        ("40000001,Cut,Anna,+1 10:00,09:00,", "end", "is not after the start"),
        ("40000001,Cut,Anna,+1 10:00,+3 10:00,", "end", "more than a day after"),
        ("40000001,Cut,Anna,+1 10:00,,maybe", "status", "is no status"),
        ("40000001,Cut,Anna,+1 10:00,,completed", "status", "isn't over"),
        ("40000001,Cut,Anna,+0 12:45,,no_show", "status", "isn't over"),
        (",Cut,Anna,+1 10:00,,", "customer", "is empty, but needed"),
    ],
)
def test_a_bad_booking_is_explained(read: Read, row: str, column: str, reason: str) -> None:
    problem = only(read(bookings=BOOKING + row + "\n"))
    assert said(problem) == ("bookings.csv", 2, column)
    assert reason in problem.reason


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("40000001,Cut,,,-1,,,,,,,", "latest", "is in the past"),
        ("40000001,Cut,,+9,+7,,,,,,,", "earliest", "earliest must be before latest"),
        ("40000001,Cut,,,+7,mon-fryday,,,,,,", "weekdays", "'fryday' is no day of the week"),
        ("40000001,Cut,,,+7,,15:00,12:00,,,,", "from", "from must be before until"),
        ("40000001,Cut,,,+7,,,noon,,,,", "until", "is no time of day"),
        ("40000001,Cut,,,+7,,,,,1001,,", "priority", "0 to 1000"),
        ("40000001,Cut,,,+7,,,,,,+1,", "joined", "is in the future"),
        ("40000001,Colour,Bo,,+7,,,,,,,", "staff", "does not offer Colour"),
        ("ola@example.com,Cut,,,+7,,,,,,,sms", "consent", "has no phone number"),
    ],
)
def test_a_bad_waitlist_row_is_explained(read: Read, row: str, column: str, reason: str) -> None:
    problem = only(read(waitlist=WISH + row + "\n"))
    assert said(problem) == ("waitlist.csv", 2, column)
    assert reason in problem.reason


def test_a_full_waitlist_row_is_understood(read: Read) -> None:
    row = "40000001,Cut,Anna,+1,24.12.26,tir-tor,10,15:30,nei,500,-10 09:00,whatsapp"
    (wish,) = read(waitlist=WISH + row + "\n").rows.waitlist
    assert (wish.staff, wish.weekdays, wish.from_minute, wish.until_minute) == ("Anna", (2, 3, 4), 600, 930)
    assert (wish.earliest, wish.latest) == (utc(1, 23), utc(24, 23)), (
        "a day alone is its beginning or its end"
    )
    assert (wish.vip, wish.priority, wish.consent) == (False, 500, frozenset({"whatsapp"}))


def test_hours_may_have_breaks_and_several_days_in_a_row(read: Read) -> None:
    book = read(
        whole=False, hours='weekday,hours\nman-ons,"09:00-12:00, 13-17"\nlør,10.00 til 15.00\nsøn,stengt\n'
    )
    spans = {row.weekday: row.spans for row in book.rows.hours}
    workday = ((540, 720), (780, 1020))
    assert spans == {1: workday, 2: workday, 3: workday, 6: ((600, 900),), 7: ()}


@pytest.mark.parametrize("other", ["mon,closed", "mon,16-18", "mon-wed,8-10"])
def test_hours_of_one_day_must_not_contradict_each_other(read: Read, other: str) -> None:
    problem = only(read(whole=False, hours=f"weekday,hours\nmon,9-17\n{other}\n"))
    assert problem.line == 3
    assert "line 2 of" in problem.reason


def test_staff_may_offer_everything(read: Read) -> None:
    book = read(whole=False, services=SERVICES, staff="name,services\nAnna,alle\nBo,\n")
    assert [row.services for row in book.rows.staff] == [("Cut", "Colour"), None]


# --- Past and present


@pytest.mark.parametrize(
    ("start", "status", "expected"),
    [
        ("-3 10:00", "", "completed"),
        ("-3 10:00", "confirmed", "completed"),
        ("-3 10:00", "uteblitt", "no_show"),
        ("-3 10:00", "avbestilt", "cancelled"),
        ("+0 12:45", "", "confirmed"),  # it is 13:00, and a cut takes half an hour
        ("+0 12:30", "", "completed"),
        ("+3 10:00", "", "confirmed"),
        ("+3 10:00", "cancelled", "cancelled"),
    ],
)
def test_a_past_booking_is_completed_unless_it_says_otherwise(
    read: Read, start: str, status: str, expected: str
) -> None:
    book = read(bookings=f"{BOOKING}40000001,Cut,Anna,{start},,{status}\n")
    assert [row.status for row in book.rows.bookings] == [expected]


def test_the_end_may_be_a_time_or_a_duration(read: Read) -> None:
    text = (
        "customer,service,staff,start,end,duration\n"
        "40000001,Cut,Anna,24.12.26 10:00,11:15,\n"
        "40000001,Cut,Anna,24.12.26 12:00,,50 min\n"
        "40000001,Cut,Anna,24.12.26 14:00,15:00,1:30\n"
    )
    book = read(bookings=text)
    assert "does not fit the duration of 90 minutes" in only(book).reason
    assert [row.ends_at for row in book.rows.bookings] == [utc(24, 10, 15), utc(24, 11, 50)]


# --- Rows against each other


def test_overlapping_bookings_of_one_staff_member_name_both_lines(read: Read) -> None:
    rows = (
        "40000001,Cut,Anna,+1 10:00,,",
        "ola@example.com,Colour,Anna,+1 09:00,,",
        "40000001,Cut,Bo,+1 10:15,,",
    )
    book = read(bookings=BOOKING + "\n".join(rows) + "\n")
    problem = only(book)
    assert said(problem) == ("bookings.csv", 3, "start")
    assert re.search(r"overlaps line 2 of .*bookings\.csv \(Anna, 2026-12-02 10:00–10:30\)", problem.reason)
    assert [row.place.line for row in book.rows.bookings] == [2, 4]


def test_bookings_back_to_back_and_cancelled_ones_do_not_overlap(read: Read) -> None:
    rows = ("10:00,,", "10:30,,", "10:15,,cancelled", "10:15,,cancelled", "09:30,,")
    book = read(bookings=BOOKING + "".join(f"40000001,Cut,Anna,+1 {row}\n" for row in rows))
    assert book.problems == []


def test_the_same_customer_or_name_twice_names_both_lines(read: Read) -> None:
    book = read(
        whole=False,
        services=SERVICES + "CUT,45,\n",
        staff="name\nAnna\n anna\n",
        customers="name,phone,email\nA,40000001,\nB,+47 400 00 001,\nC,,c@example.com\nD,,C@EXAMPLE.COM\n",
    )
    assert [said(problem) for problem in book.problems] == [
        ("services.csv", 4, "name"),
        ("staff.csv", 3, "name"),
        ("customers.csv", 3, "phone"),
        ("customers.csv", 5, "email"),
    ]
    assert "line 2 of" in book.problems[2].reason


def test_a_family_may_share_an_email_address_but_is_not_found_by_it(read: Read) -> None:
    book = read(
        customers="name,phone,email\nA,40000001,us@example.com\nB,40000002,us@example.com\n",
        bookings=BOOKING + "us@example.com,Cut,Anna,+1 10:00,,\n40000002,Cut,Anna,+1 11:00,,\n",
    )
    assert "is the email address of 2 customers; write the phone number" in only(book).reason
    assert len(book.rows.customers) == 2


def test_what_refers_to_a_bad_row_is_told_so(read: Read) -> None:
    book = read(
        services="name,duration\nCut,30\nColour,never\n",
        staff="name,active\nAnna,perhaps\n",
        customers="name,phone,vip\nKari,40000001,perhaps\n",
        bookings=BOOKING + "40000001,Colour,Anna,+1 10:00,,\n",
    )
    reasons = [problem.reason for problem in book.problems if Path(problem.file).stem == "bookings"]
    assert [re.sub(r" of .*", "", reason) for reason in reasons] == [
        "is a customer whose own row needs a change: line 2",
        "is a service whose own row needs a change: line 3",
        "is a staff member whose own row needs a change: line 2",
    ]


def test_the_same_wish_twice_is_a_problem_and_four_wishes_are_too_many(read: Read) -> None:
    rows = [f"400 00 001,{service},{staff},,+7,,,,,,,\n" for service, staff in
            (("Cut", ""), ("Cut", "Anna"), ("Cut", "any"), ("Cut", "Bo"), ("Colour", ""))]  # fmt: skip
    book = read(waitlist=WISH + "".join(rows))
    assert [(problem.line, problem.column) for problem in book.problems] == [(4, "customer"), (6, "customer")]
    assert "already on line 2" in book.problems[0].reason
    assert "more than 3 active places" in book.problems[1].reason


def test_who_waits_without_a_channel_is_noted(read: Read) -> None:
    book = read(waitlist=WISH + "ola@example.com,Cut,,,+7,,,,,,,\n40000001,Cut,,,+7,,,,,,,\n")
    assert book.problems == []
    assert book.notes == [
        "1 on the waitlist have agreed to no channel, so nothing can be offered to them (column consent)"
    ]


# --- Rows against what is known


def test_rows_may_refer_to_what_the_database_has(read: Read) -> None:
    book = read(KNOWN, whole=False, bookings=BOOKING + "40000001,cut,ANNA,+1 10:00,,\n")
    assert book.problems == []
    assert [(row.customer, row.staff, row.service) for row in book.rows.bookings] == [(KARI, "Anna", "Cut")]


def test_a_row_finds_its_customer_by_phone_or_else_by_email(read: Read) -> None:
    by_email = KnownCustomer(SHARED, "Ola", None, "ola@example.com", vip=False, channels=frozenset())
    known = KnownBook(customers={**KNOWN.customers, SHARED: by_email})
    text = "name,phone,email\nKari N,40000001,kari@example.com\nOla N,40000002,Ola@example.com\nEva,,eva@example.com\n"
    book = read(known, whole=False, customers=text)
    assert [row.key for row in book.rows.customers] == [KARI, SHARED, "eva@example.com"]


def test_a_new_email_address_replaces_the_one_that_is_known(read: Read) -> None:
    known = KnownBook(
        KNOWN.staff,
        KNOWN.services,
        customers={
            KARI: KnownCustomer(
                KARI, "Kari", "+4740000001", "old@example.com", vip=False, channels=frozenset()
            )
        },
    )
    book = read(
        known,
        whole=False,
        customers="name,phone,email\nKari,40000001,new@example.com\n",
        bookings=BOOKING + "old@example.com,Cut,Anna,+1 10:00,,\nnew@example.com,Cut,Anna,+1 11:00,,\n",
    )
    assert said(only(book)) == ("bookings.csv", 2, "customer")
    assert [row.customer for row in book.rows.bookings] == [KARI]


def test_a_known_booking_is_over_when_it_is_over_in_the_database(read: Read) -> None:
    booking = KnownBooking(UUID(int=9), KARI, ANNA, CUT, utc(1, 11), utc(1, 13), "confirmed")
    known = KnownBook(KNOWN.staff, KNOWN.services, customers=KNOWN.customers, bookings=(booking,))
    book = read(known, whole=False, bookings=BOOKING + "40000001,Cut,Anna,+0 12:00,,\n")
    assert [row.status for row in book.rows.bookings] == ["confirmed"], (
        "half an hour by the service, two hours by itself"
    )


def test_a_time_taken_in_the_database_is_a_problem(read: Read) -> None:
    known = KnownBook(
        staff=KNOWN.staff, services=KNOWN.services, customers=KNOWN.customers,
        taken=((ANNA, utc(2, 9), utc(2, 9, 30)),),
    )  # fmt: skip
    row = "40000001,Cut,Anna,+1 10:15,,\n40000001,Cut,Anna,+1 10:00,,cancelled\n"
    book = read(known, whole=False, bookings=BOOKING + row)
    assert ["an appointment or held time in Standby" in problem.reason for problem in book.problems] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("row", "status", "expected"),
    [
        ("Cut,Anna,+1 10:00,,", "confirmed", "confirmed"),
        ("Cut,Anna,+1 10:00,10:45,", "confirmed", "end: is 2026-12-02 10:00–10:30 in Standby"),
        (
            "Colour,Anna,+1 10:00,,",
            "confirmed",
            "service: is another service than this appointment has in Standby",
        ),
        ("Cut,Anna,+1 10:00,,cancelled", "confirmed", "status: is confirmed in Standby; cancel it there"),
        ("Cut,Anna,+1 10:00,,", "cancelled", "cancelled"),
    ],
)
def test_a_booking_that_is_known_is_recognised(read: Read, row: str, status: str, expected: str) -> None:
    booking = KnownBooking(UUID(int=9), KARI, ANNA, CUT, utc(2, 9), utc(2, 9, 30), status)  # type: ignore[arg-type]
    known = KnownBook(
        staff={"anna": KnownStaff(ANNA, "Anna", active=True, services=frozenset({CUT, COLOUR}))},
        services={**KNOWN.services, "colour": KnownService(COLOUR, "Colour", 120, None, active=True)},
        customers=KNOWN.customers,
        bookings=(booking,),
        taken=((ANNA, utc(2, 9), utc(2, 9, 30)),) if status == "confirmed" else (),
    )  # fmt: skip
    book = read(known, whole=False, bookings=f"{BOOKING}40000001,{row}\n")
    if book.rows.bookings:
        assert [(one.status, one.known) for one in book.rows.bookings] == [(expected, booking)]
    else:
        problem = only(book)
        assert f"{problem.column}: {problem.reason}".startswith(expected)


def test_places_on_the_waitlist_that_are_known_count_towards_the_most(read: Read) -> None:
    wish = Wish(
        NOW, NOW + timedelta(days=9), (1, 2, 3, 4, 5, 6, 7), 0, 1440, vip=False, priority=None, joined=NOW
    )
    entries = tuple(
        KnownEntry(UUID(int=20 + number), KARI, CUT, staff, wish) for number, staff in enumerate([None, ANNA])
    )
    known = KnownBook(
        KNOWN.staff, KNOWN.services, customers=KNOWN.customers, entries=entries, max_active_entries=2
    )
    book = read(
        known,
        services=SERVICES,
        staff=STAFF,
        waitlist=WISH + "40000001,Cut,,,+7,,,,,,,\n40000001,Colour,,,+7,,,,,,,\n",
    )
    assert said(only(book)) == ("waitlist.csv", 3, "customer")
    assert [row.known for row in book.rows.waitlist] == [entries[0]]


def test_what_a_row_says_must_fit_what_is_known_already(read: Read) -> None:
    wish = Wish(utc(10, 9), utc(20, 9), (1,), 600, 900, vip=False, priority=None, joined=NOW)
    known = KnownBook(
        KNOWN.staff,
        KNOWN.services,
        customers=KNOWN.customers,
        entries=(KnownEntry(UUID(int=20), KARI, CUT, None, wish),),
    )
    book = read(known, whole=False, waitlist=WISH + "40000001,Cut,,,5.12.2026,,,9:00,,,,\n")
    assert [problem.column for problem in book.problems] == ["latest", "until"]


# --- The sample salon, and the documentation


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_the_sample_salon_reads_without_a_problem_on_any_day(hour: int) -> None:
    """Five days apart, so that every weekday and month comes, and on and around the days the clocks change."""
    changes = [date(2027, 3, 28), date(2027, 10, 31)]
    days = [date(2027, 1, 1) + timedelta(days=days) for days in range(hour % 5, 365, 15)]
    days += [change + timedelta(days=days) for change in changes for days in (-14, -7, -1, 0, 1)]
    for day in days:
        now = datetime(day.year, day.month, day.day, hour, 30, tzinfo=OSLO).astimezone(UTC)
        book = read_book(
            sorted((ROOT / "examples/salon-fjord").glob("*.csv")),
            timezone=OSLO,
            country="NO",
            now=now,
            known=KnownBook(),
        )
        assert book.problems == []
        assert {kind: len(rows) for kind, rows in vars(book.rows).items()} == {
            "services": 12, "staff": 6, "hours": 7, "customers": 250, "bookings": 517, "waitlist": 60,
        }  # fmt: skip
        ahead = [row for row in book.rows.bookings if row.starts_at >= now]
        assert 280 <= len(ahead) <= 340


@pytest.mark.parametrize("locale", ["en", "nb", "de"])
def test_the_sample_book_reads_without_a_problem_on_any_day(locale: str, tmp_path: Path) -> None:
    for days in range(0, 365, 5):
        now = datetime(2027, 1, 1, 23, 30, tzinfo=OSLO) + timedelta(days=days)
        for name, text in sample_book(locale, now).items():
            (tmp_path / name).write_bytes(text)
        files = sorted(tmp_path.glob("*.csv"))
        book = read_book(files, timezone=OSLO, country="NO", now=now.astimezone(UTC), known=KnownBook())
        assert book.problems == []
        assert {str(row.email).partition("@")[2] for row in book.rows.customers} == {"example.com"}
        assert all(row.starts_at.astimezone(OSLO).weekday() != 6 for row in book.rows.bookings)


def test_the_documentation_names_every_column_and_other_name() -> None:
    text = (ROOT / "docs/import.md").read_text(encoding="utf-8")
    for kind in KINDS.values():
        section = text.split(f"### {kind.name}.csv", 1)[1].split("\n##", 1)[0]
        for column in kind.columns:
            (line,) = [line for line in section.splitlines() if line.startswith(f"| `{column.name}`")]
            assert [alias for alias in column.aliases if f"`{alias}`" not in line] == []
            assert ("yes" in line.split("|")[3]) == column.required


# --- All at once


BAD_AT_ONCE: list[tuple[str, str, dict[str, str]]] = [
    (
        "bookings",
        BOOKING + "40000009,Cut,Anna,+1 10:00,09:00,odd\n",
        {"customer": "is no customer", "end": "is not after the start", "status": "is no status"},
    ),
    (
        "bookings",
        BOOKING + "40000009,Colour,Bo,+1 10:00,,no_show\n",
        {"customer": "is no customer", "staff": "does not offer Colour", "status": "isn't over"},
    ),
    (
        "bookings",
        BOOKING + "40000001,Cut,Anna,soon,later,\n",
        {"start": "is no date and time", "end": "is no date and time"},
    ),
    (
        "bookings",
        BOOKING + "40000001,Cut,Bo,+1 10:00,,\n40000001,Colour,Bo,+1 10:15,,\n",
        {"staff": "does not offer Colour", "start": "overlaps line 2"},
    ),
    (
        "bookings",
        BOOKING + "40000001,Cut,Bo,+1 10:00,,\n40000009,Cut,Bo,+1 10:15,,\n",
        {"customer": "is no customer", "start": "overlaps line 2"},
    ),
    (
        "waitlist",
        WISH + "40000009,Colour,Bo,+9,+7,noday,18:00,09:00,maybe,5000,+1,\n",
        {
            "customer": "is no customer",
            "staff": "does not offer Colour",
            "earliest": "leaves no time",
            "weekdays": "is no day of the week",
            "from": "leaves no time of day",
            "vip": "is neither yes nor no",
            "priority": "is no priority",
            "joined": "is in the future",
        },
    ),
    (
        "waitlist",
        WISH + "40000001,Cut,,,-2,,,,,,,\n40000001,Cut,,,+7,,,,,,,\n40000001,Cut,any,,+7,,,,maybe,,,\n",
        {"latest": "is in the past", "customer": "waits for the same already", "vip": "is neither"},
    ),
    (
        "services",
        "name,duration\nCut,30\nCut,soon\n",
        {"name": "is described on line 2", "duration": "is no duration"},
    ),
    (
        "customers",
        "name,phone,email,vip,consent\nKari,40000001,,,\n,40000001,,maybe,email\n",
        {
            "name": "is empty",
            "phone": "is the same customer as line 2",
            "vip": "is neither",
            "consent": "no email address",
        },
    ),
    (
        "hours",
        'weekday,hours\nmon,9-12\ntue,closed\nmon-tue,"10-13, 12-14"\n',
        {"hours": "has hours that overlap|overlaps the hours on line 2|contradicts line 3"},
    ),
]


@pytest.mark.parametrize(("name", "text", "expected"), BAD_AT_ONCE)
def test_all_that_is_wrong_with_a_row_is_told_in_one_round(
    read: Read, name: str, text: str, expected: dict[str, str]
) -> None:
    book = read(whole=name in ("bookings", "waitlist"), **{name: text})
    assert {problem.column for problem in book.problems} == set(expected)
    for problem in book.problems:
        assert re.search(expected[problem.column], problem.reason), problem


def test_each_rule_that_a_row_breaks_is_told_once(read: Read) -> None:
    book = read(whole=False, hours='weekday,hours\nmon,9-12\ntue,closed\nmon-tue,"10-13, 12-14"\n')
    assert len(book.problems) == 3


def test_an_address_that_can_t_be_understood_is_not_said_to_be_missing_too(read: Read) -> None:
    book = read(whole=False, customers="name,phone,email,consent\nEva,123,,sms\n")
    assert said(only(book)) == ("customers.csv", 2, "phone")


def test_a_row_without_a_readable_end_is_not_held_against_a_guessed_one(read: Read) -> None:
    text = BOOKING + "40000001,Cut,Bo,+1 10:00,,\n40000001,Cut,Bo,+1 09:45,soon,no_show\n"
    assert said(only(read(bookings=text))) == ("bookings.csv", 3, "end")
