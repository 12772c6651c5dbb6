"""What a customer means, if it is beyond doubt: an answer that is taken wrong books a time or loses one. Pure.

CANCEL alone is no word of ours: Twilio takes it for STOP, customers for any of their appointments.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from unicodedata import normalize
from uuid import UUID

# yes and no are about offers, or a reminder; confirm and cancel, which stand on a reminder's buttons, about a booking.
Word: TypeAlias = Literal["yes", "no", "confirm", "cancel", "stop", "start"]

PHRASES: Final[dict[Word, set[str]]] = {
    # Also what our buttons say: Twilio tells the words on a button, and which message it stood under.
    "yes": {"yes", "yes please", "ja", "ja takk", "book", "ok", "yes book it", "ja jeg tar timen"},
    "no": {"no", "no thanks", "no thank you", "nei", "nei takk"},
    "confirm": {"i ll be there", "jeg kommer"},
    "cancel": {"cancel my booking", "avbestill timen"},
    "stop": {"stop", "stopp", "unsubscribe", "end", "quit", "stopall", "revoke", "optout"}
    | {"stop please", "please stop", "stopp takk", "stop all", "opt out"},
    "start": {"start", "unstop"},
}
WORDS: Final = {phrase: word for word, phrases in PHRASES.items() for phrase in phrases}
WORD: Final = re.compile(r"[^\W_]+")
NUMBERED: Final = re.compile(r"(yes|ja|no|nei) ([1-9])")  # YES 2

BOOK: Final = "waitlist_book_"
DECLINE: Final = "waitlist_decline_"
CONFIRM: Final = "booking_confirm_"
CANCEL: Final = "booking_cancel_"
BUTTONS: Final[dict[str, Word]] = {BOOK: "yes", DECLINE: "no", CONFIRM: "confirm", CANCEL: "cancel"}


@dataclass(frozen=True)
class Meant:
    """`offer`, `booking`: what the tapped button was about; `number`: the one of those that we asked about, from 1."""

    word: Word
    offer: UUID | None = None
    number: int | None = None
    booking: UUID | None = None


def meant_by(text: str, button: str | None) -> Meant | None:
    """What a customer means by what they wrote or tapped; None: somebody has to read it."""
    if button is not None and (tapped := _tapped(button)) is not None:
        return tapped
    said = " ".join(WORD.findall(normalize("NFKC", text).casefold()))
    if numbered := NUMBERED.fullmatch(said):
        return Meant(WORDS[numbered[1]], number=int(numbered[2]))
    word = WORDS.get(said)
    return None if word is None else Meant(word)


def book_button(offer: UUID) -> str:
    """The id of the button that takes this offer (seed 000)."""
    return f"{BOOK}{offer}"


def decline_button(offer: UUID) -> str:
    """The id of the button that declines this offer (seed 000)."""
    return f"{DECLINE}{offer}"


def confirm_button(booking: UUID) -> str:
    """The id of the button that says that its customer comes."""
    return f"{CONFIRM}{booking}"


def cancel_button(booking: UUID) -> str:
    """The id of the button that cancels this booking."""
    return f"{CANCEL}{booking}"


def _tapped(button: str) -> Meant | None:
    for prefix, word in BUTTONS.items():
        if button.startswith(prefix) and (about := _id_in(button.removeprefix(prefix))) is not None:
            return Meant(word, offer=about) if word in ("yes", "no") else Meant(word, booking=about)
    return None


def _id_in(written: str) -> UUID | None:
    try:
        found = UUID(written)
    except ValueError:
        return None
    return found if str(found) == written else None
