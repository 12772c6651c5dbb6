"""A place on the list by hand: added, changed, offered a time, booked, put first, taken off; and who gets a slot."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from standby.accounts.permissions import Role
from standby.privacy import personal_data
from standby.waitlist import cascade, entries, offers
from standby.waitlist.ranking import RULES, WITHHELD
from standby.web.words import LANGUAGES
from tests.accounts import EMAIL, browsing, sign_in, somebody
from tests.salon import Shop, open_shop

HERE = "/app/waitlist"
WEEK = ["1", "2", "3", "4", "5", "6", "7"]


@pytest.fixture
async def kim(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of somebody who works with the book."""
    await somebody(shop, role=Role.STAFF)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


def said(page: httpx.Response) -> str:
    """What can be read on the page, on one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def wrong(page: httpx.Response) -> list[str]:
    """The fields that have a problem beside them."""
    return re.findall(r'id="(\w+)-problem"', page.text)


async def test_somebody_is_added_once_and_changed(shop: Shop, kim: httpx.AsyncClient) -> None:
    form = {
        "name": "Kari <b>",
        "phone": "412 34 567",
        "vip": "yes",
        "service": str(shop.cut),
        "staff": str(shop.kim),
        "first": "2026-11-25",
        "last": "2026-11-30",
        "day": ["1", "3"],
        "begin": "09:30",
        "end": "12:00",
    }
    gone = await kim.post(f"{HERE}/new", data=form)
    there = gone.headers["location"].removesuffix("?said=added")
    entry = await shop.one("SELECT * FROM waitlist_entries")
    assert there == f"{HERE}/{entry['id']}"
    zone = shop.salon.zone
    assert f"{entry['earliest'].astimezone(zone):%d %H:%M}" == "25 00:00"
    assert f"{entry['latest'].astimezone(zone):%d %H:%M}" == "01 00:00"
    assert (entry["from_minute"], entry["until_minute"], entry["weekdays"]) == (570, 720, [1, 3])
    assert (entry["vip"], entry["actor"].partition(":")[0]) == (True, "user")
    assert (await kim.post(f"{HERE}/new", data=form)).headers["location"] == f"{there}?said=there"
    other = await kim.post(f"{HERE}/new", data=form | {"name": "Somebody Else"})
    assert (other.status_code, "This number is " in other.text) == (409, True)
    assert (await shop.one("SELECT name FROM customers"))["name"] == form["name"]
    [known] = map(html.unescape, re.findall(r'name="instead_of" value="(.*?)"', other.text))
    await kim.post(f"{HERE}/new", data=form | {"name": "Somebody Else", "instead_of": known})
    assert (await shop.one("SELECT name FROM customers"))["name"] == "Somebody Else"
    page = await kim.get(there)
    assert "Haircut with Kim Wed 25 Nov – Mon 30 Nov, Mon, Wed, 09:30–12:00" in said(page)
    assert "<b>" not in page.text
    shown = (await kim.get(f"{there}/edit")).text
    for value in ("2026-11-25", "2026-11-30", "09:30", "12:00"):
        assert f'value="{value}"' in shown
    fields = ("service", "first", "last", "begin", "end")
    changed = {name: form[name] for name in fields} | {"staff": "", "day": WEEK, "end": ""}
    gone = await kim.post(f"{there}/edit", data=changed)
    assert gone.headers["location"] == f"{there}?said=changed"
    after = await shop.one("SELECT * FROM waitlist_entries")
    assert after["staff_id"] is None
    assert (after["earliest"], after["joined_at"]) == (entry["earliest"], entry["joined_at"])
    assert (after["from_minute"], after["until_minute"], after["weekdays"]) == (570, 1440, [*range(1, 8)])


async def test_all_that_is_wrong_with_a_form_is_said_at_once_and_nothing_typed_is_lost(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    page = await kim.post(f"{HERE}/new", data={"first": "soon", "begin": "9 o'clock", "phone": "12"})
    assert page.status_code == 422
    assert set(wrong(page)) == {"name", "phone", "service", "first", "last", "days", "from"}
    assert 'value="soon"' in page.text
    assert 'value="9 o&#39;clock"' in page.text
    form = {"name": "Kari", "phone": "41234567", "email": "x", "service": str(shop.colour), "day": "7"}
    form |= {"staff": str(shop.alex), "last": "2020-01-01", "begin": "12:00", "end": "11:00"}
    page = await kim.post(f"{HERE}/new", data=form)
    assert set(wrong(page)) == {"email", "staff", "last", "until"}
    assert "They don’t do this service." in page.text
    assert await shop.all("SELECT FROM waitlist_entries") == []
    joined = await shop.join("Kari")
    page = await kim.post(f"{HERE}/{joined.entry_id}/edit", data=form | {"first": "2026-11-24"})
    assert page.status_code == 422
    assert set(wrong(page)) == {"staff", "last", "until"}
    for _ in range(3):
        form = {"name": "Ola", "phone": "41234567", "last": "2026-12-24", "day": "7"}
        staff = [{"service": str(shop.cut)}, {"service": str(shop.colour)}]
        for more in [*staff, {"service": str(shop.cut), "staff": str(shop.kim)}]:
            await kim.post(f"{HERE}/new", data=form | more)
    page = await kim.post(f"{HERE}/new", data=form | {"service": str(shop.cut), "staff": str(shop.alex)})
    assert page.status_code == 409
    assert "They wait for 3 things already" in page.text


async def test_a_time_is_offered_by_hand_and_booked_and_the_story_tells_it(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    first, other = (await shop.join("Kari")).entry_id, (await shop.join("Ola")).entry_id
    slot = await shop.free_slot()
    page = await kim.get(f"{HERE}/{other}")
    assert f'value="{slot}"' in page.text
    for _ in range(2):  # Twice is once.
        gone = await kim.post(f"{HERE}/{other}/offer", data={"slot": str(slot)})
        assert gone.headers["location"] == f"{HERE}/{other}?said=offered"
    page = await kim.post(f"{HERE}/{other}/offer", data={"slot": str(await shop.free_slot(staff=shop.alex))})
    assert (page.status_code, wrong(page)) == (409, ["offer"])
    page = await kim.post(f"{HERE}/{first}/offer", data={"slot": str(slot)})
    assert "That time is not open any more." in page.text
    await shop.run_jobs()
    page = await kim.get(f"{HERE}/{other}")
    for words in (
        "Was offered Haircut with Kim, Tue 24 Nov 13:00",
        "waits for an answer",
        "The offer was written",
    ):
        assert words in said(page)
    assert "on the list 20 + service 15 + can come then 10 = 45" in said(page)
    for _ in range(2):  # Twice is once.
        gone = await kim.post(f"{HERE}/{other}/book")
        assert gone.headers["location"] == f"{HERE}/{other}?said=booked"
    assert len(await shop.all("SELECT FROM bookings WHERE status = 'confirmed'")) == 1
    assert "Was booked by the salon" in said(await kim.get(f"{HERE}/{other}"))
    late = (await shop.join("Per", weekdays=(7,))).entry_id
    page = await kim.post(f"{HERE}/{late}/book")
    assert (page.status_code, wrong(page)) == (409, ["book"])


async def test_a_time_that_is_written_is_opened_and_offered_to_nobody_else(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await shop.join("First in line")
    entry = (await shop.join("Kari", weekdays=(7,))).entry_id
    for form, fields in (
        ({}, ["slot"]),
        ({"day": "soon", "at": "10:00", "staff": str(shop.kim)}, ["day"]),
        ({"day": "2026-11-20", "at": "10:00", "staff": str(shop.kim)}, ["day"]),
        ({"day": "2026-11-25", "at": "10:00", "staff": "x"}, ["staff"]),
    ):
        page = await kim.post(f"{HERE}/{entry}/offer", data=form)
        assert (page.status_code, wrong(page)) == (422, fields)
    form = {"day": "2026-11-25", "at": "10:00", "staff": str(shop.alex)}
    gone = await kim.post(f"{HERE}/{entry}/offer", data=form)
    assert gone.headers["location"].endswith("said=offered")
    await shop.run_jobs()
    [offer] = await shop.all("SELECT entry_id, slot_id FROM offers")
    assert offer["entry_id"] == entry
    other = (await shop.join("Ola")).entry_id
    page = await kim.post(f"{HERE}/{other}/offer", data=form)
    assert (page.status_code, wrong(page)) == (409, ["day"])
    assert 'value="10:00"' in page.text


async def test_a_priority_needs_a_number_and_a_reason(shop: Shop, kim: httpx.AsyncClient) -> None:
    entry = (await shop.join("Kari")).entry_id
    page = await kim.post(f"{HERE}/{entry}/priority", data={"priority": "1001", "reason": " "})
    assert (page.status_code, wrong(page)) == (422, ["priority", "reason"])
    assert 'value="1001"' in page.text
    for _ in range(2):  # Twice is once.
        gone = await kim.post(f"{HERE}/{entry}/priority", data={"priority": "700", "reason": "A wedding"})
        assert gone.headers["location"].endswith("said=priority")
    assert said(await kim.get(f"{HERE}/{entry}")).count("700: A wedding") == 1
    await kim.post(f"{HERE}/{entry}/priority", data={"priority": "700", "reason": "A funeral"})
    rows = await shop.all("SELECT details FROM history WHERE reason = 'priority_override_set' ORDER BY id")
    assert [row["details"]["why"] for row in rows] == ["A wedding", "A funeral"]
    gone = await kim.post(f"{HERE}/{entry}/priority", data={"priority": "", "reason": "It is off"})
    assert gone.headers["location"].endswith("said=cleared")
    assert (await shop.one("SELECT priority_override AS p FROM waitlist_entries"))["p"] is None


async def test_who_is_taken_off_can_be_put_back(shop: Shop, kim: httpx.AsyncClient) -> None:
    entry = (await shop.join("Kari")).entry_id
    shop.clock.forward(hours=5)
    for _ in range(2):
        gone = await kim.post(f"{HERE}/{entry}/cancel")
        assert gone.headers["location"] == f"{HERE}/{entry}?said=cancelled"
    assert "Was taken off the list" in said(await kim.get(f"{HERE}/{entry}"))
    back = (await kim.post(f"{HERE}/{entry}/put-back")).headers["location"]
    assert back == (await kim.post(f"{HERE}/{entry}/put-back")).headers["location"]
    again = await shop.one("SELECT * FROM waitlist_entries WHERE status = 'waiting'")
    assert back == f"{HERE}/{again['id']}?said=put_back"
    assert again["joined_at"] == shop.clock() - timedelta(hours=5)
    assert f'href="{HERE}/{entry}">What was before' in (await kim.get(f"{HERE}/{again['id']}")).text
    gone = await kim.post(f"{HERE}/{entry}/priority", data={"priority": "5", "reason": "x"})
    assert gone.headers["location"] == f"{HERE}/{entry}?said=ended"


async def test_who_left_by_themselves_or_was_erased_is_not_put_back(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    left, erased = (await shop.join("Kari")).entry_id, (await shop.join("Ola")).entry_id
    await kim.post(f"{HERE}/{erased}/cancel")
    assert "/put-back" in (await kim.get(f"{HERE}/{erased}")).text
    async with shop.transaction() as tx:
        await entries.leave(tx, left, now=shop.clock(), reason="left_by_customer", actor="customer")
        customer = (await entries.find(tx, erased))["customer_id"]
        await personal_data.erase(tx, customer, now=shop.clock(), actor="test")
    for entry in (left, erased):
        assert "/put-back" not in (await kim.get(f"{HERE}/{entry}")).text
        gone = await kim.post(f"{HERE}/{entry}/put-back")
        assert gone.headers["location"] == f"{HERE}/{entry}?said=ended"
        async with shop.transaction() as tx:
            put_back = await tx.fetchval(entries.SQL["put_back_entry"], uuid4(), entry, shop.clock(), "test")
        assert put_back is None, "the statement itself refuses"
    assert await shop.all("SELECT FROM waitlist_entries WHERE status <> 'cancelled'") == []


async def test_who_waits_for_as_much_as_they_may_or_whose_days_are_over_is_not_put_back(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    phone = shop.phone()
    entry = (await shop.join("Kari", phone=phone)).entry_id
    await kim.post(f"{HERE}/{entry}/cancel")
    wishes: tuple[dict[str, Any], ...] = (
        {"staff_id": shop.kim},
        {"staff_id": shop.alex},
        {"service_id": shop.colour},
    )
    for wish in wishes:
        await shop.join("Kari", phone=phone, **wish)
    page = await kim.post(f"{HERE}/{entry}/put-back")
    assert page.status_code == 409
    assert "They wait for 3 things already" in page.text
    shop.clock.forward(days=20)
    await sign_in(kim)
    gone = await kim.post(f"{HERE}/{entry}/put-back")
    assert gone.headers["location"] == f"{HERE}/{entry}?said=ended"
    assert await shop.status_of("waitlist_entries", entry) == "cancelled"


async def test_a_slot_says_who_was_asked_who_is_next_and_why_not_the_others(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    kari, ola = (await shop.join("Kari", vip=True)).entry_id, (await shop.join("Ola")).entry_id
    per = (await shop.join("Per", weekdays=(7,))).entry_id
    slot = await shop.free_slot()
    async with shop.transaction() as tx:
        await cascade.fill(tx, slot, now=shop.clock())
        offer = await tx.fetchval("SELECT id FROM offers")
        await offers.decline(tx, offer, now=shop.clock(), actor="customer")
    page = said(await kim.get(f"/app/calendar/slots/{slot}?entry={per}"))
    assert "Per is not asked: can’t come on that weekday." in page
    assert "Kari declined 13:00 on the list 20 + VIP 15 + service 15 + can come then 10 = 60" in page
    assert "Kari was offered it: declined." in said(await kim.get(f"/app/calendar/slots/{slot}?entry={kari}"))
    assert "Ola is number 1 of 1." in said(await kim.get(f"/app/calendar/slots/{slot}?entry={ola}"))
    assert (await kim.get(f"/app/calendar/slots/{slot}?entry=x")).status_code == 200
    former = await kim.get(f"{HERE}/slots/{slot}?entry={ola}")
    assert (former.status_code, former.headers["location"]) == (
        308,
        f"/app/calendar/slots/{slot}?entry={ola}",
    )
    async with shop.transaction() as tx:
        for one in (ola, per, kari):
            await entries.leave(tx, one, now=shop.clock(), reason="x", actor="test")
    assert "Nobody on the list can have it" in (await kim.get(f"/app/calendar/slots/{slot}")).text


async def test_who_may_only_look_changes_nothing_and_no_other_salon_is_reached(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    stranger, slot = (await theirs.join("Stranger")).entry_id, await theirs.free_slot()
    mine = (await shop.join("Kari")).entry_id
    for path in (f"{stranger}", f"{stranger}/edit", f"../calendar/slots/{slot}", f"{UUID(int=1)}"):
        assert (await kim.get(f"{HERE}/{path}")).status_code == 404
    writes = ("offer", "book", "priority", "cancel", "put-back", "edit")
    good = {"slot": str(slot), "priority": "5", "reason": "x", "last": "2026-12-24", "day": "1"}
    for path in writes:
        assert (await kim.post(f"{HERE}/{stranger}/{path}", data=good)).status_code in {404, 422}
    page = await kim.post(f"{HERE}/{mine}/offer", data={"slot": str(slot)})
    assert (page.status_code, wrong(page)) == (409, ["slot"])
    assert await theirs.status_of("waitlist_entries", stranger) == "waiting"
    await somebody(shop, f"viewer-{EMAIL}", Role.VIEWER)
    async with browsing(shop, Accept="text/html") as viewer:
        await sign_in(viewer, f"viewer-{EMAIL}")
        assert "<form" not in (await viewer.get(f"{HERE}/{mine}")).text
        assert (await viewer.get(f"{HERE}/new")).status_code == 403
        for path in writes:
            assert (await viewer.post(f"{HERE}/{mine}/{path}", data=good)).status_code == 403


def test_every_rule_has_its_words() -> None:
    for words in LANGUAGES.values():
        assert {f"rule.{one}" for one in RULES} <= words.keys()
        assert {f"withheld.{one}" for one in WITHHELD} <= words.keys()
