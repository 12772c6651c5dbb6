"""The pages of messages in a real browser: reading, answering by hand, finding."""

from datetime import timedelta

from playwright.async_api import Browser, expect

from standby.channels.events import Reply
from standby.messages import inbound
from tests.accounts import somebody
from tests.browser.conftest import Site
from tests.browser.looks import looked_at, opened
from tests.browser.test_salon_pages import signed_in
from tests.salon import Shop

KARI, OLA = "+4741234567", "+4741234568"


async def writes(shop: Shop, number: int, phone: str, text: str, channel: str = "whatsapp") -> None:
    reply = Reply(f"wamid.seen.{number}", shop.clock(), phone, "1555", text, None, None, None)
    async with shop.transaction() as tx:
        await inbound.take(tx, channel, reply, now=shop.clock())
    await shop.run_jobs()


async def talked(shop: Shop) -> None:
    """Kari was offered a time, asked something and was told how to answer; an SMS comes from nobody whom we know."""
    await shop.join("Kari Nordmann", phone=KARI)
    await shop.free_slot()
    await shop.run_jobs()
    shop.clock.forward(minutes=3)
    await writes(
        shop, 1, KARI, "Can I bring my dog along? She is small and very calm, and sleeps most of the time."
    )
    shop.clock.forward(minutes=2)
    await writes(shop, 2, "+4799999999", "Is this the hairdresser in Storgata?", "sms")
    await shop.book(phone=OLA, notify=True, at=shop.clock() + timedelta(days=2))
    async with shop.transaction() as tx:
        await tx.execute("UPDATE customers SET channels = '{}' WHERE phone = $1", OLA)
    await shop.run_jobs()


async def test_staff_read_what_somebody_wrote_and_answer_it_without_javascript(
    site: Site, browser: Browser
) -> None:
    await somebody(site.shop)
    async with opened(browser, f"{site.url}/app/messages") as page:
        await signed_in(page)
        await expect(page.get_by_text("No message has gone out yet")).to_be_visible()
        await looked_at(page, "messages-none")
        await talked(site.shop)
        await page.reload()
        await looked_at(page, "messages")
        await page.get_by_role("link", name="Read and answer (Kari Nordmann)").click()
        await looked_at(page, "conversation")
        state = await page.context.storage_state()
        talk = page.url
    async with opened(browser, talk, java_script_enabled=False, storage_state=state) as page:
        await page.get_by_label("Your answer").fill("Of course, bring her!")
        await page.get_by_role("radio", name="SMS").check()
        await page.get_by_role("button", name="Send the answer").press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Your answer is on its way.")
        await expect(page.get_by_role("listitem").last).to_contain_text("Of course, bring her!")
        await expect(page.get_by_role("button", name="Mark as handled")).to_have_count(0)
        await page.get_by_role("link", name="All messages").click()
        await page.get_by_role("button", name="Mark as handled (+47 99 99 99 99)").press("Enter")
        await expect(page.get_by_text("Nobody waits for an answer")).to_be_visible()
        await page.get_by_text("Find a message").press("Enter")
        await page.get_by_label("State").select_option("Not sent")
        await page.get_by_role("button", name="Show", exact=True).click()
        await expect(page.get_by_text("Give them a call.")).to_be_visible()
        await expect(page.get_by_label("State")).to_have_value("failed")


async def test_what_cannot_be_sent_is_said_beside_what_was_typed(site: Site, browser: Browser) -> None:
    await somebody(site.shop)
    await talked(site.shop)
    customer = (await site.shop.one("SELECT id FROM customers WHERE phone = $1", KARI))["id"]
    async with opened(browser, f"{site.url}/app/messages/{customer}") as page:
        await signed_in(page)
        await page.get_by_label("Your answer").fill("Of course, bring her!")
        site.shop.clock.forward(hours=25)
        await page.get_by_role("button", name="Send the answer").click()
        await expect(page.locator("#text-problem")).to_contain_text("Nothing was sent.")
        await expect(page.get_by_label("Your answer")).to_have_value("Of course, bring her!")
        await expect(page.get_by_role("radio", name="WhatsApp")).to_have_count(0)
        await looked_at(page, "conversation-problem")
