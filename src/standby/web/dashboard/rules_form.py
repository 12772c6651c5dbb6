"""The salon's rules as a form asks for them: in minutes, hours and words. Pure.

What a rule may be is the API's to say (PolicyBody): a form is read, and asked of that.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import permutations
from typing import Any, Final

from pydantic import ValidationError

from standby.waitlist.policy import CHANNELS, OF_THE_SALON
from standby.web.api.shapes import PolicyBody
from standby.web.dashboard.typed import Form
from standby.web.dashboard.weeks import clock

MINUTE: Final = 60
HOUR: Final = 3600
# What is typed as a number, with how many of what is stored one of it is.
NUMBERS: Final[Mapping[str, int]] = {
    "offer_window_seconds": MINUTE,
    "reminder_lead_seconds": MINUTE,
    "grace_seconds": MINUTE,
    "minimum_notice_seconds": MINUTE,
    "cooldown_seconds": HOUR,
    "max_misses": 1,
    "max_active_entries": 1,
    "messages_per_day": 1,
    "messages_per_minute": 1,
    "change_notice_seconds": HOUR,
    "max_customer_moves": 1,
    "max_future_bookings": 1,
    "time_step_minutes": 1,
}
# The form's parts, each with its rules in their order.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "offers": (
        "offer_window_seconds",
        "reminder_lead_seconds",
        "grace_seconds",
        "minimum_notice_seconds",
        "channel_order",
    ),
    "people": (
        "cooldown_seconds",
        "max_misses",
        "max_active_entries",
        "messages_per_day",
        "prefer_favourites",
    ),
    "quiet": ("quiet_from_minute", "quiet_until_minute", "messages_per_minute"),
    "bookings": (
        "change_notice_seconds",
        "max_customer_moves",
        "max_future_bookings",
        "time_step_minutes",
        "reminders",
    ),
}
REMINDERS: Final = ("none", "24h_and_2h", "every_2_hours", "2880,1440", "1440", "120")
ORDERS: Final = tuple(",".join(order) for count in (3, 2, 1) for order in permutations(CHANNELS, count))


def parts_for(*, service: bool) -> dict[str, list[str]]:
    """The form's parts for the salon, or for a service: without what can't differ by service."""
    parts = {
        part: [rule for rule in names if not (service and rule in OF_THE_SALON)]
        for part, names in PARTS.items()
    }
    return {part: names for part, names in parts.items() if names}


def typed_as(rules: Mapping[str, Any]) -> dict[str, str]:
    """The fields that hold these rules."""
    typed = {name: _in_units(rules[name], unit) for name, unit in NUMBERS.items() if name in rules}
    if "channel_order" in rules:
        typed["channel_order"] = ",".join(rules["channel_order"])
    if "reminders" in rules:
        typed["reminders"] = rules["reminders"]
    if "prefer_favourites" in rules:
        typed["prefer_favourites"] = "yes" if rules["prefer_favourites"] else "no"
    if rules.get("quiet_from_minute") != rules.get("quiet_until_minute"):
        typed |= {name: clock(rules[name]) for name in ("quiet_from_minute", "quiet_until_minute")}
    return typed


def read(form: Form, *, service: bool) -> dict[str, Any]:
    """The rules that were typed; what is empty isn't named. Notes what is wrong."""
    chosen: dict[str, Any] = {}
    for name, unit in NUMBERS.items():
        if form[name] and (number := form.decimal(name)) is not None:
            chosen[name] = int(number * unit)
    if form["channel_order"] in ORDERS:
        chosen["channel_order"] = form["channel_order"].split(",")
    if form["reminders"]:
        chosen["reminders"] = form["reminders"]
    if form["prefer_favourites"]:
        chosen["prefer_favourites"] = form["prefer_favourites"] == "yes"
    if not service:
        chosen |= _quiet(form)
    else:
        chosen = {name: value for name, value in chosen.items() if name not in OF_THE_SALON}
    _check(form, chosen)
    return chosen


def _quiet(form: Form) -> dict[str, int]:
    """Neither time: there are no quiet hours."""
    names = ("quiet_from_minute", "quiet_until_minute")
    if not any(form[name] for name in names):
        return dict.fromkeys(names, 0)
    return {name: form.minute(name) % 1440 for name in names}


def _check(form: Form, chosen: Mapping[str, Any]) -> None:
    try:
        PolicyBody.model_validate(chosen)
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0])
            bound = one.get("ctx", {})
            for end, key in (("ge", "rules.problem.least"), ("le", "rules.problem.most")):
                if end in bound:
                    form.wrong(name, key, bound=_in_units(bound[end], NUMBERS.get(name, 1)))
            form.wrong(name, "rules.problem.value")


def _in_units(value: int, unit: int) -> str:
    """90 seconds are 1.5 minutes."""
    return f"{(Decimal(value) / unit).quantize(Decimal('0.01')).normalize():f}"
