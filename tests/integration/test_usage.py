"""What a salon has sent and may send, what it is told of that, and how fast one number goes."""

import base64
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from cryptography.fernet import Fernet
from rich.console import Console

from standby import clock as wall_clock
from standby.channels.base import Outgoing, Receipt, Sent, Stopped
from standby.doctor.examination import examine
from standby.errors import Invalid
from standby.messages import senders, usage
from standby.messages.delivery import Asked
from standby.messages.sealing import Seal
from standby.messages.senders import Sender
from standby.messages.usage import Cost, Quota
from standby.waitlist import cascade, offers
from standby.wiring import System
from tests.api import calling
from tests.salon import MONDAY_NOON, Clock, Shop, at_once, open_shop, open_system

NOVEMBER = date(2026, 11, 1)
KRONER = Quota(1, Decimal("0.45"), "NOK")
TWILIO = Sender("twilio", "+4790000000", {"account_sid": "AC1"}, {"auth_token": "hush"})


class Taking:
    """A channel that takes everything, unless it is told to say something else."""

    def __init__(self, name: str, receipt: Receipt | None = None) -> None:
        self.name = name
        self.receipt = receipt
        self.sent: list[UUID] = []

    async def send(self, message: Outgoing) -> Receipt:
        self.sent.append(message.id)
        return self.receipt or Sent(f"{self.name}-{len(self.sent)}")

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None


@asynccontextmanager
async def selling(url: str, clock: Clock, **channels: Taking) -> AsyncIterator[Shop]:
    async with open_system(url, clock, channels=channels) as parts:
        yield await open_shop(parts, clock)


async def offer(shop: Shop, number: int = 1, **customer: Any) -> None:
    """So many customers get an offer each."""
    taken = (await shop.one("SELECT count(*) AS slots FROM slots"))["slots"]
    for n in range(number):
        await shop.join(f"Customer {n}", **customer)
        await shop.free_slot(at=shop.tomorrow() + timedelta(days=2, hours=taken + n))
        await shop.run_jobs()


async def set_quota(shop: Shop, channel: str, quota: Quota = KRONER) -> None:
    async with shop.transaction() as tx:
        await usage.set_quota(tx, channel, quota)


async def used(shop: Shop, month: date = NOVEMBER) -> dict[str, usage.ChannelUsage]:
    async with shop.transaction() as tx:
        return {one.channel: one for one in await usage.of_month(tx, month)}


async def sent_by(shop: Shop) -> Counter[str | None]:
    return Counter(
        row["channel"] for row in await shop.all("SELECT channel FROM messages WHERE status = 'sent'")
    )


async def told(shop: Shop) -> list[tuple[str, dict[str, Any]]]:
    rows = await shop.all("SELECT kind, details FROM notices ORDER BY at, id")
    return [(row["kind"], row["details"]) for row in rows]


async def test_what_was_sent_is_counted_with_its_cost(database_url: str, clock: Clock) -> None:
    async with selling(database_url, clock, sms=Taking("x")) as shop:
        await offer(shop)
        await set_quota(shop, "sms", Quota(100, Decimal("0.45"), "NOK"))
        await offer(shop, 2)
        assert await used(shop) == {
            "sms": usage.ChannelUsage("sms", 3, 6, [Cost(Decimal("1.8000"), "NOK")], 100, 97)
        }
        sends = await shop.all("SELECT segments FROM message_events WHERE event = 'sent'")
        assert [row["segments"] for row in sends] == [2, 2, 2], "a text and its link"


async def test_a_month_is_one_of_the_salons_calendar(database_url: str) -> None:
    clock = Clock(datetime(2026, 11, 30, 23, 30, tzinfo=UTC))  # in Oslo it is December
    async with selling(database_url, clock, sms=Taking("x")) as shop:
        await offer(shop)
        assert await used(shop) == {}
        assert (await used(shop, date(2026, 12, 1)))["sms"].messages == 1
        async with shop.transaction() as tx:
            assert await usage.current_month(tx, now=clock()) == date(2026, 12, 1)


async def test_a_new_price_does_not_change_what_was_counted(database_url: str, clock: Clock) -> None:
    async with selling(database_url, clock, sms=Taking("x")) as shop:
        for currency in ("NOK", "USD"):
            await set_quota(shop, "sms", Quota(None, Decimal(2), currency))
            await offer(shop)
        assert (await used(shop))["sms"].costs == [
            Cost(Decimal("4.0000"), "NOK"),
            Cost(Decimal("4.0000"), "USD"),
        ]


async def test_a_channel_that_is_used_up_gives_way_and_the_salon_is_told_once(
    database_url: str, clock: Clock
) -> None:
    async with selling(database_url, clock, sms=Taking("x"), email=Taking("y")) as shop:
        await set_quota(shop, "sms")
        for name in ("kari", "ola", "per"):
            await offer(shop, email=f"{name}@example.com")
        assert await sent_by(shop) == {"sms": 1, "email": 2}
        assert await told(shop) == [("quota_used_up", {"channel": "sms", "month": "2026-11", "limit": 1})]
        assert await shop.broken() == []


async def test_the_next_month_has_a_quota_of_its_own(database_url: str, clock: Clock) -> None:
    async with selling(database_url, clock, sms=Taking("x"), email=Taking("y")) as shop:
        await set_quota(shop, "sms")
        await offer(shop, 2, email="kari@example.com")
        shop.clock.forward(days=10)
        await offer(shop, 2, email="kari@example.com")
        assert await sent_by(shop) == {"sms": 2, "email": 2}
        assert [details["month"] for _, details in await told(shop)] == ["2026-11", "2026-12"]


async def test_an_offer_without_another_channel_goes_on_to_who_has_one(
    database_url: str, clock: Clock
) -> None:
    async with selling(database_url, clock, sms=Taking("x"), email=Taking("y")) as shop:
        await set_quota(shop, "sms", replace(KRONER, limit=0))
        first = await shop.join("Only by phone")
        second = await shop.join("Has a mailbox", email="ola@example.com")
        await shop.free_slot()
        await shop.run_jobs()
        assert await shop.status_of("waitlist_entries", first.entry_id) == "waiting"
        assert await shop.status_of("waitlist_entries", second.entry_id) == "notified"
        lost = await shop.one("SELECT reason FROM messages WHERE status = 'failed'")
        assert lost["reason"] == "quota"
        assert await sent_by(shop) == {"email": 1}
        assert await shop.broken() == []


async def test_another_message_without_another_channel_fails_and_says_why(
    database_url: str, clock: Clock
) -> None:
    async with selling(database_url, clock, sms=Taking("x")) as shop:
        await set_quota(shop, "sms")
        await offer(shop)
        made = await shop.one("SELECT id FROM offers")
        async with shop.transaction() as tx:
            await offers.accept(tx, made["id"], now=shop.clock(), actor="customer")
        await shop.run_jobs()
        booked = await shop.one("SELECT status, reason FROM messages WHERE kind = 'booked'")
        assert tuple(booked) == ("failed", "quota")


async def test_who_agreed_to_no_open_channel_is_no_matter_of_a_quota(database_url: str, clock: Clock) -> None:
    async with selling(database_url, clock, sms=Taking("x"), email=Taking("y")) as shop:
        await set_quota(shop, "email", replace(KRONER, limit=0))
        async with shop.transaction() as tx:
            await tx.execute("UPDATE policies SET channel_order = '{whatsapp}'")
        await shop.join()
        slot = await shop.free_slot()
        await shop.run_jobs()
        assert await shop.status_of("slots", slot) == "open"
        assert (await shop.one("SELECT reason FROM messages"))["reason"] == "no_open_channel"


async def test_workers_side_by_side_never_send_more_than_the_quota(database_url: str, clock: Clock) -> None:
    sms, email = Taking("x"), Taking("y")
    channels = {"sms": sms, "email": email}
    async with (
        open_system(database_url, clock, channels=channels) as one,
        open_system(database_url, clock, channels=channels) as other,
    ):
        shop = await open_shop(one, clock)
        await set_quota(shop, "sms", replace(KRONER, limit=3))
        for number in range(10):
            await shop.join(f"Customer {number}", email=f"customer{number}@example.com")
            slot = await shop.free_slot(at=clock() + timedelta(days=3, hours=number))
            async with shop.transaction() as tx:
                await cascade.fill(tx, slot, now=clock())
        ids = [row["id"] for row in await shop.all("SELECT id FROM messages ORDER BY created_at, id")]

        def deliver(parts: System, message_id: UUID) -> Any:
            return parts.delivery.deliver(Asked(shop.salon.id, message_id))

        done = await at_once(*(deliver(parts, one_id) for one_id in ids for parts in (one, other)))
        assert [result for result in done if result is not None] == []
        assert len(sms.sent) == 3
        assert len(set(sms.sent + email.sent)) == len(sms.sent + email.sent) == 10
        assert (await used(shop))["sms"].left == 0


async def test_two_workers_record_what_one_salon_sent_and_nothing_is_counted_twice(
    database_url: str, clock: Clock
) -> None:
    channels = {"sms": Taking("x"), "email": Taking("y")}
    async with (
        open_system(database_url, clock, channels=channels) as one,
        open_system(database_url, clock, channels=channels) as other,
    ):
        shops = [await open_shop(one, clock, slug=f"shop-{number}") for number in range(4)]
        asked = []
        for shop in shops:
            for number in range(8):
                await shop.join(f"Customer {number}")
                slot = await shop.free_slot(at=clock() + timedelta(days=3, hours=number))
                async with shop.transaction() as tx:
                    await cascade.fill(tx, slot, now=clock())
            asked += [Asked(shop.salon.id, row["id"]) for row in await shop.all("SELECT id FROM messages")]
        halves = [one.delivery.deliver(each) for each in asked[::2]] + [
            other.delivery.deliver(each) for each in asked[1::2][::-1]
        ]
        assert [result for result in await at_once(*halves) if result is not None] == []
        assert [(await used(shop))["sms"].messages for shop in shops] == [8] * 4


async def test_a_refused_sender_is_told_once_a_day(database_url: str, clock: Clock) -> None:
    async with selling(database_url, clock, sms=Taking("x", Stopped("no credit")), email=Taking("y")) as shop:
        await offer(shop, email="kari@example.com")
        shop.clock.forward(hours=1)
        await offer(shop, email="ola@example.com")
        assert await told(shop) == [("sender_refused", {"channel": "sms", "reason": "no credit"})]
        shop.clock.forward(days=1)
        await offer(shop, email="per@example.com")
        assert len(await told(shop)) == 2


async def test_the_doctor_tells_of_quotas_that_are_used_up(database_url: str) -> None:
    clock = Clock(wall_clock.now())  # The doctor looks at the real month.
    async with selling(database_url, clock, sms=Taking("x")) as shop:
        await set_quota(shop, "sms")
        await offer(shop)
        said = StringIO()
        await examine(shop.system.settings, database_url, Console(file=said, width=200))
        assert "shop: sms: the quota of" in said.getvalue()
        assert "is used up (1 of 1 messages)" in said.getvalue()


async def test_all_that_is_wrong_with_a_quota_is_told_at_once(shop: Shop) -> None:
    with pytest.raises(Invalid) as raised:
        await set_quota(shop, "sms", Quota(-1, Decimal("nan"), "kroner"))
    assert [one.field for one in raised.value.problems] == ["limit", "unit_cost", "currency"]


async def test_usage_and_quotas_by_the_api(database_url: str, clock: Clock) -> None:
    async with selling(database_url, clock, sms=Taking("x")) as shop, calling(shop) as api:
        answer = await api.put("/api/quotas/sms", json={"limit": 5, "unit_cost": 0.45, "currency": "NOK"})
        assert answer.json() == {"channel": "sms", "limit": 5, "unit_cost": "0.45", "currency": "NOK"}
        await offer(shop)
        answer = await api.get("/api/usage")
        assert answer.json() == {
            "month": "2026-11",
            "channels": [
                {
                    "channel": "sms", "messages": 1, "segments": 2, "limit": 5, "left": 4,
                    "costs": [{"amount": "0.9000", "currency": "NOK"}],
                }
            ],
        }  # fmt: skip
        assert (await api.get("/api/usage", params={"month": "2026-10"})).json()["channels"] == [
            {"channel": "sms", "messages": 0, "segments": 0, "limit": 5, "left": 5, "costs": []}
        ]
        for month in ("2026-13", "november", "1999-01", "26-11"):
            assert (await api.get("/api/usage", params={"month": month})).status_code == 422, month
        answer = await api.put("/api/quotas/sms", json={"limit": -1, "unit_cost": -1, "currency": "x"})
        fields = [one["field"] for one in answer.json()["error"]["details"]["errors"]]
        assert (answer.status_code, fields) == (422, ["limit", "unit_cost", "currency"])
        assert (await api.put("/api/quotas/pigeon", json={"limit": 1, "currency": "NOK"})).status_code == 422


async def test_unseen_notices_come_first_and_marking_them_hides_nothing_of_the_next_page(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    ids = [uuid4() for _ in range(5)]
    for number, notice in enumerate(ids):
        await tell(shop, notice, MONDAY_NOON + timedelta(minutes=number))
    assert (await api.post(f"/api/notices/{ids[4]}/seen")).status_code == 204
    first = (await api.get("/api/notices", params={"limit": 2})).json()
    assert [one["id"] for one in first["items"]] == [str(ids[3]), str(ids[2])]
    for one in first["items"]:
        await api.post(f"/api/notices/{one['id']}/seen")
    second = (await api.get("/api/notices", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["id"] for one in second["items"]] == [str(ids[1]), str(ids[0])]
    third = (await api.get("/api/notices", params={"limit": 9, "cursor": second["next_cursor"]})).json()
    assert [one["id"] for one in third["items"]] == [str(ids[4]), str(ids[3]), str(ids[2])]
    assert third["next_cursor"] is None
    for wrong in ("x", "seen.x", base64.urlsafe_b64encode(b"[1, 2]").decode()):
        assert (await api.get("/api/notices", params={"cursor": wrong})).status_code == 422, wrong
    assert (await api.post(f"/api/notices/{uuid4()}/seen")).json()["error"]["code"] == "NOTICE_NOT_FOUND"


async def test_a_notice_stays_seen_since_the_first_time(shop: Shop, api: httpx.AsyncClient) -> None:
    notice = uuid4()
    await tell(shop, notice, MONDAY_NOON)
    for _ in range(2):
        await api.post(f"/api/notices/{notice}/seen")
        shop.clock.forward(hours=1)
    assert (await shop.one("SELECT seen_at FROM notices"))["seen_at"] == MONDAY_NOON


async def test_one_number_sends_one_message_a_second(database_url: str, clock: Clock) -> None:
    async with selling(database_url, clock) as shop:
        await appoint(shop, "sms", TWILIO)
        turns = await granted(shop, 4)
        assert turns == [0, 1, 2, 3]
        events = await shop.all("SELECT details FROM message_events WHERE event = 'deferred'")
        assert {row["details"] for row in events} == {"it is not its turn at +4790000000"}


async def test_a_number_may_be_quicker_if_the_salon_says_so(database_url: str, clock: Clock) -> None:
    async with selling(database_url, clock) as shop:
        await appoint(shop, "sms", replace(TWILIO, options={**TWILIO.options, "per_second": "4"}))
        assert await granted(shop, 4) == [0, 0.25, 0.5, 0.75]


async def test_a_mailbox_has_no_such_rate(database_url: str, clock: Clock) -> None:
    async with selling(database_url, clock) as shop:
        await appoint(shop, "email", Sender("sendgrid", "post@example.com", {}, {"api_key": "x"}))
        async with shop.transaction() as tx:
            await tx.execute("UPDATE policies SET channel_order = '{email}'")
        assert await granted(shop, 4, email=True) == [0, 0, 0, 0]


@pytest.mark.parametrize("rate", ["0", "fast", "-1", "1001", ""])
async def test_a_rate_that_is_none_is_refused(shop: Shop, rate: str) -> None:
    with pytest.raises(Invalid) as raised:
        await appoint(shop, "sms", replace(TWILIO, options={**TWILIO.options, "per_second": rate}))
    assert [one.field for one in raised.value.problems] == ["per_second"]


async def granted(shop: Shop, number: int, *, email: bool = False) -> list[float]:
    """In how many seconds each of so many messages goes out, by what claiming them says; nothing is sent."""
    for n in range(number):
        await shop.join(f"Customer {n}", email=f"customer{n}@example.com" if email else None)
        slot = await shop.free_slot(at=shop.clock() + timedelta(days=3, hours=n))
        async with shop.transaction() as tx:
            await cascade.fill(tx, slot, now=shop.clock())
    start = shop.clock()
    out: list[float] = []
    while len(out) < number:
        rows = await shop.all("SELECT id FROM messages WHERE status = 'queued' ORDER BY created_at, id")
        claimed = await shop.system.worker_pool.fetch(
            "SELECT id FROM claim_messages($1, $2, $3, gen_random_uuid(), $4, $5, '{}')",
            [shop.salon.id] * len(rows),
            [row["id"] for row in rows],
            [uuid4().bytes * 2 for _ in rows],
            shop.clock() + timedelta(minutes=1),
            shop.clock(),
        )
        out += [(shop.clock() - start) / timedelta(seconds=1)] * len(claimed)
        nearest = await shop.one("SELECT min(not_before) AS at FROM messages WHERE status = 'queued'")
        shop.clock.at = nearest["at"] or shop.clock()
    return out


async def appoint(shop: Shop, channel: str, sender: Sender) -> None:
    async with shop.transaction() as tx:
        seal = Seal([Fernet.generate_key().decode()])
        await senders.appoint(tx, channel, sender, seal=seal, now=shop.clock())


async def tell(shop: Shop, notice_id: UUID, at: datetime) -> None:
    owner = await asyncpg.connect(shop.system.url, server_settings={"search_path": "standby"})
    await owner.execute(
        "INSERT INTO notices (tenant_id, id, kind, details, dedupe_key, at)"
        " VALUES ($1, $2::uuid, 'sender_refused', '{}', $2::text, $3)",
        shop.salon.id,
        notice_id,
        at,
    )
    await owner.close()
