"""Passwords: which may be chosen, and what is kept of them (argon2id).

Hashing takes memory and time on purpose, so it happens in two threads, which let all others go first.
"""

import asyncio
import os
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
LONGEST: Final = 128
AT_ONCE: Final = 2  # 19 MiB each.
GIVES_WAY: Final = 10  # A thread's niceness on Linux; elsewhere it keeps its own priority.
T = TypeVar("T")


class Passwords:
    """Hashes and checks. The parameters are OWASP's ("Password Storage": 19 MiB, two passes, one lane)."""

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords", _let_others_go_first)
        self._nobodys = cache(lambda: self._hasher.hash("nobody has this one"))

    async def hashed(self, password: str) -> str:
        """What is kept of a password."""
        return await self._in_thread(lambda: self._hasher.hash(_normal(password)))

    async def is_right(self, kept: str | None, password: str) -> bool:
        """Whether this is the password. None: there is none to compare with, which takes as long."""
        return await self._in_thread(lambda: self._matches(kept, _normal(password)))

    def is_outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters, so that it should be again."""
        return self._hasher.check_needs_rehash(kept)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

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


def _let_others_go_first() -> None:
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)


def _normal(password: str) -> str:
    """The same password typed on another machine is the same (RFC 8265). Halves of a character can't be encoded."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass").decode("utf-8", "replace")


@cache
def _common() -> frozenset[str]:
    """The most common ones that are long enough to be chosen."""
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split("\n"))
