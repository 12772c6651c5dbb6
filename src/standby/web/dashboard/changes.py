"""How a change of the audit log reads. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from standby.formats import Formats
from standby.web.dashboard.visitor import moment
from standby.web.words import Words

# What may change, by the names that the audit log has for it.
ENTITIES: Final = (
    "booking",
    "entry",
    "customer",
    "service",
    "staff",
    "skill",
    "hours",
    "closure",
    "policy",
    "text",
    "quota",
    "sender",
    "calendar",
    "calendar_feed",
    "webhook",
    "member",
    "invitation",
    "api_key",
    "salon",
)
NOTHING: Final = "–"
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")


@dataclass(frozen=True)
class Line:
    """One field of what changed."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """A change as it reads. `who` is who did it; of what was made there is no `before`, of what is gone no after."""

    title: str
    who: str
    when: str
    at: datetime
    address: str | None
    lines: list[Line]
    has_before: bool
    has_after: bool


@dataclass(frozen=True)
class Names:
    """What the log's names and ids are called: members and keys by the actor, staff and services by their id."""

    people: Mapping[str, str]
    things: Mapping[str, str]

    def of_actor(self, actor: str, words: Words) -> str:
        """A member's email, a key by its name, and whoever is neither (any more) by what is left of them."""
        if actor in self.people:
            return self.people[actor]
        kind, _, rest = actor.partition(":")
        match kind:
            case "user":
                return words("audit.who.former")
            case "key":
                return words("audit.who.key", name=f"{rest}…")
            case _:
                return actor


def tell(row: Mapping[str, Any], names: Names, formats: Formats, words: Words) -> Told:
    """A row of the log, in words."""
    before, after = row["before"] or {}, row["after"] or {}
    entity = row["entity"]
    what = words(f"audit.entity.{entity}") if entity in ENTITIES else entity
    return Told(
        title=words(f"audit.{row['action']}", what=what),
        who=names.of_actor(row["actor"], words),
        when=moment(row["at"], formats),
        at=row["at"],
        address=row["address"],
        lines=[
            Line(
                name.removesuffix("_id").replace("_", " "),
                _shown(before.get(name), names, formats, words),
                _shown(after.get(name), names, formats, words),
            )
            for name in dict.fromkeys([*before, *after])
            if name != "id"
        ],
        has_before=bool(before),
        has_after=bool(after),
    )


def _shown(value: Any, names: Names, formats: Formats, words: Words) -> str:
    match value:
        case None | "" | []:
            return NOTHING
        case bool():
            return words("audit.yes" if value else "audit.no")
        case str() if value in names.things:
            return names.things[value]
        case str() if MOMENT.fullmatch(value):
            return moment(datetime.fromisoformat(value), formats)
        case list() | dict():
            named = value.items() if isinstance(value, dict) else (("", one) for one in value)
            shown = ((name, _shown(one, names, formats, words)) for name, one in named)
            return ", ".join(f"{name}: {one}" if name else one for name, one in shown)
        case _:
            return str(value)
