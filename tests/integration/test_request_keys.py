"""Writes that carry an Idempotency-Key: once, whoever repeats them, and however many at a time."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from standby.jobs.reconcile import prune
from tests.api import calling, error_of, token_for
from tests.salon import Shop, at_once, open_shop

KEY = {"Idempotency-Key": "7f3a"}


def booking(shop: Shop, **given: Any) -> dict[str, Any]:
    return {
        "customer": {"name": "Kari", "phone": "+47 412 34 567"},
        "staff_id": str(shop.kim),
        "service_id": str(shop.cut),
        "starts_at": shop.tomorrow().isoformat(),
    } | given


async def test_the_same_request_twice_is_one_booking_and_one_answer(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    first = await api.post("/api/bookings", json=booking(shop), headers=KEY)
    again = await api.post("/api/bookings", json=booking(shop), headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(await shop.all("SELECT FROM bookings")) == 1
    assert len(await shop.all("SELECT FROM messages")) == 1


async def test_twenty_at_once_with_one_key_are_one_booking(shop: Shop, api: httpx.AsyncClient) -> None:
    answers = await at_once(*(api.post("/api/bookings", json=booking(shop), headers=KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1


@pytest.mark.parametrize("other", ["another body", "another address", "another method"])
async def test_a_key_is_good_for_one_request(shop: Shop, api: httpx.AsyncClient, other: str) -> None:
    made = (await api.post("/api/bookings", json=booking(shop), headers=KEY)).json()
    match other:
        case "another body":
            refused = await api.post("/api/bookings", json=booking(shop, notify=False), headers=KEY)
        case "another address":
            refused = await api.post(f"/api/bookings/{made['id']}/cancel", headers=KEY)
        case _:
            refused = await api.delete(f"/api/bookings/{made['id']}", headers=KEY)
    assert error_of(refused, 409)["code"] == "KEY_USED_BEFORE"
    assert await shop.status_of("bookings", made["id"]) == "confirmed"


async def test_a_request_that_was_refused_may_come_again_with_its_key(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    there = await shop.book()
    refused = await api.post("/api/bookings", json=booking(shop), headers=KEY)
    assert error_of(refused, 409)["code"] == "SLOT_TAKEN"
    assert refused.json()["error"]["details"]["next_free"]
    wrong = booking(shop, starts_at="tomorrow")
    assert error_of(await api.post("/api/bookings", json=wrong, headers=KEY), 422)
    await shop.cancel(there)
    assert (await api.post("/api/bookings", json=booking(shop), headers=KEY)).status_code == 201


async def test_a_key_is_its_salons_and_is_forgotten_after_a_day(shop: Shop, api: httpx.AsyncClient) -> None:
    assert (await api.post("/api/bookings", json=booking(shop), headers=KEY)).status_code == 201
    other = await open_shop(shop.system, shop.clock, slug="other")
    async with calling(other) as theirs:
        assert (await theirs.post("/api/bookings", json=booking(other), headers=KEY)).status_code == 201
    shop.clock.forward(hours=25)
    await prune(shop.system.worker_pool, shop.system.settings.queue_rules(), now=shop.clock())
    assert await shop.all("SELECT FROM idempotency_keys") == []
    headers = KEY | {"Authorization": f"Bearer {token_for(shop)}"}
    later = booking(shop, starts_at=(shop.tomorrow() + timedelta(days=1)).isoformat())
    assert (await api.post("/api/bookings", json=later, headers=headers)).status_code == 201


async def test_a_key_has_1_to_255_characters(shop: Shop, api: httpx.AsyncClient) -> None:
    for key in ("", "x" * 256):
        refused = await api.post("/api/bookings", json=booking(shop), headers={"Idempotency-Key": key})
        assert error_of(refused, 422)["details"]["errors"][0]["field"] == "Idempotency-Key"
    assert await shop.all("SELECT FROM bookings") == []


async def test_as_many_keys_as_connections_at_once_keep_nobody_waiting(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    """A request with a key holds one connection, also when it looks for other times to tell."""
    await shop.book()
    several = shop.system.pool.get_max_size() + 2
    keys = [{"Idempotency-Key": str(number)} for number in range(several)]
    answers = await at_once(*(api.post("/api/bookings", json=booking(shop), headers=key) for key in keys))
    assert [answer.status_code for answer in answers] == [409] * several
    assert all(answer.json()["error"]["details"]["next_free"] for answer in answers)


async def test_an_answer_with_a_secret_is_kept_nowhere(shop: Shop, api: httpx.AsyncClient) -> None:
    made = [await api.post("/api/calendar-feeds", json={}, headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() != made[1].json()
    assert await shop.all("SELECT FROM idempotency_keys") == []
