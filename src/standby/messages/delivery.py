"""Sending what the outbox holds: claim with a lease, hand to a channel, record what became of it.

    claim (one statement for many) ──▶ send ──▶ decide ──▶ record (one statement for many)

A worker that dies between send and record leaves a lease that runs out: the message is then uncertain, and an offer is
sent again once (database/functions/recover_stale_messages.sql). A provider's "maybe" is treated the same way.
"""

import asyncio
import random
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import structlog

from standby.channels.base import (
    Channel,
    NeedsTemplate,
    OptedOut,
    Outgoing,
    Receipt,
    Retry,
    Sent,
    Stopped,
    Uncertain,
)
from standby.clock import Clock
from standby.database.pool import CONNECTION_LOST, Pool, all_of
from standby.database.statements import statements_beside
from standby.jobs.batching import Batcher
from standby.messages.kinds import KINDS
from standby.messages.sealing import CannotOpen
from standby.messages.senders import Senders
from standby.messages.writing import Code, written
from standby.signed_links import BOOKING, UNSUBSCRIBE, Linked, token_for
from standby.tenants.codes import hash_code, new_code
from standby.waitlist.tokens import hash_token, new_token

SQL = statements_beside(__file__)
LONG_WAIT_SECONDS = 30.0  # A provider that wants so much is passed by, if the customer has another channel.
# Seconds until a message that was not taken is tried again.
WAITS = (1, 2, 4)  # seed 001, "Retry"
REMINDER_WAITS = (5, 25, 125, 625)  # seed 002, "Retry Strategy"
PEOPLE = re.compile(r"\S+@\S+|\+?[0-9]{7,}")  # Providers name in errors whom they were to write to.
UNSENT = frozenset({"failed", "stopped", "next_channel", "uncertain"})

log = structlog.get_logger()


@dataclass(frozen=True)
class Asked:
    """A message that a job wants sent."""

    tenant_id: UUID
    id: UUID


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send until its lease runs out."""

    asked: Asked
    lease_id: UUID
    attempt: int
    more_channels: bool
    sender_version: UUID | None  # None: the installation sends
    offer_id: UUID | None
    outgoing: Outgoing


@dataclass(frozen=True)
class Outcome:
    """What is to be recorded, `what` being one of database/functions/record_outcomes.sql."""

    claimed: Claimed
    what: str
    details: str
    at: datetime
    provider: str | None = None
    provider_id: str | None = None
    retry_at: datetime | None = None


class Delivery:
    """Sends messages; `pool` acts as the worker's role, `senders` says who sends for a salon, `secret` signs links."""

    def __init__(
        self,
        pool: Pool,
        senders: Senders,
        *,
        clock: Clock,
        public_url: str,
        secret: bytes,
        lease: timedelta,
    ) -> None:
        self._pool = pool
        self._senders = senders
        self._clock = clock
        self._public_url = public_url
        self._secret = secret
        self._lease = lease
        self._sending: dict[Asked, UUID] = {}  # → lease
        self._claims: Batcher[Asked, Claimed | None] = Batcher(self._claim)
        self._records: Batcher[Outcome, None] = Batcher(self._record)

    async def deliver(self, asked: Asked) -> None:
        """Sends one message, if it is (still) to be sent, and records what became of it."""
        claimed = await self._claims.add(asked)
        if claimed is None:
            return
        if claimed.offer_id is not None:
            structlog.contextvars.bind_contextvars(offer_id=str(claimed.offer_id))
        self._sending[asked] = claimed.lease_id
        try:
            await self._records.add(await self._sent(claimed))
        finally:
            del self._sending[asked]

    async def rehearse(self) -> None:
        """Claims and records nothing at all, on every connection: the first message finds the functions compiled."""
        now = self._clock()
        async with all_of(self._pool) as connections:
            for connection in connections:
                await connection.fetch(SQL["claim_messages"], [], [], [], uuid4(), now, now, [], [], [])
                await connection.execute(SQL["record_outcomes"], *([[]] * 10))

    async def keep_leases(self, stop: asyncio.Event) -> None:
        """Prolongs the leases of what is being sent or recorded, until `stop`.

        So a lease can be short: it ends soon after its worker, and not before a slow provider's answer.
        """
        while not stop.is_set():
            await self._renew()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._lease.total_seconds() / 4)

    async def _renew(self) -> None:
        if self._sending:
            await self._pool.execute(
                SQL["renew_leases"],
                [asked.tenant_id for asked in self._sending],
                [asked.id for asked in self._sending],
                list(self._sending.values()),
                self._clock() + self._lease,
            )

    async def _claim(self, batch: Sequence[Asked]) -> Sequence[Claimed | None]:
        # A message can have two jobs (one that was taken for lost came back): the first to ask gets it.
        tokens = {asked: new_token() for asked in batch}
        codes = {asked: new_code() for asked in tokens}
        now, lease_id = self._clock(), uuid4()
        rows = await self._pool.fetch(
            SQL["claim_messages"],
            [asked.tenant_id for asked in tokens],
            [asked.id for asked in tokens],
            [hash_token(token) for token in tokens.values()],
            lease_id,
            now + self._lease,
            now,
            list(self._senders.installation),
            [hash_code(self._secret, asked.id, code) for asked, code in codes.items()],
            list(KINDS),
        )
        mine = {Asked(row["tenant_id"], row["id"]): row for row in rows}
        return [
            self._claimed(asked, lease_id, mine.pop(asked), tokens[asked], Code(codes[asked], now))
            if asked in mine
            else None
            for asked in batch
        ]

    def _claimed(self, asked: Asked, lease_id: UUID, row: asyncpg.Record, token: str, code: Code) -> Claimed:
        hears = row["hears"] or (row["sender_version"] is None and row["channel"] in self._senders.hears)
        customer_id = row["customer_id"]  # None: a code goes to a number, and by no mail.
        unsubscribe_url = self._unsubscribe_url(asked.tenant_id, customer_id) if customer_id else ""
        return Claimed(
            asked,
            lease_id,
            row["attempt"],
            row["more_channels"],
            row["sender_version"],
            row["offer_id"],
            written(row, self._link(asked.tenant_id, row, token), unsubscribe_url, hears=hears, code=code),
        )

    def _link(self, tenant_id: UUID, row: asyncpg.Record, token: str) -> str | None:
        match KINDS[row["kind"]].opens:
            case "offer":
                return f"{self._public_url}/o/{token}"
            case "booking":
                return f"{self._public_url}/b/{token_for(self._secret, Linked(tenant_id, row['booking_id']), BOOKING)}"
            case None:
                return None

    def _unsubscribe_url(self, tenant_id: UUID, customer_id: UUID) -> str:
        token = token_for(self._secret, Linked(tenant_id, customer_id), UNSUBSCRIBE)
        return f"{self._public_url}/u/{token}"

    async def _sent(self, claimed: Claimed) -> Outcome:
        provider = None
        try:
            channel = await self._senders.channel(
                claimed.asked.tenant_id, claimed.outgoing.channel, claimed.sender_version
            )
        except CannotOpen as error:
            receipt: Receipt = Stopped(str(error))
        except CONNECTION_LOST:
            raise
        except Exception as error:  # Nothing is sent yet: the sender can't be used as it is.
            log.exception(
                "sender_failed", channel=claimed.outgoing.channel, tenant_id=str(claimed.asked.tenant_id)
            )
            receipt = Stopped(f"its sender can't be used: {type(error).__name__}")
        else:
            if channel is None:
                receipt = Retry("its sender was taken away just now", after=0)
            else:
                provider = channel.name
                receipt = await _handed_over(claimed.outgoing, channel)
        return decide(claimed, receipt, provider=provider, now=self._clock())

    async def _record(self, batch: Sequence[Outcome]) -> Sequence[None]:
        for outcome in batch:
            if outcome.what in UNSENT:
                _log_unsent(outcome)
        await self._pool.execute(
            SQL["record_outcomes"],
            [outcome.claimed.asked.tenant_id for outcome in batch],
            [outcome.claimed.asked.id for outcome in batch],
            [outcome.claimed.lease_id for outcome in batch],
            [outcome.what for outcome in batch],
            [outcome.provider for outcome in batch],
            [outcome.provider_id for outcome in batch],
            [outcome.details for outcome in batch],
            [outcome.retry_at for outcome in batch],
            [outcome.at for outcome in batch],
            [max(1, outcome.claimed.outgoing.segments) for outcome in batch],
        )
        return [None] * len(batch)


def _log_unsent(outcome: Outcome) -> None:
    """So that an operator sees what goes wrong where they look first. Whom it was for stands in the database alone."""
    log.warning(
        "message_not_taken",
        outcome=outcome.what,
        reason=PEOPLE.sub("…", outcome.details),
        channel=outcome.claimed.outgoing.channel,
        provider=outcome.provider,
        kind=outcome.claimed.outgoing.kind,
        tenant_id=str(outcome.claimed.asked.tenant_id),
        message_id=str(outcome.claimed.asked.id),
    )


async def _handed_over(outgoing: Outgoing, channel: Channel) -> Receipt:
    try:
        return await channel.send(outgoing)
    except Exception as error:  # a channel's bug must not stop the others, and the message may have gone out
        log.exception("channel_failed", channel=channel.name, message_id=str(outgoing.id))
        return Uncertain(f"{channel.name} failed: {type(error).__name__}")


def decide(
    claimed: Claimed, receipt: Receipt, *, provider: str | None, now: datetime, jitter: float | None = None
) -> Outcome:
    """What a channel's receipt means for the message. `jitter` (0 to 1) spreads retries by up to a tenth."""
    waits = REMINDER_WAITS if claimed.outgoing.kind == "reminder" else WAITS
    match receipt:
        case Sent(provider_id):
            return Outcome(claimed, "sent", "", now, provider, provider_id)
        case Retry(reason, after) if claimed.attempt <= len(waits) and not (
            claimed.more_channels and after is not None and after > LONG_WAIT_SECONDS
        ):
            spread = random.random() if jitter is None else jitter  # noqa: S311 - no secret
            wait = after if after is not None else waits[claimed.attempt - 1] * (1 + spread / 10)
            return Outcome(claimed, "retry", reason, now, provider, retry_at=now + timedelta(seconds=wait))
    return Outcome(claimed, _ended(claimed, receipt), receipt.reason, now, provider)


def _ended(claimed: Claimed, receipt: Receipt) -> str:
    match receipt:
        case OptedOut():
            return "opted_out"
        case Stopped():
            return "stopped"
        case Uncertain():
            return "uncertain"
        case NeedsTemplate() if claimed.outgoing.in_conversation:
            return "needs_template"
        case _:
            return "next_channel" if claimed.more_channels else "failed"
