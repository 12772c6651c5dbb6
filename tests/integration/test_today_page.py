"""The day's page: who comes, what is offered, what needs somebody, what stands empty, and what filled itself."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

import standby
from standby.accounts.permissions import Role
from standby.channels.events import Reply
from standby.messages import inbound
from standby.tenants import catalog
from standby.tenants.opening_hours import Hours
from standby.waitlist import entries, offers
from standby.web.words import LANGUAGES
from tests.accounts import EMAIL, browsing, sign_in, somebody
from tests.salon import Shop, open_shop

HERE = "/app/today"


@pytest.fixture
async def kim(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of somebody who works with the book."""
    await somebody(shop, role=Role.STAFF)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


async def blocks(kim: httpx.AsyncClient) -> dict[str, str]:
    """What can be read in each part of the page, on one line."""
    page = await kim.get(HERE)
    assert page.status_code == 200
    parts = re.findall(r'<(section|div) class="[^"]*" id="(\w+)" data-live(.*?)</\1>\n', page.text, re.DOTALL)
    return {
        name: re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", "<" + text))).strip()
        for _, name, text in parts
    }


async def hours(shop: Shop) -> None:
    """From nine to five, every day."""
    async with shop.transaction() as tx:
        await catalog.set_hours(tx, [Hours(day, 9 * 60, 17 * 60) for day in range(1, 8)])


def at(shop: Shop, hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A time of the salon's day."""
    day = shop.clock().astimezone(shop.salon.zone) + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


async def test_a_new_salon_is_told_what_will_stand_here(kim: httpx.AsyncClient) -> None:
    assert (await kim.get("/app")).headers["location"] == HERE
    there = await blocks(kim)
    assert list(there) == ["running", "troubles", "next", "gaps", "earned", "sheets"]
    for name, said in {
        "next": "No appointments today or tomorrow",
        "running": "Nothing is being offered",
        "troubles": "Nothing needs you",
        "gaps": "No gaps today or tomorrow",
        "earned": "Nothing filled itself this week",
    }.items():
        assert said in there[name]


async def test_the_day_shows_who_comes_and_what_stands_empty_until_it_is_offered(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await hours(shop)  # It is one o'clock in the salon.
    await shop.book(at=at(shop, 14))
    await shop.book(at=at(shop, 9, 30, days=1), staff=shop.alex)
    there = await blocks(kim)
    assert "1 today" in there["next"]
    assert (
        "14:00 Booked Customer Haircut with Kim · in 60 minutes Tomorrow 09:30 Booked Customer"
        in there["next"]
    )
    # Two whole days of eight hours, from now on, but for two haircuts; half an hour is too short for anything.
    assert "22 hrs stand empty" in there["gaps"]
    told = re.findall(r"Kim, (?:to\w+) [\d:–]+", there["gaps"])
    assert told == ["Kim, tomorrow 09:00–17:00", "Kim, today 14:45–17:00", "Kim, today 13:00–14:00"]
    assert "Alex, tomorrow 09:00–09:30" not in there["gaps"]
    assert "14:00–14:45" in there["sheets"]
    await shop.join("Kari")
    page = (await kim.get(HERE)).text
    assert page.index("Haircut (1 waiting)") < page.index("Colour (0 waiting)")
    form = {"staff": str(shop.kim), "service": str(shop.cut), "starts_at": at(shop, 14, 45).isoformat()}
    assert (await kim.post(f"{HERE}/open", data=form)).headers["location"] == f"{HERE}?said=opened"
    assert (await kim.post(f"{HERE}/open", data=form)).headers["location"] == f"{HERE}?said=gone"
    assert (await kim.post(f"{HERE}/open", data=form | {"starts_at": "x"})).headers["location"] == HERE
    assert "2 hrs 15 mins Kim, today 14:45–17:00 open for the waitlist" in (await blocks(kim))["gaps"]
    await shop.run_jobs()
    there = await blocks(kim)
    assert "Kari Haircut with Kim, 14:45 until 13:15" in there["running"]
    assert "1 hr 30 mins Kim, today 15:30–17:00" in there["gaps"]
    assert re.search(
        r'<time class="line-clock" datetime="[^"]+" data-until="9\d\d">', (await kim.get(HERE)).text
    )


async def test_what_filled_itself_is_counted_with_what_it_earned_until_it_is_cancelled(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await shop.join("Kari")
    await shop.join("Ola")
    for days in (1, 2):
        await shop.free_slot(at=shop.clock() + timedelta(days=days))
        await shop.run_jobs()
        shop.clock.forward(minutes=5)
        offer = await shop.one("SELECT id FROM offers WHERE status = 'pending'")
        async with shop.transaction() as tx:
            await offers.accept(tx, offer["id"], now=shop.clock(), actor="customer")
    earned = (await blocks(kim))["earned"]
    assert "2 appointments worth NOK 1,300" in earned.replace("\N{NO-BREAK SPACE}", " ")
    assert "taken after 5 minutes" in earned
    booking = await shop.one("SELECT id FROM bookings WHERE source = 'waitlist' ORDER BY created_at LIMIT 1")
    await shop.cancel(booking["id"])
    earned = (await blocks(kim))["earned"]
    assert "1 appointment worth NOK 650" in earned.replace("\N{NO-BREAK SPACE}", " ")
    shop.clock.forward(days=8)
    await sign_in(kim)
    assert "Nothing filled itself this week" in (await blocks(kim))["earned"]


async def test_what_needs_somebody_is_shown_to_whom_it_concerns(shop: Shop, kim: httpx.AsyncClient) -> None:
    silent = (await shop.join("Silent", service_id=shop.colour)).entry_id
    await shop.all("UPDATE customers SET channels = '{}' WHERE name = 'Silent' RETURNING id")
    slot = await shop.free_slot()
    await shop.run_jobs()
    async with shop.transaction() as tx:
        reply = Reply("SM1", shop.clock(), None, "+4790000000", "Hello?", None, None, None)
        await inbound.take(tx, "sms", reply, now=shop.clock())
    await shop.book(at=shop.tomorrow() + timedelta(days=7), notify=True)
    await shop.all("UPDATE messages SET status = 'failed', next_attempt_at = NULL RETURNING id")
    there = (await blocks(kim))["troubles"]
    for said in (
        "Unread answers: 1",
        "Messages that did not arrive this week: 1 Booked Customer",
        "Haircut with Kim, Tue 24 Nov 13:00 Still open: nobody on the list can come then.",
        "Silent can’t be reached",
    ):
        assert said in there
    page = (await kim.get(HERE)).text
    for path in (
        *(f"/app/calendar/slots/{slot}", f"/app/waitlist/{silent}"),
        *("/app/messages", "/app/messages?state=failed"),
    ):
        assert f'href="{path}"' in page
        assert (await kim.get(path)).status_code == 200
    await somebody(shop, f"viewer-{EMAIL}", Role.VIEWER)
    async with browsing(shop, Accept="text/html") as viewer:
        await sign_in(viewer, f"viewer-{EMAIL}")
        there = (await blocks(viewer))["troubles"]
        assert "Silent can’t be reached" in there
        assert "Unread answers" not in there
        assert (await viewer.post(f"{HERE}/open")).status_code == 403
    async with shop.transaction() as tx:
        await entries.leave(tx, silent, now=shop.clock(), reason="x", actor="test")
    assert "Silent" not in (await blocks(kim))["troubles"]


async def test_another_salons_day_is_not_seen(shop: Shop, kim: httpx.AsyncClient) -> None:
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    await hours(theirs)
    await theirs.join("Stranger")
    await theirs.free_slot()
    await theirs.book(at=theirs.clock() + timedelta(hours=1))
    await shop.run_jobs()
    there = await blocks(kim)
    assert "No appointments today or tomorrow" in there["next"]
    assert "Nothing is being offered" in there["running"]
    assert "No gaps today or tomorrow" in there["gaps"]


def test_every_kind_of_notice_has_its_words() -> None:
    schema = (Path(standby.__file__).parent / "database" / "schema.sql").read_text()
    [kinds] = re.findall(r"CONSTRAINT notices_kind_check CHECK \(\(kind = ANY \(ARRAY\[(.*?)\]\)\)\)", schema)
    for words in LANGUAGES.values():
        for kind in re.findall(r"'(\w+)'::text", kinds):
            assert f"today.notice.{kind}" in words
