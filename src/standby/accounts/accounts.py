"""What accounts are made of, joined in wiring.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from standby.accounts.passwords import Passwords
from standby.clock import Clock
from standby.database.pool import Pool
from standby.messages.sealing import Seal


@dataclass(frozen=True)
class Accounts:
    """`pool` acts as the application's role. The first of `keys` signs tokens, each of them verifies."""

    pool: Pool
    clock: Clock
    keys: Sequence[bytes]
    passwords: Passwords
    seal: Callable[[], Seal]
    public_url: str

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies can be kept to it."""
        return self.public_url.startswith("https:")
