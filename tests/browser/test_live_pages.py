"""Pages that keep themselves up to date, in a real browser: what is told of it, and what stays."""

from datetime import timedelta

from playwright.async_api import Browser, Page, Request, Route, expect

from standby.waitlist import offers
from tests.accounts import somebody
from tests.browser.conftest import Site
from tests.browser.looks import is_accessible, opened
from tests.browser.test_messages_page import KARI, writes
from tests.browser.test_waitlist_pages import busy, signed_in
from tests.salon import Shop

QUIET = 20_000  # ms between two times that something is told (live.js)


async def declined(shop: Shop) -> None:
    """Who is asked doesn't want it, and the next is asked."""
    offer = await shop.one("SELECT id FROM offers WHERE status = 'pending'")
    async with shop.transaction() as tx:
        await offers.decline(tx, offer["id"], now=shop.clock(), actor="customer")
    await shop.run_jobs()


def refreshes(request: Request) -> bool:
    """Whether it is a page that asks for itself."""
    return "standby-refresh" in request.headers


async def refreshed(page: Page, after: int = 0) -> None:
    """The page asks for itself, within so many ms by its own clock, and shows what it was answered.

    Its clock stands still as soon as it has asked: an answer that takes half a minute is taken for lost.
    """
    async with (
        page.expect_response(lambda answer: refreshes(answer.request)) as answering,
        page.expect_request(refreshes) as asking,
    ):
        for _ in range(0, after, 1000):
            if not asking.is_done():
                await page.clock.run_for(1000)
    await (await answering.value).finished()


async def test_changes_are_told_to_screen_readers_together_and_not_too_often(
    site: Site, browser: Browser
) -> None:
    shop = site.shop
    await somebody(shop)
    await busy(shop)
    async with opened(browser, f"{site.url}/app/today") as page:
        await signed_in(page)
        await expect(page.locator("#running")).to_contain_text("Una")
        await page.clock.install()
        await page.reload()
        await refreshed(page)
        news = page.locator("#live-news")
        await news.evaluate(
            """news => {
                window.told = [];
                new MutationObserver(() => told.push([performance.now(), news.textContent]))
                    .observe(news, { childList: true });
            }"""
        )
        await declined(shop)
        await expect(page.locator("#running")).to_contain_text("Kari")
        await page.clock.run_for(2000)
        await expect(news).to_have_text("Updated: Offered right now: 1.")
        await declined(shop)
        await expect(page.locator("#running")).to_contain_text("Ola")
        await shop.book(at=shop.clock() + timedelta(hours=5))
        await expect(page.locator("#next")).to_contain_text("18:00")
        await page.clock.run_for(QUIET)
        await expect(news).to_have_text("Updated: Offered right now: 1. Next appointments.")
        shop.clock.forward(minutes=7)  # Gaps get shorter, and what was in an hour is in less.
        await refreshed(page, 60_000)
        await expect(page.locator("#next")).to_contain_text("in 53 minutes")
        await page.clock.run_for(2 * QUIET)
        (first, _), (second, _) = await page.evaluate("told")
        assert second - first >= QUIET
        await is_accessible(page)


async def hold(page: Page) -> None:
    """Remembers what has the focus."""
    await page.evaluate("window.held = document.activeElement")


async def holds(page: Page) -> bool:
    """It has it still."""
    return bool(await page.evaluate("held.isConnected && document.activeElement === held"))


async def test_focus_stays_on_a_button_among_others_like_it_and_the_page_where_it_is(
    site: Site, browser: Browser
) -> None:
    shop = site.shop
    await somebody(shop)
    await shop.join("Kari Nordmann", phone=KARI)
    for number in range(4):
        await writes(shop, number, KARI, f"Question {number}")
    async with opened(browser, f"{site.url}/app/messages") as page:
        await signed_in(page)
        letters = page.locator(".letter")
        await expect(letters).to_have_count(4)
        button = letters.filter(has_text="Question 1").get_by_role("button")
        await button.focus()
        await hold(page)
        scrolled = await page.evaluate("scrollTo(0, 300), scrollY")
        await shop.all(
            "UPDATE replies SET handled_at = now(), handled_by = 'test' WHERE text = 'Question 0' RETURNING id"
        )
        await writes(shop, 5, KARI, "Question 5")
        await expect(letters.filter(has_text="Question 5")).to_be_visible()
        await expect(letters).to_have_count(4)
        await expect(button).to_be_focused()
        assert await holds(page)
        assert await page.evaluate("scrollY") >= scrolled
        await shop.all(
            "UPDATE replies SET handled_at = now(), handled_by = 'test' WHERE text = 'Question 1' RETURNING id"
        )
        await expect(letters).to_have_count(3)
        await expect(page.locator("#inbox")).to_be_focused()


async def test_what_is_open_stays_open_and_is_up_to_date_and_what_is_typed_stays(
    site: Site, browser: Browser
) -> None:
    shop = site.shop
    await somebody(shop)
    await busy(shop)
    for hours in (1, 2, 4, 5):
        for day in (0, 1):
            await shop.book(at=shop.clock() + timedelta(hours=hours, days=day), staff=shop.alex)
    async with opened(browser, f"{site.url}/app/today") as page:
        await signed_in(page)
        summary = page.locator("#rest summary")
        await expect(summary).to_have_text("2 more until tomorrow evening")
        await summary.press("Enter")
        await hold(page)
        await shop.book(at=shop.clock() + timedelta(hours=3, days=1))
        await expect(summary).to_have_text("3 more until tomorrow evening")
        await expect(page.locator("#rest .visit").last).to_be_visible()
        assert await holds(page)
        await page.goto(f"{site.url}/app/waitlist")
        search = page.locator("#q")
        await search.fill("Zo")
        await hold(page)
        await shop.join("Zoe")
        await expect(page.get_by_role("link", name="Zoe")).to_be_visible()
        await expect(search).to_have_value("Zo")
        assert await holds(page)


async def test_a_page_that_is_not_up_to_date_says_so_until_it_is(site: Site, browser: Browser) -> None:
    shop = site.shop
    await somebody(shop)
    answers: list[int] = []

    async def in_vain(route: Route) -> None:
        if not refreshes(route.request):
            await route.continue_()
        elif answers:
            await route.fulfill(status=answers[0])

    async with opened(browser, f"{site.url}/account") as page:
        await signed_in(page)
        await page.clock.install()
        state = page.locator("#live-state")
        for answer in ([], [503]):
            answers[:] = answer
            await page.wait_for_url("**/account")
            await page.route("**/app/today", in_vain)
            async with page.expect_request(refreshes):
                await page.goto(f"{site.url}/app/today")
            await page.clock.run_for(30_000)
            await expect(state).to_have_text("Not up to date: trying again")
            await is_accessible(page)
            await page.unroute("**/app/today")
            await refreshed(page, 60_000)
            await expect(state).to_be_hidden()
            await page.goto(f"{site.url}/account")


async def test_a_stream_that_dies_as_soon_as_it_opens_is_not_asked_for_again_for_ever(
    site: Site, browser: Browser
) -> None:
    await somebody(site.shop)
    asked: list[str] = []

    async def dies(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(content_type="text/event-stream", body="retry: 2000\n\n")

    async with opened(browser, f"{site.url}/app/members") as page:
        async with page.expect_request("**/api/events*"):
            await signed_in(page)
        await page.route("**/api/events*", dies)
        await page.clock.install(time=0)
        await page.clock.pause_at(1)
        await page.reload()
        state = page.locator("#live-state")
        await expect(state).to_have_text("Reconnecting …")
        await state.evaluate(
            """state => {
                state.dataset.failed = 0;
                new MutationObserver(() => { state.dataset.failed -= state.textContent ? -1 : 0; })
                    .observe(state, { childList: true });
            }"""
        )
        for times, seconds in enumerate((1, 2, 4, 8)):
            await expect(state).to_have_attribute("data-failed", str(times))
            await page.clock.run_for(seconds * 1000)
        await expect(state).to_have_text("Not live just now: looking again every minute")
        assert len(asked) == 5
        await page.unroute("**/api/events*")
        await page.clock.run_for(60_000)
        await expect(state).to_be_hidden()


async def test_what_somebody_has_changed_is_left_alone_and_what_came_ticked_is_not(
    site: Site, browser: Browser
) -> None:
    shop = site.shop
    await somebody(shop)
    async with opened(browser, f"{site.url}/app/today") as page:
        await signed_in(page)
        coming = page.locator("#next")
        await expect(coming).to_contain_text("No appointments")
        await coming.evaluate(
            """part => part.insertAdjacentHTML("beforeend", `<input type="radio" name="way" checked>
                <select><option>A<option selected>B</select><input id="word">`)"""
        )
        word = page.locator("#word")
        await word.fill("Is it urgent?")
        await page.locator("h1").click()
        await expect(word).not_to_be_focused()
        async with page.expect_response(lambda answer: refreshes(answer.request)) as answering:
            await shop.book(at=shop.clock() + timedelta(hours=1))
        await (await answering.value).finished()
        await expect(page.locator("#sheets")).to_contain_text("14:00")
        await expect(coming).not_to_contain_text("14:00")
        await expect(word).to_have_value("Is it urgent?")
        await word.fill("")
        await page.locator("h1").click()
        await expect(coming).to_contain_text("14:00")
