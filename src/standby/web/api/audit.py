"""/api/audit: who changed what."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field

from standby.tenants import audit
from standby.web.api.caller import GetCaller
from standby.web.api.fields import Moment, plain
from standby.web.api.forms import FormRoute
from standby.web.api.shapes import Page, View

router = APIRouter(prefix="/audit", tags=["audit"], route_class=FormRoute)


class WantedChanges(BaseModel):
    actor: Annotated[str, AfterValidator(plain)] | None = None
    entity: Annotated[str, AfterValidator(plain)] | None = Field(
        default=None, description="booking, entry, customer, service, policy, …"
    )
    entity_id: UUID | None = None
    at_from: Moment | None = None
    at_before: Moment | None = None


class ChangeView(View):
    id: int
    at: datetime
    actor: str
    address: str | None = Field(description="where the request came from; null: a command on the server")
    request_id: str | None
    action: Literal["create", "change", "delete", "export", "erase", "test"]
    entity: str
    entity_id: UUID | None = Field(description="null: there is one of its kind, or the fields say which")
    before: dict[str, Any] | None = Field(description="the fields that differ, as they were")
    after: dict[str, Any] | None


@router.get("")
async def list_changes(
    caller: GetCaller,
    wanted: Annotated[WantedChanges, Query()],
    cursor: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[ChangeView]:
    """What people changed, the newest first. What the waitlist does by itself is told by each entry's history."""
    chosen = audit.Wanted(**wanted.model_dump())
    async with caller.transaction() as tx:
        rows = await audit.page(tx, chosen, before=cursor, limit=limit + 1)
    shown = [ChangeView(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(items=shown, next_cursor=str(shown[-1].id) if more else None)
