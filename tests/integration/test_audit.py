"""What people change is written down: who, when, from where, before and after; by the database, and for good."""

from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from standby.tenants.scope import Author, tenant_transaction
from tests.salon import Shop


def answered(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def changes(api: httpx.AsyncClient, **wanted: str) -> list[dict[str, Any]]:
    answer = await api.get("/api/audit", params=wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_change_of_the_rules_is_told_with_what_it_was(shop: Shop, api: httpx.AsyncClient) -> None:
    answer = await api.patch("/api/policies", json={"max_misses": 5}, headers={"X-Request-Id": "till-7"})
    assert answer.status_code == 200
    [change] = await changes(api, entity="policy")
    assert (change["action"], change["before"], change["after"]) == (
        "change", {"max_misses": 3}, {"max_misses": 5},
    )  # fmt: skip
    assert (change["address"], change["request_id"]) == ("127.0.0.1", "till-7")
    assert change["actor"]
    assert change["at"] == shop.clock().isoformat().replace("+00:00", "Z")


async def test_a_booking_tells_who_made_moved_and_cancelled_it(shop: Shop, api: httpx.AsyncClient) -> None:
    at = shop.clock() + timedelta(days=2)
    body = {
        "customer": {"name": "Ida", "phone": "+4741234567"},
        "staff_id": str(shop.kim),
        "service_id": str(shop.cut),
        "starts_at": at.isoformat(),
    }
    booking = answered(await api.post("/api/bookings", json=body), 201)["id"]
    later = (at + timedelta(hours=1)).isoformat()
    answered(await api.patch(f"/api/bookings/{booking}", json={"starts_at": later}), 200)
    answered(await api.post(f"/api/bookings/{booking}/cancel", json={"reason": "ill"}), 200)
    cancelled, moved, made = await changes(api, entity_id=booking)
    assert made["action"] == "create"
    assert set(moved["before"]) == {"starts_at", "ends_at", "slot_id", "reason"}
    assert cancelled["before"]["status"] == "confirmed"
    assert cancelled["after"]["reason"] == "ill"


async def test_what_nobody_asked_for_is_no_change_of_anybody_s(shop: Shop, api: httpx.AsyncClient) -> None:
    """The cascade offers, expires and books by itself: that is history."""
    await shop.join("Ingrid")
    await shop.free_slot()
    await shop.run_jobs()
    await shop.pass_time(minutes=16)
    assert await changes(api) == []


async def test_a_request_that_is_refused_leaves_no_trace(api: httpx.AsyncClient) -> None:
    assert (await api.patch("/api/policies", json={"max_misses": 0})).status_code == 422
    assert await changes(api) == []


async def test_secrets_are_not_told(api: httpx.AsyncClient) -> None:
    made = answered(await api.post("/api/calendar-feeds", json={}), 201)
    answered(await api.post("/api/calendar-feeds", json={}), 201)
    changed, created = await changes(api, entity="calendar_feed")
    assert "token_hash" not in created["after"]
    assert changed["after"] == {"token_hash": "changed"}
    assert made["url"].rsplit("/", 1)[1].removesuffix(".ics") not in str([changed, created])


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_log OVERRIDING SYSTEM VALUE SELECT * FROM audit_log",
        "UPDATE audit_log SET actor = 'somebody else'",
        "DELETE FROM audit_log",
    ],
)
async def test_who_serves_requests_can_only_read_it(
    shop: Shop, api: httpx.AsyncClient, statement: str
) -> None:
    await api.patch("/api/policies", json={"max_misses": 5})
    async with shop.transaction() as tx:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tx.execute(statement)


async def test_an_author_s_name_is_a_name_and_no_sql(shop: Shop, api: httpx.AsyncClient) -> None:
    name = "O'Hara'; DROP TABLE audit_log; --\\ \u00e6\u2028\n"
    author = Author(name, shop.clock())
    async with tenant_transaction(shop.system.pool, shop.salon.id, author) as tx:
        await tx.execute("UPDATE tenants SET name = 'Fjord'")
    assert {change["actor"] for change in await changes(api, entity="salon")} == {name}
    async with tenant_transaction(shop.system.pool, shop.salon.id) as tx:
        await tx.execute("UPDATE tenants SET name = 'Berg'")
    assert {change["after"]["name"] for change in await changes(api, entity="salon")} == {"Fjord"}


async def test_pages_follow_each_other_without_a_gap(shop: Shop, api: httpx.AsyncClient) -> None:
    for misses in (4, 5, 6):
        await api.patch("/api/policies", json={"max_misses": misses})
        shop.clock.forward(minutes=1)
    seen, cursor = [], None
    while True:
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = (await api.get("/api/audit", params=params)).json()
        seen += [item["after"]["max_misses"] for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [6, 5, 4]
