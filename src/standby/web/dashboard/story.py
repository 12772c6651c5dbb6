"""An entry's story, in words: what became of it, what it was offered and why, and what was written. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from standby.formats import Formats
from standby.waitlist.history import Happening
from standby.web.dashboard.visitor import moment
from standby.web.dashboard.wish_form import FIELDS
from standby.web.words import Words

OURS: Final = frozenset(
    {"cascade", "timer", "delivery", "reconcile", "worker"}
)  # actors that are Standby itself
TOLD: Final = frozenset({"offer", "offer_reminder", "booked", "too_late", "passed_on"})  # kinds of messages
STEPS: Final[Mapping[tuple[str | None, str | None], str]] = {
    (None, "waiting"): "joined",
    ("notified", "booked"): "accepted",
    ("notified", "cooldown"): "no_answer",
    ("notified", "expired"): "last_miss",
    ("notified", "waiting"): "withdrawn",
    ("notified", "cancelled"): "cancelled",
    ("waiting", "expired"): "latest_passed",
    ("waiting", "cancelled"): "cancelled",
    ("cooldown", "waiting"): "cooldown_over",
    ("cooldown", "cancelled"): "cancelled",
}
# Reasons that say more than the step does.
TELLING: Final = frozenset(
    {
        "changed",
        "converted",
        "declined",
        "import",
        "lost_to_rival",
        "priority_override_cleared",
        "priority_override_set",
        "put_back",
        "undelivered",
    }
)
PARTS: Final = ("override", "base", "vip", "service", "staff", "window", "wait")
KINDS: Final = ("step", "offer", "message")  # of the same moment each comes after those before it
SCALE: Final = 90  # the highest score without an override


@dataclass(frozen=True)
class Part:
    """One part of a score, and its place in a bar that is 100 wide."""

    name: str
    points: int
    x: float
    width: float


@dataclass(frozen=True)
class Item:
    """One thing of the story. Of an offer there are parts, of what it was offered for a slot."""

    kind: Literal["step", "offer", "message"]
    at: datetime
    when: str
    exact: str
    title: str
    who: str = ""
    note: str = ""
    mark: str = ""
    mood: str = ""
    score: int | None = None
    parts: Sequence[Part] = ()
    slot_id: UUID | None = None


@dataclass(frozen=True)
class Telling:
    """How it is told: in which words, to whom, and when. `people` are members' names by their actor."""

    words: Words
    formats: Formats
    now: datetime
    people: Mapping[str, str]

    def who(self, actor: str) -> str:
        if actor in self.people:
            return self.people[actor]
        if actor in OURS:
            return self.words("actor.ours")
        kind = actor.partition(":")[0]
        return self.words(f"actor.{kind}") if kind in {"user", "key", "customer", "import"} else actor

    def times(self, at: datetime) -> dict[str, Any]:
        return {"at": at, "when": self.formats.relative(at, self.now), "exact": moment(at, self.formats)}


def story(
    steps: Iterable[Happening],
    offers: Iterable[Mapping[str, Any]],
    messages: Iterable[Mapping[str, Any]],
    telling: Telling,
) -> list[Item]:
    """All of it in one line, the newest first. That an entry was notified is told by its offer."""
    items = [_step(one, telling) for one in steps if one.to_state != "notified"]
    items += [_offer(one, telling) for one in offers]
    items += [_message(one, telling) for one in messages]
    return sorted(items, key=lambda item: (item.at, KINDS.index(item.kind)), reverse=True)


def parts_of(breakdown: Mapping[str, int]) -> list[Part]:
    """The parts that count, side by side; an override fills the bar."""
    scale = max(SCALE, sum(points for name, points in breakdown.items() if name in PARTS))
    parts, x = [], 0.0
    for name in PARTS:
        if points := breakdown.get(name, 0):
            width = points * 100 / scale
            parts.append(Part(name, points, round(x, 2), round(width, 2)))
            x += width
    return parts


def _step(step: Happening, telling: Telling) -> Item:
    key, details = _key_of(step), step.details
    words = telling.words
    match key:
        case "priority_override_set":
            note = words("story.override", to=str(details.get("to", "")), why=str(details.get("why", "")))
        case "priority_override_cleared":
            note = str(details.get("why", ""))
        case "changed":
            known = [name for name in sorted(details) if name in FIELDS]
            note = ", ".join(dict.fromkeys(words(f"entry.field.{FIELDS[name]}") for name in known))
        case "cancelled" | "other":
            note = step.reason if step.reason not in {"taken off by the salon", "removed"} else ""
        case _:
            note = ""
    return Item(
        "step", **telling.times(step.at), title=words(f"story.{key}"), who=telling.who(step.actor), note=note
    )


def _key_of(step: Happening) -> str:
    """How a line of history is called here; the reason where it says more than the step."""
    if step.reason in TELLING and step.to_state != "cancelled":
        return step.reason
    return STEPS.get((step.from_state, step.to_state), "other")


def _offer(offer: Mapping[str, Any], telling: Telling) -> Item:
    words, formats = telling.words, telling.formats
    time = f"{formats.date(offer['starts_at'], short=True)} {formats.time(offer['starts_at'])}"
    state = offer["reason"] if offer["reason"] in {"lost_to_rival", "undelivered"} else offer["status"]
    return Item(
        "offer",
        **telling.times(offer["offered_at"]),
        title=words("story.offer", service=offer["service_name"], staff=offer["staff_name"], time=time),
        mark=words(f"offer.state.{state}"),
        mood="good" if offer["status"] in {"pending", "accepted"} else "",
        score=offer["score"],
        parts=parts_of(offer["breakdown"]),
        slot_id=offer["slot_id"],
    )


def _message(message: Mapping[str, Any], telling: Telling) -> Item:
    words = telling.words
    state = message["delivery"] if message["status"] == "sent" and message["delivery"] else message["status"]
    kind = message["kind"] if message["kind"] in TOLD else "other"
    channel = words(f"channel.{message['channel']}") if message["channel"] else ""
    return Item(
        "message",
        **telling.times(message["created_at"]),
        title=words(f"story.message.{kind}"),
        who=channel,
        note=message["reason"] if state in {"failed", "uncertain"} else "",
        mark=words(f"message.state.{state}"),
        mood="alert" if state in {"failed", "uncertain"} else "",
    )
