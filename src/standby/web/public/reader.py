"""In which language a salon's customers read: what they chose by a link, else their browser's, else the salon's."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from standby.web.words import LANGUAGES, Words, words_read

PARAMETER: Final = "lang"
CARRIED: Final = "in"  # of pages that keep no cookie: what was chosen before
COOKIE: Final = "lang"
KEPT: Final = 365 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Reading:
    """The words, and whether they were chosen just now, which is remembered."""

    words: Words
    chosen: bool
    path: str
    query: str  # without the choice

    def keep(self, response: Response, *, secure: bool) -> None:
        """Has the browser remember what was chosen."""
        if self.chosen:
            response.set_cookie(
                COOKIE,
                self.words.language,
                max_age=KEPT,
                httponly=True,
                secure=secure,
                samesite="lax",
            )

    @property
    def others(self) -> list[tuple[str, str]]:
        """The other languages, each with this page's address in it."""
        begun = f"{self.path}?{self.query}&" if self.query else f"{self.path}?"
        return [
            (language, f"{begun}{PARAMETER}={language}")
            for language in LANGUAGES
            if language != self.words.language
        ]


def reading_of(request: Request, locale: str) -> Reading:
    """How who asks wants to read pages of a salon with this locale."""
    asked = request.query_params.get(PARAMETER, "")
    before = request.query_params.get(CARRIED) or request.cookies.get(COOKIE, "")
    known = asked if asked in LANGUAGES else before
    words = (
        Words(known)
        if known in LANGUAGES
        else words_read(request.headers.get("accept-language", ""), otherwise=locale)
    )
    rest = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in (PARAMETER, CARRIED)
    ]
    return Reading(words, asked in LANGUAGES, request.url.path, urlencode(rest))
