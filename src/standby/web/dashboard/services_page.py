"""/app/services: what the salon offers. Managers change it; no scripts."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from standby.accounts.permissions import Permission
from standby.errors import NameTaken, ServiceNotFound
from standby.tenants import catalog
from standby.web.dashboard.back import back
from standby.web.dashboard.typed import NEW, Form, written
from standby.web.dashboard.visitor import Visitor, asks

router = APIRouter(prefix="/app/services", include_in_schema=False)

DONE: Final = ("added", "changed")
USUAL: Final = {"duration_minutes": "45", "buffer_before_minutes": "0", "buffer_after_minutes": "0"}
Reader: TypeAlias = Annotated[Visitor, asks(Permission.READ_SALON)]
Changer: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_SALON)]


@router.api_route("", methods=["GET", "HEAD"])
async def show_services(visitor: Reader, said: str = "") -> HTMLResponse:
    return await _page(visitor, said=said if said in DONE else "")


@router.post("")
async def add_service(visitor: Changer, request: Request) -> Response:
    form = Form.sent(NEW, await request.form(), visitor.words)
    typed = _read(form)
    if not form.problems:
        try:
            async with visitor.transaction() as tx:
                await catalog.add_service(
                    tx,
                    typed["name"],
                    typed["duration_minutes"],
                    typed["price"],
                    buffers=(typed["buffer_before_minutes"], typed["buffer_after_minutes"]),
                    now=visitor.web.clock(),
                )
        except NameTaken:
            form.wrong("name", "services.problem.taken")
    return await _page(visitor, form=form, status=422) if form.problems else back("services", "added")


@router.post("/{service_id}")
async def change_service(visitor: Changer, service_id: UUID, request: Request) -> Response:
    """An unticked `active` takes the service out of what can be booked and waited for."""
    form = Form.sent(str(service_id), await request.form(), visitor.words)
    changes = _read(form) | {"active": form["active"] == "on"}
    if not form.problems:
        try:
            async with visitor.transaction() as tx:
                await catalog.change_service(tx, service_id, changes)
        except NameTaken:
            form.wrong("name", "services.problem.taken")
        except ServiceNotFound:
            return back("services")
    return await _page(visitor, form=form, status=422) if form.problems else back("services", "changed")


def _read(form: Form) -> dict[str, Any]:
    """What was typed of a service; what is wrong with it is noted in the form."""
    return {
        "name": form.name("name"),
        "duration_minutes": form.number("duration_minutes", 5, 1440),
        "price": form.amount("price"),
        "buffer_before_minutes": form.number("buffer_before_minutes", 0, 240, empty=0),
        "buffer_after_minutes": form.number("buffer_after_minutes", 0, 240, empty=0),
    }


async def _page(
    visitor: Visitor, *, said: str = "", form: Form | None = None, status: int = 200
) -> HTMLResponse:
    async with visitor.transaction() as tx:
        rows = await catalog.services(tx)
    return visitor.page(
        "services.html",
        "services",
        status=status,
        services=[_shown(dict(row), visitor, form) for row in rows],
        new=form if form and form.key == NEW else Form(NEW, visitor.words, USUAL),
        currency=visitor.salon.currency,
        may_change=Permission.WRITE_SALON in visitor.permissions,
        said=said,
    )


def _shown(row: Mapping[str, Any], visitor: Visitor, sent: Form | None) -> dict[str, Any]:
    words, formats, key = visitor.words, visitor.formats, str(row["id"])
    told = [formats.duration(row["duration_minutes"])]
    if row["price"] is not None:
        told.append(formats.price(row["price"], visitor.salon.currency))
    told += [
        words(f"services.{name}", minutes=formats.duration(row[f"buffer_{name}_minutes"]))
        for name in ("before", "after")
        if row[f"buffer_{name}_minutes"]
    ]
    wrong = sent is not None and sent.key == key
    return {
        "id": row["id"],
        "name": row["name"],
        "active": row["active"],
        "told": " · ".join(told),
        "open": wrong,
        "form": sent if wrong else _held(row, visitor),
    }


def _held(row: Mapping[str, Any], visitor: Visitor) -> Form:
    typed = {
        name: str(row[name])
        for name in ("name", "duration_minutes", "buffer_before_minutes", "buffer_after_minutes")
    }
    typed |= {"price": written(row["price"]), "active": "on" if row["active"] else ""}
    return Form(str(row["id"]), visitor.words, typed)
