"""A process's connections are warm before its first work, and nothing of the rehearsal is kept."""

import asyncpg

from standby.database.pool import all_of
from standby.jobs.rehearsal import rehearse
from tests.salon import Shop


async def test_it_plays_the_whole_story_on_every_connection(shop: Shop) -> None:
    pool = shop.system.pool
    await rehearse(pool, shop.clock)
    async with all_of(pool) as connections:
        known_by = [
            await connection.fetchval(
                "SELECT string_agg(statement, '') FROM pg_prepared_statements WHERE generic_plans > 0"
            )
            for connection in connections
        ]
    assert len(known_by) == pool.get_max_size()
    for known in known_by:
        for table in ("waitlist_entries", "slots", "offers", "messages", "bookings"):
            assert f"INSERT INTO {table} " in known


async def test_what_sends_is_rehearsed_on_every_connection_too(shop: Shop) -> None:
    pool = shop.system.worker_pool
    await shop.system.delivery.rehearse()
    async with all_of(pool) as connections:
        assert len(connections) == pool.get_max_size()
        for connection in connections:
            known = await connection.fetchval("SELECT string_agg(statement, '') FROM pg_prepared_statements")
            assert "claim_messages(" in known
            assert "record_outcomes(" in known


async def test_nothing_of_it_is_kept(shop: Shop, database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    before = await counts(owner)
    await rehearse(shop.system.pool, shop.clock)
    await shop.system.delivery.rehearse()
    assert await counts(owner) == before
    await owner.close()


async def counts(owner: asyncpg.Connection) -> dict[str, int]:
    tables = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'standby'")
    return {
        table: await owner.fetchval(f'SELECT count(*) FROM standby."{table}"')  # noqa: S608 - a table of ours
        for (table,) in tables
    }
