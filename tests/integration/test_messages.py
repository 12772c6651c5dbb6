"""The outbox: sent once, in its time, by a channel that works; nothing lost and nothing twice in silence."""

from collections import deque
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs

from standby.channels.base import Outgoing, Permanent, Receipt, Retry, Sent, Uncertain
from standby.jobs.timers import take_due
from standby.messages.delivery import Asked, Claimed, decide
from standby.tenants import tenants
from standby.tenants.scope import offer_transaction
from standby.waitlist import cascade
from standby.waitlist.tokens import hash_token
from tests.salon import MONDAY_NOON, Clock, Shop, open_shop, open_system


class Moody:
    """A channel that answers what it is told to, and then that it took the message."""

    name = "moody"

    def __init__(self, *receipts: Receipt) -> None:
        self.receipts = deque(receipts)
        self.sent: list[Outgoing] = []

    async def send(self, message: Outgoing) -> Receipt:
        self.sent.append(message)
        return self.receipts.popleft() if self.receipts else Sent(f"moody-{len(self.sent)}")

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None


async def offer_row(shop: Shop) -> asyncpg.Record:
    return await shop.one(
        "SELECT status, reason, sent_at, expires_at, remind_at FROM offers ORDER BY offered_at LIMIT 1"
    )


async def message_row(shop: Shop) -> asyncpg.Record:
    return await shop.one(
        "SELECT id, status, attempts, resends, next_attempt_at, channel, failed_channels, reason FROM messages"
        " WHERE kind = 'offer' ORDER BY created_at LIMIT 1"
    )


async def opens(shop: Shop, message: Outgoing) -> UUID | None:
    """The offer whose page a message's link opens."""
    assert message.link is not None
    token = hash_token(message.link.rpartition("/")[2])
    async with offer_transaction(shop.system.pool, token) as (_, offer_id):
        return offer_id


async def events_of(shop: Shop, message_id: UUID) -> list[str]:
    rows = await shop.all("SELECT event FROM message_events WHERE message_id = $1 ORDER BY id", message_id)
    return [row["event"] for row in rows]


async def test_the_clock_of_an_offer_starts_when_a_provider_has_taken_it(database_url: str) -> None:
    clock, channel = Clock(), Moody(Retry("busy", after=120))
    async with open_system(database_url, clock, channels={"whatsapp": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.join()
        slot = await shop.free_slot()
        await shop.run_jobs()
        assert (await offer_row(shop))["sent_at"] is None
        await shop.pass_time(minutes=2)
        offer = await offer_row(shop)
        assert (offer["sent_at"], offer["expires_at"]) == (clock(), clock() + timedelta(minutes=15))
        assert offer["remind_at"] == clock() + timedelta(minutes=5)
        held = await shop.one("SELECT hold_expires_at FROM slots WHERE id = $1", slot)
        assert held["hold_expires_at"] == offer["expires_at"]


async def test_a_busy_provider_is_asked_again_after_1_2_and_4_seconds(database_url: str) -> None:
    clock, channel = Clock(), Moody(*[Retry("busy")] * 3)
    async with open_system(database_url, clock, channels={"whatsapp": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.join()
        await shop.free_slot()
        await shop.run_jobs()
        for wait in (1, 2, 4):
            row = await message_row(shop)
            pause = (row["next_attempt_at"] - clock()).total_seconds()
            assert row["status"] == "queued"
            assert wait <= pause <= wait * 1.1
            clock.at = row["next_attempt_at"]
            await shop.pass_time()
        assert (await message_row(shop))["status"] == "sent"
        assert await events_of(shop, (await message_row(shop))["id"]) == ["retry", "retry", "retry", "sent"]
        assert len(channel.sent) == 4


async def test_a_channel_that_refuses_for_good_gives_way_to_the_next(database_url: str) -> None:
    clock, whatsapp, sms = Clock(), Moody(Permanent("not on WhatsApp")), Moody()
    async with open_system(database_url, clock, channels={"whatsapp": whatsapp, "sms": sms}) as parts:
        shop = await open_shop(parts, clock)
        await shop.join()
        await shop.free_slot()
        await shop.run_jobs()
        row = await message_row(shop)
        assert (row["status"], row["channel"], row["failed_channels"]) == ("sent", "sms", ["whatsapp"])
        assert [one.to for one in whatsapp.sent] == [one.to for one in sms.sent]


async def test_a_channel_without_a_provider_gives_way_too(database_url: str) -> None:
    clock, sms = Clock(), Moody()
    async with open_system(database_url, clock, channels={"sms": sms}) as parts:
        shop = await open_shop(parts, clock)
        await shop.join()
        await shop.free_slot()
        await shop.run_jobs()
        assert (await message_row(shop))["channel"] == "sms"


async def test_who_can_not_be_reached_keeps_waiting_and_the_offer_goes_on(database_url: str) -> None:
    clock, channel = Clock(), Moody(Permanent("gone"), Permanent("gone"))
    async with open_system(database_url, clock, channels={"whatsapp": channel, "sms": channel}) as parts:
        shop = await open_shop(parts, clock)
        lost = await shop.join("Lost")
        found = await shop.join("Found")
        slot = await shop.free_slot()
        await shop.run_jobs()
        assert (await offer_row(shop))["reason"] == "undelivered"
        assert await shop.status_of("waitlist_entries", lost.entry_id) == "waiting"
        assert await shop.status_of("waitlist_entries", found.entry_id) == "notified"
        assert await shop.status_of("slots", slot) == "held"
        assert await shop.broken() == []


async def test_an_uncertain_offer_is_sent_once_more_and_reported(database_url: str) -> None:
    clock, channel = Clock(), Moody(Uncertain("cut off"))
    async with open_system(database_url, clock, channels={"whatsapp": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.join()
        await shop.free_slot()
        await shop.run_jobs()
        first, second = channel.sent
        assert (first.id, first.to) == (second.id, second.to)
        assert first.link != second.link
        row = await message_row(shop)
        assert (row["status"], row["resends"]) == ("sent", 1)
        assert await events_of(shop, row["id"]) == ["uncertain", "sent"]
        assert len(await parts.worker_pool.fetch("SELECT * FROM uncertain_messages()")) == 1
        assert await shop.broken() == []


async def test_a_lease_that_runs_out_is_uncertain_too(shop: Shop) -> None:
    await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    assert len(shop.messages()) == 1
    async with shop.transaction() as tx:  # as if the worker had died between the call and the record
        await tx.execute(
            "UPDATE messages SET status = 'sending', sent_at = NULL, lease_id = gen_random_uuid(),"
            " lease_expires_at = $1",
            shop.clock() + timedelta(seconds=30),
        )
    await shop.pass_time(seconds=30)
    assert len(shop.messages()) == 2
    row = await message_row(shop)
    assert (row["status"], row["resends"]) == ("sent", 1)


async def test_ten_messages_a_minute_leave_a_salon_and_the_rest_waits_its_turn(shop: Shop) -> None:
    for number in range(14):
        await shop.join(f"Customer {number}")
    for hour in range(14):
        await shop.free_slot(at=shop.clock() + timedelta(days=1, hours=hour))
    await shop.run_jobs()
    assert len(shop.messages()) == 10
    waiting = await shop.all("SELECT next_attempt_at FROM messages WHERE status = 'queued' ORDER BY 1")
    assert [(row["next_attempt_at"] - MONDAY_NOON).total_seconds() for row in waiting] == [6, 12, 18, 24]
    for expected in (11, 12, 13, 14):
        await shop.pass_time(seconds=6)
        assert len(shop.messages()) == expected
    assert len({one.message.to for one in shop.messages()}) == 14
    late = await shop.one("SELECT max(expires_at) AS at FROM offers")
    assert late["at"] == MONDAY_NOON + timedelta(seconds=24, minutes=15)
    assert await shop.broken() == []


async def test_one_salons_queue_does_not_hold_up_anothers(shop: Shop) -> None:
    other = await open_shop(shop.system, shop.clock, slug="other")
    for number in range(12):
        await shop.join(f"Customer {number}")
        await shop.free_slot(at=shop.clock() + timedelta(days=1, hours=number))
    await other.join("Elsewhere")
    await other.free_slot()
    await shop.run_jobs()
    assert len([one for one in shop.messages() if one.message.salon == "Other"]) == 1


async def test_a_job_too_many_sends_nothing_before_its_time(shop: Shop) -> None:
    for number in range(12):
        await shop.join(f"Customer {number}")
        await shop.free_slot(at=shop.clock() + timedelta(days=1, hours=number))
    await shop.run_jobs()
    for message in await shop.all("SELECT id FROM messages WHERE status = 'queued'"):
        await shop.all("SELECT enqueue('message.send', $1, 10)", message["id"])
    await shop.run_jobs()
    assert len(shop.messages()) == 10


async def test_a_provider_that_says_when_is_not_asked_before(database_url: str) -> None:
    clock, channel = Clock(), Moody(Retry("slow down", after=60))
    async with open_system(database_url, clock, channels={"whatsapp": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.join()
        await shop.free_slot()
        await shop.run_jobs()
        row = await message_row(shop)
        await shop.all("SELECT enqueue('message.send', $1, 10)", row["id"])
        await shop.pass_time(seconds=59)
        assert len(channel.sent) == 1
        await shop.pass_time(seconds=1)
        assert len(channel.sent) == 2


async def test_looking_again_does_not_make_a_queue_that_is_behind_longer(shop: Shop) -> None:
    await shop.join()
    slot = await shop.free_slot()
    async with shop.transaction() as tx:
        await cascade.fill(tx, slot, now=shop.clock())
    for _ in range(5):  # Nobody works, but time passes.
        shop.clock.forward(seconds=5)
        async with shop.system.worker_pool.acquire() as connection:
            await take_due(connection, shop.clock)
    jobs = await shop.system.worker_pool.fetchval(
        "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'message.send'"
    )
    assert jobs == 2
    await shop.run_jobs()
    assert len(shop.messages()) == 1


async def test_a_link_works_though_the_reminder_was_refused(database_url: str) -> None:
    clock, channel = Clock(), Moody(Sent("1"), Permanent("refused"))
    async with open_system(database_url, clock, channels={"whatsapp": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.join()
        await shop.free_slot()
        await shop.run_jobs()
        await shop.pass_time(minutes=5)
        offer, reminder = channel.sent
        assert reminder.kind == "offer_reminder"
        assert await opens(shop, offer) is not None


async def test_each_link_of_an_offer_opens_it_whatever_went_out_since(database_url: str) -> None:
    clock, channel = Clock(), Moody(Retry("busy", after=1))
    async with open_system(database_url, clock, channels={"whatsapp": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.join()
        await shop.free_slot()
        await shop.run_jobs()
        await shop.pass_time(seconds=1)
        await shop.pass_time(minutes=5)
        assert [await opens(shop, one) is not None for one in channel.sent] == [True, True, True]


async def test_a_slot_that_starts_soon_is_not_offered_and_reminded_of_in_one_breath(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, None, {"minimum_notice_seconds": 0})
    await shop.join()
    await shop.free_slot(at=shop.clock() + timedelta(minutes=8))
    await shop.run_jobs()
    assert (await offer_row(shop))["remind_at"] is None
    await shop.pass_time(seconds=1)
    assert [one.message.kind for one in shop.messages()] == ["offer"]


async def test_a_message_whose_offer_has_ended_is_dropped(database_url: str) -> None:
    clock, channel = Clock(), Moody(Retry("busy", after=60 * 20))
    async with open_system(database_url, clock, channels={"whatsapp": channel}) as parts:
        shop = await open_shop(parts, clock)
        entry = await shop.join()
        await shop.free_slot()
        await shop.run_jobs()
        await shop.pass_time(minutes=20)
        assert [one.kind for one in channel.sent] == ["offer"]
        assert (await message_row(shop))["status"] == "dropped"
        offer = await offer_row(shop)
        assert (offer["status"], offer["reason"]) == ("withdrawn", "undelivered")
        row = await shop.one("SELECT status, misses FROM waitlist_entries WHERE id = $1", entry.entry_id)
        assert (row["status"], row["misses"]) == ("waiting", 0)


async def test_the_reminder_comes_once_and_not_for_a_short_window(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, None, {"offer_window_seconds": 600})
    await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    for _ in range(9):
        await shop.pass_time(minutes=1)
    assert [one.message.kind for one in shop.messages()] == ["offer"]


async def test_a_customer_is_not_flooded(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, None, {"messages_per_day": 1, "cooldown_seconds": 0})
    entry = await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    await shop.pass_time(minutes=15)
    assert await shop.status_of("waitlist_entries", entry.entry_id) == "waiting"
    again = await shop.free_slot(at=shop.clock() + timedelta(days=2))
    await shop.run_jobs()
    assert await shop.status_of("slots", again) == "open"
    assert [one.message.kind for one in shop.messages()] == ["offer"]


def claimed(kind: str, attempt: int, *, more_channels: bool = False) -> Claimed:
    outgoing = Outgoing(UUID(int=1), "sms", kind, "+4740000001", "Shop", "", "Hello", "")
    return Claimed(Asked(UUID(int=1), UUID(int=2)), UUID(int=3), attempt, more_channels, None, None, outgoing)


def test_a_reminder_is_tried_five_times_with_the_seed_s_waits() -> None:
    waits = []
    for attempt in range(1, 5):
        outcome = decide(claimed("reminder", attempt), Retry("x"), provider="x", now=MONDAY_NOON, jitter=0)
        assert outcome.retry_at is not None
        waits.append((outcome.retry_at - MONDAY_NOON).total_seconds())
    assert waits == [5, 25, 125, 625]
    assert decide(claimed("reminder", 5), Retry("x"), provider="x", now=MONDAY_NOON).what == "failed"


@pytest.mark.parametrize(
    ("receipt", "attempt", "more", "what"),
    [
        (Sent("x"), 1, True, "sent"),
        (Retry("x"), 1, True, "retry"),
        (Retry("x"), 3, False, "retry"),
        (Retry("x"), 4, True, "next_channel"),
        (Retry("x"), 4, False, "failed"),
        (Permanent("x"), 1, True, "next_channel"),
        (Permanent("x"), 1, False, "failed"),
        (Uncertain("x"), 1, True, "uncertain"),
    ],
)
def test_what_a_receipt_means(*, receipt: Receipt, attempt: int, more: bool, what: str) -> None:
    assert (
        decide(claimed("offer", attempt, more_channels=more), receipt, provider="x", now=MONDAY_NOON).what
        == what
    )


def test_a_provider_that_says_when_is_asked_then() -> None:
    outcome = decide(claimed("offer", 1), Retry("slow down", after=17), provider="x", now=MONDAY_NOON)
    assert outcome.retry_at == MONDAY_NOON + timedelta(seconds=17)


async def test_what_is_not_taken_is_in_the_log_and_whom_it_was_for_is_not(database_url: str) -> None:
    refused = Permanent("21211: +4740000001 and kari@example.com can't be reached")
    clock, channel = Clock(), Moody(refused)
    async with open_system(database_url, clock, channels={"whatsapp": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.join()
        await shop.free_slot()
        with capture_logs() as logged:
            await shop.run_jobs()
        [line] = [one for one in logged if one["event"] == "message_not_taken"]
        assert (line["outcome"], line["channel"], line["kind"]) == ("failed", "whatsapp", "offer")
        assert line["reason"] == "21211: … and … can't be reached"
