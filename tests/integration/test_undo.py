"""What was done by mistake is undone: bookings go back or stand again, times are offered again, if they still may."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from standby.bookings import bookings, undo
from standby.errors import (
    BookingChanged,
    BookingNotCancelled,
    Invalid,
    OutsideBusinessHours,
    SlotHasAppointment,
    SlotNotOpen,
    SlotTaken,
)
from standby.tenants import closures
from standby.waitlist import entries, offers, slots
from standby.waitlist import undo as undo_slot
from standby.waitlist.offers import Accepted, Over
from tests.salon import Shop, waiting

ABOUT = (
    "SELECT b.*, s.status AS slot, s.starts_at = b.starts_at AND s.ends_at = b.ends_at AND s.staff_id = b.staff_id "
    "AND s.service_id = b.service_id AS same FROM bookings b JOIN slots s ON s.id = b.slot_id WHERE b.id = $1"
)
PENDING = "SELECT id FROM offers WHERE slot_id = $1 AND status = 'pending'"
TOLD = "SELECT kind, status FROM messages WHERE booking_id = $1 ORDER BY id"


async def undo_move(shop: Shop, booking_id: UUID, sequence: int) -> None:
    async with shop.transaction() as tx:
        await undo.move(tx, booking_id, sequence, now=shop.clock(), actor="test")


async def cancel(shop: Shop, booking_id: UUID) -> UUID:
    """Cancels it and tells its customer; the slot that opened."""
    async with shop.transaction() as tx:
        freed = await bookings.cancel(tx, booking_id, now=shop.clock(), reason="ill", actor="Kim")
    assert freed.opening is not None
    return freed.opening.slot_id


async def undo_cancel(shop: Shop, booking_id: UUID, sequence: int = 1) -> undo.Known:
    async with shop.transaction() as tx:
        return await undo.cancel(tx, booking_id, sequence, now=shop.clock(), actor="Kim")


async def take_back(shop: Shop, slot_id: UUID) -> None:
    async with shop.transaction() as tx:
        await slots.take_back(tx, slot_id, now=shop.clock(), reason="taken_back", actor="Kim")


async def undo_take_back(shop: Shop, slot_id: UUID) -> None:
    async with shop.transaction() as tx:
        await undo_slot.take_back(tx, slot_id, now=shop.clock(), actor="Kim")


async def accept(shop: Shop, offer_id: UUID) -> Any:
    async with shop.transaction() as tx:
        return await offers.accept(tx, offer_id, now=shop.clock(), actor="customer")


async def asked(shop: Shop, slot_id: UUID) -> list[str]:
    """Who was asked for a slot, in order."""
    async with shop.transaction() as tx:
        return [row["customer_name"] for row in await slots.asked(tx, slot_id)]


async def test_a_booking_goes_back_to_where_it_was_unless_somebody_has_that_time(shop: Shop) -> None:
    at = shop.tomorrow()
    booking = await shop.book(at=at)
    before = await shop.one(ABOUT, booking)
    with pytest.raises(BookingChanged):
        await undo_move(shop, booking, 0)  # It never moved.
    later = at + timedelta(hours=3)
    await shop.change(booking, starts_at=later, staff_id=shop.alex, ends_at=later + timedelta(hours=1))
    await undo_move(shop, booking, 1)
    after = await shop.one(ABOUT, booking)
    for name in ("starts_at", "ends_at", "staff_id", "service_id"):
        assert after[name] == before[name]
    await shop.change(booking, starts_at=later)
    await shop.book(at=at)
    with pytest.raises(SlotTaken):
        await undo_move(shop, booking, 3)
    assert await shop.broken() == []


async def test_a_booking_goes_back_though_its_time_was_offered_and_nobody_is_offered_where_it_was_meanwhile(
    shop: Shop,
) -> None:
    await shop.join("Nora")
    at = shop.tomorrow()
    booking = await shop.book(at=at)
    await shop.change(booking, starts_at=at + timedelta(hours=3))
    await shop.run_jobs()
    assert len(await shop.all("SELECT FROM offers WHERE status = 'pending'")) == 1
    await undo_move(shop, booking, 1)
    await shop.run_jobs()
    assert (await shop.one(ABOUT, booking))["starts_at"] == at
    assert await shop.all("SELECT FROM offers WHERE status = 'pending'") == []
    assert await shop.all("SELECT FROM slots WHERE status IN ('open', 'held')") == []
    assert (await shop.one("SELECT status, misses FROM waitlist_entries"))["misses"] == 0
    assert await shop.broken() == []


async def test_a_time_that_was_open_before_is_open_again_when_a_move_to_it_is_undone(shop: Shop) -> None:
    at = shop.tomorrow()
    booking, later = await shop.book(at=at), at + timedelta(hours=3)
    await shop.free_slot(at=later)
    await shop.change(booking, starts_at=later)
    await undo_move(shop, booking, 1)
    row = await shop.one("SELECT starts_at FROM slots WHERE status = 'open'")
    assert row["starts_at"] == later
    assert await shop.broken() == []


async def test_a_cancelled_booking_stands_again_and_nobody_is_offered_its_time_any_more(shop: Shop) -> None:
    entry = (await shop.join("Nora")).entry_id
    booking = await shop.book()
    before = await shop.one(ABOUT, booking)
    slot = await shop.cancel(booking)
    await shop.run_jobs()
    [offer] = await shop.all(PENDING, slot)
    assert await undo_cancel(shop, booking) == "nothing"
    after = await shop.one(ABOUT, booking)
    assert (after["status"], after["slot"], after["same"], after["sequence"]) == (
        "confirmed",
        "booked",
        True,
        2,
    )
    assert (after["starts_at"], after["cancelled_at"], after["cancelled_by"]) == (
        before["starts_at"],
        None,
        None,
    )
    assert await shop.status_of("slots", slot) == "cancelled"
    assert await shop.status_of("offers", offer["id"]) == "withdrawn"
    assert await shop.status_of("waitlist_entries", entry) == "waiting"
    assert await accept(shop, offer["id"]) == Over("withdrawn")
    assert await undo_cancel(shop, booking) == "nothing"  # Pressed twice.
    assert (await shop.one(ABOUT, booking))["sequence"] == 2
    await shop.run_jobs()
    assert await shop.broken() == []


async def test_who_was_told_of_the_cancellation_is_told_that_it_stands_and_who_was_not_hears_nothing(
    shop: Shop,
) -> None:
    unsent = await shop.book()
    await cancel(shop, unsent)
    assert await undo_cancel(shop, unsent) == "nothing"
    await shop.run_jobs()
    assert [tuple(row) for row in await shop.all(TOLD, unsent)] == [("cancelled", "dropped")]
    assert shop.messages() == []

    told = await shop.book(at=shop.tomorrow() + timedelta(hours=2))
    await cancel(shop, told)
    await shop.run_jobs()
    assert await undo_cancel(shop, told) == "told_again"
    await shop.run_jobs()
    assert [one.message.kind for one in shop.messages()] == ["cancelled", "booking_confirmed"]

    # And all of it again.
    await cancel(shop, told)
    await shop.run_jobs()
    await shop.all("UPDATE customers SET channels = '{}'")
    assert await undo_cancel(shop, told, 3) == "to_be_called"
    assert await shop.broken() == []


async def test_a_booking_is_not_put_back_over_somebody_else_or_when_it_is_over(shop: Shop) -> None:
    booking = await shop.book()
    await shop.cancel(booking)
    with pytest.raises(BookingChanged):
        await undo_cancel(shop, booking, 0)
    other = await shop.book(at=shop.tomorrow() + timedelta(minutes=30))
    with pytest.raises(SlotTaken):
        await undo_cancel(shop, booking)
    assert await shop.status_of("bookings", booking) == "cancelled"
    await shop.cancel(other)  # What opened there is open, and is closed.
    await undo_cancel(shop, booking)
    assert [row["status"] for row in await shop.all("SELECT status FROM slots WHERE status = 'open'")] == []
    shop.clock.forward(days=2)
    with pytest.raises(Invalid):
        await undo_cancel(shop, other)
    async with shop.transaction() as tx:
        await bookings.end(tx, booking, "completed", now=shop.clock(), actor="Kim")
    with pytest.raises(BookingNotCancelled):
        await undo_cancel(shop, booking, 3)
    assert await shop.broken() == []


async def test_a_booking_is_not_put_back_into_a_time_that_was_closed_since(shop: Shop) -> None:
    booking = await shop.book()
    times = shop.tomorrow(), shop.tomorrow() + timedelta(hours=2)

    async def close(staff_id: UUID | None) -> UUID:
        async with shop.transaction() as tx:
            return await closures.add(tx, staff_id, *times, "Inventory", now=shop.clock())

    slot = await shop.cancel(booking)
    for whose in (None, shop.kim):
        closure = await close(whose)
        with pytest.raises(OutsideBusinessHours):
            await undo_cancel(shop, booking)
        async with shop.transaction() as tx:
            await closures.remove(tx, closure)
    assert (await shop.status_of("bookings", booking), await shop.status_of("slots", slot)) == (
        "cancelled",
        "open",
    )
    await close(shop.alex)  # It is Kim's.
    await undo_cancel(shop, booking)
    shop.clock.forward(minutes=1)
    await close(None)  # Who is booked then stays; and if they are cancelled, they can be put back.
    async with shop.transaction() as tx:
        freed = await bookings.cancel(tx, booking, now=shop.clock(), reason="mistake", actor="Kim")
    assert freed.withheld == "closed"
    await undo_cancel(shop, booking, 3)
    assert await shop.status_of("bookings", booking) == "confirmed"
    assert await shop.broken() == []


@pytest.mark.parametrize("first", ["customer", "staff"])
async def test_a_customer_accepts_while_staff_press_undo_and_exactly_one_wins(shop: Shop, first: str) -> None:
    await shop.join("Nora")
    booking = await shop.book()
    slot = await shop.cancel(booking)
    await shop.run_jobs()
    [offer] = await shop.all(PENDING, slot)
    works: dict[str, Any] = {"customer": accept(shop, offer["id"]), "staff": undo_cancel(shop, booking)}
    # Another session holds the slot until both of them stand before it, each on a connection of its own.
    async with shop.system.worker_pool.acquire() as watching:
        async with shop.transaction() as gate:
            await gate.execute("SELECT FROM slots WHERE id = $1 FOR UPDATE", slot)
            tasks: dict[str, asyncio.Task[Any]] = {}
            for number, who in enumerate((first, *(works.keys() - {first})), 1):
                tasks[who] = asyncio.create_task(works[who])
                await asyncio.wait_for(waiting(watching, number), 30)
        await asyncio.wait(tasks.values())
    stands = await shop.status_of("bookings", booking) == "confirmed"
    accepted = tasks["customer"].result()
    if stands:
        assert accepted == Over("withdrawn")
        assert tasks["staff"].result() == "nothing"
    else:
        assert isinstance(accepted, Accepted)
        assert isinstance(tasks["staff"].exception(), SlotTaken)
    assert len(await shop.all("SELECT FROM bookings WHERE status = 'confirmed'")) == 1
    await shop.run_jobs()
    assert await shop.broken() == []


async def test_many_who_press_undo_at_once_put_it_back_once(shop: Shop) -> None:
    booking = await shop.book()
    await cancel(shop, booking)
    assert await asyncio.gather(*(undo_cancel(shop, booking) for _ in range(5))) == ["nothing"] * 5
    assert (await shop.one(ABOUT, booking))["sequence"] == 2
    assert await shop.broken() == []


async def test_a_time_that_was_taken_back_is_offered_again_but_not_to_who_said_no(shop: Shop) -> None:
    await shop.join("Anna", vip=True)
    await shop.join("Nora")
    slot = await shop.free_slot()
    await shop.run_jobs()
    [offer] = await shop.all(PENDING, slot)
    async with shop.transaction() as tx:
        await offers.decline(tx, offer["id"], now=shop.clock(), actor="customer")
    await shop.run_jobs()
    await take_back(shop, slot)
    await asyncio.gather(*(undo_take_back(shop, slot) for _ in range(5)))
    await undo_take_back(shop, slot)
    await shop.run_jobs()
    assert await asked(shop, slot) == ["Anna", "Nora", "Nora"]
    assert await shop.status_of("slots", slot) == "held"
    assert await shop.broken() == []


async def test_a_time_that_was_offered_by_hand_is_offered_to_the_same_person_again(shop: Shop) -> None:
    await shop.join("Anna", vip=True)
    nora = (await shop.join("Nora")).entry_id
    slot = await shop.free_slot()
    async with shop.transaction() as tx:
        await entries.notify(tx, nora, slot, now=shop.clock(), actor="Kim")
    await take_back(shop, slot)
    await undo_take_back(shop, slot)
    await shop.run_jobs()
    assert await asked(shop, slot) == ["Nora", "Nora"]
    await take_back(shop, slot)
    async with shop.transaction() as tx:
        await entries.leave(tx, nora, now=shop.clock(), reason="left", actor="Kim")
    await undo_take_back(shop, slot)  # Nora doesn't wait any more: the first in line is asked.
    await shop.run_jobs()
    assert await asked(shop, slot) == ["Nora", "Nora", "Anna"]
    assert await shop.broken() == []


async def test_a_time_that_ended_otherwise_or_is_somebody_elses_is_not_offered_again(shop: Shop) -> None:
    slot = await shop.free_slot()
    await take_back(shop, slot)
    other = await shop.book()
    with pytest.raises(SlotTaken):
        await undo_take_back(shop, slot)
    with pytest.raises(SlotHasAppointment):
        await undo_take_back(shop, (await shop.one(ABOUT, other))["slot_id"])
    await take_back(shop, await shop.cancel(other))
    left = (await shop.one(ABOUT, other))["slot_id"]
    with pytest.raises(SlotNotOpen):  # It was an appointment's.
        await undo_take_back(shop, left)
    shop.clock.forward(days=2)
    with pytest.raises(Invalid):
        await undo_take_back(shop, slot)
    assert await shop.broken() == []
