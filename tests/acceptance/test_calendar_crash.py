"""SIGKILL between a write to a calendar and its record: the next worker finds the event there, and there is one."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
from cryptography.fernet import Fernet

from standby.runtime import work
from tests.acceptance.processes import PATIENCE, running, settings, until
from tests.acceptance.stage import WallClock
from tests.api import calling
from tests.fakes.google_calendar import FakeGoogle
from tests.fakes.serving import Dawdles
from tests.salon import open_shop, open_system

CALLBACK = "http://127.0.0.1:8000/calendars/google/callback"
READ = "SELECT bool_and(read_at IS NOT NULL) FROM standby.calendar_links"
WRITTEN = "SELECT bool_and(written = wanted) FROM standby.calendar_events"
LEASE_ENDS = (
    "UPDATE standby.calendar_events SET lease_until = now(), next_attempt_at = now() WHERE written < wanted"
)


class Telling(FakeGoogle):
    """Tells the test that it has taken an event."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.taken = asyncio.Event()

    def _store(self, calendar: str, event: dict[str, Any]) -> dict[str, Any]:
        self.taken.set()
        return super()._store(calendar, event)


async def test_a_worker_that_is_killed_before_it_can_record_leaves_one_event(
    database_url: str, tmp_path: Path
) -> None:
    clock = WallClock()
    google = Telling(client_id="client", client_secret="hush", redirect_uri=CALLBACK, clock=clock)
    async with google.served():
        apart: dict[str, Any] = {f"google_{part}": google.url for part in ("api", "accounts", "oauth")}
        apart |= {"google_client_id": "client", "google_client_secret": "hush"}
        apart |= {"sealing_keys": Fernet.generate_key().decode(), "pool_size": 2}  # A short rehearsal.
        named = {name.upper(): str(value) for name, value in apart.items()}
        env = settings(tmp_path, DATABASE_URL=database_url, **named)
        owner = await asyncpg.connect(database_url)
        async with open_system(database_url, clock, **apart) as parts:
            shop = await open_shop(parts, clock)
            async with calling(shop) as api:
                begun = await api.post("/api/calendars/google", json={"staff_id": str(shop.kim)})
                back = await google.consent(begun.json()["url"])
                assert (await api.get(back.removeprefix("http://127.0.0.1:8000"))).status_code == 200

            async with running("work", cwd=tmp_path, env=env) as worker:
                await until(owner, READ)
                google.next(Dawdles(takes=True))  # It has the event, and never says so.
                await shop.book()
                async with asyncio.timeout(PATIENCE):
                    await google.taken.wait()
                await worker.kill()
            assert not await owner.fetchval(WRITTEN)
            assert len(google.shown()) == 1

            await owner.execute(LEASE_ENDS)  # Two minutes go by.
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as loops:
                loops.create_task(
                    work(parts, stop)
                )  # The next worker: a start of another process takes seconds.
                await until(owner, WRITTEN)
                stop.set()
            assert len(google.shown()) == 1
            assert [one.method for one in google.asked_for if one.body] == ["POST", "POST", "PATCH"]
            assert await shop.broken() == []
        await owner.close()
