"""A customer's own page, asked as a browser asks: what it shows, what it changes, and what it asks a code for."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from standby.signed_links import BOOKING, CUSTOMER, UNSUBSCRIBE, Linked, token_for
from tests.integration.test_public_pages import Form, browsing, code_of, filled, first_time, links
from tests.salon import SECRET, Shop

PHONE = "+4741234567"


@pytest.fixture
async def web(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    async with browsing(shop) as client:
        yield client


@pytest.fixture
async def entry(shop: Shop) -> UUID:
    """What Kari waits for."""
    return (await shop.join("Kari Nordmann", phone=PHONE, email="kari@example.com")).entry_id


async def page_of(shop: Shop, phone: str = PHONE, *, secret: str = SECRET) -> str:
    customer = (await shop.one("SELECT id FROM customers WHERE phone = $1", phone))["id"]
    return f"/m/{token_for(secret.encode(), Linked(shop.salon.id, customer), CUSTOMER)}"


async def test_looking_changes_nothing_and_shows_what_is_theirs_and_no_address_whole(
    shop: Shop, web: httpx.AsyncClient, entry: UUID
) -> None:
    await shop.book(at=shop.clock() + timedelta(days=3), phone=PHONE)
    await shop.join("Ola", service_id=shop.colour)
    page, before = await page_of(shop), await shop.all("SELECT * FROM history")
    for path in ("", f"/wait/{entry}", f"/leave/{entry}", "/data", "/channels"):
        assert (await web.get(page + path)).status_code in {200, 303}, path
    shown = (await web.get(page)).text
    for said in ("Hello, Booked", "Number 1", "Thursday 26 November", "/b/", "k…@example.com", "… 567"):
        assert said in shown
    assert "Ola" not in shown
    assert "4123" not in shown.replace(" ", "")
    assert await shop.all("SELECT * FROM history") == before


async def test_they_change_when_they_could_come_and_leave_and_reach_no_other_entry(
    shop: Shop, web: httpx.AsyncClient, entry: UUID
) -> None:
    page = await page_of(shop)
    form = Form(await web.get(f"{page}/wait/{entry}")).values
    form |= {"day": ["2", "3"], "from_minute": "600", "until_minute": "540"}
    refused = await web.post(f"{page}/wait/{entry}", data=form)
    assert (refused.status_code, "before the time on the left" in refused.text) == (422, True)
    past = await web.post(f"{page}/wait/{entry}", data=form | {"first": "2020-01-01", "last": "2020-01-02"})
    assert "This day is over" in past.text
    changed = await web.post(f"{page}/wait/{entry}", data=form | {"until_minute": "720"})
    assert (changed.status_code, changed.headers["location"]) == (303, f"{page}?said=changed")
    row = await shop.one("SELECT weekdays, from_minute, until_minute, joined_at FROM waitlist_entries")
    assert tuple(row) == ([2, 3], 600, 720, shop.clock())

    other = (await shop.join("Ola")).entry_id
    for path in (f"/wait/{other}", f"/leave/{other}", f"/leave/{uuid4()}"):
        assert (await web.post(page + path, data=form)).status_code == 404
    for said in ("?said=left", ""):
        left = await web.post(f"{page}/leave/{entry}")
        assert (left.status_code, left.headers["location"]) == (303, page + said)
    assert await shop.status_of("waitlist_entries", entry) == "cancelled"
    assert await shop.status_of("waitlist_entries", other) == "waiting"


async def test_what_the_form_can_not_say_of_their_times_stays_unless_they_change_it(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    earliest, latest = (shop.clock() + timedelta(days=days, minutes=17) for days in (1, 3))
    entry = (await shop.join("Kari", phone=PHONE, earliest=earliest, latest=latest)).entry_id
    address = f"{await page_of(shop)}/wait/{entry}"
    form = Form(await web.get(address)).values | {"from_minute": "0", "until_minute": "1440"}
    before = await shop.all("SELECT * FROM history")
    unchanged = await web.post(address, data=form)
    assert (unchanged.status_code, unchanged.headers["location"][-8:]) == (303, "=changed")
    assert await shop.all("SELECT * FROM history") == before
    await web.post(address, data=form | {"until_minute": "720"})
    row = await shop.one("SELECT earliest, latest, until_minute FROM waitlist_entries")
    assert tuple(row) == (earliest, latest, 720)
    first = (earliest + timedelta(days=1)).date().isoformat()
    await web.post(address, data=form | {"first": first, "until_minute": "720"})
    row = await shop.one("SELECT earliest, latest FROM waitlist_entries")
    assert tuple(row) == (datetime.fromisoformat(f"{first}T00:00+01:00"), latest)


@pytest.mark.parametrize("gone", ["UPDATE services SET active = false", "UPDATE staff SET active = false"])
async def test_who_waits_for_what_is_not_offered_any_more_is_told_why_nothing_can_be_changed(
    shop: Shop, web: httpx.AsyncClient, gone: str
) -> None:
    entry = (await shop.join("Kari Nordmann", phone=PHONE, staff_id=shop.kim)).entry_id
    address = f"{await page_of(shop)}/wait/{entry}"
    form = Form(await web.get(address)).values | {"from_minute": "600", "until_minute": "720"}
    async with shop.transaction() as tx:
        await tx.execute(gone)
    refused = await web.post(address, data=form)
    assert refused.status_code == 422
    assert "What you wait for isn’t offered here any more" in refused.text
    assert "what is marked" not in refused.text


async def test_each_word_about_a_channel_is_written_down(
    shop: Shop, web: httpx.AsyncClient, entry: UUID
) -> None:
    assert await shop.status_of("waitlist_entries", entry) == "waiting"
    page = await page_of(shop)
    shop.clock.forward(minutes=1)
    for channel, agree in (("sms", "no"), ("whatsapp", "no"), ("whatsapp", "yes"), ("pigeon", "yes")):
        shop.clock.forward(minutes=1)
        said = await web.post(f"{page}/channels", data={"channel": channel, "agree": agree})
        assert said.status_code == 303
    row = await shop.one("SELECT channels FROM customers")
    assert set(row["channels"]) == {"whatsapp", "email"}
    words = await shop.all("SELECT channel, granted FROM consents WHERE source = 'own page' ORDER BY at")
    assert [tuple(one) for one in words] == [("sms", False), ("whatsapp", False), ("whatsapp", True)]


async def test_with_a_code_to_their_number_they_take_their_data_and_are_erased(
    shop: Shop, web: httpx.AsyncClient, entry: UUID
) -> None:
    booking = await shop.book(at=shop.clock() + timedelta(days=3), phone=PHONE)
    page = await page_of(shop)
    for step in ("download", "erase", ""):
        refused = await web.post(f"{page}/data", data={"step": step, "proof": "x", "sure": "yes"})
        assert (refused.status_code, "kari@" in refused.text) == (422, False)
    asked = await web.post(f"{page}/data", data={"step": "send"})
    for form, said in ((Form(asked).values, "still good. Another one"), ({}, "Another code")):
        again = await web.post(f"{page}/data", data=form | {"step": "send"})
        assert (again.status_code, again.headers["retry-after"]) == (429, "60")
        assert f"{said} can be sent in 60 s." in again.text
        assert Form(again).values == form
    opened = await web.post(
        f"{page}/data", data=Form(asked).values | {"step": "code", "code": await code_of(shop)}
    )
    proof = Form(opened).values["proof"]
    # A language's button sends the form that it stands below.
    asked_in_norwegian = await web.post(f"{page}/data?lang=nb", data=Form(asked).values)
    assert Form(asked_in_norwegian).values == Form(asked).values
    opened_in_norwegian = await web.post(f"{page}/data?lang=nb", data={"proof": proof, "sure": "yes"})
    assert (opened_in_norwegian.status_code, Form(opened_in_norwegian).values) == (200, Form(opened).values)
    assert 'lang="nb"' in opened_in_norwegian.text
    assert 'form="data-form" formaction=' in opened_in_norwegian.text
    await web.get(f"{page}/data?lang=en")
    file = await web.post(f"{page}/data", data={"step": "download", "proof": proof})
    assert file.headers["content-disposition"].startswith("attachment")
    assert (file.json()["customer"]["email"], len(file.json()["waitlist"])) == ("kari@example.com", 1)
    log = await shop.one("SELECT actor, action FROM audit_log WHERE action = 'export'")
    assert tuple(log) == ("customer", "export")

    erase = {"step": "erase", "proof": proof}
    unsure = (await web.post(f"{page}/data", data=erase)).text
    assert re.search(r'name="sure"[^>]* aria-invalid="true" aria-describedby="sure-problem"', unsure)
    assert re.findall(r"<p[^>]*>Tick that you know", unsure) == [
        '<p class="wrong" id="sure-problem">Tick that you know'
    ]
    assert "Cancel them first" in (await web.post(f"{page}/data", data=erase | {"sure": "yes"})).text
    await web.post(f"/b/{token_for(SECRET.encode(), Linked(shop.salon.id, booking), BOOKING)}/cancel")
    assert (await web.get(f"{page}/erased")).headers["location"] == page, "they are known still"
    gone = await web.post(f"{page}/data", data=erase | {"sure": "yes"})
    assert (gone.status_code, gone.headers["location"]) == (303, f"{page}/erased")
    for language, said, way in (
        ("en", "You are erased", "To Shop’s"),
        ("nb", "Du er slettet", "Til siden til"),
    ):
        told = await web.get(f"{page}/erased?lang={language}")
        assert (told.status_code, said in told.text, way in told.text) == (200, True, True)
    assert (await shop.one("SELECT name, phone FROM customers"))["phone"] is None
    assert await shop.status_of("waitlist_entries", entry) == "cancelled"
    assert (await web.get(page)).status_code == 404


async def test_a_code_for_one_number_shows_nothing_of_another(
    shop: Shop, web: httpx.AsyncClient, entry: UUID
) -> None:
    await shop.join("Ola", phone="+4740000001")
    own = Form(await web.post(f"{await page_of(shop, '+4740000001')}/data", data={"step": "send"})).values
    shown = own | {"step": "code", "code": await code_of(shop)}
    foreign = await web.post(f"{await page_of(shop)}/data", data=shown)
    assert (foreign.status_code, "Tries left: 4" in foreign.text) == (422, True)
    assert not Form(foreign).values.get("proof")
    opened = await web.post(f"{await page_of(shop, '+4740000001')}/data", data=shown)
    other = {"step": "download", "proof": Form(opened).values["proof"]}
    refused = await web.post(f"{await page_of(shop)}/data", data=other)
    assert (refused.status_code, "Kari Nordmann" in refused.text) == (422, False)
    assert await shop.status_of("waitlist_entries", entry) == "waiting"


@pytest.mark.parametrize("page", ["book", "wait"])
async def test_only_who_has_just_shown_a_code_is_led_to_it(
    shop: Shop, web: httpx.AsyncClient, page: str
) -> None:
    at = await first_time(shop, web) if page == "book" else f"/shop/wait?service={shop.cut}"
    form = filled(await web.get(at))
    if page == "wait":
        form |= {
            "service": str(shop.cut),
            "day": ["1"],
            "from_minute": "0",
            "until_minute": "1440",
            "channel": ["sms"],
        }
    step = form | {"verification": Form(await web.post(f"/shop/{page}", data=form)).values["verification"]}
    step |= {"code": await code_of(shop), "step": "code"}
    done = (await web.post(f"/shop/{page}", data=step)).headers["location"]
    assert links(await web.get(done), "/m/") == [await page_of(shop)]
    address, _, visit = done.partition("?visit=")
    forged = f"{int(visit[:10]) + 86400}{visit[10:]}"
    for other in ("", "1", "9" * 10, "²" * 10, forged, f"{visit}x"):
        answer = await web.get(address, params={"visit": other})
        assert (answer.status_code, links(answer, "/m/")) == (200, []), other
    shop.clock.forward(minutes=30)
    late = await web.get(done)
    assert (late.status_code, links(late, "/m/")) == (200, []), "who is passed the link on later is not"


async def test_the_links_that_people_pass_on_lead_to_the_salon_and_not_to_it(
    shop: Shop, web: httpx.AsyncClient, entry: UUID
) -> None:
    await shop.free_slot()
    await shop.run_jobs()
    offer = f"/o/{shop.token()}"
    for answer in ("", "/decline"):
        if answer:
            await web.post(offer + answer)
        assert links(await web.get(offer), "/m/") == []
    assert "/shop" in links(await web.get(offer), "/shop")
    booking = await shop.book(at=shop.clock() + timedelta(days=3), phone=PHONE)
    address = f"/b/{token_for(SECRET.encode(), Linked(shop.salon.id, booking), BOOKING)}"
    for _ in range(2):
        page = await web.get(address)
        assert (links(page, "/m/"), "/shop" in links(page, "/shop")) == ([], True)
        await web.post(f"{address}/cancel")
    customer = (await shop.one("SELECT customer_id FROM waitlist_entries WHERE id = $1", entry))[0]
    mail = token_for(SECRET.encode(), Linked(shop.salon.id, customer), UNSUBSCRIBE)
    assert links(await web.get(f"/u/{mail}"), "/m/") == [await page_of(shop)]


async def test_a_link_that_we_did_not_sign_for_this_opens_nothing(
    shop: Shop, web: httpx.AsyncClient, entry: UUID
) -> None:
    page = await page_of(shop)
    booking = page.replace("/m/", "/b/")
    other = token_for(SECRET.encode(), Linked(shop.salon.id, entry), BOOKING)
    for path in (booking, f"/m/{other}", await page_of(shop, secret="another" * 9), "/m/x"):
        assert (await web.get(path)).status_code == 404
        assert (await web.post(f"{path}/data", data={"step": "send"})).status_code in {404, 405}
    assert re.search(r"no-referrer|same-origin", (await web.get(page)).headers["referrer-policy"])
    assert shop.messages() == []
