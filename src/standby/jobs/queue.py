"""The job queue: PgQueuer, set up for what we need of it.

Jobs are added by SQL function enqueue() in the transaction of the change that they follow from (see
database/functions/enqueue.sql), and each names a tenant and a row. A handler may run twice for one job (a worker that
dies is replaced after `HEARTBEAT`), so handlers look at the row's state first.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from uuid import UUID

from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.core.qm import QueueManager
from pgqueuer.models import Job
from pgqueuer.ports.driver import NotifyCallback
from pgqueuer.queries import Queries

from standby.database.pool import Connection

FILL = "waitlist.fill"
SEND = "message.send"
READ = "callback.read"
PREFERENCE = "waitlist.preference"
READ_CALENDAR = "calendar.read"
WRITE_CALENDAR = "calendar.write"
DELIVER_WEBHOOK = "webhook.deliver"
LETTER = "account.letter"

# Jobs that can wait, and some of which wait for others' servers: queue managers of their own take a few at a time, so
# that they never stand before an offer. (PgQueuer's own limits by kind would slow down the taking of every job.)
ASIDE = frozenset({WRITE_CALENDAR, PREFERENCE, LETTER})
ASIDE_BATCH = 2  # seed 001, of preferences
ASIDE_WAIT = timedelta(milliseconds=100)
# Readings may take minutes, so they don't stand before those either; they mostly wait, so they may be more.
READINGS = frozenset({READ_CALENDAR})
READINGS_BATCH = 4
# So may webhooks that don't answer: five lines of them at a time, and each has its turn (webhook_lines.py).
WEBHOOKS = frozenset({DELIVER_WEBHOOK})
WEBHOOKS_AT_ONCE = 5
WEBHOOKS_BATCH = 2

BATCH = 50  # jobs taken at once
IN_HAND = (
    2 * BATCH
)  # jobs that a worker has taken and not done: what is more urgent waits for those, and no others
HEARTBEAT = timedelta(seconds=3)  # a job whose worker was silent for so long is taken over
POLL = timedelta(seconds=1)  # the longest that a missed NOTIFY, or a dead worker's job, goes unnoticed
BUSY_POLL = timedelta(milliseconds=20)
FIRST_RETRY = timedelta(seconds=1)
FIRST_RETRIES = {PREFERENCE: timedelta(seconds=5)}  # where it is another

Handler = Callable[[UUID, UUID], Awaitable[object]]  # tenant, row


def build_queue(
    connection: Connection, handlers: Mapping[str, Handler], *, aside: bool = False
) -> QueueManager:
    """A queue manager on a connection of its own that acts as the worker's role; `aside`: its jobs can wait a little.

    A handler that raises is tried again after 1, 2 and 4 s (preferences: 5, 10, 20; seed 001), then parked as failed.
    """
    manager = QueueManager(Queries(_SeldomWoken(connection) if aside else AsyncpgDriver(connection)))
    manager.min_dequeue_poll_interval = BUSY_POLL
    for name, handler in handlers.items():
        manager.entrypoint(name, on_failure="hold", executor_factory=_with_retries(name))(
            partial(_run, handler)
        )
    return manager


async def run_queue(manager: QueueManager, *, in_hand: int = IN_HAND, batch: int = BATCH) -> None:
    """Works until `manager.shutdown` is set; then finishes what it has begun.

    `in_hand` is at least twice the batch.
    """
    await manager.run(
        dequeue_timeout=POLL,
        batch_size=batch,
        max_concurrent_tasks=in_hand,
        heartbeat_timeout=HEARTBEAT,
        shutdown_on_listener_failure=True,
        log_aggregation_interval=timedelta(0),
    )


class _SeldomWoken(AsyncpgDriver):
    """Tells of changes of the queue together, `ASIDE_WAIT` after the first.

    A manager looks at the queue once for each that it is told of, whichever jobs it is about.
    """

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Listens, as the queue manager does once."""
        loop = asyncio.get_running_loop()
        coming: asyncio.TimerHandle | None = None

        def hear(payload: str | bytes | bytearray) -> None:
            nonlocal coming
            if "table_changed_event" not in str(payload):
                callback(payload)
            elif coming is None:
                coming = loop.call_later(ASIDE_WAIT.total_seconds(), tell, payload)

        def tell(payload: str | bytes | bytearray) -> None:
            nonlocal coming
            coming = None
            callback(payload)

        await super().add_listener(channel, hear)


def _with_retries(name: str) -> Callable[[EntrypointExecutorParameters], DatabaseRetryEntrypointExecutor]:
    return lambda parameters: DatabaseRetryEntrypointExecutor(
        parameters=parameters,
        max_attempts=3,
        initial_delay=FIRST_RETRIES.get(name, FIRST_RETRY),
        backoff_multiplier=2.0,
    )


async def _run(handler: Handler, job: Job) -> None:
    payload = json.loads(job.payload or b"null")
    await handler(UUID(payload["tenant"]), UUID(payload["id"]))
