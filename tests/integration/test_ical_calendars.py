"""Feeds that staff members keep elsewhere: linked, read when they change, blocking their times; whatever goes wrong,
the last good times stay.
"""

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from standby.calendars import busy_times_process
from standby.calendars.base import Window
from standby.calendars.busy_times import Unreadable, Whose
from standby.calendars.busy_times_process import read_apart
from tests.api import calling, error_of
from tests.fakes.feeds import FakeFeeds
from tests.fakes.serving import Says
from tests.salon import Clock, Shop, open_shop, open_system
from tests.unit.test_busy_times import calendar, event

DENTIST = event("DTSTART:20261124T100000Z", "DTEND:20261124T110000Z", uid="dentist")
YOGA = event("DTSTART;TZID=Europe/Oslo:20261101T180000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY", uid="yoga")


@dataclass
class Desk:
    """A salon whose staff keep calendars at `feeds`."""

    shop: Shop
    api: httpx.AsyncClient
    feeds: FakeFeeds

    async def link(self, name: str = "kim", **given: Any) -> httpx.Response:
        body = {"staff_id": str(self.shop.kim), "url": self.feeds.address(name)} | given
        return await self.api.post("/api/calendars/ical", json=body)

    async def linked(self) -> dict[str, Any]:
        """The one calendar that there is."""
        [linked] = (await self.api.get("/api/calendars")).json()
        return dict(linked)

    async def busy(self) -> list[datetime]:
        return [
            row["starts_at"] for row in await self.shop.all("SELECT starts_at FROM busy_times ORDER BY 1")
        ]


@pytest.fixture
async def desk(database_url: str, clock: Clock) -> AsyncIterator[Desk]:
    feeds = FakeFeeds()
    feeds.feeds["kim"] = calendar(DENTIST)
    async with (
        feeds.served(),
        open_system(database_url, clock, allow_private_targets="127.0.0.1") as parts,
    ):
        shop = await open_shop(parts, clock)
        async with calling(shop) as api:
            yield Desk(shop, api, feeds)


async def test_a_linked_feed_is_read_at_once_and_its_times_are_busy(desk: Desk) -> None:
    answer = await desk.link()
    assert answer.status_code == 201, answer.text
    assert (answer.json()["kind"], answer.json()["state"], answer.json()["writes"]) == (
        "ical",
        "active",
        False,
    )
    await desk.shop.pass_time(seconds=1)
    assert await desk.busy() == [datetime(2026, 11, 24, 10, tzinfo=UTC)]
    linked = await desk.linked()
    assert (linked["state"], linked["failure"]) == ("active", None)
    assert linked["read_at"] is not None
    absent = await desk.shop.all("SELECT staff_id FROM absences")
    assert [row["staff_id"] for row in absent] == [desk.shop.kim]


async def test_a_feed_is_read_again_when_it_has_changed_and_once_a_day(desk: Desk) -> None:
    desk.feeds.feeds["kim"] = calendar(YOGA)
    await desk.link()
    await desk.shop.pass_time(seconds=1)
    last = (await desk.busy())[-1]
    await desk.shop.pass_time(minutes=11)
    assert (desk.feeds.asked, desk.feeds.not_modified) == (2, 1)
    await desk.shop.pass_time(days=8)
    assert (desk.feeds.asked, desk.feeds.not_modified) == (3, 1)  # Its series goes on.
    assert (await desk.busy())[-1] > last
    desk.feeds.feeds["kim"] = calendar(DENTIST)
    await desk.shop.pass_time(minutes=11)
    assert await desk.busy() == []  # That was last week.


@pytest.mark.parametrize(
    ("becomes", "state", "why"),
    [
        (Says(404), "failing", "It answers 404."),
        (Says(503), "failing", "It answers 503."),
        (Says(200, "<html>Sign in</html>"), "failing", "It is no calendar (iCalendar)."),
        (Says(302, "", {"Location": "http://127.0.0.2/"}), "failing", "private network"),
        (Says(200, "x", {"Content-Encoding": "gzip"}), "failing", "compressed"),
    ],
)
async def test_a_feed_that_is_broken_says_so_and_keeps_its_last_times_until_it_is_mended(
    desk: Desk, becomes: Says, state: str, why: str
) -> None:
    await desk.link()
    await desk.shop.pass_time(seconds=1)
    before = await desk.busy()
    desk.feeds.next(becomes)
    await desk.shop.pass_time(minutes=11)
    linked = await desk.linked()
    assert linked["state"] == state
    assert why in linked["failure"]
    assert await desk.busy() == before
    await desk.shop.pass_time(hours=2)
    assert (await desk.linked())["state"] == "active"


async def test_an_address_is_kept_as_it_is_asked_and_a_wrong_one_is_refused(desk: Desk) -> None:
    answer = await desk.link(url=" webcal://Calendar.example/kim.ics#today ")
    assert answer.json()["address"] == "https://calendar.example/kim.ics"
    for wrong in (
        "kim",
        "ftp://calendar.example/",
        "https://",
        "http://[::1",
        "https://x/" + "y" * 2000,
        "https://x/\0",
        "https://u:p\x07@x/",
        "https://x y/",
        "https://x/\u2028y",
    ):
        [problem] = error_of(await desk.link(url=wrong), 422)["details"]["errors"]
        assert problem["field"] == "url"
    problems = error_of(await desk.link(url="kim", staff_id=str(uuid4())), 422)["details"]["errors"]
    assert {one["field"] for one in problems} == {"url", "staff_id"}


async def test_without_leave_no_private_address_is_asked(database_url: str, clock: Clock) -> None:
    feeds = FakeFeeds()
    async with feeds.served(), open_system(database_url, clock) as parts:
        shop = await open_shop(parts, clock)
        async with calling(shop) as api:
            desk = Desk(shop, api, feeds)
            await desk.link()
            await shop.pass_time(seconds=1)
            assert "private network" in (await desk.linked())["failure"]
            assert feeds.asked == 0


@pytest.mark.parametrize("code", [0, 1])
async def test_a_process_that_ends_in_the_middle_of_its_answer_has_not_read_the_calendar(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int
) -> None:
    dies = tmp_path / "python"
    dies.write_text(f"""#!/bin/sh\ncat > /dev/null; printf '{{"busy": [["den'; exit {code}\n""")
    dies.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dies))
    await desk.link()
    await desk.shop.pass_time(seconds=1)
    linked = await desk.linked()
    assert (linked["state"], linked["failure"]) == ("failing", busy_times_process.TOO_MUCH)


@pytest.mark.parametrize(
    ("limit", "seconds", "raised"), [("CPU_SECONDS", 1, Unreadable), ("WAIT_SECONDS", 0.5, TimeoutError)]
)
async def test_a_calendar_that_takes_too_long_is_given_up_and_its_process_ended(
    monkeypatch: pytest.MonkeyPatch, limit: str, seconds: float, raised: type[Exception]
) -> None:
    monkeypatch.setattr(busy_times_process, limit, seconds)
    every = ",".join(map(str, range(60)))
    hostile = event(
        "DTSTART:20261124T100000Z",
        "DURATION:PT1S",
        f"RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE={every};BYSECOND={every}",
    )
    now = datetime(2026, 11, 23, tzinfo=UTC)
    with pytest.raises(raised):
        await read_apart(
            calendar(hostile), Whose(uuid4(), ZoneInfo("Europe/Oslo")), Window(now, now + timedelta(days=365))
        )
