"""A salon's own texts: checked and saved, listed beside ours, taken away again."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from standby.database.pool import Tx
from standby.database.statements import statements_beside
from standby.errors import FieldProblem, Invalid
from standby.messages import words
from standby.messages.catalogue import CATALOGUES, falls_back, language_for
from standby.messages.kinds import KINDS, PARTS, Kind
from standby.messages.places import has_lone_price, has_stray_braces, named_in
from standby.tenants import tenants
from standby.tenants.names import NOT_PLAIN

SQL = statements_beside(__file__)

# In characters, places and all. A body leaves room for the link in the 1024 of a template of WhatsApp's.
LONGEST: Final[Mapping[str, int]] = {"subject": 150, "body": 900, "sms": 459}  # An SMS: three of them.


@dataclass(frozen=True)
class Text:
    """What a message says, part by part. None: in our words."""

    subject: str | None = None
    body: str | None = None
    sms: str | None = None

    def given(self) -> dict[str, str]:
        """The parts that aren't None."""
        return {part: said for part in PARTS if (said := getattr(self, part)) is not None}


@dataclass(frozen=True)
class Saved:
    """A salon's own text; `changed_by` as history names people."""

    text: Text
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class Place:
    """What may stand in a text in braces; `needed`: its body and its SMS have to name it."""

    name: str
    explanation: str
    needed: bool


@dataclass(frozen=True)
class Listed:
    """One kind in one language: the salon's own text, if it has one, and ours."""

    kind: str
    language: str
    own: Saved | None
    ours: Text
    places: list[Place]


@dataclass(frozen=True)
class Texts:
    """All texts. `language` is what the salon's customers read; `falls_back`: as there is none in its own."""

    language: str
    falls_back: bool
    items: list[Listed]


@dataclass(frozen=True)
class Template:
    """What WhatsApp has to approve; `buttons` are its quick replies."""

    name: str
    language: str
    text: str
    buttons: tuple[str, ...] = ()


async def save(tx: Tx, kind: str, language: str, text: Text, *, now: datetime, by: str) -> None:
    """Makes this the salon's own text. Raises Invalid with every problem."""
    text = checked(kind, language, text)
    if not text.given():
        raise Invalid([FieldProblem("body", "is missing, and so are subject and sms: give at least one")])
    await tx.execute(SQL["save_text"], kind, language, text.subject, text.body, text.sms, now, by)


async def remove(tx: Tx, kind: str, language: str) -> None:
    """Takes the salon's own text away, if there is one, so that ours is back. Raises Invalid."""
    checked(kind, language, Text())
    await tx.execute(SQL["remove_text"], kind, language)


async def all_of(tx: Tx) -> Texts:
    """Every kind in every language, as the salon has it."""
    salon = await tenants.find(tx)
    own = await _own(tx)
    return Texts(
        language_for(salon.locale),
        falls_back(salon.locale),
        [
            Listed(
                kind.name,
                language,
                own.get((kind.name, language)),
                _ours(kind, language),
                _places(kind, language),
            )
            for language in CATALOGUES
            for kind in KINDS.values()
        ],
    )


def ours() -> list[Template]:
    """The templates of our texts, in every language."""
    return [_template(kind, language, None) for language in CATALOGUES for kind in _templated()]


async def of_salon(tx: Tx) -> list[Template]:
    """The templates that the salon's messages go out as."""
    language = language_for((await tenants.find(tx)).locale)
    own = {
        kind: saved.text.body
        for (kind, written_in), saved in (await _own(tx)).items()
        if written_in == language
    }
    return [_template(kind, language, own.get(kind)) for kind in _templated()]


def checked(kind: str, language: str, text: Text) -> Text:
    """The text with its ends trimmed. Raises Invalid with every problem."""
    problems = []
    if kind not in KINDS:
        problems.append(FieldProblem("kind", f"is none of {', '.join(KINDS)}"))
    if language not in CATALOGUES:
        problems.append(FieldProblem("language", f"is none of {', '.join(CATALOGUES)}"))
    given = {part: said.replace("\r\n", "\n").strip() for part, said in text.given().items()}
    for part, said in given.items():
        problems += [
            FieldProblem(part, wrong, code) for code, wrong in _problems(part, said, KINDS.get(kind))
        ]
    if problems:
        raise Invalid(problems)
    return Text(**given)


def _problems(part: str, said: str, kind: Kind | None) -> list[tuple[str, str]]:
    """What is wrong with a part: codes for programs, and in words."""
    if not said:
        return [("empty", "is empty; leave it out to say it in our words")]
    found = []
    if len(said) > LONGEST[part]:
        found.append(("too_long", f"is {len(said)} characters long; {LONGEST[part]} are the most"))
    allowed_lines = "" if part == "subject" else "\n"
    if any(unicodedata.category(letter) in NOT_PLAIN and letter not in allowed_lines for letter in said):
        breaks = " or line breaks" if part == "subject" else ""
        found.append(("not_plain", f"has control characters{breaks}; write plain text"))
    if has_stray_braces(said):
        wrong = "has a { or } that is no place's; places are written like {first_name}"
        found.append(("stray_braces", wrong))
    if has_lone_price(said):
        wrong = "has {price} by itself; write it right after another place, like {when}{price}"
        found.append(("lone_price", wrong))
    # WhatsApp's rule for templates; an answer never goes out as one.
    is_template = kind is None or not kind.is_answer
    if part == "body" and is_template and (said.startswith("{") or said.endswith("}")):
        wrong = "begins or ends with a place; put a word before it, or a full stop after it"
        found.append(("place_at_end", wrong))
    return found if kind is None else found + _misplaced(part, said, kind)


def _misplaced(part: str, said: str, kind: Kind) -> list[tuple[str, str]]:
    allowed = [place for place in kind.places if part != "subject" or place != "choices"]
    named, can = named_in(said), ", ".join(f"{{{place}}}" for place in allowed)
    found = [
        ("unknown_place", f"has {{{name}}}, which {kind.name} can't fill in; it can: {can}")
        for name in named
        if name not in allowed
    ]
    if part != "subject":
        found += [
            ("needs_place", f"has to name {{{name}}}") for name in sorted(kind.needed.difference(named))
        ]
    return found


async def _own(tx: Tx) -> dict[tuple[str, str], Saved]:
    return {
        (row["kind"], row["language"]): Saved(
            Text(row["subject"], row["body"], row["sms"]), row["changed_at"], row["changed_by"]
        )
        for row in await tx.fetch(SQL["list_texts"])
    }


def _ours(kind: Kind, language: str) -> Text:
    return Text(**{part: CATALOGUES[language][f"{kind.name}.{part}"] for part in PARTS})


def _places(kind: Kind, language: str) -> list[Place]:
    return [Place(name, CATALOGUES[language][f"place.{name}"], name in kind.needed) for name in kind.places]


def _templated() -> list[str]:
    """The kinds that go out as templates of category utility. Codes have a category of their own, with Meta's words."""
    return [kind.name for kind in KINDS.values() if kind.why in ("agreed", "booked")]


def _template(kind: str, language: str, own: str | None) -> Template:
    return Template(
        words.template_name(kind, own),
        language,
        words.template_text(kind, language, own),
        words.buttons(kind, language),
    )
