"""People with accounts, and the browsers that they sign in with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx

from standby.accounts import members, users
from standby.accounts.permissions import Role
from standby.accounts.scope import account_in_salon
from standby.database.pool import new_id
from tests.api import app_of
from tests.salon import Shop

EMAIL = "kim@example.com"
PASSWORD = "four plain words here"


@asynccontextmanager
async def browsing(shop: Shop, **more: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser: it keeps cookies, and says that what it sends comes from our own pages."""
    transport = httpx.ASGITransport(app_of(shop.system.web), raise_app_exceptions=False)
    headers = {"Sec-Fetch-Site": "same-origin"} | more
    async with httpx.AsyncClient(
        transport=transport, base_url="http://standby.test", headers=headers
    ) as browser:
        yield browser


async def somebody(shop: Shop, email: str = EMAIL, role: Role = Role.OWNER, password: str = PASSWORD) -> UUID:
    """A user who belongs to the salon."""
    hashed = await shop.system.web.accounts.passwords.hashed(password)
    async with account_in_salon(shop.system.pool, new_id(), shop.salon.id) as tx:
        user_id = await users.add(tx, email, hashed, locale="en", now=shop.clock())
        assert user_id is not None
        await members.add(tx, user_id, role, now=shop.clock())
    return user_id


async def sign_in(browser: httpx.AsyncClient, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/api/auth/sign-in", json={"email": email, "password": password})


async def link(shop: Shop, path: str) -> str:
    """The token of the newest link that came by mail and leads there."""
    await shop.pass_time(seconds=0)
    sent = [one.message for one in shop.messages() if f"/{path}/" in (one.message.link or "")]
    return str(sent[-1].link).rpartition("/")[2]
