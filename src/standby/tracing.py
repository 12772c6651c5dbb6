"""OpenTelemetry, when it is configured: spans of requests, jobs and answers go to a collector. Off, it costs nothing.

The libraries that send are an extra: pip install standby[otel]. Attributes name kinds of things and ids, never people.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace
from pgqueuer.adapters.tracing.opentelemetry import OpenTelemetryTracing
from pgqueuer.ports.tracing import set_tracing_class

from standby.settings import Settings, SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

NAME = "standby"


def configure(settings: Settings) -> None:
    """Sends spans to the settings' collector, if they name one. Raises SettingsError when the extra isn't installed."""
    if settings.otlp_endpoint is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but what sends there is not installed: pip install 'standby[otel]'"
        ) from error
    provider = TracerProvider(resource=Resource.create({"service.name": NAME}))
    exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    follow(provider)


def follow(provider: "TracerProvider") -> None:
    """Every span goes to this provider from now on, those of jobs too."""
    trace.set_tracer_provider(provider)
    set_tracing_class(OpenTelemetryTracing())


@contextmanager
def span(
    name: str, kind: trace.SpanKind = trace.SpanKind.INTERNAL, **attributes: str
) -> Iterator[trace.Span]:
    """The block as a span. What it raises is told by its class alone: messages may name people."""
    tracer = trace.get_tracer(NAME)
    with tracer.start_as_current_span(
        name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as one:
        try:
            yield one
        except Exception as error:
            one.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise
