"""The demo's phones: what the console channel delivers, and what is answered on them, kept in this process's memory.

The messages hold live links, so they are kept nowhere else.
"""

from asyncio import Event
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Literal

from standby.channels.base import Outgoing

KEPT = 500

Speaker = Literal["customer", "provider"]


@dataclass(frozen=True)
class Delivered:
    """A message as it lies on a phone; `number` is its place among all that was delivered and said."""

    number: int
    at: datetime
    message: Outgoing


@dataclass(frozen=True)
class Said:
    """What was said on a phone beside our messages; `number` as for those. The provider answers some words itself."""

    number: int
    at: datetime
    address: str
    channel: str
    text: str
    by: Speaker


class Phones:
    """The demo's phones: the newest messages of all, and a signal when one arrives.

    `changes` counts what happened so far that is worth a new look; `off`: nothing more will.
    """

    def __init__(self) -> None:
        self.messages: deque[Delivered] = deque(maxlen=KEPT)
        self.said: deque[Said] = deque(maxlen=KEPT)
        self.changes = 0
        self.off = False
        self._arrived = Event()
        self._numbers = count(1)

    def receive(self, message: Outgoing, at: datetime) -> None:
        """Puts a message on its phone and wakes who waits for one."""
        self.messages.append(Delivered(next(self._numbers), at, message))
        self.nudge()

    def say(self, address: str, channel: str, text: str, at: datetime, *, by: Speaker = "customer") -> None:
        """Puts on a phone what was written on it, or what the provider answered to that."""
        self.said.append(Said(next(self._numbers), at, address, channel, text, by))
        self.nudge()

    def said_on(self, address: str, channel: str) -> list[Said]:
        """What was said there beside our messages, oldest first."""
        return [one for one in self.said if (one.address, one.channel) == (address, channel)]

    def nudge(self) -> None:
        """Wakes who waits, for something else has happened that they show beside the phones."""
        self.changes += 1
        self._arrived.set()
        self._arrived = Event()

    def hang_up(self) -> None:
        """Wakes who waits for the last time."""
        self.off = True
        self.nudge()

    async def next_arrival(self) -> None:
        """Returns when the next message has arrived, or at another reason for a new look."""
        await self._arrived.wait()

    def of(self, number: str) -> list[Delivered]:
        """One phone's messages, oldest first."""
        return [delivered for delivered in self.messages if delivered.message.to == number]
