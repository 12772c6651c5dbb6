"""CPU time that processes have used: steadier than the clock on a machine that does other things too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import psutil

from benchmarks.figures import Figures


@dataclass(frozen=True)
class Used:
    """Milliseconds so far, of processes of ours and of the whole database server (None: it isn't on this machine)."""

    ours: float
    database: float | None

    def since(self, before: "Used", count: float) -> Figures:
        """What was used since then, for each of so many."""
        database = (
            None if self.database is None or before.database is None else self.database - before.database
        )
        return {
            "standby": round((self.ours - before.ours) / count, 3),
            "database": None if database is None else round(database / count, 3),
        }


async def used(ours: Sequence[psutil.Process], database: asyncpg.Connection) -> Used:
    """What the processes and the server behind the connection have used."""
    mine = sum(_total(process.cpu_times()) for process in ours)
    try:
        session = psutil.Process(await database.fetchval("SELECT pg_backend_pid()"))
        server = session.parent() if session.name().startswith("postgres") else None
        return Used(mine, None if server is None else _server(server))
    except psutil.Error:
        return Used(mine, None)


def _server(server: psutil.Process) -> float:
    """Its sessions that live, and those that have ended."""
    total = server.cpu_times()
    ended = float(total.children_user + total.children_system)
    living = 0.0
    for session in server.children():
        try:
            living += _total(session.cpu_times())
        except psutil.NoSuchProcess:
            continue
    return living + _total(total) + ended * 1000


def _total(times: Any) -> float:
    return float(times.user + times.system) * 1000
