"""Google Calendar, from the consent to the push: against a Google that its own library takes for Google (see
test_google_sdk.py).
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.fernet import Fernet

from standby.calendars.base import Reconnect
from standby.calendars.google_access import SCOPE
from standby.calendars.writing import write
from tests.api import calling, error_of
from tests.fakes.google_calendar import FakeGoogle, error
from tests.fakes.serving import Cuts, Says
from tests.salon import Clock, Shop, at_once, open_shop, open_system

PUBLIC = "https://standby.example"
CALLBACK = f"{PUBLIC}/calendars/google/callback"
HOUR = timedelta(hours=1)
BUSY = "SELECT event_id, starts_at, ends_at FROM busy_times ORDER BY starts_at, event_id"


@dataclass(frozen=True)
class World:
    shop: Shop
    google: FakeGoogle
    api: httpx.AsyncClient

    async def begin(self, staff: UUID | None = None, **more: str) -> str:
        answer = await self.api.post(
            "/api/calendars/google", json={"staff_id": str(staff or self.shop.kim), **more}
        )
        assert answer.status_code == 201, answer.text
        url: str = answer.json()["url"]
        return url

    async def come_back(self, url: str) -> httpx.Response:
        assert url.startswith(CALLBACK)
        return await self.api.get(url.removeprefix(PUBLIC), headers={"Authorization": ""})

    async def connect(self, staff: UUID | None = None) -> httpx.Response:
        return await self.come_back(await self.google.consent(await self.begin(staff)))

    async def busy(self) -> list[str]:
        return [row["event_id"] for row in await self.shop.all(BUSY)]

    async def link(self) -> Any:
        return await self.shop.one("SELECT * FROM calendar_links")

    async def read(self) -> None:
        """The next reading, when its time has come."""
        due: datetime = (await self.link())["next_read_at"]
        await self.shop.pass_time(seconds=max(0.0, (due - self.shop.clock()).total_seconds()))

    async def told(self) -> list[int]:
        """Google makes its calls."""
        calls, self.google.told = self.google.told, []
        answers = [await self.web_post(one.headers) for one in calls]
        return [answer.status_code for answer in answers]

    async def web_post(self, headers: Mapping[str, str]) -> httpx.Response:
        return await self.api.post("/webhooks/google-calendar", headers={**headers, "Authorization": ""})

    def at(self, **after: float) -> dict[str, Any]:
        """An event of an hour, so long after tomorrow's time."""
        begin = self.shop.tomorrow() + timedelta(**after)
        return {"start": {"dateTime": begin.isoformat()}, "end": {"dateTime": (begin + HOUR).isoformat()}}


@asynccontextmanager
async def a_world(database_url: str, clock: Clock, **settings: Any) -> AsyncIterator[World]:
    google = FakeGoogle(client_id="client", client_secret="hush", redirect_uri=CALLBACK, clock=clock)
    async with google.served():
        given = {
            "public_url": PUBLIC,
            "google_api": google.url,
            "google_accounts": google.url,
            "google_oauth": google.url,
            "google_client_id": "client",
            "google_client_secret": "hush",
            "sealing_keys": Fernet.generate_key().decode(),
        } | settings
        async with open_system(database_url, clock, **given) as parts:
            shop = await open_shop(parts, clock)
            async with calling(shop) as api:
                yield World(shop, google, api)


@pytest.fixture
async def world(database_url: str, clock: Clock) -> AsyncIterator[World]:
    async with a_world(database_url, clock) as world:
        yield world


# Consent.


async def test_a_staff_member_allows_it_and_their_calendar_is_read_and_written(world: World) -> None:
    at = world.shop.tomorrow()
    await world.shop.book(at=at)
    world.google.put("dentist", **world.at(hours=3))
    page = await world.connect()
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Your calendar is linked" in page.text
    await world.shop.pass_time(seconds=0)
    assert await world.busy() == ["dentist"]
    ours = next(event for event in world.google.shown() if event["id"] != "dentist")
    assert ours["summary"] == "Haircut: Booked"
    assert ours["start"] == {"dateTime": "2026-11-24T13:00:00+01:00", "timeZone": "Europe/Oslo"}
    assert ours["end"]["dateTime"] == "2026-11-24T13:45:00+01:00"
    link = await world.link()
    assert (link["kind"], link["address"], link["writes"], link["staff_id"]) == (
        "google", "primary", True, world.shop.kim
    )  # fmt: skip
    assert b"1//" not in link["secrets"]
    [shown] = (await world.api.get("/api/calendars")).json()
    assert (shown["state"], shown["pending_writes"]) == ("active", 0)
    # Our own event is none of their busy times, however often it is read.
    await world.read()
    assert await world.busy() == ["dentist"]


async def test_the_consent_asks_for_the_least_with_a_state_and_a_challenge(world: World) -> None:
    asked = parse_qs(urlsplit(await world.begin()).query)
    assert asked["scope"] == [SCOPE] == ["https://www.googleapis.com/auth/calendar.events.owned"]
    [row] = await world.shop.all("SELECT * FROM calendar_requests")
    assert asked["state"][0].encode() not in bytes(row["state_hash"]) + bytes(row["secrets"])
    again = parse_qs(urlsplit(await world.begin()).query)
    assert again["state"] != asked["state"]
    assert again["code_challenge"] != asked["code_challenge"]


async def test_a_state_is_good_for_one_answer(world: World) -> None:
    back = await world.google.consent(await world.begin())
    first, again = await world.come_back(back), await world.come_back(back)
    assert (first.status_code, again.status_code) == (200, 404)
    assert "This link isn’t valid any more" in again.text
    assert len(world.google.token_requests) == 1
    assert len(await world.shop.all("SELECT FROM calendar_links")) == 1


async def test_of_two_who_come_back_with_one_state_at_once_one_is_heard(world: World) -> None:
    back = await world.google.consent(await world.begin())
    answers = await at_once(*(world.come_back(back) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404]


async def test_a_state_that_is_old_made_up_or_missing_does_nothing(world: World) -> None:
    back = await world.google.consent(await world.begin())
    world.shop.clock.forward(minutes=10)
    made_up = f"{CALLBACK}?{urlencode({'state': 'x' * 43, 'code': '4/1'})}"
    for url in (back, made_up, f"{CALLBACK}?code=4/1", f"{CALLBACK}?state=%00", CALLBACK):
        assert (await world.come_back(url)).status_code == 404, url
    assert world.google.token_requests == []
    assert await world.shop.all("SELECT FROM calendar_links") == []
    await world.begin()  # Those who didn't come back in time are forgotten.
    assert len(await world.shop.all("SELECT FROM calendar_requests")) == 1


async def test_a_code_is_worth_nothing_with_another_s_verifier(world: World) -> None:
    """Somebody who overheard a code brings it back with a state of their own."""
    overheard = parse_qs(urlsplit(await world.google.consent(await world.begin())).query)["code"][0]
    state = parse_qs(urlsplit(await world.begin(world.shop.alex)).query)["state"][0]
    answer = await world.come_back(f"{CALLBACK}?{urlencode({'state': state, 'code': overheard})}")
    assert answer.status_code == 403
    assert await world.shop.all("SELECT FROM calendar_links") == []


async def test_who_says_no_or_not_to_all_changes_nothing(world: World) -> None:
    state = parse_qs(urlsplit(await world.begin()).query)["state"][0]
    declined = await world.come_back(f"{CALLBACK}?{urlencode({'state': state, 'error': 'access_denied'})}")
    assert (declined.status_code, "was not allowed" in declined.text) == (403, True)
    world.google.allows = "https://www.googleapis.com/auth/calendar.freebusy"
    assert (await world.connect()).status_code == 403
    assert await world.shop.all("SELECT FROM calendar_links") == []


async def test_google_that_does_not_answer_is_said_on_the_page(world: World) -> None:
    back = await world.google.consent(await world.begin())
    world.google.next(Says(503, "busy"))
    page = await world.come_back(back)
    assert (page.status_code, "try again in a little while" in page.text) == (502, True)


async def test_a_staff_member_of_nobody_and_an_installation_without_google_are_refused(
    world: World, database_url: str, clock: Clock
) -> None:
    answer = await world.api.post("/api/calendars/google", json={"staff_id": str(uuid4())})
    [problem] = error_of(answer, 422)["details"]["errors"]
    assert (problem["field"], problem["code"]) == ("staff_id", "not_found")
    async with open_system(database_url, clock) as parts, calling(Shop(
        parts, clock, world.shop.salon, world.shop.kim, world.shop.alex, world.shop.cut, world.shop.colour
    )) as api:  # fmt: skip
        refusal = error_of(
            await api.post("/api/calendars/google", json={"staff_id": str(world.shop.kim)}), 409
        )
        assert refusal["code"] == "GOOGLE_NOT_SET_UP"
        assert "STANDBY_GOOGLE_CLIENT_ID" in refusal["message"]


# Reading.


async def test_only_what_keeps_them_busy_is_kept_and_nothing_of_what_it_is_about(world: World) -> None:
    me = {"self": True, "email": "kim@example.com"}
    put = world.google.put
    put("busy", summary="Secret", **world.at(hours=1))
    put("free", transparency="transparent", **world.at(hours=1))
    put("declined", attendees=[me | {"responseStatus": "declined"}], **world.at(hours=1))
    put("invited", attendees=[me | {"responseStatus": "needsAction"}, {"responseStatus": "declined"}],
        **world.at(hours=2))  # fmt: skip
    put("home", eventType="workingLocation", **world.at(hours=1))
    put("day", start={"date": "2026-11-26"}, end={"date": "2026-11-28"})
    put("endless", start=world.at(hours=5)["start"], end=world.at(hours=5)["start"], endTimeUnspecified=True)
    put("cancelled", **world.at(hours=1))
    world.google.remove("cancelled")
    put("past", start={"date": "2026-11-20"}, end={"date": "2026-11-21"})
    await world.connect()
    await world.shop.pass_time(seconds=0)
    rows = {row["event_id"]: row for row in await world.shop.all(BUSY)}
    assert set(rows) == {"busy", "invited", "day"}
    # Whole days are the salon's.
    zone = world.shop.salon.zone
    assert rows["day"]["starts_at"].astimezone(zone).isoformat() == "2026-11-26T00:00:00+01:00"
    assert rows["day"]["ends_at"].astimezone(zone).isoformat() == "2026-11-28T00:00:00+01:00"
    lists = [one for one in world.google.asked_for if one.method == "GET"]
    assert not any("summary" in one.query["fields"] for one in lists)


async def test_after_the_first_reading_only_changes_are_asked_for(world: World) -> None:
    world.google.put("a", **world.at())
    world.google.put("b", **world.at(hours=2))
    await world.connect()
    await world.shop.pass_time(seconds=0)
    world.google.remove("a")
    world.google.put("b", **world.at(hours=4))
    world.google.put("c", **world.at(hours=6))
    await world.read()
    assert await world.busy() == ["b", "c"]
    assert (await world.shop.all(BUSY))[0]["starts_at"] == world.shop.tomorrow() - HOUR + 4 * HOUR
    first, then = [one.query for one in world.google.asked_for if one.method == "GET"]
    assert "syncToken" not in first
    assert not set(then) & {"timeMin", "timeMax"}


async def test_a_calendar_of_many_pages_is_read_whole(world: World) -> None:
    world.google.page = 3
    for number in range(10):
        world.google.put(f"event{number}", **world.at(hours=number))
    await world.connect()
    await world.shop.pass_time(seconds=0)
    assert len(await world.busy()) == 10
    assert len([one for one in world.google.asked_for if one.method == "GET"]) == 4


async def test_a_sync_token_that_is_too_old_means_to_read_everything_again(world: World) -> None:
    world.google.put("a", **world.at())
    await world.connect()
    await world.shop.pass_time(seconds=0)
    world.google.calendars["primary"].events.clear()  # Gone without a trace that a sync could show.
    world.google.put("b", **world.at(hours=2))
    world.google.expire_sync()
    await world.read()
    assert await world.busy() == ["b"]
    assert (await world.link())["state"] == "active"


async def test_the_window_moves_on_with_a_whole_reading_every_week(world: World) -> None:
    far = world.shop.clock() + timedelta(days=369)
    world.google.put("far", start={"dateTime": far.isoformat()}, end={"dateTime": (far + HOUR).isoformat()})
    await world.connect()
    await world.shop.pass_time(seconds=0)
    assert await world.busy() == []
    await world.shop.pass_time(days=7)
    assert await world.busy() == ["far"]


@pytest.mark.parametrize(
    ("says", "after"),
    [
        (Says(403, error(403, "rateLimitExceeded")), 1),
        (Says(403, error(403, "userRateLimitExceeded")), 1),
        (Says(429, error(429, "rateLimitExceeded"), {"Retry-After": "300"}), 5),
        (Says(500, "<html>"), 1),
        (Says(503, error(503, "backendError")), 1),
        (Cuts(takes=True), 1),
        (Says(404, error(404, "notFound")), 60),
        (Says(200, "no JSON"), 1),
    ],
)
async def test_what_google_says_decides_when_it_is_asked_again(
    world: World, says: Says | Cuts, after: int
) -> None:
    await world.connect()
    await world.shop.pass_time(seconds=0)
    await world.told()
    world.google.next(*[says] * (2 if isinstance(says, Cuts) else 1))  # aiohttp asks once more by itself.
    await world.read()
    link = await world.link()
    assert (link["state"], link["failures"]) == ("failing", 1)
    assert link["next_read_at"] == world.shop.clock() + timedelta(minutes=after)
    await world.read()
    assert (await world.link())["state"] == "active"


async def test_an_access_token_that_ends_early_is_renewed_once(world: World) -> None:
    await world.connect()
    await world.shop.pass_time(seconds=0)
    world.google.expire_access()
    await world.read()
    assert (await world.link())["state"] == "active"
    assert [one["grant_type"] for one in world.google.token_requests] == [
        "authorization_code", "refresh_token", "refresh_token"
    ]  # fmt: skip


async def test_an_access_token_that_google_has_refused_is_not_held_any_more(world: World) -> None:
    await world.connect()
    await world.shop.pass_time(seconds=0)
    access = world.shop.system.calendars.google
    assert access is not None
    refresh_token = world.google.token_requests[-1]["refresh_token"]
    held = await access.token(refresh_token)
    assert isinstance(held, str)
    world.google.take_back()
    assert isinstance(await access.token(refresh_token, but=held), Reconnect)
    assert isinstance(await access.token(refresh_token), Reconnect)


async def test_an_access_that_was_taken_back_asks_to_reconnect_and_no_booking_minds(world: World) -> None:
    world.google.put("a", **world.at(hours=5))
    await world.connect()
    await world.shop.pass_time(seconds=0)
    world.google.take_back()
    await world.read()
    [shown] = (await world.api.get("/api/calendars")).json()
    assert (shown["state"], "invalid_grant" in shown["failure"]) == ("reconnect", True)
    booking = await world.shop.book()
    await world.shop.pass_time(hours=2)
    assert await world.shop.status_of("bookings", booking) == "confirmed"
    assert await world.busy() == ["a"]
    [notice] = (await world.api.get("/api/notices")).json()["items"]
    assert notice["kind"] == "calendar_reconnect"

    await world.connect()
    await world.shop.pass_time(seconds=0)
    [shown] = (await world.api.get("/api/calendars")).json()
    assert (shown["state"], shown["pending_writes"]) == ("active", 0)
    assert len(world.google.shown()) == 2


# Writing.


async def test_bookings_come_move_and_go_and_notes_of_the_staff_stay(world: World) -> None:
    await world.connect()
    await world.connect(world.shop.alex)  # The same calendar, shared by both.
    at = world.shop.tomorrow()
    booking = await world.shop.book(at=at)
    await world.shop.pass_time(seconds=0)
    [event] = world.google.shown()
    assert re.fullmatch("[a-v0-9]{5,1024}", event["id"])
    assert event["extendedProperties"] == {"private": {"standby": str(booking)}}
    world.google.put(event["id"], colorId="5")
    move = (
        "UPDATE bookings SET staff_id = $2, starts_at = $3::timestamptz, "
        "ends_at = $3::timestamptz + interval '45 minutes', changed_at = $4 WHERE id = $1 RETURNING id"
    )
    await world.shop.one(move, booking, world.shop.kim, at + HOUR, world.shop.clock())
    await world.shop.pass_time(seconds=0)
    [event] = world.google.shown()
    assert (event["start"]["dateTime"], event["colorId"]) == ("2026-11-24T14:00:00+01:00", "5")
    await world.shop.one(move, booking, world.shop.alex, at, world.shop.clock())
    await world.shop.pass_time(seconds=0)
    [moved] = world.google.shown()
    assert moved["id"] != event["id"]
    await world.shop.one(move, booking, world.shop.kim, at, world.shop.clock())
    await world.shop.pass_time(seconds=0)
    [back] = world.google.shown()
    assert back["id"] == event["id"]  # It lives again.
    await world.shop.cancel(booking)
    await world.shop.pass_time(seconds=0)
    assert world.google.shown() == []
    await world.shop.pass_time(hours=1)
    assert await world.busy() == []
    assert all(one.query["sendUpdates"] == "none" for one in world.google.asked_for
               if one.method in {"PATCH", "DELETE"} or (one.path.endswith("/events") and one.body))  # fmt: skip


async def test_an_event_that_somebody_deleted_there_is_put_back_when_the_booking_changes(
    world: World,
) -> None:
    await world.connect()
    booking = await world.shop.book()
    await world.shop.pass_time(seconds=0)
    [event] = world.google.shown()
    world.google.remove(event["id"])
    await world.shop.one(
        "UPDATE bookings SET ends_at = ends_at + interval '1 hour' WHERE id = $1 RETURNING id", booking
    )
    await world.shop.pass_time(seconds=0)
    assert [one["id"] for one in world.google.shown()] == [event["id"]]

    world.google.calendars["primary"].events.clear()  # Or is gone altogether.
    await world.shop.one(
        "UPDATE bookings SET ends_at = ends_at + interval '1 hour' WHERE id = $1 RETURNING id", booking
    )
    await world.shop.pass_time(seconds=0)
    assert [one["id"] for one in world.google.shown()] == [event["id"]]


async def test_a_write_whose_answer_was_lost_leaves_one_event(world: World) -> None:
    await world.connect()
    await world.shop.pass_time(seconds=0)
    world.google.next(Cuts(takes=True))
    booking = await world.shop.book()
    await world.shop.pass_time(seconds=0)
    assert len(world.google.shown()) == 1
    [shown] = (await world.api.get("/api/calendars")).json()
    assert (shown["state"], shown["pending_writes"]) == ("active", 1)
    await world.shop.pass_time(minutes=1)
    assert len(world.google.shown()) == 1
    [shown] = (await world.api.get("/api/calendars")).json()
    assert (shown["pending_writes"], shown["write_failure"]) == (0, None)
    assert [one.method for one in world.google.asked_for if one.body and "id" not in one.body] == ["PATCH"]

    world.google.next(Cuts(takes=True))
    await world.shop.cancel(booking)
    await world.shop.pass_time(seconds=0)
    await world.shop.pass_time(minutes=1)  # It is gone already, and that is fine.
    [shown] = (await world.api.get("/api/calendars")).json()
    assert (world.google.shown(), shown["pending_writes"]) == ([], 0)


async def test_two_workers_at_once_leave_one_event(world: World) -> None:
    await world.connect()
    await world.shop.book()
    [row] = await world.shop.all("SELECT id FROM calendar_events")
    calendars, tenant_id = world.shop.system.calendars, world.shop.salon.id
    await at_once(*(write(calendars, tenant_id, row["id"]) for _ in range(3)))
    assert len(world.google.shown()) == 1


# Pushes.


async def test_a_change_is_told_and_read_in_two_seconds(world: World) -> None:
    await world.connect()
    await world.shop.pass_time(seconds=0)
    [channel] = world.google.channels.values()
    assert channel.address == f"{PUBLIC}/webhooks/google-calendar"
    assert (await world.link())["next_read_at"] == world.shop.clock() + HOUR
    for number in range(5):
        world.google.put(f"event{number}", **world.at(hours=number))
    assert await world.told() == [200] * 6  # The first said that the channel is there.
    before = len(world.google.asked_for)
    await world.shop.pass_time(seconds=2)
    assert len(await world.busy()) == 5
    assert len(world.google.asked_for) == before + 1  # Many calls are one reading.


async def test_a_call_with_another_token_or_of_another_channel_changes_nothing(world: World) -> None:
    await world.connect()
    await world.shop.pass_time(seconds=0)
    [channel] = world.google.channels.values()
    call = world.google.push(channel)
    before = await world.link()
    for headers in (
        {**call.headers, **call.lies},
        {**call.headers, "X-Goog-Channel-ID": str(uuid4())},
        {**call.headers, "X-Goog-Channel-ID": "x"},
        {name: value for name, value in call.headers.items() if name != "X-Goog-Channel-Token"},
        {},
    ):
        assert (await world.web_post(headers)).status_code == 404
    assert await world.link() == before
    [row] = await world.shop.all("SELECT token_hash FROM calendar_pushes")
    assert channel.token.encode() not in row["token_hash"]


async def test_a_channel_is_renewed_before_it_ends_and_the_old_one_is_stopped(world: World) -> None:
    await world.connect()
    await world.shop.pass_time(seconds=0)
    [first] = world.google.channels.values()
    await world.shop.pass_time(days=5, hours=23)
    assert list(world.google.channels) == [first.id]
    await world.shop.pass_time(hours=1)
    [second] = world.google.channels.values()
    assert second.id != first.id
    assert second.expires_at == world.shop.clock() + timedelta(days=7)
    await world.told()
    assert (await world.web_post(world.google.push(first).headers)).status_code == 404
    assert (await world.web_post(world.google.push(second).headers)).status_code == 200
    assert len(await world.shop.all("SELECT FROM calendar_pushes")) == 1


async def test_a_channel_that_google_refuses_keeps_nobody_from_reading(world: World) -> None:
    world.google.put("a", **world.at())
    await world.connect()
    world.google.next(*[Says(200, {"access_token": world.google.grant_access(), "expires_in": 3600})],
                      Says(200, {"items": [], "nextSyncToken": "sync-1"}),
                      Says(400, error(400, "push.webhookUrlUnauthorized")))  # fmt: skip
    await world.shop.pass_time(seconds=0)
    link = await world.link()
    assert (link["state"], link["next_read_at"]) == ("active", world.shop.clock() + HOUR / 6)
    await world.read()
    assert len(world.google.channels) == 1
    assert len(await world.shop.all("SELECT FROM calendar_pushes")) == 1


@pytest.mark.parametrize("public_url", ["http://standby.example", "https://localhost:8000"])
async def test_where_google_cannot_call_there_is_no_channel_and_a_reading_every_ten_minutes(
    database_url: str, clock: Clock, public_url: str
) -> None:
    async with a_world(database_url, clock, public_url=public_url) as world:
        world.google._redirect_uri = f"{public_url}/calendars/google/callback"
        back = await world.google.consent(await world.begin())
        await world.api.get(back.removeprefix(public_url))
        await world.shop.pass_time(seconds=0)
        assert (await world.link())["next_read_at"] == world.shop.clock() + HOUR / 6
        assert world.google.channels == {}
