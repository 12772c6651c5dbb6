"""What fits into a message, stated before it is sent: a provider that cuts or refuses it tells the customer nothing."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from gsm0338 import Codec

from standby.channels.base import Outgoing

# In characters. WhatsApp's are Meta's ("Messages"), the SMS's is Twilio's.
WHATSAPP_TEXT: Final = 4096
WHATSAPP_BODY: Final = 1024  # of a message with buttons, and of a template
WHATSAPP_BUTTONS: Final = 3
BUTTON_TITLE: Final = 20
SMS_TEXT: Final = 1600

ELLIPSIS: Final = "…"
_GSM_7: Final = Codec()


@dataclass(frozen=True)
class Segments:
    """What a text takes as SMS: so many messages, billed one by one and joined by the phone, and in which letters."""

    count: int
    encoding: str  # GSM-7 or UCS-2


def segments(text: str) -> Segments:
    """Counts as networks do: 160 GSM-7 letters or 70 of UCS-2 in one, 153 or 67 in each of several.

    Some GSM-7 letters count twice (€ and brackets among them), as do emoji in UCS-2; none is parted in two.
    """
    try:
        units, alone, each, encoding = [_width(letter) for letter in text], 160, 153, "GSM-7"
    except UnicodeEncodeError:
        units = [len(letter.encode("utf-16-be", "surrogatepass")) // 2 for letter in text]
        alone, each, encoding = 70, 67, "UCS-2"
    if sum(units) <= alone:
        return Segments(1, encoding)
    count, filled = 1, 0
    for unit in units:
        count, filled = (count, filled + unit) if filled + unit <= each else (count + 1, unit)
    return Segments(count, encoding)


@lru_cache(maxsize=512)  # As many as a few alphabets have.
def _width(letter: str) -> int:
    """In GSM-7. Raises UnicodeEncodeError for a letter that isn't in it."""
    return len(_GSM_7.encode(letter)[0])


def longest(channel: str, *, with_buttons: bool = False) -> int | None:
    """How many characters a text by this channel may have; None: as many as you like."""
    return {"whatsapp": WHATSAPP_BODY if with_buttons else WHATSAPP_TEXT, "sms": SMS_TEXT}.get(channel)


def overlong(message: Outgoing) -> list[str]:
    """What will be cut from the message because its channel takes no more, each in a few words."""
    most = longest(message.channel, with_buttons=bool(message.buttons))
    found = []
    if most is not None and len(message.text) > most:
        found.append(f"the text has {len(message.text)} characters of {most}")
    if message.channel == "whatsapp":
        if len(message.buttons) > WHATSAPP_BUTTONS:
            found.append(f"there are {len(message.buttons)} buttons of {WHATSAPP_BUTTONS}")
        found += [
            f"the button {button.title!r} has {len(button.title)} characters of {BUTTON_TITLE}"
            for button in message.buttons
            if len(button.title) > BUTTON_TITLE
        ]
    return found


def shortened(text: str, most: int, *, link: str | None = None, mark: str = ELLIPSIS) -> str:
    """The text, or as much of it as fits into `most` characters, its end marked as cut off.

    The link stays whole, at the end: without it the customer could read, and not answer.
    """
    if len(text) <= most:
        return text
    if link and link in text and len(link) < most - 1:
        return f"{shortened(text.replace(link, ''), most - len(link) - 1, mark=mark)}\n{link}"
    return text[: most - len(mark)].rstrip() + mark


def shortened_sms(text: str, *, link: str | None = None) -> str:
    """The text as an SMS can have it. Marked with full stops: an ellipsis would make it UCS-2, at twice the price."""
    return shortened(text, SMS_TEXT, link=link, mark="...")


def in_one_line(value: str) -> str:
    """A template's value as WhatsApp takes it: without line breaks, tabs and runs of five blanks; never empty."""
    return " ".join(value.split()) or "-"
