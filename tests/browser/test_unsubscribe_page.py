"""The page that ends all mails, in a real browser."""

import pytest
from playwright.async_api import Browser, expect

from standby.signed_links import UNSUBSCRIBE, Linked, token_for
from tests.browser.conftest import Site
from tests.browser.looks import DESK, MOST_BYTES, PHONE, SMALL_PHONE, is_for_everybody, opened
from tests.salon import SECRET


async def link_of(site: Site, *, only_email: bool = False) -> str:
    """Where the mails to Ingrid lead who wants no more of them."""
    await site.shop.join("Ingrid Berg", email="ingrid@example.com")
    site.shop.clock.forward(hours=1)
    async with site.shop.transaction() as tx:
        if only_email:
            await tx.execute("UPDATE customers SET channels = '{email}'")
        customer_id = await tx.fetchval("SELECT id FROM customers")
    token = token_for(SECRET.encode(), Linked(site.shop.salon.id, customer_id), UNSUBSCRIBE)
    return f"{site.url}/u/{token}"


@pytest.mark.parametrize(("locale", "only_email"), [("en", False), ("nb", True)])
async def test_every_state_is_accessible_everywhere(
    site: Site, browser: Browser, locale: str, *, only_email: bool
) -> None:
    async with site.shop.transaction() as tx:
        await tx.execute("UPDATE tenants SET locale = $1", locale)
    link = await link_of(site, only_email=only_email)
    headings = {
        "ask": ("No more email from us?", "Ingen flere e\N{NON-BREAKING HYPHEN}poster fra oss?"),
        "out": ("You get no more email from us", "Du får ikke flere e\N{NON-BREAKING HYPHEN}poster fra oss"),
        "back": (
            "We’ll write to you by email again",
            "Vi skriver til deg på e\N{NON-BREAKING HYPHEN}post igjen",
        ),
    }
    for state, said in headings.items():
        async with opened(browser, f"{link}?back=yes" if state == "back" else link) as page:
            await expect(page.get_by_role("heading", level=1)).to_have_text(said[locale == "nb"])
            await is_for_everybody(page, (SMALL_PHONE, PHONE, DESK))
            if state != "back":
                await page.get_by_role("button").click()


@pytest.mark.parametrize("scripts", [True, False])
async def test_it_stops_the_mails_and_takes_it_back_with_and_without_javascript(
    site: Site, browser: Browser, *, scripts: bool
) -> None:
    link = await link_of(site)
    async with opened(browser, link, java_script_enabled=scripts) as page:
        await page.get_by_role("button", name="Stop the emails").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("You get no more email from us")
        assert page.url == link
        assert await channels(site) == {"whatsapp", "sms"}
        await page.get_by_role("button", name="Write to me by email again").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("We’ll write to you by email again")
        assert await channels(site) == {"whatsapp", "sms", "email"}


async def test_it_is_small_and_nothing_comes_from_elsewhere(site: Site, browser: Browser) -> None:
    link = await link_of(site)
    async with opened(browser, link) as page:
        sizes: dict[str, int] = {}
        page.on("request", lambda request: sizes.update({request.url: 0}))
        await page.reload(wait_until="networkidle")
        for url in sizes:
            assert url.startswith(site.url)
            sizes[url] = len(await (await page.request.get(url)).body())
        assert 0 < sum(sizes.values()) < MOST_BYTES, sizes


async def channels(site: Site) -> set[str]:
    return set((await site.shop.one("SELECT channels FROM customers"))["channels"])
