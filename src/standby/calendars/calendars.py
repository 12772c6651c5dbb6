"""The linked calendars of all salons: what the loops and the pages that deal with them are given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from standby.calendars.base import Calendar, Watching
from standby.calendars.google_access import GoogleAccess
from standby.clock import Clock
from standby.database.pool import Pool
from standby.messages.sealing import Seal

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60))


@dataclass(frozen=True)
class Calendars:
    """`pool` acts as the application's role, `worker_pool` as the worker's. `kinds` are the adapters; those of
    `watching` can have a calendar tell us of changes: none of them, where no calendar could reach us.
    """

    pool: Pool
    worker_pool: Pool
    clock: Clock
    seal: Callable[[], Seal]
    kinds: Mapping[str, Calendar]
    watching: Mapping[str, Watching]
    google: GoogleAccess | None = None  # None: it isn't set up


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row, one or more."""
    return WAITS[min(failures, len(WAITS)) - 1]
