"""A backup made in the middle of it all, and an installation that goes on from it elsewhere."""

from collections import Counter
from pathlib import Path

import pytest

from standby.database.backup import BackupError, back_up, restore
from tests.acceptance.processes import run
from tests.acceptance.stage import connected, open_stage
from tests.conftest import Server
from tools.schema import dump

BOTH_OFFERED = "SELECT count(*) = 2 AND bool_and(status = 'sent' AND resends = 0) FROM messages"
BOOKED = """
SELECT count(*) = 1 FROM messages m JOIN customers c ON c.id = m.customer_id
WHERE c.name = 'Kari' AND m.kind = 'booked' AND m.status = 'sent'"""


async def test_an_installation_goes_on_from_its_backup_and_sends_nothing_twice(
    server: Server, database_url: str, tmp_path: Path
) -> None:
    file = str(tmp_path / "backup.dump")
    async with open_stage(database_url, tmp_path) as stage, server.database() as elsewhere:
        await stage.offer()  # Kari has hers,
        [token] = stage.provider.tokens
        await stage.free_another()  # and on this one nobody has worked yet.
        made = await run("database", "backup", file, cwd=tmp_path, env=stage.settings())
        assert made.code == 0, made.said
        there = stage.settings(DATABASE_URL=elsewhere)
        read = await run("database", "restore", file, cwd=tmp_path, env=there)
        assert "The last thing that it knows of happened at" in read.said, read.said

        lost, stage.url, stage.owner = stage.owner, elsewhere, await connected(elsewhere)
        await lost.close()
        async with stage.process("work") as worker, stage.process("web") as web:
            await stage.recovers(worker, BOTH_OFFERED)
            assert (await stage.post(web, f"confirm/{token}")).status_code == 200
            await stage.until(BOOKED)
            await stage.all_is_well()
        assert set(Counter(stage.provider.received).values()) == {1}


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


def test_a_backup_that_would_be_empty_or_is_none_is_refused(bare_database_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no installation in this database"):
        back_up(bare_database_url, tmp_path / "backup.dump")
    no_backup = tmp_path / "no.dump"
    no_backup.write_text("something else")
    with pytest.raises(BackupError, match="pg_restore refused"):
        restore(bare_database_url, no_backup)


def test_a_login_that_sees_no_rows_makes_no_backup(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="This login sees no salon's rows"):
        back_up(f"{database_url}&role=standby_app", tmp_path / "backup.dump")


def _plain(schema: str) -> str:
    """PostgreSQL writes conditions anew each time that it reads them, with fewer parentheses."""
    return schema.replace("(", "").replace(")", "")
