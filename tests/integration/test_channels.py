"""Which channels there are outside the demo, and that nobody pays for one that isn't set up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from pydantic import SecretStr
from rich.console import Console

from standby.channels.base import Outgoing
from standby.doctor.examination import examine
from standby.jobs.reconcile import heal
from standby.settings import Settings
from standby.wiring import system
from tests.fakes.mailbox import Mailbox, mail_server
from tests.salon import SECRET, Clock, Shop, open_shop


def operated(url: str, **settings: Any) -> Settings:
    """The settings of an installation that serves customers."""
    given: dict[str, Any] = {"database_url": url, "secret_key": SecretStr(SECRET)} | settings
    return Settings(**given)


@asynccontextmanager
async def opened(url: str, told: list[Outgoing] | None = None, **settings: Any) -> AsyncIterator[Shop]:
    """A salon of such an installation; `told` is what the console took."""
    clock = Clock()
    echo = None if told is None else told.append
    async with system(operated(url, **settings), url, clock=clock, echo=echo) as parts:
        yield await open_shop(parts, clock)


async def report(url: str, **settings: Any) -> str:
    """What the doctor says."""
    said = StringIO()
    await examine(operated(url, **settings), url, Console(file=said, width=200))
    return said.getvalue()


async def test_without_a_provider_nobody_is_told_nobody_is_blamed_and_nobody_is_asked_twice(
    database_url: str,
) -> None:
    async with opened(database_url) as shop:
        entries = [(await shop.join(name, email="kari@example.com")).entry_id for name in ("Kari", "Ola")]
        slots = [await shop.free_slot(at=shop.clock() + timedelta(days=day)) for day in range(1, 5)]
        await shop.run_jobs()
        for _ in range(10):
            await shop.pass_time(minutes=5)
            await heal(shop.system.worker_pool, now=shop.clock())
            await shop.run_jobs()
        told = await shop.all("SELECT DISTINCT status FROM messages")
        assert [row["status"] for row in told] == ["failed"]
        offers = await shop.all(
            "SELECT entry_id, slot_id, max(reason) AS reason, count(*) AS times FROM offers GROUP BY 1, 2"
        )
        assert {row["entry_id"] for row in offers} == set(entries)
        assert {(row["reason"], row["times"]) for row in offers} == {("undelivered", 1)}
        for entry in entries:
            row = await shop.one("SELECT status, misses FROM waitlist_entries WHERE id = $1", entry)
            assert (row["status"], row["misses"]) == ("waiting", 0)
        assert {await shop.status_of("slots", slot) for slot in slots} == {"open"}
        assert await shop.broken() == []


async def test_with_a_mail_server_alone_who_has_an_address_gets_mail(database_url: str) -> None:
    mailbox = Mailbox()
    async with (
        mail_server(mailbox) as url,
        opened(database_url, smtp_url=SecretStr(url), email_from="post@example.com") as shop,
    ):
        await shop.join("Ola")
        await shop.join("Kari", email="kari@example.com")
        await shop.free_slot()
        await shop.run_jobs()
        assert [mail["To"] for mail in mailbox.mails] == ["kari@example.com"]
        row = await shop.one(
            "SELECT m.channel, m.provider, o.sent_at FROM messages m JOIN offers o ON o.id = m.offer_id"
            " WHERE m.status = 'sent'"
        )
        assert (row["channel"], row["provider"], row["sent_at"]) == ("email", "smtp", shop.clock())


async def test_the_console_takes_what_its_channels_are_named_for(database_url: str) -> None:
    told: list[Outgoing] = []
    async with opened(database_url, told, console_channels="sms") as shop:
        await shop.join("Kari")
        await shop.free_slot()
        await shop.run_jobs()
        assert [(one.channel, one.link is not None) for one in told] == [("sms", True)]
        row = await shop.one("SELECT status, channel, provider FROM messages")
        assert tuple(row) == ("sent", "sms", "console")


@pytest.mark.parametrize(
    ("settings", "problems", "said"),
    [  # One problem is that no worker runs.
        ({}, 2, "No channel is set up"),
        ({"console_channels": "email"}, 1, "whatsapp, sms: no provider is set up"),
        ({"console_channels": "whatsapp, SMS"}, 1, "whatsapp, sms: printed on the worker's terminal"),
    ],
)
async def test_the_doctor_says_which_channels_reach_nobody(
    *, database_url: str, settings: dict[str, str], problems: int, said: str
) -> None:
    text = await report(database_url, **settings)
    assert (text.count("✗"), text.count(said)) == (problems, 1)
