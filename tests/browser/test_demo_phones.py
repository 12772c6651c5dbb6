"""The demo's phones, in a real browser."""

from playwright.async_api import Browser, expect

from tests.browser.conftest import Site
from tests.browser.states import offered
from tests.browser.test_offer_page import DESK, PHONE, is_accessible, opened


async def test_the_empty_demo_says_what_to_do(site: Site, browser: Browser) -> None:
    async with opened(browser, f"{site.url}/demo", reduced_motion="reduce") as page:
        await expect(
            page.get_by_text("Cancel an appointment, and the first phone appears here.")
        ).to_be_visible()
        await is_accessible(page)


async def test_a_message_appears_by_itself_and_its_button_opens_the_offer(
    site: Site, browser: Browser
) -> None:
    async with opened(browser, f"{site.url}/demo", viewport=DESK) as page:
        await expect(page.get_by_text("Live")).to_be_visible()
        await offered(site.shop)
        phone = page.get_by_role("article")
        await expect(phone).to_contain_text("Hi Ingrid!")
        await expect(phone).to_contain_text("Your turn")
        button = phone.get_by_role("link", name="Open and answer")
        await expect(button).to_have_attribute(
            "href", f"{site.shop.system.settings.public_url}/o/{site.shop.token()}"
        )


async def test_a_booked_phone_waits_for_nothing_more(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, f"{site.url}/demo") as page:
        await expect(page.get_by_text("Your turn")).to_be_visible()
        await page.request.post(f"{site.link}/accept")
        await site.shop.run_jobs()
        await expect(page.get_by_text("You're booked, Ingrid")).to_be_visible()
        await expect(page.get_by_text("Your turn")).to_be_hidden()


async def test_the_phones_are_accessible_and_work_without_javascript(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    for viewport in (PHONE, DESK):
        for scheme in ("light", "dark"):
            async with opened(
                browser, f"{site.url}/demo", viewport=viewport, color_scheme=scheme, reduced_motion="reduce"
            ) as page:
                await expect(page.get_by_text("Live")).to_be_visible()
                await is_accessible(page)
    async with opened(browser, f"{site.url}/demo", java_script_enabled=False) as page:
        await page.get_by_role("link", name="Look for new messages").click()
        await page.get_by_role("article").get_by_role("heading").get_by_role("link").click()
        await expect(page.get_by_role("heading", name="One phone")).to_be_visible()
        await expect(page.get_by_text("Hi Ingrid!")).to_be_visible()


async def test_a_phone_that_has_got_nothing_is_not_found(site: Site, browser: Browser) -> None:
    async with opened(browser, f"{site.url}/demo") as page:
        assert (await page.request.get(f"{site.url}/demo/phones/+4799999999")).status == 404
