"""Tokens to call the API with: JWTs that name a salon, who holds them, and what they may do."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import jwt

from standby.accounts.permissions import Permission, Role, permissions_of
from standby.errors import NotAuthenticated

AUDIENCE: Final = "standby-api"
ALGORITHM: Final = "HS256"


@dataclass(frozen=True)
class Identity:
    """Who calls: `subject` stands in history as the actor. No `role`: a program's key, which may do its `scopes`."""

    tenant_id: UUID
    subject: str
    role: Role | None = Role.OWNER
    scopes: frozenset[Permission] = frozenset()
    user_id: UUID | None = None  # whose account it is, of somebody who signed in with one

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that they may do in the salon."""
        return permissions_of(self.role) if self.role else self.scopes


def issue_token(secret: bytes, identity: Identity, *, now: datetime, lifetime: timedelta) -> str:
    """A token of somebody in a role, for one salon, that is good for `lifetime`."""
    claims = {
        "aud": AUDIENCE,
        "tenant": str(identity.tenant_id),
        "sub": identity.subject,
        "role": identity.role,
        "iat": now,
        "exp": now + lifetime,
    }
    if identity.user_id is not None:
        claims["user"] = str(identity.user_id)
    return jwt.encode(claims, secret, algorithm=ALGORITHM, headers={"kid": kid_of(secret)})


def read_token(secrets: Sequence[bytes], token: str, *, now: datetime) -> Identity:
    """Who a token says it is, if one of the secrets has signed it. Raises NotAuthenticated with the reason."""
    try:
        claims = jwt.decode(
            token,
            signed_with(secrets, token),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            # Time is a parameter here, so the library must not read the clock.
            options={"require": ["aud", "exp", "tenant", "sub"], "verify_exp": False, "verify_iat": False},
        )
        user = claims.get("user")
        identity = Identity(
            UUID(claims["tenant"]),
            claims["sub"],
            # Tokens from before there were roles may do everything, as they could.
            role=Role(claims.get("role", Role.OWNER)),
            user_id=UUID(user) if user is not None else None,
        )
        expires = int(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise NotAuthenticated("This token is not valid") from error
    if now.timestamp() >= expires:
        raise NotAuthenticated("This token has expired; get a new one")
    return identity


def kid_of(secret: bytes) -> str:
    """By what name a token says which secret has signed it; it tells nothing of the secret."""
    return hmac.digest(secret, b"standby kid", "sha256").hex()[:16]


def signed_with(secrets: Sequence[bytes], token: str) -> bytes:
    """The secret that a token says has signed it. Raises jwt.InvalidTokenError when it is no token."""
    kid = jwt.get_unverified_header(token).get("kid")
    # One without a name is from before secrets had any; then there was one, which is the last.
    return next((secret for secret in secrets if kid_of(secret) == kid), secrets[-1])
