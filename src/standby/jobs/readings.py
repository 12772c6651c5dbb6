"""Readings of linked calendars: they mostly wait for others' servers, some of them for minutes.

So few of one salon are under way at a time, and none is waited for at a stop: what isn't read now is put back.
"""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Final
from uuid import UUID

from standby.calendars import reading
from standby.calendars.calendars import Calendars

OF_ONE_SALON: Final = 2  # by one worker: slow calendars of one salon leave room for those of others
LATER: Final = timedelta(seconds=10)


class Readings:
    """Those of one worker, until `stop`."""

    def __init__(self, calendars: Calendars, stop: asyncio.Event) -> None:
        self._calendars = calendars
        self._stop = stop
        self._under_way: Counter[UUID] = Counter()  # by salon

    async def read(self, tenant_id: UUID, link_id: UUID) -> None:
        """Reads it, or puts it back: for later if its salon has enough under way, for another worker at a stop."""
        if self._under_way[tenant_id] >= OF_ONE_SALON:
            await reading.put_back(self._calendars, tenant_id, link_id, after=LATER)
            return
        one = Counter((tenant_id,))
        self._under_way += one
        try:
            if not await self._is_read(tenant_id, link_id):
                await reading.put_back(self._calendars, tenant_id, link_id, after=timedelta(0))
        finally:
            self._under_way -= one

    async def _is_read(self, tenant_id: UUID, link_id: UUID) -> bool:
        """False: the worker stops, and it was given up."""
        under_way = asyncio.create_task(reading.read(self._calendars, tenant_id, link_id))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((under_way, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not under_way.done():
                return False
            under_way.result()
            return True
        finally:
            stopping.cancel()
            under_way.cancel()
            await asyncio.gather(under_way, return_exceptions=True)
