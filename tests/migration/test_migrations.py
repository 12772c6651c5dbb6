"""The migrations, from an empty database to the committed schema, whoever starts them and however they end."""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from standby.database.migrate import MIGRATIONS, SQL, MigrationError, migrate, pending
from tools.schema import SCHEMA, dump

PROGRAM = """
import asyncio, logging, sys
from pathlib import Path
from standby.database.migrate import migrate
logging.basicConfig(format="%(message)s", level="INFO", stream=sys.stdout)
print("done", *asyncio.run(migrate(sys.argv[1], migrations=Path(sys.argv[2]))), flush=True)
"""


def test_the_committed_schema_is_what_the_migrations_make(database_url: str) -> None:
    assert dump(database_url) == SCHEMA.read_text(), "run `make schema` and look at what has changed"


async def test_everything_is_pending_before_and_nothing_after(bare_database_url: str) -> None:
    expected = [*sorted(path.stem for path in MIGRATIONS.glob("*.sql")), "pgqueuer", "functions"]
    assert await pending(bare_database_url) == expected
    assert await migrate(bare_database_url) == expected
    assert await pending(bare_database_url) == []
    assert await migrate(bare_database_url) == []


async def test_two_processes_migrate_at_once_and_each_migration_is_applied_once(
    bare_database_url: str,
) -> None:
    both = [await start_migrating(bare_database_url, MIGRATIONS) for _ in range(2)]
    said = [(await process.communicate())[0].decode().splitlines()[-1].split() for process in both]
    expected = [*sorted(path.stem for path in MIGRATIONS.glob("*.sql")), "pgqueuer", "functions"]
    assert sorted(said) == [["done"], ["done", *expected]]


async def test_a_process_killed_in_a_migration_leaves_nothing_of_it(
    bare_database_url: str, tmp_path: Path
) -> None:
    no_functions = tmp_path / "none"
    write(tmp_path, "0001_one", "CREATE TABLE one ();")
    write(
        tmp_path, "0002_two", "CREATE TABLE two (); SELECT pg_advisory_xact_lock(4711);", depends="0001_one"
    )
    connection = await asyncpg.connect(bare_database_url)
    await connection.execute("SELECT pg_advisory_lock(4711)")  # The second migration can't end.

    process = await start_migrating(bare_database_url, tmp_path)
    assert process.stdout
    while b"0002_two" not in await process.stdout.readline():
        pass
    process.kill()
    await process.wait()
    await connection.execute("SELECT pg_advisory_unlock(4711)")

    assert (await migrate(bare_database_url, migrations=tmp_path, functions=no_functions))[0] == "0002_two"
    assert await connection.fetchval("SELECT to_regclass('standby.two')") is not None
    await connection.close()


async def test_a_migration_that_fails_says_which_and_why_and_keeps_those_before(
    bare_database_url: str, tmp_path: Path
) -> None:
    write(tmp_path, "0001_one", "CREATE TABLE one ();")
    write(tmp_path, "0002_two", "CREATE TABLE two (); CREATE TABLE one ();", depends="0001_one")
    with pytest.raises(MigrationError, match='0002_two: relation "one" already exists'):
        await migrate(bare_database_url, migrations=tmp_path)
    assert (await pending(bare_database_url, migrations=tmp_path))[0] == "0002_two"


async def test_a_changed_function_is_replaced(bare_database_url: str, tmp_path: Path) -> None:
    function = tmp_path / "answer.sql"
    for answer in (41, 42, 41):
        function.write_text(f"CREATE OR REPLACE FUNCTION answer() RETURNS integer RETURN {answer};")
        await migrate(bare_database_url, functions=tmp_path)
        connection = await asyncpg.connect(bare_database_url)
        assert await connection.fetchval("SELECT standby.answer()") == answer
        await connection.close()
        assert await migrate(bare_database_url, functions=tmp_path) == []


async def test_a_process_of_the_version_before_leaves_newer_functions_alone(
    bare_database_url: str, tmp_path: Path
) -> None:
    for version in ("old", "new"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "version.sql").write_text(
            f"CREATE OR REPLACE FUNCTION version() RETURNS text RETURN '{version}';"
        )
        await migrate(bare_database_url, functions=tmp_path / version)
    assert await pending(bare_database_url, functions=tmp_path / "old") == []

    await migrate(bare_database_url, functions=tmp_path / "old")  # Somebody goes back, and forward again.
    assert await pending(bare_database_url, functions=tmp_path / "new") == ["functions"]
    await migrate(bare_database_url, functions=tmp_path / "new")
    assert await pending(bare_database_url, functions=tmp_path / "old") == []


async def test_the_database_can_be_migrated_by_an_owner_who_is_no_superuser(
    bare_database_url: str, migrated: str
) -> None:
    assert migrated  # So the roles are there, as they are when an administrator has made them.
    connection = await asyncpg.connect(bare_database_url)
    owner = f"owner_of_{urlsplit(bare_database_url).path[1:]}"
    await connection.execute(f"""
        CREATE ROLE {owner};
        GRANT standby_app, standby_worker, standby_system TO {owner};
        ALTER DATABASE {urlsplit(bare_database_url).path[1:]} OWNER TO {owner};
    """)
    assert await migrate(f"{bare_database_url}&role={owner}")
    assert await pending(f"{bare_database_url}&role={owner}") == []
    await connection.execute(
        f"REASSIGN OWNED BY {owner} TO CURRENT_USER; DROP OWNED BY {owner}; DROP ROLE {owner};"
    )
    await connection.close()


async def test_roles_that_could_see_every_salon_are_refused(bare_database_url: str, migrated: str) -> None:
    assert migrated
    connection = await asyncpg.connect(bare_database_url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("ALTER ROLE standby_app BYPASSRLS")
    with pytest.raises(asyncpg.RaiseError, match="standby_app may bypass row level security"):
        await connection.execute(SQL["ensure_roles"])
    await transaction.rollback()
    await connection.close()


async def test_a_server_out_of_reach_is_said(tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="can't be reached"):
        await migrate(f"postgresql://postgres@/standby?host={tmp_path}")


async def start_migrating(url: str, folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, url, str(folder), stdout=asyncio.subprocess.PIPE
    )


def write(folder: Path, name: str, statements: str, *, depends: str = "") -> None:
    (folder / f"{name}.sql").write_text(
        f"-- {name}\n-- depends: {depends}\n\n-- migrate: apply\n{statements}\n-- migrate: rollback\n"
    )


# A salon as it was before appointments had reminders and more, with one to come.
A_SALON_OF_BEFORE = """
INSERT INTO standby.tenants (id, slug, name, timezone, currency, country, created_at)
VALUES (id(1), 'old', 'Old', 'Europe/Oslo', 'NOK', 'NO', now());
INSERT INTO standby.policies (tenant_id, id, offer_window_seconds, reminder_lead_seconds, cooldown_seconds, max_misses,
    max_active_entries, minimum_notice_seconds, grace_seconds, messages_per_minute, messages_per_day, channel_order,
    quiet_from_minute, quiet_until_minute)
VALUES (id(1), id(2), 900, 600, 3600, 3, 3, 0, 0, 10, 10, '{sms}', 0, 0);
INSERT INTO standby.staff (tenant_id, id, name, created_at) VALUES (id(1), id(3), 'Kim', now());
INSERT INTO standby.services (tenant_id, id, name, duration_minutes, created_at)
VALUES (id(1), id(4), 'Haircut', 45, now());
INSERT INTO standby.customers (tenant_id, id, name, phone, channels, created_at)
VALUES (id(1), id(5), 'Kari', '+4741234567', '{sms}', now());
INSERT INTO standby.slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
    created_at)
VALUES (id(1), id(6), id(3), id(4), now() + interval '2 days', now() + interval '2 days 45 minutes', 'booked', 'made',
    'test', now(), now());
INSERT INTO standby.bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status,
    source, reason, actor, changed_at, created_at)
SELECT tenant_id, id(7), id, id(5), staff_id, service_id, starts_at, ends_at, 'confirmed', 'direct', 'booked', 'test',
    now(), now()
FROM standby.slots;
"""


async def test_a_salon_that_is_there_is_reminded_of_nothing_by_itself_and_its_visits_are_counted(
    bare_database_url: str, tmp_path: Path
) -> None:
    before, none = tmp_path / "before", tmp_path / "none"
    before.mkdir()
    for path in sorted(MIGRATIONS.glob("*.sql"))[:10]:
        (before / path.name).write_bytes(path.read_bytes())
    await migrate(bare_database_url, migrations=before, functions=none)
    connection = await asyncpg.connect(bare_database_url)
    await connection.execute(
        "CREATE FUNCTION id(n integer) RETURNS uuid RETURN lpad(n::text, 32, '0')::uuid;" + A_SALON_OF_BEFORE
    )

    await migrate(bare_database_url)
    [rules] = await connection.fetch(
        "SELECT reminders, change_notice_seconds, max_customer_moves, time_step_minutes, prefer_favourites "
        "FROM standby.policies"
    )
    assert tuple(rules) == ("none", 86400, 3, 15, False)
    [booking] = await connection.fetch("SELECT remind_at, sequence, status FROM standby.bookings")
    assert tuple(booking) == (None, 0, "confirmed")
    jobs = await connection.fetch("SELECT entrypoint FROM standby.pgqueuer")
    assert [row["entrypoint"] for row in jobs] == ["waitlist.preference"]
    await connection.close()
