"""What a name may be, of a customer, a staff member, a service or a salon; and what is plain text at all. Pure."""

import unicodedata
from typing import Final

LONGEST: Final = 200
# Control characters (line breaks and NUL among them), separators of lines, halves of a character.
NOT_PLAIN: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})


def problem_of(name: str) -> str | None:
    """What is wrong with a name; None: nothing."""
    if not name.strip():
        return "is missing"
    if len(name.strip()) > LONGEST:
        return f"is {len(name.strip())} characters long; a name may have {LONGEST}"
    return None if is_plain(name.strip()) else "has control characters or line breaks; write plain text"


def is_plain(text: str) -> bool:
    """Whether text is one line that a database can keep and a message can show."""
    return not any(unicodedata.category(letter) in NOT_PLAIN for letter in text)
