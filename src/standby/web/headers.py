"""What every answer tells the browser to forbid: pages and API alike.

A response that says one of these headers itself keeps what it said. That is how a page gets an exception (one with
forms sets its own Referrer-Policy, a file that never changes its own Cache-Control), and it shows where it is needed.
"""

from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DIRECTIVES: Final = (
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",  # Our scripts ask for fresh pages and listen for events.
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY: Final = "; ".join(DIRECTIVES)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",  # Links hold secrets.
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# A page that any site may show in a frame: it has no cookie and no sign-in, so whoever frames it gains nothing by that.
FRAMED: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
}

# Two years, as browsers' own lists ask for; not for other names of the domain, which are somebody else's to decide.
SECURE: Final = {"Strict-Transport-Security": "max-age=63072000"}


def install(app: FastAPI, *, secure: bool) -> None:
    """Adds the headers to every answer of the app. `secure`: it is reached by https, and never otherwise."""
    app.state.forbids = {**HEADERS, **(SECURE if secure else {})}
    app.add_middleware(SecurityHeaders, forbids=app.state.forbids)


class SecurityHeaders:
    """Middleware that adds what an answer doesn't say itself."""

    def __init__(self, app: ASGIApp, forbids: Mapping[str, str]) -> None:
        self._app = app
        self._forbids = forbids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                framed = headers.get("Content-Security-Policy") == FRAMED["Content-Security-Policy"]
                for name, value in self._forbids.items():
                    headers.setdefault(name, value)
                if framed:
                    del headers["X-Frame-Options"]  # It knows no site but ours.
            await send(message)

        await self._app(scope, receive, send_with_headers)
