"""A local stand-in for a messaging provider, which remembers when each message arrived.

    POST   /messages   JSON with "reference" -> 200 {"id": …, "status": "accepted"}
    GET    /log        what arrived: [reference, monotonic nanoseconds, wall-clock milliseconds], …
    GET    /count      {"count": n}
    DELETE /log        forgets it

The time is taken when the whole request is there, before the optional fixed latency.
"""

import asyncio
import json
import sys
import time
from typing import cast

import httptools
import uvloop

Arrival = tuple[str, int, float]


class Provider:
    """What arrived so far."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.log: list[Arrival] = []

    def answer(self, method: bytes, path: str, body: bytes) -> tuple[int, object, float]:
        """Status, JSON and the seconds to wait before they go out."""
        if method == b"POST" and path == "/messages":
            monotonic, wall = time.monotonic_ns(), time.time() * 1000
            try:
                reference = json.loads(body)["reference"]
            except (ValueError, KeyError):
                return 400, {"error": "JSON with a reference is wanted"}, 0
            self.log.append((reference, monotonic, wall))
            return 200, {"id": f"msg_{len(self.log)}", "status": "accepted"}, self.latency
        if method == b"GET" and path == "/log":
            return 200, self.log, 0
        if method == b"GET" and path == "/count":
            return 200, {"count": len(self.log)}, 0
        if method == b"DELETE" and path == "/log":
            self.log.clear()
            return 200, {"count": 0}, 0
        return 404, {"error": "no such resource"}, 0


class _Connection(asyncio.Protocol):
    """One keep-alive connection; requests come one after the other."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._path = ""
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._path = ""
        self._body.clear()

    def on_url(self, url: bytes) -> None:
        self._path += url.decode()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        method = self._parser.get_method()
        status, value, wait = self._provider.answer(method, self._path, bytes(self._body))
        body = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        if wait:
            asyncio.get_running_loop().call_later(wait, self._write, head.encode() + body)
        else:
            self._write(head.encode() + body)

    def _write(self, response: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(response)


async def serve(latency_ms: float) -> None:
    """Listens on a free port of 127.0.0.1, says on stdout where, and ends with its standard input."""
    loop = asyncio.get_running_loop()
    provider = Provider(latency_ms / 1000)
    listening = await loop.create_server(lambda: _Connection(provider), "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    sys.stdout.write(json.dumps({"address": f"http://127.0.0.1:{port}"}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    uvloop.run(serve(**json.loads(sys.argv[1])))
