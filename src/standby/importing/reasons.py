"""Why a row can't be imported: in English, and what that was made of, for pages in another language. Pure.

The form of each reason stands where it is raised; `web/words/import_reasons.py` has it in the pages' languages, which a
test proves.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeAlias

# A reason as JSON: its form, and what is filled in, which may be reasons again.
Told: TypeAlias = Mapping[str, Any]


class Reason(str):
    """English text that remembers its form and its values; a value that is a reason stays one."""

    __slots__ = ("form", "values")
    form: str
    values: Mapping[str, str]

    def __new__(cls, form: str, **values: object) -> Self:
        known = {name: one if isinstance(one, Reason) else str(one) for name, one in values.items()}
        self = super().__new__(cls, form.format_map(known))
        self.form, self.values = form, known
        return self

    @property
    def told(self) -> Told:
        """The same as JSON."""
        values = {name: one.told if isinstance(one, Reason) else one for name, one in self.values.items()}
        return {"form": self.form, "values": values}


class Because(ValueError):
    """Something can't be taken as it is, and this is why."""

    def __init__(self, form: str, **values: object) -> None:
        self.reason = Reason(form, **values)
        super().__init__(self.reason)


def joined(reasons: Iterable[Reason]) -> Reason:
    """Several, with commas between; there is at least one."""
    first, *others = reasons
    for other in others:
        first = Reason("{one}, {other}", one=first, other=other)
    return first
