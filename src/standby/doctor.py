"""`standby doctor`: looks at everything, says what is wrong and what to do about it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from standby import clock, wiring
from standby.database.migrate import MigrationError, pending
from standby.database.pool import WORKER, connect
from standby.settings import Settings
from standby.waitlist.policy import CHANNELS

LATE = timedelta(minutes=1)  # a deadline that passed longer ago is being watched by nobody
FINE, WORTH_A_LOOK, WRONG = "[green]✓[/]", "[yellow]![/]", "[red]✗[/]"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    mark: str
    what: str
    advice: str = ""


async def examine(settings: Settings, url: str, console: Console) -> bool:
    """Prints the report; returns whether nothing is wrong."""
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column()
    healthy = True
    async for finding in _findings(settings, url):
        healthy = healthy and finding.mark != WRONG
        table.add_row(finding.mark, finding.what + (f"\n[dim]{finding.advice}[/]" if finding.advice else ""))
    console.print(table)
    console.print("[green]All is well.[/]" if healthy else "[red]Something is wrong; see above.[/]")
    return healthy


async def _findings(settings: Settings, url: str) -> AsyncIterator[Finding]:
    try:
        missing = await pending(url, role=WORKER)
    except MigrationError as error:
        yield Finding(WRONG, escape(str(error)), "Check DATABASE_URL, and that the server runs.")
        return
    if missing:
        yield Finding(WRONG, f"The database lacks {', '.join(missing)}", "Run: standby migrate")
        return
    async with connect(url, role=WORKER, name="standby doctor") as connection:
        yield Finding(FINE, f"PostgreSQL {await connection.fetchval('SHOW server_version')}, migrated")
        async for finding in _database_findings(connection):
            yield finding
    async for finding in _channel_findings(settings, url):
        yield finding


async def _database_findings(connection: asyncpg.Connection) -> AsyncIterator[Finding]:
    if await connection.fetchval(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user"
    ):
        yield Finding(
            WORTH_A_LOOK,
            "Standby's login may do everything; it takes a lesser role itself",
            "For a server on a network, give it a login of its own: see README, To run it for real.",
        )
    broken = await connection.fetch("SELECT * FROM broken_invariants($1, $2)", clock.now(), LATE)
    for one in broken[:20]:
        yield Finding(
            WRONG,
            escape(f"{one['invariant']}: {one['details']} (tenant {one['tenant_id']}, id {one['id']})"),
            "If it stays after a minute with a worker running, please report it.",
        )
    if not broken:
        yield Finding(FINE, "Every promise about slots, offers, entries, bookings and messages holds")
    uncertain = await connection.fetch("SELECT * FROM uncertain_messages()")
    if uncertain:
        again = sum(1 for one in uncertain if one["resends"])
        yield Finding(
            WORTH_A_LOOK,
            f"{len(uncertain)} messages may or may not have gone out; {again} of them were sent again",
            f"The newest: {uncertain[0]['kind']} {uncertain[0]['id']}",
        )
    failed = await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE status = 'failed'")
    if failed:
        yield Finding(WORTH_A_LOOK, f"{failed} jobs have failed for good", "The worker's log says why.")
    working = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = 'standby timers' AND datname = current_database()"
    )
    if working:
        yield Finding(FINE, f"{working} worker{'s' if working > 1 else ''} at work")
    else:
        yield Finding(
            WORTH_A_LOOK, "No worker is running: nothing is offered or sent", "Run: standby serve (or work)"
        )


async def _channel_findings(settings: Settings, url: str) -> AsyncIterator[Finding]:
    async with wiring.system(settings, url) as system:
        if not system.channels:
            yield Finding(
                WRONG,
                "No channel is set up: nobody can be told of an offer, so each ends as undelivered",
                "Set STANDBY_SMTP_URL and STANDBY_EMAIL_FROM, or STANDBY_CONSOLE_CHANNELS to try things out.",
            )
            return
        for name, channel in system.channels.items():
            if channel.name == "console":
                yield Finding(
                    WORTH_A_LOOK,
                    f"{name}: printed on the worker's terminal, not sent; it counts as sent all the same",
                    "For trying things out only: see STANDBY_CONSOLE_CHANNELS.",
                )
            elif (problem := await channel.check()) is not None:
                yield Finding(WRONG, escape(f"{name}: {problem}"), "Check STANDBY_SMTP_URL.")
            else:
                yield Finding(FINE, f"{name}: {channel.name} answers")
        if missing := [name for name in CHANNELS if name not in system.channels]:
            yield Finding(
                WORTH_A_LOOK,
                f"{', '.join(missing)}: no provider is set up; who agreed to nothing else can't be reached",
                "Leave them out of the salons' channel_order, and nobody is tried by them.",
            )
