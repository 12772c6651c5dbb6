"""The kinds of messages: what each may tell, by the names of the places in its texts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

PARTS: Final = ("subject", "body", "sms")


@dataclass(frozen=True)
class Kind:
    """One kind. `places`: what its texts may name; `needed`: what its body and its SMS must; `why` we write (mail)."""

    name: str
    places: tuple[str, ...]
    why: Literal["agreed", "booked", "asked", "wrote"]
    needed: frozenset[str] = frozenset()
    asks: bool = False  # It carries a link, on a line of its own.

    @property
    def is_answer(self) -> bool:
        """Whether it answers what the customer just wrote, so that WhatsApp takes it without a template."""
        return self.why == "wrote"


WHO: Final = ("first_name", "salon")
SLOT: Final = (*WHO, "service", "staff", "when")
WHEN: Final = frozenset({"when"})

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("offer", (*SLOT, "price", "until"), "agreed", asks=True),
        Kind("offer_reminder", (*SLOT, "price", "until"), "agreed", asks=True),
        Kind("booked", (*SLOT, "price"), "booked"),
        Kind("too_late", (*SLOT, "why"), "agreed"),
        Kind("passed_on", SLOT, "agreed"),
        Kind("booking_confirmed", (*SLOT, "price"), "booked", WHEN),
        Kind("reminder", (*SLOT, "price"), "booked", WHEN),
        Kind("changed", (*SLOT, "price", "previously"), "booked", WHEN),
        Kind("cancelled", SLOT, "booked"),
        Kind("verify_code", ("salon", "code", "minutes"), "asked", frozenset({"code"})),
        Kind("help", WHO, "wrote"),
        Kind("which_one", (*WHO, "choices"), "wrote", frozenset({"choices"})),
        Kind("stopped", WHO, "wrote"),
        Kind("started", WHO, "wrote"),
    )
}
