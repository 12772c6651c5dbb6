"""What every kind of linked calendar is: something that says when somebody is busy, and takes bookings.

An adapter raises nothing: what may go wrong is an outcome.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

Place: TypeAlias = Mapping[
    str, Any
]  # What an adapter wants to know the next time; it goes into a JSON column.


@dataclass(frozen=True)
class Link:
    """A calendar that belongs to a staff member. `place`: from where to read on."""

    tenant_id: UUID
    id: UUID
    staff_id: UUID
    address: str
    zone: ZoneInfo  # the salon's: an event without a time of day takes the day there
    secrets: Mapping[str, str] = field(repr=False)
    place: Place = field(default_factory=dict)


@dataclass(frozen=True)
class Window:
    """The time whose events matter."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Busy:
    """One time that somebody isn't free. Not those of our own bookings: an adapter leaves out what it has written."""

    event_id: str
    starts_at: datetime
    ends_at: datetime  # after starts_at


@dataclass(frozen=True)
class Event:
    """A booking as a calendar is to show it. `name` is its own for ever, for this staff member; letters a-f and digits.

    `gone`: it was cancelled, or is another staff member's now. `place`: what the adapter said when it was last written.
    """

    name: str
    booking_id: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    service: str
    first_name: str  # The customer's. Calendars are shared and shown on phones: no more of them than that.
    salon: str
    gone: bool
    changed_at: datetime
    place: Place = field(default_factory=dict)


@dataclass(frozen=True)
class Whole:
    """All busy times of the window: what isn't among them is no more."""

    busy: Sequence[Busy]
    place: Place


@dataclass(frozen=True)
class Changes:
    """What has changed since `Link.place`: of the events `event_ids` these are the busy times, and no others."""

    event_ids: Collection[str]
    busy: Sequence[Busy]
    place: Place


@dataclass(frozen=True)
class NotModified:
    """Nothing has changed since `Link.place`."""


@dataclass(frozen=True)
class Written:
    """The calendar shows it as it is; or no longer shows it, if it is gone."""

    place: Place = field(default_factory=dict)


@dataclass(frozen=True)
class Retry:
    """Not now, may be later; after so many seconds at the soonest if the calendar says."""

    reason: str
    after: float | None = None


@dataclass(frozen=True)
class Reconnect:
    """We may not, until the salon connects the calendar anew."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """This won't work as it is: somebody has to look. A reading is tried again all the same, seldom; a write isn't."""

    reason: str


Reading: TypeAlias = Whole | Changes | NotModified | Retry | Reconnect | Refused
Writing: TypeAlias = Written | Retry | Reconnect | Refused


class Calendar(Protocol):
    """One kind of linked calendar."""

    async def read(self, link: Link, window: Window) -> Reading:
        """When its owner is busy in that time."""

    async def write(self, link: Link, event: Event) -> Writing:
        """Makes the calendar show the event as it is, whatever is there; done twice it changes nothing."""


@dataclass(frozen=True)
class Watched:
    """The calendar will tell. `resource` is its own name for what it watches."""

    resource: str
    expires_at: datetime


class Watching(Protocol):
    """What a kind of calendar has besides that tells us when it changes."""

    async def watch(
        self, link: Link, channel_id: UUID, token: str, until: datetime
    ) -> Watched | Retry | Reconnect | Refused:
        """Has it tell us by a channel of that id and token, until then or sooner."""

    async def unwatch(self, link: Link, channel_id: UUID, resource: str) -> None:
        """Has it tell us no more; that it couldn't be reached matters to nobody, channels end by themselves."""
