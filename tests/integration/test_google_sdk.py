"""Google's own library takes our fake for Google, and asks for the same things as our adapter does."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp
import google_auth_httplib2
import httplib2
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from standby.calendars.base import Event, Link, Watched, Whole, Window, Written
from standby.calendars.google import GoogleCalendar
from standby.calendars.google_access import SCOPE, GoogleAccess
from standby.calendars.google_events import FIELDS, OURS, body_of
from tests.fakes.google_calendar import Asked, FakeGoogle
from tests.salon import MONDAY_NOON, Clock

CREDENTIALS: Any = Credentials  # It has no types.
OSLO = ZoneInfo("Europe/Oslo")
PUSH = "https://standby.example/webhooks/google-calendar"
BOOKING = UUID("0193e5a0-1111-7000-8000-00000000000b")
EVENT = Event(
    name=BOOKING.hex,
    booking_id=BOOKING,
    sequence=0,
    starts_at=MONDAY_NOON,
    ends_at=MONDAY_NOON + timedelta(minutes=45),
    zone=OSLO,
    service="Klipp & føn",
    first_name="Åse",
    salon="Fjord",
    gone=False,
    changed_at=MONDAY_NOON,
)
WINDOW = Window(MONDAY_NOON, MONDAY_NOON + timedelta(days=30))


class Ours:
    """Our adapter, with a link to the fake's calendar."""

    def __init__(self, http: aiohttp.ClientSession, google: FakeGoogle, clock: Clock) -> None:
        access = GoogleAccess(
            http, clock, accounts=google.url, oauth=google.url, client_id="client", client_secret="hush",
            redirect_url="https://standby.example/calendars/google/callback",
        )  # fmt: skip
        self.calendar = GoogleCalendar(http, clock, access, base_url=google.url, push_url=PUSH)
        self.link = Link(
            BOOKING, BOOKING, BOOKING, "primary", OSLO, {"refresh_token": google.grant_refresh()}
        )


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library would heed a proxy that the machine has set."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
async def google(clock: Clock) -> AsyncIterator[FakeGoogle]:
    fake = FakeGoogle(
        client_id="client",
        client_secret="hush",
        redirect_uri="https://standby.example/calendars/google/callback",
        clock=clock,
    )
    async with fake.served():
        yield fake


@pytest.fixture
async def ours(google: FakeGoogle, clock: Clock) -> AsyncIterator[Ours]:
    async with aiohttp.ClientSession() as http:
        yield Ours(http, google, clock)


@pytest.fixture
def library(google: FakeGoogle) -> Iterator[Any]:
    """Google's client of Calendar v3, whose address is the fake's."""
    http = google_auth_httplib2.AuthorizedHttp(
        CREDENTIALS(token=google.grant_access()), http=httplib2.Http(timeout=10)
    )
    endpoint = {"api_endpoint": f"{google.url}/calendar/v3/"}
    with build("calendar", "v3", static_discovery=True, http=http, client_options=endpoint) as client:
        yield client


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


async def by_library(work: Callable[[], Any]) -> Any:
    """The library blocks: it works beside the fake's loop."""
    return await asyncio.to_thread(work)


def last(google: FakeGoogle) -> Asked:
    return google.asked_for[-1]


async def test_the_library_writes_changes_and_deletes_an_event_as_we_do(
    google: FakeGoogle, ours: Ours, library: Any
) -> None:
    events, quietly = library.events(), {"calendarId": "primary", "sendUpdates": "none"}
    theirs = events.insert(body={"id": "a" * 32, **body_of(EVENT)}, **quietly)
    said = await by_library(theirs.execute)
    assert said["status"] == "confirmed"
    inserted = last(google)
    assert await ours.calendar.write(ours.link, EVENT) == Written({"there": True})
    assert last(google) == replace(inserted, body={**inserted.body, "id": EVENT.name})
    assert inserted.body["summary"] == "Klipp & føn: Åse"

    await by_library(events.patch(eventId=EVENT.name, body=body_of(EVENT), **quietly).execute)
    patched = last(google)
    await ours.calendar.write(ours.link, replace(EVENT, place={"there": True}))
    assert last(google) == patched

    await by_library(events.delete(eventId="a" * 32, **quietly).execute)
    deleted = last(google)
    assert await ours.calendar.write(ours.link, replace(EVENT, gone=True)) == Written()
    assert last(google) == replace(deleted, path=deleted.path.replace("a" * 32, EVENT.name))


async def test_the_library_lists_as_we_do_and_reads_every_page(
    google: FakeGoogle, ours: Ours, library: Any
) -> None:
    google.page = 2
    for number in range(5):
        google.put(f"event{number}", start={"date": "2026-11-24"}, end={"date": "2026-11-25"})
    asks = {
        "calendarId": "primary", "singleEvents": True, "maxResults": 2500, "fields": FIELDS,
        "timeMin": "2026-11-23T12:00:00Z", "timeMax": "2026-12-23T12:00:00Z",
    }  # fmt: skip
    theirs: list[str] = []
    page: Any = library.events().list(**asks)
    found: Any = None
    while page is not None:
        found = await by_library(page.execute)
        theirs += [item["id"] for item in found["items"]]
        page = library.events().list_next(page, found)
    requests, google.asked_for = google.asked_for, []
    read = await ours.calendar.read(ours.link, WINDOW)
    assert isinstance(read, Whole)
    assert [one.event_id for one in read.busy] == theirs
    assert google.asked_for == requests
    assert found["nextSyncToken"]

    sync = {name: asks[name] for name in asks if not name.startswith("time")}
    google.remove("event3")
    changes = await by_library(library.events().list(syncToken=found["nextSyncToken"], **sync).execute)
    assert [(item["id"], item["status"]) for item in changes["items"]] == [("event3", "cancelled")]
    google.expire_sync()
    with pytest.raises(HttpError) as raised:
        await by_library(library.events().list(syncToken=found["nextSyncToken"], **sync).execute)
    assert (raised.value.status_code, raised.value.error_details[0]["reason"]) == (410, "fullSyncRequired")


async def test_the_library_watches_and_stops_as_we_do(
    google: FakeGoogle, ours: Ours, library: Any, clock: Clock
) -> None:
    until = clock() + timedelta(days=7)
    watched = await ours.calendar.watch(ours.link, BOOKING, "secret", until)
    assert isinstance(watched, Watched)
    assert watched.expires_at == until
    our_watch = last(google)
    await ours.calendar.unwatch(ours.link, BOOKING, watched.resource)
    our_stop = last(google)
    assert google.channels == {}

    body = {
        "id": str(BOOKING), "type": "web_hook", "address": PUSH, "token": "secret",
        "expiration": str(int(until.timestamp() * 1000)),
    }  # fmt: skip
    channel = await by_library(library.events().watch(calendarId="primary", body=body).execute)
    assert last(google) == our_watch
    assert int(channel["expiration"]) == int(until.timestamp() * 1000)
    stop = {"id": channel["id"], "resourceId": channel["resourceId"]}
    await by_library(library.channels().stop(body=stop).execute)
    assert last(google) == replace(our_stop, body=stop)


@pytest.mark.parametrize(
    ("asks", "status", "reason"),
    [
        (lambda events: events.insert(calendarId="primary", body={"id": "taken", **body_of(EVENT)}), 409, "duplicate"),
        (lambda events: events.insert(calendarId="primary", body={"id": "UPPER", **body_of(EVENT)}), 400, "invalid"),
        (lambda events: events.insert(calendarId="primary", body={"summary": "never"}), 400, "invalid"),
        (lambda events: events.insert(calendarId="nobody", body=body_of(EVENT)), 404, "notFound"),
        (lambda events: events.delete(calendarId="primary", eventId="gone0"), 410, "deleted"),
        (lambda events: events.delete(calendarId="primary", eventId="never"), 404, "notFound"),
    ],
)  # fmt: skip
async def test_the_library_reads_the_fake_s_errors(
    google: FakeGoogle, library: Any, asks: Callable[[Any], Any], status: int, reason: str
) -> None:
    google.put("taken", start={"date": "2026-11-24"}, end={"date": "2026-11-25"})
    google.put("gone0", start={"date": "2026-11-24"}, end={"date": "2026-11-25"})
    google.remove("gone0")
    with pytest.raises(HttpError) as raised:
        await by_library(asks(library.events()).execute)
    assert (raised.value.status_code, raised.value.error_details[0]["reason"]) == (status, reason)


async def test_what_the_library_deletes_it_can_make_live_again(google: FakeGoogle, library: Any) -> None:
    body = {"id": "event", **body_of(EVENT)}
    await by_library(library.events().insert(calendarId="primary", body=body).execute)
    await by_library(library.events().delete(calendarId="primary", eventId="event").execute)
    assert google.shown() == []
    live = await by_library(
        library.events().patch(calendarId="primary", eventId="event", body=body_of(EVENT)).execute
    )
    assert live["status"] == "confirmed"
    assert live["extendedProperties"]["private"][OURS] == str(BOOKING)
    assert len(google.shown()) == 1


async def test_google_s_credentials_are_refreshed_as_ours_are(
    google: FakeGoogle, ours: Ours, session: requests.Session
) -> None:
    theirs = CREDENTIALS(
        token=None,
        refresh_token=ours.link.secrets["refresh_token"],
        token_uri=f"{google.url}/token",
        client_id="client",
        client_secret="hush",
    )
    transport = Request(session)
    await by_library(lambda: theirs.refresh(transport))
    assert theirs.token.startswith("ya29.")
    await ours.calendar.read(ours.link, WINDOW)
    library_s, our_s = google.token_requests
    assert our_s == library_s
    google.take_back()
    with pytest.raises(RefreshError, match="invalid_grant"):
        await by_library(lambda: theirs.refresh(transport))


async def test_the_scope_that_we_ask_for_is_enough_for_all_that_we_do() -> None:
    described = build("calendar", "v3", static_discovery=True, developerKey="x")._rootDesc["resources"]
    for resource, methods in (
        ("events", ("list", "insert", "patch", "delete", "watch")), ("channels", ("stop",))
    ):  # fmt: skip
        for method in methods:
            assert SCOPE in described[resource]["methods"][method]["scopes"], method
