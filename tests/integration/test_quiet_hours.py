"""Quiet hours: nobody is woken, nothing is lost, and the morning goes on from there."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standby.bookings import bookings
from standby.database.migrate import MIGRATIONS, migrate
from standby.errors import Invalid
from standby.tenants import tenants
from standby.tenants.customers import Person
from standby.tenants.scope import tenant_transaction
from standby.waitlist import cascade, entries, offers, slots
from standby.waitlist.policy import NO_QUIET_HOURS, Policy, quiet_until
from tests.salon import Clock, Shop

NIGHT = {"quiet_from_minute": 21 * 60, "quiet_until_minute": 8 * 60}
EVENING = datetime(2026, 11, 23, 22, 0, tzinfo=ZoneInfo("Europe/Oslo"))
MORNING = EVENING + timedelta(hours=10)


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING)


@pytest.fixture
async def shop(shop: Shop) -> Shop:
    await rules(shop)
    return shop


async def rules(shop: Shop, **more: Any) -> None:
    async with shop.transaction() as tx:
        await tenants.set_policy(tx, None, NIGHT | more)


async def slot_row(shop: Shop, slot: UUID) -> asyncpg.Record:
    return await shop.one("SELECT status, fill_at, unfilled_reason FROM slots WHERE id = $1", slot)


def kinds(shop: Shop) -> list[str]:
    return [one.message.kind for one in shop.messages()]


def called(shop: Shop) -> list[str]:
    """How each offer begins."""
    return [one.message.text.split("!")[0] for one in shop.messages() if one.message.kind == "offer"]


async def test_a_slot_that_frees_at_night_is_offered_when_the_night_is_over(shop: Shop) -> None:
    await shop.join("Kari")
    slot = await shop.free_slot(at=MORNING + timedelta(hours=6))
    await shop.run_jobs()
    row = await slot_row(shop, slot)
    assert (row["status"], row["fill_at"]) == ("open", MORNING)
    await shop.pass_time(hours=9, minutes=59)
    assert kinds(shop) == []
    await shop.pass_time(minutes=1)
    assert kinds(shop) == ["offer"]
    assert await shop.broken() == []


async def test_an_offer_that_is_declined_at_night_is_passed_on_in_the_morning(shop: Shop) -> None:
    shop.clock.at = EVENING - timedelta(hours=1, minutes=10)  # 20:50
    await shop.join("Kari")
    await shop.join("Ola")
    slot = await shop.free_slot(at=MORNING + timedelta(hours=6))
    await shop.run_jobs()
    shop.clock.forward(minutes=14)
    offer = await shop.one("SELECT id FROM offers")
    async with shop.transaction() as tx:
        await offers.decline(tx, offer["id"], now=shop.clock(), actor="customer")
    await shop.run_jobs()
    assert tuple(await slot_row(shop, slot)) == ("open", MORNING, "quiet_hours")
    assert called(shop) == ["Hi Kari"]
    await shop.pass_time(hours=11)
    assert called(shop) == ["Hi Kari", "Hi Ola"]


async def test_staff_who_open_a_slot_in_the_night_start_it_in_the_morning(shop: Shop) -> None:
    await shop.join("Kari")
    slot = await shop.free_slot(at=MORNING + timedelta(hours=6))
    async with shop.transaction() as tx:
        await slots.open_again(tx, slot)
    await shop.run_jobs()
    assert tuple(await slot_row(shop, slot)) == ("open", MORNING, "quiet_hours")
    assert kinds(shop) == []


async def test_the_morning_asks_who_is_best_then(shop: Shop) -> None:
    await shop.join("Kari")
    await shop.free_slot(at=MORNING + timedelta(hours=6))
    await shop.run_jobs()
    await shop.join("Ola", vip=True)
    await shop.run_jobs()
    await shop.pass_time(hours=10)
    assert called(shop) == ["Hi Ola"]


@pytest.mark.parametrize(("after", "asked"), [(timedelta(minutes=30), True), (timedelta(minutes=29), False)])
async def test_a_slot_that_begins_before_anybody_could_be_asked_stays_open_and_says_why(
    *, shop: Shop, after: timedelta, asked: bool
) -> None:
    await shop.join("Kari")
    slot = await shop.free_slot(at=MORNING + after)
    await shop.run_jobs()
    row = await slot_row(shop, slot)
    assert tuple(row) == (("open", MORNING, None) if asked else ("open", None, "quiet_hours"))
    await shop.pass_time(hours=10)
    assert kinds(shop) == (["offer"] if asked else [])


async def test_staff_who_offer_by_hand_at_night_are_not_held_up(shop: Shop) -> None:
    entry = await shop.join("Kari")
    slot = await shop.free_slot(at=MORNING + timedelta(minutes=15))
    await shop.run_jobs()
    async with shop.transaction() as tx:
        await entries.notify(tx, entry.entry_id, slot, now=shop.clock(), actor="staff")
    await shop.run_jobs()
    assert kinds(shop) == ["offer"]


async def test_an_answer_comes_at_once_at_night(shop: Shop) -> None:
    entry = await shop.join("Kari")
    slot = await shop.free_slot(at=MORNING + timedelta(hours=6))
    async with shop.transaction() as tx:
        offered = await entries.notify(tx, entry.entry_id, slot, now=shop.clock(), actor="staff")
        await offers.accept(tx, offered.offer_id, now=shop.clock(), actor="customer")
    await shop.run_jobs()
    assert kinds(shop) == ["booked"]


async def test_an_offer_that_is_still_in_the_outbox_waits_for_the_morning_and_keeps_its_time(
    shop: Shop,
) -> None:
    await rules(shop, **NO_QUIET_HOURS)
    await shop.join("Kari")
    slot = await shop.free_slot(at=MORNING + timedelta(hours=6))
    async with shop.transaction() as tx:
        await cascade.fill(tx, slot, now=shop.clock())
    await rules(shop)  # The night has come between the offer and its message.
    await shop.run_jobs()
    assert kinds(shop) == []
    message = await shop.one("SELECT status, reason, next_attempt_at FROM messages")
    assert tuple(message) == ("queued", "quiet_hours", MORNING)
    [event] = await shop.all("SELECT event, details FROM message_events")
    assert tuple(event) == ("deferred", "the salon's quiet hours")
    await shop.pass_time(hours=10)
    assert kinds(shop) == ["offer"]
    offer = await shop.one("SELECT status, sent_at, expires_at FROM offers")
    assert tuple(offer) == ("pending", MORNING, MORNING + timedelta(minutes=15))


async def test_those_whose_turn_came_in_the_night_take_turns_in_the_morning(shop: Shop) -> None:
    shop.clock.at = EVENING - timedelta(hours=1, seconds=1)  # A second before the night.
    for number in range(25):
        await shop.join(f"Customer {number}")
        await shop.free_slot(at=MORNING + timedelta(days=1, hours=number))
    await shop.run_jobs()
    assert len(called(shop)) == 10
    await shop.pass_time(minutes=5)
    assert len(called(shop)) == 10
    shop.clock.at = MORNING
    await shop.pass_time()
    assert len(called(shop)) == 20
    await shop.pass_time(seconds=6)
    assert len(called(shop)) == 21
    await shop.pass_time(seconds=24)
    assert len(called(shop)) == 25
    assert await shop.broken() == []


async def test_a_reminder_of_an_offer_that_ends_in_the_night_is_dropped_in_the_morning(shop: Shop) -> None:
    shop.clock.at = EVENING - timedelta(hours=1, minutes=6)  # 20:54; the reminder would be due at 21:04
    await rules(shop, reminder_lead_seconds=300)
    await shop.join("Kari")
    await shop.free_slot(at=MORNING + timedelta(hours=6))
    await shop.run_jobs()
    await shop.pass_time(minutes=10)
    assert kinds(shop) == ["offer"]
    await shop.pass_time(hours=12)
    assert kinds(shop) == ["offer"]
    [reminder] = await shop.all("SELECT status, reason FROM messages WHERE kind = 'offer_reminder'")
    assert tuple(reminder) == ("dropped", "offer_ended")


async def test_the_preview_says_that_it_is_night(shop: Shop) -> None:
    slot = await shop.free_slot(at=MORNING + timedelta(hours=6))
    async with shop.transaction() as tx:
        assert (await slots.candidates(tx, slot, now=shop.clock())).withheld == "quiet_hours"
        assert (await slots.candidates(tx, slot, now=MORNING)).withheld is None


async def test_a_time_that_is_freed_or_opened_at_night_says_when_it_is_offered(shop: Shop) -> None:
    async with shop.transaction() as tx:
        opening = await slots.create(
            tx, shop.alex, shop.cut, MORNING + timedelta(days=1), None, now=shop.clock(), actor="staff"
        )
        booking = await bookings.create(
            tx, Person("Per", shop.phone()), shop.kim, shop.cut, MORNING + timedelta(days=1), now=shop.clock(),
            actor="test",
        )  # fmt: skip
        cancelled = await bookings.cancel(tx, booking, now=shop.clock(), reason="ill", actor="test")
    assert opening.fill_at == MORNING
    assert cancelled.opening is not None
    assert cancelled.opening.fill_at == MORNING


async def test_new_salons_sleep_from_nine_to_eight_and_services_can_not_differ(shop: Shop) -> None:
    salon = await tenants.create(
        shop.system.pool, "New", timezone="Europe/Oslo", currency="NOK", country="NO", locale="en", now=shop.clock(),
    )  # fmt: skip
    async with tenant_transaction(shop.system.pool, salon.id) as tx:
        policy = await tenants.get_policy(tx)
    assert (policy.quiet_from_minute, policy.quiet_until_minute) == (21 * 60, 8 * 60)
    async with shop.transaction() as tx:
        with pytest.raises(Invalid) as raised:
            await tenants.set_policy(tx, shop.cut, NO_QUIET_HOURS)
    assert [one.field for one in raised.value.problems] == list(NO_QUIET_HOURS)


async def test_quiet_hours_are_set_by_the_api(api: httpx.AsyncClient) -> None:
    answer = await api.patch("/api/policies", json={"quiet_from_minute": 1200, "quiet_until_minute": 540})
    assert (answer.json()["quiet_from_minute"], answer.json()["quiet_until_minute"]) == (1200, 540)
    answer = await api.patch("/api/policies", json={"quiet_from_minute": 1440})
    assert answer.status_code == 422


async def test_salons_that_are_there_already_get_none(
    bare_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    older = tmp_path_factory.mktemp("older")
    for path in sorted(MIGRATIONS.glob("*.sql")):
        if path.stem < "0008":
            (older / path.name).write_text(path.read_text())
    none = tmp_path_factory.mktemp("none")
    await migrate(bare_database_url, migrations=older, functions=none)
    owner = await asyncpg.connect(bare_database_url, server_settings={"search_path": "standby"})
    await owner.execute("""
        INSERT INTO tenants (id, slug, name, timezone, currency, country, created_at)
        VALUES (gen_random_uuid(), 'old', 'Old', 'Europe/Oslo', 'NOK', 'NO', now());
        INSERT INTO policies (tenant_id, id, offer_window_seconds, reminder_lead_seconds, cooldown_seconds, max_misses,
                              max_active_entries, minimum_notice_seconds, grace_seconds, messages_per_minute,
                              messages_per_day, channel_order)
        SELECT id, id, 900, 600, 3600, 3, 3, 1800, 0, 10, 10, '{sms}' FROM tenants;
    """)
    await migrate(bare_database_url)
    row = await owner.fetchrow("SELECT quiet_from_minute, quiet_until_minute FROM policies")
    assert tuple(row or ()) == (0, 0)
    await owner.close()


ZONES = ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/St_Johns"]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    zone=st.sampled_from(ZONES),
    begins=st.integers(0, 1439),
    ends=st.integers(0, 1439),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
async def test_the_database_and_the_program_mean_the_same_by_quiet_hours(
    *, owner: asyncpg.Connection, zone: str, begins: int, ends: int, now: datetime
) -> None:
    policy = Policy(quiet_from_minute=begins, quiet_until_minute=ends)
    said = await owner.fetchval("SELECT quiet_until($1, $2, $3, $4)", zone, begins, ends, now)
    assert said == quiet_until(policy, ZoneInfo(zone), now)


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
async def test_they_agree_in_every_quarter_of_the_nights_when_clocks_change(
    owner: asyncpg.Connection, day: datetime
) -> None:
    for begins, ends in ((1260, 480), (60, 150), (150, 1260), (135, 165), (1380, 120)):
        policy = Policy(quiet_from_minute=begins, quiet_until_minute=ends)
        for quarter in range(-48, 48):
            now = day + timedelta(minutes=15) * quarter
            said = await owner.fetchval("SELECT quiet_until('Europe/Oslo', $1, $2, $3)", begins, ends, now)
            assert said == quiet_until(policy, ZoneInfo("Europe/Oslo"), now), (begins, ends, now)


@pytest.fixture
async def owner(database_url: str) -> Any:
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "standby"})
    yield connection
    await connection.close()
