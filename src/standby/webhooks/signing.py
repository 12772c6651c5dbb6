"""Secrets and signatures of webhooks, by the specification Standard Webhooks (its own library makes them)."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from standardwebhooks.webhooks import Webhook

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
BOTH_SIGN: Final = timedelta(hours=24)  # after a rotation, so that receivers have time to change


def new_secret() -> str:
    """A secret as receivers' libraries take it: whsec_ and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signing(keys: Sequence[str], delivery_id: UUID, at: datetime, body: str) -> Mapping[str, str]:
    """The headers that show whom a body comes from: one signature for each of the secrets."""
    name, at = str(delivery_id), at.astimezone(UTC)  # The library takes any time for UTC.
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(name, at, body) for key in keys),
    }
