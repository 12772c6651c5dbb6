"""SIGKILL between a webhook's request and its record: the next worker sends the same event again, under the same id."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography.fernet import Fernet
from standardwebhooks.webhooks import Webhook

from standby.runtime import work
from standby.webhooks import sending
from tests.acceptance.processes import PATIENCE, running, settings, until
from tests.acceptance.stage import WallClock
from tests.api import calling
from tests.fakes.receiver import FakeReceiver
from tests.fakes.serving import Dawdles
from tests.salon import open_shop, open_system

ALL_TOLD = "SELECT count(*) > 0 AND bool_and(status = 'delivered') FROM standby.webhook_deliveries"
LEASE_ENDS = """
UPDATE standby.webhook_deliveries SET lease_until = now(), next_attempt_at = now(), look_at = now()
WHERE lease_until IS NOT NULL
"""


async def test_a_worker_that_is_killed_before_it_can_record_loses_no_event(
    database_url: str, tmp_path: Path
) -> None:
    erp = FakeReceiver()
    async with erp.served():
        given: dict[str, Any] = {
            "sealing_keys": Fernet.generate_key().decode(),
            "allow_private_targets": "127.0.0.1",
            "pool_size": 2,  # A short rehearsal.
        }
        named = {name.upper(): str(value) for name, value in given.items()}
        env = settings(tmp_path, DATABASE_URL=database_url, **named)
        owner = await asyncpg.connect(database_url)
        clock = WallClock()
        async with open_system(database_url, clock, **given) as parts:
            shop = await open_shop(parts, clock)
            async with calling(shop) as api:
                added = await api.post("/api/webhooks", json={"url": erp.address()})
                secret = added.json()["secret"]
            erp.next(Dawdles(takes=True))  # It has the event, and never says so.
            async with running("work", cwd=tmp_path, env=env) as worker:
                booking = await shop.book()
                async with asyncio.timeout(PATIENCE):
                    await erp.hears(1)
                await shop.cancel(booking)  # What comes meanwhile waits.
                await worker.kill()
            assert not await owner.fetchval(ALL_TOLD)

            await owner.execute(LEASE_ENDS)  # A minute goes by.
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as loops:
                loops.create_task(
                    work(parts, stop)
                )  # The next worker: another process takes seconds to start.
                await until(owner, ALL_TOLD)
                stop.set()
        await owner.close()
    assert sorted(erp.types()) == ["booking.cancelled", "booking.created", "booking.created", "slot.opened"]
    assert len({told.id for told in erp.told}) == 3
    for told in erp.told:
        Webhook(secret).verify(told.raw, dict(told.headers))


async def test_webhooks_of_one_salon_that_never_answer_hold_up_no_other_s(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SECONDS", 1.0)
    slow, quick = FakeReceiver(), FakeReceiver()
    slow.next(*[Dawdles(takes=True)] * 100)
    clock = WallClock()
    async with (
        slow.served(),
        quick.served(),
        open_system(database_url, clock, allow_private_targets="127.0.0.1", pool_size=4) as parts,
    ):
        one = await open_shop(parts, clock, slug="one")
        other = await open_shop(parts, clock, slug="other")
        for shop, erp in ((one, slow), *[(one, slow)] * 5, (other, quick)):
            async with calling(shop) as api:
                assert (await api.post("/api/webhooks", json={"url": erp.address()})).status_code == 201
        for _ in range(5):
            await one.free_slot()
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as loops:
            loops.create_task(work(parts, stop))
            await slow.hears(2)
            await other.book(phone="+4799999999")
            async with asyncio.timeout(PATIENCE):
                await quick.hears(1)
            asked = slow.asked
            stop.set()
    assert quick.types() == ["booking.created"]
    assert asked <= 6
