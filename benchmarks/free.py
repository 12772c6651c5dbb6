"""The free times of a week, in a salon with twenty staff members and a year of bookings. One call at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from benchmarks import ours
from benchmarks.clients import over_http
from benchmarks.databases import settle
from benchmarks.figures import Figures, now_ms, spread
from benchmarks.loading import Loader, Shape, service_id, staff_id, tenant_id
from benchmarks.processes import ServerOptions, server
from benchmarks.stage import Ground, Via, loaded
from standby import clock
from standby.bookings import free_times
from standby.tenants import catalog
from standby.tenants.opening_hours import Hours
from standby.tenants.scope import tenant_transaction
from standby.wiring import System

DAYS: Final = 7
NOBODY: Final = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Options:
    """`staff` members of one salon, each with `per_day` appointments of half an hour on each weekday of a year."""

    staff: int = 20
    per_day: int = 12
    iterations: int = 200


async def run(ground: Ground, via: Via, options: Options) -> Figures:
    booked = 0
    first = clock.now().date() + timedelta(days=30)  # Free times are told two years ahead at most.

    async def load(rows: Loader) -> None:
        nonlocal booked
        booked = await rows.year(options.staff, options.per_day, first)

    shape = Shape(1, options.staff)
    async with loaded(ground, shape, load) as url, ours.opened(url, NOBODY) as parts:
        async with tenant_transaction(parts.pool, tenant_id(1)) as tx:
            await catalog.set_hours(tx, [Hours(day, 540, 1020) for day in range(1, 6)])
            for number in range(1, options.staff + 1):  # Everybody does what the first service is.
                await catalog.set_services_of(tx, staff_id(number), [service_id(1)])
        await settle(url)
        if via == "inprocess":
            times, found = await _in_process(parts, _weeks(first, options.iterations))
        else:
            web = ServerOptions(url, NOBODY, web=True, worker=False)
            async with (
                server(web) as process,
                over_http(process.ready["address"], shape.tenants(), connections=1) as caller,
            ):
                times, found = [], 0
                for week in _weeks(first, options.iterations):
                    at = now_ms()
                    found += len(await caller.free_times(tenant_id(1), service_id(1), week, DAYS))
                    times.append(now_ms() - at)
    return {
        "params": {"staff": options.staff, "per_day": options.per_day, "days": DAYS},
        "booked": booked,
        "found": found,
        "free_times_ms": spread(times[_WARM:], 2),
    }


_WARM: Final = 10


def _weeks(first: date, count: int) -> list[date]:
    return [first + timedelta(weeks=number % 45) for number in range(count + _WARM)]


async def _in_process(parts: System, weeks: Sequence[date]) -> tuple[list[float], int]:
    times, found = [], 0
    for week in weeks:
        at = now_ms()
        async with tenant_transaction(parts.pool, tenant_id(1)) as tx:
            found += len(await free_times.on_days(tx, service_id(1), week, DAYS, now=clock.now()))
        times.append(now_ms() - at)
    return times, found
