"""A week in a salon's life whose figures are easily counted by hand."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from standby.bookings import bookings
from standby.waitlist import offers, slots
from tests.salon import Shop

WEEK_BEFORE = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


async def offered(shop: Shop, at: datetime) -> UUID:
    """A time then is booked, cancelled, and offered; the offer."""
    slot = await shop.free_slot(at=at)
    await shop.run_jobs()
    offer: UUID = (await shop.one("SELECT id FROM offers WHERE slot_id = $1", slot))["id"]
    return offer


async def accept(shop: Shop, offer: UUID) -> UUID:
    async with shop.transaction() as tx:
        accepted = await offers.accept(tx, offer, now=shop.clock(), actor="customer")
    assert isinstance(accepted, offers.Accepted)
    await shop.run_jobs()
    return accepted.booking_id


async def lived(shop: Shop) -> None:
    """A week ago one time was filled in 10 minutes.

    This week, on Monday: one in 4 minutes, one in 14 whose customer then cancelled (so it came free again,
    was declined, and stays open), and one opened by hand and taken back.
    """
    shop.clock.at = WEEK_BEFORE
    await shop.join("Nora")
    offer = await offered(shop, WEEK_BEFORE + timedelta(days=2))
    await shop.pass_time(minutes=10)
    await accept(shop, offer)

    shop.clock.at = WEEK_BEFORE + timedelta(days=7)  # Monday 23 November, 13:00 in Oslo
    await shop.join("Kari")
    shop.clock.forward(hours=1)
    offer = await offered(shop, shop.clock() + timedelta(days=1))  # Tuesday 14:00
    shop.clock.forward(minutes=4)
    await accept(shop, offer)

    await shop.join("Ola")
    offer = await offered(shop, shop.clock() + timedelta(days=1, hours=1))  # Tuesday 15:04
    shop.clock.forward(minutes=14)
    booking = await accept(shop, offer)
    async with shop.transaction() as tx:
        await bookings.cancel(tx, booking, now=shop.clock(), reason="ill", actor="customer", notify=False)
    await shop.run_jobs()

    await shop.join("Per")
    await shop.run_jobs()  # The time that Ola gave back is his, if he wants it.
    [open_offer] = await shop.all("SELECT id FROM offers WHERE status = 'pending'")
    async with shop.transaction() as tx:
        await offers.decline(tx, open_offer["id"], now=shop.clock(), actor="customer")
    await shop.run_jobs()

    at = shop.clock() + timedelta(days=3)
    async with shop.transaction() as tx:
        opening = await slots.create(tx, shop.alex, shop.cut, at, None, now=shop.clock(), actor="staff")
        await slots.take_back(tx, opening.slot_id, now=shop.clock(), reason="closed", actor="staff")
    shop.clock.forward(minutes=1)
