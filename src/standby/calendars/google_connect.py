"""Links a Google calendar: sends somebody to Google with a state that is good for one answer, and takes the answer.

The state says whose salon and staff member it is about, and is kept as a hash; the PKCE verifier stays with us, so that
a code is worth nothing to who overhears it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg

from standby.calendars import links
from standby.calendars.base import Reconnect, Refused, Retry
from standby.calendars.calendars import Calendars
from standby.calendars.google_access import Granted
from standby.calendars.links import Found
from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, GoogleNotSetUp, Invalid
from standby.tenants.scope import request_transaction, tenant_transaction
from standby.waitlist.tokens import hash_token, new_token

SQL = statements_beside(__file__)

KIND: Final = "google"
PRIMARY: Final = "primary"  # Google's name for the calendar that everybody has.
LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Linked:
    """It is linked; `locale` is the salon's, as in what follows."""

    locale: str


@dataclass(frozen=True)
class NotAllowed:
    """They, or Google, have said no: nothing has changed."""

    locale: str


@dataclass(frozen=True)
class TryLater:
    """Google can't be asked, or won't have this installation: nothing has changed, and it takes a new beginning."""

    locale: str
    reason: str


@dataclass(frozen=True)
class Unknown:
    """Nobody was sent with this state, or it was long ago, or they have been back before."""


Ending: TypeAlias = Linked | NotAllowed | TryLater | Unknown


async def begin(tx: Tx, calendars: Calendars, staff_id: UUID, calendar: str, *, now: datetime) -> str:
    """Where the staff member allows us this calendar of theirs. Raises GoogleNotSetUp, Invalid, TooManyCalendars."""
    if calendars.google is None:
        raise GoogleNotSetUp
    await links.check_room(tx, staff_id, KIND, calendar)
    state, verifier = new_token(), secrets.token_urlsafe(48)
    sealed = calendars.seal().close({"verifier": verifier})
    await tx.execute(SQL["forget_requests"], now)
    try:
        await tx.execute(SQL["insert_request"], hash_token(state), staff_id, calendar, sealed, now + LASTS)
    except asyncpg.ForeignKeyViolationError as error:
        said = "there is no such staff member in this salon"
        raise Invalid([FieldProblem("staff_id", said, "not_found")]) from error
    return calendars.google.consent_url(state, verifier)


async def finish(calendars: Calendars, state: str, code: str | None) -> Ending:
    """Links the calendar, if there is a code; whatever becomes of it, the state is used up."""
    now = calendars.clock()
    async with request_transaction(calendars.pool, hash_token(state)) as (tx, tenant_id):
        row = None if tenant_id is None else await tx.fetchrow(SQL["take_request"], hash_token(state))
    if row is None or tenant_id is None or row["expires_at"] <= now or calendars.google is None:
        return Unknown()
    locale: str = row["locale"]
    if code is None:
        return NotAllowed(locale)
    verifier = calendars.seal().open(row["secrets"])["verifier"]
    match await calendars.google.exchange(code, verifier):
        case Granted(refresh_token):
            secret = {"refresh_token": refresh_token}
            found = Found(row["staff_id"], KIND, row["address"], secret, writes=True)
            async with tenant_transaction(calendars.pool, tenant_id) as tx:
                await links.connect(tx, found, seal=calendars.seal(), now=now)
            return Linked(locale)
        case Reconnect():
            return NotAllowed(locale)
        case Retry(reason) | Refused(reason):
            return TryLater(locale, reason)
