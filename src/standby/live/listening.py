"""The one connection of a process on which PostgreSQL tells it of changes (database/functions/announce_change.sql)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from typing import Any, Final

import asyncpg
import structlog

from standby.database.pool import APP, CONNECTION_LOST, Connection, connect
from standby.live.streams import Streams, read_change

CHANNEL: Final = "standby_changes"
PROBE_SECONDS: Final = (
    20.0  # A connection that was cut off on the way looks like one on which nothing happens.
)
RECONNECT_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 2.0

log = structlog.get_logger()


class Live:
    """A salon's changes as they happen. `check_seconds`: how often a stream's reader is asked who they are."""

    def __init__(self, url: str, *, streams_per_salon: int, check_seconds: float) -> None:
        self.streams = Streams(most=streams_per_salon)
        self.check_seconds = check_seconds
        self._url = url
        self._listening: asyncio.Task[None] | None = None
        self._heard_of = asyncio.Event()

    async def begin(self) -> None:
        """Has the process listen from now on. A process that nobody asks for changes has no connection for them.

        Without a database it returns all the same, after a moment: streams are told to reload when it is there.
        """
        if self._listening is None:
            # In a context of its own: it is no part of the request that happens to be the first.
            self._listening = asyncio.create_task(self._listen(), context=Context())
        with suppress(TimeoutError):
            await asyncio.wait_for(self._heard_of.wait(), PATIENCE_SECONDS)

    async def stop(self) -> None:
        """Ends all streams and lets go of the connection."""
        self.streams.end()
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def _listen(self) -> None:
        while True:
            try:
                async with connect(self._url, role=APP, name="standby live") as connection:
                    await self._listen_on(connection)
            except (*CONNECTION_LOST, asyncpg.PostgresError, TimeoutError) as lost:
                log.warning("live_connection_lost", error=repr(lost))
            self._heard_of.clear()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_on(self, connection: Connection) -> None:
        """Returns when the connection has ended."""
        ended = asyncio.Event()
        connection.add_termination_listener(lambda _: ended.set())
        await connection.add_listener(CHANNEL, self._hear)
        self.streams.tell_all_to_reload()
        self._heard_of.set()
        while not ended.is_set():
            try:
                await asyncio.wait_for(ended.wait(), PROBE_SECONDS)
            except TimeoutError:
                await connection.execute("SELECT 1", timeout=PROBE_SECONDS)

    def _hear(self, *told: Any) -> None:
        self.streams.tell(read_change(told[-1]))


@asynccontextmanager
async def open_live(url: str, *, streams_per_salon: int, check_seconds: float) -> AsyncIterator[Live]:
    """Live changes while the block runs."""
    live = Live(url, streams_per_salon=streams_per_salon, check_seconds=check_seconds)
    try:
        yield live
    finally:
        await live.stop()
