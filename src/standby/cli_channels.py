"""The commands about channels: by what, and through whom, a salon sends; and whether it works."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from standby.console import database, err, fail, of_salon, out, read_settings, run

if TYPE_CHECKING:
    import asyncpg

channel_app = typer.Typer(help="By what, and through whom, a salon sends.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The salon's short name, as in addresses.")]
ChannelName: TypeAlias = Literal["whatsapp", "sms", "email"]
# Whether answers of customers have ever come to us, by providers that pass them on.
HEARS = {
    (provider, heard): f"answers {'arrive' if heard else 'have not arrived yet (standby channel webhooks)'}"
    for provider in ("whatsapp", "twilio")
    for heard in (True, False)
}
Channel = Annotated[ChannelName, typer.Argument(help="whatsapp, sms or email.")]


@channel_app.command("set")
def set_sender(
    salon: Slug,
    channel: Channel,
    provider: Annotated[str, typer.Option(help="Who sends: whatsapp (Meta), twilio, sendgrid or smtp.")],
    address: Annotated[str, typer.Option(help="The number or mailbox that customers see.")],
    option: Annotated[
        list[str] | None, typer.Option(help="What else the provider needs, as name=value; may be repeated.")
    ] = None,
    secrets: Annotated[
        typer.FileText | None, typer.Option(help="A file with lines of name=value; - is the input.")
    ] = None,
) -> None:
    """Sets the salon's own sender for a channel. Secrets are asked for unless a file has them, and kept sealed."""
    from standby import clock
    from standby.messages.sealing import Seal
    from standby.messages.senders import PROVIDERS, Sender, appoint

    settings = read_settings()
    needs = PROVIDERS.get(provider)
    if secrets is not None:
        given = _pairs(secrets, secret=True)
    else:
        given = {name: typer.prompt(name, hide_input=True) for name in (needs.secrets if needs else ())}
    sender = Sender(provider, address, _pairs(option or []), given)

    async def work(url: str) -> None:
        async with of_salon(url, salon) as tx:
            await appoint(tx, channel, sender, seal=Seal(settings.seal_keys()), now=clock.now())

    with database(settings, migrated=True) as url:
        run(work(url))
    out.print(f"[green]✓[/] {escape(salon)} sends {channel} by {provider} as {escape(address)}")
    err.print(f"Try it: standby channel test {channel} --salon {salon} --to …", soft_wrap=True)


@channel_app.command("list")
def list_senders(salon: Slug) -> None:
    """Shows the salon's own senders, and what pauses them. Channels without one are the installation's."""
    from standby import clock
    from standby.messages.senders import appointed

    async def work(url: str) -> "list[asyncpg.Record]":
        async with of_salon(url, salon) as tx:
            return await appointed(tx, now=clock.now())

    with database(read_settings(), migrated=True) as url:
        senders = run(work(url))
    for sender in senders:
        _print_sender(sender)
    if not senders:
        out.print("It has no senders of its own; the installation sends for it.")


def _print_sender(sender: "asyncpg.Record") -> None:
    out.print(f"[bold]{sender['channel']}[/] by {sender['provider']}", highlight=False)
    # In one piece, however narrow the terminal is: they are compared with the provider's, and copied.
    for line in (sender["address"], *(f"{name}={value}" for name, value in sender["options"].items())):
        out.print(f"  {line}", soft_wrap=True, markup=False, highlight=False)
    state = (
        f"paused until {sender['paused_until']:%F %T %Z}: {sender['reason']}"
        if sender["paused"]
        else "in use"
    )
    for line in (state, HEARS.get((sender["provider"], sender["heard_at"] is not None))):
        if line is not None:
            out.print(Padding(Text(line), (0, 0, 0, 2), expand=False))


@channel_app.command("remove")
def remove_sender(salon: Slug, channel: Channel) -> None:
    """Takes the salon's own sender for a channel away; the installation's serves it then, if there is one."""
    from standby import clock
    from standby.messages.senders import dismiss

    async def work(url: str) -> bool:
        async with of_salon(url, salon) as tx:
            return await dismiss(tx, channel, now=clock.now())

    with database(read_settings(), migrated=True) as url:
        there = run(work(url))
    if not there:
        fail(f"{salon} has no sender of its own for {channel}.")
    out.print(f"[green]✓[/] {escape(salon)} has no sender of its own for {channel} any more")


@channel_app.command("test")
def try_sender(
    channel: Channel,
    salon: Annotated[str, typer.Option(help="The salon that sends.")],
    to: Annotated[
        str, typer.Option(help="The number (like +47 412 34 567) or mailbox that gets the message.")
    ],
    template: Annotated[
        str, typer.Option(help="By WhatsApp: the approved template to send, as name or name/language.")
    ] = "hello_world/en_US",
) -> None:
    """Sends one real message as the salon would, and says what the provider said. Exits with 1 unless it took it."""
    from standby.channel_trial import try_out

    settings = read_settings()
    with database(settings, migrated=True) as url:
        outcome = run(try_out(settings, url, salon, channel, to, template))
    if outcome.taken:
        out.print(f"[green]✓[/] {escape(outcome.said)}", soft_wrap=True)
    else:
        fail(outcome.said)


@channel_app.command("templates")
def print_templates(
    salon: Annotated[
        str | None,
        typer.Option(help="In this salon's language, and with its own texts; otherwise ours, in all."),
    ] = None,
) -> None:
    """Prints the templates to have approved by WhatsApp, in Meta's Business Manager: category utility."""
    from standby.messages import texts

    async def work(url: str, slug: str) -> list[texts.Template]:
        async with of_salon(url, slug) as tx:
            return await texts.of_salon(tx)

    if salon is None:
        templates = texts.ours()
    else:
        with database(read_settings(), migrated=True) as url:
            templates = run(work(url, salon))
    for template in templates:
        out.print(f"[bold]{template.name}[/] ({template.language})", highlight=False)
        out.print(template.text, highlight=False, markup=False, soft_wrap=True)
        if template.buttons:
            out.print(f"[dim]quick replies:[/] {escape(' | '.join(template.buttons))}", highlight=False)
        out.print()


@channel_app.command("webhooks")
def print_webhooks() -> None:
    """Prints the addresses that providers are to call when customers answer, and what Meta wants to know besides."""
    from standby.web.webhooks import verify_token

    settings = read_settings()
    for provider, where in (
        ("whatsapp", "Meta: the app's WhatsApp configuration; subscribe to messages"),
        ("twilio", "Twilio: the number or messaging service, a message comes in"),
        ("sendgrid", "SendGrid: event webhook, signed; its key is the option verification_key"),
    ):
        out.print(where, highlight=False)
        # In one piece, however narrow the terminal is: they are copied from there.
        out.print(f"  {settings.public_url}/webhooks/{provider}", soft_wrap=True)
        if provider == "whatsapp":
            out.print(f"  verify token: {verify_token(settings.signing_key().encode())}", soft_wrap=True)


@channel_app.command("reseal")
def reseal_secrets() -> None:
    """Seals all that is sealed anew with the first of STANDBY_SEALING_KEYS; the other keys can go then.

    That is salons' credentials with providers and calendars, and what makes the codes of users' second factors.
    """
    from standby.accounts import second_factor
    from standby.calendars import links
    from standby.database.pool import WORKER, open_pool
    from standby.messages.sealing import CannotOpen, Seal
    from standby.messages.senders import reseal
    from standby.webhooks import endpoints

    settings = read_settings()

    async def work(url: str) -> tuple[int, int, int, int]:
        seal = Seal(settings.seal_keys())
        async with open_pool(url, role=WORKER, size=1, name="standby cli") as pool:
            return (
                await reseal(pool, seal),
                await links.reseal(pool, seal),
                await endpoints.reseal(pool, seal),
                await second_factor.reseal(pool, seal),
            )

    with database(settings, migrated=True) as url:
        try:
            number, calendars, webhooks, factors = run(work(url))
        except CannotOpen as error:
            fail(str(error))
    told = [_counted(number, "sender"), _counted(calendars, "calendar"), _counted(webhooks, "webhook")]
    out.print(
        f"[green]✓[/] Sealed the credentials of {', '.join(told)} and {_counted(factors, 'second factor')} anew"
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _pairs(lines: Iterable[str], *, secret: bool = False) -> dict[str, str]:
    """name=value, one a line; blank lines and those that begin with # are left out."""
    pairs = {}
    for number, line in enumerate(lines, 1):
        name, there, value = line.strip().partition("=")
        if not name or name.startswith("#"):
            continue
        if not there:
            # The whole line may be the secret, which belongs on no terminal.
            fail(f"{f'Line {number} of the secrets' if secret else repr(name)} should be name=value.")
        pairs[name.strip()] = value.strip()
    return pairs
