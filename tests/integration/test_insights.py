"""A salon's figures, counted by hand beside them: of the database, by the API, on the page and in files."""

import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from standby.accounts.permissions import Role
from standby.bookings import bookings
from standby.insights import analytics, periods
from standby.insights.analytics import Answers, Insights, NoShows, Opened, Spread
from standby.insights.periods import Period
from standby.waitlist import slots
from tests.accounts import browsing, sign_in, somebody
from tests.api import error_of
from tests.history import lived, offered
from tests.salon import Shop


async def figures(shop: Shop, period: Period | None = None) -> Insights:
    chosen = period or periods.named("7d", zone=shop.salon.zone, now=shop.clock())
    async with shop.transaction() as tx:
        return await analytics.of(tx, chosen)


async def test_figures_are_what_one_counts_by_hand(shop: Shop) -> None:
    await lived(shop)
    found = await figures(shop)
    fills = found.now.fills
    assert (fills.opened, fills.filled, fills.still_open, fills.rate) == (4, 2, 1, 0.5)
    # 4 and 14 minutes; Kari waited 1 h 4 min, Ola 14 min.
    assert fills.filled_after == Spread(540, 780)
    assert fills.waited == Spread(2340, 3540)
    assert (fills.kept, fills.earned, fills.without_price) == (1, Decimal(650), 0)
    assert found.now.answers == Answers(accepted=2, declined=1)
    assert found.by_channel == {"whatsapp": Answers(accepted=2, declined=1)}
    assert found.by_hour == {14: Answers(accepted=2, declined=1)}
    assert found.by_day == {date(2026, 11, 23): Opened(4, 2, Decimal(650))}
    assert found.gaps == {
        (2, 14): Opened(1, 1),
        (2, 15): Opened(2, 1),
        (4, 14): Opened(1, 0),
    }
    assert (list(found.fill_classes), list(found.wait_classes)) == ([0, 1, 1, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0])
    before = found.before.fills
    assert (before.opened, before.filled, before.filled_after) == (1, 1, Spread(600, 600))
    assert found.before.answers == Answers(accepted=1)


async def test_silence_counts_as_unanswered_and_what_we_took_back_counts_not_at_all(shop: Shop) -> None:
    await shop.join("Kari")
    await offered(shop, shop.tomorrow())
    await shop.pass_time(minutes=16)
    assert (await figures(shop)).now.answers == Answers(unanswered=1)
    await shop.pass_time(minutes=61)  # Her cooldown ends, and she is asked for the next one.
    slot = (await shop.one("SELECT id FROM slots WHERE status IN ('open', 'held')"))["id"]
    async with shop.transaction() as tx:
        await slots.take_back(tx, slot, now=shop.clock(), reason="closed", actor="staff")
    assert (await figures(shop)).now.answers == Answers(unanswered=1)


async def test_appointments_that_nobody_marked_have_come_and_cancelled_ones_are_no_appointments(
    shop: Shop,
) -> None:
    first = shop.tomorrow()
    there = [await shop.book(at=first + timedelta(hours=hour)) for hour in range(4)]
    shop.clock.forward(days=2)
    async with shop.transaction() as tx:
        await bookings.end(tx, there[0], "completed", now=shop.clock(), actor="staff")
        await bookings.end(tx, there[1], "no_show", now=shop.clock(), actor="staff")
        await bookings.cancel(tx, there[2], now=shop.clock(), reason="x", actor="staff", notify=False)
    await shop.book(at=shop.tomorrow())
    found = await figures(shop)
    assert found.now.no_shows == NoShows(ended=3, no_shows=1)
    assert found.no_shows == {2: NoShows(3, 1)}
    assert found.before.no_shows.rate is None


async def test_of_nothing_there_is_no_share_and_no_median(shop: Shop) -> None:
    found = await figures(shop)
    assert found.now == found.before
    assert found.now.none
    assert (found.now.fills.rate, found.now.fills.filled_after) == (None, Spread(None, None))
    assert (found.now.answers.rate, found.now.no_shows.rate) == (None, None)
    assert (found.by_day, found.gaps, found.by_channel) == ({}, {}, {})


async def test_an_hour_that_comes_twice_is_of_the_day_on_which_it_was(shop: Shop) -> None:
    """Summer time ends in Oslo on 25 October 2026, at 01:00 UTC."""
    for hours in (-4, 0, 21):  # 23:30 on Saturday, 02:30 for the second time, 23:30 on Sunday
        shop.clock.at = datetime(2026, 10, 25, 1, 30, tzinfo=UTC) + timedelta(hours=hours)
        await shop.free_slot(at=shop.clock() + timedelta(days=3))
    shop.clock.at = datetime(2026, 11, 1, tzinfo=UTC)
    sunday = date(2026, 10, 25)
    found = await figures(shop, periods.between(sunday, sunday, zone=shop.salon.zone, now=shop.clock()))
    assert found.by_day == {sunday: Opened(2, 0)}
    assert found.before.fills.opened == 1


@pytest.fixture
async def kim(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An owner's browser."""
    await somebody(shop)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


async def test_the_page_tells_the_figures_and_what_they_were_before(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await lived(shop)
    page = (await kim.get("/app/insights?period=7d")).text
    for said in (
        "50%",
        "down from 100%",
        "2 of 4 times that came free were filled. Still open: 1.",
        "NOK\N{NO-BREAK SPACE}650",
        "9 mins",
    ):
        assert said in page, said
    assert not re.search(r"\bnan\b", page, re.IGNORECASE)
    assert 'href="/app/insights/fill-rate.csv?period=7d"' in page
    assert page.count("<desc id=") == 8


async def test_a_period_without_anything_says_so_and_no_figure_is_nought(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    page = (await kim.get("/app/insights")).text
    assert "Nothing has come free in these days" in page
    assert "0%" not in page
    await shop.free_slot()
    shop.clock.forward(minutes=1)
    page = (await kim.get("/app/insights")).text
    assert "0%" in page  # One came free, and is not filled.
    assert "Nothing yet" in page  # Nobody was offered anything.


async def test_days_that_are_no_period_are_said_beside_their_field(kim: httpx.AsyncClient) -> None:
    page = await kim.get("/app/insights?from=2026-12-01&to=2026-11-30")
    assert page.status_code == 422
    assert "This day is before the first one." in page.text
    assert 'value="2026-12-01"' in page.text
    page = await kim.get("/app/insights?from=2026-11-01&to=2026-12-30")
    assert "This day is still to come." in page.text
    page = await kim.get("/app/insights?from=x")
    assert page.text.count('class="wrong"') == 2
    assert (await kim.get("/app/insights?from=2026-11-01&to=2026-11-23")).status_code == 200


async def test_each_figure_is_a_file_that_spreadsheets_read(shop: Shop, kim: httpx.AsyncClient) -> None:
    await lived(shop)
    file = await kim.get("/app/insights/fill-rate.csv?from=2026-11-22&to=2026-11-23")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.headers["content-disposition"] == (
        'attachment; filename="shop-fill-rate-2026-11-22-2026-11-23.csv"'
    )
    assert list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff")))) == [
        ["From", "Came free", "Filled", "Share"],
        ["2026-11-22", "0", "0", ""],
        ["2026-11-23", "4", "2", "0.5"],
    ]
    page = (await kim.get("/app/insights?period=7d")).text
    for name in (
        "revenue",
        "time-to-fill",
        "waiting-time",
        "acceptance",
        "acceptance-by-hour",
        "no-shows",
        "busiest-gaps",
    ):
        assert f"/app/insights/{name}.csv" in page
        assert (await kim.get(f"/app/insights/{name}.csv?period=7d")).status_code == 200
    assert (await kim.get("/app/insights/nothing.csv")).status_code == 404
    assert (await kim.get("/app/insights/revenue.csv?from=x")).status_code == 404


async def test_staff_who_work_with_the_book_do_not_see_what_it_earns(shop: Shop) -> None:
    await somebody(shop, "mia@example.com", Role.STAFF)
    async with browsing(shop, Accept="text/html") as mia:
        await sign_in(mia, "mia@example.com")
        for path in ("/app/insights", "/app/insights/revenue.csv", "/api/insights"):
            assert (await mia.get(path)).status_code == 403


async def test_the_api_tells_the_same_figures(shop: Shop, api: httpx.AsyncClient) -> None:
    await lived(shop)
    told = (await api.get("/api/insights", params={"period": "7d"})).json()
    assert (told["first_day"], told["last_day"], told["currency"]) == ("2026-11-17", "2026-11-23", "NOK")
    assert told["period"]["starts"] == "2026-11-16T23:00:00Z"
    now = told["figures"]
    assert (now["opened"], now["filled"], now["fill_rate"], now["recovered"]) == (4, 2, 0.5, "650.00")
    assert now["answers"] == {"offers": 3, "accepted": 2, "declined": 1, "unanswered": 0, "acceptance": 2 / 3}
    assert now["no_shows"] == {"ended": 1, "no_shows": 0, "share": 0.0}
    assert told["figures_before"]["seconds_to_fill"] == {"median": 600, "p90": 600}
    assert told["time_to_fill"][2] == {"from_seconds": 300.0, "filled": 1}
    assert [(one["weekday"], one["hour"], one["opened"]) for one in told["busiest_gaps"]] == [
        (2, 15, 2),
        (2, 14, 1),
        (4, 14, 1),
    ]
    whole = await api.get("/api/insights", params={"from": "2026-11-16", "to": "2026-11-23"})
    assert whole.json()["figures"]["opened"] == 5


async def test_the_api_says_what_is_no_period(api: httpx.AsyncClient) -> None:
    for asked, fields in (
        ({"from": "2026-11-01"}, ["to"]),
        ({"from": "2026-11-02", "to": "2026-11-01"}, ["to"]),
        ({"period": "7d", "to": "2026-11-01"}, ["from", "period"]),
        ({"period": "year"}, ["period"]),
    ):
        problems = error_of(await api.get("/api/insights", params=asked), 422)["details"]["errors"]
        assert [one["field"] for one in problems] == fields
