"""The API's page, which is Swagger UI, works with what browsers are told to forbid."""

from playwright.async_api import Browser, expect

from tests.browser.conftest import Site


async def test_the_docs_need_nothing_that_is_forbidden(browser: Browser, site: Site) -> None:
    page = await browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(f"{site.url}/docs")
    await page.locator(".opblock-summary-control").first.click()
    await page.locator(".try-out__btn").first.click()
    await expect(page.locator(".execute").first).to_be_visible()
    assert said == []
    await page.close()
