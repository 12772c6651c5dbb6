"""/api/admin: the queues, for operators (seeds 000 and 001). What a salon may see of its own is /api/queue/stats."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from standby.jobs import monitor
from standby.jobs.monitor import State
from standby.web.api.shapes import Body, View
from standby.web.operator import GetOperator

router = APIRouter(prefix="/admin", tags=["operations"])


class CountsView(View):
    waiting: int = Field(
        description="jobs that may be taken now, and deadlines that have passed and weren't taken yet"
    )
    active: int
    completed: int = Field(description="those that are kept; the settings say how many and for how long")
    failed: int = Field(description="jobs that were tried as often as the settings say")
    delayed: int = Field(description="deadlines to come, and jobs that wait to be tried again")


class HealthView(BaseModel):
    healthy: bool = Field(description="every queue has fewer than 100 failed jobs")
    queues: dict[str, CountsView] = Field(description="by short name: expiry, notification, …")


class QueueView(CountsView):
    name: str = Field(examples=["waitlist.expiry"])
    what: str
    oldest_seconds: float = Field(description="how long its oldest waiting job has been due")
    paused_at: datetime | None
    paused_by: str | None


class QueuesView(BaseModel):
    items: list[QueueView]


class ListedJobView(View):
    id: int
    job: str
    state: str
    at: datetime = Field(
        description="since when it waits, runs, has failed or is done; of delayed ones until when it is put off"
    )
    attempts: int
    error: str = Field(description="its last, without people in it")


class ListedPage(BaseModel):
    items: list[ListedJobView]
    next_cursor: int | None = Field(description="asks for the next page; null: this was the last")


class NotedView(View):
    at: datetime
    status: str
    error: str
    traceback: str


class JobView(View):
    id: int
    queue: str
    job: str
    state: str
    attempts: int
    priority: int | None
    created: datetime | None
    due: datetime | None
    payload: str = Field(description="as JSON, in which everything but ids is …")
    request_id: str = Field(description="of the request that it follows from, if there was one")
    log: list[NotedView]


Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


class WhichBody(Body):
    ids: Annotated[list[Number], Field(min_length=1, max_length=1000)] | None = Field(
        default=None, description="which of the failed jobs; left out: all of the queue's"
    )


class CleanBody(Body):
    older_than_seconds: Annotated[int, Field(ge=0, le=31_536_000)] = 0


class CountView(BaseModel):
    count: int = Field(description="how many jobs it was done to")


class PausedView(BaseModel):
    queue: str
    paused: bool
    changed: bool = Field(description="false: it was so before")


class WorkerView(View):
    id: UUID
    host: str
    pid: int
    version: str
    started_at: datetime
    beat_at: datetime
    in_hand: dict[str, int] = Field(description="queue → jobs")
    alive: bool = Field(description="it has said something in the last ten seconds")


class WorkersView(BaseModel):
    items: list[WorkerView]


@router.get("/queue-health")
async def queue_health(operating: GetOperator) -> HealthView:
    """How each queue stands, and whether that is well (seed 000, "Health Check Endpoint")."""
    standings = await monitor.standings(operating.web.worker_pool, now=operating.web.clock())
    return HealthView(
        healthy=all(one.healthy for one in standings),
        queues={one.queue.short: CountsView.model_validate(one) for one in standings},
    )


@router.get("/queues")
async def list_queues(operating: GetOperator) -> QueuesView:
    """Every queue, and how it stands."""
    standings = await monitor.standings(operating.web.worker_pool, now=operating.web.clock())
    return QueuesView(items=[_queue(one) for one in standings])


@router.get("/queues/{queue}/jobs")
async def list_jobs(
    operating: GetOperator,
    queue: str,
    state: State = "failed",
    cursor: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ListedPage:
    """A queue's jobs in one state, newest first. Deadlines are no jobs, and not listed."""
    found = await monitor.jobs(
        operating.web.worker_pool, monitor.queue_named(queue), state, after=cursor, limit=limit
    )
    more = found[-1].place if len(found) == limit else None
    return ListedPage(items=[ListedJobView.model_validate(one) for one in found], next_cursor=more)


@router.get("/jobs/{number}")
async def get_job(operating: GetOperator, number: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> JobView:
    """All that is known of a job; of one that is done or deleted, what its log has kept."""
    return JobView.model_validate(await monitor.job(operating.web.worker_pool, number))


@router.post("/queues/{queue}/pause")
async def pause(operating: GetOperator, queue: str) -> PausedView:
    """No worker takes from it from a second later on; its jobs stay, and its deadlines wait."""
    named, web = monitor.queue_named(queue), operating.web
    changed = await monitor.pause(web.worker_pool, named, by=operating.name, now=web.clock())
    return PausedView(queue=named.name, paused=True, changed=changed)


@router.post("/queues/{queue}/resume")
async def resume(operating: GetOperator, queue: str) -> PausedView:
    """It runs again; deadlines that have passed are taken at once."""
    named = monitor.queue_named(queue)
    changed = await monitor.resume(operating.web.worker_pool, named)
    return PausedView(queue=named.name, paused=False, changed=changed)


@router.post("/queues/{queue}/retry")
async def retry(operating: GetOperator, queue: str, body: WhichBody) -> CountView:
    """Queues failed jobs anew, with all their attempts."""
    named = monitor.queue_named(queue)
    return CountView(count=await monitor.retry(operating.web.worker_pool, named, body.ids, by=operating.name))


@router.post("/queues/{queue}/delete")
async def delete(operating: GetOperator, queue: str, body: WhichBody) -> CountView:
    """Deletes failed jobs. What they were to do is found again if it can be (docs/queues.md)."""
    named = monitor.queue_named(queue)
    return CountView(
        count=await monitor.delete(operating.web.worker_pool, named, body.ids, by=operating.name)
    )


@router.post("/queues/{queue}/clean")
async def clean(operating: GetOperator, queue: str, body: CleanBody) -> CountView:
    """Forgets completed jobs."""
    before = operating.web.clock() - timedelta(seconds=body.older_than_seconds)
    named = monitor.queue_named(queue)
    return CountView(
        count=await monitor.clean(operating.web.worker_pool, named, before=before, by=operating.name)
    )


@router.get("/workers")
async def list_workers(operating: GetOperator) -> WorkersView:
    """The worker processes, by their own word."""
    found = await monitor.workers(operating.web.worker_pool, now=operating.web.clock())
    return WorkersView(items=[WorkerView.model_validate(one) for one in found])


def _queue(one: monitor.Standing) -> QueueView:
    return QueueView.model_validate({**vars(one), "name": one.queue.name, "what": one.queue.what})
