"""Addresses that others name lead to the internet only, and what is there can't hurt: too slow, too large, for ever."""

import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from standby import outside
from standby.outside import Answer, Network, NoAnswer, is_public, open_outside
from tests.fakes.feeds import MEGABYTE, FakeFeeds
from tests.fakes.serving import Cuts, Dawdles, Drips, FakeProvider, Says

HERE: list[Network] = [ip_network("127.0.0.1/32")]  # The rest of this machine's addresses stay private.
FEED = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Names(AbstractResolver):
    """Knows where names are."""

    def __init__(self, **names: str) -> None:
        self._names = names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        at = self._names[host.partition(".")[0]]
        family = socket.AF_INET6 if ":" in at else family or socket.AF_INET
        return [ResolveResult(hostname=host, host=at, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        return None


@pytest.fixture
async def feeds() -> AsyncIterator[FakeFeeds]:
    feeds = FakeFeeds()
    feeds.feeds["kim"] = FEED
    async with feeds.served():
        yield feeds


async def ask(
    url: str, *, allowed: list[Network] = HERE, largest: int = 5_000_000, seconds: float = 5, **names: str
) -> Answer | NoAnswer:
    async with open_outside(allowed, resolver=Names(**names)) as outside:
        return await outside.get(url, headers={}, largest=largest, seconds=seconds)


def refused(answer: Answer | NoAnswer, why: str, *, for_good: bool = True) -> None:
    assert isinstance(answer, NoAnswer), answer
    assert why in answer.reason
    assert answer.for_good == for_good


PUBLIC = ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
PRIVATE = [
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),  # noqa: S104 - to be refused
    *(
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
    ),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001::1"),
    *("::127.0.0.1", "64:ff9b:1::7f00:1", "fec0::1", "3fff::1", "fd00:ec2::254", "::ffff:a9fe:a9fe"),
    *("100.100.100.200", "192.0.0.192", "192.88.99.1", "168.63.129.16", "::ffff:168.63.129.16"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_machines_networks_and_clouds_are_private_however_they_are_written(address: str) -> None:
    assert not is_public(address)


async def test_what_is_at_an_address_is_read_also_where_it_leads(feeds: FakeFeeds) -> None:
    feeds.leads |= {"moved": "kim", "away": feeds.address("moved")}
    for name in ("kim", "moved", "away"):
        answer = await ask(feeds.address(name))
        assert isinstance(answer, Answer)
        assert (answer.status, answer.body) == (200, FEED)


async def test_a_private_address_is_refused_and_never_asked(feeds: FakeFeeds) -> None:
    port = feeds.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]"):
        refused(
            await ask(f"http://{host}:{port}/feeds/kim", allowed=[], localhost="127.0.0.1"), "private network"
        )
    assert feeds.asked == 0


@pytest.mark.parametrize("at", ["127.0.0.2", "10.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.2"])
async def test_a_name_that_leads_to_a_private_address_is_refused(feeds: FakeFeeds, at: str) -> None:
    port = feeds.url.rpartition(":")[2]
    answer = await ask(f"http://calendar.example:{port}/feeds/kim", calendar=at)
    refused(answer, "private network")
    assert feeds.asked == 0


async def test_a_redirect_to_a_private_address_is_refused(feeds: FakeFeeds) -> None:
    port = feeds.url.rpartition(":")[2]
    for name, target in (
        ("literal", f"http://127.0.0.2:{port}/feeds/kim"),
        ("named", f"http://inside.example:{port}/feeds/kim"),
        ("metadata", "http://169.254.169.254/latest/meta-data/"),
    ):
        feeds.leads[name] = target
        refused(await ask(feeds.address(name), inside="127.0.0.2"), "private network")
    assert feeds.asked == 3


async def test_redirects_in_a_circle_or_to_something_else_come_to_an_end(feeds: FakeFeeds) -> None:
    feeds.leads |= {"here": "there", "there": "here", "file": "file:///etc/passwd", "odd": "http://[::1"}
    refused(await ask(feeds.address("here")), "more than 5 times")
    assert feeds.asked == 6
    refused(await ask(feeds.address("file")), "neither http nor https")
    refused(await ask(feeds.address("odd")), "no address that can be asked")


async def test_a_login_is_shown_to_the_server_that_it_is_for_alone(feeds: FakeFeeds) -> None:
    elsewhere = FakeFeeds()
    elsewhere.feeds["kim"] = FEED
    login = "Basic a2ltOmh1c2g="
    async with elsewhere.served(), open_outside(HERE) as outside:
        feeds.leads |= {"here": "kim", "there": elsewhere.address("kim")}
        for name in ("here", "there"):
            answer = await outside.get(
                feeds.address(name), headers={}, largest=1000, seconds=5, authorization=login
            )
            assert isinstance(answer, Answer)
            assert answer.status == 200
    assert feeds.logins == [login] * 3
    assert elsewhere.logins == [None]


@pytest.mark.parametrize(
    "url", ["ftp://calendar.example/", "calendar", "http://2130706433/", "http://127.1/"]
)
async def test_what_is_no_address_is_refused(url: str) -> None:
    assert isinstance(await ask(url, calendar="1.1.1.1"), NoAnswer)


async def test_of_100_megabytes_no_more_is_read_than_wanted(feeds: FakeFeeds) -> None:
    refused(await ask(f"{feeds.url}/endless/100"), "larger than 5 MB")
    assert feeds.megabytes < 20  # What is read, and what the sockets hold.
    assert isinstance(await ask(f"{feeds.url}/endless/3"), Answer)
    refused(await ask(f"{feeds.url}/feeds/kim", largest=10), "larger than")


async def test_what_is_compressed_is_not_unpacked(feeds: FakeFeeds) -> None:
    feeds.next(Says(200, "x", {"Content-Encoding": "gzip"}))
    refused(await ask(feeds.address("kim")), "compressed")


@pytest.mark.parametrize("misdeed", [Drips(), Dawdles(takes=False)])
async def test_who_answers_slowly_is_not_waited_for(feeds: FakeFeeds, misdeed: Any) -> None:
    feeds.next(misdeed)
    refused(await ask(feeds.address("kim"), seconds=0.3), "did not answer within", for_good=False)


async def test_a_connection_that_ends_or_is_refused_is_worth_another_try(feeds: FakeFeeds) -> None:
    feeds.next(Cuts(takes=False), Cuts(takes=False))  # aiohttp asks twice.
    refused(await ask(feeds.address("kim")), "ended before the answer", for_good=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    refused(await ask(f"http://127.0.0.1:{port}/"), "was not reached", for_good=False)


# -- What is posted ----------------------------------------------------------------------------------------------


class Taker(FakeProvider):
    """Takes whatever is posted to it."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[bytes] = []
        self.megabytes = 0

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/", self._take), web.post("/endless", self._endless)]

    async def _take(self, request: web.Request) -> web.Response:
        self.taken.append(await request.read())
        return web.Response(text="thanks")

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with suppress(ConnectionError):
            for _ in range(100):
                await answer.write(MEGABYTE)
                self.megabytes += 1
        return answer


@pytest.fixture
async def taker() -> AsyncIterator[Taker]:
    taker = Taker()
    async with taker.served():
        yield taker


async def post(
    url: str, *, allowed: list[Network] = HERE, seconds: float = 5, **names: str
) -> Answer | NoAnswer:
    async with open_outside(allowed, resolver=Names(**names)) as outside:
        return await outside.post(url, b"news", headers={}, largest=1000, seconds=seconds)


async def test_what_is_posted_arrives_and_is_answered(taker: Taker) -> None:
    answer = await post(taker.url)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body, taker.taken) == (200, b"thanks", [b"news"])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_of_what_is_posted_is_an_answer_and_never_followed(
    taker: Taker, status: int
) -> None:
    taker.next(Says(status, "", {"Location": taker.url}))
    answer = await post(taker.url)
    assert isinstance(answer, Answer)
    assert (answer.status, taker.asked, taker.taken) == (status, 1, [])


async def test_nothing_is_posted_to_a_private_address_whatever_its_name(taker: Taker) -> None:
    port = taker.url.rpartition(":")[2]
    refused(await post(f"http://127.0.0.1:{port}", allowed=[]), "private network")
    for at in ("127.0.0.2", "169.254.169.254", "::1"):
        refused(await post(f"http://hook.example:{port}", hook=at), "private network")
    assert taker.asked == 0


async def test_of_an_endless_answer_to_what_is_posted_the_beginning_is_kept(taker: Taker) -> None:
    answer = await post(f"{taker.url}/endless")
    assert isinstance(answer, Answer)
    assert (answer.status, len(answer.body)) == (200, 1000)
    assert taker.megabytes < 20


async def test_who_begins_to_answer_and_never_ends_has_answered(
    taker: Taker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "BODY_SECONDS", 0.1)
    taker.next(Drips())
    answer = await post(taker.url)
    assert isinstance(answer, Answer)
    assert answer.status == 200


async def test_who_does_not_answer_what_is_posted_is_not_waited_for_and_not_asked_twice(taker: Taker) -> None:
    taker.next(Dawdles(takes=True), Cuts(takes=True))
    refused(await post(taker.url, seconds=0.3), "did not answer within", for_good=False)
    refused(await post(taker.url), "ended before the answer", for_good=False)
    assert len(taker.taken) == 2
