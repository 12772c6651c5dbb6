"""Values out of a stranger's request: each is what it should be, or nothing. No function here raises but `json_in`."""

import json
import re
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from standby.channels.events import Unreadable

LONGEST_TEXT: Final = 4096
LONGEST_ID: Final = 512  # A key of a database index has to stay well below 2,700 bytes.
YEAR_3000: Final = 32_503_680_000  # in seconds since 1970

# PostgreSQL takes neither NUL nor half of a surrogate pair; nobody reads the other control characters.
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
HALF: Final = re.compile(r"[\ud800-\udfff]")
NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
DIGITS: Final = re.compile(r"[0-9]{1,12}")


def json_in(raw: bytes) -> Any:
    """The body's JSON. Raises Unreadable."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreadable("The body is not JSON.") from None


def part(whole: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under this key, or an empty one."""
    inner = whole.get(key)
    return inner if isinstance(inner, dict) else {}


def parts(whole: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects in the list under this key."""
    return objects(whole.get(key))


def objects(listed: object) -> list[dict[str, Any]]:
    """The objects among what is listed."""
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def text_in(value: object, most: int = LONGEST_TEXT) -> str:
    """A text that can be kept and shown, at most so long; empty when it is none."""
    if not isinstance(value, str):
        return ""
    return HALF.sub("\ufffd", CONTROL.sub("", value[:most])).strip()


def id_in(value: object) -> str | None:
    """A provider's id. One that is too long is none: cut off it would be somebody else's."""
    fits = isinstance(value, str) and value.isascii() and value.isprintable() and 0 < len(value) <= LONGEST_ID
    return value if isinstance(value, str) and fits else None


def uuid_in(value: object) -> UUID | None:
    """An id of ours, written as we write it."""
    try:
        found = UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if str(found) == value else None


def code_in(value: object) -> int | None:
    """An error's code, as a number or in digits."""
    if isinstance(value, str) and DIGITS.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) else None


def moment_in(value: object) -> datetime | None:
    """A moment, out of seconds since 1970 as a number or in digits."""
    seconds = int(value) if isinstance(value, str) and DIGITS.fullmatch(value) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < YEAR_3000:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def number_in(value: object) -> str | None:
    """A phone number in E.164, with its plus."""
    return value if isinstance(value, str) and NUMBER.fullmatch(value) else None
