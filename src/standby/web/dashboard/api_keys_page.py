"""/app/api-keys: what the salon's programs call with. A new key is shown in the answer that makes it alone."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from standby.accounts import api_keys
from standby.accounts.permissions import FOR_KEYS, Permission, known
from standby.database.pool import new_id
from standby.errors import ApiKeyNotFound, ApiKeyThere, FieldProblem, Invalid
from standby.web.dashboard.visitor import Visitor, asks
from standby.web.reading import id_of

router = APIRouter(prefix="/app/api-keys", include_in_schema=False)

HERE: Final = "/app/api-keys"
SCOPES: Final = [one for one in Permission if one in FOR_KEYS]  # in the order of the table
Owner: TypeAlias = Annotated[Visitor, asks(Permission.WRITE_KEYS)]
Typed = Annotated[str, Form()]


@router.api_route("", methods=["GET", "HEAD"])
async def show_keys(visitor: Owner, said: str = "") -> HTMLResponse:
    return await _page(visitor, said="revoked" if said == "revoked" else "")


@router.post("")
async def make_key(
    visitor: Owner,
    name: Typed = "",
    scopes: Annotated[list[str] | None, Form()] = None,
    ends: Typed = "",
    form: Typed = "",
) -> HTMLResponse:
    """`ends`: the last day on which the key is good; "" for as long as it isn't revoked. The same `form` makes one key,
    however often it is sent.
    """
    problems, ends_at = [], None
    try:
        ends_at = _end_of(ends.strip(), visitor)
    except (ValueError, OverflowError):
        problems.append(FieldProblem("ends_at", "is no day"))
    wanted, by, now = known(scopes or ()), visitor.session.actor, visitor.web.clock()
    try:
        async with visitor.transaction() as tx:
            made = await api_keys.make(
                tx, name, sorted(wanted), ends_at=ends_at, by=by, now=now, key_id=id_of(form)
            )
            if problems:
                raise Invalid([])  # What has been done so far is undone.
    except ApiKeyThere:
        return await _page(visitor, status=409, problem=visitor.words("keys.problem.again"))
    except Invalid as invalid:
        said = {one.field: visitor.words(f"keys.problem.{one.field}") for one in problems + invalid.problems}
        typed: dict[str, Any] = {"name": name, "ends": ends, "scopes": wanted}
        return await _page(visitor, status=422, problems=said, typed=typed)
    return await _page(visitor, made=made.key)


@router.post("/{key_id}/revoke")
async def revoke(visitor: Owner, key_id: UUID) -> Response:
    try:
        async with visitor.transaction() as tx:
            await api_keys.revoke(tx, key_id)
    except ApiKeyNotFound:  # Somebody was faster.
        return RedirectResponse(HERE, status_code=303)
    return RedirectResponse(f"{HERE}?said=revoked", status_code=303)


async def _page(
    visitor: Visitor,
    *,
    status: int = 200,
    said: str = "",
    made: str = "",
    problem: str = "",
    problems: dict[str, str] | None = None,
    typed: dict[str, Any] | None = None,
) -> HTMLResponse:
    async with visitor.transaction() as tx:
        rows = await api_keys.all_of(tx)
    now, words = visitor.web.clock(), visitor.words
    return visitor.page(
        "api_keys.html",
        "api-keys",
        status=status,
        keys=[
            {
                "id": row["id"],
                "name": row["name"],
                "prefix": row["prefix"],
                "scopes": [words(f"scope.{one}") if one in FOR_KEYS else one for one in row["scopes"]],
                "made": visitor.moment(row["created_at"]),
                "used": visitor.moment(row["last_used_at"]) if row["last_used_at"] else words("keys.never"),
                "ends": _told_end(row["ends_at"], now, visitor),
            }
            for row in rows
        ],
        scopes=[one.value for one in SCOPES],
        said=said,
        made=made,
        problem=problem,
        form=new_id(),
        problems=problems or {},
        typed={"name": "", "ends": "", "scopes": frozenset()} | (typed or {}),
    )


def _told_end(ends_at: datetime | None, now: datetime, visitor: Visitor) -> str:
    if ends_at is None:
        return visitor.words("keys.no_end")
    return visitor.words("keys.over" if ends_at <= now else "keys.ends", ends=visitor.moment(ends_at))


def _end_of(day: str, visitor: Visitor) -> datetime | None:
    """The moment after the last of that day, in the salon. Raises ValueError."""
    if not day:
        return None
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), visitor.salon.zone)
