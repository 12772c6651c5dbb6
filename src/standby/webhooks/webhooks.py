"""The webhooks of all salons: what the loops and the pages that deal with them are given."""

from collections.abc import Callable
from dataclasses import dataclass

from standby.clock import Clock
from standby.database.pool import Pool
from standby.messages.sealing import Seal
from standby.outside import Outside
from standby.webhooks.addresses import Addresses


@dataclass(frozen=True)
class Webhooks:
    """`pool` acts as the application's role. `outside` sends; `chance` is drawn for each wait (0 to 1)."""

    pool: Pool
    clock: Clock
    seal: Callable[[], Seal]
    outside: Outside
    addresses: Addresses
    chance: Callable[[], float]
