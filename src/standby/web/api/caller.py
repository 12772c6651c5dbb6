"""Who calls the API, whether they may, and a transaction in their salon."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from standby.accounts import api_keys
from standby.database.pool import Tx
from standby.errors import Forbidden, NoSalonChosen, NotAuthenticated
from standby.tenants.scope import Author, tenant_transaction
from standby.tenants.sign_in import Identity, read_token
from standby.web.api.forms import NothingKept, is_trial
from standby.web.api.once import WRITES, Once, once_of
from standby.web.api.permissions import needed_by
from standby.web.client_address import client_address
from standby.web.context import GetWeb, Web
from standby.web.signed_in import session_of

bearer = HTTPBearer(
    auto_error=False,
    description="For one salon: a token (POST /api/auth/token, or `standby tenant token SALON`) or an API key (sk_…). "
    "A browser that has signed in (POST /api/auth/sign-in) shows its cookie instead.",
)


@dataclass(frozen=True)
class Caller:
    """Somebody who may call this address. `actor` is what history says of them. On trial nothing they do is kept."""

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
    identity = await _allowed(request, web, credentials)
    return Caller(identity, web, is_trial(request), once_of(request), _author(request, identity, web))


async def still_allowed(request: Request, web: Web) -> Identity | None:
    """Who calls, asked again in the course of a long answer; None: they may not any more. It counts as no use."""
    try:
        return await _allowed(request, web, await bearer(request), used=False)
    except (NotAuthenticated, Forbidden):
        return None


async def _allowed(
    request: Request, web: Web, credentials: HTTPAuthorizationCredentials | None, *, used: bool = True
) -> Identity:
    identity = (
        await _by_cookie(request, web, used=used)
        if credentials is None
        else await _by_bearer(credentials.credentials, web)
    )
    needed = needed_by(request)
    if needed is None or needed not in identity.permissions:
        raise Forbidden(needs=needed, role=identity.role)
    return identity


def _author(request: Request, identity: Identity, web: Web) -> Author | None:
    if request.method not in WRITES:
        return None
    address = client_address(request, web.trusted_proxies) or None
    return Author(identity.subject, web.clock(), address, request.state.request_id)


async def _by_bearer(token: str, web: Web) -> Identity:
    if not token.startswith(api_keys.BEGINS):
        return read_token(web.accounts.keys, token, now=web.clock())
    identity = await api_keys.identity_of(web.pool, token, now=web.clock())
    if identity is None:
        raise NotAuthenticated("This API key is not valid (any more)")
    return identity


async def _by_cookie(request: Request, web: Web, *, used: bool) -> Identity:
    session = await session_of(request, web, used=used)
    if session is None or session.needs_code:
        raise NotAuthenticated
    if session.tenant_id is None or session.role is None:
        raise NoSalonChosen
    return Identity(session.tenant_id, session.actor, role=session.role, user_id=session.user_id)


GetCaller = Annotated[Caller, Depends(_caller)]
