"""One salon never sees or touches another's rows: by table, by role, by function, and through the API.

The tests walk the database's catalogue and the API's description, so a new table or endpoint is tested by being there.
"""

# ruff: noqa: S608 - names of tables and columns come from the catalogue, or from this file

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from asyncpg.connection import LoggedQuery
from cryptography.fernet import Fernet

from standby.accounts import api_keys, first_accounts, members
from standby.accounts.permissions import Permission, Role
from standby.calendars import feeds
from standby.channels.events import Reply
from standby.database.migrate import FUNCTIONS
from standby.database.pool import APP, WORKER, Pool, Tx, all_of, connect, open_pool
from standby.importing import imports
from standby.jobs.queues import (
    ABOUT,
    DELIVER_WEBHOOK,
    FILL,
    IMPORT,
    LETTER,
    PREFERENCE,
    READ,
    READ_CALENDAR,
    REMIND,
    SEND,
    WRITE_CALENDAR,
)
from standby.messages import inbound, senders, texts, usage
from standby.messages.sealing import Seal
from standby.messages.senders import Sender
from standby.messages.texts import Text
from standby.messages.usage import Quota
from standby.tenants import catalog, verifications
from standby.tenants.opening_hours import Hours
from standby.tenants.scope import Author, tenant_transaction
from standby.tenants.sign_in import Identity, issue_token
from standby.waitlist import cascade, listing, offers
from standby.waitlist.cascade import Offered
from standby.webhooks import endpoints
from standby.webhooks.addresses import Addresses
from standby.webhooks.endpoints import Changes
from tests.api import app_of
from tests.conftest import Server
from tests.salon import SECRET, Clock, Shop, open_shop, open_system

# Tables that belong to no salon.
QUEUE = {"pgqueuer", "pgqueuer_log", "pgqueuer_statistics", "pgqueuer_schedules"}
# Of accounts: nobody who serves salons or accounts sees those of `HIDDEN`; of the others they see one account's.
HIDDEN = {"letters", "attempts"}
ACCOUNTS = {"users": "id", "sessions": "user_id", "refresh_tokens": "user_id", "recovery_codes": "user_id"}
QUEUE |= {"queue_pauses", "workers", "work_minutes", "story_totals", "story_counted"}
SHARED = {"transitions", "public_limits", *QUEUE, *HIDDEN, *ACCOUNTS}

TENANT_TABLES = """
SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
       CASE WHEN c.relname = 'tenants' THEN 'id' ELSE 'tenant_id' END AS key,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
FROM pg_class c
WHERE c.relnamespace = 'standby'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL ($1::text[])
ORDER BY c.relname
"""

POLICIES = """
SELECT tablename, policyname, permissive, roles::text[] AS roles, cmd, qual, with_check
FROM pg_policies WHERE schemaname = 'standby'
"""

DEFINERS = """
SELECT p.oid::regprocedure::text AS name, p.proname, p.proconfig::text[] AS settings, r.rolname AS owner,
       has_function_privilege('standby_app', p.oid, 'EXECUTE') AS app,
       has_function_privilege('standby_worker', p.oid, 'EXECUTE') AS worker,
       coalesce((SELECT bool_or(grantee = 0) FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner)))
                 WHERE privilege_type = 'EXECUTE'), false) AS everybody
FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
WHERE p.pronamespace = 'standby'::regnamespace AND p.prosecdef
"""

REFUSED = asyncpg.InsufficientPrivilegeError
WRITTEN_BY_THE_SYSTEM = {"offer_tokens", "usage", "notices", "callbacks", "audit_log"}


@dataclass(frozen=True)
class Table:
    """A table that holds rows of salons; `key` is the column that says whose."""

    name: str
    key: str
    columns: list[str]


@dataclass(frozen=True)
class Two:
    """Two salons with the same story in one database, and the database's owner."""

    ours: Shop
    theirs: Shop
    owner: asyncpg.Connection
    tables: list[Table]

    def us(self) -> Any:
        return tenant_transaction(self.ours.system.pool, self.ours.salon.id)

    async def count(self, table: Table, shop: Shop) -> int:
        """How many rows a salon has, seen by the owner, from whom nothing is hidden."""
        count: int = await self.owner.fetchval(
            f'SELECT count(*) FROM "{table.name}" WHERE "{table.key}" = $1',
            shop.salon.id,
        )
        return count

    async def everything(self, shop: Shop) -> dict[str, str]:
        """All rows of a salon, table by table."""
        return {
            table.name: await self.owner.fetchval(
                f'SELECT jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)) FROM "{table.name}" t '
                f'WHERE "{table.key}" = $1',
                shop.salon.id,
            )
            for table in self.tables
        }


@pytest.fixture(scope="module")
async def two(server: Server, migrated: str) -> AsyncIterator[Two]:
    clock = Clock()
    async with (
        server.database(template=migrated) as url,
        open_system(url, clock) as parts,
        _owner(url) as owner,
    ):
        ours = await open_shop(parts, clock, slug="ours")
        theirs = await open_shop(parts, clock, slug="theirs")
        theirs._numbers = iter(range(90_000_000, 99_000_000))  # Nobody goes to both.
        for shop in (ours, theirs):
            await live_a_little(shop)
        found = await owner.fetch(TENANT_TABLES, sorted(SHARED))
        tables = [Table(row["name"], row["key"], row["columns"]) for row in found]
        yield Two(ours, theirs, owner, tables)


@asynccontextmanager
async def _owner(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, server_settings={"search_path": "standby"})
    try:
        yield connection
    finally:
        await connection.close()


async def live_a_little(shop: Shop) -> None:
    """A story that leaves a row in every table."""
    author = Author("somebody", shop.clock())
    async with tenant_transaction(shop.system.pool, shop.salon.id, author) as tx:
        await first_accounts.add(
            tx, f"{shop.salon.slug}@example.com", Role.OWNER, locale="en", now=shop.clock()
        )
        await members.invite(
            tx,
            "kim@example.com",
            Role.STAFF,
            secret=SECRET.encode(),
            locale="en",
            by="test",
            now=shop.clock(),
        )
        await api_keys.make(tx, "till", [Permission.READ_BOOK], ends_at=None, by="test", now=shop.clock())
        await catalog.set_hours(tx, [Hours(day, 0, 1440) for day in range(1, 8)])
        await tx.execute(
            "INSERT INTO closures (tenant_id, id, starts_at, ends_at) VALUES (current_tenant(), $1, $2, $3)",
            uuid4(),
            shop.clock() + timedelta(days=300),
            shop.clock() + timedelta(days=301),
        )
        await catalog.set_hours_of(tx, shop.kim, [Hours(day, 0, 1440) for day in range(1, 8)])
        link = await tx.fetchval(
            "INSERT INTO calendar_links (tenant_id, id, staff_id, kind, address, state, writes, created_at) "
            "VALUES (current_tenant(), $1, $2, 'caldav', 'https://example.com/kim', 'active', true, $3) RETURNING id",
            uuid4(),
            shop.kim,
            shop.clock(),
        )
        await tx.execute(
            "INSERT INTO calendar_requests VALUES (current_tenant(), $1, $2, 'primary', '', $3)",
            sha256(shop.salon.slug.encode()).digest(),
            shop.kim,
            shop.clock(),
        )
        await tx.execute(
            "INSERT INTO calendar_pushes VALUES (current_tenant(), $1, $2, $3, 'x', $4)",
            uuid4(),
            link,
            bytes(32),
            shop.clock(),
        )
        away = shop.clock() + timedelta(days=300)
        await tx.execute(
            "INSERT INTO busy_times VALUES (current_tenant(), $1, 'dentist', $2, $3, $4)",
            link,
            away,
            away + timedelta(hours=1),
            shop.kim,
        )
        await feeds.make(tx, shop.kim, contacts=False, now=shop.clock())
        await endpoints.create(
            tx,
            Changes(url="https://1.1.1.1/"),
            addresses=Addresses(),
            seal=Seal([Fernet.generate_key().decode()]),
            now=shop.clock(),
        )
        await tx.execute(
            "INSERT INTO idempotency_keys VALUES (current_tenant(), 'key', $1, 201, '{}', $2)",
            bytes(32),
            shop.clock(),
        )
        number = shop.phone()  # A number is one salon's.
        sender = Sender("twilio", number, {"account_sid": "AC1"}, {"auth_token": "hush"})
        await senders.appoint(
            tx, "sms", sender, seal=Seal([Fernet.generate_key().decode()]), now=shop.clock()
        )
        await tx.execute(
            "INSERT INTO channel_pauses VALUES (current_tenant(), 'email', 1, false, $1, '')", shop.clock()
        )
        await usage.set_quota(tx, "email", Quota(0, Decimal(1), "NOK"))  # So the salon is told of it.
        await verifications.ask(tx, number, "booking", now=shop.clock())
        await listing.save_view(tx, "Cuts", {"service": str(shop.cut)}, now=shop.clock())
        author = Author("test", shop.clock())
        await imports.start(tx, {"staff.csv": b"name\nKim\n"}, author, now=shop.clock())
        await texts.save(tx, "offer", "en", Text(subject="Hello"), now=shop.clock(), by="test")
        reply = Reply("SM1", shop.clock(), None, "+4790000000", "Hello?", None, None, None)
        await inbound.take(tx, "sms", reply, now=shop.clock())
    await shop.system.worker_pool.execute(
        "SELECT store_callback($1, $2, $3, 'twilio', $4, '', 'MessageSid=SM1', false, $5)",
        [shop.salon.id], ["AC1"], ["sms"], bytes(32), shop.clock()
    )  # fmt: skip
    for name in ("Kari", "Ola", "Per"):
        await shop.join(name)
    for _ in range(2):
        await shop.free_slot()
        await shop.run_jobs()
        offer = await shop.one("SELECT id FROM offers WHERE status = 'pending' ORDER BY id DESC LIMIT 1")
        async with shop.transaction() as tx:
            await offers.accept(tx, offer["id"], now=shop.clock(), actor="customer")
        await shop.run_jobs()
        shop.clock.forward(hours=1)
    await shop.free_slot()
    await shop.run_jobs()
    later = shop.clock() + timedelta(days=200)
    booking = await shop.book(at=later)
    await shop.all("UPDATE bookings SET staff_id = $2 WHERE id = $1 RETURNING id", booking, shop.alex)


async def rolled_back(tx: Tx, statement: str, *values: Any) -> str:
    """What a statement answers; what it does is undone."""
    await tx.execute("SAVEPOINT before")
    try:
        return str(await tx.execute(statement, *values))
    finally:
        await tx.execute("ROLLBACK TO before")


async def test_every_table_of_salons_forces_row_level_security(two: Two) -> None:
    for row in await two.owner.fetch(TENANT_TABLES, sorted(SHARED)):
        assert row["enabled"], row["name"]
        assert row["forced"], row["name"]
        assert row["key"] in row["columns"], f"{row['name']} has no tenant_id and is not in SHARED"
    policies = await two.owner.fetch(POLICIES)
    assert {row["tablename"] for row in policies} == {
        table.name for table in two.tables
    } | HIDDEN | ACCOUNTS.keys()
    for table in two.tables:
        named = {row["policyname"]: row for row in policies if row["tablename"] == table.name}
        assert set(named) == {"tenant", "system"}, table.name
        assert named["tenant"]["qual"] == f"({table.key} = current_tenant())"
        assert (named["tenant"]["cmd"], named["tenant"]["with_check"]) == ("ALL", None)
        assert named["system"]["roles"] == ["standby_system"], table.name


async def test_every_table_of_accounts_forces_row_level_security(two: Two) -> None:
    for row in await two.owner.fetch(TENANT_TABLES, sorted({"transitions", "public_limits", *QUEUE})):
        assert row["enabled"], row["name"]
        assert row["forced"], row["name"]
    policies = await two.owner.fetch(POLICIES)
    for table in HIDDEN | ACCOUNTS.keys():
        named = {row["policyname"]: row for row in policies if row["tablename"] == table}
        assert named.pop("system")["roles"] == ["standby_system"], table
        said = {name: (row["qual"], row["cmd"], row["with_check"]) for name, row in named.items()}
        key = ACCOUNTS.get(table)
        assert said == ({"account": (f"({key} = current_account())", "ALL", None)} if key else {}), table


async def test_the_story_left_rows_of_both_salons_in_every_table(two: Two) -> None:
    empty = [
        (table.name, shop.salon.slug)
        for table in two.tables
        for shop in (two.ours, two.theirs)
        if not await two.count(table, shop)
    ]
    assert empty == [], "let live_a_little() leave a row there"


async def test_a_salon_sees_its_own_rows_only(two: Two) -> None:
    async with two.us() as tx:
        for table in two.tables:
            seen = await tx.fetch(f'SELECT "{table.key}" AS salon FROM "{table.name}"')
            assert {row["salon"] for row in seen} == {two.ours.salon.id}, table.name
            assert len(seen) == await two.count(table, two.ours), table.name


async def test_a_salon_changes_its_own_rows_only(two: Two) -> None:
    before = await two.everything(two.theirs)
    async with two.us() as tx:
        for table in two.tables:
            name, key = table.name, table.key
            try:
                said = await rolled_back(tx, f'UPDATE "{name}" SET "{key}" = "{key}"')
            except REFUSED:
                # Append-only, and links are made and sends counted where messages are sent.
                assert name in {"history", "consents", "message_events", "offer_tokens", "usage", "audit_log"}
                continue
            assert said == f"UPDATE {await two.count(table, two.ours)}", name
            aimed = f'UPDATE "{name}" SET "{key}" = "{key}" WHERE "{key}" = $1'
            assert await rolled_back(tx, aimed, two.theirs.salon.id) == "UPDATE 0", name
    assert await two.everything(two.theirs) == before


async def test_a_salon_deletes_its_own_rows_only(two: Two) -> None:
    before = await two.everything(two.theirs)
    async with two.us() as tx:
        for table in two.tables:
            name, key = table.name, table.key
            try:
                said = await rolled_back(tx, f'DELETE FROM "{name}" WHERE "{key}" = $1', two.theirs.salon.id)
            except REFUSED:
                continue
            assert said == "DELETE 0", name
            try:
                said = await rolled_back(tx, f'DELETE FROM "{name}"')
            except asyncpg.ForeignKeyViolationError:
                continue  # Our own rows are in use.
            assert said == f"DELETE {await two.count(table, two.ours)}", name
    assert await two.everything(two.theirs) == before


async def test_what_happened_can_be_changed_by_nobody_who_serves_a_salon(two: Two) -> None:
    async with two.us() as tx:
        for name in ("history", "consents", "message_events", "audit_log"):
            for statement in (
                f'DELETE FROM "{name}"',
                f'UPDATE "{name}" SET at = now()',
                f'TRUNCATE "{name}"',
            ):
                with pytest.raises(REFUSED):
                    await rolled_back(tx, statement)
        for name in ("slots", "bookings", "waitlist_entries", "offers", "messages", "tenants"):
            with pytest.raises(REFUSED):
                await rolled_back(tx, f'DELETE FROM "{name}"')


async def test_a_salon_cannot_write_rows_of_another(two: Two) -> None:
    async with two.us() as tx:
        for table in two.tables:
            theirs = await two.owner.fetchval(
                f'SELECT to_jsonb(t)::text FROM "{table.name}" t WHERE "{table.key}" = $1 LIMIT 1',
                two.theirs.salon.id,
            )
            columns = ", ".join(f'"{column}"' for column in table.columns)
            copy = (
                f'INSERT INTO "{table.name}" ({columns}) OVERRIDING SYSTEM VALUE '
                f'SELECT {columns} FROM jsonb_populate_record(null::"{table.name}", $1)'
            )
            why = "permission denied" if table.name in WRITTEN_BY_THE_SYSTEM else "row-level security"
            with pytest.raises(REFUSED, match=why):
                await rolled_back(tx, copy, json.loads(theirs))


async def test_a_salon_cannot_give_its_rows_to_another(two: Two) -> None:
    async with two.us() as tx:
        for table in two.tables:
            give = f'UPDATE "{table.name}" SET "{table.key}" = $1'
            with pytest.raises(REFUSED):
                await rolled_back(tx, give, two.theirs.salon.id)


@pytest.mark.parametrize("said", ["", None], ids=["an empty tenant", "no tenant"])
async def test_without_a_tenant_nothing_is_there(two: Two, said: str | None) -> None:
    async with two.ours.system.pool.acquire() as connection, connection.transaction():
        if said is not None:
            await connection.execute("SELECT set_config('standby.tenant', $1, true)", said)
        for table in two.tables:
            assert await connection.fetch(f'SELECT FROM "{table.name}"') == [], table.name


async def test_the_tenant_ends_with_its_transaction(two: Two) -> None:
    async with open_pool(two.ours.system.url, role=APP, size=1, name="one connection") as pool:
        async with tenant_transaction(pool, two.ours.salon.id) as tx:
            assert await tx.fetchval("SELECT count(*) FROM tenants") == 1
        assert await pool.fetchval("SELECT count(*) FROM tenants") == 0
        with pytest.raises(ZeroDivisionError):
            async with tenant_transaction(pool, two.ours.salon.id) as tx:
                assert await tx.fetchval("SELECT count(*) FROM tenants") / 0
        assert await pool.fetchval("SELECT count(*) FROM tenants") == 0


async def test_a_request_that_is_given_up_midway_leaves_no_tenant_behind(two: Two) -> None:
    """Wherever it stops: while it begins, works, or ends. The next one gets the same connection."""

    async def work(pool: Pool) -> None:
        async with tenant_transaction(pool, two.ours.salon.id) as tx:
            await tx.fetch("SELECT FROM staff")

    async with open_pool(two.ours.system.url, role=APP, size=1, name="one connection") as pool:
        finished = steps = 0
        while finished < 3:
            task = asyncio.create_task(work(pool))
            for _ in range(steps):
                await asyncio.sleep(0)
            finished += task.done()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            async with pool.acquire() as connection:
                assert not connection.is_in_transaction(), steps
                assert not await connection.fetchval("SELECT current_setting('standby.tenant', true)"), steps
                assert await connection.fetchval("SELECT count(*) FROM tenants") == 0, steps
            steps += 1


async def test_who_serves_salons_cannot_read_the_queue(two: Two) -> None:
    async with two.us() as tx:
        for table in sorted(QUEUE | HIDDEN | {"public_limits"}):
            with pytest.raises(REFUSED):
                await rolled_back(tx, f'SELECT FROM "{table}"')
        with pytest.raises(REFUSED):
            await rolled_back(tx, "UPDATE transitions SET to_state = 'booked'")


async def test_a_job_can_be_added_for_ones_own_salon_only(two: Two) -> None:
    async with two.us() as tx:
        with pytest.raises(REFUSED):
            await rolled_back(
                tx, "SELECT enqueue_for($1, 'waitlist.fill', $2, 1)", two.theirs.salon.id, uuid4()
            )
        with pytest.raises(REFUSED):
            await rolled_back(
                tx,
                "INSERT INTO pgqueuer (priority, entrypoint, status, payload) VALUES (1, 'x', 'queued', '')",
            )


async def test_row_level_security_cannot_be_switched_off(two: Two) -> None:
    async with two.us() as tx:
        await tx.execute("SET LOCAL row_security = off")
        for table in two.tables:
            with pytest.raises(REFUSED, match="row-level security"):
                await rolled_back(tx, f'SELECT FROM "{table.name}"')
        await tx.execute("SET LOCAL row_security = on")
        for table in two.tables:
            for statement in (
                f'ALTER TABLE "{table.name}" DISABLE ROW LEVEL SECURITY',
                f'DROP POLICY tenant ON "{table.name}"',
                f'CREATE POLICY all_of_it ON "{table.name}" USING (true)',
            ):
                with pytest.raises(REFUSED):
                    await rolled_back(tx, statement)


async def test_no_role_of_ours_may_bypass_or_become_another(two: Two) -> None:
    roles = await two.owner.fetch("SELECT * FROM pg_roles WHERE rolname LIKE 'standby\\_%'")
    assert {row["rolname"] for row in roles} == {"standby_app", "standby_worker", "standby_system"}
    for row in roles:
        for power in (
            "rolsuper",
            "rolbypassrls",
            "rolcreaterole",
            "rolcreatedb",
            "rolcanlogin",
            "rolreplication",
        ):
            assert not row[power], (row["rolname"], power)
    members = await two.owner.fetch(
        "SELECT a.rolname, b.rolname FROM pg_roles a, pg_roles b WHERE a.rolname LIKE 'standby\\_%' "
        "AND b.rolname LIKE 'standby\\_%' AND a.rolname <> b.rolname AND pg_has_role(a.rolname, b.oid, 'MEMBER')"
    )
    assert members == []


async def test_who_works_the_queue_cannot_read_any_salon(two: Two) -> None:
    async with connect(two.ours.system.url, role=WORKER, name="test") as connection:
        await connection.execute(f"SET standby.tenant = '{two.theirs.salon.id}'")
        for table in two.tables:
            with pytest.raises(REFUSED):
                await connection.fetch(f'SELECT FROM "{table.name}"')
            with pytest.raises(REFUSED):
                await connection.execute(f'DELETE FROM "{table.name}"')


async def test_functions_that_cross_salons_have_a_fixed_path_and_the_callers_that_the_rights_name(
    two: Two,
) -> None:
    rights = (FUNCTIONS / "rights.sql").read_text()
    granted = {
        role: set(re.findall(r"'(\w+)'", names))
        for names, role in re.findall(
            r"FOREACH fn IN ARRAY ARRAY\[([^]]*)\] LOOP\s+EXECUTE format\('GRANT EXECUTE ON FUNCTION %I TO (\w+)'",
            rights,
        )
    }
    assert set(granted) == {"standby_app", "standby_worker"}
    functions = await two.owner.fetch(DEFINERS)
    assert len(functions) >= len(granted["standby_app"] | granted["standby_worker"])
    for row in functions:
        assert "search_path=standby, pg_temp" in (row["settings"] or []), row["name"]
        assert row["owner"] == "standby_system", row["name"]
        assert not row["everybody"], f"{row['name']} may be called by everybody"
        assert row["app"] == (row["proname"] in granted["standby_app"]), row["name"]
        assert row["worker"] == (row["proname"] in granted["standby_worker"]), row["name"]


async def test_every_function_that_crosses_salons_is_on_the_page_of_security_with_its_reason(
    two: Two,
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    listed = {}
    for part in page.split("\n### ")[1:]:
        head, *rows = part.partition("\n## ")[0].splitlines()
        named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
        assert len(named) == len(set(named)), head
        listed[head] = set(named)
    there: dict[str, set[str]] = {head: set() for head in listed}
    app, worker, nobody = listed
    for row in await two.owner.fetch(DEFINERS):
        assert not (row["app"] and row["worker"]), row["name"]
        there[app if row["app"] else worker if row["worker"] else nobody].add(row["proname"])
    assert listed == there


async def test_our_roles_own_nothing_that_they_could_change(two: Two) -> None:
    """An owner may switch its table's row level security off. standby_system owns the functions, and nothing else."""
    owned = await two.owner.fetch(
        "SELECT DISTINCT r.rolname, d.classid::regclass::text AS kind FROM pg_shdepend d "
        "JOIN pg_roles r ON r.oid = d.refobjid WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' "
        "AND r.rolname LIKE 'standby\\_%' "
        "AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
    )
    assert [tuple(row) for row in owned] == [("standby_system", "pg_proc")]


async def test_history_cannot_be_forged_by_a_trigger_of_ones_own(two: Two) -> None:
    """The function that writes history crosses salons, so nobody else may hang it on a table of theirs."""
    async with two.us() as tx:
        await tx.execute(
            "CREATE TEMP TABLE forged (tenant_id uuid, id uuid, status text, reason text, actor text, "
            "changed_at timestamptz) ON COMMIT DROP"
        )
        with pytest.raises(REFUSED):
            await rolled_back(
                tx,
                "CREATE TRIGGER forge AFTER INSERT ON forged "
                "FOR EACH ROW EXECUTE FUNCTION record_change('slot')",
            )


async def test_a_link_or_a_name_enters_its_own_salon_only(two: Two) -> None:
    async with two.ours.system.pool.acquire() as connection, connection.transaction():
        assert await connection.fetchval("SELECT enter_tenant_of_offer($1)", b"\0" * 32) is None
        assert await connection.fetchval("SELECT enter_tenant_of_feed($1)", b"\0" * 32) is None
        assert await connection.fetchval("SELECT enter_tenant_named('nobody')") is None
        assert await connection.fetch("SELECT FROM tenants") == []
        assert await connection.fetchval("SELECT enter_tenant_named('theirs')") == two.theirs.salon.id
        assert await connection.fetchval("SELECT id FROM tenants") == two.theirs.salon.id


# -- Through the API ---------------------------------------------------------------------------------------------

# What asks for no token of a salon. Anything new here is a decision.
OPEN = {
    "GET /api/offers/{token}",  # The link's own token is the right.
    "POST /api/confirm/{token}",
    "POST /api/decline/{token}",
    "POST /api/stay/{token}",
    "GET /api/public/{salon}",  # What a salon shows everybody.
    "GET /api/public/{salon}/services",
    "GET /api/public/{salon}/staff",
    "GET /api/public/{salon}/free-times",
    "POST /api/public/{salon}/verifications",  # The code that it sends is the right,
    "POST /api/public/{salon}/verifications/{verification_id}/confirm",
    "POST /api/public/{salon}/bookings",  # or what that was exchanged for.
    "POST /api/public/{salon}/waitlist",
    "POST /api/lifecycle/process",  # The installation's cron key is.
    "POST /api/auth/sign-in",  # A password is, or a code,
    "POST /api/auth/code",
    "POST /api/auth/token",
    "POST /api/auth/refresh",  # or a token that we gave out,
    "POST /api/auth/verify",  # or sent to somebody's address.
    "POST /api/auth/reset",
    "POST /api/auth/join",
    "POST /api/auth/email/confirm",
    "POST /api/auth/sign-up",  # It is everybody's.
    "POST /api/auth/forgot",
}
# One's own account, by cookie: no salon's token opens it (test_sessions.py).
OWN = "/api/auth/"

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
async def api(two: Two) -> AsyncIterator[httpx.AsyncClient]:
    """Our salon's API, with a good token of ours."""
    token = issue_token(
        SECRET.encode(), Identity(two.ours.salon.id, "us"), now=two.ours.clock(), lifetime=timedelta(hours=1)
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app_of(two.ours.system.web)),
        base_url="http://salon",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client


@pytest.fixture(scope="module")
async def theirs(two: Two) -> Mapping[str, UUID]:
    return await ids_of(two.theirs)


async def ids_of(shop: Shop) -> dict[str, UUID]:
    """An id of every kind of thing that a salon has, named as in the API's paths."""
    tables = {
        "entry_id": "waitlist_entries",
        "slot_id": "slots",
        "booking_id": "bookings",
        "offer_id": "offers",
        "message_id": "messages",
        "reply_id": "replies",
        "customer_id": "customers",
        "staff_id": "staff",
        "service_id": "services",
        "notice_id": "notices",
        "closure_id": "closures",
        "feed_id": "calendar_feeds",
        "calendar_id": "calendar_links",
        "webhook_id": "webhook_endpoints",
        "delivery_id": "webhook_deliveries",
        "invitation_id": "invitations",
        "key_id": "api_keys",
    }
    [user] = await shop.all("SELECT user_id FROM memberships")
    return {"user_id": user["user_id"]} | {
        name: (await shop.all(f'SELECT id FROM "{table}" LIMIT 1'))[0]["id"] for name, table in tables.items()
    }


def operations(two: Two) -> list[tuple[str, str, dict[str, Any]]]:
    """Every method and path of the API, with its description."""
    described = app_of(two.ours.system.web).openapi()
    return [
        (method.upper(), path, item[method])
        for path, item in described["paths"].items()
        for method in METHODS
        if method in item
    ]


def bodies(two: Two, theirs: Mapping[str, UUID]) -> dict[str, Any]:
    """A good body for each operation that needs one."""
    tomorrow = (two.ours.clock() + timedelta(days=1)).isoformat()
    person = {"name": "Kari", "phone": "+47 412 34 567"}
    return {
        "PATCH /api/waitlist/{entry_id}": {"from_minute": 60},
        "PATCH /api/bookings/{booking_id}": {"starts_at": tomorrow},
        "PATCH /api/services/{service_id}": {"active": False},
        "PATCH /api/webhooks/{webhook_id}": {"active": False},
        "PUT /api/staff/{staff_id}/hours": [],
        "POST /api/waitlist/{entry_id}/notify": {"slot_id": str(theirs["slot_id"])},
        "PUT /api/waitlist/{entry_id}/priority": {"priority": 900, "reason": "test"},
        "POST /api/waitlist": {
            "customer": person,
            "service_id": str(theirs["service_id"]),
            "earliest": two.ours.clock().isoformat(),
            "latest": tomorrow,
        },
        "POST /api/slots": {
            "staff_id": str(theirs["staff_id"]),
            "service_id": str(theirs["service_id"]),
            "starts_at": tomorrow,
        },
        "POST /api/bookings": {
            "customer": person,
            "staff_id": str(theirs["staff_id"]),
            "service_id": str(theirs["service_id"]),
            "starts_at": tomorrow,
        },
        "POST /api/calendars/ical": {"staff_id": str(theirs["staff_id"]), "url": "https://example.com/"},
        "POST /api/calendar-feeds": {"staff_id": str(theirs["staff_id"])},
        "POST /api/waitlist/suggestion": {"phone": person["phone"], "service_id": str(theirs["service_id"])},
        "POST /api/staff": {"name": "Mallory", "services": [str(theirs["service_id"])]},
        "PUT /api/policies": {"max_misses": 1},
        "PATCH /api/members/{user_id}": {"role": "viewer"},
        "POST /api/customers/{customer_id}/messages": {"text": "Hello"},
    }


async def test_every_endpoint_but_a_named_few_asks_for_a_token(two: Two, api: httpx.AsyncClient) -> None:
    without = {f"{method} {path}" for method, path, about in operations(two) if not about.get("security")}
    assert without == OPEN
    for method, path, about in operations(two):
        if about.get("security"):
            address = re.sub(r"{\w+}", str(uuid4()), path)
            answer = await api.request(method, address, headers={"Authorization": ""})
            assert answer.status_code == 401, (method, path)


async def test_another_salons_ids_are_unknown_on_every_endpoint(
    two: Two, api: httpx.AsyncClient, theirs: Mapping[str, UUID]
) -> None:
    before = await two.everything(two.theirs)
    given = bodies(two, theirs)
    asked = 0
    for method, path, about in operations(two):
        if "_id}" not in path or not about.get("security") or path.startswith(OWN):
            continue
        address = path.format(**theirs)
        answer = await api.request(method, address, json=given.get(f"{method} {path}"))
        assert answer.status_code == 404, (method, path, answer.text)
        assert answer.json()["error"]["code"].endswith("_NOT_FOUND"), (method, path)
        asked += 1
    assert asked >= 12
    assert await two.everything(two.theirs) == before


async def test_another_salons_id_is_answered_with_the_same_work_as_one_that_there_is_not(
    two: Two, api: httpx.AsyncClient, theirs: Mapping[str, UUID]
) -> None:
    """No answer, and nothing in how it comes about, tells whether somebody else has such a row."""
    given = bodies(two, theirs)
    nothing = {name: uuid4() for name in theirs}
    pool, asked = two.ours.system.pool, 0
    async with all_of(pool) as connections:
        said: list[str] = []
        note = partial(_note_statement, said)
        for connection in connections:
            connection.add_query_logger(note)
    for method, path, about in operations(two):
        if "_id}" not in path or not about.get("security") or path.startswith(OWN):
            continue
        told = []
        for ids in (theirs, nothing, theirs, nothing):  # The first time statements are prepared.
            said.clear()
            answer = await api.request(method, path.format(**ids), json=given.get(f"{method} {path}"))
            body = answer.text
            for one in ids.values():
                body = body.replace(str(one), "an id")
            told.append((answer.status_code, body, list(said)))
        assert told[2] == told[3], (method, path)
        assert told[2][2], (method, path)
        asked += 1
    assert asked >= 40


def _note_statement(said: list[str], record: LoggedQuery) -> None:
    # What differs between two requests at all: the ids in what their transactions begin with.
    said.append(re.sub(r"SET LOCAL standby\.(author|origin) = '[^']*'", r"\1", record.query))


async def test_another_salons_ids_in_a_body_or_query_are_unknown(
    two: Two, api: httpx.AsyncClient, theirs: Mapping[str, UUID]
) -> None:
    before = [await two.everything(two.theirs), await two.everything(two.ours)]
    given = bodies(two, theirs)
    for what in (
        "POST /api/waitlist",
        "POST /api/waitlist/suggestion",
        "POST /api/slots",
        "POST /api/bookings",
        "POST /api/staff",
        "POST /api/calendar-feeds",
        "POST /api/calendars/ical",
    ):
        method, _, path = what.partition(" ")
        answer = await api.request(method, path, json=given[what])
        assert answer.status_code == 422, (what, answer.text)
        assert {one["code"] for one in answer.json()["error"]["details"]["errors"]} == {"not_found"}, what
    asked = {"service_id": str(theirs["service_id"]), "date": two.ours.clock().date().isoformat()}
    assert (await api.get("/api/free-times", params=asked)).status_code == 404
    for method in ("GET", "PUT"):
        answer = await api.request(
            method,
            "/api/policies",
            params={"service_id": str(theirs["service_id"])},
            json=given["PUT /api/policies"] if method == "PUT" else None,
        )
        assert answer.status_code == 404, method
        assert answer.json()["error"]["code"] == "SERVICE_NOT_FOUND"
    mine = await two.ours.one(
        "SELECT id FROM waitlist_entries WHERE status IN ('waiting', 'notified') LIMIT 1"
    )
    answer = await api.patch(f"/api/waitlist/{mine['id']}", json={"staff_id": str(theirs["staff_id"])})
    assert answer.status_code == 422
    answer = await api.post(f"/api/waitlist/{mine['id']}/notify", json={"slot_id": str(theirs["slot_id"])})
    assert answer.status_code == 409  # There is no such open slot.
    assert [await two.everything(two.theirs), await two.everything(two.ours)] == before


async def test_no_list_shows_anything_of_another_salon(
    two: Two, api: httpx.AsyncClient, theirs: Mapping[str, UUID]
) -> None:
    foreign = {
        str(value)
        for rows in (await two.everything(two.theirs)).values()
        for row in json.loads(rows)
        for name, value in row.items()
        if name == "id" or name.endswith("_id") or name == "phone"
        if value is not None and not isinstance(value, int)
    }
    listed = 0
    for method, path, about in operations(two):
        if method != "GET" or "{" in path or not about.get("security") or path.startswith(OWN):
            continue
        if path.startswith("/api/admin/"):  # What all salons share, for operators only.
            assert (await api.get(path)).status_code == 401, path
            continue
        if path == "/api/events":
            continue  # It lists nothing and never ends; test_events.py listens there.
        if any(one["required"] for one in about.get("parameters", [])):
            continue  # /api/free-times is about one service: the test above asks it for theirs.
        params: dict[str, str] = {"days": "31"} if path == "/api/slots" else {}
        answers = [await api.get(path, params=params)]
        filters = {one["name"] for one in about.get("parameters", [])} & set(theirs)
        if path != "/api/policies":
            answers += [await api.get(path, params=params | {name: str(theirs[name])}) for name in filters]
        for answer in answers:
            assert answer.status_code == 200, (path, answer.text)
            assert not [one for one in foreign if one in answer.text], path
        listed += 1
    assert listed >= 6


async def test_a_token_opens_its_own_salon_whatever_the_address_says(
    two: Two, api: httpx.AsyncClient
) -> None:
    mine = await api.get("/api/staff")
    assert {one["id"] for one in mine.json()} == {str(two.ours.kim), str(two.ours.alex)}
    assert urlsplit(str(mine.url)).path == "/api/staff"
    stranger = issue_token(
        SECRET.encode(), Identity(uuid4(), "nobody"), now=two.ours.clock(), lifetime=timedelta(hours=1)
    )
    answer = await api.get("/api/staff", headers={"Authorization": f"Bearer {stranger}"})
    assert answer.json() == []


# -- Through the queue -------------------------------------------------------------------------------------------

# The table that the id in a job is of.
ROWS = {
    FILL: "slots",
    SEND: "messages",
    REMIND: "messages",
    READ: "callbacks",
    PREFERENCE: "customers",
    READ_CALENDAR: "calendar_links",
    WRITE_CALENDAR: "calendar_events",
    DELIVER_WEBHOOK: "webhook_endpoints",
    LETTER: "slots",  # A letter is no salon's, and its job names it alone.
    IMPORT: "imports",
}
GARBAGE = (b"", b"null", b"[]", b"{", b"\xff", b'{"tenant": 1, "id": 2}', b'{"tenant": "x", "id": "y"}')


async def forge(two: Two, job: str, payload: bytes) -> None:
    await two.owner.execute(
        "INSERT INTO pgqueuer (priority, entrypoint, payload, status) VALUES (1, $1, $2, 'queued')",
        job,
        payload,
    )


def naming(tenant: UUID, row: UUID) -> bytes:
    return json.dumps({"tenant": str(tenant), "id": str(row)}).encode()


async def work_to_come(shop: Shop, day: int) -> None:
    """An open slot, a message that waits, a provider's request that nobody has read: what their own jobs change."""
    await shop.join("Nora")
    filled = await shop.free_slot(at=shop.tomorrow() + timedelta(days=day))
    async with shop.transaction() as tx:
        assert isinstance(await cascade.fill(tx, filled, now=shop.clock()), Offered)
    await shop.free_slot(at=shop.tomorrow() + timedelta(days=day + 1))
    async with shop.transaction() as tx:
        await tx.execute("UPDATE callbacks SET read_at = NULL")


async def test_a_job_that_names_one_salon_and_anothers_row_is_done_without_changing_either(two: Two) -> None:
    assert set(ROWS) == set(ABOUT)
    await work_to_come(two.ours, 1)
    await work_to_come(two.theirs, 1)
    await two.owner.execute("DELETE FROM pgqueuer; DELETE FROM pgqueuer_log")
    before = [await two.everything(two.ours), await two.everything(two.theirs)]
    forged = 0
    for job, table in ROWS.items():
        for says, of in ((two.ours, two.theirs), (two.theirs, two.ours), (two.ours, None)):
            rows = await of.all(f'SELECT id FROM "{table}"') if of else [{"id": uuid4()}]
            assert rows, (job, "has no row to name")
            for row in rows:
                await forge(two, job, naming(says.salon.id, row["id"]))
                forged += 1
    await forge(two, FILL, naming(uuid4(), uuid4()))  # A salon that there isn't.
    await two.ours.run_jobs()
    assert await two.owner.fetch("SELECT entrypoint, status FROM pgqueuer") == []
    done = await two.owner.fetch(
        "SELECT status, count(*) FROM pgqueuer_log WHERE status <> 'queued' GROUP BY 1"
    )
    assert {row["status"]: row["count"] for row in done}["successful"] == forged + 1
    assert not {row["status"] for row in done} & {"exception", "failed"}
    assert [await two.everything(two.ours), await two.everything(two.theirs)] == before
    for job in (FILL, SEND, READ):  # Those of one's own do change something.
        for row in await two.ours.all(f'SELECT id FROM "{ROWS[job]}"'):
            await forge(two, job, naming(two.ours.salon.id, row["id"]))
    await two.ours.run_jobs()
    after = await two.everything(two.ours)
    assert not [job for job in (FILL, SEND, READ) if after[ROWS[job]] == before[0][ROWS[job]]]


@pytest.mark.parametrize("job", sorted(ABOUT))
async def test_a_job_that_cannot_be_read_is_parked_at_once(two: Two, job: str) -> None:
    before = [await two.everything(two.ours), await two.everything(two.theirs)]
    await two.owner.execute("DELETE FROM pgqueuer; DELETE FROM pgqueuer_log")
    for payload in GARBAGE:
        await forge(two, job, payload)
    await two.ours.run_jobs()
    parked = await two.owner.fetch("SELECT status, attempts FROM pgqueuer")
    assert [tuple(row) for row in parked] == [("failed", 0)] * len(GARBAGE)
    told = await two.owner.fetch(
        "SELECT traceback::text AS said FROM pgqueuer_log WHERE traceback IS NOT NULL"
    )
    assert len(told) == len(GARBAGE)
    assert all("names no salon and no row" in row["said"] for row in told)
    await two.owner.execute("DELETE FROM pgqueuer")
    assert [await two.everything(two.ours), await two.everything(two.theirs)] == before
