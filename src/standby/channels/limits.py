"""What fits into a message, stated before it is sent: a provider that cuts or refuses it tells the customer nothing."""

from typing import Final

ELLIPSIS: Final = "…"


def shortened(text: str, most: int, *, link: str | None = None) -> str:
    """The text, or as much of it as fits into `most` characters, its end marked as cut off.

    The link stays whole, at the end: without it the customer could read, and not answer.
    """
    if len(text) <= most:
        return text
    if link and link in text and len(link) < most - 1:
        return f"{shortened(text.replace(link, ''), most - len(link) - 1)}\n{link}"
    return text[: most - 1].rstrip() + ELLIPSIS


def in_one_line(value: str) -> str:
    """A template's value as WhatsApp takes it: without line breaks, tabs and runs of five blanks; never empty."""
    return " ".join(value.split()) or "-"
