"""A salon's own pages in a real browser: who changed what."""

import os
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.accounts import EMAIL, PASSWORD, browsing, sign_in, somebody
from tests.browser.conftest import Site
from tests.browser.looks import DESK, LIGHTS, PHONE, is_for_everybody, opened

SHOTS = os.environ.get("SCREENSHOTS")  # A folder: what is seen is kept there.


async def signed_in(page: Page) -> None:
    """Signs in by the keyboard, on the way to where the page wanted."""
    await page.get_by_label("Email").fill(EMAIL)
    await page.get_by_label("Email").press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")


async def looked_at(page: Page, name: str) -> None:
    await is_for_everybody(page)
    if SHOTS:
        for screen, size in {"phone": PHONE, "desk": DESK}.items():
            await page.set_viewport_size(size)
            for light in LIGHTS:
                await page.emulate_media(color_scheme=light)
                await page.screenshot(path=Path(SHOTS) / f"{name}-{screen}-{light}.png", full_page=True)


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
