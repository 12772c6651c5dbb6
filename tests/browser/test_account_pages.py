"""Signing in and up in a real browser, without JavaScript; and that every page of it is accessible."""

import pyotp
from playwright.async_api import Browser, Page, expect

from tests.accounts import EMAIL, PASSWORD, link, somebody
from tests.browser.conftest import Site
from tests.browser.looks import DESK, PHONE, fits, is_accessible, looked_at, opened


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
            await expect(page.get_by_role("heading", level=1)).to_have_text("Monday 23 November")
            await page.get_by_role("link", name="Your account").click()
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
        await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome")
        await expect(page.get_by_text("Ida’s Chair")).to_be_visible()


async def typed(page: Page, label: str, text: str) -> None:
    """Fills the field by the keyboard, and goes on with Enter."""
    await page.get_by_role("textbox", name=label, exact=True).focus()
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def test_a_second_factor_is_set_up_by_the_keyboard_alone(site: Site, browser: Browser) -> None:
    await somebody(site.shop)
    async with opened(browser, f"{site.url}/sign-in?next=/account/second-factor") as page:
        await page.get_by_label("Email").fill(EMAIL)
        await typed(page, "Password", PASSWORD)
        await expect(page.get_by_role("heading", level=1)).to_have_text("A second factor")
        await typed(page, "Your present password", PASSWORD)
        await expect(page.get_by_role("img", name="QR code")).to_be_visible()
        secret = (await page.locator(".secret").inner_text()).replace(" ", "")
        await typed(page, "Code", "000000")
        await expect(page.locator("#code-problem")).to_be_visible()
        await looked_at(page, "factor-confirm")
        await typed(page, "Code", pyotp.TOTP(secret).at(site.shop.clock()))
        await expect(page.get_by_role("heading", level=1)).to_have_text("Keep these codes")
        await looked_at(page, "factor-codes")
        await page.get_by_role("link", name="I’ve kept them").click()
        await looked_at(page, "account")


async def test_changes_of_an_account_work_without_javascript(site: Site, browser: Browser) -> None:
    await somebody(site.shop)
    async with opened(browser, f"{site.url}/sign-in?next=/account/email", java_script_enabled=False) as page:
        await page.get_by_label("Email").fill(EMAIL)
        await typed(page, "Password", PASSWORD)
        await page.get_by_label("New email").fill("kim@new")
        await typed(page, "Your present password", "not this one")
        await expect(page.locator("#email-problem")).to_be_visible()
        await expect(page.locator("#current-problem")).to_be_visible()
        await expect(page.get_by_label("New email")).to_have_value("kim@new")
        await page.get_by_label("New email").fill("kim@new.example")
        await typed(page, "Your present password", PASSWORD)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Look into your new mailbox")
        await page.goto(f"{site.url}/email/{await link(site.shop, 'email')}")
        await page.get_by_role("button", name="Use it").click()
        await expect(page.get_by_role("status")).to_have_text("Your email is changed.")
        await page.get_by_role("link", name="Delete your account").click()
        await typed(page, "Your present password", PASSWORD)
        await expect(page.get_by_role("alert")).to_contain_text("You’re the only owner of Shop.")
