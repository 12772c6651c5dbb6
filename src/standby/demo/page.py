"""The salon's day on the demo's page: what comes next, each with a button that cancels it, and the open offers."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from standby.demo.scene import Scene
from standby.errors import BookingNotConfirmed, BookingNotFound


def day_router(scene: Scene) -> APIRouter:
    """`POST /demo/cancel/{booking_id}`, which leads back to the page; one that is cancelled already stays so."""
    router = APIRouter(include_in_schema=False)

    @router.post("/demo/cancel/{booking_id}")
    async def cancel(booking_id: UUID) -> RedirectResponse:
        with suppress(BookingNotConfirmed, BookingNotFound):
            await scene.cancel(booking_id)
        return RedirectResponse("/demo#day", status_code=303)

    return router


async def day_of(scene: Scene) -> dict[str, Any]:
    """What templates/demo_day.html shows. Changes nothing."""
    day = await scene.day()
    return {
        "salon": scene.salon.name,
        "offers": [
            {
                "id": str(offer.id),
                "customer": offer.customer,
                "about": offer.about(day.zone),
                "until": f"{offer.expires_at.astimezone(day.zone):%H:%M:%S}",
                "seconds_left": max(0.0, (offer.expires_at - day.now).total_seconds()),
            }
            for offer in day.offers
        ],
        "bookings": [
            {
                "id": str(booking.booking_id),
                "starts_at": booking.starts_at,
                "time": f"{booking.starts_at.astimezone(day.zone):%H:%M}",
                "date": f"{booking.starts_at.astimezone(day.zone):%a %-d %b}",
                "customer": booking.customer,
                "service": booking.service,
                "staff": booking.staff,
                "waiting": len(booking.heirs),
            }
            for booking in day.bookings
        ],
    }
