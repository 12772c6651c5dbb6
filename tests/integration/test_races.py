"""Everything at the same moment, on real connections: one wins, the others are told so, nothing is left half done."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from pgqueuer.core.qm import QueueManager

from standby.bookings import bookings
from standby.database.pool import WORKER, Tx, connect
from standby.errors import (
    EntryEnded,
    EntryNotNotified,
    SlotHasAppointment,
    SlotTaken,
    TooManyBookings,
    WaitlistLimitExceeded,
)
from standby.jobs.handlers import handlers
from standby.jobs.queue import build_queue, run_queue
from standby.jobs.queues import FILL, SEND
from standby.tenants import tenants
from standby.tenants.customers import Person
from standby.waitlist import cascade, entries, offers, slots
from standby.waitlist.cascade import NotOpen, Offered, Unfilled
from standby.waitlist.entries import Joined
from standby.waitlist.offers import Accepted, Declined, Over
from tests.salon import Clock, Shop, at_once, open_shop, open_system, waiting

CONNECTIONS = 201  # two hundred customers, and who holds them back
LOOSE_RATE = {"messages_per_minute": 1_000_000, "messages_per_day": 1_000_000}

CROWD = """
WITH person AS (
    INSERT INTO customers (tenant_id, id, name, phone, channels, created_at)
    SELECT current_tenant(), gen_random_uuid(), 'Customer ' || n, '+47' || n, '{sms}', $2
    FROM unnest($1::text[]) AS n
    RETURNING id
)
INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, earliest, latest, status, joined_at, reason,
                              actor, changed_at)
SELECT current_tenant(), gen_random_uuid(), id, $3, $2, $2::timestamptz + interval '60 days', 'waiting', $2, 'joined',
       'test', $2
FROM person
RETURNING id
"""

OPEN_SLOTS = """
INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                   created_at)
SELECT current_tenant(), gen_random_uuid(), $2, $3, starts_at, starts_at + interval '45 minutes', 'open', 'created',
       'test', $4, $4
FROM unnest($1::timestamptz[]) AS starts_at
RETURNING id
"""

# A batch: everybody on the list has an open offer of the one slot, and has been told.
OFFER_TO_ALL = """
WITH entry AS (
    UPDATE waitlist_entries SET status = 'notified', changed_at = $2 WHERE status = 'waiting' RETURNING *
), offer AS (
    INSERT INTO offers (tenant_id, id, slot_id, entry_id, customer_id, status, exclusive, score, breakdown,
                        window_seconds, reminder_lead_seconds, cooldown_seconds, max_misses, offered_at, sent_at,
                        expires_at, remind_at, reason, actor, changed_at)
    SELECT tenant_id, gen_random_uuid(), $1, id, customer_id, 'pending', false, 45, '{}', 900, 600, 3600, 3, $2, $2,
           $2::timestamptz + interval '15 minutes', $2::timestamptz + interval '5 minutes', 'offered', 'test', $2
    FROM entry
    RETURNING *
), slot AS (
    UPDATE slots SET status = 'held', hold_expires_at = $2::timestamptz + interval '15 minutes', changed_at = $2
    WHERE id = $1 RETURNING id
), message AS (
    INSERT INTO messages (tenant_id, id, customer_id, offer_id, slot_id, kind, dedupe_key, status, channels, sent_at,
                          created_at)
    SELECT tenant_id, gen_random_uuid(), customer_id, id, slot_id, 'offer', 'offer_' || id || '-available', 'sent',
           '{sms}', $2, $2
    FROM offer
    RETURNING id
)
SELECT offer.id FROM offer, slot WHERE (SELECT count(*) FROM message) > 0
"""


@pytest.fixture
async def shop(database_url: str, clock: Clock) -> AsyncIterator[Shop]:
    """A salon with as many connections as a race needs, whose rate of messages is in nobody's way."""
    async with open_system(database_url, clock, pool_size=CONNECTIONS) as parts:
        shop = await open_shop(parts, clock)
        async with shop.transaction() as tx:
            await tenants.set_policy(tx, None, LOOSE_RATE)
        yield shop


async def crowd(shop: Shop, size: int) -> list[UUID]:
    """The entries of so many new people, who wait for a cut by anyone."""
    numbers = [shop.phone().removeprefix("+47") for _ in range(size)]
    return [row["id"] for row in await shop.all(CROWD, numbers, shop.clock(), shop.cut)]


async def open_slots(shop: Shop, many: int, *, staff: UUID | None = None) -> list[UUID]:
    """So many open slots of one staff member, an hour apart, that nothing has begun to fill."""
    taken = len(await shop.all("SELECT FROM slots"))
    starts = [shop.clock() + timedelta(hours=24 + taken + number) for number in range(many)]
    return [
        row["id"] for row in await shop.all(OPEN_SLOTS, starts, staff or shop.kim, shop.cut, shop.clock())
    ]


async def analyze(shop: Shop) -> None:
    """What autovacuum does within a minute: lets the planner know that there are many rows now."""
    owner = await asyncpg.connect(shop.system.url)
    try:
        await owner.execute("ANALYZE")
    finally:
        await owner.close()


async def open_offers(shop: Shop, many: int) -> list[Offered]:
    """So many slots, each offered to somebody of their own, who has been told."""
    await crowd(shop, many)
    offered = [await fill(shop, slot) for slot in await open_slots(shop, many)]
    await shop.run_jobs()
    return [one for one in offered if isinstance(one, Offered)]


async def fill(shop: Shop, slot: UUID) -> Any:
    async with shop.transaction() as tx:
        return await cascade.fill(tx, slot, now=shop.clock())


async def accept(shop: Shop, offer: UUID, *, now: datetime | None = None) -> Any:
    async with shop.transaction() as tx:
        return await offers.accept(tx, offer, now=now or shop.clock(), actor="customer")


async def decline(shop: Shop, offer: UUID) -> Any:
    async with shop.transaction() as tx:
        return await offers.decline(tx, offer, now=shop.clock(), actor="customer")


async def statuses(shop: Shop, table: str) -> Counter[str]:
    return Counter(row["status"] for row in await shop.all(f'SELECT status FROM "{table}"'))  # noqa: S608


def kind_of(result: Any) -> Any:
    """An outcome as it can be counted: a value's own word, or its class (an exception's too)."""
    match result:
        case Accepted(again=again):
            return "accepted again" if again else "accepted"
        case Over(why):
            return why
        case UUID():
            return UUID
        case _:
            return type(result)


def by_kind(results: list[Any]) -> Counter[Any]:
    return Counter(map(kind_of, results))


async def pairs_of(shop: Shop, other: Callable[[Offered], Awaitable[Any]]) -> Counter[tuple[Any, Any]]:
    """Lets each of 40 offers be accepted while something else happens to it; counts the pairs of outcomes."""

    async def look_and_accept(offer: Offered, looks: int) -> Any:
        for _ in range(looks):  # How long somebody reads decides who comes first.
            async with shop.transaction() as tx:
                await offers.show(tx, offer.offer_id)
        return await accept(shop, offer.offer_id)

    open_now = await open_offers(shop, 40)
    results = await at_once(
        *(look_and_accept(offer, looks % 8) for looks, offer in enumerate(open_now)),
        *(other(offer) for offer in open_now),
    )
    await shop.run_jobs()
    assert await shop.broken() == []
    return Counter(zip(map(kind_of, results[:40]), map(kind_of, results[40:]), strict=True))


async def test_two_hundred_customers_accept_one_slot_at_once_and_only_one_is_booked(shop: Shop) -> None:
    people = await crowd(shop, 200)
    [slot] = await open_slots(shop, 1)
    open_now = [row["id"] for row in await shop.all(OFFER_TO_ALL, slot, shop.clock())]
    assert len(open_now) == len(people) == 200

    # Another session holds the slot until all of them stand before it, each on a connection of its own.
    async with shop.system.worker_pool.acquire() as watching:
        async with shop.transaction() as gate:
            await gate.execute("SELECT FROM slots WHERE id = $1 FOR UPDATE", slot)
            accepting = [asyncio.create_task(accept(shop, offer)) for offer in open_now]
            await asyncio.wait_for(waiting(watching, 200), 60)
        results = await asyncio.gather(*accepting)

    assert by_kind(results) == {"accepted": 1, "taken": 199}
    assert await shop.status_of("slots", slot) == "booked"
    assert await statuses(shop, "bookings") == {"confirmed": 1}
    assert await statuses(shop, "offers") == {"accepted": 1, "withdrawn": 199}
    assert await statuses(shop, "waitlist_entries") == {"booked": 1, "waiting": 199}
    [winner] = [
        offer for offer, result in zip(open_now, results, strict=True) if isinstance(result, Accepted)
    ]
    booked = await shop.one(
        "SELECT b.customer_id, o.customer_id AS winner, e.booking_id = b.id AS linked FROM bookings b "
        "JOIN offers o ON o.booking_id = b.id JOIN waitlist_entries e ON e.id = o.entry_id WHERE o.id = $1",
        winner,
    )
    assert booked["customer_id"] == booked["winner"]
    assert booked["linked"]
    await shop.run_jobs()
    assert Counter(one.message.kind for one in shop.messages()) == {"booked": 1, "too_late": 199}
    assert await shop.broken() == []


async def test_a_hundred_taps_on_one_link_make_one_booking(shop: Shop) -> None:
    [offer] = await open_offers(shop, 1)
    results = await at_once(*(accept(shop, offer.offer_id) for _ in range(100)))
    assert by_kind(results) == {"accepted": 1, "accepted again": 99}
    assert len({result.booking_id for result in results}) == 1
    await shop.run_jobs()
    assert Counter(one.message.kind for one in shop.messages()) == {"offer": 1, "booked": 1}
    assert await shop.broken() == []


async def test_slots_freed_at_once_never_take_the_same_person(shop: Shop) -> None:
    for _ in range(15):
        people = set(await crowd(shop, 4))
        freed = [*await open_slots(shop, 4), *await open_slots(shop, 4, staff=shop.alex)]
        results = await at_once(*(fill(shop, slot) for slot in freed))
        assert by_kind(results) == {Offered: 4, Unfilled: 4}
        assert {one.entry_id for one in results if isinstance(one, Offered)} == people
    assert await shop.broken() == []


async def test_one_slot_filled_many_times_at_once_makes_one_offer(shop: Shop) -> None:
    await crowd(shop, 5)
    for slot in await open_slots(shop, 5):
        results = await at_once(*(fill(shop, slot) for _ in range(20)))
        assert by_kind(results) == {Offered: 1, NotOpen: 19}
    assert await shop.broken() == []


async def test_one_person_on_the_list_twice_is_offered_one_of_two_slots_at_the_same_time(shop: Shop) -> None:
    phone = shop.phone()
    await shop.join(phone=phone, staff_id=shop.kim)
    await shop.join(phone=phone, staff_id=shop.alex)
    for _ in range(10):
        at = shop.clock() + timedelta(days=1)
        pair = [
            (await shop.one(OPEN_SLOTS, [at], staff, shop.cut, shop.clock()))["id"]
            for staff in (shop.kim, shop.alex)
        ]
        results = await at_once(*(fill(shop, slot) for slot in pair))
        assert by_kind(results) == {Offered: 1, Unfilled: 1}
        async with shop.transaction() as tx:
            for slot in pair:
                await slots.take_back(tx, slot, now=shop.clock(), reason="again", actor="test")


async def test_twenty_workers_on_one_queue_make_one_offer_per_slot_and_send_each_once(shop: Shop) -> None:
    before = len(await open_offers(shop, 50))
    await crowd(shop, 500)
    freed = [*await open_slots(shop, 250), *await open_slots(shop, 250, staff=shop.alex)]
    await analyze(shop)
    shop.system.phones.messages.clear()
    async with shop.transaction() as tx:
        await tx.execute("SELECT enqueue($1, slot, 10) FROM unnest($2::uuid[]) AS slot", FILL, freed)

    async with AsyncExitStack() as opened:
        managers = [await opened.enter_async_context(worker(shop, f"worker {n}")) for n in range(20)]
        working = [asyncio.create_task(run_queue(manager)) for manager in managers]
        while len(shop.messages()) < 500:
            await shop.system.phones.next_arrival()
        for manager in managers:
            manager.shutdown.set()
        await asyncio.gather(*working)
    await shop.run_jobs()

    assert await statuses(shop, "slots") == {"held": before + 500}
    assert await statuses(shop, "waitlist_entries") == {"notified": before + 500}
    assert await statuses(shop, "messages") == {"sent": before + 500}
    offered = await shop.all("SELECT slot_id, entry_id FROM offers WHERE slot_id = ANY ($1)", freed)
    assert {row["slot_id"] for row in offered} == set(freed)
    assert len({row["entry_id"] for row in offered}) == len(offered) == 500
    assert set(Counter(one.message.to for one in shop.messages()).values()) == {1}
    assert len(shop.messages()) == 500
    assert await shop.broken() == []


@asynccontextmanager
async def worker(shop: Shop, name: str) -> AsyncIterator[QueueManager]:
    """A worker as a process of its own has it: its own pools and delivery. It sends to the shop's phones."""
    async with (
        open_system(shop.system.url, shop.clock, channels=shop.system.channels, pool_size=2) as parts,
        connect(shop.system.url, role=WORKER, name=name) as connection,
    ):
        yield build_queue(
            connection,
            handlers(parts.pool, parts.delivery, parts.clock, parts.calendars, parts.webhooks, parts.mailing),
        )


async def test_a_message_asked_for_by_many_jobs_is_sent_once(shop: Shop) -> None:
    await crowd(shop, 20)
    for slot in await open_slots(shop, 20):
        await fill(shop, slot)
    async with shop.transaction() as tx:
        await tx.execute("SELECT enqueue($1, id, 10) FROM messages, generate_series(1, 10)", SEND)
    await at_once(*(shop.run_jobs() for _ in range(5)))
    assert set(Counter(one.message.to for one in shop.messages()).values()) == {1}
    assert len(shop.messages()) == 20
    assert await shop.broken() == []


async def test_joining_in_parallel_never_exceeds_three_entries_for_one_phone(shop: Shop) -> None:
    wishes: list[dict[str, Any]] = [
        {"service_id": service, "staff_id": staff}
        for service, staff in (
            (shop.cut, None),
            (shop.cut, shop.kim),
            (shop.cut, shop.alex),
            (shop.colour, None),
            (shop.colour, shop.kim),
        )
    ]
    phone = shop.phone()
    results = await at_once(*(shop.join(phone=phone, **wish) for wish in wishes * 6))

    refused = [result for result in results if isinstance(result, WaitlistLimitExceeded)]
    joined = [result for result in results if isinstance(result, Joined)]
    assert len(refused) + len(joined) == 30
    assert sum(not one.again for one in joined) == len({one.entry_id for one in joined}) == 3
    assert {(error.details["current_count"], error.details["phone"]) for error in refused} == {(3, phone)}
    assert await statuses(shop, "waitlist_entries") == {"waiting": 3}
    assert len(await shop.all("SELECT FROM customers")) == 1


async def test_who_books_for_themselves_with_two_at_once_has_no_more_appointments_than_they_may(
    shop: Shop,
) -> None:
    """With two staff members, so that it is the customer alone whom one waits for."""
    person = Person("Kari", shop.phone(), themselves=True)

    async def book(tx: Tx, staff: UUID, day: int) -> UUID:
        at = shop.clock() + timedelta(days=day)
        return await bookings.create(tx, person, staff, shop.cut, at, now=shop.clock(), actor="customer")

    async def another() -> UUID:
        async with shop.transaction() as tx:
            return await book(tx, shop.alex, 3)

    async with shop.transaction() as tx:
        await book(tx, shop.kim, 1)
        await book(tx, shop.kim, 2)
    async with shop.system.worker_pool.acquire() as watching, shop.transaction() as tx:
        await book(tx, shop.kim, 3)
        second = asyncio.create_task(another())
        await asyncio.wait_for(waiting(watching, 1), 60)
    with pytest.raises(TooManyBookings):
        await second
    assert len(await shop.all("SELECT FROM bookings")) == 3


async def test_the_same_wish_in_parallel_gives_one_entry(shop: Shop) -> None:
    phone = shop.phone()
    results = await at_once(*(shop.join(phone=phone) for _ in range(30)))
    assert by_kind(results) == {Joined: 30}
    assert len({one.entry_id for one in results}) == 1
    assert sum(not one.again for one in results) == 1


async def test_coming_back_in_parallel_gives_one_entry(shop: Shop) -> None:
    [expired] = await crowd(shop, 1)
    await shop.all("UPDATE waitlist_entries SET status = 'expired', ended_at = $1 RETURNING id", shop.clock())

    async def rejoin() -> UUID:
        async with shop.transaction() as tx:
            return await entries.rejoin(tx, expired, now=shop.clock(), actor="customer")

    results = await at_once(*(rejoin() for _ in range(20)))
    assert by_kind(results) == {UUID: 20}
    assert len(set(results)) == 1
    assert await statuses(shop, "waitlist_entries") == {"expired": 1, "waiting": 1}


async def test_one_time_booked_by_many_at_once_goes_to_one(shop: Shop) -> None:
    for day in range(1, 6):
        at = shop.clock() + timedelta(days=day)
        # Half of them a little later: they overlap without being equal.
        results = await at_once(*(shop.book(at=at + timedelta(minutes=20 * (n % 2))) for n in range(16)))
        won = [result for result in results if isinstance(result, UUID)]
        lost = [result for result in results if isinstance(result, SlotTaken)]
        assert (len(won), len(lost)) == (1, 15), by_kind(results)
    assert await statuses(shop, "bookings") == {"confirmed": 5}
    assert await shop.broken() == []


async def test_one_time_opened_by_many_at_once_is_one_slot(shop: Shop) -> None:
    async def create(at: datetime) -> UUID:
        async with shop.transaction() as tx:
            opening = await slots.create(tx, shop.kim, shop.cut, at, None, now=shop.clock(), actor="test")
        return opening.slot_id

    at = shop.clock() + timedelta(days=1)
    results = await at_once(*(create(at + timedelta(minutes=20 * (n % 2))) for n in range(16)))
    won = [result for result in results if isinstance(result, UUID)]
    lost = [result for result in results if isinstance(result, SlotTaken)]
    assert (len(won), len(lost)) == (1, 15), by_kind(results)


async def test_a_direct_booking_and_a_fill_of_the_same_time_never_both_win(shop: Shop) -> None:
    await crowd(shop, 24)
    freed = await open_slots(shop, 24)

    async def book_over(slot: UUID) -> UUID:
        async with shop.transaction() as tx:
            row = await slots.find(tx, slot)
        return await shop.book(at=row["starts_at"] + timedelta(minutes=10))

    async def fill_by_job(slot: UUID) -> Any:
        work = handlers(
            shop.system.pool,
            shop.system.delivery,
            shop.clock,
            shop.system.calendars,
            shop.system.webhooks,
            shop.system.mailing,
        )
        return await work[FILL](shop.salon.id, slot)

    both = [work(slot) for slot in freed for work in (book_over, fill_by_job)]
    results = await at_once(*both)
    assert set(by_kind(results)) <= {UUID, SlotTaken, type(None)}
    for slot, booked in zip(freed, results[::2], strict=True):
        expected = "held" if isinstance(booked, SlotTaken) else "cancelled"
        assert await shop.status_of("slots", slot) == expected
    overlaps = await shop.all(
        "SELECT FROM slots one JOIN slots other ON other.staff_id = one.staff_id AND other.id > one.id "
        "AND other.starts_at < one.ends_at AND other.ends_at > one.starts_at "
        "WHERE one.status IN ('held', 'booked') AND other.status IN ('held', 'booked')"
    )
    assert overlaps == []
    assert await shop.broken() == []


async def test_a_booking_that_is_cancelled_twice_at_once_frees_one_slot(shop: Shop) -> None:
    booking = await shop.book()

    async def cancel() -> Any:
        async with shop.transaction() as tx:
            return await bookings.cancel(tx, booking, now=shop.clock(), reason="ill", actor="test")

    results = await at_once(*(cancel() for _ in range(20)))
    assert sum(isinstance(result, bookings.Freed) for result in results) == 1
    assert await statuses(shop, "slots") == {"cancelled": 1, "open": 1}
    await shop.run_jobs()
    assert await shop.broken() == []


async def test_an_accept_and_a_decline_at_once_agree_on_the_outcome(shop: Shop) -> None:
    outcomes = await pairs_of(shop, lambda offer: decline(shop, offer.offer_id))
    assert set(outcomes) == {("accepted", "accepted"), ("declined", Declined)}


async def test_an_accept_at_the_last_moment_and_the_timer_agree_on_the_outcome(shop: Shop) -> None:
    open_now = await open_offers(shop, 60)
    last_moment = shop.clock() + timedelta(minutes=15, milliseconds=-1)
    shop.clock.forward(minutes=15)

    async def timer() -> None:
        async with shop.system.worker_pool.acquire() as connection:
            while await connection.fetchval("SELECT taken FROM expire_due_offers($1)", shop.clock()):
                pass

    taps = [accept(shop, offer.offer_id, now=last_moment) for offer in open_now]
    results = await at_once(*taps[:30], timer(), timer(), *taps[30:])
    answers = [*results[:30], *results[32:]]
    assert set(by_kind(answers)) <= {"accepted", "expired"}
    await timer()
    accepted = by_kind(answers)["accepted"]
    assert await statuses(shop, "bookings") == ({"confirmed": accepted} if accepted else {})
    for offer, answer in zip(open_now, answers, strict=True):
        won = isinstance(answer, Accepted)
        assert await shop.status_of("offers", offer.offer_id) == ("accepted" if won else "expired")
        assert await shop.status_of("waitlist_entries", offer.entry_id) == ("booked" if won else "cooldown")
    await shop.run_jobs()
    assert await shop.broken() == []


async def test_accepts_and_the_reminders_of_their_offers_at_once_wait_for_each_other_in_one_order(
    shop: Shop,
) -> None:
    for _ in range(4):
        open_now = await open_offers(shop, 60)
        due = shop.clock.forward(minutes=5)
        remind = "SELECT taken FROM remind_due_offers($1)"
        results = await at_once(
            *(accept(shop, one.offer_id) for one in open_now),
            *(shop.system.worker_pool.fetchval(remind, due) for _ in range(4)),
        )
        assert by_kind(results[:60]) == {"accepted": 60}
        assert all(isinstance(taken, int) for taken in results[60:]), results[60:]
        await shop.run_jobs()
    assert await shop.broken() == []


async def test_an_accept_and_a_take_back_at_once_agree_on_the_outcome(shop: Shop) -> None:
    async def take_back(offer: Offered) -> str:
        async with shop.transaction() as tx:
            slot = await tx.fetchval("SELECT slot_id FROM offers WHERE id = $1", offer.offer_id)
            await slots.take_back(tx, slot, now=shop.clock(), reason="ill", actor="test")
        return "taken back"

    outcomes = await pairs_of(shop, take_back)
    assert set(outcomes) == {("accepted", SlotHasAppointment), ("withdrawn", str)}
    waiting = outcomes["withdrawn", str]
    assert await statuses(shop, "waitlist_entries") == {"booked": 40 - waiting, "waiting": waiting}
    assert await statuses(shop, "slots") == {"booked": 40 - waiting, "cancelled": waiting}


async def test_an_accept_and_leaving_the_list_at_once_agree_on_the_outcome(shop: Shop) -> None:
    async def leave(offer: Offered) -> str:
        async with shop.transaction() as tx:
            await entries.leave(tx, offer.entry_id, now=shop.clock(), reason="moved", actor="customer")
        return "left"

    outcomes = await pairs_of(shop, leave)
    assert set(outcomes) == {("accepted", EntryEnded), ("withdrawn", str)}
    left = outcomes["withdrawn", str]
    assert await statuses(shop, "waitlist_entries") == {"booked": 40 - left, "cancelled": left}
    assert await statuses(shop, "slots") == {"booked": 40 - left, "open": left}


async def test_an_accept_and_a_conversion_at_once_make_one_booking(shop: Shop) -> None:
    async def convert(offer: Offered) -> Any:
        async with shop.transaction() as tx:
            return await entries.convert(tx, offer.entry_id, now=shop.clock(), actor="staff")

    outcomes = await pairs_of(shop, convert)
    assert set(outcomes) <= {
        ("accepted", EntryNotNotified),
        ("accepted", "accepted again"),
        ("accepted again", "accepted"),
    }
    assert await statuses(shop, "bookings") == {"confirmed": 40}


async def test_leaving_while_being_offered_a_slot_leaves_no_offer_behind(shop: Shop) -> None:
    people = await crowd(shop, 40)
    freed = await open_slots(shop, 40)

    async def leave(entry: UUID) -> None:
        async with shop.transaction() as tx:
            await entries.leave(tx, entry, now=shop.clock(), reason="moved", actor="customer")

    work = [one for pair in zip(freed, people, strict=True) for one in pair]
    results = await at_once(
        *(fill(shop, one) if number % 2 == 0 else leave(one) for number, one in enumerate(work))
    )
    assert set(by_kind(results)) <= {Offered, Unfilled, type(None)}
    assert await statuses(shop, "waitlist_entries") == {"cancelled": 40}
    await shop.run_jobs()
    assert await statuses(shop, "slots") == {"open": 40}
    assert await shop.broken() == []


async def test_all_at_once_for_many_rounds_breaks_no_promise(shop: Shop) -> None:
    """Timers, workers, customers and staff together; whatever each is told, the state adds up."""
    for _ in range(3):
        open_now = await open_offers(shop, 8)
        shop.clock.forward(minutes=16)
        before = shop.clock() - timedelta(minutes=2)

        async def leave(offer: Offered) -> None:
            async with shop.transaction() as tx:
                await entries.leave(tx, offer.entry_id, now=shop.clock(), reason="moved", actor="customer")

        work: list[Awaitable[Any]] = [shop.pass_time(), shop.pass_time(), shop.pass_time()]
        for number, offer in enumerate(open_now):
            work.append(accept(shop, offer.offer_id, now=before))
            work.append(leave(offer) if number % 3 == 0 else accept(shop, offer.offer_id, now=before))
            work.append(shop.join(f"Late {number}"))
        results = await at_once(*work)
        allowed = {"accepted", "accepted again", "expired", "withdrawn", type(None), EntryEnded, Joined}
        assert set(by_kind(results)) <= allowed
        await shop.run_jobs()
        assert await shop.broken() == []


async def test_a_crowd_of_strangers_books_and_joins_at_once(shop: Shop) -> None:
    """One person's booking and another's wish never wait for each other in a circle."""
    people = [Person(f"Customer {n}", shop.phone()) for n in range(10)]

    async def book(person: Person, hour: int) -> UUID:
        async with shop.transaction() as tx:
            at = shop.clock() + timedelta(hours=24 + hour)
            return await bookings.create(tx, person, shop.kim, shop.cut, at, now=shop.clock(), actor="test")

    work: list[Awaitable[Any]] = []
    for hour in range(6):
        for person in people:
            assert person.phone
            work.append(book(person, hour))
            work.append(shop.join(person.name, phone=person.phone))
    results = await at_once(*work)
    assert by_kind(results) == {UUID: 6, SlotTaken: 54, Joined: 60}
    assert await statuses(shop, "waitlist_entries") == {"waiting": 10}
    assert len(await shop.all("SELECT FROM customers")) == 10


async def test_two_batches_that_close_channels_of_the_same_people_do_not_wait_in_a_circle(shop: Shop) -> None:
    for name in ("Ida", "Kim", "Ola"):
        await shop.join(name)
    people = [row["id"] for row in await shop.all("SELECT id FROM customers ORDER BY id")]
    lease, now, pool = uuid4(), shop.clock(), shop.system.worker_pool
    batches = [sorted(uuid4() for _ in people) for _ in range(2)]
    async with shop.transaction() as tx:
        for batch, order in zip(batches, (people, people[::-1]), strict=True):
            for message_id, customer_id in zip(batch, order, strict=True):
                await tx.execute(
                    "INSERT INTO messages (tenant_id, id, customer_id, kind, dedupe_key, status, channels, channel,"
                    " attempts, rate_granted, lease_id, lease_expires_at, created_at)"
                    " VALUES (current_tenant(), $1, $2, 'help', $1::uuid::text, 'sending', '{whatsapp,sms}',"
                    " 'whatsapp', 1, true, $3, $4::timestamptz + interval '1 minute', $4)",
                    message_id, customer_id, lease, now,
                )  # fmt: skip

    async def record(batch: list[UUID]) -> None:
        many = len(batch)
        await pool.execute(
            "SELECT record_outcomes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [shop.salon.id] * many, batch, [lease] * many, ["opted_out"] * many, ["whatsapp"] * many,
            [None] * many, [""] * many, [None] * many, [now] * many, [1] * many,
        )  # fmt: skip

    async with shop.transaction() as holding:
        await holding.execute("SELECT FROM customers WHERE id = $1 FOR NO KEY UPDATE", people[1])
        recording = [asyncio.create_task(record(batch)) for batch in batches]
        async with pool.acquire() as watching:
            await waiting(watching, 2)
    assert await at_once(*recording) == [None, None]
    assert await shop.all("SELECT FROM customers WHERE 'whatsapp' = ANY (channels)") == []


async def test_renewing_leases_waits_for_nothing_that_is_being_recorded(shop: Shop) -> None:
    """Whoever records takes messages in their salons' order, whoever renews in any: waiting would be a circle."""
    await shop.join("Ida")
    [customer_id] = [row["id"] for row in await shop.all("SELECT id FROM customers")]
    lease, now, pool = uuid4(), shop.clock(), shop.system.worker_pool
    recorded, sending = uuid4(), uuid4()
    async with shop.transaction() as tx:
        for message_id in (recorded, sending):
            await tx.execute(
                "INSERT INTO messages (tenant_id, id, customer_id, kind, dedupe_key, status, channels, channel,"
                " attempts, rate_granted, lease_id, lease_expires_at, created_at)"
                " VALUES (current_tenant(), $1, $2, 'help', $1::uuid::text, 'sending', '{whatsapp,sms}',"
                " 'whatsapp', 1, true, $3, $4::timestamptz + interval '1 minute', $4)",
                message_id, customer_id, lease, now,
            )  # fmt: skip
    later = now + timedelta(minutes=5)
    async with shop.transaction() as recording:
        await recording.execute("SELECT FROM messages WHERE id = $1 FOR UPDATE", recorded)
        await asyncio.wait_for(
            pool.execute(
                "SELECT renew_leases($1, $2, $3, $4)",
                [shop.salon.id] * 2, [recorded, sending], [lease] * 2, later,
            ),
            timeout=10,
        )  # fmt: skip
    rows = await shop.all("SELECT id, lease_expires_at FROM messages")
    assert {row["id"]: row["lease_expires_at"] for row in rows} == {
        recorded: now + timedelta(minutes=1),
        sending: later,
    }
