"""/app/waitlist/new and /app/waitlist/{id}/edit: somebody is put on the list, and what they wait for is changed."""

from dataclasses import replace
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from standby.accounts.permissions import Permission
from standby.errors import EntryEnded, FieldProblem, Invalid, SameWish, WaitlistLimitExceeded
from standby.tenants import catalog, customers
from standby.waitlist import entries
from standby.waitlist.entries import ALL_WEEK, Changes
from standby.waitlist.lifecycle import ACTIVE
from standby.web.dashboard import wish_form
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.dashboard.wish_form import Typed

router = APIRouter(prefix="/app/waitlist", include_in_schema=False)

HERE: Final = "/app/waitlist"
Writer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_BOOK)]


class WishForm(BaseModel):
    """The form as a browser sends it; `day` once for each weekday."""

    name: str = ""
    phone: str = ""
    email: str = ""
    vip: bool = False
    service: str = ""
    staff: str = ""
    first: str = ""
    last: str = ""
    day: Annotated[list[int], Field(max_length=7)] = []
    begin: str = ""
    end: str = ""
    instead_of: str = ""

    @property
    def typed(self) -> Typed:
        return Typed(**self.model_dump(exclude={"day"}), days=tuple(self.day))


Given = Annotated[WishForm, Form()]


@router.api_route("/new", methods=["GET", "HEAD"])
async def show_new(visitor: Writer) -> HTMLResponse:
    today = visitor.web.clock().astimezone(visitor.salon.zone).date()
    return await _page(visitor, wish_form.blank(today))


@router.post("/new")
async def add(visitor: Writer, form: Given) -> Response:
    """Puts somebody on the list; who waits for the same already is shown where they stand, unchanged."""
    typed = form.typed
    now = visitor.web.clock()
    wish, problems = wish_form.wish_of(typed, visitor.salon.zone, now)
    async with visitor.transaction() as tx:
        known_as = await customers.other_name(tx, typed.person)
    renames = known_as not in ("", typed.instead_of)
    try:
        async with visitor.transaction() as tx:
            joined = await entries.join(
                tx, typed.person, wish, now=now, actor=visitor.session.actor, vip=typed.vip or None
            )
            if problems or renames:
                raise Invalid([])  # What has been done so far is undone.
    except Invalid as invalid:
        problems += invalid.problems
        if problems:
            return await _page(visitor, typed, problems=problems, status=422)
        problem = visitor.words("entry.problem.other_name", known=known_as, name=typed.name.strip())
        return await _page(visitor, replace(typed, instead_of=known_as), problem=problem, status=409)
    except WaitlistLimitExceeded as exceeded:
        many = str(exceeded.details["current_count"])
        return await _page(
            visitor, typed, problem=visitor.words("entry.problem.limit", many=many), status=409
        )
    return _to(joined.entry_id, "there" if joined.again else "added")


@router.api_route("/{entry_id}/edit", methods=["GET", "HEAD"])
async def show_edit(visitor: Writer, entry_id: UUID) -> Response:
    async with visitor.transaction() as tx:
        entry = await entries.find(tx, entry_id)
    if entry["status"] not in ACTIVE:
        return _to(entry_id)
    return await _page(visitor, wish_form.of_entry(dict(entry), visitor.salon.zone), entry_id)


@router.post("/{entry_id}/edit")
async def change(visitor: Writer, entry_id: UUID, form: Given) -> Response:
    """Changes what is another than it was; the place by waiting time is kept."""
    now, zone, typed = visitor.web.clock(), visitor.salon.zone, form.typed
    wish, problems = wish_form.wish_of(typed, zone, now)
    try:
        async with visitor.transaction() as tx:
            before = wish_form.of_entry(dict(await entries.find(tx, entry_id)), zone)
            if changed := wish_form.changes_of(typed, before, wish):
                await entries.change(tx, entry_id, Changes(changed), now=now, actor=visitor.session.actor)
            if problems:
                raise Invalid([])  # What has been done so far is undone.
    except Invalid as invalid:
        problems += invalid.problems
        return await _page(visitor, typed, entry_id, problems=problems, status=422)
    except SameWish:
        problem = visitor.words("entry.problem.same")
        return await _page(visitor, typed, entry_id, problem=problem, status=409)
    except EntryEnded:
        return _to(entry_id, "ended")
    return _to(entry_id, "changed")


async def _page(
    visitor: Visitor,
    typed: Typed,
    entry_id: UUID | None = None,
    *,
    problems: list[FieldProblem] | None = None,
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The form of a new entry, or of one that is there."""
    async with visitor.transaction() as tx:
        services, staff = await catalog.services(tx), await catalog.staff(tx)
        entry = await entries.find(tx, entry_id) if entry_id else None
    kept = {typed.service, typed.staff}
    words = visitor.words
    return visitor.page(
        "entry_form.html",
        "waitlist",
        status=status,
        typed=typed,
        entry_id=entry_id,
        name=entry["customer_name"] if entry else "",
        services=[
            (str(one["id"]), one["name"]) for one in services if one["active"] or str(one["id"]) in kept
        ],
        people=[(str(one["id"]), one["name"]) for one in staff if one["active"] or str(one["id"]) in kept],
        week=[(number, visitor.formats.weekday(number)) for number in ALL_WEEK],
        problem=problem,
        problems={
            field: words(f"entry.problem.{key}") for field, key in wish_form.keys_of(problems or ()).items()
        },
    )


def _to(entry_id: UUID, said: str = "") -> RedirectResponse:
    there = f"{HERE}/{entry_id}"
    return RedirectResponse(f"{there}?said={said}" if said else there, status_code=303)
