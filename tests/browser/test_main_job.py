"""What Standby is for, as it looks to both sides at once: the salon at its desk, customers with their phones."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.accounts import somebody
from tests.browser.conftest import Site
from tests.browser.looks import DESK, opened
from tests.browser.test_salon_pages import signed_in


def link_of(site: Site, name: str) -> str:
    """The newest offer's link on the phone of the customer who is called that."""
    links = [one.message.link or "" for one in site.shop.messages() if name in one.message.text]
    return f"{site.url}/o/{[link for link in links if '/o/' in link][-1].rpartition('/')[2]}"


def asked(desk: Page, name: str) -> Locator:
    """What the slot's page says of an offer to somebody."""
    return desk.locator("#slot .story-title", has_text=name)


async def test_a_cancellation_is_filled_while_the_salon_looks_on(site: Site, browser: Browser) -> None:
    shop = site.shop
    await somebody(shop)
    booking = await shop.book()
    for name in ("Nora", "Per"):
        await shop.join(name)
    async with AsyncExitStack() as screens:
        desk = await screens.enter_async_context(
            opened(browser, f"{site.url}/app/calendar/bookings/{booking}", viewport=DESK)
        )
        await signed_in(desk)
        await desk.get_by_role("button", name="Cancel the appointment").click()
        await expect(desk.get_by_text("Nobody has been asked yet")).to_be_visible()
        await shop.run_jobs()
        await expect(asked(desk, "Nora")).to_contain_text("waits for an answer")

        nora = await screens.enter_async_context(opened(browser, link_of(site, "Nora")))
        await nora.get_by_role("button", name="No, thanks").click()
        await expect(nora.get_by_role("heading", level=1)).to_have_text("Thanks for telling us")
        await shop.run_jobs()
        await expect(asked(desk, "Nora")).to_contain_text("declined")
        await expect(asked(desk, "Per")).to_contain_text("waits for an answer")

        phones = [await screens.enter_async_context(opened(browser, link_of(site, "Per"))) for _ in range(2)]
        await asyncio.gather(*(phone.get_by_role("button", name="Yes, book it").click() for phone in phones))
        for phone in phones:
            await expect(phone.get_by_role("heading", level=1)).to_have_text("You’re booked, Per")
        await expect(asked(desk, "Per")).to_contain_text("accepted")
        booked = await shop.one("SELECT count(*) FROM bookings WHERE status = 'confirmed'")
        assert booked["count"] == 1
        await phones[0].go_back()
        await phones[0].go_forward()
        await expect(phones[0].get_by_role("heading", level=1)).to_have_text("You’re booked, Per")


@pytest.mark.parametrize("path", ["/app/waitlist", "/app/today", "/app/calendar?day=2026-11-24"])
async def test_a_desk_that_was_offline_catches_up_by_itself(site: Site, browser: Browser, path: str) -> None:
    shop = site.shop
    await somebody(shop)
    await shop.join("Nora")
    async with opened(browser, f"{site.url}{path}", viewport=DESK) as desk:
        await signed_in(desk)
        await expect(desk.locator("#main h1")).to_be_visible()
        await desk.context.set_offline(True)
        await shop.free_slot()
        await shop.run_jobs()
        await desk.context.set_offline(False)
        offered = desk.locator("#entries .mark-notified, #running a, .cal-held").first
        await expect(offered).to_be_visible()
        await expect(desk.get_by_text("Nora").first).to_be_visible()
