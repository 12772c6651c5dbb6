"""A real calendar server takes our feeds for calendars, and staff can keep theirs there."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar

from tests.api import calling
from tests.fakes.radicale_server import radicale
from tests.integration.test_calendar_feeds import address, events_of, moved
from tests.salon import Clock, open_shop, open_system
from tests.unit.test_busy_times import calendar, event


@pytest.fixture
async def kim(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Kim, at a calendar server."""
    with radicale(tmp_path) as url:
        async with httpx.AsyncClient(base_url=url, auth=("kim", "kim")) as client:
            (await client.request("PROPFIND", "/kim/")).raise_for_status()  # Makes her a place.
            yield client


async def put(kim: httpx.AsyncClient, path: str, written: bytes) -> None:
    answer = await kim.put(path, content=written, headers={"Content-Type": "text/calendar"})
    assert answer.is_success, answer.text


async def test_a_feed_goes_through_another_calendar_server_unharmed(
    database_url: str, clock: Clock, kim: httpx.AsyncClient
) -> None:
    async with open_system(database_url, clock) as parts:
        shop = await open_shop(parts, clock)
        async with calling(shop) as api:
            await shop.all(
                "UPDATE services SET name = 'Klipp; farge, og \\ føn – ' || repeat('æ', 90) WHERE name = 'Haircut' "
                "RETURNING id"
            )
            await shop.book(staff=shop.alex)
            away = await shop.book()
            await moved(shop, away, shop.alex, hours=3)
            await shop.cancel(await shop.book())
            for staff in (shop.kim, shop.alex):
                ours = events_of(await api.get(await address(api, staff)))
                await put(kim, f"/kim/{staff}/", (await api.get(await address(api, staff))).content)
                read_back = Calendar.from_ical((await kim.get(f"/kim/{staff}/")).content).events
                theirs = {str(one["UID"]): one for one in read_back}
                assert len(ours) == 2
                assert set(theirs) == set(ours)
                for uid, mine in ours.items():
                    for name in ("SEQUENCE", "STATUS", "SUMMARY", "LOCATION", "TRANSP"):
                        assert theirs[uid][name] == mine[name]
                    assert (theirs[uid].start, theirs[uid].end) == (mine.start, mine.end)
                    assert theirs[uid].last_modified == mine.last_modified


async def test_what_staff_keep_at_a_calendar_server_makes_them_busy_until_they_change_it(
    database_url: str, clock: Clock, kim: httpx.AsyncClient
) -> None:
    times = "DTSTART;TZID=Europe/Oslo:20261124T{}0000", "DURATION:PT1H"
    await put(kim, "/kim/own/", calendar(event(times[0].format(10), times[1], uid="dentist")))
    own = f"{kim.base_url.copy_with(userinfo=b'kim:kim')}/kim/own/"
    async with open_system(database_url, clock, allow_private_targets="127.0.0.1") as parts:
        shop = await open_shop(parts, clock)

        async def busy() -> list[datetime]:
            return [row["starts_at"] for row in await shop.all("SELECT starts_at FROM busy_times")]

        async with calling(shop) as api:
            body = {"staff_id": str(shop.kim), "url": own}
            answer = await api.post("/api/calendars/ical", json=body)
            assert answer.json()["address"] == str(
                kim.base_url.join("/kim/own/")
            )  # Without the password, which is sealed.
            await shop.pass_time(seconds=1)
            assert await busy() == [datetime(2026, 11, 24, 9, tzinfo=UTC)]
            await put(
                kim, "/kim/own/dentist.ics", calendar(event(times[0].format(14), times[1], uid="dentist"))
            )
            await shop.pass_time(minutes=11)
            assert await busy() == [datetime(2026, 11, 24, 13, tzinfo=UTC)]
            assert (await kim.delete("/kim/own/dentist.ics")).is_success
            await shop.pass_time(minutes=11)
            assert await busy() == []
            [linked] = (await api.get("/api/calendars")).json()
            assert (linked["state"], linked["failure"]) == ("active", None)
