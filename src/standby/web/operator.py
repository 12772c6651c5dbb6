"""Who operates the installation: what every route of /admin and /api/admin asks for."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from standby.errors import NotAuthenticated
from standby.operators import read_token
from standby.web.context import GetWeb, Web
from standby.web.signed_in import operator_of

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="Operator",
    description="An operator's token: `standby operator token NAME` prints one. A browser in which an operator has "
    "signed in shows its cookie instead.",
)


@dataclass(frozen=True)
class Operating:
    """An operator with a good token, or signed in. `name` stands beside what they did."""

    name: str
    web: Web


async def _operator(
    request: Request,
    web: GetWeb,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Operating:
    if credentials is None:
        if (operator := await operator_of(request, web)) is None:
            raise NotAuthenticated
        return Operating(operator.email, web)
    return Operating(read_token(web.accounts.keys, credentials.credentials, now=web.clock()).name, web)


GetOperator = Annotated[Operating, Depends(_operator)]
