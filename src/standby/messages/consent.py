"""What customers say about a channel afterwards: write to me no more, write to me again.

Their last word counts, by the time at which they said it: reports of it come late and in any order. Each word is
written down once. `source` is where it was said: unsubscribe, resubscribe, sms, form …
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.tenants import customers
from standby.tenants.customers import CONSENT_TEXT, Person

SQL = statements_beside(__file__)


@dataclass(frozen=True)
class Standing:
    """Whether a salon may write to a customer by a channel, and whether it can by another one."""

    salon_name: str
    locale: str
    agreed: bool
    others: bool


async def standing(tx: Tx, customer_id: UUID, channel: str) -> Standing | None:
    """How things stand with one channel; None: there is no such customer."""
    row = await tx.fetchrow(SQL["consent_standing"], customer_id, channel)
    return Standing(**row) if row else None


async def withdraw(tx: Tx, customer_id: UUID, channel: str, *, source: str, at: datetime) -> bool:
    """Closes the channel for the customer, unless they have agreed to it again after `at`. True: it was open."""
    await tx.execute(SQL["lock_customer"], customer_id)
    return bool(await tx.fetchval(SQL["withdraw_consent"], new_id(), customer_id, channel, source, at))


async def grant(tx: Tx, customer_id: UUID, channel: str, *, source: str, at: datetime) -> bool:
    """Opens the channel for the customer, if we have an address for it and they haven't said no after `at`.

    True: it was closed. Then the free times that they couldn't be told of are offered again.
    """
    await tx.execute(SQL["lock_customer"], customer_id)
    return bool(
        await tx.fetchval(SQL["grant_consent"], new_id(), customer_id, channel, CONSENT_TEXT, source, at)
    )


async def grant_named(tx: Tx, person: Person, channels: Sequence[str], *, at: datetime) -> None:
    """Opens the channels that a customer has named in a form, for whom a code has shown that their number is theirs.

    It is their word, and later than a STOP. An email address that the salon doesn't know as theirs opens nothing.
    `person` is checked, and remembered.
    """
    known = await customers.find_with(tx, person.phone)
    if known is None:
        return
    for channel in channels:
        if channel != "email" or person.email == known.email:
            await grant(tx, known.id, channel, source="form", at=at)
