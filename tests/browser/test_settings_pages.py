"""The pages on which a salon is set up, in a real browser: by the keyboard, for everybody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from playwright.async_api import Browser, FilePayload, Page, expect

from standby.importing import imports
from tests.accounts import EMAIL, PASSWORD, somebody
from tests.browser.conftest import Site
from tests.browser.looks import looked_at, opened


@asynccontextmanager
async def owners(site: Site, browser: Browser, path: str) -> AsyncIterator[Page]:
    """The page as an owner sees it. None of them has a script of its own."""
    await somebody(site.shop)
    async with opened(browser, f"{site.url}{path}") as page:
        await page.get_by_label("Email").fill(EMAIL)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**{path}")
        yield page


async def test_a_service_is_added_and_changed_in_place(site: Site, browser: Browser) -> None:
    async with owners(site, browser, "/app/services") as page:
        await page.get_by_role("textbox", name="Name", exact=True).fill("Beard")
        await page.get_by_role("textbox", name="Duration, in minutes", exact=True).fill("3")
        await page.keyboard.press("Enter")
        await expect(page.locator("#new-duration_minutes-problem")).to_be_visible()
        await expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Beard")
        await page.get_by_role("textbox", name="Duration, in minutes", exact=True).fill("30")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("The service is there.")
        await page.get_by_text("Change Beard").press("Enter")
        await looked_at(page, "services")
        await page.get_by_role("textbox", name="Name Beard").fill("Full beard")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Full beard").first).to_be_visible()


async def test_somebody_gets_a_week_of_their_own(site: Site, browser: Browser) -> None:
    async with owners(site, browser, "/app/staff") as page:
        await page.get_by_text("Change Kim").press("Enter")
        row = page.get_by_role("listitem").filter(has_text="Kim")
        await row.get_by_label("Monday 1, from").fill("09:00")
        await row.get_by_label("Monday 1, until").fill("08:00")
        await row.get_by_role("button", name="Save the week Kim").press("Enter")
        await expect(row.get_by_text("It must end after it begins.")).to_be_visible()
        await looked_at(page, "staff")
        await row.get_by_label("Monday 1, until").fill("16:00")
        await row.get_by_role("button", name="Save the week Kim").press("Enter")
        await expect(row.get_by_text("Mon 09:00–16:00")).to_be_visible()


async def test_time_away_is_planned_and_opened_again(site: Site, browser: Browser) -> None:
    await site.shop.book()
    async with owners(site, browser, "/app/hours") as page:
        await page.get_by_label("First day").fill("2026-11-24")
        await page.get_by_label("Last day").fill("2026-11-26")
        await page.get_by_role("button", name="Close that time").press("Enter")
        await expect(page.get_by_text("These appointments lie in it.")).to_be_visible()
        await looked_at(page, "hours")
        await page.get_by_role("button", name="Open again").press("Enter")
        await expect(page.get_by_text("No time away is planned")).to_be_visible()


async def test_what_would_follow_is_seen_before_the_rules_are_saved(site: Site, browser: Browser) -> None:
    await site.shop.join("Ingrid Berg")
    await site.shop.book(at=site.shop.clock() + timedelta(days=3))
    async with owners(site, browser, "/app/rules") as page:
        await page.get_by_label("It is held for somebody, in minutes").fill("30")
        await page.get_by_label("It is cancelled").select_option("three hours before")
        await page.get_by_role("button", name="See what would follow").press("Enter")
        await expect(page.get_by_text("The time is held for 30 mins")).to_be_visible()
        await looked_at(page, "rules")
        await page.get_by_role("button", name="Save the rules").press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("The rules are saved.")
        await expect(page.get_by_label("It is held for somebody, in minutes")).to_have_value("30")


async def test_a_text_is_read_as_its_customer_would_before_it_is_saved(site: Site, browser: Browser) -> None:
    async with owners(site, browser, "/app/texts") as page:
        await looked_at(page, "texts")
        await page.get_by_role("link", name="Open A reminder of an appointment").press("Enter")
        await page.get_by_label("SMS", exact=True).fill("See you {when}!")
        await page.get_by_role("button", name="See how it reads").press("Enter")
        await expect(page.locator(".bubble").nth(1)).to_contain_text("See you Tue")
        await looked_at(page, "text")
        await page.get_by_role("button", name="Save").press("Enter")
        await page.get_by_role("button", name="Back to our words").press("Enter")
        await expect(page.get_by_role("status")).to_have_text("It is said in our words again.")


async def test_a_channel_is_tried_out(site: Site, browser: Browser) -> None:
    async with owners(site, browser, "/app/channels") as page:
        await page.get_by_label("Your phone number SMS").fill("400 00 000")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("A test by SMS is on its way.")
        await looked_at(page, "channels")


async def test_a_webhook_is_added_and_its_secret_shown(site: Site, browser: Browser) -> None:
    async with owners(site, browser, "/app/webhooks") as page:
        await page.get_by_label("Address").fill("https://1.1.1.1/standby")
        await page.keyboard.press("Enter")
        await expect(page.locator(".key")).to_contain_text("whsec_")
        await looked_at(page, "webhooks")
        await page.get_by_role("link", name="Log https://1.1.1.1/standby").press("Enter")
        await expect(page.get_by_text("It was told nothing yet")).to_be_visible()
        await looked_at(page, "webhook")


async def test_a_calendar_is_linked_and_a_feed_made(site: Site, browser: Browser) -> None:
    async with owners(site, browser, "/app/calendars") as page:
        await page.get_by_role("textbox", name="Address").fill("webcal://example.com/kim.ics")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("It is linked, and read at once.")
        await page.get_by_role("button", name="Make the feed").press("Enter")
        await expect(page.locator(".key")).to_contain_text(".ics")
        await looked_at(page, "calendars")


async def test_a_colour_is_looked_at_before_it_is_saved(site: Site, browser: Browser) -> None:
    async with owners(site, browser, "/app/salon") as page:
        await page.get_by_label("A colour of our own").press("Space")
        await page.get_by_label("Colour", exact=True).fill("#ffb000")
        await page.get_by_role("button", name="See how it looks").press("Enter")
        await expect(page.get_by_role("heading", name="How it would look")).to_be_visible()
        await expect(page.get_by_text("It is made darker, #")).to_be_visible()
        await looked_at(page, "salon-colour")
        await page.get_by_role("button", name="Save the colour").press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Your pages have that colour from now on.")


async def test_an_import_says_how_far_it_is_and_what_came_of_it_while_one_looks_on(
    site: Site, browser: Browser
) -> None:
    shop = site.shop
    async with owners(site, browser, "/app/import") as page:
        book = b"name,phone\nIngrid Berg,400 00 001\nNobody,12\n"
        file = FilePayload(name="customers.csv", mimeType="text/csv", buffer=book)
        await page.get_by_label("CSV files").set_input_files(file)
        await page.get_by_role("button", name="See what it comes to").press("Enter")
        await expect(page.get_by_role("heading", name="Your files are being looked at")).to_be_visible()
        row = await shop.one("SELECT id FROM imports")
        async with shop.transaction() as tx:  # A worker is at it.
            claimed = await imports.claim(tx, row["id"], now=shop.clock())
            assert claimed
            await imports.tell(tx, claimed, 8_007, 20_007, now=shop.clock())
        await expect(page.get_by_text("8,007 of 20,007 rows")).to_be_visible()
        await looked_at(page, "import-running")
        await shop.pass_time(seconds=imports.LEASE.total_seconds())
        await expect(page.get_by_role("row", name="customers.csv, 3")).to_be_visible()
        await looked_at(page, "import")
        await page.get_by_label("Leave those rows out").press("Space")
        await page.get_by_role("button", name="Import it").press("Enter")
        await expect(page.get_by_role("heading", name="Your book is being imported")).to_be_visible()
        await shop.run_jobs()
        await expect(page.get_by_role("heading", name="What was imported")).to_be_visible()
        await expect(page.get_by_text("Your book is here.")).to_be_visible()
        await looked_at(page, "import-written")


async def test_the_guide_says_what_is_done_and_what_comes_next(site: Site, browser: Browser) -> None:
    async with owners(site, browser, "/app/welcome") as page:
        await expect(page.get_by_role("heading", name="3 of 4 done")).to_be_visible()
        await looked_at(page, "welcome")
        await page.goto(f"{site.url}/app/settings")
        await looked_at(page, "settings")
        await page.get_by_role("link", name="Getting ready: 3 of 4 done").press("Enter")
        await page.get_by_role("link", name="Do it When you are open").press("Enter")
        await page.get_by_role("button", name="Save the week").press("Enter")
        await expect(page.get_by_text("Mon–Fri 09:00–17:00 · Sat 10:00–15:00")).to_be_visible()
