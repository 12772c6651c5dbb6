"""A connection keeps the plans that it made for the salon that it served first: they must not depend on which."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

import standby
from standby.database.pool import APP, connect
from tests.salon import Shop

PACKAGE = Path(standby.__file__).parent
STATEMENTS = [
    path
    for path in sorted(PACKAGE.glob("*/sql/*.sql"))
    if path.parent.parent.name not in ("database", "demo", "jobs", "messages")  # Those serve no one tenant.
]

# A big salon beside a new one; what is wrong with the rows is nobody's business here.
CROWD = """
CREATE TEMPORARY TABLE crowd AS
SELECT $1::uuid AS tenant_id, gen_random_uuid() AS id, gen_random_uuid() AS other_id, n, now() AS at
FROM generate_series(1000000, 1005000) AS n;
INSERT INTO standby.customers (tenant_id, id, name, phone, created_at)
SELECT tenant_id, id, 'Customer', '+474' || n, at FROM crowd;
INSERT INTO standby.consents (tenant_id, id, customer_id, channel, granted, text_version, source, at)
SELECT tenant_id, gen_random_uuid(), id, 'sms', true, '1', 'test', at FROM crowd;
INSERT INTO standby.waitlist_entries (tenant_id, id, customer_id, service_id, earliest, latest, status, joined_at,
                                      reason, actor, changed_at)
SELECT tenant_id, gen_random_uuid(), id, other_id, at, at + interval '1 hour', 'waiting', at, 'joined', 'test', at
FROM crowd;
INSERT INTO standby.slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                           created_at)
SELECT tenant_id, id, other_id, other_id, at, at + interval '1 hour',
       CASE WHEN n % 10 > 0 THEN 'booked' ELSE 'open' END, 'created', 'test', at, at
FROM crowd;
INSERT INTO standby.bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status,
                              source, reason, actor, changed_at, created_at, reminders_since)
SELECT tenant_id, gen_random_uuid(), id, id, other_id, other_id, at, at + interval '1 hour', 'confirmed',
       'direct', 'booked', 'test', at, at, at
FROM crowd;
INSERT INTO standby.offers (tenant_id, id, slot_id, entry_id, customer_id, status, score, breakdown, window_seconds,
                            reminder_lead_seconds, cooldown_seconds, max_misses, offered_at, expires_at, ended_at,
                            reason, actor, changed_at)
SELECT tenant_id, id, id, id, id, CASE WHEN n % 10 > 0 THEN 'declined' ELSE 'pending' END, 50, '{}', 900, 600, 60, 3,
       at, at + interval '1 hour', CASE WHEN n % 10 > 0 THEN at END, 'test', 'test', at
FROM crowd;
INSERT INTO standby.messages (tenant_id, id, customer_id, offer_id, slot_id, kind, dedupe_key, status, channels,
                              sent_at, created_at)
SELECT tenant_id, id, id, id, id, 'offer', n, 'sent', '{sms}', at, at FROM crowd;
INSERT INTO standby.history (tenant_id, entity, entity_id, to_state, reason, actor, at)
SELECT tenant_id, 'slot', id, 'booked', 'test', 'test', at FROM crowd;
"""

LISTS = ("customers", "consents", "waitlist_entries", "slots", "bookings", "offers", "messages", "history")


async def test_they_are_the_same_for_a_salon_with_thousands_of_customers_and_for_a_new_one(
    shop: Shop, database_url: str
) -> None:
    await _crowded(database_url, shop)
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


@pytest.mark.parametrize("kept", ["ANALYZE", "VACUUM ANALYZE"])
async def test_no_statement_holds_a_list_against_a_list(shop: Shop, database_url: str, kept: str) -> None:
    """The planner takes every list for a short one, and for a join of two a loop that compares all with all."""
    await _crowded(database_url, shop, kept)
    found = await plans(database_url, shop.salon.id, "FORMAT JSON")
    assert {
        name: list(compared)
        for name, (plan,) in found.items()
        if (compared := set(_compared(json.loads(plan)[0])))
    } == {}


async def _crowded(database_url: str, shop: Shop, kept: str = "ANALYZE") -> None:
    owner = await asyncpg.connect(database_url)
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(CROWD.replace("$1", f"'{shop.salon.id}'"))
    await owner.execute(kept)
    await owner.close()


def _compared(plan: Mapping[str, Any]) -> Iterator[str]:
    """Indexes that a loop goes through for each of its rows, from the tenant's first row to the last."""
    parts = plan.get("Plans", [plan["Plan"]] if "Plan" in plan else [])
    if plan.get("Node Type") == "Nested Loop":
        inner = parts[1]
        while inner["Node Type"] in ("Materialize", "Memoize", "Subquery Scan"):
            [inner] = inner["Plans"]
        if (
            inner.get("Relation Name") in LISTS
            and "Index Name" in inner
            and " AND " not in inner.get("Index Cond", "")
        ):
            yield inner["Index Name"]
    for part in parts:
        yield from _compared(part)


async def plans(url: str, tenant_id: UUID, how: str = "COSTS OFF") -> dict[str, list[str]]:
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
            lines = await connection.fetch(f"EXPLAIN ({how}) EXECUTE looked_at{given}")
            found[f"{path.parent.parent.name}/{path.stem}"] = [line for (line,) in lines]
            await connection.execute("DEALLOCATE looked_at; ROLLBACK")
    return found
