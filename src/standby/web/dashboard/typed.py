"""A form of the settings: what was typed, read as the domain takes it, with what is wrong beside each field. Pure.

A reader that finds a problem notes it and returns something harmless, so that all problems are told at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from starlette.datastructures import ImmutableMultiDict

from standby.tenants import names
from standby.web.reading import day_of, id_of
from standby.web.words import Words

NEW: Final = "new"  # the key of the form that makes something
CLOCK: Final = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)", re.ASCII)
AMOUNT: Final = re.compile(r"\d{1,8}([.,]\d{1,2})?", re.ASCII)
NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)


@dataclass
class Form:
    """What stands in the fields of one form of a page; `key` tells it from the others, and begins its fields' ids."""

    key: str
    words: Words
    typed: Mapping[str, str]
    chosen: Mapping[str, list[str]] = field(default_factory=dict)  # of fields with several values
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, key: str, data: ImmutableMultiDict[str, Any], words: Words) -> "Form":
        """What somebody sent."""
        texts = [(name, value) for name, value in data.multi_items() if isinstance(value, str)]
        several: dict[str, list[str]] = {}
        for name, value in texts:
            several.setdefault(name, []).append(value)
        return cls(key, words, {name: value.strip() for name, value in reversed(texts)}, several)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    def has(self, name: str, value: str) -> bool:
        """Whether it is among the values of a field."""
        return value in self.chosen.get(name, ())

    def wrong(self, name: str, key: str, **values: str) -> None:
        """Notes what is wrong with a field; what was noted first stays."""
        self.problems.setdefault(name, self.words(key, **values))

    def name(self, name: str) -> str:
        """A name of a person or thing."""
        if names.problem_of(self[name]):
            self.wrong(name, "form.problem.name")
        return self[name]

    def number(self, name: str, least: int, most: int, *, empty: int | None = None) -> int:
        """A whole number; `empty`: what no text stands for."""
        typed = self[name].replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        if not typed and empty is not None:
            return empty
        if NUMBER.fullmatch(typed) and least <= int(typed) <= most:
            return int(typed)
        self.wrong(name, "form.problem.number", least=str(least), most=str(most))
        return least

    def amount(self, name: str) -> Decimal | None:
        """An amount of money, with a point or a comma; None: none was named."""
        typed = self[name].replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        if not typed:
            return None
        if AMOUNT.fullmatch(typed):
            return Decimal(typed.replace(",", "."))
        self.wrong(name, "form.problem.amount")
        return None

    def decimal(self, name: str) -> Decimal | None:
        """A number that may have decimals; None: it is none."""
        if AMOUNT.fullmatch(self[name]):
            return Decimal(self[name].replace(",", "."))
        self.wrong(name, "form.problem.decimal")
        return None

    def minute(self, name: str) -> int:
        """A time of day, in minutes after midnight; 24:00 is 1440."""
        found = CLOCK.fullmatch(self[name])
        minute = int(found[1]) * 60 + int(found[2]) if found else 1441
        if minute <= 1440:
            return minute
        self.wrong(name, "form.problem.time")
        return 0

    def day(self, name: str) -> date:
        """A day as browsers send it."""
        day = day_of(self[name])
        if day is None:
            self.wrong(name, "form.problem.day")
        return day or date.min

    def one_or_all(self, name: str, key: str) -> UUID | None:
        """Who was chosen; None: the choice is empty, which stands for all of them. `key`: what else is wrong."""
        found = id_of(self[name])
        if self[name] and found is None:
            self.wrong(name, key)
        return found

    def ids(self, name: str) -> list[UUID]:
        """What was ticked; what is no id is none."""
        return [found for one in self.chosen.get(name, ()) if (found := id_of(one)) is not None]


def written(amount: Decimal | None) -> str:
    """An amount as a field holds it: 650, or 650.50."""
    if amount is None:
        return ""
    return str(int(amount)) if amount == amount.to_integral_value() else f"{amount:.2f}"
