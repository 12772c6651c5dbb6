"""The job queue: PgQueuer, set up for what we need of it.

Jobs are added by SQL function enqueue() in the transaction of the change that they follow from (see
database/functions/enqueue.sql), and each names a tenant and a row. A handler may run twice for one job (a worker that
dies is replaced after `HEARTBEAT`), so handlers look at the row's state first.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from time import perf_counter
from uuid import UUID

import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.core.qm import QueueManager
from pgqueuer.models import Context, Job
from pgqueuer.ports.driver import NotifyCallback
from pgqueuer.queries import Queries
from pgqueuer.types import QueueEntrypoint
from structlog.contextvars import bind_contextvars

from standby import origin
from standby.database.pool import Connection
from standby.jobs.gate import Came, Gate
from standby.jobs.masking import masked
from standby.jobs.queues import (
    ABOUT,
    DELIVER_WEBHOOK,
    IMPORT,
    LETTER,
    PREFERENCE,
    QUEUE_OF,
    READ_CALENDAR,
    WRITE_CALENDAR,
    Retry,
    Rules,
)
from standby.settings import Settings

# Jobs that can wait, and some of which wait for others' servers: queue managers of their own take a few at a time, so
# that they never stand before an offer. How many of each queue run at a time says the gate.
ASIDE = frozenset({WRITE_CALENDAR, PREFERENCE, LETTER, IMPORT})
ASIDE_BATCH = 2  # seed 001, of preferences
ASIDE_WAIT = timedelta(milliseconds=100)
# Readings may take minutes, so they don't stand before those either; they mostly wait, so they may be more.
READINGS = frozenset({READ_CALENDAR})
READINGS_BATCH = 4
# So may webhooks that don't answer; each line of them has its turn (webhook_lines.py).
WEBHOOKS = frozenset({DELIVER_WEBHOOK})
WEBHOOKS_BATCH = 2

BATCH = 50  # jobs taken at once
IN_HAND = (
    2 * BATCH
)  # jobs that a worker has taken and not done: what is more urgent waits for those, and no others
HEARTBEAT = timedelta(seconds=3)  # a job whose worker was silent for so long is taken over
POLL = timedelta(seconds=1)  # the longest that a missed NOTIFY, or a dead worker's job, goes unnoticed
BUSY_POLL = timedelta(milliseconds=20)
LONGEST_RETRY = timedelta(hours=1)

TELLS = logging.getLogger(__name__)  # Its level is QUEUE_LOG_LEVEL: lines that nobody wants cost nothing.
log = structlog.get_logger(__name__)

Handler = Callable[[UUID, UUID], Awaitable[object]]  # tenant, row


def build_queue(
    connection: Connection,
    handlers: Mapping[str, Handler],
    *,
    aside: bool = False,
    gate: Gate | None = None,
    rules: Mapping[str, Rules] | None = None,
) -> QueueManager:
    """A queue manager on a connection of its own that acts as the worker's role; `aside`: its jobs can wait a little.

    A handler that raises is tried again as the queue's rules say (the settings' defaults unless given), then its job is
    parked as failed. The gate says how many run at a time; without one any number may.
    """
    gate = gate or Gate()
    rules = rules or Settings.model_construct().queue_rules()
    driver = _SeldomWoken(connection) if aside else AsyncpgDriver(connection)
    manager = _GatedManager(Queries(driver), gate=gate, ahead=not aside)
    manager.min_dequeue_poll_interval = BUSY_POLL
    for name, handler in handlers.items():
        retry = rules[QUEUE_OF[name]].retry
        manager.entrypoint(name, on_failure="hold", executor_factory=_with_retries(retry))(
            partial(run_job, gate, retry, handler)
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


@dataclass
class _GatedManager(QueueManager):
    """Asks the database for those jobs only that the gate has room for."""

    gate: Gate = field(default_factory=Gate)
    ahead: bool = True  # Jobs that may take long are not kept waiting here: another worker may be free.

    def entrypoints_below_capacity_limits(self) -> set[QueueEntrypoint]:
        return {QueueEntrypoint(job) for job in self.gate.open_for(self.entrypoint_registry)}

    async def fetch_jobs(
        self, batch_size: int, global_concurrency_limit: int | None, heartbeat_timeout: timedelta
    ) -> AsyncGenerator[Job, None]:
        if room := self.gate.room(self.entrypoint_registry, batch_size, ahead=self.ahead):
            async for job in super().fetch_jobs(room, global_concurrency_limit, heartbeat_timeout):
                yield job
                await asyncio.sleep(0)  # It begins, and the gate counts it before more is asked for.

    async def _effective_dequeue_timeout(self, dequeue_timeout: timedelta) -> timedelta:
        """As PgQueuer's own, but what may not be taken now is no reason to look again at once."""
        if len(may := self.entrypoints_below_capacity_limits()) == len(self.entrypoint_registry):
            return await super()._effective_dequeue_timeout(dequeue_timeout)
        if may and await self.queries.eligible_queued_work(list(may)) > 0:
            return self.min_dequeue_poll_interval
        eta = await self.queries.next_deferred_eta(list(may)) if may else None
        return (
            dequeue_timeout if eta is None else min(dequeue_timeout, max(eta, self.min_dequeue_poll_interval))
        )


class UnreadableJob(Exception):
    """A job names no salon and no row."""


class _Executor(DatabaseRetryEntrypointExecutor):
    """As PgQueuer's own, but what can't be read is parked at once: it would be no better the next time."""

    async def execute(self, job: Job, context: Context) -> None:
        about(job)
        await super().execute(job, context)


def about(job: Job) -> tuple[UUID, UUID]:
    """The salon and the row that a job names. Raises UnreadableJob."""
    try:
        payload = json.loads(job.payload or b"null")
        return UUID(payload["tenant"]), UUID(payload["id"])
    except (ValueError, TypeError, KeyError, AttributeError):
        # Whatever stands there instead is told to nobody.
        raise UnreadableJob("The job names no salon and no row.") from None


def _with_retries(retry: Retry) -> Callable[[EntrypointExecutorParameters], DatabaseRetryEntrypointExecutor]:
    return lambda parameters: _Executor(
        parameters=parameters,
        max_attempts=retry.times,
        initial_delay=retry.first,
        max_delay=LONGEST_RETRY,
        backoff_multiplier=retry.factor,
    )


async def run_job(gate: Gate, retry: Retry, handler: Handler, job: Job) -> None:
    """Does a job when it is its turn, and notes what came of it. Raises what the handler raised."""
    tenant_id, row_id = about(job)
    waited = (job.updated - max(job.created, job.execute_after)).total_seconds()
    with origin.continued(job.headers) as request_id:
        # A job is a task of its own, so what is bound here ends with it.
        bind_contextvars(**_named(job, tenant_id, row_id, request_id))
        async with gate.turn(job.entrypoint, waited=waited):
            began = perf_counter()
            if TELLS.isEnabledFor(logging.INFO):
                log.info("job_started")
            try:
                await handler(tenant_id, row_id)
            except Exception as error:
                came: Came = "failed" if job.attempts >= retry.times else "retried"
                gate.note(job.entrypoint, came, perf_counter() - began)
                _tell_failed(came, error, began)
                raise
            gate.note(job.entrypoint, "completed", perf_counter() - began)
            if TELLS.isEnabledFor(logging.INFO):
                log.info("job_completed", duration=_lasted(began))


def _named(job: Job, tenant_id: UUID, row_id: UUID, request_id: str | None) -> dict[str, str]:
    """What every line of a job's log says (seed 001, "Logging"), and which salon and row it is about."""
    named = {
        "queue": QUEUE_OF.get(job.entrypoint, job.entrypoint),
        "job": job.entrypoint,
        "jobId": str(job.id),
        "tenant_id": str(tenant_id),
        ABOUT.get(job.entrypoint, "row_id"): str(row_id),
    }
    return named if request_id is None else named | {"request_id": request_id}


def _tell_failed(came: Came, error: Exception, began: float) -> None:
    said = masked(f"{type(error).__name__}: {error}")
    if came == "failed":
        log.error("job_failed", error=said, duration=_lasted(began))
    elif TELLS.isEnabledFor(logging.WARNING):
        log.warning("job_retried", error=said, duration=_lasted(began))


def _lasted(began: float) -> str:
    return f"{(perf_counter() - began) * 1000:.0f}ms"
