"""What providers call us back with: requests that are made and signed at once, and sent when a test says so.

So a test decides on their order, and sends one twice, late, or never: `await deliver(read, sent, sent)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import aiohttp


@dataclass(frozen=True)
class Callback:
    """One request. `url` is the address that the provider was given, `lies`: its headers when a stranger signs."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    lies: Mapping[str, str] = field(repr=False)

    def forged(self) -> "Callback":
        """The same from somebody who doesn't have the key."""
        return replace(self, headers={**self.headers, **self.lies})

    @property
    def path(self) -> str:
        """What comes after the host, with the query."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True)
class Answered:
    """What a callback was answered with."""

    status: int
    kind: str  # of content, without its parameters
    text: str


async def deliver(*callbacks: Callback, via: str | None = None) -> list[Answered]:
    """Sends them one after the other. `via`: through a proxy at this address, as behind a public name."""
    async with aiohttp.ClientSession(skip_auto_headers={"User-Agent"}) as http:
        return [await _sent(http, callback, via) for callback in callbacks]


async def _sent(http: aiohttp.ClientSession, callback: Callback, via: str | None) -> Answered:
    url = callback.url if via is None else via + callback.path
    async with http.post(url, data=callback.body, headers=callback.headers, allow_redirects=False) as answer:
        return Answered(answer.status, answer.content_type, await answer.text())
