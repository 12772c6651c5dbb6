"""Who calls the API, and a transaction in their salon."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from standby.database.pool import Tx
from standby.errors import NotAuthenticated
from standby.tenants.scope import tenant_transaction
from standby.tenants.sign_in import Identity, read_token
from standby.web.context import GetWeb, Web

bearer = HTTPBearer(
    auto_error=False, description="A token for one salon: `standby tenant token SALON` prints one."
)


@dataclass(frozen=True)
class Caller:
    """Somebody with a good token. `actor` is what history says of them."""

    identity: Identity
    web: Web

    @property
    def actor(self) -> str:
        return self.identity.subject

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction in the caller's salon."""
        return tenant_transaction(self.web.pool, self.identity.tenant_id)


async def _caller(
    web: GetWeb, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    if credentials is None:
        raise NotAuthenticated
    return Caller(read_token(web.secret, credentials.credentials, now=web.clock()), web)


GetCaller = Annotated[Caller, Depends(_caller)]
