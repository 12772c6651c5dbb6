"""Why a row can't be imported, in every language of the pages."""

import ast
import importlib
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from standby import importing
from standby.importing.reasons import Reason, joined
from standby.web.words import LANGUAGES, words_for
from standby.web.words.import_reasons import said

RAISED = {"BadCell": 0, "Unreadable": 0, "Reason": 0, "bad": 1}  # which of its arguments is the form


def forms() -> Iterator[str]:
    """Every form that stands in the code."""
    for path in sorted(Path(importing.__file__).parent.glob("*.py")):
        if path.stem == "reasons":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = importlib.import_module(f"standby.importing.{path.stem}")
        local = {
            target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and (name := _name(call.func)) in RAISED:
                form = call.args[RAISED[name]]
                if isinstance(form, ast.Name):
                    yield getattr(module, form.id, None) or str(local[form.id])
                elif not (name == "Reason" and isinstance(form, ast.Attribute)):
                    assert isinstance(form, ast.Constant), (path.name, call.lineno)
                    yield str(form.value)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def places(form: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(form) if name}


def test_every_reason_is_there_in_every_language_and_no_other() -> None:
    for words in LANGUAGES.values():
        there = {key.removeprefix("import.why.") for key in words if key.startswith("import.why.")}
        assert there == {*forms()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_fills_in_nothing_that_is_not_known(language: str) -> None:
    for form in forms():
        assert places(LANGUAGES[language][f"import.why.{form}"]) <= places(form)


def test_a_reason_within_a_reason_is_said_in_the_same_language() -> None:
    place = Reason("line {line} of {file}", line=3, file="a.csv")
    reason = Reason("is the same customer as {place}; keep one of the two", place=place)
    assert reason == "is the same customer as line 3 of a.csv; keep one of the two"
    assert (
        said(reason.told, words_for("nb")) == "er samme kunde som linje 3 i a.csv; behold bare den ene av dem"
    )
    assert said(reason.told, words_for("en")) == reason


def test_several_reasons_are_one_with_commas_between() -> None:
    several = joined([Reason("'{header}'{hint}", header=one, hint="") for one in "abc"])
    assert several == "'a', 'b', 'c'"
    assert said(several.told, words_for("nb")) == "«a», «b», «c»"


def test_what_an_older_version_has_kept_is_said_as_it_was() -> None:
    told = {"form": "is {what} no more", "values": {"what": "{braces}"}}
    assert said(told, words_for("nb")) == "is {braces} no more"
