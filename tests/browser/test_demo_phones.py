"""The demo's phones, in a real browser."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.browser.conftest import Site
from tests.browser.looks import DESK, PHONE, is_accessible, is_for_everybody, opened
from tests.browser.states import declined, offered, unanswered
from tests.salon import Shop


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
    async with opened(browser, f"{site.url}/demo", reduced_motion="reduce") as page:
        await expect(page.get_by_text("Live")).to_be_visible()
        await is_for_everybody(page)
    async with opened(browser, f"{site.url}/demo", java_script_enabled=False) as page:
        await page.get_by_role("link", name="Look for new messages").click()
        await page.get_by_role("article").get_by_role("heading").get_by_role("link").click()
        await expect(page.get_by_role("heading", name="One phone")).to_be_visible()
        await expect(page.get_by_text("Hi Ingrid!")).to_be_visible()


async def test_a_phone_that_has_got_nothing_is_not_found(site: Site, browser: Browser) -> None:
    async with opened(browser, f"{site.url}/demo") as page:
        assert (await page.request.get(f"{site.url}/demo/phones/+4799999999")).status == 404


@pytest.mark.parametrize("ended", [declined, unanswered])
async def test_a_phone_whose_offer_has_ended_asks_for_nothing_though_no_message_says_so(
    site: Site, browser: Browser, ended: Callable[[Shop], Awaitable[None]]
) -> None:
    await ended(site.shop)
    async with opened(browser, f"{site.url}/demo") as page:
        await expect(page.get_by_text("Hi Ingrid!").first).to_be_visible()
        await expect(page.get_by_text("Your turn")).to_be_hidden()
        await expect(page.get_by_role("link", name="Open and answer")).to_be_hidden()


async def test_a_phone_has_its_customer_s_name_and_number(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, f"{site.url}/demo") as page:
        title = page.get_by_role("article").get_by_role("heading", level=3)
        await expect(title).to_contain_text("Ingrid Berg")
        await expect(title).to_contain_text("+47 40 00 00 00")


async def test_what_arrives_out_of_sight_is_said_and_a_press_leads_there(
    site: Site, browser: Browser
) -> None:
    async with opened(browser, f"{site.url}/demo", viewport={"width": 390, "height": 300}) as page:
        await expect(page.get_by_text("Live")).to_be_visible()
        await offered(site.shop)
        starts_at = (await site.shop.one("SELECT starts_at FROM slots WHERE status = 'held'"))["starts_at"]
        told = f"Ingrid Berg was offered {starts_at.astimezone(ZoneInfo('Europe/Oslo')):%H:%M}"
        await expect(page.get_by_role("status")).to_have_text(told)
        await page.get_by_role("link", name=told).click()
        await expect(page.get_by_role("link", name="Open and answer")).to_be_in_viewport()
        await expect(page.get_by_role("link", name=told)).to_be_hidden()


async def test_the_step_that_is_due_is_the_one_that_stands_out(site: Site, browser: Browser) -> None:
    async with opened(browser, f"{site.url}/demo") as page:
        now = page.locator("[aria-current=step]")
        await expect(now).to_contain_text("A time frees")
        await expect(page.get_by_text("Live")).to_be_visible()
        await offered(site.shop)
        await expect(now).to_contain_text("You answer for them")


async def test_messages_have_the_salon_s_time_with_and_without_javascript(
    site: Site, browser: Browser
) -> None:
    await offered(site.shop)
    here = f"{site.shop.clock().astimezone(ZoneInfo('Europe/Oslo')):%H:%M}"
    for scripts in (True, False):
        async with opened(
            browser, f"{site.url}/demo", java_script_enabled=scripts, timezone_id="Asia/Tokyo"
        ) as page:
            await expect(page.get_by_role("article").locator("time")).to_have_text(here)


async def test_the_narrowest_screen_needs_no_scrolling_sideways(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, f"{site.url}/demo", viewport={"width": 320, "height": 640}) as page:
        await expect(page.get_by_text("Hi Ingrid!")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_a_tapped_button_answers_and_so_does_a_word(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    await site.shop.join("Ola Nordmann")
    async with opened(browser, f"{site.url}/demo", viewport=DESK, reduced_motion="reduce") as page:
        ingrid = page.get_by_role("article").filter(has_text="Ingrid Berg")
        await ingrid.get_by_role("button", name="No, thanks").click()
        await expect(ingrid.locator(".bubble-mine")).to_contain_text("No, thanks")
        await site.shop.run_jobs()
        await expect(ingrid).to_contain_text("has gone on to the next in line")
        ola = page.get_by_role("article").filter(has_text="Ola Nordmann")
        await ola.get_by_label("Write as Ola Nordmann").fill("Ja takk!")
        await ola.get_by_role("button", name="Send").click()
        await expect(ola.locator(".bubble-mine")).to_contain_text("Ja takk!")
        await site.shop.run_jobs()
        await expect(ola).to_contain_text("You're booked")
        await is_accessible(page)


async def test_answers_work_without_javascript(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, f"{site.url}/demo", java_script_enabled=False) as page:
        await page.get_by_role("button", name="Yes, book it").click()
        await site.shop.run_jobs()
        await page.get_by_role("link", name="Look for new messages").click()
        await expect(page.get_by_text("You're booked")).to_be_visible()


@pytest.fixture
async def two_apps(site: Site) -> Site:
    """Ola is asked by a text message, and Kari by mail."""
    for name, channel in (("Ola Nordmann", "sms"), ("Kari Vik", "email")):
        await site.shop.join(name, email=f"{channel}@example.com")
        async with site.shop.transaction() as tx:
            await tx.execute("UPDATE customers SET channels = $2 WHERE name = $1", name, [channel])
    for hours in (24, 48):
        await site.shop.free_slot(at=site.shop.clock() + timedelta(hours=hours))
    await site.shop.run_jobs()
    return site


async def test_text_messages_and_mails_look_like_what_they_are(two_apps: Site, browser: Browser) -> None:
    async with opened(browser, f"{two_apps.url}/demo", viewport=DESK, reduced_motion="reduce") as page:
        await expect(page.get_by_role("region", name="Text message of Ola Nordmann")).to_contain_text(
            "Haircut"
        )
        mail = page.get_by_role("article").filter(has_text="Kari Vik").frame_locator("iframe")
        await expect(mail.get_by_role("heading")).to_contain_text("A time came free at Shop")
        link = mail.get_by_role("link", name="See the time and answer")
        await expect(link).to_have_attribute("href", re.compile("/o/"))
        async with page.context.expect_page():  # Beside the demo, which stays.
            await link.press("Enter")  # Playwright's mouse doesn't know that the frame is drawn smaller.
        await is_accessible(page)


@pytest.mark.parametrize("viewport", [PHONE, DESK, {"width": 320, "height": 640}])
async def test_a_mail_s_button_is_in_sight_without_scrolling_in_it(
    site: Site, browser: Browser, viewport: ViewportSize
) -> None:
    await site.shop.join("Liv Dahl", email="liv@example.com")
    async with site.shop.transaction() as tx:
        await tx.execute("UPDATE tenants SET name = 'Salong Sol og Saks'")
        await tx.execute("UPDATE customers SET channels = '{email}'")
    await site.shop.free_slot(at=site.shop.clock() + timedelta(hours=24))
    await site.shop.run_jobs()
    async with opened(browser, f"{site.url}/demo", viewport=viewport, java_script_enabled=False) as page:
        phone = page.get_by_role("article").filter(has_text="Liv Dahl")
        await phone.locator(".phone-case").scroll_into_view_if_needed()
        mail = phone.frame_locator("iframe")
        await expect(mail.get_by_role("heading")).to_be_in_viewport(ratio=1)
        await expect(mail.get_by_role("link", name="See the time and answer")).to_be_in_viewport(ratio=1)


async def test_the_provider_of_text_messages_answers_stop_and_start_itself(
    two_apps: Site, browser: Browser
) -> None:
    async with opened(browser, f"{two_apps.url}/demo", viewport=DESK, reduced_motion="reduce") as page:
        ola = page.get_by_role("article").filter(has_text="Ola Nordmann")
        notes = ola.locator(".bubble-provider")
        for number, (word, answer) in enumerate(
            (("STOP", "You have been unsubscribed"), ("START", "You have been re-subscribed")), 1
        ):
            await ola.get_by_label("Write as Ola Nordmann").fill(word)
            await ola.get_by_role("button", name="Send").click()
            await expect(notes).to_have_count(number)
            await expect(notes.last).to_contain_text("From the SMS provider, not the salon")
            await expect(notes.last).to_contain_text(answer)
        await is_accessible(page)
    assert await two_apps.shop.all("SELECT FROM messages WHERE kind IN ('stopped', 'started')") == []
