"""Whether the sealing keys open what is sealed. A salon's senders are opened by channels.py, each with its provider."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from standby.database.pool import Pool
from standby.doctor.findings import FINE, PROBLEM, Finding, counted
from standby.messages.sealing import CannotOpen, Seal

SEALED: Final = {  # What it is of → where it is.
    "linked calendar": "SELECT secrets FROM sealed_calendars()",
    "webhook": "SELECT secrets FROM sealed_webhooks()",
    "second factor": "SELECT secret FROM sealed_factors()",
}


async def of_keys(pool: Pool, keys: Sequence[str]) -> AsyncIterator[Finding]:
    """Of each kind of secret: how many can't be opened. `pool` acts as the worker's role."""
    seal = Seal(keys)
    for kind, query in SEALED.items():
        sealed = [row[0] for row in await pool.fetch(query)]
        closed = sum(1 for one in sealed if not _opens(seal, one))
        if closed:
            yield Finding(
                PROBLEM,
                f"{closed} of {counted(len(sealed), kind)}: sealed with a key that is not among ours",
                "Put the key from the backup into STANDBY_SEALING_KEYS of every process (docs/operations.md).",
            )
        elif sealed:
            yield Finding(FINE, f"The keys open the secrets of {counted(len(sealed), kind)}")


def _opens(seal: Seal, sealed: bytes) -> bool:
    try:
        seal.open(sealed)
    except CannotOpen:
        return False
    return True
