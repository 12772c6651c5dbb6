"""What Standby stands on: its settings, the clocks, and the login that it uses."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from standby import clock
from standby.doctor.findings import FINE, PROBLEM, WARNING, Finding
from standby.wiring import System

SKEWED: Final = timedelta(seconds=1)  # deadlines that others count with come early or late by as much
WRONG: Final = timedelta(seconds=30)  # codes of authenticators, and signatures of webhooks, are refused


async def of_surroundings(system: System) -> AsyncIterator[Finding]:
    """The database's version and login, this machine's clock beside the database's, and the keys."""
    version = await system.worker_pool.fetchval("SHOW server_version")
    yield Finding(FINE, f"PostgreSQL {version}, migrated")
    yield clocks(await _clock_skew(system))
    settings = system.settings
    if settings.database_url is None:
        return
    if await system.worker_pool.fetchval(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user"
    ):
        yield Finding(
            WARNING,
            "Standby's login may do everything; it takes a lesser role itself",
            "Give it a login of its own, as README shows under “Run it for real”.",
        )
    lacking = [
        name
        for name, given in (
            ("STANDBY_SECRET_KEY", settings.secret_key),
            ("STANDBY_SEALING_KEYS", settings.sealing_keys),
        )
        if not given
    ]
    if lacking:
        yield Finding(
            WARNING,
            f"{' and '.join(lacking)}: not set, so the keys are those in {settings.data_dir}, which other hosts lack",
            "Set them for every process, to what secret.key and sealing.key say there; and keep a copy somewhere else.",
        )


def clocks(skew: timedelta) -> Finding:
    """What it means that this machine's clock is ahead of the database's by so much (negative: behind)."""
    apart = abs(skew)
    if apart < SKEWED:
        return Finding(FINE, "The clock agrees with the database's")
    seconds = f"{apart.total_seconds():.1f} s"
    return Finding(
        PROBLEM if apart >= WRONG else WARNING,
        f"This machine's clock is {seconds} {'ahead of' if skew > timedelta(0) else 'behind'} the database's",
        "Keep both right by NTP (timedatectl shows it): deadlines are counted by each process's own clock.",
    )


async def _clock_skew(system: System) -> timedelta:
    """Of the two, as far as the way there and back lets one tell: half of it."""
    before = clock.now()
    theirs = await system.worker_pool.fetchval("SELECT clock_timestamp()")
    after = clock.now()
    ours = before + (after - before) / 2
    skew: timedelta = ours - theirs
    return skew
