"""The database knows the same steps as lifecycle.py, refuses all others, and writes each down."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from standby.errors import IllegalTransition
from standby.waitlist import lifecycle, offers, slots
from standby.waitlist.lifecycle import BookingState, EntryState, Event, OfferState, SlotState, after_silence
from tests.salon import Shop

MACHINES: Mapping[str, tuple[str, Any, Any, Any]] = {
    "entry": ("waitlist_entries", EntryState, lifecycle.ENTRY, lifecycle.ENTRY_STARTS),
    "slot": ("slots", SlotState, lifecycle.SLOT, lifecycle.SLOT_STARTS),
    "offer": ("offers", OfferState, lifecycle.OFFER, lifecycle.OFFER_STARTS),
    "booking": ("bookings", BookingState, lifecycle.BOOKING, lifecycle.BOOKING_STARTS),
}

# What else a row says in each state; the CHECKs want it. booking_id is a booking that is there.
COLUMNS = {
    "entry": "cooldown_until = CASE $1::text WHEN 'cooldown' THEN now() END,"
    " booking_id = CASE $1 WHEN 'booked' THEN $2::uuid END,"
    " ended_at = CASE WHEN $1 IN ('booked', 'expired', 'cancelled') THEN now() END",
    "slot": "hold_expires_at = CASE $1::text WHEN 'held' THEN now() END, fill_at = NULL,"
    " checked_at = CASE WHEN $2::uuid IS NULL THEN now() END",
    "offer": "ended_at = CASE $1::text WHEN 'pending' THEN NULL ELSE now() END, remind_at = NULL,"
    " booking_id = CASE $1 WHEN 'accepted' THEN $2::uuid END",
    "booking": "cancelled_at = CASE $1::text WHEN 'cancelled' THEN now() END,"
    " reason = coalesce($2::uuid::text, reason)",
}


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    yield connection
    await connection.close()


@pytest.fixture
async def booking(shop: Shop) -> UUID:
    """A booking, a slot that is held, an offer and its entry: a row of each kind."""
    await shop.join()
    booking = await shop.book()
    await shop.free_slot(at=shop.clock() + timedelta(days=2))
    await shop.run_jobs()
    return booking


async def test_the_table_of_steps_is_the_same(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch("SELECT entity, from_state, to_state FROM transitions")
    ours = {
        (name, str(before), str(after))
        for name, (_, _, table, _) in MACHINES.items()
        for (before, _), after in table.items()
    }
    ours |= {(name, "", str(state)) for name, (_, _, _, starts) in MACHINES.items() for state in starts}
    assert {tuple(row) for row in rows} == ours


@pytest.mark.parametrize("machine", MACHINES)
async def test_every_step_is_taken_or_refused_as_the_table_says(
    machine: str, owner: asyncpg.Connection, booking: UUID
) -> None:
    table, states, steps, _ = MACHINES[machine]
    legal = {(before, after) for (before, _), after in steps.items()}
    row_id = await owner.fetchval(f"SELECT id FROM {table} ORDER BY created_at DESC LIMIT 1"  # noqa: S608
                                  if machine in ("slot", "booking") else f"SELECT id FROM {table} LIMIT 1")  # fmt: skip # noqa: S608
    move = f"UPDATE {table} SET status = $1, {COLUMNS[machine]} WHERE id = '{row_id}'"  # noqa: S608
    for before, after in product(states, states):
        transaction = owner.transaction()
        await transaction.start()
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_change")
        await owner.execute(move, before, booking)
        await owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_change")
        lines = await owner.fetchval("SELECT count(*) FROM history")
        try:
            async with owner.transaction():
                await owner.execute(move, after, booking)
            done = True
        except asyncpg.CheckViolationError as error:
            assert "cannot go from" in str(error)  # noqa: PT017 - a refusal is one of two good outcomes
            done = False
        assert done == (before == after or (before, after) in legal), (before, after)
        written = await owner.fetchval("SELECT count(*) FROM history") - lines
        assert written == (1 if done and before != after else 0)
        await transaction.rollback()


@pytest.mark.parametrize(
    "contradiction",
    [
        "UPDATE waitlist_entries SET cooldown_until = now()",
        "UPDATE waitlist_entries SET ended_at = now()",
        "UPDATE waitlist_entries SET status = 'cooldown'",
        "UPDATE waitlist_entries SET latest = earliest",
        "UPDATE waitlist_entries SET weekdays = '{}'",
        "UPDATE slots SET hold_expires_at = NULL WHERE status = 'held'",
        "UPDATE slots SET hold_expires_at = now() WHERE status = 'booked'",
        "UPDATE slots SET ends_at = starts_at WHERE status = 'held'",
        "UPDATE slots SET ends_at = starts_at + interval '24 hours 1 second' WHERE status = 'held'",
        "UPDATE bookings SET ends_at = starts_at + interval '24 hours 1 second'",
        "UPDATE offers SET ended_at = now()",
        "UPDATE offer_tokens SET token_hash = 'short'",
        "UPDATE offers SET status = 'accepted', ended_at = now(), remind_at = NULL",
        "UPDATE bookings SET cancelled_at = now() WHERE status = 'confirmed'",
        "UPDATE messages SET lease_expires_at = now()",
        "UPDATE messages SET status = 'queued'",
        "UPDATE messages SET sent_at = NULL WHERE status = 'sent'",
    ],
)
@pytest.mark.usefixtures("booking")
async def test_a_row_can_not_contradict_itself(contradiction: str, owner: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(contradiction)


async def test_held_or_booked_time_of_one_person_can_not_overlap(
    shop: Shop, owner: asyncpg.Connection
) -> None:
    await shop.book()
    overlap = (
        "INSERT INTO {0} SELECT (jsonb_populate_record(NULL::{0}, to_jsonb(r) || jsonb_build_object("
        "'id', gen_random_uuid(), 'starts_at', r.starts_at + $1, 'ends_at', r.ends_at + $1))).* FROM {0} r"
    )
    for table in ("slots", "bookings"):
        for shift in (timedelta(0), timedelta(minutes=44), timedelta(minutes=-44)):
            with pytest.raises(asyncpg.ExclusionViolationError):
                await owner.execute(overlap.format(table), shift)
    await owner.execute(overlap.format("slots"), timedelta(minutes=45))


@pytest.mark.usefixtures("booking")
async def test_one_exclusive_open_offer_per_slot_and_one_per_entry(owner: asyncpg.Connection) -> None:
    again = (
        "INSERT INTO offers SELECT (jsonb_populate_record(NULL::offers, to_jsonb(o) || jsonb_build_object("
        "'id', gen_random_uuid(), 'exclusive', $1::boolean))).* FROM offers o"
    )
    for exclusive in (True, False):
        with pytest.raises(asyncpg.UniqueViolationError):
            await owner.execute(again, exclusive)


BROKEN = {
    "the slot is not held": ("slots", "UPDATE slots SET status = 'open', hold_expires_at = NULL"),
    "the entry is not notified": ("waitlist_entries", "UPDATE waitlist_entries SET status = 'waiting'"),
}


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ("the slot is not held", "accept"),
        ("the entry is not notified", "accept"),
        ("the entry is not notified", "decline"),
        ("the entry is not notified", "leave"),
        ("the entry is not notified", "take back"),
    ],
)
async def test_an_answer_that_could_not_be_given_effect_is_never_told_as_done(
    shop: Shop, owner: asyncpg.Connection, how: str, answer: str
) -> None:
    await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    offer = await shop.one("SELECT id, slot_id FROM offers")
    table, contradiction = BROKEN[how]
    await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_change")
    await owner.execute(contradiction)
    await owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_change")

    async def act() -> None:
        async with shop.transaction() as tx:
            given: dict[str, Any] = {"now": shop.clock(), "actor": "test"}
            match answer:
                case "accept":
                    await offers.accept(tx, offer["id"], **given)
                case "decline":
                    await offers.decline(tx, offer["id"], **given)
                case "leave":
                    await offers.withdraw_with_entry(tx, offer["id"], reason="test", **given)
                case _:
                    await slots.take_back(tx, offer["slot_id"], reason="test", **given)

    with pytest.raises((IllegalTransition, asyncpg.CheckViolationError)):
        await act()
    assert await shop.status_of("offers", offer["id"]) == "pending"
    assert await shop.all("SELECT FROM bookings WHERE status = 'confirmed'") == []


@pytest.mark.parametrize("misses", range(5))
async def test_silence_means_the_same_to_the_database(
    shop: Shop, owner: asyncpg.Connection, misses: int
) -> None:
    await shop.join()
    await shop.free_slot()
    await shop.run_jobs()
    await owner.execute("UPDATE waitlist_entries SET misses = $1", misses)
    await shop.pass_time(minutes=15)
    row = await shop.one("SELECT status, misses FROM waitlist_entries")
    event: Event = after_silence(misses, 3)
    assert row["status"] == lifecycle.ENTRY[EntryState.NOTIFIED, event]
    assert row["misses"] == misses + 1
