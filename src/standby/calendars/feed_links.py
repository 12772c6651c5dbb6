"""Linking a feed: its address is looked at, and what is behind it is seen when it is read (ical_feed.py)."""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from yarl import URL

from standby.calendars import links
from standby.calendars.links import Found
from standby.database.pool import Tx
from standby.errors import FieldProblem, Invalid
from standby.messages.sealing import Seal
from standby.tenants import catalog
from standby.tenants.names import is_plain

KIND: Final = "ical"
LONGEST_ADDRESS: Final = 2000


async def link(
    tx: Tx, staff_id: UUID, address: str, *, seal: Callable[[], Seal], now: datetime
) -> asyncpg.Record:
    """Links the feed at this address with a staff member, as links.listed shows it.

    Raises Invalid, TooManyCalendars.
    """
    problems, url = [], URL()
    try:
        url = url_of(address)
    except ValueError as error:
        problems.append(FieldProblem("url", str(error)))
    if staff_id not in {row["id"] for row in await catalog.staff(tx)}:
        problems.append(FieldProblem("staff_id", "is no staff member of this salon", "not_found"))
    if problems:
        raise Invalid(problems)
    # As an address has them, but not kept in it: it is shown.
    secrets = {"login": url.user or "", "password": url.password or ""} if url.user is not None else {}
    found = Found(staff_id, KIND, str(url.with_user(None)), secrets, writes=False)
    link_id = await links.connect(tx, found, seal=seal(), now=now)
    [row] = [row for row in await links.listed(tx) if row["id"] == link_id]
    return row


def url_of(text: str) -> URL:
    """The address as it is asked. Raises ValueError with what is wrong."""
    text = text.strip()
    if not is_plain(text) or any(letter.isspace() for letter in text):
        raise ValueError("has spaces, line breaks or control characters")
    url = URL(text)
    if url.scheme == "webcal":  # What programs make of https, so that a click subscribes.
        url = url.with_scheme("https")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("should be an address like https://… or webcal://…")
    if len(str(url)) > LONGEST_ADDRESS:
        raise ValueError(f"is longer than {LONGEST_ADDRESS} characters")
    return url.with_fragment(None)
