"""What happens in the salon, read from the database: whatever process or page did it, it appears here."""

from standby.database.pool import Pool
from standby.database.statements import statements_beside
from standby.demo.story import Happening, Line, tell
from standby.tenants.scope import tenant_transaction
from standby.tenants.tenants import Salon

SQL = statements_beside(__file__)

# Lines are numbered when they are written and seen when they are committed; so many are looked at again.
LOOK_BACK = 200
NUMBERED = ("happenings_since", "messages_since")


class Feed:
    """Follows one salon from `begin` on."""

    def __init__(self, pool: Pool, salon: Salon) -> None:
        self._pool = pool
        self._salon = salon
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._told: set[tuple[str, int | str]] = set()

    async def begin(self) -> None:
        """What happened before now is not told."""
        async with tenant_transaction(self._pool, self._salon.id) as tx:
            [ends] = await tx.fetch(SQL["last_lines"])
        self._first = dict(ends)
        self._last = dict(ends)

    async def news(self) -> list[Line]:
        """What has not been told yet, in the order in which it happened."""
        fresh: list[Happening] = []
        async with tenant_transaction(self._pool, self._salon.id) as tx:
            for name in NUMBERED:
                rows = await tx.fetch(SQL[name], max(self._first[name], self._last[name] - LOOK_BACK))
                fresh += [Happening(**row) for row in rows if self._is_new(name, row["id"])]
                self._last[name] = max([self._last[name], *(row["id"] for row in rows)])
            rows = await tx.fetch(SQL["unfilled_slots"])
            fresh += [Happening(**row) for row in rows if self._is_new("unfilled_slots", row["id"])]
        fresh.sort(key=lambda happening: happening.at)
        lines = [tell(happening, self._salon.zone) for happening in fresh]
        return [line for line in lines if line is not None]

    def _is_new(self, source: str, number: int | str) -> bool:
        if (source, number) in self._told:
            return False
        self._told.add((source, number))
        return True
