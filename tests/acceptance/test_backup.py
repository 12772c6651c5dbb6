"""A backup made in the middle of it all, and an installation that goes on from it elsewhere."""

from collections import Counter
from pathlib import Path

from tests.acceptance.processes import run
from tests.acceptance.stage import connected, open_stage
from tests.conftest import Server

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
