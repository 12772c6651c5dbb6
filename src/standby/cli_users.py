"""The commands about users: who may sign in, to what."""

import sys
from typing import Annotated, Final, Literal, TypeAlias

import typer
from rich.markup import escape
from rich.table import Table

from standby.console import database, err, fail, of_salon, out, read_settings, run

user_app = typer.Typer(help="Who may sign in, to what.", no_args_is_help=True)

RoleName: TypeAlias = Literal["owner", "manager", "staff", "viewer"]
NOBODY: Final = "Nobody has an account with {}; add them with `standby user add`"
Email = Annotated[str, typer.Argument(help="Their email.")]


@user_app.command("add")
def add_user(
    email: Email,
    salon: Annotated[str, typer.Option(help="The salon's short name, as in addresses.")],
    role: Annotated[RoleName, typer.Option(help="What they may do there (docs/accounts.md).")] = "owner",
    locale: Annotated[
        Literal["en", "nb"] | None,
        typer.Option(help="The language of their pages and of mails to them.", show_default="the salon's"),
    ] = None,
) -> None:
    """Lets somebody into a salon, and prints a link for them to choose a password, good once and for a day.

    Who has an account already keeps their password; the link is for a new one.
    """
    from standby import clock
    from standby.accounts import first_accounts
    from standby.accounts.permissions import Role

    settings = read_settings()

    async def add(url: str) -> str:
        async with of_salon(url, salon) as tx:
            return await first_accounts.add(tx, email, Role(role), locale=locale, now=clock.now())

    with database(settings, migrated=True) as url:
        token = run(add(url))
    err.print(
        f"[green]✓[/] {escape(email)} is {role} of {escape(salon)}. To choose a password, within a day:"
    )
    sys.stdout.write(f"{settings.public_url}/reset/{token}\n")


@user_app.command("role")
def set_role(
    email: Email,
    salon: Annotated[str, typer.Option(help="The salon's short name, as in addresses.")],
    role: Annotated[
        Literal["owner", "manager", "staff", "viewer", "none"],
        typer.Argument(help="owner, manager, staff, viewer, or none."),
    ],
) -> None:
    """Changes what somebody may do in a salon; none: nothing any more."""
    from standby.accounts import members, users
    from standby.accounts.permissions import Role
    from standby.errors import MemberNotFound

    async def change(url: str) -> None:
        async with of_salon(url, salon) as tx:
            there = {row["email"]: row["user_id"] for row in await members.all_of(tx)}
            user_id = there.get(users.address_of(email))
            if user_id is None:
                raise MemberNotFound(f"{email} does not belong to {salon}")
            if role == "none":
                await members.remove(tx, user_id)
            else:
                await members.set_role(tx, user_id, Role(role))

    with database(read_settings(), migrated=True) as url:
        run(change(url))
    out.print("[green]✓[/] Done")


@user_app.command("operator")
def set_operator(
    email: Email,
    off: Annotated[bool, typer.Option("--off", help="They operate it no more.")] = False,
) -> None:
    """Makes somebody who has an account an operator of this installation. They have to sign in anew."""
    from standby.accounts import first_accounts
    from standby.database.pool import WORKER, open_pool

    async def change(url: str) -> bool:
        async with open_pool(url, role=WORKER, size=1, name="standby cli") as pool:
            return await first_accounts.set_operator(pool, email, is_operator=not off)

    with database(read_settings(), migrated=True) as url:
        if not run(change(url)):
            fail(NOBODY.format(email))
    out.print(f"[green]✓[/] {escape(email)} {'operates it no more' if off else 'is an operator'}")


@user_app.command("link")
def renew_link(email: Email) -> None:
    """Prints another link to choose a password, good once and for a day; links from before end.

    Their password, if they have one, is good until they have chosen another.
    """
    from standby import clock
    from standby.accounts import first_accounts
    from standby.database.pool import APP, open_pool

    settings = read_settings()

    async def renew(url: str) -> str | None:
        async with open_pool(url, role=APP, size=1, name="standby cli") as pool:
            return await first_accounts.renew_link(pool, email, now=clock.now())

    with database(settings, migrated=True) as url:
        token = run(renew(url))
    if token is None:
        fail(NOBODY.format(email))
    err.print(f"[green]✓[/] For {escape(email)}, to choose a password within a day:")
    sys.stdout.write(f"{settings.public_url}/reset/{token}\n")


@user_app.command("no-second-factor")
def remove_second_factor(email: Email) -> None:
    """Switches somebody's second factor and its recovery codes off, who has lost both; they have to sign in anew.

    Make sure that it is they who ask.
    """
    from standby.accounts import first_accounts
    from standby.database.pool import APP, open_pool

    async def change(url: str) -> bool:
        async with open_pool(url, role=APP, size=1, name="standby cli") as pool:
            return await first_accounts.remove_second_factor(pool, email)

    with database(read_settings(), migrated=True) as url:
        if not run(change(url)):
            fail(NOBODY.format(email))
    out.print(f"[green]✓[/] {escape(email)} signs in without a second factor")


@user_app.command("list")
def list_users() -> None:
    """Shows everybody who has an account."""
    from standby.accounts import first_accounts
    from standby.database.pool import WORKER, open_pool

    async def read(url: str) -> list[first_accounts.Listed]:
        async with open_pool(url, role=WORKER, size=1, name="standby cli") as pool:
            return await first_accounts.listed(pool)

    with database(read_settings(), migrated=True) as url:
        users = run(read(url))
    table = Table("email", "salons", "operator", "second factor", "password", box=None)
    for user in users:
        marks = ["✓" if one else "" for one in (user.is_operator, user.second_factor, user.has_password)]
        table.add_row(escape(user.email), escape(user.salons), *marks)
    out.print(table if users else "Nobody has an account yet: standby user add")
