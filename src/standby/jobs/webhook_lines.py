"""What waits for webhooks: a line for each endpoint, sent one after another; some of them take very long to answer.

So a line has its turn and then comes after the others', few of one salon are under way at a time, and at a stop no more
is begun.
"""

import asyncio
from collections import defaultdict
from datetime import timedelta
from typing import Final
from uuid import UUID

from standby.webhooks import sending
from standby.webhooks.webhooks import Webhooks

OF_ONE_SALON: Final = 2  # by one worker: slow endpoints of one salon leave room for those of others
LATER: Final = timedelta(seconds=10)


class Lines:
    """Those of one worker, until `stop`."""

    def __init__(self, webhooks: Webhooks, stop: asyncio.Event) -> None:
        self._webhooks = webhooks
        self._stop = stop
        self._under_way: defaultdict[UUID, set[UUID]] = defaultdict(set)  # by salon
        self._called: set[UUID] = set()  # endpoints under way for which more has come

    async def send(self, tenant_id: UUID, endpoint_id: UUID) -> None:
        """Sends what is due for an endpoint, or leaves it to whoever is at it, or for later."""
        ours = self._under_way[tenant_id]
        if endpoint_id in ours:
            self._called.add(endpoint_id)
            return
        if len(ours) >= OF_ONE_SALON:
            await sending.call_again(self._webhooks, tenant_id, endpoint_id, after=LATER)
            return
        ours.add(endpoint_id)
        try:
            await self._have_turns(tenant_id, endpoint_id)
        finally:
            ours.discard(endpoint_id)
            self._called.discard(endpoint_id)
            if not ours:
                self._under_way.pop(tenant_id, None)

    async def _have_turns(self, tenant_id: UUID, endpoint_id: UUID) -> None:
        over = self._webhooks.clock() + sending.TURN
        self._called.add(endpoint_id)
        while endpoint_id in self._called:
            self._called.discard(endpoint_id)
            while not self._stop.is_set() and self._webhooks.clock() < over:
                came = await sending.send_next(self._webhooks, tenant_id, endpoint_id)
                if came is None or came.busy:
                    break
            # What is left is for the next turn, or for another worker.
            await sending.call_again(self._webhooks, tenant_id, endpoint_id, after=timedelta(0))
