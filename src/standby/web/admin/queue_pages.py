"""/admin/queues: the queues for operators, as pages (seed 001, "Bull Board UI"). In English; they work without scripts.

GET changes nothing; a button sends a POST and leads back, so that loading the page again does nothing twice.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, TypeAlias
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from standby.jobs import monitor
from standby.jobs.monitor import STATES, State
from standby.jobs.queues import QUEUES, Queue
from standby.web.account_forms import HEADERS
from standby.web.admin import pictures
from standby.web.operator import GetOperator
from standby.web.pages import render
from standby.web.words import words_for

router = APIRouter(prefix="/admin", include_in_schema=False)

Span: TypeAlias = Literal["hour", "day"]
STEPS: Final[dict[Span, tuple[timedelta, int]]] = {
    "hour": (timedelta(minutes=1), 60),
    "day": (timedelta(minutes=20), 72),
}
SHOWN: Final = 50  # jobs of a page
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Ids = Annotated[list[int] | None, Form()]
Every = Annotated[Literal["true"] | None, Form()]


@router.get("")
@router.get("/")
async def begin(operating: GetOperator) -> RedirectResponse:  # noqa: ARG001 - asks who it is
    return RedirectResponse("/admin/queues", status_code=303)


@router.get("/queues")
async def overview(operating: GetOperator, span: Span = "hour") -> HTMLResponse:
    """Every queue, the workers, and what was done lately."""
    pool, now = operating.web.worker_pool, operating.web.clock()
    standings = await monitor.standings(pool, now=now)
    return _page(
        "admin_queues.html",
        operating,
        standings=standings,
        healthy=all(one.healthy for one in standings),
        workers=await monitor.workers(pool, now=now),
        **await _pictures(operating, [queue.name for queue in QUEUES], span),
    )


@router.get("/queues/{queue}")
async def one_queue(
    operating: GetOperator,
    queue: str,
    state: State = "failed",
    span: Span = "hour",
    after: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    did: Literal["retried", "deleted", "paused", "resumed", "forgot"] | None = None,
    count: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> HTMLResponse:
    """A queue's jobs in one state. `did` and `count`: what a button has just done."""
    named, pool, now = monitor.queue_named(queue), operating.web.worker_pool, operating.web.clock()
    jobs = await monitor.jobs(pool, named, state, after=after, limit=SHOWN)
    return _page(
        "admin_queue.html",
        operating,
        standing=next(one for one in await monitor.standings(pool, now=now) if one.queue is named),
        states=STATES,
        state=state,
        jobs=jobs,
        more=jobs[-1].place if len(jobs) == SHOWN else None,
        did=did,
        count=count,
        **await _pictures(operating, [named.name], span),
    )


@router.get("/jobs/{number}")
async def one_job(operating: GetOperator, number: Number) -> HTMLResponse:
    """All that is known of a job."""
    return _page("admin_job.html", operating, job=await monitor.job(operating.web.worker_pool, number))


@router.post("/queues/{queue}/pause")
async def pause(operating: GetOperator, queue: str) -> RedirectResponse:
    named, web = monitor.queue_named(queue), operating.web
    await monitor.pause(web.worker_pool, named, by=operating.name, now=web.clock())
    return _back(named, did="paused")


@router.post("/queues/{queue}/resume")
async def resume(operating: GetOperator, queue: str) -> RedirectResponse:
    named = monitor.queue_named(queue)
    await monitor.resume(operating.web.worker_pool, named)
    return _back(named, did="resumed")


@router.post("/queues/{queue}/retry")
async def retry(operating: GetOperator, queue: str, ids: Ids = None, every: Every = None) -> RedirectResponse:
    """The jobs that were ticked, or every failed one."""
    named = monitor.queue_named(queue)
    count = await monitor.retry(
        operating.web.worker_pool, named, None if every else ids or [], by=operating.name
    )
    return _back(named, did="retried", count=count)


@router.post("/queues/{queue}/delete")
async def delete(
    operating: GetOperator, queue: str, ids: Ids = None, every: Every = None
) -> RedirectResponse:
    named = monitor.queue_named(queue)
    count = await monitor.delete(
        operating.web.worker_pool, named, None if every else ids or [], by=operating.name
    )
    return _back(named, did="deleted", count=count)


@router.post("/queues/{queue}/clean")
async def clean(operating: GetOperator, queue: str) -> RedirectResponse:
    named, web = monitor.queue_named(queue), operating.web
    count = await monitor.clean(web.worker_pool, named, before=web.clock(), by=operating.name)
    return _back(named, did="forgot", count=count, state="completed")


def _back(queue: Queue, **told: Any) -> RedirectResponse:
    return RedirectResponse(f"/admin/queues/{queue.name}?{urlencode(told)}", status_code=303)


async def _pictures(operating: GetOperator, queues: list[str], span: Span) -> dict[str, Any]:
    step, count = STEPS[span]
    since = _begin_of(operating.web.clock(), step) - step * (count - 1)
    steps = await monitor.work_since(operating.web.worker_pool, since, step=step, steps=count)
    return {
        "span": span,
        "throughput": pictures.throughput(steps, queues),
        "latency": pictures.latency(steps, queues),
    }


def _begin_of(now: datetime, step: timedelta) -> datetime:
    """When the step began that is now."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + step * ((now - midnight) // step)


def _page(template: str, operating: GetOperator, **context: Any) -> HTMLResponse:
    page = render(
        template,
        words=words_for("en"),
        operator=operating.name,
        now=operating.web.clock(),
        as_span=pictures.span,
        width=pictures.WIDTH,
        height=pictures.HEIGHT,
        **context,
    )
    page.headers.update(HEADERS)  # Its forms have to say where they come from.
    return page
