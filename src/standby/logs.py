"""What a process says while it runs: one event a line, for people or as JSON. Never a token, a number or an address.

But an operator's, who is named beside what they did to the queues.
"""

import logging
import sys
import traceback
from typing import Any, Final, TextIO

import structlog

from standby.jobs.masking import masked
from standby.settings import Settings

# What is in every line and never somebody's: not looked through.
PLAIN: Final = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "queue",
        "job",
        "jobId",
        "duration",
        "request_id",
        "tenant_id",
        "route",
        "operator",  # Who did something to the queues: an operator's address may be all that says so.
        "exc_info",
    }
)


def log_to_stderr(settings: Settings) -> None:
    """Sends our own events and those of libraries to standard error, in the settings' format."""
    level = getattr(logging, settings.log_level.upper())
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_people,
    ]
    people = settings.log_format == "console"
    last: list[structlog.types.Processor] = (
        # The usual traceback shows the values of all variables: secrets and numbers, and it takes seconds to draw.
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_draw)]
        if people
        else [structlog.processors.ExceptionRenderer(_told), structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)
    logging.getLogger("standby").setLevel(level)
    queue_level = getattr(logging, settings.queue_log_level.upper())
    logging.getLogger("standby.jobs.queue").setLevel(max(level, queue_level))
    # While the database is away, it tells so with a traceback every few seconds. We say it ourselves.
    logging.getLogger("asyncpg.pool").setLevel(max(level, logging.ERROR))


def _without_people(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Hides what looks like an address, a number or a secret, should anybody log one."""
    for name, value in event.items():
        if isinstance(value, str) and name not in PLAIN:
            event[name] = masked(value)
    return event


def _told(exc_info: structlog.typing.ExcInfo) -> str:
    """The traceback, without people, and without the values that an error of the database holds."""
    return masked("".join(traceback.format_exception(*exc_info))).rstrip()


def _draw(out: TextIO, exc_info: structlog.typing.ExcInfo) -> None:
    out.write("\n" + _told(exc_info))
