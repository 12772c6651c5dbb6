"""Waitlist entries: who may join, what they may change, and how they end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from standby.errors import EntryEnded, EntryNotWaiting, Invalid, SlotNotOpen, WaitlistLimitExceeded
from standby.tenants import tenants
from standby.tenants.customers import Person
from standby.waitlist import entries, slots
from standby.waitlist.entries import Changes, Wish
from tests.salon import Shop

Given = dict[str, Any]


def fields(invalid: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {problem.field for problem in invalid.value.problems}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("latest", lambda shop: {"earliest": shop.clock() + timedelta(days=20)}),
        ("latest", lambda shop: {"earliest": shop.clock() - timedelta(days=2), "latest": shop.clock()}),
        ("service_id", lambda _: {"service_id": uuid4()}),
        ("staff_id", lambda _: {"staff_id": uuid4()}),
        ("staff_id", lambda shop: {"staff_id": shop.alex, "service_id": shop.colour}),
        ("weekdays", lambda _: {"weekdays": []}),
        ("weekdays", lambda _: {"weekdays": [0]}),
        ("until_minute", lambda _: {"from_minute": 600, "until_minute": 600}),
    ],
)  # fmt: skip
async def test_a_wish_that_can_not_be_is_refused(
    shop: Shop, field: str, wrong: Callable[[Shop], Given]
) -> None:
    with pytest.raises(Invalid) as invalid:
        await shop.join(**wrong(shop))
    assert fields(invalid) == {field}


@pytest.mark.parametrize(
    ("given", "number"),
    [("400 00 001", "+4740000001"), ("0047 40000001", "+4740000001"), ("+44 7400 123456", "+447400123456")],
)  # fmt: skip
async def test_a_phone_number_is_kept_as_the_world_writes_it(shop: Shop, given: str, number: str) -> None:
    joined = await shop.join(phone=given)
    row = await shop.one("SELECT c.phone FROM customers c JOIN waitlist_entries e ON e.customer_id = c.id"
                         " WHERE e.id = $1", joined.entry_id)  # fmt: skip
    assert row["phone"] == number


@pytest.mark.parametrize("phone", ["12", "nonsense", "+4799"])
async def test_what_is_no_phone_number_is_refused(shop: Shop, phone: str) -> None:
    with pytest.raises(Invalid) as invalid:
        await shop.join(phone=phone)
    assert fields(invalid) == {"phone"}


async def test_the_same_wish_twice_is_one_entry_and_another_wish_another(shop: Shop) -> None:
    phone = shop.phone()
    first = await shop.join(phone=phone)
    assert (await shop.join(phone=phone)).entry_id == first.entry_id
    assert (await shop.join(phone=phone)).again
    other = await shop.join(phone=phone, staff_id=shop.kim)
    assert other.entry_id != first.entry_id


async def test_a_phone_has_three_active_entries_and_no_more(shop: Shop) -> None:
    phone = shop.phone()
    first = await shop.join(phone=phone)
    await shop.join(phone=phone, service_id=shop.colour)
    await shop.join(phone=phone, staff_id=shop.kim)
    with pytest.raises(WaitlistLimitExceeded) as refused:
        await shop.join(phone=phone, staff_id=shop.alex)
    assert refused.value.details == {"current_count": 3, "phone": phone}
    async with shop.transaction() as tx:
        await entries.leave(tx, first.entry_id, now=shop.clock(), reason="x", actor="test")
    await shop.join(phone=phone, staff_id=shop.alex)


async def test_the_place_counts_who_is_ahead_and_the_estimate_what_was_filled(shop: Shop) -> None:
    first = await shop.join("First")
    assert (first.place.position, first.place.estimated_days) == (1, None)
    shop.clock.forward(minutes=1)
    assert (await shop.join("Second")).place.position == 2
    assert (await shop.join("Other service", service_id=shop.colour)).place.position == 1
    shop.clock.forward(minutes=1)
    assert (await shop.join("VIP", vip=True)).place.position == 1

    await shop.free_slot()
    await shop.run_jobs()
    [entry] = await shop.all("SELECT id FROM waitlist_entries WHERE status = 'notified'")
    async with shop.transaction() as tx:
        await entries.convert(tx, entry["id"], now=shop.clock(), actor="test")
    async with shop.transaction() as tx:
        place = await entries.place(tx, first.entry_id, now=shop.clock())
    assert (place.position, place.estimated_days) == (1, 28.0)


async def test_a_change_keeps_the_place_and_finds_open_slots(shop: Shop) -> None:
    entry = (await shop.join(weekdays=[7])).entry_id
    slot = await shop.free_slot()
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "open"
    before = await shop.one("SELECT joined_at FROM waitlist_entries WHERE id = $1", entry)
    shop.clock.forward(minutes=1)
    async with shop.transaction() as tx:
        await entries.change(tx, entry, Changes({"weekdays": [1, 2]}), now=shop.clock(), actor="test")
    await shop.run_jobs()
    assert await shop.status_of("waitlist_entries", entry) == "notified"
    assert await shop.one("SELECT joined_at FROM waitlist_entries WHERE id = $1", entry) == before
    with pytest.raises(Invalid) as invalid:
        async with shop.transaction() as tx:
            await entries.change(tx, entry, Changes({"latest": shop.clock()}), now=shop.clock(), actor="test")
    assert "latest" in fields(invalid)


async def test_who_left_can_not_be_changed_or_leave_again(shop: Shop) -> None:
    entry = (await shop.join()).entry_id
    async with shop.transaction() as tx:
        await entries.leave(tx, entry, now=shop.clock(), reason="x", actor="test")
    with pytest.raises(EntryEnded):
        async with shop.transaction() as tx:
            await entries.leave(tx, entry, now=shop.clock(), reason="x", actor="test")
    with pytest.raises(EntryEnded):
        async with shop.transaction() as tx:
            await entries.change(tx, entry, Changes({"weekdays": [1]}), now=shop.clock(), actor="test")
    with pytest.raises(EntryEnded):
        async with shop.transaction() as tx:
            await entries.set_priority(tx, entry, 5, now=shop.clock(), reason="x", actor="test")


async def test_who_let_too_many_offers_pass_can_come_back(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, None, {"max_misses": 1})
    entry = (await shop.join()).entry_id
    slot = await shop.free_slot()
    await shop.run_jobs()
    await shop.pass_time(minutes=15)
    assert await shop.status_of("waitlist_entries", entry) == "expired"
    async with shop.transaction() as tx:
        back = await entries.rejoin(tx, entry, now=shop.clock(), actor="customer")
        assert await entries.rejoin(tx, entry, now=shop.clock(), actor="customer") == back
    assert back != entry
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "held"


async def test_the_latest_time_ends_a_wait(shop: Shop) -> None:
    entry = (await shop.join(latest=shop.clock() + timedelta(hours=3))).entry_id
    await shop.pass_time(hours=2, minutes=59)
    assert await shop.status_of("waitlist_entries", entry) == "waiting"
    await shop.pass_time(minutes=1)
    assert await shop.status_of("waitlist_entries", entry) == "expired"


async def test_staff_offer_a_slot_to_whom_they_choose(shop: Shop) -> None:
    await shop.join("First")
    second = (await shop.join("Second")).entry_id
    slot = await shop.free_slot()
    async with shop.transaction() as tx:
        await entries.notify(tx, second, slot, now=shop.clock(), actor="token:kim")
    await shop.run_jobs()
    assert [one.message.text.split("!")[0] for one in shop.messages()] == ["Hi Second"]
    story = await shop.all("SELECT reason, actor FROM history WHERE entity_id = $1 ORDER BY id", second)
    assert [tuple(line) for line in story][-1] == ("notified_by_hand", "token:kim")
    with pytest.raises(SlotNotOpen):
        async with shop.transaction() as tx:
            await entries.notify(tx, second, slot, now=shop.clock(), actor="test")
    other = await shop.free_slot(at=shop.clock() + timedelta(days=3))
    with pytest.raises(EntryNotWaiting):
        async with shop.transaction() as tx:
            await entries.notify(tx, second, other, now=shop.clock(), actor="test")


async def test_an_override_goes_before_every_score_and_is_written_down(shop: Shop) -> None:
    await shop.join("VIP", vip=True)
    last = (await shop.join("Last")).entry_id
    async with shop.transaction() as tx:
        await entries.set_priority(tx, last, 99, now=shop.clock(), reason="promised", actor="token:kim")
    await shop.free_slot()
    await shop.run_jobs()
    assert await shop.status_of("waitlist_entries", last) == "notified"
    offer = await shop.one("SELECT score, breakdown FROM offers")
    assert (offer["score"], offer["breakdown"]) == (99, {"override": 99})
    audit = await shop.one("SELECT actor, details FROM history WHERE reason = 'priority_override_set'")
    assert tuple(audit) == ("token:kim", {"from": None, "to": 99, "why": "promised"})


async def test_the_offer_keeps_the_parts_of_its_score(shop: Shop) -> None:
    shop.clock.forward(weeks=-3)
    await shop.join("Kari", vip=True, staff_id=shop.kim, latest=shop.clock() + timedelta(weeks=9))
    shop.clock.forward(weeks=3)
    await shop.free_slot(staff=shop.kim)
    await shop.run_jobs()
    offer = await shop.one("SELECT score, breakdown FROM offers")
    assert offer["breakdown"] == {"base": 20, "vip": 15, "service": 15, "staff": 10, "window": 10, "wait": 3}
    assert offer["score"] == 73


async def test_who_cancelled_is_not_offered_their_own_time(shop: Shop) -> None:
    phone = shop.phone()
    await shop.join("Self", phone=phone)
    slot = await shop.free_slot(phone=phone)
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "open"
    async with shop.transaction() as tx:
        judged = await slots.candidates(tx, slot, now=shop.clock())
    assert [rule for _, rule in judged.ranked.excluded] == ["freed_it"]


async def test_joining_writes_down_what_was_agreed_to(shop: Shop) -> None:
    person = Person("Kari", shop.phone(), "kari@example.com", ("sms",))
    wish = Wish(shop.cut, shop.clock(), shop.clock() + timedelta(days=1))
    for _ in range(2):
        async with shop.transaction() as tx:
            await entries.join(tx, person, wish, now=shop.clock(), actor="web")
    [consent] = await shop.all("SELECT channel, granted, source, at FROM consents")
    assert tuple(consent) == ("sms", True, "web", shop.clock())
