"""Signing in and up in a real browser, without JavaScript; and that every page of it is accessible."""

from playwright.async_api import Browser, expect

from tests.accounts import EMAIL, PASSWORD, link, somebody
from tests.browser.conftest import Site
from tests.browser.looks import DESK, PHONE, fits, is_accessible, opened


async def test_every_page_is_accessible_on_phone_and_desk_in_both_lights(
    site: Site, browser: Browser
) -> None:
    for viewport, scheme in ((PHONE, "light"), (DESK, "dark")):
        for path in ("/sign-in?said=reset", "/sign-in/code", "/sign-up", "/forgot", "/reset/unknown"):
            async with opened(browser, site.url + path, viewport=viewport, color_scheme=scheme) as page:
                await is_accessible(page)
                await fits(page)


async def test_somebody_signs_in_after_a_slip_and_out_again(site: Site, browser: Browser) -> None:
    await somebody(site.shop)
    for viewport, scheme in ((PHONE, "dark"), (DESK, "light")):
        async with opened(
            browser, f"{site.url}/sign-in", viewport=viewport, color_scheme=scheme, java_script_enabled=True
        ) as page:
            await page.get_by_label("Email").fill(EMAIL)
            await page.get_by_label("Password").fill("not the right one")
            await page.get_by_role("button", name="Sign in").click()
            await expect(page.get_by_role("alert")).to_have_text("Email or password is wrong.")
            await is_accessible(page)
            await expect(page.get_by_label("Email")).to_have_value(EMAIL)
            await page.get_by_label("Password").fill(PASSWORD)
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
            await is_accessible(page)
            await fits(page)
            await page.get_by_role("button", name="Sign out").last.click()
            await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


async def test_a_salon_is_signed_up_without_javascript(site: Site, browser: Browser) -> None:
    async with opened(browser, f"{site.url}/sign-up", java_script_enabled=False) as page:
        await page.get_by_label("Name of the salon").fill("Ida’s Chair")
        await page.get_by_label("Email").fill("ida@example.com")
        await page.get_by_role("button", name="Send me the link").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
        await page.goto(f"{site.url}/verify/{await link(site.shop, 'verify')}")
        await page.get_by_label("Password").fill("short")
        await page.get_by_role("button", name="Open the salon").click()
        await expect(page.locator("#password-problem")).to_have_text("Too short: at least 12 characters.")
        await page.get_by_label("Password").fill("an entirely new one")
        await page.get_by_role("button", name="Open the salon").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
        await expect(page.get_by_text("Ida’s Chair")).to_be_visible()
