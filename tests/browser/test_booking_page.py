"""A customer's own appointment in a real browser: moved and cancelled by tapping, with and without JavaScript."""

from datetime import timedelta

from playwright.async_api import Browser, expect

from standby.signed_links import BOOKING, Linked, token_for
from standby.tenants import catalog
from standby.tenants.opening_hours import Hours
from tests.browser.conftest import Site
from tests.browser.looks import is_for_everybody, opened
from tests.salon import SECRET


async def link_of(site: Site) -> str:
    """The page of a booking on Thursday at one o'clock."""
    shop = site.shop
    async with shop.transaction() as tx:
        await catalog.set_hours(tx, [Hours(day, 540, 1020) for day in range(1, 6)])
    booking = await shop.book(at=shop.clock() + timedelta(days=3))
    return f"{site.url}/b/{token_for(SECRET.encode(), Linked(shop.salon.id, booking), BOOKING)}"


async def test_every_page_is_accessible_on_phone_and_desk_in_both_lights(
    site: Site, browser: Browser
) -> None:
    link = await link_of(site)
    for path in ("", "/cancel", "/move"):
        async with opened(browser, link + path) as page:
            await is_for_everybody(page)


async def test_a_customer_says_yes_moves_and_cancels_without_javascript(site: Site, browser: Browser) -> None:
    link = await link_of(site)
    async with opened(browser, link, java_script_enabled=False) as page:
        heading = page.get_by_role("heading", level=1)
        await page.get_by_role("button", name="Yes, I’m coming").click()
        await expect(heading).to_have_text("See you then, Booked")
        await page.get_by_role("link", name="Move it").click()
        await page.get_by_role("group", name="Friday 27 November").get_by_role("radio", name="10:30").check()
        await page.get_by_role("button", name="Move it here").click()
        await expect(page.locator(".ticket-time")).to_have_text("10:30–11:15")
        await expect(heading).to_have_text("It’s moved, Booked")
        await page.get_by_role("link", name="Cancel it").click()
        await page.get_by_label("Would you tell us why?").fill("ill")
        await page.get_by_role("button", name="Yes, cancel it").click()
        await expect(heading).to_have_text("This appointment is cancelled")
    row = await site.shop.one("SELECT status, reason, customer_moves FROM bookings")
    assert tuple(row) == ("cancelled", "ill", 1)


async def test_a_time_is_chosen_by_keyboard_alone(site: Site, browser: Browser) -> None:
    async with opened(browser, f"{await link_of(site)}/move") as page:
        first = page.get_by_role("radio").first
        await first.focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("radio", checked=True)).to_have_count(1)
        await page.keyboard.press("Enter")
        await expect(page.locator(".ticket-time")).to_have_text("13:45–14:30")
