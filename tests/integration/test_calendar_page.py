"""The calendar: what a day shows, what can be done there by forms alone, what is refused, and for whom it is."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from uuid import uuid4

import httpx
import pytest

from standby.accounts.permissions import Role
from standby.tenants import catalog, closures
from standby.tenants.opening_hours import Hours
from standby.waitlist import offers
from tests.accounts import browsing, sign_in, somebody
from tests.salon import Shop, open_shop

DAY = "/app/calendar?day=2026-11-24"


@pytest.fixture
async def kim(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An owner's browser, in a salon that is open from nine to five."""
    await somebody(shop)
    async with shop.transaction() as tx:
        await catalog.set_hours(tx, [Hours(day, 540, 1020) for day in range(1, 6)])
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


def problems(page: httpx.Response) -> dict[str, str]:
    """What is said to be wrong, by field."""
    return {
        name: unescape(said)
        for name, said in re.findall(r'id="(\w+)-problem" data-problem>(.*?)<', page.text)
    }


def items(page: httpx.Response) -> list[str]:
    """What lies in the columns, in words."""
    assert page.status_code == 200
    whole = re.sub(r'<span class="cal-to">(.*?)</span>', r"\1", page.text)  # It belongs to the word before.
    found = re.findall(r'<li class="cal-item.*?</li>', whole, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<.*?>", " ", one)).split()) for one in found]


def told(page: httpx.Response) -> str:
    """What the page says, without its tags."""
    assert page.status_code == 200
    return " ".join(unescape(re.sub(r"<.*?>", " ", page.text)).split())


def undo_of(page: httpx.Response) -> str | None:
    """Where the button leads that undoes what is told; None: there is none."""
    found = re.search(r'class="said said-undo".*?<form method="post" action="(.*?)"', page.text, re.DOTALL)
    return found and unescape(found[1])


async def press_undo(client: httpx.AsyncClient, page: httpx.Response) -> httpx.Response:
    address = undo_of(page)
    assert address
    return await client.post(
        address, data={"sequence": "".join(re.findall(r'name="sequence" value="(\d+)"', page.text)[:1])}
    )


def move_of(shop: Shop, **more: str) -> dict[str, str]:
    return {
        "day": "2026-11-24",
        "time": "14:00",
        "minutes": "45",
        "staff": str(shop.kim),
        "sequence": "0",
    } | more


async def test_a_day_shows_appointments_free_times_who_is_asked_and_who_is_away(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await shop.book()
    await shop.join("Nora")
    await shop.free_slot(at=shop.tomorrow() - timedelta(hours=2), staff=shop.alex)
    async with shop.transaction() as tx:
        away = shop.tomorrow() + timedelta(hours=2), shop.tomorrow() + timedelta(hours=4)
        await closures.add(tx, None, *away, "Inventory", now=shop.clock())
    assert items(await kim.get(DAY)) == [
        "Free 09:00–11:00",
        "11:00–11:45 Open for the waitlist looking for somebody Haircut",
        "Free 11:45–15:00",
        "15:00–17:00 Away Inventory",
        "Free 09:00–13:00",
        "13:00–13:45 Booked Customer Haircut",
        "Free 13:45–15:00",
        "15:00–17:00 Away Inventory",
    ]
    await shop.run_jobs()
    page = await kim.get(DAY)
    assert "11:00–11:45 Offered to Nora until 13:15 Haircut" in items(page)
    assert 'data-until="900"' in page.text
    week = await kim.get(f"{DAY}&view=week&staff={shop.kim}")
    assert "Mon 23 Nov – Sun 29 Nov" in week.text
    assert [one for one in items(week) if "Customer" in one] == ["13:00–13:45 Booked Customer Haircut"]
    strange = await kim.get("/app/calendar?day=tomorrow")
    assert strange.status_code == 422
    assert 'value="tomorrow"' in strange.text


async def test_an_appointment_is_booked_once_however_often_its_form_is_sent(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await shop.book(at=shop.tomorrow() + timedelta(days=7))
    start = await kim.get(f"/app/calendar/new?staff={shop.kim}&at=2026-11-24T09:30Z")
    [form] = re.findall(r'name="form" value="(.*?)"', start.text)
    assert 'name="time" type="time" step="300" value="10:30"' in start.text
    typed = {"day": "2026-11-24", "time": "10:30", "staff": str(shop.kim), "form": form, "find": "custo"}
    found = await kim.post("/app/calendar/new/booking", data=typed | {"do": "find"})
    [(customer, told)] = re.findall(r'name="do" value="([0-9a-f-]{36})">(.*?)<', found.text)
    assert told.startswith("Booked Customer · +47")
    chosen = await kim.post("/app/calendar/new/booking", data=typed | {"do": customer})
    phone = told.partition("· ")[2]
    assert f'value="{phone}"' in chosen.text
    typed |= {"name": "Booked Customer", "phone": phone, "service": str(shop.cut), "notify": "1"}
    gone = [await kim.post("/app/calendar/new/booking", data=typed) for _ in range(2)]
    assert len({one.headers["location"] for one in gone}) == 1
    assert gone[0].headers["location"].startswith(f"{DAY}&said=booked")
    assert len(await shop.all("SELECT FROM bookings")) == 2
    assert "10:30–11:15 Booked Customer Haircut" in items(await kim.get(DAY))


async def test_a_form_that_was_changed_since_it_was_done_says_so_and_does_it_when_sent_again(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    at = {"day": "2026-11-24", "time": "10:30", "staff": str(shop.kim), "form": str(uuid4())}
    typed = at | {"service": str(shop.cut), "name": "Kari", "phone": "+4741234567"}
    assert (await kim.post("/app/calendar/new/booking", data=typed)).status_code == 303
    changed = typed | {"time": "12:00", "name": "Nora", "phone": "+4741234568"}
    told = await kim.post("/app/calendar/new/booking", data=changed)
    assert told.status_code == 409
    assert "is done already" in unescape(told.text)
    assert 'value="Nora"' in told.text
    [form] = re.findall(r'name="form" value="(.*?)"', told.text)
    assert form != typed["form"]
    assert len(await shop.all("SELECT FROM bookings")) == 1
    for kind, more in (
        ("slot", {"service": str(shop.cut), "time": "14:00"}),
        ("closure", {"until": "11:00"}),
    ):
        assert (await kim.post(f"/app/calendar/new/{kind}", data=at | more)).status_code == 409
    assert (await kim.post("/app/calendar/new/booking", data=changed | {"form": form})).status_code == 303
    assert len(await shop.all("SELECT FROM bookings")) == 2


async def test_all_that_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    page = await kim.post(
        "/app/calendar/new/booking", data={"day": "soon", "time": "25", "phone": "12", "name": ""}
    )
    assert page.status_code == 422
    assert set(problems(page)) == {"day", "time", "staff_id", "service_id", "name", "phone"}
    assert 'value="12"' in page.text
    assert (await kim.get("/app/calendar/new/booking")).headers["location"] == "/app/calendar/new"
    typed = {"day": "2026-11-24", "time": "03:00", "staff": str(shop.kim), "service": str(shop.cut)}
    page = await kim.post("/app/calendar/new/booking", data=typed | {"name": "Kari", "phone": "12"})
    assert set(problems(page)) == {"time", "phone"}
    typed = {"day": "2026-11-24", "time": "18:00", "staff": str(shop.alex), "service": str(shop.colour)}
    person = {"name": "Kari", "phone": "+47 412 34 567"}
    page = await kim.post("/app/calendar/new/booking", data=typed | person)
    assert problems(page) == {"staff_id": "This staff member doesn’t offer this service."}
    page = await kim.post("/app/calendar/new/booking", data=typed | person | {"service": str(shop.cut)})
    assert page.status_code == 409
    assert problems(page) == {"time": "Outside the hours that they work then, or they are away."}
    page = await kim.post("/app/calendar/new/closure", data=typed | {"until": "17:00"})
    assert set(problems(page)) == {"until"}
    page = await kim.post("/app/calendar/new/slot", data=typed | {"day": "2027-03-28", "time": "02:30"})
    assert problems(page)["time"].startswith("The clocks change that night")
    assert await shop.all("SELECT FROM customers") == []


async def test_an_appointment_is_moved_stretched_and_put_back_but_not_over_somebody_elses_change(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    booking = await shop.book()
    address = f"/app/calendar/bookings/{booking}"
    gone = await kim.post(f"{address}/move", data=move_of(shop, minutes="60", back=DAY))
    assert gone.headers["location"] == f"{DAY}&said=moved&booking={booking}&sequence=1"
    page = await kim.get(gone.headers["location"])
    assert "14:00–15:00 Booked Customer Haircut" in items(page)
    assert f"{address}/undo" in page.text
    late = await kim.post(f"{address}/move", data=move_of(shop, time="09:00"))
    assert late.status_code == 409
    assert "Somebody else has changed this appointment meanwhile" in late.text
    gone = await kim.post(f"{address}/undo", data={"sequence": "1", "back": "https://evil.example/"})
    assert gone.headers["location"].startswith(f"{DAY}&said=undone")
    page = await kim.get(gone.headers["location"])
    assert "13:00–13:45 Booked Customer Haircut" in items(page)
    assert f"{address}/undo" not in page.text
    for wrong, field in (
        ({"minutes": "3"}, "minutes"),
        ({"time": "16:30"}, "time"),
        ({"staff": "x"}, "staff_id"),
    ):
        page = await kim.post(f"{address}/move", data=move_of(shop, sequence="2", **wrong))
        assert set(problems(page)) == {field}
    await kim.post(f"{address}/move", data=move_of(shop, sequence="2", time="13:15", minutes="30"))
    gone = await kim.post(f"{address}/undo", data={"sequence": "3", "back": DAY})
    assert "13:00–13:45 Booked Customer Haircut" in items(await kim.get(gone.headers["location"]))
    assert await shop.broken() == []


async def test_a_cancellation_leads_to_who_is_asked_in_order_and_why_nobody_is(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await shop.join("Nora")
    await shop.join("Per", service_id=shop.colour)
    booking = await shop.book()
    gone = await kim.post(f"/app/calendar/bookings/{booking}/cancel", data={"offer": "1", "by": "customer"})
    slot = gone.headers["location"]
    assert f"?said=cancelled&booking={booking}&sequence=1" in slot
    page = (await kim.get(slot)).text
    assert "Nobody has been asked yet" in page
    assert "It came free when Booked Customer gave it back." in page
    await shop.run_jobs()
    assert "Nora waits for an answer until 13:15" in told(await kim.get(slot))
    offer = await shop.one("SELECT id FROM offers")
    async with shop.transaction() as tx:
        await offers.decline(tx, offer["id"], now=shop.clock(), actor="customer")
    await shop.run_jobs()
    page = told(await kim.get(slot))
    assert "Nora declined 13:00" in page
    assert "Nobody is asked now: nobody on the list can come then." in page
    assert "waits for another service 1 Per" in page
    gone = await kim.post(f"{slot.partition('?')[0]}/take-back")
    assert gone.headers["location"].startswith(f"{DAY}&said=taken_back")
    refused = await kim.post(f"{slot.partition('?')[0]}/take-back")
    assert (refused.status_code, f'data-address="{slot.partition("?")[0]}"' in refused.text) == (409, True)


async def test_a_time_that_is_given_back_needs_not_be_offered(shop: Shop, kim: httpx.AsyncClient) -> None:
    await shop.join()
    booking = await shop.book()
    gone = await kim.post(f"/app/calendar/bookings/{booking}/cancel", data={"why": "ill"})
    assert "said=cancelled" in gone.headers["location"]
    await shop.run_jobs()
    assert await shop.all("SELECT FROM offers") == []
    assert (await shop.one("SELECT reason FROM bookings"))["reason"] == "ill"
    again = await kim.post(f"/app/calendar/bookings/{booking}/cancel")
    assert again.status_code == 409
    assert "This appointment is over or cancelled" in again.text


async def test_a_closed_day_says_why_and_leads_to_the_next_open_one(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    def told(page: httpx.Response) -> tuple[str, str]:
        """What is said of the day, and which day is led to."""
        [block] = re.findall(r'<section class="cal-closed".*?>(.*?)</section>', page.text, re.DOTALL)
        said = " ".join(re.sub("<[^>]+>", " ", block).split())
        return said, "".join(re.findall(r'href="/app/calendar\?day=([\d-]+)"', block))

    assert "cal-closed" not in (await kim.get(DAY)).text  # No hours are told: it is open always.
    async with shop.transaction() as tx:
        await catalog.set_hours(tx, [Hours(day, 540, 1020) for day in (1, 2, 5)])
        tuesday = shop.tomorrow().replace(hour=0) - timedelta(hours=2), shop.tomorrow() + timedelta(hours=12)
        closure = await closures.add(tx, None, *tuesday, "Inventory", now=shop.clock())
    assert told(await kim.get(DAY)) == (
        "Closed Inventory To the next open day: Friday 27 November",
        "2026-11-27",
    )
    said, friday = told(await kim.get("/app/calendar?day=2026-11-25"))
    assert said.startswith("Closed The salon has no opening hours on this day of the week.")
    assert friday == "2026-11-27"
    assert "cal-closed" not in (await kim.get("/app/calendar?day=2026-11-25&view=week")).text
    async with shop.transaction() as tx:
        await closures.remove(tx, closure)
    for whose in (shop.kim, shop.alex):
        assert "cal-closed" not in (await kim.get(DAY)).text
        async with shop.transaction() as tx:
            await closures.add(tx, whose, *tuesday, "", now=shop.clock())
    assert told(await kim.get(DAY))[0].startswith("Nobody works on this day")
    async with shop.transaction() as tx:
        await closures.add(tx, None, tuesday[1], tuesday[1] + timedelta(days=90), "", now=shop.clock())
    assert told(await kim.get("/app/calendar?day=2026-11-27")) == (
        "Closed The whole salon is away on this day.",
        "",
    )


async def test_a_cancellation_is_undone_from_where_it_leads_to(shop: Shop, kim: httpx.AsyncClient) -> None:
    await shop.join("Nora")
    booking = await shop.book()
    address = f"/app/calendar/bookings/{booking}"
    slot = await kim.post(f"{address}/cancel", data={"offer": "1", "notify": "1"})
    await shop.run_jobs()  # Nora is asked, and the customer told.
    back = await press_undo(kim, await kim.get(slot.headers["location"]))
    assert back.headers["location"].startswith(f"{DAY}&said=put_back_told")
    page = await kim.get(back.headers["location"])
    assert "now they are told that it stands" in page.text
    assert "13:00–13:45 Booked Customer Haircut" in items(page)
    assert await shop.status_of("offers", (await shop.one("SELECT id FROM offers"))["id"]) == "withdrawn"

    day = await kim.post(f"{address}/cancel", data={})
    assert undo_of(await kim.get(day.headers["location"])) == f"{address}/put-back"
    until = shop.tomorrow() + timedelta(hours=1)
    async with shop.transaction() as tx:
        closure = await closures.add(tx, shop.kim, shop.tomorrow(), until, "ill", now=shop.clock())
    closed = await press_undo(kim, await kim.get(day.headers["location"]))
    assert closed.status_code == 409
    assert "open that time in the calendar first" in closed.text
    async with shop.transaction() as tx:
        await closures.remove(tx, closure)
    assert "Was it cancelled by mistake?" in (await kim.get(address)).text
    await shop.book()
    late = await press_undo(kim, await kim.get(day.headers["location"]))
    assert late.status_code == 409
    assert "Another appointment, or an offer that runs, has that time." in late.text
    assert await shop.status_of("bookings", booking) == "cancelled"
    stale = await kim.post(f"{address}/put-back", data={"sequence": "1"})
    assert (stale.status_code, "Somebody else has changed" in stale.text) == (409, True)
    assert await shop.broken() == []


async def test_a_time_that_was_taken_back_is_offered_again(shop: Shop, kim: httpx.AsyncClient) -> None:
    await shop.join("Nora")
    slot = await shop.free_slot()
    gone = await kim.post(f"/app/calendar/slots/{slot}/take-back")
    again = await press_undo(kim, await kim.get(gone.headers["location"]))
    assert "This time is offered again." in (await kim.get(again.headers["location"])).text
    await shop.run_jobs()
    assert await shop.status_of("slots", slot) == "held"
    gone = await kim.post(f"/app/calendar/slots/{slot}/take-back")
    taken_back = await kim.get(gone.headers["location"])
    await shop.book()
    late = await press_undo(kim, taken_back)
    assert late.status_code == 409
    assert "Another appointment, or an offer that runs, has that time." in late.text
    assert await shop.broken() == []


async def test_how_it_went_is_said_when_it_has_begun(shop: Shop, kim: httpx.AsyncClient) -> None:
    booking = await shop.book()
    early = await kim.post(f"/app/calendar/bookings/{booking}/end/completed")
    assert (early.status_code, "It has not begun yet." in early.text) == (409, True)
    shop.clock.forward(days=1, minutes=50)
    await sign_in(kim)
    assert "13:00–13:45 Booked Customer Haircut Did they come?" in items(await kim.get(DAY))
    gone = await kim.post(f"/app/calendar/bookings/{booking}/end/no_show")
    assert "said=no_show" in gone.headers["location"]
    assert "13:00–13:45 Booked Customer Haircut didn’t come" in items(await kim.get(DAY))


async def test_a_time_is_blocked_and_opened_again(shop: Shop, kim: httpx.AsyncClient) -> None:
    typed = {"day": "2026-11-24", "time": "12:00", "until": "13:00", "staff": str(shop.kim), "why": "Dentist"}
    gone = await kim.post("/app/calendar/new/closure", data=typed)
    page = await kim.get(gone.headers["location"])
    assert "12:00–13:00 Away Dentist" in items(page)
    [address] = set(re.findall(r"/app/calendar/closures/[0-9a-f-]{36}", page.text))
    assert "Dentist" in (await kim.get(address)).text
    assert undo_of(page) == f"{address}/remove"
    gone = await press_undo(kim, page)
    page = await kim.get(gone.headers["location"])
    assert "Dentist" not in page.text
    back = await press_undo(kim, page)
    said = f"{DAY}&said=blocked&closure={address.rpartition('/')[2]}"
    assert back.headers["location"] == said
    assert "12:00–13:00 Away Dentist" in items(await kim.get(DAY))
    assert (await press_undo(kim, page)).headers["location"] == said  # Pressed twice.
    assert undo_of(await kim.get(gone.headers["location"])) is None


async def test_a_blocked_time_stands_beside_the_appointment_that_lies_in_it(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await shop.book()
    typed = {"day": "2026-11-24", "staff": str(shop.kim), "why": "Course"}
    for begins, ends in (("12:00", "14:00"), ("15:00", "16:00")):
        await kim.post("/app/calendar/new/closure", data=typed | {"time": begins, "until": ends})
    page = (await kim.get(DAY)).text
    away = re.findall(r'class="cal-item cal-absence cal-closure [^"]*?(?: (w\d\d))?"', page)
    assert away == ["w21", ""]
    assert re.findall(r'class="cal-item cal-confirmed [^"]* (w\d\d)"', page) == ["w22"]


async def test_a_free_time_is_offered_to_the_waitlist(shop: Shop, kim: httpx.AsyncClient) -> None:
    typed = {
        "day": "2026-11-24",
        "time": "12:00",
        "staff": str(shop.kim),
        "service": str(shop.cut),
        "form": "x",
    }
    gone = [await kim.post("/app/calendar/new/slot", data=typed) for _ in range(2)]
    assert gone[0].headers["location"] == gone[1].headers["location"]
    assert (await kim.get(gone[0].headers["location"])).status_code == 200
    assert len(await shop.all("SELECT FROM slots WHERE status = 'open'")) == 1


async def test_viewers_look_and_change_nothing_and_other_salons_are_unknown(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    booking = await shop.book()
    await somebody(shop, "viewer@example.com", Role.VIEWER)
    async with browsing(shop, Accept="text/html") as viewer:
        await sign_in(viewer, "viewer@example.com")
        page = await viewer.get(DAY)
        assert items(page) == ["13:00–13:45 Booked Customer Haircut"]
        assert "calendar.js" not in page.text
        assert '<form method="post"' not in (await viewer.get(f"/app/calendar/bookings/{booking}")).text
        assert (await viewer.get("/app/calendar/new")).status_code == 403
        for way in ("move", "cancel", "undo", "end/completed"):
            assert (await viewer.post(f"/app/calendar/bookings/{booking}/{way}")).status_code == 403
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    strange = {"bookings": await theirs.book()}
    strange["slots"] = (await theirs.one("SELECT id FROM slots"))["id"]
    async with theirs.transaction() as tx:
        until = theirs.clock() + timedelta(days=1)
        strange["closures"] = await closures.add(tx, None, theirs.clock(), until, "x", now=theirs.clock())
    for kind, row in strange.items():
        assert (await kim.get(f"/app/calendar/{kind}/{row}")).status_code == 404
    for address in (f"bookings/{strange['bookings']}/cancel", f"slots/{strange['slots']}/take-back"):
        assert (await kim.post(f"/app/calendar/{address}")).status_code == 404
    assert await theirs.status_of("bookings", strange["bookings"]) == "confirmed"
