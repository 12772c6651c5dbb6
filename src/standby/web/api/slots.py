"""/api/slots: create, open, take back, list, and who would get one and why."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, status

from standby.tenants import tenants
from standby.waitlist import ranking, slots
from standby.web.api import shapes
from standby.web.api.caller import GetCaller
from standby.web.api.cursors import Cursor, cursor_of, position_in
from standby.web.api.fields import Date, Reason
from standby.web.api.forms import FormRoute

router = APIRouter(prefix="/slots", tags=["slots"], route_class=FormRoute)


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_slot(body: shapes.SlotBody, caller: GetCaller) -> shapes.OpeningView:
    """Opens a free time inside business hours, and starts to fill it from the waitlist."""
    async with caller.transaction() as tx:
        opening = await slots.create(
            tx,
            body.staff_id,
            body.service_id,
            body.starts_at,
            body.ends_at,
            now=caller.web.clock(),
            actor=caller.actor,
        )
    return shapes.OpeningView.model_validate(opening)


@router.get("")
async def list_slots(
    caller: GetCaller,
    date: Annotated[Date | None, Query(description="a day of the salon; left out: today")] = None,
    days: Annotated[int, Query(ge=1, le=31)] = 1,
    staff_id: UUID | None = None,
    status: Literal["open", "held", "booked", "cancelled"] | None = None,
    cursor: Cursor | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> shapes.Page[shapes.SlotView]:
    """The slots of some days, by start."""
    async with caller.transaction() as tx:
        zone = (await tenants.find(tx)).zone
        first = date or caller.web.clock().astimezone(zone).date()
        rows = await slots.page(
            tx,
            starts_from=_midnight(first, zone),
            starts_before=_midnight(first + timedelta(days=days), zone),
            staff_id=staff_id,
            status=status,
            after=position_in(cursor),
            limit=limit + 1,
        )
    shown = [shapes.SlotView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return shapes.Page(
        items=shown, next_cursor=cursor_of(shown[-1].starts_at, shown[-1].id) if more else None
    )


@router.get("/{slot_id}")
async def get_slot(slot_id: UUID, caller: GetCaller) -> shapes.SlotView:
    """One slot, with who is offered it right now."""
    async with caller.transaction() as tx:
        return shapes.SlotView(**await slots.find(tx, slot_id))


@router.post("/{slot_id}/open", status_code=status.HTTP_202_ACCEPTED)
async def open_slot(slot_id: UUID, caller: GetCaller) -> shapes.OpeningView:
    """Starts to fill an open slot now, without waiting for its grace to end."""
    async with caller.transaction() as tx:
        opening = await slots.open_again(tx, slot_id)
    return shapes.OpeningView.model_validate(opening)


@router.delete("/{slot_id}", status_code=status.HTTP_204_NO_CONTENT)
async def take_back(
    slot_id: UUID,
    caller: GetCaller,
    reason: Reason = "taken_back",
) -> None:
    """Closes an open or held slot. Who was offered it keeps their place."""
    async with caller.transaction() as tx:
        await slots.take_back(tx, slot_id, now=caller.web.clock(), reason=reason, actor=caller.actor)


@router.get("/{slot_id}/candidates")
async def candidates(
    slot_id: UUID, caller: GetCaller, limit: Annotated[int, Query(ge=1, le=5000)] = 1000
) -> shapes.CandidatesView:
    """Who would get this slot, best first, with each score's parts; for the others the rule that excludes them."""
    async with caller.transaction() as tx:
        judged = await slots.candidates(tx, slot_id, now=caller.web.clock(), limit=limit)
    return shapes.CandidatesView(
        slot_id=slot_id,
        not_offered=shapes.withheld(judged.withheld),
        eligible=[
            shapes.CandidateView(
                entry_id=one.entry_id,
                customer_name=judged.names[one.entry_id],
                score=score.total,
                parts=dict(score.parts),
                habit=None if score.habit is None else list(score.habit),
                joined_at=one.joined_at,
            )
            for one, score in judged.ranked.eligible
        ],
        excluded=[
            shapes.ExcludedView(
                entry_id=one.entry_id,
                customer_name=judged.names[one.entry_id],
                rule=rule,
                explanation=ranking.RULES[rule],
            )
            for one, rule in judged.ranked.excluded
        ],
        left_out=judged.left_out,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
