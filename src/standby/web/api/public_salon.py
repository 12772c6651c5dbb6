"""/api/public/{salon}: what a salon shows its customers. Nothing of anybody's, and nothing to sign in for."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from standby.bookings import free_times
from standby.bookings.free_times import MOST_DAYS
from standby.errors import ServiceNotFound
from standby.tenants import catalog, tenants
from standby.tenants.customers import CONSENT_TEXT
from standby.web.api import shapes
from standby.web.api.fields import Date
from standby.web.api.free_times import FreeTimeView
from standby.web.api.visitor import GetVisitor, VisitorRoute
from standby.web.words import words_for

router = APIRouter(prefix="/public/{salon}", tags=["public"], route_class=VisitorRoute)


class ContactConsentView(BaseModel):
    version: str = Field(description="to be sent back as `consent` by who agrees")
    text: str = Field(description="to be shown, in the salon's language")


class PublicSalonView(BaseModel):
    slug: str
    name: str
    timezone: str
    locale: str
    currency: str
    country: str = Field(description="of phone numbers without a prefix")
    hours: list[shapes.HoursView] = Field(description="none at all: open always")
    minimum_notice_seconds: int = Field(description="so long before it begins a time can still be booked")
    change_notice_seconds: int = Field(
        description="so long before it begins it can still be cancelled or moved"
    )
    max_customer_moves: int
    consent: ContactConsentView


class PublicServiceView(shapes.View):
    id: UUID
    name: str
    duration_minutes: int
    price: Decimal | None


class PublicStaffView(shapes.View):
    id: UUID
    name: str
    services: list[UUID]


@router.get("")
async def get_public_salon(visitor: GetVisitor) -> PublicSalonView:
    """What a customer needs to know before they book."""
    async with visitor.reading() as tx:
        rules = await tenants.get_policy(tx)
        hours = [shapes.HoursView.model_validate(opening) for opening in await catalog.hours(tx)]
    salon = visitor.salon
    return PublicSalonView(
        slug=salon.slug,
        name=salon.name,
        timezone=salon.timezone,
        locale=salon.locale,
        currency=salon.currency,
        country=salon.country,
        hours=hours,
        minimum_notice_seconds=rules.minimum_notice_seconds,
        change_notice_seconds=rules.change_notice_seconds,
        max_customer_moves=rules.max_customer_moves,
        consent=ContactConsentView(
            version=CONSENT_TEXT, text=words_for(salon.locale)("consent.text", salon=salon.name)
        ),
    )


@router.get("/services")
async def list_public_services(visitor: GetVisitor) -> list[PublicServiceView]:
    """The services that can be booked."""
    async with visitor.reading() as tx:
        return [PublicServiceView(**row) for row in await catalog.services(tx) if row["active"]]


@router.get("/staff")
async def list_public_staff(
    visitor: GetVisitor,
    service_id: Annotated[UUID | None, Query(description="who does this one; left out: all")] = None,
) -> list[PublicStaffView]:
    """Who works here, and what they do."""
    async with visitor.reading() as tx:
        services = {row["id"] for row in await catalog.services(tx) if row["active"]}
        staff = [row for row in await catalog.staff(tx) if row["active"]]
    if service_id is not None and service_id not in services:
        raise ServiceNotFound
    return [
        PublicStaffView(
            id=row["id"], name=row["name"], services=[one for one in row["services"] if one in services]
        )
        for row in staff
        if service_id is None or service_id in row["services"]
    ]


@router.get("/free-times")
async def list_public_free_times(
    visitor: GetVisitor,
    service_id: UUID,
    date: Annotated[Date, Query(description="the first day, by the salon's clock")],
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 1,
    staff_id: Annotated[UUID | None, Query(description="left out: anyone who does it")] = None,
) -> list[FreeTimeView]:
    """The free times of a service that can still be booked, by start."""
    async with visitor.reading() as tx:
        free = await free_times.on_days(
            tx, service_id, date, days, staff_id=staff_id, now=visitor.web.clock(), with_notice=True
        )
    return [FreeTimeView.model_validate(one) for one in free]
