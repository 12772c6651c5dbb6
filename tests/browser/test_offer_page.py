"""The customer's page of an offer, in a real browser, with a real salon behind it."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from standby.tenants import tenants
from tests.browser.conftest import Site
from tests.browser.looks import LIGHTS, MOST_BYTES, PHONE, fits, is_accessible, is_for_everybody, opened
from tests.browser.states import STATES, declined, off_the_list, offered, past_its_deadline, unanswered


@pytest.mark.parametrize("state", STATES)
async def test_every_state_says_what_happened_and_is_accessible_everywhere(
    site: Site, browser: Browser, state: str
) -> None:
    bring_there, heading = STATES[state]
    await bring_there(site.shop)
    async with opened(browser, site.link, reduced_motion="reduce") as page:
        await expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        await expect(page.get_by_text("Haircut")).to_be_visible()
        await is_for_everybody(page)


async def test_an_unknown_link_says_what_to_do(site: Site, browser: Browser) -> None:
    link = f"{site.url}/o/nonsense"
    for scheme in LIGHTS:
        async with opened(browser, link, color_scheme=scheme) as page:
            await expect(page.get_by_text("use the link in that one")).to_be_visible()
            await is_accessible(page)
            await fits(page)
    async with opened(browser, link, locale="nb-NO") as page:
        await expect(page.get_by_role("heading")).to_have_text("Denne lenken gjelder ikke lenger")
        assert (await page.request.get(link)).status == 404
        for answer in ("accept", "decline", "stay"):
            assert (await page.request.post(f"{link}/{answer}")).status == 404


async def test_looking_changes_nothing(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    before = await _everything(site)
    async with opened(browser, site.link) as page:
        assert (await page.request.head(site.link)).ok
    assert await _everything(site) == before


async def test_it_tells_what_when_with_whom_for_how_much_and_until_when(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, site.link) as page:
        for fact in (
            "Tomorrow, Tuesday 24 November",
            "13:00–13:45",
            "Kim",
            "NOK 650",
            "45 mins",
            "Held for you until 13:15",
        ):
            await expect(page.get_by_text(fact, exact=True)).to_be_visible()
        await expect(page.get_by_role("timer")).to_have_text(re.compile(r"^1[45]:\d\d left$"))


async def test_a_norwegian_salon_speaks_norwegian(site: Site, browser: Browser) -> None:
    async with site.shop.transaction() as tx:
        await tx.execute("UPDATE tenants SET locale = 'nb'")
    await offered(site.shop)
    async with opened(browser, site.link, locale="de-DE") as page:  # Who reads neither has the salon's.
        await expect(page.get_by_role("heading", level=1)).to_have_text("Ingrid, vi har en time til deg")
        await expect(page.get_by_text("I morgen, tirsdag 24. november")).to_be_visible()
        await expect(page.get_by_text("650 kr")).to_be_visible()
        assert await page.locator("html").get_attribute("lang") == "nb"
        await is_accessible(page)


async def test_accepting_books_and_a_reload_is_harmless(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, site.link) as page:
        await page.get_by_role("button", name="Yes, book it").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("You’re booked, Ingrid")
        assert page.url == site.link
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_have_text("You’re booked, Ingrid")
    assert await _bookings_of_ingrid(site) == 1


async def test_a_double_click_books_once(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, site.link) as page:
        await page.get_by_role("button", name="Yes, book it").dblclick()
        await expect(page.get_by_role("heading", level=1)).to_have_text("You’re booked, Ingrid")
    assert await _bookings_of_ingrid(site) == 1


async def test_an_answer_that_is_lost_can_be_given_again(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, site.link) as page:
        await page.clock.install()
        await page.route(
            "**/accept", lambda route: route.abort("aborted")
        )  # As a browser's stop button does.
        book = page.locator("main form button").first
        await book.click()
        await expect(book).to_have_attribute("aria-busy", "true")
        await page.clock.run_for(20_000)
        await expect(page.get_by_text("No answer comes through.")).to_be_visible()
        await page.unroute("**/accept")
        await page.get_by_role("button", name="Yes, book it").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("You’re booked, Ingrid")
    assert await _bookings_of_ingrid(site) == 1


async def test_two_tabs_that_accept_show_the_same_booking(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, site.link) as one, opened(browser, site.link) as other:
        for page in (one, other):
            await page.get_by_role("button", name="Yes, book it").click()
            await expect(page.get_by_role("heading", level=1)).to_have_text("You’re booked, Ingrid")
    assert await _bookings_of_ingrid(site) == 1


async def test_the_buttons_work_by_keyboard(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, site.link) as page:
        await page.keyboard.press("Tab")
        yes = page.get_by_role("button", name="Yes, book it")
        await expect(yes).to_be_focused()
        assert await yes.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="No, thanks")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Thanks for telling us")
        await expect(page.get_by_text("We’ll leave you in peace until 14:00")).to_be_visible()


@pytest.mark.parametrize(
    ("button", "heading"),
    [("Yes, book it", "You’re booked, Ingrid"), ("No, thanks", "Thanks for telling us")],
)
async def test_it_works_without_javascript(site: Site, browser: Browser, button: str, heading: str) -> None:
    await offered(site.shop)
    async with opened(browser, site.link, java_script_enabled=False) as page:
        await expect(page.get_by_text("Held for you until 13:15")).to_be_visible()
        await expect(page.get_by_text("left", exact=True)).to_be_hidden()
        await page.get_by_role("button", name=button).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(heading)


async def test_without_javascript_it_still_turns_when_the_time_is_over(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    site.shop.clock.forward(minutes=14, seconds=57)
    async with opened(browser, site.link, java_script_enabled=False) as page:
        await expect(page.get_by_role("heading", level=1)).to_have_text("Ingrid, we have a time for you")
        await site.shop.pass_time(minutes=1)
        await expect(page.get_by_role("heading", level=1)).to_have_text("This time is no longer held for you")


async def test_at_zero_the_page_turns_by_itself_and_tells_what_followed(site: Site, browser: Browser) -> None:
    await offered(site.shop, misses=1)
    site.shop.clock.forward(minutes=14, seconds=54)
    async with opened(browser, site.link) as page:
        await page.get_by_role("button", name="No, thanks").focus()
        await site.shop.pass_time(minutes=1)
        await expect(page.get_by_role("heading", level=1)).to_have_text("This time is no longer held for you")
        await expect(page.get_by_role("heading", level=1)).to_be_focused()
        await expect(page.get_by_role("button", name="Keep me on the list")).to_be_visible()
        await expect(page).to_have_title("This time is no longer held for you · Shop")


async def test_at_zero_it_waits_for_what_followed_if_the_timer_is_late(site: Site, browser: Browser) -> None:
    await past_its_deadline(site.shop)
    async with opened(browser, site.link) as page:
        await expect(page.get_by_role("link", name="See what happens next")).to_be_visible()
        await site.shop.pass_time(seconds=1)
        await expect(page.get_by_role("heading", name="You’re still on the list")).to_be_visible()


async def test_at_zero_it_turns_even_without_a_network(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    site.shop.clock.forward(minutes=14, seconds=54)
    async with opened(browser, site.link) as page:
        await page.context.set_offline(True)
        await expect(page.get_by_role("heading", level=1)).to_have_text("This time is no longer held for you")
        await expect(page.get_by_role("button", name="Yes, book it")).to_have_count(0)
        await site.shop.pass_time(seconds=10)
        await page.context.set_offline(False)
        await expect(page.get_by_role("heading", name="You’re still on the list")).to_be_visible()


@pytest.mark.parametrize(
    ("left", "said"), [(305, "5 minutes left"), (65, "1 minute left"), (35, "30 seconds left")]
)
async def test_a_screen_reader_hears_the_time_now_and_then_only(
    site: Site, browser: Browser, left: int, said: str
) -> None:
    await offered(site.shop)
    site.shop.clock.forward(seconds=15 * 60 - left)
    async with opened(browser, site.link) as page:
        await expect(page.get_by_role("status")).to_have_text("")
        await expect(page.get_by_role("status")).to_have_text(said)


async def test_the_countdown_does_not_ask_the_phone_what_time_it_is(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.clock.set_fixed_time("1999-12-31")  # It stands still there, and the countdown has to run.
    await page.goto(site.link)
    await expect(page.get_by_role("timer")).to_have_text(re.compile(r"^14:5\d left$"))
    await context.close()


async def test_coming_back_to_the_page_shows_what_happened_meanwhile(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, site.link) as page:
        await expect(page.get_by_role("timer")).to_be_visible()
        await page.request.post(f"{site.link}/decline")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Thanks for telling us")


async def test_an_answer_after_the_end_says_plainly_what_happened(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, site.link, java_script_enabled=False) as page:
        await site.shop.pass_time(minutes=16)
        await page.get_by_role("button", name="Yes, book it").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("This time is no longer held for you")
        await expect(page.get_by_text("We held it until 13:15 and have now passed it on.")).to_be_visible()
    assert await _bookings_of_ingrid(site) == 0


async def test_who_fell_off_the_list_can_stay_on_it(site: Site, browser: Browser) -> None:
    await off_the_list(site.shop)
    async with opened(browser, site.link) as page:
        await page.get_by_role("button", name="Keep me on the list").dblclick()
        await expect(page.get_by_role("heading", name="You’re back on the list")).to_be_visible()
        assert page.url == site.link
        await is_accessible(page)
    states = [
        row["status"] for row in await site.shop.all("SELECT status FROM waitlist_entries ORDER BY joined_at")
    ]
    assert states == ["expired", "waiting"]


async def test_who_waits_for_as_much_as_one_may_hears_why_there_is_no_room(
    site: Site, browser: Browser
) -> None:
    await off_the_list(site.shop)
    async with site.shop.transaction() as tx:
        phone = await tx.fetchval("SELECT phone FROM customers WHERE name = 'Ingrid Berg'")
        await tenants.change_policy(tx, None, {"max_active_entries": 1})
    await site.shop.join("Ingrid Berg", phone=phone, service_id=site.shop.colour)
    async with opened(browser, site.link) as page:
        await expect(page.get_by_role("heading", name="You’re on the list for other times")).to_be_visible()
        await expect(page.get_by_role("button")).to_have_count(0)


async def test_whose_last_day_has_passed_is_told_so(site: Site, browser: Browser) -> None:
    await off_the_list(site.shop)
    site.shop.clock.forward(days=15)
    async with opened(browser, site.link) as page:
        await expect(page.get_by_text("The last day that suited you has passed")).to_be_visible()
        assert (await page.request.post(f"{site.link}/stay")).ok
    assert len(await site.shop.all("SELECT FROM waitlist_entries")) == 1


@pytest.mark.parametrize("still_listed", [declined, unanswered])
async def test_who_is_still_on_the_list_learns_when_they_may_hear_from_us(
    site: Site, browser: Browser, still_listed: Any
) -> None:
    await still_listed(site.shop)
    async with opened(browser, site.link) as page:
        await expect(page.get_by_text(re.compile(r"until 14:(00|16)\. After that"))).to_be_visible()
        await page.get_by_role("button").get_by_text("Stop looking for this appointment").click()
        await expect(page.get_by_role("heading", level=2)).to_have_text("You’re no longer on the list")
        await page.get_by_role("button", name="Keep me on the list").click()
        await expect(page.get_by_role("heading", level=2)).to_have_text("You’re back on the list")


async def test_who_wants_no_time_at_all_stops_it_and_somebody_else_is_asked(
    site: Site, browser: Browser
) -> None:
    await offered(site.shop)
    async with opened(browser, site.link, java_script_enabled=False) as page:
        await page.get_by_role("button", name="Stop looking for this appointment").click()
        await expect(page.get_by_role("heading", level=2)).to_have_text("You’re no longer on the list")
    assert await site.shop.all("SELECT FROM slots WHERE status = 'held'") == []


async def test_a_page_is_small_and_nothing_comes_from_elsewhere(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    sizes: dict[str, int] = {}
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    async with page.expect_event("requestfinished", lambda request: "offer.js" in request.url):
        page.on("request", lambda request: sizes.update({request.url: 0}))
        await page.goto(site.link)
    await page.wait_for_load_state("networkidle")
    for url in sizes:
        assert url.startswith(site.url)
        sizes[url] = len(await (await page.request.get(url)).body())
    await context.close()
    assert sum(sizes.values()) < MOST_BYTES, sizes


async def test_it_tells_the_browser_to_keep_the_link_to_itself(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    async with opened(browser, site.link) as page:
        for path in ("", "/accept"):
            answer = await page.request.fetch(
                site.link + path, method="POST" if path else "GET", max_redirects=0
            )
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-robots-tag"] == "noindex"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
        style = await page.locator("link[rel=stylesheet]").get_attribute("href")
        answer = await page.request.get(f"{site.url}{style}")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        answer = await page.request.get(f"{site.url}/static/standby.css?v=old")
        assert answer.headers["cache-control"] == "no-cache"


async def test_nothing_moves_when_the_countdown_starts(site: Site, browser: Browser) -> None:
    await offered(site.shop)
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.route("**/offer.js*", lambda route: route.abort())
    await page.goto(site.link)
    before = await _places(page)
    await page.unroute("**/offer.js*")
    await page.reload()
    await expect(page.get_by_role("timer")).to_be_visible()
    assert await _places(page) == before
    await context.close()


async def _places(page: Page) -> list[Any]:
    """Where everything is that has a place of its own, the countdown's digits aside."""
    parts = await page.locator("main *:visible, .hold-left").all()
    return [await part.bounding_box() for part in parts if await part.get_attribute("class") != "hold-clock"]


async def _everything(site: Site) -> list[object]:
    tables = ("offers", "slots", "waitlist_entries", "history", "messages")
    return [await site.shop.all(f'SELECT * FROM "{table}"') for table in tables]  # noqa: S608 - our own names


async def _bookings_of_ingrid(site: Site) -> int:
    return len(
        await site.shop.all(
            "SELECT FROM bookings b JOIN customers c ON c.id = b.customer_id WHERE c.name = 'Ingrid Berg'"
        )
    )
