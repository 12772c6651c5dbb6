"""The two ways in: a caller of the public HTTP API, and one who calls the same functions in this process."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

import aiohttp

from benchmarks import ours
from standby import clock
from standby.bookings import bookings
from standby.database.pool import new_id
from standby.tenants.customers import Person
from standby.tenants.scope import offer_transaction, tenant_transaction
from standby.tenants.sign_in import Identity, issue_token
from standby.waitlist import entries, offers
from standby.waitlist.entries import Wish
from standby.waitlist.offers import Accepted
from standby.waitlist.tokens import hash_token
from standby.wiring import System

__all__ = ["Client", "InProcess", "OverHttp", "new_id", "over_http"]


class Client(Protocol):
    """What a benchmark does to a salon."""

    async def cancel(self, tenant_id: UUID, booking_id: UUID) -> UUID:
        """Cancels a booking; the slot that opened."""

    async def accept(self, token: str) -> bool:
        """Takes an offer; whether the time is theirs."""

    async def join(self, tenant_id: UUID, person: Person, wish: Wish) -> UUID:
        """Puts somebody on the list; the entry."""


class InProcess:
    """Calls the functions that the API calls, each in a transaction of its own."""

    def __init__(self, parts: System) -> None:
        self._pool = parts.pool

    async def cancel(self, tenant_id: UUID, booking_id: UUID) -> UUID:
        async with tenant_transaction(self._pool, tenant_id) as tx:
            done = await bookings.cancel(
                tx, booking_id, now=clock.now(), reason="ill", actor="benchmark", notify=False
            )
        assert done.opening is not None
        return done.opening.slot_id

    async def accept(self, token: str) -> bool:
        async with offer_transaction(self._pool, hash_token(token)) as (tx, offer_id):
            assert offer_id is not None
            answer = await offers.accept(tx, offer_id, now=clock.now(), actor="customer")
        return isinstance(answer, Accepted)

    async def join(self, tenant_id: UUID, person: Person, wish: Wish) -> UUID:
        async with tenant_transaction(self._pool, tenant_id) as tx:
            joined = await entries.join(tx, person, wish, now=clock.now(), actor="benchmark")
        return joined.entry_id


class OverHttp:
    """Calls the public API over connections that are kept open, with a token for each salon."""

    def __init__(self, session: aiohttp.ClientSession, address: str, tokens: Mapping[UUID, str]) -> None:
        self._session = session
        self._api = f"{address}/api"
        self._tokens = tokens

    async def cancel(self, tenant_id: UUID, booking_id: UUID) -> UUID:
        # Who cancels isn't written to: the baseline does not do that either.
        answer = await self._post(f"/bookings/{booking_id}/cancel", tenant_id, {"notify": False})
        return UUID(answer["slot"]["slot_id"])

    async def accept(self, token: str) -> bool:
        return bool((await self._post(f"/confirm/{token}"))["outcome"] == "booked")

    async def join(self, tenant_id: UUID, person: Person, wish: Wish) -> UUID:
        body = {
            "customer": {"name": person.name, "phone": person.phone},
            "service_id": str(wish.service_id),
            "earliest": wish.earliest.isoformat(),
            "latest": wish.latest.isoformat(),
        }
        return UUID((await self._post("/waitlist", tenant_id, body))["id"])

    async def free_times(self, tenant_id: UUID, service_id: UUID, first: date, days: int) -> list[Any]:
        """The free times of a service."""
        asked = {"service_id": str(service_id), "date": first.isoformat(), "days": str(days)}
        headers = {"authorization": f"Bearer {self._tokens[tenant_id]}"}
        async with self._session.get(f"{self._api}/free-times", params=asked, headers=headers) as response:
            response.raise_for_status()
            found: list[Any] = await response.json()
            return found

    async def _post(self, path: str, tenant_id: UUID | None = None, body: Any = None) -> Any:
        headers = {"authorization": f"Bearer {self._tokens[tenant_id]}"} if tenant_id else {}
        async with self._session.post(self._api + path, json=body, headers=headers) as response:
            answer = await response.json()
            if response.status >= 400:
                raise RuntimeError(f"{path}: {response.status} {answer}")
            return answer


@asynccontextmanager
async def over_http(address: str, tenants: Sequence[UUID], *, connections: int) -> AsyncIterator[OverHttp]:
    """A caller with a token for each of the salons."""
    tokens = {
        tenant_id: issue_token(
            ours.SECRET.encode(),
            Identity(tenant_id, "benchmark"),
            now=clock.now(),
            lifetime=timedelta(hours=1),
        )
        for tenant_id in tenants
    }
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield OverHttp(session, address, tokens)
