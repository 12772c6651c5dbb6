"""Which addresses may be told of events. Where a name leads is judged when it is connected to (outside.py). Pure."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from yarl import URL

from standby.outside import Network, is_public
from standby.tenants.names import is_plain

LONGEST: Final = 2000


@dataclass(frozen=True)
class Addresses:
    """`allowed` are private networks that may be told all the same; `local`: nobody but this machine reaches us."""

    allowed: Sequence[Network] = ()
    local: bool = False

    def read(self, text: str) -> URL:
        """The address as it is sent to. Raises ValueError with what is wrong, and what to do."""
        text = text.strip()
        if not is_plain(text) or any(letter.isspace() for letter in text):
            raise ValueError("has spaces, line breaks or control characters")
        if len(text) > LONGEST:
            raise ValueError(f"is longer than {LONGEST} characters")
        url = URL(text)
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError("should be an address like https://example.com/standby")
        if url.user is not None:
            raise ValueError("has a user or a password in it; leave them out and check the signature instead")
        host = _as_resolved(url.host)
        allowed = self._is_allowed(host)
        if not allowed and _is_private(host):
            raise ValueError(
                "leads into a private network; name one on the internet, or have whoever runs Standby allow it "
                "(STANDBY_ALLOW_PRIVATE_TARGETS)"
            )
        if url.scheme == "http" and not (allowed or self.local):
            raise ValueError("should begin with https://, so that nobody can read on the way what it is told")
        return url.with_fragment(None)

    def _is_allowed(self, host: str) -> bool:
        return _is_ip(host) and any(ip_address(host) in network for network in self.allowed)


def _as_resolved(host: str) -> str:
    """The host as resolvers take it: 127.1, 2130706433 and 0x7f000001 are 127.0.0.1, and a last dot says nothing."""
    host = host.removesuffix(".")
    if _is_ip(host):
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return host


def _is_private(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and not is_public(host))


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
