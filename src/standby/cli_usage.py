"""The commands about usage: what a salon has sent in a month, and how much it may."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from standby.cli_channels import Channel, Slug, channel_app
from standby.console import database, fail, of_salon, out, read_settings, run

if TYPE_CHECKING:
    from standby.messages import usage


def show_usage(
    salon: Slug,
    month: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m"], help="Like 2026-11.", show_default="this month")
    ] = None,
) -> None:
    """Shows what a salon has sent in a month, by channel: messages of its quota, and the estimated cost."""
    from standby import clock
    from standby.messages import usage

    async def work(url: str) -> tuple[date, list[usage.ChannelUsage]]:
        async with of_salon(url, salon) as tx:
            first = month.date() if month else await usage.current_month(tx, now=clock.now())
            return first, await usage.of_month(tx, first)

    with database(read_settings(), migrated=True) as url:
        first, channels = run(work(url))
    if not channels:
        out.print(f"{escape(salon)} sent nothing in {first:%Y-%m}, and has no quota.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("channel", no_wrap=True)
    table.add_column("messages", justify="right")
    table.add_column("segments", justify="right", no_wrap=True)
    table.add_column("cost", justify="right")
    for one in channels:
        costs = "\n".join(f"{cost.amount:.2f} {cost.currency}" for cost in one.costs) or "–"
        table.add_row(one.channel, _of_quota(one), str(one.segments), costs)
    out.print(f"{escape(salon)} in {first:%Y-%m}")
    out.print(table)


@channel_app.command("quota")
def set_quota(
    salon: Slug,
    channel: Channel,
    limit: Annotated[str | None, typer.Option(help="Messages a month; none: any number.")] = None,
    unit_cost: Annotated[
        str | None, typer.Option(help="What one costs (of a long SMS, each part), like 0.45.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Of the cost, in three letters.")] = None,
) -> None:
    """Sets how many messages may go out by a channel each month, and what one costs, for the estimate.

    What is left out stays as it is. Without any option it shows what holds, and changes nothing.
    """
    from standby.messages import usage

    named: dict[str, Any] = {}
    if limit is not None:
        named["limit"] = _limit(limit)
    if unit_cost is not None:
        named["unit_cost"] = _price(unit_cost)
    if currency is not None:
        named["currency"] = currency.upper()

    async def work(url: str) -> usage.Quota:
        async with of_salon(url, salon) as tx:
            quota = replace(await usage.find_quota(tx, channel), **named)
            if named:
                await usage.set_quota(tx, channel, quota)
            return quota

    with database(read_settings(), migrated=True) as url:
        quota = run(work(url))
    much = "any number of messages" if quota.limit is None else f"{quota.limit} messages"
    out.print(
        f"{'[green]✓[/] ' if named else ''}{escape(salon)} may send {much} a month by {channel}, "
        f"at {quota.unit_cost.normalize():f} {quota.currency} each"
    )


def _limit(said: str) -> int | None:
    if said.lower() == "none":
        return None
    if not re.fullmatch("[0-9]{1,12}", said):
        fail(f"--limit should be a number of messages like 500, or none, not {said}.")
    return int(said)


def _price(said: str) -> Decimal:
    try:
        return Decimal(said)
    except InvalidOperation:
        fail(f"--unit-cost should be a number like 0.45, not {said}.")


def _of_quota(channel: "usage.ChannelUsage") -> str:
    if channel.limit is None:
        return str(channel.messages)
    said = f"{channel.messages} of {channel.limit}"
    return f"[red]{said}[/]" if channel.left == 0 else said
