"""The import that a salon has asked for on its page: one at a time, and the last one until it is forgotten.

checking → checked → writing → written. `stopped`: it was tried too often, and nothing was written. A worker does the
checking and the writing (running.py); what was sent is kept until it is written, or forgotten with the rest.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from standby.database.pool import Tx, new_id
from standby.database.statements import statements_beside
from standby.tenants.scope import Author

SQL: Final = statements_beside(__file__)

State: TypeAlias = Literal["checking", "checked", "writing", "written", "stopped"]
KEPT: Final = timedelta(days=1)  # what is over, and what nobody has gone on with
UNTAKEN: Final = timedelta(minutes=1)  # until its job is taken for lost
LEASE: Final = timedelta(seconds=15)


@dataclass(frozen=True)
class Import:
    """How a salon's import stands. `total`: rows, once they are read; `told`: what became of them (running.py)."""

    id: UUID
    state: State
    done: int
    total: int | None
    attempts: int
    told: Mapping[str, Any]
    asked_at: datetime

    @property
    def runs(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.state in ("checking", "writing")

    def may_be_written(self, *, skip: bool) -> bool:
        """Whether what was looked at is good enough; `skip`: without its bad rows."""
        return not self.told.get("unusable") and (skip or not self.told.get("count"))


@dataclass(frozen=True)
class Claim:
    """An import that a worker has: what for, whose changes it makes, and the how many-th try it is.

    Tries are counted anew when it is ordered, so when that was is a part of whose it is.
    """

    id: UUID
    writing: bool
    asked_at: datetime
    files: Mapping[str, bytes]
    skip: bool
    author: Author
    attempt: int

    @property
    def its(self) -> tuple[UUID, str, datetime, int]:
        """What no other claim has: of one that isn't the last, nothing may become."""
        return self.id, "writing" if self.writing else "checking", self.asked_at, self.attempt


async def start(tx: Tx, files: Mapping[str, bytes], author: Author, *, now: datetime) -> UUID | None:
    """Has the files looked at. None: the salon's last import still runs."""
    asked = (new_id(), _packed(files), author.told, now, now + UNTAKEN)
    import_id: UUID | None = await tx.fetchval(SQL["start_import"], *asked)
    return import_id


async def order(tx: Tx, import_id: UUID, author: Author, *, skip: bool, now: datetime) -> bool:
    """Has what was looked at written; `skip`: without its bad rows. False: there is no such import any more."""
    asked = (import_id, skip, author.told, now, now + UNTAKEN)
    return await tx.fetchval(SQL["order_import"], *asked) is not None


async def drop(tx: Tx, import_id: UUID) -> bool:
    """Forgets it; of one that runs nothing is written. False: there is no such import any more."""
    return await tx.fetchval(SQL["drop_import"], import_id) is not None


async def find(tx: Tx) -> Import | None:
    """The salon's import."""
    row = await tx.fetchrow(SQL["find_import"])
    if row is None:
        return None
    told = row["told"] or {}
    return Import(
        row["id"], row["state"], row["rows_done"], row["rows_total"], row["attempts"], told, row["asked_at"]
    )


async def claim(tx: Tx, import_id: UUID, *, now: datetime) -> Claim | None:
    """Takes it for `LEASE`. None: it is over, or another worker has it."""
    row = await tx.fetchrow(SQL["claim_import"], import_id, now, now + LEASE)
    if row is None:
        return None
    told = row["author"]
    author = Author(told["actor"], now, told["address"], told["request_id"])
    return Claim(
        import_id,
        row["state"] == "writing",
        row["asked_at"],
        _unpacked(row["files"]),
        row["skip"],
        author,
        row["attempts"],
    )


async def tell(tx: Tx, claimed: Claim, done: int, total: int | None, *, now: datetime) -> None:
    """Says how far it is, and keeps it."""
    await tx.execute(SQL["tell_import"], *claimed.its, done, total, now + LEASE)


async def release(tx: Tx, claimed: Claim, *, tried: bool, now: datetime) -> None:
    """Leaves it to whoever takes it next; unless it was `tried`, as if nobody had."""
    await tx.execute(SQL["release_import"], *claimed.its, tried, now)


async def end(tx: Tx, claimed: Claim, state: State, told: Mapping[str, Any], *, now: datetime) -> bool:
    """Says what became of it. False: it isn't this worker's any more, so nothing may become of it."""
    ended = await tx.fetchval(SQL["end_import"], *claimed.its, state, told, now + KEPT)
    return ended is not None


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _unpacked(packed: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(packed)) as archive:
        return {one.filename: archive.read(one) for one in archive.infolist()}
