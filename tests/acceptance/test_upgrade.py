"""A new version's migrations, brought in under the feet of running processes of the version before."""

import shutil
from pathlib import Path

from standby.database.migrate import FUNCTIONS, MIGRATIONS, migrate, pending
from tests.acceptance.stage import open_stage
from tests.migration.test_migrations import write

NEW_COLUMNS = """
ALTER TABLE offers ADD COLUMN next text;
ALTER TABLE slots ADD COLUMN next text;
ALTER TABLE waitlist_entries ADD COLUMN next text;
ALTER TABLE messages ADD COLUMN next text;
ALTER TABLE bookings ADD COLUMN next text;
"""
KARI_OFFERED = """
SELECT count(*) = 1 AND bool_and(c.name = 'Kari' AND o.status = 'pending' AND o.sent_at IS NOT NULL)
FROM offers o JOIN customers c ON c.id = o.customer_id"""
OLA_OFFERED = """
SELECT count(*) = 2 AND bool_or(c.name = 'Ola' AND o.status = 'pending' AND o.sent_at IS NOT NULL)
FROM offers o JOIN customers c ON c.id = o.customer_id"""
OLA_BOOKED = "SELECT count(*) = 1 FROM messages WHERE kind = 'booked' AND status = 'sent'"


async def test_old_processes_go_on_beside_new_ones_and_leave_what_is_newer_alone(
    database_url: str, tmp_path: Path
) -> None:
    migrations, functions = (shutil.copytree(one, tmp_path / one.name) for one in (MIGRATIONS, FUNCTIONS))
    newest = max(path.stem for path in MIGRATIONS.glob("*.sql"))
    write(migrations, "9999_next", NEW_COLUMNS, depends=newest)
    (functions / "next.sql").write_text("CREATE OR REPLACE FUNCTION next() RETURNS integer RETURN 1;")
    async with open_stage(database_url, tmp_path) as stage, stage.process("web") as web:
        async with stage.process("work") as worker:
            await stage.free()
            await stage.recovers(worker, KARI_OFFERED)
            done = await migrate(database_url, migrations=migrations, functions=functions)
            assert done == ["9999_next", "functions"]

            [token] = stage.provider.tokens
            assert (await stage.post(web, f"decline/{token}")).status_code == 200
            await stage.until(OLA_OFFERED)
            assert await worker.stop() == 0, worker.log
        async with (
            stage.process("work") as worker,
            stage.process("web") as late,
        ):  # Of the version before, too.
            await worker.says("working")
            assert (await stage.post(late, f"confirm/{stage.provider.tokens[-1]}")).status_code == 200
            await stage.until(OLA_BOOKED)
            await stage.all_is_well()
    assert await pending(database_url, migrations=migrations, functions=functions) == []
