"""Customers' pages on a phone with a bad connection: whole without their scripts, light, and nothing in them moves."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, CDPSession, Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.looks import opened
from tests.browser.states import offered
from tests.browser.test_public_pages import open_for_business, type_code

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
MOST_BYTES = 100_000
# What has moved on the page since it came, though nobody had pressed anything.
SHIFTS = """() => new Promise(told => {
    const seen = new PerformanceObserver(() => {});
    seen.observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() =>
        told(seen.takeRecords().filter(shift => !shift.hadRecentInput).map(shift => shift.value))));
})"""
PAINT = "performance.getEntriesByName('first-contentful-paint').map(paint => Math.round(paint.startTime))"


@dataclass
class Line:
    """A bad connection: how often it was asked for something, and what came over it."""

    page: Page
    cdp: CDPSession
    requests: int = 0
    bytes: int = 0

    async def is_easy_on_it(self, name: str) -> None:
        """The page has not moved, and is light. Counting begins anew."""
        await self.page.wait_for_load_state("networkidle")
        paint = await self.page.evaluate(PAINT)
        sys.stdout.write(f"{name}: painted after {paint} ms; {self.requests} requests, {self.bytes} bytes\n")
        assert await self.page.evaluate(SHIFTS) == []
        assert 0 < self.bytes < MOST_BYTES
        assert self.requests <= 10
        self.requests = self.bytes = 0


@asynccontextmanager
async def on_a_bad_line(browser: Browser, url: str) -> AsyncIterator[Line]:
    """The page, over a bad connection. Nothing is there from an earlier visit."""
    async with opened(browser, "about:blank") as page:
        cdp = await page.context.new_cdp_session(page)
        line = Line(page, cdp)

        def came(event: dict[str, float]) -> None:
            line.requests += 1
            line.bytes += int(event["encodedDataLength"])

        cdp.on("Network.loadingFinished", came)
        await cdp.send("Network.enable")
        await cdp.send("Network.emulateNetworkConditions", SLOW)
        await page.goto(url)
        yield line


async def test_a_booking_is_made_over_a_bad_line_and_going_back_books_nothing_more(
    site: Site, browser: Browser
) -> None:
    await open_for_business(site.shop)
    async with on_a_bad_line(browser, f"{site.url}/shop") as line:
        page, heading = line.page, line.page.get_by_role("heading", level=1)
        await line.is_easy_on_it("services")
        await page.get_by_role("link", name="Haircut").click()
        await expect(heading).to_have_text("Haircut")
        await line.is_easy_on_it("times")
        await page.locator(".time").first.click()
        await expect(page.get_by_label("Your name")).to_be_visible()
        await line.is_easy_on_it("form")
        await page.get_by_label("Your name").fill("Kari")
        await page.get_by_label("Mobile number").fill("412 34 567")
        await page.get_by_label("Shop may write to me").check()
        await page.get_by_role("button", name="Book it").click()
        await expect(page.get_by_label("The code")).to_be_visible()
        await line.is_easy_on_it("code")
        code = await type_code(site.shop, page, "The code")
        await expect(heading).to_have_text("You’re booked, Kari")
        await line.is_easy_on_it("booked")
        await page.go_back()
        await page.get_by_label("The code").fill(code)
        await page.get_by_label("The code").press("Enter")
        await expect(heading).to_have_text("You’re booked, Kari")
        await page.go_back()
        await page.go_back()
        await expect(page.get_by_label("Your name")).to_have_value("Kari")
    assert (await site.shop.one("SELECT count(*) FROM bookings"))["count"] == 1


async def test_an_offer_is_taken_over_a_bad_line_and_going_back_shows_that_it_is(
    site: Site, browser: Browser
) -> None:
    await offered(site.shop)
    async with on_a_bad_line(browser, site.link) as line:
        page, heading = line.page, line.page.get_by_role("heading", level=1)
        await expect(page.get_by_role("timer")).to_be_visible()
        await line.is_easy_on_it("offer")
        await page.get_by_role("button", name="Yes, book it").click()
        await expect(heading).to_have_text("You’re booked, Ingrid")
        await page.go_back()
        await expect(heading).to_have_text("You’re booked, Ingrid")
        await expect(page.get_by_role("button", name="Yes, book it")).to_have_count(0)


@pytest.mark.parametrize(
    "path", ["/shop", "/shop/times?service={service}", "/shop/wait?service={service}", ""]
)
async def test_a_page_is_whole_before_its_scripts_are_there(site: Site, browser: Browser, path: str) -> None:
    await open_for_business(site.shop)
    await offered(site.shop)
    waiting: list[Route] = []
    async with opened(browser, "about:blank") as page:

        def keep(route: Route) -> None:  # They never come.
            waiting.append(route)

        await page.route("**/*.js*", keep)
        url = site.url + path.format(service=site.shop.cut) if path else site.link
        await page.goto(url, wait_until="commit")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page.get_by_role("link").or_(page.get_by_role("button")).first).to_be_enabled()
        assert await page.locator("script:not([defer], [async], [type=module])").count() == 0
        for route in waiting:
            await route.abort()
