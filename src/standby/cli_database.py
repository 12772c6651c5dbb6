"""The commands about the database behind it: its address, its end, a backup and the way back."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal
from rich.markup import escape

from standby.console import database, err, fail, out, read_settings

database_app = typer.Typer(help="The database behind it.", no_args_is_help=True)


@database_app.command("url")
def print_url() -> None:
    """Prints the database's address, for psql and other tools: psql "$(standby database url)".

    A database of Standby's own is started if need be, and stays up until `standby database stop`.
    """
    with database(read_settings(), keep=True) as url:
        sys.stdout.write(url + "\n")


@database_app.command("stop")
def stop_database() -> None:
    """Stops the database that `standby database url` left running, unless somebody uses it."""
    from standby.database import embedded

    settings = read_settings()
    if settings.database_url:
        fail("The database is not Standby's own (DATABASE_URL is set), so it is not Standby's to stop.")
    try:
        came_of_it = embedded.stop_unless_used(settings.data_dir)
    except embedded.EmbeddedServerError as error:
        fail(str(error))
    match came_of_it:
        case "stopped":
            out.print("[green]✓[/] Stopped")
        case "not running":
            out.print("[green]✓[/] It was not running")
        case "in use":
            pids = ", ".join(map(str, embedded.users(settings.data_dir)))
            fail(f"Another process of Standby uses it{f' ({pids})' if pids else ''}; end that, and it stops.")


@database_app.command("backup")
def back_up(
    file: Annotated[Path, typer.Argument(help="Where to; a new file.", dir_okay=False)],
) -> None:
    """Writes everything of this moment to one file, while everybody goes on working.

    The keys are not in it: STANDBY_SECRET_KEY and STANDBY_SEALING_KEYS, or else secret.key and sealing.key in the data
    directory.
    """
    from standby.database import backup

    with database(read_settings()) as url, err.status("Writing the backup"):
        size = backup.back_up(url, file)
    out.print(f"[green]✓[/] {escape(str(file))}, {decimal(size)}", soft_wrap=True)
    err.print(
        "Keep the keys too, somewhere else: without them credentials can't be opened, and links end.",
        soft_wrap=True,
    )


@database_app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="What standby database backup wrote.", dir_okay=False)],
) -> None:
    """Fills an empty database from a backup, and brings it to what this version needs. Stop web and workers first."""
    from standby.database import backup

    with database(read_settings()) as url, err.status("Reading the backup"):
        newest = backup.restore(url, file)
    out.print(f"[green]✓[/] Restored from {escape(str(file))}", soft_wrap=True)
    if newest is not None:
        out.print(f"  The last thing that it knows of happened at {newest:%F %T %Z}.")
        err.print(
            "What was sent since then may go out again: see docs/operations.md before you start a worker."
        )
