"""Texts without people and secrets: what operators see of jobs, and what logs say. Pure.

Jobs of ours name a salon and a row only; but errors quote what they were about, and PgQueuer takes any payload.
"""

import json
import re
from typing import Any, Final

ID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
MAIL: Final = r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+\.[^\s@<>\"'(),;:]+"
NUMBER: Final = r"\+[0-9][0-9 ]{6,17}[0-9]|(?<![\w.:-])[0-9]{8,15}(?![\w.:-])"
# Letters and digits without a blank, as tokens and keys are.
KEY: Final = r"(?<![\w-])(?=[\w-]*[0-9])(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{32,}(?:\.[A-Za-z0-9_-]+){0,2}"
LOGIN: Final = r"(?<=://)[^/\s@]+@"
HIDDEN: Final = re.compile(f"(?P<id>{ID})|(?P<login>{LOGIN})|{MAIL}|{NUMBER}|{KEY}")
# What PostgreSQL adds to an error: the row, or its key, as it was given.
DETAIL: Final = re.compile(r"\n[ |]*DETAIL: .*")
SHOWN: Final = frozenset({"tenant", "id"})  # What our own jobs say.


def masked(text: str) -> str:
    """The text, in which addresses, numbers and what looks like a secret is …; ids stay."""
    return HIDDEN.sub(_hidden, DETAIL.sub("", text))


def masked_payload(payload: bytes | None) -> str:
    """A job's payload as JSON for people: values of keys that are not ours are …"""
    if not payload:
        return ""
    try:
        value = json.loads(payload)
    except ValueError:
        return f"({len(payload)} bytes that are no JSON)"
    return json.dumps(_known(value), indent=2, ensure_ascii=False)


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: masked(str(one)) if key in SHOWN else "…" for key, one in value.items()}
    return "…"


def _hidden(found: re.Match[str]) -> str:
    if found["id"]:
        return found["id"]
    return "…@" if found["login"] else "…"
