"""A worker's part of an import: reads what was sent, tries or writes it in one transaction, and tells how far it is.

A try is a writing that is rolled back, so what it comes to is what writing it will. What became of an import is said in
the transaction that wrote it: it is there as a whole and once, or not at all, whoever is killed when.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from standby.clock import Clock
from standby.database.pool import Pool, Tx
from standby.importing import imports
from standby.importing.book import Book
from standby.importing.imports import Claim
from standby.importing.known import known_book
from standby.importing.reading import read_contents
from standby.importing.writing import BookChanged, ImportReport, write_book
from standby.tenants import tenants
from standby.tenants.scope import tenant_transaction

MOST_TRIES: Final = 5
TOLD_EVERY: Final = 0.5  # seconds
SHOWN: Final = 200  # problems


class Unseen(Exception):
    """Rolls back what was written to see what it would come to."""


class Dropped(Exception):
    """Rolls back what was written for an import that is somebody else's by now, or nobody's."""


class Imports:
    """Those of one worker. At a stop the one under way is given up and left to another worker; that is no try."""

    def __init__(self, pool: Pool, clock: Clock, stop: asyncio.Event) -> None:
        self._pool = pool
        self._clock = clock
        self._stop = stop

    async def run(self, tenant_id: UUID, import_id: UUID) -> None:
        """Takes it one step on: from checking to checked, or from writing to written; unless another worker has it."""
        async with tenant_transaction(self._pool, tenant_id) as tx:
            claimed = await imports.claim(tx, import_id, now=self._clock())
        if claimed is None:
            return
        try:
            done = await self._is_done(tenant_id, claimed)
        except Dropped:
            return
        except BaseException:
            await self._release(tenant_id, claimed, tried=not self._stop.is_set())
            raise
        if not done:
            await self._release(tenant_id, claimed, tried=False)

    async def _is_done(self, tenant_id: UUID, claimed: Claim) -> bool:
        """False: the worker stops, and it was given up."""
        under_way = asyncio.create_task(self._step(tenant_id, claimed))
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

    async def _step(self, tenant_id: UUID, claimed: Claim) -> None:
        if claimed.attempt > MOST_TRIES:
            async with tenant_transaction(self._pool, tenant_id) as tx:
                await imports.end(tx, claimed, "stopped", {}, now=self._clock())
            return
        async with self._telling(tenant_id, claimed) as how_far:
            await (self._write if claimed.writing else self._try)(tenant_id, claimed, how_far)

    async def _try(self, tenant_id: UUID, claimed: Claim, how_far: "HowFar") -> None:
        told: dict[str, Any] = {}
        try:
            async with tenant_transaction(self._pool, tenant_id) as tx:
                book = await self._read(tx, claimed)
                told = told_of(book, await self._written(tx, book, how_far))
                raise Unseen
        except Unseen:
            async with tenant_transaction(self._pool, tenant_id) as tx:
                await imports.end(tx, claimed, "checked", told, now=self._clock())

    async def _write(self, tenant_id: UUID, claimed: Claim, how_far: "HowFar") -> None:
        """The book may be another one than was looked at: what has problems now is looked at again."""
        try:
            async with tenant_transaction(self._pool, tenant_id, claimed.author) as tx:
                book = await self._read(tx, claimed)
                if book.unusable or (book.problems and not claimed.skip):
                    told = told_of(book, ImportReport()) | {"why": "skip"}
                    ended = await imports.end(tx, claimed, "checked", told, now=self._clock())
                else:
                    told = told_of(book, await self._written(tx, book, how_far))
                    ended = await imports.end(tx, claimed, "written", told, now=self._clock())
                if not ended:
                    raise Dropped
        except BookChanged:
            async with tenant_transaction(self._pool, tenant_id) as tx:
                await imports.end(tx, claimed, "checked", {"why": "changed"}, now=self._clock())

    async def _read(self, tx: Tx, claimed: Claim) -> Book:
        salon = await tenants.find(tx)
        return await asyncio.to_thread(
            read_contents,
            claimed.files,
            timezone=salon.zone,
            country=salon.country,
            now=self._clock(),
            known=await known_book(tx),
        )

    async def _written(self, tx: Tx, book: Book, how_far: "HowFar") -> ImportReport:
        return await write_book(tx, book, now=self._clock(), progress=how_far.note)

    @asynccontextmanager
    async def _telling(self, tenant_id: UUID, claimed: Claim) -> AsyncIterator["HowFar"]:
        """Tells, as long as the block runs, what it notes."""
        how_far = HowFar()

        async def tell() -> None:
            while True:
                async with tenant_transaction(self._pool, tenant_id) as tx:
                    await imports.tell(tx, claimed, how_far.done, how_far.total, now=self._clock())
                await asyncio.sleep(TOLD_EVERY)

        telling = asyncio.create_task(tell())
        try:
            yield how_far
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _release(self, tenant_id: UUID, claimed: Claim, *, tried: bool) -> None:
        async with tenant_transaction(self._pool, tenant_id) as tx:
            await imports.release(tx, claimed, tried=tried, now=self._clock())


@dataclass
class HowFar:
    """Rows done of all."""

    done: int = 0
    total: int | None = None

    def note(self, done: int, total: int) -> None:
        """Notes it, to be told."""
        self.done, self.total = done, total


def told_of(book: Book, report: ImportReport) -> dict[str, Any]:
    """What the page says of a book that was tried or written."""
    return {
        "kinds": [{"kind": kind} | vars(counts) for kind, counts in report.kinds.items()],
        "changed": report.changed,
        "opt_outs": report.opt_outs,
        "problems": [vars(one) | {"reason": one.reason.told} for one in book.problems[:SHOWN]],
        "count": len(book.problems),
        "rows": len({(one.file, one.line) for one in book.problems}),
        "notes": [one.told for one in book.notes],
        "unusable": book.unusable,
    }
