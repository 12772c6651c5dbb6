"""One id, and one trace, from a cancellation to the answer to its last offer; and logs without people."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pgqueuer.ports.tracing import TRACER
from structlog.testing import capture_logs

from standby import origin, tracing
from tests.salon import Shop, run_jobs

ID = "req-42"


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tracing.follow(provider)  # For good: a process has one.
    yield kept
    TRACER.tracer = None


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> InMemorySpanExporter:
    exporter.clear()
    return exporter


async def cancelled(shop: Shop, api: httpx.AsyncClient, **headers: str) -> httpx.Response:
    """A booking that is cancelled by the API."""
    booking = await shop.book()
    answer = await api.post(f"/api/bookings/{booking}/cancel", json={"reason": "ill"}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_request_has_an_id_which_is_the_callers_if_it_is_sane(api: httpx.AsyncClient) -> None:
    for given in (ID, str(uuid4()), "a" * 64):
        assert (await api.get("/health/live", headers={"X-Request-Id": given})).headers[
            "x-request-id"
        ] == given
    for given in ("", "a" * 65, "a b", "a'; --", "kari@example.com"):
        made = (await api.get("/health/live", headers={"X-Request-Id": given})).headers["x-request-id"]
        assert str(UUID(made)) == made


async def test_jobs_log_the_seeds_fields_and_the_ids_of_request_salon_and_offer(
    shop: Shop, api: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "standby.jobs.queue")
    await shop.join()
    await cancelled(shop, api, **{"X-Request-Id": ID})
    structlog.contextvars.clear_contextvars()
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        await shop.run_jobs()
        await shop.pass_time(minutes=16)
    offer = (await shop.one("SELECT id FROM offers"))["id"]
    done = {line["job"]: line for line in lines if line["event"] == "job_completed"}
    for job, queue in (("waitlist.fill", "waitlist.expiry"), ("message.send", "waitlist.notification")):
        [line, *_] = [
            one
            for one in lines
            if (one["event"], one.get("job"), one.get("offer_id")) == ("job_completed", job, str(offer))
        ]
        assert line["log_level"] == "info"
        assert (line["queue"], line["request_id"]) == (queue, ID)
        assert line["tenant_id"] == str(shop.salon.id)
        assert line["jobId"].isdigit()
        assert line["duration"].endswith("ms")
    # The timer passed the slot on: that job, too, goes on from the cancellation.
    assert done["waitlist.fill"]["request_id"] == ID
    assert sum(one["event"] == "job_completed" and one["job"] == "waitlist.fill" for one in lines) == 2
    assert "+47" not in str(lines)


async def test_one_trace_leads_from_the_cancellation_to_the_accepted_offer(
    shop: Shop, api: httpx.AsyncClient, spans: InMemorySpanExporter
) -> None:
    await shop.join("First")
    await cancelled(shop, api)
    await run_jobs(shop.system)
    await shop.join("Second")
    answer = await api.post(f"/api/decline/{shop.token()}")
    assert answer.json()["outcome"] == "declined"
    await run_jobs(shop.system)
    answer = await api.post(f"/api/confirm/{shop.token()}")
    assert answer.json()["outcome"] == "booked"
    found = spans.get_finished_spans()
    [beginning] = [one for one in found if one.name == "POST /api/bookings/{booking_id}/cancel"]
    assert beginning.parent is None
    together = [one.name for one in found if trace_of(one) == trace_of(beginning)]
    assert together.count("process waitlist.fill") == 2
    assert together.count("process message.send") >= 2
    assert together.count("offer accepted") == 1
    told = json.dumps([dict(one.attributes or {}) for one in found])
    assert "+47" not in told
    assert "@" not in told


async def test_without_a_collector_no_job_carries_a_trace(shop: Shop) -> None:
    await shop.join()
    with origin.of_request(ID):
        await shop.free_slot()
    headers = await shop.system.worker_pool.fetchval(
        "SELECT headers FROM pgqueuer WHERE entrypoint = 'waitlist.fill'"
    )
    assert headers == {"request_id": ID}


def trace_of(span: ReadableSpan) -> int:
    context = span.get_span_context()
    assert context is not None
    return context.trace_id


def test_an_origin_cannot_break_out_of_its_statement() -> None:
    with trace.use_span(trace.NonRecordingSpan(trace.INVALID_SPAN_CONTEXT)), origin.of_request("a'; DROP"):
        assert origin.saying() == """; SET LOCAL standby.origin = '{"request_id": "a''; DROP"}'"""


PROGRAM = """
import structlog
from standby.logs import log_to_stderr
from standby.settings import Settings
log_to_stderr(Settings(log_format="json"))
structlog.get_logger("standby").warning(
    "mistaken", to="+47 400 00 001", mail="Kari <kari@example.com>", number="4740000001",
    token="eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", url="smtp://me:pass@host:25",
    slot_id="0190b0a6-7c9f-7d3e-8a51-3f6f2c1d9e77", count=12345678, address="http://127.0.0.1:8000")
structlog.get_logger("standby.jobs.queue").info("job_started")
"""


def test_a_log_hides_people_and_secrets_that_somebody_logs_by_mistake() -> None:
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env={"QUEUE_LOG_LEVEL": "warning"},
    ).stderr
    [line] = [json.loads(one) for one in said.splitlines()]
    assert (line["to"], line["mail"], line["number"], line["token"]) == ("…", "Kari <…>", "…", "…")
    assert line["url"] == "smtp://…@host:25"
    assert line["slot_id"] == "0190b0a6-7c9f-7d3e-8a51-3f6f2c1d9e77"
    assert line["address"] == "http://127.0.0.1:8000"
