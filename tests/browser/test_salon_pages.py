"""A salon's own pages in a real browser: who changed what, people, and API keys."""

import re

from playwright.async_api import Browser, Page, expect

from standby.accounts.permissions import Role
from tests.accounts import EMAIL, PASSWORD, browsing, sign_in, somebody
from tests.browser.conftest import Site
from tests.browser.looks import looked_at, opened


async def signed_in(page: Page) -> None:
    """Signs in by the keyboard, on the way to where the page wanted."""
    await page.get_by_label("Email").fill(EMAIL)
    await page.get_by_label("Email").press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")


async def test_an_owner_finds_what_was_changed_without_javascript(site: Site, browser: Browser) -> None:
    shop = site.shop
    await somebody(shop)
    async with opened(browser, f"{site.url}/app/audit") as page:
        await signed_in(page)
        await expect(page.get_by_text("Nobody has changed anything yet")).to_be_visible()
        await looked_at(page, "audit-none")
        async with browsing(shop) as client:
            await sign_in(client)
            await client.patch(f"/api/services/{shop.cut}", json={"name": "Cut and go"})
            await client.post("/api/staff", json={"name": "Mia", "services": [str(shop.cut)]})
            booking = await shop.book()
            await client.post(f"/api/bookings/{booking}/cancel")
        await page.reload()
        await looked_at(page, "audit")
        state = await page.context.storage_state()
    async with opened(
        browser, f"{site.url}/app/audit", java_script_enabled=False, storage_state=state
    ) as page:
        await page.get_by_label("What", exact=True).select_option("Service")
        await page.get_by_role("button", name="Show", exact=True).press("Enter")
        await expect(page.get_by_role("heading", level=2)).to_have_text(["Service changed"])
        row = page.get_by_role("row", name="name Haircut Cut and go")
        await expect(row).to_be_visible()
        await page.get_by_label("From").fill("2030-01-01")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.get_by_text("Nothing like that was changed")).to_be_visible()
        await expect(page.get_by_label("What", exact=True)).to_have_value("service")


async def test_an_owner_invites_somebody_and_takes_another_out_by_the_keyboard(
    site: Site, browser: Browser
) -> None:
    await somebody(site.shop)
    await somebody(site.shop, "mia@example.com", Role.STAFF)
    async with opened(browser, f"{site.url}/app/members") as page:
        await signed_in(page)
        await page.get_by_role("textbox", name="Email").fill("per@new")
        await page.keyboard.press("Enter")
        await expect(page.locator("#email-problem")).to_be_visible()
        await expect(page.get_by_role("textbox", name="Email")).to_have_value("per@new")
        await page.get_by_role("textbox", name="Email").fill("per@example.com")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("The invitation is on its way.")
        await page.get_by_text("Change mia@example.com").press("Enter")
        await looked_at(page, "members")
        await page.get_by_role("button", name="Remove from the salon mia@example.com").press("Enter")
        await expect(page.get_by_text("mia@example.com")).to_have_count(0)


async def test_a_key_is_made_kept_and_revoked_without_javascript(site: Site, browser: Browser) -> None:
    await somebody(site.shop)
    async with opened(browser, f"{site.url}/app/api-keys") as page:
        await signed_in(page)
        await page.get_by_role("textbox", name="Name").fill("till")
        await page.get_by_role("button", name="Make the key").click()
        await expect(page.locator("#scopes-problem")).to_be_visible()
        await expect(page.get_by_role("textbox", name="Name")).to_have_value("till")
        await looked_at(page, "keys-problem")
        await page.get_by_label("See appointments and the waitlist").press("Space")
        await page.get_by_role("textbox", name="Name").press("Enter")
        await expect(page.locator(".key")).to_have_text(re.compile("^sk_[0-9a-f]{64}$"))
        await looked_at(page, "keys-made")
        state = await page.context.storage_state()
    async with opened(
        browser, f"{site.url}/app/api-keys", java_script_enabled=False, storage_state=state
    ) as page:
        await page.get_by_text("Revoke till").click()
        await page.get_by_role("button", name="Revoke it for good till").click()
        await expect(page.get_by_text("There is no key yet")).to_be_visible()


async def test_a_page_says_when_it_is_not_live_and_goes_on_by_itself(site: Site, browser: Browser) -> None:
    await somebody(site.shop)
    async with opened(browser, f"{site.url}/app/members") as page:
        await page.route("**/api/events*", lambda route: route.abort())
        await signed_in(page)
        state = page.locator("#live-state")
        await expect(state).to_have_text("Reconnecting …")
        async with page.expect_response("**/api/events*") as heard:
            await page.unroute("**/api/events*")
        assert (await heard.value).status == 200
        await expect(state).to_be_hidden()
