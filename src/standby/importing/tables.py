"""A CSV file's bytes, to records that know the line they begin on. Pure.

The delimiter is the one by which the header line names the most known columns: what follows it may be prose.
"""

import csv
import difflib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from standby.importing.book import Place, RowProblem
from standby.importing.columns import KINDS, Kind, kind_of, plain
from standby.importing.reasons import Because, Reason, joined

DELIMITERS: Final = (";", ",", "\t")
SHOWN: Final = 60  # characters of a cell that a report repeats


class Unreadable(Because):
    """A file can't be read as a table at all; the message says why and what to do."""


@dataclass(frozen=True)
class Record:
    """One record: where it begins, and its cells by the column's documented name, trimmed."""

    place: Place
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """One file: what kind it is, and its records. `headers`: documented column name → as the file writes it.

    Not `usable`: a column is missing, so there are no records.
    """

    name: str
    kind: Kind
    headers: dict[str, str]
    records: list[Record]
    problems: list[RowProblem]
    notes: list[Reason]
    usable: bool


def read_table(name: str, content: bytes) -> Table | RowProblem:
    """The table in a file, or the one reason why there is none."""
    try:
        lines = list(io.StringIO(_text(content), newline=""))
        first = (
            1 if lines and lines[0].lower().startswith("sep=") else 0
        )  # A spreadsheet's own note on delimiters.
        while first < len(lines) and not lines[first].strip(" ;,\t\r\n"):
            first += 1
        if first == len(lines):
            raise Unreadable("the file is empty; its first line must name the columns")
        delimiter = max(DELIMITERS, key=lambda one: _known_headers(lines[first], one))
        records = list(_records(name, lines[first:], first, delimiter))
        if not records:
            raise Unreadable("the first line must name the columns, but it is blank")
    except Unreadable as error:
        return RowProblem(name, 1, "", "", error.reason)
    if isinstance(records[0], RowProblem):
        return records[0]
    header_line, header = records[0]
    kind = kind_of(PurePath(name).stem, header)
    if kind is None:
        kinds = ", ".join(f"{kind.name} ({', '.join(kind.required)})" for kind in KINDS.values())
        return RowProblem(
            name, header_line, "", shown(delimiter.join(header)),
            Reason(
                "can't tell what this file holds; name it like bookings.csv, or give it the columns of one of: {kinds}",
                kinds=kinds,
            ),
        )  # fmt: skip
    return _table(name, kind, header_line, header, records[1:])


def _text(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("is no text in UTF-8 or Windows-1252; save it as CSV UTF-8")


def _known_headers(line: str, delimiter: str) -> tuple[int, int]:
    try:
        header = next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return 0, 0
    return max(sum(kind.column(one) is not None for one in header) for kind in KINDS.values()), len(header)


def _records(
    name: str, lines: list[str], skipped: int, delimiter: str
) -> Iterator[tuple[int, list[str]] | RowProblem]:
    """Every record that isn't blank, with the number of the line it begins on, or what is wrong with it."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = [" ".join(cell.split()) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield RowProblem(name, line, "", shown(lines[line - skipped - 1]), _quoting(str(error)))
            continue
        if any(cells):
            yield line, cells


def _quoting(error: str) -> Reason:
    if "unexpected end of data" in error:
        return Reason(
            "a quotation mark opens here and never closes, so the rest of the file can't be read; add the missing \""
        )
    if "field larger" in error:
        return Reason('a cell of this row is far too long; a quotation mark (") may be missing')
    return Reason('something follows a closing quotation mark; write a " inside of a quoted cell twice')


def _table(
    name: str,
    kind: Kind,
    header_line: int,
    header: list[str],
    found: list[tuple[int, list[str]] | RowProblem],
) -> Table:
    columns = [kind.column(one) for one in header]
    headers = {column: one for column, one in zip(columns, header, strict=True) if column is not None}
    problems, notes = _header_problems(Place(name, header_line), kind, header, headers)
    usable = headers.keys() >= set(kind.required) and (
        not kind.one_of or not headers.keys().isdisjoint(kind.one_of)
    )
    records = []
    for one in found if usable else []:
        if isinstance(one, RowProblem):
            problems.append(one)
            continue
        line, cells = one
        if any(cells[len(header) :]):
            problems.append(RowProblem(
                name, line, "", shown(cells[len(header)]),
                Reason(
                    "has {cells} cells, but there are {columns} columns; "
                    "put a cell that contains the delimiter in quotation marks",
                    cells=len(cells),
                    columns=len(header),
                ),
            ))  # fmt: skip
            continue
        cells += [""] * (len(header) - len(cells))
        named = {column: cell for column, cell in zip(columns, cells, strict=False) if column is not None}
        records.append(Record(Place(name, line), named))
    return Table(name, kind, headers, records, problems, notes, usable)


def _header_problems(
    place: Place, kind: Kind, header: list[str], headers: dict[str, str]
) -> tuple[list[RowProblem], list[Reason]]:
    """What is wrong with the header line, and the columns that nothing is known about."""
    hints = {one: _like(one, kind, headers) for one in header if one and kind.column(one) is None}
    missing = [one for one in kind.required if one not in headers]
    if kind.one_of and headers.keys().isdisjoint(kind.one_of):
        missing.append(" or ".join(kind.one_of))
    strangers: Reason | str = ""
    if hints:
        named = joined(Reason("'{header}'{hint}", header=one, hint=hint or "") for one, hint in hints.items())
        strangers = Reason("; unknown columns are {columns}", columns=named)
    found = [(one, Reason("this column is missing{strangers}", strangers=strangers)) for one in missing]
    if not missing:
        found += [
            (one, Reason("there is no such column{hint}", hint=hint)) for one, hint in hints.items() if hint
        ]
    for column in headers:
        same = [one for one in header if kind.column(one) == column]
        if len(same) > 1:
            form = "{count} columns mean {column}: {same}; keep one of them"
            reason = Reason(form, count=len(same), column=column, same=", ".join(same))
            found.append((same[-1], reason))
    problems = [RowProblem(place.file, place.line, column, "", reason) for column, reason in found]
    unused = [one for one, hint in hints.items() if not hint]
    return problems, [
        Reason("{file}: column '{header}' is not used", file=place.file, header=one) for one in unused
    ]


def _like(header: str, kind: Kind, headers: dict[str, str]) -> Reason | None:
    """A hint at the column that is probably meant, unless the file has it besides."""
    near = difflib.get_close_matches(plain(header), kind.headers(), n=1, cutoff=0.75)
    column = kind.column(near[0]) if near else None
    return Reason(" (did you mean {column}?)", column=column) if column and column not in headers else None


def shown(text: str) -> str:
    text = text.strip()
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
