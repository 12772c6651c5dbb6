"""A running system and a salon in it, fresh for each test."""

from collections.abc import AsyncIterator

import httpx
import pytest

from standby.wiring import System
from tests.api import calling
from tests.salon import Clock, Shop, open_shop, open_system


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def parts(database_url: str, clock: Clock) -> AsyncIterator[System]:
    async with open_system(database_url, clock) as parts:
        yield parts


@pytest.fixture
async def shop(parts: System, clock: Clock) -> Shop:
    return await open_shop(parts, clock)


@pytest.fixture
async def api(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(shop) as client:
        yield client
