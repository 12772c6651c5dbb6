"""The statements that pick the best candidate (sql/best_candidate.sql, sql/best_by_habit.sql) and ranking.py agree.

Random waitlists, each in a transaction that is rolled back: those whom fills would take, one after the other, are those
whom `slots.candidates` judges eligible, in its order, and nobody is taken exactly when nobody is eligible.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from standby.database.pool import Tx, new_id
from standby.waitlist import cascade, slots
from standby.waitlist.policy import CHANNELS
from standby.waitlist.ranking import RULES, score
from tests.conftest import Server
from tests.salon import Clock, Shop, open_shop, open_system

WEEK = (1, 2, 3, 4, 5, 6, 7)
MESSAGES_PER_DAY = 2


@dataclass(frozen=True)
class Entry:
    """Somebody on the list; the defaults are eligible. Times are relative to the slot's."""

    cut: bool = True
    staff: str | None = None
    starts_late: int = 0  # minutes that earliest lies after the slot's start
    ends_early: int = 0  # minutes that latest lies before the slot's end
    weekdays: tuple[int, ...] = WEEK
    from_minute: int = 0
    until_minute: int = 1440
    vip: bool = False
    override: int | None = None
    waited: timedelta = timedelta(days=1)
    status: str = "waiting"
    channels: tuple[str, ...] = ("sms",)
    freed_it: bool = False
    earlier_offer: str | None = None  # how an offer of this very slot ended: declined, undelivered, expired
    through_other: bool = False  # that offer was made through another entry of theirs
    messages: int = 0  # in the last 24 hours
    old_messages: int = 0  # before that
    busy: str | None = None  # booked, offered, or cancelled (which is no hindrance) at that time
    favourites: tuple[str, ...] = ()  # names of FAVOURITES; those of the slot and some that are not


@dataclass(frozen=True)
class Case:
    """A slot on a Tuesday of that week, at that minute of the salon's day, and those who wait."""

    minute: int
    minutes: int
    channel_order: tuple[str, ...]
    entries: tuple[Entry, ...]
    by_habit: bool = False


# What somebody can like; the slot is a cut with Kim on a Tuesday. "once" is what they had once: no favourite.
FAVOURITES = ("service", "staff", "weekday", "hour", "other_staff", "other_weekday", "hour_before", "once")

# One of each kind, so that every rule has its say in every run.
ONE_EACH = (
    Entry(waited=timedelta(days=3)),
    Entry(status="notified"),
    Entry(status="cooldown"),
    Entry(cut=False),
    Entry(staff="alex"),
    Entry(starts_late=1),
    Entry(ends_early=1),
    Entry(weekdays=(1, 3)),
    Entry(from_minute=900),
    Entry(until_minute=700),
    Entry(freed_it=True),
    Entry(earlier_offer="declined"),
    Entry(earlier_offer="undelivered"),
    Entry(earlier_offer="declined", through_other=True),
    Entry(earlier_offer="undelivered", through_other=True),
    Entry(channels=("email",)),
    Entry(messages=MESSAGES_PER_DAY),
    Entry(busy="booked"),
    Entry(busy="offered"),
    Entry(status="expired"),
    Entry(status="cancelled"),
)

# Where one point more or less, or the smaller id, changes the order.
NARROW = tuple(
    Entry(vip=vip, staff=staff, waited=timedelta(weeks=weeks), override=override)
    for weeks, vip, staff, override in (
        (40, False, None, None),
        (6, True, None, None),
        (11, False, "kim", None),
        (5, True, None, None),
        (40, False, None, 65),
        (40, False, None, None),
        (40, False, None, 65),
        (10, False, "kim", None),
        (20, False, None, None),
        (0, False, None, 65),
    )
)


# Where habit decides, and where it must not: ties within a tier, between tiers and with an override; and no tie.
HABITS = tuple(
    Entry(vip=vip, staff=staff, waited=timedelta(days=days), override=override, favourites=favourites)
    for days, vip, staff, override, favourites in (
        (3, False, None, None, ()),
        (2, False, None, None, ("weekday", "other_staff")),
        (1, False, None, None, ("staff", "hour")),
        (0, False, None, None, ("service", "staff", "weekday", "hour")),
        (0, False, None, None, ("once", "hour_before", "other_weekday")),
        (35, True, None, None, ("hour",)),
        (72, False, "kim", None, ("hour", "staff")),
        (0, False, None, 65, ("weekday", "hour", "staff")),
        (300, False, None, None, ("weekday",)),
        (301, False, None, None, ()),
    )
)


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual 15 times of 16: with all these rules to break, hardly anybody would be eligible else."""
    return st.sampled_from([usual] * 15 * len(others) + list(others))


WAITS = st.one_of(
    # Few enough that ties are common, and near the change of a week.
    st.sampled_from([timedelta(weeks=weeks) for weeks in (0, 1, 5, 6, 10, 11, 15, 20, 21, 40)]),
    st.builds(
        lambda weeks, off: timedelta(weeks=weeks) + off,
        st.integers(1, 21),
        st.sampled_from([timedelta(microseconds=-1), timedelta(microseconds=1), timedelta(hours=5)]),
    ),
    st.timedeltas(min_value=timedelta(minutes=-1), max_value=timedelta(weeks=25)),
)

ENTRIES = st.builds(
    Entry,
    cut=mostly(True, False),
    staff=st.sampled_from([None, None, "kim", "kim", "alex"]),
    starts_late=mostly(0, -600, 1, 30),
    ends_early=mostly(0, -600, 1, 30),
    weekdays=mostly(WEEK, (2,), (1, 3, 4, 5, 6, 7)),
    from_minute=mostly(0, 1, 539, 600, 720, 721, 1000),
    until_minute=mostly(1440, 1439, 1150, 765, 764),
    vip=st.booleans(),
    override=st.sampled_from([None] * 8 + [0, 61, 65, 1000]),
    waited=WAITS,
    status=mostly("waiting", "notified", "cooldown", "expired"),
    channels=mostly(("sms",), ("whatsapp", "sms"), ("email",), ()),
    freed_it=mostly(False, True),
    earlier_offer=mostly(None, "declined", "undelivered", "expired"),
    through_other=st.booleans(),
    messages=mostly(0, 1, 2, 3),
    old_messages=mostly(0, 5),
    busy=mostly(None, "booked", "offered", "cancelled", "beside"),
    favourites=st.lists(st.sampled_from(FAVOURITES), unique=True).map(tuple),
)

CASES = st.builds(
    Case,
    minute=st.sampled_from([0, 540, 720, 1155, 1395, 1410]),
    minutes=st.sampled_from([45, 90]),
    channel_order=st.sampled_from([("sms",), CHANNELS, ("whatsapp",)]),
    entries=st.integers(0, 30).flatmap(lambda many: st.tuples(*[ENTRIES] * many)),
    by_habit=st.booleans(),
)


@pytest.fixture(scope="module")
async def shop(server: Server, migrated: str) -> AsyncIterator[Shop]:
    clock = Clock()
    async with server.database(template=migrated) as url, open_system(url, clock) as parts:
        yield await open_shop(parts, clock)


@pytest.mark.timeout(400)  # A counterexample is made small first.
async def test_the_statement_takes_who_the_rules_put_first(shop: Shop) -> None:
    seen: Counter[str] = Counter()
    loop = asyncio.get_running_loop()

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(CASES)
    @example(Case(720, 45, ("sms",), ONE_EACH))
    @example(Case(720, 45, ("sms",), NARROW))
    @example(Case(720, 45, ("sms",), (*ONE_EACH, *HABITS), by_habit=True))
    @example(Case(720, 45, ("sms",), (*NARROW, *HABITS)))
    @example(Case(720, 45, ("sms",), ()))
    def agree(case: Case) -> None:
        asyncio.run_coroutine_threadsafe(check(shop, case, seen), loop).result()

    await asyncio.to_thread(agree)
    assert set(seen) == {*RULES, "taken", "nobody"}


ALIKE = """
WITH person AS (
    INSERT INTO customers (tenant_id, id, name, phone, channels, created_at)
    SELECT current_tenant(), gen_random_uuid(), 'Customer', '+47' || n, '{sms}', $1
    FROM generate_series(41000000, 41004999) AS n
    RETURNING id
)
INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, earliest, latest, status, joined_at, reason,
                              actor, changed_at)
SELECT current_tenant(), gen_random_uuid(), id, $2, $1, $1::timestamptz + interval '60 days', 'waiting', $1, 'joined',
       'test', $1
FROM person
RETURNING id
"""


@pytest.mark.parametrize(("statement", "sorts"), [("best_candidate", 1), ("best_by_habit", 2)])
async def test_the_statement_reads_the_line_in_order_even_where_all_want_the_same(
    database_url: str, clock: Clock, statement: str, sorts: int
) -> None:
    """The planner, who is told no values, finds all of them alike and hardly anybody fit; it must not gather them."""
    async with open_system(database_url, clock) as parts:
        shop = await open_shop(parts, clock)
        await shop.all(ALIKE, clock(), shop.cut)
        owner = await asyncpg.connect(database_url)
        await owner.execute("ANALYZE")
        await owner.close()
        async with shop.transaction() as tx:
            await tx.execute(f"PREPARE best AS {cascade.SQL[statement]}")
            given = ", ".join(["NULL"] * 12)
            plan = [row[0] for row in await tx.fetch(f"EXPLAIN EXECUTE best ({given})")]
            await tx.execute("DEALLOCATE best")
    scans = {
        re.sub(r".*using (\w+) on waitlist_entries.*", r"\1", line)
        for line in plan
        if " on waitlist_" in line
    }
    assert scans == {"waitlist_entries_ranked"}, plan
    assert sum("Sort  (" in line for line in plan) == sorts, plan  # the six heads; or those who tie, twice


async def check(shop: Shop, case: Case, seen: Counter[str]) -> None:
    """Takes one after the other, as if each had got another slot, until nobody is left."""
    async with shop.transaction() as tx:
        await tx.execute("SAVEPOINT before")
        slot_id, entry_ids = await write(tx, shop, case)
        judged = (await slots.candidates(tx, slot_id, now=shop.clock())).ranked
        found = await cascade.lock_open_slot(tx, slot_id)
        assert found is not None
        slot, policy = found
        taken = []
        while (best := await cascade._best_candidate(tx, slot, policy, shop.clock())) is not None:
            taken.append(best)
            await tx.execute("UPDATE waitlist_entries SET status = 'notified' WHERE id = $1", best.entry_id)
        await tx.execute("ROLLBACK TO before")

    of = dict(zip(entry_ids, case.entries, strict=True))
    expected = [one.entry_id for one, _ in judged.eligible]
    assert [of.get(one.entry_id) for one in taken] == [of.get(one) for one in expected]
    assert [one.entry_id for one in taken] == expected
    for one, (best, scored) in zip(taken, judged.eligible, strict=True):
        # What the offer's stored score is made of is the same as well.
        assert score(one, slot, shop.clock()) == scored
        assert (one.customer_id, one.joined_at) == (best.customer_id, best.joined_at)
    seen.update(rule for _, rule in judged.excluded)
    seen["taken" if taken else "nobody"] += 1


async def write(tx: Tx, shop: Shop, case: Case) -> tuple[UUID, list[UUID]]:
    """Puts the case into the database, as the tables' checks allow it and without the code under test."""
    now = shop.clock()
    # The salon is in Oslo, an hour ahead of UTC in November; the clock says Monday.
    midnight = datetime(now.year, now.month, now.day, tzinfo=now.tzinfo) + timedelta(hours=23)
    starts_at = midnight + timedelta(minutes=case.minute)
    ends_at = starts_at + timedelta(minutes=case.minutes)
    slot_id, freed_by = new_id(), new_id()
    await tx.execute(
        "UPDATE policies SET channel_order = $1, messages_per_day = $2, prefer_favourites = $3",
        list(case.channel_order),
        MESSAGES_PER_DAY,
        case.by_habit,
    )
    people = [new_id() for _ in case.entries]
    if (first := next((n for n, entry in enumerate(case.entries) if entry.freed_it), None)) is not None:
        people[first] = freed_by
    await tx.executemany(
        "INSERT INTO customers (tenant_id, id, name, phone, channels, created_at) "
        "VALUES (current_tenant(), $1, 'Kari', $2, $3, $4)",
        [(freed_by, shop.phone(), ["sms"], now)]
        + [
            (person, shop.phone(), list(entry.channels), now)
            for person, entry in zip(people, case.entries, strict=True)
            if person != freed_by
        ],
    )
    await insert_slots(tx, shop, [(slot_id, shop.kim, starts_at, ends_at, freed_by, "open")], now)
    entry_ids = []
    liking: set[UUID] = set()
    for person, entry in zip(people, case.entries, strict=True):
        entry_id = new_id()
        entry_ids.append(entry_id)
        through = entry_id
        if entry.earlier_offer is not None and entry.through_other:
            through = await ended_entry(tx, shop, person, now)  # Before: one active entry per wish.
        await insert_entry(tx, shop, entry, entry_id, person, starts_at, ends_at)
        if entry.earlier_offer is not None:
            await insert_ended_offer(tx, entry.earlier_offer, slot_id, through, person, now)
        await insert_messages(tx, entry, slot_id, person, now)
        if person not in liking:  # Whoever freed it may be on the list twice.
            await insert_favourites(tx, shop, case, entry, person)
        liking.add(person)
        if entry.busy is not None:
            await occupy(tx, shop, entry.busy, entry_id, person, starts_at, ends_at, now)
    return slot_id, entry_ids


async def insert_slots(tx: Tx, shop: Shop, rows: list[tuple[Any, ...]], now: datetime) -> None:
    await tx.executemany(
        "INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, freed_by_customer_id, status, "
        "reason, actor, changed_at, created_at) "
        "VALUES (current_tenant(), $1, $2, $8, $3, $4, $5, $6, 'test', 'test', $7, $7)",
        [(*row, now, shop.cut) for row in rows],
    )


async def insert_entry(
    tx: Tx,
    shop: Shop,
    entry: Entry,
    entry_id: UUID,
    person: UUID,
    starts_at: datetime,
    ends_at: datetime,
) -> None:
    now = shop.clock()
    earliest = starts_at + timedelta(minutes=entry.starts_late)
    latest = max(ends_at - timedelta(minutes=entry.ends_early), earliest + timedelta(minutes=1))
    staff = {None: None, "kim": shop.kim, "alex": shop.alex}[entry.staff]
    until = max(entry.until_minute, entry.from_minute + 1)
    await tx.execute(
        "INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, staff_id, earliest, latest, weekdays, "
        "from_minute, until_minute, vip, priority_override, status, joined_at, reason, actor, changed_at) "
        "VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', $12, 't', 't', $13)",
        entry_id,
        person,
        shop.cut if entry.cut else shop.colour,
        staff,
        earliest,
        latest,
        entry.weekdays,
        entry.from_minute,
        until,
        entry.vip,
        entry.override,
        now - entry.waited,
        now,
    )
    for status in {"waiting": [], "cooldown": ["notified", "cooldown"]}.get(entry.status, [entry.status]):
        await tx.execute(
            "UPDATE waitlist_entries SET status = $2::text, "
            "cooldown_until = CASE WHEN $2 = 'cooldown' THEN $3::timestamptz END, "
            "ended_at = CASE WHEN $2 IN ('expired', 'cancelled') THEN $3::timestamptz END WHERE id = $1",
            entry_id,
            status,
            now,
        )


async def insert_ended_offer(
    tx: Tx, how: str, slot_id: UUID, entry_id: UUID, person: UUID, now: datetime
) -> None:
    offer_id = new_id()
    await insert_offer(tx, offer_id, slot_id, entry_id, person, now - timedelta(hours=2))
    status = "withdrawn" if how == "undelivered" else how
    await tx.execute(
        "UPDATE offers SET status = $2, reason = $3, ended_at = $4 WHERE id = $1", offer_id, status, how, now
    )


async def insert_offer(
    tx: Tx, offer_id: UUID, slot_id: UUID, entry_id: UUID, person: UUID, at: datetime
) -> None:
    await tx.execute(
        "INSERT INTO offers (tenant_id, id, slot_id, entry_id, customer_id, status, exclusive, score, breakdown, "
        "window_seconds, reminder_lead_seconds, cooldown_seconds, max_misses, offered_at, expires_at, reason, actor, "
        "changed_at) VALUES (current_tenant(), $1, $2, $3, $4, 'pending', false, 45, '{}', 900, 600, 3600, 3, $5, "
        "$5::timestamptz + interval '15 minutes', 'offered', 'test', $5)",
        offer_id,
        slot_id,
        entry_id,
        person,
        at,
    )


async def insert_messages(tx: Tx, entry: Entry, slot_id: UUID, person: UUID, now: datetime) -> None:
    day = timedelta(hours=24)
    at = [now - day + timedelta(microseconds=1)] * entry.messages + [now - day] * entry.old_messages
    await tx.executemany(
        "INSERT INTO messages (tenant_id, id, customer_id, slot_id, kind, dedupe_key, status, channels, sent_at, "
        "created_at) VALUES (current_tenant(), $1, $2, $3, 'booked', $4, 'sent', '{sms}', $5, $5)",
        [(new_id(), person, slot_id, str(new_id()), sent_at) for sent_at in at],
    )


async def insert_favourites(tx: Tx, shop: Shop, case: Case, entry: Entry, person: UUID) -> None:
    values = {
        "service": ("service", str(shop.cut), True),
        "staff": ("staff", str(shop.kim), True),
        "weekday": ("weekday", "2", True),
        "hour": ("hour", str(case.minute // 60), True),
        "other_staff": ("staff", str(shop.alex), True),
        "other_weekday": ("weekday", "3", True),
        "hour_before": ("hour", str(max(0, case.minute // 60 - 1)), case.minute >= 60),
        "once": ("service", str(shop.cut), False),
    }
    liked = {values[name][:2]: values[name][2] for name in sorted(entry.favourites)}
    await tx.executemany(
        "INSERT INTO preferences (tenant_id, customer_id, aspect, value, visits, weight, favourite) "
        "VALUES (current_tenant(), $1, $2, $3, 2, 2, $4)",
        [(person, aspect, value, favourite) for (aspect, value), favourite in liked.items()],
    )


async def occupy(
    tx: Tx,
    shop: Shop,
    how: str,
    entry_id: UUID,
    person: UUID,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> None:
    """Gives somebody an appointment or an offer with a staff member of its own, in the slot's last minute."""
    member = new_id()
    await tx.execute(
        "INSERT INTO staff (tenant_id, id, name, created_at) VALUES (current_tenant(), $1, $2, $3)",
        member,
        str(member),
        now,
    )
    first = ends_at if how == "beside" else ends_at - timedelta(minutes=1)
    last = ends_at + timedelta(hours=1)
    other = new_id()
    await insert_slots(
        tx, shop, [(other, member, first, last, None, "open" if how == "offered" else "booked")], now
    )
    if how == "offered":
        await tx.execute(
            "UPDATE slots SET status = 'held', hold_expires_at = $2 WHERE id = $1", other, starts_at
        )
        # Through another entry of theirs: one entry has one open offer at most.
        entry_id = await other_entry(tx, shop, person, member, now)
        await insert_offer(tx, new_id(), other, entry_id, person, now)
        return
    booking = new_id()
    await tx.execute(
        "INSERT INTO bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status, "
        "source, reason, actor, changed_at, created_at) VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, "
        "'confirmed', 'direct', 'booked', 'test', $8, $8)",
        booking,
        other,
        person,
        member,
        shop.cut,
        first,
        last,
        now,
    )
    if how == "cancelled":
        await tx.execute("UPDATE slots SET status = 'cancelled' WHERE id = $1", other)
        await tx.execute(
            "UPDATE bookings SET status = 'cancelled', cancelled_at = $2 WHERE id = $1", booking, now
        )


async def ended_entry(tx: Tx, shop: Shop, person: UUID, now: datetime) -> UUID:
    """A wish of theirs that they have taken back."""
    entry_id = new_id()
    await insert_entry(tx, shop, Entry(status="cancelled"), entry_id, person, now, now + timedelta(days=9))
    return entry_id


async def other_entry(tx: Tx, shop: Shop, person: UUID, member: UUID, now: datetime) -> UUID:
    """A wish for that staff member alone, notified."""
    entry_id = new_id()
    await tx.execute(
        "INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, staff_id, earliest, latest, status, "
        "joined_at, reason, actor, changed_at) VALUES (current_tenant(), $1, $2, $3, $4, $5, "
        "$5::timestamptz + interval '9 days', 'waiting', $5, 't', 't', $5)",
        entry_id,
        person,
        shop.cut,
        member,
        now,
    )
    await tx.execute("UPDATE waitlist_entries SET status = 'notified' WHERE id = $1", entry_id)
    return entry_id
