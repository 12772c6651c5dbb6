"""Role by role and address by address: what is allowed is answered, and everything else is refused."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from standby.accounts import api_keys
from standby.accounts.permissions import ROLES, SALON_ROLES, Permission, Role
from standby.tenants.sign_in import Identity, issue_token
from standby.web.api.permissions import NEEDS
from tests.api import app_of, error_of, token_for
from tests.salon import SECRET, Shop


@pytest.fixture
async def anybody(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A client that has no token."""
    transport = httpx.ASGITransport(app_of(shop.system.web), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://standby.test") as client:
        yield client


async def test_each_role_may_call_what_the_tables_say_and_nothing_else(
    shop: Shop, anybody: httpx.AsyncClient
) -> None:
    """A body that nobody can read stands for all: who may not is refused before anybody reads it."""
    wrong = []
    for role in SALON_ROLES:
        headers = {"Authorization": f"Bearer {token_for(shop, role)}"}
        for (method, path), permission in NEEDS.items():
            address = "/api" + path.replace("{kind}", "offer").replace("{language}", "en").replace(
                "{channel}", "sms"
            )
            parts = [str(uuid4()) if part.startswith("{") else part for part in address.split("/")]
            answer = await anybody.request(method, "/".join(parts), headers=headers)
            allowed = answer.status_code != 403 and answer.status_code < 500
            if allowed != (role in ROLES[permission]) or answer.status_code == 401:
                wrong.append((role, method, path, answer.status_code))
    assert wrong == []


async def test_who_may_not_is_told_so(shop: Shop, anybody: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {token_for(shop, Role.VIEWER)}"}
    error = error_of(await anybody.post("/api/staff", headers=headers, json={"name": "Mia"}), 403)
    assert error["code"] == "FORBIDDEN"
    assert error["details"] == {"needs": "salon:write", "role": "viewer"}
    assert await shop.all("SELECT FROM staff WHERE name = 'Mia'") == []


async def test_an_operators_token_opens_no_salon(shop: Shop, anybody: httpx.AsyncClient) -> None:
    identity = Identity(shop.salon.id, "op", role=Role.OPERATOR)
    token = issue_token(SECRET.encode(), identity, now=shop.clock(), lifetime=timedelta(hours=1))
    error_of(await anybody.get("/api/bookings", headers={"Authorization": f"Bearer {token}"}), 403)


async def test_a_key_does_what_it_is_for_until_it_ends(
    shop: Shop, anybody: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    body = {
        "name": "till",
        "scopes": ["book:read"],
        "ends_at": (shop.clock() + timedelta(days=1)).isoformat(),
    }
    made = (await api.post("/api/api-keys", json=body)).json()
    assert made["key"].startswith("sk_")
    assert made["key"].startswith(made["prefix"])
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert (await anybody.get("/api/bookings", headers=headers)).status_code == 200
    error_of(await anybody.get("/api/staff", headers=headers), 403)
    [listed] = (await api.get("/api/api-keys")).json()
    assert listed["last_used_at"] is not None
    assert made["key"] not in str(listed)
    shop.clock.forward(days=1)
    error_of(await anybody.get("/api/bookings", headers=headers), 401)


async def test_a_revoked_key_opens_nothing_and_its_use_is_noted_once_a_minute(
    shop: Shop, anybody: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    made = (await api.post("/api/api-keys", json={"name": "till", "scopes": ["book:write"]})).json()
    headers = {"Authorization": f"Bearer {made['key']}"}
    booking = await shop.book()
    first = shop.clock()
    assert (await anybody.post(f"/api/bookings/{booking}/cancel", headers=headers)).status_code == 200
    shop.clock.forward(seconds=59)
    await anybody.post(f"/api/bookings/{booking}/cancel", headers=headers)
    assert (await shop.one("SELECT last_used_at FROM api_keys"))["last_used_at"] == first
    history = await shop.one("SELECT actor FROM history WHERE reason = 'cancelled' LIMIT 1")
    assert history["actor"] == f"key:{made['prefix']}"
    assert (await api.delete(f"/api/api-keys/{made['id']}")).status_code == 204
    error_of(await anybody.post(f"/api/bookings/{booking}/cancel", headers=headers), 401)


async def test_a_key_can_be_for_nothing_that_lets_in_others(api: httpx.AsyncClient, shop: Shop) -> None:
    refused = await api.post("/api/api-keys", json={"name": " ", "scopes": ["keys:write", "members:write"]})
    problems = error_of(refused, 422)["details"]["errors"]
    assert [one["field"] for one in problems] == ["name", "scopes", "scopes"]
    error_of(await api.post("/api/api-keys", json={"name": "x", "scopes": []}), 422)
    async with shop.transaction() as tx:  # One that was stored in spite of that gives no right either.
        made = await api_keys.make(tx, "x", [Permission.READ_BOOK], ends_at=None, by="test", now=shop.clock())
        await tx.execute("UPDATE api_keys SET scopes = '{keys:write}'")
    refused = await api.get("/api/api-keys", headers={"Authorization": f"Bearer {made.key}"})
    error_of(refused, 403)
