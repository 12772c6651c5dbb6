"""Tokens of operators: of those who run the installation, and look after what all salons share.

They open /admin and /api/admin and nothing else: their audience is another than that of salons' tokens, so neither is
good in the other's place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import jwt

from standby.errors import NotAuthenticated
from standby.tenants.sign_in import kid_of, signed_with

AUDIENCE: Final = "standby-operator"
ALGORITHM: Final = "HS256"


@dataclass(frozen=True)
class Operator:
    """Who operates; the name stands beside what they did."""

    name: str


def issue_token(secret: bytes, operator: Operator, *, now: datetime, lifetime: timedelta) -> str:
    """A token that is good for `lifetime`."""
    claims = {"aud": AUDIENCE, "sub": operator.name, "iat": now, "exp": now + lifetime}
    return jwt.encode(claims, secret, algorithm=ALGORITHM, headers={"kid": kid_of(secret)})


def read_token(secrets: Sequence[bytes], token: str, *, now: datetime) -> Operator:
    """Who a token says it is, if one of the secrets has signed it. Raises NotAuthenticated with the reason."""
    try:
        claims = jwt.decode(
            token,
            signed_with(secrets, token),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            # Time is a parameter here, so the library must not read the clock.
            options={"require": ["aud", "exp", "sub"], "verify_exp": False, "verify_iat": False},
        )
        operator, expires = Operator(claims["sub"]), int(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise NotAuthenticated("This is no operator's token: `standby operator token` prints one") from error
    if now.timestamp() >= expires:
        raise NotAuthenticated("This token has expired; get a new one with `standby operator token`")
    return operator
