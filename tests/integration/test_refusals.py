"""What a browser is shown that may not, or has to sign in first."""

from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, Request

from standby.accounts import first_accounts
from standby.accounts.sessions import SignedIn
from standby.errors import Forbidden
from standby.web.context import GetWeb
from standby.web.signed_in import GetSignedIn, operator_of
from tests.accounts import EMAIL, sign_in, somebody
from tests.api import app_of
from tests.salon import Shop


async def _operator(request: Request, web: GetWeb, _: GetSignedIn) -> SignedIn:
    operator = await operator_of(request, web)
    if operator is None:
        raise Forbidden
    return operator


@pytest.fixture
def app(shop: Shop) -> FastAPI:
    """With a page for operators."""
    app = app_of(shop.system.web)

    @app.api_route("/admin/page", methods=["GET", "POST"])
    async def page(operator: Annotated[SignedIn, Depends(_operator)]) -> str:
        return operator.email

    return app


async def test_a_page_leads_to_the_sign_in_and_is_for_those_whom_it_is_for(shop: Shop, app: FastAPI) -> None:
    await somebody(shop)
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://standby.test", headers=headers
    ) as browser:
        gone = await browser.get("/admin/page")
        assert (gone.status_code, gone.headers["location"]) == (303, "/sign-in?next=%2Fadmin%2Fpage")
        assert (await browser.post("/admin/page")).headers["location"] == "/sign-in"
        await sign_in(browser)
        refused = await browser.get("/admin/page")
        assert refused.status_code == 403
        assert "This isn’t open to you" in refused.text
        await first_accounts.set_operator(shop.system.worker_pool, EMAIL, is_operator=True)
        await sign_in(browser)
        assert (await browser.get("/admin/page")).json() == EMAIL
        browser.headers["sec-fetch-site"] = "cross-site"
        assert (await browser.post("/admin/page")).status_code == 403
