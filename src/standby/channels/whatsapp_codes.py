"""Meta's error codes ("Cloud API error codes"), by what follows from them; in an answer, or in a report later."""

from typing import Final

PAIR_RATE: Final = 131056
TRY_AGAIN: Final = {1, 2, 4, 80007, 130429, 131000, 131016}
TEMPLATE_ONLY: Final = {131047}
NOT_THEM: Final = {131026, 131049, 131062}  # not on WhatsApp, or had enough marketing for today
OPTED_OUT: Final = {131050}
OUR_MISTAKE: Final = {100, 131008, 131009, 132000, 132001, 132012, 132018}
SENDER_REFUSED: Final = {0, 10, 190, 368, 131031, 131042, 131048, 132015, 132016, *range(200, 300)}
