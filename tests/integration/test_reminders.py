"""Reminders of bookings: at their times and once, whatever is moved, cancelled or killed; answered by a tap."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from standby.bookings import bookings
from standby.bookings.reminders import schedule
from standby.channels.base import OptedOut, Outgoing, Receipt, Retry
from standby.channels.events import Reply
from standby.jobs.timers import LOCKED_ELSEWHERE, take_due
from standby.messages import inbound
from standby.signed_links import BOOKING, Linked, read_token
from standby.tenants import tenants
from standby.tenants.customers import Person
from standby.waitlist.answers import cancel_button, confirm_button
from standby.waitlist.policy import NO_QUIET_HOURS, resolve
from tests.salon import SECRET, Clock, Shop, at_once, open_shop, open_system, waiting

ids = count(1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def shop(shop: Shop) -> Shop:
    await shop.reminders("every_2_hours")
    return shop


async def remind_at(shop: Shop, booking: UUID) -> datetime | None:
    row = await shop.one("SELECT remind_at FROM bookings WHERE id = $1", booking)
    at: datetime | None = row["remind_at"]
    return at


async def move(shop: Shop, booking: UUID, by: timedelta) -> None:
    """As any statement may."""
    await shop.one(
        "UPDATE bookings SET starts_at = starts_at + $2, ends_at = ends_at + $2, changed_at = $3 "
        "WHERE id = $1 RETURNING id",
        booking,
        by,
        shop.clock(),
    )


async def written(shop: Shop) -> list[tuple[int, str, str]]:
    rows = await shop.all(
        "SELECT dedupe_key, status, reason FROM messages WHERE kind = 'reminder' ORDER BY created_at, dedupe_key"
    )
    return [(int(row["dedupe_key"].rpartition("-")[2]), row["status"], row["reason"]) for row in rows]


def reminders(shop: Shop) -> list[Outgoing]:
    return [one.message for one in shop.messages() if one.message.kind == "reminder"]


async def says(shop: Shop, phone: str, text: str, **more: Any) -> str | None:
    """What became of it; what it set off is done."""
    given: dict[str, Any] = {
        "dedupe_key": f"wamid.{next(ids)}", "at": shop.clock(), "button": None, "sender": phone, "address": "1555",
        "text": text, "in_reply_to": None, "opt": None,
    }  # fmt: skip
    async with shop.transaction() as tx:
        became = await inbound.take(tx, "whatsapp", Reply(**given | more), now=shop.clock())
    await shop.run_jobs()
    return became


async def reminded(shop: Shop, *, hours: int = 48) -> tuple[UUID, str]:
    """A booking whose customer has got its first reminder, and their number."""
    phone = shop.phone()
    booking = await shop.book(at=shop.clock() + hours * HOUR, phone=phone)
    await shop.pass_time(hours=2)
    assert [one.to for one in reminders(shop)][-1] == phone
    return booking, phone


async def test_the_seed_s_booking_is_reminded_of_four_times_and_each_time_once(shop: Shop) -> None:
    booking = await shop.book(at=shop.clock() + 10 * HOUR)
    came = []
    for _ in range(24):
        await shop.pass_time(minutes=30)
        came.append(len(reminders(shop)))
    assert came == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4]
    rows = await shop.all(
        "SELECT dedupe_key, status FROM messages WHERE kind = 'reminder' ORDER BY created_at"
    )
    assert [tuple(row) for row in rows] == [(f"booking_{booking}-reminder-{n}", "sent") for n in range(1, 5)]
    assert await remind_at(shop, booking) is None


async def test_a_reminder_has_buttons_and_the_link_to_the_booking(shop: Shop) -> None:
    booking, _ = await reminded(shop)
    [message] = reminders(shop)
    assert [button.id for button in message.buttons] == [confirm_button(booking), cancel_button(booking)]
    assert message.link is not None
    opened, _, token = message.link.rpartition("/")
    assert opened.endswith("/b")
    assert read_token([SECRET.encode()], token, BOOKING) == Linked(shop.salon.id, booking)
    assert message.template is not None
    assert message.template.values[-1] == message.link
    assert message.text.endswith(message.link)


async def test_a_cancelled_booking_is_reminded_of_no_more(shop: Shop) -> None:
    booking = await shop.book()
    await shop.cancel(booking)
    assert await remind_at(shop, booking) is None
    await shop.pass_time(hours=3)
    assert reminders(shop) == []


async def test_a_reminder_that_waits_when_its_booking_is_cancelled_or_moved_is_dropped(shop: Shop) -> None:
    cancelled = await shop.book()
    moved = await shop.book(staff=shop.alex)
    shop.clock.forward(hours=2)
    async with shop.system.worker_pool.acquire() as connection:
        await take_due(connection, shop.clock)  # They are written, and nobody has sent them yet.
    await shop.cancel(cancelled)
    await move(shop, moved, 3 * HOUR)
    await shop.run_jobs()
    assert reminders(shop) == []
    assert sorted(await written(shop)) == [(1, "dropped", "booking_ended"), (1, "dropped", "booking_moved")]
    await shop.pass_time(hours=2)  # The moved one's next has the next number, and tells the new time.
    assert [message.to for message in reminders(shop)] == [(await phone_of(shop, moved))]
    assert (2, "sent", "") in await written(shop)


async def phone_of(shop: Shop, booking: UUID) -> str:
    row = await shop.one(
        "SELECT phone FROM customers c JOIN bookings b ON b.customer_id = c.id WHERE b.id = $1", booking
    )
    return str(row["phone"])


async def test_who_cancels_while_the_timer_takes_the_booking_is_not_reminded(
    shop: Shop, database_url: str
) -> None:
    booking = await shop.book()
    shop.clock.forward(hours=2)
    watching = await asyncpg.connect(database_url)
    async with shop.system.worker_pool.acquire() as connection:
        timer = connection.transaction()
        await timer.start()
        assert await connection.fetchval("SELECT taken FROM remind_due_bookings($1)", shop.clock()) == 1
        cancelling = asyncio.create_task(shop.cancel(booking))
        await waiting(watching, 1)
        await timer.commit()
    await cancelling
    await watching.close()
    await shop.run_jobs()
    assert await written(shop) == [(1, "dropped", "booking_ended")]


async def test_a_booking_that_somebody_is_cancelling_is_passed_by(shop: Shop) -> None:
    booking = await shop.book()
    shop.clock.forward(hours=2)
    async with shop.transaction() as tx:
        await bookings.cancel(tx, booking, now=shop.clock(), reason="ill", actor="test")
        async with shop.system.worker_pool.acquire() as connection:
            assert await connection.fetchval("SELECT taken FROM remind_due_bookings($1)", shop.clock()) == 0
    assert await written(shop) == []


async def test_two_timers_at_once_write_each_reminder_once(shop: Shop) -> None:
    for number in range(30):
        await shop.book(at=shop.clock() + timedelta(days=2, hours=number))
    shop.clock.forward(hours=2)

    async def take() -> int:
        async with shop.system.worker_pool.acquire() as connection:
            return int(await connection.fetchval("SELECT taken FROM remind_due_bookings($1)", shop.clock()))

    assert sum(await asyncio.gather(*(take() for _ in range(4)))) == 30
    assert len(await written(shop)) == 30


async def many(shop: Shop, database_url: str) -> None:
    """Ten thousand bookings more."""
    owner = await asyncpg.connect(
        database_url, server_settings={"search_path": "standby", "session_replication_role": "replica"}
    )  # Who loads them without a trigger doesn't wait so long.
    await owner.execute(MANY, shop.clock(), shop.clock() + timedelta(days=30))
    await owner.close()


async def test_ten_thousand_bookings_moved_at_once_keep_exactly_their_reminders(
    shop: Shop, database_url: str
) -> None:
    await shop.cancel(await shop.book())
    await shop.run_jobs()
    await many(shop, database_url)
    shop.clock.forward(hours=5)
    since = shop.clock()
    moved = await shop.all(
        "UPDATE bookings SET starts_at = starts_at + interval '90 minutes', ends_at = ends_at + interval '90 minutes', "
        "changed_at = $1 WHERE source = 'import' RETURNING id, starts_at, remind_at, reminders_since, reminder_number",
        since,
    )
    assert len(moved) == 10_000
    policy = resolve(NO_QUIET_HOURS)
    starts = {row["starts_at"]: row for row in moved}
    for starts_at, row in starts.items():
        times = schedule(policy, ZoneInfo("Europe/Oslo"), since, starts_at)
        assert (row["remind_at"], row["reminders_since"]) == (times[0], since)
    assert {row["reminder_number"] for row in moved} == {2}  # Numbers go on.

    sample = {row["id"]: row["starts_at"] for row in moved[::2000]}
    await shop.all("UPDATE bookings SET remind_at = NULL WHERE id <> ALL ($1)", list(sample))
    await shop.system.worker_pool.execute("DELETE FROM pgqueuer")  # To count visits is another matter.
    for _ in range(3):
        await shop.pass_time(hours=2)
    sent = await shop.all(
        "SELECT booking_id, status, details ->> 'number' AS number, details ->> 'scheduled_for' AS at FROM messages "
        "WHERE kind = 'reminder' ORDER BY created_at"
    )
    assert {row["status"] for row in sent} == {"sent"}
    assert len(reminders(shop)) == len(sent) == 15
    for booking, starts_at in sample.items():
        theirs = [row for row in sent if row["booking_id"] == booking]
        assert [row["number"] for row in theirs] == ["2", "3", "4"]
        times = schedule(policy, ZoneInfo("Europe/Oslo"), since, starts_at)
        assert [datetime.fromisoformat(row["at"]) for row in theirs] == times[:3]


# Copies of the one booking, whose first reminder was sent: for a hundred staff members, a hundred times.
MANY = """
WITH given AS (
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS slot_id, md5('staff' || n % 100)::uuid AS staff_id,
           $2::timestamptz + n / 100 * interval '2 hours' AS starts_at
    FROM generate_series(0, 9999) n
), slot AS (
    INSERT INTO slots (tenant_id, id, staff_id, service_id, starts_at, ends_at, status, reason, actor, changed_at,
                       created_at)
    SELECT b.tenant_id, g.slot_id, g.staff_id, b.service_id, g.starts_at, g.starts_at + interval '30 minutes', 'booked',
           'import', 'import', $1, $1 FROM given g, bookings b
)
INSERT INTO bookings (tenant_id, id, slot_id, customer_id, staff_id, service_id, starts_at, ends_at, status, source,
                      reason, actor, changed_at, created_at, reminders_since, reminder_number, remind_at)
SELECT b.tenant_id, g.id, g.slot_id, b.customer_id, g.staff_id, b.service_id, g.starts_at,
       g.starts_at + interval '30 minutes', 'confirmed', 'import', 'import', 'import', $1, $1, $1, 2,
       $1 + interval '4 hours' FROM given g, bookings b
"""


async def test_a_change_of_the_rules_is_taken_to_ten_thousand_bookings_in_batches_that_wait_for_nobody(
    shop: Shop, database_url: str
) -> None:
    """And none of it is a visit to count."""
    held = await shop.book(at=shop.clock() + timedelta(days=20))
    await shop.run_jobs()
    await many(shop, database_url)
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, None, {"reminders": "24h_and_2h"})
    async with shop.system.worker_pool.acquire() as connection:
        async with shop.transaction() as rival:
            await rival.fetch("SELECT FROM bookings WHERE id = $1 FOR NO KEY UPDATE", held)
            taken = [await take_due(connection, shop.clock) for _ in range(21)]
            assert taken == [(1, 0.0)] * 20 + [(0, LOCKED_ELSEWHERE)]
            assert len(await shop.all(WRONG)) == 1
        assert await take_due(connection, shop.clock) == (1, 0.0)  # That one, and the mark.
        assert await shop.all(WRONG) == []
        assert await shop.all("SELECT FROM policies WHERE reminders_marked IS NOT NULL") == []
        assert await connection.fetchval("SELECT count(*) FROM pgqueuer") == 0


WRONG = "SELECT FROM bookings WHERE remind_at IS DISTINCT FROM starts_at - interval '24 hours'"


async def test_a_booking_that_is_being_made_while_the_rules_change_is_reminded_of_by_the_new_ones(
    shop: Shop,
) -> None:
    await shop.reminders("none")
    start = shop.clock() + timedelta(days=5)
    async with shop.system.worker_pool.acquire() as connection:
        async with shop.transaction() as tx:
            booking = await bookings.create(
                tx, Person("Kari", shop.phone()), shop.kim, shop.cut, start, now=shop.clock(), actor="test"
            )
            async with shop.transaction() as owner:
                await tenants.change_policy(owner, None, {"reminders": "24h_and_2h"})
            assert await take_due(connection, shop.clock) == (0, LOCKED_ELSEWHERE)
        assert await remind_at(shop, booking) is None
        assert await take_due(connection, shop.clock) == (1, 0.0)
    assert await remind_at(shop, booking) == start - 24 * HOUR


async def test_who_books_while_new_rules_are_set_waits_for_them(shop: Shop, database_url: str) -> None:
    await shop.reminders("none")
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, None, {"reminders": "24h_and_2h"})
    start = shop.clock() + timedelta(days=5)
    watching = await asyncpg.connect(database_url)
    async with shop.system.worker_pool.acquire() as connection:
        timer = connection.transaction()
        await timer.start()
        assert await connection.fetchval("SELECT taken FROM set_marked_reminders($1)", shop.clock()) == 1
        booking = asyncio.create_task(shop.book(at=start))
        await waiting(watching, 1)
        await timer.commit()
    await watching.close()
    assert await remind_at(shop, await booking) == start - 24 * HOUR


async def test_a_change_of_the_rules_counts_for_bookings_that_are_there(shop: Shop) -> None:
    cut, long_ago = await shop.book(at=shop.clock() + 72 * HOUR), shop.clock()
    for _ in range(3):
        await shop.pass_time(hours=2)
    assert len(reminders(shop)) == 3
    await shop.reminders("24h_and_2h")
    assert await remind_at(shop, cut) == long_ago + 48 * HOUR
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, shop.cut, {"reminders": "90"})
    await shop.pass_time()
    assert await remind_at(shop, cut) == long_ago + 70.5 * HOUR
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, shop.cut, {"reminders": None})
    await shop.reminders("none")
    assert await remind_at(shop, cut) is None
    await shop.reminders("every_2_hours")
    assert await remind_at(shop, cut) == long_ago + 8 * HOUR
    await shop.pass_time(hours=2)
    assert [number for number, *_ in await written(shop)] == [1, 2, 3, 4]


async def test_a_reminder_that_the_new_rules_don_t_know_is_not_sent_before_they_are_applied(
    shop: Shop,
) -> None:
    await shop.book()
    shop.clock.forward(hours=2)
    async with shop.transaction() as tx:
        await tenants.change_policy(tx, None, {"reminders": "none"})
    async with shop.system.worker_pool.acquire() as connection:
        assert await connection.fetchval("SELECT taken FROM remind_due_bookings($1)", shop.clock()) == 0
        assert (await take_due(connection, shop.clock))[0] == 1  # The rules.
    assert await written(shop) == []


async def test_after_an_outage_one_reminder_comes_and_not_all_that_were_missed(shop: Shop) -> None:
    await shop.book()
    await shop.pass_time(hours=9)
    assert [number for number, *_ in await written(shop)] == [1]
    await shop.pass_time(hours=1)
    assert [number for number, *_ in await written(shop)] == [1, 2]


async def test_reminders_that_pile_up_before_a_provider_are_one_when_it_works_again(shop: Shop) -> None:
    await shop.book()
    for _ in range(3):
        shop.clock.forward(hours=2)
        async with shop.system.worker_pool.acquire() as connection:
            await connection.fetchval("SELECT taken FROM remind_due_bookings($1)", shop.clock())
    await shop.run_jobs()
    assert await written(shop) == [
        (1, "dropped", "newer_reminder"),
        (2, "dropped", "newer_reminder"),
        (3, "sent", ""),
    ]


async def test_who_agreed_to_no_channel_is_not_reminded_and_nothing_piles_up(shop: Shop) -> None:
    booking = await shop.book()
    await shop.all("UPDATE customers SET channels = '{}'")
    await shop.pass_time(hours=3)
    assert await written(shop) == []
    assert await remind_at(shop, booking) == shop.clock() + HOUR


async def test_the_night_s_reminder_comes_in_the_morning(shop: Shop) -> None:
    await shop.reminders("120", quiet_from_minute=21 * 60, quiet_until_minute=8 * 60)
    nine = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Europe/Oslo")).astimezone(UTC)
    await shop.book(at=nine)
    await shop.book(at=nine - HOUR, staff=shop.alex)  # At eight, so it is told of before the night.
    await shop.pass_time(hours=7, minutes=44)
    assert reminders(shop) == []
    await shop.pass_time(minutes=1)
    assert len(reminders(shop)) == 1
    await shop.pass_time(hours=11, minutes=14)
    assert len(reminders(shop)) == 1
    await shop.pass_time(minutes=1)
    assert len(reminders(shop)) == 2


class Unwilling:
    """A channel that always answers the same."""

    name = "unwilling"

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self.tries = 0

    async def send(self, _: Outgoing) -> Receipt:
        self.tries += 1
        return self.receipt

    async def check(self) -> None:
        return None

    async def close(self) -> None:
        return None


async def test_a_reminder_that_fails_five_times_has_failed_and_the_salon_is_told_once(
    database_url: str,
) -> None:
    clock, channel = Clock(), Unwilling(Retry("busy"))
    async with open_system(database_url, clock, channels={"sms": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.reminders("every_2_hours")
        booking = await shop.book()
        await shop.pass_time(hours=2)
        for wait in (5, 25, 125, 625):
            row = await shop.one("SELECT status, next_attempt_at FROM messages")
            assert wait <= (row["next_attempt_at"] - clock()).total_seconds() <= wait * 1.1
            clock.at = row["next_attempt_at"]
            await shop.pass_time()
        assert (channel.tries, await written(shop)) == (5, [(1, "failed", "busy")])
        [notice] = await shop.all("SELECT kind, details FROM notices")
        assert notice["kind"] == "reminder_failed"
        assert (notice["details"]["booking"], notice["details"]["reason"]) == (str(booking), "busy")


async def test_the_salon_is_told_too_when_nobody_takes_the_reminder_any_more(database_url: str) -> None:
    clock, channel = Clock(), Unwilling(OptedOut("21610"))
    async with open_system(database_url, clock, channels={"sms": channel}) as parts:
        shop = await open_shop(parts, clock)
        await shop.reminders("every_2_hours")
        await shop.book()
        await shop.pass_time(hours=2)
        assert await written(shop) == [(1, "failed", "no_open_channel")]
        assert [row["kind"] for row in await shop.all("SELECT kind FROM notices")] == ["reminder_failed"]


async def test_a_worker_that_dies_between_send_and_record_leaves_it_uncertain_and_sends_it_no_more(
    shop: Shop,
) -> None:
    booking, _ = await reminded(shop)
    await shop.one(  # As if it had died before it recorded what it sent.
        "UPDATE messages SET status = 'sending', sent_at = NULL, lease_id = gen_random_uuid(), "
        "lease_expires_at = $1 RETURNING id",
        shop.clock() + timedelta(seconds=30),
    )
    await shop.pass_time(seconds=31)
    await shop.pass_time(minutes=30)
    assert await written(shop) == [(1, "uncertain", "lease_ran_out")]
    assert len(reminders(shop)) == 1
    await shop.pass_time(hours=1, minutes=30)
    assert [number for number, *_ in await written(shop)] == [1, 2]
    assert await remind_at(shop, booking) is not None


async def test_who_taps_that_they_come_is_written_down_and_thanked(shop: Shop) -> None:
    booking, phone = await reminded(shop)
    assert await says(shop, phone, "I'll be there", button=confirm_button(booking)) == "confirmed"
    row = await shop.one("SELECT status, customer_confirmed_at FROM bookings")
    assert tuple(row) == ("confirmed", shop.clock())
    assert await shop.all("SELECT FROM history WHERE reason = 'confirmed_by_customer'")
    assert shop.messages()[-1].message.kind == "booked"
    assert await says(shop, phone, "I'll be there", button=confirm_button(booking)) == "confirmed"
    assert len(await shop.all("SELECT FROM history WHERE reason = 'confirmed_by_customer'")) == 1


async def test_a_yes_that_twilio_takes_for_start_confirms_and_opens_the_channel(shop: Shop) -> None:
    _, phone = await reminded(shop)
    await shop.all("UPDATE customers SET channels = '{sms}'")
    assert await says(shop, phone, "YES", opt="in") == "confirmed"
    row = await shop.one("SELECT channels FROM customers")
    assert set(row["channels"]) == {"sms", "whatsapp"}


@pytest.mark.parametrize("text", ["Yes!", "Jeg kommer", "ok"])
async def test_a_yes_to_a_reminder_is_that_they_come(shop: Shop, text: str) -> None:
    _, phone = await reminded(shop)
    assert await says(shop, phone, text) == "confirmed"


async def test_who_taps_cancel_cancels_and_the_waitlist_is_asked_at_once(shop: Shop) -> None:
    await shop.join("Kari")
    booking, phone = await reminded(shop)
    assert await says(shop, phone, "Cancel my booking", button=cancel_button(booking)) == "cancelled"
    row = await shop.one("SELECT status, cancelled_by FROM bookings")
    assert tuple(row) == ("cancelled", "customer")
    assert {one.message.kind for one in shop.messages()} == {"reminder", "cancelled", "offer"}
    assert await says(shop, phone, "Cancel my booking", button=cancel_button(booking)) == "cancelled"
    assert await says(shop, phone, "I'll be there", button=confirm_button(booking)) == "booking_over"


async def test_of_two_taps_at_once_one_cancels(shop: Shop) -> None:
    booking, phone = await reminded(shop)
    both = await at_once(*(says(shop, phone, "", button=cancel_button(booking)) for _ in range(2)))
    assert both == ["cancelled", "cancelled"]
    assert len(await shop.all("SELECT FROM slots WHERE status <> 'cancelled'")) == 1
    assert len(await shop.all("SELECT FROM history WHERE entity = 'booking' AND to_state = 'cancelled'")) == 1


async def test_the_words_on_the_button_cancel_only_in_answer_to_the_reminder_itself(shop: Shop) -> None:
    booking, phone = await reminded(shop)
    assert await says(shop, phone, "Cancel my booking") == "no_to_reminder"
    assert await shop.status_of("bookings", booking) == "confirmed"
    provider_id = (await shop.one("SELECT provider_id FROM messages WHERE kind = 'reminder'"))["provider_id"]
    assert await says(shop, phone, "Cancel my booking", in_reply_to=provider_id) == "cancelled"
    assert await shop.status_of("bookings", booking) == "cancelled"


async def test_a_bare_no_cancels_nothing_gets_the_link_and_is_the_salon_s_to_read(shop: Shop) -> None:
    booking, phone = await reminded(shop)
    assert await says(shop, phone, "no") == "no_to_reminder"
    assert await shop.status_of("bookings", booking) == "confirmed"
    help_text = shop.messages()[-1].message
    assert help_text.kind == "help_booking"
    assert help_text.link is not None
    assert help_text.text.endswith(help_text.link)
    [reply] = await shop.all("SELECT handled_at FROM replies")
    assert reply["handled_at"] is None


async def test_who_is_too_late_to_cancel_is_told_to_call_and_the_salon_reads_it(shop: Shop) -> None:
    booking, phone = await reminded(shop, hours=25)
    assert await says(shop, phone, "Cancel my booking", button=cancel_button(booking)) == "too_late_to_cancel"
    assert await shop.status_of("bookings", booking) == "confirmed"
    assert shop.messages()[-1].message.kind == "call_salon"
    [reply] = await shop.all("SELECT handled_at FROM replies")
    assert reply["handled_at"] is None


async def test_a_yes_is_about_the_offer_that_is_open_and_not_about_the_reminder(shop: Shop) -> None:
    _, phone = await reminded(shop)
    await shop.join("Booked Customer", phone=phone, service_id=shop.cut)
    await shop.free_slot(at=shop.clock() + 30 * HOUR)
    await shop.run_jobs()
    assert await says(shop, phone, "yes") == "booked"
    assert await shop.all("SELECT FROM bookings WHERE customer_confirmed_at IS NOT NULL") == []


async def test_an_answer_to_a_time_that_was_moved_is_the_salon_s_to_read(shop: Shop) -> None:
    booking, phone = await reminded(shop)
    await move(shop, booking, 5 * HOUR)
    for button in (confirm_button(booking), cancel_button(booking)):
        assert await says(shop, phone, "", button=button) == "booking_moved"
    row = await shop.one("SELECT status, customer_confirmed_at FROM bookings")
    assert tuple(row) == ("confirmed", None)


async def test_a_button_of_somebody_else_s_booking_does_nothing(shop: Shop) -> None:
    booking, _ = await reminded(shop)
    _, other = await reminded(shop, hours=60)
    assert await says(shop, other, "", button=cancel_button(booking)) == "nothing_to_answer"
    assert await shop.status_of("bookings", booking) == "confirmed"


async def told(shop: Shop, booking: UUID, kind: str, **details: str) -> list[Outgoing]:
    """What of this kind reaches the customer when a statement writes it."""
    row = await shop.one(
        "INSERT INTO messages (tenant_id, id, customer_id, booking_id, slot_id, kind, dedupe_key, status, channels, "
        "next_attempt_at, created_at, details) "
        "SELECT tenant_id, gen_random_uuid(), customer_id, id, slot_id, $2, $2, 'queued', '{whatsapp}', $3, $3, $4 "
        "FROM bookings WHERE id = $1 RETURNING enqueue_send(id, created_at)",
        booking,
        kind,
        shop.clock(),
        details,
    )
    assert row
    await shop.run_jobs()
    return [one.message for one in shop.messages() if one.message.kind == kind]


async def test_a_message_about_a_booking_tells_the_booking_s_time_and_links_to_it_also_at_night(
    shop: Shop,
) -> None:
    await shop.reminders("none", quiet_from_minute=0, quiet_until_minute=1439)
    booking = await shop.book()
    [confirmed] = await told(shop, booking, "booking_confirmed")
    await move(shop, booking, 3 * HOUR)
    [changed] = await told(shop, booking, "changed", previously=shop.tomorrow().isoformat())
    assert "Tuesday 24 November at 13:00" in confirmed.text
    assert "is now Tuesday 24 November at 16:00. Before, it was Tuesday 24 November at 13:00" in changed.text
    for message in (confirmed, changed):
        assert message.link is not None
        token = message.link.rpartition("/")[2]
        assert read_token([SECRET.encode()], token, BOOKING) == Linked(shop.salon.id, booking)


async def test_a_cancellation_is_told_until_it_would_have_ended_and_nothing_else_of_that_booking(
    shop: Shop,
) -> None:
    booking, another = await shop.book(), await shop.book(staff=shop.alex)
    await shop.cancel(booking)
    assert await told(shop, booking, "booking_confirmed") == []
    shop.clock.at = shop.tomorrow() + timedelta(minutes=44)
    [cancelled] = await told(shop, booking, "cancelled")
    assert "13:00" in cancelled.text
    shop.clock.forward(minutes=1)
    await shop.all("UPDATE messages SET dedupe_key = id::text")
    assert await told(shop, another, "cancelled") == [cancelled]


async def test_a_booking_s_reminders_are_shown_as_the_seed_shows_them(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    booking, since = await shop.book(at=shop.clock() + 10 * HOUR), shop.clock()
    await shop.pass_time(hours=2)
    answer = await api.get(f"/api/bookings/{booking}/reminders")
    assert answer.headers["x-total-count"] == "4"
    assert answer.json() == [
        {
            "jobId": f"booking_{booking}-reminder-{n}",
            "state": "completed" if n == 1 else "waiting",
            "scheduledFor": f"{since + 2 * n * HOUR:%Y-%m-%dT%H:%M:%SZ}",
        }
        for n in range(1, 5)
    ]
    far = await shop.book(at=shop.clock() + timedelta(days=30))
    answer = await api.get(f"/api/bookings/{far}/reminders")
    assert (len(answer.json()), answer.headers["x-total-count"]) == (100, "359")
    await move(shop, far, timedelta(days=50 * 365))  # Not even then are all of them looked for.
    answer = await api.get(f"/api/bookings/{far}/reminders")
    assert (len(answer.json()), answer.headers["x-total-count"]) == (100, "1000")
    assert (await api.get(f"/api/bookings/{UUID(int=1)}/reminders")).status_code == 404


async def test_the_queue_counts_what_waits_what_went_out_and_what_is_to_come(
    shop: Shop, api: httpx.AsyncClient
) -> None:
    await reminded(shop)
    counts = (await api.get("/api/queue/stats")).json()
    assert counts == {"waiting": 0, "active": 0, "completed": 1, "failed": 0, "delayed": 1}
    await shop.one("UPDATE messages SET status = 'failed', sent_at = NULL RETURNING id")
    await shop.join()
    await shop.free_slot(staff=shop.alex)
    counts = (await api.get("/api/queue/stats")).json()
    assert counts == {"waiting": 0, "active": 0, "completed": 0, "failed": 1, "delayed": 1}
    await shop.run_jobs()
    counts = (await api.get("/api/queue/stats")).json()
    assert (counts["completed"], counts["delayed"]) == (1, 2)


async def test_the_rule_is_the_salon_s_to_set_and_the_default_is_the_seed_s(api: httpx.AsyncClient) -> None:
    assert (await api.put("/api/policies", json={})).json()["reminders"] == "every_2_hours"
    assert (await api.patch("/api/policies", json={"reminders": "2880,120"})).json()[
        "reminders"
    ] == "2880,120"
    for wrong in ("sometimes", "0", "120,", "1," * 10 + "1"):
        assert (await api.patch("/api/policies", json={"reminders": wrong})).status_code == 422
