"""The HTTP API, asked as a program would ask it: what it does, and how it says no."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
import structlog

from standby.tenants.sign_in import AUDIENCE
from standby.waitlist import offers
from tests.api import error_of, join_body, token_for
from tests.salon import SECRET, Shop, open_shop, waiting

ANONYMOUS = {"Authorization": ""}
NOBODY = UUID(int=404)


async def test_an_entry_is_joined_read_changed_and_left(shop: Shop, api: httpx.AsyncClient) -> None:
    joined = await api.post("/api/waitlist", json=join_body(shop))
    assert joined.status_code == 201
    assert joined.json()["position"] == {"position": 1, "at_least": False, "estimated_days": None}
    entry = f"/api/waitlist/{joined.json()['id']}"

    again = await api.post("/api/waitlist", json=join_body(shop))
    assert (again.status_code, again.json()["id"]) == (200, joined.json()["id"])
    assert (again.json()["already_on_list"], again.json()["not_taken_over"]) == (True, [])

    changed = await api.patch(entry, json={"staff_id": str(shop.kim), "weekdays": [1, 2]})
    assert (changed.json()["staff_name"], changed.json()["weekdays"]) == ("Kim", [1, 2])
    changed = await api.patch(entry, json={"staff_id": None})
    assert changed.json()["staff_id"] is None

    assert (await api.delete(entry, params={"reason": "moved"})).status_code == 204
    story = (await api.get(entry)).json()
    assert (story["status"], story["place"]) == ("cancelled", None)
    assert [line["reason"] for line in story["history"]] == ["joined", "changed", "changed", "moved"]
    assert error_of(await api.patch(entry, json={"weekdays": [1]}), 409)["code"] == "ENTRY_ENDED"


async def test_joining_again_with_other_dates_says_what_was_not_taken_over(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    joined = (await api.post("/api/waitlist", json=join_body(shop))).json()
    assert (joined["already_on_list"], joined["not_taken_over"]) == (False, [])
    later = (shop.clock() + timedelta(days=30)).isoformat()
    other = {"latest": later, "weekdays": [7, 6], "from_minute": 600}
    again = await api.post("/api/waitlist", json=join_body(shop, **other))
    assert (again.status_code, again.json()["id"]) == (200, joined["id"])
    assert again.json()["not_taken_over"] == ["latest", "weekdays", "from_minute"]
    assert f"PATCH /api/waitlist/{joined['id']}" in again.json()["message"]
    row = (await api.get(f"/api/waitlist/{joined['id']}")).json()
    assert (row["weekdays"], row["from_minute"]) == ([1, 2, 3, 4, 5, 6, 7], 0)
    assert (await api.patch(f"/api/waitlist/{joined['id']}", json=other)).status_code == 200
    again = await api.post("/api/waitlist", json=join_body(shop, **other))
    assert again.json()["not_taken_over"] == []


async def test_the_fourth_entry_of_a_phone_is_refused_with_the_count(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    wishes = [
        {"service_id": str(shop.cut)},
        {"service_id": str(shop.colour)},
        {"service_id": str(shop.cut), "staff_id": str(shop.kim)},
    ]
    for wish in wishes:
        assert (await api.post("/api/waitlist", json=join_body(shop, **wish))).status_code == 201
    refused = await api.post("/api/waitlist", json=join_body(shop, staff_id=str(shop.alex)))
    assert error_of(refused, 409) == {
        "code": "WAITLIST_LIMIT_EXCEEDED",
        "message": "Maximum 3 active waitlist entries allowed per phone number",
        "details": {"current_count": 3, "phone": "+4740000001"},
    }


async def test_a_cancelled_booking_is_offered_and_confirmed_by_its_link(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    await api.post("/api/waitlist", json=join_body(shop))
    booked = await api.post(
        "/api/bookings",
        json={
            "customer": {"name": "Ola", "phone": "40000002"},
            "staff_id": str(shop.kim),
            "service_id": str(shop.cut),
            "starts_at": (shop.clock() + timedelta(days=1)).isoformat(),
        },
    )
    assert booked.status_code == 201
    cancelled = await api.post(f"/api/bookings/{booked.json()['id']}/cancel", json={"reason": "ill"})
    slot = f"/api/slots/{cancelled.json()['slot']['slot_id']}"
    await shop.run_jobs()
    assert (await api.get(slot)).json()["offered_to"] == "Kari Nordmann"

    token = shop.token()
    offer = await api.get(f"/api/offers/{token}", headers=ANONYMOUS)
    assert (offer.json()["status"], offer.json()["seconds_left"]) == ("pending", 900)
    confirmed = await api.post(f"/api/confirm/{token}", headers=ANONYMOUS)
    assert (confirmed.json()["outcome"], confirmed.json()["again"]) == ("booked", False)
    again = await api.post(f"/api/confirm/{token}", headers=ANONYMOUS)
    assert (again.json()["booking_id"], again.json()["again"]) == (confirmed.json()["booking_id"], True)
    late = await api.post(f"/api/decline/{token}", headers=ANONYMOUS)
    assert (late.json()["outcome"], late.json()["why"]) == ("over", "accepted")
    assert (await api.get(slot)).json()["status"] == "booked"
    listed = (await api.get("/api/bookings", params={"status": "confirmed"})).json()
    assert [one["source"] for one in listed["items"]] == ["waitlist"]


async def test_an_answer_after_the_end_says_what_happened(shop: Shop, api: httpx.AsyncClient) -> None:
    await shop.join("Kari")
    await shop.free_slot()
    await shop.run_jobs()
    token = shop.token()
    shop.clock.forward(minutes=15)
    late = (await api.post(f"/api/confirm/{token}")).json()
    assert (late["outcome"], late["why"]) == ("over", "expired")


async def test_looking_at_an_offer_changes_nothing(shop: Shop, api: httpx.AsyncClient) -> None:
    await shop.join("Kari")
    await shop.free_slot()
    await shop.run_jobs()
    versions = "SELECT xmin::text, ctid::text FROM offers UNION ALL SELECT xmin::text, ctid::text FROM slots"
    before = await shop.all(versions)
    for address in (f"/api/offers/{shop.token()}", f"/o/{shop.token()}"):
        for method in ("GET", "HEAD"):
            await api.request(method, address)
        assert (await api.get(address)).status_code == 200
    assert await shop.all(versions) == before


async def test_staff_notify_by_hand_convert_and_override(shop: Shop, api: httpx.AsyncClient) -> None:
    first = (await shop.join("First")).entry_id
    second = (await shop.join("Second")).entry_id
    slot = await shop.free_slot()
    override = await api.put(f"/api/waitlist/{second}/priority", json={"priority": 500, "reason": "regular"})
    assert override.json()["priority_override"] == 500
    judged = (await api.get(f"/api/slots/{slot}/candidates")).json()
    assert [(one["customer_name"], one["score"]) for one in judged["eligible"]] == [
        ("Second", 500),
        ("First", 45),
    ]
    assert judged["eligible"][1]["parts"]["service"] == 15

    offered = await api.post(f"/api/waitlist/{first}/notify", json={"slot_id": str(slot)})
    assert offered.status_code == 201
    judged = (await api.get(f"/api/slots/{slot}/candidates")).json()
    assert [(one["customer_name"], one["rule"]) for one in judged["excluded"]] == [("First", "not_waiting")]
    assert error_of(await api.post(f"/api/waitlist/{second}/convert"), 409)["code"] == "ENTRY_NOT_NOTIFIED"
    converted = await api.post(f"/api/waitlist/{first}/convert")
    assert (converted.status_code, converted.json()["already_booked"]) == (201, False)
    story = (await api.get(f"/api/waitlist/{second}")).json()["history"]
    assert story[-1]["details"] == {"from": None, "to": 500, "why": "regular"}


async def test_converting_what_the_customer_accepts_at_that_moment_says_so(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    entry = (await shop.join()).entry_id
    await shop.free_slot()
    await shop.run_jobs()
    offer = await shop.one("SELECT id FROM offers")
    async with shop.transaction() as tx:
        accepted = await offers.accept(tx, offer["id"], now=shop.clock(), actor="customer")
        converting = asyncio.create_task(api.post(f"/api/waitlist/{entry}/convert"))
        async with shop.system.worker_pool.acquire() as watching:
            await waiting(watching, 1)
    assert isinstance(accepted, offers.Accepted)
    assert (await converting).json() == {"booking_id": str(accepted.booking_id), "already_booked": True}


async def test_a_slot_that_does_not_fit_a_wish_is_refused_by_name(shop: Shop, api: httpx.AsyncClient) -> None:
    entry = (await shop.join(service_id=shop.colour)).entry_id
    slot = await shop.free_slot()
    error = error_of(await api.post(f"/api/waitlist/{entry}/notify", json={"slot_id": str(slot)}), 409)
    assert error["code"] == "WISH_DOES_NOT_FIT"
    assert error["details"] == {"rules": {"other_service": "waits for another service"}}


async def test_what_is_offered_to_nobody_says_why(shop: Shop, api: httpx.AsyncClient) -> None:
    await shop.join()
    early, later = await shop.book(), await shop.book(at=shop.clock() + timedelta(days=2))
    slot = await shop.cancel(later)
    assert (await api.get(f"/api/slots/{slot}/candidates")).json()["not_offered"] is None
    await shop.one("UPDATE staff SET active = false WHERE id = $1 RETURNING id", shop.kim)
    gone = {"rule": "staff_inactive", "explanation": "its staff member does not work here any more"}
    cancelled = (await api.post(f"/api/bookings/{early}/cancel")).json()
    assert (cancelled["slot"], cancelled["not_offered"]) == (None, gone)
    judged = (await api.get(f"/api/slots/{slot}/candidates")).json()
    assert judged["not_offered"] == gone
    assert len(judged["eligible"]) == 1


async def test_slots_are_created_listed_opened_and_taken_back(shop: Shop, api: httpx.AsyncClient) -> None:
    starts = shop.clock() + timedelta(days=1)
    body = {"staff_id": str(shop.kim), "service_id": str(shop.cut), "starts_at": starts.isoformat()}
    created = await api.post("/api/slots", json=body)
    assert created.status_code == 201
    slot = created.json()["slot_id"]
    assert error_of(await api.post("/api/slots", json=body), 409)["code"] == "SLOT_TAKEN"
    day = {"date": starts.date().isoformat(), "staff_id": str(shop.kim)}
    assert [one["id"] for one in (await api.get("/api/slots", params=day)).json()["items"]] == [slot]
    assert (await api.get("/api/slots", params=day | {"staff_id": str(shop.alex)})).json()["items"] == []
    assert (await api.post(f"/api/slots/{slot}/open")).status_code == 202
    assert (await api.delete(f"/api/slots/{slot}")).status_code == 204
    assert error_of(await api.delete(f"/api/slots/{slot}"), 409)["code"] == "SLOT_NOT_OPEN"


async def test_the_salon_says_what_it_offers_and_when(shop: Shop, api: httpx.AsyncClient) -> None:
    service = await api.post(
        "/api/services", json={"name": "Beard", "duration_minutes": 20, "price": "250.00"}
    )
    staff = await api.post("/api/staff", json={"name": "Noor", "services": [service.json()["id"]]})
    assert staff.status_code == 201
    assert {one["name"] for one in (await api.get("/api/staff")).json()} == {"Kim", "Alex", "Noor"}
    assert error_of(await api.post("/api/staff", json={"name": "Noor"}), 409)["code"] == "NAME_TAKEN"
    hours = [{"weekday": 1, "opens_minute": 540, "closes_minute": 1020}]
    assert (await api.put("/api/hours", json=hours)).json() == hours
    closed = {
        "staff_id": str(shop.kim),
        "service_id": str(shop.cut),
        "starts_at": (shop.clock() + timedelta(days=1)).isoformat(),
    }
    assert error_of(await api.post("/api/slots", json=closed), 409)["code"] == "OUTSIDE_BUSINESS_HOURS"
    own = await api.put("/api/policies", params={"service_id": str(shop.cut)}, json={"max_misses": 1})
    assert own.json()["max_misses"] == 1
    assert (await api.get("/api/policies")).json()["max_misses"] == 3


async def test_patch_keeps_the_rules_that_it_does_not_name_and_put_does_not(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    first = await api.put("/api/policies", json={"max_misses": 5, "cooldown_seconds": 60})
    assert (first.json()["max_misses"], first.json()["cooldown_seconds"]) == (5, 60)
    changed = await api.patch("/api/policies", json={"cooldown_seconds": 90})
    assert (changed.json()["max_misses"], changed.json()["cooldown_seconds"]) == (5, 90)
    back = await api.patch("/api/policies", json={"max_misses": None})
    assert (back.json()["max_misses"], back.json()["cooldown_seconds"]) == (3, 90)
    replaced = await api.put("/api/policies", json={"max_misses": 4})
    assert (replaced.json()["max_misses"], replaced.json()["cooldown_seconds"]) == (4, 3600)

    cut = {"service_id": str(shop.cut)}
    await api.patch("/api/policies", params=cut, json={"max_misses": 1})
    own = await api.patch("/api/policies", params=cut, json={"grace_seconds": 30})
    assert (own.json()["max_misses"], own.json()["grace_seconds"]) == (1, 30)
    salon = (await api.get("/api/policies")).json()
    assert (salon["max_misses"], salon["grace_seconds"]) == (4, 0)
    own = await api.patch("/api/policies", params=cut, json={"max_misses": None})
    assert (own.json()["max_misses"], own.json()["grace_seconds"]) == (4, 30)
    unknown = await api.patch("/api/policies", params={"service_id": str(uuid4())}, json={"max_misses": 1})
    assert error_of(unknown, 404)["code"] == "SERVICE_NOT_FOUND"


async def test_a_reminder_that_could_not_go_out_before_the_end_is_refused(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    before = (await api.get("/api/policies")).json()
    cut = {"service_id": str(shop.cut)}
    for params, rules in (
        ({}, {"offer_window_seconds": 600}),  # The reminder would be as early as the offer.
        ({}, {"reminder_lead_seconds": 900}),
        (cut, {"offer_window_seconds": 60}),  # The lead is the salon's.
    ):
        for ask in (api.put, api.patch):
            refused = error_of(await ask("/api/policies", params=params, json=rules), 422)
            assert [one["field"] for one in refused["details"]["errors"]] == ["reminder_lead_seconds"]
        assert (await api.get("/api/policies", params=params)).json() == before
    for lead in (0, 59):
        rules = {"offer_window_seconds": 60, "reminder_lead_seconds": lead}
        assert (await api.patch("/api/policies", params=cut, json=rules)).status_code == 200


async def test_pages_of_a_list_come_one_after_the_other(shop: Shop, api: httpx.AsyncClient) -> None:
    for number in range(5):
        await shop.join(f"Customer {number}")
        shop.clock.forward(seconds=1)
    names, cursor = [], None
    while True:
        page = (
            await api.get("/api/waitlist", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        ).json()
        names += [one["customer_name"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert names == [f"Customer {number}" for number in (4, 3, 2, 1, 0)]
    assert error_of(await api.get("/api/waitlist", params={"cursor": "bm9uc2Vuc2U"}), 422)


async def test_slots_come_page_by_page_too(shop: Shop, api: httpx.AsyncClient) -> None:
    tomorrow = shop.clock() + timedelta(days=1)
    slots = {
        await shop.free_slot(at=tomorrow + timedelta(hours=hour), staff=staff)
        for hour in range(3)
        for staff in (shop.kim, shop.alex)
    }
    asked: dict[str, Any] = {"date": tomorrow.date().isoformat(), "status": "open", "limit": 4}
    first = (await api.get("/api/slots", params=asked)).json()
    assert first["next_cursor"] is not None
    rest = (await api.get("/api/slots", params=asked | {"cursor": first["next_cursor"]})).json()
    assert rest["next_cursor"] is None
    both = first["items"] + rest["items"]
    assert len(first["items"]) == 4
    assert len(both) == 6
    assert {UUID(one["id"]) for one in both} == slots
    assert both == sorted(both, key=lambda one: (one["starts_at"], one["id"]))


async def test_all_errors_of_a_form_come_at_once(shop: Shop, api: httpx.AsyncClient) -> None:
    body = join_body(
        shop,
        customer={"name": "Kari", "phone": "12", "email": "kari"},
        service_id=str(uuid4()),
        latest=(shop.clock() - timedelta(days=1)).isoformat(),
    )
    error = error_of(await api.post("/api/waitlist", json=body), 422)
    assert error["code"] == "VALIDATION_FAILED"
    assert {one["field"] for one in error["details"]["errors"]} == {
        "customer.phone",
        "customer.email",
        "service_id",
        "latest",
    }
    shape = error_of(await api.post("/api/waitlist", json={"customer": {"nmae": "x"}, "staff_id": 3}), 422)
    assert {"customer.nmae", "customer.name", "service_id", "staff_id", "earliest"} <= {
        one["field"] for one in shape["details"]["errors"]
    }


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/nowhere", 404, "NOT_FOUND"),
        ("GET", "/nowhere", 404, "TENANT_NOT_FOUND"),
        ("PUT", "/api/waitlist", 405, "METHOD_NOT_ALLOWED"),
        ("GET", f"/api/waitlist/{NOBODY}", 404, "ENTRY_NOT_FOUND"),
        ("GET", f"/api/slots/{NOBODY}", 404, "SLOT_NOT_FOUND"),
        ("POST", f"/api/bookings/{NOBODY}/cancel", 404, "BOOKING_NOT_FOUND"),
        ("GET", "/api/offers/no-such-token", 404, "OFFER_NOT_FOUND"),
        ("GET", "/api/waitlist/not-an-id", 422, "VALIDATION_FAILED"),
        ("POST", "/api/lifecycle/process", 401, "NOT_AUTHENTICATED"),
    ],
)
async def test_every_no_has_the_same_form(
    *, api: httpx.AsyncClient, method: str, address: str, status: int, code: str
) -> None:
    assert error_of(await api.request(method, address), status)["code"] == code


async def test_a_failure_of_ours_has_it_too_and_tells_no_secrets(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr("standby.tenants.catalog.services", fail)
    error = error_of(await api.get("/api/services"), 500)
    assert error["code"] == "INTERNAL_ERROR"
    assert "42" not in str(error)


@pytest.mark.parametrize(
    ("failure", "address", "status", "heading"),
    [
        (None, "/nothing/there", 404, "There is no such page"),
        (ConnectionRefusedError("gone"), "/o/s3cret", 503, "One moment, please"),
        (RuntimeError("the secret is 42"), "/o/s3cret", 500, "Something went wrong on our side"),
    ],
)
async def test_a_browser_that_asks_for_a_page_gets_one_also_when_there_is_none(
    *,
    api: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception | None,
    address: str,
    status: int,
    heading: str,
) -> None:
    def fail(_: str) -> None:
        assert failure is not None
        raise failure

    monkeypatch.setattr("standby.web.public.offer_page.hash_token", fail)
    page = await api.get(address, headers={"Accept": "text/html,application/xhtml+xml"})
    assert page.status_code == status
    assert f"<h1>{heading}</h1>" in page.text
    assert "42" not in page.text
    assert ("refresh" in page.headers) == (status == 503)


async def test_an_answer_s_page_that_is_loaded_again_leads_to_the_offer(api: httpx.AsyncClient) -> None:
    for answer in ("accept", "decline", "stay"):
        again = await api.get(f"/o/s3cret/{answer}")
        assert (again.status_code, again.headers["location"]) == (303, "/o/s3cret")


@pytest.mark.parametrize("failure", [RuntimeError("out of order"), ConnectionRefusedError("gone")])
async def test_a_failure_s_log_names_the_route_and_neither_token_nor_number(
    *, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object) -> None:
        raise failure

    for broken in (
        "web.api.offers.hash_token",
        "web.public.offer_page.hash_token",
        "channels.phones.Phones.of",
    ):
        monkeypatch.setattr(f"standby.{broken}", fail)
    with structlog.testing.capture_logs() as told:
        await api.get("/o/s3cret")
        await api.post("/api/confirm/s3cret")
        await api.get("/demo/phones/+4740000001")
    routes = [line["route"] for line in told]
    assert routes == ["GET /o/{token}", "POST /confirm/{token}", "GET /demo/phones/{address}"]
    assert "s3cret" not in str(told)
    assert "4740000001" not in str(told)


@pytest.mark.parametrize("kind", ["none", "nonsense", "other secret", "other audience", "no tenant"])
async def test_only_a_good_token_opens(shop: Shop, api: httpx.AsyncClient, kind: str) -> None:
    claims = {
        "aud": AUDIENCE,
        "tenant": str(shop.salon.id),
        "sub": "x",
        "exp": shop.clock() + timedelta(days=1),
    }
    forged = {
        "none": "",
        "nonsense": "Bearer x.y.z",
        "other secret": "Bearer " + jwt.encode(claims, "y" * 40),
        "other audience": "Bearer " + jwt.encode(claims | {"aud": "other"}, SECRET),
        "no tenant": "Bearer " + jwt.encode(claims | {"tenant": "x"}, SECRET),
    }
    response = await api.get("/api/waitlist", headers={"Authorization": forged[kind]})
    assert error_of(response, 401)["code"] == "NOT_AUTHENTICATED"
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_a_token_ends(shop: Shop, api: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {token_for(shop, minutes=5)}"}
    assert (await api.get("/api/waitlist", headers=headers)).status_code == 200
    shop.clock.forward(minutes=5)
    assert "expired" in error_of(await api.get("/api/waitlist", headers=headers), 401)["message"]


async def test_another_salons_token_finds_nothing_of_ours(shop: Shop, api: httpx.AsyncClient) -> None:
    entry = (await shop.join()).entry_id
    booking = await shop.book()
    slot = await shop.free_slot(at=shop.clock() + timedelta(days=2))
    other = await open_shop(shop.system, shop.clock, slug="other")
    headers = {"Authorization": f"Bearer {token_for(other)}"}
    ids = {"{entry_id}": entry, "{booking_id}": booking, "{slot_id}": slot}
    bodies: dict[str, Any] = {
        "/api/waitlist/{entry_id}": {"weekdays": [1]},
        "/api/bookings/{booking_id}": {"notify": False},
        "/api/waitlist/{entry_id}/notify": {"slot_id": str(slot)},
        "/api/waitlist/{entry_id}/priority": {"priority": 1, "reason": "x"},
    }
    paths = (await api.get("/api/openapi.json")).json()["paths"]
    asked = 0
    for path, methods in paths.items():
        address = path
        for name, row_id in ids.items():
            address = address.replace(name, str(row_id))
        if address == path:
            continue
        for method in methods:
            answer = await api.request(method.upper(), address, headers=headers, json=bodies.get(path))
            assert answer.status_code == 404, (method, path, answer.text)
            asked += 1
    assert asked >= 12
    for listed in ("/api/waitlist", "/api/bookings", "/api/slots?days=31"):
        assert (await api.get(listed, headers=headers)).json()["items"] == []


async def test_an_outside_scheduler_moves_time_on_with_its_key(shop: Shop, api: httpx.AsyncClient) -> None:
    entry: UUID = (await shop.join()).entry_id
    await shop.free_slot()
    await shop.run_jobs()
    shop.clock.forward(minutes=15)
    done = await api.post("/api/lifecycle/process", headers={"x-cron-key": "cron" * 5})
    assert done.json()["taken"] >= 1
    assert await shop.status_of("waitlist_entries", entry) == "cooldown"
    wrong = await api.post("/api/lifecycle/process", headers={"x-cron-key": "wrong"})
    assert error_of(wrong, 401)["code"] == "NOT_AUTHENTICATED"


async def test_the_docs_tell_the_errors_as_they_are(api: httpx.AsyncClient) -> None:
    schema = (await api.get("/api/openapi.json")).json()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            for status in ("401", "403", "404", "405", "409", "422", "429", "500", "503"):
                told = operation["responses"][status]["content"]["application/json"]["schema"]
                assert told == {"$ref": "#/components/schemas/ErrorAnswer"}, (method, path, status)
    shapes = schema["components"]["schemas"]
    assert set(shapes["Error"]["required"]) == {"code", "message", "details"}
    assert not {"HTTPValidationError", "ValidationError"} & set(shapes)


async def test_the_docs_load_nothing_from_elsewhere(api: httpx.AsyncClient) -> None:
    page = await api.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text.replace("http://www.w3.org", "")
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert (await api.get("/docs-files/swagger-ui-bundle.js")).status_code == 200
