"""Google: the page that asks for consent, tokens, and Calendar v3, as far as we and Google's own library ask.

Keeps accounts with their calendars; every change of an event is numbered, so that a sync token is a number. What is
deleted stays as cancelled, and its id is never free again. It never calls by itself: `told` has what it would push.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo

from aiohttp import web

from tests.fakes.callbacks import Callback
from tests.fakes.serving import FakeProvider

SCOPES: Final = "https://www.googleapis.com/auth/"
OWNED: Final = f"{SCOPES}calendar.events.owned"
ID: Final = re.compile("[a-v0-9]{5,1024}")
NOT_WITH_SYNC_TOKEN: Final = {
    "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "timeMin", "timeMax", "updatedMin",
}  # fmt: skip
TOKEN_LASTS: Final = timedelta(hours=1)
CHANNEL_LASTS: Final = timedelta(days=7)


class Refused(Exception):
    """This request gets an error."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        self.status, self.reason, self.message = status, reason, message


def error(status: int, reason: str, message: str = "so it is") -> dict[str, Any]:
    """An error as the API writes it."""
    listed = [{"domain": "global", "reason": reason, "message": message}]
    return {"error": {"code": status, "message": message, "errors": listed}}


@dataclass
class Channel:
    """Somebody wants to be told of a calendar's changes."""

    id: str
    token: str
    address: str
    resource: str
    calendar: str
    expires_at: datetime


@dataclass
class Asked:
    """A request to the API, to compare with what others ask."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any


@dataclass
class _Grant:
    code_challenge: str
    redirect_uri: str
    scope: str


@dataclass
class Calendar:
    """One calendar: its events by id, each with the number of its last change."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)


class FakeGoogle(FakeProvider):
    """One Google account that owns `primary`, one OAuth client, and its registered addresses to come back to."""

    def __init__(
        self, *, client_id: str, client_secret: str, redirect_uri: str, clock: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._client = (client_id, client_secret)
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._numbers = count(1)
        self._codes: dict[str, _Grant] = {}
        self._refresh: dict[str, str] = {}  # token → scope
        self._access: dict[str, tuple[str, datetime]] = {}  # token → scope, end
        self._too_old = 0  # Sync tokens up to this number are.
        self.calendars: dict[str, Calendar] = {"primary": Calendar()}
        self.channels: dict[str, Channel] = {}
        self.told: list[Callback] = []
        self.asked_for: list[Asked] = []
        self.token_requests: list[dict[str, str]] = []
        self.page = 250  # events on one page, at most
        self.allows = OWNED  # what the person ticks

    # What a test does in somebody's stead.

    async def consent(self, url: str) -> str:
        """Opens the page and allows it; the address that the browser is sent to. Raises Refused: Google's own page."""
        parts = urlsplit(url)
        assert (f"{parts.scheme}://{parts.netloc}", parts.path) == (self.url, "/o/oauth2/v2/auth")
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        _need(asked["client_id"] == self._client[0], "invalid_client")
        _need(asked["redirect_uri"] == self._redirect_uri, "redirect_uri_mismatch")
        _need(asked["response_type"] == "code", "unsupported_response_type")
        _need(asked["code_challenge_method"] == "S256", "invalid_request")
        _need(len(asked["code_challenge"]) == 43, "invalid_request")
        _need((asked["access_type"], asked["prompt"]) == ("offline", "consent"), "no refresh token")
        _need(all(one.startswith(SCOPES) for one in asked["scope"].split()), "invalid_scope")
        code = f"4/{next(self._numbers)}"
        self._codes[code] = _Grant(asked["code_challenge"], asked["redirect_uri"], self.allows)
        said = {"state": asked["state"], "code": code, "scope": self.allows}
        return f"{self._redirect_uri}?{urlencode(said)}"

    def take_back(self) -> None:
        """The person removes our access."""
        self._refresh.clear()
        self._access.clear()

    def expire_access(self) -> None:
        """Google ends all access tokens before their time."""
        self._access.clear()

    def expire_sync(self) -> None:
        """Every sync token that was given out is too old."""
        self._too_old = next(self._numbers)

    def put(self, event_id: str, calendar: str = "primary", **given: Any) -> dict[str, Any]:
        """The person adds an event, or changes one."""
        known = self.calendars[calendar].events.get(event_id, {})
        return self._store(calendar, {**known, "id": event_id, "status": "confirmed", **given})

    def remove(self, event_id: str, calendar: str = "primary") -> None:
        """The person deletes an event."""
        self._store(calendar, {**self.calendars[calendar].events[event_id], "status": "cancelled"})

    def shown(self, calendar: str = "primary") -> list[dict[str, Any]]:
        """The events that the person sees, by their begin."""
        live = [one for one in self.calendars[calendar].events.values() if one["status"] != "cancelled"]
        return sorted(live, key=lambda event: _span(event)[0])

    def push(self, channel: Channel, state: str = "exists") -> Callback:
        """What Google calls with when something has changed."""
        headers = {
            "X-Goog-Channel-ID": channel.id,
            "X-Goog-Channel-Token": channel.token,
            "X-Goog-Resource-ID": channel.resource,
            "X-Goog-Resource-State": state,
            "X-Goog-Resource-URI": f"{self.url}/calendar/v3/calendars/{channel.calendar}/events?alt=json",
            "X-Goog-Message-Number": str(next(self._numbers)),
            "X-Goog-Channel-Expiration": channel.expires_at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        }
        return Callback(channel.address, b"", headers, {"X-Goog-Channel-Token": "a guess"})

    def grant_access(self) -> str:
        """An access token, for the library."""
        token = f"ya29.{next(self._numbers)}"
        self._access[token] = (OWNED, self._clock() + TOKEN_LASTS)
        return token

    def grant_refresh(self) -> str:
        token = f"1//{next(self._numbers)}"
        self._refresh[token] = OWNED
        return token

    # What it is asked.

    def routes(self) -> list[web.RouteDef]:
        events = "/calendar/v3/calendars/{calendar}/events"
        return [
            web.post("/token", self._token),
            web.get(events, self._api(self._list)),
            web.post(events, self._api(self._insert)),
            web.post(f"{events}/watch", self._api(self._watch)),
            web.get(events + "/{event}", self._api(self._get)),
            web.patch(events + "/{event}", self._api(self._patch)),
            web.delete(events + "/{event}", self._api(self._delete)),
            web.post("/calendar/v3/channels/stop", self._api(self._stop)),
        ]

    async def _token(self, request: web.Request) -> web.Response:
        given = {name: str(value) for name, value in (await request.post()).items()}
        self.token_requests.append(given)
        if (given.get("client_id"), given.get("client_secret")) != self._client:
            return web.json_response({"error": "invalid_client"}, status=401)
        try:
            return web.json_response(self._tokens(given))
        except (Refused, KeyError):
            said = {"error": "invalid_grant", "error_description": "Bad Request"}
            return web.json_response(said, status=400)

    def _tokens(self, given: Mapping[str, str]) -> dict[str, Any]:
        told: dict[str, Any] = {"token_type": "Bearer", "expires_in": int(TOKEN_LASTS.total_seconds())}
        if given["grant_type"] == "refresh_token":
            scope = self._refresh[given["refresh_token"]]
        else:
            grant = self._codes.pop(given["code"])
            digest = sha256(given["code_verifier"].encode()).digest()
            _need(urlsafe_b64encode(digest).decode().rstrip("=") == grant.code_challenge, "invalid_grant")
            _need(given["redirect_uri"] == grant.redirect_uri, "invalid_grant")
            scope = grant.scope
            told["refresh_token"] = f"1//{next(self._numbers)}"
            self._refresh[told["refresh_token"]] = scope
        token = f"ya29.{next(self._numbers)}"
        self._access[token] = (scope, self._clock() + TOKEN_LASTS)
        return told | {"access_token": token, "scope": scope}

    def _api(self, does: Callable[[web.Request, Any], Any]) -> Callable[[web.Request], Any]:
        """The request with its body, if its token is good; errors as Google writes them."""

        async def handler(request: web.Request) -> web.Response:
            try:
                self._check_token(request)
                body = await request.json() if request.can_read_body else None
                query = {name: value for name, value in request.query.items() if name != "alt"}
                self.asked_for.append(Asked(request.method, request.path, query, body))
                said = does(request, body)
            except Refused as no:
                return web.json_response(error(no.status, no.reason, no.message), status=no.status)
            return web.Response(status=204) if said is None else web.json_response(said)

        return handler

    def _check_token(self, request: web.Request) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        scope, until = self._access.get(token, ("", self._clock()))
        if until <= self._clock():
            raise Refused(401, "authError", "Invalid Credentials")
        if OWNED not in scope.split():
            raise Refused(403, "insufficientPermissions", "Insufficient Permission")

    def _calendar(self, request: web.Request) -> Calendar:
        try:
            return self.calendars[request.match_info["calendar"]]
        except KeyError:
            raise Refused(404, "notFound", "Not Found") from None

    def _known(self, request: web.Request) -> dict[str, Any]:
        try:
            return self._calendar(request).events[request.match_info["event"]]
        except KeyError:
            raise Refused(404, "notFound", "Not Found") from None

    def _list(self, request: web.Request, _: Any) -> dict[str, Any]:
        query, calendar = request.query, self._calendar(request)
        _ask(query.get("singleEvents") == "true", "this fake knows single events only")
        since = None
        if token := query.get("syncToken"):
            _ask(not set(query) & NOT_WITH_SYNC_TOKEN, "Sync token cannot be used with these parameters.")
            since = int(token.removeprefix("sync-"))
            if since <= self._too_old:
                raise Refused(
                    410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required."
                )
        found = [one for name, one in calendar.events.items() if calendar.changed[name] > (since or 0)]
        if since is None:
            found = [one for one in found if one["status"] != "cancelled" and _within(one, query)]
        begin = int(query.get("pageToken", "page-0").removeprefix("page-"))
        end = begin + min(self.page, int(query.get("maxResults", 250)))
        more = end < len(found)
        then = {"nextPageToken": f"page-{end}"} if more else {"nextSyncToken": f"sync-{next(self._numbers)}"}
        whole = {"kind": "calendar#events", "items": found[begin:end], **then}
        fields = query.get("fields")
        return whole if fields is None else _only(whole, _tree(re.findall(r"[\w-]+|[(),/]", fields)))

    def _get(self, request: web.Request, _: Any) -> dict[str, Any]:
        return self._known(request)

    def _insert(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        event_id = body.get("id") or f"g{next(self._numbers)}".ljust(5, "0")
        _ask(ID.fullmatch(event_id), "Invalid resource id value.")
        _check(body)
        if event_id in self._calendar(request).events:
            raise Refused(409, "duplicate", "The requested identifier already exists.")
        return self._store(request.match_info["calendar"], {"status": "confirmed", **body, "id": event_id})

    def _patch(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        changed = {**self._known(request), **body}
        _check(changed)
        return self._store(request.match_info["calendar"], changed)

    def _delete(self, request: web.Request, _: Any) -> None:
        event = self._known(request)
        if event["status"] == "cancelled":
            raise Refused(410, "deleted", "Resource has been deleted")
        self._store(request.match_info["calendar"], {**event, "status": "cancelled"})

    def _watch(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        self._calendar(request)
        _ask(body["type"] == "web_hook", "Unknown channel type")
        _ask(body["address"].startswith("https://"), "WebHook callback must be HTTPS")
        _ask(len(body.get("token", "")) <= 256, "Token too long")
        _ask(re.fullmatch("[A-Za-z0-9+/=_-]{1,64}", body["id"]), "Invalid channel id")
        _ask(body["id"] not in self.channels, "Channel id not unique")
        now = self._clock()
        wished = datetime.fromtimestamp(int(body.get("expiration", 0)) / 1000, UTC)
        until = min(wished, now + CHANNEL_LASTS) if "expiration" in body else now + CHANNEL_LASTS
        name = request.match_info["calendar"]
        channel = Channel(
            body["id"], body.get("token", ""), body["address"], f"res-{next(self._numbers)}", name, until
        )
        self.channels[channel.id] = channel
        self.told.append(self.push(channel, "sync"))
        return {
            "kind": "api#channel",
            "id": channel.id,
            "resourceId": channel.resource,
            "resourceUri": f"{self.url}{request.path}",
            "token": channel.token,
            "expiration": str(int(until.timestamp() * 1000)),
        }

    def _stop(self, _: web.Request, body: dict[str, Any]) -> None:
        channel = self.channels.get(body["id"])
        if channel is None or channel.resource != body["resourceId"]:
            raise Refused(404, "channelNotFound", "Channel not found")
        del self.channels[channel.id]

    def _store(self, calendar: str, event: dict[str, Any]) -> dict[str, Any]:
        event = {"kind": "calendar#event", "eventType": "default", **event}
        kept = self.calendars[calendar]
        kept.events.pop(event["id"], None)  # The latest change comes last.
        kept.events[event["id"]] = event
        kept.changed[event["id"]] = next(self._numbers)
        now = self._clock()
        self.told += [
            self.push(one)
            for one in self.channels.values()
            if one.calendar == calendar and one.expires_at > now
        ]
        return event


def _need(so: object, reason: str) -> None:
    if not so:
        raise Refused(400, reason, reason)


def _ask(so: object, message: str) -> None:
    if not so:
        raise Refused(400, "invalid", message)


def _check(event: Mapping[str, Any]) -> None:
    for end in ("start", "end"):
        moment = event.get(end) or {}
        _ask(moment.get("date") or moment.get("dateTime"), f"Missing {end} time.")
        if "timeZone" in moment:
            ZoneInfo(moment["timeZone"])
        elif "dateTime" in moment:
            _ask(
                datetime.fromisoformat(moment["dateTime"]).tzinfo,
                f"Missing time zone definition for {end} time.",
            )
    starts_at, ends_at = _span(event)
    _ask(starts_at <= ends_at, "The specified time range is empty.")


def _span(event: Mapping[str, Any]) -> tuple[datetime, datetime]:
    def at(moment: Mapping[str, Any]) -> datetime:
        read = datetime.fromisoformat(moment.get("dateTime") or moment["date"])
        return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(moment.get("timeZone", "UTC")))

    return at(event["start"]), at(event.get("end") or event["start"])


def _within(event: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    starts_at, ends_at = _span(event)
    least, most = query.get("timeMin"), query.get("timeMax")
    return not (
        (least and ends_at <= datetime.fromisoformat(least))
        or (most and starts_at >= datetime.fromisoformat(most))
    )


def _tree(words: list[str]) -> dict[str, Any]:
    """What a partial response has: items(id,start),nextPageToken; a/b is a's b. Takes off the list what it reads."""
    tree: dict[str, Any] = {}
    while words:
        name = words.pop(0)
        if name == ")":
            break
        if name == ",":
            continue
        inner = tree.setdefault(name, {})
        while words and words[0] == "/":
            words.pop(0)
            inner = inner.setdefault(words.pop(0), {})
        if words and words[0] == "(":
            words.pop(0)
            inner.update(_tree(words))
    return tree


def _only(value: Any, tree: dict[str, Any]) -> Any:
    """The value with what the tree names, and all of it where the tree ends."""
    if not tree:
        return value
    if isinstance(value, list):
        return [_only(one, tree) for one in value]
    if isinstance(value, dict):
        return {name: _only(value[name], inner) for name, inner in tree.items() if name in value}
    return value
