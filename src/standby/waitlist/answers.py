"""What a customer means, if it is beyond doubt: an answer that is taken wrong books a time or loses one. Pure.

CANCEL is no word of ours: Twilio takes it for STOP, customers for their appointment.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from unicodedata import normalize
from uuid import UUID

Word: TypeAlias = Literal["yes", "no", "stop", "start"]

PHRASES: Final[dict[Word, set[str]]] = {
    # Also what our buttons say: Twilio tells the words on a button, and which message it stood under.
    "yes": {"yes", "yes please", "ja", "ja takk", "book", "ok", "yes book it", "ja jeg tar timen"},
    "no": {"no", "no thanks", "no thank you", "nei", "nei takk"},
    "stop": {"stop", "stopp", "unsubscribe", "end", "quit", "stopall", "revoke", "optout"}
    | {"stop please", "please stop", "stopp takk", "stop all", "opt out"},
    "start": {"start", "unstop"},
}
WORDS: Final = {phrase: word for word, phrases in PHRASES.items() for phrase in phrases}
WORD: Final = re.compile(r"[^\W_]+")
NUMBERED: Final = re.compile(r"(yes|ja|no|nei) ([1-9])")  # YES 2

BOOK: Final = "waitlist_book_"
DECLINE: Final = "waitlist_decline_"


@dataclass(frozen=True)
class Meant:
    """`offer`: the one that the tapped button was about; `number`: the one of those that we asked about, from 1."""

    word: Word
    offer: UUID | None = None
    number: int | None = None


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


def _tapped(button: str) -> Meant | None:
    for prefix, word in ((BOOK, "yes"), (DECLINE, "no")):
        if button.startswith(prefix) and (offer := _offer_in(button.removeprefix(prefix))) is not None:
            return Meant("yes" if word == "yes" else "no", offer)
    return None


def _offer_in(written: str) -> UUID | None:
    try:
        offer = UUID(written)
    except ValueError:
        return None
    return offer if str(offer) == written else None
