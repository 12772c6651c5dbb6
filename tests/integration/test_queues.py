"""The queues as operators know them: bounded, paused, kept for a while, counted, retried."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pgqueuer.types import QueueExecutionMode

from standby.database.pool import WORKER, Pool, connect
from standby.errors import JobNotFound, QueueNotFound
from standby.jobs import monitor, story
from standby.jobs.gate import Gate
from standby.jobs.handlers import handlers
from standby.jobs.presence import Presence
from standby.jobs.queue import build_queue, run_queue
from standby.jobs.queues import BY_NAME, FILL, PREFERENCE, QUEUES, SEND, read_retention
from standby.jobs.reconcile import prune
from standby.jobs.timers import TIMERS, take_due
from standby.settings import Settings
from standby.wiring import System
from tests.salon import Clock, Shop

EXPIRY = BY_NAME["waitlist.expiry"]
NOTIFICATION = BY_NAME["waitlist.notification"]
ADD = """
INSERT INTO pgqueuer (priority, entrypoint, payload, status)
SELECT 5, $1, convert_to(format('{"tenant": "%s", "id": "%s"}', $2::uuid, gen_random_uuid()), 'UTF8'), 'queued'
FROM generate_series(1, $3)
"""


@dataclass
class Work:
    """A handler that waits until it is let go, and knows how many were at work at once."""

    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Queue[UUID] = field(default_factory=asyncio.Queue)
    now: int = 0
    most: int = 0

    async def __call__(self, _: UUID, row_id: UUID) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        self.begun.put_nowait(row_id)
        await self.let_go.wait()
        self.now -= 1


async def add(pool: Pool, job: str, count: int = 1) -> None:
    await pool.execute(ADD, job, uuid4(), count)


@asynccontextmanager
async def working(
    parts: System, work: Mapping[str, Callable[[UUID, UUID], Awaitable[object]]], gate: Gate
) -> AsyncIterator[None]:
    async with connect(parts.url, role=WORKER, name="test worker") as connection:
        manager = build_queue(connection, work, gate=gate)
        running = asyncio.create_task(run_queue(manager))
        try:
            yield
        finally:
            manager.shutdown.set()
            await running


async def drain(parts: System, work: Mapping[str, Any], gate: Gate | None = None) -> None:
    """Works until nothing is left to be done now."""
    async with connect(parts.url, role=WORKER, name="test worker") as connection:
        await build_queue(connection, work, gate=gate).run(mode=QueueExecutionMode.drain, batch_size=10)


async def fail(*_: UUID) -> None:
    raise RuntimeError("Kari Nordmann <kari@example.com> +47 400 00 001 is away")


async def failed(parts: System, job: str, count: int = 1) -> None:
    """So many jobs that have failed for good."""
    await add(parts.worker_pool, job, count)
    await parts.worker_pool.execute("UPDATE pgqueuer SET attempts = 9 WHERE status = 'queued'")
    await drain(parts, {job: fail})


async def standing(parts: System, queue: str) -> monitor.Standing:
    found = await monitor.standings(parts.worker_pool, now=parts.clock())
    return next(one for one in found if one.queue.name == queue)


def test_every_job_and_every_timer_is_of_one_queue(shop: Shop) -> None:
    system = shop.system
    kinds = handlers(
        system.pool, system.delivery, system.clock, system.calendars, system.webhooks, system.mailing
    )
    works = [work for queue in QUEUES for work in (*queue.jobs, *queue.timers)]
    assert sorted(works) == sorted([*kinds, *TIMERS])


def test_settings_have_the_seeds_names_and_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = Settings(_env_file=None).queue_rules()
    seeds = {
        "waitlist.expiry": (5, 3, 1.0, 100, 1, 1000),
        "waitlist.notification": (10, 3, 1.0, 200, 24, 2000),
        "waitlist.preference": (2, 3, 5.0, 50, 1, 500),
    }
    for name, (concurrency, times, first, completed, hours, parked) in seeds.items():
        rule = rules[name]
        assert (rule.concurrency, rule.retry.times, rule.retry.first.total_seconds()) == (
            concurrency,
            times,
            first,
        )
        assert (rule.completed.most, rule.completed.age) == (completed, timedelta(hours=hours))
        assert (rule.failed.most, rule.failed.age) == (parked, timedelta(days=7))
    monkeypatch.setenv("WAITLIST_EXPIRY_CONCURRENCY", "7")
    monkeypatch.setenv("WAITLIST_EXPIRY_RETENTION", "1/2m,3/4d")
    rule = Settings(_env_file=None).queue_rules()["waitlist.expiry"]
    assert (rule.concurrency, (rule.completed, rule.failed)) == (7, read_retention("1/2m,3/4d"))


async def test_a_worker_has_no_more_jobs_of_a_queue_under_way_than_are_set(parts: System) -> None:
    work, gate = Work(), Gate({EXPIRY.name: 3})
    await add(parts.worker_pool, FILL, 40)
    async with working(parts, {FILL: work}, gate):
        for _ in range(3):
            await work.begun.get()
        work.let_go.set()
        for _ in range(37):
            await work.begun.get()
    assert work.most == 3


async def test_a_full_queue_keeps_no_other_waiting_and_leaves_its_jobs_to_other_workers(
    parts: System,
) -> None:
    slow, quick, gate = Work(), Work(), Gate({EXPIRY.name: 50, NOTIFICATION.name: 2})
    quick.let_go.set()
    await add(parts.worker_pool, SEND, 40)
    async with working(parts, {SEND: slow, FILL: quick}, gate):
        await slow.begun.get()
        await add(parts.worker_pool, FILL, 60)
        for _ in range(60):
            await quick.begun.get()
        in_hand = gate.in_hand[NOTIFICATION.name]
        slow.let_go.set()
    assert in_hand < 3 * 2


async def test_jobs_of_a_paused_queue_stay_queued_until_it_is_resumed(parts: System) -> None:
    pool, work, other, gate = parts.worker_pool, Work(), Work(), Gate({EXPIRY.name: 5, NOTIFICATION.name: 5})
    work.let_go.set()
    other.let_go.set()
    presence = Presence(pool, parts.clock, gate)
    assert await monitor.pause(pool, NOTIFICATION, by="ops", now=parts.clock())
    assert not await monitor.pause(pool, NOTIFICATION, by="again", now=parts.clock())
    await add(pool, SEND, 3)
    await presence.beat()
    async with working(parts, {SEND: work, FILL: other}, gate):
        await add(pool, FILL, 1)
        await other.begun.get()
        stands = await standing(parts, NOTIFICATION.name)
        assert (stands.waiting, stands.active, stands.paused_by) == (3, 0, "ops")
        assert work.begun.empty()
        assert await monitor.resume(pool, NOTIFICATION)
        await presence.beat()
        for _ in range(3):
            await work.begun.get()
    assert (await standing(parts, NOTIFICATION.name)).paused_at is None


async def test_timers_of_a_paused_queue_let_deadlines_be(shop: Shop) -> None:
    await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    offer = (await shop.one("SELECT id FROM offers"))["id"]
    pool = shop.system.worker_pool
    await monitor.pause(pool, EXPIRY, by="ops", now=shop.clock())
    gate = Gate()
    await Presence(pool, shop.clock, gate).beat()
    shop.clock.forward(hours=1)
    async with pool.acquire() as connection:
        paused = gate.pauses(TIMERS)
        while (await take_due(connection, shop.clock, paused))[0]:
            pass
    assert await shop.status_of("offers", offer) == "pending"
    assert (await standing(shop.system, EXPIRY.name)).waiting > 0
    taken, _ = await shop.system.web.process()  # An outside scheduler obeys too.
    assert await shop.status_of("offers", offer) == "pending"
    await monitor.resume(pool, EXPIRY)
    taken, _ = await shop.system.web.process()
    assert taken
    assert await shop.status_of("offers", offer) == "expired"


async def test_a_queue_s_deadlines_are_its_delayed_work(shop: Shop) -> None:
    await shop.join()
    await shop.free_slot()
    assert (await standing(shop.system, EXPIRY.name)).waiting == 1
    await shop.run_jobs()
    stands = await standing(shop.system, EXPIRY.name)
    assert (stands.waiting, stands.active, stands.completed, stands.failed) == (0, 0, 1, 0)
    assert stands.delayed == 1


async def test_a_failed_job_is_shown_without_people_and_retried_or_deleted(parts: System) -> None:
    await failed(parts, PREFERENCE, 3)
    pool, queue = parts.worker_pool, BY_NAME["waitlist.preference"]
    [newest, middle, oldest] = await monitor.jobs(pool, queue, "failed")
    assert (newest.error, newest.state) == ("RuntimeError: Kari Nordmann <…> … is away", "failed")
    assert [one.id for one in await monitor.jobs(pool, queue, "failed", after=middle.place)] == [oldest.id]
    shown = await monitor.job(pool, newest.id)
    assert (shown.queue, shown.job, shown.state) == (queue.name, PREFERENCE, "failed")
    told = str(shown)
    assert "tenant" in shown.payload
    assert "fail" in shown.log[-1].traceback
    assert "kari@example.com" not in told
    assert "400 00" not in told
    assert await monitor.delete(pool, queue, [oldest.id], by="Ada") == 1
    assert await monitor.delete(pool, EXPIRY, [middle.id], by="Ada") == 0  # Not of that queue.
    assert await monitor.retry(pool, queue, [middle.id, oldest.id], by="Ada") == 1
    assert (await monitor.job(pool, middle.id)).state == "waiting"
    work = Work()
    work.let_go.set()
    await drain(parts, {PREFERENCE: work})
    assert (await monitor.job(pool, middle.id)).state == "completed"
    assert await monitor.retry(pool, queue, by="Ada") == 1
    assert await monitor.delete(pool, queue, by="Ada") == 0
    with pytest.raises(JobNotFound):
        await monitor.job(pool, 10**12)
    with pytest.raises(QueueNotFound):
        monitor.queue_named("waitlist")


async def test_completed_and_failed_jobs_are_kept_as_the_settings_say(parts: System) -> None:
    work = Work()
    work.let_go.set()
    pool = parts.worker_pool
    await failed(parts, FILL, 4)
    await add(pool, FILL, 5)
    await drain(parts, {FILL: work})
    rules = Settings(waitlist_expiry_retention="2/1h,3/7d", _env_file=None).queue_rules()
    now = datetime.now(UTC)  # noqa: TID251 - PgQueuer's lines have the server's time
    await prune(pool, rules, now=now)
    stands = await standing(parts, EXPIRY.name)
    assert (stands.completed, stands.failed) == (2, 3)
    await prune(pool, rules, now=now + timedelta(hours=2))
    stands = await standing(parts, EXPIRY.name)
    assert (stands.completed, stands.failed) == (0, 3)
    for one in await monitor.jobs(pool, EXPIRY, "failed"):
        assert (await monitor.job(pool, one.id)).log
    await prune(pool, rules, now=now + timedelta(days=8))
    assert (await standing(parts, EXPIRY.name)).failed == 0
    assert await pool.fetchval("SELECT count(*) FROM pgqueuer_log") == 0


async def test_messages_are_no_jobs_and_stay(shop: Shop) -> None:
    await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    before = await shop.all("SELECT * FROM messages")
    rules = shop.system.settings.queue_rules()
    await prune(shop.system.worker_pool, rules, now=shop.clock() + timedelta(days=400))
    assert await shop.all("SELECT * FROM messages") == before


async def test_workers_are_listed_with_what_they_have_in_hand_until_they_leave(
    parts: System, clock: Clock
) -> None:
    pool, gate, work = parts.worker_pool, Gate({EXPIRY.name: 2}), Work()
    presence = Presence(pool, clock, gate)
    async with presence.kept(), working(parts, {FILL: work}, gate):
        await add(pool, FILL, 1)
        await work.begun.get()
        await presence.beat()
        [worker] = await monitor.workers(pool, now=clock())
        assert (worker.pid, worker.alive, worker.in_hand) == (os.getpid(), True, {EXPIRY.name: 1})
        [late] = await monitor.workers(pool, now=clock.at + timedelta(seconds=11))
        assert not late.alive
        work.let_go.set()
    assert await monitor.workers(pool, now=clock()) == []


async def test_what_two_workers_did_is_one_sum_by_queue_and_minute(parts: System, clock: Clock) -> None:
    pool, work = parts.worker_pool, Work()
    work.let_go.set()
    began = clock()
    for _ in range(2):
        gate = Gate({EXPIRY.name: 5})
        await add(pool, FILL, 3)
        await drain(parts, {FILL: work}, gate)
        gate.note_late("expire_due_offers", 0.004)
        await Presence(pool, clock, gate).beat()
        clock.forward(minutes=1)
    totals = await monitor.work_totals(pool)
    done = totals[EXPIRY.name]
    assert done.came["completed"] == 6
    assert (sum(done.runs.counts), sum(done.waits.counts)) == (6, 6)
    assert totals["expire_due_offers"].waits.counts[0] == 2
    steps = await monitor.work_since(pool, began, step=timedelta(minutes=1), steps=3)
    assert [step.done.get(EXPIRY.name) is not None for step in steps] == [True, True, False]
    assert steps[0].done[EXPIRY.name].came["completed"] == 3


async def test_what_became_of_offers_and_messages_is_counted_once(shop: Shop) -> None:
    pool, clock = shop.system.worker_pool, shop.clock
    await story.count(pool, now=clock.forward(minutes=1))
    clock.forward(minutes=1)
    await shop.join()
    await shop.free_slot()
    clock.forward(seconds=3)
    await shop.run_jobs()
    await shop.pass_time(minutes=16)  # Nobody answers.
    for _ in range(3):
        await story.count(pool, now=clock.forward(minutes=5))
    totals = {(one.metric, *one.labels): one for one in await story.totals(pool)}
    assert totals["offers", "expired"].amount == 1
    assert ("offers", "accepted") not in totals
    first = totals["first_message",]
    assert (first.amount, first.seconds, sum(first.counts)) == (1, 3.0, 1)
    assert sum(one.amount for key, one in totals.items() if key[0] == "sends" and key[-1] == "sent") >= 1
