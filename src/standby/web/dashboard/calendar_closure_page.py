"""/app/calendar/closures/…: a time when the salon, or one of its staff, is away; opened again, and closed again."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.errors import ClosureNotFound, Invalid
from standby.tenants import closures
from standby.web.dashboard.calendar_fields import HERE
from standby.web.dashboard.calendar_page import Reader, Writer, day_with
from standby.web.dashboard.news import may_close

router = APIRouter(prefix=f"{HERE}/closures", include_in_schema=False)


@router.api_route("/{closure_id}", methods=["GET", "HEAD"])
async def show_closure(visitor: Reader, closure_id: UUID) -> HTMLResponse:
    async with visitor.transaction() as tx:
        row = await closures.find(tx, closure_id)
    return visitor.page(
        "salon_closure.html",
        "calendar",
        closure=dict(row),
        starts=visitor.moment(row["starts_at"]),
        ends=visitor.moment(row["ends_at"]),
        day=day_with(row["starts_at"], visitor),
        may_remove=may_close(row, visitor),
    )


@router.post("/{closure_id}/remove")
async def remove_closure(visitor: Writer, closure_id: UUID) -> Response:
    """Opens that time again; the whole salon's only whoever may close it."""
    try:
        async with visitor.transaction() as tx:
            row = await closures.find(tx, closure_id)
            if not may_close(row, visitor):
                return RedirectResponse(f"{HERE}/closures/{closure_id}", status_code=303)
            await closures.remove(tx, closure_id)
    except ClosureNotFound:  # Somebody was faster.
        return RedirectResponse(f"{HERE}?said=unblocked", status_code=303)
    day = day_with(row["starts_at"], visitor)
    return RedirectResponse(f"{day}&said=unblocked&closure={closure_id}", status_code=303)


@router.post("/{closure_id}/put-back")
async def put_closure_back(visitor: Writer, closure_id: UUID) -> Response:
    """Undoes that it was removed."""
    try:
        async with visitor.transaction() as tx:
            row = await closures.removed(tx, closure_id)
            if row is not None and not may_close(row, visitor):
                return RedirectResponse(HERE, status_code=303)
            if row is not None:
                await closures.put_back(tx, row, now=visitor.web.clock())
            row = row or await closures.find(tx, closure_id)  # It was sent twice.
    except Invalid:
        return RedirectResponse(f"{HERE}?said=too_late", status_code=303)
    day = day_with(row["starts_at"], visitor)
    return RedirectResponse(f"{day}&said=blocked&closure={closure_id}", status_code=303)
