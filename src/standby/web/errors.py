"""Every error as {"error": {"code", "message", "details"}}, whoever raised it (seed 003, "Error Response Format").

A browser that asked for a page gets one, in its reader's language; who has to sign in first is led there.
"""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from standby.database.pool import CONNECTION_LOST, NO_TEXT
from standby.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NoSalonChosen,
    NotAuthenticated,
    NotFound,
    StandbyError,
    TooManyRequests,
    Unavailable,
)
from standby.web.api.forms import problems_of
from standby.web.pages import render
from standby.web.same_site import SAFE
from standby.web.words import words_accepted

STATUS: dict[type[StandbyError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Conflict: HTTPStatus.CONFLICT,
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

# The page that says it; any other status is that of a page that isn't there.
KINDS: Final[dict[int, str]] = {
    HTTPStatus.BAD_REQUEST: "refused",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.CONFLICT: "refused",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "refused",
    HTTPStatus.TOO_MANY_REQUESTS: "busy",
    HTTPStatus.INTERNAL_SERVER_ERROR: "failed",
    HTTPStatus.SERVICE_UNAVAILABLE: "unavailable",
}

# Python calls it otherwise from 3.13 on, and a code is stable.
CODES: Final = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "CONTENT_TOO_LARGE"}

log = structlog.get_logger()


class Error(BaseModel):
    """What went wrong."""

    code: str = Field(description="for programs, and stable", examples=["VALIDATION_FAILED", "SLOT_TAKEN"])
    message: str = Field(description="for people")
    details: dict[str, Any] = Field(
        description="what more there is to tell; of VALIDATION_FAILED: errors, a list of field, message and code"
    )


class ErrorAnswer(BaseModel):
    """Every answer that is an error."""

    error: Error


# What any address of the API may answer instead, for its docs.
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    int(status): {"model": ErrorAnswer, "description": status.phrase}
    for status in (
        HTTPStatus.BAD_REQUEST,  # A body whose bytes are no text.
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
}

# The same where the answer itself isn't JSON: FastAPI would describe these as if they were of its kind.
ANSWERS_IN_JSON: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": told["description"],
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}},
    }
    for status, told in ANSWERS.items()
}


def answer(
    request: Request, status: int, code: str, message: str, details: Any = None, headers: Any = None
) -> Response:
    """One error in the one format, or as a page."""
    if _wants_page(request):
        return _page(request, status, code, headers)
    body = ErrorAnswer(error=Error(code=code, message=message, details=details or {}))
    return JSONResponse(jsonable_encoder(body), status_code=status, headers=headers)


def refused(request: Request, error: TooManyRequests) -> Response:
    """The answer to who asks too often."""
    return answer(
        request, HTTPStatus.TOO_MANY_REQUESTS, error.code, error.message, error.details, _headers_of(error)
    )


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _page(request: Request, status: int, code: str, headers: Any) -> Response:
    if status == HTTPStatus.UNAUTHORIZED or code == NoSalonChosen().code:
        by_way_of = "/sign-in" if status == HTTPStatus.UNAUTHORIZED else "/account"
        query = f"?{request.url.query}" if request.url.query else ""
        there = request.url.path + query if request.method in SAFE else ""
        return RedirectResponse(f"{by_way_of}?{urlencode({'next': there})}" if there else by_way_of, 303)
    if (
        status == HTTPStatus.METHOD_NOT_ALLOWED
        and request.method in SAFE
        and request.url.path.startswith("/app/")
    ):
        # A form's answer is asked for again: the form is above it.
        return RedirectResponse(request.url.path.rpartition("/")[0], 303)
    kind = KINDS.get(status, "missing")
    words = words_accepted(request.headers.get("accept-language", ""))
    home = "/app" if request.url.path.startswith("/app/") else ""
    if home and kind == "missing":
        kind = "nowhere"
    page = render("trouble.html", status=status, words=words, kind=kind, home=home)
    if kind == "unavailable":
        page.headers["Refresh"] = "5"
    page.headers.update(headers or {})
    return page


def _headers_of(error: StandbyError) -> dict[str, str] | None:
    match error:
        case NotAuthenticated():
            return {"WWW-Authenticate": "Bearer"}
        case TooManyRequests():
            return {"Retry-After": str(error.details["retry_after_seconds"])}
        case _:
            return None


def route_of(request: Request) -> str:
    """What was asked for, as a log may keep it: POST /confirm/{token}. The path itself holds tokens and numbers."""
    return f"{request.method} {getattr(request.scope.get('route'), 'path', '?')}"


def install(app: FastAPI) -> None:
    """Makes every failure of the app answer in the one format."""

    @app.exception_handler(StandbyError)
    async def ours(request: Request, error: StandbyError) -> Response:
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
        if status is None:
            return await unexpected(request, error)
        return answer(request, status, error.code, error.message, error.details, _headers_of(error))

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, error: RequestValidationError) -> Response:
        return await ours(request, Invalid(problems_of(error)))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        message = error.detail if error.detail != status.phrase else status.description or status.phrase
        code = CODES.get(status, status.name)
        return answer(request, status, code, message, headers=error.headers)

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=HTTPStatus.BAD_REQUEST)  # Nobody reads it, and nothing is wrong here.

    @app.exception_handler(NO_TEXT)
    async def no_text(request: Request, _: Exception) -> Response:
        return answer(request, 400, "BAD_REQUEST", "A text holds a NUL character; leave it out.")

    async def no_database(request: Request, error: Exception) -> Response:
        log.error("database_unavailable", route=route_of(request), error=repr(error))
        message = "The database is not available right now. Try again shortly."
        return answer(request, 503, "DATABASE_UNAVAILABLE", message, headers={"Retry-After": "2"})

    for lost in CONNECTION_LOST:
        app.add_exception_handler(lost, no_database)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        log.error("unexpected_error", route=route_of(request), exc_info=error)
        message = "Something went wrong on our side; it has been logged."
        # Whoever is further out than our middleware answers this, so it adds what that would have added.
        request_id = getattr(request.state, "request_id", None)
        added = request.app.state.forbids | ({"X-Request-Id": request_id} if request_id else {})
        return answer(request, 500, "INTERNAL_ERROR", message, headers=added)
