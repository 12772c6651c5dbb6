"""What request handlers are given: everything that the outside world is made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request

from standby.accounts.accounts import Accounts
from standby.calendars.calendars import Calendars
from standby.channels.phones import Phones
from standby.clock import Clock
from standby.database.pool import Pool
from standby.jobs.measures import Measuring
from standby.jobs.readiness import Readiness
from standby.live.listening import Live
from standby.messages.callbacks import Callbacks
from standby.messages.senders import Senders
from standby.outside import Network
from standby.webhooks.webhooks import Webhooks


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
    senders: Senders
    calendars: Calendars
    webhooks: Webhooks
    accounts: Accounts
    live: Live
    process: Callable[
        [], Awaitable[tuple[int, int]]
    ]  # all timers and healing, once: how many rows taken, healed
    readiness: Readiness
    measuring: Measuring
    cron_key: str | None = None
    rates: Mapping[str, int] = field(
        default_factory=dict
    )  # web/limits.py: writes a minute; 0 or none: any number
    request_rates: Mapping[str, int] = field(
        default_factory=dict
    )  # web/entrance.py: requests a minute; 0 or none: any number
    trusted_proxies: Sequence[Network] = ()
    watched: bool = True  # /admin, /api/admin and /metrics are served
    metrics_token: str | None = None
    phones: Phones | None = None
    day: Callable[[], Awaitable[Mapping[str, Any]]] | None = None


async def _web(request: Request) -> Web:
    """Async, like all that FastAPI calls here: the rest is handed to a thread, there and back for each request."""
    web: Web = request.app.state.web
    return web


GetWeb = Annotated[Web, Depends(_web)]
