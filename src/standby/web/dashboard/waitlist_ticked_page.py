"""What is done with the entries that are ticked in the list: taken off, put back, given a priority; what became of it.

Each in a transaction of its own: one that can't be is left as it is, whatever becomes of the others.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.accounts.permissions import Permission
from standby.database.pool import Tx
from standby.errors import Conflict, EntryNotFound, Invalid
from standby.waitlist import entries, listing
from standby.waitlist.lifecycle import EntryState
from standby.web.dashboard import priority_form
from standby.web.dashboard.visitor import Visitor
from standby.web.dashboard.waitlist_page import HERE, SHOWN, Reader, Typed, Writer, readable, told

router = APIRouter(prefix="/app/waitlist", include_in_schema=False)

REASON: Final = "taken off by the salon"
DONE: Final = frozenset({"cancelled", "put_back", "priority", "cleared"})
Ids = Annotated[list[UUID] | None, Form(max_length=SHOWN)]
Found = Annotated[list[UUID] | None, Query(max_length=SHOWN)]


@router.post("/cancel")
async def cancel(visitor: Writer, entry: Ids = None, back: Typed = "") -> Response:
    """Takes each of these off the list."""

    async def leave(tx: Tx, one: UUID) -> UUID:
        await entries.leave(tx, one, now=visitor.web.clock(), reason=REASON, actor=visitor.session.actor)
        return one

    return await _each(visitor, "cancelled", leave, entry or [], back)


@router.post("/put-back")
async def put_back(visitor: Writer, entry: Ids = None, back: Typed = "") -> Response:
    """Undoes that these were taken off."""

    async def again(tx: Tx, one: UUID) -> UUID:
        return await entries.put_back(tx, one, now=visitor.web.clock(), actor=visitor.session.actor)

    return await _each(visitor, "put_back", again, entry or [], back)


@router.api_route("/priority", methods=["GET", "HEAD"])
async def show_priority(visitor: Writer, entry: Found = None, back: str = "") -> Response:
    """Asks which priority, and why, for those that are ticked."""
    if not entry:
        return _nobody(back)
    return await _priority_page(visitor, entry, back, {"priority": "", "reason": ""}, {})


@router.post("/priority")
async def set_priority(
    visitor: Writer, entry: Ids = None, back: Typed = "", priority: Typed = "", reason: Typed = ""
) -> Response:
    """Puts a number in place of each one's score, or (nothing) gives the score back; why stays in their stories."""
    chosen, problems = priority_form.read(priority, reason)
    if problems and entry:
        typed = {"priority": priority, "reason": reason}
        return await _priority_page(visitor, entry, back, typed, problems)

    async def give(tx: Tx, one: UUID) -> UUID:
        await chosen.give(tx, one, now=visitor.web.clock(), actor=visitor.session.actor)
        return one

    return await _each(visitor, "cleared" if chosen.number is None else "priority", give, entry or [], back)


@router.api_route("/done", methods=["GET", "HEAD"])
async def show_done(
    visitor: Reader, did: str = "", entry: Found = None, left: Found = None, back: str = ""
) -> HTMLResponse:
    """What became of many entries: of those with which it was done, and of those that were left as they are."""
    async with visitor.transaction() as tx:
        done, others = await listing.named(tx, entry or []), await listing.named(tx, left or [])
    now = visitor.web.clock()
    did = did if did in DONE else "cancelled"
    return visitor.page(
        "waitlist_done.html",
        "waitlist",
        did=did,
        done=[told(dict(row), visitor, now) for row in done],
        left=[told(dict(row), visitor, now) for row in others],
        can_undo=did == "cancelled"
        and Permission.WRITE_BOOK in visitor.permissions
        and [row["id"] for row in done if row["status"] == EntryState.CANCELLED],
        back=urlencode(readable(back)),
    )


async def _each(
    visitor: Visitor, did: str, act: Callable[[Tx, UUID], Awaitable[UUID]], ids: Sequence[UUID], back: str
) -> Response:
    if not ids:
        return _nobody(back)
    became: list[tuple[str, str]] = [("did", did)]
    for one in dict.fromkeys(ids):
        try:
            async with visitor.transaction() as tx:
                became.append(("entry", str(await act(tx, one))))
        except EntryNotFound:
            continue
        except (Conflict, Invalid):
            became.append(("left", str(one)))
    became.append(("back", urlencode(readable(back))))
    return RedirectResponse(f"{HERE}/done?{urlencode(became)}", status_code=303)


def _nobody(back: str) -> Response:
    return RedirectResponse(f"{HERE}?{urlencode({**readable(back), 'said': 'none'})}", status_code=303)


async def _priority_page(
    visitor: Visitor, ids: Sequence[UUID], back: str, typed: Mapping[str, str], problems: Mapping[str, str]
) -> HTMLResponse:
    async with visitor.transaction() as tx:
        rows = await listing.named(tx, list(dict.fromkeys(ids)))
    return visitor.page(
        "waitlist_priority.html",
        "waitlist",
        status=422 if problems else 200,
        people=[told(dict(row), visitor, visitor.web.clock()) for row in rows],
        back=urlencode(readable(back)),
        typed=typed,
        problems={field: visitor.words(said) for field, said in problems.items()},
    )
