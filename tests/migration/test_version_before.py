"""Processes of the version before go on beside the new one's database."""

import asyncpg

from tools.version_before import kept


async def test_every_statement_of_the_version_before_is_one_still(database_url: str) -> None:
    """A table, column or function that it uses goes away a version later; docs/operations.md promises that."""
    assert len(kept()) > 300
    assert await broken(database_url) == {}


async def test_a_function_that_has_gone_is_noticed(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("DROP FUNCTION standby.expire_due_offers")
    await connection.close()
    assert list(await broken(database_url)) == ["expire_due_offers of 1"]


async def broken(url: str) -> dict[str, str]:
    """The statements that PostgreSQL doesn't take, and why."""
    connection = await asyncpg.connect(url, server_settings={"search_path": "standby"})
    found = {}
    for name, statement in kept().items():
        try:
            await connection.prepare(statement)
        except asyncpg.PostgresError as error:
            found[name] = str(error)
    await connection.close()
    return found
