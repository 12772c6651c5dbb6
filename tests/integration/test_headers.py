"""What every answer tells the browser to forbid."""

import httpx
import pytest

from tests.api import app_of
from tests.salon import Clock, open_system


@pytest.mark.parametrize(
    ("public_url", "told"),
    [("https://book.example.com", "max-age=63072000"), ("http://127.0.0.1:8000", None)],
)
async def test_only_who_is_reached_by_https_says_never_otherwise(
    database_url: str, clock: Clock, public_url: str, told: str | None
) -> None:
    async with (
        open_system(database_url, clock, public_url=public_url) as parts,
        httpx.AsyncClient(transport=httpx.ASGITransport(app_of(parts.web)), base_url=public_url) as browser,
    ):
        for path in ("/sign-in", "/api/staff", "/static/standby.css", "/nowhere"):
            answer = await browser.get(path)
            assert answer.headers.get("strict-transport-security") == told, path
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-frame-options"] == "DENY"
