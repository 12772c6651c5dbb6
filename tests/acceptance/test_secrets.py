"""What must stay where it is: no answer, log, metric or list of processes tells a secret or, to others, a person.

Two salons live through a day with the real processes. Each secret and each person is a text that stands nowhere else;
everything that any of the processes says is searched for all of them.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import httpx
import psutil
import pyotp
import pytest
from cryptography.fernet import Fernet
from fastapi.routing import APIRoute

from standby import clock as wall_clock
from standby.messages import senders
from standby.messages.sealing import Seal
from standby.messages.senders import Sender
from standby.operators import Operator, issue_token
from standby.tenants import tenants
from standby.waitlist.policy import NO_QUIET_HOURS
from standby.web.app import API, PAGES
from tests.acceptance.processes import PATIENCE, Running, run, running, settings, until
from tests.acceptance.stage import WallClock
from tests.accounts import PASSWORD, sign_in, somebody
from tests.fakes.receiver import FakeReceiver
from tests.fakes.serving import Echoes
from tests.fakes.twilio import FakeTwilio
from tests.salon import Shop, open_shop, open_system

TWILIO_TOKEN = token_hex(16)
NUMBERS = {"ours": "+4790000001", "theirs": "+4790000002"}
OFFERS = "SELECT count(*) >= $1 FROM standby.messages WHERE kind = 'offer' AND status = 'sent'"
TOLD = "SELECT count(*) > 0 AND bool_and(attempts > 0) FROM standby.webhook_deliveries"


@dataclass(frozen=True)
class Guest:
    """A customer like no other."""

    name: str
    phone: str
    email: str

    @classmethod
    def of(cls, salon: str, number: int) -> "Guest":
        word = token_hex(4)
        return cls(f"Kanari {word} {salon}", f"+474{number:07}", f"kanari-{word}@{salon}.example")

    def body(self) -> dict[str, str]:
        return {"name": self.name, "phone": self.phone, "email": self.email}

    def marks(self) -> set[str]:
        return {self.name, self.phone[3:], self.email, quote(self.email)}


@dataclass
class Kept:
    """What everybody was answered, and which secrets there are."""

    secrets: dict[str, str] = field(default_factory=dict)  # value → what it is
    shown: dict[str, httpx.Response] = field(
        default_factory=dict
    )  # value → the one answer that is to tell it
    answers: list[tuple[str, httpx.Response]] = field(default_factory=list)  # who asked, and what came
    links: set[str] = field(default_factory=set)  # what their holders see in their own pages

    def learn(self, what: str, value: str, by: httpx.Response | None = None) -> str:
        assert len(value) >= 6, what
        self.secrets[value] = what
        if by is not None:
            self.shown[value] = by
        return value

    @asynccontextmanager
    async def asking(self, who: str, address: str, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        async def keep(answer: httpx.Response) -> None:
            await answer.aread()
            self.answers.append((who, answer))

        async with httpx.AsyncClient(
            base_url=address, headers=headers, timeout=PATIENCE, event_hooks={"response": [keep]}
        ) as client:
            yield client

    def told_too_much(self) -> list[str]:
        """Answers that hold a secret, but the one that is to tell it and the pages of a link's own holder."""
        return [
            f"{self.secrets[value]} in the answer to {who}: {answer.request.method} {answer.request.url.path}"
            for value in self.secrets
            for who, answer in self.answers
            if value in said_by(answer) and self.shown.get(value) is not answer
            if not (value in self.links and value in str(answer.request.url))
        ]


def said_by(answer: httpx.Response) -> str:
    return f"{dict(answer.headers)}\n{answer.text}"


@dataclass
class Day:
    """The two salons, their guests, and the processes that serve them."""

    shops: Mapping[str, Shop]
    guests: Mapping[str, list[Guest]]
    kept: Kept
    twilio: FakeTwilio
    owner: asyncpg.Connection
    address: str
    hook: str  # where the salons' own system listens

    async def live(self, name: str) -> None:
        """What a salon does in a day: signs in, lets a program in, books, cancels, and fills the time again."""
        shop, kept, guests = self.shops[name], self.kept, self.guests[name]
        email = f"boss@{name}.example"
        await somebody(shop, email)
        async with kept.asking(name, self.address, **{"Sec-Fetch-Site": "same-origin"}) as api:
            signed_in = await sign_in(api, email)
            assert signed_in.status_code == 200, signed_in.text
            kept.learn("a session", api.cookies["standby"], signed_in)
            given = await api.post("/api/auth/token", json={"email": email, "password": PASSWORD})
            for kind in ("access_token", "refresh_token"):
                kept.learn(kind, given.json()[kind], given)
            made = await api.post(
                "/api/api-keys", json={"name": "till", "scopes": ["book:read", "book:write"]}
            )
            key = kept.learn("an API key", made.json()["key"], made)
            hook = await api.post("/api/webhooks", json={"url": self.hook, "contacts": True})
            kept.learn("a webhook's secret", hook.json()["secret"], hook)
            kept.learn("half of it", hook.json()["secret"].removeprefix("whsec_"), hook)
            factor = await api.post("/api/auth/totp", json={"password": PASSWORD})
            secret = kept.learn("a second factor", factor.json()["secret"], factor)
            code = {"code": pyotp.TOTP(secret).at(wall_clock.now())}
            confirmed = await api.post("/api/auth/totp/confirm", json=code)
            kept.learn("a renewed session", api.cookies["standby"], confirmed)
            for one in confirmed.json()["recovery_codes"]:
                kept.learn("a recovery code", one, confirmed)
            await self._fill(shop, guests, api, key)
            await self._go_wrong(name, api, guests[0], key)
            await _look_at_everything(api)
            await api.post("/api/auth/forgot", json={"email": email, "locale": "en"})

    async def _fill(self, shop: Shop, guests: list[Guest], api: httpx.AsyncClient, key: str) -> None:
        """The first has a time and cancels it; the second takes it, the third waits on."""
        now = shop.clock()
        wish = {
            "service_id": str(shop.cut),
            "earliest": now.isoformat(),
            "latest": (now + timedelta(days=9)).isoformat(),
        }
        for one in guests[1:]:
            joined = await api.post("/api/waitlist", json={"customer": one.body(), **wish})
            assert joined.status_code == 201, joined.text
        program = {"Authorization": f"Bearer {key}"}
        time = {
            "staff_id": str(shop.kim),
            "service_id": str(shop.cut),
            "starts_at": shop.tomorrow().isoformat(),
        }
        booked = await api.post("/api/bookings", json={"customer": guests[0].body(), **time}, headers=program)
        assert booked.status_code == 201, booked.text
        self.twilio.next(Echoes(500))  # What it was shown, in an error that is tried again.
        cancelled = await api.post(f"/api/bookings/{booked.json()['id']}/cancel", headers=program)
        assert cancelled.status_code == 200, cancelled.text
        await until(self.owner, OFFERS, 1 if shop is self.shops["ours"] else 2)
        texts = [one.body for one in self.twilio.taken.values() if one.form["To"] == guests[1].phone]
        [token, *_] = re.findall(r"/o/([\w-]+)", "\n".join(texts))
        self.kept.links.add(self.kept.learn("an offer's link", token))
        async with self.kept.asking(f"guest of {shop.salon.slug}", self.address) as browser:
            assert (await browser.get(f"/o/{token}")).status_code == 200
            assert (await browser.get(f"/api/offers/{token}")).status_code == 200
            assert (await browser.post(f"/o/{token}/accept")).status_code == 303
            assert (await browser.get(f"/o/{token}")).status_code == 200
            await browser.post(f"/api/decline/{token}")
            of_cuts = {"service": str(shop.cut)}
            for path in PUBLIC:
                page = await browser.get(f"/{shop.salon.slug}{path}", params=of_cuts)
                assert page.status_code == 200, path
            times = await browser.get(f"/{shop.salon.slug}/times", params=of_cuts)
            [free, *_] = re.findall(rf'href="(/{shop.salon.slug}/book[^"]*)"', times.text)
            assert (await browser.get(unescape(free))).status_code == 200
            await browser.get(f"/o/{token}/{guests[1].email}/nonsense")

    async def _go_wrong(self, who: str, api: httpx.AsyncClient, guest: Guest, key: str) -> None:
        """What is refused, breaks, and is sent to the wrong place."""
        unlucky = guest.body() | {"name": f"{guest.name} Uheldig"}
        program = {"Authorization": f"Bearer {key}"}
        async with self.kept.asking(who, self.address, **program) as once:  # A server that broke hangs up.
            assert (await once.post("/api/waitlist", json=self._joining(who, unlucky))).status_code == 500
        for wrong in (guest.body() | {"email": key}, guest.body() | {"token": key}):
            assert (await api.post("/api/waitlist", json=self._joining(who, wrong))).status_code == 422
        await api.get(f"/api/{key}/{guest.phone}", params={"email": guest.email})
        await api.get("/api/bookings", params={"cursor": key, guest.email: "1"})
        async with self.kept.asking("nobody", self.address) as nobody:
            for token in (f"{key}x", "sk_wrong", f"{guest.email}"):
                await nobody.get("/api/staff", headers={"Authorization": f"Bearer {token}"})
            for password in ("wrong", f"{PASSWORD}x"):
                await nobody.post("/api/auth/sign-in", json={"email": guest.email, "password": password})
            await nobody.post("/webhooks/twilio", data={"From": guest.phone, "Body": guest.name})
            for path in (
                "/health/live",
                "/health/ready",
                "/metrics",
                "/api/openapi.json",
                f"/o/{guest.phone}",
            ):
                await nobody.get(path)

    def _joining(self, name: str, person: dict[str, str]) -> dict[str, Any]:
        shop = self.shops[name]
        now = shop.clock()
        return {
            "customer": person,
            "service_id": str(shop.cut),
            "earliest": now.isoformat(),
            "latest": (now + timedelta(days=9)).isoformat(),
        }


PUBLIC = ("", "/wait", "/colours.css")
# Every address without an id in it, but the one that never ends and those that show nothing by themselves.
ADDRESSES = {
    f"{prefix}{route.path}"
    for prefix, parts in (("", PAGES), ("/api", API))
    for part in parts
    for route in part.router.routes
    if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and "{" not in route.path
} - {
    *("/", "/app", "/app/waitlist/priority"),
    *("/api/events", "/api/free-times", "/calendars/google/callback", "/webhooks/whatsapp"),
}


async def _look_at_everything(api: httpx.AsyncClient) -> None:
    """All that a salon's owner can look at, and one page of each kind that these lead to."""
    seen: set[str] = set()
    for path in sorted(ADDRESSES):
        answer = await api.get(path)
        assert answer.status_code == 200, path
        for link in re.findall(r'(?:href|src)="(/(?:app|account)[^"#]*)"', answer.text):
            kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\?.*", "", link)
            if kind not in seen | ADDRESSES:
                seen.add(kind)
                assert (await api.get(unescape(link))).status_code == 200, link
    assert len(seen) > 10, seen


async def test_what_is_secret_and_who_is_who_stays_where_it_is(
    database_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    kept, guests = (
        Kept(),
        {name: [Guest.of(name, number + 1) for number in range(of, of + 3)] for name, of in ORDER},
    )
    async with AsyncExitStack() as opened:
        owner = await asyncpg.connect(database_url)
        opened.push_async_callback(owner.close)
        url = await opened.enter_async_context(_login(owner, database_url, kept))
        twilio = FakeTwilio(
            account="AC1",
            token=TWILIO_TOKEN,
            senders=set(NUMBERS.values()),
            contents={},
            clock=wall_clock.now,
        )
        erp = FakeReceiver()
        for fake in (twilio, erp):
            await opened.enter_async_context(fake.served())
        env = _surroundings(kept, tmp_path, url, twilio)
        seal = Seal([env["STANDBY_SEALING_KEYS"]])
        clock = WallClock()
        parts = await opened.enter_async_context(open_system(database_url, clock, pool_size=2))
        shops = {name: await open_shop(parts, clock, slug=name) for name, _ in ORDER}
        for name, shop in shops.items():
            await _appoint(shop, name, seal)
        await owner.execute(
            "ALTER TABLE standby.customers ADD CONSTRAINT unlucky CHECK (name NOT LIKE '%Uheldig')"
        )
        web = await opened.enter_async_context(running("web", cwd=tmp_path, env=env))
        work = await opened.enter_async_context(running("work", cwd=tmp_path, env=env))
        address = (await web.says("serving"))["address"]
        day = Day(shops, guests, kept, twilio, owner, address, erp.address())
        for name in shops:
            erp.next(Echoes(500, takes=True))  # Its answer is kept for the salon alone.
            await day.live(name)
        await until(owner, TOLD)
        await _operate(day, env)
        arguments = [" ".join(one.cmdline()) for process in (web, work) for one in _family(process)]
        doctor = await run("doctor", cwd=tmp_path, env=env)
        await _learn_what_is_stored(kept, owner)
        for process in (web, work):
            assert await process.stop() == 0, process.log
        said = "\n".join([web.log, work.log, *arguments, doctor.said, capfd.readouterr().out])

    assert kept.told_too_much() == []
    people = {mark for some in guests.values() for one in some for mark in one.marks()} | {"boss@"}
    # Everything was loud enough to be heard.
    for event in ("serving", "unexpected_error", "job_completed", "filled"):
        assert f'"event": "{event}"' in said, event
    assert [kept.secrets[value] for value in kept.secrets if value in said] == []
    assert [mark for mark in people if mark in said] == []
    for other in ("ours", "theirs"):
        foreign = {mark for one in guests[other] for mark in one.marks()}
        salon = {str(shops[other].salon.id)}  # Whose a job is, operators are told; by an id alone.
        answers = [(who, answer) for who, answer in kept.answers if other not in who]
        assert len(answers) > 40
        assert [
            (who, mark, answer.request.url.path)
            for who, answer in answers
            for mark in (foreign if who == "operator" else foreign | salon)
            if mark in said_by(answer)
        ] == []


ORDER = (("ours", 0), ("theirs", 500))


@asynccontextmanager
async def _login(owner: asyncpg.Connection, url: str, kept: Kept) -> AsyncIterator[str]:
    """The database's address for a login of its own, with its password in it."""
    name, password = f"canary_{token_hex(4)}", kept.learn("the database's password", token_hex(16))
    await owner.execute(f"CREATE ROLE {name} LOGIN NOINHERIT PASSWORD '{password}'")
    try:
        await owner.execute(f"GRANT standby_app, standby_worker TO {name}")
        parts = urlsplit(url)
        yield f"{parts.scheme}://{name}:{password}@{parts.netloc.rpartition('@')[2]}{parts.path}?{parts.query}"
    finally:
        await owner.execute(f"DROP ROLE {name}")


def _surroundings(kept: Kept, folder: Path, url: str, twilio: FakeTwilio) -> dict[str, str]:
    kept.learn("a provider's token", TWILIO_TOKEN)
    kept.learn("a password", PASSWORD)
    own = {
        "SECRET_KEY": token_hex(32),
        "SEALING_KEYS": Fernet.generate_key().decode(),
        "CRON_KEY": token_hex(16),
        "METRICS_TOKEN": token_hex(16),
        "GOOGLE_CLIENT_SECRET": token_hex(16),
    }
    for name, value in own.items():
        kept.learn(name, value)
    more = {
        "GOOGLE_CLIENT_ID": "us",
        "TWILIO_API": twilio.url,
        "ALLOW_PRIVATE_TARGETS": "127.0.0.1",
        "POOL_SIZE": 2,
        "PUBLIC_REQUESTS_PER_ADDRESS": 0,  # All of them come from here, one after the other.
    }
    loud = {"LOG_LEVEL": "debug", "PORT": 0}
    return settings(folder, DATABASE_URL=url, **own, **more, **loud) | {"QUEUE_LOG_LEVEL": "debug"}


async def _appoint(shop: Shop, name: str, seal: Seal) -> None:
    sender = Sender("twilio", NUMBERS[name], {"account_sid": "AC1"}, {"auth_token": TWILIO_TOKEN})
    async with shop.transaction() as tx:
        await senders.appoint(tx, "sms", sender, seal=seal, now=shop.clock())
        rules = {"channel_order": ["sms"], "reminders": "none", **NO_QUIET_HOURS}
        await tenants.set_policy(tx, None, rules)


async def _operate(day: Day, env: Mapping[str, str]) -> None:
    """An operator looks at everything that they may."""
    secret = env["STANDBY_SECRET_KEY"].encode()
    token = issue_token(secret, Operator("op"), now=wall_clock.now(), lifetime=timedelta(hours=1))
    day.kept.learn("an operator's token", token)
    async with day.kept.asking("operator", day.address, Authorization=f"Bearer {token}") as operator:
        for path in ("/api/admin/queues", "/api/admin/workers", "/api/admin/queue-health", "/admin/queues"):
            assert (await operator.get(path)).status_code == 200, path
        for state in ("failed", "completed"):
            listed = await operator.get(
                "/api/admin/queues/waitlist.notification/jobs", params={"state": state}
            )
            for job in listed.json()["items"]:
                await operator.get(f"/api/admin/jobs/{job['id']}")
    metrics = {"Authorization": f"Bearer {env['STANDBY_METRICS_TOKEN']}"}
    async with day.kept.asking("metrics", day.address, **metrics) as scraper:
        scraped = await scraper.get("/metrics")
        assert "standby_" in scraped.text


async def _learn_what_is_stored(kept: Kept, owner: asyncpg.Connection) -> None:
    for row in await owner.fetch("SELECT password_hash FROM standby.users WHERE password_hash IS NOT NULL"):
        kept.learn("a password's hash", row["password_hash"])
    for table, column in (
        ("sessions", "token_hash"),
        ("api_keys", "key_hash"),
        ("refresh_tokens", "token_hash"),
    ):
        for row in await owner.fetch(f"SELECT {column} AS kept FROM standby.{table}"):  # noqa: S608 - of this list
            kept.learn(f"a hash of {table}", row["kept"].hex())


def _family(process: Running) -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]
