"""Requests to addresses that somebody outside has told us: a feed's, a webhook's.

Whoever names an address may mean one that only we can reach: this machine, its network, the cloud's metadata. So each
address is judged in the moment it is connected to, whatever name, redirect or second look-up led there. What comes back
may be anything: it is cut off by time and by size, and never unpacked, for a few bytes unpack to any number.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from errno import EACCES
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

Network: TypeAlias = IPv4Network | IPv6Network

REDIRECTS: Final = 5
CONNECT_SECONDS: Final = 10.0
CHUNK: Final = 65_536
BODY_SECONDS: Final = 2.0  # that a posted request's answer is read after its status has come
_NAT64: Final = IPv6Network("64:ff9b::/96")
_6TO4: Final = IPv6Network("2002::/16")
# What the lists of special addresses that Python knows lack, some of its versions or all.
_NOBODYS: Final = (
    IPv6Network("fec0::/10"),  # site-local: given up, and still some network's own
    IPv6Network("3fff::/20"),  # for documentation
    IPv4Network("192.0.0.0/24"),  # for protocols; some cloud's metadata
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, given up
    IPv4Network(
        "168.63.129.16/32"
    ),  # Azure's own servers, from within: a machine's certificates and settings
)


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status; to `get` never a redirect."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class NoAnswer:
    """Nothing that could be used came back. `for_good`: the address itself is the reason, not the moment."""

    reason: str
    for_good: bool = False


class PrivateTarget(OSError):
    """The address belongs to a private network, which nobody outside may send us to."""

    def __init__(self) -> None:
        super().__init__(
            EACCES,
            "it leads into a private network; whoever runs Standby can allow that (STANDBY_ALLOW_PRIVATE_TARGETS)",
        )


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's on the internet. Pure."""
    ip = _ip(address)
    if isinstance(ip, IPv6Address):
        if ip in _6TO4:
            return False
        if inner := _inside(ip):
            ip = inner
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or any(ip in one for one in _NOBODYS)
    return ip.is_global and not special


def _ip(address: str) -> IPv4Address | IPv6Address:
    return ip_address(address.partition("%")[0])  # fe80::1%eth0


def _inside(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    return IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else ip.ipv4_mapped


@asynccontextmanager
async def open_outside(
    allowed: Sequence[Network] = (), *, resolver: AbstractResolver | None = None
) -> AsyncIterator["Outside"]:
    """What asks such addresses. `allowed` are private networks that may be asked all the same."""

    def socket_for(address: aiohttp.AddrInfoType) -> socket.socket:
        """The socket for an address that is about to be connected to, however it was found. Raises PrivateTarget."""
        family, kind, protocol, _, place = address
        host = str(place[0])
        if not (is_public(host) or any(_ip(host) in network for network in allowed)):
            raise PrivateTarget
        return socket.socket(family, kind, protocol)

    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=resolver, socket_factory=socket_for, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    ) as http:
        yield Outside(http)


class Outside:
    """Asks such addresses, on a session that open_outside has made."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        largest: int,
        seconds: float,
        authorization: str | None = None,
    ) -> Answer | NoAnswer:
        """What is at the address, if that comes in so many seconds and is no larger (bytes). Follows redirects.

        `authorization`, a header's value, is for the server that the address names, and for no other that it leads to.
        """
        return await _heard(self._followed(url, headers, largest, authorization), seconds)

    async def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], largest: int, seconds: float
    ) -> Answer | NoAnswer:
        """What the address says to a body, if it does in so many seconds. Follows no redirect: that is an answer too.

        The status counts. Of what comes with it no more is read than is wanted (bytes), and not for long.
        """
        return await _heard(self._posted(url, body, headers, largest), seconds)

    async def _posted(
        self, url: str, body: bytes, headers: Mapping[str, str], largest: int
    ) -> Answer | NoAnswer:
        timeout = aiohttp.ClientTimeout(connect=CONNECT_SECONDS)
        asked = {"Accept-Encoding": "identity", **headers}
        async with self._http.post(
            URL(url), data=body, headers=asked, allow_redirects=False, timeout=timeout
        ) as response:
            return Answer(response.status, response.headers, await _beginning(response, largest))

    async def _followed(
        self, address: str, headers: Mapping[str, str], largest: int, authorization: str | None
    ) -> Answer | NoAnswer:
        first = url = URL(address)
        for _ in range(REDIRECTS + 1):
            answer = await self._asked(
                url, headers, largest, authorization if _same_server(url, first) else None
            )
            if not isinstance(answer, URL):
                return answer
            url = answer
        return NoAnswer(f"It leads on more than {REDIRECTS} times.", for_good=True)

    async def _asked(
        self, url: URL, headers: Mapping[str, str], largest: int, authorization: str | None
    ) -> Answer | NoAnswer | URL:
        """The answer, or where it leads."""
        if url.scheme not in ("http", "https") or not url.host:
            return NoAnswer("It leads to an address that is neither http nor https.", for_good=True)
        asked = {"Accept-Encoding": "identity", **headers}
        if authorization is not None:
            asked["Authorization"] = authorization
        timeout = aiohttp.ClientTimeout(connect=CONNECT_SECONDS)
        async with self._http.get(url, headers=asked, allow_redirects=False, timeout=timeout) as response:
            if response.status in (301, 302, 303, 307, 308) and (to := response.headers.get("Location")):
                return url.join(URL(to))
            if response.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
                return NoAnswer("Its answer is compressed, although it was asked not to be.", for_good=True)
            if (body := await _read(response, largest)) is None:
                return NoAnswer(f"Its answer is larger than {largest / 1_000_000:.0f} MB.", for_good=True)
            return Answer(response.status, response.headers, body)


async def _heard(answer: Awaitable[Answer | NoAnswer], seconds: float) -> Answer | NoAnswer:
    """The answer, if it comes in so many seconds; or why there is none."""
    try:
        async with asyncio.timeout(seconds):
            return await answer
    except TimeoutError:
        return NoAnswer(f"It did not answer within {seconds:.0f} seconds.")
    except aiohttp.ClientConnectorError as error:
        private = isinstance(error.os_error, PrivateTarget)
        return NoAnswer(f"It was not reached: {error.os_error.strerror or error}.", for_good=private)
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError) as error:
        return NoAnswer(f"This is no address that can be asked: {error}.", for_good=True)
    except (aiohttp.ClientError, OSError) as error:
        return NoAnswer(f"The connection ended before the answer: {str(error) or type(error).__name__}.")


def _same_server(one: URL, other: URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


async def _read(response: aiohttp.ClientResponse, largest: int) -> bytes | None:
    """The answer's body; None: it is larger. No more of it is read than is asked for."""
    if response.content_length is not None and response.content_length > largest:
        return None
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > largest:
            return None
    return bytes(body)


async def _beginning(response: aiohttp.ClientResponse, largest: int) -> bytes:
    """The beginning of the answer's body, or what came of it."""
    body = bytearray()
    with suppress(TimeoutError, aiohttp.ClientError):
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in response.content.iter_chunked(CHUNK):
                body += chunk
                if len(body) >= largest:
                    break
    return bytes(body[:largest])
