"""A backup and its way back, on whichever version of PostgreSQL the tests run."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from standby.database.backup import BackupError, back_up, restore
from tools.schema import dump

TENANT = """
INSERT INTO standby.tenants (id, slug, name, timezone, currency, country, created_at)
VALUES (gen_random_uuid(), 'odd', $1, 'UTC', 'NOK', 'NO', now())"""
# Somebody has written what a backup's own lines look like, those that not every server knows.
ODD = "SET transaction_timeout = 0;\nALTER TABLE a ALTER COLUMN b SET (pg_attver=1);\n\\.\n'\t"


def test_what_is_restored_is_what_was_there_down_to_who_owns_each_function(
    database_url: str, bare_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup.dump"
    assert back_up(database_url, file) == file.stat().st_size
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(BackupError, match="already: name another one"):
        back_up(database_url, file)
    assert restore(bare_database_url, file) is None
    assert _plain(dump(bare_database_url)) == _plain(dump(database_url))
    with pytest.raises(BackupError, match="There is an installation in this database already"):
        restore(bare_database_url, file)


async def test_what_somebody_has_written_comes_back_as_it_was_and_half_a_backup_is_none(
    database_url: str, bare_database_url: str, tmp_path: Path
) -> None:
    there = await asyncpg.connect(database_url)
    await there.execute(TENANT, ODD)
    await there.close()
    whole, half = tmp_path / "backup.dump", tmp_path / "half.dump"
    await asyncio.to_thread(back_up, database_url, whole)
    half.write_bytes(whole.read_bytes()[:-20])  # All of the schema is before that.
    with pytest.raises(BackupError, match="The backup can't be read back: pg_restore"):
        await asyncio.to_thread(restore, bare_database_url, half)
    await asyncio.to_thread(restore, bare_database_url, whole)
    here = await asyncpg.connect(bare_database_url)
    assert await here.fetchval("SELECT name FROM standby.tenants") == ODD
    await here.close()


async def test_what_the_server_refuses_ends_it_and_nothing_of_it_is_left(
    database_url: str, bare_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup.dump"
    await asyncio.to_thread(back_up, database_url, file)
    here = await asyncpg.connect(bare_database_url)
    await here.execute("CREATE TABLE public._pogo_version ()")
    with pytest.raises(BackupError, match='relation "_pogo_version" already exists'):
        await asyncio.to_thread(restore, bare_database_url, file)
    assert await here.fetchval("SELECT to_regnamespace('standby')") is None
    await here.close()


def test_a_backup_that_would_be_empty_or_is_none_is_refused(bare_database_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no installation in this database"):
        back_up(bare_database_url, tmp_path / "backup.dump")
    no_backup = tmp_path / "no.dump"
    no_backup.write_text("something else")
    with pytest.raises(BackupError, match="The backup can't be read back: pg_restore"):
        restore(bare_database_url, no_backup)


def test_a_login_that_sees_no_rows_makes_no_backup(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="This login sees no salon's rows"):
        back_up(f"{database_url}&role=standby_app", tmp_path / "backup.dump")


def _plain(schema: str) -> str:
    """PostgreSQL writes conditions anew each time that it reads them, with fewer parentheses."""
    return schema.replace("(", "").replace(")", "")
