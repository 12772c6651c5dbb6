"""The command line. Each command reads the settings once, and calls one function elsewhere."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from standby import __version__
from standby.cli_channels import channel_app
from standby.cli_database import database_app
from standby.cli_queues import operator_app, queue_app
from standby.cli_usage import show_usage
from standby.cli_users import RoleName, user_app
from standby.console import database, err, out, read_settings, run
from standby.settings import Settings

app = typer.Typer(
    name="standby",
    help="Fills cancelled appointments from a waitlist.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
tenant_app = typer.Typer(help="Salons in this installation.", no_args_is_help=True)
app.add_typer(tenant_app, name="tenant")
app.add_typer(channel_app, name="channel")
app.add_typer(user_app, name="user")
app.add_typer(queue_app, name="queue")
app.add_typer(operator_app, name="operator")
app.add_typer(database_app, name="database")

Port = Annotated[int | None, typer.Option(min=0, max=65535, help="The port to listen on; 0 is any free one.")]
Host = Annotated[str | None, typer.Option(help="The address to listen on; 0.0.0.0 is every one.")]
Slug = Annotated[str, typer.Argument(help="The salon's short name, as in addresses.")]


@app.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Web server and worker in one process: all that a small installation needs."""
    from standby import runtime

    settings = read_settings(host=host, port=port)
    run(runtime.run(settings, web=True, worker=True), listening=settings)


@app.command()
def web(host: Host = None, port: Port = None) -> None:
    """Only the web server; `standby work` does the rest, on this host or others."""
    from standby import runtime

    settings = read_settings(host=host, port=port)
    run(runtime.run(settings, web=True, worker=False), listening=settings)


@app.command()
def work() -> None:
    """Only a worker: queue, timers and messages. Run as many as you like, on as many hosts."""
    from standby import runtime

    run(runtime.run(read_settings(), web=False, worker=True))


@app.command()
def migrate() -> None:
    """Brings the database to what this version needs. `serve`, `web` and `work` do it by themselves."""
    from standby.database.migrate import migrate as apply

    with database(read_settings()) as url:
        done = run(apply(url))
    out.print("[green]✓[/] " + (f"Applied {', '.join(done)}" if done else "Nothing to do"))


@app.command()
def doctor() -> None:
    """Looks at everything, says what is wrong and what to do; exits with 1 when something is."""
    from standby.doctor.examination import examine

    settings = read_settings()
    with database(settings) as url:
        healthy = run(examine(settings, url, out))
    raise typer.Exit(0 if healthy else 1)


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Play one story by itself, check it, and exit.")
    ] = False,
    host: Host = None,
    port: Port = None,
) -> None:
    """A sample salon, played live: cancelled appointments fill themselves while you watch and join in."""
    from standby.demo import play

    run(play(once=once, host=host, port=port, console=out))


@app.command(name="import")
def import_book(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV files.")
    ],
    salon: Annotated[str, typer.Option(help="The salon's short name, as in addresses.")],
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Import the good rows although some are bad.")
    ] = False,
    month_first: Annotated[
        bool, typer.Option("--month-first", help="Read 3/4/2026 as March 4 instead of 3 April.")
    ] = False,
) -> None:
    """A salon's book from CSV: staff, services, hours, customers, bookings, waitlist (docs/import.md).

    Exits with 0 when everything is imported, 1 when nothing is, and 3 when --skip-bad has left rows out.
    """
    from standby.importing.command import import_files

    settings = read_settings()
    with database(settings, migrated=True) as url:
        outcome = run(
            import_files(url, salon, files, skip_bad=skip_bad, month_first=month_first, console=out)
        )
    raise typer.Exit({"imported": 0, "nothing imported": 1, "rows left out": 3}[outcome])


app.command("usage")(show_usage)


@tenant_app.command("create")
def create_tenant(
    name: Annotated[str, typer.Argument(help="The salon's name, as customers read it.")],
    timezone: Annotated[str, typer.Option(help="Where it is, like Europe/Oslo.")] = "Europe/Oslo",
    currency: Annotated[str, typer.Option(help="Of its prices, in three letters.")] = "NOK",
    country: Annotated[
        str | None,
        typer.Option(
            help="For phone numbers without a prefix, in two letters.",
            show_default="STANDBY_DEFAULT_COUNTRY, which is NO unless set",
        ),
    ] = None,
    locale: Annotated[str, typer.Option(help="Of its messages: en or nb.")] = "en",
    slug: Annotated[
        str | None, typer.Option(help="Its short name in addresses.", show_default="made of the name")
    ] = None,
) -> None:
    """Makes a salon and prints a token to call the API with."""
    from standby import clock
    from standby.database.pool import APP, open_pool
    from standby.tenants import tenants

    settings = read_settings()

    async def create(url: str) -> tenants.Salon:
        async with open_pool(url, role=APP, size=1, name="standby cli") as pool:
            return await tenants.create(
                pool,
                name,
                timezone=timezone,
                currency=currency,
                country=country or settings.default_country,
                locale=locale,
                slug=slug,
                now=clock.now(),
            )

    with database(settings, migrated=True) as url:
        salon = run(create(url))
    err.print(f"[green]✓[/] {escape(salon.name)} is [bold]{salon.slug}[/] ({salon.id})")
    _print_token(settings, salon.slug, salon.id, days=30)


@tenant_app.command("token")
def print_token(
    salon: Slug,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good.")] = 30,
    role: Annotated[RoleName, typer.Option(help="What it may do (docs/accounts.md).")] = "owner",
) -> None:
    """Prints a token to call a salon's API with."""
    from standby.database.pool import APP, open_pool
    from standby.tenants import tenants

    settings = read_settings()

    async def find(url: str) -> tenants.Salon:
        async with open_pool(url, role=APP, size=1, name="standby cli") as pool:
            return await tenants.find_by_slug(pool, salon)

    with database(settings, migrated=True) as url:
        found = run(find(url))
    _print_token(settings, found.slug, found.id, days=days, role=role)


def main() -> None:
    """The program `standby`."""
    app(prog_name="standby")


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit


def _print_token(
    settings: Settings, slug: str, tenant_id: Any, *, days: int, role: RoleName = "owner"
) -> None:
    from standby import clock
    from standby.accounts.permissions import Role
    from standby.tenants.sign_in import Identity, issue_token

    token = issue_token(
        settings.signing_key().encode(),
        Identity(tenant_id, f"token:{slug}", role=Role(role)),
        now=clock.now(),
        lifetime=timedelta(days=days),
    )
    err.print(f"A token for {slug}, good for {days} days; keep it like a password:")
    sys.stdout.write(token + "\n")
