"""The finer rules of waitlist entries: what is written down, what counts, and what is told to whom it concerns."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import product
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

import pytest

from standby.errors import (
    EntryNotFound,
    EntryNotNotified,
    EntryNotWaiting,
    Invalid,
    SameWish,
    SlotNotOpen,
    WaitlistLimitExceeded,
    WishDoesNotFit,
)
from standby.tenants import tenants
from standby.tenants.customers import Person
from standby.waitlist import entries, history, offers
from standby.waitlist.cascade import Offered
from standby.waitlist.entries import Changes, Wish
from standby.waitlist.offers import Accepted
from standby.waitlist.ranking import RULES, Slot, score
from standby.wiring import System
from tests.conftest import Server
from tests.salon import Clock, Shop, open_shop, open_system


@pytest.fixture(scope="module")
async def parts(server: Server, migrated: str) -> AsyncIterator[System]:
    """One database for all tests here; each has a salon of its own."""
    async with server.database(template=migrated) as url, open_system(url, Clock()) as parts:
        yield parts


@pytest.fixture
async def shop(parts: System, clock: Clock) -> Shop:
    return await open_shop(parts, clock, slug=f"shop-{token_hex(4)}")


async def join(shop: Shop, person: Person, **wish: Any) -> entries.Joined:
    """As shop.join, for a person with more than a name and a phone."""
    given: dict[str, Any] = {
        "service_id": shop.cut,
        "earliest": shop.clock(),
        "latest": shop.clock() + timedelta(days=14),
    }
    async with shop.transaction() as tx:
        return await entries.join(tx, person, Wish(**given | wish), now=shop.clock(), actor="test")


async def change(shop: Shop, entry_id: UUID, **fields: Any) -> None:
    async with shop.transaction() as tx:
        await entries.change(tx, entry_id, Changes(fields), now=shop.clock(), actor="test")


async def leave(shop: Shop, entry_id: UUID) -> None:
    async with shop.transaction() as tx:
        await entries.leave(tx, entry_id, now=shop.clock(), reason="moved away", actor="test")


async def notify(shop: Shop, entry_id: UUID, slot_id: UUID) -> Offered:
    async with shop.transaction() as tx:
        return await entries.notify(tx, entry_id, slot_id, now=shop.clock(), actor="staff")


async def convert(shop: Shop, entry_id: UUID) -> Accepted:
    async with shop.transaction() as tx:
        return await entries.convert(tx, entry_id, now=shop.clock(), actor="staff")


async def rejoin(shop: Shop, entry_id: UUID) -> UUID:
    async with shop.transaction() as tx:
        return await entries.rejoin(tx, entry_id, now=shop.clock(), actor="customer")


async def put_back(shop: Shop, entry_id: UUID) -> UUID:
    async with shop.transaction() as tx:
        return await entries.put_back(tx, entry_id, now=shop.clock(), actor="staff")


async def place(shop: Shop, entry_id: UUID) -> entries.Place:
    async with shop.transaction() as tx:
        return await entries.place(tx, entry_id, now=shop.clock())


async def expire(shop: Shop, entry_id: UUID) -> None:
    """Ends an entry as its timer does, in this salon only."""
    await shop.one(
        "UPDATE waitlist_entries SET status = 'expired', ended_at = $2, reason = 'latest_passed', changed_at = $2 "
        "WHERE id = $1 RETURNING id",
        entry_id,
        shop.clock(),
    )


async def events(shop: Shop, entry_id: UUID) -> list[history.Happening]:
    async with shop.transaction() as tx:
        return await history.story_of(tx, entry_id)


# -- Joining -----------------------------------------------------------------------------------------------------


async def test_joining_writes_down_who_waits_for_what(shop: Shop) -> None:
    person = Person(" Kari Nordmann ", "412 34 567", "Kari@Example.COM")
    wish = {"staff_id": shop.kim, "weekdays": (5, 1, 1), "from_minute": 540, "until_minute": 720}
    joined = await join(shop, person, **wish)
    row = await shop.one(
        "SELECT e.*, c.name, c.phone, c.email, c.channels, c.created_at AS known FROM waitlist_entries e "
        "JOIN customers c ON c.id = e.customer_id WHERE e.id = $1",
        joined.entry_id,
    )
    assert (row["name"], row["phone"], row["email"]) == ("Kari Nordmann", "+4741234567", "Kari@example.com")
    assert (row["status"], row["joined_at"], row["vip"], row["misses"]) == ("waiting", shop.clock(), False, 0)
    assert (row["service_id"], row["staff_id"], row["weekdays"]) == (shop.cut, shop.kim, [1, 5])
    assert (row["from_minute"], row["until_minute"]) == (540, 720)
    assert sorted(row["channels"]) == ["email", "sms", "whatsapp"]
    [story] = await events(shop, joined.entry_id)
    assert (story.from_state, story.to_state, story.reason, story.actor) == (
        None,
        "waiting",
        "joined",
        "test",
    )


async def test_one_phone_is_one_customer_however_it_is_written(shop: Shop) -> None:
    first = await join(shop, Person("Kari", "+47 412 34 567"))
    second = await join(shop, Person("Kari Nordmann", "41234567", "kari@example.com"), service_id=shop.colour)
    assert first.entry_id != second.entry_id
    row = await shop.one("SELECT name, email, channels FROM customers")
    assert (row["name"], row["email"]) == ("Kari Nordmann", "kari@example.com")
    assert sorted(row["channels"]) == ["email", "sms", "whatsapp"]


async def test_consents_are_written_down_once_each(shop: Shop) -> None:
    person = Person("Kari", "+47 412 34 567", "kari@example.com", ["sms"])
    await join(shop, person)
    await join(shop, person, service_id=shop.colour)
    await join(shop, Person("Kari", "+47 412 34 567", "kari@example.com", ["email"]), staff_id=shop.kim)
    consents = await shop.all(
        "SELECT channel, granted, source, at, text_version FROM consents ORDER BY channel"
    )
    assert [(one["channel"], one["granted"], one["source"], one["at"]) for one in consents] == [
        ("email", True, "test", shop.clock()),
        ("sms", True, "test", shop.clock()),
    ]
    assert all(one["text_version"] for one in consents)


async def test_a_fourth_active_entry_of_one_phone_is_refused(shop: Shop) -> None:
    wishes: list[dict[str, Any]] = [{}, {"staff_id": shop.kim}, {"staff_id": shop.alex}]
    first, *_ = [await join(shop, Person("Kari", "412 34 567"), **wish) for wish in wishes]
    with pytest.raises(WaitlistLimitExceeded) as refused:
        await join(shop, Person("Kari", "+47 41 23 45 67"), service_id=shop.colour)
    assert refused.value.code == "WAITLIST_LIMIT_EXCEEDED"
    assert refused.value.message == "Maximum 3 active waitlist entries allowed per phone number"
    assert refused.value.details == {"current_count": 3, "phone": "+4741234567"}
    assert len(await shop.all("SELECT FROM waitlist_entries")) == 3
    await leave(shop, first.entry_id)
    assert not (await join(shop, Person("Kari", "41234567"), service_id=shop.colour)).again


async def test_the_limit_is_the_salons_own(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, None, {"max_active_entries": 1})
    phone = shop.phone()
    await shop.join(phone=phone)
    with pytest.raises(WaitlistLimitExceeded) as refused:
        await shop.join(phone=phone, service_id=shop.colour)
    assert refused.value.message == "Maximum 1 active waitlist entries allowed per phone number"
    assert refused.value.details == {"current_count": 1, "phone": phone}
    await shop.join()  # Somebody else may.


async def test_whoever_still_waits_for_something_counts_towards_the_limit(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, None, {"max_active_entries": 1})
    phone = shop.phone()
    joined = await shop.join(phone=phone)
    offered = await notify(shop, joined.entry_id, await shop.free_slot())
    with pytest.raises(WaitlistLimitExceeded):
        await shop.join(phone=phone, service_id=shop.colour)
    async with shop.transaction() as tx:
        await offers.decline(tx, offered.offer_id, now=shop.clock(), actor="customer")
    assert await shop.status_of("waitlist_entries", joined.entry_id) == "cooldown"
    with pytest.raises(WaitlistLimitExceeded):
        await shop.join(phone=phone, service_id=shop.colour)
    await leave(shop, joined.entry_id)
    await shop.join(phone=phone, service_id=shop.colour)


async def test_every_problem_of_a_form_is_told_at_once(shop: Shop) -> None:
    with pytest.raises(Invalid) as refused:
        await join(
            shop,
            Person("  ", "12", "nobody"),
            service_id=uuid4(),
            earliest=shop.clock() - timedelta(days=1),
            latest=shop.clock() - timedelta(days=2),
            weekdays=(),
            from_minute=700,
            until_minute=600,
        )
    problems = [(problem.field, problem.code) for problem in refused.value.problems]
    assert problems == [
        ("name", "invalid"),
        ("phone", "invalid"),
        ("email", "invalid"),
        ("latest", "invalid"),
        ("latest", "in_the_past"),
        ("weekdays", "invalid"),
        ("until_minute", "invalid"),
        ("service_id", "not_found"),
    ]
    assert refused.value.code == "VALIDATION_FAILED"
    assert await shop.all("SELECT FROM customers") == []


async def test_a_window_in_the_past_is_refused_until_its_very_end(shop: Shop) -> None:
    with pytest.raises(Invalid) as refused:
        await shop.join(earliest=shop.clock() - timedelta(days=1), latest=shop.clock())
    assert [problem.code for problem in refused.value.problems] == ["in_the_past"]
    await shop.join(
        earliest=shop.clock() - timedelta(days=1), latest=shop.clock() + timedelta(microseconds=1)
    )


async def test_a_staff_member_has_to_offer_the_service(shop: Shop) -> None:
    with pytest.raises(Invalid) as refused:
        await shop.join(service_id=shop.colour, staff_id=shop.alex)
    assert [(one.field, one.code) for one in refused.value.problems] == [("staff_id", "does_not_fit")]
    with pytest.raises(Invalid) as refused:
        await shop.join(staff_id=uuid4())
    assert [(one.field, one.code) for one in refused.value.problems] == [("staff_id", "not_found")]
    await shop.one("UPDATE staff SET active = false WHERE id = $1 RETURNING id", shop.kim)
    with pytest.raises(Invalid) as refused:
        await shop.join(staff_id=shop.kim)
    assert [(one.field, one.code) for one in refused.value.problems] == [("staff_id", "not_found")]


async def test_email_as_a_channel_needs_an_address(shop: Shop) -> None:
    with pytest.raises(Invalid) as refused:
        await join(shop, Person("Kari", "41234567", None, ["email"]))
    assert [problem.field for problem in refused.value.problems] == ["email"]


async def test_a_vip_stays_one_until_told_otherwise(shop: Shop) -> None:
    phone = shop.phone()
    await shop.join(phone=phone, vip=True)
    again = await join(shop, Person("Kari", phone), service_id=shop.colour)
    row = await shop.one("SELECT vip FROM waitlist_entries WHERE id = $1", again.entry_id)
    assert row["vip"]


# -- The place in the line ---------------------------------------------------------------------------------------


async def test_the_place_counts_those_who_come_first(shop: Shop) -> None:
    first = await shop.join("First")
    shop.clock.forward(minutes=1)
    second = await shop.join("Second", staff_id=shop.kim)
    vip = await shop.join("Vip", vip=True)
    other = await shop.join("Other", service_id=shop.colour)
    assert first.place.position == 1
    assert (await place(shop, vip.entry_id)).position == 1
    assert (await place(shop, first.entry_id)).position == 2
    assert (await place(shop, second.entry_id)).position == 3
    assert (await place(shop, other.entry_id)).position == 1
    async with shop.transaction() as tx:
        await entries.set_priority(tx, second.entry_id, 5, now=shop.clock(), reason="a favour", actor="staff")
    assert (await place(shop, second.entry_id)).position == 3  # 5 is less than everybody's own score.
    async with shop.transaction() as tx:
        await entries.set_priority(tx, second.entry_id, 61, now=shop.clock(), reason="more", actor="staff")
    assert (await place(shop, second.entry_id)).position == 1
    await leave(shop, second.entry_id)
    assert (await place(shop, first.entry_id)).position == 2
    with pytest.raises(EntryNotFound):
        await place(shop, uuid4())


async def test_the_place_is_exact_up_to_a_limit_and_at_least_that_beyond(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "POSITION_LIMIT", 3)
    joined = []
    for name in ("One", "Two", "Three", "Four", "Five"):
        joined.append((await shop.join(name)).entry_id)
        shop.clock.forward(minutes=1)
    places = [await place(shop, entry) for entry in joined]
    assert [(one.position, one.at_least) for one in places] == [
        (1, False),
        (2, False),
        (3, False),
        (3, True),
        (3, True),
    ]


async def test_the_place_is_that_by_the_scores_whatever_they_are_made_of(shop: Shop) -> None:
    """Every tier, each number of weeks, their edges, and ties: as the pure rules rank them for a slot of nobody's."""
    now = shop.clock()
    kinds: list[tuple[bool, int | None]] = [(False, None), (True, None)]
    kinds += [(vip, override) for vip in (False, True) for override in (0, 46, 60, 61, 65, 80, 1000)]
    edges = (timedelta(0), timedelta(microseconds=1), timedelta(microseconds=-1))
    waits = [timedelta(weeks=weeks) + edge for weeks in (0, 1, 5, 15, 16, 20, 21, 40) for edge in edges]
    slot = Slot(uuid4(), shop.cut, uuid4(), now, now + timedelta(minutes=45), shop.salon.zone)
    people = []
    for (vip, override), wait in product(kinds, waits):
        entry_id = (await shop.join(vip=vip)).entry_id
        await shop.one(
            "UPDATE waitlist_entries SET joined_at = $2, priority_override = $3 WHERE id = $1 RETURNING id",
            entry_id,
            now - wait,
            override,
        )
        async with shop.transaction() as tx:
            people.append(entries.candidate_of(await entries.find(tx, entry_id)))
    ranked = sorted(people, key=lambda one: (-score(one, slot, now).total, one.joined_at, one.entry_id))
    found = [(await place(shop, one.entry_id)).position for one in ranked]
    assert found == list(range(1, len(ranked) + 1))


async def test_the_estimate_is_the_place_by_the_bookings_of_the_last_four_weeks(shop: Shop) -> None:
    waiting = await shop.join()
    assert waiting.place.estimated_days is None
    for days in (1, 27, 29):  # The last is too long ago.
        booking = await shop.book(at=shop.clock() + timedelta(days=days))
        await shop.one(
            "UPDATE bookings SET source = 'waitlist', created_at = $2 WHERE id = $1 RETURNING id",
            booking,
            shop.clock() - timedelta(days=days),
        )
    assert (await place(shop, waiting.entry_id)).estimated_days == 14.0  # 1 ÷ (2 in 28 days)


# -- Changing, leaving, coming back --------------------------------------------------------------------------------


async def test_a_change_keeps_the_place_and_is_written_down(shop: Shop) -> None:
    joined = await shop.join()
    since = shop.clock()
    shop.clock.forward(days=1)
    latest = shop.clock() + timedelta(days=3)
    await change(shop, joined.entry_id, staff_id=shop.kim, weekdays=[3, 1], latest=latest)
    row = await shop.one("SELECT * FROM waitlist_entries WHERE id = $1", joined.entry_id)
    assert (row["staff_id"], row["weekdays"], row["latest"]) == (shop.kim, [1, 3], latest)
    assert (row["joined_at"], row["service_id"], row["status"]) == (since, shop.cut, "waiting")
    changed = (await events(shop, joined.entry_id))[-1]
    assert (changed.reason, changed.actor, changed.at) == ("changed", "test", shop.clock())
    assert changed.details == {"staff_id": str(shop.kim), "weekdays": [3, 1], "latest": latest.isoformat()}
    await change(shop, joined.entry_id, staff_id=None)
    assert (await shop.one("SELECT staff_id FROM waitlist_entries"))["staff_id"] is None


async def test_a_change_is_checked_as_a_whole(shop: Shop) -> None:
    joined = await shop.join(staff_id=shop.alex)
    with pytest.raises(Invalid) as refused:
        await change(shop, joined.entry_id, service_id=shop.colour)  # Alex doesn't colour.
    assert [one.code for one in refused.value.problems] == ["does_not_fit"]
    with pytest.raises(Invalid):
        await change(shop, joined.entry_id, latest=shop.clock() - timedelta(days=1))
    row = await shop.one("SELECT service_id FROM waitlist_entries")
    assert row["service_id"] == shop.cut


async def test_a_change_to_a_wish_that_is_on_the_list_already_is_refused(shop: Shop) -> None:
    phone = shop.phone()
    anyone = await shop.join(phone=phone)
    kim = await shop.join(phone=phone, staff_id=shop.kim)
    with pytest.raises(SameWish):
        await change(shop, anyone.entry_id, staff_id=shop.kim)
    await leave(shop, kim.entry_id)
    await change(shop, anyone.entry_id, staff_id=shop.kim)


async def test_leaving_ends_an_entry_and_says_why(shop: Shop) -> None:
    joined = await shop.join()
    await leave(shop, joined.entry_id)
    row = await shop.one("SELECT status, ended_at, reason FROM waitlist_entries")
    assert (row["status"], row["ended_at"], row["reason"]) == ("cancelled", shop.clock(), "moved away")
    assert [one.to_state for one in await events(shop, joined.entry_id)] == ["waiting", "cancelled"]


async def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    for ask in (leave, rejoin, convert):
        with pytest.raises(EntryNotFound):
            await ask(shop, uuid4())
    with pytest.raises(EntryNotFound):
        await change(shop, uuid4(), from_minute=60)
    with pytest.raises(EntryNotFound):
        await notify(shop, uuid4(), await shop.free_slot())


async def test_who_expired_comes_back_with_the_same_wish(shop: Shop) -> None:
    joined = await shop.join(vip=True, staff_id=shop.kim, from_minute=540)
    await expire(shop, joined.entry_id)
    shop.clock.forward(hours=1)
    back = await rejoin(shop, joined.entry_id)
    assert back != joined.entry_id
    row = await shop.one("SELECT * FROM waitlist_entries WHERE id = $1", back)
    assert (row["status"], row["vip"], row["staff_id"], row["from_minute"]) == (
        "waiting",
        True,
        shop.kim,
        540,
    )
    assert (row["joined_at"], row["misses"]) == (shop.clock(), 0)
    assert await rejoin(shop, joined.entry_id) == back
    assert await rejoin(shop, back) == back


async def test_who_comes_too_late_for_their_wish_has_to_join_anew(shop: Shop) -> None:
    joined = await shop.join()
    await expire(shop, joined.entry_id)
    shop.clock.forward(days=14)
    with pytest.raises(Invalid) as refused:
        await rejoin(shop, joined.entry_id)
    assert [problem.field for problem in refused.value.problems] == ["latest"]


@pytest.mark.parametrize(
    ("gone", "field"),
    [
        ("UPDATE services SET active = false WHERE id = $1 OR id = $2", "service_id"),
        ("UPDATE staff SET active = false WHERE id = $1 OR id = $2", "staff_id"),
        ("DELETE FROM staff_services WHERE service_id = $1 AND staff_id = $2", "staff_id"),
    ],
)
async def test_nobody_comes_back_for_what_is_not_offered_any_more(shop: Shop, gone: str, field: str) -> None:
    expired, taken_off = await shop.join(staff_id=shop.kim), await shop.join(staff_id=shop.kim)
    await expire(shop, expired.entry_id)
    await leave(shop, taken_off.entry_id)
    async with shop.transaction() as tx:
        await tx.execute(gone, shop.cut, shop.kim)
    for again, entry_id in ((rejoin, expired.entry_id), (put_back, taken_off.entry_id)):
        with pytest.raises(Invalid) as refused:
            await again(shop, entry_id)
        assert [problem.field for problem in refused.value.problems] == [field]


async def test_coming_back_counts_towards_the_limit(shop: Shop) -> None:
    phone = shop.phone()
    joined = await shop.join(phone=phone)
    await expire(shop, joined.entry_id)
    wishes: list[dict[str, Any]] = [
        {"staff_id": shop.kim},
        {"staff_id": shop.alex},
        {"service_id": shop.colour},
    ]
    for wish in wishes:
        await shop.join(phone=phone, **wish)
    with pytest.raises(WaitlistLimitExceeded) as refused:
        await rejoin(shop, joined.entry_id)
    assert refused.value.details == {"current_count": 3, "phone": phone}


# -- What staff do by hand -----------------------------------------------------------------------------------------


async def test_staff_offer_a_slot_to_whom_they_choose(shop: Shop) -> None:
    await shop.join("First")
    chosen = await shop.join("Chosen")
    slot = await shop.free_slot()
    offered = await notify(shop, chosen.entry_id, slot)
    assert offered.entry_id == chosen.entry_id
    row = await shop.one(
        "SELECT o.status, o.reason, o.actor, s.status AS slot, s.hold_expires_at, e.status AS entry, m.kind "
        "FROM offers o JOIN slots s ON s.id = o.slot_id JOIN waitlist_entries e ON e.id = o.entry_id "
        "JOIN messages m ON m.offer_id = o.id WHERE o.id = $1",
        offered.offer_id,
    )
    assert (row["status"], row["slot"], row["entry"]) == ("pending", "held", "notified")
    assert (row["reason"], row["actor"], row["kind"]) == ("notified_by_hand", "staff", "offer")
    assert row["hold_expires_at"] == shop.clock() + timedelta(minutes=15)


async def test_another_wish_can_not_be_met_by_hand(shop: Shop) -> None:
    slot = await shop.free_slot()
    other_service = await shop.join(service_id=shop.colour)
    other_staff = await shop.join(staff_id=shop.alex)
    for entry, rule in ((other_service, "other_service"), (other_staff, "other_staff")):
        with pytest.raises(WishDoesNotFit) as refused:
            await notify(shop, entry.entry_id, slot)
        assert refused.value.details == {"rules": {rule: RULES[rule]}}
        assert await shop.status_of("waitlist_entries", entry.entry_id) == "waiting"
    assert await shop.status_of("slots", slot) == "open"


async def test_a_time_that_has_begun_can_not_be_offered_by_hand(shop: Shop) -> None:
    booking = await shop.book(at=shop.clock() + timedelta(hours=1))
    slot = await shop.cancel(booking)
    chosen = await shop.join(staff_id=shop.alex)
    shop.clock.forward(hours=1)  # Its timer has not closed it yet.
    with pytest.raises(WishDoesNotFit) as refused:
        await notify(shop, chosen.entry_id, slot)
    assert list(refused.value.details["rules"]) == ["other_staff", "start_passed"]


@pytest.mark.parametrize(
    "wish",
    [
        {"latest": timedelta(hours=1)},
        {"weekdays": (1, 3)},
        {"from_minute": 0, "until_minute": 60},
    ],
    ids=["outside the window", "another weekday", "another time of day"],
)
async def test_staff_may_overrule_when_somebody_can_come_and_the_score_says_so(
    shop: Shop, wish: dict[str, Any]
) -> None:
    given = {name: shop.clock() + value if name == "latest" else value for name, value in wish.items()}
    chosen = await shop.join(staff_id=shop.kim, **given)
    slot = await shop.free_slot()
    await notify(shop, chosen.entry_id, slot)
    row = await shop.one("SELECT score, breakdown FROM offers")
    assert row["breakdown"] == {"base": 20, "vip": 0, "service": 15, "staff": 10, "window": 0, "wait": 0}
    assert row["score"] == 45


async def test_staff_may_overrule_the_notice(shop: Shop) -> None:
    chosen = await shop.join()
    booking = await shop.book(at=shop.clock() + timedelta(hours=1))
    shop.clock.forward(minutes=45)
    await notify(shop, chosen.entry_id, await shop.cancel(booking))
    row = await shop.one("SELECT breakdown, expires_at - offered_at AS held FROM offers")
    assert (row["breakdown"]["window"], row["held"]) == (10, timedelta(minutes=15))


async def test_nobody_is_offered_two_slots_and_no_slot_to_two(shop: Shop) -> None:
    one, other = await shop.join("One"), await shop.join("Other")
    slot = await shop.free_slot()
    await notify(shop, one.entry_id, slot)
    with pytest.raises(SlotNotOpen):
        await notify(shop, other.entry_id, slot)
    second = await shop.free_slot(at=shop.clock() + timedelta(days=2))
    with pytest.raises(EntryNotWaiting):
        await notify(shop, one.entry_id, second)
    await notify(shop, other.entry_id, second)


async def test_staff_book_for_who_was_notified(shop: Shop) -> None:
    joined = await shop.join()
    slot = await shop.free_slot()
    offered = await notify(shop, joined.entry_id, slot)
    booked = await convert(shop, joined.entry_id)
    row = await shop.one(
        "SELECT b.status, b.source, b.reason, b.actor, b.slot_id, e.status AS entry, e.booking_id, o.status AS offer "
        "FROM bookings b, waitlist_entries e, offers o WHERE b.id = $1 AND e.id = $2 AND o.id = $3",
        booked.booking_id,
        joined.entry_id,
        offered.offer_id,
    )
    assert (row["status"], row["source"], row["reason"], row["actor"]) == (
        "confirmed",
        "waitlist",
        "converted",
        "staff",
    )
    assert (row["slot_id"], row["entry"], row["booking_id"]) == (slot, "booked", booked.booking_id)
    assert row["offer"] == "accepted"
    assert [one.to_state for one in await events(shop, joined.entry_id)] == ["waiting", "notified", "booked"]
    async with shop.transaction() as tx:  # The customer's own tap afterwards finds the same booking.
        answer = await offers.accept(tx, offered.offer_id, now=shop.clock(), actor="customer")
    assert answer == Accepted(booked.booking_id, again=True)


async def test_only_who_was_notified_and_in_time_can_be_converted(shop: Shop) -> None:
    joined = await shop.join()
    with pytest.raises(EntryNotNotified) as refused:
        await convert(shop, joined.entry_id)
    assert refused.value.details == {"status": "waiting"}
    await notify(shop, joined.entry_id, await shop.free_slot())
    shop.clock.forward(minutes=15)
    with pytest.raises(EntryNotNotified) as refused:
        await convert(shop, joined.entry_id)
    assert refused.value.details == {"status": "notified", "offer": "expired"}


async def test_a_priority_replaces_the_score_and_leaves_a_trace(shop: Shop) -> None:
    joined = await shop.join()
    async with shop.transaction() as tx:
        await entries.set_priority(
            tx, joined.entry_id, 900, now=shop.clock(), reason="waited long", actor="Kim"
        )
        await entries.set_priority(
            tx, joined.entry_id, None, now=shop.clock(), reason="a mistake", actor="Alex"
        )
    row = await shop.one("SELECT priority_override FROM waitlist_entries")
    assert row["priority_override"] is None
    _, was_set, cleared = await events(shop, joined.entry_id)
    assert (was_set.reason, was_set.actor, was_set.at) == ("priority_override_set", "Kim", shop.clock())
    assert was_set.details == {"from": None, "to": 900, "why": "waited long"}
    assert (cleared.reason, cleared.actor) == ("priority_override_cleared", "Alex")
    assert cleared.details == {"from": 900, "to": None, "why": "a mistake"}
    assert (was_set.from_state, was_set.to_state) == (None, None)


async def test_a_page_shows_the_newest_first_and_the_next_goes_on(shop: Shop) -> None:
    ids = []
    for number in range(5):
        joined = await shop.join(f"Person {number}", service_id=shop.colour if number == 4 else shop.cut)
        ids.append(joined.entry_id)
        shop.clock.forward(minutes=number % 2)  # Some of them at one moment.
    await leave(shop, ids[0])

    async def page(**asked: Any) -> list[UUID]:
        given = {"status": None, "service_id": None, "before": None, "limit": 2} | asked
        async with shop.transaction() as tx:
            return [row["id"] for row in await entries.page(tx, **given)]

    first = await page()
    assert first == [ids[4], ids[3]]
    last = await shop.one("SELECT joined_at, id FROM waitlist_entries WHERE id = $1", first[-1])
    assert await page(before=(last["joined_at"], last["id"]), limit=9) == [ids[2], ids[1], ids[0]]
    assert await page(status="active", limit=9) == [ids[4], ids[3], ids[2], ids[1]]
    assert await page(status="cancelled", limit=9) == [ids[0]]
    assert await page(service_id=shop.colour, limit=9) == [ids[4]]
    future = (datetime(2000, 1, 1, tzinfo=UTC), ids[0])
    assert await page(before=future) == []
