"""The HTTP API, called as a program would call it, without a socket."""

import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, cast

import httpx
from fastapi import FastAPI
from starlette.datastructures import State

from standby.accounts.permissions import Role
from standby.clock import now
from standby.tenants.sign_in import Identity, issue_token
from standby.web.app import create_app
from standby.web.context import Web
from standby.web.entrance import Door
from tests.salon import SECRET, Shop

# What an application is made of that answers nobody.
NOBODY = Web(
    pool=cast("Any", None),
    worker_pool=cast("Any", None),
    clock=now,
    secret=b"",
    public_url="",
    callbacks=cast("Any", None),
    senders=cast("Any", None),
    calendars=cast("Any", None),
    webhooks=cast("Any", None),
    accounts=cast("Any", None),
    live=cast("Any", None),
    process=cast("Any", None),
    readiness=cast("Any", None),
    measuring=cast("Any", None),
)


@cache
def described() -> dict[str, Any]:
    """The API as it describes itself; made once for all tests, which takes seconds."""
    return create_app(NOBODY).openapi()


def token_for(shop: Shop, role: Role = Role.OWNER, **lifetime: float) -> str:
    identity = Identity(shop.salon.id, "token:test", role=role)
    return issue_token(
        SECRET.encode(), identity, now=shop.clock(), lifetime=timedelta(**lifetime or {"days": 1})
    )


def app_of(web: Web) -> FastAPI:
    """The application that serves `web`: its routes are made once for all tests, which takes longer than most tests."""
    app = copy.copy(_made(web.public_url, watched=web.watched, demo=web.phones is not None))
    app.state = State(vars(app.state)["_state"] | {"web": web, "door": Door()})
    return app


@cache
def _made(public_url: str, *, watched: bool, demo: bool) -> FastAPI:
    web = replace(NOBODY, public_url=public_url, watched=watched, phones=cast("Any", demo or None))
    return create_app(web)


@asynccontextmanager
async def calling(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the salon's API with a good token."""
    transport = httpx.ASGITransport(app_of(shop.system.web), raise_app_exceptions=False)
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
