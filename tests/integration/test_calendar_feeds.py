"""Private feeds: who has the address reads the bookings, changes and cancellations too; 304 if there is nothing new."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from icalendar import Calendar, Event

from standby.calendars.ical import uid_of
from tests.api import calling, error_of
from tests.salon import Shop
from tests.unit.test_ical import read

MOVED = """
WITH moved AS (
    UPDATE bookings SET staff_id = $2, starts_at = $3, ends_at = $3::timestamptz + interval '45 minutes',
                        sequence = sequence + 1, changed_at = $4
    WHERE id = $1 RETURNING slot_id, starts_at, ends_at
)
UPDATE slots s SET staff_id = $2, starts_at = m.starts_at, ends_at = m.ends_at FROM moved m WHERE s.id = m.slot_id
"""
MANY = """
WITH number AS (SELECT n, $4::timestamptz + n * interval '1 hour' AS at FROM generate_series(1, $1::integer) n),
slot AS (
    INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                       created_at)
    SELECT current_tenant(), gen_random_uuid(), $2, $3, at, at + interval '45 minutes', 'booked', '', 'test', $4, $4
    FROM number RETURNING *
)
INSERT INTO bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status, source,
                      reason, actor, changed_at, created_at)
SELECT tenant_id, gen_random_uuid(), id, (SELECT id FROM customers LIMIT 1), staff_id, service_id, starts_at, ends_at,
       'confirmed', 'direct', '', 'test', $4, $4 FROM slot
"""


@pytest.fixture
async def program(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A calendar program: nobody is signed in."""
    async with calling(shop) as client:
        client.headers.pop("Authorization")
        yield client


async def address(api: httpx.AsyncClient, staff_id: UUID | None = None, **more: Any) -> str:
    """The path of a new feed."""
    answer = await api.post("/api/calendar-feeds", json={"staff_id": staff_id and str(staff_id)} | more)
    assert answer.status_code == 201, answer.text
    url = httpx.URL(answer.json()["url"])
    assert str(url).startswith("http://127.0.0.1:8000/calendars/")
    return url.path


def events_of(answer: httpx.Response) -> dict[str, Event]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return {str(event["UID"]): event for event in read(answer.content).events}


async def moved(shop: Shop, booking_id: UUID, staff: UUID, *, hours: int) -> None:
    """The booking goes to another staff member and time."""
    at = shop.tomorrow() + timedelta(hours=hours)
    async with shop.transaction() as tx:
        await tx.execute(MOVED, booking_id, staff, at, shop.clock())


async def test_a_feed_shows_the_bookings_of_its_staff_member_and_the_salons_those_of_all(
    shop: Shop, api: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    kims, alexs = await shop.book(staff=shop.kim), await shop.book(staff=shop.alex)
    of_kim = events_of(await program.get(await address(api, shop.kim)))
    of_all = events_of(await program.get(await address(api)))
    assert set(of_kim) == {uid_of(shop.salon.id, kims)}
    assert set(of_all) == {uid_of(shop.salon.id, one) for one in (kims, alexs)}
    event = of_kim[uid_of(shop.salon.id, kims)]
    assert (event.start, event.end - event.start) == (shop.tomorrow(), timedelta(minutes=45))
    assert (event["SUMMARY"], event["LOCATION"]) == ("Booked, Haircut", "Shop")
    assert of_all[uid_of(shop.salon.id, alexs)]["SUMMARY"] == "Alex: Booked, Haircut"


async def test_surnames_and_numbers_stand_in_a_feed_only_if_the_salon_wants_them(
    shop: Shop, api: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    await shop.book(phone="+4741234567")
    [event] = events_of(await program.get(await address(api))).values()
    assert (event["SUMMARY"], "DESCRIPTION" in event) == ("Kim: Booked, Haircut", False)
    [event] = events_of(await program.get(await address(api, contacts=True))).values()
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Kim: Booked Customer, Haircut", "+4741234567")


async def test_a_booking_from_a_month_ago_to_a_year_ahead_is_shown(
    shop: Shop, api: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    near = [await shop.book(at=shop.clock() + timedelta(days=days)) for days in (1, 365)]
    await shop.book(at=shop.clock() + timedelta(days=367))
    path = await address(api)
    assert set(events_of(await program.get(path))) == {uid_of(shop.salon.id, one) for one in near}
    shop.clock.forward(days=31)
    assert uid_of(shop.salon.id, near[0]) in events_of(await program.get(path))
    shop.clock.forward(days=1)
    assert uid_of(shop.salon.id, near[0]) not in events_of(await program.get(path))


async def test_what_has_not_changed_is_not_sent_again_and_any_change_is(
    shop: Shop, api: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    booking = await shop.book()
    path = await address(api, shop.kim)

    async def etag_of(known: str = "") -> tuple[int, str]:
        answer = await program.get(path, headers={"If-None-Match": known} if known else {})
        assert answer.headers["cache-control"] == "private, no-cache"
        assert (answer.status_code == 304) == (answer.content == b"")
        return answer.status_code, answer.headers["etag"]

    _, first = await etag_of()
    shop.clock.forward(hours=1)
    assert await etag_of(first) == (304, first)
    assert await etag_of(f'"other", W/{first}') == (304, first)
    head = await program.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first)
    etag, seen = first, {first}
    for change in (
        lambda: shop.book(at=shop.tomorrow() + timedelta(hours=3)),
        lambda: shop.cancel(booking),
        lambda: shop.all("UPDATE customers SET name = 'Kari' RETURNING id"),
        lambda: shop.all("UPDATE services SET name = 'Trim' WHERE name = 'Haircut' RETURNING id"),
        lambda: shop.all("UPDATE staff SET name = 'Kimmie' WHERE name = 'Kim' RETURNING id"),
    ):
        await change()
        status, etag = await etag_of(first)
        assert status == 200
        assert etag not in seen
        seen.add(etag)
    await shop.book(staff=shop.alex)  # Not Kim's.
    assert await etag_of(etag) == (304, etag)


async def test_a_cancelled_booking_stays_in_the_feed_as_cancelled(
    shop: Shop, api: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    booking = await shop.book()
    path = await address(api)
    shop.clock.forward(minutes=1)
    await shop.cancel(booking)
    event = events_of(await program.get(path))[uid_of(shop.salon.id, booking)]
    assert event["STATUS"] == "CANCELLED"
    assert event.last_modified == shop.clock()
    row = await shop.one("SELECT sequence FROM bookings")
    assert event["SEQUENCE"] == row["sequence"]


async def test_a_booking_that_goes_to_another_staff_member_is_cancelled_in_the_formers_feed(
    shop: Shop, api: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    booking = await shop.book(staff=shop.kim)
    kims, alexs, salons = await address(api, shop.kim), await address(api, shop.alex), await address(api)
    uid = uid_of(shop.salon.id, booking)
    await moved(shop, booking, shop.alex, hours=2)
    [of_kim], [of_alex], [of_salon] = [
        list(events_of(await program.get(path)).values()) for path in (kims, alexs, salons)
    ]
    assert of_kim["UID"] == of_alex["UID"] == of_salon["UID"] == uid
    assert (of_kim["STATUS"], of_kim["SEQUENCE"], of_kim.start) == ("CANCELLED", 1, shop.tomorrow())
    for event in (of_alex, of_salon):
        assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 1)
        assert event.start == shop.tomorrow() + timedelta(hours=2)
    await moved(shop, booking, shop.kim, hours=4)
    [back] = events_of(await program.get(kims)).values()
    assert (back["STATUS"], back["SEQUENCE"]) == ("CONFIRMED", 2)
    [gone] = events_of(await program.get(alexs)).values()
    assert (gone["STATUS"], gone["SEQUENCE"]) == ("CANCELLED", 2)


async def test_a_new_address_ends_the_old_one_and_the_list_shows_none(
    shop: Shop, api: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    old = await address(api, shop.kim)
    new = await address(api, shop.kim)
    assert old != new
    assert (await program.get(old)).status_code == 404
    assert (await program.get(new)).status_code == 200
    [listed] = (await api.get("/api/calendar-feeds")).json()
    assert set(listed) == {"id", "staff_id", "contacts", "created_at"}
    stored = await shop.one("SELECT to_jsonb(f)::text AS said FROM calendar_feeds f")
    assert new.removeprefix("/calendars/").removesuffix(".ics") not in stored["said"]
    assert (await api.delete(f"/api/calendar-feeds/{listed['id']}")).status_code == 204
    assert (await program.get(new)).status_code == 404
    assert error_of(await api.delete(f"/api/calendar-feeds/{listed['id']}"), 404)["code"] == "FEED_NOT_FOUND"


async def test_there_is_no_feed_of_a_stranger_nor_at_a_made_up_address(
    api: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    answer = await api.post("/api/calendar-feeds", json={"staff_id": str(uuid4())})
    [problem] = error_of(answer, 422)["details"]["errors"]
    assert (problem["field"], problem["code"]) == ("staff_id", "not_found")
    for token in ("x", "x" * 43, "%00", "é"):
        assert (await program.get(f"/calendars/{token}.ics")).status_code == 404


async def test_an_empty_feed_is_a_calendar(api: httpx.AsyncClient, program: httpx.AsyncClient) -> None:
    assert events_of(await program.get(await address(api))) == {}


async def test_a_feed_of_thousands_is_whole_and_known_to_be_the_same(
    shop: Shop, api: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    await shop.book()
    async with shop.transaction() as tx:
        await tx.execute(MANY, 3000, shop.alex, shop.cut, shop.clock())
    path = await address(api)
    whole = await program.get(path)
    assert whole.content.count(b"BEGIN:VEVENT\r\n") == 3001
    assert len({str(event["UID"]) for event in Calendar.from_ical(whole.content).events}) == 3001
    same = await program.get(path, headers={"If-None-Match": whole.headers["etag"]})
    assert same.status_code == 304
