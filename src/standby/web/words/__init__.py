"""What the pages say, in each language: a file for each page or kind of pages, with the same keys in every language.

A key is the page's state or part, a dot, and what the words are there. {braces} are filled in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from standby.web.words import (
    account,
    api_keys,
    audit,
    booking,
    calendar,
    calendar_links,
    calendars,
    channels,
    dashboard,
    entry,
    everywhere,
    hours,
    import_reasons,
    importing,
    insights,
    mails,
    members,
    messages,
    my,
    offer,
    rules,
    salon,
    services,
    settings,
    slot,
    staff,
    texts,
    today,
    troubles,
    visit,
    wait,
    waitlist,
    webhooks,
    welcome,
)


def _together(files: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    """All files' words. Raises ValueError for a key that two of them have."""
    words: dict[str, str] = {}
    for one in files:
        if twice := words.keys() & one.keys():
            raise ValueError(f"two files have words for {', '.join(sorted(twice))}")
        words |= one
    return words


FILES: Final = (
    account,
    api_keys,
    audit,
    booking,
    calendar,
    calendar_links,
    calendars,
    channels,
    dashboard,
    entry,
    everywhere,
    insights,
    hours,
    import_reasons,
    importing,
    mails,
    members,
    my,
    messages,
    offer,
    today,
    rules,
    salon,
    services,
    settings,
    slot,
    staff,
    texts,
    troubles,
    visit,
    wait,
    waitlist,
    webhooks,
    welcome,
)
LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": _together(one.ENGLISH for one in FILES),
    "nb": _together(one.NORWEGIAN for one in FILES),
}
ALSO_NORWEGIAN: Final = frozenset({"no", "nn"})


@dataclass(frozen=True)
class Words:
    """One language's words: `words("open.title", name="Kari")`."""

    language: str

    def __call__(self, key: str, **values: str) -> str:
        return LANGUAGES[self.language][key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there are such words."""
        return key in LANGUAGES[self.language]


def words_for(locale: str) -> Words:
    """The words of a locale (nb, nb_NO, en-GB …); English for a language that isn't there."""
    return _known(locale) or Words("en")


def words_read(accept_language: str, *, otherwise: str) -> Words:
    """The words in the first language of a browser's Accept-Language that is there; else those of a locale.

    `otherwise` is the salon's, on its own pages: who reads neither is better served by its language than by English.
    """
    accepted = (_known(one.split(";", 1)[0]) for one in accept_language.split(","))
    return next((words for words in accepted if words), None) or words_for(otherwise)


def words_accepted(accept_language: str) -> Words:
    """The words for a browser's Accept-Language, for pages that belong to no salon. Its first language decides."""
    return words_for(accept_language.split(",", 1)[0].split(";", 1)[0])


def _known(locale: str) -> Words | None:
    language = locale.replace("_", "-").split("-", 1)[0].strip().lower()
    if language in ALSO_NORWEGIAN:
        language = "nb"
    return Words(language) if language in LANGUAGES else None
