"""What a customer means, if it is beyond doubt: an answer that is taken wrong books a time or loses one.

CANCEL is no word of ours: Twilio takes it for STOP, customers for their appointment.
"""

import re
from typing import Final, Literal, TypeAlias
from unicodedata import normalize
from uuid import UUID

from standby.channels.untrusted import uuid_in

Meaning: TypeAlias = Literal["yes", "no", "stop", "start"]

PHRASES: Final[dict[Meaning, set[str]]] = {
    "yes": {"yes", "yes please", "ja", "ja takk", "book", "ok"},
    "no": {"no", "no thanks", "no thank you", "nei", "nei takk"},
    "stop": {"stop", "stopp", "unsubscribe", "end", "quit", "stopall", "revoke", "optout"}
    | {"stop please", "please stop", "stopp takk", "stop all", "opt out"},
    "start": {"start", "unstop"},
}
MEANINGS: Final = {phrase: meaning for meaning, phrases in PHRASES.items() for phrase in phrases}
WORD: Final = re.compile(r"[^\W_]+")

BOOK: Final = "waitlist_book_"
DECLINE: Final = "waitlist_decline_"


def meaning_of(text: str) -> Meaning | None:
    """What a text means as a whole, whatever its case, punctuation and emoji; None: somebody has to read it."""
    words = WORD.findall(normalize("NFKC", text).casefold())
    return MEANINGS.get(" ".join(words))


def book_button(offer: UUID) -> str:
    """The id of the button that takes this offer."""
    return f"{BOOK}{offer}"


def decline_button(offer: UUID) -> str:
    """The id of the button that declines this offer."""
    return f"{DECLINE}{offer}"


def button_meaning(payload: str) -> tuple[Literal["yes", "no"], UUID] | None:
    """What a tapped button means, and for which offer; None: it is no button of ours."""
    if (offer := uuid_in(payload.removeprefix(BOOK))) and payload.startswith(BOOK):
        return "yes", offer
    if (offer := uuid_in(payload.removeprefix(DECLINE))) and payload.startswith(DECLINE):
        return "no", offer
    return None
