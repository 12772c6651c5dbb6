"""Secrets that are kept in the database, sealed with keys that are not (Fernet: AES-128-CBC and HMAC-SHA256).

The first key seals, each of them opens: so a new one is put before the old ones, `standby channel reseal` seals
everything with it, and then the old ones can go.
"""

import json
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotOpen(Exception):
    """A secret was sealed with a key that is not among ours: add it to STANDBY_SEALING_KEYS.

    If none was set before, it is in the file sealing.key of the data directory.
    """

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or "").partition("\n")[0])


class Seal:
    """Seals and opens small sets of named secrets."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def close(self, secrets: Mapping[str, str]) -> bytes:
        """The secrets, unreadable without a key."""
        return self._keys.encrypt(json.dumps(dict(secrets)).encode())

    def open(self, sealed: bytes) -> dict[str, str]:
        """The secrets again. Raises CannotOpen."""
        try:
            opened: dict[str, str] = json.loads(self._keys.decrypt(sealed))
        except InvalidToken as error:
            raise CannotOpen from error
        return opened
