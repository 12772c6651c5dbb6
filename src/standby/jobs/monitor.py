"""What operators see of the queues, and what they do to them: the one source of the commands, the API and the pages.

`pool` acts as the worker's role everywhere. What failed is retried or deleted, never what runs or waits.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias, get_args
from uuid import UUID

import asyncpg
import structlog

from standby.database.pool import Pool
from standby.database.statements import statements_beside
from standby.errors import JobNotFound, QueueNotFound
from standby.jobs.gate import Done, Times
from standby.jobs.masking import masked, masked_payload
from standby.jobs.presence import SILENT
from standby.jobs.queues import BY_NAME, QUEUE_OF, QUEUES, Queue

SQL = statements_beside(__file__)

State: TypeAlias = Literal["waiting", "active", "delayed", "failed", "completed"]
STATES: Final[tuple[State, ...]] = get_args(State)
TOO_MANY_FAILED: Final = 100  # seed 000, "Health Check Endpoint": healthy while failed < 100
# What PgQueuer calls the states in which it stores a job.
NAMES: Final[Mapping[str, State]] = {"queued": "waiting", "picked": "active", "failed": "failed"}
NUMBERED: Final = 1000  # jobs that the log names by their numbers; of more it has the count

log = structlog.get_logger()


@dataclass(frozen=True)
class Standing:
    """How a queue stands. `delayed`: its deadlines to come, and jobs that wait to be tried again; `completed`: those
    that are kept; `oldest_seconds`: how long its oldest waiting job has been due.
    """

    queue: Queue
    waiting: int
    active: int
    completed: int
    failed: int
    delayed: int
    oldest_seconds: float
    paused_at: datetime | None
    paused_by: str | None

    @property
    def healthy(self) -> bool:
        return self.failed < TOO_MANY_FAILED


@dataclass(frozen=True)
class Listed:
    """A job in a list. `place` is where the next page begins; `at`: since when it waits, runs, has failed or is done,
    or until when it is put off; `error`: its last, without people in it.
    """

    id: int
    job: str
    state: State
    at: datetime
    attempts: int
    error: str
    place: int


@dataclass(frozen=True)
class Noted:
    """A line of a job's log."""

    at: datetime
    status: str
    error: str
    traceback: str


@dataclass(frozen=True)
class JobView:
    """All that is known of a job, without people in it. `state` is what became of it when it is gone."""

    id: int
    queue: str
    job: str
    state: str
    attempts: int
    priority: int | None
    created: datetime | None
    due: datetime | None
    payload: str
    request_id: str
    log: Sequence[Noted]


@dataclass(frozen=True)
class Worker:
    """A worker process, by its own word; `alive`: it has said something in the last ten seconds."""

    id: UUID
    host: str
    pid: int
    version: str
    started_at: datetime
    beat_at: datetime
    in_hand: Mapping[str, int]
    alive: bool


@dataclass(frozen=True)
class Step:
    """What was done in some minutes, by queue (and timer)."""

    at: datetime
    done: Mapping[str, Done]


def queue_named(name: str) -> Queue:
    """The queue, by its name or its short one. Raises QueueNotFound."""
    found = BY_NAME.get(name) or next((queue for queue in QUEUES if queue.short == name), None)
    if found is None:
        raise QueueNotFound(f"There is no queue {name}; there are {', '.join(BY_NAME)}")
    return found


async def paused(pool: Pool) -> frozenset[str]:
    """The names of the queues that are paused."""
    return frozenset(row["queue"] for row in await pool.fetch(SQL["paused_queues"]))


async def standings(pool: Pool, *, now: datetime) -> list[Standing]:
    """How every queue stands."""
    jobs = {row["job"]: row for row in await pool.fetch(SQL["count_jobs"])}
    completed = {row["job"]: row["completed"] for row in await pool.fetch(SQL["count_completed"])}
    timers = {row["timer"]: row for row in await pool.fetch("SELECT * FROM count_deadlines($1)", now)}
    pauses = {row["queue"]: row for row in await pool.fetch(SQL["paused_queues"])}
    return [_standing(queue, jobs, completed, timers, pauses.get(queue.name)) for queue in QUEUES]


def _standing(
    queue: Queue,
    jobs: Mapping[str, asyncpg.Record],
    completed: Mapping[str, int],
    timers: Mapping[str, asyncpg.Record],
    pause: asyncpg.Record | None,
) -> Standing:
    mine = [jobs[name] for name in queue.jobs if name in jobs]
    due = [timers[name] for name in queue.timers if name in timers]
    return Standing(
        queue=queue,
        waiting=sum(row["waiting"] for row in mine) + sum(row["due"] for row in due),
        active=sum(row["active"] for row in mine),
        completed=sum(completed.get(name, 0) for name in queue.jobs),
        failed=sum(row["failed"] for row in mine),
        delayed=sum(row["delayed"] for row in mine) + sum(row["coming"] for row in due),
        oldest_seconds=max((row["oldest_seconds"] or 0.0 for row in mine), default=0.0),
        paused_at=pause["paused_at"] if pause else None,
        paused_by=pause["paused_by"] if pause else None,
    )


async def jobs(
    pool: Pool, queue: Queue, state: State, *, after: int | None = None, limit: int = 50
) -> list[Listed]:
    """A page of a queue's jobs in one state, newest first. `after` is the `place` of the last one seen.

    Deadlines are no jobs: of the delayed only those are here that are to be tried again.
    """
    if state == "completed":
        rows = await pool.fetch(SQL["list_completed"], queue.jobs, after, limit)
        return [Listed(row["id"], row["job"], state, row["ended"], 0, "", place=row["place"]) for row in rows]
    rows = await pool.fetch(SQL["list_jobs"], queue.jobs, state, after, limit)
    at = "execute_after" if state in ("waiting", "delayed") else "updated"
    return [
        Listed(
            row["id"], row["job"], state, row[at], row["attempts"], _error_of(row["error"]), place=row["id"]
        )
        for row in rows
    ]


async def job(pool: Pool, job_id: int) -> JobView:
    """All that is known of a job; of one that is gone, what its log has kept. Raises JobNotFound."""
    row = await pool.fetchrow(SQL["find_job"], job_id)
    noted = await pool.fetch(SQL["job_log"], job_id)
    if row is None and not noted:
        raise JobNotFound
    log = [
        Noted(one["at"], one["status"], _error_of(one["traceback"]), _trace_of(one["traceback"]))
        for one in noted
    ]
    if row is None:
        name = noted[-1]["job"]
        became = {"successful": "completed"}.get(noted[-1]["status"], noted[-1]["status"])
        return JobView(job_id, QUEUE_OF.get(name, name), name, became, 0, None, None, None, "", "", log)
    state = "delayed" if row["status"] == "queued" and row["put_off"] else NAMES[row["status"]]
    return JobView(
        id=job_id,
        queue=QUEUE_OF.get(row["job"], row["job"]),
        job=row["job"],
        state=state,
        attempts=row["attempts"],
        priority=row["priority"],
        created=row["created"],
        due=row["execute_after"],
        payload=masked_payload(row["payload"]),
        request_id=masked(str((row["headers"] or {}).get("request_id", ""))),
        log=log,
    )


async def retry(pool: Pool, queue: Queue, ids: Collection[int] | None = None, *, by: str) -> int:
    """Queues failed jobs anew, these or all of the queue; returns how many. The log says who did it (`by`)."""
    again: list[int] = await pool.fetchval(SQL["retry_failed"], queue.jobs, ids)
    log.info("queue_retried", operator=by, queue=queue.name, count=len(again), jobs=again[:NUMBERED])
    return len(again)


async def delete(pool: Pool, queue: Queue, ids: Collection[int] | None = None, *, by: str) -> int:
    """Deletes failed jobs, these or all of the queue; returns how many. The log says who did it (`by`)."""
    gone: list[int] = await pool.fetchval(SQL["delete_failed"], queue.jobs, ids)
    log.info("queue_deleted", operator=by, queue=queue.name, count=len(gone), jobs=gone[:NUMBERED])
    return len(gone)


async def clean(pool: Pool, queue: Queue, *, before: datetime, by: str) -> int:
    """Forgets the completed jobs that ended before; returns how many. The log says who did it (`by`)."""
    count: int = await pool.fetchval(SQL["clean_completed"], queue.jobs, before)
    log.info("queue_cleaned", operator=by, queue=queue.name, count=count, before=before.isoformat())
    return count


async def pause(pool: Pool, queue: Queue, *, by: str, now: datetime) -> bool:
    """No worker takes from the queue from a second later on; what runs runs to its end. False: it was paused."""
    changed: bool = await pool.fetchval(SQL["pause_queue"], queue.name, now, by)
    return changed


async def resume(pool: Pool, queue: Queue) -> bool:
    """The queue runs again; deadlines that have passed are taken at once. False: it was not paused."""
    changed: bool = await pool.fetchval(SQL["resume_queue"], queue.name)
    return changed


async def workers(pool: Pool, *, now: datetime) -> list[Worker]:
    """The worker processes; one that is silent for a day is forgotten."""
    return [
        Worker(**dict(row), alive=now - row["beat_at"] < SILENT)
        for row in await pool.fetch(SQL["list_workers"])
    ]


async def work_since(pool: Pool, since: datetime, *, step: timedelta, steps: int) -> list[Step]:
    """What was done in so many steps from `since` on."""
    rows = await pool.fetch(SQL["work_since"], since)
    done: list[dict[str, Done]] = [{} for _ in range(steps)]
    for row in rows:
        place = int((row["minute"] - since) / step)
        if place < steps:
            _add(done[place].setdefault(row["what"], Done()), row)
    return [Step(since + place * step, one) for place, one in enumerate(done)]


async def work_totals(pool: Pool) -> dict[str, Done]:
    """All that was ever done, by queue and timer."""
    totals: dict[str, Done] = {}
    for row in await pool.fetch(SQL["work_totals"]):
        _add(totals.setdefault(row["what"], Done()), row)
    return totals


def _add(done: Done, row: asyncpg.Record) -> None:
    for came in ("completed", "failed", "retried"):
        done.came[came] += row[came]
    done.runs.merge(Times(row["run_seconds"], list(row["run_counts"])))
    done.waits.merge(Times(row["wait_seconds"], list(row["wait_counts"])))


def _error_of(traceback: Any) -> str:
    told = _told(traceback)
    kind, message = told.get("exception_type", ""), masked(str(told.get("exception_message", "")))
    return f"{kind}: {message}" if message else str(kind)


def _trace_of(traceback: Any) -> str:
    return masked(str(_told(traceback).get("traceback", "")))


def _told(traceback: Any) -> Mapping[str, Any]:
    """PgQueuer's record of an error. It writes JSON as text, which our connections make into JSON once more."""
    told = json.loads(traceback) if isinstance(traceback, str) else traceback
    return told if isinstance(told, dict) else {}
