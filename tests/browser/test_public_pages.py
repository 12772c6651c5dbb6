"""A salon's own pages in a real browser: booked by tapping, waited for when nothing suits, and in a frame elsewhere."""

import re

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.async_api import Browser, Page, expect

from standby.signed_links import CUSTOMER, Linked, token_for
from standby.tenants import catalog, tenants
from standby.tenants.opening_hours import Hours
from tests.browser.conftest import Site, served
from tests.browser.looks import MOST_BYTES, PHONE, looked_at, opened
from tests.salon import SECRET, Shop


async def open_for_business(shop: Shop) -> None:
    async with shop.transaction() as tx:
        await catalog.set_hours(tx, [Hours(day, 540, 1020) for day in range(1, 6)])


async def type_code(shop: Shop, page: Page, label: str) -> str:
    """Types the code that came, as it stands in the message; the code."""
    await shop.run_jobs()
    [code] = re.findall(r"\b\d{6}\b", shop.messages()[-1].message.text)
    await page.get_by_label(label).fill(code)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    return str(code)


async def test_a_booking_is_made_by_tapping_on_a_phone_in_norwegian_without_javascript(
    site: Site, browser: Browser
) -> None:
    await open_for_business(site.shop)
    phone = {"java_script_enabled": False, "locale": "nb-NO"}
    async with opened(browser, f"{site.url}/shop", **phone) as page:
        await page.get_by_role("link", name="Haircut").click()
        await page.get_by_role("link", name="Kim").click()
        await page.get_by_role("link", name="ons. 25. nov.").click()
        await expect(page.locator("#day")).to_be_focused()
        await page.get_by_role("link", name="10:30").click()
        await page.get_by_label("Navnet ditt").fill("Kari Nordmann")
        await page.get_by_label("Mobilnummer").fill("412 34 567")
        await page.get_by_label("Shop kan skrive til meg").check()
        await page.get_by_role("button", name="Bestill").click()
        await expect(page.get_by_text("til +47 41 23 45 67")).to_be_visible()
        await type_code(site.shop, page, "Koden")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Timen er din, Kari")
        await expect(page.locator(".ticket-time")).to_have_text("10:30–11:15")
        await page.reload()
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="Legg i kalenderen").click()
        assert (await downloading.value).suggested_filename == "shop.ics"
        await page.get_by_role("link", name="Flytt eller avbestill").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Timen din, Kari")
    row = await site.shop.one("SELECT status, staff_id FROM bookings")
    assert tuple(row) == ("confirmed", site.shop.kim)


async def test_every_step_of_a_booking_is_for_everybody_and_light(site: Site, browser: Browser) -> None:
    await open_for_business(site.shop)
    async with opened(browser, f"{site.url}/shop") as page:
        await looked_at(page, "public-services")
        await page.get_by_role("link", name="Haircut").click()
        await looked_at(page, "public-times")
        assert len(await page.content()) < MOST_BYTES
        await page.locator(".time").first.click()
        await page.get_by_label("Mobile number").fill("12")
        await page.get_by_role("button", name="Book it").click()
        await expect(page.locator("#consent-problem")).to_be_visible()
        await looked_at(page, "public-book", (PHONE,))
        await page.get_by_label("Your name").fill("Kari")
        await page.get_by_label("Mobile number").fill("412 34 567")
        await page.get_by_label("Shop may write to me").check()
        await page.get_by_role("button", name="Book it").click()
        await looked_at(page, "public-code", (PHONE,))
        await type_code(site.shop, page, "The code")
        await looked_at(page, "public-booked")


async def test_who_finds_nothing_waits_and_looks_after_their_place(site: Site, browser: Browser) -> None:
    await open_for_business(site.shop)
    async with opened(browser, f"{site.url}/shop") as page:
        await page.get_by_role("link", name="Haircut").click()
        await page.get_by_role("link", name="Join the waitlist").click()
        await looked_at(page, "public-wait", (PHONE,))
        await page.get_by_label("Sat").uncheck()
        await page.get_by_label("Not before").select_option("12:00")
        await page.get_by_label("Your name").fill("Kari Nordmann")
        await page.get_by_label("Mobile number").fill("412 34 567")
        await page.get_by_label("Shop may write to me").check()
        await page.get_by_role("button", name="Put me on the list").click()
        await type_code(site.shop, page, "The code")
        await expect(page.get_by_text("Number 1")).to_be_visible()
        await looked_at(page, "public-joined", (PHONE,))
        joined = page.url
        await page.goto(f"{joined}&kept=times+email")
        await expect(page.get_by_role("link", name="Change when you could come")).to_be_visible()
        await looked_at(page, "public-joined-again", (PHONE,))
        await page.goto(joined)
        await page.get_by_role("link", name="See or change your place").click()
        await expect(page.get_by_text("Sun · after 12:00")).to_be_visible()
        await page.get_by_role("link", name="Change").click()
        await expect(page.get_by_label("Sat")).not_to_be_checked()
        await page.get_by_label("Not before").select_option("any time")
        await page.get_by_role("button", name="Keep these times").click()
        await expect(page.get_by_role("status")).to_contain_text("Your place on the list is kept")
        await looked_at(page, "my")


async def test_a_customers_data_is_taken_and_erased_with_a_code(site: Site, browser: Browser) -> None:
    shop = site.shop
    await shop.join("Kari Nordmann", phone="+4741234567", email="kari@example.com")
    customer = (await shop.one("SELECT id FROM customers"))["id"]
    token = token_for(SECRET.encode(), Linked(shop.salon.id, customer), CUSTOMER)
    async with opened(browser, f"{site.url}/m/{token}") as page:
        await page.get_by_role("link", name="Leave").click()
        await looked_at(page, "my-leave", (PHONE,))
        await page.get_by_role("link", name="No, keep my place").click()
        await page.get_by_role("link", name="Download or erase it").click()
        await page.get_by_role("button", name="Send me a code").click()
        await type_code(shop, page, "The code")
        await looked_at(page, "my-data", (PHONE,))
        async with page.expect_download() as downloading:
            await page.get_by_role("button", name="Download my data").click()
        assert (await downloading.value).suggested_filename == "my-data.json"
        await page.get_by_label("I know that this can’t be undone").check()
        await page.get_by_role("button", name="Erase me for good").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("You are erased")


async def test_a_salons_own_site_shows_its_booking_in_its_colour_as_high_as_it_is(
    site: Site, browser: Browser
) -> None:
    async with site.shop.transaction() as tx:
        await tenants.colour(tx, "#8a2b5e")
    ours = f'<html lang="no"><h1>Vår</h1><script src="{site.url}/embed.js" data-salon="shop" async></script>'
    app = FastAPI()
    app.add_api_route("/", lambda: HTMLResponse(ours))
    async with served(app) as theirs, opened(browser, theirs) as page:
        frame = page.frame_locator("iframe")
        await expect(page.locator("iframe")).to_have_attribute("title", "Timebestilling")
        await expect(frame.locator("html")).to_have_attribute("lang", "nb")
        mark = frame.locator(".salon-mark")
        await expect(mark).to_have_css("background-color", "rgb(138, 43, 94)")
        top = "document.querySelector('iframe').getBoundingClientRect().top"
        await page.evaluate("document.body.style.paddingBottom = '200vh'; scrollTo(0, 300)")
        assert await page.evaluate(top) < 0
        await frame.get_by_role("link", name="Haircut").dispatch_event("click")
        await expect(frame.get_by_role("heading", level=1)).to_have_text("Haircut")
        await page.wait_for_function(f"Math.abs({top}) < 1")
        within = page.frames[1]
        await within.wait_for_function("Math.abs(document.body.offsetHeight - innerHeight) <= 1")
