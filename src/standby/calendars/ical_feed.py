"""A feed that a staff member keeps elsewhere: any address that answers with iCalendar. It is read, never written."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Final
from uuid import UUID

import asyncpg
from yarl import URL

from standby.calendars import links
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
from standby.calendars.links import Found
from standby.database.pool import Tx
from standby.errors import FieldProblem, Invalid
from standby.messages.sealing import Seal
from standby.outside import Answer, NoAnswer, Outside
from standby.tenants import catalog

KIND: Final = "ical"
LARGEST: Final = 5_000_000  # bytes
SECONDS: Final = 30.0
LONGEST_ADDRESS: Final = 2000
# A feed that doesn't change is read again all the same: its series go on, and the window with them.
KEEPS: Final = timedelta(days=1)


async def link(
    tx: Tx, staff_id: UUID, address: str, *, seal: Callable[[], Seal], now: datetime
) -> asyncpg.Record:
    """Links the feed at this address with a staff member, as links.listed shows it. Raises Invalid."""
    problems = []
    try:
        address = address_of(address)
    except ValueError as error:
        problems.append(FieldProblem("url", str(error)))
    if staff_id not in {row["id"] for row in await catalog.staff(tx)}:
        problems.append(FieldProblem("staff_id", "is no staff member of this salon", "not_found"))
    if problems:
        raise Invalid(problems)
    link_id = await links.connect(tx, Found(staff_id, KIND, address, {}, writes=False), seal=seal(), now=now)
    [row] = [row for row in await links.listed(tx) if row["id"] == link_id]
    return row


def address_of(text: str) -> str:
    """The address as it is asked. Raises ValueError with what is wrong."""
    url = URL(text.strip())
    if url.scheme == "webcal":  # What programs make of https, so that a click subscribes.
        url = url.with_scheme("https")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("should be an address like https://… or webcal://…")
    if len(str(url)) > LONGEST_ADDRESS:
        raise ValueError(f"is longer than {LONGEST_ADDRESS} characters")
    return str(url.with_fragment(None))


class IcalFeed:
    """Feeds at addresses that salons have given."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def read(self, link: Link, window: Window) -> Reading:
        known = _is_known(link.place, window)
        asked = {"Accept": "text/calendar", "User-Agent": "Standby"} | (
            _conditions(link.place) if known else {}
        )
        answer = await self._outside.get(link.address, headers=asked, largest=LARGEST, seconds=SECONDS)
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
    place = {
        "etag": answer.headers.get("ETag"),
        "last_modified": answer.headers.get("Last-Modified"),
        "digest": digest,
        "until": window.ends_at.isoformat(),
    }
    return Whole(busy, place)


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
