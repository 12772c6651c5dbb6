"""What a process says while it runs: one event a line, for people or as JSON. Never a token, a number or an address."""

import logging
import sys

import structlog

from standby.settings import Settings


def log_to_stderr(settings: Settings) -> None:
    """Sends our own events and those of libraries to standard error, in the settings' format."""
    level = getattr(logging, settings.log_level.upper())
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    people = settings.log_format == "console"
    last: list[structlog.types.Processor] = (
        # The usual traceback shows the values of all variables: secrets and numbers, and it takes seconds to draw.
        [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if people
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
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
    # While the database is away, it tells so with a traceback every few seconds. We say it ourselves.
    logging.getLogger("asyncpg.pool").setLevel(max(level, logging.ERROR))
