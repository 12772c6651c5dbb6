"""A salon's whole book as a ZIP of CSV files, in the columns that importing/ reads.

A cell that a spreadsheet would take for a formula has a blank before it (formulas.py), which reading takes away.
"""

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.exporting.formulas import harmless
from standby.tenants import tenants

SQL: Final = statements_beside(__file__)

FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "services": ("name", "duration", "price", "active"),
    "staff": ("name", "services", "active"),
    "hours": ("weekday", "hours"),
    "customers": ("name", "phone", "email", "vip", "consent"),
    "bookings": ("customer", "service", "staff", "start", "end", "status"),
    "waitlist": (
        *("customer", "service", "staff", "earliest", "latest"),
        *("weekdays", "from", "until", "vip", "priority", "joined"),
    ),
}
TOGETHER: Final = 1000  # rows that are fetched at a time


async def export(tx: Tx, packed: IO[bytes]) -> None:
    """Writes the ZIP; that it was asked for is written down. The times are in the salon's own zone."""
    zone = (await tenants.find(tx)).zone
    await tx.execute("SELECT note_export()")
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, columns in FILES.items():
            with archive.open(f"{name}.csv", "w") as file:
                text = io.TextIOWrapper(file, "utf-8-sig", newline="")
                table = csv.writer(text)
                table.writerow(columns)
                async for row in tx.cursor(SQL[name], prefetch=TOGETHER):
                    table.writerow([_written(row[column], zone) for column in columns])
                text.flush()
                text.detach()


async def count_rows(tx: Tx) -> dict[str, int]:
    """How many of the largest files' rows it would have."""
    [row] = await tx.fetch(SQL["count_rows"])
    return dict(row)


def _written(value: Any, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return harmless(text)
