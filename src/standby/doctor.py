"""`standby doctor`: looks at everything, says what is wrong and what to do about it."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from urllib.parse import urlsplit

import asyncpg
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from standby import clock, wiring
from standby.database.migrate import MigrationError, everything, pending
from standby.database.pool import CONNECTION_LOST, WORKER, connect
from standby.messages.sealing import CannotOpen
from standby.messages.senders import Senders
from standby.settings import Settings
from standby.waitlist.policy import CHANNELS

LATE = timedelta(minutes=1)  # a deadline that passed longer ago is being watched by nobody
CONSOLE = "console"  # the channel that keeps what it is given
THIS_MACHINE = frozenset({"127.0.0.1", "::1", "0.0.0.0", "localhost"})  # noqa: S104  # Looked for, not listened on.


class Level(Enum):
    """How bad a finding is. A problem: something is broken, or nothing is offered or sent."""

    FINE = "[green]✓[/]"
    WARNING = "[yellow]![/]"
    PROBLEM = "[red]✗[/]"


FINE, WARNING, PROBLEM = Level


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    what: str
    advice: str = ""


async def examine(settings: Settings, url: str, console: Console) -> bool:
    """Prints the report; returns whether there is no problem."""
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column()
    levels = Counter[Level]()
    async for finding in _findings(settings, url):
        levels[finding.level] += 1
        advice = f"\n[dim]{finding.advice}[/]" if finding.advice else ""
        table.add_row(finding.level.value, finding.what + advice)
    console.print(table)
    console.print(verdict(problems=levels[Level.PROBLEM], warnings=levels[Level.WARNING]))
    return not levels[Level.PROBLEM]


def verdict(*, problems: int, warnings: int) -> str:
    """The last line."""
    warned = _counted(warnings, "warning")
    if problems:
        return f"[red]{_counted(problems, 'problem')}{f' and {warned}' if warnings else ''}; see above.[/]"
    return f"[yellow]It works, with {warned}; see above.[/]" if warnings else "[green]All is well.[/]"


async def _findings(settings: Settings, url: str) -> AsyncIterator[Finding]:
    try:
        missing = await pending(url, role=WORKER)
    except MigrationError as error:
        yield Finding(PROBLEM, escape(str(error)))
        return
    if missing == await everything():
        yield Finding(
            PROBLEM,
            "The database is not set up yet",
            "Run: standby migrate (or standby serve, which does it too)",
        )
        return
    if missing:
        yield Finding(PROBLEM, f"The database lacks {', '.join(missing)}", "Run: standby migrate")
        return
    async with connect(url, role=WORKER, name="standby doctor") as connection:
        yield Finding(FINE, f"PostgreSQL {await connection.fetchval('SHOW server_version')}, migrated")
        if settings.database_url is not None:
            async for finding in _login_findings(connection):
                yield finding
        async for finding in _database_findings(connection):
            yield finding
    async for finding in _channel_findings(settings, url):
        yield finding


async def _login_findings(connection: asyncpg.Connection) -> AsyncIterator[Finding]:
    if await connection.fetchval(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user"
    ):
        yield Finding(
            WARNING,
            "Standby's login may do everything; it takes a lesser role itself",
            "Give it a login of its own, as README shows under “Run it for real”.",
        )


async def _webhook_findings(connection: asyncpg.Connection) -> AsyncIterator[Finding]:
    for one in await connection.fetch("SELECT * FROM failing_webhooks()"):
        what = f"{one['slug']}: the webhook at {urlsplit(one['url']).hostname}"  # The rest may be a secret.
        if one["disabled_reason"] is not None:
            yield Finding(
                WARNING,
                escape(f"{what} was switched off ({one['disabled_reason']})"),
                "The salon switches it on again (PATCH /api/webhooks/…), or deletes it.",
            )
        else:
            yield Finding(
                WARNING,
                escape(
                    f"{what} has failed since {one['failing_since']:%F %T %Z}; {one['pending']} events wait"
                ),
                "GET /api/webhooks/…/deliveries says what it answers.",
            )


async def _database_findings(connection: asyncpg.Connection) -> AsyncIterator[Finding]:
    broken = await connection.fetch("SELECT * FROM broken_invariants($1, $2)", clock.now(), LATE)
    for one in broken[:20]:
        yield Finding(
            PROBLEM,
            escape(f"{one['invariant']}: {one['details']} (tenant {one['tenant_id']}, id {one['id']})"),
            "If it stays after a minute with a worker running, please report it.",
        )
    if not broken:
        yield Finding(FINE, "Every promise about slots, offers, entries, bookings and messages holds")
    uncertain = await connection.fetch("SELECT * FROM uncertain_messages()")
    if uncertain:
        again = sum(1 for one in uncertain if one["resends"])
        yield Finding(
            WARNING,
            f"{len(uncertain)} messages may or may not have gone out; {again} of them were sent again",
            f"The newest: {uncertain[0]['kind']} {uncertain[0]['id']}",
        )
    unread = await connection.fetchval("SELECT unreadable_callbacks()")
    if unread:
        yield Finding(
            WARNING,
            f"{unread} requests of providers could not be read, five times each",
            "The worker's log says why.",
        )
    letters = await connection.fetchrow("SELECT * FROM unsent_letters($1)", clock.now() - timedelta(days=7))
    if letters is not None and letters["number"]:
        yield Finding(
            WARNING,
            escape(
                f"{letters['number']} mails about accounts have not gone out this week: {letters['reason']}"
            ),
            "They go by the installation's own server: STANDBY_SMTP_URL and STANDBY_EMAIL_FROM.",
        )
    for one in await connection.fetch("SELECT * FROM used_up_quotas($1)", clock.now()):
        yield Finding(
            WARNING,
            escape(
                f"{one['slug']}: {one['channel']}: the quota of {one['month']:%Y-%m} is used up "
                f"({one['messages']} of {one['monthly_limit']} messages)"
            ),
            f"More: standby channel quota {one['slug']} {one['channel']} --limit …",
        )
    async for finding in _webhook_findings(connection):
        yield finding
    async for finding in _queue_findings(connection):
        yield finding


async def _queue_findings(connection: asyncpg.Connection) -> AsyncIterator[Finding]:
    failed = await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE status = 'failed'")
    if failed:
        yield Finding(WARNING, f"{failed} jobs have failed for good", "standby queue failed QUEUE shows why.")
    for one in await connection.fetch("SELECT queue, paused_at, paused_by FROM queue_pauses ORDER BY queue"):
        yield Finding(
            WARNING,
            escape(f"{one['queue']} is paused by {one['paused_by']} since {one['paused_at']:%F %T %Z}"),
            f"To let it run: standby queue resume {one['queue']}",
        )
    working = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = 'standby timers' AND datname = current_database()"
    )
    if working:
        yield Finding(FINE, f"{working} worker{'s' if working > 1 else ''} at work")
    else:
        yield Finding(
            PROBLEM, "No worker is running: nothing is offered or sent", "Run: standby serve (or work)"
        )


async def _channel_findings(settings: Settings, url: str) -> AsyncIterator[Finding]:
    async with wiring.system(settings, url) as system:
        stays = [name for name, channel in system.channels.items() if channel.name == CONSOLE]
        lacking = [name for name in CHANNELS if name not in system.channels]
        sends = {name: channel for name, channel in system.channels.items() if channel.name != CONSOLE}
        own = await system.senders.own()
        for name, channel in sends.items():
            yield _looked_at(f"{name}: {channel.name}", await channel.check(), "Check STANDBY_SMTP_URL.")
        for row in own:
            advice = f"If its credentials are wrong: standby channel set {row['slug']} {row['channel']}"
            for_whom = f"{row['slug']}: {row['channel']}: {row['provider']}"
            yield _looked_at(for_whom, await _problem_of(system.senders, row), advice)
            if row["paused_until"] is not None and row["paused_until"] > clock.now():
                paused = f"{for_whom} is not used until {row['paused_until']:%F %T %Z}"
                yield Finding(WARNING, escape(f"{paused}: {row['reason']}"))
    if not sends and not stays and not own:
        yield Finding(
            PROBLEM,
            "No channel is set up: nobody can be told of an offer, so each ends as undelivered",
            "Set STANDBY_SMTP_URL and STANDBY_EMAIL_FROM, or a salon's own sender with standby channel set, or "
            "STANDBY_CONSOLE_CHANNELS to try things out.",
        )
        return
    if stays:
        yield Finding(
            WARNING,
            f"{', '.join(stays)}: printed on the worker's terminal, not sent; it counts as sent all the same",
            "For trying things out only: see STANDBY_CONSOLE_CHANNELS.",
        )
    if lacking:
        yield Finding(
            WARNING,
            f"{', '.join(lacking)}: no provider is set up for salons without a sender of their own",
            "Who agreed to nothing else can't be reached by them: give them one with standby channel set.",
        )
    if (sends or own) and urlsplit(settings.public_url).hostname in THIS_MACHINE:
        yield Finding(
            PROBLEM,
            f"Links in messages begin with {settings.public_url}, which nobody can open on another machine",
            "Set STANDBY_PUBLIC_URL to where customers reach Standby.",
        )


async def _problem_of(senders: Senders, row: asyncpg.Record) -> str | None:
    try:
        channel = await senders.of(row["tenant_id"], row["channel"])
    except CannotOpen as error:
        return str(error)
    except CONNECTION_LOST:
        raise
    except Exception as error:  # noqa: BLE001  # Its text may have secrets in it.
        return f"it can't be used as it is set: {type(error).__name__}"
    return await channel.check() if channel is not None else "it was taken away just now"


def _looked_at(what: str, problem: str | None, advice: str) -> Finding:
    if problem is None:
        return Finding(FINE, escape(f"{what} answers"))
    return Finding(PROBLEM, escape(f"{what}: {problem}"), advice)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
