"""A feed that a staff member keeps elsewhere: any address that answers with iCalendar. It is read, never written."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from standby.calendars.base import (
    Event,
    Link,
    NotModified,
    Place,
    Reading,
    Refused,
    Retry,
    Whole,
    Window,
    Writing,
)
from standby.calendars.busy_times import Unreadable, Whose
from standby.calendars.busy_times_process import read_apart
from standby.outside import Answer, NoAnswer, Outside

LARGEST: Final = 5_000_000  # bytes
SECONDS: Final = 30.0
# A feed that doesn't change is read again all the same: its series go on, and the window with them.
KEEPS: Final = timedelta(days=1)


class IcalFeed:
    """Feeds at addresses that salons have given."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def read(self, link: Link, window: Window) -> Reading:
        known = _is_known(link.place, window)
        asked = {"Accept": "text/calendar", "User-Agent": "Standby"} | (
            _conditions(link.place) if known else {}
        )
        answer = await self._outside.get(
            link.address, headers=asked, largest=LARGEST, seconds=SECONDS, authorization=_login(link.secrets)
        )
        match answer:
            case NoAnswer(reason, for_good):
                return Refused(reason) if for_good else Retry(reason)
            case Answer(status=HTTPStatus.NOT_MODIFIED) if known:
                return NotModified()
            case Answer(status=HTTPStatus.OK):
                return await _read(answer, link, window, known=known)
            case Answer(status=HTTPStatus.TOO_MANY_REQUESTS) | Answer(status=500 | 502 | 503 | 504):
                return Retry(_refusal(answer), after=_after(answer))
            case _:
                return Refused(_refusal(answer))

    async def write(self, link: Link, event: Event) -> Writing:  # noqa: ARG002 - nothing is written, whatever it is
        return Refused("A feed is read only.")


async def _read(answer: Answer, link: Link, window: Window, *, known: bool) -> Reading:
    digest = sha256(answer.body).hexdigest()
    if known and digest == link.place.get("digest"):
        return NotModified()
    try:
        busy = await read_apart(answer.body, Whose(link.tenant_id, link.zone), window)
    except Unreadable as error:
        return Refused(str(error))
    except TimeoutError:
        return Retry("This machine had no time to work it out.")
    place = {
        "etag": answer.headers.get("ETag"),
        "last_modified": answer.headers.get("Last-Modified"),
        "digest": digest,
        "until": window.ends_at.isoformat(),
    }
    return Whole(busy, place)


def _login(secrets: Mapping[str, str]) -> str | None:
    """User and password as a server wants to be shown them (RFC 7617); None: there are none."""
    if not secrets:
        return None
    return "Basic " + b64encode(f"{secrets['login']}:{secrets['password']}".encode()).decode()


def _is_known(place: Place, window: Window) -> bool:
    """Whether what was read the last time reaches far enough."""
    until = place.get("until")
    return until is not None and window.ends_at - datetime.fromisoformat(until) < KEEPS


def _conditions(place: Place) -> dict[str, str]:
    asked = {"If-None-Match": place.get("etag"), "If-Modified-Since": place.get("last_modified")}
    return {name: value for name, value in asked.items() if value is not None}


def _refusal(answer: Answer) -> str:
    return f"It answers {answer.status}."


def _after(answer: Answer) -> float | None:
    said = answer.headers.get("Retry-After", "")
    return min(float(said), 86_400.0) if said.isdecimal() else None
