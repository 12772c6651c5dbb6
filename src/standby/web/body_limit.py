"""No request's body is read beyond a limit: it is held in memory, and read before anybody asks who sends it."""

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST: Final = 64_000  # Bytes. The largest forms have a few thousand.
LONGEST_CALLBACK: Final = 3_000_000  # What Meta sends at most; the others stay below.
# A salon's book: its page reads it itself, once it knows who sends it.
LONGEST_BOOK: Final = 8_000_000


def install(app: FastAPI) -> None:
    """Limits the bodies of all requests to the app."""
    app.add_middleware(BodyLimit)


class BodyLimit:
    """Middleware that ends the reading of a body that is too long: with 413, in the format of all errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0
        longest = _longest(scope.get("path", ""))

        async def receive_some() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > longest:
                raise HTTPException(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is longer than {longest} bytes."
                )
            return message

        await self._app(scope, receive_some, send)


def _longest(path: str) -> int:
    if path == "/app/import":
        return LONGEST_BOOK
    return LONGEST_CALLBACK if path.startswith("/webhooks/") else LONGEST
