"""The places in a text that are filled in, written {first_name}. Pure.

A text is never given to str.format: a salon writes its own, and {salon.__class__} is none of its business.
"""

import re
from collections.abc import Container, Mapping
from typing import Final

PLACE: Final = re.compile(r"\{(\w+)\}")
# A price is nothing when there is none, and WhatsApp takes no empty value: it goes with the place before it.
_TOGETHER: Final = re.compile(r"\{(?!price\})\w+\}(?:\{price\})?|\{price\}")


def named_in(text: str) -> list[str]:
    """The places that a text names, each once, in its order."""
    return list(dict.fromkeys(PLACE.findall(text)))


def has_stray_braces(text: str) -> bool:
    """Whether there are braces that are no place's."""
    return bool(re.search(r"[{}]", PLACE.sub("", text)))


def has_lone_price(text: str) -> bool:
    """Whether a price stands anywhere but right after another place."""
    return any(place == "{price}" for place in of_template(text))


def can_be_filled(text: str, known: Container[str]) -> bool:
    """Whether nothing but known places is in braces."""
    return not has_stray_braces(text) and all(name in known for name in named_in(text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled in. Raises KeyError for one without a value."""
    return PLACE.sub(lambda place: values[place[1]], text)


def of_template(text: str) -> list[str]:
    """What a template's values are, in the order of its text: {when}{price} is one."""
    return list(dict.fromkeys(_TOGETHER.findall(text)))


def numbered(text: str) -> str:
    """The text as WhatsApp approves it: {{1}} for its first value."""
    places = of_template(text)
    return _TOGETHER.sub(lambda place: f"{{{{{places.index(place[0]) + 1}}}}}", text)
