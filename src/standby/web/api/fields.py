"""What the fields of requests may hold, and what the docs say of them."""

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints, WithJsonSchema

from standby.tenants import names

Day = TypeVar("Day", bound=date)
Value = TypeVar("Value")
REMINDERS = re.compile(r"none|every_2_hours|24h_and_2h|[1-9][0-9]{0,5}(,[1-9][0-9]{0,5}){0,9}")
Channel = Literal["whatsapp", "sms", "email"]


def _name(text: str) -> str:
    if wrong := names.problem_of(text):
        raise ValueError(wrong)
    return text


def plain(text: str) -> str:
    """The text, if it is one line of plain text. Raises ValueError."""
    if not names.is_plain(text):
        raise ValueError("has control characters or line breaks; write plain text")
    return text


def _told(value: Value | None) -> Value:
    if value is None:
        raise ValueError("can't be null; leave it out to keep what is there")
    return value


def _written(value: Any) -> Any:
    """Numbers would be taken for seconds or milliseconds since 1970."""
    try:
        float(value)
    except (ValueError, TypeError):
        return value
    raise ValueError("must be written like 2026-03-02 or 2026-03-02T10:30:00+01:00")


def in_reach(day: Day) -> Day:
    """The day or time, if it can be counted with: the calendar's ends have no neighbours. Raises ValueError."""
    if not 2000 <= day.year <= 2999:
        raise ValueError("must lie in the years 2000 to 2999")
    return day


def _reminders(rule: str) -> str:
    if not REMINDERS.fullmatch(rule):
        raise ValueError(
            "must be none, every_2_hours, 24h_and_2h, or up to ten numbers of minutes with commas, like 2880,120"
        )
    return rule


def documented(kind: str, **rest: Any) -> WithJsonSchema:
    """Only what the docs say: the domain checks such a field, so that all problems of a form are told together."""
    return WithJsonSchema({"type": kind, **rest})


Name = Annotated[str, AfterValidator(_name), documented("string", minLength=1, maxLength=names.LONGEST)]
CheckedName = Annotated[str, documented("string", minLength=1, maxLength=names.LONGEST)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(plain)
]
Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(in_reach)]
Date = Annotated[date, BeforeValidator(_written), AfterValidator(in_reach)]
Given = Annotated[Value | None, AfterValidator(_told)]  # May be left out, but not null.
Weekday = Annotated[int, documented("integer", minimum=1, maximum=7, description="ISO: Monday is 1")]
Weekdays = Annotated[list[Weekday], Field(max_length=100)]
Minute = Annotated[
    int, documented("integer", minimum=0, maximum=1440, description="minutes after local midnight")
]
Reminders = Annotated[
    str, AfterValidator(_reminders), documented("string", pattern=f"^({REMINDERS.pattern})$")
]
