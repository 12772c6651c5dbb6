"""What request handlers are given: everything that the outside world is made of."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from standby.calendars.calendars import Calendars
from standby.channels.phones import Phones
from standby.clock import Clock
from standby.database.pool import Pool
from standby.jobs.measures import Measuring
from standby.jobs.readiness import Readiness
from standby.messages.callbacks import Callbacks


@dataclass(frozen=True)
class Web:
    """`pool` acts as the application's role, `worker_pool` as the worker's.

    `phones` and `day` (templates/demo_day.html) are there in a demo only.
    """

    pool: Pool
    worker_pool: Pool
    clock: Clock
    secret: bytes
    public_url: str
    callbacks: Callbacks
    calendars: Calendars
    process: Callable[
        [], Awaitable[tuple[int, int]]
    ]  # all timers and healing, once: how many rows taken, healed
    readiness: Readiness
    measuring: Measuring
    cron_key: str | None = None
    watched: bool = True  # /admin, /api/admin and /metrics are served
    metrics_token: str | None = None
    phones: Phones | None = None
    day: Callable[[], Awaitable[Mapping[str, Any]]] | None = None


def _web(request: Request) -> Web:
    web: Web = request.app.state.web
    return web


GetWeb = Annotated[Web, Depends(_web)]
