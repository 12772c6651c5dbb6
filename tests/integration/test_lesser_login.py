"""A login that may do nothing but take our two roles is enough to run everything, once the owner has migrated."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from standby.database.migrate import MIGRATIONS, MigrationError, ensure_migrated, migrate
from tests.salon import Clock, open_shop, open_system


@pytest.fixture
async def lesser_url(database_url: str) -> AsyncIterator[str]:
    owner = await asyncpg.connect(database_url)
    await owner.execute("CREATE ROLE lesser_login LOGIN NOINHERIT PASSWORD 'lesser'")
    await owner.execute("GRANT standby_app, standby_worker TO lesser_login")
    yield as_lesser(database_url)
    await owner.execute("DROP ROLE lesser_login")
    await owner.close()


def as_lesser(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://lesser_login:lesser@{host}{parts.path}?{parts.query}"


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


async def test_migrating_with_it_is_fine_as_long_as_nothing_is_missing(lesser_url: str) -> None:
    assert await migrate(lesser_url) == []


@pytest.mark.usefixtures("lesser_url")  # The login is one of the server's.
@pytest.mark.parametrize("start", [migrate, ensure_migrated])
async def test_what_is_missing_is_named_with_who_can_add_it(
    start: Callable[[str], Awaitable[object]], bare_database_url: str
) -> None:
    with pytest.raises(
        MigrationError, match=r"lacks 0001_salon.* Run `standby migrate` as the database's owner"
    ):
        await start(as_lesser(bare_database_url))


async def test_a_migration_that_is_missing_is_named_too(
    lesser_url: str, database_url: str, tmp_path: Path
) -> None:
    shutil.copytree(MIGRATIONS, tmp_path, dirs_exist_ok=True)
    last = max(path.stem for path in MIGRATIONS.glob("*.sql"))
    (tmp_path / "9999_new.sql").write_text(
        f"-- new\n-- depends: {last}\n-- migrate: apply\nSELECT 1;\n-- migrate: rollback\nSELECT 1;\n"
    )
    with pytest.raises(MigrationError, match="lacks 9999_new, functions, and this login may not add it"):
        await migrate(lesser_url, migrations=tmp_path)
    assert await migrate(database_url, migrations=tmp_path) == ["9999_new", "functions"]


async def test_a_login_without_our_roles_is_told_which_it_needs(lesser_url: str, database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("REVOKE standby_app, standby_worker FROM lesser_login")
    await owner.close()
    with pytest.raises(MigrationError, match="GRANT standby_app, standby_worker TO it"):
        await ensure_migrated(lesser_url)
