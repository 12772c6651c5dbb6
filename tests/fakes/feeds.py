"""Where people keep calendars: feeds that say when they changed, lead elsewhere, or never end."""

from hashlib import sha256

from aiohttp import web

from tests.fakes.serving import FakeProvider

MEGABYTE = b"X-NOTHING:" + b"x" * 999_988 + b"\r\n"


class FakeFeeds(FakeProvider):
    """Feeds by name: {url}/feeds/{name}."""

    def __init__(self) -> None:
        super().__init__()
        self.feeds: dict[str, bytes] = {}
        self.leads: dict[str, str] = {}  # where else a name leads to
        self.logins: list[str | None] = []  # what each request showed
        self.not_modified = 0  # how often it said so
        self.megabytes = 0  # of the endless one, handed to whoever reads it

    def address(self, name: str) -> str:
        return f"{self.url}/feeds/{name}"

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/feeds/{name}", self._feed), web.get("/endless/{megabytes}", self._endless)]

    async def _feed(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.logins.append(request.headers.get("Authorization"))
        if name in self.leads:
            return web.Response(status=302, headers={"Location": self.leads[name]})
        if name not in self.feeds:
            return web.Response(status=404)
        etag = f'"{sha256(self.feeds[name]).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            self.not_modified += 1
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=self.feeds[name], content_type="text/calendar", headers={"ETag": etag})

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(int(request.match_info["megabytes"])):
            await answer.write(MEGABYTE)
            self.megabytes += 1
        return answer
