"""One-time codes, which show that a phone number is somebody's, and what they are exchanged for.

A code is short, so it is known by a keyed hash alone: without the installation's key, a million guesses would find it.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from standby.tenants.permits import Rate

DIGITS: Final = 6
VALID: Final = timedelta(minutes=10)
TRIES: Final = 5  # The table's CHECK says it too.
VERIFIED: Final = timedelta(minutes=30)
NEXT_AFTER: Final = timedelta(seconds=60)


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def hash_code(secret: bytes, verification_id: UUID, code: str) -> bytes:
    """By what the database knows a code: the same one is another for each verification."""
    return hmac.digest(secret, b"standby code " + verification_id.bytes + code.encode(), "sha256")


def read_code(typed: str) -> str | None:
    """The digits of what somebody typed: 123 456 and 123-456 are a code too; None: it can't be one."""
    digits = re.sub(r"[\s-]", "", typed)
    return digits if re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits) else None


def lines(phone: str, address: str, tenant_id: UUID) -> Mapping[str, Rate]:
    """How often codes are sent: to a number (by whichever salon), for an address, and by a salon."""
    by_address = {f"codes address {address}": Rate(20, timedelta(minutes=1))} if address else {}
    return by_address | {
        f"code {phone}": Rate(1, NEXT_AFTER),
        f"codes {phone}": Rate(3, timedelta(minutes=20)),
        f"codes salon {tenant_id}": Rate(60, timedelta(seconds=2)),
    }
