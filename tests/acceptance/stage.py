"""A salon on a real database, its real provider, and the means to stop a process of Standby at an exact step."""

import asyncio
import io
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import httpx
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr
from rich.console import Console

from standby import clock as wall_clock
from standby.bookings import bookings
from standby.channels.smtp import SmtpChannel
from standby.doctor.examination import examine
from standby.settings import Settings
from standby.tenants import tenants
from standby.tenants.customers import Person
from standby.tenants.sign_in import Identity, issue_token
from standby.waitlist import entries
from standby.waitlist.entries import Wish
from standby.waitlist.policy import NO_QUIET_HOURS
from tests.acceptance.processes import PATIENCE, SECRET, Running, running, settings, until
from tests.salon import Clock, Shop, open_shop, open_system

if TYPE_CHECKING:
    from standby.channels.base import Channel

SENDER = "post@example.com"
RECOVERY = 10.0  # seconds from a worker's start until all is as it should be, at most; the aim is 5
LEASE = 2  # seconds until a send whose worker died is looked after
LATE = timedelta(seconds=5)  # what was due longer ago counts as forgotten
COMMIT_LOCK = 20  # an advisory lock's number; any

log = logging.getLogger(__name__)


class WallClock(Clock):
    """The real time, which the processes live in."""

    def __call__(self) -> datetime:
        return wall_clock.now()


class Provider:
    """An SMTP server that takes mails, and falls silent where it is told to."""

    def __init__(self) -> None:
        self.received: list[UUID] = []  # our ids of the messages, as often as they came
        self.tokens: list[str] = []  # of the links in them
        self._silent_at = ""
        self._somebody_waits = asyncio.Event()
        self._speak = asyncio.Event()
        self._transports: set[asyncio.Transport] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Its address, while the block runs."""
        server = await asyncio.get_running_loop().create_server(self._talk_to, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        try:
            yield f"smtp://{host}:{port}"
        finally:
            server.close()
            for transport in self._transports:
                transport.abort()

    def fall_silent(self, where: str) -> None:
        """At "greeting": the connection is accepted, no word is said. At "answer": it has the mail and says nothing."""
        self._silent_at = where
        self._somebody_waits.clear()
        self._speak.clear()

    async def keeps_somebody_waiting(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._somebody_waits.wait()

    def speak(self) -> None:
        """Answers who waits, and everybody from now on."""
        self._silent_at = ""
        self._speak.set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain",))
        assert body
        self.received.append(UUID(mail["Message-ID"].strip("<>").partition("@")[0]))
        self.tokens += re.findall(r"/o/([\w-]+)", body.get_content())
        if self._silent_at == "answer":
            self._somebody_waits.set()
            await self._speak.wait()
        return "250 taken"

    def _talk_to(self) -> asyncio.Protocol:
        return _Mute(self) if self._silent_at == "greeting" else _Talker(self)

    def met(self, transport: asyncio.Transport) -> None:
        self._transports.add(transport)
        if self._silent_at == "greeting":
            self._somebody_waits.set()


class _Mute(asyncio.Protocol):
    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._provider.met(transport)


class _Talker(SMTP):
    def __init__(self, provider: Provider) -> None:
        super().__init__(provider, hostname="localhost")
        self._provider = provider

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._provider.met(transport)
        super().connection_made(transport)


@dataclass(frozen=True)
class Stopped:
    """A process's session in PostgreSQL that waits for what the test holds."""

    pid: int
    owner: asyncpg.Connection

    async def undo(self) -> None:
        """Ends the session, so that what it was doing is rolled back."""
        assert await self.owner.fetchval(
            "SELECT pg_terminate_backend($1, $2)", self.pid, int(1000 * PATIENCE)
        )

    async def cancel(self) -> None:
        """Ends the statement only, as an operator can."""
        assert await self.owner.fetchval("SELECT pg_cancel_backend($1)", self.pid)


@dataclass(frozen=True)
class Lock:
    """What the test holds and processes want."""

    holder: asyncpg.Connection
    owner: asyncpg.Connection

    async def release(self) -> None:
        """Before the block ends."""
        await self.holder.execute("ROLLBACK")

    async def stops_somebody(self) -> Stopped:
        """Waits until PostgreSQL says that a process of Standby waits for it."""
        holder = self.holder.get_server_pid()
        waiting = (
            "SELECT (SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name LIKE 'standby%' AND $1 = ANY (pg_blocking_pids(pid)) LIMIT 1)"
        )
        await until(self.owner, waiting, holder)
        return Stopped(await self.owner.fetchval(waiting, holder), self.owner)


@dataclass
class Stage:
    """Kim has one appointment tomorrow; Kari and Ola wait for one, and can be reached by email only."""

    url: str
    owner: asyncpg.Connection
    shop: Shop
    provider: Provider
    smtp_url: str
    folder: Path
    booking: UUID

    def process(self, command: str, **more: object) -> AbstractAsyncContextManager[Running]:
        """`standby work`, or `web` or `serve` on a free port."""
        return running(command, cwd=self.folder, env=self.settings(**more))

    def settings(self, **more: object) -> dict[str, str]:
        given: dict[str, object] = {
            "DATABASE_URL": self.url,
            "SMTP_URL": self.smtp_url,
            "EMAIL_FROM": SENDER,
            "MESSAGE_LEASE_SECONDS": LEASE,
            "PORT": 0,
            "POOL_SIZE": 2,  # A short rehearsal.
        }
        return settings(self.folder, **given | more)

    async def join(self, name: str) -> None:
        now = self.shop.clock()
        person = Person(name, self.shop.phone(), f"{name.lower()}@example.com", ("email",))
        async with self.shop.transaction() as tx:
            wish = Wish(self.shop.cut, now, now + timedelta(days=14))
            await entries.join(tx, person, wish, now=now, actor="test")

    async def rules(self, **rules: Any) -> None:
        """The salon's rules from now on: email only, no rate to speak of, no night, no reminders; and the given."""
        async with self.shop.transaction() as tx:
            usual = {"channel_order": ["email"], "messages_per_minute": 1000, "reminders": "none"}
            await tenants.set_policy(tx, None, {**usual, **NO_QUIET_HOURS, **rules})

    async def free(self) -> None:
        """The appointment is cancelled; nobody has worked on it yet."""
        await self.shop.cancel(self.booking)

    async def remind(self) -> None:
        """Per, who can be reached by email, has booked two hours ago, and is to be reminded now."""
        await self.rules(reminders="every_2_hours")
        await self.shop.pass_time()
        now = self.shop.clock()
        async with self.shop.transaction() as tx:
            per = Person("Per", self.shop.phone(), "per@example.com", ("email",))
            at = self.shop.tomorrow()
            booking = await bookings.create(
                tx,
                per,
                self.shop.alex,
                self.shop.cut,
                at,
                now=now - timedelta(hours=2),
                actor="test",
                notify=False,
            )
        await self.owner.execute("UPDATE bookings SET remind_at = $2 WHERE id = $1", booking, now)

    async def free_another(self) -> None:
        """One of the day after tomorrow is cancelled too."""
        await self.shop.free_slot(at=self.shop.tomorrow() + timedelta(days=1))

    async def offer(self) -> None:
        """The appointment is cancelled, and Kari has the offer in her mailbox."""
        await self.free()
        await self.shop.run_jobs()
        assert len(self.provider.received) == 1

    async def post(self, process: Running, path: str) -> httpx.Response:
        """Calls a process's API as the salon."""
        token = issue_token(
            SECRET.encode(),
            Identity(self.shop.salon.id, "test"),
            now=self.shop.clock(),
            lifetime=timedelta(hours=1),
        )
        address = (await process.says("serving"))["address"]
        async with httpx.AsyncClient(
            timeout=PATIENCE, headers={"Authorization": f"Bearer {token}"}
        ) as client:
            return await client.post(f"{address}/api/{path}")

    @asynccontextmanager
    async def lock(self, statement: str, *values: object) -> AsyncIterator[Lock]:
        """Holds what the statement locks, in a transaction of its own, while the block runs."""
        holder = await connected(self.url)
        try:
            await holder.execute("BEGIN")
            await holder.execute(statement, *values)
            yield Lock(holder, self.owner)
        finally:
            await holder.close()

    @asynccontextmanager
    async def lock_commits(self, table: str) -> AsyncIterator[Lock]:
        """While the block runs, whoever has changed the table waits with the COMMIT itself."""
        await self.owner.execute(
            "CREATE FUNCTION wait_with_commit() RETURNS trigger LANGUAGE plpgsql AS"
            f" 'BEGIN PERFORM pg_advisory_xact_lock_shared({COMMIT_LOCK}); RETURN NULL; END';"
            f"CREATE CONSTRAINT TRIGGER wait_with_commit AFTER INSERT OR UPDATE ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_with_commit()"
        )
        async with self.lock("SELECT pg_advisory_xact_lock($1)", COMMIT_LOCK) as lock:
            yield lock

    async def recovers(self, worker: Running, good: str, *values: object) -> None:
        """Waits until the statement's first value is true, from the moment on that a worker works again."""
        await worker.says("working")
        seconds = await until(self.owner, good, *values)
        log.info("recovered in %.1f s", seconds)
        assert seconds < RECOVERY

    async def until(self, statement: str, *values: object) -> None:
        """Waits until the statement's first value is true."""
        await until(self.owner, statement, *values)

    async def all_is_well(self) -> None:
        """Nothing is left to do, no promise is broken, `standby doctor` agrees, and no mail came once too often."""
        await self.until("SELECT NOT EXISTS (SELECT FROM pgqueuer)")
        assert await self.owner.fetch("SELECT * FROM broken_invariants(now(), $1)", LATE) == []
        report = io.StringIO()
        looked_at = Settings(
            database_url=self.url,
            data_dir=self.folder,
            smtp_url=SecretStr(self.smtp_url),
            email_from=SENDER,
            public_url="https://book.example.com",
        )
        assert await examine(looked_at, self.url, Console(file=report)), report.getvalue()
        came = Counter(self.provider.received)
        for message in await self.owner.fetch("SELECT id, resends FROM messages"):
            assert came[message["id"]] <= 1 + message["resends"]


@asynccontextmanager
async def open_stage(url: str, folder: Path) -> AsyncIterator[Stage]:
    """The stage on a migrated database, in real time."""
    clock, provider = WallClock(), Provider()
    async with provider.serving() as smtp_url:
        channels: dict[str, Channel] = {"email": SmtpChannel(smtp_url, SENDER, clock)}
        async with open_system(url, clock, channels=channels) as parts:
            shop = await open_shop(parts, clock)
            stage = Stage(url, await connected(url), shop, provider, smtp_url, folder, await shop.book())
            try:
                await stage.rules()
                await stage.join("Kari")
                await stage.join("Ola")
                yield stage
            finally:
                await stage.owner.close()


async def connected(url: str) -> asyncpg.Connection:
    """A connection as the database's owner."""
    connection: asyncpg.Connection = await asyncpg.connect(url, server_settings={"search_path": "standby"})
    return connection
