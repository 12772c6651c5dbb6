"""Bookings that move, end, or are changed by their customer: what follows for the time they leave, and for whom."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from standby.bookings import bookings
from standby.errors import (
    BookingNotBegun,
    BookingNotConfirmed,
    Invalid,
    MovedTooOften,
    OutsideBusinessHours,
    SlotTaken,
    TooLateToChange,
)
from standby.tenants import catalog, tenants
from standby.tenants.opening_hours import Hours
from standby.waitlist import history
from standby.waitlist.slots import Opening
from tests.salon import Shop, at_once

ABOUT = (
    "SELECT b.*, s.status AS slot, s.starts_at = b.starts_at AND s.ends_at = b.ends_at AND s.staff_id = b.staff_id "
    "AND s.service_id = b.service_id AS same FROM bookings b JOIN slots s ON s.id = b.slot_id WHERE b.id = $1"
)


async def test_a_booking_that_moves_leaves_its_time_to_the_waitlist_at_once(shop: Shop) -> None:
    joined = await shop.join()
    old = shop.tomorrow()
    booking = await shop.book(at=old)
    freed = await shop.change(booking, starts_at=old + timedelta(days=1))
    assert isinstance(freed.opening, Opening)
    await shop.run_jobs()
    row = await shop.one(ABOUT, booking)
    assert (row["status"], row["slot"], row["same"], row["sequence"]) == ("confirmed", "booked", True, 1)
    assert row["starts_at"] == old + timedelta(days=1)
    offered = await shop.one("SELECT s.starts_at FROM offers o JOIN slots s ON s.id = o.slot_id")
    assert offered["starts_at"] == old
    assert await shop.status_of("waitlist_entries", joined.entry_id) == "notified"
    async with shop.transaction() as tx:
        [_, moved] = await history.story_of(tx, booking)
    assert (moved.reason, set(moved.details)) == ("moved", {"starts_at"})
    assert await shop.broken() == []


async def test_who_moves_is_not_offered_the_time_that_they_left(shop: Shop) -> None:
    phone = shop.phone()
    booking = await shop.book(phone=phone)
    await shop.join(phone=phone)
    await shop.change(booking, starts_at=shop.tomorrow() + timedelta(days=1))
    await shop.run_jobs()
    assert await shop.all("SELECT FROM offers") == []


async def test_a_booking_may_move_by_less_than_its_own_length(shop: Shop) -> None:
    booking = await shop.book()
    freed = await shop.change(booking, starts_at=shop.tomorrow() + timedelta(minutes=15))
    assert (freed.opening, freed.withheld) == (None, "taken")
    row = await shop.one(ABOUT, booking)
    assert (row["starts_at"], row["same"]) == (shop.tomorrow() + timedelta(minutes=15), True)
    assert await shop.broken() == []


async def test_a_booking_goes_to_another_staff_member_or_becomes_another_service(shop: Shop) -> None:
    booking = await shop.book()
    freed = await shop.change(booking, staff_id=shop.alex)
    assert freed.opening is not None
    row = await shop.one(ABOUT, booking)
    assert (row["staff_id"], row["ends_at"] - row["starts_at"]) == (shop.alex, timedelta(minutes=45))
    await shop.change(booking, staff_id=shop.kim, service_id=shop.colour)
    row = await shop.one(ABOUT, booking)
    assert (row["staff_id"], row["service_id"]) == (shop.kim, shop.colour)
    assert (row["ends_at"] - row["starts_at"], row["sequence"]) == (timedelta(minutes=90), 2)
    with pytest.raises(Invalid) as refused:
        await shop.change(booking, staff_id=shop.alex)  # Alex does not colour.
    assert [one.code for one in refused.value.problems] == ["does_not_fit"]


async def test_who_changes_nothing_leaves_everything_as_it_is(shop: Shop) -> None:
    booking = await shop.book()
    before = await shop.one(ABOUT, booking)
    assert await shop.change(booking, starts_at=shop.tomorrow()) == bookings.Freed(booking, None)
    assert await shop.one(ABOUT, booking) == before


async def test_a_booking_never_moves_onto_another(shop: Shop) -> None:
    at = shop.tomorrow()
    first, second = await shop.book(at=at), await shop.book(at=at + timedelta(hours=1))
    for by in (-44, 0, 44):
        with pytest.raises(SlotTaken):
            await shop.change(second, starts_at=at + timedelta(minutes=by))
    with pytest.raises(Invalid):
        await shop.change(first, starts_at=shop.clock() - timedelta(minutes=1))
    moves = [shop.change(one, starts_at=at + timedelta(days=3)) for one in (first, second)]
    results = await at_once(*moves)
    assert sorted(type(result).__name__ for result in results) == ["Freed", "SlotTaken"]
    assert await shop.broken() == []


async def test_buffers_keep_appointments_apart_and_are_kept_as_they_were(shop: Shop) -> None:
    at = shop.tomorrow()
    async with shop.transaction() as tx:
        await catalog.change_service(tx, shop.cut, {"buffer_before_minutes": 10, "buffer_after_minutes": 5})
    booking = await shop.book(at=at)
    for minutes in (-59, 59):
        with pytest.raises(SlotTaken):
            await shop.book(at=at + timedelta(minutes=minutes))
    await shop.book(at=at + timedelta(minutes=60))
    async with shop.transaction() as tx:
        await catalog.change_service(tx, shop.cut, {"buffer_before_minutes": 0, "buffer_after_minutes": 0})
    with pytest.raises(SlotTaken):
        await shop.book(at=at - timedelta(minutes=54))
    slot = await shop.cancel(booking)  # What was freed takes as much as it did.
    row = await shop.one("SELECT blocked_from, blocked_until FROM slots WHERE id = $1", slot)
    assert tuple(row) == (at - timedelta(minutes=10), at + timedelta(minutes=50))


async def test_a_staff_members_own_week_limits_the_salons(shop: Shop) -> None:
    at = shop.tomorrow()  # Tuesday, 13:00 in Oslo
    async with shop.transaction() as tx:
        await catalog.set_hours_of(tx, shop.kim, [Hours(2, 600, 780), Hours(2, 840, 1020)])
    for minutes in (-15, 0, 30):
        with pytest.raises(OutsideBusinessHours):
            await shop.book(at=at + timedelta(minutes=minutes))
    await shop.book(at=at + timedelta(hours=1))
    await shop.book(at=at, staff=shop.alex)


@pytest.mark.parametrize("became", ["completed", "no_show"])
async def test_an_appointment_that_has_begun_is_said_to_have_ended(shop: Shop, became: Any) -> None:
    booking = await shop.book()

    async def end() -> None:
        async with shop.transaction() as tx:
            await bookings.end(tx, booking, became, now=shop.clock(), actor="Kim")

    with pytest.raises(BookingNotBegun):
        await end()
    shop.clock.forward(days=1)
    await end()
    assert await shop.status_of("bookings", booking) == became
    with pytest.raises(BookingNotConfirmed):
        await end()
    with pytest.raises(BookingNotConfirmed):
        await shop.change(booking, staff_id=shop.alex)
    assert await shop.broken() == []


async def cancel_as_customer(shop: Shop, booking: UUID) -> bookings.Freed:
    async with shop.transaction() as tx:
        return await bookings.cancel(
            tx, booking, now=shop.clock(), reason="cannot come", actor="customer", by="customer"
        )


async def test_a_customer_changes_a_booking_within_the_salons_limits(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, None, {"change_notice_seconds": 3600, "max_customer_moves": 1})
    at = shop.tomorrow()
    booking, other = await shop.book(at=at), await shop.book(at=at, staff=shop.alex)
    await shop.change(booking, by="customer", starts_at=at + timedelta(hours=1))
    with pytest.raises(MovedTooOften):
        await shop.change(booking, by="customer", starts_at=at)
    await shop.change(booking, starts_at=at)  # The salon may.
    with pytest.raises(Invalid) as refused:  # Sooner than the salon's minimum notice.
        await shop.change(other, by="customer", starts_at=shop.clock() + timedelta(minutes=29))
    assert [one.code for one in refused.value.problems] == ["too_soon"]
    shop.clock.at = at - timedelta(hours=1)
    await cancel_as_customer(shop, other)
    shop.clock.forward(seconds=1)
    with pytest.raises(TooLateToChange) as late:
        await cancel_as_customer(shop, booking)
    assert late.value.details == {"until": (at - timedelta(hours=1)).isoformat()}
    rows = await shop.all("SELECT status, cancelled_by FROM bookings ORDER BY status")
    assert [tuple(row) for row in rows] == [("cancelled", "customer"), ("confirmed", None)]


async def test_a_customer_says_once_that_they_come_and_again_when_it_moves(shop: Shop) -> None:
    booking = await shop.book()

    async def confirm() -> bool:
        async with shop.transaction() as tx:
            return await bookings.confirm(tx, booking, now=shop.clock(), actor="customer")

    assert await confirm()
    assert not await confirm()
    assert (await shop.one(ABOUT, booking))["customer_confirmed_at"] == shop.clock()
    await shop.change(booking, starts_at=shop.tomorrow() + timedelta(hours=2))
    assert (await shop.one(ABOUT, booking))["customer_confirmed_at"] is None
    assert await confirm()


async def test_the_customer_is_told_of_what_happens_to_their_booking_and_not_if_they_are_not_to_be(
    shop: Shop,
) -> None:
    at = shop.tomorrow()
    booking = await shop.book(at=at, notify=True)
    await shop.change(booking, starts_at=at + timedelta(hours=3), notify=True)
    async with shop.transaction() as tx:
        await bookings.cancel(tx, booking, now=shop.clock(), reason="ill", actor="Kim")
    quiet = await shop.book(at=at)
    await shop.change(quiet, starts_at=at + timedelta(hours=2))
    await shop.cancel(quiet)
    rows = await shop.all("SELECT kind, dedupe_key, booking_id, details FROM messages ORDER BY id")
    assert [(row["kind"], row["dedupe_key"], row["booking_id"]) for row in rows] == [
        ("booking_confirmed", f"booking_{booking}-confirmed", booking),
        ("changed", f"booking_{booking}-changed-1", booking),
        ("cancelled", f"booking_{booking}-cancelled-2", booking),
    ]
    assert rows[1]["details"] == {"previously": at.isoformat()}


async def test_a_booking_lasts_until_another_end_also_when_it_has_begun_and_nobody_is_told(
    shop: Shop,
) -> None:
    at = shop.tomorrow()
    booking = await shop.book(at=at)
    await shop.book(at=at + timedelta(minutes=90))
    await shop.change(booking, ends_at=at + timedelta(minutes=60), notify=True)
    shop.clock.forward(days=1, minutes=30)
    with pytest.raises(SlotTaken):
        await shop.change(booking, ends_at=at + timedelta(minutes=95))
    freed = await shop.change(booking, ends_at=at + timedelta(minutes=90), notify=True)
    assert freed.opening is None
    row = await shop.one(ABOUT, booking)
    assert (row["starts_at"], row["ends_at"] - row["starts_at"], row["same"]) == (
        at,
        timedelta(minutes=90),
        True,
    )
    with pytest.raises(Invalid):  # It can't begin anew.
        await shop.change(booking, starts_at=at + timedelta(minutes=5))
    assert await shop.all("SELECT FROM messages") == []
    assert await shop.broken() == []


async def test_what_somebody_else_has_changed_meanwhile_is_not_changed(shop: Shop) -> None:
    booking = await shop.book()
    moves = [
        shop.change(booking, starts_at=shop.tomorrow() + timedelta(hours=hours), sequence=0)
        for hours in (1, 2)
    ]
    results = await at_once(*moves)
    assert sorted(type(result).__name__ for result in results) == ["BookingChanged", "Freed"]
