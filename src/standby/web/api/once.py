"""A write that carries an Idempotency-Key happens once, however often it is sent.

The request's transactions are one then: the change, its key and its answer commit together.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from standby.database.pool import Pool, Tx
from standby.errors import FieldProblem, Invalid
from standby.tenants import request_keys
from standby.tenants.request_keys import Answered
from standby.tenants.scope import Author, tenant_transaction

HEADER: Final = "Idempotency-Key"
LONGEST: Final = 255
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class _SentBefore(Exception):
    """The request was answered already."""

    def __init__(self, answered: Answered) -> None:
        self.answered = answered


class Once:
    """One request with its key; every part of it has the same transaction, which is open until the request's end."""

    def __init__(self, key: str, fingerprint: bytes) -> None:
        self._key = key
        self._fingerprint = fingerprint
        self._tx: Tx | None = None
        self.stack = AsyncExitStack()

    @asynccontextmanager
    async def part(
        self, pool: Pool, tenant_id: UUID, author: Author | None, *, now: datetime
    ) -> AsyncIterator[Tx]:
        """The request's transaction in its caller's salon. Of a part that raises nothing is kept, not even its locks,
        and the next one goes on: a request never holds one connection and waits for another.
        """
        tx = await self._opened(pool, tenant_id, author, now)
        await tx.execute("SAVEPOINT part")
        try:
            yield tx
        except BaseException:
            if not tx.is_closed():
                await tx.execute("ROLLBACK TO part")
            raise

    async def _opened(self, pool: Pool, tenant_id: UUID, author: Author | None, now: datetime) -> Tx:
        if self._tx is None:
            self._tx = await self.stack.enter_async_context(tenant_transaction(pool, tenant_id, author))
            answered = await request_keys.take(self._tx, self._key, self._fingerprint, now=now)
            if answered is not None:
                raise _SentBefore(answered)
        return self._tx

    async def keep(self, response: Response) -> None:
        """Keeps the answer with the change."""
        if self._tx is not None:
            await request_keys.keep(self._tx, self._key, Answered(response.status_code, bytes(response.body)))


async def answer_once(
    request: Request, handle: Callable[[Request], Awaitable[Response]], kept_as: Callable[[str], str] = str
) -> Response:
    """The request's answer, the same each time that it comes with its key. Raises Invalid, KeyUsedBefore.

    `kept_as`: the name by which the salon keeps a key.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method not in WRITES:
        return await handle(request)
    if not 1 <= len(key) <= LONGEST:
        raise Invalid([FieldProblem(HEADER, f"must be 1 to {LONGEST} characters")])
    target = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    once = Once(kept_as(key), sha256(target + await request.body()).digest())
    request.state.once = once
    try:
        async with once.stack:
            response = await handle(request)
            await once.keep(response)
    except _SentBefore as before:
        answered = before.answered
        return Response(
            answered.body, answered.status, {"Idempotency-Replayed": "true"}, media_type="application/json"
        )
    return response


def once_of(request: Request) -> Once | None:
    """What keeps a request from happening twice; None: it carries no key."""
    once: Once | None = getattr(request.state, "once", None)
    return once
