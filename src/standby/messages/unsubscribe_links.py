"""The secret in the link that ends a salon's mails to a customer.

It says who is meant, signed with the installation's key, and is stored nowhere: the link of an old mail has to work as
long as anybody keeps the mail. It never expires, and all it can do is close a channel that its holder may open again.
An HMAC, where sign-in has JWTs: a mail's header and footer hold it whole, and it is a third as long.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Final
from uuid import UUID

LENGTH: Final = 64  # Letters: two ids of 16 bytes and as much of a signature.
SIGNATURE_BYTES: Final = 16


@dataclass(frozen=True)
class Subscriber:
    """A customer of a salon."""

    tenant_id: UUID
    customer_id: UUID


def token_for(secret: bytes, subscriber: Subscriber, channel: str) -> str:
    """What closes this channel for this customer; fit for a URL."""
    who = subscriber.tenant_id.bytes + subscriber.customer_id.bytes
    # The text before keeps this from being taken for anything else that is signed with the same key.
    signature = hmac.digest(secret, f"standby unsubscribe {channel} ".encode() + who, "sha256")
    return urlsafe_b64encode(who + signature[:SIGNATURE_BYTES]).decode()


def read_token(secret: bytes, token: str, channel: str) -> Subscriber | None:
    """Whose token it is; None: we have made none like it for this channel."""
    if len(token) != LENGTH or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token)
        subscriber = Subscriber(UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]))
    except (NotBase64, ValueError):
        return None
    return subscriber if hmac.compare_digest(token_for(secret, subscriber, channel), token) else None
