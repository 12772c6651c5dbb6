"""The kinds of messages: what each may tell, by the names of the places in its texts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

PARTS: Final = ("subject", "body", "sms")


@dataclass(frozen=True)
class Kind:
    """One kind. `places`: what its texts may name; `needed`: what its body and its SMS must; `why` we write (mail).

    `opens`: what its link leads to, which stands on a line of its own.
    """

    name: str
    places: tuple[str, ...]
    why: Literal["agreed", "booked", "asked", "wrote"]
    needed: frozenset[str] = frozenset()
    opens: Literal["offer", "booking"] | None = None

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
        Kind("offer", (*SLOT, "price", "until"), "agreed", opens="offer"),
        Kind("offer_reminder", (*SLOT, "price", "until"), "agreed", opens="offer"),
        Kind("booked", (*SLOT, "price"), "booked", opens="booking"),
        Kind("too_late", (*SLOT, "why"), "agreed"),
        Kind("passed_on", SLOT, "agreed"),
        Kind("booking_confirmed", (*SLOT, "price"), "booked", WHEN, opens="booking"),
        Kind("reminder", (*SLOT, "price"), "booked", WHEN, opens="booking"),
        Kind("changed", (*SLOT, "price", "previously"), "booked", WHEN, opens="booking"),
        Kind("cancelled", SLOT, "booked"),
        Kind("verify_code", ("salon", "code", "minutes"), "asked", frozenset({"code"})),
        Kind("help", WHO, "wrote"),
        Kind("help_booking", SLOT, "wrote", WHEN, opens="booking"),
        Kind("call_salon", SLOT, "wrote", WHEN),
        Kind("which_one", (*WHO, "choices"), "wrote", frozenset({"choices"})),
        Kind("stopped", WHO, "wrote"),
        Kind("started", WHO, "wrote"),
        Kind("by_hand", (*WHO, "text"), "wrote", frozenset({"text"})),
    )
}
