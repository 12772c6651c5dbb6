"""A real Chromium, and a real server to look at, with a salon behind it."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import uvicorn
from fastapi import FastAPI
from jinja2 import Template
from playwright.async_api import Browser, async_playwright, expect

from tests.api import app_of
from tests.browser.markup import mistakes_in
from tests.salon import Clock, Shop, open_shop, open_system

expect.set_options(timeout=20_000)  # The longest wait of all tests is a countdown's last seconds.

BROWSERS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium, or your system's package of it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


@pytest.fixture(autouse=True)
def markup(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each page that a test sees, in whatever state, is HTML as the standard has it."""
    render, mistakes = Template.render, dict[str, list[str]]()

    def rendered(template: Template, *args: object, **context: object) -> str:
        text = render(template, *args, **context)
        if text.startswith("<!doctype html>") and (found := mistakes_in(text)):
            mistakes[str(template.name)] = found
        return text

    monkeypatch.setattr(Template, "render", rendered)
    yield
    assert mistakes == {}


@dataclass(frozen=True)
class Site:
    """A salon on the web. `url` has no slash at its end."""

    url: str
    shop: Shop

    @property
    def link(self) -> str:
        """The newest offer's link, as its customer got it."""
        return f"{self.url}/o/{self.shop.token()}"


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    clock = Clock()
    async with (
        open_system(database_url, clock, live_streams=10) as parts,
        served(app_of(parts.web)) as url,
    ):
        yield Site(url, await open_shop(parts, clock))
        parts.phones.hang_up()
        parts.web.live.streams.end()


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application on a free port, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        host, port = listening.getsockname()
        try:
            yield f"http://{host}:{port}"
        finally:
            server.should_exit = True
            await running
