"""The queues by the names that operators know (seed 001, "Three Specialized Queues"; the design, section 4).

A queue is a kind of work: the jobs of some names and the timers that lead to them. What runs by a clock here was a
delayed job in the seeds, so its deadlines count as the queue's delayed work, and pausing the queue pauses them too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

FILL: Final = "waitlist.fill"
SEND: Final = "message.send"
REMIND: Final = "reminder.send"
READ: Final = "callback.read"
PREFERENCE: Final = "waitlist.preference"
READ_CALENDAR: Final = "calendar.read"
WRITE_CALENDAR: Final = "calendar.write"
DELIVER_WEBHOOK: Final = "webhook.deliver"
LETTER: Final = "account.letter"
IMPORT: Final = "book.import"


@dataclass(frozen=True)
class Queue:
    """One kind of work. `short` is its key in queue-health, `setting` how its settings' names begin."""

    name: str
    short: str
    setting: str
    what: str
    jobs: tuple[str, ...]
    timers: tuple[str, ...] = ()


QUEUES: Final = (
    Queue(
        "waitlist.expiry",
        "expiry",
        "waitlist_expiry",
        "Ends offers when their time is over and passes free slots on",
        (FILL,),
        (
            "expire_due_offers",
            "end_due_cooldowns",
            "expire_due_entries",
            "close_due_slots",
            "start_due_fills",
        ),
    ),
    Queue(
        "waitlist.notification",
        "notification",
        "waitlist_notification",
        "Sends messages",
        (SEND,),
        ("remind_due_offers", "wake_due_messages", "recover_stale_messages"),
    ),
    Queue(
        "waitlist.answer",
        "answer",
        "waitlist_answer",
        "Reads what providers tell: answers of customers, and what became of messages",
        (READ,),
    ),
    Queue(
        "waitlist.preference",
        "preference",
        "preference_calculation",
        "Works out what customers usually book",
        (PREFERENCE,),
    ),
    Queue(
        "booking.reminder",
        "reminder",
        "booking_reminder",
        "Reminds customers of their bookings",
        (REMIND,),
        ("set_marked_reminders", "remind_due_bookings"),
    ),
    Queue(
        "calendar.sync",
        "calendar",
        "calendar_sync",
        "Writes bookings to linked calendars",
        (WRITE_CALENDAR,),
        ("write_due_events",),
    ),
    Queue(
        "calendar.read",
        "reading",
        "calendar_read",
        "Reads when somebody is busy in linked calendars",
        (READ_CALENDAR,),
        ("read_due_calendars",),
    ),
    Queue(
        "webhook.deliver",
        "webhook",
        "webhook_deliver",
        "Tells salons' own systems of events",
        (DELIVER_WEBHOOK,),
        ("send_due_webhooks", "forget_old_webhooks"),
    ),
    Queue(
        "account.letter",
        "letter",
        "account_letter",
        "Sends the mails about accounts",
        (LETTER,),
        ("send_due_letters",),
    ),
    Queue(
        "book.import",
        "import",
        "book_import",
        "Reads and writes the books that salons import",
        (IMPORT,),
        ("look_at_due_imports",),
    ),
)
BY_NAME: Final[Mapping[str, Queue]] = MappingProxyType({queue.name: queue for queue in QUEUES})
# Job or timer → the name of its queue.
QUEUE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {work: queue.name for queue in QUEUES for work in (*queue.jobs, *queue.timers)}
)

# What the id in a job is of, as logs name it.
ABOUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        FILL: "slot_id",
        SEND: "message_id",
        REMIND: "message_id",
        READ: "callback_id",
        PREFERENCE: "customer_id",
        READ_CALENDAR: "link_id",
        WRITE_CALENDAR: "event_id",
        DELIVER_WEBHOOK: "webhook_id",
        LETTER: "letter_id",
        IMPORT: "import_id",
    }
)


@dataclass(frozen=True)
class Retry:
    """How a job that failed is tried again: after `first`, then each time `factor` times as long."""

    times: int
    first: timedelta
    factor: float


@dataclass(frozen=True)
class Keep:
    """How many of something are kept, the newest, and for how long."""

    most: int
    age: timedelta


@dataclass(frozen=True)
class Rules:
    """What the settings say of a queue. `concurrency` is of one worker process."""

    concurrency: int
    retry: Retry
    completed: Keep
    failed: Keep


UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
# What the settings are written like, and the functions below read.
RETRY: Final = r"^\d{1,2}/\d{1,4}[smh]\*\d{1,2}$"
RETENTION: Final = r"^\d{1,6}/\d{1,4}[smhd],\d{1,6}/\d{1,4}[smhd]$"


def read_retry(text: str) -> Retry:
    """`3/1s*2`: three times, after 1, 2 and 4 s."""
    times, _, waits = text.partition("/")
    first, _, factor = waits.partition("*")
    return Retry(int(times), _span(first), float(factor))


def read_retention(text: str) -> tuple[Keep, Keep]:
    """`100/1h,1000/7d`: of completed jobs the last 100 for an hour, of failed ones the last 1,000 for a week."""
    completed, failed = (
        Keep(int(most), _span(age)) for most, _, age in (part.partition("/") for part in text.split(","))
    )
    return completed, failed


def _span(text: str) -> timedelta:
    return timedelta(**{UNITS[text[-1]]: int(text[:-1])})
