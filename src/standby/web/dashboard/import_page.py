"""/app/import: a salon's book from CSV, looked at before anything is written, and as CSV again. No scripts.

What was sent is carried to the second step by the page itself, packed: nothing is kept before somebody says so.
"""

import asyncio
import base64
import binascii
import io
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, TypeAlias
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from standby.accounts.permissions import Permission
from standby.database.pool import Tx
from standby.exporting.book import export
from standby.importing.book import Book
from standby.importing.columns import KINDS
from standby.importing.known import known_book
from standby.importing.reading import read_contents
from standby.importing.writing import BookChanged, Counts, ImportReport, write_book
from standby.web.dashboard.visitor import Visitor, asks

router = APIRouter(prefix="/app", include_in_schema=False)

MOST_FILES: Final = 10
MOST: Final = 5_000_000  # bytes, of all files together
CARRIED: Final = 7_500_000  # of a field that carries them, packed and written in letters
SHOWN: Final = 200  # problems
Manager: TypeAlias = Annotated[Visitor, asks(Permission.PERSONAL_DATA)]


class Unseen(Exception):
    """Rolls back what was written to see what it would come to."""


@router.api_route("/import", methods=["GET", "HEAD"])
async def show_import(visitor: Manager) -> HTMLResponse:
    return _page(visitor)


@router.post("/import")
async def check(visitor: Manager, request: Request) -> Response:
    """What the files would come to. Nothing is written."""
    async with request.form(max_files=MOST_FILES, max_fields=10) as form:
        files = await _sent(form)
    if not files:
        return _page(visitor, problem="import.problem.none", status=422)
    if sum(map(len, files.values())) > MOST:
        return _page(visitor, problem="import.problem.large", status=413)
    book, report = await _tried(visitor, files)
    if report is None:
        return _page(visitor, problem="import.problem.changed", status=409)
    status = 422 if book.problems else 200
    return _page(visitor, book=book, report=report, carried=carried_of(files), status=status)


@router.post("/import/write")
async def write(visitor: Manager, request: Request) -> Response:
    """Writes what is good of it, all in one; sent again, it changes nothing more."""
    async with request.form(max_part_size=CARRIED) as form:
        files, skip = files_of(str(form.get("carried", ""))), form.get("skip") == "on"
    if not files:
        return _page(visitor, problem="import.problem.none", status=422)
    try:
        async with visitor.transaction() as tx:
            book = await _read(tx, visitor, files)
            if book.unusable or (book.problems and not skip):
                return _page(
                    visitor, book=book, carried=carried_of(files), problem="import.problem.skip", status=422
                )
            report = await _write(tx, book, visitor.web.clock())
    except BookChanged:
        return _page(visitor, problem="import.problem.changed", status=409)
    return _page(visitor, book=book, report=report, written=True)


@router.post("/export")
async def hand_out(visitor: Manager) -> Response:
    """The whole book; who asked for it stands in the audit log."""
    async with visitor.transaction() as tx:
        packed = await export(tx)
    name = f"{visitor.salon.slug}-{visitor.web.clock().astimezone(visitor.salon.zone):%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(packed, media_type="application/zip", headers=headers)


async def _tried(visitor: Visitor, files: Mapping[str, bytes]) -> tuple[Book, ImportReport | None]:
    """The book, and what writing it would do; None: somebody else changed it meanwhile."""
    book, report = None, None
    try:
        async with visitor.transaction() as tx:
            book = await _read(tx, visitor, files)
            report = await _write(tx, book, visitor.web.clock())
            raise Unseen
    except (Unseen, BookChanged):
        assert book is not None  # noqa: S101 - it was read before either
        return book, report


async def _read(tx: Tx, visitor: Visitor, files: Mapping[str, bytes]) -> Book:
    salon = visitor.salon
    return await asyncio.to_thread(
        read_contents,
        files,
        timezone=salon.zone,
        country=salon.country,
        now=visitor.web.clock(),
        known=await known_book(tx),
    )


async def _write(tx: Tx, book: Book, now: datetime) -> ImportReport:
    return await write_book(tx, book, now=now, progress=lambda _done, _total: None)


async def _sent(form: FormData) -> dict[str, bytes]:
    uploads = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    return {one.filename or "": await one.read() for one in uploads}


def carried_of(files: Mapping[str, bytes]) -> str:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return base64.b64encode(packed.getvalue()).decode()


def files_of(carried: str) -> dict[str, bytes]:
    """The files that a field carries; none, if it was damaged or tampered with."""
    try:
        with ZipFile(io.BytesIO(base64.b64decode(carried, validate=True))) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES or sum(one.file_size for one in entries) > MOST:
                return {}
            if any(one.compress_type != ZIP_DEFLATED for one in entries):  # We pack in no other way.
                return {}
            return {one.filename: archive.read(one) for one in entries}
    except (binascii.Error, zlib.error, BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError):
        return {}


def _page(
    visitor: Visitor,
    *,
    book: Book | None = None,
    report: ImportReport | None = None,
    carried: str = "",
    written: bool = False,
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    words = visitor.words
    problems: Sequence[Any] = book.problems if book else ()
    return visitor.page(
        "import.html",
        "import",
        status=status,
        kinds=[(kind.name, [column.name for column in kind.columns]) for kind in KINDS.values()],
        problems=[
            {
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "value": one.value,
                "reason": one.reason,
            }
            for one in problems[:SHOWN]
        ],
        count=len(problems),
        rows=len({(one.file, one.line) for one in problems}),
        notes=book.notes if book else [],
        unusable=book.unusable if book else [],
        counted=[_counted(kind, one, visitor) for kind, one in report.kinds.items()] if report else [],
        changed=report is not None and report.changed,
        opt_outs=report.opt_outs if report else 0,
        carried=carried,
        written=written,
        problem=words(problem) if problem else "",
    )


def _counted(kind: str, counts: Counts, visitor: Visitor) -> dict[str, Any]:
    return {"kind": visitor.words(f"import.kind.{kind}"), **vars(counts)}
