"""/app/audit: who changed what in the salon. Its filters are its address."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from standby.accounts import api_keys, members
from standby.accounts.permissions import Permission
from standby.database.pool import Tx
from standby.tenants import audit, catalog
from standby.tenants.audit import Wanted
from standby.web.dashboard.changes import ENTITIES, Names, tell
from standby.web.dashboard.days import DAY, days_of, midnight
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.words import Words

router = APIRouter(prefix="/app", include_in_schema=False)

SHOWN: Final = 50
MOST: Final = 2**63 - 1
From = Annotated[str, Query(alias="from")]


@router.api_route("/audit", methods=["GET", "HEAD"])
async def show_changes(
    visitor: Annotated[Visitor, asks(Permission.READ_AUDIT)],
    who: str = "",
    what: str = "",
    first: From = "",
    to: str = "",
    before: str = "",
) -> HTMLResponse:
    """What people changed, the newest first; `before`: those older than the change with this number."""
    words, zone = visitor.words, visitor.salon.zone
    asked = {"who": who, "what": what if what in ENTITIES else "", "from": first.strip(), "to": to.strip()}
    days, problems = days_of(asked["from"], asked["to"], words)
    wanted = Wanted(
        actor=who or None,
        entity=asked["what"] or None,
        at_from=midnight(days.get("from"), zone),
        at_before=midnight(days["to"] + DAY, zone) if "to" in days else None,
    )
    async with visitor.transaction() as tx:
        names = await _names(tx, words)
        rows = [] if problems else await audit.page(tx, wanted, before=_number(before), limit=SHOWN + 1)
    filtered = {name: value for name, value in asked.items() if value}
    older = urlencode({**filtered, "before": rows[SHOWN - 1]["id"]}) if len(rows) > SHOWN else None
    return visitor.page(
        "audit.html",
        "audit",
        status=422 if problems else 200,
        changes=[tell(dict(row), names, visitor.formats, words) for row in rows[:SHOWN]],
        older=older,
        newest=urlencode(filtered) if before else None,
        filtered=bool(filtered),
        asked=asked,
        problems=problems,
        people=_choices(names, who, words),
        kinds=sorted((words(f"audit.entity.{one}"), one) for one in ENTITIES),
    )


async def _names(tx: Tx, words: Words) -> Names:
    there = {str(row["user_id"]): row["email"] for row in await members.all_of(tx)}
    people = {f"user:{user_id}": email for user_id, email in there.items()}
    keys = {
        f"key:{row['prefix']}": words("audit.who.key", name=row["name"]) for row in await api_keys.all_of(tx)
    }
    rows = [*await catalog.staff(tx), *await catalog.services(tx)]
    return Names(people | keys, there | {str(row["id"]): row["name"] for row in rows})


def _choices(names: Names, chosen: str, words: Words) -> list[tuple[str, str]]:
    """Who can be chosen, and whoever is."""
    there = list(names.people.items())
    if chosen and chosen not in names.people:
        there.append((chosen, names.of_actor(chosen, words)))
    return [(name, actor) for actor, name in there]


def _number(text: str) -> int | None:
    """The number in an address; None: it is none of ours."""
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:20]) <= MOST else None
