"""The salon's calendar in a real browser: moved by keyboard and by dragging, cancelled, and who is asked then."""

from datetime import datetime, timedelta
from uuid import UUID

from playwright.async_api import Browser, Page, expect

from standby.tenants import catalog, closures
from standby.tenants.opening_hours import Hours
from standby.waitlist import offers
from tests.accounts import EMAIL, PASSWORD, somebody
from tests.browser.conftest import Site
from tests.browser.looks import DESK, looked_at, opened

DAY = "/app/calendar?day=2026-11-24"


async def sign_in(page: Page) -> None:
    """Signs in on the way to the day that was asked for, and stays until its keys work."""
    await page.get_by_label("Email").fill(EMAIL)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday 24 November")
    await page.wait_for_load_state()


async def open_from_nine_to_five(site: Site) -> None:
    await somebody(site.shop)
    async with site.shop.transaction() as tx:
        await catalog.set_hours(tx, [Hours(day, 540, 1020) for day in range(1, 6)])


async def box_of(page: Page, selector: str) -> dict[str, float]:
    """Where it is, in pixels; looked up and measured at once, for what is live may be put in anew between."""
    found = await page.wait_for_function(
        "selector => document.querySelector(selector)?.getBoundingClientRect().toJSON()", arg=selector
    )
    return dict(await found.json_value())


async def where(site: Site, booking: UUID) -> tuple[UUID, datetime, int]:
    row = await site.shop.one("SELECT staff_id, starts_at, ends_at FROM bookings WHERE id = $1", booking)
    return row["staff_id"], row["starts_at"], (row["ends_at"] - row["starts_at"]) // timedelta(minutes=1)


async def test_an_appointment_is_moved_and_stretched_by_keyboard_and_put_back(
    site: Site, browser: Browser
) -> None:
    await open_from_nine_to_five(site)
    shop = site.shop
    booking, at = await shop.book(), shop.tomorrow()
    async with opened(browser, site.url + DAY, viewport=DESK) as page:
        await sign_in(page)
        link = page.get_by_role("link", name="Booked Customer")
        await link.focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Control+ArrowDown")
        await page.keyboard.press("Shift+ArrowDown")
        await page.keyboard.press("ArrowLeft")
        await expect(page.locator("#cal-live")).to_have_text(
            "Booked Customer: 13:20–14:20, Alex. Enter saves, Escape puts it back."
        )
        await page.keyboard.press("Escape")
        await expect(link.locator("time")).to_have_text("13:00–13:45")
        assert await where(site, booking) == (shop.kim, at, 45)
        for key in ("ArrowDown", "Shift+ArrowDown", "ArrowLeft", "Enter"):
            await page.keyboard.press(key)
        await expect(page.get_by_role("status")).to_contain_text("It is moved.")
        assert await where(site, booking) == (shop.alex, at + timedelta(minutes=15), 60)
        await expect(link).to_be_focused()
        await page.get_by_role("button", name="Undo").click()
        await expect(page.get_by_role("status")).to_contain_text("It is back where it was.")
        assert await where(site, booking) == (shop.kim, at, 45)


async def test_an_appointment_is_dragged_to_somebody_else_and_its_end_to_another_time(
    site: Site, browser: Browser
) -> None:
    await open_from_nine_to_five(site)
    shop = site.shop
    booking, at = await shop.book(), shop.tomorrow()
    async with opened(browser, site.url + DAY, viewport={"width": 1280, "height": 1300}) as page:
        await sign_in(page)
        hour = (await box_of(page, ".cal-hours li"))["height"]
        box = await box_of(page, ".cal-confirmed")
        await page.mouse.move(box["x"] + 40, box["y"] + 20)
        await page.mouse.down()
        await page.mouse.move(box["x"] - 200, box["y"] + 20 - hour / 2, steps=5)
        await page.mouse.up()
        await expect(page.get_by_role("status")).to_contain_text("It is moved.")
        assert await where(site, booking) == (shop.alex, at - timedelta(minutes=30), 45)
        box = await box_of(page, ".cal-confirmed")
        await page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 2)
        await page.mouse.down()
        await page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 2 + hour / 4, steps=5)
        await page.mouse.up()
        await expect(page.get_by_role("status")).to_contain_text("12:30–13:30")
        assert await where(site, booking) == (shop.alex, at - timedelta(minutes=30), 60)
        assert page.url.startswith(site.url + DAY)


async def test_a_drag_whose_end_nobody_heard_goes_back_and_moves_nothing(
    site: Site, browser: Browser
) -> None:
    await open_from_nine_to_five(site)
    booking, at = await site.shop.book(), site.shop.tomorrow()
    async with opened(browser, site.url + DAY, viewport={"width": 1280, "height": 1300}) as page:
        await sign_in(page)
        box = await box_of(page, ".cal-confirmed")
        x, y = box["x"] + 40, box["y"] + 20
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.mouse.move(x, y + 100, steps=5)
        await expect(page.locator(".cal-moving")).to_have_count(1)
        await page.locator(".cal-moving").dispatch_event(
            "pointermove", {"pointerId": 1, "buttons": 0, "clientX": x, "clientY": y + 150, "bubbles": True}
        )
        await expect(page.locator(".cal-moving")).to_have_count(0)
        await page.mouse.move(x, y + 200, steps=5)
        await page.mouse.up()
        await expect(page.locator(".cal-confirmed time")).to_have_text("13:00–13:45")
        await page.keyboard.down("Control")  # Whose click opens a tab, or on a Mac the menu.
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.mouse.move(x, y + 100, steps=5)
        await expect(page.locator(".cal-moving")).to_have_count(0)
        await page.mouse.up()
        await page.keyboard.up("Control")
    assert await where(site, booking) == (site.shop.kim, at, 45)


async def test_who_was_signed_out_meanwhile_is_led_to_sign_in(site: Site, browser: Browser) -> None:
    await open_from_nine_to_five(site)
    await site.shop.book()
    async with opened(browser, site.url + DAY, viewport=DESK) as page:
        await page.route("**/api/events*", lambda route: route.abort())
        await sign_in(page)
        await page.context.clear_cookies()
        await page.get_by_role("link", name="Booked Customer").focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Password")).to_be_visible()


async def test_what_somebody_else_has_changed_goes_back_and_is_said(site: Site, browser: Browser) -> None:
    await open_from_nine_to_five(site)
    shop = site.shop
    booking, at = await shop.book(), shop.tomorrow()
    async with opened(browser, site.url + DAY, viewport=DESK) as page:
        await page.route(
            "**/api/events*", lambda route: route.abort()
        )  # They don't hear of it before they move it.
        await sign_in(page)
        await shop.change(booking, starts_at=at + timedelta(hours=2))
        await page.get_by_role("link", name="Booked Customer").focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("Somebody else has changed this appointment")
        await expect(page.locator(".cal-confirmed time")).to_have_text("15:00–15:45")
        for key in (*["ArrowDown"] * 4, "Shift+ArrowDown", "Shift+ArrowDown", "Enter"):  # It closes at five.
            await page.keyboard.press(key)
        await expect(page.get_by_role("status")).to_contain_text("It is moved.")
        await expect(page.locator(".cal-confirmed time")).to_have_text("16:00–17:00")
    assert await where(site, booking) == (shop.kim, at + timedelta(hours=3), 60)


async def test_a_cancellation_shows_its_cascade_on_the_slot_and_is_undone_without_javascript(
    site: Site, browser: Browser
) -> None:
    await open_from_nine_to_five(site)
    shop = site.shop
    await shop.book()
    await shop.join("Nora")
    await shop.join("Per")
    async with opened(browser, site.url + DAY, java_script_enabled=False) as page:
        await sign_in(page)
        await page.get_by_role("link", name="Booked Customer").click()
        await page.get_by_role("button", name="Cancel the appointment").click()
        await expect(page.get_by_text("Nobody has been asked yet")).to_be_visible()
        await shop.run_jobs()
        await page.reload()
        steps = page.locator(".story-item")
        await expect(steps).to_contain_text("Nora waits for an answer until 13:15")
        offer = await shop.one("SELECT id FROM offers")
        async with shop.transaction() as tx:
            await offers.decline(tx, offer["id"], now=shop.clock(), actor="customer")
        await shop.run_jobs()
        await page.reload()
        await expect(steps.nth(0)).to_contain_text("Nora declined")
        await expect(steps.nth(1)).to_contain_text("Per waits for an answer")
        await page.get_by_role("link", name="Back to the calendar").click()
        await expect(page.get_by_role("link", name="Offered to Per")).to_contain_text("Nora: declined")
        await page.go_back()
        await page.get_by_role("button", name="Undo").click()
        await expect(page.get_by_role("status")).to_contain_text("The appointment stands again.")
        await expect(page.get_by_role("link", name="Booked Customer")).to_be_visible()


async def test_who_is_asked_appears_by_itself_but_not_in_the_hands_of_somebody_who_moves_something(
    site: Site, browser: Browser
) -> None:
    await open_from_nine_to_five(site)
    shop = site.shop
    given_back = await shop.book(at=shop.tomorrow() - timedelta(hours=2), staff=shop.alex)
    await shop.book()
    await shop.join("Nora")
    async with opened(browser, site.url + DAY, viewport=DESK) as page:
        await sign_in(page)
        held = page.locator(".cal-confirmed a").last
        await held.focus()
        await page.keyboard.press("ArrowDown")
        await expect(held.locator("time")).to_have_text("13:15–14:00")
        await shop.cancel(given_back)
        await shop.run_jobs()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator(".cal-moving time")).to_have_text("13:30–14:15")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("link", name="Offered to Nora")).to_be_visible()
        await expect(held).to_be_focused()
        await expect(held.locator("time")).to_have_text("13:00–13:45")


async def test_every_page_of_the_calendar_is_for_everybody(site: Site, browser: Browser) -> None:
    await open_from_nine_to_five(site)
    shop = site.shop
    await shop.join("Nora")
    at = shop.tomorrow()
    booking = await shop.book()
    slot = await shop.free_slot(at=at - timedelta(hours=2))
    await shop.run_jobs()
    await shop.free_slot(at=at + timedelta(hours=2), staff=shop.alex)
    async with shop.transaction() as tx:
        closure = await closures.add(tx, shop.alex, at, at + timedelta(hours=1), "Dentist", now=shop.clock())
    async with opened(browser, site.url + DAY, viewport=DESK) as page:
        await sign_in(page)
        await looked_at(page, "calendar-day")
        async with shop.transaction() as tx:
            ill = await closures.add(
                tx, None, at - timedelta(hours=12), at + timedelta(hours=12), "Inventory", now=shop.clock()
            )
        await page.reload()
        await expect(page.get_by_role("link", name="To the next open day")).to_be_visible()
        await looked_at(page, "calendar-closed")
        async with shop.transaction() as tx:
            await closures.remove(tx, ill)
        for name, path in {
            "calendar-week": f"{DAY}&view=week&staff={shop.kim}",
            "calendar-booking": f"/app/calendar/bookings/{booking}",
            "calendar-slot": f"/app/calendar/slots/{slot}",
            "calendar-closure": f"/app/calendar/closures/{closure}",
            "calendar-block": "/app/calendar/new?kind=closure",
            "calendar-new": "/app/calendar/new",
        }.items():
            await page.goto(site.url + path)
            await looked_at(page, name)
        await page.get_by_role("button", name="Book it").click()
        await expect(page.locator("#name-problem")).to_be_visible()
        await looked_at(page, "calendar-new-problems")
        await page.goto(f"{site.url}/app/calendar/bookings/{booking}")
        await page.get_by_role("button", name="Cancel the appointment").press("Enter")
        await expect(page.get_by_role("button", name="Undo")).to_be_visible()
        await looked_at(page, "calendar-slot-cancelled")
        await page.goto(f"{site.url}/app/calendar/bookings/{booking}")
        await expect(page.get_by_role("heading", name="Was it cancelled by mistake?")).to_be_visible()
        await looked_at(page, "calendar-booking-cancelled")
        await page.goto(f"{site.url}/app/calendar/slots/{slot}")
        await page.get_by_role("button", name="Don’t offer it any more").press("Enter")
        await expect(page.get_by_role("button", name="Undo")).to_be_visible()
        await looked_at(page, "calendar-taken-back")
