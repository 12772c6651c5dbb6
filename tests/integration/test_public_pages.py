"""A salon's own pages, asked as a browser without JavaScript asks: book, join, and see what became of it."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from standby.messages import consent
from standby.tenants import catalog
from standby.tenants.customers import CONSENT_TEXT
from standby.tenants.opening_hours import Hours
from tests.api import app_of
from tests.salon import Clock, Shop, open_shop, open_system

PHONE = "412 34 567"
OTHERS = "+4740000001"


@pytest.fixture
async def web(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that reads no language of ours."""
    async with browsing(shop) as client:
        yield client


def browsing(shop: Shop, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app_of(shop.system.web), raise_app_exceptions=False)
    return httpx.AsyncClient(
        transport=transport, base_url="http://standby.test", headers={"Accept": "text/html", **headers}
    )


class Form(HTMLParser):
    """What a browser would send of the page's form if it was sent as it stands."""

    def __init__(self, page: httpx.Response) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name"), told.get("value") or ""
        if tag != "input" or name is None:
            return
        if told.get("type") in ("checkbox", "radio") and "checked" not in told:
            return
        if told.get("type") == "checkbox":
            self.values.setdefault(name, []).append(value)
        else:
            self.values[name] = value


def links(page: httpx.Response, path: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'href="([^"]+)"', page.text) if path in one]


async def code_of(shop: Shop) -> str:
    await shop.run_jobs()
    newest = shop.messages()[-1].message
    assert newest.kind == "verify_code"
    [code] = re.findall(r"\b\d{6}\b", newest.text)
    return str(code)


async def first_time(shop: Shop, web: httpx.AsyncClient) -> str:
    """The address of the first time that is free for a cut."""
    [service] = [one for one in links(await web.get("/shop"), "/times") if str(shop.cut) in one]
    return links(await web.get(service), "/shop/book")[0]


def filled(page: httpx.Response, **given: Any) -> dict[str, Any]:
    person = {"name": "Kari Nordmann", "phone": PHONE, "email": "", "consent": CONSENT_TEXT}
    return Form(page).values | person | given


async def test_a_customer_books_step_by_step_and_once_however_often_they_press(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    form = filled(await web.get(await first_time(shop, web)))
    asked = [await web.post("/shop/book", data=form) for _ in range(2)]
    assert [one.status_code for one in asked] == [200, 200]
    assert "+47 41 23 45 67" in asked[0].text
    code = await code_of(shop)
    assert len(shop.messages()) == 1, "a form that is sent again sends no second code"
    step = Form(asked[1]).values
    wrong = await web.post(
        "/shop/book", data=step | {"code": f"{(int(code) + 1) % 10**6:06}", "step": "code"}
    )
    assert (wrong.status_code, "Tries left: 4" in wrong.text) == (422, True)
    done = [await web.post("/shop/book", data=step | {"code": code, "step": "code"}) for _ in range(2)]
    assert [one.status_code for one in done] == [303, 303]
    assert done[0].headers["location"] == done[1].headers["location"]
    ticket = await web.get(done[0].headers["location"])
    assert "You’re booked, Kari" in ticket.text
    row = await shop.one("SELECT b.actor, c.phone FROM bookings b JOIN customers c ON c.id = b.customer_id")
    assert tuple(row) == ("customer", "+4741234567")
    [file] = links(ticket, "calendar.ics")
    calendar = await web.get(file)
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:Haircut\\, Shop" in calendar.text
    assert "Your appointment, Kari" in (await web.get(file.removesuffix("/calendar.ics"))).text
    assert await shop.broken() == []


async def test_all_that_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    at = await first_time(shop, web)
    async with browsing(shop, **{"Accept-Language": "nb-NO"}) as norwegian:
        form = filled(await norwegian.get(at), name=" ", phone="12", email="kari@", consent="")
        refused = await norwegian.post("/shop/book", data=form)
    assert refused.status_code == 422
    for said in ("Skriv navnet ditt", "telefonnummer som finnes", "ingen e-postadresse", "Vi trenger et ja"):
        assert said in refused.text
    assert (Form(refused).values["phone"], Form(refused).values["email"]) == ("12", "kari@")
    assert await shop.all("SELECT FROM customers UNION ALL SELECT FROM verifications") == []


async def test_who_was_too_slow_has_shown_their_number_all_the_same_and_takes_another_time(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    address = (await first_time(shop, web)) + f"&with={shop.kim}"
    asked = await web.post("/shop/book", data=filled(await web.get(address)))
    taken = httpx.QueryParams(address.partition("?")[2])["at"]
    step = Form(asked).values | {"code": await code_of(shop), "step": "code"}
    gone = await web.post("/shop/book", data=step | {"at": "2020-01-01T00:00:00+00:00"})
    assert (gone.status_code, "That time is over" in gone.text) == (409, True)
    assert "faster" not in gone.text
    assert Form(gone).values["name"] == "Kari Nordmann"
    assert taken in gone.text or "These are free" in gone.text
    form = Form(gone).values | {"at": taken, "code": step["code"], "step": "code", "consent": CONSENT_TEXT}
    assert (await web.post("/shop/book", data=form)).status_code == 303


async def gone(shop: Shop, web: httpx.AsyncClient) -> httpx.Response:
    """The page of who was too slow, and has shown their number."""
    asked = await web.post("/shop/book", data=filled(await web.get(await first_time(shop, web))))
    step = Form(asked).values | {"code": await code_of(shop), "step": "code"}
    for staff in (shop.kim, shop.alex):
        await shop.book(at=datetime.fromisoformat(step["at"]), staff=staff)
    return await web.post("/shop/book", data=step)


async def test_who_was_too_slow_and_chooses_no_other_time_is_asked_to_and_loses_nothing(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    page = await gone(shop, web)
    assert (page.status_code, "That time has just gone" in page.text) == (409, True)
    form = Form(page).values
    assert ("at" in form, bool(form["proof"])) == (False, True)
    refused = await web.post("/shop/book", data=form)
    assert refused.status_code == 422
    assert ("Choose a time." in refused.text, "These are free" in refused.text) == (True, True)
    assert Form(refused).values == form
    turned = await web.post("/shop/book?lang=nb", data=form)
    assert ("Disse er ledige" in turned.text, Form(turned).values) == (True, form)
    await web.get("/shop?lang=en")
    both = await web.post("/shop/book", data=form | {"name": ""})
    assert ("Choose a time." in both.text, "Write your name." in both.text) == (True, True)
    [other, *_] = re.findall(r'name="at" value="([^"]+)"', refused.text)
    assert (await web.post("/shop/book", data=form | {"at": other})).status_code == 303


async def test_too_many_codes_are_a_page_that_keeps_what_was_typed(database_url: str, clock: Clock) -> None:
    async with open_system(database_url, clock, public_writes_per_person=1) as parts:
        shop = await open_shop(parts, clock)
        async with browsing(shop) as web:
            form = filled(await web.get(await first_time(shop, web)))
            await web.post("/shop/book", data=form)
            refused = await web.post("/shop/book", data=form | {"step": "again"})
    assert (refused.status_code, refused.headers["retry-after"].isdigit()) == (429, True)
    assert "too often" in refused.text
    assert Form(refused).values["name"] == "Kari Nordmann"


@pytest.mark.parametrize("page", ["book", "wait"])
async def test_who_wants_another_code_too_soon_stays_where_the_first_can_be_typed(
    shop: Shop, web: httpx.AsyncClient, page: str
) -> None:
    at = await first_time(shop, web) if page == "book" else f"/shop/wait?service={shop.cut}"
    form = filled(await web.get(at), service=str(shop.cut))
    if page == "book":
        form["at"] = shop.tomorrow().isoformat()
    if page == "wait":
        form |= {"day": ["1"], "from_minute": "0", "until_minute": "1440", "channel": ["sms"]}
    asked = Form(await web.post(f"/shop/{page}", data=form)).values
    shop.clock.forward(seconds=10)
    refused = await web.post(f"/shop/{page}", data=asked | {"step": "again"})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "50")
    assert "still good. Another one can be sent in 50 s." in refused.text
    assert Form(refused).values == asked
    done = await web.post(f"/shop/{page}", data=asked | {"step": "code", "code": await code_of(shop)})
    assert done.status_code == 303


async def test_the_language_is_the_browsers_the_salons_or_the_one_that_was_chosen(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    assert "Book a time" in (await web.get("/shop", headers={"Accept-Language": "de,fr;q=0.8"})).text
    assert "Bestill time" in (await web.get("/shop", headers={"Accept-Language": "de,nb;q=0.8"})).text
    [norsk] = links(await web.get("/shop"), "lang=nb")
    assert 'lang="nb"' in (await web.get(norsk)).text
    assert "Bestill time" in (await web.get("/shop")).text, "it is remembered"
    form = filled(await web.get(await first_time(shop, web)))
    turned = await web.post("/shop/book?lang=en", data=form | {"name": ""})
    assert (turned.status_code, "Almost yours" in turned.text) == (200, True)
    assert Form(turned).values["phone"] == PHONE


@pytest.mark.parametrize("name", ["about", "m", "nobody", "SHOP", "%00"])
async def test_what_is_no_salon_is_no_page(web: httpx.AsyncClient, name: str) -> None:
    for path in ("", "/times", "/book"):
        assert (await web.get(f"/{name}{path}")).status_code == 404


async def test_looking_changes_nothing(shop: Shop, web: httpx.AsyncClient) -> None:
    async with shop.transaction() as tx:
        await catalog.set_hours(tx, [Hours(day, 540, 1020) for day in range(1, 6)])
    far = (shop.clock() + timedelta(days=900)).date()
    for path in (
        "",
        "/times",
        f"/times?service={shop.cut}&from={far}",
        f"/times?service={shop.cut}&day=x&from=9",
        "/book",
    ):
        assert (await web.get(f"/shop{path}")).status_code in {200, 303}, path
    assert await shop.all("SELECT FROM verifications UNION ALL SELECT FROM slots") == []


async def test_who_finds_no_time_joins_with_what_was_chosen_and_is_told_their_place(
    shop: Shop, web: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    await shop.join("Ola")
    [service] = [one for one in links(await web.get("/shop"), "/times") if str(shop.cut) in one]
    with_kim = next(one for one in links(await web.get(service), "/times") if str(shop.kim) in one)
    [wait] = links(await web.get(with_kim), "/wait")
    empty = await web.get(wait)
    for chosen in (shop.cut, shop.kim):
        assert f'<option value="{chosen}" selected>' in empty.text
    given = {"service": str(shop.cut), "with": str(shop.kim), "from_minute": "540", "until_minute": "1020"}
    form = filled(empty, day=["2", "4"], **given)
    wrong = form | {"day": [], "first": "2026-12-24", "last": "2026-12-01", "channel": []}
    refused = await web.post("/shop/wait", data=wrong | {"name": ""})
    assert refused.status_code == 422
    for said in ("Choose at least one day", "is before the first", "one way to reach you", "Write your name"):
        assert said in refused.text
    assert Form(refused).values["first"] == "2026-12-24"
    assert "day" not in Form(refused).values

    asked = await web.post("/shop/wait", data=form)
    step = Form(asked).values | {"code": await code_of(shop), "step": "code", "day": ["2", "4"]}
    step |= {"channel": ["sms", "whatsapp"]}
    done = [await web.post("/shop/wait", data=step) for _ in range(2)]
    assert [one.status_code for one in done] == [303, 303], done[0].text
    joined = (await web.get(done[1].headers["location"])).text
    assert "Number 2" in joined
    assert "too few times have come free" in joined
    assert "held for you for 15 minutes" in joined
    minute = {"offer_window_seconds": 60, "reminder_lead_seconds": 20}
    changed = await api.put("/api/policies", json=minute)
    assert changed.status_code == 200, changed.text
    assert "held for you for a minute" in (await web.get(done[1].headers["location"])).text
    row = await shop.one("SELECT * FROM waitlist_entries WHERE staff_id IS NOT NULL")
    assert (row["weekdays"], row["from_minute"], row["until_minute"]) == ([2, 4], 540, 1020)
    assert (row["latest"] - row["earliest"]).days == 15
    channels = await shop.one("SELECT channels FROM customers WHERE name = 'Kari Nordmann'")
    assert set(channels["channels"]) == {"sms", "whatsapp"}


async def test_who_has_chosen_goes_on_from_there_and_each_page_has_a_way_past_its_head(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    [service] = [one for one in links(await web.get("/shop"), "/times") if str(shop.cut) in one]
    times = await web.get(service)
    chosen = [one for one in links(times, "/shop/times") if "lang=" not in one]
    assert {one.partition("#")[2] for one in chosen} == {"week", "day"}
    for named in ("week", "day"):
        assert f'<h2 id="{named}" tabindex="-1">' in times.text
    for page in (times, await web.get("/shop/wait")):
        assert links(page, "#main") == ["#main"]
        assert page.text.index('href="#main"') < page.text.index("<header") < page.text.index('id="main"')


async def test_who_comes_to_the_waitlist_by_itself_chooses_what_they_wait_for(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    page = await web.get("/shop/wait")
    assert re.findall(r'<select id="service"[^>]*>\s*<option value="([^"]*)"', page.text) == [""]
    refused = await web.post("/shop/wait", data=filled(page, service=""))
    assert (refused.status_code, "Choose what you" in refused.text) == (422, True)
    assert (
        '<option value="">'
        not in (await web.get(f"/shop/wait?service={shop.cut}")).text.split("</select>")[0]
    )


async def test_who_joins_again_is_told_what_is_as_it_was_and_where_to_change_it(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    mondays: dict[str, Any] = {
        "weekdays": (1,),
        "until_minute": 720,
        "earliest": shop.clock(),
        "latest": shop.tomorrow(),
    }
    phone, known = "+4741234567", "kari@example.com"
    entry = (await shop.join("Kari Nordmann", phone=phone, email=known, **mondays)).entry_id
    shop.clock.forward(minutes=2)

    async def joined(email: str, **wish: Any) -> str:
        form = filled(await web.get(f"/shop/wait?service={shop.cut}"), email=email)
        form |= {"service": str(shop.cut), "from_minute": "0", "until_minute": "1440", **wish}
        step = Form(await web.post("/shop/wait", data=form)).values | {"step": "code"}
        step |= {"channel": ["sms", "email"], "day": form["day"], "code": await code_of(shop)}
        done = [await web.post("/shop/wait", data=step) for _ in range(2)]
        assert [one.status_code for one in done] == [303, 303], done[0].text
        shop.clock.forward(minutes=2)
        shown = await web.get(done[1].headers["location"])
        assert "no way left to reach you" not in shown.text
        async with shop.transaction() as tx:
            before = await tx.fetchval("SELECT channels FROM customers")
            await tx.execute("UPDATE customers SET channels = '{}'")
        assert "no way left to reach you" in (await web.get(done[1].headers["location"])).text
        async with shop.transaction() as tx:
            await tx.execute("UPDATE customers SET channels = $1", before)
        return shown.text

    again = await joined("another@example.com")
    for said in ("on the list for this already", "Mon · done by 12:00", "another email address of yours"):
        assert said in again
    [change] = re.findall(rf'href="(/m/[^"]+/wait/{entry})"', again)
    assert "When could you come?" in (await web.get(change)).text
    assert known not in again

    same = Form(await web.get(change)).values
    told = await joined(known, **{name: same[name] for name in ("first", "last", "day")}, until_minute="720")
    assert "as it was" not in told
    assert "another email" not in told
    assert "Mon · done by 12:00" in told


async def test_who_ticks_a_channel_that_they_had_closed_is_written_to_by_it_and_offered_what_is_open(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    await shop.join("Kari", phone="+4741234567", email="kari@example.com")
    customer = (await shop.one("SELECT id FROM customers"))["id"]
    async with shop.transaction() as tx:
        for channel in ("email", "whatsapp"):  # Codes may come by SMS.
            await consent.withdraw(tx, customer, channel, source="unsubscribe", at=shop.clock())
    shop.clock.forward(minutes=2)
    form = filled(await web.get(f"/shop/wait?service={shop.cut}"), email="kari@example.com")
    form |= {"service": str(shop.cut), "from_minute": "0", "until_minute": "1440", "channel": ["email"]}
    asked = await web.post("/shop/wait", data=form)
    assert asked.status_code == 200, asked.text
    step = Form(asked).values | {"channel": ["email"], "step": "code"}
    done = await web.post("/shop/wait", data=step | {"code": await code_of(shop)})
    assert done.status_code == 303, done.text
    assert set((await shop.one("SELECT channels FROM customers"))["channels"]) == {"sms", "email"}


async def test_a_code_for_one_number_books_nothing_and_shows_nothing_of_another(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    at = await first_time(shop, web)
    await shop.join("Victim", phone=OTHERS)
    step = Form(await web.post("/shop/book", data=filled(await web.get(at)))).values
    step |= {"code": await code_of(shop), "step": "code"}
    foreign = await web.post("/shop/book", data=step | {"phone": OTHERS})
    assert (foreign.status_code, "Tries left: 4" in foreign.text, "Victim" in foreign.text) == (
        422,
        True,
        False,
    )
    done = await web.post("/shop/book", data=step)
    assert done.status_code == 303, "the code is still good for its own number"
    used = await web.post("/shop/book", data=step | {"phone": OTHERS})
    assert (used.status_code, "location" in used.headers) == (422, False)
    assert (await web.post("/shop/book", data=step)).headers["location"] == done.headers["location"]
    rows = await shop.all("SELECT c.phone FROM bookings b JOIN customers c ON c.id = b.customer_id")
    assert [row["phone"] for row in rows] == ["+4741234567"]
    assert (await shop.one("SELECT name FROM customers WHERE phone = $1", OTHERS))["name"] == "Victim"


async def test_a_code_for_one_number_joins_for_no_other_and_shows_nothing_of_it(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    await shop.join("Victim", phone=OTHERS)
    form = filled(await web.get(f"/shop/wait?service={shop.cut}"), service=str(shop.cut), day=["1"])
    form |= {"from_minute": "0", "until_minute": "1440", "channel": ["sms"]}
    step = form | {"verification": Form(await web.post("/shop/wait", data=form)).values["verification"]}
    step |= {"code": await code_of(shop), "step": "code"}
    foreign = await web.post("/shop/wait", data=step | {"phone": OTHERS})
    assert (foreign.status_code, "Tries left: 4" in foreign.text, "Victim" in foreign.text) == (
        422,
        True,
        False,
    )
    for _ in range(4):
        over = await web.post("/shop/wait", data=step | {"phone": OTHERS})
        assert (over.status_code, "location" in over.headers) == (422, False)
    assert (await web.post("/shop/wait", data=step)).status_code == 422, "every try was counted"
    rows = await shop.all(
        "SELECT c.name, c.channels FROM waitlist_entries JOIN customers c ON c.id = customer_id"
    )
    assert [row["name"] for row in rows] == ["Victim"]


async def test_who_waits_for_as_much_as_one_may_is_told_so(shop: Shop, web: httpx.AsyncClient) -> None:
    for service, staff in ((shop.cut, shop.kim), (shop.cut, None), (shop.colour, None)):
        await shop.join("Kari", phone="+4741234567", service_id=service, staff_id=staff)
    form = filled(await web.get(f"/shop/wait?service={shop.cut}"), service=str(shop.cut))
    form |= {
        "with": str(shop.alex),
        "day": ["1"],
        "from_minute": "0",
        "until_minute": "1440",
        "channel": ["sms"],
    }
    asked = await web.post("/shop/wait", data=form)
    step = form | {"verification": Form(asked).values["verification"], "code": await code_of(shop)}
    refused = await web.post("/shop/wait", data=step)
    assert (refused.status_code, "as many things as one person can" in refused.text) == (422, True)


async def test_a_salon_gives_its_pages_a_colour(web: httpx.AsyncClient, api: httpx.AsyncClient) -> None:
    assert links(await web.get("/shop"), "colours.css") == []
    assert (await api.patch("/api/salon", json={"accent": "#8A2B5E"})).json()["accent"] == "#8a2b5e"
    [address] = links(await web.get("/shop"), "colours.css")
    sheet = await web.get(address)
    assert sheet.headers["content-type"].startswith("text/css")
    assert "immutable" in sheet.headers["cache-control"]
    assert "--accent: #8a2b5e" in sheet.text
    assert (await web.get("/shop/colours.css?v=000000")).headers["cache-control"] == "no-cache"
    for wrong in ("red", "#12345", "#1234567", "url(x)"):
        assert (await api.patch("/api/salon", json={"accent": wrong})).status_code == 422
    assert (await api.patch("/api/salon", json={"slug": "shop"})).json()["accent"] == "#8a2b5e"
    assert (await api.patch("/api/salon", json={"accent": None})).json()["accent"] is None


async def test_another_site_may_frame_a_salons_booking_and_nothing_else(
    shop: Shop, web: httpx.AsyncClient
) -> None:
    framed = await web.get("/shop?embed=1&lang=nb")
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "x-frame-options" not in framed.headers
    assert "set-cookie" not in framed.headers
    [service, *_] = links(framed, "/times")
    assert "embed=1" in service
    address = links(await web.get(service), "/shop/book")[0]
    form = await web.get(address)
    assert "Nesten din" in form.text, "what was chosen goes along"
    [action] = re.findall(r' action="(/shop/book[^"]*)"', form.text)
    asked = await web.post(unescape(action), data=filled(form))
    assert "frame-ancestors *" in asked.headers["content-security-policy"]
    step = Form(asked).values | {"code": await code_of(shop), "step": "code"}
    done = await web.post(unescape(action), data=step)
    ticket = await web.get(done.headers["location"])
    assert "frame-ancestors *" in ticket.headers["content-security-policy"]
    [manage] = [one for one in links(ticket, "/b/") if "calendar" not in one]
    for path in ("/shop", manage, "/sign-in", "/shop/times"):
        answer = await web.get(path)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
        assert answer.headers["x-frame-options"] == "DENY"
    script = await web.get("/embed.js")
    assert script.headers["content-type"].startswith("text/javascript")
