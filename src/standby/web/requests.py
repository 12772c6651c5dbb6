"""Every request has an id, is timed, and is a span when traces are on."""

from time import perf_counter
from typing import Final
from uuid import uuid4

import structlog
from fastapi import FastAPI
from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from standby import origin, tracing
from standby.web.metrics import Requests

HEADER: Final = "X-Request-Id"


def install(app: FastAPI) -> None:
    """Gives every request of the app its id, which is the caller's if that is sane, and answers with it."""
    app.state.requests = Requests()
    app.add_middleware(RequestIds, requests=app.state.requests)


class RequestIds:
    """The outermost of ours, so that all that is logged of a request has its id."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if origin.is_sane(given) else str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        began, status = perf_counter(), 500  # What is raised is answered with 500 by whoever is further out.

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        # Bound and not unbound: a request is a task of its own, and what it raises is logged further out.
        structlog.contextvars.bind_contextvars(request_id=request_id)
        with origin.of_request(request_id), tracing.span(scope["method"], SpanKind.SERVER) as span:
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                route = getattr(scope.get("route"), "path", "other")
                seconds = perf_counter() - began
                self._requests.note(scope["method"], route, status, seconds)
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.response.status_code", status)
                span.set_attribute("standby.request_id", request_id)
