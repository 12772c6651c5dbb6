"""A salon's own system that is told of events: it keeps what it is told, and misbehaves on demand."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.serving import FakeProvider


@dataclass(frozen=True)
class Told:
    """One request."""

    headers: Mapping[str, str]
    raw: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.raw))

    @property
    def type(self) -> str:
        return str(self.body["type"])


class FakeReceiver(FakeProvider):
    """Endpoints by name: {url}/hooks/{name}."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Told] = []
        self.by_name: dict[str, list[Told]] = {}
        self._heard = asyncio.Event()

    def address(self, name: str = "erp") -> str:
        return f"{self.url}/hooks/{name}"

    async def hears(self, times: int) -> None:
        """Waits until it has been told so often."""
        while len(self.told) < times:
            self._heard.clear()
            await self._heard.wait()

    def types(self) -> list[str]:
        return [one.type for one in self.told]

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/hooks/{name}", self._take)]

    async def _take(self, request: web.Request) -> web.Response:
        told = Told(request.headers.copy(), await request.read())
        self.told.append(told)
        self.by_name.setdefault(request.match_info["name"], []).append(told)
        self._heard.set()
        return web.Response(text="thanks")
