"""Salons side by side: one that has thousands of messages to send holds up nobody else's."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from standby.channels.base import Outgoing, Receipt, Sent
from standby.database.pool import WORKER, connect
from standby.jobs.handlers import handlers
from standby.jobs.queue import IN_HAND, build_queue, run_queue
from standby.tenants import tenants
from standby.waitlist import cascade
from standby.waitlist.policy import NO_QUIET_HOURS
from standby.wiring import System
from tests.salon import Clock, Shop, open_shop, open_system

MANY = 2000
OTHERS = 49
A_DAY = {
    "offer_window_seconds": 86_400,
    "reminder_lead_seconds": 0,
    **NO_QUIET_HOURS,
}  # Nothing ends meanwhile.

# So many customers with an offer each, whose messages have just been written.
OFFERED = """
WITH person AS (
    INSERT INTO customers (tenant_id, id, name, phone, channels, created_at)
    SELECT current_tenant(), gen_random_uuid(), 'Customer ' || n, '+47' || (60000000 + n), '{sms}', $2
    FROM generate_series(1, $1::integer) AS n
    RETURNING id
), numbered AS (
    SELECT id AS customer_id, row_number() OVER () AS n, gen_random_uuid() AS slot_id, gen_random_uuid() AS entry_id,
           gen_random_uuid() AS offer_id
    FROM person
), entry AS (
    INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, earliest, latest, status, joined_at, reason,
                                  actor, changed_at)
    SELECT current_tenant(), entry_id, customer_id, $4, $2, $2::timestamptz + interval '900 days', 'waiting', $2,
           'joined', 'test', $2
    FROM numbered
), slot AS (
    INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                       created_at)
    SELECT current_tenant(), slot_id, $3, $4, $2::timestamptz + n * interval '1 hour' + interval '30 days',
           $2::timestamptz + n * interval '1 hour' + interval '30 days 45 minutes', 'open', 'created', 'test', $2, $2
    FROM numbered
), offer AS (
    INSERT INTO offers (tenant_id, id, slot_id, entry_id, customer_id, status, score, breakdown, window_seconds,
                        reminder_lead_seconds, cooldown_seconds, max_misses, offered_at, expires_at, reason, actor,
                        changed_at)
    SELECT current_tenant(), offer_id, slot_id, entry_id, customer_id, 'pending', 45, '{}', 86400, 0, 3600, 3, $2,
           $2::timestamptz + interval '1 day', 'offered', 'test', $2
    FROM numbered
)
INSERT INTO messages (tenant_id, id, customer_id, offer_id, slot_id, kind, dedupe_key, status, channels,
                      next_attempt_at, created_at)
SELECT current_tenant(), gen_random_uuid(), customer_id, offer_id, slot_id, 'offer',
       'offer_' || offer_id || '-available', 'queued', '{sms}', $2::timestamptz + interval '5 seconds', $2
FROM numbered
"""
HELD = """
WITH entry AS (UPDATE waitlist_entries SET status = 'notified', changed_at = $1 WHERE status = 'waiting')
UPDATE slots SET status = 'held', hold_expires_at = $1::timestamptz + interval '1 day', changed_at = $1
WHERE status = 'open'
"""

LOOKED_AT_BEFORE = """
SELECT count(*) FROM message_events
WHERE tenant_id = $1 AND id < (SELECT max(id) FROM message_events WHERE tenant_id <> $1 AND event = 'sent')
"""


class Counting:
    """A channel that takes everything, and says when it has so many of the small salons."""

    name = "counting"

    def __init__(self) -> None:
        self.salons: list[str] = []
        self.all_others = asyncio.Event()

    async def send(self, message: Outgoing) -> Receipt:
        self.salons.append(message.salon)
        if sum(salon != "Big" for salon in self.salons) == OTHERS:
            self.all_others.set()
        return Sent(str(len(self.salons)))

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None


async def test_fifty_salons_share_the_workers_though_one_has_thousands_to_send(database_url: str) -> None:
    clock, channel = Clock(), Counting()
    async with open_system(database_url, clock, channels={"sms": channel, "whatsapp": channel}) as parts:
        big, others = await salons(parts, clock)
        await offer_many(big)
        for one in others:
            await one.join()
            await one.free_slot()

        await asyncio.wait_for(work_until(parts, clock, channel.all_others), 60)
        owner = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
        before = await owner.fetchval(LOOKED_AT_BEFORE, big.salon.id)
        assert before <= 2 * IN_HAND, (
            "what a worker has in hand, and no more, goes before a salon's one offer"
        )

        await big.run_jobs()
        turns = await big.all("SELECT next_attempt_at AS at FROM messages WHERE status = 'queued' ORDER BY 1")
        assert [row["at"] for row in turns] == [
            clock() + timedelta(seconds=6) * number for number in range(1, MANY - 9)
        ]
        for minute in range(1, 4):
            await big.pass_time(minutes=1)
            assert channel.salons.count("Big") == 10 + 10 * minute
        while await owner.fetchval("SELECT count(*) FROM messages WHERE status = 'queued'"):
            await big.pass_time(minutes=30)
        ends = await owner.fetch("SELECT event, count(*) FROM message_events GROUP BY event")
        assert {row["event"]: row["count"] for row in ends} == {"sent": MANY + OTHERS, "deferred": MANY - 10}
        assert await owner.fetchval("SELECT count(*) FROM messages WHERE status = 'sent'") == MANY + OTHERS
        assert channel.salons.count("Big") == MANY
        assert len(channel.salons) == MANY + OTHERS
        await owner.close()


async def test_thousands_that_are_due_do_not_keep_the_others_asleep(database_url: str) -> None:
    clock = Clock()
    async with open_system(database_url, clock) as parts:
        big, others = await salons(parts, clock)
        await offer_many(big)
        clock.forward(seconds=1)
        for one in others:
            await one.join()
            slot = await one.free_slot()
            async with one.transaction() as tx:
                await cascade.fill(tx, slot, now=clock())
        clock.forward(seconds=5)  # No worker was there.
        async with parts.worker_pool.acquire() as worker:
            assert await worker.fetchval("SELECT taken FROM wake_due_messages($1)", clock()) == 99
            woken = await worker.fetch(
                "SELECT priority, count(*) FROM pgqueuer WHERE dedupe_key LIKE 'message.send again%' GROUP BY 1"
            )
        # All others; of the big salon's the first ten like theirs, and the rest when there is nothing else to do.
        assert {row["priority"]: row["count"] for row in woken} == {5: OTHERS + 10, 1: 40}


@pytest.mark.parametrize(("before", "priority"), [(9, 10), (10, 1)])
async def test_a_message_is_urgent_unless_ten_of_its_salon_are_before_it(
    shop: Shop, before: int, priority: int
) -> None:
    async with shop.transaction() as tx:
        await tx.execute(OFFERED, before, shop.clock(), shop.kim, shop.cut)
        await tx.execute(HELD, shop.clock())
    shop.clock.forward(seconds=1)
    await shop.join()
    slot = await shop.free_slot(staff=shop.alex)
    async with shop.transaction() as tx:
        await cascade.fill(tx, slot, now=shop.clock())
    given = await shop.system.worker_pool.fetchval(
        "SELECT priority FROM pgqueuer WHERE entrypoint = 'message.send'"
    )
    assert given == priority


async def test_a_slot_that_has_just_come_free_is_more_urgent_than_those_that_were_open(shop: Shop) -> None:
    await shop.free_slot()
    await shop.run_jobs()
    await shop.join()  # Is looked at again for them.
    await shop.free_slot(staff=shop.alex)
    jobs = await shop.system.worker_pool.fetch(
        "SELECT priority FROM pgqueuer WHERE entrypoint = 'waitlist.fill' ORDER BY id"
    )
    assert [job["priority"] for job in jobs] == [3, 10]


async def salons(parts: System, clock: Clock) -> tuple[Shop, list[Shop]]:
    """A big one, and the others."""
    shops = [
        await open_shop(parts, clock, slug=slug) for slug in ("big", *map("other-{}".format, range(OTHERS)))
    ]
    for shop in shops:
        async with shop.transaction() as tx:
            await tenants.set_policy(tx, None, A_DAY)
    return shops[0], shops[1:]


async def offer_many(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tx.execute(OFFERED, MANY, shop.clock(), shop.kim, shop.cut)
        await tx.execute(HELD, shop.clock())
        await tx.execute("SELECT count(enqueue_send(id, created_at)) FROM messages")


async def work_until(parts: System, clock: Clock, event: asyncio.Event) -> None:
    """A worker's queue, until something has happened; it then finishes what it has in hand."""
    async with connect(parts.url, role=WORKER, name="test worker") as connection:
        manager = build_queue(
            connection,
            handlers(parts.pool, parts.delivery, clock, parts.calendars, parts.webhooks, parts.mailing),
        )
        working = asyncio.create_task(run_queue(manager))
        await event.wait()
        manager.shutdown.set()
        await working
