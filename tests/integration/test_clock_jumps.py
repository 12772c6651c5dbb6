"""Clocks that jump, forth and back: nothing happens twice, and nothing is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from standby.channels.base import Outgoing, Receipt, Sent
from standby.jobs.timers import take_due
from standby.waitlist import offers
from standby.waitlist.offers import Accepted
from tests.salon import Clock, Shop, open_shop, open_system

HOUR = timedelta(hours=1)


def told(shop: Shop, kind: str) -> int:
    return sum(one.message.kind == kind for one in shop.messages())


async def at(shop: Shop, moment: datetime) -> None:
    """The clock is put there, whatever it showed before."""
    shop.clock.at = moment
    await shop.pass_time()


async def test_each_reminder_is_sent_once(shop: Shop) -> None:
    await shop.reminders("24h_and_2h")
    now = shop.clock()
    start = now + 48 * HOUR
    await shop.book(at=start)
    came = []
    for moment in (24, 20, 24, 0, 25, 45, 46, 30, 46, 47, 0, 47, 49, 0, 49):
        await at(shop, now + moment * HOUR)
        came.append(told(shop, "reminder"))
    assert came == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    rows = await shop.all(
        "SELECT status, details ->> 'scheduled_for' AS at FROM messages ORDER BY created_at"
    )
    assert [datetime.fromisoformat(row["at"]) for row in rows] == [start - 24 * HOUR, start - 2 * HOUR]
    assert {row["status"] for row in rows} == {"sent"}
    assert await shop.broken() == []


async def test_a_reminder_that_was_written_by_a_clock_that_is_put_back_is_sent_when_it_gets_there(
    shop: Shop,
) -> None:
    await shop.reminders("24h_and_2h")
    now = shop.clock()
    await shop.book(at=now + 48 * HOUR)
    shop.clock.forward(hours=24)
    async with shop.system.worker_pool.acquire() as connection:
        await take_due(connection, shop.clock)  # Written, with a job that nobody has taken yet.
    for moment in (20, 23, 24, 25):
        await at(shop, now + moment * HOUR)
    assert told(shop, "reminder") == 1
    assert [row["status"] for row in await shop.all("SELECT status FROM messages")] == ["sent"]


async def test_an_offer_ends_once_and_is_accepted_by_one(shop: Shop) -> None:
    await shop.join("First")
    await shop.join("Second")
    slot = await shop.free_slot()
    await shop.run_jobs()
    now, late = shop.clock(), shop.clock() + timedelta(minutes=16)
    await at(shop, now - HOUR)
    assert await shop.status_of("slots", slot) == "held"
    await at(shop, late)  # The first's window has passed.
    for moment in (now, late, now - HOUR):
        await at(shop, moment)
    ended = await shop.all("SELECT id, status FROM offers ORDER BY id")
    assert [row["status"] for row in ended] == ["expired", "pending"]
    assert told(shop, "offer") == 2
    async with shop.transaction() as tx:
        answers = [
            await offers.accept(tx, offer["id"], now=shop.clock(), actor="customer") for offer in ended
        ]
    assert [isinstance(answer, Accepted) for answer in answers] == [False, True]
    await at(shop, late + HOUR)
    assert await shop.status_of("slots", slot) == "booked"
    assert len(await shop.all("SELECT FROM bookings WHERE status = 'confirmed'")) == 1
    assert await shop.broken() == []


class Jumping:
    """A provider that takes everything, while our clock jumps."""

    name = "jumping"

    def __init__(self, jump: Callable[[], object]) -> None:
        self.jump = jump
        self.sent: list[str] = []

    async def send(self, message: Outgoing) -> Receipt:
        self.sent.append(message.kind)
        self.jump()
        return Sent(str(len(self.sent)))

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None


@pytest.mark.parametrize("hours", [-3, 3])
async def test_what_is_being_sent_while_the_clock_jumps_is_sent_once(database_url: str, hours: int) -> None:
    clock = Clock()
    channel = Jumping(lambda: clock.forward(hours=hours))
    async with open_system(database_url, clock, channels={"sms": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.reminders("24h_and_2h")
        now = clock()
        await shop.book(at=now + 48 * HOUR)
        for moment in (24, 24, 20, 27, 24):
            await at(shop, now + moment * HOUR)
        assert channel.sent == ["reminder"]
        assert [row["status"] for row in await shop.all("SELECT status FROM messages")] == ["sent"]
