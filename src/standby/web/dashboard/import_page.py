"""/app/import: a salon's book from CSV, looked at before anything is written, and as CSV again. No scripts of its own.

A worker does the work (importing/running.py), and the page says how far it is, to all who may see it. What was sent is
kept until it is imported, or a day.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from http import HTTPStatus
from typing import IO, Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from standby.accounts.permissions import Permission
from standby.exporting.book import count_rows, export
from standby.importing import imports
from standby.importing.columns import KINDS
from standby.importing.imports import Import
from standby.web.dashboard.back import back
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.words import import_reasons as why

router = APIRouter(prefix="/app", include_in_schema=False)

MOST_FILES: Final = 50  # a year each, say
MOST: Final = 5_000_000  # bytes, of all files together
LOOK_AGAIN: Final = 2  # seconds
IN_MEMORY: Final = 1_000_000  # bytes of an export; a larger one goes to a file that nobody else sees
PIECE: Final = 64_000  # bytes
Manager: TypeAlias = Annotated[Visitor, asks(Permission.PERSONAL_DATA)]


@router.api_route("/import", methods=["GET", "HEAD"])
async def show_import(visitor: Manager, said: str = "") -> HTMLResponse:
    return await _page(visitor, said="dropped" if said == "dropped" else "")


@router.post("/import")
async def check(visitor: Manager, request: Request) -> Response:
    """Has a worker look at what the files would come to. Nothing of them is in the book yet."""
    try:
        async with request.form(max_files=MOST_FILES, max_fields=10) as form:
            files = await _sent(form)
    except HTTPException as refused:
        too_large = refused.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return await _page(visitor, problem="large" if too_large else "many", status=refused.status_code)
    if not files:
        return await _page(visitor, problem="none", status=422)
    if sum(map(len, files.values())) > MOST:
        return await _page(visitor, problem="large", status=413)
    async with visitor.transaction() as tx:
        started = await imports.start(tx, files, visitor.author, now=visitor.web.clock())
    if started is None:
        return await _page(visitor, problem="runs", status=409)
    return back("import")


@router.post("/import/{import_id}/write")
async def write(visitor: Manager, import_id: UUID, request: Request) -> Response:
    """Has a worker write what is good of it, all in one; sent again, it changes nothing more."""
    skip, problem = (await request.form()).get("skip") == "on", ""
    async with visitor.transaction() as tx:
        found = await imports.find(tx)
        if found is None or found.id != import_id:
            problem = "gone"
        elif found.state == "checked" and not found.may_be_written(skip=skip):
            problem = "skip"
        elif found.state == "checked" and not await imports.order(
            tx, import_id, visitor.author, skip=skip, now=visitor.web.clock()
        ):
            problem = "gone"
    if problem:
        return await _page(visitor, problem=problem, status=422 if problem == "skip" else 409)
    return back("import")


@router.get("/import/{import_id}/{answered}")
async def shown_again(import_id: UUID, answered: str) -> Response:  # noqa: ARG001
    """Where a browser ends up that loads a form's answer again."""
    return back("import")


@router.post("/import/{import_id}/drop")
async def drop(visitor: Manager, import_id: UUID) -> Response:
    """Forgets what was sent; of an import that runs nothing is written."""
    async with visitor.transaction() as tx:
        dropped = await imports.drop(tx, import_id)
    return back("import", "dropped" if dropped else "")


@router.post("/export")
async def hand_out(visitor: Manager) -> Response:
    """The whole book; who asked for it stands in the audit log."""
    with ExitStack() as files:
        packed = files.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))
        async with visitor.transaction() as tx:
            await export(tx, packed)
        files.pop_all()  # From here on it is the answer's to close.
    name = f"{visitor.salon.slug}-{visitor.web.clock().astimezone(visitor.salon.zone):%Y-%m-%d}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(packed.tell()),  # The browser shows how far it is.
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_pieces(packed), media_type="application/zip", headers=headers)


def _pieces(packed: IO[bytes]) -> Iterator[bytes]:
    with packed:
        packed.seek(0)
        while piece := packed.read(PIECE):
            yield piece


async def _sent(form: FormData) -> dict[str, bytes]:
    uploads = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    files: dict[str, bytes] = {}
    for one in uploads:
        name = (one.filename or "").replace("\0", "")  # PostgreSQL, which the report is kept in, knows none.
        stem, dot, ending = name.rpartition(".")
        for number in range(2, len(uploads) + 2):
            if name not in files:
                break
            name = f"{stem} ({number}){dot}{ending}"
        files[name] = await one.read()
    return files


async def _page(visitor: Visitor, *, said: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    words = visitor.words
    async with visitor.transaction() as tx:
        found, held = await imports.find(tx), await count_rows(tx)
    return visitor.page(
        "import.html",
        "import",
        status=status,
        live_at="/app/import" if found and found.runs else "",
        kinds=[(kind.name, [column.name for column in kind.columns]) for kind in KINDS.values()],
        its=_shown(found, visitor) if found else None,
        again=LOOK_AGAIN,
        held=words(
            "import.export.holds",
            **{what: visitor.formats.number(count) for what, count in held.items()},
        ),
        said=words(f"import.said.{said}") if said else "",
        problem=words(f"import.problem.{problem}") if problem else "",
    )


def _shown(its: Import, visitor: Visitor) -> Mapping[str, Any]:
    words, number, told = visitor.words, visitor.formats.number, its.told
    far = ""
    if its.runs:
        far = words("import.reading")
        if its.total is not None:
            far = words("import.far", done=number(its.done), total=number(its.total))
    return {
        "id": its.id,
        "state": its.state,
        "runs": its.runs,
        "asked": visitor.moment(its.asked_at),
        "done": its.done,
        "total": its.total,
        "far": far,
        "begun_again": its.runs and its.attempts > 1,
        "why": told.get("why", ""),
        "kinds": [one | {"name": words(f"import.kind.{one['kind']}")} for one in told.get("kinds", ())],
        "changed": told.get("changed", False),
        "opt_outs": told.get("opt_outs", 0),
        "problems": [one | {"reason": why.said(one["reason"], words)} for one in told.get("problems", ())],
        "count": told.get("count", 0),
        "rows": told.get("rows", 0),
        "notes": [why.said(one, words) for one in told.get("notes", ())],
        "unusable": told.get("unusable", ()),
    }
