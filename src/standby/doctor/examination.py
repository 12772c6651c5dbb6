"""The whole report, from the ground up: what stands on something broken is not looked at."""

from collections import Counter
from collections.abc import AsyncIterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from standby import wiring
from standby.database.migrate import MigrationError, everything, pending
from standby.database.pool import WORKER
from standby.doctor.channels import of_channels
from standby.doctor.findings import PROBLEM, Finding, Level, counted
from standby.doctor.keys import of_keys
from standby.doctor.promises import of_promises
from standby.doctor.surroundings import of_surroundings
from standby.doctor.work import of_work
from standby.settings import Settings


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
    warned = counted(warnings, "warning")
    if problems:
        return f"[red]{counted(problems, 'problem')}{f' and {warned}' if warnings else ''}; see above.[/]"
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
    async with wiring.system(settings, url) as system:
        for part in (
            of_surroundings(system),
            of_keys(system.worker_pool, settings.seal_keys()),
            of_promises(system.worker_pool),
            of_work(system.worker_pool),
            of_channels(system),
        ):
            async for finding in part:
                yield finding
