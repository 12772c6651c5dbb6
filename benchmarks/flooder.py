"""A crowd that asks one salon for everything, at a fixed rate and whatever is answered. A cheap process of its own.

It begins when it is ready. A line on stdin asks for what was answered so far, by endpoint and status; stdin's end ends
it. When all of its connections wait for an answer, what is due is not asked and counted as held back.
"""

import asyncio
import json
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httptools
import uvloop

TICK: Final = 0.005
EACH: Final = "{n}"  # In a path or a body: the number of the request, so that no two are alike.


@dataclass(frozen=True)
class Ask:
    """What is asked for. `body`: a form, or JSON if it begins like that."""

    method: str
    path: str
    body: str = ""

    @property
    def content_type(self) -> str:
        return "application/json" if self.body.startswith("{") else "application/x-www-form-urlencoded"

    def raw(self, number: int, address: str) -> bytes:
        """The request as it goes out."""
        path, body = (text.replace(EACH, f"{number:07}") for text in (self.path, self.body))
        return (
            f"{self.method} {path} HTTP/1.1\r\nhost: standby.test\r\nx-forwarded-for: {address}\r\n"
            f"content-type: {self.content_type}\r\ncontent-length: {len(body)}\r\n\r\n{body}"
        ).encode()


class _Connection(asyncio.Protocol):
    """Asks one thing at a time."""

    def __init__(self, crowd: "_Crowd") -> None:
        self._crowd = crowd
        self._transport: asyncio.Transport | None = None
        self._asked = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpResponseParser(self)
        self._crowd.idle.append(self)

    def ask(self, name: str, raw: bytes) -> None:
        assert self._transport is not None
        self._asked = name
        self._transport.write(raw)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._crowd.answers[self._asked, self._parser.get_status_code()] += 1
        self._asked = ""
        self._crowd.idle.append(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._asked:
            self._crowd.answers[self._asked, 0] += 1
        elif self in self._crowd.idle:
            self._crowd.idle.remove(self)
        self._crowd.lost += 1


class _Crowd:
    """Its connections, and what it was answered; status 0: the connection was closed instead."""

    def __init__(self, asks: Sequence[Ask], addresses: int) -> None:
        self.idle: deque[_Connection] = deque()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.held_back = 0
        self.lost = 0
        self._requests = self._endless(asks, addresses)

    @staticmethod
    def _endless(asks: Sequence[Ask], addresses: int) -> Iterator[tuple[str, bytes]]:
        """Each ask in turn, from each address in turn."""
        for number in count():
            ask = asks[number % len(asks)]
            name = f"{ask.method} {ask.path.partition('?')[0]}"
            yield name, ask.raw(number, f"198.51.100.{(number + number // len(asks)) % addresses + 1}")

    async def flood(self, host: str, port: int, rate: float, connections: int) -> None:
        loop = asyncio.get_running_loop()
        begun, due = loop.time(), 0
        for _ in range(connections):
            await loop.create_connection(lambda: _Connection(self), host, port)
        while True:
            await asyncio.sleep(TICK)
            while due < (loop.time() - begun) * rate:
                due += 1
                if self.idle:
                    self.idle.popleft().ask(*next(self._requests))
                else:
                    self.held_back += 1
            while self.lost:
                self.lost -= 1
                await loop.create_connection(lambda: _Connection(self), host, port)

    def told(self) -> dict[str, Any]:
        answers = [[name, status, times] for (name, status), times in sorted(self.answers.items())]
        return {"answers": answers, "held_back": self.held_back}


async def flood(address: str, rate: float, connections: int, addresses: int, asks: list[list[str]]) -> None:
    """Asks until its standard input ends; a line there asks how it went."""
    crowd = _Crowd([Ask(*ask) for ask in asks], addresses)
    parts = urlsplit(address)
    flooding = asyncio.create_task(
        crowd.flood(parts.hostname or "127.0.0.1", parts.port or 80, rate, connections)
    )
    _say({})
    while await asyncio.to_thread(sys.stdin.readline):
        _say(crowd.told())
    flooding.cancel()


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(flood(**json.loads(sys.argv[1])))
