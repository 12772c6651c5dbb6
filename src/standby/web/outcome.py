"""What became of an offer and of its customer's place on the list, and how the page and the API say it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from standby.formats import Formats, formats_for, is_short
from standby.waitlist.lifecycle import ACTIVE
from standby.waitlist.offers import OfferView, Standing
from standby.web.words import words_for

# What became of the offer, for the customer.
State: TypeAlias = Literal[
    "open", "booked", "past", "cancelled", "declined", "expired", "taken", "withdrawn", "left"
]
# Where they stand on the list. "off": not on it, and they may come back; "gone": the salon doesn't offer that any more;
# "settling": a moment from now.
Listed: TypeAlias = Literal[
    "waiting", "cooldown", "newer", "back", "booked", "off", "gone", "over", "limit", "settling"
]


@dataclass(frozen=True)
class Outcome:
    """Both, at one time. `can_stay`: they are not on the list, and may be again."""

    state: State
    listed: Listed
    still_on_list: bool
    quiet_until: datetime | None

    @property
    def can_stay(self) -> bool:
        return self.listed == "off"


def outcome_of(offer: OfferView, standing: Standing, now: datetime) -> Outcome:
    """What became of both."""
    return Outcome(
        state_of(offer, now),
        listed_as(offer, standing, now),
        standing.status in ACTIVE,
        standing.cooldown_until,
    )


def state_of(offer: OfferView, now: datetime) -> State:
    """What became of the offer. The deadline counts, not whether its timer has noticed yet."""
    match offer.status:
        case "pending":
            return "open" if now < offer.expires_at else "expired"
        case "accepted":
            if offer.booking_status == "cancelled":
                return "cancelled"
            return "past" if now >= offer.ends_at else "booked"
        case "declined":
            return "declined"
        case "expired":
            return "expired"
        case _:
            return _withdrawn(offer)


def listed_as(offer: OfferView, standing: Standing, now: datetime) -> Listed:
    """Where the customer stands."""
    match standing.status:
        case "notified":
            return "settling" if offer.status == "pending" else "newer"
        case "waiting":
            return "back" if standing.again else "waiting"
        case "cooldown":
            return "cooldown"
        case _:
            return _off(standing, now)


def held_until(offer: OfferView, formats: Formats, now: datetime) -> str:
    """The end of the offer, as its message says it."""
    window = timedelta(seconds=offer.window_seconds)
    return formats.moment(offer.expires_at, now, seconds=is_short(window))


def told(offer: OfferView, outcome: Outcome, now: datetime) -> str:
    """What the page says, in a few sentences; in English, as all that programs are told."""
    words, formats = words_for("en"), formats_for("en", offer.timezone)
    values = {
        "salon": offer.salon_name,
        "name": offer.customer_name.split()[0],
        "time": held_until(offer, formats, now),
    }
    said = [words(f"{outcome.state}.title", **values) + ".", words(f"{outcome.state}.text", **values)]
    if outcome.state not in ("open", "booked", "past") and outcome.listed != "settling":
        values["time"] = formats.moment(outcome.quiet_until, now) if outcome.quiet_until else ""
        said += [
            words(f"list.{outcome.listed}.title", **values) + ".",
            words(f"list.{outcome.listed}.text", **values),
        ]
    return " ".join(said)


def _off(standing: Standing, now: datetime) -> Listed:
    if standing.booked:
        return "booked"
    if not standing.offered:
        return "gone"
    if standing.latest <= now:
        return "over"
    return "off" if standing.room else "limit"


def _withdrawn(offer: OfferView) -> State:
    if offer.reason == "lost_to_rival":
        return "taken"
    return "left" if offer.entry_status == "cancelled" else "withdrawn"
