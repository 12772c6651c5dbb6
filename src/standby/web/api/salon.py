"""/api/salon, /api/staff, /api/services, /api/hours, /api/policies: what the salon offers, and its rules."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from standby.tenants import catalog, tenants
from standby.tenants.opening_hours import Hours
from standby.tenants.tenants import SLUG
from standby.web.api import shapes
from standby.web.api.caller import GetCaller
from standby.web.api.fields import Given, documented
from standby.web.api.forms import FormRoute

router = APIRouter(tags=["salon"], route_class=FormRoute)


class SalonView(shapes.View):
    slug: str = Field(description="its name in addresses: /api/public/{slug}")
    name: str
    timezone: str
    locale: str
    currency: str
    country: str
    accent: str | None = Field(description="the one accent colour of its pages; null: Standby's own")


class SalonChanges(shapes.Body):
    slug: Given[Annotated[str, documented("string", pattern=f"^{SLUG.pattern}$", description="unique")]] = (
        None
    )
    accent: (
        Annotated[
            str,
            documented(
                "string",
                pattern="^#[0-9a-fA-F]{6}$",
                description="what isn't readable is made darker or lighter on the pages",
            ),
        ]
        | None
    ) = None


class PolicyChanges(shapes.PolicyBody):
    """Rules; those left out stay as they are."""


@router.get("/salon")
async def get_salon(caller: GetCaller) -> SalonView:
    """The salon."""
    async with caller.transaction() as tx:
        return SalonView.model_validate(await tenants.find(tx))


@router.patch("/salon")
async def change_salon(body: SalonChanges, caller: GetCaller) -> SalonView:
    """Gives the salon another name in addresses, or its pages another colour (null: Standby's own).

    A name that it had leads nowhere from then on, and may become another salon's.
    """
    async with caller.transaction() as tx:
        if body.slug is not None:
            await tenants.rename(tx, body.slug)
        if "accent" in body.model_fields_set:
            await tenants.colour(tx, body.accent)
        return SalonView.model_validate(await tenants.find(tx))


@router.get("/staff")
async def list_staff(caller: GetCaller) -> list[shapes.StaffView]:
    """All staff members and what they do."""
    async with caller.transaction() as tx:
        return [shapes.StaffView(**row) for row in await catalog.staff(tx)]


@router.post("/staff", status_code=status.HTTP_201_CREATED)
async def add_staff(body: shapes.StaffBody, caller: GetCaller) -> shapes.IdView:
    """Adds a staff member."""
    async with caller.transaction() as tx:
        staff_id = await catalog.add_staff(tx, body.name, body.services, now=caller.web.clock())
    return shapes.IdView(id=staff_id)


@router.get("/services")
async def list_services(caller: GetCaller) -> list[shapes.ServiceView]:
    """All services."""
    async with caller.transaction() as tx:
        return [shapes.ServiceView(**row) for row in await catalog.services(tx)]


@router.post("/services", status_code=status.HTTP_201_CREATED)
async def add_service(body: shapes.ServiceBody, caller: GetCaller) -> shapes.IdView:
    """Adds a service."""
    async with caller.transaction() as tx:
        service_id = await catalog.add_service(
            tx,
            body.name,
            body.duration_minutes,
            body.price,
            buffers=(body.buffer_before_minutes, body.buffer_after_minutes),
            now=caller.web.clock(),
        )
    return shapes.IdView(id=service_id)


@router.patch("/services/{service_id}", status_code=status.HTTP_204_NO_CONTENT)
async def change_service(service_id: UUID, body: shapes.ServiceChanges, caller: GetCaller) -> None:
    """Changes what is named of a service."""
    async with caller.transaction() as tx:
        await catalog.change_service(tx, service_id, body.model_dump(exclude_unset=True))


@router.get("/hours")
async def list_hours(caller: GetCaller) -> list[shapes.HoursView]:
    """The week's opening hours. None at all means: open always."""
    async with caller.transaction() as tx:
        return [shapes.HoursView.model_validate(opening) for opening in await catalog.hours(tx)]


@router.put("/hours")
async def set_hours(body: shapes.Week, caller: GetCaller) -> list[shapes.HoursView]:
    """Sets the whole week's opening hours."""
    async with caller.transaction() as tx:
        await catalog.set_hours(tx, [Hours(**opening.model_dump()) for opening in body])
        return [shapes.HoursView.model_validate(opening) for opening in await catalog.hours(tx)]


@router.get("/staff/{staff_id}/hours")
async def list_hours_of(staff_id: UUID, caller: GetCaller) -> list[shapes.HoursView]:
    """A staff member's own week. None at all means: they work when the salon is open."""
    async with caller.transaction() as tx:
        return [shapes.HoursView.model_validate(opening) for opening in await catalog.hours_of(tx, staff_id)]


@router.put("/staff/{staff_id}/hours")
async def set_hours_of(staff_id: UUID, body: shapes.Week, caller: GetCaller) -> list[shapes.HoursView]:
    """Sets a staff member's whole week, within the salon's hours; what lies between two openings is a break."""
    async with caller.transaction() as tx:
        await catalog.set_hours_of(tx, staff_id, [Hours(**opening.model_dump()) for opening in body])
        return [shapes.HoursView.model_validate(opening) for opening in await catalog.hours_of(tx, staff_id)]


@router.get("/policies")
async def get_policy(caller: GetCaller, service_id: UUID | None = None) -> shapes.PolicyView:
    """The rules that hold for the salon, or for one service."""
    async with caller.transaction() as tx:
        return shapes.PolicyView.model_validate(await tenants.get_policy(tx, service_id))


@router.put("/policies")
async def set_policy(
    body: shapes.PolicyBody, caller: GetCaller, service_id: UUID | None = None
) -> shapes.PolicyView:
    """Replaces all rules of the salon, or all that is different for one service; answers with what holds then.

    A rule that isn't named goes back to its default (the salon's rules) or to the salon's rule (a service's). To change
    some rules and keep the others, use PATCH.
    """
    async with caller.transaction() as tx:
        chosen = body.model_dump(exclude_none=True)
        return shapes.PolicyView.model_validate(await tenants.replace_policy(tx, service_id, chosen))


@router.patch("/policies")
async def change_policy(
    body: PolicyChanges, caller: GetCaller, service_id: UUID | None = None
) -> shapes.PolicyView:
    """Changes the rules that are named, of the salon or of one service, and keeps all others.

    A rule that is null goes back to its default, or for a service to the salon's rule.
    """
    async with caller.transaction() as tx:
        changes = body.model_dump(exclude_unset=True)
        return shapes.PolicyView.model_validate(await tenants.change_policy(tx, service_id, changes))
