"""The sample salon: made, given rules that fit an impatient audience, and imported as a real one is."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from standby.clock import Clock
from standby.database.pool import Pool
from standby.demo.place import sample_files
from standby.errors import StandbyError
from standby.importing.known import known_book
from standby.importing.reading import read_book
from standby.importing.writing import write_book
from standby.tenants import tenants
from standby.tenants.scope import tenant_transaction
from standby.tenants.tenants import Salon
from standby.waitlist.policy import NO_QUIET_HOURS

TIMEZONE: Final = "Europe/Oslo"

# In seconds, and at any time of the day. Otherwise a salon's rules as they are; and nobody is left out for having had
# many messages.
COMMON: Final[Mapping[str, int | str]] = {
    "cooldown_seconds": 120,
    "minimum_notice_seconds": 0,
    "messages_per_minute": 600,
    **NO_QUIET_HOURS,
}
LIVE: Final[Mapping[str, int | str]] = {
    **COMMON,
    "offer_window_seconds": 60,
    "reminder_lead_seconds": 20,
    "messages_per_day": 1000,
    "reminders": "24h_and_2h",
}
# The silent one is reminded in the middle; those who answer have done so by then, on a busy machine too.
ONCE: Final[Mapping[str, int | str]] = {
    **COMMON,
    "offer_window_seconds": 5,
    "reminder_lead_seconds": 2,
    "reminders": "none",
}


class BadSample(StandbyError):
    """The sample salon's files have problems."""


@dataclass(frozen=True)
class Sample:
    """The salon, and how many of each kind were imported into it."""

    salon: Salon
    counts: Mapping[str, int]


async def open_salon(
    pool: Pool, rules: Mapping[str, int | str], clock: Clock, progress: Callable[[int, int], None]
) -> Sample:
    """Makes the salon in an empty database. `progress` is told the rows done and the rows in all."""
    salon = await tenants.create(
        pool,
        "Salon Fjord",
        slug="salon-fjord",
        timezone=TIMEZONE,
        currency="NOK",
        country="NO",
        locale="en",
        now=clock(),
    )
    async with tenant_transaction(pool, salon.id) as tx:
        await tenants.set_policy(tx, None, asdict(await tenants.get_policy(tx)) | dict(rules))
        known = await known_book(tx)
        now = clock()
        book = read_book(sample_files(), timezone=salon.zone, country=salon.country, now=now, known=known)
        if book.problems:
            first = book.problems[0]
            raise BadSample(
                f"{first.file}, line {first.line}, column {first.column}, {first.value!r}: {first.reason} "
                f"({len(book.problems)} problems in all)"
            )
        report = await write_book(tx, book, now=now, progress=progress)
    return Sample(salon, {kind: counts.new for kind, counts in report.kinds.items()})
