"""The docs say what the code does."""

import re
from pathlib import Path

import pytest

from standby.waitlist.lifecycle import BookingState, EntryState, OfferState, SlotState
from tools.lifecycle_diagram import DOCUMENT, document

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def test_the_lifecycle_page_is_drawn_from_the_tables() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make lifecycle"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_page_that_the_docs_name_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    linked = {target for target in re.findall(r"\]\(([^)#:]+)\)", text) if not target.startswith("http")}
    named = set(re.findall(r"`((?:src|tests|docs|examples|tools|benchmarks)/[\w/.-]+\w)`", text))
    missing = [target for target in linked if not (page.parent / target).exists()]
    missing += [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_the_glossary_explains_every_state() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    states = [state.value for kind in (EntryState, SlotState, OfferState, BookingState) for state in kind]
    assert [state for state in states if f"`{state}`" not in glossary] == []
