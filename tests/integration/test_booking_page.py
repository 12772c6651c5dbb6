"""A customer's page of their own booking, asked as a browser asks: what it shows, what it does, and its limits."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from standby.signed_links import BOOKING, UNSUBSCRIBE, Linked, token_for
from standby.tenants import catalog, tenants
from tests.api import calling
from tests.salon import SECRET, Shop, at_once


@pytest.fixture
async def web(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A browser: it has no token of ours."""
    async with calling(shop) as client:
        client.headers.pop("Authorization")
        yield client


def page_of(shop: Shop, booking: UUID, *, secret: str = SECRET) -> str:
    return f"/b/{token_for(secret.encode(), Linked(shop.salon.id, booking), BOOKING)}"


async def state_of(shop: Shop, booking: UUID) -> tuple[str, str | None, str]:
    row = await shop.one("SELECT status, cancelled_by, reason FROM bookings WHERE id = $1", booking)
    return row["status"], row["cancelled_by"], row["reason"]


async def test_looking_changes_nothing_and_each_answer_does_once(shop: Shop, web: httpx.AsyncClient) -> None:
    booking = await shop.book(at=shop.clock() + timedelta(days=3))
    page = page_of(shop, booking)
    before = await shop.one("SELECT * FROM bookings")
    for path in ("", "/cancel", "/move"):
        shown = await web.get(page + path)
        assert shown.status_code == 200
        assert "Haircut" in shown.text or path == "/move"
    assert (await web.head(page)).status_code == 200
    assert await shop.one("SELECT * FROM bookings") == before

    for _ in range(2):
        answered = await web.post(f"{page}/confirm")
        assert (answered.status_code, answered.headers["Location"]) == (303, page)
    assert (await shop.one("SELECT customer_confirmed_at FROM bookings"))[0] == shop.clock()
    assert "See you then" in (await web.get(page)).text

    for _ in range(2):
        assert (await web.post(f"{page}/cancel", data={"why": " ill\n\x00 again "})).status_code == 303
    assert await state_of(shop, booking) == ("cancelled", "customer", "ill again")
    assert "You’ve cancelled it" in (await web.get(page)).text
    assert (await web.get(f"{page}/move")).status_code == 303
    assert len(await shop.all("SELECT FROM slots WHERE status = 'open'")) == 1


async def test_a_customer_moves_to_one_of_the_times_that_are_shown(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    at = shop.clock() + timedelta(days=3)
    booking = await shop.book(at=at)
    page = page_of(shop, booking)
    wanted = at + timedelta(minutes=15)  # It may overlap its own time.
    shown = await web.get(f"{page}/move")
    assert f'value="{wanted.isoformat()}"' in shown.text
    assert f'value="{at.isoformat()}"' not in shown.text
    moved = await web.post(f"{page}/move", data={"starts_at": wanted.isoformat()})
    assert moved.status_code == 303
    assert "It’s moved, Booked" in (await web.get(moved.headers["location"])).text
    row = await shop.one("SELECT starts_at, customer_moves, actor FROM bookings")
    assert tuple(row) == (wanted, 1, "customer")
    [message] = await shop.all("SELECT kind FROM messages")
    assert message["kind"] == "changed"


async def test_a_time_that_somebody_took_in_between_leaves_the_customer_theirs(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    at = shop.clock() + timedelta(days=3)
    booking = await shop.book(at=at)
    page, wanted = page_of(shop, booking), at + timedelta(hours=2)
    await shop.book(at=wanted)
    refused = await web.post(f"{page}/move", data={"starts_at": wanted.isoformat()})
    assert (refused.status_code, "That time is not free any more" in refused.text) == (409, True)
    assert f'value="{wanted.isoformat()}"' not in refused.text
    with_alex = await web.post(f"{page}/move", data={"starts_at": wanted.isoformat(), "with": "anyone"})
    assert with_alex.status_code == 303
    row = await shop.one("SELECT staff_id, starts_at FROM bookings WHERE id = $1", booking)
    assert tuple(row) == (shop.alex, wanted)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "tomorrow",
        "2026-11-26T12:00:00",
        "9" * 400,
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59+00:00",
    ],
)
async def test_what_is_no_time_is_asked_for_again(shop: Shop, web: httpx.AsyncClient, said: str) -> None:
    booking = await shop.book(at=shop.clock() + timedelta(days=3))
    again = await web.post(f"{page_of(shop, booking)}/move", data={"starts_at": said, "from": "2026-11-27"})
    assert (again.status_code, "Choose a time first" in again.text) == (422, True)
    assert "Friday 27 November" in again.text
    assert (await state_of(shop, booking))[0] == "confirmed"


@pytest.mark.parametrize("first", ["0001-01-01", "9999-12-31", "x", ""])
async def test_any_day_may_be_asked_for_and_only_days_in_reach_are_shown(
    shop: Shop, web: httpx.AsyncClient, first: str
) -> None:
    booking = await shop.book(at=shop.clock() + timedelta(days=3))
    assert (await web.get(f"{page_of(shop, booking)}/move", params={"from": first})).status_code == 200


async def test_beyond_the_salons_limits_the_page_says_so_and_does_nothing(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, None, {"max_customer_moves": 0})
    booking = await shop.book(at=shop.clock() + timedelta(days=3))
    page = page_of(shop, booking)
    shown = (await web.get(page)).text
    assert "To move it once more, ask Shop" in shown
    wanted = (shop.clock() + timedelta(days=4)).isoformat()
    assert (await web.post(f"{page}/move", data={"starts_at": wanted})).status_code == 303
    shop.clock.forward(days=2, seconds=1)
    assert "It’s too late to change it here" in (await web.get(page)).text
    await web.post(f"{page}/cancel")
    assert (await state_of(shop, booking))[0] == "confirmed"
    assert (await web.get(f"{page}/cancel")).status_code == 303
    shop.clock.forward(days=1)
    assert "This appointment is over" in (await web.get(page)).text
    await web.post(f"{page}/confirm")
    row = await shop.one("SELECT starts_at, customer_confirmed_at, sequence FROM bookings")
    assert (row["customer_confirmed_at"], row["sequence"]) == (None, 0)


async def test_a_link_that_we_did_not_sign_opens_nothing(shop: Shop, web: httpx.AsyncClient) -> None:
    booking = await shop.book(at=shop.clock() + timedelta(days=3))
    mails = token_for(SECRET.encode(), Linked(shop.salon.id, booking), UNSUBSCRIBE)
    for page in (page_of(shop, booking, secret="another" * 9), page_of(shop, uuid4()), f"/b/{mails}", "/b/x"):
        for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/move"), ("POST", "/confirm")):
            answer = await web.request(method, page + path, headers={"Accept": "text/html"})
            assert answer.status_code == 404, (page, path)
    assert (await state_of(shop, booking))[0] == "confirmed"


async def test_what_people_are_called_is_shown_and_never_run(shop: Shop, web: httpx.AsyncClient) -> None:
    booking = await shop.book(at=shop.clock() + timedelta(days=3))
    async with shop.transaction() as tx:
        await tx.execute("UPDATE services SET name = '<script>alert(1)</script>' WHERE id = $1", shop.cut)
        await tx.execute("UPDATE customers SET name = '<b>Kari</b>'")
    shown = (await web.get(page_of(shop, booking))).text
    assert "<script>alert" not in shown
    assert "&lt;b&gt;Kari" in shown


async def test_of_many_taps_at_once_one_cancels_and_nobody_sees_an_error(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    page = page_of(shop, await shop.book(at=shop.clock() + timedelta(days=3)))
    answers = await at_once(*(web.post(f"{page}/{what}") for what in ("cancel", "confirm") * 4))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await shop.all("SELECT FROM slots WHERE status = 'open'")) == 1
    assert await shop.broken() == []


async def test_a_service_that_is_not_offered_any_more_can_be_cancelled_and_not_moved_by_its_customer(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    booking = await shop.book(at=shop.clock() + timedelta(days=3))
    async with shop.transaction() as tx:
        await catalog.change_service(tx, shop.cut, {"active": False})
    page = page_of(shop, booking)
    assert "Move it" not in (await web.get(page)).text
    assert (await web.get(f"{page}/move")).status_code == 303
    await shop.change(booking, staff_id=shop.alex)  # The salon may still say who does it.
    assert (await web.post(f"{page}/cancel")).status_code == 303
    assert (await state_of(shop, booking))[0] == "cancelled"


async def test_the_page_of_an_offer_that_became_a_booking_shows_it_as_it_is_now_and_leads_to_its_own(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    offer = f"/o/{shop.token()}"
    await web.post(f"{offer}/accept")
    row = await shop.one("SELECT id FROM bookings WHERE source = 'waitlist'")
    await shop.change(row["id"], starts_at=shop.tomorrow() + timedelta(days=2), staff_id=shop.alex)
    shown = (await web.get(offer)).text
    assert "Thursday 26 November" in shown
    assert "Alex" in shown
    assert page_of(shop, row["id"]) in shown
