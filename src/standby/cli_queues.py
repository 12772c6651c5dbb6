"""The commands about queues and operators: what stands where, what failed, and what to do about it."""

import dataclasses
import json
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from standby.console import database, err, fail, out, read_settings, run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from standby.database.pool import Pool
    from standby.jobs.monitor import Standing, Worker
    from standby.jobs.queues import Queue

T = TypeVar("T")
queue_app = typer.Typer(help="The queues: what waits, what failed, pause and resume.", no_args_is_help=True)
operator_app = typer.Typer(help="Who operates this installation.", no_args_is_help=True)

QueueName = Annotated[str, typer.Argument(help="Like waitlist.notification, or notification in short.")]
OneQueue = Annotated[str | None, typer.Argument(help="Like waitlist.notification, or notification in short.")]
EveryQueue = Annotated[bool, typer.Option("--all", help="Every queue.")]
Ids = Annotated[list[int] | None, typer.Argument(help="The failed jobs' numbers.")]
AllOfThem = Annotated[bool, typer.Option("--all", help="Every failed job of the queue.")]
By = Annotated[str, typer.Option(help="Who does it, for others to see.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


@queue_app.command("stats")
def show_stats(as_json: AsJson = False) -> None:
    """How every queue stands, and which workers are at work."""
    from standby import clock
    from standby.jobs import monitor

    async def work(pool: "Pool") -> "tuple[list[Standing], list[Worker]]":
        now = clock.now()
        return await monitor.standings(pool, now=now), await monitor.workers(pool, now=now)

    standings, workers = _as_worker(work)
    if as_json:
        queues = {one.queue.name: _plain(one, leave_out="queue") for one in standings}
        _write(
            {
                "healthy": all(one.healthy for one in standings),
                "queues": queues,
                "workers": [_plain(one) for one in workers],
            }
        )
        return
    table = _table("queue", "waiting", "active", "delayed", "failed", "completed", "oldest")
    for one in standings:
        failed = f"[red]{one.failed}[/]" if one.failed else "0"
        oldest = f"{one.oldest_seconds:.0f} s" if one.waiting else ""
        table.add_row(
            one.queue.name,
            *map(str, (one.waiting, one.active, one.delayed)),
            failed,
            str(one.completed),
            oldest,
        )
    out.print(table)
    for one in standings:
        if one.paused_at is not None:
            who = f"paused by {one.paused_by} since {one.paused_at:%F %T %Z}"
            out.print(f"[yellow]![/] {one.queue.name} is {escape(who)}", soft_wrap=True)
    if not workers:
        out.print("[red]✗[/] No worker has said anything: standby work")
    for worker in workers:
        mark = "[green]✓[/]" if worker.alive else "[red]✗[/] silent since " + f"{worker.beat_at:%F %T}"
        hand = ", ".join(f"{count} of {queue}" for queue, count in worker.in_hand.items()) or "nothing"
        out.print(f"{mark} {escape(worker.host)} {worker.pid}: {hand} in hand", highlight=False)


@queue_app.command("failed")
def show_failed(
    queue: QueueName,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """The failed jobs of a queue, newest first, each with its last error."""
    from standby.jobs import monitor

    async def work(pool: "Pool") -> list[monitor.Listed]:
        return await monitor.jobs(pool, monitor.queue_named(queue), "failed", limit=limit)

    found = _as_worker(work)
    if as_json:
        _write([_plain(one, leave_out="place") for one in found])
        return
    if not found:
        out.print("Nothing has failed.")
        return
    table = _table("number", "job", "since", "error", right=("number",))
    for one in found:
        table.add_row(str(one.id), one.job, f"{one.at:%F %T}", escape(one.error))
    out.print(table)


@queue_app.command("retry")
def retry_failed(queue: QueueName, ids: Ids = None, every: AllOfThem = False, by: By = "cli") -> None:
    """Queues failed jobs anew, these or all of a queue."""
    from standby.jobs import monitor

    which = _which(ids, every=every)
    count = _as_worker(
        lambda pool: monitor.retry(pool, monitor.queue_named(queue), which, by=by), logged=True
    )
    out.print(f"[green]✓[/] {count} queued again")


@queue_app.command("delete")
def delete_failed(queue: QueueName, ids: Ids = None, every: AllOfThem = False, by: By = "cli") -> None:
    """Deletes failed jobs, these or all of a queue."""
    from standby.jobs import monitor

    which = _which(ids, every=every)
    count = _as_worker(
        lambda pool: monitor.delete(pool, monitor.queue_named(queue), which, by=by), logged=True
    )
    out.print(f"[green]✓[/] {count} deleted")


@queue_app.command("pause")
def pause_queue(
    queue: OneQueue = None,
    every: EveryQueue = False,
    by: By = "cli",
) -> None:
    """Lets no worker take from a queue until it is resumed. Its jobs stay, and its deadlines wait."""
    from standby import clock
    from standby.jobs import monitor

    async def work(pool: "Pool") -> None:
        for one in _queues(queue, every=every):
            changed = await monitor.pause(pool, one, by=by, now=clock.now())
            out.print(f"[green]✓[/] {one.name} is paused" + ("" if changed else ", as it was before"))

    _as_worker(work)


@queue_app.command("resume")
def resume_queue(queue: OneQueue = None, every: EveryQueue = False) -> None:
    """Lets a paused queue run again."""
    from standby.jobs import monitor

    async def work(pool: "Pool") -> None:
        for one in _queues(queue, every=every):
            changed = await monitor.resume(pool, one)
            out.print(f"[green]✓[/] {one.name} runs" + ("" if changed else ", as it did before"))

    _as_worker(work)


@queue_app.command("clean")
def clean_completed(
    queue: QueueName,
    older_than: Annotated[int, typer.Option(min=0, help="Seconds since they were done.")] = 0,
    by: By = "cli",
) -> None:
    """Forgets the completed jobs of a queue. The settings do it by themselves in time."""
    from standby import clock
    from standby.jobs import monitor

    before = clock.now() - timedelta(seconds=older_than)
    count = _as_worker(
        lambda pool: monitor.clean(pool, monitor.queue_named(queue), before=before, by=by), logged=True
    )
    out.print(f"[green]✓[/] {count} forgotten")


@operator_app.command("token")
def print_operator_token(
    name: Annotated[str, typer.Argument(help="Who it is for; stands beside what they do.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good.")] = 30,
) -> None:
    """Prints a token that opens /admin and /api/admin: all salons' queues, and none of their rows."""
    from standby import clock
    from standby.operators import Operator, issue_token

    secret = read_settings().signing_key().encode()
    token = issue_token(secret, Operator(name), now=clock.now(), lifetime=timedelta(days=days))
    err.print(f"An operator's token for {escape(name)}, good for {days} days; keep it like a password:")
    sys.stdout.write(token + "\n")


def _as_worker(work: "Callable[[Pool], Awaitable[T]]", *, logged: bool = False) -> T:
    """`logged`: what it does is said on standard error too, in the settings' format, for whoever keeps that."""
    from standby import logs
    from standby.database.pool import WORKER, open_pool

    async def in_pool(url: str) -> T:
        async with open_pool(url, role=WORKER, size=1, name="standby cli") as pool:
            return await work(pool)

    settings = read_settings()
    if logged:
        logs.log_to_stderr(settings)
    with database(settings, migrated=True) as url:
        return run(in_pool(url))


def _queues(queue: str | None, *, every: bool) -> "Sequence[Queue]":
    from standby.jobs import monitor
    from standby.jobs.queues import QUEUES

    if (queue is not None) == every:
        fail("Name a queue (standby queue stats shows them), or say --all.")
    return QUEUES if queue is None else [monitor.queue_named(queue)]


def _which(ids: list[int] | None, *, every: bool) -> list[int] | None:
    """None: all of them."""
    if bool(ids) == every:
        fail("Name the jobs by their numbers (standby queue failed shows them), or say --all.")
    return ids or None


def _table(
    *columns: str, right: tuple[str, ...] = ("waiting", "active", "delayed", "failed", "completed", "oldest")
) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for name in columns:
        table.add_column(
            name, justify="right" if name in right else "left", no_wrap=name not in ("error", "")
        )
    return table


def _plain(thing: Any, *, leave_out: str = "") -> dict[str, Any]:
    return {
        field.name: getattr(thing, field.name)
        for field in dataclasses.fields(thing)
        if field.name != leave_out
    }


def _write(what: Any) -> None:
    sys.stdout.write(json.dumps(what, indent=2, default=_text) + "\n")


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
