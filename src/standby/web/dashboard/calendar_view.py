"""The calendar as its page shows it: columns, and what lies in each. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from standby.bookings.agenda import Agenda, Colleague
from standby.formats import Formats
from standby.waitlist.lifecycle import BookingState, SlotState
from standby.waitlist.ranking import WITHHELD
from standby.web.dashboard import timeline
from standby.web.dashboard.timeline import Column, Place, Stretch
from standby.web.words import Words

Row: TypeAlias = Mapping[str, Any]
WHY_UNFILLED: Final = ("no_candidate", "time_held", *WITHHELD)


@dataclass(frozen=True)
class Looking:
    """Who looks, and when; `may_write`: they may change the book."""

    now: datetime
    formats: Formats
    words: Words
    may_write: bool


@dataclass(frozen=True)
class Wanted:
    """A column to show: whose, on which day."""

    colleague: Colleague
    day: date


def columns_of(agenda: Agenda, wanted: Sequence[Wanted], looking: Looking) -> list[dict[str, Any]]:
    """The columns as the template draws them, side by side: all begin and end at the same hours."""
    zone = looking.formats.zone
    days = sorted({one.day for one in wanted})
    worked = [timeline.openings(one.day, one.colleague.weeks, zone) for one in wanted]
    told = any(one.colleague.weeks for one in wanted)
    whose = {one.colleague.id for one in wanted}
    things = [_stretch(row) for row in (*agenda.bookings, *agenda.slots) if row["staff_id"] in whose]
    hours = timeline.hours_shown(
        days,
        [stretch for stretches in worked for stretch in stretches] if told else _usual(days, looking),
        things,
        zone,
    )
    return [
        _column(agenda, one, timeline.column(one.day, hours, zone), open_times, looking)
        for one, open_times in zip(wanted, worked, strict=True)
    ]


def _usual(days: Iterable[date], looking: Looking) -> list[Stretch]:
    """What is shown of the days of a salon that has told no hours."""
    first, last = timeline.USUAL
    zone = looking.formats.zone
    return [(timeline.at(day, first * 60, zone), timeline.at(day, last * 60, zone)) for day in days]


def _column(
    agenda: Agenda, wanted: Wanted, column: Column, open_times: Sequence[Stretch], looking: Looking
) -> dict[str, Any]:
    whose = wanted.colleague.id
    mine = [row for row in agenda.bookings if row["staff_id"] == whose and column.shows(_stretch(row))]
    slots = [row for row in agenda.slots if row["staff_id"] == whose and column.shows(_stretch(row))]
    away = [
        row for row in agenda.absences if row["staff_id"] in (None, whose) and column.shows(_stretch(row))
    ]
    taken = [_blocked(row) for row in mine] + [_stretch(row) for row in (*slots, *away)]
    free = timeline.gaps(open_times, taken, looking.now) if looking.may_write else []
    free = [one for one in free if column.shows(one) and wanted.colleague.active]
    lanes = _lanes([*mine, *slots], away)
    items = [
        *(_absence(row, column, lanes.get(_known_by(row), "11"), looking) for row in away),
        *(_gap(one, whose, column, looking) for one in free),
        *(_booking(row, column, lanes[_known_by(row)], looking) for row in mine),
        *(_slot(row, column, lanes[_known_by(row)], looking) for row in slots),
    ]
    shut = timeline.without([(column.top, column.bottom)], open_times)
    return {
        "staff": whose,
        "name": wanted.colleague.name,
        "active": wanted.colleague.active,
        "day": wanted.day,
        "top": column.top,
        "rows": column.rows,
        "items": sorted(items, key=lambda item: (item["starts_at"], item["kind"] != "absence")),
        "shut": [column.place(one) for one in shut],
        "buffers": [column.place(_blocked(row)) for row in mine if _blocked(row) != _stretch(row)],
        "now": column.place((looking.now, looking.now + timeline.ROW))
        if column.top <= looking.now < column.bottom
        else None,
        "hours": [(looking.formats.time(hour), hour) for hour in column.hours(looking.formats.zone)],
        "appointments": len(mine),
    }


def _lanes(things: Sequence[Row], away: Sequence[Row]) -> dict[tuple[Any, Any], str]:
    """The lane of each thing. Of absences those alone have one that something lies in: it stands beside them."""
    beside = [row for row in away if any(_overlap(row, thing) for thing in things)]
    rows = sorted([*beside, *things], key=_stretch)
    found = timeline.lanes([_stretch(row) for row in rows])
    return {_known_by(row): lane for row, lane in zip(rows, found, strict=True)}


def _known_by(row: Row) -> tuple[Any, Any]:
    """Whose time is taken by another calendar has no id of ours."""
    return row["id"], row["starts_at"]


def _overlap(one: Row, other: Row) -> bool:
    return bool(one["starts_at"] < other["ends_at"] and other["starts_at"] < one["ends_at"])


def _booking(row: Row, column: Column, lane: str, looking: Looking) -> dict[str, Any]:
    confirmed = row["status"] == BookingState.CONFIRMED
    return {
        **_item("booking", row["id"], _stretch(row), column, looking),
        "lane": lane,
        "who": row["customer_name"],
        "what": row["service_name"],
        "status": row["status"],
        "sequence": row["sequence"],
        "from_waitlist": row["source"] == "waitlist",
        "said_yes": row["said_yes"] and confirmed and row["ends_at"] > looking.now,
        "over": confirmed and row["ends_at"] <= looking.now,
        "moves": looking.may_write and confirmed and row["starts_at"] > looking.now and _whole(row, column),
        "stretches": looking.may_write and confirmed and row["ends_at"] > looking.now and _whole(row, column),
    }


def _slot(row: Row, column: Column, lane: str, looking: Looking) -> dict[str, Any]:
    asked = row["last_asked"] or []
    return {
        **_item("slot", row["id"], _stretch(row), column, looking),
        "lane": lane,
        "what": row["service_name"],
        "status": row["status"],
        "clock": clock_of(row["hold_expires_at"], looking) if row["status"] == SlotState.HELD else None,
        "begins": looking.formats.time(row["fill_at"])
        if row["fill_at"] and row["fill_at"] > looking.now
        else None,
        "why": row["unfilled_reason"] if row["unfilled_reason"] in WHY_UNFILLED else None,
        "asked": asked,
        "asked_before": row["asked"] - len(asked),
        "asks": next((name for name, status in asked if status == "pending"), None),
    }


def _absence(row: Row, column: Column, lane: str, looking: Looking) -> dict[str, Any]:
    kind = "busy" if row["id"] is None else "closure"
    item = _item("absence", row["id"], _stretch(row), column, looking)
    all_day = row["starts_at"] <= column.top and row["ends_at"] >= column.bottom
    return item | {
        "lane": lane,
        "what": looking.words(f"calendar.{kind}"),
        "status": kind,
        "when": looking.words("calendar.all_day") if all_day else item["when"],
        "why": row["reason"] if row["reason"] != "closed" else "",
        "salon": row["staff_id"] is None,
    }


def _gap(one: Stretch, whose: UUID, column: Column, looking: Looking) -> dict[str, Any]:
    return {**_item("gap", None, one, column, looking), "staff": whose}


def _item(kind: str, item_id: UUID | None, one: Stretch, column: Column, looking: Looking) -> dict[str, Any]:
    """What all that lies in a column has in common. Its times are those that the column shows of it."""
    start, end = max(one[0], column.top), min(one[1], column.bottom)
    if kind != "absence":
        start, end = one
    return {
        "kind": kind,
        "id": item_id,
        "starts_at": start,
        "ends_at": end,
        "when": looking.formats.times(start, end),
        "place": _shown(column.place(one)),
        "minutes": (one[1] - one[0]) // timedelta(minutes=1),
    }


def _shown(place: Place) -> Place:
    """High enough to be read and pressed: fifteen minutes."""
    return Place(place.row, max(place.rows, 3))


def clock_of(until: datetime, looking: Looking) -> dict[str, Any]:
    """A time that runs out: as it is told, and the seconds that are left."""
    return {
        "at": until,
        "time": looking.formats.time(until),
        "left": max(0, round((until - looking.now).total_seconds())),
    }


def _stretch(row: Row) -> Stretch:
    return row["starts_at"], row["ends_at"]


def _blocked(row: Row) -> Stretch:
    """A booking with its buffers."""
    return row["blocked_from"] or row["starts_at"], row["blocked_until"] or row["ends_at"]


def _whole(row: Row, column: Column) -> bool:
    """Whether the column shows all of it: what goes on beyond it isn't moved there."""
    return bool(column.top <= row["starts_at"] and row["ends_at"] <= column.bottom)


def week_of(day: date) -> list[date]:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def noon(day: date, formats: Formats) -> datetime:
    """A moment of that day, to tell its date by."""
    return datetime.combine(day, time(12), formats.zone)
