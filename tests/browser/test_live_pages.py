"""Pages that keep themselves up to date, in a real browser: what is told of it."""

from datetime import timedelta

from playwright.async_api import Browser, Page, expect

from standby.waitlist import offers
from tests.accounts import somebody
from tests.browser.conftest import Site
from tests.browser.looks import is_accessible, opened
from tests.browser.test_waitlist_pages import busy, signed_in
from tests.salon import Shop

QUIET = 20_000  # ms between two times that something is told (live.js)


async def declined(shop: Shop) -> None:
    """Who is asked doesn't want it, and the next is asked."""
    offer = await shop.one("SELECT id FROM offers WHERE status = 'pending'")
    async with shop.transaction() as tx:
        await offers.decline(tx, offer["id"], now=shop.clock(), actor="customer")
    await shop.run_jobs()


async def refreshed(page: Page, after: int = 0) -> None:
    """The page asks for itself, after so many ms by its own clock, and shows what it was answered."""
    async with page.expect_response(lambda answer: "standby-refresh" in answer.request.headers) as answering:
        await page.clock.run_for(after)
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
