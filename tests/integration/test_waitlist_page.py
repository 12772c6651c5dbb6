"""The waitlist's page: what is asked of it, in which order, page by page; views; many taken off and put back."""

import base64
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from standby.accounts.permissions import Role
from standby.waitlist import entries, listing
from standby.waitlist.listing import ANYONE, ORDERS, Wanted
from standby.web.dashboard import waitlist_page
from tests.accounts import EMAIL, browsing, sign_in, somebody
from tests.salon import Shop, open_shop

HERE = "/app/waitlist"


@pytest.fixture
async def kim(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of somebody who works with the book."""
    await somebody(shop, role=Role.STAFF)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


def people(page: httpx.Response) -> list[str]:
    assert page.status_code == 200
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]+">(.*?)</a>', page.text)


async def crowd(shop: Shop) -> dict[str, UUID]:
    """Six, who join a week after each other: an override, a VIP, wishes for Kim and for a colour."""
    first, there = shop.clock(), {}
    for name, days, wish in (
        ("Åse", 70, {}),
        ("Berit", 78, {"vip": True}),
        ("Cato", 86, {"staff_id": shop.kim}),
        ("Dag", 94, {"service_id": shop.colour}),
        ("Eva", 80, {}),
        ("Frode", 60, {}),
    ):
        joined = await shop.join(name, latest=first + timedelta(days=days), **wish)
        there[name] = joined.entry_id
        shop.clock.forward(days=8)
    async with shop.transaction() as tx:
        await entries.set_priority(tx, there["Frode"], 900, now=shop.clock(), reason="ill", actor="test")
    return there


async def test_the_list_is_found_by_who_what_and_with_whom_in_each_order(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    assert "Nobody is waiting" in (await kim.get(HERE)).text
    there = await crowd(shop)
    await sign_in(kim)  # Weeks have passed.
    for asked, names in {
        "": ["Frode", "Berit", "Åse", "Cato", "Dag", "Eva"],
        "sort=wait": ["Åse", "Berit", "Cato", "Dag", "Eva", "Frode"],
        "sort=newest": ["Frode", "Eva", "Dag", "Cato", "Berit", "Åse"],
        "sort=end": ["Frode", "Åse", "Berit", "Eva", "Cato", "Dag"],
        f"service={shop.colour}": ["Dag"],
        f"staff={shop.kim}": ["Cato"],
        f"staff={ANYONE}&sort=wait": ["Åse", "Berit", "Dag", "Eva", "Frode"],
        "q=ÅS": ["Åse"],
        "status=cancelled": [],
        "status=nonsense&service=x&staff=y&sort=z&after=w": ["Frode", "Berit", "Åse", "Cato", "Dag", "Eva"],
    }.items():
        assert people(await kim.get(f"{HERE}?{asked}")) == names, asked
    phone = (await shop.one("SELECT phone FROM customers WHERE name = 'Eva'"))["phone"]
    assert people(await kim.get(HERE, params={"q": f"{phone[3:6]} {phone[6:8]} {phone[8:]}"})) == ["Eva"]
    async with shop.transaction() as tx:
        await entries.leave(tx, there["Eva"], now=shop.clock(), reason="x", actor="test")
    assert people(await kim.get(f"{HERE}?status=cancelled&sort=wait")) == ["Eva"]
    assert "Nobody like that" in (await kim.get(f"{HERE}?q=nobody")).text


@pytest.mark.parametrize("order", ORDERS)
async def test_page_after_page_shows_everybody_once_in_their_order(shop: Shop, order: listing.Order) -> None:
    await crowd(shop)
    for number in range(6):
        await shop.join(f"Twin {number}")  # All at the same moment.
    wanted, now = Wanted(order=order), shop.clock()
    async with shop.transaction() as tx:
        whole, further = await listing.page(tx, wanted, after=None, limit=50, now=now)
        assert further is None
        seen, after = [], None
        while True:
            rows, after = await listing.page(tx, wanted, after=after, limit=2, now=shop.clock())
            seen += [row["id"] for row in rows]
            if after is None:
                break
            shop.clock.forward(weeks=1)  # Their scores have grown meanwhile.
    assert seen == [row["id"] for row in whole]
    assert len(set(seen)) == 12
    if order == "score":
        scores = [listing.score_of(dict(row), now) for row in whole]
        assert scores == sorted(scores, reverse=True)


async def test_the_next_page_is_a_link_that_keeps_the_filters(
    shop: Shop, kim: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waitlist_page, "SHOWN", 2)
    await crowd(shop)
    await sign_in(kim)
    page = await kim.get(f"{HERE}?service={shop.cut}&sort=wait")
    assert people(page) == ["Åse", "Berit"]
    [address] = re.findall(r'href="([^"]+)">Next page', page.text)
    page = await kim.get(address.replace("&amp;", "&"))
    assert people(page) == ["Cato", "Eva"]
    assert "Back to the first" in page.text


async def test_a_view_is_kept_for_the_salon_and_forgotten(shop: Shop, kim: httpx.AsyncClient) -> None:
    filters = f"service={shop.cut}&sort=wait&q=Secret"
    for _ in range(2):  # Sent again it is the same one.
        gone = await kim.post(f"{HERE}/views", data={"name": "Cuts & more", "filters": filters})
        assert gone.headers["location"].endswith("said=saved")
    [kept] = await shop.all("SELECT id, name, filters FROM saved_views")
    assert kept["filters"] == {"service": str(shop.cut), "sort": "wait"}
    page = await kim.get(f"{HERE}?service={shop.cut}&sort=wait")
    assert re.search(r'<a class="chip" [^>]+ aria-current="page">Cuts &amp; more</a>', page.text)
    page = await kim.post(f"{HERE}/views", data={"name": " ", "filters": filters})
    assert page.status_code == 422
    assert "Give the view a name." in page.text
    gone = await kim.post(f"{HERE}/views/{kept['id']}/delete")
    assert gone.headers["location"] == f"{HERE}?said=forgotten"
    assert await shop.all("SELECT FROM saved_views") == []


async def test_many_are_taken_off_at_once_and_put_back_with_their_wait(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    there = await crowd(shop)
    await sign_in(kim)
    async with shop.transaction() as tx:
        await entries.leave(tx, there["Eva"], now=shop.clock(), reason="x", actor="test")
    chosen = [str(there[name]) for name in ("Frode", "Berit", "Eva")]
    gone = await kim.post(f"{HERE}/cancel", data={"entry": chosen, "back": "sort=wait"})
    assert gone.status_code == 303
    page = await kim.get(gone.headers["location"])
    done, left = page.text.split('id="left"')
    assert [name in done for name in ("Frode", "Berit", "Eva")] == [True, True, False]
    assert "Eva" in left
    assert people(await kim.get(HERE)) == ["Åse", "Cato", "Dag"]
    ids = re.findall(r'name="entry" value="([^"]+)"', page.text)
    assert ids == chosen[:2]
    for _ in range(2):  # Twice is once.
        gone = await kim.post(f"{HERE}/put-back", data={"entry": ids, "back": "sort=wait"})
    page = await kim.get(gone.headers["location"])
    assert "Back on the list" in page.text
    assert f'href="{HERE}?sort=wait"' in page.text
    assert people(await kim.get(f"{HERE}?sort=wait")) == ["Åse", "Berit", "Cato", "Dag", "Frode"]
    assert people(await kim.get(HERE))[0] == "Frode"
    assert (await kim.post(f"{HERE}/cancel")).headers["location"] == f"{HERE}?said=none"


async def test_many_are_put_first_at_once_with_one_reason(shop: Shop, kim: httpx.AsyncClient) -> None:
    there = await crowd(shop)
    await sign_in(kim)
    chosen = [str(there[name]) for name in ("Dag", "Berit")]
    asked = await kim.get(f"{HERE}/priority", params={"entry": chosen, "back": "sort=wait"})
    assert all(f'name="entry" value="{one}"' in asked.text for one in chosen)
    assert f'href="{HERE}?sort=wait"' in asked.text
    given = {"entry": chosen, "back": "sort=wait", "priority": "00002000", "reason": " "}
    wrong = await kim.post(f"{HERE}/priority", data=given)
    assert wrong.status_code == 422
    assert 'id="priority-problem"' in wrong.text
    assert 'id="reason-problem"' in wrong.text
    assert 'value="00002000"' in wrong.text
    assert all(f'name="entry" value="{one}"' in wrong.text for one in chosen)
    async with shop.transaction() as tx:
        await entries.leave(tx, there["Berit"], now=shop.clock(), reason="x", actor="test")
    given |= {"priority": "900", "reason": "they were here first"}
    await kim.post(f"{HERE}/priority", data=given)
    again = await kim.post(f"{HERE}/priority", data=given)  # Twice is once.
    assert again.status_code == 303
    page = await kim.get(again.headers["location"])
    done, left = page.text.split('id="left"')
    assert "The priority is set" in done
    assert ["Dag" in done, "Berit" in left] == [True, True]
    assert people(await kim.get(HERE))[0] == "Dag"
    noted = await shop.all(
        "SELECT details FROM history WHERE reason = 'priority_override_set' AND entity_id = $1", there["Dag"]
    )
    assert [one["details"]["why"] for one in noted] == ["they were here first"]
    cleared = await kim.post(f"{HERE}/priority", data=given | {"entry": chosen[:1], "priority": ""})
    assert "The score counts again" in (await kim.get(cleared.headers["location"])).text
    assert (await kim.get(f"{HERE}/priority")).headers["location"] == f"{HERE}?said=none"


async def test_who_may_only_look_changes_nothing_and_no_other_salon_is_seen(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    stranger = (await theirs.join("Stranger")).entry_id
    await shop.join("Kari")
    assert people(await kim.get(HERE)) == ["Kari"]
    gone = await kim.post(f"{HERE}/cancel", data={"entry": [str(stranger)]})
    assert "Stranger" not in (await kim.get(gone.headers["location"])).text
    assert await theirs.status_of("waitlist_entries", stranger) == "waiting"
    await somebody(shop, f"viewer-{EMAIL}", Role.VIEWER)
    async with browsing(shop, Accept="text/html") as viewer:
        await sign_in(viewer, f"viewer-{EMAIL}")
        page = await viewer.get(HERE)
        assert people(page) == ["Kari"]
        assert 'type="checkbox"' not in page.text
        for path in ("cancel", "put-back", "priority", "views"):
            assert (await viewer.post(f"{HERE}/{path}", data={"name": "x"})).status_code == 403


@pytest.mark.parametrize(
    "position",
    [
        '["2026-11-20T08:00:00+00:00", "%s", Infinity, "2026-11-20T08:00:00+00:00"]',
        "[" * 9000,
        '["0001-01-01T00:00:00+14:00", "%s", 1, "2026-11-20T08:00:00+00:00"]',
        "{}",
    ],
)
async def test_an_address_that_leads_nowhere_shows_the_list_from_its_beginning(
    shop: Shop, kim: httpx.AsyncClient, position: str
) -> None:
    await shop.join("Nora")
    written = base64.urlsafe_b64encode(position.replace("%s", str(uuid4())).encode()).decode().rstrip("=")
    page = await kim.get(HERE, params={"after": written})
    assert (page.status_code, "Nora" in page.text) == (200, True)


async def test_a_text_that_postgresql_cannot_hold_is_refused(kim: httpx.AsyncClient) -> None:
    page = await kim.get(HERE, params={"q": "No\0ra"})
    assert (page.status_code, "That couldn’t be done" in page.text) == (400, True)


async def test_what_was_found_is_counted_and_a_search_is_no_view(shop: Shop, kim: httpx.AsyncClient) -> None:
    await shop.join("Nora")
    await shop.join("Per")
    assert "1 found" in (await kim.get(HERE, params={"q": "nora"})).text
    assert "found" not in (await kim.get(HERE)).text
    refused = await kim.post(f"{HERE}/views", data={"name": "Noras", "filters": "q=nora&status=nonsense"})
    assert (refused.status_code, "not what was searched for" in refused.text) == (422, True)
    assert await shop.all("SELECT FROM saved_views") == []
