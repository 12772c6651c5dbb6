"""The page of figures in a real browser."""

from playwright.async_api import Browser, expect

from tests.accounts import somebody
from tests.browser.conftest import Site
from tests.browser.looks import looked_at, opened
from tests.browser.test_salon_pages import signed_in
from tests.history import lived


async def test_an_owner_reads_figures_and_takes_one_along_without_javascript(
    site: Site, browser: Browser
) -> None:
    await somebody(site.shop)
    async with opened(browser, f"{site.url}/app/insights") as page:
        await signed_in(page)
        await expect(page.get_by_text("Nothing has come free in these days")).to_be_visible()
        await looked_at(page, "insights-none")
        await lived(site.shop)
        await page.reload()
        await looked_at(page, "insights")
        await page.goto(f"{site.url}/app/insights?from=2026-11-24&to=2026-11-23")
        await looked_at(page, "insights-problem")
        state = await page.context.storage_state()
    async with opened(
        browser, f"{site.url}/app/insights", java_script_enabled=False, storage_state=state
    ) as page:
        await page.get_by_role("link", name="7 days", exact=True).press("Enter")
        rate = page.get_by_role("region", name="Fill rate")
        await expect(rate.get_by_role("strong")).to_have_text("50%")
        await expect(rate.get_by_role("img", name="Fill rate")).to_have_accessible_description(
            "2 of 4 times that came free were filled. Still open: 1."
        )
        await rate.get_by_text("How this is counted").press("Enter")
        await expect(rate.get_by_role("row", name="23 Nov 4 2 50%")).to_be_visible()
        async with page.expect_download() as coming:
            await rate.get_by_role("link", name="Download as CSV").click()
        assert (await coming.value).suggested_filename == "shop-fill-rate-2026-11-17-2026-11-23.csv"
        await page.get_by_text("Choose days").press("Enter")
        await page.get_by_label("From").fill("2026-11-24")
        await page.get_by_label("From").press("Enter")
        await expect(page.locator("#to-problem")).to_have_text("This day is before the first one.")
        await expect(page.get_by_label("From")).to_have_value("2026-11-24")
