"""A salon's own page for its customers: what it offers, from whom, and a week of free times. All of it is GET."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from standby.bookings import free_times
from standby.bookings.free_times import MOST_DAYS
from standby.database.pool import Tx
from standby.tenants import catalog
from standby.web.public.days import day_of
from standby.web.public.guest import GetGuest, Guest
from standby.web.public.typed import in_address

router = APIRouter(prefix="/{salon}", include_in_schema=False)

DAYS: Final = 7
LONGEST_AHEAD: Final = timedelta(days=366)
PARTS: Final = (
    ("morning", 0),
    ("afternoon", 12),
    ("evening", 17),
)  # of a day, with the hour at which each begins


@router.api_route("", methods=["GET", "HEAD"])
async def show(guest: GetGuest) -> Response:
    async with guest.visitor.reading() as tx:
        services = [service_of(guest, dict(row)) for row in await catalog.services(tx) if row["active"]]
    return guest.page("visit_services.html", services=services)


@router.api_route("/times", methods=["GET", "HEAD"])
async def times(request: Request, guest: GetGuest) -> Response:
    typed = in_address(request)
    today = guest.now.astimezone(guest.salon.zone).date()
    last = today + LONGEST_AHEAD
    first = min(max(typed.date("from") or today, today), last)
    async with guest.visitor.reading() as tx:
        service = await chosen_service(tx, typed.id("service"))
        if service is None:
            return guest.go_to("")
        staff = await staff_for(tx, service["id"])
        whom = typed.id("with")
        if whom not in {row["id"] for row in staff}:
            whom = None
        free = await starts_on(tx, guest, service["id"], whom, first, DAYS)
        later = (
            None if free else await _next_after(tx, guest, service["id"], whom, first + timedelta(days=DAYS))
        )
    chosen = {"service": service["id"], "with": whom}
    by_day = _by_day(guest, free)
    shown = typed.date("day")
    if shown not in by_day:
        shown = min(by_day, default=first)

    def at(**query: object) -> str:
        return guest.address("/times", **chosen, **query)

    return guest.page(
        "visit_times.html",
        service=service_of(guest, service),
        staff=[
            {
                "name": row["name"],
                "url": guest.address(
                    "/times",
                    service=service["id"],
                    **{"with": row["id"]},
                    **{"from": first},
                    day=typed("day"),
                ),
                "chosen": row["id"] == whom,
            }
            for row in staff
        ],
        anyone={
            "url": guest.address("/times", service=service["id"], **{"from": first}, day=typed("day")),
            "chosen": whom is None,
        },
        days=[
            _day(
                guest,
                day,
                many=len(by_day.get(day, [])),
                chosen=day == shown,
                url=at(**{"from": first}, day=day),
            )
            for day in (first + timedelta(days=number) for number in range(DAYS))
        ],
        week=_week(guest, first),
        shown=day_of(guest.words, guest.formats, _noon(guest, shown), guest.now),
        parts=_parts(guest, by_day.get(shown, []), chosen),
        earlier=at(**{"from": max(first - timedelta(days=DAYS), today)}) if first > today else "",
        later=at(**{"from": first + timedelta(days=DAYS)}) if first + timedelta(days=DAYS) <= last else "",
        next_free=None
        if later is None
        else {
            "url": at(**{"from": later.astimezone(guest.salon.zone).date()}),
            "label": guest.formats.moment(later, guest.now),
        },
        wait=guest.address("/wait", **chosen, **{"from": first}),
    )


async def chosen_service(tx: Tx, service_id: UUID | None) -> Mapping[str, Any] | None:
    """The service, if it can be booked."""
    rows = await catalog.services(tx)
    return next((dict(row) for row in rows if row["id"] == service_id and row["active"]), None)


async def staff_for(tx: Tx, service_id: UUID) -> list[Mapping[str, Any]]:
    """Who does a service."""
    return [dict(row) for row in await catalog.staff(tx) if row["active"] and service_id in row["services"]]


async def starts_on(
    tx: Tx, guest: Guest, service_id: UUID, whom: UUID | None, first: date, days: int
) -> list[datetime]:
    """When a service can be booked on some days."""
    free = await free_times.on_days(
        tx, service_id, first, days, staff_id=whom, now=guest.now, with_notice=True
    )
    return [one.starts_at for one in free]


def service_of(guest: Guest, row: Mapping[str, Any]) -> dict[str, Any]:
    """A service as the pages show it."""
    return {
        "id": row["id"],
        "name": row["name"],
        "duration": guest.formats.duration(row["duration_minutes"]),
        "price": price_of(guest, row["price"]),
        "url": guest.address("/times", service=row["id"]),
    }


def price_of(guest: Guest, price: Decimal | None) -> str | None:
    """A price, written; None: there is none."""
    return None if price is None else guest.formats.price(price, guest.salon.currency)


async def _next_after(
    tx: Tx, guest: Guest, service_id: UUID, whom: UUID | None, first: date
) -> datetime | None:
    """The first free time of the next few weeks."""
    return next(iter(await starts_on(tx, guest, service_id, whom, first, MOST_DAYS)), None)


def _by_day(guest: Guest, free: list[datetime]) -> dict[date, list[datetime]]:
    by_day: dict[date, list[datetime]] = {}
    for at in free:
        by_day.setdefault(at.astimezone(guest.salon.zone).date(), []).append(at)
    return by_day


def _day(guest: Guest, day: date, *, many: int, chosen: bool, url: str) -> dict[str, Any]:
    noon = _noon(guest, day)
    weekday, _, rest = guest.formats.date(noon, short=True).partition(" ")
    return {
        "weekday": weekday,
        "number": day.day,
        "label": f"{weekday} {rest}",
        "many": many,
        "chosen": chosen,
        "url": url,
    }


def _week(guest: Guest, first: date) -> str:
    begin, end = _noon(guest, first), _noon(guest, first + timedelta(days=DAYS - 1))
    return f"{guest.formats.date(begin, short=True)} – {guest.formats.date(end, short=True)}"


def _parts(guest: Guest, free: list[datetime], chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """The day's times, by its parts; those without any are left out."""
    parts: dict[str, list[dict[str, str]]] = {}
    for at in free:
        hour = at.astimezone(guest.salon.zone).hour
        part = next(name for name, begins in reversed(PARTS) if hour >= begins)
        url = guest.address("/book", **chosen, at=at.isoformat())
        parts.setdefault(part, []).append({"label": guest.formats.time(at), "url": url})
    return [{"name": name, "times": found} for name, found in parts.items()]


def _noon(guest: Guest, day: date) -> datetime:
    return datetime.combine(day, time(12), guest.salon.zone)
