"""The command `standby import`: reads files, reports what is wrong, writes what is good, and says what became of it."""

from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from standby import clock
from standby.database.pool import APP, Tx, open_pool
from standby.importing.book import Book
from standby.importing.known import known_book
from standby.importing.reading import read_book
from standby.importing.writing import ImportReport, write_book
from standby.tenants import tenants
from standby.tenants.scope import tenant_transaction

# Nothing imported: there are problems, and nobody said to leave the bad rows out, or a whole file can't be read.
Outcome: TypeAlias = Literal["imported", "rows left out", "nothing imported"]


async def import_files(
    url: str, salon: str, files: list[Path], *, skip_bad: bool, month_first: bool, console: Console
) -> Outcome:
    """Imports the files into the salon of this short name.

    Raises TenantNotFound and BookChanged.
    """
    async with open_pool(url, role=APP, size=1, name="standby import") as pool:
        found = await tenants.find_by_slug(pool, salon)
        async with tenant_transaction(pool, found.id) as tx:
            now = clock.now()
            book = read_book(
                files,
                timezone=found.zone,
                country=found.country,
                now=now,
                known=await known_book(tx),
                date_order="mdy" if month_first else "dmy",
            )
            _tell(console, *book.problems, *book.notes)
            if book.unusable or (book.problems and not skip_bad):
                _tell(console, *_refusal(book))
                return "nothing imported"
            report = await _write(tx, book, now, console)
    _tell(console, *_summary(book, report))
    return "rows left out" if book.problems else "imported"


async def _write(tx: Tx, book: Book, now: datetime, console: Console) -> ImportReport:
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("")
        return await write_book(
            tx,
            book,
            now=now,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _refusal(book: Book) -> list[str]:
    nothing = f"{_problems(book)}. Nothing was imported."
    if book.unusable:
        files = ", ".join(book.unusable)
        return [
            nothing,
            f"No row of {files} can be read. Mend that first: --skip-bad leaves out rows, not files.",
        ]
    return [nothing, "Mend the files, or add --skip-bad to leave those rows out."]


def _summary(book: Book, report: ImportReport) -> list[str]:
    lines = [
        f"{kind}: {counts.new} new, {counts.updated} updated, {counts.unchanged} unchanged"
        for kind, counts in report.kinds.items()
    ]
    if not report.changed:
        these = "all of the other rows were" if book.problems else "all of this was"
        lines.append(
            f"Nothing has changed: {these} here already." if report.kinds else "There was nothing to import."
        )
    if report.opt_outs:
        lines.append(
            f"{report.opt_outs} consents were not taken over, for those customers have opted out since."
        )
    if book.problems:
        lines.append(f"{_problems(book)}; those rows were left out.")
    return lines


def _problems(book: Book) -> str:
    rows = len({(problem.file, problem.line) for problem in book.problems})
    problems = "1 problem" if len(book.problems) == 1 else f"{len(book.problems)} problems"
    return f"{problems} in {'1 row' if rows == 1 else f'{rows} rows'}"


def _tell(console: Console, *lines: object) -> None:
    for line in lines:
        console.print(str(line), markup=False, highlight=False, soft_wrap=True)
