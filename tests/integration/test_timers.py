"""Every timer, to the microsecond; and the loop that sleeps until the next one and is woken by a nearer one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import asyncpg
import pytest

from standby import clock as wall_clock
from standby.accounts import letters
from standby.channels.base import Channel, Outgoing, Receipt, Retry, Sent
from standby.database.pool import WORKER, connect
from standby.importing import imports
from standby.jobs import timers
from standby.jobs.timers import TIMERS, take_due
from standby.tenants import tenants
from standby.tenants.scope import Author
from standby.waitlist import offers
from standby.waitlist.policy import NO_QUIET_HOURS
from standby.webhooks import endpoints
from standby.webhooks.addresses import Addresses
from standby.webhooks.endpoints import Changes
from tests.salon import Clock, Shop, open_shop, open_system

A_MOMENT = timedelta(microseconds=1)


class WallClock(Clock):
    """The real time, for what has to wait for it. Tells when it was asked."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    def __call__(self) -> datetime:
        self.asked.set()
        return wall_clock.now()


class Slow:
    """A channel that asks to be tried again in a minute, once."""

    name = "slow"

    def __init__(self) -> None:
        self.tries = 0

    async def send(self, _: Outgoing) -> Receipt:
        self.tries += 1
        return Retry("later", after=60) if self.tries == 1 else Sent("slow")

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None


async def an_open_offer(shop: Shop) -> Any:
    await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    return await shop.one("SELECT * FROM offers")


async def an_offer_s_end(shop: Shop) -> tuple[datetime, str]:
    offer = await an_open_offer(shop)
    return offer["expires_at"], "SELECT status = 'expired' FROM offers"


async def a_reminder(shop: Shop) -> tuple[datetime, str]:
    offer = await an_open_offer(shop)
    return offer["remind_at"], "SELECT count(*) = 1 FROM messages WHERE kind = 'offer_reminder'"


async def a_cooldown(shop: Shop) -> tuple[datetime, str]:
    offer = await an_open_offer(shop)
    async with shop.transaction() as tx:
        await offers.decline(tx, offer["id"], now=shop.clock(), actor="customer")
    await shop.run_jobs()
    entry = await shop.one("SELECT cooldown_until FROM waitlist_entries")
    return entry["cooldown_until"], "SELECT status = 'waiting' FROM waitlist_entries"


async def a_latest_time(shop: Shop) -> tuple[datetime, str]:
    latest = shop.clock() + timedelta(hours=3)
    await shop.join(latest=latest)
    return latest, "SELECT status = 'expired' FROM waitlist_entries"


async def a_slot_s_start(shop: Shop) -> tuple[datetime, str]:
    slot = await shop.free_slot()
    await shop.run_jobs()
    row = await shop.one("SELECT starts_at FROM slots WHERE id = $1", slot)
    return row["starts_at"], "SELECT bool_and(status = 'cancelled') FROM slots"


async def a_grace(shop: Shop) -> tuple[datetime, str]:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, None, {"grace_seconds": 600})
    await shop.join()
    slot = await shop.free_slot()
    row = await shop.one("SELECT fill_at FROM slots WHERE id = $1", slot)
    return row["fill_at"], "SELECT count(*) = 1 FROM slots WHERE status = 'held'"


async def a_message_s_next_attempt(shop: Shop) -> tuple[datetime, str]:
    await an_open_offer(shop)
    row = await shop.one("SELECT next_attempt_at FROM messages WHERE status = 'queued'")
    return row["next_attempt_at"], "SELECT status = 'sent' FROM messages"


async def a_lease(shop: Shop) -> tuple[datetime, str]:
    await an_open_offer(shop)
    until = shop.clock() + timedelta(seconds=30)
    await shop.one(  # As if the worker had died between the call and the record.
        "UPDATE messages SET status = 'sending', next_attempt_at = NULL, sent_at = NULL, "
        "lease_id = gen_random_uuid(), lease_expires_at = $1 RETURNING id",
        until,
    )
    return until, "SELECT status = 'sent' AND resends = 1 FROM messages"


async def a_change_of_rules(shop: Shop) -> tuple[datetime, str]:
    await shop.book()
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, None, {"reminders": "120"})
    row = await shop.one("SELECT reminders_marked FROM policies")
    return row["reminders_marked"], "SELECT remind_at = starts_at - interval '2 hours' FROM bookings"


async def a_booking_s_reminder(shop: Shop) -> tuple[datetime, str]:
    await shop.reminders("every_2_hours")
    await shop.book()
    return shop.clock() + timedelta(hours=2), "SELECT count(*) = 1 FROM messages WHERE kind = 'reminder'"


async def a_calendar_s_reading(shop: Shop) -> tuple[datetime, str]:
    due = shop.clock() + timedelta(seconds=30)
    await shop.one(
        "INSERT INTO calendar_links (tenant_id, id, staff_id, kind, address, state, next_read_at, created_at) "
        "VALUES (current_tenant(), gen_random_uuid(), $1, 'caldav', 'x', 'active', $2, $2) RETURNING id",
        shop.kim,
        due,
    )
    return due, "SELECT state = 'failing' FROM calendar_links"  # For nobody can read it.


async def a_booking_for_a_calendar(shop: Shop) -> tuple[datetime, str]:
    await shop.one(
        "INSERT INTO calendar_links (tenant_id, id, staff_id, kind, address, state, writes, created_at) "
        "VALUES (current_tenant(), gen_random_uuid(), $1, 'caldav', 'x', 'active', true, $2) RETURNING id",
        shop.kim,
        shop.clock(),
    )
    await shop.book()
    due = shop.clock() + timedelta(seconds=30)
    await shop.one("UPDATE calendar_events SET next_attempt_at = $1 RETURNING id", due)
    return due, "SELECT attempts = 1 FROM calendar_events"


async def a_webhook(shop: Shop) -> None:
    """One that nothing can be sent to: it is private, and nobody allows that (any more)."""
    here = Addresses([ip_network("127.0.0.1")])
    async with shop.transaction() as tx:
        await endpoints.create(
            tx,
            Changes(url="https://127.0.0.1/"),
            addresses=here,
            seal=shop.system.webhooks.seal(),
            now=shop.clock(),
        )
    await shop.book()


async def an_event_for_a_webhook(shop: Shop) -> tuple[datetime, str]:
    await a_webhook(shop)
    due = shop.clock() + timedelta(seconds=30)
    await shop.one("UPDATE webhook_deliveries SET look_at = $1, next_attempt_at = $1 RETURNING id", due)
    return due, "SELECT attempts = 1 FROM webhook_deliveries"


async def an_old_delivery(shop: Shop) -> tuple[datetime, str]:
    await a_webhook(shop)
    await shop.one(
        "UPDATE webhook_deliveries SET at = $1, status = 'dropped', look_at = NULL, next_attempt_at = NULL "
        "RETURNING id",
        shop.clock() - timedelta(days=30) + timedelta(minutes=20),
    )
    return shop.clock() + timedelta(hours=1), "SELECT count(*) = 0 FROM webhook_deliveries"


async def a_letter(shop: Shop) -> tuple[datetime, str]:
    async with shop.transaction() as tx:
        await letters.ask(tx, "reset", "nobody@example.com", locale="en", details={}, now=shop.clock())
    await shop.run_jobs()
    deadline = shop.clock() + timedelta(minutes=10)
    async with _owner(shop) as owner:
        await owner.execute("UPDATE letters SET next_attempt_at = $1", deadline)
    return deadline, "SELECT next_attempt_at IS NULL FROM letters"


async def an_import(shop: Shop) -> tuple[datetime, str]:
    """One whose job was lost."""
    async with shop.transaction() as tx:
        files = {"customers.csv": b"name,phone\nIngrid Berg,40000001\n"}
        await imports.start(tx, files, Author("test", shop.clock()), now=shop.clock())
    async with _owner(shop) as owner:
        await owner.execute("DELETE FROM pgqueuer")
    return shop.clock() + imports.UNTAKEN, "SELECT attempts = 1 FROM imports"


@asynccontextmanager
async def _owner(shop: Shop) -> AsyncIterator[asyncpg.Connection]:
    """The database's owner, from whom nothing is hidden."""
    connection = await asyncpg.connect(shop.system.url, server_settings={"search_path": "standby"})
    try:
        yield connection
    finally:
        await connection.close()


EACH: dict[str, Callable[[Shop], Awaitable[tuple[datetime, str]]]] = {
    "expire_due_offers": an_offer_s_end,
    "remind_due_offers": a_reminder,
    "end_due_cooldowns": a_cooldown,
    "expire_due_entries": a_latest_time,
    "close_due_slots": a_slot_s_start,
    "start_due_fills": a_grace,
    "wake_due_messages": a_message_s_next_attempt,
    "recover_stale_messages": a_lease,
    "set_marked_reminders": a_change_of_rules,
    "remind_due_bookings": a_booking_s_reminder,
    "read_due_calendars": a_calendar_s_reading,
    "write_due_events": a_booking_for_a_calendar,
    "send_due_webhooks": an_event_for_a_webhook,
    "forget_old_webhooks": an_old_delivery,
    "send_due_letters": a_letter,
    "look_at_due_imports": an_import,
}


@pytest.mark.parametrize("timer", TIMERS)
async def test_each_timer_fires_at_its_deadline_and_not_a_moment_before(
    database_url: str, clock: Clock, timer: str
) -> None:
    channels: dict[str, Channel] | None = {"whatsapp": Slow()} if timer == "wake_due_messages" else None
    async with open_system(database_url, clock, channels=channels, calendars={}) as parts:
        shop = await open_shop(parts, clock)
        deadline, has_fired = await EACH[timer](shop)

        async def fired() -> bool:
            async with _owner(shop) as owner:
                return bool(await owner.fetchval(has_fired))

        async with parts.worker_pool.acquire() as connection:
            row = await connection.fetchrow("SELECT * FROM next_deadlines()")
            assert row is not None
            assert row[timer] == deadline
            clock.at = deadline - A_MOMENT
            # Whatever is due before that doesn't count.
            while (await take_due(connection, clock))[0]:
                await shop.run_jobs()
            assert not await fired()
            _, wait = await take_due(connection, clock)
            assert wait == pytest.approx(1e-6)

            clock.at = deadline
            taken, wait = await take_due(connection, clock)
            assert (taken, wait) == (1, 0.0)
            await shop.run_jobs()
            assert await fired()
            assert await connection.fetchval(timers._TAKE[timer], clock()) == 0
        assert await shop.broken() == []


async def test_every_timer_is_on_the_page_and_asks_its_own_function(shop: Shop) -> None:
    async with shop.system.worker_pool.acquire() as connection:
        [row] = await connection.fetch("SELECT * FROM next_deadlines()")
    assert list(row.keys()) == list(TIMERS) == list(timers._TAKE) == list(EACH)
    assert all(f" {name}($1)" in statement for name, statement in timers._TAKE.items())


async def test_with_nothing_to_wait_for_there_is_no_deadline(shop: Shop) -> None:
    async with shop.system.worker_pool.acquire() as connection:
        assert await take_due(connection, shop.clock) == (0, None)
        await shop.join(latest=shop.clock() + timedelta(days=3))
        assert await take_due(connection, shop.clock) == (0, 3 * 86_400.0)


async def test_what_a_rival_holds_is_looked_at_again_in_a_moment(shop: Shop) -> None:
    await an_open_offer(shop)
    shop.clock.forward(minutes=15)
    async with shop.transaction() as rival, shop.system.worker_pool.acquire() as connection:
        await rival.fetch("SELECT FROM slots FOR UPDATE")
        await rival.fetch("SELECT FROM offers FOR UPDATE")
        assert await take_due(connection, shop.clock) == (0, timers.LOCKED_ELSEWHERE)


async def test_more_than_one_batch_of_deadlines_is_taken(shop: Shop) -> None:
    await shop.one(
        "WITH person AS (INSERT INTO customers (tenant_id, id, name, phone, channels, created_at) "
        "SELECT current_tenant(), gen_random_uuid(), 'Customer', '+479000' || n, '{sms}', $1 "
        "FROM generate_series(1000, 1449) AS n RETURNING id), "
        "entry AS (INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, earliest, latest, status, "
        "joined_at, reason, actor, changed_at) SELECT current_tenant(), gen_random_uuid(), id, $2, $1, "
        "$1::timestamptz + interval '1 hour', 'waiting', $1, 'joined', 'test', $1 FROM person RETURNING id) "
        "SELECT count(*) FROM entry",
        shop.clock(),
        shop.cut,
    )
    shop.clock.forward(hours=1)
    async with shop.system.worker_pool.acquire() as connection:
        taken = [(await take_due(connection, shop.clock))[0] for _ in range(4)]
    assert taken == [200, 200, 50, 0]


async def test_the_loop_wakes_for_a_deadline_that_is_nearer_than_its_poll(database_url: str) -> None:
    """By NOTIFY: it would sleep for half a minute, and the offer that ends in a second comes afterwards."""
    clock = WallClock()
    async with open_system(database_url, clock) as parts:
        shop = await open_shop(parts, clock)
        async with shop.transaction() as tx:
            await tenants.set_policy(tx, None, {"offer_window_seconds": 1, **NO_QUIET_HOURS})
        await shop.join()
        async with (
            connect(database_url, role=WORKER, name="loop") as loop_connection,
            connect(database_url, role=WORKER, name="witness") as witness,
        ):
            stop, clock.asked = asyncio.Event(), asyncio.Event()
            loop = asyncio.create_task(timers.keep(loop_connection, clock, poll_seconds=30, stop=stop))
            await clock.asked.wait()
            await shop.free_slot()
            await shop.run_jobs()
            passed_on = asyncio.Event()  # The slot goes to the next: a job is added.
            await witness.add_listener("ch_pgqueuer", lambda *_: passed_on.set())
            await asyncio.wait_for(passed_on.wait(), 10)
            row = await shop.one("SELECT status, expires_at, ended_at FROM offers")
            assert row["status"] == "expired"
            assert timedelta(0) <= row["ended_at"] - row["expires_at"] < timedelta(seconds=1)
            stop.set()
            await asyncio.wait_for(loop, 5)  # It ends at once, and not with its poll.


async def test_the_loop_finds_by_its_poll_what_no_notify_told(database_url: str, clock: Clock) -> None:
    async with open_system(database_url, clock) as parts:
        shop = await open_shop(parts, clock)
        await an_open_offer(shop)
        async with (
            connect(database_url, role=WORKER, name="loop") as loop_connection,
            connect(database_url, role=WORKER, name="witness") as witness,
        ):
            passed_on = asyncio.Event()
            await witness.add_listener("ch_pgqueuer", lambda *_: passed_on.set())
            stop = asyncio.Event()
            loop = asyncio.create_task(timers.keep(loop_connection, clock, poll_seconds=0.05, stop=stop))
            clock.forward(minutes=16)  # Nobody hears of that.
            await asyncio.wait_for(passed_on.wait(), 10)
            stop.set()
            await asyncio.wait_for(loop, 5)
        assert (await shop.one("SELECT status FROM offers"))["status"] == "expired"
