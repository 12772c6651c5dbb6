"""Our texts in each language: catalogues/*.po, with the same keys in each. A language without one reads English.

To add a language, translate nb.po into another file; a test says what is missing in it.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import structlog
from babel.messages.pofile import read_po

FALLBACK: Final = "en"
ALSO_NORWEGIAN: Final = frozenset({"no", "nn"})

log = structlog.get_logger()


def _read(path: Path) -> Mapping[str, str]:
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


CATALOGUES: Final[Mapping[str, Mapping[str, str]]] = {
    path.stem: _read(path) for path in sorted((Path(__file__).parent / "catalogues").glob("*.po"))
}


def language_for(locale: str) -> str:
    """The language that a salon of this locale (nb, nb_NO, en-GB …) writes in. A fallback is logged, once."""
    if falls_back(locale):
        _tell_fallback(locale)
        return FALLBACK
    return _language(locale)


def falls_back(locale: str) -> bool:
    """Whether there is no catalogue for the locale's language, so that English takes its place."""
    return _language(locale) not in CATALOGUES


def _language(locale: str) -> str:
    language = locale.replace("-", "_").partition("_")[0].lower()
    return "nb" if language in ALSO_NORWEGIAN else language


@cache
def _tell_fallback(locale: str) -> None:
    log.warning("no_catalogue_for_locale", locale=locale, used=FALLBACK)
