"""/app/calendar/slots/{id}: a time for the waitlist: who was asked, who is next and why, and why not the others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.database.pool import Tx
from standby.errors import Conflict, CustomerNotFound, Invalid
from standby.tenants import customers
from standby.waitlist import slots, undo
from standby.waitlist.lifecycle import SlotState
from standby.waitlist.ranking import RULES
from standby.waitlist.slots import Judged
from standby.web.dashboard.calendar_fields import HERE, Reading
from standby.web.dashboard.calendar_page import Reader, Writer, day_with, looking_of
from standby.web.dashboard.calendar_view import WHY_UNFILLED, Looking, clock_of
from standby.web.dashboard.news import Done, GetDone, can_be_offered_again, news_of
from standby.web.dashboard.story import parts_of
from standby.web.dashboard.visitor import Visitor
from standby.web.reading import id_of
from standby.web.words import Words

router = APIRouter(prefix="/app", include_in_schema=False)

SHOWN: Final = 25  # of the candidates, and of those whom one rule excludes
LOST: Final = frozenset({"lost_to_rival", "undelivered"})


@router.api_route("/waitlist/slots/{slot_id}", methods=["GET", "HEAD"])
async def moved(_: Reader, request: Request, slot_id: UUID) -> RedirectResponse:
    """Where the page was before."""
    return RedirectResponse(f"{HERE}/slots/{slot_id}?{request.url.query}".rstrip("?"), status_code=308)


@router.api_route("/calendar/slots/{slot_id}", methods=["GET", "HEAD"])
async def show_slot(visitor: Reader, slot_id: UUID, done: GetDone, entry: str = "") -> HTMLResponse:
    """The candidates as they are now, and the offers with the scores that were kept. `entry`: who asks "why not me"."""
    return await _page(visitor, slot_id, done=done, asks=id_of(entry))


@router.post("/calendar/slots/{slot_id}/open")
async def ask_now(visitor: Writer, slot_id: UUID) -> Response:
    """Asks the first one now, whatever grace the time has."""
    try:
        async with visitor.transaction() as tx:
            await slots.open_again(tx, slot_id)
    except Conflict as refused:
        return await _page(visitor, slot_id, refused=refused)
    return RedirectResponse(f"{HERE}/slots/{slot_id}?said=opened", status_code=303)


@router.post("/calendar/slots/{slot_id}/take-back")
async def take_back(visitor: Writer, slot_id: UUID) -> Response:
    """Doesn't offer it any more; who was asked keeps their place."""
    now, actor = visitor.web.clock(), visitor.session.actor
    try:
        async with visitor.transaction() as tx:
            row = await slots.find(tx, slot_id)
            await slots.take_back(tx, slot_id, now=now, reason="taken_back", actor=actor)
    except Conflict as refused:
        return await _page(visitor, slot_id, refused=refused)
    day = day_with(row["starts_at"], visitor)
    return RedirectResponse(f"{day}&said=taken_back&slot={slot_id}", status_code=303)


@router.post("/calendar/slots/{slot_id}/put-back")
async def put_back(visitor: Writer, slot_id: UUID) -> Response:
    """Offers it again after it was taken back, if nobody has its time."""
    try:
        async with visitor.transaction() as tx:
            await undo.take_back(tx, slot_id, now=visitor.web.clock(), actor=visitor.session.actor)
    except (Conflict, Invalid) as refused:
        return await _page(visitor, slot_id, refused=refused)
    return RedirectResponse(f"{HERE}/slots/{slot_id}?said=offered_again", status_code=303)


async def _page(
    visitor: Visitor,
    slot_id: UUID,
    *,
    done: Done | None = None,
    asks: UUID | None = None,
    refused: Conflict | Invalid | None = None,
) -> HTMLResponse:
    looking, words, formats = looking_of(visitor), visitor.words, visitor.formats
    reading = Reading(words, visitor.salon.zone)
    if refused is not None:
        reading.refused(refused)
    async with visitor.transaction() as tx:
        row = await slots.find(tx, slot_id)
        asked = await slots.asked(tx, slot_id)
        freed_by = await _name_of(tx, row["freed_by_customer_id"])
        judged = await slots.candidates(tx, slot_id, now=looking.now)
        news = await news_of(tx, done, visitor) if done else None
    is_open = row["status"] == SlotState.OPEN
    begins = row["fill_at"] if row["fill_at"] and row["fill_at"] > looking.now else None
    return visitor.page(
        "slot.html",
        "calendar",
        status=reading.status if refused else 200,
        live_at=f"{HERE}/slots/{slot_id}" if refused else "",
        slot=dict(row),
        title=words("slot.title", service=row["service_name"], staff=row["staff_name"]),
        time=f"{formats.date(row['starts_at'])}, {formats.times(row['starts_at'], row['ends_at'])}",
        day=day_with(row["starts_at"], visitor),
        back=asks,
        news=news,
        problems=list(reading.problems.values()),
        until=clock_of(row["hold_expires_at"], looking) if row["hold_expires_at"] else None,
        begins=formats.moment(begins, looking.now) if begins else "",
        freed_by=freed_by,
        me=_asked(asked, asks, words) or _told(judged, asks, words),
        why=_why(row, judged, words) if is_open else "",
        checked=formats.moment(row["checked_at"], looking.now) if row["checked_at"] and is_open else "",
        offers=[_offer(one, looking) for one in asked],
        candidates=(shown := _candidates(judged, asks)),
        more=len(judged.ranked.eligible) - len(shown),
        others=_others(judged, words),
        left_out=judged.left_out,
        is_over=row["status"] in (SlotState.BOOKED, SlotState.CANCELLED),
        may_open=looking.may_write and is_open and row["starts_at"] > looking.now,
        may_take_back=looking.may_write and row["status"] in (SlotState.OPEN, SlotState.HELD),
        may_put_back=can_be_offered_again(row, visitor),
    )


def _why(row: Any, judged: Judged, words: Words) -> str:
    """Why nobody is asked for an open time: as it is now, or as it was when it was last looked at."""
    rule = judged.withheld or row["unfilled_reason"]
    return words(f"withheld.{rule}") if rule in WHY_UNFILLED else ""


def _offer(row: Any, looking: Looking) -> dict[str, Any]:
    """One who was asked, with the score that was kept."""
    formats, pending = looking.formats, row["status"] == "pending"
    return {
        "entry_id": row["entry_id"],
        "name": row["customer_name"],
        "state": _state(row, looking.words),
        "good": row["status"] in {"pending", "accepted"},
        "clock": clock_of(row["expires_at"], looking) if pending else None,
        "asked_at": formats.moment(row["offered_at"], looking.now),
        "ended_at": formats.moment(row["ended_at"], looking.now) if row["ended_at"] else "",
        "channel": row["channel"],
        "unsent": pending and row["sent_at"] is None,
        "score": row["score"],
        "parts": parts_of(row["breakdown"]),
        "since_cancelled": row["booking_status"] == "cancelled",
    }


def _candidates(judged: Judged, asks: UUID | None) -> list[dict[str, Any]]:
    """The first of those who can be asked, and the one who asks, wherever they stand."""
    return [
        {
            "number": number,
            "entry_id": one.entry_id,
            "name": judged.names[one.entry_id],
            "score": score.total,
            "parts": parts_of(score.parts),
            "habit": bool(score.habit),
            "me": one.entry_id == asks,
        }
        for number, (one, score) in enumerate(judged.ranked.eligible, 1)
        if number <= SHOWN or one.entry_id == asks
    ]


def _asked(made: Sequence[Any], entry_id: UUID | None, words: Words) -> str:
    """What became of the offer of this time to the one who asks; "": they were not asked."""
    for one in reversed(made):
        if one["entry_id"] == entry_id:
            return words("slot.me.offered", name=one["customer_name"], state=_state(one, words))
    return ""


def _state(offer: Mapping[str, Any], words: Words) -> str:
    return words(f"offer.state.{offer['reason'] if offer['reason'] in LOST else offer['status']}")


def _told(judged: Judged, entry_id: UUID | None, words: Words) -> str:
    """Where the one who asks stands for this time; "": nobody asks, or they are not on the list any more."""
    eligible = judged.ranked.eligible
    for number, (one, _) in enumerate(eligible, 1):
        if one.entry_id == entry_id:
            name = judged.names[one.entry_id]
            return words("slot.me.place", name=name, number=str(number), many=str(len(eligible)))
    for one, rule in judged.ranked.excluded:
        if one.entry_id == entry_id:
            return words("slot.me.rule", name=judged.names[one.entry_id], why=words(f"rule.{rule}"))
    return words("slot.me.left_out", many=str(len(judged.names))) if entry_id and judged.left_out else ""


def _others(judged: Judged, words: Words) -> list[dict[str, Any]]:
    """By each rule those whom it excludes; last those who wait for something else altogether."""
    by_rule: dict[str, list[str]] = defaultdict(list)
    for one, rule in judged.ranked.excluded:
        by_rule[rule].append(judged.names[one.entry_id])
    ordered = sorted(by_rule, key=lambda rule: (rule == "other_service", list(RULES).index(rule)))
    return [
        {
            "rule": words(f"rule.{rule}"),
            "many": len(by_rule[rule]),
            "names": by_rule[rule][:SHOWN],
            "more": max(0, len(by_rule[rule]) - SHOWN),
        }
        for rule in ordered
    ]


async def _name_of(tx: Tx, customer_id: UUID | None) -> str | None:
    if customer_id is None:
        return None
    try:
        return (await customers.find(tx, customer_id)).name
    except CustomerNotFound:
        return None
