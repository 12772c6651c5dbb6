"""What a process says while it runs: one event a line, for people or as JSON. Never a token, a number or an address."""

import logging
import re
import sys
import traceback
from typing import Final, TextIO

import structlog

from standby.settings import Settings

# What PostgreSQL adds to an error: the row, or its key, as it was given.
DETAIL: Final = re.compile(r"\n[ |]*DETAIL: .*")


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
    # While the database is away, it tells so with a traceback every few seconds. We say it ourselves.
    logging.getLogger("asyncpg.pool").setLevel(max(level, logging.ERROR))


def _told(exc_info: structlog.typing.ExcInfo) -> str:
    """The traceback, without the values that an error of the database holds."""
    return DETAIL.sub("", "".join(traceback.format_exception(*exc_info))).rstrip()


def _draw(out: TextIO, exc_info: structlog.typing.ExcInfo) -> None:
    out.write("\n" + _told(exc_info))
