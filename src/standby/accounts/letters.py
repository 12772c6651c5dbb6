"""Mails about accounts, as those ask for them who need one: each brings a link that is good once, and for a while.

Here a row is written, for every address alike. A worker (mailing.py) finds out whether there is anything to send.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from standby.database.pool import Pool, Tx, new_id

Kind: TypeAlias = Literal["sign_up", "reset", "invitation", "email", "email_asked"]

# How long each kind's link is good, from the moment that it is sent.
LIFETIMES: Final[Mapping[Kind, timedelta]] = MappingProxyType(
    {
        "sign_up": timedelta(hours=24),
        "reset": timedelta(hours=1),
        "invitation": timedelta(days=7),
        "email": timedelta(hours=24),
        "email_asked": timedelta(hours=24),
    }
)
# Where it leads.
PATHS: Final[Mapping[Kind, str]] = MappingProxyType(
    {"sign_up": "verify", "reset": "reset", "invitation": "invitation", "email": "email"}
)
# A note brings no link of its own, but one to a page that is there for everybody.
NOTES: Final[Mapping[Kind, str]] = MappingProxyType({"email_asked": "forgot"})


async def ask(
    tx: Tx | Pool, kind: Kind, email: str, *, locale: str, details: Mapping[str, str], now: datetime
) -> None:
    """Has a mail of this kind sent, in the caller's transaction if there is one."""
    await tx.execute(
        "SELECT ask_letter($1, $2, $3, $4, $5, $6, $7)",
        new_id(),
        kind,
        email,
        locale,
        dict(details),
        LIFETIMES[kind],
        now,
    )
