"""Preferences: counted by a job after each change of a booking, shown to the salon, suggested, and breaking ties."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from standby.bookings import bookings, preferences
from standby.bookings.habits import Habits, Tally, counted, visit
from standby.bookings.preferences import Preferences
from standby.database.migrate import MIGRATIONS
from standby.database.pool import WORKER, connect, new_id
from standby.jobs.handlers import handlers
from standby.jobs.queue import build_queue, run_queue
from standby.jobs.queues import PREFERENCE
from standby.tenants import catalog, tenants
from standby.tenants.customers import Person
from standby.waitlist import cascade, slots
from standby.waitlist.ranking import MOST_TIED
from tests.api import error_of
from tests.salon import Shop, at_once

WEEK = timedelta(weeks=1)
KARI = "+4740111222"
PENDING = "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'waitlist.preference'"
FROM_SCRATCH = (
    "SELECT service_id, staff_id, starts_at FROM bookings WHERE customer_id = $1 "
    "AND status IN ('confirmed', 'completed')"
)
STORED = "SELECT aspect, value, visits, weight FROM preferences WHERE customer_id = $1"


async def customer_of(shop: Shop, booking_id: UUID) -> UUID:
    found: UUID = (await shop.one("SELECT customer_id FROM bookings WHERE id = $1", booking_id))[
        "customer_id"
    ]
    return found


async def known(shop: Shop, customer_id: UUID) -> Preferences:
    async with shop.transaction() as tx:
        return await preferences.of_customer(tx, customer_id)


async def stored(shop: Shop, customer_id: UUID) -> Habits:
    rows = await shop.all(STORED, customer_id)
    return {(row["aspect"], row["value"]): Tally(row["visits"], int(row["weight"])) for row in rows}


async def from_scratch(shop: Shop, customer_id: UUID) -> Habits:
    rows = await shop.all(FROM_SCRATCH, customer_id)
    return counted(
        {}, [visit(row["service_id"], row["staff_id"], row["starts_at"], shop.salon.zone) for row in rows]
    )


def favourites(them: Preferences) -> dict[str, list[str]]:
    return {
        aspect: [one.name or one.value for one in them.favourites(aspect)]
        for aspect in ("service", "staff", "weekday", "hour")
    }


async def regular(shop: Shop, *, phone: str = KARI, visits: int = 2, staff: UUID | None = None) -> UUID:
    """Somebody who comes on Wednesdays at noon (13:00 in Oslo), the next weeks; counted."""
    wednesday = shop.clock() + timedelta(days=2)
    booked = [await shop.book(at=wednesday + n * WEEK, phone=phone, staff=staff) for n in range(visits)]
    await shop.run_jobs()
    return await customer_of(shop, booked[0])


async def test_what_somebody_books_is_counted_by_a_job_that_commits_with_the_booking(shop: Shop) -> None:
    async def book(*, at: datetime) -> UUID:
        async with shop.transaction() as tx:
            kari = Person("Kari", KARI)
            booking = await bookings.create(tx, kari, shop.kim, shop.cut, at, now=shop.clock(), actor="test")
            if at.hour == 15:
                raise ZeroDivisionError
        return booking

    with pytest.raises(ZeroDivisionError):
        await book(at=shop.clock() + timedelta(days=1, hours=3))
    assert await shop.system.worker_pool.fetchval(PENDING) == 0
    customer = await customer_of(shop, await book(at=shop.clock() + timedelta(days=1)))
    assert await stored(shop, customer) == {}
    assert await shop.system.worker_pool.fetchval(PENDING) == 1
    await shop.run_jobs()
    assert await shop.system.worker_pool.fetchval(PENDING) == 0
    assert await stored(shop, customer) == await from_scratch(shop, customer) != {}
    assert favourites(await known(shop, customer))["staff"] == []  # Once is no habit.


async def test_a_change_is_taken_over_and_a_cancellation_or_a_no_show_taken_back(shop: Shop) -> None:
    noon = shop.clock() + timedelta(days=2)
    moved, cancelled, missed, kept = [
        await shop.book(at=noon + number * WEEK, phone=KARI) for number in range(4)
    ]
    customer = await customer_of(shop, kept)
    await shop.run_jobs()
    assert (await known(shop, customer)).visits == 4

    await shop.change(moved, staff_id=shop.alex, starts_at=noon + timedelta(days=1, hours=3))
    await shop.cancel(cancelled)
    shop.clock.forward(weeks=4)
    async with shop.transaction() as tx:
        await bookings.end(tx, missed, "no_show", now=shop.clock(), actor="test")
        await bookings.end(tx, kept, "completed", now=shop.clock(), actor="test")
    await shop.run_jobs()

    them = await known(shop, customer)
    assert them.visits == 2
    assert {(one.name, one.visits) for one in them.of("staff")} == {("Kim", 1), ("Alex", 1)}
    assert {one.value for one in them.of("weekday")} == {"3", "4"}
    assert them.first_at == noon + timedelta(days=1, hours=3)
    assert await stored(shop, customer) == await from_scratch(shop, customer)


async def test_jobs_that_run_twice_at_once_or_again_count_each_visit_once(shop: Shop) -> None:
    customer = await regular(shop, visits=3)
    await shop.book(at=shop.clock() + timedelta(days=2) + 3 * WEEK, phone=KARI)
    parts = shop.system
    count = handlers(parts.pool, parts.delivery, parts.clock, parts.calendars, parts.webhooks, parts.mailing)[
        PREFERENCE
    ]
    assert await at_once(*[count(shop.salon.id, customer) for _ in range(5)]) == [None] * 5
    await shop.run_jobs()
    assert await stored(shop, customer) == await from_scratch(shop, customer)
    assert (await known(shop, customer)).visits == 4
    await count(shop.salon.id, new_id())  # Nobody: there is nothing to do.


async def test_one_statement_about_many_bookings_adds_one_job_for_each_customer(shop: Shop) -> None:
    for number in range(6):
        await shop.book(at=shop.clock() + number * WEEK + timedelta(days=1), phone=f"+474011122{number % 2}")
    await shop.run_jobs()
    async with shop.transaction() as tx:
        await tx.execute("UPDATE bookings SET reason = 'nothing that matters'")
        assert await shop.system.worker_pool.fetchval(PENDING) == 0
        await tx.execute(
            "UPDATE bookings SET starts_at = starts_at + interval '2 hours', ends_at = ends_at + interval '2 hours'"
        )
    assert await shop.system.worker_pool.fetchval(PENDING) == 2
    jobs = await shop.system.worker_pool.fetch("SELECT priority FROM pgqueuer")
    assert [row["priority"] for row in jobs] == [0, 0]  # Everything else goes first.


async def test_counting_that_fails_is_tried_again_after_five_seconds(shop: Shop) -> None:
    await shop.book(phone=KARI)
    async with connect(shop.system.url, role=WORKER, name="test worker") as connection:

        async def fail(_tenant: UUID, _customer: UUID) -> None:
            manager.shutdown.set()
            raise ZeroDivisionError

        manager = build_queue(connection, {PREFERENCE: fail})
        await run_queue(manager)
    later = "SELECT status, round(extract(epoch FROM execute_after - updated)) AS seconds FROM pgqueuer"
    [job] = await shop.system.worker_pool.fetch(later)
    assert (job["status"], job["seconds"]) == ("queued", 5)


async def test_the_salon_is_shown_what_a_customer_likes_and_since_when(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    customer = await regular(shop, visits=3)
    await shop.book(at=shop.clock() + timedelta(days=1), phone=KARI, staff=shop.alex)
    await shop.run_jobs()
    shown = (await api.get(f"/api/customers/{customer}/preferences")).json()
    assert (shown["customer_name"], shown["visits"]) == ("Booked Customer", 4)
    assert datetime.fromisoformat(shown["first_at"]) == shop.clock() + timedelta(days=1)
    assert shown["services"] == [
        {"id": str(shop.cut), "name": "Haircut", "visits": 4, "percent": 100, "favourite": True}
    ]
    assert [(one["name"], one["visits"], one["favourite"]) for one in shown["staff"]] == [
        ("Kim", 3, True),
        ("Alex", 1, False),
    ]
    assert sum(one["percent"] for one in shown["staff"]) == 100
    assert [one["weekday"] for one in shown["weekdays"]] == [3, 2]
    assert [one["hour"] for one in shown["hours"]] == [13]
    error_of(await api.get(f"/api/customers/{new_id()}/preferences"), 404)


async def test_who_joins_is_suggested_what_they_usually_want_and_nothing_is_assumed_of_others(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    await regular(shop, visits=2)

    async def suggested(phone: str, service: UUID) -> dict[str, Any]:
        body = {"phone": phone, "service_id": str(service)}
        answer = await api.post("/api/waitlist/suggestion", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    assert await suggested("401 11 222", shop.cut) == {
        "staff_id": str(shop.kim),
        "weekdays": [3],
        "from_minute": 13 * 60,
        "until_minute": 14 * 60 + 45,
        "why": [
            "with Kim at 2 of 2 visits",
            "on a Wednesday at 2 of 2 visits",
            "from 13:00 to 13:59 at 2 of 2 visits",
        ],
    }
    nothing = {"staff_id": None, "weekdays": [1, 2, 3, 4, 5, 6, 7], "from_minute": 0, "until_minute": 1440}
    assert await suggested("+4740999888", shop.cut) == nothing | {"why": []}
    async with shop.transaction() as tx:
        nails = await catalog.add_service(tx, "Nails", 30, None, now=shop.clock())
    assert (await suggested(KARI, nails))["staff_id"] is None  # Kim doesn't do that.
    refused = error_of(
        await api.post("/api/waitlist/suggestion", json={"phone": "12", "service_id": str(new_id())}), 422
    )
    assert {one["field"] for one in refused["details"]["errors"]} == {"phone", "service_id"}
    # Joining without saying so is a wish for anyone at any time, for those who are known too.
    await shop.join(phone=KARI)
    entry = await shop.one("SELECT staff_id, weekdays, from_minute, until_minute FROM waitlist_entries")
    assert dict(entry) == nothing


async def prefer(shop: Shop, *, wanted: bool = True) -> None:
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, shop.cut, {"prefer_favourites": wanted})


@pytest.mark.parametrize("wanted", [True, False])
async def test_of_those_who_tie_a_slot_goes_to_whom_it_suits_by_habit_where_the_salon_says_so(
    shop: Shop, api: httpx.AsyncClient, *, wanted: bool
) -> None:
    await prefer(shop, wanted=wanted)
    await regular(shop)
    a_wednesday = shop.clock() + timedelta(days=16, minutes=20)  # At 13:20.
    latest = a_wednesday + timedelta(days=1)
    longer = (await shop.join("Longer", latest=latest)).entry_id
    shop.clock.forward(minutes=1)
    by_habit = (await shop.join(phone=KARI, latest=latest)).entry_id
    slot = await shop.free_slot(at=a_wednesday)
    listed = (await api.get(f"/api/slots/{slot}/candidates")).json()["eligible"]
    habits = {one["entry_id"]: one["habit"] for one in listed}
    if wanted:
        assert [one["entry_id"] for one in listed] == [str(by_habit), str(longer)]
        assert habits == {str(by_habit): ["service", "staff", "weekday", "hour"], str(longer): []}
    else:
        assert [one["entry_id"] for one in listed] == [str(longer), str(by_habit)]
        assert habits == {str(by_habit): None, str(longer): None}
    assert {one["score"] for one in listed} == {45}
    await shop.run_jobs()
    offer = await shop.one("SELECT entry_id, score, breakdown FROM offers")
    assert (offer["entry_id"], offer["score"]) == ((by_habit if wanted else longer), 45)
    assert offer["breakdown"].get("habit") == (4 if wanted else None)
    assert sum(points for part, points in offer["breakdown"].items() if part != "habit") == 45


async def test_an_offer_by_hand_says_what_suits_them_too(shop: Shop, api: httpx.AsyncClient) -> None:
    await prefer(shop)
    await regular(shop)
    entry = (await shop.join(phone=KARI)).entry_id
    slot = await shop.free_slot(at=shop.clock() + timedelta(days=9, hours=3))
    await api.post(f"/api/waitlist/{entry}/notify", json={"slot_id": str(slot)})
    offer = await shop.one("SELECT breakdown FROM offers")
    assert offer["breakdown"]["habit"] == 3  # Not the hour.


@pytest.mark.parametrize(("place", "first"), [(MOST_TIED - 1, True), (MOST_TIED, False)])
async def test_only_so_many_who_tie_are_compared_however_many_there_are(
    shop: Shop, place: int, *, first: bool
) -> None:
    await prefer(shop)
    customer = await regular(shop)
    slot_id = await shop.free_slot(at=shop.clock() + timedelta(days=16))
    people = [new_id() for _ in range(MOST_TIED + 1)]
    async with shop.transaction() as tx:
        await tx.executemany(
            "INSERT INTO customers (tenant_id, id, name, phone, channels, created_at) "
            "VALUES (current_tenant(), $1, 'One of many', $2, '{sms}', $3)",
            [(person, shop.phone(), shop.clock()) for person in people],
        )
        await tx.execute("UPDATE customers SET channels = '{sms}' WHERE id = $1", customer)
        people[place] = customer
        await tx.executemany(
            "INSERT INTO waitlist_entries (tenant_id, id, customer_id, service_id, earliest, latest, status, "
            "joined_at, reason, actor, changed_at) VALUES (current_tenant(), $1, $2, $3, $4, "
            "$4::timestamptz + interval '30 days', 'waiting', $5, 'joined', 'test', $4)",
            [
                (new_id(), person, shop.cut, shop.clock(), shop.clock() + timedelta(seconds=number))
                for number, person in enumerate(people)
            ],
        )
        judged = (await slots.candidates(tx, slot_id, now=shop.clock())).ranked.eligible
        found = await cascade.lock_open_slot(tx, slot_id)
        assert found is not None
        best = await cascade._best_candidate(tx, *found, shop.clock())
    assert best is not None
    assert judged[0][0].entry_id == best.entry_id
    assert (best.customer_id == customer) is first


async def test_the_visits_that_were_there_before_preferences_are_counted_too(
    shop: Shop, database_url: str
) -> None:
    customer = await regular(shop)
    before = await stored(shop, customer)
    applied = (MIGRATIONS / "0015_preferences.sql").read_text()
    up, down = applied.split("-- migrate: rollback")
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    await owner.execute(down)
    await owner.execute(up)
    await owner.close()
    assert await stored(shop, customer) == {}
    await shop.run_jobs()
    assert await stored(shop, customer) == before != {}
