"""From a cancelled booking to the next customer's booking, and every turn in between."""

from datetime import timedelta
from uuid import UUID

from standby.waitlist import entries, offers, slots
from standby.waitlist.offers import Accepted, Declined, Over
from tests.salon import Shop


async def offer_of(shop: Shop, entry_id: UUID) -> UUID:
    offer_id: UUID = (
        await shop.one("SELECT id FROM offers WHERE entry_id = $1 ORDER BY offered_at DESC LIMIT 1", entry_id)
    )["id"]
    return offer_id


async def test_a_cancelled_booking_is_offered_to_the_first_in_line_and_booked(shop: Shop) -> None:
    first = await shop.join("Kari")
    await shop.join("Ola")
    slot = await shop.free_slot()
    await shop.run_jobs()

    assert await shop.status_of("slots", slot) == "held"
    assert await shop.status_of("waitlist_entries", first.entry_id) == "notified"
    [delivered] = shop.messages()
    assert "Kari" in delivered.message.text
    async with shop.transaction() as tx:
        answer = await offers.accept(
            tx, await offer_of(shop, first.entry_id), now=shop.clock(), actor="customer"
        )
    assert isinstance(answer, Accepted)
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "booked"
    assert await shop.status_of("waitlist_entries", first.entry_id) == "booked"
    assert await shop.status_of("bookings", answer.booking_id) == "confirmed"
    assert [one.message.kind for one in shop.messages()] == ["offer", "booked"]
    assert await shop.broken() == []


async def test_a_decline_passes_the_offer_on_and_never_comes_back(shop: Shop) -> None:
    first = await shop.join("Kari")
    second = await shop.join("Ola")
    slot = await shop.free_slot()
    await shop.run_jobs()
    async with shop.transaction() as tx:
        answer = await offers.decline(
            tx, await offer_of(shop, first.entry_id), now=shop.clock(), actor="customer"
        )
    assert answer == Declined()
    await shop.run_jobs()
    assert await shop.status_of("waitlist_entries", first.entry_id) == "cooldown"
    assert await shop.status_of("waitlist_entries", second.entry_id) == "notified"

    await shop.pass_time(hours=2)
    assert await shop.status_of("waitlist_entries", first.entry_id) == "waiting"
    assert await shop.status_of("slots", slot) == "open"
    assert await shop.broken() == []


async def test_who_declined_a_slot_is_not_offered_it_through_another_entry(shop: Shop) -> None:
    phone = shop.phone()
    first = await shop.join("Kari", phone=phone)
    other = await shop.join("Kari", phone=phone, staff_id=shop.kim)
    slot = await shop.free_slot()
    await shop.run_jobs()
    assert await shop.status_of("waitlist_entries", other.entry_id) == "notified"
    async with shop.transaction() as tx:
        await offers.decline(tx, await offer_of(shop, other.entry_id), now=shop.clock(), actor="customer")
    await shop.run_jobs()
    row = await shop.one("SELECT status, unfilled_reason FROM slots WHERE id = $1", slot)
    assert tuple(row) == ("open", "no_candidate")
    async with shop.transaction() as tx:
        judged = await slots.candidates(tx, slot, now=shop.clock())
    assert {(one.entry_id, rule) for one, rule in judged.ranked.excluded} == {
        (first.entry_id, "declined_it"),
        (other.entry_id, "cooldown"),
    }
    # The other entry has no cooldown: another slot is theirs at once.
    assert await shop.status_of("waitlist_entries", first.entry_id) == "waiting"
    await shop.free_slot(at=shop.clock() + timedelta(days=2))
    await shop.run_jobs()
    assert await shop.status_of("waitlist_entries", first.entry_id) == "notified"


async def test_leaving_and_joining_again_does_not_bring_a_declined_slot_back(shop: Shop) -> None:
    phone = shop.phone()
    first = await shop.join("Kari", phone=phone)
    slot = await shop.free_slot()
    await shop.run_jobs()
    async with shop.transaction() as tx:
        await offers.decline(tx, await offer_of(shop, first.entry_id), now=shop.clock(), actor="customer")
        await entries.leave(tx, first.entry_id, now=shop.clock(), reason="changed my mind", actor="customer")
    again = await shop.join("Kari", phone=phone)
    await shop.run_jobs()
    assert await shop.status_of("waitlist_entries", again.entry_id) == "waiting"
    assert await shop.status_of("slots", slot) == "open"


async def test_silence_passes_the_offer_on_and_the_last_miss_ends_the_entry(shop: Shop) -> None:
    only = await shop.join("Kari")
    slot = await shop.free_slot()
    await shop.run_jobs()
    for misses in (1, 2, 3):
        await shop.pass_time(minutes=15)
        row = await shop.one("SELECT status, misses FROM waitlist_entries WHERE id = $1", only.entry_id)
        assert (row["status"], row["misses"]) == ("expired" if misses == 3 else "cooldown", misses)
        assert await shop.status_of("slots", slot) == "open"
        await shop.pass_time(hours=1)
    assert len([one for one in shop.messages() if one.message.kind == "offer"]) == 3
    assert await shop.broken() == []


async def test_an_accept_after_the_end_says_so(shop: Shop) -> None:
    only = await shop.join("Kari")
    await shop.free_slot()
    await shop.run_jobs()
    offer = await offer_of(shop, only.entry_id)
    shop.clock.forward(minutes=15)
    async with shop.transaction() as tx:
        assert await offers.accept(tx, offer, now=shop.clock(), actor="customer") == Over("expired")


async def test_nobody_waiting_leaves_the_slot_open_and_says_why(shop: Shop) -> None:
    slot = await shop.free_slot()
    await shop.run_jobs()
    row = await shop.one("SELECT status, unfilled_reason FROM slots WHERE id = $1", slot)
    assert (row["status"], row["unfilled_reason"]) == ("open", "no_candidate")
    late = await shop.join("Kari")
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "held"
    assert await shop.status_of("waitlist_entries", late.entry_id) == "notified"


async def test_the_reminder_rotates_the_link(shop: Shop) -> None:
    await shop.join("Kari")
    await shop.free_slot()
    await shop.run_jobs()
    old = shop.token()
    await shop.pass_time(minutes=5)
    assert [one.message.kind for one in shop.messages()] == ["offer", "offer_reminder"]
    assert shop.token() != old
    await shop.pass_time(minutes=1)
    assert len(shop.messages()) == 2


async def test_leaving_the_list_passes_an_open_offer_on(shop: Shop) -> None:
    first = await shop.join("Kari")
    second = await shop.join("Ola")
    await shop.free_slot()
    await shop.run_jobs()
    async with shop.transaction() as tx:
        await entries.leave(tx, first.entry_id, now=shop.clock(), reason="moved away", actor="test")
    await shop.run_jobs()
    assert await shop.status_of("waitlist_entries", first.entry_id) == "cancelled"
    assert await shop.status_of("waitlist_entries", second.entry_id) == "notified"
    assert await shop.broken() == []


async def test_too_short_notice_is_offered_to_nobody(shop: Shop) -> None:
    await shop.join("Kari")
    booking = await shop.book(at=shop.clock() + timedelta(hours=1))
    shop.clock.forward(minutes=45)
    slot = await shop.cancel(booking)
    await shop.run_jobs()
    row = await shop.one("SELECT status, unfilled_reason FROM slots WHERE id = $1", slot)
    assert (row["status"], row["unfilled_reason"]) == ("open", "too_soon")
    await shop.pass_time(minutes=15)
    assert await shop.status_of("slots", slot) == "cancelled"
