"""/app/staff: who works in the salon, what they do, and their own weeks. Managers change it; no scripts."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.errors import Invalid, NameTaken, StaffNotFound
from standby.tenants import catalog
from standby.tenants.opening_hours import Hours
from standby.web.dashboard import weeks
from standby.web.dashboard.back import back
from standby.web.dashboard.typed import NEW, Form
from standby.web.dashboard.visitor import Visitor, asks

router = APIRouter(prefix="/app/staff", include_in_schema=False)

DONE: Final = ("added", "changed", "week")
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_SALON)]
Changer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_SALON)]


@router.api_route("", methods=["GET", "HEAD"])
async def show_staff(visitor: Reader, said: str = "") -> HTMLResponse:
    return await _page(visitor, said=said if said in DONE else "")


@router.post("")
async def add_staff(visitor: Changer, request: Request) -> Response:
    form = Form.sent(NEW, await request.form(), visitor.words)
    name = form.name("name")
    if not form.problems:
        try:
            async with visitor.transaction() as tx:
                await catalog.add_staff(tx, name, form.ids("services"), now=visitor.web.clock())
        except NameTaken:
            form.wrong("name", "staff.problem.taken")
        except Invalid:
            form.wrong("services", "staff.problem.services")
    return await _page(visitor, form=form, status=422) if form.problems else back("staff", "added")


@router.post("/{staff_id}")
async def change_staff(visitor: Changer, staff_id: UUID, request: Request) -> Response:
    """An unticked `active` says that nobody can be booked with them any more."""
    form = Form.sent(str(staff_id), await request.form(), visitor.words)
    name = form.name("name")
    if not form.problems:
        try:
            async with visitor.transaction() as tx:
                await catalog.change_staff(
                    tx, staff_id, name, form.ids("services"), active=form["active"] == "on"
                )
        except NameTaken:
            form.wrong("name", "staff.problem.taken")
        except Invalid:
            form.wrong("services", "staff.problem.services")
        except StaffNotFound:
            return back("staff")
    return await _page(visitor, form=form, status=422) if form.problems else back("staff", "changed")


@router.post("/{staff_id}/week")
async def set_week(visitor: Changer, staff_id: UUID, request: Request) -> Response:
    """No times at all: they work when the salon is open."""
    form = Form.sent(_week_of(staff_id), await request.form(), visitor.words)
    week = weeks.read(form)
    if form.problems:
        return await _page(visitor, form=form, status=422)
    try:
        async with visitor.transaction() as tx:
            await catalog.set_hours_of(tx, staff_id, week)
    except StaffNotFound:
        return back("staff")
    return back("staff", "week")


async def _page(
    visitor: Visitor, *, said: str = "", form: Form | None = None, status: int = 200
) -> HTMLResponse:
    async with visitor.transaction() as tx:
        staff = await catalog.staff(tx)
        services = [dict(row) for row in await catalog.services(tx)]
        own = await catalog.weeks_of_staff(tx)
    offered = [row for row in services if row["active"]]
    everything = {"services": [str(row["id"]) for row in offered]}
    return visitor.page(
        "staff.html",
        "staff",
        status=status,
        staff=[_shown(dict(row), services, own.get(row["id"], []), visitor, form) for row in staff],
        services=[{"id": str(row["id"]), "name": row["name"]} for row in offered],
        new=form if form and form.key == NEW else Form(NEW, visitor.words, {}, everything),
        may_change=Permission.WRITE_SALON in visitor.permissions,
        said=said,
    )


def _shown(
    row: Mapping[str, Any],
    services: Sequence[Mapping[str, Any]],
    week: Sequence[Hours],
    visitor: Visitor,
    sent: Form | None,
) -> dict[str, Any]:
    words, locale, key = visitor.words, visitor.formats.locale, str(row["id"])
    does = [str(one) for one in row["services"]]
    form = Form(
        key, words, {"name": row["name"], "active": "on" if row["active"] else ""}, {"services": does}
    )
    hours = Form(_week_of(row["id"]), words, weeks.typed_as(week))
    form = sent if sent is not None and sent.key == form.key else form
    hours = sent if sent is not None and sent.key == hours.key else hours
    return {
        "id": row["id"],
        "name": row["name"],
        "active": row["active"],
        "does": [one["name"] for one in services if str(one["id"]) in does],
        "week": weeks.told(week, locale, words),
        "open": sent in (form, hours),
        "form": form,
        "hours": hours,
        "days": weeks.fields_for(hours, locale),
    }


def _week_of(staff_id: UUID) -> str:
    """The key of the form of their week."""
    return f"week-{staff_id}"
