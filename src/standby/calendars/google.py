"""Google Calendar, v3: events are read with sync tokens, and written under names that we choose."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import aiohttp

from standby.calendars.base import (
    Changes,
    Event,
    Link,
    Place,
    Reading,
    Reconnect,
    Refused,
    Retry,
    Watched,
    Whole,
    Window,
    Writing,
    Written,
)
from standby.calendars.google_access import GoogleAccess, not_answered
from standby.calendars.google_events import FIELDS, body_of, busy_of, is_event
from standby.channels.http import Answer, Provider, readable, retry_after
from standby.channels.untrusted import parts
from standby.clock import Clock

MOST_PAGES: Final = 40
PAGE: Final = 2500  # the most that Google gives at once
# A sync token keeps to the window of the reading that it began with, which has to move on.
WHOLE_EVERY: Final = timedelta(days=7)
LATER: Final = frozenset(
    {
        "rateLimitExceeded",
        "userRateLimitExceeded",
        "quotaExceeded",
        "calendarUsageLimitsExceeded",
        "backendError",
    }
)
NOT_ALLOWED: Final = frozenset({"insufficientPermissions", "authError", "requiredAccessLevel"})
QUIETLY: Final = {"sendUpdates": "none"}  # Nobody gets a mail from Google.
NOT_THERE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

_Problem = Retry | Reconnect | Refused


class GoogleCalendar:
    """Google's API at `base_url`. `push_url` is where it can tell us of changes."""

    def __init__(
        self, http: aiohttp.ClientSession, clock: Clock, access: GoogleAccess, *, base_url: str, push_url: str
    ) -> None:
        self._http = http
        self._clock = clock
        self._access = access
        self._base_url = base_url
        self._push_url = push_url

    async def read(self, link: Link, window: Window) -> Reading:
        now = self._clock()
        began, token = _begun(link.place)
        if began is not None and token is not None and now - began < WHOLE_EVERY:
            changed = await self._pages(link, {"syncToken": token})
            if changed is not HTTPStatus.GONE:
                return _found(link, changed, began, whole=False)
        asked = {"timeMin": _written(window.starts_at), "timeMax": _written(window.ends_at)}
        everything = await self._pages(link, asked)
        if everything is HTTPStatus.GONE:
            return Retry("Google took back a reading that had just begun.")
        return _found(link, everything, now, whole=True)

    async def write(self, link: Link, event: Event) -> Writing:
        if event.gone:
            answer = await self._ask(link, "DELETE", f"/events/{event.name}", params=QUIETLY)
            if isinstance(answer, Answer) and not answer.ok and answer.status not in NOT_THERE:
                answer = self._problem(answer)
            return Written() if isinstance(answer, Answer) else answer
        # Whichever is the likelier to be right comes first; the other one knows what the first could not.
        for adds in (not event.place, bool(event.place), not event.place):
            answer = await (self._add(link, event) if adds else self._change(link, event))
            if not isinstance(answer, Answer):
                return answer
            if answer.ok:
                return Written({"there": True})
            if answer.status not in {HTTPStatus.CONFLICT, *NOT_THERE}:
                return self._problem(answer)
            if adds and answer.status != HTTPStatus.CONFLICT:
                return self._problem(answer)  # It is the calendar that isn't there.
        return Retry("Google says of an event both that it is there and that it isn't.")

    async def watch(
        self, link: Link, channel_id: UUID, token: str, until: datetime
    ) -> Watched | Retry | Reconnect | Refused:
        body = {
            "id": str(channel_id),
            "type": "web_hook",
            "address": self._push_url,
            "token": token,
            "expiration": str(int(until.timestamp() * 1000)),
        }
        answer = await self._ask(link, "POST", "/events/watch", json=body)
        if not isinstance(answer, Answer):
            return answer
        if not answer.ok:
            return self._problem(answer)
        try:
            expires_at = datetime.fromtimestamp(int(answer.body["expiration"]) / 1000, UTC)
            return Watched(str(answer.body["resourceId"]), expires_at)
        except (KeyError, TypeError, ValueError, OverflowError):
            return Retry("Google took a channel without saying until when.")

    async def unwatch(self, link: Link, channel_id: UUID, resource: str) -> None:
        body = {"id": str(channel_id), "resourceId": resource}
        await self._ask_api(link, "POST", "calendar/v3/channels/stop", json=body)

    async def _add(self, link: Link, event: Event) -> Answer | _Problem:
        body = {"id": event.name, **body_of(event)}
        return await self._ask(link, "POST", "/events", params=QUIETLY, json=body)

    async def _change(self, link: Link, event: Event) -> Answer | _Problem:
        """Only what is ours: notes or a colour that somebody has given the event stay."""
        return await self._ask(link, "PATCH", f"/events/{event.name}", params=QUIETLY, json=body_of(event))

    async def _pages(
        self, link: Link, asked: dict[str, str]
    ) -> tuple[list[dict[str, Any]], str] | HTTPStatus | _Problem:
        """All items and the next sync token. GONE: the sync token is too old."""
        items: list[dict[str, Any]] = []
        params = {"singleEvents": "true", "maxResults": str(PAGE), "fields": FIELDS, **asked}
        for _ in range(MOST_PAGES):
            page = await self._page(link, params)
            if not isinstance(page, dict):
                return page
            items += [item for item in parts(page, "items") if is_event(item)]
            if token := page.get("nextSyncToken"):
                return items, str(token)
            if not (after := page.get("nextPageToken")):
                return Retry("Google gave neither a next page nor a sync token.")
            params = params | {"pageToken": after}
        return Refused(f"The calendar has more than {MOST_PAGES * PAGE} events within a year.")

    async def _page(self, link: Link, params: dict[str, str]) -> dict[str, Any] | HTTPStatus | _Problem:
        answer = await self._ask(link, "GET", "/events", params=params)
        if not isinstance(answer, Answer):
            return answer
        if answer.status == HTTPStatus.GONE:
            return HTTPStatus.GONE
        if not answer.ok:
            return self._problem(answer)
        return answer.body if isinstance(answer.body, dict) else Retry("Google's answer is no JSON.")

    async def _ask(self, link: Link, method: str, path: str, **request: Any) -> Answer | _Problem:
        calendar = f"calendar/v3/calendars/{quote(link.address, safe='')}"
        return await self._ask_api(link, method, calendar + path, **request)

    async def _ask_api(self, link: Link, method: str, path: str, **request: Any) -> Answer | _Problem:
        """The answer, whatever its status but 401: a token that Google doesn't take (any more) is renewed, once."""
        refused: str | None = None
        for _ in range(2):
            token = await self._access.token(link.secrets["refresh_token"], but=refused)
            if not isinstance(token, str):
                return token
            provider = Provider(self._http, self._base_url, authorization=f"Bearer {token}", secret=token)
            answer = await provider.ask(method, path, **request)
            if not isinstance(answer, Answer):
                return not_answered(answer)
            if answer.status != HTTPStatus.UNAUTHORIZED:
                return answer
            refused = token
        return Reconnect("Google doesn't take the tokens that it gives us.")

    def _problem(self, answer: Answer) -> _Problem:
        reason, message = _said(answer)
        told = readable(f"HTTP {answer.status} {reason}: {message}")
        busy = answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= 500
        if busy or reason in LATER:
            return Retry(told, retry_after(answer, self._clock()))
        if answer.status == HTTPStatus.FORBIDDEN and reason in NOT_ALLOWED:
            return Reconnect(told)
        return Refused(told)


def _begun(place: Place) -> tuple[datetime | None, str | None]:
    """When the last whole reading was, and the sync token that has followed from it."""
    began = place.get("whole_at")
    return (datetime.fromisoformat(began) if began else None), place.get("sync_token")


def _found(
    link: Link,
    found: tuple[Sequence[dict[str, Any]], str] | HTTPStatus | _Problem,
    began: datetime,
    *,
    whole: bool,
) -> Reading:
    if isinstance(found, HTTPStatus):
        return Retry(f"HTTP {found}")
    if not isinstance(found, tuple):
        return found
    items, token = found
    last = {item["id"]: item for item in items}  # Of two pages the later one knows better.
    busy = [one for one in (busy_of(item, link.zone) for item in last.values()) if one is not None]
    place = {"sync_token": token, "whole_at": began.isoformat()}
    return Whole(busy, place) if whole else Changes(list(last), busy, place)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(answer: Answer) -> tuple[str, str]:
    """Google's word for what is wrong, and its sentence."""
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    if not isinstance(error, dict):
        return "", answer.text
    listed = error.get("errors")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    return str(first.get("reason", "")), str(error.get("message", ""))
