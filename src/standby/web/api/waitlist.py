"""/api/waitlist: join, look, change, leave; notify by hand, convert, override the priority."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from standby.waitlist import entries, history
from standby.waitlist.entries import Changes, Joined, Wish
from standby.waitlist.lifecycle import EntryState
from standby.web.api import shapes
from standby.web.api.caller import GetCaller
from standby.web.api.cursors import Cursor, cursor_of, position_in
from standby.web.api.fields import Reason
from standby.web.api.forms import FormRoute

router = APIRouter(prefix="/waitlist", tags=["waitlist"], route_class=FormRoute)


@router.post("", status_code=status.HTTP_201_CREATED)
async def join(body: shapes.JoinBody, caller: GetCaller, response: Response) -> shapes.JoinedView:
    """Puts a customer on the list.

    Who waits for this service and staff member already keeps that entry as it is: the answer is 200, names the times
    that were not taken over, and says how to change them.
    """
    person, wish = body.customer.given(), Wish(**body.model_dump(exclude={"customer", "vip"}))
    async with caller.transaction() as tx:
        with shapes.of_customer():
            joined = await entries.join(
                tx, person, wish, now=caller.web.clock(), actor=caller.actor, vip=body.vip
            )
    if joined.again:
        response.status_code = status.HTTP_200_OK
    place = shapes.PlaceView.model_validate(joined.place)
    return shapes.JoinedView(
        id=joined.entry_id,
        already_on_list=joined.again,
        not_taken_over=list(joined.kept),
        message=_told(joined),
        position=place,
    )


@router.get("")
async def list_entries(
    caller: GetCaller,
    status: Literal["active", "waiting", "notified", "booked", "cooldown", "expired", "cancelled"]
    | None = None,
    service_id: UUID | None = None,
    cursor: Cursor | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> shapes.Page[shapes.EntryView]:
    """Entries, the newest first."""
    before = position_in(cursor)
    async with caller.transaction() as tx:
        rows = await entries.page(tx, status=status, service_id=service_id, before=before, limit=limit + 1)
    shown = [shapes.EntryView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return shapes.Page(
        items=shown, next_cursor=cursor_of(shown[-1].joined_at, shown[-1].id) if more else None
    )


@router.get("/{entry_id}")
async def get_entry(entry_id: UUID, caller: GetCaller) -> shapes.EntryStoryView:
    """One entry with its whole story, and its place while it waits."""
    async with caller.transaction() as tx:
        row = await entries.find(tx, entry_id)
        story = await history.story_of(tx, entry_id)
        waits = row["status"] == EntryState.WAITING
        place = await entries.place(tx, entry_id, now=caller.web.clock()) if waits else None
    return shapes.EntryStoryView(
        **row,
        place=shapes.PlaceView.model_validate(place) if place else None,
        history=[shapes.HappeningView.model_validate(line) for line in story],
    )


@router.patch("/{entry_id}")
async def change_entry(entry_id: UUID, body: shapes.ChangeEntryBody, caller: GetCaller) -> shapes.EntryView:
    """Changes what an active entry waits for; its place by waiting time is kept."""
    async with caller.transaction() as tx:
        await entries.change(
            tx,
            entry_id,
            Changes(body.model_dump(exclude_unset=True)),
            now=caller.web.clock(),
            actor=caller.actor,
        )
        return shapes.EntryView(**await entries.find(tx, entry_id))


@router.delete("/{entry_id}", status_code=status.HTTP_204_NO_CONTENT)
async def leave(entry_id: UUID, caller: GetCaller, reason: Reason = "removed") -> None:
    """Takes an entry off the list. An offer it has goes to the next."""
    async with caller.transaction() as tx:
        await entries.leave(tx, entry_id, now=caller.web.clock(), reason=reason, actor=caller.actor)


@router.post("/{entry_id}/notify", status_code=status.HTTP_201_CREATED)
async def notify(entry_id: UUID, body: shapes.NotifyBody, caller: GetCaller) -> shapes.OfferedView:
    """Offers a concrete open slot to this entry, whatever its rank, its times and the salon's rules.

    Refused (WISH_DOES_NOT_FIT, the details say why) for another service, another staff member than they wait for, or a
    time that has begun.
    """
    async with caller.transaction() as tx:
        offered = await entries.notify(tx, entry_id, body.slot_id, now=caller.web.clock(), actor=caller.actor)
    return shapes.OfferedView.model_validate(offered)


@router.post("/{entry_id}/convert", status_code=status.HTTP_201_CREATED)
async def convert(entry_id: UUID, caller: GetCaller) -> shapes.BookedView:
    """Books the offered time for a customer who was notified, for instance after they called."""
    async with caller.transaction() as tx:
        booked = await entries.convert(tx, entry_id, now=caller.web.clock(), actor=caller.actor)
    return shapes.BookedView(booking_id=booked.booking_id, already_booked=booked.again)


@router.put("/{entry_id}/priority")
async def set_priority(entry_id: UUID, body: shapes.PriorityBody, caller: GetCaller) -> shapes.EntryView:
    """Overrides the score of an entry (or takes the override back); who and why is kept in its history."""
    async with caller.transaction() as tx:
        await entries.set_priority(
            tx, entry_id, body.priority, now=caller.web.clock(), reason=body.reason, actor=caller.actor
        )
        return shapes.EntryView(**await entries.find(tx, entry_id))


def _told(joined: Joined) -> str:
    if not joined.again:
        return "They are on the list."
    if not joined.kept:
        return "They were on the list already, with the same wish."
    return (
        f"They were on the list already, and that entry is unchanged: {', '.join(joined.kept)} of this request did not "
        f"replace its own. To change it: PATCH /api/waitlist/{joined.entry_id}."
    )
