"""Where work began: the request that it follows from, and that request's trace.

A transaction says it to the database (the setting standby.origin), which writes it into every job that the transaction
adds and every slot that it opens; the job's own transactions say it on. So one id, and one trace, leads from a
cancellation to the answer to its last offer, whichever processes did the work.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from opentelemetry import context, propagate, trace

SANE: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
)  # A request id from outside that may stand in our logs.
_request_id: ContextVar[str | None] = ContextVar("standby_request_id", default=None)


def is_sane(request_id: str) -> bool:
    """Whether an id that somebody sends may be used as it is."""
    return SANE.fullmatch(request_id) is not None


@contextmanager
def of_request(request_id: str) -> Iterator[None]:
    """What the block does follows from this request."""
    before = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(before)


@contextmanager
def continued(origin: Mapping[str, Any] | None) -> Iterator[str | None]:
    """What the block does follows from where this began: a job's headers or a slot's origin. Yields its id."""
    origin = origin or {}
    request_id = origin.get("request_id")
    before = _request_id.set(request_id)
    token = context.attach(propagate.extract(origin["otel"])) if origin.get("otel") else None
    try:
        yield request_id
    finally:
        if token is not None:
            context.detach(token)
        _request_id.reset(before)


def said() -> str | None:
    """What a transaction tells the database, as JSON; None: nobody asked for this."""
    origin: dict[str, Any] = {}
    if (request_id := _request_id.get()) is not None:
        origin["request_id"] = request_id
    if trace.get_current_span().get_span_context().is_valid:
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        origin["otel"] = carrier
    return json.dumps(origin) if origin else None


def saying() -> str:
    """The statement that says it, to follow BEGIN; empty when there is nothing to say."""
    origin = said()
    # SET takes no parameters. In a literal of standard SQL a quote is all that has to be written otherwise.
    return "" if origin is None else "; SET LOCAL standby.origin = '" + origin.replace("'", "''") + "'"
