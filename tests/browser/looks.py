"""A page as people see it: opened, in each light and on each screen, and whether everybody can use it there."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
SMALL_PHONE: Final[ViewportSize] = {"width": 320, "height": 568}
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}
SCREENS: Final = (PHONE, DESK)
LIGHTS: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
COLOURS: Final = ("color-contrast", "link-in-text-block")  # axe's rules that another light can break
MOST_BYTES: Final = 30_000


@asynccontextmanager
async def opened(browser: Browser, url: str, **browsing: Any) -> AsyncIterator[Page]:
    """The page as a phone shows it, unless told otherwise. An error on it fails the test."""
    context = await browser.new_context(viewport=browsing.pop("viewport", PHONE), **browsing)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda message: errors.append(message.text) if "Content Security" in message.text else None
    )
    await page.goto(url)
    yield page
    await context.close()
    assert errors == [], errors


async def is_for_everybody(page: Page, screens: tuple[ViewportSize, ...] = SCREENS) -> None:
    """On each screen, in each light: accessible, and everything in its place. Nothing is half faded in meanwhile."""
    await page.wait_for_load_state()
    for screen in screens:
        await page.set_viewport_size(screen)
        for light in LIGHTS:
            await page.emulate_media(color_scheme=light, reduced_motion="reduce")
            await page.evaluate("document.getAnimations().forEach(fading => fading.finish())")
            await is_accessible(page, None if light == LIGHTS[0] else COLOURS)
        await fits(page)


async def looked_at(page: Page, name: str, screens: tuple[ViewportSize, ...] = SCREENS) -> None:
    """As is_for_everybody. With SCREENSHOTS=folder what is seen is kept there, under this name."""
    await is_for_everybody(page, screens)
    if folder := os.environ.get("SCREENSHOTS"):
        for screen, size in {"phone": PHONE, "desk": DESK}.items():
            await page.set_viewport_size(size)
            for light in LIGHTS:
                await page.emulate_media(color_scheme=light)
                await page.evaluate("document.getAnimations().forEach(fading => fading.finish())")
                await page.screenshot(path=Path(folder) / f"{name}-{screen}-{light}.png", full_page=True)


async def is_accessible(page: Page, rules: Sequence[str] | None = None) -> None:
    """Nothing that axe finds fault with: by all of its rules, or by these."""
    is_there = await page.evaluate("'axe' in window")
    results = await (Axe("0") if is_there else Axe()).run(page, options={"runOnly": rules} if rules else None)
    assert results.violations_count == 0, results.generate_report()


async def fits(page: Page) -> None:
    """No sideways scrolling, and everything to press is large enough for a thumb."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in await page.locator(".button").all():
        box = await button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
