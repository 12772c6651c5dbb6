"""What a salon's customers do all day, and its people: at a steady rate, whatever each request takes."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count, cycle
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp

from benchmarks.figures import now_ms
from benchmarks.loading import service_id, staff_id
from standby.tenants.customers import CONSENT_TEXT

ZONE: Final = ZoneInfo("Europe/Oslo")
OPEN_DAYS: Final = range(1, 7)
OPENS, CLOSES = 540, 1020  # Minutes after midnight.
# In this order, over and over: mostly looking, and each kind of writing once or twice.
ROUND: Final = (
    "salon", "services", "free times", "offer page", "cancellation", "booking page", "free times", "join",
    "staff", "free times", "offer page", "accept", "salon", "booking page", "free times", "book",
    "offer page", "cancellation", "services", "accept",
)  # fmt: skip


@dataclass(frozen=True)
class Salon:
    """One salon with all that is used up: offers to be accepted, bookings to be cancelled, verified numbers.

    `lists`: the numbers of its services, and of the staff members who do them.
    """

    slug: str
    bearer: str
    first: date
    lists: Sequence[int]
    offers: Iterator[str]
    bookings: Iterator[UUID]
    people: Iterator[int]
    shown_offer: str
    shown_booking: str


@dataclass
class Seen:
    """How long each kind took, in ms; when which slot was freed; and which answers nobody had asked for."""

    calls: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    freed: dict[UUID, float] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


class Customers:
    """Those of one salon, each from an address of their own."""

    def __init__(self, session: aiohttp.ClientSession, address: str, salon: Salon) -> None:
        self._session = session
        self._address = address
        self._public = f"/api/public/{salon.slug}"
        self._salon = salon
        self._lists = cycle(salon.lists)
        self._addresses = cycle(f"203.0.113.{n}" for n in range(1, 255))
        self._times = self._bookable()
        self._do: Mapping[str, Callable[[Seen], Awaitable[object]]] = {
            "salon": lambda _: self._get(self._public),
            "services": lambda _: self._get(f"{self._public}/services"),
            "staff": lambda _: self._get(f"{self._public}/staff"),
            "free times": self._free_times,
            "offer page": lambda _: self._get(f"/o/{salon.shown_offer}"),
            "booking page": lambda _: self._get(f"/b/{salon.shown_booking}"),
            "join": self._join,
            "book": self._book,
            "accept": lambda _: self._post(f"/api/confirm/{next(salon.offers)}"),
            "cancellation": self._cancel,
        }

    async def come(self, seconds: float, rate: float) -> Seen:
        """So many requests a second. A call's time begins when it was due: who has to wait for others is counted so."""
        seen = Seen()
        begun = now_ms()
        async with asyncio.TaskGroup() as calls:
            for number in range(round(seconds * rate)):
                due = begun + number / rate * 1000
                await asyncio.sleep(max(0, due - now_ms()) / 1000)
                calls.create_task(self._call(ROUND[number % len(ROUND)], due, seen))
        return seen

    async def _call(self, kind: str, due: float, seen: Seen) -> None:
        try:
            freed = await self._do[kind](seen)
        except (aiohttp.ClientError, RuntimeError) as error:
            seen.refused.append(f"{kind}: {error}")
            return
        seen.calls[kind].append(now_ms() - due)

        if isinstance(freed, UUID):
            seen.freed[freed] = due

    async def _free_times(self, _: Seen) -> None:
        asked = f"service_id={service_id(next(self._lists))}&date={self._salon.first}&days=7"
        await self._get(f"{self._public}/free-times?{asked}")

    async def _join(self, _: Seen) -> None:
        body = self._form() | {
            "service_id": str(service_id(next(self._lists))),
            "earliest": datetime.combine(self._salon.first, time(8), ZONE).isoformat(),
            "latest": datetime.combine(self._salon.first, time(20), ZONE).isoformat(),
        }
        await self._post(f"{self._public}/waitlist", body)

    async def _book(self, _: Seen) -> None:
        list_number, at = next(self._times)
        body = self._form() | {
            "service_id": str(service_id(list_number)),
            "staff_id": str(staff_id(list_number)),
            "starts_at": at.isoformat(),
        }
        await self._post(f"{self._public}/bookings", body)

    async def _cancel(self, _: Seen) -> UUID:
        path = f"/api/bookings/{next(self._salon.bookings)}/cancel"
        answer = await self._post(path, {"notify": False}, authorization=f"Bearer {self._salon.bearer}")
        return UUID(answer["slot"]["slot_id"])

    def _form(self) -> dict[str, Any]:
        number = next(self._salon.people)
        person = {"name": f"Customer {number}", "phone": f"+479{number:07}"}
        return {"customer": person, "verification": f"verified-{number}", "consent": CONSENT_TEXT}

    def _bookable(self) -> Iterator[tuple[int, datetime]]:
        return times(self._salon.lists, self._salon.first)

    async def _get(self, path: str) -> None:
        async with self._session.get(self._address + path, headers=self._headers()) as response:
            await response.read()
            if response.status != 200:
                raise RuntimeError(f"{response.status}")

    async def _post(self, path: str, body: Any = None, **headers: str) -> Any:
        async with self._session.post(
            self._address + path, json=body, headers=self._headers() | headers
        ) as response:
            answer = await response.json()
            if response.status >= 400:
                raise RuntimeError(f"{response.status} {answer}")
            return answer

    def _headers(self) -> dict[str, str]:
        return {"x-forwarded-for": next(self._addresses)}


def times(lists: Sequence[int], first: date) -> Iterator[tuple[int, datetime]]:
    """Times of half an hour in the open hours from a day on, none twice: the number of the list, and when."""
    for day in (first + timedelta(days=nth) for nth in count()):
        if day.isoweekday() in OPEN_DAYS:
            for half_hour in range((CLOSES - OPENS) // 30):
                at = datetime.combine(day, time(), ZONE) + timedelta(minutes=OPENS + 30 * half_hour)
                yield from ((number, at) for number in lists)
