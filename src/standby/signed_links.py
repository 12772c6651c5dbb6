"""The secret in a link that opens one thing of one salon for whoever holds it: a customer's subscription,
a booking, a place on the waitlist, a customer's own page.

It says what is meant, signed with the installation's key, and is stored nowhere: the link of an old message has to work
as long as anybody keeps the message. It never expires; what can be done with it, the page behind it decides by the
state of things. An HMAC, where sign-in has JWTs: a mail's header and footer hold it whole, and it is a third as long.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

LENGTH: Final = 64  # Letters: two ids of 16 bytes and as much of a signature.
SIGNATURE_BYTES: Final = 16

# What a link is good for; one for one purpose is none for another.
Purpose: TypeAlias = Literal["unsubscribe email", "booking", "entry", "customer"]
UNSUBSCRIBE: Final = "unsubscribe email"  # of a customer's id
BOOKING: Final = "booking"  # of a booking's id
ENTRY: Final = "entry"  # of a waitlist entry's id: to see how it stands
CUSTOMER: Final = "customer"  # of a customer's id: their own page


@dataclass(frozen=True)
class Linked:
    """What a link is about: something of a salon."""

    tenant_id: UUID
    id: UUID


def token_for(secret: bytes, linked: Linked, purpose: Purpose) -> str:
    """What opens this thing for this purpose; fit for a URL."""
    what = linked.tenant_id.bytes + linked.id.bytes
    # The text before keeps this from being taken for anything else that is signed with the same key.
    signature = hmac.digest(secret, f"standby {purpose} ".encode() + what, "sha256")
    return urlsafe_b64encode(what + signature[:SIGNATURE_BYTES]).decode()


def read_token(secrets: Sequence[bytes], token: str, purpose: Purpose) -> Linked | None:
    """What a token is about, if one of the secrets has signed it for this purpose; None: none has."""
    if len(token) != LENGTH or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token)
        linked = Linked(UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]))
    except (NotBase64, ValueError):
        return None
    ours = [hmac.compare_digest(token_for(secret, linked, purpose), token) for secret in secrets]
    return linked if any(ours) else None


def visit_token(secret: bytes, linked: Linked, until: datetime) -> str:
    """Says until then that whoever is led to this thing has just shown a code; fit for a URL."""
    at = int(until.timestamp())
    what = f"standby visit {at} ".encode() + linked.tenant_id.bytes + linked.id.bytes
    return f"{at}.{urlsafe_b64encode(hmac.digest(secret, what, 'sha256')[:SIGNATURE_BYTES]).decode()}"


def is_visit(secrets: Sequence[bytes], token: str, linked: Linked, *, now: datetime) -> bool:
    """Whether one of the secrets has signed it for this thing, and it still holds."""
    at = token.partition(".")[0]
    if not token.isascii() or len(at) != len("1700000000") or not at.isdigit() or int(at) <= now.timestamp():
        return False
    until = datetime.fromtimestamp(int(at), UTC)
    ours = [hmac.compare_digest(visit_token(secret, linked, until), token) for secret in secrets]
    return any(ours)
