"""What a request may hold: whatever it is, it is understood, or the answer says all that is wrong with it."""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api import error_of, join_body
from tests.salon import Shop

KARI = {"name": "Kari", "phone": "+4740000001"}
EVER, NEVER = "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"


def problems_of(response: httpx.Response) -> dict[str, str]:
    """Field → what is wrong with it."""
    error = error_of(response, 422)
    assert error["code"] == "VALIDATION_FAILED"
    return {one["field"]: one["message"] for one in error["details"]["errors"]}


def booking_body(shop: Shop, **given: Any) -> dict[str, Any]:
    usual = {
        "customer": KARI,
        "staff_id": str(shop.kim),
        "service_id": str(shop.cut),
        "starts_at": (shop.clock() + timedelta(days=3)).isoformat(),
    }
    return usual | given


@pytest.mark.parametrize("odd", ["Ka\x00ri", "Ka\nri", "Ka\u2028ri", "Ka\x85ri", "\x7f", "Ka\ud800ri"])
async def test_text_with_control_characters_is_refused_in_every_form(
    shop: Shop, api: httpx.AsyncClient, odd: str
) -> None:
    entry = (await shop.join()).entry_id
    booking = await shop.book()
    slot = await shop.free_slot(at=shop.clock() + timedelta(days=2))
    person = KARI | {"name": odd}
    forms: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/api/waitlist", join_body(shop, customer=person)),
        ("POST", "/api/waitlist", join_body(shop, customer=KARI | {"email": f"{odd}@example.org"})),
        ("POST", "/api/waitlist", join_body(shop, **{odd: 1})),
        ("POST", "/api/bookings", booking_body(shop, customer=person)),
        ("POST", "/api/staff", {"name": odd}),
        ("POST", "/api/services", {"name": odd, "duration_minutes": 30}),
        ("POST", f"/api/bookings/{booking}/cancel", {"reason": odd}),
        ("PUT", f"/api/waitlist/{entry}/priority", {"priority": 1, "reason": odd}),
    ]
    for method, address, body in forms:
        # As ASCII, for half a character can't be sent in any other way.
        response = await api.request(
            method, address, content=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        assert len(problems_of(response)) == 1, address
    if odd != "Ka\ud800ri":
        for address in (f"/api/waitlist/{entry}", f"/api/slots/{slot}"):
            assert problems_of(await api.delete(address, params={"reason": odd}))


async def test_text_is_kept_without_the_blanks_around_it(shop: Shop, api: httpx.AsyncClient) -> None:
    await api.post("/api/waitlist", json=join_body(shop, customer=KARI | {"name": "  Kari \n"}))
    await api.post("/api/staff", json={"name": " Noor\t"})
    assert [one["customer_name"] for one in (await api.get("/api/waitlist")).json()["items"]] == ["Kari"]
    assert "Noor" in {one["name"] for one in (await api.get("/api/staff")).json()}


@pytest.mark.parametrize("at", [EVER, NEVER])
async def test_a_time_at_the_calendar_s_end_is_refused_in_every_form(
    shop: Shop, api: httpx.AsyncClient, at: str
) -> None:
    entry = (await shop.join()).entry_id
    soon = (shop.clock() + timedelta(hours=3)).isoformat()
    slot = {"staff_id": str(shop.kim), "service_id": str(shop.cut), "starts_at": at}
    for response in (
        await api.post("/api/waitlist", json=join_body(shop, earliest=at)),
        await api.post("/api/waitlist", json=join_body(shop, latest=at)),
        await api.patch(f"/api/waitlist/{entry}", json={"latest": at}),
        await api.post("/api/bookings", json=booking_body(shop, starts_at=at)),
        await api.post("/api/slots", json=slot),
        await api.post("/api/slots", json=slot | {"starts_at": soon, "ends_at": at}),
        await api.get("/api/bookings", params={"starts_from": at}),
        await api.get("/api/bookings", params={"starts_before": at}),
        await api.get("/api/slots", params={"date": at[:10]}),
    ):
        [problem] = (problems_of(response)).values()
        assert problem == "must lie in the years 2000 to 2999"


@pytest.mark.parametrize("at", [NEVER, "2026-11-23T12:00:00", "x", 7])
async def test_a_cursor_of_somebody_else_s_is_refused(api: httpx.AsyncClient, at: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([at, str(uuid4())]).encode()).decode()
    for address in ("/api/waitlist", "/api/bookings"):
        problems = problems_of(await api.get(address, params={"cursor": cursor}))
        assert list(problems) == ["cursor"]


async def test_the_same_service_twice_is_the_same_as_once(shop: Shop, api: httpx.AsyncClient) -> None:
    body = {"name": "Noor", "services": [str(shop.cut), str(shop.cut)]}
    assert (await api.post("/api/staff", json=body)).status_code == 201
    [noor] = [one for one in (await api.get("/api/staff")).json() if one["name"] == "Noor"]
    assert noor["services"] == [str(shop.cut)]


async def test_keys_and_tokens_may_be_any_bytes(api: httpx.AsyncClient) -> None:
    for method, address, name, value in (
        ("POST", "/api/lifecycle/process", b"x-cron-key", b"cl\xe9"),
        ("POST", "/api/lifecycle/process", b"x-cron-key", "clé".encode()),
        ("GET", "/api/staff", b"Authorization", b"Bearer \xe9"),
    ):
        response = await api.request(method, address, headers={name: value})
        assert error_of(response, 401)["code"] == "NOT_AUTHENTICATED"


async def test_what_one_can_see_and_what_takes_a_look_is_told_together(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    yesterday = (shop.clock() - timedelta(days=1)).isoformat()
    person = {"name": " ", "phone": "12", "email": "kari"}
    customer = {"customer.name", "customer.phone", "customer.email"}
    joined = join_body(shop, customer=person, weekdays=[9], until_minute=1441, latest=yesterday)
    joined["service_id"] = str(uuid4())
    assert set(problems_of(await api.post("/api/waitlist", json=joined))) == customer | {
        "weekdays",
        "until_minute",
        "latest",
        "service_id",
    }
    booking = booking_body(shop, customer=person, starts_at=yesterday, staff_id=str(uuid4()))
    assert set(problems_of(await api.post("/api/bookings", json=booking))) >= customer | {"staff_id"}
    staff = {"name": "x" * 201, "services": [str(uuid4())]}
    assert set(problems_of(await api.post("/api/staff", json=staff))) == {"name", "services"}
    service = {"name": "", "duration_minutes": 1, "price": "-1"}
    assert set(problems_of(await api.post("/api/services", json=service))) == {
        "name",
        "duration_minutes",
        "price",
    }


async def test_what_can_t_be_read_is_told_with_all_that_the_domain_finds(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    yesterday = (shop.clock() - timedelta(days=1)).isoformat()
    joined = join_body(
        shop,
        customer={"name": 7, "phone": "12"},
        latest=yesterday,
        until_minute="late",
        weekdays=[1, "x"],
        fun=1,
    )
    joined |= {"staff_id": str(uuid4()), "service_id": "cut"}
    assert set(problems_of(await api.post("/api/waitlist", json=joined))) == {
        "customer.name", "customer.phone", "latest", "until_minute", "weekdays.1", "fun", "staff_id", "service_id",
    }  # fmt: skip

    entry = (await shop.join()).entry_id
    changed = {"earliest": None, "latest": yesterday, "service_id": str(uuid4()), "from_minute": "early"}
    response = await api.patch(f"/api/waitlist/{entry}", json=changed)
    assert set(problems_of(response)) == {"earliest", "latest", "service_id", "from_minute"}

    slot = {"staff_id": str(uuid4()), "service_id": str(shop.cut), "starts_at": "soon", "ends_at": yesterday}
    assert set(problems_of(await api.post("/api/slots", json=slot))) == {"staff_id", "starts_at"}
    slot = {"staff_id": str(shop.kim), "starts_at": yesterday}
    assert set(problems_of(await api.post("/api/slots", json=slot))) == {"service_id", "starts_at"}

    booking = booking_body(
        shop, starts_at=yesterday, customer={"phone": "12", "email": 5, "channels": ["fax"]}
    )
    del booking["staff_id"]
    assert set(problems_of(await api.post("/api/bookings", json=booking))) == {
        "customer.name", "customer.phone", "customer.email", "customer.channels.0", "staff_id", "starts_at",
    }  # fmt: skip

    service = {"name": " ", "price": -1}
    assert set(problems_of(await api.post("/api/services", json=service))) == {
        "name",
        "price",
        "duration_minutes",
    }

    staff = {"services": [str(uuid4())]}
    assert set(problems_of(await api.post("/api/staff", json=staff))) == {"name", "services"}


async def test_what_is_right_is_blamed_for_nothing_and_what_is_wrong_beside_it_is_told(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    entry = (await shop.join(from_minute=540)).entry_id
    joined = join_body(shop, name="Kari", phone="12", customer=KARI | {"phone": "12"})
    told = problems_of(await api.post("/api/waitlist", json=joined))
    assert set(told) == {"name", "phone", "customer.phone"}

    response = await api.patch(f"/api/waitlist/{entry}", json={"from_minute": "early", "until_minute": 300})
    assert set(problems_of(response)) == {"from_minute"}
    rules = {"offer_window_seconds": "one hour", "reminder_lead_seconds": 1800}
    assert set(problems_of(await api.put("/api/policies", json=rules))) == {"offer_window_seconds"}

    joined = join_body(shop, from_minute=-5, until_minute="late", weekdays=["x", 9, "y"])
    assert set(problems_of(await api.post("/api/waitlist", json=joined))) == {
        "from_minute", "until_minute", "weekdays.0", "weekdays.2", "weekdays",
    }  # fmt: skip
    joined = join_body(shop, customer=KARI | {"channels": ["fax", "email"]})
    assert set(problems_of(await api.post("/api/waitlist", json=joined))) == {
        "customer.channels.0",
        "customer.email",
    }
    staff = {"name": "Noor", "services": ["x", str(uuid4())]}
    assert set(problems_of(await api.post("/api/staff", json=staff))) == {"services.0", "services"}


async def test_a_list_that_is_far_too_long_is_one_problem(api: httpx.AsyncClient) -> None:
    response = await api.put("/api/hours", json=[{}] * 5000)
    assert len(response.content) < 50_000
    assert problems_of(response)


async def test_of_hours_both_the_wrong_ones_and_those_that_overlap_are_told(api: httpx.AsyncClient) -> None:
    week = [
        {"weekday": 8, "opens_minute": 540, "closes_minute": 600},
        {"weekday": 1, "opens_minute": 540, "closes_minute": 540},
        {"weekday": 2, "opens_minute": 540, "closes_minute": 700},
        {"weekday": 2, "opens_minute": 600, "closes_minute": 800},
    ]
    before = (await api.get("/api/hours")).json()
    assert set(problems_of(await api.put("/api/hours", json=week))) == {
        "0.weekday",
        "1.closes_minute",
        "hours",
    }
    assert (await api.get("/api/hours")).json() == before


async def test_nothing_is_kept_of_a_form_that_is_right_but_for_a_field_that_can_t_be_read(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    joined = join_body(shop, until_minute="late")
    assert list(problems_of(await api.post("/api/waitlist", json=joined))) == ["until_minute"]
    assert (await api.get("/api/waitlist")).json()["items"] == []
    booking = booking_body(shop) | {"service_id": None}
    assert list(problems_of(await api.post("/api/bookings", json=booking))) == ["service_id"]
    assert list(problems_of(await api.post("/api/staff", json={"name": "Noor", "age": 5}))) == ["age"]
    assert "Noor" not in {one["name"] for one in (await api.get("/api/staff")).json()}


async def test_a_state_that_stands_against_it_is_told_once_the_form_can_be_read(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    body: dict[str, Any] = {"latest": 5}
    address = f"/api/waitlist/{uuid4()}"
    assert list(problems_of(await api.patch(address, json=body))) == ["latest"]
    body["latest"] = (shop.clock() + timedelta(days=3)).isoformat()
    assert error_of(await api.patch(address, json=body), 404)


@pytest.mark.parametrize("at", [5, 1.5, "5", "-5", "1795000000.0", "1.7e9", True])
async def test_a_number_is_no_time(shop: Shop, api: httpx.AsyncClient, at: object) -> None:
    problems = problems_of(await api.post("/api/waitlist", json=join_body(shop, latest=at)))
    assert "must be written like" in problems["latest"]


async def test_what_is_no_json_is_said_with_its_place(api: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    response = await api.post("/api/waitlist", content='{"customer": ', headers=headers)
    assert problems_of(response) == {"body": "is no JSON: Expecting value at character 13"}
    for nothing in ("", "[]", "5"):
        response = await api.post("/api/waitlist", content=nothing, headers=headers)
        assert list(problems_of(response)) == ["body"]


async def test_a_body_that_is_far_too_large_is_not_read(api: httpx.AsyncClient) -> None:
    response = await api.post("/api/staff", json={"name": "x" * 64_001})
    assert error_of(response, 413)["code"] == "CONTENT_TOO_LARGE"


async def test_a_filter_or_a_cursor_that_no_row_can_have_is_refused(api: httpx.AsyncClient) -> None:
    for name, odd in (("entity", "\x00"), ("actor", "a\x00b"), ("cursor", str(2**63))):
        assert list(problems_of(await api.get("/api/audit", params={name: odd}))) == [name]


async def test_a_parameter_that_nobody_reads_is_an_error_that_names_the_nearest(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    assert problems_of(await api.get("/api/bookings", params={"staff": str(shop.kim), "limit": "3"})) == {
        "staff": "there is no such parameter; did you mean staff_id?"
    }
    assert problems_of(await api.post("/api/staff", params={"dry": "1"}, json={"name": "Lea"})) == {
        "dry": "there is no such parameter"
    }
    assert len((await api.get("/api/staff")).json()) == 2


async def test_what_cannot_be_read_is_told_in_words_that_help(shop: Shop, api: httpx.AsyncClient) -> None:
    odd = booking_body(shop, staff_id="kim", starts_at="2026-11-25T10:00:00")
    del odd["service_id"]
    assert problems_of(await api.post("/api/bookings", json=odd)) == {
        "staff_id": "is no id; ids look like 0198f3a2-5c1e-7d40-9b6a-3f2e1d0c4b5a",
        "starts_at": "needs its distance from UTC, like 2026-03-02T10:30:00+01:00 or …Z",
        "service_id": "is needed",
    }


async def test_the_docs_name_the_key_of_every_write_that_takes_one(api: httpx.AsyncClient) -> None:
    paths = (await api.get("/api/openapi.json")).json()["paths"]

    def takes_key(path: str, method: str) -> bool:
        return [one["name"] for one in paths[path][method].get("parameters", [])].count(
            "Idempotency-Key"
        ) == 1

    assert takes_key("/api/bookings", "post")
    assert takes_key("/api/bookings/{booking_id}", "delete")
    assert not takes_key("/api/bookings", "get")
    assert not takes_key("/api/calendar-feeds", "post")  # Its answer holds a secret.
