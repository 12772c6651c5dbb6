"""What a text in an address or a field stands for: an id, a day, a moment; None: it is none. Pure."""

from datetime import UTC, date, datetime
from uuid import UUID

from standby.web.api.fields import in_reach


def id_of(text: str) -> UUID | None:
    """An id."""
    try:
        return UUID(text)
    except ValueError:
        return None


def day_of(text: str) -> date | None:
    """A day that can be counted with."""
    try:
        return in_reach(date.fromisoformat(text.strip()))
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """A moment that can be counted with, written with its offset; in UTC."""
    try:
        at = in_reach(datetime.fromisoformat(text))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None
