"""What can be done in the sample salon, by the same functions as the API's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from standby.bookings import bookings
from standby.bookings.bookings import Filter, Freed
from standby.clock import Clock
from standby.database.pool import Pool, Tx
from standby.database.statements import statements_beside
from standby.demo.story import appointment
from standby.errors import StandbyError
from standby.tenants.scope import tenant_transaction
from standby.tenants.tenants import Salon
from standby.waitlist import offers, slots
from standby.waitlist.offers import Answer, Refusal
from standby.waitlist.slots import Judged

SQL = statements_beside(__file__)

ACTOR: Final = "demo"
SOON: Final = timedelta(hours=1)  # nothing that starts earlier is cancelled for the story
A_STORY: Final = 3  # people who could have the time: one declines, one is silent, one books
SHOWN: Final = 6  # appointments of the salon's day
LOOKED_AT: Final = 100  # to find them


class NobodyToAsk(StandbyError):
    """No appointment of the sample salon has three people on the waitlist who could have it."""


@dataclass(frozen=True)
class Heir:
    """Somebody who would be asked, and with what score."""

    entry_id: UUID
    customer_id: UUID
    name: str
    score: int


@dataclass(frozen=True)
class Chance:
    """A booking that could be cancelled, and who would be asked then, in that order."""

    booking_id: UUID
    slot_id: UUID
    starts_at: datetime
    customer: str
    service: str
    staff: str
    heirs: list[Heir]

    @property
    def is_a_story(self) -> bool:
        """Whether the first three to be asked are three people."""
        return len({heir.customer_id for heir in self.heirs[:A_STORY]}) == A_STORY


@dataclass(frozen=True)
class OpenOffer:
    """An offer that waits for an answer. Times in seconds."""

    id: UUID
    slot_id: UUID
    expires_at: datetime
    window_seconds: int
    reminder_lead_seconds: int
    score: int
    customer: str
    service: str
    staff: str
    starts_at: datetime

    def about(self, zone: ZoneInfo) -> str:
        """Dameklipp with Mona Kvalheim, Mon 24 Nov 10:30"""
        return appointment(self.service, self.staff, self.starts_at, zone)


@dataclass(frozen=True)
class Day:
    """What the salon sees: open offers, the newest first, and the next appointments that somebody else waits for."""

    now: datetime
    zone: ZoneInfo
    offers: list[OpenOffer]
    bookings: list[Chance]


class Scene:
    """The salon, and what can be done in it."""

    def __init__(self, pool: Pool, clock: Clock, salon: Salon) -> None:
        self._pool = pool
        self._clock = clock
        self.salon = salon

    async def cancel_another(self) -> None:
        """Cancels the next appointment that makes a story; failing that, the one that most people could have."""
        best: Chance | None = None
        async with tenant_transaction(self._pool, self.salon.id) as tx:
            for booking in await self._coming(tx, limit=1000):
                if booking["source"] == "waitlist":  # Somebody has just been glad to get it.
                    continue
                chance = await self._chance(tx, booking)
                if best is None or len(chance.heirs) > len(best.heirs):
                    best = chance
                if chance.is_a_story:
                    best = chance
                    break
        if best is not None:
            await self.cancel(best.booking_id)

    async def find_story(self) -> Chance:
        """The next appointment for which three different people would be asked. Raises NobodyToAsk."""
        async with tenant_transaction(self._pool, self.salon.id) as tx:
            for booking in await self._coming(tx, limit=1000):
                chance = await self._chance(tx, booking)
                if chance.is_a_story:
                    return chance
        raise NobodyToAsk

    async def cancel(self, booking_id: UUID) -> Freed:
        """Cancels an appointment, as its customer would. Raises BookingNotConfirmed."""
        async with tenant_transaction(self._pool, self.salon.id) as tx:
            return await bookings.cancel(tx, booking_id, now=self._clock(), reason="cannot come", actor=ACTOR)

    async def accept(self, offer_id: UUID) -> Answer:
        """Says yes for the customer."""
        async with tenant_transaction(self._pool, self.salon.id) as tx:
            return await offers.accept(tx, offer_id, now=self._clock(), actor=ACTOR)

    async def decline(self, offer_id: UUID) -> Refusal:
        """Says no for the customer."""
        async with tenant_transaction(self._pool, self.salon.id) as tx:
            return await offers.decline(tx, offer_id, now=self._clock(), actor=ACTOR)

    async def open_offers(self) -> list[OpenOffer]:
        """The offers that wait for an answer, the newest first."""
        async with tenant_transaction(self._pool, self.salon.id) as tx:
            return await self._open_offers(tx)

    async def next_in_line(self, slot_id: UUID) -> Heir | None:
        """Who would be asked if the open offer of this slot ended without a yes."""
        async with tenant_transaction(self._pool, self.salon.id) as tx:
            return next(iter(_heirs(await slots.candidates(tx, slot_id, now=self._clock()))), None)

    async def day(self) -> Day:
        """What the salon sees now."""
        async with tenant_transaction(self._pool, self.salon.id) as tx:
            wanted: list[Chance] = []
            for booking in await self._coming(tx, limit=LOOKED_AT):
                chance = await self._chance(tx, booking)
                wanted += [chance] if chance.heirs else []
                if len(wanted) == SHOWN:
                    break
            return Day(self._clock(), self.salon.zone, await self._open_offers(tx), wanted)

    async def _open_offers(self, tx: Tx) -> list[OpenOffer]:
        return [OpenOffer(**row) for row in await tx.fetch(SQL["open_offers"])]

    async def _coming(self, tx: Tx, *, limit: int) -> list[asyncpg.Record]:
        coming = Filter(starts_from=self._clock() + SOON, status="confirmed")
        return await bookings.page(tx, coming, after=None, limit=limit)

    async def _chance(self, tx: Tx, booking: asyncpg.Record) -> Chance:
        judged = await slots.candidates(tx, booking["slot_id"], now=self._clock())
        return Chance(
            booking["id"],
            booking["slot_id"],
            booking["starts_at"],
            booking["customer_name"],
            booking["service_name"],
            booking["staff_name"],
            _heirs(judged),
        )


def _heirs(judged: Judged) -> list[Heir]:
    return [
        Heir(one.entry_id, one.customer_id, judged.names[one.entry_id], score.total)
        for one, score in judged.ranked.eligible
    ]
