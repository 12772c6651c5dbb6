"""A customer's data: all of it on request, and nothing of it left anywhere once they are erased."""

from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from standby.jobs.reconcile import Keeping, forget
from standby.tenants import verifications
from tests.api import error_of
from tests.salon import Shop

PHONE = "+4741234567"
MARKS = ("Ingrid", "41234567", "ingrid@example.com", "toothache")


async def somebody(shop: Shop, api: httpx.AsyncClient) -> str:
    """Ingrid booked, cancelled and said why, joined, got a code, was offered a time and wrote back; her id."""
    person = {"name": "Ingrid Berg", "phone": PHONE, "email": "ingrid@example.com"}
    booked = await api.post(
        "/api/bookings",
        json={
            "customer": person,
            "staff_id": str(shop.kim),
            "service_id": str(shop.cut),
            "starts_at": (shop.clock() + timedelta(days=3)).isoformat(),
        },
        headers={"Idempotency-Key": "one"},
    )
    assert booked.status_code == 201, booked.text
    cancel = {"reason": "toothache", "by": "customer"}
    assert (await api.post(f"/api/bookings/{booked.json()['id']}/cancel", json=cancel)).status_code == 200
    await shop.join("Ingrid Berg", phone=PHONE, email="ingrid@example.com")
    async with shop.transaction() as tx:
        await verifications.ask(tx, PHONE, "booking", now=shop.clock())
    await shop.free_slot()
    await shop.run_jobs()
    async with shop.transaction() as tx:
        await tx.execute(
            "INSERT INTO replies (tenant_id, id, channel, provider_id, customer_id, sender, text, written_at,"
            " received_at)"
            " SELECT current_tenant(), gen_random_uuid(), 'sms', 'SM1', id, phone, 'I am Ingrid', $1, $1 FROM customers"
            " WHERE phone = $2",
            shop.clock(),
            PHONE,
        )
    customer_id: str = booked.json()["customer_id"]
    return customer_id


async def had_left_before(shop: Shop, api: httpx.AsyncClient) -> None:
    """Ingrid joined, was offered times, was put first and was taken off the list; each time somebody said why."""
    first = (await shop.join("Ingrid Berg", phone=PHONE, email="ingrid@example.com")).entry_id
    for days in (1, 2):  # Both are offered to her, and the first
        slot = await shop.free_slot(at=shop.clock() + timedelta(days=days))
        await shop.run_jobs()
        if days == 1:
            taken = await api.delete(f"/api/slots/{slot}", params={"reason": "Ingrid is ill"})
            assert taken.status_code == 204, taken.text
    more = {"priority": 80, "reason": "Ingrid has a toothache"}
    assert (await api.put(f"/api/waitlist/{first}/priority", json=more)).status_code == 200
    left = await api.delete(f"/api/waitlist/{first}", params={"reason": "Ingrid moved to Bergen"})
    assert left.status_code == 204, left.text


async def everything(shop: Shop) -> dict[str, str]:
    """Every table of the salon as text."""
    connection = await asyncpg.connect(shop.system.url)
    try:
        tables = await connection.fetch(
            "SELECT table_name AS name FROM information_schema.tables"
            " WHERE table_schema = 'standby' AND table_type = 'BASE TABLE'"
        )
        return {
            row["name"]: str(await connection.fetch(f'SELECT t::text FROM standby."{row["name"]}" t'))  # noqa: S608
            for row in tables
        }
    finally:
        await connection.close()


def tables_with(marks: tuple[str, ...], told: dict[str, str]) -> set[str]:
    return {
        name for name, text in told.items() for mark in marks if mark in text or mark.encode().hex() in text
    }


async def test_all_that_is_known_comes_as_one_document(shop: Shop, api: httpx.AsyncClient) -> None:
    customer = await somebody(shop, api)
    answer = await api.post(f"/api/customers/{customer}/export")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    assert told["customer"]["phone"] == PHONE
    assert {name: len(rows) for name, rows in told.items() if name in {"waitlist", "offers", "replies"}} == {
        "waitlist": 1, "offers": 1, "replies": 1,
    }  # fmt: skip
    assert told["bookings"][0]["reason"] == "toothache"
    assert [one["purpose"] for one in told["verifications"]] == ["booking"]
    assert "tenant_id" not in answer.text
    exports = (await api.get("/api/audit", params={"entity_id": customer})).json()["items"]
    assert exports[0]["action"] == "export"


async def test_nothing_of_somebody_erased_is_left_in_any_table(shop: Shop, api: httpx.AsyncClient) -> None:
    assert (await api.post("/api/webhooks", json={"url": "https://erp.example.com/"})).status_code == 201
    await had_left_before(shop, api)
    customer = await somebody(shop, api)
    async with shop.transaction() as tx:  # Who is told of somebody repeats it.
        await tx.execute(
            "UPDATE webhook_deliveries SET answer = 'Ingrid: thanks' WHERE position($1 IN payload::text) > 0",
            customer,
        )
    told = {
        "customers",
        "waitlist_entries",
        "offers",
        "slots",
        "messages",
        "replies",
        "audit_log",
        "history",
        "idempotency_keys",
        "verifications",
        "webhook_deliveries",
    }
    assert told <= tables_with(MARKS, await everything(shop))
    before = await shop.all("SELECT entity, entity_id, from_state, to_state, at FROM history")
    erased = await api.post(f"/api/customers/{customer}/erase")
    assert erased.status_code == 204, erased.text
    assert tables_with(MARKS, await everything(shop)) == set()
    after = await shop.all("SELECT entity, entity_id, from_state, to_state, at FROM history")
    assert set(before) <= set(after)  # What happened stays.
    assert await shop.all("SELECT FROM waitlist_entries WHERE status <> 'cancelled'") == []
    assert (await api.get("/api/audit")).json()["items"][0]["action"] == "erase"
    error_of(await api.post(f"/api/customers/{customer}/erase"), 404)


async def test_a_message_to_them_that_waits_is_never_sent(shop: Shop, api: httpx.AsyncClient) -> None:
    customer = await somebody(shop, api)
    async with shop.transaction() as tx:
        await tx.execute(
            "INSERT INTO messages (tenant_id, id, customer_id, kind, dedupe_key, status, channels, created_at,"
            " next_attempt_at)"
            " VALUES (current_tenant(), gen_random_uuid(), $1, 'help', 'h', 'queued', '{sms}', $2, $2)",
            customer,
            shop.clock(),
        )
    await api.post(f"/api/customers/{customer}/erase")
    assert await shop.all("SELECT FROM messages WHERE status = 'queued'") == []


async def test_who_has_an_appointment_to_come_is_not_erased(shop: Shop, api: httpx.AsyncClient) -> None:
    booking = await shop.book()
    row = await shop.one("SELECT customer_id FROM bookings")
    refused = error_of(await api.post(f"/api/customers/{row['customer_id']}/erase"), 409)
    assert (refused["code"], refused["details"]["bookings"]) == ("CUSTOMER_HAS_APPOINTMENTS", [str(booking)])
    assert (await shop.one("SELECT erased_at FROM customers"))["erased_at"] is None


async def test_the_same_number_is_somebody_new_afterwards(shop: Shop, api: httpx.AsyncClient) -> None:
    customer = await somebody(shop, api)
    await api.post(f"/api/customers/{customer}/erase")
    await shop.join("Ingrid Berg", phone=PHONE)
    assert len(await shop.all("SELECT FROM customers")) == 3  # With whoever's appointment came free.


@pytest.mark.parametrize(("days", "left"), [(399, 0), (401, 2)])
async def test_idle_customers_are_erased_after_the_time_that_is_set(
    shop: Shop, api: httpx.AsyncClient, days: int, left: int
) -> None:
    await somebody(shop, api)
    await shop.pass_time(minutes=16)
    async with shop.transaction() as tx:
        await tx.execute(
            "UPDATE waitlist_entries SET status = 'cancelled', ended_at = $1, cooldown_until = NULL",
            shop.clock(),
        )
    shop.clock.forward(days=400)
    keeping = Keeping(timedelta(days=1000), timedelta(days=days))
    await forget(shop.system.worker_pool, keeping, now=shop.clock())
    assert len(await shop.all("SELECT FROM customers WHERE erased_at IS NULL")) == left
