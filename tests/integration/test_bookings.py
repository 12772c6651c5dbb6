"""Bookings: made, cancelled, listed, and what a cancellation sets free."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

import pytest

from standby.bookings import bookings
from standby.errors import BookingNotConfirmed, BookingNotFound, Invalid, OutsideBusinessHours, SlotTaken
from standby.jobs.reconcile import heal
from standby.tenants import catalog, tenants
from standby.tenants.customers import Person
from standby.tenants.opening_hours import Hours
from standby.waitlist import entries, history, offers, slots
from standby.waitlist.times import FARTHEST, Time
from standby.wiring import System
from tests.conftest import Server
from tests.salon import Clock, Shop, open_shop, open_system


@pytest.fixture(scope="module")
async def one_database(server: Server, migrated: str) -> AsyncIterator[System]:
    async with server.database(template=migrated) as url, open_system(url, Clock()) as parts:
        yield parts


@pytest.fixture
async def salon(one_database: System, clock: Clock) -> Shop:
    """A salon whose rules are looked at; nothing works its queue."""
    return await open_shop(one_database, clock, slug=f"salon-{token_hex(4)}")


async def cancel(shop: Shop, booking_id: UUID) -> bookings.Freed:
    async with shop.transaction() as tx:
        return await bookings.cancel(tx, booking_id, now=shop.clock(), reason="ill", actor="Kim")


async def test_a_booking_and_the_slot_that_guards_its_time_are_one(salon: Shop) -> None:
    starts_at = salon.clock() + timedelta(days=1)
    booking = await salon.book(at=starts_at)
    row = await salon.one(
        "SELECT b.*, s.status AS slot, s.starts_at = b.starts_at AND s.ends_at = b.ends_at "
        "AND s.staff_id = b.staff_id AND s.service_id = b.service_id AS same "
        "FROM bookings b JOIN slots s ON s.id = b.slot_id WHERE b.id = $1",
        booking,
    )
    assert (row["status"], row["slot"], row["same"]) == ("confirmed", "booked", True)
    assert (row["starts_at"], row["ends_at"]) == (starts_at, starts_at + timedelta(minutes=45))
    assert (row["source"], row["actor"], row["created_at"]) == ("direct", "test", salon.clock())


async def test_every_problem_of_a_booking_is_told_at_once(salon: Shop) -> None:
    with pytest.raises(Invalid) as refused:
        async with salon.transaction() as tx:
            await bookings.create(
                tx, Person("", "12"), uuid4(), uuid4(), salon.clock(), now=salon.clock(), actor="test"
            )
    assert [(one.field, one.code) for one in refused.value.problems] == [
        ("name", "invalid"),
        ("phone", "invalid"),
        ("service_id", "not_found"),
        ("staff_id", "not_found"),
        ("starts_at", "in_the_past"),
    ]
    assert await salon.all("SELECT FROM customers") == []


async def test_bookings_and_slots_are_at_most_two_years_ahead(salon: Shop) -> None:
    farthest = salon.clock() + FARTHEST
    booking = await salon.book(at=farthest)
    for too_far in (farthest + timedelta.resolution, datetime.max.replace(tzinfo=UTC)):
        for attempt in (salon.book(at=too_far), salon.change(booking, starts_at=too_far)):
            with pytest.raises(Invalid) as refused:
                await attempt
            assert [(one.field, one.code) for one in refused.value.problems] == [("starts_at", "too_far")]
        async with salon.transaction() as tx:
            with pytest.raises(Invalid):
                await slots.create(tx, salon.kim, salon.cut, too_far, None, now=salon.clock(), actor="test")


async def test_a_booking_lies_within_opening_hours(salon: Shop) -> None:
    async with salon.transaction() as tx:
        await catalog.set_hours(tx, [Hours(2, 540, 1020)])  # Tuesdays, 09:00 to 17:00
    with pytest.raises(OutsideBusinessHours) as refused:
        await salon.book(at=salon.clock() + timedelta(hours=3))
    assert set(refused.value.details) == {"starts_at", "ends_at", "staff_id", "service_id"}
    await salon.book(at=salon.clock() + timedelta(days=1))


async def test_a_booking_never_overlaps_another(salon: Shop) -> None:
    at = salon.clock() + timedelta(days=1)
    await salon.book(at=at)
    for minutes in (-44, 0, 44):
        with pytest.raises(SlotTaken):
            await salon.book(at=at + timedelta(minutes=minutes))
    await salon.book(at=at + timedelta(minutes=45))
    await salon.book(at=at, staff=salon.alex)


async def test_a_direct_booking_takes_the_open_slots_in_its_time(salon: Shop) -> None:
    at = salon.clock() + timedelta(days=1)
    before, taken, beside = [
        await salon.free_slot(at=at + timedelta(minutes=minutes)) for minutes in (-45, 0, 45)
    ]
    booking = await salon.book(at=at)
    assert await salon.status_of("bookings", booking) == "confirmed"
    row = await salon.one("SELECT status, reason FROM slots WHERE id = $1", taken)
    assert tuple(row) == ("cancelled", "booked_directly")
    assert [await salon.status_of("slots", slot) for slot in (before, beside)] == ["open", "open"]
    await salon.book(at=at - timedelta(minutes=75))  # Half an hour into the first one.
    assert await salon.status_of("slots", before) == "cancelled"


async def test_a_time_that_is_held_for_somebody_can_not_be_booked(shop: Shop) -> None:
    await shop.join()
    at = shop.clock() + timedelta(days=1)
    slot = await shop.free_slot(at=at)
    await shop.run_jobs()
    with pytest.raises(SlotTaken) as refused:
        await shop.book(at=at + timedelta(minutes=20))
    assert refused.value.details["slot_id"] == str(slot)
    assert await shop.status_of("slots", slot) == "held"


async def test_a_cancelled_booking_opens_its_time_anew(salon: Shop) -> None:
    await salon.join()
    phone = salon.phone()
    booking = await salon.book(phone=phone)
    before = await salon.one("SELECT * FROM bookings WHERE id = $1", booking)
    salon.clock.forward(minutes=5)
    cancelled = await cancel(salon, booking)
    assert cancelled.opening is not None
    assert (cancelled.opening.waiting, cancelled.opening.fill_at) == (1, None)
    row = await salon.one("SELECT * FROM bookings WHERE id = $1", booking)
    assert (row["status"], row["cancelled_at"], row["reason"]) == ("cancelled", salon.clock(), "ill")
    assert await salon.status_of("slots", before["slot_id"]) == "cancelled"
    new = await salon.one("SELECT * FROM slots WHERE id = $1", cancelled.opening.slot_id)
    assert (new["status"], new["reason"], new["freed_by_customer_id"]) == (
        "open",
        "booking_cancelled",
        before["customer_id"],
    )
    assert (new["staff_id"], new["service_id"]) == (before["staff_id"], before["service_id"])
    assert (new["starts_at"], new["ends_at"]) == (before["starts_at"], before["ends_at"])
    async with salon.transaction() as tx:
        story = await history.story_of(tx, booking)
    assert [(one.from_state, one.to_state, one.actor) for one in story] == [
        (None, "confirmed", "test"),
        ("confirmed", "cancelled", "Kim"),
    ]


async def test_a_booking_is_cancelled_once(salon: Shop) -> None:
    booking = await salon.book()
    await cancel(salon, booking)
    with pytest.raises(BookingNotConfirmed) as refused:
        await cancel(salon, booking)
    assert refused.value.details == {"status": "cancelled"}
    with pytest.raises(BookingNotFound):
        await cancel(salon, uuid4())
    assert len(await salon.all("SELECT FROM slots WHERE status = 'open'")) == 1


async def test_a_time_that_has_begun_is_offered_to_nobody(salon: Shop) -> None:
    booking = await salon.book(at=salon.clock() + timedelta(hours=1))
    salon.clock.forward(hours=1)
    assert await cancel(salon, booking) == bookings.Freed(booking, None, "start_passed")
    assert await salon.all("SELECT FROM slots WHERE status = 'open'") == []


CLOSURE = (
    "INSERT INTO closures (tenant_id, id, staff_id, starts_at, ends_at) "
    "VALUES (current_tenant(), gen_random_uuid(), $1, $2, $3) RETURNING id"
)


@pytest.mark.parametrize("why", ["staff_inactive", "service_inactive", "closed", "away"])
async def test_a_time_that_nobody_can_work_any_more_is_not_opened(salon: Shop, why: str) -> None:
    at = salon.clock() + timedelta(days=1)
    booking = await salon.book(at=at)
    last = at + timedelta(minutes=44)
    match why:
        case "staff_inactive":
            await salon.one("UPDATE staff SET active = false WHERE id = $1 RETURNING id", salon.kim)
        case "service_inactive":
            await salon.one("UPDATE services SET active = false WHERE id = $1 RETURNING id", salon.cut)
        case _:
            staff = salon.kim if why == "away" else None
            await salon.one(CLOSURE, staff, last, last + timedelta(hours=1))
    rule = "closed" if why == "away" else why
    assert await cancel(salon, booking) == bookings.Freed(booking, None, rule)
    assert await salon.status_of("bookings", booking) == "cancelled"
    assert await salon.all("SELECT FROM slots WHERE status = 'open'") == []


async def test_a_closure_beside_it_or_of_a_colleague_does_not_keep_a_time_from_opening(salon: Shop) -> None:
    at = salon.clock() + timedelta(days=1)
    booking = await salon.book(at=at)
    await salon.one(CLOSURE, salon.alex, at, at + timedelta(hours=1))
    await salon.one(CLOSURE, None, at + timedelta(minutes=45), at + timedelta(hours=2))
    assert (await cancel(salon, booking)).opening is not None


async def test_the_salons_grace_holds_for_a_cancellation(salon: Shop) -> None:
    async with salon.transaction() as tx:
        await tenants.set_policy(tx, None, {"grace_seconds": 120})
    cancelled = await cancel(salon, await salon.book())
    assert cancelled.opening is not None
    assert cancelled.opening.fill_at == salon.clock() + timedelta(minutes=2)


async def test_who_booked_from_the_list_and_cancels_makes_room_for_the_next(shop: Shop) -> None:
    first = await shop.join("First")
    second = await shop.join("Second")
    await shop.free_slot()
    await shop.run_jobs()
    offer = await shop.one("SELECT id FROM offers WHERE entry_id = $1", first.entry_id)
    async with shop.transaction() as tx:
        booked = await offers.accept(tx, offer["id"], now=shop.clock(), actor="customer")
    assert isinstance(booked, offers.Accepted)
    await cancel(shop, booked.booking_id)
    await shop.run_jobs()
    assert await shop.status_of("waitlist_entries", first.entry_id) == "booked"
    assert await shop.status_of("waitlist_entries", second.entry_id) == "notified"
    async with shop.transaction() as tx:
        view = await offers.show(tx, offer["id"])
    assert (view.status, view.booking_status) == ("accepted", "cancelled")
    assert await shop.broken() == []


async def test_a_fill_that_a_booking_overtook_gives_its_slot_up(shop: Shop) -> None:
    """The constraint has the last word: an open slot under a booked time is closed and nobody is disturbed."""
    joined = await shop.join()
    at = shop.clock() + timedelta(days=1)
    await shop.book(at=at)
    # As if it had been opened while the booking was being made.
    async with shop.transaction() as tx:
        opening = await slots.open_time(
            tx,
            Time(shop.kim, shop.cut, at + timedelta(minutes=30), at + timedelta(minutes=75)),
            now=shop.clock(),
            reason="test",
            actor="test",
        )
    await shop.run_jobs()
    assert await shop.status_of("slots", opening.slot_id) == "cancelled"
    assert await shop.status_of("waitlist_entries", joined.entry_id) == "waiting"
    assert list(shop.messages()) == []
    assert await shop.broken() == []


async def test_a_fill_that_meets_a_hold_leaves_its_slot_open_until_the_hold_ends(shop: Shop) -> None:
    first = await shop.join()
    at = shop.clock() + timedelta(days=1)
    held = await shop.free_slot(at=at)
    await shop.run_jobs()
    second = await shop.join("Second")
    async with shop.transaction() as tx:  # As if it had been opened while the hold was being made.
        opening = await slots.open_time(
            tx,
            Time(shop.kim, shop.cut, at + timedelta(minutes=30), at + timedelta(minutes=75)),
            now=shop.clock(),
            reason="test",
            actor="test",
        )
    await shop.run_jobs()
    row = await shop.one("SELECT status, unfilled_reason FROM slots WHERE id = $1", opening.slot_id)
    assert tuple(row) == ("open", "time_held")
    with pytest.raises(SlotTaken):
        async with shop.transaction() as tx:
            await entries.notify(tx, second.entry_id, opening.slot_id, now=shop.clock(), actor="staff")
    async with shop.transaction() as tx:
        await slots.take_back(tx, held, now=shop.clock(), reason="ill", actor="Kim")
    shop.clock.forward(seconds=31)
    await heal(shop.system.worker_pool, now=shop.clock())
    await shop.run_jobs()
    assert await shop.status_of("slots", opening.slot_id) == "held"
    assert await shop.status_of("waitlist_entries", first.entry_id) == "notified"
    assert await shop.broken() == []


async def test_bookings_are_listed_by_start_and_the_next_page_goes_on(salon: Shop) -> None:
    tomorrow = salon.clock() + timedelta(days=1)
    third = await salon.book(at=tomorrow + timedelta(hours=2))
    first = await salon.book(at=tomorrow)
    alex = await salon.book(at=tomorrow, staff=salon.alex)
    fourth = await salon.book(at=tomorrow + timedelta(days=1))
    await cancel(salon, fourth)

    async def page(after: tuple[datetime, UUID] | None = None, limit: int = 9, **asked: Any) -> list[UUID]:
        async with salon.transaction() as tx:
            rows = await bookings.page(tx, bookings.Filter(**asked), after=after, limit=limit)
        return [row["id"] for row in rows]

    assert await page() == [*sorted([first, alex]), third, fourth]
    assert await page(staff_id=salon.alex) == [alex]
    assert await page(status="cancelled") == [fourth]
    assert await page(
        starts_from=tomorrow + timedelta(hours=1), starts_before=tomorrow + timedelta(days=1)
    ) == [third]
    cursor: tuple[datetime, UUID] = (tomorrow, min(first, alex))
    assert await page(after=cursor, limit=2) == [max(first, alex), third]
