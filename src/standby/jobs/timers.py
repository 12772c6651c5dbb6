"""Every timer of the system on one page, and the loop that keeps them.

A deadline is a column, not a job: nothing to cancel when a customer books, nothing to lose in a crash, nothing in
memory. The loop asks each partial index for its earliest, sleeps until then (woken by NOTIFY when a nearer one appears,
and by a slow poll in case that is missed), and takes what is due. Any number of workers run it at once: each due row is
taken by one (SKIP LOCKED).
"""

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

import structlog

from standby.clock import Clock
from standby.database.pool import Connection, Tx
from standby.jobs.gate import Gate

# The function in database/functions that takes what is due → what it does.
TIMERS: Mapping[str, str] = {
    "expire_due_offers": "offers.expires_at: silence ends an offer and passes its slot on",
    "remind_due_offers": "offers.remind_at: the one reminder before an offer ends",
    "end_due_cooldowns": "waitlist_entries.cooldown_until: back into the queue",
    "expire_due_entries": "waitlist_entries.latest: too late for this wish",
    "close_due_slots": "slots.starts_at: an open slot whose start has passed",
    "start_due_fills": "slots.fill_at: the grace before the first offer is over",
    "wake_due_messages": "messages.next_attempt_at: retry, deferred by the rate, or a job that was lost",
    "recover_stale_messages": "messages.lease_expires_at: the worker that was sending it died",
    "set_marked_reminders": "policies.reminders_marked: bookings' next reminders by rules that were changed",
    "remind_due_bookings": "bookings.remind_at: the next reminder of a booking",
    "read_due_calendars": "calendar_links.next_read_at: when somebody is busy elsewhere",
    "write_due_events": "calendar_events.next_attempt_at: a booking that a linked calendar doesn't show as it is",
    "send_due_webhooks": "webhook_deliveries.look_at: an event that a salon's own system is to be told of",
    "forget_old_webhooks": "webhook_deliveries.at: what it was told thirty days ago",
    "send_due_letters": "letters.next_attempt_at: a mail about an account",
    "look_at_due_imports": "imports.look_at: one that nobody has told of is taken up again, an old one forgotten",
}
_TAKE: Mapping[str, str] = {
    "expire_due_offers": "SELECT taken FROM expire_due_offers($1)",
    "remind_due_offers": "SELECT taken FROM remind_due_offers($1)",
    "end_due_cooldowns": "SELECT taken FROM end_due_cooldowns($1)",
    "expire_due_entries": "SELECT taken FROM expire_due_entries($1)",
    "close_due_slots": "SELECT taken FROM close_due_slots($1)",
    "start_due_fills": "SELECT taken FROM start_due_fills($1)",
    "wake_due_messages": "SELECT taken FROM wake_due_messages($1)",
    "recover_stale_messages": "SELECT taken FROM recover_stale_messages($1)",
    "set_marked_reminders": "SELECT taken FROM set_marked_reminders($1)",
    "remind_due_bookings": "SELECT taken FROM remind_due_bookings($1)",
    "read_due_calendars": "SELECT taken FROM read_due_calendars($1)",
    "write_due_events": "SELECT taken FROM write_due_events($1)",
    "send_due_webhooks": "SELECT taken FROM send_due_webhooks($1)",
    "forget_old_webhooks": "SELECT taken FROM forget_old_webhooks($1)",
    "send_due_letters": "SELECT taken FROM send_due_letters($1)",
    "look_at_due_imports": "SELECT taken FROM look_at_due_imports($1)",
}
CHANNEL = "standby_deadline"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
LOCKED_ELSEWHERE = 0.02  # seconds until due rows that a rival holds are looked at again

log = structlog.get_logger()


async def take_due(
    connection: Tx, clock: Clock, paused: Collection[str] = (), *, gate: Gate | None = None
) -> tuple[int, float | None]:
    """Takes all that is due; returns how many, and in how many seconds the next deadline falls (None: never).

    `paused`: the timers that are let be. The gate is told how late the others were.
    """
    taken = 0
    now = clock()
    [row] = await connection.fetch("SELECT * FROM next_deadlines()")
    deadlines = {name: row[name] for name in TIMERS if name not in paused}
    due = {name: at for name, at in deadlines.items() if at is not None and at <= now}
    for name, at in due.items():
        took = await connection.fetchval(_TAKE[name], now)
        taken += took
        if took and gate is not None:
            gate.note_late(name, (now - at) / timedelta(seconds=1))
    if due:
        return taken, 0.0 if taken else LOCKED_ELSEWHERE
    upcoming = [deadline for deadline in deadlines.values() if deadline is not None]
    return 0, (min(upcoming) - clock()) / timedelta(seconds=1) if upcoming else None


async def keep(
    connection: Connection,
    clock: Clock,
    *,
    poll_seconds: float,
    stop: asyncio.Event,
    gate: Gate | None = None,
) -> None:
    """Keeps all timers until `stop`, but those of paused queues, which the gate knows.

    The connection is the loop's own and acts as the worker's role.
    """
    gate = gate or Gate()
    woken = asyncio.Event()
    await connection.add_listener(CHANNEL, lambda *_: woken.set())
    await _rehearse(connection)
    while not stop.is_set():
        woken.clear()
        taken, wait = await take_due(connection, clock, gate.pauses(TIMERS), gate=gate)
        if taken:
            log.debug("deadlines_taken", count=taken)
        pause = poll_seconds if wait is None else min(wait, poll_seconds)
        if pause > 0:
            await _first_of(stop, woken, timeout=pause)


async def _rehearse(connection: Connection) -> None:
    """Takes what was due long ago, which is nothing: the first real deadline then finds the functions compiled."""
    for statement in _TAKE.values():
        await connection.fetchval(statement, LONG_AGO)


async def _first_of(*events: asyncio.Event, timeout: float) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
