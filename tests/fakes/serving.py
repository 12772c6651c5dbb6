"""What the fakes share: a socket of this machine, and misbehaviour on demand.

A fake that was told to misbehave does so once per misdeed, in their order, whatever is asked of it next.
"""

import asyncio
import json
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler


@dataclass(frozen=True)
class Says:
    """Answers so instead. `takes`: and yet does what was asked."""

    status: int
    body: Any = ""  # text as it is, everything else as JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    takes: bool = False


@dataclass(frozen=True)
class Cuts:
    """Ends the connection instead of answering; unless it `takes`, before it has read what was asked."""

    takes: bool


@dataclass(frozen=True)
class Dawdles:
    """Doesn't answer while the test runs; unless it `takes`, doesn't begin with what was asked either."""

    takes: bool


@dataclass(frozen=True)
class Drips:
    """Begins to answer, and goes on for ever, a byte every few milliseconds."""

    takes: bool = False


@dataclass(frozen=True)
class Echoes:
    """Answers as a careless proxy does, with the request's own headers as an explanation."""

    status: int
    takes: bool = False


Misdeed = Says | Cuts | Dawdles | Drips | Echoes


class FakeProvider(ABC):
    """A provider's API on a free port: its address is `url` while it is `served`."""

    def __init__(self) -> None:
        self.url = ""
        self.misdeeds: deque[Misdeed] = deque()
        self.asked = 0  # how often
        self._over = asyncio.Event()

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """What the provider can be asked."""

    def next(self, *misdeeds: Misdeed) -> None:
        """The next requests are answered so."""
        self.misdeeds.extend(misdeeds)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        app = web.Application(middlewares=[self._misbehaving])
        app.add_routes(self.routes())
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0]
            self.url = f"http://{host}:{port}"
            yield
        finally:
            self._over.set()
            await runner.cleanup()

    @web.middleware
    async def _misbehaving(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.asked += 1
        misdeed = self.misdeeds.popleft() if self.misdeeds else None
        if misdeed is None:
            return await handler(request)
        if misdeed.takes:
            await handler(request)
        match misdeed:
            case Says(status, body, headers):
                return _answer(status, body, headers)
            case Echoes(status):
                return _answer(status, "\n".join(request.headers.values()), {})
            case Drips():
                return await self._drip(request)
            case Dawdles():
                await self._over.wait()
            case Cuts():
                assert request.transport is not None
                request.transport.abort()
        return web.Response()  # Nobody is there to read it.

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while not self._over.is_set():
            await answer.write(b" ")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), 0.02)
        return answer


def _answer(status: int, body: Any, headers: Mapping[str, str]) -> web.Response:
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/html" if isinstance(body, str) else "application/json"
    return web.Response(status=status, text=text, content_type=kind, headers=headers)
