"""What a browser sends of itself, with the cookie, because a page elsewhere told it to (CSRF), changes nothing.

Browsers say where a request comes from: Sec-Fetch-Site by https (and on the machine itself), Origin everywhere. So
forms need no field of their own.
"""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from standby.errors import ForeignRequest

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_foreign(request: Request, public_url: str, *, sure: bool) -> None:
    """Raises ForeignRequest if the request changes something and comes from elsewhere; `sure`: or may do so."""
    if request.method in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        ours = site in {"same-origin", "none"}  # none: the user typed it, or a program of theirs sent it.
    elif origin is not None:
        ours = origin in {_origin(public_url), _origin(str(request.url))}
    else:
        ours = not sure
    if not ours:
        raise ForeignRequest


def local_path(target: str | None, otherwise: str) -> str:
    """Where to go on, if that is a path of ours; a link that somebody made can't lead elsewhere by us."""
    if target is None or not target.startswith("/") or target.startswith("//"):
        return otherwise
    # Browsers take \\ for /, and leave out tabs and line breaks.
    return otherwise if "\\" in target or not target.isprintable() or " " in target else target


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
