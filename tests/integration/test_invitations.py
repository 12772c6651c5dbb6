"""Mails about a booking carry it for the customer's calendar: added, changed, taken away, and always the same event."""

from typing import Final
from uuid import UUID, uuid4

from icalendar import Event

from standby.calendars.ical import uid_of
from standby.channels.smtp import SmtpChannel
from standby.waitlist import offers
from tests.fakes.mailbox import Mailbox, mail_server
from tests.integration.test_calendar_feeds import moved
from tests.salon import Clock, Shop, open_shop, open_system
from tests.unit.test_ical import read

MESSAGE: Final = """
INSERT INTO messages (tenant_id, id, customer_id, booking_id, slot_id, kind, dedupe_key, status, channels,
                      next_attempt_at, created_at, details)
SELECT tenant_id, $2, customer_id, id, slot_id, $3, $3, 'queued', '{email}', $4, $4,
       jsonb_build_object('previously', $4::timestamptz)
FROM bookings WHERE id = $1
"""


def attached(mailbox: Mailbox) -> tuple[str, Event]:
    """What the newest mail asks of the calendar, and with which event."""
    [file] = mailbox.mails[-1].iter_attachments()
    calendar = read(file.get_payload(decode=True))  # type: ignore[arg-type]  # decoded, it is bytes
    [event] = calendar.events
    return str(calendar["METHOD"]), event


async def test_what_is_added_by_one_mail_is_changed_and_cancelled_by_the_next(
    database_url: str, clock: Clock
) -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox) as url:
        smtp = SmtpChannel(url, "Standby <no-reply@standby.test>", clock)
        async with open_system(database_url, clock, channels={"email": smtp}) as parts:
            shop = await open_shop(parts, clock)
            await shop.join("Kari", email="kari@example.com")
            await shop.free_slot()
            await shop.run_jobs()
            assert list(mailbox.mails[-1].iter_attachments()) == []  # An offer is no appointment yet.
            offer = await shop.one("SELECT id FROM offers")
            async with shop.transaction() as tx:
                await offers.accept(tx, offer["id"], now=clock(), actor="customer")
            await shop.run_jobs()
            booking = await shop.one("SELECT id, starts_at FROM bookings WHERE source = 'waitlist'")
            uid = uid_of(shop.salon.id, booking["id"])
            method, added = attached(mailbox)
            assert (method, added["UID"], added["SEQUENCE"]) == ("REQUEST", uid, 0)
            assert added.start == booking["starts_at"]
            assert (added["SUMMARY"], added["LOCATION"]) == ("Haircut, Shop", "Shop")
            assert added["ATTENDEE"] == "mailto:kari@example.com"

            clock.forward(hours=1)
            await moved(shop, booking["id"], shop.alex, hours=1)
            method, changed = await told(shop, mailbox, booking["id"], "changed")
            assert (method, changed["UID"], changed["SEQUENCE"]) == ("REQUEST", uid, 1)
            assert changed.start > added.start
            assert changed.last_modified == clock()

            await shop.all(
                "UPDATE bookings SET status = 'cancelled', cancelled_at = $2, sequence = sequence + 1 WHERE id = $1 "
                "RETURNING id",
                booking["id"],
                clock(),
            )
            method, gone = await told(shop, mailbox, booking["id"], "cancelled")
            assert (method, gone["UID"], gone["SEQUENCE"]) == ("CANCEL", uid, 2)
            assert (gone["STATUS"], gone.start) == ("CANCELLED", changed.start)


async def told(shop: Shop, mailbox: Mailbox, booking_id: UUID, kind: str) -> tuple[str, Event]:
    """The customer gets a mail of this kind."""
    message_id = uuid4()
    async with shop.transaction() as tx:
        await tx.execute(MESSAGE, booking_id, message_id, kind, shop.clock())
        await tx.execute("SELECT enqueue('message.send', $1, 12)", message_id)
    await shop.run_jobs()
    return attached(mailbox)
