"""What is typed into the calendar's forms: read, and what is wrong with it said beside its field."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from standby.database.pool import Tx
from standby.errors import (
    BookingChanged,
    BookingNotBegun,
    BookingNotCancelled,
    BookingNotConfirmed,
    Conflict,
    FieldProblem,
    Invalid,
    KeyUsedBefore,
    OutsideBusinessHours,
    SlotHasAppointment,
    SlotNotOpen,
    SlotTaken,
    StandbyError,
)
from standby.tenants import request_keys
from standby.tenants.request_keys import Answered
from standby.web.reading import day_of
from standby.web.same_site import local_path
from standby.web.words import Words

HERE: Final = "/app/calendar"
MOST_MINUTES: Final = 1440
# What is told by its code, whatever its field.
BY_CODE: Final = frozenset({"in_the_past", "too_far", "does_not_fit"})
# The field of the forms that a problem of the domain is about.
FIELDS: Final = {"starts_at": "time", "ends_at": "until"}
# What stands against it as things are: the field, and the words.
CONFLICTS: Final[dict[type[StandbyError], tuple[str, str]]] = {
    OutsideBusinessHours: ("time", "closed"),
    SlotTaken: ("time", "taken"),
    SlotHasAppointment: ("", "slot_booked"),
    SlotNotOpen: ("", "slot_over"),
    BookingChanged: ("", "changed"),
    BookingNotConfirmed: ("", "not_confirmed"),
    BookingNotBegun: ("", "not_begun"),
    BookingNotCancelled: ("", "not_cancelled"),
    KeyUsedBefore: ("", "done_before"),
}


@dataclass
class Reading:
    """What was typed, read bit by bit; `problems` are words by field, and under "" what is wrong with all of it."""

    words: Words
    zone: ZoneInfo
    problems: dict[str, str] = field(default_factory=dict)
    status: int = 422

    def moment(self, day: str, clock: str, *, at: tuple[str, str] = ("day", "time")) -> datetime | None:
        """A day and a time of the salon's clock, in the fields `at`."""
        found_day, found_time = self._day(day, at[0]), self._time(clock, at[1])
        if found_day is None or found_time is None:
            return None
        local = datetime.combine(found_day, found_time, self.zone)
        moment = local.astimezone(UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.say(at[1], "no_such_time")
            return None
        return moment

    def minutes(self, text: str) -> timedelta | None:
        typed = text.strip()
        if typed.isascii() and typed.isdigit() and 5 <= int(typed[:6]) <= MOST_MINUTES:
            return timedelta(minutes=int(typed))
        self.say("minutes", "minutes")
        return None

    def choice(self, name: str, text: str, among: Iterable[UUID]) -> UUID | None:
        """One of those that can be chosen."""
        found = next((one for one in among if str(one) == text), None)
        if found is None:
            self.say(name, name)
        return found

    def refused(self, error: Invalid | Conflict) -> None:
        """What the domain says against it. Raises what has no words here."""
        if isinstance(error, Invalid):
            self.add(error.problems)
            return
        if type(error) not in CONFLICTS:
            raise error
        field, problem = CONFLICTS[type(error)]
        self.stands_against(problem, field)

    def stands_against(self, problem: str, field: str = "", **values: str) -> None:
        """Nothing that was typed: how things are."""
        self.status = 409
        self.problems.setdefault(field, self.words(f"calendar.problem.{problem}", **values))

    def add(self, problems: Iterable[FieldProblem]) -> None:
        for one in problems:
            said = one.code if one.code in BY_CODE else "until" if one.field == "ends_at" else one.field
            self.say(FIELDS.get(one.field, one.field), "time" if said == "starts_at" else said)

    def say(self, name: str, problem: str) -> None:
        """The first thing that is wrong with a field is said."""
        self.problems.setdefault(name, self.words(f"calendar.problem.{problem}"))

    def _day(self, text: str, name: str) -> date | None:
        day = day_of(text)
        if day is None:
            self.say(name, "day")
        return day

    def _time(self, text: str, name: str) -> time | None:
        try:
            return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            self.say(name, "time")
            return None


def back_of(address: str) -> str:
    """Where in the calendar somebody came from."""
    path = local_path(address or None, HERE)
    return path if path == HERE or path.startswith(f"{HERE}?") else HERE


async def done_before(tx: Tx, form: str, kind: str, typed: Mapping[str, str], *, now: datetime) -> str | None:
    """Where the form led the first time that it was sent; None: this is the first.

    `typed`: its fields. Raises KeyUsedBefore, if other things stood in them the first time.
    """
    if not form:
        return None
    asked = json.dumps([kind, sorted((name, text.strip()) for name, text in typed.items())])
    answered = await request_keys.take(tx, f"form {form[:40]}", sha256(asked.encode()).digest(), now=now)
    return None if answered is None else answered.body.decode()


async def keep_done(tx: Tx, form: str, address: str) -> None:
    """Keeps where it leads, in the transaction of what it did."""
    if form:
        await request_keys.keep(tx, f"form {form[:40]}", Answered(303, address.encode()))
