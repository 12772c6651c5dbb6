"""Customers book and join without signing in: in one salon, with a number that they have shown to be theirs."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from standby.channels.base import OptedOut
from standby.jobs.reconcile import KEEP_VERIFICATIONS, prune
from standby.messages import consent
from standby.signed_links import LENGTH
from standby.tenants import tenants
from standby.tenants.customers import CONSENT_TEXT
from tests.api import app_of, error_of
from tests.integration.test_messages import Moody
from tests.salon import Clock, Shop, at_once, open_shop, open_system

PHONE = "+4740000001"
ADDRESS = "http://standby.test/api/public/shop"


def visiting(shop: Shop, address: str = "1.1.1.1") -> httpx.AsyncClient:
    """Somebody's browser at the salon's public address."""
    transport = httpx.ASGITransport(app_of(shop.system.web), client=(address, 1))
    return httpx.AsyncClient(
        transport=transport, base_url=f"http://standby.test/api/public/{shop.salon.slug}"
    )


@pytest.fixture
async def visitor(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(shop) as client:
        yield client


async def ask(shop: Shop, visitor: httpx.AsyncClient, phone: str = PHONE) -> tuple[str, str]:
    """Has a code sent; its verification, and the code as it came."""
    asked = await visitor.post("/verifications", json={"phone": phone, "purpose": "booking"})
    assert asked.status_code == 201, asked.text
    await shop.run_jobs()
    newest = shop.messages()[-1].message
    assert (newest.kind, newest.to) == ("verify_code", phone)
    [code] = re.findall(r"\b\d{6}\b", newest.text)
    return asked.json()["id"], code


async def guess(visitor: httpx.AsyncClient, verification: str, code: str) -> httpx.Response:
    return await visitor.post(f"/verifications/{verification}/confirm", json={"code": code})


async def verify(shop: Shop, visitor: httpx.AsyncClient, phone: str = PHONE) -> str:
    """A token of a number."""
    confirmed = await guess(visitor, *await ask(shop, visitor, phone))
    assert confirmed.status_code == 200, confirmed.text
    token: str = confirmed.json()["token"]
    return token


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def booking(shop: Shop, token: str, **given: Any) -> dict[str, Any]:
    usual = {
        "customer": {"name": "Kari Nordmann", "phone": PHONE},
        "verification": token,
        "consent": CONSENT_TEXT,
        "staff_id": str(shop.kim),
        "service_id": str(shop.cut),
        "starts_at": (shop.clock() + timedelta(days=1)).isoformat(),
    }
    return usual | given


def joining(shop: Shop, token: str, **given: Any) -> dict[str, Any]:
    usual = {
        "customer": {"name": "Kari Nordmann", "phone": PHONE},
        "verification": token,
        "consent": CONSENT_TEXT,
        "service_id": str(shop.cut),
        "earliest": shop.clock().isoformat(),
        "latest": (shop.clock() + timedelta(days=7)).isoformat(),
    }
    return usual | given


def fields_of(answer: httpx.Response) -> list[str]:
    return [one["field"] for one in error_of(answer, 422)["details"]["errors"]]


async def test_a_salon_shows_what_can_be_booked_and_nothing_of_anybody(
    shop: Shop, visitor: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    await shop.join("Ola Secret")
    await shop.book(at=shop.clock() + timedelta(days=1))
    await api.patch(f"/api/services/{shop.colour}", json={"active": False})
    about = (await visitor.get(ADDRESS)).json()
    assert (about["slug"], about["timezone"]) == ("shop", "Europe/Oslo")
    assert about["consent"]["version"] == CONSENT_TEXT
    assert "Shop may write to me" in about["consent"]["text"]
    services = (await visitor.get("/services")).json()
    assert [one["name"] for one in services] == ["Haircut"]
    assert set(services[0]) == {"id", "name", "duration_minutes", "price"}
    staff = (await visitor.get("/staff", params={"service_id": str(shop.cut)})).json()
    assert staff == [
        {"id": str(shop.alex), "name": "Alex", "services": [str(shop.cut)]},
        {"id": str(shop.kim), "name": "Kim", "services": [str(shop.cut)]},
    ]
    error_of(await visitor.get("/staff", params={"service_id": str(shop.colour)}), 404)
    day = {"service_id": str(shop.cut), "date": shop.clock().date().isoformat()}
    free = (await visitor.get("/free-times", params=day)).json()
    assert free
    assert set(free[0]) == {"starts_at", "ends_at", "staff"}
    soonest = shop.clock() + timedelta(seconds=about["minimum_notice_seconds"])
    assert free[0]["starts_at"] >= soonest.isoformat().replace("+00:00", "Z")
    for name in ("nobody", "SHOP", "%00", "a%2Fb", "shop'--"):
        error_of(await visitor.get(f"http://standby.test/api/public/{name}"), 404)


async def test_who_has_the_code_books_and_can_manage_the_booking(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    token = await verify(shop, visitor)
    booked = await visitor.post("/bookings", json=booking(shop, token))
    assert booked.status_code == 201, booked.text
    told = booked.json()
    assert (told["service_name"], told["staff_name"], told["not_taken_over"]) == ("Haircut", "Kim", [])
    page = await visitor.get(told["manage_url"])
    assert page.status_code == 200
    assert "Kari" in page.text
    row = await shop.one(
        "SELECT b.actor, c.phone, c.channels FROM bookings b JOIN customers c ON c.id = b.customer_id"
    )
    assert (row["actor"], row["phone"], set(row["channels"])) == ("customer", PHONE, {"whatsapp", "sms"})
    consents = await shop.all("SELECT text_version, source, granted FROM consents")
    assert [tuple(one) for one in consents] == [(CONSENT_TEXT, "customer", True)] * 2
    await shop.run_jobs()
    assert shop.messages()[-1].message.kind == "booking_confirmed"
    assert await shop.broken() == []


async def test_a_time_that_is_taken_is_answered_with_the_next_ones(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    token = await verify(shop, visitor)
    await shop.book(at=shop.clock() + timedelta(days=1))
    error = error_of(await visitor.post("/bookings", json=booking(shop, token)), 409)
    assert error["code"] == "SLOT_TAKEN"
    assert len(error["details"]["next_free"]) == 3
    assert error["details"]["waitlist"]["address"] == "/api/public/shop/waitlist"
    soon = booking(shop, token, starts_at=(shop.clock() + timedelta(seconds=1)).isoformat())
    assert fields_of(await visitor.post("/bookings", json=soon)) == ["starts_at"]


async def test_a_number_books_so_many_appointments_to_come_and_no_more_not_even_at_once(
    shop: Shop, visitor: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    token = await verify(shop, visitor)
    await api.patch("/api/policies", json={"minimum_notice_seconds": 0})
    soon = (shop.clock() + timedelta(minutes=5)).isoformat()
    days = [soon, *((shop.clock() + timedelta(days=day)).isoformat() for day in range(1, 7))]

    async def book(starts_at: str) -> httpx.Response:
        return await visitor.post("/bookings", json=booking(shop, token, starts_at=starts_at))

    assert [(await book(day)).status_code for day in days[:2]] == [201, 201]
    answers = await asyncio.gather(*(book(day) for day in days[2:5]))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    refused = error_of(next(one for one in answers if one.status_code == 409), 409)
    assert (refused["code"], refused["details"]) == ("TOO_MANY_BOOKINGS", {"limit": 3})
    assert len(await shop.all("SELECT FROM bookings")) == 3

    assert (await api.patch("/api/policies", json={"max_future_bookings": 4})).status_code == 200
    assert [(await book(day)).status_code for day in days[5:]] == [201, 409]
    shop.clock.forward(minutes=6)  # The first has begun.
    assert (await book(days[6])).status_code == 201
    error_of(
        await api.patch(
            "/api/policies", params={"service_id": str(shop.cut)}, json={"max_future_bookings": 9}
        ),
        422,
    )


async def test_who_joins_is_offered_a_time_that_comes_free(shop: Shop, visitor: httpx.AsyncClient) -> None:
    token = await verify(shop, visitor)
    joined = await visitor.post("/waitlist", json=joining(shop, token))
    assert joined.status_code == 201, joined.text
    assert joined.json()["position"]["position"] == 1
    again = await visitor.post("/waitlist", json=joining(shop, token, from_minute=60))
    assert (again.status_code, again.json()["not_taken_over"]) == (200, ["from_minute"])
    await shop.free_slot()
    await shop.run_jobs()
    taken = await visitor.post(f"http://standby.test/api/confirm/{shop.token()}")
    assert taken.json()["outcome"] == "booked"


async def test_all_that_is_wrong_with_a_form_is_told_at_once(shop: Shop, visitor: httpx.AsyncClient) -> None:
    wrong = joining(
        shop,
        "guessed",
        customer={"name": " ", "phone": PHONE, "email": "x"},
        consent="2020-01",
        service_id=str(uuid4()),
        weekdays=[9],
    )
    named = ["verification", "consent", "customer.name", "customer.email", "weekdays", "service_id"]
    assert fields_of(await visitor.post("/waitlist", json=wrong)) == named
    del wrong["verification"]
    wrong["earliest"] = "tomorrow"
    assert fields_of(await visitor.post("/waitlist", json=wrong)) == [
        "verification",
        "earliest",
        *named[1:],
    ]
    unread = await visitor.post("/verifications", json={"phone": "12", "purpose": "fun"})
    assert fields_of(unread) == ["purpose", "phone"]
    assert await shop.all("SELECT FROM customers UNION ALL SELECT FROM verifications") == []


async def test_whether_a_number_is_known_cannot_be_seen_by_who_has_not_shown_it_to_be_theirs(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    await shop.join("Kari", phone=PHONE)
    await shop.join("Kari", phone=PHONE, service_id=shop.colour)
    answers = []
    for phone in (PHONE, "+4740000002"):
        asked = await visitor.post("/verifications", json={"phone": phone, "purpose": "waitlist"})
        told = asked.json() | {"id": ""}
        person = {"name": "Kari Nordmann", "phone": phone}
        refused = [
            await visitor.post("/waitlist", json=joining(shop, "x", customer=person)),
            await visitor.post("/bookings", json=booking(shop, "x", customer=person)),
        ]
        answers.append((asked.status_code, told, [(one.status_code, one.json()) for one in refused]))
    assert answers[0] == answers[1]


async def test_a_known_customer_is_joined_and_nothing_of_theirs_is_overwritten(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    await shop.join("Kari Nordmann", phone=PHONE, email="kari@example.com", service_id=shop.colour)
    token = await verify(shop, visitor)
    person = {"name": "Mallory", "phone": PHONE, "email": "mallory@example.com"}
    joined = await visitor.post("/waitlist", json=joining(shop, token, customer=person))
    assert joined.json()["not_taken_over"] == ["customer.name", "customer.email"]
    known = await shop.one("SELECT name, email FROM customers")
    assert tuple(known) == ("Kari Nordmann", "kari@example.com")
    assert await shop.all("SELECT FROM consents WHERE channel = 'email' AND source = 'customer'") == []
    assert "Kari" not in joined.text


async def test_nobody_has_more_than_five_tries_however_many_they_make_at_once(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    one_by_one, code = await ask(shop, visitor)
    assert fields_of(await guess(visitor, one_by_one, "12")) == ["code"]  # No code at all is no try.
    for left in range(4, -1, -1):
        error = error_of(await guess(visitor, one_by_one, another(code)), 422)
        assert error["details"]["errors"][0]["message"] == f"is wrong; tries left: {left}"
    assert error_of(await guess(visitor, one_by_one, code), 409)["code"] == "CODE_OVER"

    at_once, code = await ask(shop, visitor, "+4740000002")
    answers = await asyncio.gather(*(guess(visitor, at_once, another(code)) for _ in range(20)))
    assert Counter(one.status_code for one in answers) == {422: 5, 409: 15}
    error_of(await guess(visitor, at_once, code), 409)

    right, code = await ask(shop, visitor, "+4740000003")
    answers = await asyncio.gather(*(guess(visitor, right, code) for _ in range(8)))
    assert Counter(one.status_code for one in answers) == {200: 1, 409: 7}


async def test_a_code_is_good_for_ten_minutes_and_its_token_for_thirty(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    verification, code = await ask(shop, visitor)
    assert "10 minutes" in shop.messages()[-1].message.text
    shop.clock.forward(minutes=10)
    error_of(await guess(visitor, verification, code), 409)

    token = await verify(shop, visitor)
    shop.clock.forward(minutes=29, seconds=59)
    assert (await visitor.post("/waitlist", json=joining(shop, token))).status_code == 201
    shop.clock.forward(seconds=1)
    assert fields_of(await visitor.post("/waitlist", json=joining(shop, token))) == ["verification"]


async def test_a_newer_code_ends_the_older_one_sent_or_not(shop: Shop, visitor: httpx.AsyncClient) -> None:
    first, code = await ask(shop, visitor)
    refused = await visitor.post("/verifications", json={"phone": PHONE, "purpose": "booking"})
    assert refused.headers["retry-after"] == "60"
    shop.clock.forward(seconds=60)
    second, newer = await ask(shop, visitor)
    error_of(await guess(visitor, first, code), 409)
    assert (await guess(visitor, second, f" {newer[:3]}-{newer[3:]}")).status_code == 200

    other = {"phone": "+4740000002", "purpose": "booking"}
    await visitor.post("/verifications", json=other)  # Nobody works at the moment.
    shop.clock.forward(minutes=1)
    await ask(shop, visitor, "+4740000002")
    stood = await shop.all("SELECT status, reason FROM messages ORDER BY created_at")
    assert [tuple(one) for one in stood[2:]] == [("dropped", "code_over"), ("sent", "")]


async def test_a_number_gets_three_codes_and_then_one_every_twenty_minutes(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    for _ in range(3):
        await ask(shop, visitor)
        shop.clock.forward(minutes=1)
    refused = await visitor.post("/verifications", json={"phone": PHONE, "purpose": "booking"})
    assert error_of(refused, 429)["details"] == {"retry_after_seconds": 17 * 60}
    await ask(shop, visitor, "+4740000002")
    shop.clock.forward(minutes=17)
    await ask(shop, visitor)

    body = {"phone": "+4740000003", "purpose": "booking"}
    answers = await asyncio.gather(*(visitor.post("/verifications", json=body) for _ in range(8)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 429: 7}


async def test_a_token_is_good_for_its_own_number_in_its_own_salon(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    token = await verify(shop, visitor)
    verification, code = await ask(shop, visitor, "+4740000003")
    async with visiting(theirs) as stranger:
        assert fields_of(await stranger.post("/waitlist", json=joining(theirs, token))) == ["verification"]
        error_of(await guess(stranger, verification, code), 404)
        foreign = joining(theirs, token, service_id=str(shop.cut))
        assert fields_of(await stranger.post("/waitlist", json=foreign)) == ["verification", "service_id"]
    other = booking(shop, token, customer={"name": "Ola", "phone": "+4740000002"})
    assert fields_of(await visitor.post("/bookings", json=other)) == ["verification"]
    assert (await guess(visitor, verification, code)).status_code == 200


async def test_a_write_with_a_key_happens_once_and_no_secret_of_it_is_kept(
    shop: Shop, visitor: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    verification, code = await ask(shop, visitor)
    tables = ("verifications", "messages", "message_events", "idempotency_keys")
    kept = [await shop.all(f'SELECT t::text FROM "{table}" t') for table in tables]  # noqa: S608
    token = (await guess(visitor, verification, code)).json()["token"]
    key = {"Idempotency-Key": "mine"}
    answers = [await visitor.post("/bookings", json=booking(shop, token), headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert len(await shop.all("SELECT FROM bookings")) == 1
    other = await visitor.post("/waitlist", json=joining(shop, token), headers=key)
    assert error_of(other, 409)["code"] == "KEY_USED_BEFORE"
    # The salon's own programs are not in the way of its visitors, nor these in theirs.
    assert (await api.post("/api/staff", json={"name": "Mia"}, headers=key)).status_code == 201

    link = answers[1].json()["manage_url"].rpartition("/b/")[2]
    assert len(link) == LENGTH
    kept += [await shop.all(f'SELECT t::text FROM "{table}" t') for table in tables]  # noqa: S608
    bodies = await shop.all("SELECT convert_from(body, 'UTF8') FROM idempotency_keys")
    rows = [row[0] for table in [*kept, bodies] for row in table]
    assert len(rows) >= 8
    assert not [secret for secret in (token, link) for row in rows if secret in row]
    assert not [row for row in rows if re.search(rf"(?<![0-9a-f]){code}(?![0-9a-f])", row)]


async def test_writes_are_limited_by_address_by_number_and_by_salon(database_url: str, clock: Clock) -> None:
    rates: dict[str, Any] = {
        "public_writes_per_address": 2,
        "public_writes_per_person": 3,
        "public_writes_per_salon": 4,
    }
    async with open_system(database_url, clock, **rates) as parts:
        shop = await open_shop(parts, clock)

        async def join(address: str, phone: str) -> httpx.Response:
            async with visiting(shop, address) as client:
                body = joining(shop, "x", customer={"name": "Kari", "phone": phone})
                return await client.post("/waitlist", json=body)

        assert [(await join("1.1.1.1", PHONE)).status_code for _ in range(3)] == [422, 422, 429]
        assert [(await join("2.2.2.2", PHONE)).status_code for _ in range(2)] == [422, 429]
        refused = [await join("3.3.3.3", f"+4740000{number}") for number in (100, 200)]
        assert [one.status_code for one in refused] == [422, 429]
        assert int(refused[1].headers["retry-after"]) > 0

        for number, (path, body) in enumerate(
            {
                "/bookings": booking(shop, "x"),
                "/verifications": {"phone": PHONE, "purpose": "booking"},
                f"/verifications/{uuid4()}/confirm": {"code": "123456"},
            }.items()
        ):
            clock.forward(minutes=1)
            async with visiting(shop, f"4.4.4.{number}") as client:
                answers = [await client.post(path, json=body) for _ in range(3)]
            assert answers[0].status_code in {201, 404, 422}, path
            assert answers[2].status_code == 429, path


async def test_who_has_closed_a_channel_gets_no_code_by_it(shop: Shop, visitor: httpx.AsyncClient) -> None:
    joined = await shop.join("Kari", phone=PHONE)
    customer = await shop.one("SELECT customer_id FROM waitlist_entries WHERE id = $1", joined.entry_id)
    for channel in ("whatsapp", "sms"):
        await shop.all(
            "INSERT INTO consents (tenant_id, id, customer_id, channel, granted, text_version, source, at)"
            " VALUES (current_tenant(), gen_random_uuid(), $1, $2, false, '', 'sms', $3) RETURNING id",
            customer["customer_id"],
            channel,
            shop.clock(),
        )
        shop.clock.forward(minutes=2)
        await visitor.post("/verifications", json={"phone": PHONE, "purpose": "booking"})
        await shop.run_jobs()
    assert [one.message.channel for one in shop.messages()] == ["sms"]
    last = await shop.one("SELECT status, reason FROM messages ORDER BY created_at DESC LIMIT 1")
    assert tuple(last) == ("failed", "no_open_channel")


@pytest.mark.parametrize("path", ["/waitlist", "/bookings"])
async def test_who_names_a_channel_that_they_had_closed_opens_it_and_no_other(
    shop: Shop, visitor: httpx.AsyncClient, path: str
) -> None:
    customer = await closed_all_but_sms(shop)
    token = await verify(shop, visitor)
    body = joining(shop, token) if path == "/waitlist" else booking(shop, token)
    person = {**body["customer"], "email": "kari@example.com"}

    times = (shop.clock() + timedelta(days=days) for days in (1, 2, 3))

    async def open_after(**named: Any) -> set[str]:
        time = {"starts_at": next(times).isoformat()} if path == "/bookings" else {}
        answer = await visitor.post(path, json={**body, **time, "customer": person | named})
        assert answer.status_code in {200, 201}, answer.text
        shop.clock.forward(minutes=5)
        row = await shop.one("SELECT channels FROM customers WHERE id = $1", customer)
        return set(row["channels"])

    assert await open_after() == {"sms"}, "no channel is named"
    other = {"email": "another@example.com", "channels": ["email"]}
    assert await open_after(**other) == {"sms"}, "not the address that is known"
    assert await open_after(channels=["email"]) == {"sms", "email"}
    last = await shop.one(
        "SELECT granted, text_version FROM consents WHERE channel = 'email' ORDER BY at DESC LIMIT 1"
    )
    assert tuple(last) == (True, CONSENT_TEXT)


async def closed_all_but_sms(shop: Shop) -> UUID:
    """Kari waits for colour, and wants neither mails nor WhatsApp any more; her id."""
    await shop.join("Kari", phone=PHONE, email="kari@example.com", service_id=shop.colour)
    customer: UUID = (await shop.one("SELECT id FROM customers"))["id"]
    async with shop.transaction() as tx:
        for channel in ("email", "whatsapp"):
            await consent.withdraw(tx, customer, channel, source="unsubscribe", at=shop.clock())
    shop.clock.forward(minutes=2)
    return customer


async def test_a_code_that_is_sent_again_is_another_and_the_first_is_good_no_longer(
    database_url: str, clock: Clock
) -> None:
    """To somebody whom the salon doesn't know, and who wants nothing from its WhatsApp."""
    whatsapp, sms = Moody(OptedOut("131050: stopped")), Moody()
    async with open_system(database_url, clock, channels={"whatsapp": whatsapp, "sms": sms}) as parts:
        shop = await open_shop(parts, clock)
        async with visiting(shop) as visitor:
            asked = await visitor.post("/verifications", json={"phone": PHONE, "purpose": "booking"})
            await shop.run_jobs()
            [first], [second] = whatsapp.sent, sms.sent
            assert first.template is not None
            assert first.template.values == (first.template.code,)
            assert first.unsubscribe_url is None
            again = second.text.split()[0]
            assert again != first.template.code
            error_of(await guess(visitor, asked.json()["id"], str(first.template.code)), 422)
            assert (await guess(visitor, asked.json()["id"], again)).status_code == 200

        [message] = await shop.all("SELECT id, status, channel FROM messages")
        assert (message["status"], message["channel"]) == ("sent", "sms")
        assert await shop.all("SELECT FROM consents") == []
        async with shop.transaction() as tx:
            reported = await tx.fetchrow(
                "SELECT * FROM note_delivery($1, 'sms', 'moody', 'moody-1', 'failed', NULL, 'no such number', $2, $2)",
                message["id"],
                clock(),
            )
            assert reported is not None
            assert reported["customer"] is None
        await shop.run_jobs()
        assert (await shop.all("SELECT status FROM messages"))[0]["status"] == "dropped"  # It did its work.


async def test_codes_are_forgotten_after_a_day_and_the_number_with_them(
    shop: Shop, visitor: httpx.AsyncClient
) -> None:
    await ask(shop, visitor)
    shop.clock.forward(seconds=KEEP_VERIFICATIONS.total_seconds())
    pool = shop.system.worker_pool
    await prune(pool, shop.system.settings.queue_rules(), now=shop.clock())
    assert len(await shop.all("SELECT FROM verifications")) == 1
    await prune(pool, shop.system.settings.queue_rules(), now=shop.clock.forward(seconds=1))
    assert await shop.all("SELECT FROM verifications") == []
    assert [tuple(one) for one in await shop.all("SELECT status, address FROM messages")] == [("sent", None)]


async def test_an_owner_changes_the_salons_name_in_addresses(
    shop: Shop, api: httpx.AsyncClient, visitor: httpx.AsyncClient
) -> None:
    await open_shop(shop.system, shop.clock, slug="taken")
    for slug in ("admin", "Shop", "-x", ""):
        assert fields_of(await api.patch("/api/salon", json={"slug": slug})) == ["slug"]
    assert error_of(await api.patch("/api/salon", json={"slug": "taken"}), 409)["code"] == "NAME_TAKEN"
    assert (await api.patch("/api/salon", json={"slug": "fjord"})).json()["slug"] == "fjord"
    assert (await api.get("/api/salon")).json()["slug"] == "fjord"
    error_of(await visitor.get(ADDRESS), 404)
    assert (await visitor.get("http://standby.test/api/public/fjord")).status_code == 200
    changed = (await api.get("/api/audit", params={"entity": "salon"})).json()["items"]
    assert changed[0]["after"] == {"slug": "fjord"}

    theirs = await open_shop(shop.system, shop.clock, slug="theirs")

    async def rename(one: Shop) -> None:
        async with one.transaction() as tx:
            await tenants.rename(tx, "wanted")

    done = await at_once(rename(shop), rename(theirs))
    assert sorted(type(one).__name__ for one in done) == ["NameTaken", "NoneType"]
