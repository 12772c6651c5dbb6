"""Who calls the API, and a transaction in their salon."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from standby.database.pool import Tx
from standby.errors import NotAuthenticated
from standby.tenants.scope import Author, tenant_transaction
from standby.tenants.sign_in import Identity, read_token
from standby.web.api.forms import NothingKept, is_trial
from standby.web.api.once import WRITES, Once, once_of
from standby.web.context import GetWeb, Web

bearer = HTTPBearer(
    auto_error=False, description="A token for one salon: `standby tenant token SALON` prints one."
)


@dataclass(frozen=True)
class Caller:
    """Somebody with a good token. `actor` is what history says of them. On trial nothing that they do is kept."""

    identity: Identity
    web: Web
    on_trial: bool
    once: Once | None
    author: Author | None = None  # of a request that changes something

    @property
    def actor(self) -> str:
        return self.identity.subject

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """A transaction in the caller's salon; of a request with a key it is one and the same, and ends with it."""
        async with self.reading() as tx:
            yield tx
            self._end_trial()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """A transaction in which nothing is tried that a trial would have to undo."""
        tenant_id = self.identity.tenant_id
        if self.once is not None:
            async with self.once.part(self.web.pool, tenant_id, self.author, now=self.web.clock()) as tx:
                yield tx
        else:
            async with tenant_transaction(self.web.pool, tenant_id, self.author) as tx:
                yield tx

    def _end_trial(self) -> None:
        if self.on_trial:
            raise NothingKept


async def _caller(
    request: Request,
    web: GetWeb,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Caller:
    if credentials is None:
        raise NotAuthenticated
    identity = read_token(web.secret, credentials.credentials, now=web.clock())
    return Caller(identity, web, is_trial(request), once_of(request), _author(request, identity, web))


def _author(request: Request, identity: Identity, web: Web) -> Author | None:
    if request.method not in WRITES:
        return None
    return Author(identity.subject, web.clock(), request.client.host if request.client else None)


GetCaller = Annotated[Caller, Depends(_caller)]
