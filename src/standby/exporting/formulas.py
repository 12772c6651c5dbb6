"""Texts in tables that spreadsheets open. Pure."""

import re
from typing import Final

# A spreadsheet takes what begins so for a formula, and runs it.
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
# A number, or a phone number (E.164): whatever takes it for a formula, it comes to itself.
NUMBER: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def harmless(text: str) -> str:
    """The text, with a blank before it where a spreadsheet would take it for a formula; importing/ takes that away."""
    return f" {text}" if text.startswith(FORMULAS) and not NUMBER.fullmatch(text) else text
