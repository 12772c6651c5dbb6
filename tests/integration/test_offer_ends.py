"""What the customer is told when an offer has ended, by the page and by the API: where they stand, and the way back."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from standby.bookings import bookings
from standby.errors import EntryEnded, OfferNotFound
from standby.privacy import personal_data
from standby.tenants import tenants
from standby.waitlist import entries, offers
from tests.browser import states
from tests.salon import Shop

BUTTON = "Keep me on the list"


async def offer_of(shop: Shop) -> UUID:
    offer_id: UUID = (await shop.one("SELECT id FROM offers ORDER BY offered_at LIMIT 1"))["id"]
    return offer_id


async def declined_and_left(shop: Shop) -> None:
    await states.declined(shop)
    entry = (await shop.one("SELECT entry_id FROM offers"))["entry_id"]
    async with shop.transaction() as tx:
        await entries.leave(tx, entry, now=shop.clock(), reason="removed", actor="staff")


async def booked_another(shop: Shop) -> None:
    """She declined, and then took another time."""
    await states.declined(shop)
    await shop.pass_time(minutes=61)
    await shop.free_slot(at=shop.clock() + timedelta(days=3))
    await shop.run_jobs()
    offer_id = (await shop.one("SELECT id FROM offers WHERE status = 'pending'"))["id"]
    async with shop.transaction() as tx:
        await offers.accept(tx, offer_id, now=shop.clock(), actor="customer")


async def booked_another_that_was_cancelled(shop: Shop) -> None:
    await booked_another(shop)
    booking_id = (await shop.one("SELECT id FROM bookings WHERE source = 'waitlist'"))["id"]
    async with shop.transaction() as tx:
        await bookings.cancel(tx, booking_id, now=shop.clock(), reason="ill", actor="staff")


async def offered_another(shop: Shop) -> None:
    await states.declined(shop)
    await shop.pass_time(minutes=61)
    await shop.free_slot(at=shop.clock() + timedelta(days=3))
    await shop.run_jobs()


OFF_THE_LIST = [
    states.off_the_list,
    states.left,
    states.cancelled,
    declined_and_left,
    booked_another_that_was_cancelled,
]
STAYING = [
    (states.declined, "You’re still on the list", True),
    (states.unanswered, "You’re still on the list", True),
    (states.taken_back, "You’re still on the list", True),
    (states.lost_to_a_rival, "You’re still on the list", True),
    (offered_another, "We have another time for you", True),
    (booked_another, "You have another time", False),
]
Bring = Callable[[Shop], Awaitable[None]]


@pytest.mark.parametrize("bring_there", OFF_THE_LIST, ids=lambda bring: bring.__name__)
async def test_who_is_off_the_list_is_shown_the_way_back_and_can_take_it_once(
    shop: Shop, api: httpx.AsyncClient, bring_there: Bring
) -> None:
    await bring_there(shop)
    token = shop.token(0)
    await page_says(api, token, "You’re no longer on the list", button=True)
    # Whatever an address claims, the page says what is.
    await page_says(api, f"{token}?stay=back", "You’re no longer on the list", button=True)
    assert [(await api.post(f"/o/{token}/stay")).status_code for _ in range(2)] == [303, 303]
    await page_says(api, token, "You’re back on the list", button=False)
    active = await shop.all(
        "SELECT id FROM waitlist_entries WHERE status IN ('waiting', 'notified', 'cooldown')"
    )
    assert len(active) == 1


@pytest.mark.parametrize("bring_there", OFF_THE_LIST, ids=lambda bring: bring.__name__)
async def test_the_api_says_what_the_page_says_and_takes_them_back(
    shop: Shop, api: httpx.AsyncClient, bring_there: Bring
) -> None:
    await bring_there(shop)
    token = shop.token(0)
    late = (await api.post(f"/api/decline/{token}")).json()
    assert (late["still_on_list"], late["can_stay"]) == (False, True)
    assert "You’re no longer on the list." in late["message"]
    stays = (await api.post(f"/api/stay/{token}")).json()
    assert (stays["still_on_list"], stays["can_stay"]) == (True, False)
    assert "You’re back on the list." in stays["message"]
    assert (await api.post(f"/api/stay/{token}")).json() == stays
    shown = (await api.get(f"/api/offers/{token}")).json()
    assert {name: shown[name] for name in stays} == stays


@pytest.mark.parametrize(
    ("bring_there", "title", "listed"), STAYING, ids=lambda one: getattr(one, "__name__", "")
)
async def test_who_is_on_the_list_or_has_a_time_is_told_so_and_not_put_on_it_again(
    *, shop: Shop, api: httpx.AsyncClient, bring_there: Bring, title: str, listed: bool
) -> None:
    await bring_there(shop)
    token = shop.token(0)
    before = await shop.all("SELECT id FROM waitlist_entries")
    await page_says(api, token, title, button=False)
    await api.post(f"/o/{token}/stay")
    late = (await api.post(f"/api/confirm/{token}")).json()
    assert (late["outcome"], late["still_on_list"], late["can_stay"]) == ("over", listed, False)
    assert f"{title}." in late["message"]
    assert (await api.post(f"/api/stay/{token}")).json()["still_on_list"] is listed
    assert await shop.all("SELECT id FROM waitlist_entries") == before


async def test_who_declined_is_told_until_when_they_are_left_in_peace(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    await states.offered(shop)
    said = (await api.post(f"/api/decline/{shop.token()}")).json()
    assert said["quiet_until"] == (shop.clock() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert "You’re still on the list. We’ll leave you in peace until 14:00." in said["message"]


async def test_an_open_offer_is_no_reason_to_join_again(shop: Shop, api: httpx.AsyncClient) -> None:
    await states.offered(shop)
    said: dict[str, Any] = (await api.post(f"/api/stay/{shop.token()}")).json()
    assert (said["still_on_list"], said["can_stay"]) == (True, False)
    assert len(await shop.all("SELECT FROM waitlist_entries")) == 1


async def test_who_waits_for_as_much_as_one_may_is_told_so_without_a_button(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    await states.off_the_list(shop)
    async with shop.transaction() as tx:
        phone = await tx.fetchval("SELECT phone FROM customers WHERE name = 'Ingrid Berg'")
        await tenants.set_policy(tx, None, {"max_active_entries": 1})
    await shop.join("Ingrid Berg", phone=phone, service_id=shop.colour)
    await page_says(api, shop.token(0), "You’re on the list for other times", button=False)
    assert (await api.post(f"/api/stay/{shop.token(0)}")).json()["still_on_list"] is False


@pytest.mark.parametrize(
    "gone",
    [
        "UPDATE services SET active = false WHERE name = 'Haircut'",
        "UPDATE staff SET active = false WHERE name = 'Kim'",
        "DELETE FROM staff_services",
    ],
)
async def test_who_waited_for_what_is_not_offered_any_more_is_led_to_what_is(
    shop: Shop, api: httpx.AsyncClient, gone: str
) -> None:
    await states.off_the_list(shop)
    async with shop.transaction() as tx:
        await tx.execute("UPDATE waitlist_entries SET staff_id = $1", shop.kim)
        await tx.execute(gone)
    token = shop.token()
    await page_says(api, token, "What you waited for isn’t offered here any more", button=False)
    assert 'href="/shop/wait"' in (await api.get(f"/o/{token}")).text
    assert (await api.post(f"/o/{token}/stay")).status_code == 303
    stays = (await api.post(f"/api/stay/{token}")).json()
    assert (stays["still_on_list"], stays["can_stay"]) == (False, False)
    assert "isn’t offered here any more" in stays["message"]
    assert await shop.all("SELECT FROM waitlist_entries WHERE status <> 'expired'") == []


async def test_who_was_erased_is_put_back_by_nobodys_link(shop: Shop, api: httpx.AsyncClient) -> None:
    await states.declined(shop)
    token = shop.token()
    offer_id, entry_id, customer_id = await shop.one("SELECT id, entry_id, customer_id FROM offers")
    async with shop.transaction() as tx:
        await personal_data.erase(tx, customer_id, now=shop.clock(), actor="customer")
    answers = [
        await api.get(f"/o/{token}"),
        await api.get(f"/api/offers/{token}"),
        await api.post(f"/o/{token}/stay"),
        await api.post(f"/api/stay/{token}"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    for answer in answers:
        assert BUTTON not in answer.text
    assert await shop.all("SELECT FROM offer_tokens") == []
    with pytest.raises(OfferNotFound):  # Nor does a link that was not taken back with them.
        async with shop.transaction() as tx:
            await offers.show(tx, offer_id)
    with pytest.raises(EntryEnded):
        async with shop.transaction() as tx:
            await entries.rejoin(tx, entry_id, now=shop.clock(), actor="customer")
    assert [row["status"] for row in await shop.all("SELECT status FROM waitlist_entries")] == ["cancelled"]


async def page_says(api: httpx.AsyncClient, token: str, title: str, *, button: bool) -> None:
    page = (await api.get(f"/o/{token}")).text
    assert title in page
    assert (BUTTON in page) is button
