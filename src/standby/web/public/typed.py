"""What was typed into a form, or stands in an address, as it is: it goes back into the page when something is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from fastapi import Request

from standby.web.reading import day_of, id_of, moment_of

LONGEST: Final = 500  # letters of a field


@dataclass(frozen=True)
class Typed:
    """The fields by their names: `typed("name")` is the first of them, "" if there is none."""

    fields: Mapping[str, list[str]]

    def __call__(self, name: str) -> str:
        return self.fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Every value of a field that may have several."""
        return self.fields.get(name, [])

    def id(self, name: str) -> UUID | None:
        """An id; None: it is none."""
        return id_of(self(name))

    def date(self, name: str) -> date | None:
        """A day; None: it is none that can be counted with."""
        return day_of(self(name))

    def moment(self, name: str) -> datetime | None:
        """A moment, in UTC; None: it is none that can be counted with."""
        return moment_of(self(name))

    def number(self, name: str) -> int | None:
        """A number of few digits; None: it is none."""
        text = self(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def in_address(request: Request) -> Typed:
    """What stands in the address."""
    return _typed(request.query_params.multi_items())


async def in_form(request: Request) -> Typed:
    """What a form brought."""
    return _typed((await request.form()).multi_items())


def _typed(values: Iterable[tuple[str, object]]) -> Typed:
    fields: dict[str, list[str]] = {}
    for name, value in values:
        if isinstance(value, str):
            fields.setdefault(name, []).append(value.strip()[:LONGEST])
    return Typed(fields)
