"""A login that may do nothing but take our two roles is enough to run everything, once the owner has migrated."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from standby.database.migrate import MigrationError, ensure_migrated, migrate
from tests.salon import Clock, open_shop, open_system


@pytest.fixture
async def lesser_url(database_url: str) -> AsyncIterator[str]:
    owner = await asyncpg.connect(database_url)
    await owner.execute("CREATE ROLE lesser_login LOGIN NOINHERIT PASSWORD 'lesser'")
    await owner.execute("GRANT standby_app, standby_worker TO lesser_login")
    parts = urlsplit(database_url)
    host = parts.netloc.rpartition("@")[2]
    yield f"{parts.scheme}://lesser_login:lesser@{host}{parts.path}?{parts.query}"
    await owner.execute("DROP ROLE lesser_login")
    await owner.close()


async def test_it_fills_a_slot(lesser_url: str) -> None:
    await ensure_migrated(lesser_url)
    clock = Clock()
    async with open_system(lesser_url, clock) as parts:
        shop = await open_shop(parts, clock)
        await shop.join("Kari")
        slot = await shop.free_slot()
        await shop.run_jobs()
        assert await shop.status_of("slots", slot) == "held"


async def test_it_sees_no_table_by_itself(lesser_url: str) -> None:
    connection = await asyncpg.connect(lesser_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("SELECT * FROM standby.customers")
    await connection.close()


async def test_it_can_not_migrate(lesser_url: str) -> None:
    with pytest.raises(MigrationError, match="refused"):
        await migrate(lesser_url)
