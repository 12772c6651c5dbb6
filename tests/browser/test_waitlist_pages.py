"""The salon's day and its waitlist in a real browser: everything by hand, by the keyboard, and without JavaScript."""

from datetime import timedelta

from playwright.async_api import Browser, Page, expect

from standby.tenants import catalog
from standby.tenants.opening_hours import Hours
from tests.accounts import EMAIL, PASSWORD, somebody
from tests.browser.conftest import Site
from tests.browser.looks import DESK, SMALL_PHONE, looked_at, opened
from tests.salon import Shop


async def signed_in(page: Page) -> None:
    """On the way to where the page wanted."""
    await page.get_by_label("Email").fill(EMAIL)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")


async def busy(shop: Shop) -> None:
    """Two appointments today, one that fills itself, and six who wait."""
    async with shop.transaction() as tx:
        await catalog.set_hours(tx, [Hours(day, 540, 1140) for day in range(1, 8)])
    for hours in (1, 3):
        await shop.book(at=shop.clock() + timedelta(hours=hours))
    for number, name in enumerate(("Kari Nordmann", "Ola", "Per", "Una", "Liv")):
        await shop.join(name, vip=name == "Una", email=f"{number}@example.com")
    await shop.join("Silent", service_id=shop.colour)
    await shop.all("UPDATE customers SET channels = '{}' WHERE name = 'Silent' RETURNING id")
    await shop.free_slot()
    await shop.run_jobs()


async def test_the_day_is_seen_and_a_gap_is_offered_by_the_keyboard(site: Site, browser: Browser) -> None:
    await somebody(site.shop)
    async with opened(browser, f"{site.url}/app/today") as page:
        await signed_in(page)
        await expect(page.get_by_text("Nothing needs you")).to_be_visible()
        await looked_at(page, "today-empty")
        await busy(site.shop)
        await page.reload()
        await expect(page.locator("#running")).to_contain_text("Una")
        await page.get_by_text("Offer it").first.press("Enter")
        await page.get_by_label("To those who wait for").first.select_option(label="Haircut (4 waiting)")
        await looked_at(page, "today")
        await page.get_by_role("button", name="Offer it to the waitlist").first.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("is being offered to the waitlist")
        await page.emulate_media(media="print")
        await expect(page.get_by_role("navigation")).to_have_count(0)
        await expect(page.get_by_role("table", name="Kim")).to_be_visible()


async def test_somebody_is_added_offered_a_time_and_taken_off_without_javascript(
    site: Site, browser: Browser
) -> None:
    shop = site.shop
    await somebody(shop)
    await busy(shop)
    # Nobody else can come at that time, so it stays open for who is offered it by hand.
    await shop.free_slot(at=shop.clock() + timedelta(days=20), staff=shop.alex)
    await shop.run_jobs()
    async with opened(browser, f"{site.url}/app/waitlist", java_script_enabled=False, viewport=DESK) as page:
        await signed_in(page)
        await page.get_by_role("link", name="Add somebody").click()
        await page.get_by_label("Name").fill("Mia")
        await page.get_by_label("Phone").fill("412 34 567")
        await page.get_by_role("button", name="Put them on the list").click()
        await expect(page.locator("#service-problem")).to_be_visible()
        await expect(page.get_by_label("Phone")).to_have_value("412 34 567")
        await page.get_by_label("Service").select_option(label="Haircut")
        await page.get_by_role("button", name="Put them on the list").click()
        await expect(page.get_by_role("status")).to_have_text("They are on the list.")
        await page.get_by_role("radio", name="with Alex").check()
        await page.get_by_role("button", name="Send the offer").click()
        await expect(page.get_by_role("status")).to_have_text("The offer is on its way.")
        await page.get_by_role("link", name="Why this one?").click()
        await expect(page.get_by_role("heading", name="Why not the others")).to_be_visible()
        await page.go_back()
        await page.get_by_role("button", name="Book it for them").click()
        await expect(page.get_by_role("status")).to_have_text("It is booked.")
        await page.goto(f"{site.url}/app/waitlist")
        for name in ("Ola", "Per"):
            await page.get_by_label(f"Tick {name}", exact=True).check()
        await page.get_by_role("button", name="Take off the list").click()
        await expect(page.get_by_role("listitem").filter(has_text="Taken off")).to_have_count(2)
        await page.get_by_role("button", name="Undo: put them back").click()
        await expect(page.get_by_role("heading", name="Back on the list")).to_be_visible()


async def test_the_waitlists_pages_are_for_everybody(site: Site, browser: Browser) -> None:
    shop = site.shop
    await somebody(shop)
    await busy(shop)
    async with opened(browser, f"{site.url}/app/waitlist") as page:
        await signed_in(page)
        await expect(page.get_by_role("link", name="Una")).to_be_visible()
        await page.goto(f"{site.url}/app/waitlist?sort=wait")
        await page.get_by_label("Save this view as").fill("Longest wait")
        await page.get_by_role("button", name="Save", exact=True).press("Enter")
        await expect(page.get_by_role("link", name="Longest wait")).to_have_attribute("aria-current", "page")
        await looked_at(page, "waitlist")
        await page.set_viewport_size(SMALL_PHONE)
        await page.get_by_label("Tick Una", exact=True).check()
        await page.locator(".entries tbody tr").first.evaluate("row => row.scrollIntoView()")
        take_off = page.get_by_role("button", name="Take off the list")
        await expect(take_off).to_be_in_viewport(ratio=1)
        assert await take_off.evaluate(
            """button => {
                const { x, y, width, height } = button.getBoundingClientRect();
                return [2, height - 2].every((down) => document.elementFromPoint(x + width / 2, y + down) === button);
            }"""
        )
        await looked_at(page, "waitlist-ticked")
        await page.get_by_label("Tick Una", exact=True).uncheck()
        for name in ("Ola", "Per"):
            await page.get_by_label(f"Tick {name}", exact=True).press("Space")
        await page.get_by_role("button", name="Put first (or last)").press("Enter")
        await page.get_by_role("button", name="Set it").press("Enter")
        await expect(page.get_by_text("Say why, on one line")).to_be_visible()
        await looked_at(page, "waitlist-priority")
        await page.locator(".back").press("Enter")
        await page.get_by_role("link", name="Una").press("Enter")
        await page.locator("summary").filter(has_text="Put them first").press("Enter")
        await page.get_by_role("button", name="Set it").press("Enter")
        await expect(page.get_by_text("Say why, on one line")).to_be_visible()
        await looked_at(page, "entry")
        await page.get_by_role("link", name="Why this one?").press("Enter")
        await looked_at(page, "slot")
        await page.goto(f"{site.url}/app/waitlist/new")
        await page.get_by_role("checkbox", name="Mon").press("Space")
        await looked_at(page, "entry-new")
