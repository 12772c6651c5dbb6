"""What a name of a staff member or a service means: one in the database, or in a row, or nothing. Pure."""

from collections.abc import Iterable, Iterator

from standby.importing.book import Place, folded
from standby.importing.cells import ALL, BadCell, near
from standby.importing.reasons import Reason


class Names:
    """Every name of one sort, compared folded; what comes out is spelled as in the database, or else the row."""

    def __init__(self, what: Reason, file: str, known: Iterable[str]) -> None:
        self._what = what
        self._file = file
        self._spelled = {folded(name): name for name in known}
        self._claimed: dict[str, Place] = {}
        self._broken: dict[str, Place] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._spelled.values())

    def claim(self, place: Place, name: str) -> str:
        """The name that a row describes. Raises BadCell when another row does already, or when it has another use."""
        self.check(name)
        self._claimed[folded(name)] = place
        return self._spelled.setdefault(folded(name), name)

    def check(self, name: str) -> None:
        """Raises BadCell if a row can't claim the name."""
        key = folded(name)
        if key in ALL:
            raise BadCell("means everyone in these files; use another name")
        if key in self._claimed:
            place = self._claimed[key].said
            raise BadCell("is described on {place} already; keep one of the two", place=place)

    def note_broken(self, place: Place, name: str | None) -> None:
        """A row that has problems: what refers to it is told so, not that there is no such name."""
        if name:
            self._broken.setdefault(folded(name), place)

    def find(self, text: str) -> str:
        """The name that a cell means. Raises BadCell if there is none."""
        key = folded(text)
        if key in self._spelled:
            return self._spelled[key]
        if key in self._broken:
            place = self._broken[key].said
            raise BadCell("is a {what} whose own row needs a change: {place}", what=self._what, place=place)
        add = Reason("; add a row to the {file} file, or correct this", file=self._file)
        hint = near(text, self._spelled.values()) or add
        raise BadCell("is no {what}{hint}", what=self._what, hint=hint)
