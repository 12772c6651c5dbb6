"""SIGKILL at every step of the flow, and a restart: no slot left unoffered, no offer without an end, no message twice.

The processes are the real ones, and an SMTP server takes real mails. Nothing in Standby knows of these tests: a lock
that the test holds stops a process at an exact step (PostgreSQL itself says that it waits there), or the SMTP server
keeps silent; there it is killed. PostgreSQL goes on with the statement that a dead process has sent, so a step stands
here with both its ends where it has both:

    undone   its session is ended too, and what it was doing is rolled back
    done     the statement, or the COMMIT, is carried out, and nobody is left to hear of it

The numbers are those of "How work flows" in ARCHITECTURE.md: 1 a slot frees, 2 fill, 3 send, 4 answer, 5 silence.
In the end no promise is broken (the query of `standby doctor`, which has to agree), no job is left, and no mail came
twice but an offer whose first sending was uncertain (`messages.resends`).
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from standby.database import embedded
from standby.database.migrate import migrate
from standby.waitlist import cascade, offers
from tests.acceptance.processes import running, settings
from tests.acceptance.stage import RECOVERY, Stage, connected, open_stage
from tests.conftest import Server

AT_ONCE = 4  # steps; most of each is waiting for a dead worker's time to be up

# Kari, the first in line, has the only offer; her mail was sent, after $1 uncertain times.
OFFERED = """
SELECT count(*) = 1 AND bool_and(c.name = 'Kari' AND o.status = 'pending' AND o.sent_at IS NOT NULL
                                 AND m.status = 'sent' AND m.resends = $1)
FROM offers o JOIN customers c ON c.id = o.customer_id JOIN messages m ON m.offer_id = o.id AND m.kind = 'offer'"""
# She has booked, and the confirmation's status is $1.
BOOKED = """
SELECT count(*) = 2 AND bool_and(s.status = 'booked' AND m.resends = 0
                                 AND m.status = CASE m.kind WHEN 'booked' THEN $1 ELSE 'sent' END)
FROM messages m JOIN slots s ON s.id = m.slot_id"""
# She has kept silent, and Ola has the offer.
PASSED_ON = """
SELECT count(*) = 2 AND bool_and(m.status = 'sent' AND (c.name, o.status, e.status, e.misses) IN (
                                     ('Kari', 'expired', 'cooldown', 1), ('Ola', 'pending', 'notified', 0)))
FROM offers o JOIN customers c ON c.id = o.customer_id JOIN waitlist_entries e ON e.id = o.entry_id
JOIN messages m ON m.offer_id = o.id AND m.kind = 'offer'"""
# She is reminded.
REMINDED = """
SELECT count(*) = 2 AND bool_and(m.status = 'sent' AND o.status = 'pending' AND o.reminded_at IS NOT NULL)
FROM messages m JOIN offers o ON o.id = m.offer_id"""
# Per's reminder was written once, and its status is $1.
ONE_REMINDER = """
SELECT count(*) = 1 AND bool_and(m.kind = 'reminder' AND m.status = $1 AND b.remind_at > now()
                                 AND b.reminder_number = 2)
FROM messages m JOIN bookings b ON b.id = m.booking_id"""
# Both have an offer, and none was sent twice.
BOTH_OFFERED = "SELECT count(*) = 2 AND bool_and(status = 'sent' AND resends = 0) FROM messages"

OPEN_SLOT = "SELECT FROM slots WHERE status = 'open' FOR UPDATE"
ENTRIES = "SELECT FROM waitlist_entries FOR UPDATE"
MESSAGES = "SELECT FROM messages FOR UPDATE"


async def killed_in_the_fill(stage: Stage, lock: str) -> None:
    await stage.free()
    await _kill_where_it_waits(stage, lock)


async def killed_at_the_fill_s_commit(stage: Stage, *, undone: bool) -> None:
    await stage.free()
    async with stage.lock_commits("offers") as lock, stage.process("work") as worker:
        stopped = await lock.stops_somebody()
        await worker.kill()
        if undone:
            await stopped.undo()


async def killed_in_the_claim(stage: Stage, *, undone: bool) -> None:
    await stage.free()
    await _kill_where_it_waits(stage, "LOCK TABLE rate_limits IN SHARE MODE", undone=undone)


async def killed_when_the_provider_keeps_silent(stage: Stage, where: str) -> None:
    await stage.free()
    await _kill_in_silence(stage, where)


async def killed_in_the_record(stage: Stage, *, undone: bool) -> None:
    await stage.free()
    stage.provider.fall_silent("answer")
    async with stage.process("work") as worker:
        await stage.provider.keeps_somebody_waiting()
        async with stage.lock(MESSAGES) as lock:
            stage.provider.speak()
            stopped = await lock.stops_somebody()
            await worker.kill()
            if undone:
                await stopped.undo()


async def killed_when_it_confirms(stage: Stage) -> None:
    await stage.offer()
    async with stage.shop.transaction() as tx:
        [offer] = await tx.fetch("SELECT id FROM offers")
        await offers.accept(tx, offer["id"], now=stage.shop.clock(), actor="customer")
    await _kill_in_silence(stage, "answer")


async def killed_when_it_ends_an_offer(stage: Stage, *, undone: bool) -> None:
    await _offer_for_a_second(stage)
    await _kill_where_it_waits(stage, ENTRIES, undone=undone)


async def killed_when_it_reminds(stage: Stage, *, undone: bool) -> None:
    await stage.rules(offer_window_seconds=900, reminder_lead_seconds=899)
    await stage.offer()
    await _kill_where_it_waits(stage, "LOCK TABLE messages IN SHARE MODE", undone=undone)


async def killed_when_it_writes_a_booking_s_reminder(stage: Stage, *, undone: bool) -> None:
    await stage.remind()
    await _kill_where_it_waits(stage, "LOCK TABLE messages IN SHARE MODE", undone=undone)


async def killed_when_it_sends_a_booking_s_reminder(stage: Stage) -> None:
    await stage.remind()
    await _kill_in_silence(stage, "answer")


@dataclass(frozen=True)
class Step:
    """Where a worker is killed, what has to be true after a restart, and how many mails came by then."""

    sentence: str
    crash: Callable[[Stage], Awaitable[None]]
    good: str
    values: tuple[object, ...]
    mails: int


STEPS = [
    Step(
        "2 it has the job and has not begun to fill",
        partial(killed_in_the_fill, lock=OPEN_SLOT), OFFERED, (0,), 1,
    ),
    Step(
        "2 it has chosen a candidate and made no offer",
        partial(killed_in_the_fill, lock=ENTRIES), OFFERED, (0,), 1,
    ),
    Step(
        "2 it commits the offer, undone",
        partial(killed_at_the_fill_s_commit, undone=True), OFFERED, (0,), 1,
    ),
    Step(
        "2 it commits the offer, done, and nobody has the message's job",
        partial(killed_at_the_fill_s_commit, undone=False), OFFERED, (0,), 1,
    ),
    Step(
        "3 it claims the message, undone",
        partial(killed_in_the_claim, undone=True), OFFERED, (0,), 1,
    ),
    Step(
        "3 it claims the message, done, and has not called the provider",
        partial(killed_in_the_claim, undone=False), OFFERED, (1,), 1,
    ),
    Step(
        "3 it has called the provider and said nothing yet",
        partial(killed_when_the_provider_keeps_silent, where="greeting"), OFFERED, (1,), 1,
    ),
    Step(
        "3 the provider has the mail and has not answered",
        partial(killed_when_the_provider_keeps_silent, where="answer"), OFFERED, (1,), 2,
    ),
    Step(
        "3 the provider has answered and the record is undone",
        partial(killed_in_the_record, undone=True), OFFERED, (1,), 2,
    ),
    Step(
        "3 the provider has answered and the record is done",
        partial(killed_in_the_record, undone=False), OFFERED, (0,), 1,
    ),
    Step(
        "4 the provider has the confirmation and has not answered",
        killed_when_it_confirms, BOOKED, ("uncertain",), 2,
    ),
    Step(
        "5 it ends an offer, undone",
        partial(killed_when_it_ends_an_offer, undone=True), PASSED_ON, (), 2,
    ),
    Step(
        "5 it ends an offer, done, and nobody fills the slot",
        partial(killed_when_it_ends_an_offer, undone=False), PASSED_ON, (), 2,
    ),
    Step(
        "5 it writes the reminder, undone",
        partial(killed_when_it_reminds, undone=True), REMINDED, (), 2,
    ),
    Step(
        "5 it writes the reminder, done, and nobody sends it",
        partial(killed_when_it_reminds, undone=False), REMINDED, (), 2,
    ),
    Step(
        "5 it writes a booking's reminder, undone",
        partial(killed_when_it_writes_a_booking_s_reminder, undone=True), ONE_REMINDER, ("sent",), 1,
    ),
    Step(
        "5 it writes a booking's reminder, done, and nobody sends it",
        partial(killed_when_it_writes_a_booking_s_reminder, undone=False), ONE_REMINDER, ("sent",), 1,
    ),
    Step(
        "3 the provider has a booking's reminder and has not answered",
        killed_when_it_sends_a_booking_s_reminder, ONE_REMINDER, ("uncertain",), 1,
    ),
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.sentence)
async def test_a_worker_is_killed_when(step: Step, played: Mapping[Step, Awaitable[None]]) -> None:
    await played[step]


@pytest.fixture(scope="module")
async def played(
    request: pytest.FixtureRequest, server: Server, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Mapping[Step, Awaitable[None]]]:
    """The steps that are asked for, some at once, each with a database of its own."""
    few = asyncio.Semaphore(AT_ONCE)

    async def play(step: Step) -> None:
        async with (
            few,
            server.database(migrated) as url,
            open_stage(url, tmp_path_factory.mktemp("step")) as stage,
        ):
            await step.crash(stage)
            async with stage.process("work") as worker:
                await stage.recovers(worker, step.good, *step.values)
                await stage.all_is_well()
                assert await worker.stop() == 0, worker.log
            assert len(stage.provider.received) == step.mails

    asked = [item.callspec.params.get("step") for item in request.session.items if hasattr(item, "callspec")]
    plays = {step: asyncio.create_task(play(step)) for step in STEPS if step in asked}
    yield plays
    for one in plays.values():
        one.cancel()
    await asyncio.gather(*plays.values(), return_exceptions=True)


async def test_1_the_api_is_killed_in_the_middle_of_a_cancellation(stage: Stage) -> None:
    async with stage.process("web") as web:
        await web.says("serving")
        async with stage.lock("LOCK TABLE pgqueuer IN SHARE MODE") as lock:
            call = asyncio.create_task(stage.post(web, f"bookings/{stage.booking}/cancel"))
            await lock.stops_somebody()
            await web.kill()
            with pytest.raises(httpx.TransportError):
                await call
    async with stage.process("serve") as again:
        assert (await stage.post(again, f"bookings/{stage.booking}/cancel")).status_code == 200
        await stage.recovers(again, OFFERED, 0)
        await stage.all_is_well()
        assert await again.stop() == 0, again.log


@pytest.mark.parametrize("undone", [True, False], ids=["undone", "done"])
async def test_1_the_api_is_killed_before_it_answers_that_a_booking_is_cancelled(
    stage: Stage, *, undone: bool
) -> None:
    await _kill_at_the_commit_of_a_call(stage, "slots", f"bookings/{stage.booking}/cancel", undone=undone)
    async with stage.process("serve") as again:
        answer = await stage.post(again, f"bookings/{stage.booking}/cancel")
        assert answer.status_code == (200 if undone else 409)
        await stage.recovers(again, OFFERED, 0)
        await stage.all_is_well()
        assert await again.stop() == 0, again.log
    assert len(stage.provider.received) == 1


@pytest.mark.parametrize("undone", [True, False], ids=["undone", "done"])
async def test_4_the_api_is_killed_before_it_answers_that_an_offer_is_accepted(
    stage: Stage, *, undone: bool
) -> None:
    await stage.offer()
    [token] = stage.provider.tokens
    await _kill_at_the_commit_of_a_call(stage, "bookings", f"confirm/{token}", undone=undone)
    async with stage.process("serve") as again:
        answer = (await stage.post(again, f"confirm/{token}")).json()
        assert (answer["outcome"], answer["again"]) == ("booked", not undone)
        await stage.recovers(again, BOOKED, "sent")
        await stage.all_is_well()
        assert await again.stop() == 0, again.log
    assert len(stage.provider.received) == 2


async def test_3_a_message_that_has_two_jobs_is_sent_once(stage: Stage) -> None:
    """Its own, and that of whoever took it for lost while no worker ran."""
    slot = await stage.shop.cancel(stage.booking)
    async with stage.shop.transaction() as tx:
        await cascade.fill(tx, slot, now=stage.shop.clock())
    await stage.owner.execute("SELECT enqueue_for(tenant_id, 'message.send', id, 10) FROM messages")
    await stage.shop.run_jobs()
    assert len(stage.provider.received) == 1
    async with stage.process("work") as worker:
        await worker.says("working")
        await stage.all_is_well()


async def test_of_two_workers_one_is_killed_in_the_middle_of_a_job_and_the_other_does_it(
    stage: Stage,
) -> None:
    await stage.free()
    async with stage.lock(OPEN_SLOT) as lock, stage.process("work") as one:
        await lock.stops_somebody()
        async with stage.process("work") as other:
            await other.says("working")
            await one.kill()
            await lock.release()
            await stage.recovers(other, OFFERED, 0)
            await stage.all_is_well()


async def test_a_worker_that_is_asked_to_stop_finishes_its_message_and_leaves_the_queue_to_the_next(
    stage: Stage,
) -> None:
    await stage.free()
    stage.provider.fall_silent("answer")
    async with stage.process("work", MESSAGE_LEASE_SECONDS=60) as worker:
        await stage.provider.keeps_somebody_waiting()
        worker.send(signal.SIGTERM)
        await worker.says("stopping")
        await stage.free_another()
        stage.provider.speak()
        async with asyncio.timeout(RECOVERY):
            assert await worker.ends() == 0, worker.log
    [message] = await stage.owner.fetch("SELECT status, resends FROM messages")
    assert tuple(message) == ("sent", 0)
    [job] = await stage.owner.fetch("SELECT entrypoint, status FROM pgqueuer")
    assert tuple(job) == ("waitlist.fill", "queued")
    async with stage.process("work") as worker:
        await stage.recovers(worker, BOTH_OFFERED)
        await stage.all_is_well()


async def test_a_worker_whose_statement_is_cancelled_begins_anew(stage: Stage) -> None:
    await _offer_for_a_second(stage)
    async with stage.lock(ENTRIES) as lock, stage.process("work") as worker:
        await (await lock.stops_somebody()).cancel()
        await worker.says("database_lost")
        await lock.release()
        await stage.recovers(worker, PASSED_ON)
        await stage.all_is_well()
        assert await worker.stop() == 0, worker.log


async def test_a_process_whose_sessions_are_all_ended_begins_anew(stage: Stage) -> None:
    ours = [row["pid"] for row in await stage.owner.fetch("SELECT pid FROM pg_stat_activity")]
    async with stage.process("serve") as serve:
        await serve.says("working")
        await stage.owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> ALL ($1)",
            ours,
        )
        await serve.says("working", times=2)
        assert (await stage.post(serve, f"bookings/{stage.booking}/cancel")).status_code == 200
        await stage.recovers(serve, OFFERED, 0)
        await stage.all_is_well()
        assert await serve.stop() == 0, serve.log


async def test_a_worker_waits_for_a_database_server_that_was_killed_in_the_middle_of_a_fill(
    cluster: Path, tmp_path: Path
) -> None:
    server = embedded.start(cluster)
    url = server.url("worker")
    await migrate(url)
    async with open_stage(url, tmp_path) as stage, stage.process("work") as worker:
        await stage.free()
        async with stage.lock(ENTRIES) as lock:
            await lock.stops_somebody()
            os.kill(_postmaster(cluster), signal.SIGKILL)
            await worker.says("database_lost")
        again = embedded.start(cluster)
        stage.owner = await connected(url)
        await worker.says("working", times=2)
        await stage.recovers(worker, OFFERED, 0)
        await stage.all_is_well()
        assert await worker.stop() == 0, worker.log
    again.stop()
    server.stop()


async def test_serve_starts_its_own_database_server_again(cluster: Path, tmp_path: Path) -> None:
    async with running("serve", cwd=tmp_path, env=settings(cluster, PORT=0)) as serve:
        address = (await serve.says("serving"))["address"]
        await serve.says("working")
        os.kill(_postmaster(cluster), signal.SIGKILL)
        await serve.says("working", times=2)
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{address}/api/offers/no-such-token")
        assert answer.json()["error"]["code"] == "OFFER_NOT_FOUND"
        assert await serve.stop() == 0, serve.log
    assert not (cluster / "postgres" / "postmaster.pid").exists()


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(database_url, tmp_path) as stage:
        yield stage


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for a database server of Standby's own, which no test leaves running."""
    return tmp_path_factory.mktemp("own")


async def _kill_where_it_waits(stage: Stage, statement: str, *, undone: bool = False) -> None:
    async with stage.lock(statement) as lock, stage.process("work") as worker:
        stopped = await lock.stops_somebody()
        await worker.kill()
        if undone:
            await stopped.undo()


async def _kill_in_silence(stage: Stage, where: str) -> None:
    stage.provider.fall_silent(where)
    async with stage.process("work") as worker:
        await stage.provider.keeps_somebody_waiting()
        await worker.kill()
    stage.provider.speak()


async def _kill_at_the_commit_of_a_call(stage: Stage, table: str, path: str, *, undone: bool) -> None:
    async with stage.process("web") as web, stage.lock_commits(table) as lock:
        call = asyncio.create_task(stage.post(web, path))
        stopped = await lock.stops_somebody()
        await web.kill()
        if undone:
            await stopped.undo()
        with pytest.raises(httpx.TransportError):
            await call


async def _offer_for_a_second(stage: Stage) -> None:
    """Kari's offer ends soon, later ones last as usual."""
    await stage.rules(offer_window_seconds=1)
    await stage.offer()
    await stage.rules()


def _postmaster(cluster: Path) -> int:
    return int((cluster / "postgres" / "postmaster.pid").read_text().splitlines()[0])
