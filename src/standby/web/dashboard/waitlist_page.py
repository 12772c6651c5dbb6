"""/app/waitlist: the list, filtered and ordered by its address, and views that are kept."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.accounts.permissions import Permission
from standby.errors import Invalid
from standby.formats import phone_number
from standby.tenants import catalog
from standby.waitlist import listing
from standby.waitlist.lifecycle import ACTIVE, EntryState
from standby.waitlist.listing import ANYONE, ORDERS, Position, Wanted
from standby.web.dashboard import wishes
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import id_of, moment_of

router = APIRouter(prefix="/app/waitlist", include_in_schema=False)

HERE: Final = "/app/waitlist"
SHOWN: Final = 40
STATUSES: Final = ("active", *(state.value for state in EntryState), "all")
ON_THE_LIST: Final = frozenset({"active", *ACTIVE})
IN_TURN: Final = (EntryState.WAITING, EntryState.NOTIFIED, EntryState.COOLDOWN)
KEPT: Final = ("status", "service", "staff", "sort")  # what a saved view says
SAID: Final = ("saved", "forgotten", "none")
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_BOOK)]
Writer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_BOOK)]
Typed = Annotated[str, Form()]


@router.api_route("", methods=["GET", "HEAD"])
async def show_list(
    visitor: Reader,
    status: str = "",
    service: str = "",
    staff: str = "",
    q: str = "",
    sort: str = "",
    after: str = "",
    said: str = "",
) -> HTMLResponse:
    """The list from a position on. What of the address can't be understood is as if it were not there."""
    asked = {"status": status, "service": service, "staff": staff, "q": q.strip(), "sort": sort}
    return await _page(visitor, asked, after=after, said=said if said in SAID else "")


@router.post("/views")
async def save_view(visitor: Writer, name: Typed = "", filters: Typed = "") -> Response:
    """Keeps the filters (as they stand in the list's address) under a name."""
    asked = readable(filters)
    kept = _kept(asked)
    if not kept:
        problem = visitor.words("waitlist.problem.view.nothing")
        return await _page(visitor, asked, status=422, problem=problem, typed=name)
    try:
        async with visitor.transaction() as tx:
            await listing.save_view(tx, name, kept, now=visitor.web.clock())
    except Invalid as invalid:
        code = invalid.problems[0].code
        problem = visitor.words(
            f"waitlist.problem.view.{code if code in {'too_many', 'too_long'} else 'name'}"
        )
        return await _page(visitor, asked, status=422, problem=problem, typed=name)
    return RedirectResponse(f"{HERE}?{urlencode({**asked, 'said': 'saved'})}", status_code=303)


@router.post("/views/{view_id}/delete")
async def delete_view(visitor: Writer, view_id: UUID) -> Response:
    async with visitor.transaction() as tx:
        await listing.delete_view(tx, view_id)
    return RedirectResponse(f"{HERE}?said=forgotten", status_code=303)


async def _page(
    visitor: Visitor,
    asked: Mapping[str, str],
    *,
    after: str = "",
    status: int = 200,
    said: str = "",
    problem: str = "",
    typed: str = "",
) -> HTMLResponse:
    now = visitor.web.clock()
    wanted = _wanted(asked)
    async with visitor.transaction() as tx:
        rows, further = await listing.page(tx, wanted, after=_position(after), limit=SHOWN, now=now)
        counts, views = await listing.counts(tx), await listing.views(tx)
        services, staff = await catalog.services(tx), await catalog.staff(tx)
    shown = _shown(wanted)
    filtered = {name: value for name, value in shown.items() if value}
    kept, narrowed = _kept(asked), bool({name for name in filtered if name != "sort"})
    next_page = urlencode({**filtered, "after": _cursor(further)}) if further else None
    return visitor.page(
        "waitlist.html",
        "waitlist",
        status=status,
        entries=[told(dict(row), visitor, now) for row in rows],
        counts={state: counts[state] for state in IN_TURN if state in counts},
        total=sum(counts.values()),
        asked=shown,
        filters=urlencode(filtered),
        filtered=bool(filtered),
        kept=bool(kept),
        narrowed=narrowed,
        found=f"{len(rows)}{'+' if further else ''}" if narrowed and not after else "",
        statuses=STATUSES,
        orders=ORDERS if wanted.status in ON_THE_LIST else ("newest",),
        services=[(str(one["id"]), one["name"]) for one in services],
        people=[(str(one["id"]), one["name"]) for one in staff],
        anyone=str(ANYONE),
        views=[
            {
                "id": one["id"],
                "name": one["name"],
                "address": urlencode(one["filters"]),
                "here": not shown["q"] and _kept(one["filters"]) == kept,
            }
            for one in views
        ],
        next_page=next_page,
        first_page=urlencode(filtered) if after else None,
        may_write=Permission.WRITE_BOOK in visitor.permissions,
        said=said,
        problem=problem,
        typed=typed,
    )


def _kept(asked: Mapping[str, str]) -> dict[str, str]:
    """What a view keeps of it: what can be chosen, and doesn't go without saying."""
    return {name: value for name, value in _shown(_wanted(asked)).items() if value and name in KEPT}


def _wanted(asked: Mapping[str, str]) -> Wanted:
    """What is asked for; who ended is listed by when they came, for they have no place."""
    status = asked.get("status", "")
    status = status if status in STATUSES else "active"
    order = asked.get("sort", "")
    order = order if order in ORDERS else "score"
    return Wanted(
        status,
        id_of(asked.get("service", "")),
        id_of(asked.get("staff", "")),
        asked.get("q", "")[:100],
        order if status in ON_THE_LIST else "newest",
    )


def _shown(wanted: Wanted) -> dict[str, str]:
    """As the address says it; what goes without saying is empty."""
    usual = "score" if wanted.status in ON_THE_LIST else "newest"
    return {
        "status": wanted.status if wanted.status != "active" else "",
        "service": str(wanted.service_id or ""),
        "staff": str(wanted.staff_id) if wanted.staff_id is not None else "",
        "q": wanted.text,
        "sort": wanted.order if wanted.order != usual else "",
    }


def told(row: Mapping[str, Any], visitor: Visitor, now: datetime) -> dict[str, Any]:
    formats, words = visitor.formats, visitor.words
    until = row["expires_at"] or row["cooldown_until"]
    return {
        "id": row["id"],
        "name": row["customer_name"],
        "phone": phone_number(row["phone"] or ""),
        "email": row["email"],
        "silent": row["silent"],
        "service": row["service_name"],
        "staff": row["staff_name"],
        "window": wishes.window(row, formats, words, now),
        "hours": wishes.hours(row, formats, words),
        "vip": row["vip"],
        "override": row["priority_override"] is not None,
        "score": listing.score_of(row, now),
        "status": row["status"],
        "until": formats.moment(until, now, short=True) if until else "",
        "until_at": until.isoformat() if until else "",
        "seconds": max(0, int((until - now).total_seconds())) if until else None,
        "waits": formats.roughly((row["ended_at"] or now) - row["joined_at"]),
        "joined": visitor.moment(row["joined_at"]),
        "joined_at": row["joined_at"].isoformat(),
    }


def readable(query: str) -> dict[str, str]:
    """The filters in an address of the list's, and nothing else of it."""
    return {name: value for name, value in parse_qsl(query[:2000]) if name in {*KEPT, "q"}}


def _cursor(position: Position) -> str:
    parts = [position.at.isoformat(), str(position.id), position.score, position.as_of.isoformat()]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _position(cursor: str) -> Position | None:
    """None: it is none of ours, and the list begins at its beginning."""
    try:
        at, entry_id, score, as_of = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = moment_of(at), id_of(entry_id), int(score), moment_of(as_of)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    match found:
        case datetime() as joined, UUID() as last, int() as reached, datetime() as when if (
            abs(reached) < 2**31
        ):
            return Position(joined, last, reached, when)
    return None
