"""The channel of the demo and of trying things out: messages appear on the demo's phones, or on the terminal.

Nothing leaves the machine, and yet it counts as sent: an offer's time runs. So nobody gets it without asking for it.
"""

from collections.abc import Callable

from standby.channels.base import Outgoing, Sent
from standby.channels.phones import Phones
from standby.clock import Clock


class ConsoleChannel:
    """Delivers to `phones`, and tells `echo` (a printer, if any)."""

    name = "console"

    def __init__(self, phones: Phones, clock: Clock, echo: Callable[[Outgoing], None] | None = None) -> None:
        self._phones = phones
        self._clock = clock
        self._echo = echo

    async def send(self, message: Outgoing) -> Sent:
        self._phones.receive(message, self._clock())
        if self._echo is not None:
            self._echo(message)
        return Sent(f"console-{message.id}")

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None
