"""Tokens to call the API with: JWTs that name a salon, who holds them, and what they may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import jwt

from standby.errors import NotAuthenticated

AUDIENCE = "standby-api"
ALGORITHM = "HS256"


@dataclass(frozen=True)
class Identity:
    """Who calls: `subject` stands in history as the actor."""

    tenant_id: UUID
    subject: str


def issue_token(secret: bytes, identity: Identity, *, now: datetime, lifetime: timedelta) -> str:
    """A token for one salon that is good for `lifetime`."""
    claims = {
        "aud": AUDIENCE,
        "tenant": str(identity.tenant_id),
        "sub": identity.subject,
        "iat": now,
        "exp": now + lifetime,
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def read_token(secret: bytes, token: str, *, now: datetime) -> Identity:
    """Who a token says it is. Raises NotAuthenticated with the reason when it isn't good."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            # Time is a parameter here, so the library must not read the clock.
            options={"require": ["aud", "exp", "tenant", "sub"], "verify_exp": False, "verify_iat": False},
        )
        identity = Identity(UUID(claims["tenant"]), claims["sub"])
        expires = int(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise NotAuthenticated("This token is not valid") from error
    if now.timestamp() >= expires:
        raise NotAuthenticated("This token has expired; get a new one")
    return identity
