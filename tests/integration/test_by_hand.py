"""What somebody at the salon answers by hand: by which channel it may go, when, and that it goes once."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID, uuid4

import httpx
import pytest

from standby.accounts.permissions import Role
from standby.channels.events import Reply
from standby.errors import CannotAnswer
from standby.messages import by_hand, consent, inbound, usage
from standby.messages.usage import Quota
from standby.privacy import personal_data
from standby.tenants import tenants
from tests.api import error_of, token_for
from tests.salon import Shop, at_once

ids = count(1)
PHONE = "+4741234567"


async def writes(shop: Shop, text: str = "Can I bring my dog?", channel: str = "whatsapp") -> UUID:
    """Kari writes what nobody but a person can answer; who she is."""
    reply = Reply(f"wamid.hand.{next(ids)}", shop.clock(), PHONE, "1555", text, None, None, None)
    async with shop.transaction() as tx:
        await inbound.take(tx, channel, reply, now=shop.clock())
    await shop.run_jobs()
    shop.system.phones.messages.clear()
    return await kari(shop)


async def kari(shop: Shop) -> UUID:
    customer: UUID = (await shop.one("SELECT id FROM customers WHERE phone = $1", PHONE))["id"]
    return customer


async def said(shop: Shop) -> list[tuple[str, str, str]]:
    await shop.run_jobs()
    return [(one.message.channel, one.message.to, one.message.text) for one in shop.messages()]


@pytest.fixture
async def shop(shop: Shop) -> Shop:
    """Kari waits there."""
    await shop.join("Kari", phone=PHONE, email="kari@example.com")
    return shop


async def test_an_answer_goes_back_as_it_was_typed_by_the_way_that_they_wrote(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    customer = await writes(shop)
    answer = await api.post(
        f"/api/customers/{customer}/messages", json={"text": " Yes, {salon} likes dogs.\n "}
    )
    assert answer.status_code == 201
    assert answer.json()["channel"] == "whatsapp"
    assert await said(shop) == [("whatsapp", PHONE, "Yes, {salon} likes dogs.")]
    await writes(shop, "and a cat?", channel="sms")
    await api.post(f"/api/customers/{customer}/messages", json={"text": "That too."})
    assert await said(shop) == [("sms", PHONE, "Shop: That too.")]
    [newest, *_] = (await api.get("/api/messages", params={"kind": "by_hand"})).json()["items"]
    assert (newest["text"], newest["state"], newest["channel"]) == ("That too.", "sent", "sms")


async def test_the_same_request_writes_once(shop: Shop, api: httpx.AsyncClient) -> None:
    customer = await writes(shop)
    path, headers = f"/api/customers/{customer}/messages", {"Idempotency-Key": "one"}
    first = await api.post(path, json={"text": "Yes"}, headers=headers)
    again = await api.post(path, json={"text": "Yes"}, headers=headers)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert len(await said(shop)) == 1


async def test_a_form_that_is_sent_twice_at_once_writes_once_and_handles_what_was_seen(shop: Shop) -> None:
    customer = await writes(shop)
    seen = (await shop.one("SELECT id FROM replies"))["id"]
    shop.clock.forward(seconds=1)
    await writes(shop, "Hello??")
    form = uuid4()

    async def send() -> bool:
        async with shop.transaction() as tx:
            written = await by_hand.answer(
                tx, customer, "Yes", seen=seen, message_id=form, now=shop.clock(), actor="user:mia"
            )
        return written.again

    assert sorted(await at_once(send(), send())) == [False, True]
    assert len(await said(shop)) == 1
    rows = await shop.all("SELECT handled_by FROM replies ORDER BY received_at")
    assert [row["handled_by"] for row in rows] == ["user:mia", None]  # The second nobody had seen yet.


async def test_whatsapp_takes_an_answer_for_a_day_and_then_another_way_does(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    customer = await writes(shop)
    shop.clock.forward(hours=24)
    api.headers["Authorization"] = f"Bearer {token_for(shop)}"
    path = f"/api/customers/{customer}/messages"
    error = error_of(await api.post(path, json={"text": "Yes", "channel": "whatsapp"}), 409)
    assert (error["code"], error["details"]) == (
        "CANNOT_ANSWER",
        {"channel": "whatsapp", "why": "window_over"},
    )
    assert (await api.post(path, json={"text": "Yes"})).json()["channel"] == "sms"
    assert await said(shop) == [("sms", PHONE, "Shop: Yes")]


async def test_who_has_stopped_or_never_wrote_is_not_written_to(shop: Shop, api: httpx.AsyncClient) -> None:
    customer = await kari(shop)
    path = f"/api/customers/{customer}/messages"
    error = error_of(await api.post(path, json={"text": "Buy now"}), 409)
    assert error["details"]["why"] == "never_wrote"
    await writes(shop, channel="sms")
    async with shop.transaction() as tx:
        for channel in ("sms", "whatsapp", "email"):
            await consent.withdraw(tx, customer, channel, source="test", at=shop.clock())
    error = error_of(await api.post(path, json={"text": "Yes"}), 409)
    assert error["details"] == {"channel": "sms", "why": "closed"}
    assert await said(shop) == []


async def test_a_stop_that_comes_after_it_was_written_is_kept_to(shop: Shop) -> None:
    customer = await writes(shop)
    async with shop.transaction() as tx:
        written = await by_hand.answer(tx, customer, "Yes", now=shop.clock(), actor="mia")
        await consent.withdraw(tx, customer, "whatsapp", source="test", at=shop.clock())
    assert await said(shop) == []
    row = await shop.one("SELECT status, reason FROM messages WHERE id = $1", written.message_id)
    assert tuple(row) == ("failed", "no_open_channel")


async def test_it_counts_in_quota_and_rate_and_waits_for_no_morning(shop: Shop) -> None:
    customer = await writes(shop)
    async with shop.transaction() as tx:
        await tenants.change_policy(
            tx, None, {"messages_per_minute": 1, "quiet_from_minute": 0, "quiet_until_minute": 1439}
        )
        for number in range(2):
            await by_hand.answer(tx, customer, f"Answer {number}", now=shop.clock(), actor="mia")
    assert len(await said(shop)) == 1
    await shop.pass_time(minutes=1)
    assert len(await said(shop)) == 2
    async with shop.transaction() as tx:
        await usage.set_quota(tx, "whatsapp", Quota(0, Decimal(0), "NOK"))
        written = await by_hand.answer(tx, customer, "Answer 3", now=shop.clock(), actor="mia")
    await shop.pass_time(minutes=1)
    row = await shop.one("SELECT status, reason FROM messages WHERE id = $1", written.message_id)
    assert tuple(row) == ("failed", "quota")


async def test_what_is_no_text_is_said(shop: Shop, api: httpx.AsyncClient) -> None:
    customer = await writes(shop)
    for text, code in (("  ", "missing"), ("x" * 601, "too_long"), ("a\0b", "not_plain")):
        refused = await api.post(f"/api/customers/{customer}/messages", json={"text": text})
        [problem] = error_of(refused, 422)["details"]["errors"]
        assert (problem["field"], problem["code"]) == ("text", code)
    error_of(await api.post(f"/api/customers/{customer}/messages", json={"text": "x", "channel": "fax"}), 422)


async def test_a_viewer_answers_nobody(shop: Shop, api: httpx.AsyncClient) -> None:
    customer = await writes(shop)
    headers = {"Authorization": f"Bearer {token_for(shop, Role.VIEWER)}"}
    error_of(await api.post(f"/api/customers/{customer}/messages", json={"text": "x"}, headers=headers), 403)


async def test_what_was_written_is_handed_out_with_their_data_and_erased_with_it(shop: Shop) -> None:
    customer = await writes(shop)
    async with shop.transaction() as tx:
        await by_hand.answer(tx, customer, "Kari, yes", now=shop.clock(), actor="mia")
        assert "Kari, yes" in str(await personal_data.export(tx, customer))
        await personal_data.erase(tx, customer, now=shop.clock(), actor="mia")
        assert "Kari" not in str(await tx.fetchval("SELECT array_agg(details) FROM messages"))
        with pytest.raises(CannotAnswer):
            await by_hand.answer(tx, customer, "x", now=shop.clock(), actor="mia")


async def test_a_worker_that_does_not_know_the_kind_leaves_it_to_one_that_does(shop: Shop) -> None:
    customer = await writes(shop)
    async with shop.transaction() as tx:
        written = await by_hand.answer(tx, customer, "Yes", now=shop.clock(), actor="mia")
    now = shop.clock()
    async with shop.system.worker_pool.acquire() as connection:
        claimed = await connection.fetch(
            "SELECT id FROM claim_messages($1, $2, $3, $4, $5, $6, $7, $8)",
            [shop.salon.id],
            [written.message_id],
            [b""],
            uuid4(),
            now + timedelta(minutes=1),
            now,
            ["whatsapp"],
            [b"x"],
        )
    assert claimed == []
    assert len(await said(shop)) == 1
