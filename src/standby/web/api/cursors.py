"""Where a page of a list ended, as callers pass it back."""

import base64
import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from standby.web.api.fields import in_reach


def readable(cursor: str) -> str:
    """The cursor, if it is one of ours. Raises ValueError."""
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if in_reach(datetime.fromisoformat(at)).tzinfo is None:
            raise ValueError("no zone")
        UUID(row_id)
    except (ValueError, TypeError) as error:
        raise ValueError("is no cursor of ours; leave it out to start at the beginning") from error
    return cursor


Cursor = Annotated[str, AfterValidator(readable)]


def cursor_of(at: datetime, row_id: UUID) -> str:
    """Where a page ended, opaque to the caller."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(row_id)]).encode()).decode().rstrip("=")


def position_in(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Where a page begins; the cursor is one that `Cursor` has checked."""
    if cursor is None:
        return None
    at, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return datetime.fromisoformat(at), UUID(row_id)
