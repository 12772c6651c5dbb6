"""The open streams of one process, and what each of them has not been told yet. No database, no HTTP."""

import asyncio
import secrets
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from standby.errors import TooManyStreams

RELOAD: Final = "reload"
MOST_WAITING: Final = (
    100  # that a reader has not taken; one that is further behind has to look at everything anew
)
REMEMBERED: Final = 1000  # changes of all salons, for who comes back after a moment
RETRY_SECONDS: Final = 60


@dataclass(frozen=True)
class Change:
    """What has changed in a salon. `row_id` and `at` are None of RELOAD alone: anything may have.

    One row's changes of one type and `at` are one change.
    """

    tenant_id: UUID
    type: str
    row_id: UUID | None = None
    at: str | None = None  # when its transaction began, in ISO 8601


@dataclass(frozen=True)
class News:
    """A change, and the place in the stream that one has seen all up to."""

    place: str
    change: Change


def read_change(told: str) -> Change:
    """What database/functions/announce_change.sql has written."""
    tenant, kind, *row = told.split(" ")
    return Change(UUID(tenant), kind, UUID(row[0]), row[1]) if row else Change(UUID(tenant), kind)


class Stream:
    """What one reader is to be told. `over`: nothing more comes, and what is left may be taken."""

    def __init__(self, tenant_id: UUID) -> None:
        self.tenant_id = tenant_id
        self.over = False
        self._waiting: deque[News] = deque()
        self._woken = asyncio.Event()

    def tell(self, news: News) -> None:
        """Keeps it for the reader. A reader who is too far behind is told to look anew, and that is the end."""
        if self.over:
            return
        if len(self._waiting) == MOST_WAITING:
            self._waiting.clear()
            self.over = True
            news = News(news.place, Change(self.tenant_id, RELOAD))
        self._waiting.append(news)
        self._woken.set()

    def end(self) -> None:
        """Nothing more is told, not even what waits."""
        self._waiting.clear()
        self.over = True
        self._woken.set()

    async def next(self, seconds: float) -> News | None:
        """What comes next; None: there was nothing for so many seconds, or nothing comes any more."""
        if not self._waiting and not self.over:
            self._woken.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), seconds)
        return self._waiting.popleft() if self._waiting else None


class Streams:
    """All streams of this process, `most` of one salon."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._open: defaultdict[UUID, set[Stream]] = defaultdict(set)
        self._over = False
        self._forget()

    @property
    def count(self) -> int:
        """How many are open."""
        return sum(map(len, self._open.values()))

    @contextmanager
    def opened(self, tenant_id: UUID, after: str | None) -> Iterator[Stream]:
        """A stream of this salon's changes, from those on that followed the place `after`.

        It begins with RELOAD if the reader has named no place, one that is not remembered, or one that more has
        followed than a stream keeps: whoever looks at everything anew misses nothing. Raises TooManyStreams.
        """
        if len(self._open.get(tenant_id, ())) >= self._most:
            raise TooManyStreams(retry_after_seconds=RETRY_SECONDS)
        stream = Stream(tenant_id)
        missed = self._since(after)
        mine = [news for news in missed or () if news.change.tenant_id == tenant_id]
        if missed is None or len(mine) > MOST_WAITING:
            mine = [News(self._place, Change(tenant_id, RELOAD))]
        for news in mine:
            stream.tell(news)
        if self._over:
            stream.end()
        self._open[tenant_id].add(stream)
        try:
            yield stream
        finally:
            self._open[tenant_id].discard(stream)
            if not self._open[tenant_id]:
                del self._open[tenant_id]

    def tell(self, change: Change) -> None:
        """Passes a change on to its salon's streams, and to no others."""
        self._number += 1
        news = News(self._place, change)
        self._remembered.append(news)
        for stream in self._open.get(change.tenant_id, ()):
            stream.tell(news)

    def tell_all_to_reload(self) -> None:
        """Something may have been missed, nobody knows what."""
        self._forget()
        for tenant_id, streams in self._open.items():
            for stream in streams:
                stream.tell(News(self._place, Change(tenant_id, RELOAD)))

    def end(self) -> None:
        """Ends all streams, and each that comes now."""
        self._over = True
        for streams in self._open.values():
            for stream in streams:
                stream.end()

    @property
    def _place(self) -> str:
        return f"{self._listening}-{self._number}"

    def _since(self, place: str | None) -> list[News] | None:
        """What was told after this place; None: that isn't known (any more)."""
        listening, _, number = (place or "").partition("-")
        if listening != self._listening or not number.isascii() or not number.isdigit() or len(number) > 15:
            return None
        missed = self._number - int(number)
        known = len(self._remembered)
        return list(self._remembered)[known - missed :] if 0 <= missed <= known else None

    def _forget(self) -> None:
        self._listening = secrets.token_hex(6)
        self._number = 0
        self._remembered: deque[News] = deque(maxlen=REMEMBERED)
