"""/app/today: the salon's day at a glance: who comes, what is offered now, what needs somebody, what stands empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.accounts.permissions import Permission
from standby.bookings import bookings, free_times
from standby.bookings.bookings import Filter
from standby.bookings.free_times import Gap
from standby.database.pool import Tx
from standby.errors import Invalid, OutsideBusinessHours, SlotTaken
from standby.formats import phone_number
from standby.messages import notices, replies, standing
from standby.tenants import catalog, tenants
from standby.waitlist import slots, watch
from standby.waitlist.lifecycle import BookingState, SlotState
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import id_of, moment_of

router = APIRouter(prefix="/app/today", include_in_schema=False)

HERE: Final = "/app/today"
DAY: Final = timedelta(days=1)
DAYS: Final = 2  # today and tomorrow
LATELY: Final = 7  # days in which something filled itself
NEXT: Final = 8  # appointments that are shown at once
MOST: Final = 600  # appointments of both days
LONGEST_GAPS: Final = 6
FEW: Final = 5  # of each kind of trouble
SAID: Final = ("opened", "gone")
BAR: Final = 40  # the height of the highest bar
KEPT: Final = (BookingState.CONFIRMED, BookingState.COMPLETED)
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_BOOK)]
Writer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_BOOK)]
Typed = Annotated[str, Form()]


@dataclass(frozen=True)
class Trouble:
    """Something that needs somebody: what it is, and where one can do something about it ("": nowhere).

    `at`: when it was, if that is what the note says.
    """

    text: str
    note: str = ""
    link: str = ""
    at: datetime | None = None


@router.api_route("", methods=["GET", "HEAD"])
async def show_day(visitor: Reader, said: str = "") -> HTMLResponse:
    now = visitor.web.clock()
    today = now.astimezone(visitor.salon.zone).date()
    async with visitor.transaction() as tx:
        coming = await _appointments(tx, visitor, today)
        gaps = await free_times.gaps(tx, today, DAYS, zone=visitor.salon.zone, now=now)
        shown_gaps = await _gaps(tx, visitor, gaps[:LONGEST_GAPS], today)
        running = await watch.running(tx)
        filled = await watch.filled(tx, since=_midnight(visitor, today - (LATELY - 1) * DAY))
        troubles = await _troubles(tx, visitor)
    later = [one for one in coming if one["ends_at"] > now and one["status"] == BookingState.CONFIRMED]
    words, formats = visitor.words, visitor.formats
    # On paper it is today, and in the evening tomorrow.
    printed = later[0]["starts_at"] if later else now
    on_paper = [one for one in coming if formats.days_ahead(one["starts_at"], printed) == 0]
    return visitor.page(
        "today.html",
        "today",
        date=formats.date(now),
        said=said if said in SAID else "",
        appointments=[_appointment(one, visitor, now) for one in later[:NEXT]],
        rest=[_appointment(one, visitor, now) for one in later[NEXT:]],
        booked_today=sum(formats.days_ahead(one["starts_at"], now) == 0 for one in coming),
        sheets=_sheets(on_paper, visitor),
        printed=formats.date(printed),
        running=[
            {
                "entry_id": one["entry_id"],
                "slot_id": one["slot_id"],
                "name": one["customer_name"],
                "what": words(
                    "slot.when",
                    service=one["service_name"],
                    staff=one["staff_name"],
                    time=formats.moment(one["starts_at"], now, short=True),
                ),
                "sent": one["sent_at"] is not None,
                "until_at": one["expires_at"].isoformat(),
                "until": formats.moment(one["expires_at"], now, short=True),
                "seconds": max(0, int((one["expires_at"] - now).total_seconds())),
            }
            for one in running
        ],
        gaps=shown_gaps,
        more_gaps=max(0, len(gaps) - LONGEST_GAPS),
        empty_hours=formats.duration(sum(gap.minutes for gap in gaps)) if gaps else "",
        filled=_filled([dict(row) for row in filled], visitor, now, today),
        troubles=troubles,
        may_write=Permission.WRITE_BOOK in visitor.permissions,
    )


@router.post("/open")
async def open_gap(
    visitor: Writer, staff: Typed = "", service: Typed = "", starts_at: Typed = ""
) -> Response:
    """Offers the beginning of a gap to the waitlist. Somebody may have been faster: then it is no gap any more."""
    staff_id, service_id = id_of(staff), id_of(service)
    moment = moment_of(starts_at)
    if staff_id is None or service_id is None or moment is None:
        return RedirectResponse(HERE, status_code=303)
    now, actor = visitor.web.clock(), visitor.session.actor
    try:
        async with visitor.transaction() as tx:
            await slots.create(tx, staff_id, service_id, moment, None, now=now, actor=actor)
    except (Invalid, OutsideBusinessHours, SlotTaken):
        return RedirectResponse(f"{HERE}?said=gone", status_code=303)
    return RedirectResponse(f"{HERE}?said=opened", status_code=303)


async def _appointments(tx: Tx, visitor: Visitor, today: date) -> list[Mapping[str, Any]]:
    """Those of today and tomorrow that were not cancelled, by start."""
    wanted = Filter(
        starts_from=_midnight(visitor, today), starts_before=_midnight(visitor, today + DAYS * DAY)
    )
    rows = await bookings.page(tx, wanted, after=None, limit=MOST)
    return [dict(row) for row in rows if row["status"] != BookingState.CANCELLED]


def _appointment(one: Mapping[str, Any], visitor: Visitor, now: datetime) -> dict[str, Any]:
    formats = visitor.formats
    ahead = formats.days_ahead(one["starts_at"], now)
    return {
        "day": visitor.words("today" if ahead == 0 else "tomorrow"),
        "time": formats.time(one["starts_at"]),
        "iso": one["starts_at"].isoformat(),
        "now": one["starts_at"] <= now,
        "soon": formats.relative(one["starts_at"], now) if one["starts_at"] > now and ahead == 0 else "",
        "name": one["customer_name"],
        "what": one["service_name"],
        "staff": one["staff_name"],
        "confirmed": one["customer_confirmed_at"] is not None,
        "filled": one["source"] == "waitlist",
    }


def _sheets(coming: Sequence[Mapping[str, Any]], visitor: Visitor) -> list[dict[str, Any]]:
    """A day on paper: for each staff member their appointments."""
    by_staff: dict[str, list[dict[str, str]]] = {}
    for one in coming:
        by_staff.setdefault(one["staff_name"], []).append(
            {
                "time": visitor.formats.times(one["starts_at"], one["ends_at"]),
                "name": one["customer_name"],
                "what": one["service_name"],
                "phone": phone_number(one["phone"] or ""),
            }
        )
    return [{"staff": name, "rows": rows} for name, rows in sorted(by_staff.items())]


async def _gaps(tx: Tx, visitor: Visitor, gaps: Sequence[Gap], today: date) -> list[dict[str, Any]]:
    """The gaps, each with the services that fit, those first that most wait for."""
    now, formats = visitor.web.clock(), visitor.formats
    services, staff = await catalog.services(tx), await catalog.staff(tx)
    does = {one["id"]: set(one["services"]) for one in staff}
    waiting = await watch.waiting_for(tx)
    rows = await slots.page(
        tx,
        starts_from=_midnight(visitor, today),
        starts_before=_midnight(visitor, today + DAYS * DAY),
        staff_id=None,
        status=SlotState.OPEN,
        after=None,
        limit=200,
    )

    def fitting(gap: Gap) -> list[tuple[UUID, str]]:
        fit = [
            one
            for one in services
            if one["active"]
            and one["id"] in does[gap.staff_id]
            and one["duration_minutes"] + one["buffer_after_minutes"] <= gap.minutes
            and not one[
                "buffer_before_minutes"
            ]  # What comes before the gap may be there until its first minute.
        ]
        fit.sort(key=lambda one: (-waiting.get(one["id"], 0), one["name"]))
        return [
            (
                one["id"],
                visitor.words("today.gap.service", service=one["name"], many=str(waiting.get(one["id"], 0))),
            )
            for one in fit
        ]

    return [
        {
            # It begins later from minute to minute, and is the same.
            "id": f"{gap.staff_id}-{int(gap.ends_at.timestamp())}",
            "staff_id": gap.staff_id,
            "staff": gap.staff_name,
            "iso": gap.starts_at.isoformat(),
            "day": visitor.words("today" if formats.days_ahead(gap.starts_at, now) == 0 else "tomorrow"),
            "times": formats.times(gap.starts_at, gap.ends_at),
            "length": formats.duration(gap.minutes),
            "offered": next(
                (
                    row["id"]
                    for row in rows
                    if row["staff_id"] == gap.staff_id
                    and row["starts_at"] < gap.ends_at
                    and row["ends_at"] > gap.starts_at
                ),
                None,
            ),
            "services": fitting(gap),
        }
        for gap in gaps
    ]


def _filled(
    rows: Sequence[Mapping[str, Any]], visitor: Visitor, now: datetime, today: date
) -> dict[str, Any]:
    """What came of the waitlist in seven days, and what it is worth: what was cancelled since has earned nothing."""
    formats, zone, currency = visitor.formats, visitor.salon.zone, visitor.salon.currency
    kept = [row for row in rows if row["status"] in KEPT]
    days = [today - (LATELY - 1 - number) * DAY for number in range(LATELY)]
    counts = [sum(row["created_at"].astimezone(zone).date() == day for row in kept) for day in days]
    highest = max(counts, default=0)
    earned = sum((row["price"] or Decimal(0) for row in kept), Decimal(0))
    return {
        "many": len(kept),
        "earned": formats.price(earned, currency),
        "bars": [
            {
                "x": number * 14,
                "height": round(many * BAR / highest, 1) if highest else 0,
                "day": formats.weekday(day.isoweekday()),
                "many": many,
            }
            for number, (day, many) in enumerate(zip(days, counts, strict=True))
        ],
        "last": [
            {
                "name": row["customer_name"],
                "what": visitor.words(
                    "slot.when",
                    service=row["service_name"],
                    staff=row["staff_name"],
                    time=formats.moment(row["starts_at"], now, short=True),
                ),
                "price": formats.price(row["price"], currency) if row["price"] is not None else "",
                "took": formats.roughly(row["created_at"] - row["opened_at"]),
            }
            for row in kept[:3]
        ],
    }


async def _troubles(tx: Tx, visitor: Visitor) -> list[Trouble]:
    """What needs somebody, of what they may see."""
    now, words, formats = visitor.web.clock(), visitor.words, visitor.formats
    found: list[Trouble] = []
    if Permission.READ_MESSAGES in visitor.permissions:
        inbox = await replies.page(tx, unread=True, before=None, limit=FEW + 1)
        if inbox:
            found.append(
                _counted("replies", [row["customer_name"] or row["sender"] or "" for row in inbox], words)
            )
        failed = await standing.undelivered(tx, since=now - LATELY * DAY, limit=FEW + 1)
        if failed:
            found.append(_counted("failed", [row["customer_name"] or "" for row in failed], words))
    if Permission.READ_SALON in visitor.permissions:
        found += [
            Trouble(words(f"today.notice.{row['kind']}"), formats.relative(row["at"], now), at=row["at"])
            for row in await notices.page(tx, after=None, limit=FEW)
            if row["seen_at"] is None
        ]
    found += [
        Trouble(
            words(
                "slot.when",
                service=row["service_name"],
                staff=row["staff_name"],
                time=formats.moment(row["starts_at"], now, short=True),
            ),
            words("today.open", why=words(f"withheld.{row['unfilled_reason']}")),
            f"/app/calendar/slots/{row['id']}",
        )
        for row in await watch.unfilled(tx, now=now, limit=FEW)
    ]
    channels = (await tenants.get_policy(tx)).channel_order
    found += [
        Trouble(
            words("today.silent", name=row["customer_name"]),
            words("today.silent.text"),
            f"/app/waitlist/{row['id']}",
        )
        for row in await watch.unreachable(tx, channels, limit=FEW)
    ]
    return found


def _counted(kind: str, names: Sequence[str], words: Any) -> Trouble:
    """So many, or more than FEW, and whose they are."""
    many = f"{FEW}+" if len(names) > FEW else str(len(names))
    told = ", ".join(dict.fromkeys(name for name in names[:FEW] if name))
    path = "/app/messages" if kind == "replies" else "/app/messages?state=failed"
    return Trouble(words(f"today.{kind}", many=many), told, path)


def _midnight(visitor: Visitor, day: date) -> datetime:
    return datetime.combine(day, time(), visitor.salon.zone)
