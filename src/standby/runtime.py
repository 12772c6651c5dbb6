"""Runs a worker's loops and the web server, and stops them gracefully: what is begun is finished, nothing new taken.

Readings of calendars and imports alone are given up, for they may take minutes, and are put back.
"""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import asyncpg
import structlog
import uvicorn
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pgqueuer.errors import PgqException

from standby import tracing, wiring
from standby.channels.base import Outgoing
from standby.database.migrate import ensure_migrated
from standby.database.pool import CONNECTION_LOST, WORKER, connect
from standby.database.server import revive, serving
from standby.importing.running import Imports
from standby.jobs import reconcile, timers
from standby.jobs.gate import Gate
from standby.jobs.handlers import handlers
from standby.jobs.presence import Presence
from standby.jobs.queue import (
    ASIDE,
    ASIDE_BATCH,
    READINGS,
    READINGS_BATCH,
    WEBHOOKS,
    WEBHOOKS_BATCH,
    build_queue,
    run_queue,
)
from standby.jobs.queues import DELIVER_WEBHOOK, IMPORT, READ_CALENDAR
from standby.jobs.readings import Readings
from standby.jobs.rehearsal import rehearse
from standby.jobs.webhook_lines import Lines
from standby.logs import log_to_stderr
from standby.settings import Settings
from standby.waitlist.policy import CHANNELS
from standby.wiring import System

RECONNECT_SECONDS = 1.0
# Any refusal of PostgreSQL too (a deadlock, a statement that its operator cancelled): the loops begin anew.
LOST = (*CONNECTION_LOST, asyncpg.PostgresError, PgqException)

log = structlog.get_logger()


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM, SIGINT and SIGHUP set. A second SIGTERM or SIGINT ends the process the hard way."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked_to_stop(number: signal.Signals) -> None:
        if number != signal.SIGHUP:  # A closing terminal sends it twice: the shell does, and then the kernel.
            loop.remove_signal_handler(number)
        if not stop.is_set():
            log.info("stopping", signal=number.name)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue  # nohup: it is to outlive the terminal.
        loop.add_signal_handler(number, asked_to_stop, number)
    return stop


async def run(settings: Settings, *, web: bool, worker: bool) -> None:
    """A process of Standby, from its settings to its graceful end at a signal."""
    log_to_stderr(settings)
    tracing.configure(settings)
    stop = stop_on_signals()
    with serving(settings) as url:
        await ensure_migrated(url)
        async with wiring.system(settings, url, echo=_print) as system, asyncio.TaskGroup() as parts:
            app = _application(system) if web else None
            settle(app)
            if worker:
                _tell_of_channels(system)
                parts.create_task(work(system, stop))
            else:
                await warm(system)
            if app is not None:
                parts.create_task(serve(app, settings.host, settings.port, stop))
    log.info("stopped")


def _application(system: System) -> FastAPI:
    from standby.web.app import create_app  # noqa: PLC0415 - half of what a worker would load, and needs nothing of

    return create_app(system.web)


def settle(app: FastAPI | None) -> None:
    """Does at the start what would hold up requests later, and once in a process only.

    Routes are made when the first request looks for its own. And whoever looks for garbage need not look through all
    that stays for good (modules, routes), which takes a fifth of a second each time.
    """
    if app is not None:
        for _ in iter_route_contexts(app.routes):
            pass
    gc.collect()
    gc.freeze()


async def work(system: System, stop: asyncio.Event) -> None:
    """A worker: queue, timers and reconciler, until `stop`. A lost database is waited for, our own started again.

    Raises EmbeddedServerError when our own can't be.
    """
    while not stop.is_set():
        try:
            await _work_while_connected(system, stop)
        except* LOST as lost:
            log.warning("database_lost", errors=[repr(error) for error in lost.exceptions])
            await _pause(stop, RECONNECT_SECONDS)
        if not stop.is_set():
            await asyncio.to_thread(revive, system.settings)


async def serve(
    app: FastAPI, host: str, port: int, stop: asyncio.Event, *, ready: Callable[[str], None] | None = None
) -> None:
    """The web server, until `stop`; requests under way are answered. `ready` is told its address.

    Raises OSError when it can't listen there.
    """
    listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound, port = listener.getsockname()[:2]
    address = f"http://[{bound}]:{port}" if ":" in bound else f"http://{bound}:{port}"
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=3,
            proxy_headers=False,  # web/client_address.py decides whom to believe.
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    log.info("serving", address=address)
    if ready is not None:
        ready(address)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    app.state.web.live.streams.end()  # They would last until uvicorn's patience ends.
    stopping.cancel()
    await serving


async def _work_while_connected(system: System, stop: asyncio.Event) -> None:
    settings, rules = system.settings, system.settings.queue_rules()
    gate = Gate({queue: one.concurrency for queue, one in rules.items()})
    async with (
        # A dequeue that is forgotten is only done again; what handlers change is durable.
        connect(system.url, role=WORKER, name="standby queue", durable=False) as jobs,
        connect(system.url, role=WORKER, name="standby queue aside", durable=False) as jobs_aside,
        connect(system.url, role=WORKER, name="standby queue of readings", durable=False) as jobs_reading,
        connect(system.url, role=WORKER, name="standby queue of webhooks", durable=False) as jobs_webhooks,
        connect(system.url, role=WORKER, name="standby timers") as deadlines,
        Presence(system.worker_pool, system.clock, gate).kept(),
        asyncio.TaskGroup() as loops,
    ):
        await warm(system)
        work = dict(
            handlers(
                system.pool, system.delivery, system.clock, system.calendars, system.webhooks, system.mailing
            )
        )
        work[READ_CALENDAR] = Readings(system.calendars, stop).read
        work[DELIVER_WEBHOOK] = Lines(system.webhooks, stop).send
        work[IMPORT] = Imports(system.pool, system.clock, stop).run
        built = partial(build_queue, gate=gate, rules=rules)
        manager = built(jobs, {name: work[name] for name in work.keys() - ASIDE - READINGS - WEBHOOKS})
        aside = built(jobs_aside, {name: work[name] for name in ASIDE}, aside=True)
        readings = built(jobs_reading, {name: work[name] for name in READINGS}, aside=True)
        webhooks = built(jobs_webhooks, {name: work[name] for name in WEBHOOKS}, aside=True)
        finished = asyncio.Event()

        async def queue() -> None:
            await run_queue(manager)
            finished.set()

        loops.create_task(queue())
        loops.create_task(run_queue(aside, batch=ASIDE_BATCH))
        loops.create_task(run_queue(readings, batch=READINGS_BATCH))
        loops.create_task(run_queue(webhooks, batch=WEBHOOKS_BATCH))
        loops.create_task(system.delivery.keep_leases(finished))
        loops.create_task(
            timers.keep(deadlines, system.clock, poll_seconds=settings.poll_seconds, stop=stop, gate=gate)
        )
        loops.create_task(
            reconcile.keep_healing(
                system.worker_pool,
                system.clock,
                rules,
                _keeping(settings),
                every=settings.reconcile_seconds,
                stop=stop,
            )
        )
        log.info("working")
        await stop.wait()
        for each in (manager, aside, readings, webhooks):
            each.shutdown.set()


def _keeping(settings: Settings) -> reconcile.Keeping:
    days = settings.keep_customers_days
    return reconcile.Keeping(
        timedelta(days=settings.keep_audit_days), None if days is None else timedelta(days=days)
    )


async def warm(system: System) -> None:
    """Opens all connections and has each of them do once what is slow the first time. Raises CONNECTION_LOST."""
    try:
        await rehearse(system.pool, system.clock)
        await system.delivery.rehearse()
    except CONNECTION_LOST:
        raise
    except Exception:  # It only makes the first jobs quicker: it must not keep anybody from working.
        log.exception("rehearsal_failed")


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def _tell_of_channels(system: System) -> None:
    """Says once, at the start, by which channels nobody can be reached."""
    if not system.channels:
        log.warning(
            "no_channel_is_set_up",
            result="nobody can be told of an offer, so each ends as undelivered",
            advice="set STANDBY_SMTP_URL and STANDBY_EMAIL_FROM, or STANDBY_CONSOLE_CHANNELS to try things out",
        )
        return
    for name, channel in system.channels.items():
        log.info("channel", channel=name, provider=channel.name)
    if missing := [name for name in CHANNELS if name not in system.channels]:
        log.info("channels_without_a_provider", channels=", ".join(missing))


def _print(message: Outgoing) -> None:
    """Shows what the console took to whoever tries things out. Not in the log: there is a live link in it."""
    sys.stdout.write(f"{message.channel} to {message.to}: {message.text}\n")
    sys.stdout.flush()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: `stop_on_signals` decides for all loops together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
