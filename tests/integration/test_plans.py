"""A connection keeps the plans that it made for the salon that it served first: they must not depend on which."""

from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

import standby
from standby.database.pool import APP, connect
from tests.salon import Shop

PACKAGE = Path(standby.__file__).parent
STATEMENTS = [
    path
    for path in sorted(PACKAGE.glob("*/sql/*.sql"))
    if path.parent.parent.name not in ("database", "jobs", "messages")  # Those serve no one tenant.
]

# A big salon beside a new one; what is wrong with the rows is nobody's business here.
CROWD = """
INSERT INTO standby.customers (tenant_id, id, name, phone, created_at)
SELECT $1, gen_random_uuid(), 'Customer', '+474' || n, now() FROM generate_series(1000000, 1005000) AS n;
"""


async def test_they_are_the_same_for_a_salon_with_thousands_of_customers_and_for_a_new_one(
    shop: Shop, database_url: str
) -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(CROWD.replace("$1", f"'{shop.salon.id}'"))
    await owner.execute("ANALYZE")
    await owner.close()

    big, new = await plans(database_url, shop.salon.id), await plans(database_url, uuid4())
    assert len(big) > 50
    assert big == new


async def test_nothing_is_known_about_the_tenants_of_any_table(database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    known = await owner.fetch(
        "SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = 'standby'::regnamespace AND relkind IN ('r', 'p') AND attname = 'tenant_id'"
        " AND attstattarget IS DISTINCT FROM 0"
    )
    await owner.close()
    assert known == []


async def plans(url: str, tenant_id: UUID) -> dict[str, list[str]]:
    """How PostgreSQL would run each statement, on a connection that serves this salon."""
    found = {}
    async with connect(url, role=APP, name="plans") as connection:
        for path in STATEMENTS:
            await connection.execute(f"BEGIN; SET LOCAL standby.tenant = '{tenant_id}'")
            await connection.execute(f"PREPARE looked_at AS {path.read_text()}")
            count = await connection.fetchval(
                "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'looked_at'"
            )
            given = f"({', '.join(['NULL'] * count)})" if count else ""
            lines = await connection.fetch(f"EXPLAIN (COSTS OFF) EXECUTE looked_at{given}")
            found[path.stem] = [line for (line,) in lines]
            await connection.execute("DEALLOCATE looked_at; ROLLBACK")
    return found
