"""/metrics for Prometheus: the seed's five series under its names, and ours. No label names a salon.

What concerns the installation is the same from every process (jobs/measures.py); only its own connections and requests
are a process's own.
"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_address
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from standby.errors import NotAuthenticated
from standby.jobs.gate import BOUNDS, Times
from standby.jobs.measures import Measures
from standby.jobs.queues import QUEUES
from standby.jobs.story import LONG_BOUNDS, Total
from standby.jobs.timers import TIMERS
from standby.web.context import GetWeb, Web

router = APIRouter(include_in_schema=False)

PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-real-ip")
OUTCOMES: Final = ("accepted", "declined", "expired", "withdrawn")


class Requests:
    """What this process was asked, and how long it took to answer."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "standby_http_request_seconds",
            "Time to answer, by route",
            ("method", "route", "status"),
            registry=self.registry,
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        self._seconds.labels(method, route, f"{status // 100}xx").observe(seconds)


@router.get("/metrics")
async def metrics(request: Request, web: GetWeb) -> Response:
    """Everything, as text."""
    _check(request, web.metrics_token)
    registry = CollectorRegistry()
    registry.register(_Told(await web.measuring.measures(now=web.clock()), web))
    body = generate_latest(registry) + generate_latest(request.app.state.requests.registry)
    return Response(body, media_type=CONTENT_TYPE_LATEST)


def _check(request: Request, token: str | None) -> None:
    """Raises NotAuthenticated unless the token comes with it; without one set, unless it comes from this machine."""
    if token is not None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.encode("latin-1"), token.encode()):
            return
        raise NotAuthenticated("Send the installation's STANDBY_METRICS_TOKEN as bearer token")
    passed_on = any(name in request.headers for name in PASSED_ON)
    if passed_on or request.client is None or not ip_address(request.client.host).is_loopback:
        raise NotAuthenticated("Without STANDBY_METRICS_TOKEN only this machine may ask")


class _Told(Collector):
    def __init__(self, measures: Measures, web: Web) -> None:
        self._measures = measures
        self._web = web

    def collect(self) -> Iterator[Metric]:
        yield from _queues(self._measures)
        yield from _timers(self._measures)
        yield from _workers(self._measures)
        yield from _story(self._measures.story)
        yield from _providers(self._measures)
        yield from _pools(self._web)
        yield GaugeMetricFamily(
            "standby_live_streams", "Live streams open in this process", self._web.live.streams.count
        )


def _queues(measures: Measures) -> Iterator[Metric]:
    jobs = CounterMetricFamily("bullmq_jobs", "Jobs by what became of them", labels=("queue", "status"))
    runs = HistogramMetricFamily("bullmq_jobs_duration_seconds", "Work on one job", labels=("queue",))
    waits = HistogramMetricFamily(
        "standby_jobs_wait_seconds", "From when a job was due until it began", labels=("queue",)
    )
    for queue in QUEUES:
        done = measures.done.get(queue.name)
        for status in ("completed", "failed", "retried"):
            jobs.add_metric((queue.name, status), done.came[status] if done else 0)
        _observed(runs, (queue.name,), done.runs if done else Times())
        _observed(waits, (queue.name,), done.waits if done else Times())
    yield from (jobs, runs, waits)
    gauges = {
        "bullmq_jobs_waiting": ("Jobs that may be taken, and passed deadlines", "waiting"),
        "bullmq_jobs_active": ("Jobs under way", "active"),
        "bullmq_jobs_delayed": ("Deadlines to come, and jobs to be tried again", "delayed"),
        "standby_jobs_failed": ("Jobs that have failed for good and are kept", "failed"),
        "standby_queue_oldest_seconds": ("How long the oldest waiting job has been due", "oldest_seconds"),
    }
    for name, (what, value) in gauges.items():
        gauge = GaugeMetricFamily(name, what, labels=("queue",))
        for one in measures.standings:
            gauge.add_metric((one.queue.name,), getattr(one, value))
        yield gauge
    paused = GaugeMetricFamily("standby_queue_paused", "1: no worker takes from it", labels=("queue",))
    for one in measures.standings:
        paused.add_metric((one.queue.name,), int(one.paused_at is not None))
    yield paused


def _timers(measures: Measures) -> Iterator[Metric]:
    late = HistogramMetricFamily(
        "standby_deadline_lateness_seconds",
        "How late the oldest deadline of each round was taken",
        labels=("timer",),
    )
    for timer in TIMERS:
        done = measures.done.get(timer)
        _observed(late, (timer,), done.waits if done else Times())
    yield late


def _workers(measures: Measures) -> Iterator[Metric]:
    workers = GaugeMetricFamily("standby_workers", "Worker processes by their last word", labels=("state",))
    alive = sum(worker.alive for worker in measures.workers)
    workers.add_metric(("alive",), alive)
    workers.add_metric(("silent",), len(measures.workers) - alive)
    yield workers


def _story(totals: Sequence[Total]) -> Iterator[Metric]:
    by_metric: dict[str, list[Total]] = {}
    for one in totals:
        by_metric.setdefault(one.metric, []).append(one)
    offers = CounterMetricFamily("standby_offers", "Offers that have ended, by outcome", labels=("outcome",))
    ended = {one.labels[0]: one.amount for one in by_metric.get("offers", [])}
    for outcome in OUTCOMES:
        offers.add_metric((outcome,), ended.get(outcome, 0))
    yield offers
    yield _histogram(
        "standby_time_to_fill_seconds",
        "From when a time came free until somebody from the waitlist had it",
        by_metric.get("fill", []),
        LONG_BOUNDS,
    )
    yield _histogram(
        "standby_cancel_to_message_seconds",
        "From when a time came free until a provider had its first offer",
        by_metric.get("first_message", []),
        BOUNDS,
    )
    sends = CounterMetricFamily(
        "standby_sends", "What became of messages", labels=("channel", "provider", "outcome")
    )
    for one in by_metric.get("sends", []):
        sends.add_metric(one.labels, one.amount)
    yield sends
    put_off = CounterMetricFamily(
        "standby_deferrals", "Messages that had to wait, by rule", labels=("reason",)
    )
    waited = {one.labels[0]: one.amount for one in by_metric.get("deferrals", [])}
    for reason in ("rate_limited", "sender_busy", "quiet_hours", "channel_paused"):
        put_off.add_metric((reason,), waited.get(reason, 0))
    yield put_off


def _providers(measures: Measures) -> Iterator[Metric]:
    senders = GaugeMetricFamily(
        "standby_provider_senders", "Salons' own senders", labels=("provider", "channel")
    )
    pauses = GaugeMetricFamily(
        "standby_provider_pauses", "Channels of salons that are paused", labels=("provider", "channel")
    )
    for one in measures.providers:
        senders.add_metric((one.provider, one.channel), one.senders)
        pauses.add_metric((one.provider, one.channel), one.paused)
    yield from (senders, pauses)


def _pools(web: Web) -> Iterator[Metric]:
    connections = GaugeMetricFamily(
        "standby_database_pool_connections",
        "Connections of this process to the database",
        labels=("pool", "state"),
    )
    for name, pool in {"app": web.pool, "worker": web.worker_pool}.items():
        idle = pool.get_idle_size()
        connections.add_metric((name, "idle"), idle)
        connections.add_metric((name, "used"), pool.get_size() - idle)
        connections.add_metric((name, "most"), pool.get_max_size())
    yield connections


def _histogram(name: str, what: str, totals: Sequence[Total], bounds: Sequence[float]) -> Metric:
    family = HistogramMetricFamily(name, what)
    one = totals[0] if totals else Total("", (), 0, 0.0, (0,) * (len(bounds) + 1))
    family.add_metric((), _buckets(one.counts, bounds), one.seconds)
    return family


def _observed(family: HistogramMetricFamily, labels: Sequence[str], times: Times) -> None:
    family.add_metric(labels, _buckets(times.counts, BOUNDS), times.seconds)


def _buckets(counts: Iterable[int], bounds: Sequence[float]) -> list[tuple[str, float]]:
    """Prometheus' classes: each counts what the ones before it count, too."""
    total, buckets = 0, []
    for bound, count in zip((*map(str, bounds), "+Inf"), counts, strict=True):
        total += count
        buckets.append((bound, float(total)))
    return buckets
