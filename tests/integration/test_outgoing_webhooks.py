"""Salons' own systems are told of what happens: signed, in time, at least once; and nobody else is hurt by it."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import HTTPServer
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from cryptography.fernet import Fernet
from standardwebhooks.webhooks import Webhook

from standby import clock as wall_clock
from standby.bookings import bookings, undo
from standby.channels.base import Outgoing, Permanent, Receipt
from standby.jobs.webhook_lines import LATER, OF_ONE_SALON, Lines
from standby.messages.sealing import Seal
from standby.tenants import tenants
from standby.waitlist import offers, slots
from standby.webhooks import endpoints, sending
from standby.webhooks.events import EVENTS, body_of
from standby.webhooks.schedule import ENDS_AFTER, WAITS
from tests.api import calling, error_of, token_for
from tests.fakes.receiver import FakeReceiver
from tests.fakes.serving import Cuts, Dawdles, Says
from tests.salon import Clock, Shop, open_shop, open_system

ROOT = Path(__file__).parents[2]
STATUSES = "SELECT status FROM webhook_deliveries ORDER BY seq"


@dataclass
class Office:
    """A salon, its API, and its own system that wants to be told."""

    shop: Shop
    api: httpx.AsyncClient
    erp: FakeReceiver

    async def add(self, name: str = "erp", **given: Any) -> dict[str, Any]:
        answer = await self.api.post("/api/webhooks", json={"url": self.erp.address(name)} | given)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def hook(self, webhook: dict[str, Any]) -> dict[str, Any]:
        answer = await self.api.get(f"/api/webhooks/{webhook['id']}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def log(self, webhook: dict[str, Any], **wanted: Any) -> list[dict[str, Any]]:
        answer = await self.api.get(f"/api/webhooks/{webhook['id']}/deliveries", params=wanted)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def statuses(self) -> list[str]:
        return [row["status"] for row in await self.shop.all(STATUSES)]


@pytest.fixture
async def office(database_url: str, clock: Clock) -> AsyncIterator[Office]:
    erp = FakeReceiver()
    async with (
        erp.served(),
        open_system(database_url, clock, allow_private_targets="127.0.0.1") as parts,
    ):
        shop = await open_shop(parts, clock)
        async with calling(shop) as api:
            api.headers["Authorization"] = f"Bearer {token_for(shop, days=400)}"
            yield Office(shop, api, erp)


async def tell(office: Office) -> UUID:
    """A booking is made, and told of."""
    booking = await office.shop.book()
    await office.shop.pass_time()
    return booking


# -- What is told ------------------------------------------------------------------------------------------------


async def test_a_change_is_told_at_once_and_proves_itself_with_the_secret(office: Office) -> None:
    office.shop.clock.at = wall_clock.now()  # The library looks at the real one.
    webhook = await office.add()
    booking = await tell(office)
    [told] = office.erp.told
    body = Webhook(webhook["secret"]).verify(told.raw, dict(told.headers))
    assert body["type"] == "booking.created"
    assert body["data"]["id"] == str(booking)
    assert (body["data"]["service"]["name"], body["data"]["staff"]["name"]) == ("Haircut", "Kim")
    [entry] = await office.log(webhook)
    assert (entry["id"], entry["status"], entry["status_code"]) == (told.id, "delivered", 200)
    story = (await office.api.get(f"/api/webhooks/{webhook['id']}/deliveries/{told.id}")).json()
    assert (story["payload"], story["answer"]) == (body, "thanks")


async def test_every_event_happens_and_is_what_the_list_says(office: Office) -> None:
    shop = office.shop
    await office.add()
    await live(shop)
    refuses = dict.fromkeys(("whatsapp", "sms", "email"), Refuses())
    async with open_system(shop.system.url, shop.clock, channels=refuses) as without:
        lost = Shop(without, shop.clock, shop.salon, shop.kim, shop.alex, shop.cut, shop.colour)
        await lost.join("Nobody", phone="+4798765432")
        await lost.free_slot(at=shop.clock() + timedelta(hours=6))
        await lost.run_jobs()
    rows = await shop.all("SELECT event, payload FROM webhook_deliveries ORDER BY seq")
    for row in rows:
        body_of(row["event"]).model_validate(row["payload"])
        assert "customer" not in row["payload"]["data"]
    assert {row["event"] for row in rows} == EVENTS.keys() - {"test"}
    [moved] = [row["payload"]["data"] for row in rows if row["event"] == "booking.moved"]
    assert moved["previous"]["staff_id"] == moved["staff"]["id"]
    assert moved["previous"]["starts_at"] < moved["starts_at"]


class Refuses:
    """A channel whose provider takes nothing."""

    name = "refuses"

    async def send(self, _: Outgoing) -> Receipt:
        return Permanent("no such number")

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None


async def live(shop: Shop) -> None:
    """A story in which everything happens that webhooks are told of, but that a message fails."""
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, None, {"max_misses": 1})
    for name in ("Anne", "Bente", "Cato", "Dag"):
        await shop.join(name)
    await shop.free_slot()
    for answer in (offers.decline, offers.accept):
        await shop.pass_time()
        offer = await shop.one("SELECT id FROM offers WHERE status = 'pending'")
        async with shop.transaction() as tx:
            await answer(tx, offer["id"], now=shop.clock(), actor="customer")
    await shop.free_slot(staff=shop.alex)
    await shop.pass_time()
    await shop.pass_time(minutes=16)  # Cato does not answer.
    offer = await shop.one("SELECT slot_id FROM offers WHERE status = 'pending'")
    async with shop.transaction() as tx:
        await slots.take_back(tx, offer["slot_id"], now=shop.clock(), reason="ill", actor="test")
    ends: list[Literal["completed", "no_show"]] = ["completed", "no_show"]
    for became in ends:
        booking = await shop.book(at=shop.clock() + timedelta(hours=3))
        if became == "completed":
            await shop.change(booking, starts_at=shop.clock() + timedelta(hours=4))
            await shop.cancel(booking)
            async with shop.transaction() as tx:
                await undo.cancel(tx, booking, 2, now=shop.clock(), actor="test")
        await shop.pass_time(hours=5)
        async with shop.transaction() as tx:
            await bookings.end(tx, booking, became, now=shop.clock(), actor="test")


async def test_the_list_and_the_database_call_a_change_the_same(database_url: str) -> None:
    """Only its owner may ask; for those two events no state changes."""
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    told = await owner.fetch("SELECT event_of(entity, nullif(from_state, ''), to_state, '') FROM transitions")
    await owner.close()
    assert {name for (name,) in told if name} == EVENTS.keys() - {"test", "message.failed", "booking.moved"}


async def test_what_is_undone_is_never_told_and_what_nobody_wants_neither(office: Office) -> None:
    await office.add(events=["booking.cancelled"])
    booking = await tell(office)
    assert office.erp.told == []
    async with office.shop.transaction() as tx:
        await tx.execute("SAVEPOINT before")
        now = office.shop.clock()
        await bookings.cancel(tx, booking, now=now, reason="ill", actor="test", notify=False)
        assert await tx.fetchval("SELECT count(*) FROM webhook_deliveries") == 1
        await tx.execute("ROLLBACK TO before")
    await office.shop.pass_time()
    assert office.erp.told == []
    await office.shop.cancel(booking)
    await office.shop.pass_time()
    assert office.erp.types() == ["booking.cancelled"]


async def test_a_salon_without_webhooks_writes_nothing(office: Office) -> None:
    await office.add(active=False)
    await tell(office)
    assert await office.statuses() == []


async def test_what_was_written_while_the_webhook_was_switched_off_is_dropped(office: Office) -> None:
    webhook = await office.add()
    await office.shop.book()
    await office.shop.all("UPDATE webhook_endpoints SET active = false RETURNING id")  # At the same moment.
    await office.shop.pass_time()
    assert await office.statuses() == ["dropped"]
    assert (await office.hook(webhook))["pending"] == 0


async def test_who_asks_for_contacts_is_told_them_and_the_log_keeps_none(office: Office) -> None:
    await office.add("plain")
    webhook = await office.add("crm", contacts=True)
    await office.shop.book(phone="+4741234567")
    await office.shop.pass_time()
    [plain], [crm] = office.erp.by_name["plain"], office.erp.by_name["crm"]
    assert "customer" not in plain.body["data"]
    body_of("booking.created").model_validate(crm.body)
    assert crm.body["data"]["customer"] == {
        "id": crm.body["data"]["customer_id"],
        "name": "Booked Customer",
        "phone": "+4741234567",
        "email": None,
    }
    story = (await office.api.get(f"/api/webhooks/{webhook['id']}/deliveries/{crm.id}")).text
    assert "41234567" not in story
    assert "Booked Customer" not in story


async def test_events_come_in_the_order_in_which_they_happened(office: Office) -> None:
    await office.add()
    for hours in range(1, 4):
        await office.shop.free_slot(at=office.shop.tomorrow() + timedelta(hours=hours))
    await office.shop.pass_time()
    assert office.erp.types() == ["booking.created", "booking.cancelled", "slot.opened"] * 3


# -- When it fails -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("misdeed", "why"),
    [
        (Says(500, "oh \0 no"), "It answers 500."),
        (Says(302, "", {"Location": "http://127.0.0.2/"}), "follows no redirect"),
        (Cuts(takes=True), "The connection ended before the answer"),
    ],
)
async def test_what_fails_is_tried_again_under_its_id_until_it_is_taken(
    office: Office, misdeed: Any, why: str
) -> None:
    webhook = await office.add()
    office.erp.next(misdeed, misdeed)
    await tell(office)
    [entry] = await office.log(webhook, status="pending")
    assert why in entry["error"]
    assert (await office.hook(webhook))["failing_since"] is not None
    await office.shop.pass_time(seconds=6)
    assert (await office.hook(webhook))["pending"] == 1
    await office.shop.pass_time(minutes=6)
    assert (await office.log(webhook))[0]["attempts"] == 3
    assert [one.type for one in office.erp.told][-1:] == ["booking.created"]
    assert len({one.id for one in office.erp.told}) == 1
    assert (await office.hook(webhook))["failing_since"] is None
    assert office.erp.asked == 3


async def test_after_a_day_it_is_given_up_and_after_days_of_nothing_else_the_webhook_is_ended(
    office: Office,
) -> None:
    webhook = await office.add()
    for _ in range(100):
        office.erp.next(Says(500))
    await tell(office)
    for wait in WAITS:
        await office.shop.pass_time(seconds=wait.total_seconds() * 1.11)
    assert await office.statuses() == ["failed"]
    assert office.erp.asked == 1 + len(WAITS)
    assert (await office.hook(webhook))["active"]

    await office.shop.pass_time(seconds=ENDS_AFTER.total_seconds())
    await tell(office)
    for wait in WAITS[:-1]:
        await office.shop.pass_time(seconds=wait.total_seconds() * 1.11)
    assert (await office.hook(webhook))["active"]  # The newest has all its tries.
    await office.shop.book(at=office.shop.clock() + timedelta(days=3))
    await office.shop.pass_time(seconds=WAITS[-1].total_seconds() * 1.11)
    after = await office.hook(webhook)
    assert (after["active"], after["disabled_reason"], after["pending"]) == (False, "failing", 0)
    assert Counter(await office.statuses()) == {"failed": 2, "dropped": 1}
    [notice] = (await office.api.get("/api/notices")).json()["items"]
    assert (notice["kind"], notice["details"]["webhook_id"]) == ("webhook_ended", webhook["id"])

    office.erp.misdeeds.clear()
    again = await office.api.patch(f"/api/webhooks/{webhook['id']}", json={"active": True})
    assert (again.json()["disabled_reason"], again.json()["failing_since"]) == (None, None)
    [dropped] = await office.log(webhook, status="dropped")
    resent = await office.api.post(f"/api/webhooks/{webhook['id']}/deliveries/{dropped['id']}/resend")
    assert resent.status_code == 202
    await office.shop.pass_time()
    assert [one.id for one in office.erp.told] == [dropped["id"]]


async def test_who_says_that_it_is_gone_is_told_nothing_more(office: Office) -> None:
    webhook = await office.add()
    office.erp.next(Says(410))
    await office.shop.book()
    await office.shop.free_slot(staff=office.shop.alex)
    await office.shop.pass_time()
    after = await office.hook(webhook)
    assert (after["active"], after["disabled_reason"]) == (False, "gone")
    assert Counter(await office.statuses()) == {"failed": 1, "dropped": 3}
    assert office.erp.asked == 1


async def test_who_does_not_answer_is_left_alone_for_a_while_whatever_waits_for_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.2)
    webhook = await office.add()
    office.erp.next(Dawdles(takes=False))
    for hours in range(1, 5):
        await office.shop.book(at=office.shop.tomorrow() + timedelta(hours=hours))
    await office.shop.pass_time()
    assert office.erp.asked == 1
    [error] = [one["error"] for one in await office.log(webhook) if one["error"]]
    assert "did not answer" in error
    await office.shop.pass_time(seconds=10)
    assert len(office.erp.told) == 4
    assert await office.shop.broken() == []


async def test_without_leave_no_private_address_is_told_whatever_its_name(
    database_url: str, clock: Clock
) -> None:
    erp = FakeReceiver()
    async with erp.served(), open_system(database_url, clock, allow_private_targets="127.0.0.1") as parts:
        shop = await open_shop(parts, clock)
        async with calling(shop) as api:
            office = Office(shop, api, erp)
            webhook = await office.add()
        async with open_system(database_url, clock) as careful:  # The operator has taken the leave away.
            shop = Shop(careful, clock, shop.salon, shop.kim, shop.alex, shop.cut, shop.colour)
            async with calling(shop) as api:
                office = Office(shop, api, erp)
                await tell(office)
                [entry] = await office.log(webhook)
                assert "private network" in entry["error"]
                tried = await api.post(f"/api/webhooks/{webhook['id']}/test")
                assert "private network" in tried.json()["error"]
    assert erp.asked == 0


# -- Among others ------------------------------------------------------------------------------------------------


async def test_a_worker_sends_few_lines_of_one_salon_at_a_time_and_one_endpoint_s_in_one(
    office: Office,
) -> None:
    hooks = [await office.add(f"slow{number}") for number in range(OF_ONE_SALON + 1)]
    office.erp.next(*[Dawdles(takes=True)] * OF_ONE_SALON)
    await office.shop.book()
    lines = Lines(office.shop.system.webhooks, asyncio.Event())
    under_way = [
        asyncio.create_task(lines.send(office.shop.salon.id, UUID(hook["id"]))) for hook in hooks[:-1]
    ]
    await office.erp.hears(OF_ONE_SALON)
    await lines.send(office.shop.salon.id, UUID(hooks[-1]["id"]))  # The salon has enough under way.
    await lines.send(office.shop.salon.id, UUID(hooks[0]["id"]))  # And this one is.
    assert office.erp.asked == OF_ONE_SALON
    [waits] = await office.shop.all(
        "SELECT look_at FROM webhook_deliveries WHERE endpoint_id = $1", UUID(hooks[-1]["id"])
    )
    assert waits["look_at"] == office.shop.clock() + LATER
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


async def test_at_a_stop_nothing_more_is_begun_and_what_is_left_is_for_another(office: Office) -> None:
    webhook = await office.add()
    await office.shop.book()
    stop = asyncio.Event()
    stop.set()
    await Lines(office.shop.system.webhooks, stop).send(office.shop.salon.id, UUID(webhook["id"]))
    assert office.erp.asked == 0
    await office.shop.pass_time()
    assert office.erp.types() == ["booking.created"]


async def test_of_two_workers_at_one_line_each_event_is_sent_by_one(office: Office) -> None:
    webhook = await office.add()
    for hours in range(1, 11):
        await office.shop.book(at=office.shop.tomorrow() + timedelta(hours=hours))
    workers = [Lines(office.shop.system.webhooks, asyncio.Event()) for _ in range(3)]
    await asyncio.gather(*(worker.send(office.shop.salon.id, UUID(webhook["id"])) for worker in workers))
    assert len(office.erp.told) == 10
    assert len({one.id for one in office.erp.told}) == 10


async def test_what_a_worker_left_behind_is_sent_again_when_its_lease_is_over_and_its_word_counts_no_more(
    office: Office,
) -> None:
    webhook = await office.add()
    await office.shop.book()
    async with office.shop.transaction() as tx:
        now = office.shop.clock()
        [taken] = await tx.fetch(sending.SQL["claim_delivery"], UUID(webhook["id"]), now, now + sending.LEASE)
    await office.shop.pass_time(seconds=59)
    assert office.erp.told == []
    await office.shop.pass_time(seconds=2)
    assert [one.id for one in office.erp.told] == [str(taken["id"])]
    await sending._attempt(
        office.shop.system.webhooks, office.shop.salon.id, taken
    )  # It comes back after all.
    [entry] = await office.log(webhook)
    assert (entry["status"], entry["attempts"]) == ("delivered", 2)


# -- The API -----------------------------------------------------------------------------------------------------


async def test_a_new_secret_and_the_one_before_sign_for_a_day(office: Office) -> None:
    office.shop.clock.at = wall_clock.now()
    webhook = await office.add()
    rotated = await office.api.post(f"/api/webhooks/{webhook['id']}/rotate-secret")
    assert rotated.status_code == 200
    assert rotated.json()["secret"] != webhook["secret"]
    await tell(office)
    [told] = office.erp.told
    for secret in (webhook["secret"], rotated.json()["secret"]):
        Webhook(secret).verify(told.raw, dict(told.headers))
    await office.shop.pass_time(hours=25)
    await office.shop.book(at=office.shop.clock() + timedelta(days=2))
    await office.shop.pass_time()
    [signature] = office.erp.told[-1].headers["webhook-signature"].split()
    at = office.shop.clock().replace(microsecond=0)
    last = office.erp.told[-1]
    assert signature == Webhook(rotated.json()["secret"]).sign(last.id, at, last.raw.decode())


async def test_a_secret_that_nobody_can_open_any_more_gives_way_to_a_new_one(office: Office) -> None:
    office.shop.clock.at = wall_clock.now()
    webhook = await office.add()
    lost = Seal([Fernet.generate_key().decode()]).close({"secret": webhook["secret"]})
    await office.shop.all("UPDATE webhook_endpoints SET secrets = $1 RETURNING id", lost)
    rotated = await office.api.post(f"/api/webhooks/{webhook['id']}/rotate-secret")
    assert rotated.json()["former_until"] is None
    await tell(office)
    [told] = office.erp.told
    Webhook(rotated.json()["secret"]).verify(told.raw, dict(told.headers))


async def test_what_is_answered_about_somebody_who_was_erased_meanwhile_is_not_kept(office: Office) -> None:
    webhook = await office.add(events=["booking.created"])
    for day in (1, 2):
        await office.shop.book(at=office.shop.tomorrow() + timedelta(days=day))
    await office.shop.all(
        "UPDATE customers SET phone = NULL, email = NULL, channels = '{}', erased_at = $1"
        " WHERE id = (SELECT customer_id FROM bookings ORDER BY starts_at LIMIT 1) RETURNING id",
        office.shop.clock(),
    )
    await office.shop.pass_time()
    kept = await office.shop.all("SELECT status, answer FROM webhook_deliveries ORDER BY seq")
    assert [tuple(row) for row in kept] == [("delivered", None), ("delivered", "thanks")]
    assert len(await office.log(webhook)) == 2


async def test_secrets_are_shown_once_and_kept_sealed(office: Office) -> None:
    webhook = await office.add()
    assert webhook["secret"].startswith("whsec_")
    assert "secret" not in await office.hook(webhook)
    assert webhook["secret"] not in (await office.api.get("/api/webhooks")).text
    kept = await office.shop.one("SELECT secrets FROM webhook_endpoints")
    assert webhook["secret"].encode() not in kept["secrets"]
    keys = office.shop.system.settings.seal_keys()
    new = ["A" * 43 + "=", *keys]
    assert await endpoints.reseal(office.shop.system.worker_pool, Seal(new)) == 1
    kept = await office.shop.one("SELECT secrets FROM webhook_endpoints")
    assert Seal(new[:1]).open(kept["secrets"]) == {"secret": webhook["secret"]}


async def test_a_test_is_sent_at_once_and_tells_what_came_back(office: Office) -> None:
    webhook = await office.add(events=["slot.opened"], active=False)
    tried = await office.api.post(f"/api/webhooks/{webhook['id']}/test")
    assert tried.status_code == 200, tried.text
    assert (tried.json()["status"], tried.json()["answer"]) == ("delivered", "thanks")
    [told] = office.erp.told
    body_of("test").model_validate(told.body)
    office.erp.next(Says(410, "go away"))
    tried = await office.api.post(f"/api/webhooks/{webhook['id']}/test")
    assert (tried.json()["status"], tried.json()["status_code"]) == ("failed", 410)
    assert tried.json()["answer"] == "go away"
    after = await office.hook(webhook)
    assert (after["disabled_reason"], after["failing_since"], after["pending"]) == (None, None, 0)


async def test_all_that_is_wrong_with_a_webhook_is_said_at_once(office: Office) -> None:
    answer = await office.api.post(
        "/api/webhooks",
        json={
            "url": "http://169.254.169.254/",
            "description": "x" * 201,
            "events": ["booking.made"],
            "secret": "x",
        },
    )
    problems = error_of(answer, 422)["details"]["errors"]
    assert {one["field"] for one in problems} == {"url", "description", "events.0", "secret"}
    webhook = await office.add()
    answer = await office.api.patch(
        f"/api/webhooks/{webhook['id']}", json={"url": "ftp://x/", "active": None}
    )
    assert {one["field"] for one in error_of(answer, 422)["details"]["errors"]} == {"url", "active"}


async def test_a_salon_has_ten_webhooks_at_most(office: Office) -> None:
    hooks = [await office.add(str(number)) for number in range(endpoints.MOST)]
    answer = await office.api.post("/api/webhooks", json={"url": office.erp.address()})
    assert error_of(answer, 409)["code"] == "TOO_MANY_WEBHOOKS"
    assert (await office.api.delete(f"/api/webhooks/{hooks[0]['id']}")).status_code == 204
    await office.add()


async def test_a_webhook_is_changed_switched_off_and_deleted(office: Office) -> None:
    webhook = await office.add()
    changed = await office.api.patch(
        f"/api/webhooks/{webhook['id']}",
        json={
            "description": "ERP",
            "events": ["slot.opened", "booking.created"],
            "url": office.erp.address("new"),
        },
    )
    assert changed.json() | {"secret": webhook["secret"]} == webhook | {
        "description": "ERP",
        "events": ["booking.created", "slot.opened"],
        "url": office.erp.address("new"),
    }
    office.erp.next(Says(500))
    booking = await tell(office)
    off = await office.api.patch(f"/api/webhooks/{webhook['id']}", json={"active": False})
    assert (off.json()["active"], off.json()["pending"]) == (False, 0)
    [dropped] = await office.log(webhook, status="dropped")
    answer = await office.api.post(f"/api/webhooks/{webhook['id']}/deliveries/{dropped['id']}/resend")
    assert error_of(answer, 409)["code"] == "WEBHOOK_INACTIVE"
    await office.shop.cancel(booking)
    await office.shop.pass_time(days=1)
    assert office.erp.asked == 1
    assert (await office.api.delete(f"/api/webhooks/{webhook['id']}")).status_code == 204
    assert (
        error_of(await office.api.get(f"/api/webhooks/{webhook['id']}"), 404)["code"] == "WEBHOOK_NOT_FOUND"
    )
    assert await office.statuses() == []


async def test_the_log_is_paged_and_its_lines_are_resent_and_forgotten_after_thirty_days(
    office: Office,
) -> None:
    webhook = await office.add()
    for hours in range(1, 4):
        await office.shop.book(at=office.shop.clock() + timedelta(days=60, hours=hours))
        await office.shop.pass_time(seconds=1)
    address = f"/api/webhooks/{webhook['id']}/deliveries"
    first = (await office.api.get(address, params={"limit": 2})).json()
    rest = (await office.api.get(address, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [one.id for one in office.erp.told[::-1]]
    assert rest["next_cursor"] is None
    again = await office.api.post(f"{address}/{rest['items'][0]['id']}/resend")
    assert (again.json()["status"], again.json()["attempts"]) == ("pending", 0)
    await office.shop.pass_time()
    assert office.erp.told[-1].id == office.erp.told[0].id
    assert error_of(await office.api.get(f"{address}/{uuid4()}"), 404)["code"] == "DELIVERY_NOT_FOUND"
    await office.shop.pass_time(days=30)
    assert len(await office.statuses()) == 3
    await office.shop.pass_time(hours=1)
    assert await office.statuses() == []


async def test_the_receiver_in_the_docs_takes_what_is_signed_and_nothing_else(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office.shop.clock.at = wall_clock.now()
    code = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "webhooks.md").read_text(), re.DOTALL)[0]
    receiver, serve, _ = code.rpartition("HTTPServer((")
    assert serve
    webhook = await office.add()
    monkeypatch.setenv("STANDBY_WEBHOOK_SECRET", webhook["secret"])
    named: dict[str, Any] = {}
    exec(receiver, named)  # noqa: S102 - our own page
    monkeypatch.setattr(named["Receiver"], "log_message", lambda *_: None)
    with HTTPServer(("127.0.0.1", 0), named["Receiver"]) as server:
        serving = asyncio.create_task(asyncio.to_thread(server.serve_forever, 0.01))
        url = f"http://127.0.0.1:{server.server_port}/"
        await office.api.patch(f"/api/webhooks/{webhook['id']}", json={"url": url})
        for code_expected in (204, 401):
            tried = await office.api.post(f"/api/webhooks/{webhook['id']}/test")
            assert tried.json()["status_code"] == code_expected
            assert (" test\n" in capsys.readouterr().out) == (code_expected == 204)
            named["KEY"] = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        await asyncio.to_thread(server.shutdown)
        await serving
