"""Who operates the installation: what every route of /admin and /api/admin asks for."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from standby.errors import NotAuthenticated
from standby.operators import read_token
from standby.web.context import GetWeb, Web

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="Operator",
    description="An operator's token: `standby operator token NAME` prints one.",
)


@dataclass(frozen=True)
class Operating:
    """An operator with a good token. `name` stands beside what they did."""

    name: str
    web: Web


async def _operator(
    web: GetWeb, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Operating:
    if credentials is None:
        raise NotAuthenticated
    return Operating(read_token(web.secret, credentials.credentials, now=web.clock()).name, web)


GetOperator = Annotated[Operating, Depends(_operator)]
