"""Slots: when a time may be offered, who may not have it, and what becomes of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

import pytest

from standby.database.pool import new_id
from standby.errors import (
    Invalid,
    OutsideBusinessHours,
    SlotHasAppointment,
    SlotNotFound,
    SlotNotOpen,
    SlotTaken,
)
from standby.tenants import catalog, tenants
from standby.tenants.opening_hours import Hours
from standby.waitlist import offers, slots
from standby.waitlist.slots import Opening
from standby.waitlist.times import Time
from standby.wiring import System
from tests.conftest import Server
from tests.salon import Clock, Shop, open_shop, open_system

# In Oslo the clock goes from 02:00 to 03:00 on the one Sunday, and from 03:00 back to 02:00 on the other.
SPRING = datetime(2027, 3, 27, 23, tzinfo=UTC)  # midnight there, at +01:00
AUTUMN = datetime(2027, 10, 30, 22, tzinfo=UTC)  # midnight there, at +02:00


@pytest.fixture(scope="module")
async def one_database(server: Server, migrated: str) -> AsyncIterator[System]:
    async with server.database(template=migrated) as url, open_system(url, Clock()) as parts:
        yield parts


@pytest.fixture
async def salon(one_database: System, clock: Clock) -> Shop:
    """A salon whose rules are looked at; nothing works its queue."""
    return await open_shop(one_database, clock, slug=f"salon-{token_hex(4)}")


async def create(
    shop: Shop,
    starts_at: datetime,
    *,
    ends_at: datetime | None = None,
    staff: UUID | None = None,
    service: UUID | None = None,
) -> Opening:
    async with shop.transaction() as tx:
        return await slots.create(
            tx,
            staff or shop.kim,
            service or shop.cut,
            starts_at,
            ends_at,
            now=shop.clock(),
            actor="test",
        )


async def create_open(shop: Shop, starts_at: datetime) -> UUID:
    """An open slot of a time that is not looked at."""
    async with shop.transaction() as tx:
        opening = await slots.open_time(
            tx,
            Time(shop.kim, shop.cut, starts_at, starts_at + timedelta(minutes=45)),
            now=shop.clock(),
            reason="test",
            actor="test",
        )
    return opening.slot_id


async def opens(shop: Shop, starts_at: datetime, **given: Any) -> bool:
    """Whether a slot may be there; it is taken back at once."""
    try:
        opening = await create(shop, starts_at, **given)
    except OutsideBusinessHours:
        return False
    await take_back(shop, opening.slot_id)
    return True


async def take_back(shop: Shop, slot_id: UUID) -> None:
    async with shop.transaction() as tx:
        await slots.take_back(tx, slot_id, now=shop.clock(), reason="ill", actor="Kim")


async def set_hours(shop: Shop, *week: Hours) -> None:
    async with shop.transaction() as tx:
        await catalog.set_hours(tx, week)


async def set_policy(shop: Shop, **rules: Any) -> None:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, None, rules)


async def close(shop: Shop, starts_at: datetime, ends_at: datetime, staff: UUID | None = None) -> None:
    await shop.one(
        "INSERT INTO closures (tenant_id, id, staff_id, starts_at, ends_at) "
        "VALUES (current_tenant(), $1, $2, $3, $4) RETURNING id",
        new_id(),
        staff,
        starts_at,
        ends_at,
    )


async def retire(shop: Shop, table: str, row_id: UUID) -> None:
    """As an import does with who or what isn't there any more."""
    await shop.one(f'UPDATE "{table}" SET active = false WHERE id = $1 RETURNING id', row_id)  # noqa: S608


async def withheld(shop: Shop, slot_id: UUID) -> str | None:
    async with shop.transaction() as tx:
        return (await slots.candidates(tx, slot_id, now=shop.clock())).withheld


async def rules_against(shop: Shop, slot_id: UUID) -> list[str]:
    async with shop.transaction() as tx:
        judged = await slots.candidates(tx, slot_id, now=shop.clock())
    return [rule for _, rule in judged.ranked.excluded]


# -- When ----------------------------------------------------------------------------------------------------------


async def test_a_slot_takes_as_long_as_its_service_unless_told_otherwise(salon: Shop) -> None:
    await salon.join()
    starts_at = salon.clock() + timedelta(days=1)
    opening = await create(salon, starts_at)
    assert (opening.waiting, opening.fill_at) == (1, None)
    row = await salon.one("SELECT * FROM slots WHERE id = $1", opening.slot_id)
    assert (row["status"], row["ends_at"]) == ("open", starts_at + timedelta(minutes=45))
    assert (row["reason"], row["actor"], row["freed_by_customer_id"]) == ("created", "test", None)
    longer = await create(salon, starts_at, ends_at=starts_at + timedelta(hours=2), staff=salon.alex)
    row = await salon.one("SELECT * FROM slots WHERE id = $1", longer.slot_id)
    assert row["ends_at"] == starts_at + timedelta(hours=2)


async def test_every_problem_of_a_slot_is_told_at_once(salon: Shop) -> None:
    with pytest.raises(Invalid) as refused:
        await create(
            salon,
            salon.clock(),
            ends_at=salon.clock() - timedelta(hours=1),
            staff=uuid4(),
            service=uuid4(),
        )
    assert [(one.field, one.code) for one in refused.value.problems] == [
        ("service_id", "not_found"),
        ("staff_id", "not_found"),
        ("starts_at", "in_the_past"),
        ("ends_at", "invalid"),
    ]


async def test_a_slot_lasts_a_day_at_most_and_a_whole_day_is_seen_by_the_next(salon: Shop) -> None:
    noon = salon.clock() + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        await create(salon, noon, ends_at=noon + timedelta(hours=24, seconds=1))
    assert [(one.field, one.code) for one in refused.value.problems] == [("ends_at", "too_long")]
    day = await create(salon, noon, ends_at=noon + timedelta(hours=24))
    with pytest.raises(SlotTaken) as taken:
        await create(salon, noon + timedelta(hours=23, minutes=59))
    assert taken.value.details["slot_id"] == str(day.slot_id)
    await create(salon, noon + timedelta(hours=24))


async def test_a_staff_member_has_to_offer_the_service_of_a_slot(salon: Shop) -> None:
    with pytest.raises(Invalid) as refused:
        await create(salon, salon.clock() + timedelta(days=1), staff=salon.alex, service=salon.colour)
    assert [(one.field, one.code) for one in refused.value.problems] == [("staff_id", "does_not_fit")]


async def test_slots_of_one_staff_member_touch_but_never_overlap(salon: Shop) -> None:
    noon = salon.clock() + timedelta(days=1)
    first = await create(salon, noon)
    for minutes in (-44, 0, 44):
        with pytest.raises(SlotTaken) as refused:
            await create(salon, noon + timedelta(minutes=minutes))
        assert refused.value.details["slot_id"] == str(first.slot_id)
    await create(salon, noon + timedelta(minutes=45))
    await create(salon, noon - timedelta(minutes=45))
    await create(salon, noon, staff=salon.alex)
    await take_back(salon, first.slot_id)
    await create(salon, noon)


async def test_a_booked_time_is_taken(salon: Shop) -> None:
    noon = salon.clock() + timedelta(days=1)
    await salon.book(at=noon)
    with pytest.raises(SlotTaken):
        await create(salon, noon + timedelta(minutes=30))


async def test_a_slot_lies_within_one_opening(salon: Shop) -> None:
    """09:00 to 12:00 and 13:00 to 17:00 on Tuesdays in Oslo, which is an hour ahead of UTC."""
    await set_hours(salon, Hours(2, 540, 720), Hours(2, 780, 1020))
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    for minute, expected in (
        (539, False),
        (540, True),
        (675, True),
        (676, False),  # Into the break
        (735, False),
        (780, True),
        (975, True),
        (976, False),
    ):
        assert await opens(salon, midnight + timedelta(minutes=minute)) == expected, minute
    assert not await opens(salon, midnight + timedelta(days=1, minutes=540)), "closed on Wednesdays"
    lunch = midnight + timedelta(minutes=700)
    assert not await opens(salon, lunch, ends_at=lunch + timedelta(minutes=90)), "over the break"


async def test_a_salon_that_is_open_until_midnight_is_open_until_midnight(salon: Shop) -> None:
    await set_hours(salon, Hours(2, 0, 1440), Hours(4, 0, 1440))
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)  # between Monday and Tuesday
    assert await opens(salon, midnight)
    assert not await opens(salon, midnight - timedelta(minutes=1))
    assert await opens(salon, midnight + timedelta(minutes=1440 - 45))
    assert not await opens(salon, midnight + timedelta(minutes=1440 - 44))


@pytest.mark.parametrize(
    ("midnight", "hours_after_midnight"),
    [
        (SPRING, 8),
        (AUTUMN, 10),
        (SPRING + timedelta(days=1, hours=-1), 9),
        (AUTUMN + timedelta(days=1, hours=1), 9),
    ],
    ids=[
        "the day the clock goes forward",
        "the day it goes back",
        "the day after the one",
        "after the other",
    ],
)
async def test_opening_hours_are_the_wall_clocks_when_it_changes(
    salon: Shop, midnight: datetime, hours_after_midnight: int
) -> None:
    """Open from 09:00 to 17:00: eight or ten hours after midnight on those days."""
    await set_hours(salon, *(Hours(day, 540, 1020) for day in range(1, 8)))
    nine = midnight + timedelta(hours=hours_after_midnight)
    assert await opens(salon, nine)
    assert not await opens(salon, nine - timedelta(minutes=1))
    assert await opens(salon, nine + timedelta(hours=8, minutes=-45))
    assert not await opens(salon, nine + timedelta(hours=8, minutes=-44))


async def test_a_slot_across_the_missing_hour_is_as_long_as_any(salon: Shop) -> None:
    await set_hours(salon, Hours(7, 60, 210))  # 01:00 to 03:30, which is an hour and a half that night
    assert await opens(salon, SPRING + timedelta(minutes=90))  # 01:30 to 03:15
    assert await opens(salon, SPRING + timedelta(minutes=105))  # 01:45 to 03:30
    assert not await opens(salon, SPRING + timedelta(minutes=106))


async def test_a_salon_that_closes_in_the_hour_that_comes_twice_is_closed_after(salon: Shop) -> None:
    await set_hours(salon, Hours(7, 60, 150))  # 01:00 to 02:30
    assert await opens(salon, AUTUMN + timedelta(minutes=60))
    # 02:40 the first time; 45 minutes later it is 02:25 the second time, which looks like before closing.
    assert not await opens(salon, AUTUMN + timedelta(minutes=160))


async def test_without_hours_a_salon_is_open_always(salon: Shop) -> None:
    assert await opens(salon, datetime(2026, 12, 25, 3, tzinfo=UTC))


async def test_a_closure_closes_the_salon_or_one_of_its_staff(salon: Shop) -> None:
    noon = salon.clock() + timedelta(days=1)
    await close(salon, noon, noon + timedelta(hours=1))
    await close(salon, noon + timedelta(days=1), noon + timedelta(days=1, hours=1), staff=salon.kim)
    assert not await opens(salon, noon)
    assert not await opens(salon, noon, staff=salon.alex)
    assert not await opens(salon, noon - timedelta(minutes=44))
    assert not await opens(salon, noon + timedelta(minutes=59))
    assert await opens(salon, noon - timedelta(minutes=45))
    assert await opens(salon, noon + timedelta(hours=1))
    assert not await opens(salon, noon + timedelta(days=1))
    assert await opens(salon, noon + timedelta(days=1), staff=salon.alex)


# -- Taken back, opened again, listed --------------------------------------------------------------------------------


async def test_an_open_slot_is_taken_back(salon: Shop) -> None:
    opening = await create(salon, salon.clock() + timedelta(days=1))
    await take_back(salon, opening.slot_id)
    row = await salon.one("SELECT status, reason, actor FROM slots WHERE id = $1", opening.slot_id)
    assert tuple(row) == ("cancelled", "ill", "Kim")
    with pytest.raises(SlotNotOpen) as refused:
        await take_back(salon, opening.slot_id)
    assert refused.value.details == {"status": "cancelled"}
    with pytest.raises(SlotNotFound):
        await take_back(salon, uuid4())


async def test_a_booked_slot_is_not_taken_back(salon: Shop) -> None:
    booking = await salon.book()
    row = await salon.one("SELECT slot_id FROM bookings WHERE id = $1", booking)
    with pytest.raises(SlotHasAppointment):
        await take_back(salon, row["slot_id"])
    assert await salon.status_of("bookings", booking) == "confirmed"


async def test_who_was_offered_a_slot_that_is_taken_back_waits_on_without_a_miss(shop: Shop) -> None:
    await set_policy(shop, cooldown_seconds=3600)
    joined = await shop.join()
    slot = await shop.free_slot()
    await shop.run_jobs()
    await take_back(shop, slot)
    row = await shop.one(
        "SELECT e.status, e.misses, e.cooldown_until, o.status AS offer, o.reason, s.status AS slot "
        "FROM waitlist_entries e JOIN offers o ON o.entry_id = e.id JOIN slots s ON s.id = o.slot_id "
        "WHERE e.id = $1",
        joined.entry_id,
    )
    assert tuple(row) == ("waiting", 0, None, "withdrawn", "ill", "cancelled")
    other = await shop.free_slot(at=shop.clock() + timedelta(days=2))
    await shop.run_jobs()
    assert await shop.status_of("slots", other) == "held"
    assert await shop.broken() == []


async def test_a_slot_is_opened_again_only_while_it_is_open(salon: Shop) -> None:
    opening = await create(salon, salon.clock() + timedelta(days=1))
    await salon.join()
    async with salon.transaction() as tx:
        again = await slots.open_again(tx, opening.slot_id)
    assert again == Opening(opening.slot_id, 1, None)
    await take_back(salon, opening.slot_id)
    with pytest.raises(SlotNotOpen):
        async with salon.transaction() as tx:
            await slots.open_again(tx, opening.slot_id)
    with pytest.raises(SlotNotFound):
        async with salon.transaction() as tx:
            await slots.open_again(tx, uuid4())


async def test_slots_are_listed_by_start_staff_and_state(salon: Shop) -> None:
    tomorrow = salon.clock() + timedelta(days=1)
    late = (await create(salon, tomorrow + timedelta(hours=5))).slot_id
    early = (await create(salon, tomorrow)).slot_id
    alex = (await create(salon, tomorrow, staff=salon.alex)).slot_id
    await take_back(salon, late)

    async def listed(**asked: Any) -> list[UUID]:
        given = {
            "starts_from": tomorrow,
            "starts_before": tomorrow + timedelta(days=1),
            "staff_id": None,
            "status": None,
            "after": None,
            "limit": 9,
        }
        async with salon.transaction() as tx:
            return [row["id"] for row in await slots.page(tx, **given | asked)]

    assert await listed() == [*sorted([alex, early]), late]
    assert await listed(staff_id=salon.kim) == [early, late]
    assert await listed(status="open") == sorted([alex, early])
    assert await listed(after=(tomorrow, min(alex, early)), limit=1) == [max(alex, early)]
    assert await listed(starts_from=tomorrow + timedelta(microseconds=1)) == [late]
    assert await listed(starts_before=tomorrow) == []


async def test_candidates_are_judged_up_to_a_limit_and_the_rest_is_counted(salon: Shop) -> None:
    for number in range(4):
        await salon.join(f"Person {number}")
        salon.clock.forward(minutes=1)
    await salon.join("Other", service_id=salon.colour)
    slot = (await create(salon, salon.clock() + timedelta(days=1))).slot_id
    async with salon.transaction() as tx:
        judged = await slots.candidates(tx, slot, now=salon.clock(), limit=3)
    assert judged.left_out == 2
    assert [judged.names[one.entry_id] for one, _ in judged.ranked.eligible] == [
        "Person 0",
        "Person 1",
        "Person 2",
    ]
    async with salon.transaction() as tx:
        everybody = await slots.candidates(tx, slot, now=salon.clock(), limit=5)
    assert everybody.left_out == 0
    assert [rule for _, rule in everybody.ranked.excluded] == ["other_service"]


# -- Who gets it -------------------------------------------------------------------------------------------------------


async def test_the_first_offer_waits_for_the_grace_to_end(shop: Shop) -> None:
    await set_policy(shop, grace_seconds=300)
    joined = await shop.join()
    slot = await shop.free_slot()
    await shop.run_jobs()
    row = await shop.one("SELECT status, fill_at FROM slots WHERE id = $1", slot)
    assert tuple(row) == ("open", shop.clock() + timedelta(minutes=5))
    late = await shop.join("Vip", vip=True)  # Who joins meanwhile starts nothing, and is counted in the end.
    await shop.run_jobs()
    await shop.pass_time(minutes=4, seconds=59)
    assert await shop.status_of("slots", slot) == "open"
    await shop.pass_time(seconds=1)
    row = await shop.one("SELECT status, fill_at FROM slots WHERE id = $1", slot)
    assert tuple(row) == ("held", None)
    assert await shop.status_of("waitlist_entries", late.entry_id) == "notified"
    assert await shop.status_of("waitlist_entries", joined.entry_id) == "waiting"


async def test_staff_need_not_wait_for_the_grace(shop: Shop) -> None:
    await set_policy(shop, grace_seconds=300)
    await shop.join()
    slot = await shop.free_slot()
    async with shop.transaction() as tx:
        await slots.open_again(tx, slot)
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "held"


@pytest.mark.parametrize(("late", "expected"), [(0, "held"), (1, "open")])
async def test_the_minimum_notice_is_exact(shop: Shop, late: int, expected: str) -> None:
    await shop.join()
    booking = await shop.book(at=shop.clock() + timedelta(hours=1))
    shop.clock.forward(minutes=30, microseconds=late)
    slot = await shop.cancel(booking)
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == expected


async def test_a_slot_whose_staff_or_service_is_gone_is_offered_to_nobody(shop: Shop) -> None:
    joined = await shop.join()
    noon = shop.clock() + timedelta(days=1)
    at_kim, at_alex = await shop.free_slot(at=noon), await shop.free_slot(at=noon, staff=shop.alex)
    away = await shop.free_slot(at=noon + timedelta(days=1))
    await retire(shop, "staff", shop.alex)
    await close(shop, noon + timedelta(days=1), noon + timedelta(days=2))
    await shop.run_jobs()
    assert await shop.status_of("slots", at_kim) == "held"
    assert await shop.status_of("slots", at_alex) == "open"
    second = await shop.join()
    await shop.run_jobs()
    for slot, rule in ((at_alex, "staff_inactive"), (away, "closed")):
        row = await shop.one("SELECT status, unfilled_reason FROM slots WHERE id = $1", slot)
        assert tuple(row) == ("open", rule)
        assert await withheld(shop, slot) == rule
    await retire(shop, "services", shop.cut)
    await take_back(shop, at_kim)
    last = await create_open(shop, noon + timedelta(days=4))
    await shop.run_jobs()
    assert await withheld(shop, last) == "service_inactive"
    for entry in (joined, second):
        assert await shop.status_of("waitlist_entries", entry.entry_id) == "waiting"


async def test_candidates_say_when_a_slot_is_offered_to_nobody(salon: Shop) -> None:
    await salon.join()
    slot = (await create(salon, salon.clock() + timedelta(hours=1))).slot_id
    assert await withheld(salon, slot) is None
    salon.clock.forward(minutes=30, microseconds=1)
    assert await withheld(salon, slot) == "too_soon"
    salon.clock.forward(minutes=30)
    assert await withheld(salon, slot) == "start_passed"


async def test_a_slot_that_has_just_begun_is_offered_to_nobody(shop: Shop) -> None:
    """Without notice, and before its timer has closed it."""
    await set_policy(shop, minimum_notice_seconds=0)
    await shop.join()
    slot = (await create(shop, shop.clock() + timedelta(hours=1))).slot_id
    shop.clock.forward(hours=1)
    await shop.run_jobs()
    row = await shop.one("SELECT status, unfilled_reason FROM slots WHERE id = $1", slot)
    assert tuple(row) == ("open", "start_passed")


async def test_who_declined_a_slot_gets_another_and_not_that_one_again(shop: Shop) -> None:
    await set_policy(shop, cooldown_seconds=60)
    joined = await shop.join()
    slot = await shop.free_slot()
    await shop.run_jobs()
    offer = await shop.one("SELECT id FROM offers")
    async with shop.transaction() as tx:
        await offers.decline(tx, offer["id"], now=shop.clock(), actor="customer")
    assert await rules_against(shop, slot) == ["cooldown"]
    await shop.pass_time(seconds=59)
    assert await shop.status_of("waitlist_entries", joined.entry_id) == "cooldown"
    await shop.pass_time(seconds=1)
    assert await shop.status_of("waitlist_entries", joined.entry_id) == "waiting"
    assert await rules_against(shop, slot) == ["declined_it"]
    assert await shop.status_of("slots", slot) == "open"
    other = await shop.free_slot(at=shop.clock() + timedelta(days=2))
    await shop.run_jobs()
    assert await shop.status_of("slots", other) == "held"


async def test_who_has_an_appointment_at_that_time_is_passed_over(shop: Shop) -> None:
    phone = shop.phone()
    await shop.join("Busy", phone=phone, vip=True)
    free = await shop.join("Free")
    at = shop.clock() + timedelta(days=1)
    await shop.book(at=at + timedelta(minutes=30), staff=shop.alex, phone=phone)
    slot = await shop.free_slot(at=at)
    assert await rules_against(shop, slot) == ["busy"]
    await shop.run_jobs()
    assert await shop.status_of("waitlist_entries", free.entry_id) == "notified"


async def test_a_service_may_have_rules_of_its_own(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, shop.cut, {"offer_window_seconds": 60, "max_misses": 1})
    joined = await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    await shop.pass_time(seconds=59)
    assert await shop.status_of("waitlist_entries", joined.entry_id) == "notified"
    await shop.pass_time(seconds=1)
    assert await shop.status_of("waitlist_entries", joined.entry_id) == "expired"


async def test_an_offer_never_outlives_the_start_of_its_slot(shop: Shop) -> None:
    await set_policy(shop, minimum_notice_seconds=0)
    await shop.join()
    booking = await shop.book(at=shop.clock() + timedelta(minutes=10))
    shop.clock.forward(minutes=3)
    slot = await shop.cancel(booking)
    await shop.run_jobs()
    row = await shop.one(
        "SELECT o.expires_at, s.starts_at, s.hold_expires_at FROM offers o, slots s WHERE s.id = $1", slot
    )
    assert row["expires_at"] == row["starts_at"] == row["hold_expires_at"]
    await shop.pass_time(minutes=7)
    assert await shop.status_of("slots", slot) == "cancelled"
    assert await shop.broken() == []
