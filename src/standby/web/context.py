"""What request handlers are given: everything that the outside world is made of."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from standby.accounts.accounts import Accounts
from standby.calendars.calendars import Calendars
from standby.channels.phones import Phones
from standby.clock import Clock
from standby.database.pool import Pool
from standby.messages.callbacks import Callbacks


@dataclass(frozen=True)
class Web:
    """`pool` acts as the application's role; `phones` and `day` (templates/demo_day.html) are there in a demo only."""

    pool: Pool
    clock: Clock
    secret: bytes
    public_url: str
    callbacks: Callbacks
    calendars: Calendars
    accounts: Accounts
    process: Callable[
        [], Awaitable[tuple[int, int]]
    ]  # all timers and healing, once: how many rows taken, healed
    cron_key: str | None = None
    phones: Phones | None = None
    day: Callable[[], Awaitable[Mapping[str, Any]]] | None = None


def _web(request: Request) -> Web:
    web: Web = request.app.state.web
    return web


GetWeb = Annotated[Web, Depends(_web)]
