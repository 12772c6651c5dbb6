"""The HTTP API, called as a program would call it, without a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx

from standby.accounts.permissions import Role
from standby.tenants.sign_in import Identity, issue_token
from standby.web.app import create_app
from tests.salon import SECRET, Shop


def token_for(shop: Shop, role: Role = Role.OWNER, **lifetime: float) -> str:
    identity = Identity(shop.salon.id, "token:test", role=role)
    return issue_token(
        SECRET.encode(), identity, now=shop.clock(), lifetime=timedelta(**lifetime or {"days": 1})
    )


@asynccontextmanager
async def calling(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the salon's API with a good token."""
    transport = httpx.ASGITransport(create_app(shop.system.web), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token_for(shop)}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://standby.test", headers=headers
    ) as client:
        yield client


def error_of(response: httpx.Response, status: int) -> dict[str, Any]:
    """The error of an answer in the one format (seed 003)."""
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "details"}
    error: dict[str, Any] = body["error"]
    return error


def join_body(shop: Shop, **given: Any) -> dict[str, Any]:
    usual = {
        "customer": {"name": "Kari Nordmann", "phone": "+47 400 00 001"},
        "service_id": str(shop.cut),
        "earliest": shop.clock().isoformat(),
        "latest": (shop.clock() + timedelta(days=7)).isoformat(),
    }
    return usual | given
