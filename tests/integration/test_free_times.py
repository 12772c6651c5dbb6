"""Free times against the database: what stands in the way, and that what is free can be booked and nothing else."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from standby.bookings import free_times
from standby.bookings.free_times import FreeTime
from standby.errors import Conflict, Invalid, ServiceNotFound
from standby.tenants import catalog, closures, tenants
from standby.tenants.opening_hours import Hours
from standby.waitlist import times
from standby.waitlist.lifecycle import SlotState
from tests.api import error_of
from tests.salon import Shop

TUESDAY = date(2026, 11, 24)


async def free(shop: Shop, on: date = TUESDAY, **asked: Any) -> list[FreeTime]:
    async with shop.transaction() as tx:
        return await free_times.on_days(tx, shop.cut, on, now=shop.clock(), **asked)


async def clock_of(shop: Shop, staff: UUID, **asked: Any) -> list[str]:
    found = await free(shop, staff_id=staff, **asked)
    return [one.starts_at.astimezone(shop.salon.zone).strftime("%H:%M") for one in found]


async def open_tuesdays(shop: Shop, opens: int = 10, closes: int = 12) -> datetime:
    """Opens the salon on Tuesdays, at whole hours; returns when it opens this week."""
    async with shop.transaction() as tx:
        await catalog.set_hours(tx, [Hours(2, opens * 60, closes * 60)])
    return datetime(2026, 11, 24, opens, tzinfo=shop.salon.zone)


async def test_a_time_is_free_when_nothing_stands_in_its_way(shop: Shop) -> None:
    ten = await open_tuesdays(shop)
    everything = ["10:00", "10:15", "10:30", "10:45", "11:00", "11:15"]
    assert await clock_of(shop, shop.kim) == everything
    assert {tuple(one.staff) for one in await free(shop)} == {(shop.alex, shop.kim)}
    await shop.book(at=ten)
    assert await clock_of(shop, shop.kim) == ["10:45", "11:00", "11:15"]
    assert await clock_of(shop, shop.alex) == everything
    async with shop.transaction() as tx:
        await closures.add(tx, shop.alex, ten, ten + timedelta(minutes=70), "ill", now=shop.clock())
        link = await tx.fetchval(
            "INSERT INTO calendar_links (tenant_id, id, staff_id, kind, address, state, created_at) "
            "VALUES (current_tenant(), $1, $2, 'ical', 'https://example.com/kim.ics', 'active', now()) RETURNING id",
            uuid4(),
            shop.kim,
        )
        await tx.execute(
            "INSERT INTO busy_times VALUES (current_tenant(), $1, 'dentist', $2, $3, $4)",
            link,
            ten + timedelta(minutes=50),
            ten + timedelta(minutes=55),
            shop.kim,
        )
    assert await clock_of(shop, shop.alex) == ["11:15"]
    assert await clock_of(shop, shop.kim) == ["11:00", "11:15"]


async def test_a_held_time_is_not_free_and_an_open_one_is(shop: Shop) -> None:
    ten = await open_tuesdays(shop)
    slot = await shop.free_slot(at=ten)
    assert "10:00" in await clock_of(shop, shop.kim)
    await shop.join()
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "held"
    assert await clock_of(shop, shop.kim) == ["10:45", "11:00", "11:15"]


async def test_only_who_works_there_and_does_it_has_time(shop: Shop) -> None:
    await open_tuesdays(shop)
    async with shop.transaction() as tx:
        colour = await free_times.on_days(tx, shop.colour, TUESDAY, now=shop.clock())
        assert {tuple(one.staff) for one in colour} == {(shop.kim,)}
        await tx.execute("UPDATE staff SET active = false WHERE id = $1", shop.kim)
        assert await free_times.on_days(tx, shop.colour, TUESDAY, now=shop.clock()) == []
        await catalog.change_service(tx, shop.cut, {"active": False})
    for service in (shop.cut, uuid4()):
        with pytest.raises(ServiceNotFound):
            async with shop.transaction() as tx:
                await free_times.on_days(tx, service, TUESDAY, now=shop.clock())


async def test_what_has_begun_is_not_free_and_for_customers_not_what_is_too_soon(shop: Shop) -> None:
    ten = await open_tuesdays(shop)
    shop.clock.at = ten + timedelta(minutes=15)
    assert await clock_of(shop, shop.kim) == ["10:30", "10:45", "11:00", "11:15"]
    assert await clock_of(shop, shop.kim, with_notice=True) == ["10:45", "11:00", "11:15"]


async def test_more_days_than_a_month_are_refused(shop: Shop) -> None:
    for days in (0, 32):
        with pytest.raises(Invalid):
            await free(shop, days=days)
    assert await free(shop, days=31)


async def test_what_is_free_can_be_booked_and_nothing_else_can(shop: Shop) -> None:
    ten = await open_tuesdays(shop, closes=14)
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, shop.cut, {"time_step_minutes": 20})
        await catalog.change_service(tx, shop.cut, {"buffer_before_minutes": 5, "buffer_after_minutes": 10})
        await catalog.set_hours_of(tx, shop.kim, [Hours(2, 600, 720), Hours(2, 740, 840)])
    await shop.book(at=ten + timedelta(minutes=140))
    found = {one.starts_at for one in await free(shop, staff_id=shop.kim)}
    may: set[datetime] = set()
    for minutes in range(-60, 300, 20):
        at = ten + timedelta(minutes=minutes)
        async with shop.transaction() as tx:
            try:
                await times.check(
                    tx, shop.kim, shop.cut, at, now=shop.clock(), taken_by=(SlotState.HELD, SlotState.BOOKED)
                )
            except Conflict:
                continue
        may.add(at)
    assert found == may
    assert len(found) == 4


async def test_who_finds_a_time_taken_is_told_the_next_three_and_the_waitlist(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    ten = await open_tuesdays(shop)
    body = {
        "customer": {"name": "Kari", "phone": "+47 412 34 567"},
        "staff_id": str(shop.kim),
        "service_id": str(shop.cut),
        "starts_at": ten.isoformat(),
    }
    first = await api.post("/api/bookings", json=body)
    assert first.status_code == 201
    refused = error_of(await api.post("/api/bookings", json=body), 409)
    assert refused["code"] == "SLOT_TAKEN"
    next_free = refused["details"]["next_free"]
    assert [datetime.fromisoformat(one["starts_at"]) for one in next_free] == [
        ten + timedelta(minutes=minutes) for minutes in (45, 60, 75)
    ]
    assert {one["staff_id"] for one in next_free} == {str(shop.kim)}
    waitlist = refused["details"]["waitlist"]
    assert waitlist == {
        "address": "/api/waitlist",
        "service_id": str(shop.cut),
        "staff_id": str(shop.kim),
    }
    assert (await api.post("/api/bookings", json=body | next_free[0])).status_code == 201
    moved = error_of(
        await api.patch(f"/api/bookings/{first.json()['id']}", json={"starts_at": next_free[0]["starts_at"]}),
        409,
    )
    assert len(moved["details"]["next_free"]) == 3
