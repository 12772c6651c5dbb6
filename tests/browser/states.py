"""An offer in every state there is, brought there by what really brings it there."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from standby.bookings import bookings
from standby.tenants import tenants
from standby.waitlist import entries, offers, slots
from tests.salon import Shop


async def offered(shop: Shop, *, misses: int = 3) -> None:
    """Ingrid waits, a time tomorrow frees, and she is told of it. `misses` unanswered offers take her off the list."""
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, None, {"max_misses": misses})
    await shop.join("Ingrid Berg")
    await shop.free_slot()
    await shop.run_jobs()


async def accepted(shop: Shop) -> None:
    await offered(shop)
    async with shop.transaction() as tx:
        await offers.accept(tx, await _offer(shop), now=shop.clock(), actor="customer")
    await shop.run_jobs()


async def past(shop: Shop) -> None:
    await accepted(shop)
    shop.clock.forward(days=2)


async def cancelled(shop: Shop) -> None:
    await accepted(shop)
    async with shop.transaction() as tx:
        booking_id = (await offers.show(tx, await _offer(shop))).booking_id
        assert booking_id is not None
        await bookings.cancel(tx, booking_id, now=shop.clock(), reason="ill", actor="staff")


async def declined(shop: Shop) -> None:
    await offered(shop)
    async with shop.transaction() as tx:
        await offers.decline(tx, await _offer(shop), now=shop.clock(), actor="customer")


async def unanswered(shop: Shop) -> None:
    await offered(shop)
    await shop.pass_time(minutes=16)


async def off_the_list(shop: Shop) -> None:
    await offered(shop, misses=1)
    await shop.pass_time(minutes=16)


async def past_its_deadline(shop: Shop) -> None:
    """Over, but no timer has noticed yet."""
    await offered(shop)
    shop.clock.forward(minutes=16)


async def lost_to_a_rival(shop: Shop) -> None:
    await offered(shop)
    async with shop.transaction() as tx:
        await offers.withdraw_with_slot(
            tx, await _offer(shop), now=shop.clock(), reason="lost_to_rival", actor="customer"
        )


async def taken_back(shop: Shop) -> None:
    await offered(shop)
    slot = (await shop.one("SELECT slot_id FROM offers"))["slot_id"]
    async with shop.transaction() as tx:
        await slots.take_back(tx, slot, now=shop.clock(), reason="closed", actor="staff")


async def left(shop: Shop) -> None:
    """She left the list while the offer was open."""
    await offered(shop)
    entry = (await shop.one("SELECT id FROM waitlist_entries"))["id"]
    async with shop.transaction() as tx:
        await entries.leave(tx, entry, now=shop.clock(), reason="changed_mind", actor="customer")


async def _offer(shop: Shop) -> UUID:
    offer_id: UUID = (await shop.one("SELECT id FROM offers"))["id"]
    return offer_id


# Each with the page's heading.
STATES: Mapping[str, tuple[Callable[[Shop], Awaitable[None]], str]] = {
    "open": (offered, "Ingrid, we have a time for you"),
    "booked": (accepted, "You’re booked, Ingrid"),
    "past": (past, "This appointment is over"),
    "cancelled": (cancelled, "This appointment was cancelled"),
    "declined": (declined, "Thanks for telling us"),
    "expired": (unanswered, "This time is no longer held for you"),
    "expired, off the list": (off_the_list, "This time is no longer held for you"),
    "expired, unnoticed": (past_its_deadline, "This time is no longer held for you"),
    "taken": (lost_to_a_rival, "Somebody was a little faster"),
    "taken back": (taken_back, "This time is no longer available"),
    "left": (left, "We’ve passed this time on"),
}
