"""Whether every channel reaches somebody, and every provider takes what it is given."""

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import asyncpg
from rich.markup import escape

from standby import clock
from standby.database.pool import CONNECTION_LOST
from standby.doctor.findings import FINE, PROBLEM, WARNING, Finding
from standby.messages.sealing import CannotOpen
from standby.messages.senders import Senders
from standby.waitlist.policy import CHANNELS
from standby.wiring import System

CONSOLE: Final = "console"  # the channel that keeps what it is given
THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "0.0.0.0", "localhost"})  # noqa: S104  # Looked for, not listened on.


async def of_channels(system: System) -> AsyncIterator[Finding]:
    """What the installation's own channels and the salons' senders answer, and who can be reached by none."""
    stays = [name for name, channel in system.channels.items() if channel.name == CONSOLE]
    lacking = [name for name in CHANNELS if name not in system.channels]
    sends = {name: channel for name, channel in system.channels.items() if channel.name != CONSOLE}
    own = await system.senders.own()
    for name, channel in sends.items():
        yield _looked_at(f"{name}: {channel.name}", await channel.check(), "Check STANDBY_SMTP_URL.")
    for row in own:
        advice = f"If its credentials are wrong: standby channel set {row['slug']} {row['channel']}"
        for_whom = f"{row['slug']}: {row['channel']}: {row['provider']}"
        yield _looked_at(for_whom, await _problem_of(system.senders, row), advice)
        if row["paused_until"] is not None and row["paused_until"] > clock.now():
            paused = f"{for_whom} is not used until {row['paused_until']:%F %T %Z}"
            yield Finding(WARNING, escape(f"{paused}: {row['reason']}"))
    if not sends and not stays and not own:
        yield Finding(
            PROBLEM,
            "No channel is set up: nobody can be told of an offer, so each ends as undelivered",
            "Set STANDBY_SMTP_URL and STANDBY_EMAIL_FROM, or a salon's own sender with standby channel set, or "
            "STANDBY_CONSOLE_CHANNELS to try things out.",
        )
        return
    if stays:
        yield Finding(
            WARNING,
            f"{', '.join(stays)}: printed on the worker's terminal, not sent; it counts as sent all the same",
            "For trying things out only: see STANDBY_CONSOLE_CHANNELS.",
        )
    if lacking:
        yield Finding(
            WARNING,
            f"{', '.join(lacking)}: no provider is set up for salons without a sender of their own",
            "Who agreed to nothing else can't be reached by them: give them one with standby channel set.",
        )
    if (sends or own) and urlsplit(system.settings.public_url).hostname in THIS_MACHINE:
        yield Finding(
            PROBLEM,
            f"Links in messages begin with {system.settings.public_url}, which nobody can open on another machine",
            "Set STANDBY_PUBLIC_URL to where customers reach Standby.",
        )


async def _problem_of(senders: Senders, row: asyncpg.Record) -> str | None:
    try:
        channel = await senders.of(row["tenant_id"], row["channel"])
    except CannotOpen as error:
        return str(error)
    except CONNECTION_LOST:
        raise
    except Exception as error:  # noqa: BLE001  # Its text may have secrets in it.
        return f"it can't be used as it is set: {type(error).__name__}"
    return await channel.check() if channel is not None else "it was taken away just now"


def _looked_at(what: str, problem: str | None, advice: str) -> Finding:
    if problem is None:
        return Finding(FINE, escape(f"{what} answers"))
    return Finding(PROBLEM, escape(f"{what}: {problem}"), advice)
