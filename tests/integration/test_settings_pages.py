"""The pages on which a salon is set up: what they change, what they refuse, and for whom they are."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from standby.accounts.permissions import Role
from standby.accounts.scope import account_in_salon
from standby.tenants import tenants
from standby.web.dashboard.visitor import SETTINGS
from tests.accounts import browsing, sign_in, somebody
from tests.salon import Shop, open_shop


@pytest.fixture
async def kim(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """An owner's browser."""
    await somebody(shop)
    async with browsing(shop, Accept="text/html") as client:
        await sign_in(client)
        yield client


def wrong(page: httpx.Response) -> list[str]:
    """The fields that the page says are wrong, without the keys of their forms."""
    return [one.split("-", 1)[1] for one in re.findall(r'id="([\w-]+)-problem"', page.text)]


# -- Services and staff ------------------------------------------------------------------------------------------


async def test_a_service_is_added_changed_and_taken_out(shop: Shop, kim: httpx.AsyncClient) -> None:
    form = {"name": "Beard", "duration_minutes": "20", "price": "249,50", "buffer_after_minutes": "5"}
    gone = await kim.post("/app/services", data=form)
    assert gone.headers["location"] == "/app/services?said=added"
    page = (await kim.get("/app/services")).text
    assert "20 mins · NOK\N{NO-BREAK SPACE}249.50 · 5 mins after" in page
    again = await kim.post("/app/services", data=form)
    assert (again.status_code, wrong(again)) == (422, ["name"])
    beard = (await shop.one("SELECT id FROM services WHERE name = 'Beard'"))["id"]
    gone = await kim.post(f"/app/services/{beard}", data=form | {"name": "Full beard", "price": ""})
    assert gone.headers["location"] == "/app/services?said=changed"
    row = await shop.one("SELECT * FROM services WHERE id = $1", beard)
    assert (row["name"], row["price"], row["active"], row["buffer_after_minutes"]) == (
        "Full beard",
        None,
        False,
        5,
    )
    assert (await kim.post(f"/app/services/{uuid4()}", data=form | {"name": "x"})).status_code == 303


async def test_everything_wrong_with_a_service_is_said_at_once_on_its_row(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    form = {"name": " ", "duration_minutes": "4", "price": "much", "buffer_before_minutes": "241"}
    page = await kim.post(f"/app/services/{shop.cut}", data=form)
    assert page.status_code == 422
    assert set(re.findall(r'id="([\w-]+)-problem"', page.text)) == {
        f"{shop.cut}-{field}" for field in ("name", "duration_minutes", "price", "buffer_before_minutes")
    }
    assert 'value="much"' in page.text
    assert page.text.count("<details") == page.text.count("<details class") == 2
    assert page.text.count(" open>") == 1
    page = await kim.post(f"/app/services/{shop.cut}", data={"name": "Colour", "duration_minutes": "45"})
    assert "There is a service of this name already." in page.text
    assert (await shop.one("SELECT name FROM services WHERE id = $1", shop.cut))["name"] == "Haircut"


async def test_who_does_what_and_when_is_set_on_the_staff_members_row(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    gone = await kim.post("/app/staff", data={"name": "Mia", "services": [str(shop.cut), str(shop.colour)]})
    assert gone.headers["location"] == "/app/staff?said=added"
    mia = (await shop.one("SELECT id FROM staff WHERE name = 'Mia'"))["id"]
    gone = await kim.post(
        f"/app/staff/{mia}", data={"name": "Mia L", "services": str(shop.cut), "active": "on"}
    )
    assert gone.headers["location"] == "/app/staff?said=changed"
    week = {"opens-1-0": "09:00", "closes-1-0": "12:00", "opens-1-1": "12:30", "closes-1-1": "17:00"}
    gone = await kim.post(f"/app/staff/{mia}/week", data=week)
    assert gone.headers["location"] == "/app/staff?said=week"
    page = (await kim.get("/app/staff?said=week")).text
    assert "Mon 09:00–12:00, 12:30–17:00" in page
    assert (await shop.one("SELECT service_id FROM staff_services WHERE staff_id = $1", mia))[0] == shop.cut
    refused = await kim.post(
        f"/app/staff/{mia}/week", data=week | {"closes-1-1": "11:00", "opens-2-0": "09:00"}
    )
    assert (refused.status_code, [one[-3:] for one in wrong(refused)]) == (422, ["1-1", "2-0"])
    assert 'value="11:00"' in refused.text
    refused = await kim.post("/app/staff", data={"name": "Per", "services": str(uuid4())})
    assert (refused.status_code, wrong(refused)) == (422, ["services"])
    assert len(await shop.all("SELECT FROM staff")) == 3
    assert (await kim.post(f"/app/staff/{mia}/week")).status_code == 303
    assert await shop.all("SELECT FROM staff_hours") == []


async def test_the_week_is_set_and_time_away_tells_which_appointments_lie_in_it(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    page = (await kim.get("/app/hours")).text
    assert "round the clock" in page
    assert page.count('value="09:00"') == 5  # A usual week, to begin with.
    week = {"opens-1-0": "09:00", "closes-1-0": "17:00", "opens-5-0": "16:00", "closes-5-0": "00:00"}
    gone = await kim.post("/app/hours/week", data=week)
    assert gone.headers["location"] == "/app/hours?said=week"
    assert "Mon 09:00–17:00 · Fri 16:00–24:00" in (await kim.get("/app/hours")).text
    await kim.post("/app/hours/week")
    await shop.book()  # Tuesday the 24th at 13:00
    closure = {"staff": str(shop.kim), "first": "2026-11-24", "last": "2026-11-24", "form": str(uuid4())}
    for _ in range(2):  # Sent twice, it is one closure.
        gone = await kim.post("/app/hours/closures", data=closure)
        assert gone.headers["location"] == f"/app/hours?said=closed&closed={closure['form']}"
    page = (await kim.get(gone.headers["location"])).text
    assert "Tue 24 Nov 2026, 13:00 · Booked Customer · Kim" in page
    assert len(await shop.all("SELECT FROM closures")) == 1
    over = closure | {"last": "2026-11-21", "first": "2026-11-20", "from": "noon", "reason": "x" * 501}
    refused = await kim.post("/app/hours/closures", data=over)
    assert (refused.status_code, wrong(refused)) == (422, ["from", "reason"])
    refused = await kim.post("/app/hours/closures", data=over | {"from": "", "reason": ""})
    assert "It must end in the future." in refused.text
    for _ in range(2):
        assert (await kim.post(f"/app/hours/closures/{closure['form']}/open")).status_code == 303
    assert await shop.all("SELECT FROM closures") == []
    undo = f"/app/hours/closures/{closure['form']}/put-back"
    assert undo in (await kim.get(f"/app/hours?said=opened&closed={closure['form']}")).text
    for _ in range(2):  # Pressed twice.
        assert (await kim.post(undo)).headers["location"].startswith("/app/hours?said=closed")
    assert len(await shop.all("SELECT FROM closures")) == 1


async def test_a_closure_that_was_changed_since_it_was_sent_is_not_said_to_be_closed(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    closure = {"staff": str(shop.kim), "first": "2026-11-24", "last": "2026-11-24", "form": str(uuid4())}
    assert (await kim.post("/app/hours/closures", data=closure)).status_code == 303
    for changed in ({"staff": ""}, {"last": "2026-11-25"}, {"from": "10:00"}):
        assert (await kim.post("/app/hours/closures", data=closure | changed)).status_code == 409
    told = await kim.post("/app/hours/closures", data=closure | {"reason": "Fair"})
    assert (told.status_code, wrong(told)) == (409, ["form"])
    assert len(await shop.all("SELECT FROM closures")) == 1
    assert 'value="Fair"' in told.text
    [form] = re.findall(r'name="form" value="([^"]+)"', told.text)
    again = closure | {"reason": "Fair", "form": form}
    assert (await kim.post("/app/hours/closures", data=again)).status_code == 303
    assert len(await shop.all("SELECT FROM closures")) == 2


@pytest.mark.parametrize("staff", ["Kim", "00000000", "01a20300-0000-7000-8000-000000000000"])
async def test_whoever_is_not_known_is_not_everybody(shop: Shop, kim: httpx.AsyncClient, staff: str) -> None:
    closure = {"staff": staff, "first": "2026-11-24", "last": "2026-11-24"}
    refused = await kim.post("/app/hours/closures", data=closure)
    assert (refused.status_code, wrong(refused)) == (422, ["staff"])
    refused = await kim.post("/app/calendars/feeds", data={"staff_id": staff})
    assert (refused.status_code, wrong(refused)) == (422, ["staff_id"])
    assert await shop.all("SELECT id FROM closures UNION ALL SELECT id FROM calendar_feeds") == []


async def test_rules_are_looked_at_before_they_are_saved_and_what_is_empty_goes_back_to_ours(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    await shop.join("Ingrid Berg", latest=shop.clock() + timedelta(days=5))
    await shop.book(at=shop.clock() + timedelta(days=3))
    asked = {"looked": "1", "cancelled": "hours", "offer_window_seconds": "20", "reminder_lead_seconds": "5"}
    page = (await kim.get("/app/rules", params=asked)).text
    assert "Ingrid Berg is asked first: by WhatsApp, at 10:00." in page
    assert "held for 20 mins, until 10:20" in page
    assert (await shop.one("SELECT offer_window_seconds FROM policies"))[0] == 900
    gone = await kim.post(
        "/app/rules", data=asked | {"quiet_from_minute": "22:00", "quiet_until_minute": "07:00"}
    )
    assert gone.headers["location"] == "/app/rules?said=saved&cancelled=hours"
    row = await shop.one("SELECT * FROM policies")
    assert (row["offer_window_seconds"], row["cooldown_seconds"], row["quiet_from_minute"]) == (
        1200,
        3600,
        1320,
    )
    refused = await kim.post(
        "/app/rules", data={"offer_window_seconds": "1441", "max_misses": "0", "grace_seconds": "x"}
    )
    assert (refused.status_code, wrong(refused)) == (
        422,
        ["offer_window_seconds", "grace_seconds", "max_misses"],
    )
    assert "It must be 1440 or less." in refused.text
    refused = await kim.post("/app/rules", data={"offer_window_seconds": "5", "reminder_lead_seconds": "5"})
    assert wrong(refused) == ["reminder_lead_seconds"]


async def test_a_service_has_rules_of_its_own_and_the_others_of_the_salon(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    its = {"service": str(shop.cut), "cooldown_seconds": "0.5", "channel_order": "sms,email"}
    gone = await kim.post("/app/rules", data=its)
    assert gone.headers["location"] == f"/app/rules?said=saved&service={shop.cut}&cancelled=day"
    row = await shop.one("SELECT * FROM policies WHERE service_id = $1", shop.cut)
    assert (row["cooldown_seconds"], row["channel_order"], row["max_misses"]) == (
        1800,
        ["sms", "email"],
        None,
    )
    page = (await kim.get("/app/rules", params={"service": str(shop.cut)})).text
    assert "asked at" in page
    assert "by SMS" in page
    assert 'name="messages_per_minute"' not in page
    assert (await kim.get("/app/rules", params={"service": str(uuid4())})).status_code == 303


async def test_a_text_is_looked_at_saved_and_given_back(shop: Shop, kim: httpx.AsyncClient) -> None:
    here = "/app/texts/cancelled/en"
    text = {"sms": "Hi {first_name}, see you another time."}
    page = (await kim.post(f"{here}/preview", data=text)).text
    assert "see you another time.</p>" in page
    assert "billed as 1 SMS (GSM-7)" in page
    assert await shop.all("SELECT FROM texts") == []
    assert (await kim.post(here, data=text)).headers["location"] == f"{here}?said=saved"
    assert (await shop.one("SELECT sms, body FROM texts"))[:] == (text["sms"], None)
    refused = await kim.post(here, data={"sms": "{first_name", "body": "x" * 901, "subject": "for {you}"})
    assert (refused.status_code, wrong(refused)) == (422, ["subject", "body", "sms"])
    assert "like {first_name}." in refused.text
    assert (await kim.post(f"{here}/ours")).headers["location"] == f"{here}?said=ours"
    assert await shop.all("SELECT FROM texts") == []
    for path in ("/app/texts/none/en", "/app/texts/offer/xx"):
        assert (await kim.get(path)).headers["location"] == "/app/texts"
        assert (await kim.post(path, data=text)).headers["location"] == "/app/texts"


async def test_a_test_goes_to_whom_one_names_and_five_an_hour(shop: Shop, kim: httpx.AsyncClient) -> None:
    assert "by this installation’s sender" in (await kim.get("/app/channels")).text
    refused = await kim.post("/app/channels/sms/test", data={"to": "12"})
    assert (refused.status_code, wrong(refused)) == (422, ["to"])
    assert 'value="12"' in refused.text
    for to in ("+47 400 00 000", "400 00 000", "+4740000000", "40000000"):
        gone = await kim.post("/app/channels/sms/test", data={"to": to})
        assert gone.headers["location"] == "/app/channels?said=sms"
    assert {one.message.to for one in shop.messages()} == {"+4740000000"}
    refused = await kim.post("/app/channels/email/test", data={"to": "kim@example.com"})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "721")
    assert "in 12 minutes" in refused.text
    assert len(shop.messages()) == 4
    noted = await shop.all("SELECT actor, after FROM audit_log WHERE action = 'test'")
    assert [row["after"] for row in noted] == [{"channel": "sms"}] * 4  # What was no number wasn't tried.
    assert "Sender tried out" in (await kim.get("/app/audit")).text
    assert (await kim.post("/app/channels/pigeon/test")).headers["location"] == "/app/channels"


async def test_a_webhooks_secret_is_shown_once_and_what_it_was_told_is_sent_again(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    form = {"url": "https://1.1.1.1/x", "description": "till", "events": ["booking.created", "nonsense"]}
    page = await kim.post("/app/webhooks", data=form)
    [secret] = re.findall(r"whsec_[\w+/=]+", page.text)
    assert secret not in (await kim.get("/app/webhooks")).text
    row = await shop.one("SELECT id, events, contacts FROM webhook_endpoints")
    assert (row["events"], row["contacts"]) == (["booking.created"], False)
    here = f"/app/webhooks/{row['id']}"
    await shop.book()
    await shop.pass_time()
    log = (await kim.get(here)).text
    [resend] = re.findall(rf"{here}/deliveries/[\w-]+/resend", log)
    assert (await kim.post(resend)).headers["location"] == f"{here}?said=resent"
    refused = await kim.post(here, data=form | {"url": "http://10.0.0.1/"})
    assert (refused.status_code, wrong(refused)) == (422, [f"{str(row['id']).split('-', 1)[1]}-url"])
    assert (await kim.post(here, data=form)).headers["location"] == "/app/webhooks?said=changed"
    assert (await kim.post(resend)).headers["location"] == f"{here}?said=inactive"  # Nothing was ticked.
    again = await kim.post(f"{here}/secret")
    assert re.findall(r"whsec_[\w+/=]+", again.text) != [secret]
    for said in ("?said=removed", ""):
        assert (await kim.post(f"{here}/remove")).headers["location"] == f"/app/webhooks{said}"
    for path in (f"{here}/test", resend, f"{here}/secret"):
        assert (await kim.post(path)).headers["location"] == "/app/webhooks"


async def test_a_webhook_is_made_and_gets_a_new_secret_once_however_often_the_form_is_sent(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    [form] = re.findall(r'name="form" value="([\w-]+)"', (await kim.get("/app/webhooks")).text)
    made, answer = [
        await kim.post("/app/webhooks", data={"url": "https://1.1.1.1/x", "form": form}) for _ in "12"
    ]
    assert (made.status_code, "whsec_" in made.text) == (200, True)
    assert (answer.status_code, "whsec_" in answer.text) == (409, False)
    assert "shown only once" in answer.text
    [row] = await shop.all("SELECT id FROM webhook_endpoints")
    [mark] = re.findall(r'name="instead_of" value="(\w+)"', answer.text)
    secrets = []
    for status in (200, 409):
        answer = await kim.post(f"/app/webhooks/{row['id']}/secret", data={"instead_of": mark})
        assert answer.status_code == status
        secrets += re.findall(r"whsec_[\w+/=]+", answer.text)
    assert len(secrets) == 1
    assert mark not in answer.text  # The page knows the new one.


async def test_calendars_are_linked_and_a_feeds_address_is_shown_once(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    assert "No calendar is linked" in (await kim.get("/app/calendars")).text
    refused = await kim.post("/app/calendars/ical", data={"staff_id": str(uuid4()), "url": "my calendar"})
    assert (refused.status_code, wrong(refused)) == (422, ["staff_id", "url"])
    assert 'value="my calendar"' in refused.text
    form = {"staff_id": str(shop.kim), "url": "webcal://example.com/kim.ics"}
    for _ in range(2):
        assert (await kim.post("/app/calendars/ical", data=form)).headers[
            "location"
        ] == "/app/calendars?said=linked"
    link = (await shop.one("SELECT id FROM calendar_links"))["id"]
    assert "https://example.com/kim.ics" in (await kim.get("/app/calendars")).text
    assert (await kim.post(f"/app/calendars/{link}/read")).headers["location"].endswith("said=read")
    assert (await kim.post(f"/app/calendars/{link}/unlink")).headers["location"].endswith("said=unlinked")
    for what in ("read", "unlink"):
        assert (await kim.post(f"/app/calendars/{link}/{what}")).headers["location"] == "/app/calendars"
    assert (await kim.post("/app/calendars/google", data=form)).headers["location"] == "/app/calendars"
    page = await kim.post("/app/calendars/feeds", data={"staff_id": str(shop.alex), "contacts": "on"})
    [address] = re.findall(r"/calendars/([\w-]+)\.ics", page.text)
    assert address not in (await kim.get("/app/calendars")).text
    feed = (await shop.one("SELECT id FROM calendar_feeds WHERE contacts"))["id"]
    for said in ("?said=ended", ""):
        assert (await kim.post(f"/app/calendars/feeds/{feed}/end")).headers[
            "location"
        ] == f"/app/calendars{said}"


async def test_a_new_salon_is_led_through_its_first_steps_until_it_is_ready_or_puts_the_guide_away(
    shop: Shop,
) -> None:
    fresh = await _fresh(shop)
    await somebody(fresh)
    async with browsing(fresh, Accept="text/html") as kim:
        await sign_in(kim)
        assert (await kim.get("/app")).headers["location"] == "/app/welcome"
        page = (await kim.get("/app/welcome")).text
        assert "1 of 4 done" in page  # The installation's channels are there.
        assert "http://127.0.0.1:8000/fresh" in page
        guided = ("/app/services", "/app/staff", "/app/hours")
        for path in (*guided, "/app/rules", "/app/settings"):
            shown = await kim.get(path)
            assert (shown.status_code, "On with the guide" in shown.text) == (200, path in guided)
        await kim.post("/app/services", data={"name": "Cut", "duration_minutes": "45"})
        cut = (await fresh.one("SELECT id FROM services"))["id"]
        await kim.post("/app/staff", data={"name": "Kim", "services": str(cut)})
        assert "Getting ready: 3 of 4 done" in (await kim.get("/app/settings")).text
        assert (await kim.post("/app/welcome/later")).headers["location"] == "/app/settings"
        assert "Getting ready" not in (await kim.get("/app/settings")).text
        await kim.post("/app/hours/week", data={"opens-1-0": "09:00", "closes-1-0": "17:00"})
        assert "You are ready" in (await kim.get("/app/welcome")).text
        assert "On with the guide" not in (await kim.get("/app/hours")).text
        assert (await kim.get("/app")).headers["location"] != "/app/welcome"
        for slug in ("shop", "admin", "Not this"):
            refused = await kim.post("/app/welcome/address", data={"slug": slug})
            assert (refused.status_code, wrong(refused)) == (422, ["slug"])
            assert f'value="{slug}"' in refused.text
        gone = await kim.post("/app/welcome/address", data={"slug": "ida"})
        assert gone.headers["location"] == "/app/welcome?said=renamed"
        assert "http://127.0.0.1:8000/ida" in (await kim.get("/app/welcome")).text


@pytest.mark.parametrize("locale", ["en", "nb"])
async def test_an_empty_salon_is_filled_with_a_sample_book_and_one_with_a_book_is_not(
    shop: Shop, locale: str
) -> None:
    fresh = await _fresh(shop)
    await somebody(fresh)
    async with account_in_salon(
        fresh.system.pool, (await fresh.one("SELECT user_id FROM memberships"))[0], fresh.salon.id
    ) as tx:
        await tx.execute("UPDATE users SET locale = $1", locale)
    async with browsing(fresh, Accept="text/html") as kim:
        await sign_in(kim)
        assert "/app/welcome/sample" in (await kim.get("/app/welcome")).text
        assert (await kim.post("/app/welcome/sample")).headers["location"] == "/app/import"
        await fresh.run_jobs()
        page = (await kim.get("/app/import")).text
        assert "import-problems" not in page
        [path] = re.findall(r'action="(/app/import/[\w-]+/write)"', page)
        await kim.post(path)
        await fresh.run_jobs()
        assert len(await fresh.all("SELECT FROM customers WHERE phone IS NULL")) == 48
        assert len(await fresh.all("SELECT FROM customers")) == 48
        assert len(await fresh.all("SELECT FROM waitlist_entries")) == 12
        assert len(await fresh.all("SELECT FROM bookings")) > 50
        assert "/app/welcome/sample" not in (await kim.get("/app/welcome")).text
        assert (await kim.post("/app/welcome/sample")).status_code == 409


async def test_every_settings_page_is_there_in_norwegian(shop: Shop, kim: httpx.AsyncClient) -> None:
    """With all that it can tell."""
    await kim.post("/app/webhooks", data={"url": "https://1.1.1.1/x"})
    await kim.post(
        "/app/calendars/ical", data={"staff_id": str(shop.kim), "url": "https://example.com/kim.ics"}
    )
    await kim.post("/app/calendars/feeds", data={})
    await kim.post("/app/texts/offer/nb", data={"sms": "Hei!"})
    await kim.post("/app/staff", data={"name": "Mia"})
    async with account_in_salon(
        shop.system.pool, (await shop.one("SELECT user_id FROM memberships"))[0], shop.salon.id
    ) as tx:
        await tx.execute("UPDATE users SET locale = 'nb'")
    await sign_in(kim)
    for page in ("welcome", "settings", *SETTINGS, "texts/offer/nb", "rules?looked=1&cancelled=minutes"):
        answer = await kim.get(f"/app/{page}")
        assert answer.status_code == 200, page
        assert '<html lang="nb">' in answer.text


async def test_viewers_see_the_settings_and_change_nothing_and_nobody_sees_anothers(
    shop: Shop, kim: httpx.AsyncClient
) -> None:
    theirs = await open_shop(shop.system, shop.clock, slug="theirs")
    mine = {"name": "Mine", "duration_minutes": "45"}
    assert (await kim.post(f"/app/services/{theirs.cut}", data=mine)).headers["location"] == "/app/services"
    assert (await kim.post(f"/app/staff/{theirs.kim}", data=mine)).headers["location"] == "/app/staff"
    assert (await kim.post(f"/app/staff/{theirs.kim}/week")).headers["location"] == "/app/staff"
    assert (await theirs.one("SELECT name FROM services WHERE id = $1", theirs.cut))["name"] == "Haircut"
    await somebody(shop, "mia@example.com", Role.VIEWER)
    async with browsing(shop, Accept="text/html") as mia:
        await sign_in(mia, "mia@example.com")
        for path in ("/app/services", "/app/staff", "/app/hours"):
            page = await mia.get(path)
            assert page.status_code == 200
            assert "<form" not in page.text
            write = {"/app/hours": "/app/hours/week"}.get(path, path)
            assert (await mia.post(write, data=mine)).status_code == 403


async def _fresh(shop: Shop) -> Shop:
    """A salon that has nothing yet."""
    salon = await tenants.create(
        shop.system.pool,
        "Fresh",
        timezone="Europe/Oslo",
        currency="NOK",
        country="NO",
        locale="en",
        now=shop.clock(),
    )
    return replace(shop, salon=salon)
