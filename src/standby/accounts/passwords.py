"""Passwords: which may be chosen, and what is kept of them (argon2id).

Hashing takes memory and time on purpose, so it happens in threads, a few at once.
"""

import asyncio
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
LONGEST: Final = 128
AT_ONCE: Final = 4  # 19 MiB each.


class Passwords:
    """Hashes and checks. The parameters are OWASP's ("Password Storage": 19 MiB, two passes, one lane)."""

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys = cache(lambda: self._hasher.hash("nobody has this one"))

    async def hashed(self, password: str) -> str:
        """What is kept of a password."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def is_right(self, kept: str | None, password: str) -> bool:
        """Whether this is the password. None: there is none to compare with, which takes as long."""
        async with self._turns:
            return await asyncio.to_thread(self._matches, kept, _normal(password))

    def is_outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters, so that it should be again."""
        return self._hasher.check_needs_rehash(kept)

    def _matches(self, kept: str | None, password: str) -> bool:
        try:
            self._hasher.verify(kept or self._nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None


def problem_of(password: str, email: str) -> str | None:
    """Why this can't be chosen as a password, as a key of words; None: it can."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = _normal(password).casefold()
    if plain in _common():
        return "common"
    name = email.partition("@")[0].casefold()
    return "name" if len(name) >= 3 and name in plain else None


SAID: Final = {
    "short": f"must be at least {SHORTEST} characters",
    "long": f"may be {LONGEST} characters at most",
    "common": "is one of the most common passwords; choose another",
    "name": "contains your email's name; choose another",
}


def _normal(password: str) -> str:
    """The same password typed on another machine is the same (RFC 8265). Halves of a character can't be encoded."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass").decode("utf-8", "replace")


@cache
def _common() -> frozenset[str]:
    """The most common ones that are long enough to be chosen."""
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split("\n"))
