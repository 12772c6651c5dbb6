"""The docs say what the code does."""

import re
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import typer

from standby.cli import app
from standby.jobs.queues import QUEUES
from standby.messages.kinds import KINDS
from standby.settings import Settings, variable
from standby.waitlist.lifecycle import BookingState, EntryState, OfferState, SlotState
from tests.api import described
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


def test_a_word_and_a_part_of_a_page_are_explained_once() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    words = [
        word for row in re.findall(r"^\| (\*.*?) \|", glossary, re.MULTILINE) for word in row.split(", ")
    ]
    parts = re.findall(r"\*\*`(\.[\w-]+)`\*\*", design)
    assert min(len(words), len(parts)) > 20
    assert [one for one, times in Counter([*words, *parts]).items() if times > 1] == []


def test_the_page_of_messages_names_every_kind_and_its_places() -> None:
    table = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8").partition("\n\nA text has")[0]
    rows = [re.findall(r"`(\w+)`", row) for row in table.splitlines() if row.startswith("| `")]
    told = {row[0]: set(row[1:]) for row in rows if row[0] not in ("offer_reminder", "stopped")}
    told |= {"offer_reminder": told["offer"]} | dict.fromkeys(("stopped", "started"), told["help"])
    assert told == {name: set(kind.places) for name, kind in KINDS.items()}


def test_the_page_of_queues_has_each_with_its_jobs_and_how_many_run_at_a_time() -> None:
    table = (ROOT / "docs" / "queues.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.]+)` \|[^|]+\| `([\w.]+)` \|[^|]+\| (\d+) \|", table, re.MULTILINE)
    settings = Settings()
    assert set(rows) == {
        (queue.name, *queue.jobs, str(getattr(settings, f"{queue.setting}_concurrency"))) for queue in QUEUES
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_the_docs_name_is_one(page: Path) -> None:
    for command in commands_of(page.read_text(encoding="utf-8")):
        assert problem_of(command) is None, command


def test_every_command_that_the_program_itself_names_is_one() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r"`(standby [^`]+)`", sources)) | set(re.findall(r"Run: (standby \w+)", sources))
    assert len(named) > 5
    assert {command: problem_of(command) for command in named if problem_of(command)} == {}


def test_a_command_that_is_none_is_found() -> None:
    text = (
        "Run `standby token SALON`, or\n\n```sh\nX=1 standby serve --prot 1 # no\n```\n\n"
        "    standby import --salon a a.csv\n"
    )
    problems = [problem_of(command) for command in commands_of(text)]
    assert problems == ["there is no standby token", "standby serve has no --prot", None]


def test_every_setting_and_address_that_the_readme_names_is_one() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    settings = set(re.findall(r"\bSTANDBY_[A-Z_]+\b", text))
    assert settings <= {variable(field) for field in Settings.model_fields}
    paths = {re.sub(r"\{\w+\}", "*", path) for path in described()["paths"]}
    named = {re.sub(r"\$\w+", "*", path) for path in re.findall(r"/api/[\w/$-]+", text)}
    assert named
    assert named <= paths


def test_no_shape_of_the_api_is_called_by_its_module() -> None:
    """Two classes of one name would be: programs made from the description have those names in them."""
    shapes = described()["components"]["schemas"]
    assert "OfferView" in shapes
    assert [name for name in shapes if "__" in name] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_the_docs_name_is_one(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = re.findall(r"(?:^ *|`|NO_SKIPS=1 |\.sh )make ([a-z-]+)", text, re.MULTILINE)
    assert [target for target in named if target not in targets] == []


def commands_of(text: str) -> list[str]:
    """Every command of ours in code: in a block, indented, or between backquotes; without settings and remarks."""
    lines = re.findall(r"^(?: {4})?((?:[A-Z_]+=\S+ )*standby .*)$", text, re.MULTILINE)
    quoted = re.findall(r"`((?:[A-Z_]+=\S+ )*standby [^`]+)`", text)
    return [re.sub(r"^(?:[A-Z_]+=\S+ )+", "", re.sub(r"\s+#.*", "", one)) for one in quoted + lines]


def problem_of(command: str) -> str | None:
    """What the program would say to it; None: nothing."""
    words = shlex.split(command)
    found: Any = typer.main.get_command(app)
    path = [words.pop(0)]
    while hasattr(found, "commands") and words and not words[0].startswith("-"):
        path.append(words.pop(0))
        if path[-1] not in found.commands:
            return f"there is no {' '.join(path)}"
        found = found.commands[path[-1]]
    known = {name for parameter in found.params for name in parameter.opts} | {"--help"}
    wrong = next((word for word in words if word.startswith("--") and word not in known), None)
    return f"{' '.join(path)} has no {wrong}" if wrong else None
