"""/app/waitlist/slots/{id}: who gets a time and why: whom it was offered to, who is next, and why not the others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from standby.accounts.permissions import Permission
from standby.waitlist import offers, slots
from standby.waitlist.ranking import RULES
from standby.waitlist.slots import Judged
from standby.web.dashboard.story import parts_of
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.dashboard.wish_form import id_of
from standby.web.words import Words

router = APIRouter(prefix="/app/waitlist/slots", include_in_schema=False)

SHOWN: Final = 25  # of the candidates, and of those whom one rule excludes
LOST: Final = frozenset({"lost_to_rival", "undelivered"})


@router.api_route("/{slot_id}", methods=["GET", "HEAD"])
async def show_slot(
    visitor: Annotated[Visitor, asks(Permission.READ_BOOK)], slot_id: UUID, entry: str = ""
) -> HTMLResponse:
    """The candidates as they are now, and the offers with the scores that were kept. `entry`: who asks "why not me"."""
    now, words, formats = visitor.web.clock(), visitor.words, visitor.formats
    async with visitor.transaction() as tx:
        slot = await slots.find(tx, slot_id)
        made = [dict(one) for one in await offers.of_slot(tx, slot_id)]
        judged = await slots.candidates(tx, slot_id, now=now)
    asks_why = id_of(entry)
    eligible = judged.ranked.eligible
    return visitor.page(
        "slot.html",
        "waitlist",
        slot=slot,
        time=f"{formats.date(slot['starts_at'], short=True)} {formats.times(slot['starts_at'], slot['ends_at'])}",
        back=asks_why,
        me=_asked(made, asks_why, words) or _told(judged, asks_why, words),
        offers=[
            {
                "entry_id": one["entry_id"],
                "name": one["customer_name"],
                "when": formats.relative(one["offered_at"], now),
                "exact": visitor.moment(one["offered_at"]),
                "state": _state(one, words),
                "good": one["status"] in {"pending", "accepted"},
                "score": one["score"],
                "parts": parts_of(one["breakdown"]),
                "seconds": max(0, int((one["expires_at"] - now).total_seconds()))
                if one["status"] == "pending"
                else None,
                "until_at": one["expires_at"].isoformat(),
                "until": formats.moment(one["expires_at"], now, short=True),
            }
            for one in made
        ],
        candidates=[
            {
                "number": number,
                "entry_id": one.entry_id,
                "name": judged.names[one.entry_id],
                "score": score.total,
                "parts": parts_of(score.parts),
                "habit": bool(score.habit),
                "me": one.entry_id == asks_why,
            }
            for number, (one, score) in enumerate(eligible, 1)
            if number <= SHOWN or one.entry_id == asks_why
        ],
        more=max(0, len(eligible) - SHOWN),
        others=_others(judged, words),
        withheld=words(f"withheld.{judged.withheld}") if judged.withheld else "",
        left_out=judged.left_out,
    )


def _asked(made: Sequence[Mapping[str, Any]], entry_id: UUID | None, words: Words) -> str:
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
    return ""


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
