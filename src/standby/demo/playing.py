"""A demo from its beginning to its end: prepares everything, plays, and takes everything down again."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from rich.console import Console

from standby import clock, wiring
from standby.database.embedded import EmbeddedServerError
from standby.database.migrate import migrate
from standby.database.server import serving
from standby.demo import owner
from standby.demo.database import own_database
from standby.demo.feed import Feed
from standby.demo.live import play_live
from standby.demo.once import Story
from standby.demo.page import day_of, day_router
from standby.demo.place import address, free_port, kept_token, sample_files, settings_of
from standby.demo.salon import LIVE, ONCE, TIMEZONE, Sample, open_salon
from standby.demo.scene import Scene
from standby.demo.terminal import Terminal
from standby.errors import StandbyError
from standby.logs import log_to_stderr
from standby.runtime import serve, stop_on_signals, work
from standby.settings import Settings
from standby.tenants.sign_in import Identity, issue_token
from standby.web.app import create_app
from standby.wiring import System

TOKEN_LIFETIME: Final = timedelta(days=1)


class Stopped(StandbyError):
    """Stopped before it began."""


async def play(*, once: bool, host: str | None, port: int | None, console: Console) -> None:
    """The sample salon, live until somebody stops it; or `once`, one story that is checked in the end.

    Raises StandbyError when it can't be played, or when a check fails.
    """
    stop = stop_on_signals()
    sample_files()
    settings = _on_a_free_port(settings_of(host=host, port=port), once=once, console=console)
    log_to_stderr(settings)
    terminal = Terminal(console, clock.now, ZoneInfo(TIMEZONE))
    async with _prepared(settings, terminal, ONCE if once else LIVE, stop) as (system, sample):
        scene, feed = Scene(system.pool, system.clock, sample.salon), Feed(system.pool, sample.salon)
        token = issue_token(
            system.web.secret,
            Identity(sample.salon.id, "demo"),
            now=system.clock(),
            lifetime=TOKEN_LIFETIME,
        )
        app = create_app(replace(system.web, day=partial(day_of, scene)))
        app.include_router(day_router(scene))
        async with _running(system, app, stop) as listening:
            if once:
                _introduce_story(terminal, sample, listening)
                await Story(terminal, scene, feed, system, listening, token).play(stop)
            else:
                password = await owner.let_in(system, sample.salon)
                _introduce(terminal, sample, settings, password)
                with kept_token(token) as file:
                    terminal.token(token, file)
                    await play_live(terminal, scene, feed, system.phones, system.clock, stop)
    if not once:
        terminal.say("Stopped; nothing of it is left running.")


def _on_a_free_port(settings: Settings, *, once: bool, console: Console) -> Settings:
    """The settings with a port that is free, and links that lead to it unless somebody has said where they lead."""
    wanted = 0 if once and "port" not in settings.model_fields_set else settings.port
    port = free_port(settings.host, wanted)
    if wanted not in (0, port):
        console.print(f"[yellow]Port {wanted} is taken, so this is on {port}[/]")
    chosen: dict[str, Any] = {"port": port}
    if "public_url" not in settings.model_fields_set:
        chosen["public_url"] = address(settings.host, port)
    return settings.model_copy(update=chosen)


@asynccontextmanager
async def _prepared(
    settings: Settings, terminal: Terminal, rules: Mapping[str, int | str], stop: asyncio.Event
) -> AsyncIterator[tuple[System, Sample]]:
    """A system on a database of its own, with the sample salon in it."""
    async with AsyncExitStack() as parts:
        with terminal.busy("Starting PostgreSQL", "PostgreSQL, with a database for this demo alone"):
            server = await _server(parts, settings, stop)
            url = await parts.enter_async_context(own_database(server))
            await migrate(url)
        system = await parts.enter_async_context(wiring.system(settings, url, demo=True))
        began = system.clock()
        with terminal.progress("Importing the sample salon") as progress:
            sample = await open_salon(system.pool, rules, system.clock, progress)
        terminal.good(f"{sample.salon.name} imported from CSV files", system.clock() - began)
        yield system, sample


async def _server(parts: AsyncExitStack, settings: Settings, stop: asyncio.Event) -> str:
    try:
        return parts.enter_context(serving(settings))
    except EmbeddedServerError:
        await asyncio.sleep(
            0.1
        )  # Ctrl-C ends PostgreSQL's own programs too, and then we hear of it ourselves.
        if stop.is_set():
            raise Stopped from None
        raise


@asynccontextmanager
async def _running(system: System, app: FastAPI, stop: asyncio.Event) -> AsyncIterator[str]:
    """Worker and web server at work, at this address, until the block ends; what goes wrong in one ends all."""
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    settings = system.settings
    try:
        async with asyncio.TaskGroup() as parts:
            parts.create_task(work(system, stop))
            parts.create_task(serve(app, settings.host, settings.port, stop, ready=listening.set_result))
            try:
                yield await listening
            finally:
                stop.set()
                system.phones.hang_up()
    except BaseExceptionGroup as group:
        raise _first(group) from group


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _introduce(terminal: Terminal, sample: Sample, settings: Settings, password: str) -> None:
    rules = LIVE
    about = (
        f"{sample.salon.name} is made up: {sample.counts['staff']} stylists, {sample.counts['bookings']} "
        f"appointments, {sample.counts['waitlist']} wishes on the waitlist. When somebody cancels, the best-placed "
        "customer is offered the time. A no, or silence, passes it on to the next."
    )
    window, lead = rules["offer_window_seconds"], rules["reminder_lead_seconds"]
    places = [
        (
            "Open",
            f"{settings.public_url}/demo",
            "the salon’s day, and the customers’ phones: answer for them",
        ),
        (
            "Book",
            f"{settings.public_url}/{sample.salon.slug}",
            "the salon’s own page for its customers; the code comes to the phones",
        ),
        ("API", f"{settings.public_url}/docs", "to read and to try, with the token below"),
        ("Sign in", f"{settings.public_url}/sign-in", f"as {owner.EMAIL} with {password}"),
        (
            "Clock",
            f"an offer stands for {window} s",
            f"15 minutes in a real salon; a reminder comes {lead} s before",
        ),
    ]
    terminal.intro(about, places)


def _introduce_story(terminal: Terminal, sample: Sample, listening: str) -> None:
    about = (
        f"One story at {sample.salon.name}, played by itself: somebody cancels; the first who is asked says no, the "
        "second says nothing, the third says yes."
    )
    window = ONCE["offer_window_seconds"]
    places = [
        ("Server", listening, "the story goes through it, as customers and salons do"),
        ("Clock", f"an offer stands for {window} s", "15 minutes in a real salon"),
    ]
    terminal.intro(about, places)
