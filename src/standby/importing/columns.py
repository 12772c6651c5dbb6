"""The files that can be imported and their columns, as data; docs/import.md describes each, which a test proves.

A header is compared without case, spaces and punctuation: "E-post" and "epost" are one.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class Column:
    """One column: the name it is documented by, and other headers that mean the same."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of file. `stems`: file names that say so; `one_of`: columns of which at least one must be there."""

    name: str
    stems: tuple[str, ...]
    columns: tuple[Column, ...]
    one_of: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    def column(self, header: str) -> str | None:
        """The documented name of the column with this header; None: there is none."""
        return self._by_header.get(plain(header))

    def headers(self) -> list[str]:
        """Every header, plainly written, that some column of this kind answers to."""
        return list(self._by_header)

    @cached_property
    def _by_header(self) -> dict[str, str]:
        return {
            plain(alias): column.name for column in self.columns for alias in (column.name, *column.aliases)
        }


CUSTOMER = Column("customer", ("kunde", "phone", "telefon", "mobil", "email", "epost"), required=True)

KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            "staff",
            ("staff", "employees", "ansatte", "frisører"),
            (
                Column("name", ("staff", "employee", "navn", "ansatt", "frisør"), required=True),
                Column("services", ("tjenester", "behandlinger")),
                Column("active", ("aktiv",)),
            ),
        ),
        Kind(
            "services",
            ("services", "tjenester", "behandlinger"),
            (
                Column("name", ("service", "navn", "tjeneste", "behandling"), required=True),
                Column("duration", ("minutes", "varighet", "minutter"), required=True),
                Column("price", ("pris",)),
                Column("active", ("aktiv",)),
            ),
        ),
        Kind(
            "hours",
            ("hours", "openinghours", "åpningstider"),
            (
                Column("weekday", ("day", "ukedag", "dag"), required=True),
                Column("hours", ("open", "åpningstid", "åpningstider", "tider"), required=True),
            ),
        ),
        Kind(
            "customers",
            ("customers", "clients", "kunder"),
            (
                Column("name", ("customer", "navn", "kunde"), required=True),
                Column("phone", ("mobile", "telefon", "mobil", "telefonnummer", "mobilnummer")),
                Column("email", ("mail", "epost", "epostadresse")),
                Column("vip"),
                Column("consent", ("channels", "samtykke")),
            ),
            one_of=("phone", "email"),
        ),
        Kind(
            "bookings",
            ("bookings", "appointments", "timer", "avtaler", "bestillinger"),
            (
                CUSTOMER,
                Column("service", ("tjeneste", "behandling"), required=True),
                Column("staff", ("employee", "ansatt", "frisør", "hos"), required=True),
                Column("start", ("starts", "fra", "tid", "tidspunkt", "starttid"), required=True),
                Column("end", ("ends", "til", "slutt", "sluttid")),
                Column("duration", ("minutes", "varighet", "minutter")),
                Column("status"),
            ),
        ),
        Kind(
            "waitlist",
            ("waitlist", "waitinglist", "venteliste"),
            (
                CUSTOMER,
                Column("service", ("tjeneste", "behandling"), required=True),
                Column("latest", ("senest",), required=True),
                Column("earliest", ("tidligst",)),
                Column("staff", ("employee", "ansatt", "frisør", "hos")),
                Column("weekdays", ("days", "ukedager", "dager")),
                Column("from", ("fra", "fraklokken")),
                Column("until", ("til", "tilklokken")),
                Column("vip"),
                Column("priority", ("prioritet",)),
                Column("joined", ("registrert", "påmeldt")),
                Column("consent", ("channels", "samtykke")),
            ),
        ),
    )
}


def plain(text: str) -> str:
    """Letters and digits only, without case, so that spellings of one name compare equal."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text)).casefold()


def kind_of(stem: str, header: list[str]) -> Kind | None:
    """What a file is: its name's first word says so, or else its header does; None: neither does.

    A header says so when it has every column that the kind requires. Of several such kinds the one wins that knows
    the most of the columns.
    """
    stem = unicodedata.normalize("NFC", stem)  # Some systems write å in file names as two characters.
    first = plain(re.split(r"[\W\d_]+", stem, maxsplit=1)[0]) or plain(stem)
    for kind in KINDS.values():
        if first in map(plain, kind.stems) or plain(stem) in map(plain, kind.stems):
            return kind
    scores = {kind.name: _score(kind, header) for kind in KINDS.values()}
    best = max(scores.values())
    winners = [name for name, score in scores.items() if score == best]
    return KINDS[winners[0]] if best > 0 and len(winners) == 1 else None


def _score(kind: Kind, header: list[str]) -> int:
    found = {kind.column(one) for one in header} - {None}
    complete = found.issuperset(kind.required) and (not kind.one_of or not found.isdisjoint(kind.one_of))
    return len(found) if complete else 0
