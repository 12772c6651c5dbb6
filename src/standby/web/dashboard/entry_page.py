"""/app/waitlist/{id}: somebody's place on the list, its whole story, and what staff can do about it by hand."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.accounts import members
from standby.accounts.permissions import Permission
from standby.database.pool import Tx
from standby.errors import (
    Conflict,
    EntryEnded,
    EntryNotNotified,
    EntryNotWaiting,
    FieldProblem,
    Invalid,
    OutsideBusinessHours,
    SlotNotOpen,
    SlotTaken,
    WaitlistLimitExceeded,
    WishDoesNotFit,
)
from standby.formats import phone_number
from standby.messages import outbox
from standby.tenants import catalog
from standby.waitlist import entries, history, listing, offers, slots
from standby.waitlist.lifecycle import ACTIVE, EntryState, OfferState
from standby.web.dashboard import priority_form, wish_form, wishes
from standby.web.dashboard.story import Telling, story
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import id_of

router = APIRouter(prefix="/app/waitlist", include_in_schema=False)

HERE: Final = "/app/waitlist"
YEAR: Final = timedelta(
    days=330
)  # A time is told without its year; what is further ahead is a slip of the hand.
SAID: Final = frozenset(
    {
        "added",
        "there",
        "changed",
        "ended",
        "offered",
        "booked",
        "priority",
        "cleared",
        "cancelled",
        "put_back",
    }
)
REASON: Final = "taken off by the salon"
# What stands against an offer by hand: the field it is said beside, and the words.
AGAINST: Final[Mapping[type[Conflict], tuple[str, str]]] = {
    SlotTaken: ("day", "taken"),
    OutsideBusinessHours: ("day", "closed"),
    SlotNotOpen: ("slot", "slot_gone"),
    WishDoesNotFit: ("slot", "does_not_fit"),
    EntryNotWaiting: ("offer", "not_waiting"),
}
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_BOOK)]
Writer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_BOOK)]
Text = Annotated[str, Form(max_length=2000)]


@router.api_route("/{entry_id}", methods=["GET", "HEAD"])
async def show_entry(visitor: Reader, entry_id: UUID, said: str = "") -> HTMLResponse:
    return await _page(visitor, entry_id, said=said if said in SAID else "")


@router.post("/{entry_id}/offer")
async def offer(
    visitor: Writer, entry_id: UUID, slot: Text = "", staff: Text = "", day: Text = "", at: Text = ""
) -> Response:
    """Offers an open slot, or (no `slot`) a time that is opened for it, whatever their place and the salon's rules."""
    typed = {"slot": slot, "staff": staff, "day": day, "at": at}
    now, actor = visitor.web.clock(), visitor.session.actor
    try:
        async with visitor.transaction() as tx:
            slot_id = id_of(slot) or await _opened(tx, visitor, entry_id, typed)
            await entries.notify(tx, entry_id, slot_id, now=now, actor=actor)
    except Invalid as invalid:
        field = invalid.problems[0].field
        key = "slot" if field == "slot" else "staff" if field == "staff_id" else "day"
        said = "too_far" if invalid.problems[0].code == "too_far" else key
        return await _page(
            visitor, entry_id, problems={key: f"entry.problem.{said}"}, typed=typed, status=422
        )
    except tuple(AGAINST) as conflict:
        if await _is_offered(visitor, entry_id, typed):  # It was sent twice.
            return _to(entry_id, "offered")
        field, key = AGAINST[type(conflict)]
        return await _page(
            visitor, entry_id, problems={field: f"entry.problem.{key}"}, typed=typed, status=409
        )
    return _to(entry_id, "offered")


@router.post("/{entry_id}/book")
async def book(visitor: Writer, entry_id: UUID) -> Response:
    """Books the offered time for them. Twice is once."""
    try:
        async with visitor.transaction() as tx:
            await entries.convert(tx, entry_id, now=visitor.web.clock(), actor=visitor.session.actor)
    except EntryNotNotified as refused:
        if refused.details["status"] == EntryState.BOOKED:
            return _to(entry_id, "booked")
        return await _page(visitor, entry_id, problems={"book": "entry.problem.not_notified"}, status=409)
    return _to(entry_id, "booked")


@router.post("/{entry_id}/priority")
async def set_priority(visitor: Writer, entry_id: UUID, priority: Text = "", reason: Text = "") -> Response:
    """Puts a number in place of the score, or (nothing) gives the score back; why stays in the story."""
    chosen, problems = priority_form.read(priority, reason)
    if problems:
        typed = {"priority": priority, "reason": reason}
        return await _page(visitor, entry_id, problems=problems, typed=typed, status=422)
    try:
        async with visitor.transaction() as tx:
            await chosen.give(tx, entry_id, now=visitor.web.clock(), actor=visitor.session.actor)
    except EntryEnded:
        return _to(entry_id, "ended")
    return _to(entry_id, "cleared" if chosen.number is None else "priority")


@router.post("/{entry_id}/cancel")
async def cancel(visitor: Writer, entry_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            now, actor = visitor.web.clock(), visitor.session.actor
            await entries.leave(tx, entry_id, now=now, reason=REASON, actor=actor)
    except EntryEnded as ended:
        return _to(entry_id, "cancelled" if ended.details["status"] == EntryState.CANCELLED else "ended")
    return _to(entry_id, "cancelled")


@router.post("/{entry_id}/put-back")
async def put_back(visitor: Writer, entry_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            again = await entries.put_back(tx, entry_id, now=visitor.web.clock(), actor=visitor.session.actor)
    except WaitlistLimitExceeded as exceeded:
        many = str(exceeded.details["current_count"])
        said = visitor.words("entry.problem.limit", many=many)
        return await _page(visitor, entry_id, problem=said, status=409)
    except (Invalid, EntryEnded):
        return _to(entry_id, "ended")
    return _to(again, "put_back")


async def _is_offered(visitor: Visitor, entry_id: UUID, typed: Mapping[str, str]) -> bool:
    """Whether just this is what they are offered already."""
    starts_at = wish_form.moment_of(typed["day"], typed["at"], visitor.salon.zone)
    async with visitor.transaction() as tx:
        made = await offers.of_entry(tx, entry_id)
    slot_id = id_of(typed["slot"])
    return any(
        one["slot_id"] == slot_id if slot_id else one["starts_at"] == starts_at
        for one in made
        if one["status"] == OfferState.PENDING
    )


async def _opened(tx: Tx, visitor: Visitor, entry_id: UUID, typed: Mapping[str, str]) -> UUID:
    """Opens the time that was written. In the same transaction it is offered, so nobody else gets it first."""
    if not (typed["day"] or typed["at"]):
        raise Invalid([FieldProblem("slot", "is missing")])
    starts_at = wish_form.moment_of(typed["day"], typed["at"], visitor.salon.zone)
    if starts_at is None:
        raise Invalid([FieldProblem("starts_at", "is no time")])
    if starts_at > visitor.web.clock() + YEAR:
        raise Invalid([FieldProblem("starts_at", "is in another year", "too_far")])
    entry = await entries.find(tx, entry_id)
    opening = await slots.create(
        tx,
        id_of(typed["staff"]) or wish_form.NOBODY,
        entry["service_id"],
        starts_at,
        None,
        now=visitor.web.clock(),
        actor=visitor.session.actor,
    )
    return opening.slot_id


async def _page(
    visitor: Visitor,
    entry_id: UUID,
    *,
    status: int = 200,
    said: str = "",
    problem: str = "",
    problems: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    now, words, formats = visitor.web.clock(), visitor.words, visitor.formats
    may_write = Permission.WRITE_BOOK in visitor.permissions
    async with visitor.transaction() as tx:
        entry = dict(await entries.find(tx, entry_id))
        [named] = await listing.named(tx, [entry_id])
        waits, active = entry["status"] == EntryState.WAITING, entry["status"] in ACTIVE
        place = await entries.place(tx, entry_id, now=now) if waits else None
        steps, former = await history.story_of(tx, entry_id), await entries.former(tx, entry_id)
        made = [dict(one) for one in await offers.of_entry(tx, entry_id)]
        messages = await outbox.about_offers(tx, [one["id"] for one in made])
        open_slots = (
            await slots.open_for(tx, entry["service_id"], entry["staff_id"], now=now) if waits else []
        )
        staff = await catalog.staff(tx) if waits and may_write else []
        people = {}
        if Permission.READ_MEMBERS in visitor.permissions:
            people = {f"user:{row['user_id']}": row["email"] for row in await members.all_of(tx)}
    running = next((one for one in made if one["status"] == "pending"), None)
    until = running["expires_at"] if running else entry["cooldown_until"]
    return visitor.page(
        "entry.html",
        "waitlist",
        status=status,
        entry=entry,
        phone=phone_number(entry["phone"] or ""),
        former=former,
        active=active,
        waits=waits,
        silent=named["silent"],
        window=wishes.window(entry, formats, words, now),
        hours=wishes.hours(entry, formats, words),
        since=formats.roughly((entry["ended_at"] or now) - entry["joined_at"]),
        joined=visitor.moment(entry["joined_at"]),
        score=listing.score_of(entry, now),
        place=place,
        estimate=formats.roughly(timedelta(days=place.estimated_days))
        if place and place.estimated_days is not None
        else "",
        running={**running, "time": _time(running, visitor)} if running else None,
        until=formats.moment(until, now, short=True) if until else "",
        until_at=until.isoformat() if until else "",
        seconds=max(0, int((until - now).total_seconds())) if until else None,
        open_slots=[
            {"id": str(one["id"]), "time": _time(dict(one), visitor), "staff": one["staff_name"]}
            for one in open_slots
        ],
        people=[
            (str(one["id"]), one["name"])
            for one in staff
            if one["active"]
            and entry["service_id"] in one["services"]
            and entry["staff_id"] in (None, one["id"])
        ],
        items=story(steps, made, map(dict, messages), Telling(words, formats, now, people)),
        may_write=may_write,
        said=said,
        problem=problem,
        problems={field: words(key) for field, key in (problems or {}).items()},
        typed={"slot": "", "staff": "", "day": "", "at": "", "priority": _told(entry), "reason": ""}
        | dict(typed or {}),
    )


def _time(one: Mapping[str, Any], visitor: Visitor) -> str:
    """Tue 24 Nov 13:00"""
    return f"{visitor.formats.date(one['starts_at'], short=True)} {visitor.formats.time(one['starts_at'])}"


def _told(entry: Mapping[str, Any]) -> str:
    return "" if entry["priority_override"] is None else str(entry["priority_override"])


def _to(entry_id: UUID, said: str = "") -> RedirectResponse:
    there = f"{HERE}/{entry_id}"
    return RedirectResponse(f"{there}?said={said}" if said else there, status_code=303)
